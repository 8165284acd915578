//! The targets, one a file.

pub(crate) mod bloom;
pub(crate) mod chunks;
pub(crate) mod client_disk;
pub(crate) mod client_relay;
pub(crate) mod directory;
pub(crate) mod follow;
pub(crate) mod frame;
pub(crate) mod index;
pub(crate) mod message;
pub(crate) mod presence;
pub(crate) mod relay_disk;
pub(crate) mod relay_peer;
pub(crate) mod snapshot;
pub(crate) mod stored;
pub(crate) mod texts;
pub(crate) mod view;
