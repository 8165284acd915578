//! What must never happen to a document.

use automerge::{
    Automerge, LoadOptions, OnPartialLoad, PatchLog, ROOT, VerificationMode,
    sync::{self, SyncDoc},
    transaction::Transactable,
};
use ids::{ChangeHash, Heads};

/// Everything that is done with a document sooner or later: it is read, written, told to others, looked at as it was,
/// and saved. None of it may panic, and what was saved can be loaded again.
pub(crate) fn use_document(document: &Automerge) {
    reload(&use_document_but_save(document));
}

/// The same without the end. The document as it is after being written.
pub(crate) fn use_document_but_save(document: &Automerge) -> Automerge {
    let _ = document.hydrate(None);
    let _ = document.get_changes(&[]);
    for change in document.get_changes_meta(&[]).iter().rev().take(3) {
        document.fork_at(&[change.hash]).unwrap();
    }
    let mut document = document.clone();
    document.generate_sync_message(&mut sync::State::new());
    let mut transaction = document.transaction();
    transaction.put(ROOT, "title", "after").unwrap();
    transaction.commit();
    document
}

/// What is saved can be loaded, and is the same.
pub(crate) fn reload(document: &Automerge) -> Automerge {
    let saved = document.save();
    let again = load(&saved).unwrap_or_else(|why| panic!("a poisoned save: {why}"));
    assert_eq!(again.get_heads(), document.get_heads(), "a poisoned save: other heads");
    again
}

/// A document from a concatenation of chunks, checked.
pub(crate) fn load(bytes: &[u8]) -> Result<Automerge, String> {
    let options =
        LoadOptions::new().on_partial_load(OnPartialLoad::Error).verification_mode(VerificationMode::Check);
    Automerge::load_with_options(bytes, options).map_err(|error| error.to_string())
}

/// Gives a sync message to a document as a client does; whether something of it became part of the document.
pub(crate) fn receive(document: &mut Automerge, message: &[u8]) -> bool {
    let Ok(decoded) = sync::Message::decode(message) else { return false };
    let before = document.get_heads();
    let mut patches = PatchLog::active();
    if document.receive_sync_message_log_patches(&mut sync::State::new(), decoded, &mut patches).is_err() {
        return false;
    }
    document.make_patches(&mut patches);
    document.get_heads() != before
}

/// The heads of a document.
pub(crate) fn heads(document: &Automerge) -> Heads {
    document.get_heads().into_iter().map(|hash| ChangeHash(hash.0)).collect()
}
