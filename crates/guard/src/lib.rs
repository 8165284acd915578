//! The guard in front of everything a peer sends.
//!
//! Automerge trusts the counts, lengths and runs it reads: ten bytes of a Bloom filter make it panic, fifteen make
//! it ask for 17 GB, and a change whose runs are not canonical makes it save documents that it cannot load. So no
//! byte of a peer reaches it, or the store of a relay, before it has been read here: with every length compared to
//! the bytes that are there, every run counted before it is followed, and every inflation inside of a budget.
//!
//! Reading knows the structure of Automerge's formats, not the document at hand. A change can be well-formed and
//! still not fit into it, so there are two more questions, for whoever knows what came before:
//! [`ChangeHeader::check_past`] needs the change graph alone; [`Places`] asks it as well, and knows where operations
//! are and what was in the past of whom. A document chunk needs neither. Of 180,000 mutants of honest messages, with checksums repaired, none
//! that passed all three made Automerge panic or save what it could not load (`cargo xtask mutants`).
//!
//! Nothing here panics, allocates more than its [`Limits`], or copies what it accepts: chunks are slices of the
//! message.

mod ancestry;
mod bloom;
mod budget;
mod change;
mod chunk;
mod columns;
mod cursor;
mod document;
mod inflate;
mod limits;
mod message;
mod numbers;
mod operations;
mod places;
mod rejection;
mod runs;
mod values;

pub use bloom::Bloom;
pub use change::{ChangeHeader, CheckedChange, Past};
pub use chunk::{Chunk, read_chunks};
pub use document::CheckedDocument;
pub use limits::Limits;
pub use message::{Flags, Have, Reply, SyncMessage, Version, read_sync_message, write_sync_message};
pub use places::Places;
pub use rejection::Rejection;
