//! The laws of every chunk store, and what only a browser can do to one, in headless Chromium.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy does not know wasm_bindgen_test as a test")]

use ids::DocumentId;
use js_sys::{Array, Promise, Uint8Array};
use std::cell::Cell;
use store::{
    Batch, Chunk, ChunkKey, ChunkKind, ChunkStore, Corruption,
    conformance::{self, TestStore, Troubled, Verdict},
};
use store_idb::{IdbStore, schema};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::*;
use web_sys::{IdbDatabase, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

wasm_bindgen_test_configure!(run_in_browser);

/// Databases with names that no other test and no earlier run has used.
#[derive(Default)]
struct Browser {
    opened: Cell<u32>,
}

impl Browser {
    fn name(&self, test: &str) -> String {
        self.opened.set(self.opened.get() + 1);
        format!("{test}-{}-{}", js_sys::Date::now(), js_sys::Math::random())
    }
}

impl TestStore for Browser {
    type Store = NamedStore;

    async fn fresh(&self) -> NamedStore {
        NamedStore::open(&self.name("conformance")).await
    }

    async fn again(&self, store: &NamedStore) -> NamedStore {
        NamedStore::open(&store.name).await
    }

    async fn overwrite(&self, store: &NamedStore, key: &ChunkKey, stored: &[u8]) {
        let database = raw_open(&store.name).await;
        let transaction =
            database.transaction_with_str_and_mode(schema::CHUNKS, IdbTransactionMode::Readwrite).unwrap();
        let js_key = Array::of3(
            &key.document.to_string().into(),
            &f64::from(key.kind.to_byte()).into(),
            &hex::encode(key.hash).into(),
        );
        let request = transaction
            .object_store(schema::CHUNKS)
            .unwrap()
            .put_with_key(&Uint8Array::from(stored), &js_key)
            .unwrap();
        finished(&request).await;
        database.close();
    }
}

impl Troubled for Browser {
    /// A page cannot use up what the browser would give it; it can say what the browser would say.
    async fn fill_up(&self, _: &NamedStore, is_full: bool) {
        js_sys::Function::new_with_args(
            "is_full",
            "const of = IDBObjectStore.prototype;
             of.really ??= of.put;
             of.put = is_full
                 ? () => { throw new DOMException('Encountered full disk', 'QuotaExceededError') }
                 : of.really;",
        )
        .call1(&JsValue::NULL, &is_full.into())
        .unwrap();
    }

    async fn fail_next(&self, _: &NamedStore) {
        // Once costs a retry and no answer.
        break_writes(2);
    }
}

/// A store that knows the name of its database, so that a second handle can be made.
struct NamedStore {
    name: String,
    store: IdbStore,
}

impl NamedStore {
    async fn open(name: &str) -> Self {
        Self { name: name.to_owned(), store: IdbStore::open(name).await.unwrap() }
    }
}

impl ChunkStore for NamedStore {
    async fn apply(&self, batch: Batch) -> Result<(), store::StoreError> {
        self.store.apply(batch).await
    }
    async fn load(&self, document: DocumentId) -> Result<store::Loaded, store::StoreError> {
        self.store.load(document).await
    }
    async fn list(&self, document: DocumentId) -> Result<Vec<(ChunkKey, u64)>, store::StoreError> {
        self.store.list(document).await
    }
    async fn documents(&self) -> Result<Vec<DocumentId>, store::StoreError> {
        self.store.documents().await
    }
}

fn held(verdict: Verdict) {
    if let Err(broken) = verdict {
        panic!("{broken}");
    }
}

#[wasm_bindgen_test]
async fn nothing_is_an_empty_document() {
    held(conformance::nothing_is_an_empty_document(&Browser::default()).await);
}

#[wasm_bindgen_test]
async fn puts_are_idempotent() {
    held(conformance::puts_are_idempotent(&Browser::default()).await);
}

#[wasm_bindgen_test]
async fn acknowledged_is_loaded() {
    held(conformance::acknowledged_is_loaded(&Browser::default(), 2).await);
}

#[wasm_bindgen_test]
async fn deletes_only_what_was_loaded() {
    held(conformance::deletes_only_what_was_loaded(&Browser::default()).await);
}

#[wasm_bindgen_test]
async fn batches_stand_or_fall_together() {
    held(conformance::batches_stand_or_fall_together(&Browser::default()).await);
}

#[wasm_bindgen_test]
async fn documents_are_isolated() {
    held(conformance::documents_are_isolated(&Browser::default()).await);
}

#[wasm_bindgen_test]
async fn damage_is_reported() {
    held(conformance::damage_is_reported(&Browser::default()).await);
}

#[wasm_bindgen_test]
async fn any_damage_is_reported() {
    held(conformance::any_damage_is_reported(&Browser::default(), 40).await);
}

#[wasm_bindgen_test]
async fn compactors_keep_the_union() {
    held(conformance::compactors_keep_the_union(&Browser::default(), 4).await);
}

#[wasm_bindgen_test]
async fn full_refuses_and_loses_nothing() {
    held(conformance::full_refuses_and_loses_nothing(&Browser::default(), 4).await);
}

#[wasm_bindgen_test]
async fn failed_is_whole_or_nothing() {
    held(conformance::failed_is_whole_or_nothing(&Browser::default(), 4).await);
}

const DOCUMENT: DocumentId = DocumentId::from_bytes([3; 16]);

fn chunk(text: &'static str) -> Chunk {
    Chunk::new(DOCUMENT, ChunkKind::Incremental, text.as_bytes())
}

#[wasm_bindgen_test]
async fn a_database_deleted_under_an_open_tab_is_made_again() {
    let name = Browser::default().name("deleted");
    let store = IdbStore::open(&name).await.unwrap();
    store.apply(Batch::put([chunk("before")])).await.unwrap();
    // Finishes only because the open connection gives way.
    finished(&factory().delete_database(&name).unwrap()).await;
    store.apply(Batch::put([chunk("after")])).await.unwrap();
    assert_eq!(store.load(DOCUMENT).await.unwrap().chunks, [chunk("after")]);
}

#[wasm_bindgen_test]
async fn a_handle_whose_connection_was_closed_opens_it_again() {
    let store = IdbStore::open(&Browser::default().name("closed")).await.unwrap();
    store.apply(Batch::put([chunk("one")])).await.unwrap();
    store.close();
    store.apply(Batch::put([chunk("two")])).await.unwrap();
    assert_eq!(store.load(DOCUMENT).await.unwrap().chunks.len(), 2);
}

#[wasm_bindgen_test]
async fn a_write_begun_before_closing_is_kept() {
    let name = Browser::default().name("hidden");
    let store = IdbStore::open(&name).await.unwrap();
    let writing = store.clone();
    wasm_bindgen_futures::spawn_local(async move {
        writing.apply(Batch::put([chunk("last words")])).await.unwrap();
    });
    // One turn of the microtasks: what a page does in an event handler, and then never runs again.
    JsFuture::from(Promise::resolve(&JsValue::NULL)).await.unwrap();
    store.close();
    let later = IdbStore::open(&name).await.unwrap();
    assert_eq!(later.load(DOCUMENT).await.unwrap().chunks, [chunk("last words")]);
}

/// Makes the next `times` write transactions of any database fail as a restarting storage service makes them fail.
fn break_writes(times: u32) {
    js_sys::Function::new_with_args(
        "times",
        "const of = IDBDatabase.prototype, real = of.transaction;
         of.transaction = function (...asked) {
             if (times > 0 && asked[1] === 'readwrite') {
                 times -= 1;
                 throw new DOMException('Internal error opening backing store', 'UnknownError');
             }
             of.transaction = real;
             return real.apply(this, asked);
         };",
    )
    .call1(&JsValue::NULL, &times.into())
    .unwrap();
}

#[wasm_bindgen_test]
async fn one_lost_connection_costs_a_retry_and_a_broken_disk_an_error() {
    let store = IdbStore::open(&Browser::default().name("lost")).await.unwrap();
    break_writes(1);
    store.apply(Batch::put([chunk("one")])).await.unwrap();
    break_writes(2);
    let refused = store.apply(Batch::put([chunk("two")])).await;
    assert!(
        matches!(&refused, Err(store::StoreError::Io { cause, .. }) if cause.contains("UnknownError")),
        "{refused:?}"
    );
    assert_eq!(store.load(DOCUMENT).await.unwrap().chunks, [chunk("one")]);
    store.apply(Batch::put([chunk("two")])).await.unwrap();
}

#[wasm_bindgen_test]
async fn a_database_of_a_later_program_is_left_alone() {
    let name = Browser::default().name("later");
    let request = factory().open_with_u32(&name, 7).unwrap();
    finished(&request).await;
    request.result().unwrap().unchecked_into::<IdbDatabase>().close();
    match IdbStore::open(&name).await {
        Err(store::StoreError::Format { found, known, .. }) => {
            assert_eq!((found, known), (7, schema::VERSION))
        }
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
async fn what_is_not_bytes_is_reported_as_damage() {
    let name = Browser::default().name("damage");
    let store = IdbStore::open(&name).await.unwrap();
    let kept = chunk("kept");
    let database = raw_open(&name).await;
    let transaction =
        database.transaction_with_str_and_mode(schema::CHUNKS, IdbTransactionMode::Readwrite).unwrap();
    let chunks = transaction.object_store(schema::CHUNKS).unwrap();
    let key = Array::of3(&DOCUMENT.to_string().into(), &1.into(), &hex::encode(kept.key().hash).into());
    finished(&chunks.put_with_key(&"not bytes".into(), &key).unwrap()).await;
    // A key of a kind that no version of today knows is none of our business.
    let later = Array::of3(&DOCUMENT.to_string().into(), &9.into(), &hex::encode([9; 32]).into());
    finished(
        &database
            .transaction_with_str_and_mode(schema::CHUNKS, IdbTransactionMode::Readwrite)
            .unwrap()
            .object_store(schema::CHUNKS)
            .unwrap()
            .put_with_key(&Uint8Array::new_with_length(3), &later)
            .unwrap(),
    )
    .await;
    let loaded = store.load(DOCUMENT).await.unwrap();
    assert_eq!(loaded.chunks, []);
    assert_eq!(loaded.corrupt.iter().map(|corrupt| corrupt.why).collect::<Vec<_>>(), [Corruption::Empty]);
    store.apply(Batch::put([kept.clone()])).await.unwrap();
    assert_eq!(store.load(DOCUMENT).await.unwrap().chunks, [kept]);
    database.close();
}

#[wasm_bindgen_test]
async fn settings_are_remembered_and_forgotten() {
    let name = Browser::default().name("prefs");
    let store = IdbStore::open(&name).await.unwrap();
    assert_eq!(store.recall("who").await.unwrap(), None);
    store.remember("who", "Ada").await.unwrap();
    let other = IdbStore::open(&name).await.unwrap();
    assert_eq!(other.recall("who").await.unwrap().as_deref(), Some("Ada"));
    other.forget("who").await.unwrap();
    assert_eq!(store.recall("who").await.unwrap(), None);
}

#[wasm_bindgen_test]
async fn the_browser_tells_how_much_room_there_is() {
    let room = store_idb::quota::room().await.unwrap();
    assert!(room.granted > room.used, "{room:?}");
}

async fn raw_open(name: &str) -> IdbDatabase {
    let request: IdbOpenDbRequest = factory().open(name).unwrap();
    finished(&request).await;
    request.result().unwrap().unchecked_into()
}

fn factory() -> web_sys::IdbFactory {
    web_sys::window().unwrap().indexed_db().unwrap().unwrap()
}

/// Waits for a request, by other means than the crate under test.
async fn finished(request: &IdbRequest) {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await.unwrap();
}
