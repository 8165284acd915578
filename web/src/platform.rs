//! Everything that only a browser has: time, chance, timers, storage, sockets, tabs, the service worker, the relay's
//! HTTP answers. Nothing here knows what a workspace means or what a screen shows, and pages never come here: their
//! door is `state`.

pub(crate) mod api;
pub(crate) mod chance;
pub(crate) mod clock;
pub(crate) mod driver;
pub(crate) mod page;
pub(crate) mod service_worker;
mod socket;
pub(crate) mod storage;
mod tabs;

#[cfg(all(test, target_arch = "wasm32"))]
#[allow(clippy::unwrap_used, clippy::panic, reason = "clippy does not know wasm_bindgen_test as a test")]
mod browser_tests;
