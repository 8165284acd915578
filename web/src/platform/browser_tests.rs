//! What only a browser can show of this room: a driver over a real database, two tabs, turns and timers. There is no
//! relay here, so every driver is offline.

use super::{
    chance::Chance,
    clock::{self, Timer},
    driver::{Driver, Screen},
    tabs::{self, Tabs},
};
use bytes::Bytes;
use client::{ConnectionState, Event, OpenReport, People, Settings, Status};
use ids::{DocumentId, Heads, MemberId, RecordId, WorkspaceId};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use store::ChunkStore;
use store_idb::IdbStore;
use wasm_bindgen_test::*;
use workspace::{Act, Author, Edit, Field, Kind, RecordRef, View, ViewDelta};

wasm_bindgen_test_configure!(run_in_browser);

/// Remembers what it was told.
#[derive(Default)]
struct Told {
    opened: RefCell<Option<OpenReport>>,
    status: RefCell<Option<Status>>,
    changes: Cell<usize>,
}

struct Listener(Rc<Told>);

impl Screen for Listener {
    fn opened(&self, _: &View, report: &OpenReport) {
        *self.0.opened.borrow_mut() = Some(report.clone());
    }
    fn changed(&self, _: &View, _: &ViewDelta) {
        self.0.changes.set(self.0.changes.get() + 1);
    }
    fn status(&self, status: &Status, _: Option<&Heads>) {
        *self.0.status.borrow_mut() = Some(status.clone());
    }
    fn people(&self, _: &People) {}
}

/// A tab: a driver and what it told.
struct Tab {
    driver: Rc<Driver>,
    told: Rc<Told>,
}

fn tab(document: DocumentId, store: IdbStore) -> Tab {
    let told = Rc::new(Told::default());
    let settings = Settings {
        document,
        author: Author { member: MemberId(RecordId::from_bits(1)), device_label: "test".into() },
        member_name: "Ada".into(),
        device: "browser-test".parse().unwrap(),
        storage: "browser-test".parse().unwrap(),
        relay_heads: None,
        online: true,
    };
    let driver =
        Driver::start(settings, WorkspaceId::random(&mut Chance), store, Listener(told.clone())).unwrap();
    Tab { driver, told }
}

impl Tab {
    fn status(&self) -> Option<Status> {
        self.told.status.borrow().clone()
    }

    async fn is_open(&self) {
        until("the document is open", || self.told.opened.borrow().is_some()).await;
    }

    fn add_goal(&self, title: &str) -> RecordRef {
        let record = RecordRef::new(Kind::Goal, RecordId::new(clock::now(), &mut Chance));
        let fields = vec![(Field::Title, title.into())];
        self.driver.edit(&Act::one("goal.add", Edit::Create { record, fields })).unwrap();
        record
    }

    fn has(&self, record: RecordRef) -> bool {
        self.driver.read(|replica| replica.view().record(record).is_some())
    }
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if holds() {
            return;
        }
        clock::sleep(10).await;
    }
    panic!("waited in vain: {what}");
}

fn database() -> IdbStore {
    IdbStore::named(&format!("driver-{}-{}", js_sys::Date::now(), js_sys::Math::random()))
}

#[wasm_bindgen_test]
async fn an_edit_is_shown_at_once_and_saved_here_only_when_it_is() {
    let (document, store) = (DocumentId::random(&mut Chance), database());
    let tab = tab(document, store.clone());
    tab.is_open().await;
    let record = tab.add_goal("Fewer surprises");
    assert!(tab.has(record) && tab.told.changes.get() == 1, "in the same call");
    assert!(!tab.status().unwrap().saved_here, "the transaction cannot have completed yet");
    until("it is saved here", || tab.status().unwrap().saved_here).await;
    assert_eq!(store.load(document).await.unwrap().chunks.len(), 1);
    assert!(!tab.status().unwrap().on_relay, "there is no relay");
    assert_ne!(tab.status().unwrap().connection, ConnectionState::Online);
}

#[wasm_bindgen_test]
async fn a_page_that_is_closed_in_the_same_task_has_written() {
    let (document, store) = (DocumentId::random(&mut Chance), database());
    let first = tab(document, store.clone());
    first.is_open().await;
    let record = first.add_goal("Last words");
    first.driver.feed(Event::Leave);
    // The microtasks of the current task are all that a page being closed still has.
    wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&wasm_bindgen::JsValue::NULL))
        .await
        .unwrap();
    drop(first);
    store.close();
    let second = tab(document, store);
    second.is_open().await;
    assert!(second.has(record));
}

#[wasm_bindgen_test]
async fn a_second_tab_follows_without_a_relay() {
    let (document, store) = (DocumentId::random(&mut Chance), database());
    let (one, two) = (tab(document, store.clone()), tab(document, store.clone()));
    one.is_open().await;
    two.is_open().await;
    let (from_one, from_two) = (one.add_goal("From the first"), two.add_goal("From the second"));
    until("both have both", || one.has(from_two) && two.has(from_one)).await;
    until("both know that all is saved", || {
        [&one, &two].iter().all(|tab| tab.status().is_some_and(|status| status.saved_here))
    })
    .await;
    let third = tab(document, store);
    third.is_open().await;
    assert!(third.has(from_one) && third.has(from_two));
}

#[wasm_bindgen_test]
async fn documents_of_one_browser_do_not_meet() {
    let store = database();
    let (one, two) =
        (tab(DocumentId::random(&mut Chance), store.clone()), tab(DocumentId::random(&mut Chance), store));
    one.is_open().await;
    two.is_open().await;
    let record = one.add_goal("Ours alone");
    until("it is saved here", || one.status().unwrap().saved_here).await;
    clock::sleep(100).await;
    assert!(!two.has(record));
    assert_eq!(two.told.changes.get(), 0);
}

#[wasm_bindgen_test]
async fn a_tab_hears_the_others_and_not_itself() {
    let document = DocumentId::random(&mut Chance);
    let heard: Rc<RefCell<Vec<(u8, Bytes)>>> = Rc::default();
    let join = |name: u8| {
        let heard = heard.clone();
        Tabs::join(document, move |bytes| heard.borrow_mut().push((name, bytes)))
    };
    let (one, _two) = (join(1), join(2));
    one.say(&Bytes::from_static(b"hello"));
    until("the other has heard", || !heard.borrow().is_empty()).await;
    clock::sleep(50).await;
    assert_eq!(*heard.borrow(), [(2, Bytes::from_static(b"hello"))]);
}

#[wasm_bindgen_test]
async fn one_tab_at_a_time_has_its_turn() {
    let name = format!("turn-{}", js_sys::Math::random());
    let held = Rc::new(RefCell::new(None));
    let keep = held.clone();
    tabs::take_turn(&name, move |turn| *keep.borrow_mut() = Some(turn));
    until("the first has its turn", || held.borrow().is_some()).await;
    let second = Rc::new(Cell::new(false));
    let ran = second.clone();
    tabs::take_turn(&name, move |_| ran.set(true));
    clock::sleep(100).await;
    assert!(!second.get(), "the turn is taken");
    held.borrow_mut().take();
    clock::sleep(20).await;
    let ran = second.clone();
    tabs::take_turn(&name, move |_| ran.set(true));
    until("the turn is free again", || second.get()).await;
}

#[wasm_bindgen_test]
async fn a_dropped_timer_never_runs() {
    let runs = Rc::new(Cell::new(0));
    let count = || {
        let runs = runs.clone();
        move || runs.set(runs.get() + 1)
    };
    drop(Timer::after(1, count()));
    let kept = Timer::after(1, count());
    until("the kept one has run", || runs.get() == 1).await;
    clock::sleep(30).await;
    assert_eq!(runs.get(), 1);
    drop(kept);
}
