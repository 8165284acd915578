//! Real peers against the real relay: the binary is started as a process and spoken to over loopback.
//!
//! `BINNACLE_BIN` names the binary; `cargo xtask test interop` builds it and sets it.

pub mod app;
pub mod cbor;
pub mod document;
pub mod http;
pub mod js_peer;
pub mod native_peer;
pub mod our_peer;
pub mod peer;
pub mod relay_process;
pub mod samod_peer;
pub mod scenario;
pub mod small_disk;
