//! The other tabs of this browser that show the same document.
//!
//! Every tab is a full peer on the same database: chunks are named by their content and only ever added, so two tabs
//! cannot overwrite each other. They tell each other what they have made durable, and take turns only for single jobs.

use bytes::Bytes;
use ids::DocumentId;
use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{BroadcastChannel, MessageEvent};

/// The channel of one document. Absent where the browser has none; then tabs meet at the relay.
pub(super) struct Tabs {
    channel: Option<BroadcastChannel>,
    _heard: Closure<dyn FnMut(MessageEvent)>,
}

impl Tabs {
    /// Joins the channel; `hear` gets what other tabs say, never what this one says.
    pub(super) fn join(document: DocumentId, hear: impl Fn(Bytes) + 'static) -> Self {
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            // A tab of another build may say what this one does not understand.
            if let Ok(bytes) = message.data().dyn_into::<Uint8Array>() {
                hear(Bytes::from(bytes.to_vec()));
            }
        });
        let channel = BroadcastChannel::new(&format!("binnacle:{document}")).ok();
        if let Some(channel) = &channel {
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        }
        Self { channel, _heard: heard }
    }

    /// Says `bytes` to all other tabs.
    pub(super) fn say(&self, bytes: &Bytes) {
        if let Some(channel) = &self.channel {
            let _ = channel.post_message(&Uint8Array::from(bytes.as_ref()));
        }
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}

/// A lock that is held until this is dropped.
pub(super) struct Turn {
    release: Option<Function>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// Calls `job` with the lock `name` if no other tab has it, and not at all otherwise. Where the browser has no locks
/// every tab takes its turn at once: jobs under a lock are wasteful to do twice, never wrong.
pub(super) fn take_turn(name: &str, job: impl FnOnce(Turn) + 'static) {
    let mut job = Some(job);
    let mut start = move |turn| {
        if let Some(job) = job.take() {
            job(turn);
        }
    };
    let Some((locks, request)) = locks() else {
        start(Turn { release: None });
        return;
    };
    let granted = Closure::<dyn FnMut(JsValue) -> Promise>::new(move |lock: JsValue| {
        if lock.is_null() {
            return Promise::resolve(&JsValue::NULL);
        }
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        start(Turn { release });
        held
    });
    let options = Object::new();
    let _ = Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE);
    let asked = request.call3(&locks, &name.into(), &options, granted.as_ref());
    spawn_local(async move {
        if let Ok(asked) = asked {
            // Rejects when the page goes away; then so does everything else.
            let _ = JsFuture::from(Promise::resolve(&asked)).await;
        }
        drop(granted);
    });
}

/// `navigator.locks` and its method `request`; web-sys knows them only as an unstable API.
fn locks() -> Option<(JsValue, Function)> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(|locks| locks.is_object())?;
    let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    Some((locks, request))
}
