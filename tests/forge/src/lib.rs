//! What honest peers write, and what a dishonest one could make of it.
//!
//! Random bytes get no further than the first length or checksum. So a forger begins with the bytes of an honest
//! history ([`honest`]), takes them apart into the parts their encoder put together ([`Change`], [`Document`],
//! [`Message`]), changes a part ([`mutate`]) and writes all lengths and checksums anew. Everything comes from one seed.
//!
//! Automerge is the encoder here and the victim; what it does with forged bytes is data: [`panics::guarded`].

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "for tests: what does not hold here is a finding"
)]

mod chance;
mod change;
mod chunk;
mod document;
pub mod honest;
mod known;
mod leb;
mod message;
pub mod mutate;
pub mod panics;
mod reader;

pub use chance::Chance;
pub use change::Change;
pub use chunk::{
    CHANGE, Columns, DEFLATED_CHANGE, DOCUMENT, body, chunk, deflate, deflated_chunk, is_deflated,
};
pub use document::Document;
pub use known::Known;
pub use leb::{leb, prefixed, uleb};
pub use message::{Message, message, message_with_bloom};
