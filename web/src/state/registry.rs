//! One signal per record, one set of ids per kind, one signal for the links.
//!
//! After a change only the signals of touched records are set, and of those only the ones that really differ. A signal
//! exists from when somebody first asks for it; a record nobody looks at costs nothing.

use super::touches::{Touch, Touches};
use ids::RecordId;
use leptos::prelude::*;
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    sync::Arc,
};
use workspace::{Edges, Kind, Record, RecordRef, View, ViewDelta};

/// The signals of one document.
#[derive(Default)]
pub(super) struct Registry {
    records: RefCell<BTreeMap<RecordRef, ArcRwSignal<Option<Arc<Record>>>>>,
    kinds: RefCell<BTreeMap<Kind, Members>>,
    edges: ArcRwSignal<Arc<Edges>>,
    touches: Rc<Touches>,
}

/// The ids of one kind.
#[derive(Default)]
struct Members {
    live: ArcRwSignal<Arc<BTreeSet<RecordId>>>,
    deleted: ArcRwSignal<Arc<BTreeSet<RecordId>>>,
}

impl Registry {
    /// The record, now and after every change; `None` while there is none of that name. `now` is asked only when the
    /// signal is made.
    pub(super) fn record(
        &self,
        record: RecordRef,
        now: impl FnOnce() -> Option<Arc<Record>>,
    ) -> ArcReadSignal<Option<Arc<Record>>> {
        let known = self.records.borrow().get(&record).cloned();
        let signal = known.unwrap_or_else(|| {
            let signal = ArcRwSignal::new(now());
            self.records.borrow_mut().insert(record, signal.clone());
            signal
        });
        signal.read_only()
    }

    /// The ids of the records of a kind that are not deleted, by birth.
    pub(super) fn live(&self, kind: Kind) -> ArcReadSignal<Arc<BTreeSet<RecordId>>> {
        self.kinds.borrow_mut().entry(kind).or_default().live.read_only()
    }

    /// The ids of the deleted records of a kind.
    pub(super) fn deleted(&self, kind: Kind) -> ArcReadSignal<Arc<BTreeSet<RecordId>>> {
        self.kinds.borrow_mut().entry(kind).or_default().deleted.read_only()
    }

    /// All links.
    pub(super) fn edges(&self) -> ArcReadSignal<Arc<Edges>> {
        self.edges.read_only()
    }

    /// Who touched the record a moment ago.
    pub(super) fn touch(&self, record: RecordRef) -> ArcReadSignal<Option<Arc<Touch>>> {
        self.touches.of(record)
    }

    /// The document is here, or was built again.
    pub(super) fn replace(&self, view: &View) {
        let records: Vec<RecordRef> = self.records.borrow().keys().copied().collect();
        for record in records {
            self.refresh(view, record);
        }
        for kind in Kind::ALL.iter().copied() {
            self.recount(view, kind);
        }
        self.edges.set(Arc::new(view.edges().clone()));
    }

    /// Parts of the document are different.
    pub(super) fn update(&self, view: &View, delta: &ViewDelta) {
        for record in &delta.touched {
            self.refresh(view, *record);
            self.place(view, *record);
        }
        for kind in &delta.collections {
            let records: Vec<RecordRef> =
                self.records.borrow().keys().filter(|record| record.kind == *kind).copied().collect();
            for record in records {
                self.refresh(view, record);
            }
            self.recount(view, *kind);
        }
        if delta.all_edges || !delta.edges.is_empty() {
            self.edges.set(Arc::new(view.edges().clone()));
        }
        self.touches.mark(delta);
    }

    /// Sets the signal of `record`, if there is one and it shows something else.
    fn refresh(&self, view: &View, record: RecordRef) {
        let Some(signal) = self.records.borrow().get(&record).cloned() else { return };
        let fresh = view.record(record).cloned();
        let differs = signal.with_untracked(|shown| *shown != fresh);
        if differs {
            signal.set(fresh);
        }
    }

    /// Puts the id of `record` where it belongs among its kind.
    fn place(&self, view: &View, record: RecordRef) {
        let found = view.record(record);
        let (is_live, is_deleted) =
            (found.is_some_and(|found| !found.is_deleted()), found.is_some_and(|found| found.is_deleted()));
        let mut kinds = self.kinds.borrow_mut();
        let members = kinds.entry(record.kind).or_default();
        let (live, deleted) = (members.live.clone(), members.deleted.clone());
        drop(kinds);
        set_membership(&live, record.id, is_live);
        set_membership(&deleted, record.id, is_deleted);
    }

    /// Takes the ids of a kind anew.
    fn recount(&self, view: &View, kind: Kind) {
        let (deleted, live): (Vec<_>, Vec<_>) = view.all(kind).partition(|record| record.is_deleted());
        let mut kinds = self.kinds.borrow_mut();
        let members = kinds.entry(kind).or_default();
        let signals = [(members.live.clone(), live), (members.deleted.clone(), deleted)];
        drop(kinds);
        for (signal, records) in signals {
            let fresh: BTreeSet<RecordId> = records.into_iter().map(|record| record.id).collect();
            if signal.with_untracked(|shown| **shown != fresh) {
                signal.set(Arc::new(fresh));
            }
        }
    }
}

fn set_membership(signal: &ArcRwSignal<Arc<BTreeSet<RecordId>>>, id: RecordId, is_member: bool) {
    if signal.with_untracked(|shown| shown.contains(&id)) == is_member {
        return;
    }
    signal.update(|shown| {
        let shown = Arc::make_mut(shown);
        if is_member {
            shown.insert(id);
        } else {
            shown.remove(&id);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::{ActorId, MemberId, Timestamp};
    use leptos::reactive::{computed::ArcMemo, owner::Owner};
    use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use workspace::{Act, Author, Edge, Edit, Field, Relation};

    /// A document, its view and a registry that follows it.
    struct World {
        document: automerge::Automerge,
        view: View,
        registry: Registry,
        rng: ChaCha8Rng,
        _owner: Owner,
    }

    impl World {
        fn new() -> Self {
            let owner = Owner::new();
            owner.set();
            let document = workspace::new_document(&ActorId::new([1; 16])).unwrap();
            let view = View::read(&document);
            let registry = Registry::default();
            registry.replace(&view);
            Self { document, view, registry, rng: ChaCha8Rng::seed_from_u64(1), _owner: owner }
        }

        fn act(&mut self, edits: Vec<Edit>) {
            let author = Author { member: MemberId(RecordId::from_bits(1)), device_label: "test".into() };
            let act = Act::new("test.act", edits);
            let now = Timestamp::from_millis(1_000);
            let applied = workspace::apply(&mut self.document, &author, now, &mut self.rng, &act).unwrap();
            self.view.update(&self.document, &applied.delta);
            self.registry.update(&self.view, &applied.delta);
        }

        fn goal(&mut self, bits: u128) -> RecordRef {
            let record = RecordRef::new(Kind::Goal, RecordId::from_bits(bits));
            self.act(vec![Edit::Create { record, fields: vec![(Field::Title, "Goal".into())] }]);
            record
        }

        fn title(&self, record: RecordRef) -> Counted<String> {
            let signal = self.registry.record(record, || self.view.record(record).cloned());
            Counted::of(move || signal.get().map(|record| record.title().to_owned()).unwrap_or_default())
        }
    }

    /// A reader that counts how often it was woken.
    struct Counted<T: Send + Sync + 'static> {
        memo: ArcMemo<T>,
        runs: Arc<AtomicUsize>,
    }

    impl<T: Clone + PartialEq + Send + Sync + 'static> Counted<T> {
        fn of(read: impl Fn() -> T + Send + Sync + 'static) -> Self {
            let runs = Arc::new(AtomicUsize::new(0));
            let counter = runs.clone();
            let memo = ArcMemo::new(move |_| {
                counter.fetch_add(1, Ordering::Relaxed);
                read()
            });
            Self { memo, runs }
        }

        fn now(&self) -> (T, usize) {
            (self.memo.get(), self.runs.load(Ordering::Relaxed))
        }
    }

    fn set_title(record: RecordRef, title: &str) -> Edit {
        Edit::Set { record, field: Field::Title, value: Some(title.into()) }
    }

    #[test]
    fn only_the_signals_of_touched_records_are_set() {
        let mut world = World::new();
        let (one, two) = (world.goal(11), world.goal(12));
        let (title_one, title_two) = (world.title(one), world.title(two));
        let live = world.registry.live(Kind::Goal);
        let ids = Counted::of(move || live.get().len());
        assert_eq!(
            (title_one.now(), title_two.now(), ids.now()),
            (("Goal".into(), 1), ("Goal".into(), 1), (2, 1))
        );
        world.act(vec![set_title(one, "Renamed")]);
        assert_eq!(title_one.now(), ("Renamed".into(), 2));
        assert_eq!(title_two.now(), ("Goal".into(), 1), "not woken");
        assert_eq!(ids.now(), (2, 1), "not woken");
    }

    #[test]
    fn a_record_asked_for_before_it_exists_appears() {
        let mut world = World::new();
        let record = RecordRef::new(Kind::Goal, RecordId::from_bits(21));
        let title = world.title(record);
        assert_eq!(title.now(), (String::new(), 1));
        world.goal(21);
        assert_eq!(title.now(), ("Goal".into(), 2));
    }

    #[test]
    fn deleting_moves_the_id_and_restoring_brings_it_back() {
        let mut world = World::new();
        let record = world.goal(31);
        let (live, deleted) = (world.registry.live(Kind::Goal), world.registry.deleted(Kind::Goal));
        let both =
            || (live.get_untracked().contains(&record.id), deleted.get_untracked().contains(&record.id));
        assert_eq!(both(), (true, false));
        world.act(vec![Edit::Delete { record, reason: String::new() }]);
        assert_eq!(both(), (false, true));
        world.act(vec![Edit::Restore { record }]);
        assert_eq!(both(), (true, false));
    }

    #[test]
    fn links_wake_whoever_reads_links() {
        let mut world = World::new();
        let goal = world.goal(41);
        let objective = RecordRef::new(Kind::Objective, RecordId::from_bits(42));
        world.act(vec![Edit::Create { record: objective, fields: vec![(Field::Title, "Objective".into())] }]);
        let edges = world.registry.edges();
        let count = Counted::of(move || edges.get().len());
        assert_eq!(count.now(), (0, 1));
        world.act(vec![set_title(goal, "Other")]);
        assert_eq!(count.now(), (0, 1), "not woken");
        world.act(vec![Edit::Link(Edge::new(Relation::Serves, objective, goal))]);
        assert_eq!(count.now(), (1, 2));
    }

    #[test]
    fn a_new_document_replaces_everything_and_wakes_only_what_differs() {
        let mut world = World::new();
        let record = world.goal(51);
        let title = world.title(record);
        assert_eq!(title.now(), ("Goal".into(), 1));
        world.registry.replace(&world.view);
        assert_eq!(title.now(), ("Goal".into(), 1), "the same document again");
        let empty = View::read(&workspace::new_document(&ActorId::new([2; 16])).unwrap());
        world.registry.replace(&empty);
        assert_eq!(title.now(), (String::new(), 2));
        assert!(world.registry.live(Kind::Goal).get_untracked().is_empty());
    }
}
