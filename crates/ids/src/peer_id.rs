//! One run of one tab or process, as the wire protocol names it.

crate::bounded_text::bounded_text!(
    /// The automerge-repo peer id: this run of this tab or process, chosen by the peer itself.
    ///
    /// Unlike a [`StorageId`](crate::StorageId) it does not outlive the run, and it proves nothing about who it is.
    PeerId, ParsePeerIdError, 256, "peer id"
);
