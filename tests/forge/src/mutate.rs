//! One thing in honest bytes is something else. What is around it is right again afterwards: lengths and checksums.

mod bytes;
mod change;
mod chunks;
mod document;
mod message;

pub use bytes::{disturb, number};
pub use change::{disturbed_change, perverted_change};
pub use chunks::{mutated_chunk, mutated_chunks};
pub use document::disturbed_document;
pub use message::mutated_message;
