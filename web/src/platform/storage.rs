//! This device's database in the loop: what effects ask of it becomes events.

use client::{Event, RequestId};
use ids::DocumentId;
use std::rc::Rc;
use store::{Batch, ChunkStore};
use store_idb::IdbStore;
use wasm_bindgen_futures::spawn_local;

/// The name of the database. One for all workspaces of a browser; chunks are kept by document.
pub(crate) const DATABASE: &str = "binnacle";

/// The database of this device, opened when first needed.
pub(crate) fn database() -> IdbStore {
    IdbStore::named(DATABASE)
}

/// Reads every chunk of `document`; the answer is [`Event::Loaded`].
pub(super) fn load(store: &IdbStore, document: DocumentId, tell: Rc<dyn Fn(Event)>) {
    let store = store.clone();
    spawn_local(async move { tell(Event::Loaded(store.load(document).await)) });
}

/// Applies `batch` in one transaction; the answer is [`Event::Written`].
///
/// There is no waiting here for more to write: the replica has one write in flight at a time and puts into the next
/// what has come meanwhile, so that a lone keystroke is on its way at once and a fast hand is not one transaction per
/// letter. The transaction reaches the browser before the current task ends, which is all that a page being closed has.
pub(super) fn write(store: &IdbStore, request: RequestId, batch: Batch, tell: Rc<dyn Fn(Event)>) {
    let store = store.clone();
    spawn_local(async move { tell(Event::Written { request, result: store.apply(batch).await }) });
}
