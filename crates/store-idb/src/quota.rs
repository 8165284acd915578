//! How much room the browser gives, and whether it promises not to clear it.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager, WorkerGlobalScope};

/// Bytes used by this origin and the bytes it may use. Browsers round and pad both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// Bytes in use.
    pub used: f64,
    /// Bytes that may be used.
    pub granted: f64,
}

/// What the browser says of the room; `None` where it does not say.
pub async fn room() -> Option<Room> {
    let estimate: StorageEstimate = settle(storage()?.estimate()).await?.unchecked_into();
    Some(Room { used: estimate.get_usage()?, granted: estimate.get_quota()? })
}

/// Asks the browser to keep this origin's storage until the person clears it. The browser may ask the person.
pub async fn ask_to_persist() -> bool {
    answer(storage().map(|storage| storage.persist())).await
}

/// Whether the browser has promised that.
pub async fn is_persisted() -> bool {
    answer(storage().map(|storage| storage.persisted())).await
}

async fn answer(promise: Option<Result<Promise, JsValue>>) -> bool {
    match promise {
        Some(promise) => settle(promise).await.is_some_and(|value| value.is_truthy()),
        None => false,
    }
}

async fn settle(promise: Result<Promise, JsValue>) -> Option<JsValue> {
    JsFuture::from(promise.ok()?).await.ok()
}

/// Absent on pages that are neither https nor localhost.
fn storage() -> Option<StorageManager> {
    let global = js_sys::global();
    let storage = match global.dyn_ref::<web_sys::Window>() {
        Some(window) => window.navigator().storage(),
        None => global.unchecked_ref::<WorkerGlobalScope>().navigator().storage(),
    };
    (!storage.is_undefined()).then_some(storage)
}
