//! One disk, as the wire protocol names it.

crate::bounded_text::bounded_text!(
    /// The automerge-repo storage id: the store (a browser profile, a relay's file) that a peer keeps documents in.
    StorageId, ParseStorageIdError, 64, "storage id"
);
