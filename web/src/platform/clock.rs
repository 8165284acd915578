//! Time in a browser: the wall clock, a clock for measuring, and timers.

use ids::Timestamp;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// The wall clock, as the person set it.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^53")]
pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

/// Milliseconds since the page was opened, for measuring.
pub(crate) fn measured_ms() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Waits.
pub(crate) async fn sleep(wait_ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, wait_ms);
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// Runs something later; dropping it calls it off.
#[must_use = "a dropped timer never runs"]
pub(crate) struct Timer {
    handle: Option<i32>,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Runs `callback` once, `after_ms` from now. Browsers are free to be late, in hidden pages by a minute.
    pub(crate) fn after(after_ms: i64, callback: impl FnOnce() + 'static) -> Self {
        let callback = RefCell::new(Some(callback));
        let callback = Closure::<dyn FnMut()>::new(move || {
            if let Some(callback) = callback.take() {
                callback();
            }
        });
        // setTimeout counts in 32 bits; what is later than that is asked again when it fires early.
        let wait = i32::try_from(after_ms.max(0)).unwrap_or(i32::MAX);
        let handle = web_sys::window().and_then(|window| {
            window
                .set_timeout_with_callback_and_timeout_and_arguments_0(
                    callback.as_ref().unchecked_ref(),
                    wait,
                )
                .ok()
        });
        Self { handle, _callback: callback }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let (Some(handle), Some(window)) = (self.handle, web_sys::window()) {
            window.clear_timeout_with_handle(handle);
        }
    }
}
