//! The only place of the relay where a document is built: to compact it, to take a document chunk apart, to show it.
//!
//! Never on the threads that serve sockets, always behind the guard, and under `catch_unwind`: Automerge can be made to
//! panic by bytes that the guard cannot tell from honest ones. What it makes counts only after it has been loaded again
//! with equal heads.

use anyhow::{Context, bail};
use automerge::{Automerge, LoadOptions, OnPartialLoad, ReadDoc, VerificationMode};
use bytes::Bytes;
use guard::CheckedChange;
use ids::{ActorId, ChangeHash, DocumentId, Heads};
use relay::{Compacted, CompactionError, IndexedChange, SplitError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use store::{Chunk, ChunkKind, Loaded};
use store_redb::{RelayFile, RelayReader};

/// What stored chunks may be: they were within the limits for messages when they came, a snapshot is larger.
const LIMITS: guard::Limits = guard::Limits::CLIENT;

/// Why a document could not be built.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BuildError {
    /// The guard refused a chunk that a store had vouched for.
    #[error("chunk {key}: {why}")]
    Refused {
        /// Which.
        key: store::ChunkKey,
        /// Why.
        why: String,
    },
    /// Automerge refused the chunks, or panicked.
    #[error("the document cannot be built: {0}")]
    Engine(String),
}

/// Builds a document from what is stored of it.
pub(crate) fn build(loaded: &Loaded) -> Result<Automerge, BuildError> {
    let mut bytes = Vec::new();
    for kind in [ChunkKind::Snapshot, ChunkKind::Incremental] {
        for chunk in loaded.of_kind(kind) {
            guard::read_chunks(chunk.bytes(), &LIMITS)
                .map_err(|why| BuildError::Refused { key: chunk.key(), why: why.to_string() })?;
            bytes.extend_from_slice(chunk.bytes());
        }
    }
    load(&bytes)
}

/// Builds a document from the chunks of one workspace as they lie in the file.
pub(crate) fn read(reader: &RelayReader, document: DocumentId) -> anyhow::Result<(Automerge, Loaded)> {
    let loaded = reader.load(document)?;
    Ok((build(&loaded)?, loaded))
}

/// A new snapshot of everything stored, checked by loading it again.
pub(crate) fn compact(file: &RelayFile, document: DocumentId) -> Result<Box<Compacted>, CompactionError> {
    let loaded = file.reader().load(document)?;
    let failed = |error: BuildError| CompactionError::Failed(error.to_string());
    let doc = build(&loaded).map_err(failed)?;
    let saved = guarded(|| doc.save()).map_err(failed)?;
    let again = load(&saved).map_err(failed)?;
    if heads(&again) != heads(&doc) {
        return Err(CompactionError::OtherHeads);
    }
    let changes = guarded(|| indexed(&again)).map_err(failed)?;
    let read = loaded.chunks.iter().map(Chunk::loaded_key);
    Compacted::new(document, saved, changes, read, &LIMITS).map(Box::new)
}

/// A snapshot and its index, for a document that comes from elsewhere: what a compaction would have made of it. The
/// index says that the guard has followed every reference, so it is written only after the guard has.
pub(crate) fn vouched(document: DocumentId, doc: &Automerge) -> anyhow::Result<Vec<Chunk>> {
    let saved = Bytes::from(guarded(|| doc.save())?);
    guard::Places::read(&saved, &LIMITS).context("the guard refuses the document")?;
    let again = load(&saved)?;
    if heads(&again) != heads(doc) {
        bail!("the document is another one after saving and loading it again");
    }
    let changes = guarded(|| indexed(&again))?;
    let snapshot = Chunk::new(document, ChunkKind::Snapshot, saved);
    let index = relay::Index::new(snapshot.key().hash, changes).context("indexing the document")?;
    let index = Chunk::new(document, ChunkKind::Index, index.encode());
    Ok(vec![snapshot, index])
}

/// A workspace document out of a file of a stranger.
pub(crate) fn foreign(bytes: &Bytes) -> anyhow::Result<Automerge> {
    guard::read_chunks(bytes, &LIMITS).context("the guard refuses the document")?;
    let doc = load(bytes)?;
    let missing = guarded(|| doc.get_missing_deps(&[]))?;
    if !missing.is_empty() {
        bail!(
            "the file lacks {} changes that others in it depend on; export the whole document",
            missing.len()
        );
    }
    let genesis = workspace::engine_hash(&workspace::genesis::HASH);
    if guarded(|| doc.get_change_by_hash(&genesis).is_none())? {
        bail!(
            "the document is no workspace: it did not grow from the first change that all workspaces share"
        );
    }
    Ok(doc)
}

/// The bytes of one change of a document.
pub(crate) fn change(doc: &Automerge, hash: &ChangeHash) -> Option<Bytes> {
    let change = doc.get_change_by_hash(&workspace::engine_hash(hash))?;
    Some(Bytes::copy_from_slice(change.raw_bytes()))
}

/// Whether a document that is stored takes a change.
pub(crate) fn takes(
    reader: &RelayReader,
    document: DocumentId,
    change: &CheckedChange,
) -> anyhow::Result<()> {
    let (doc, _) = read(reader, document)?;
    let saved = guarded(|| doc.save())?;
    let after = load(&[saved.as_slice(), change.bytes.as_ref()].concat())?;
    let hash = workspace::engine_hash(&change.header.hash);
    if guarded(|| after.get_change_by_hash(&hash).is_none() || !after.get_missing_deps(&[]).is_empty())? {
        bail!("the change does not fit to what is stored; somebody may have restored an older state");
    }
    Ok(())
}

/// The changes of a document chunk that a peer sent, each as a chunk of its own.
pub(crate) fn split(chunk: &Bytes) -> Result<Vec<Bytes>, SplitError> {
    let failed = |error: BuildError| SplitError(error.to_string());
    let doc = load(chunk).map_err(failed)?;
    guarded(|| doc.get_changes(&[]).iter().map(|change| Bytes::copy_from_slice(change.raw_bytes())).collect())
        .map_err(failed)
}

/// The change graph of a document, in the order in which Automerge lists it.
pub(crate) fn indexed(doc: &Automerge) -> Vec<IndexedChange> {
    doc.get_changes_meta(&[])
        .iter()
        .map(|change| IndexedChange {
            hash: ChangeHash(change.hash.0),
            dependencies: change.deps.iter().map(|hash| ChangeHash(hash.0)).collect(),
            actor: ActorId::new(change.actor.to_bytes()),
            sequence: change.seq,
            last_op: change.max_op,
        })
        .collect()
}

/// The heads of a document in our own type.
pub(crate) fn heads(doc: &Automerge) -> Heads {
    doc.get_heads().into_iter().map(|hash| ChangeHash(hash.0)).collect()
}

fn load(bytes: &[u8]) -> Result<Automerge, BuildError> {
    guarded(|| {
        let options = LoadOptions::new()
            .on_partial_load(OnPartialLoad::Error)
            .verification_mode(VerificationMode::Check);
        Automerge::load_with_options(bytes, options)
    })?
    .map_err(|error| BuildError::Engine(error.to_string()))
}

fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, BuildError> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let words = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        BuildError::Engine(format!("the document engine panicked: {words}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use automerge::{
        Change, ROOT,
        transaction::{CommitOptions, Transactable},
    };
    use ids::{Timestamp, WorkspaceId};
    use store::Batch;
    use store_redb::{NewWorkspace, Options, Write, simulated::SimulatedDisk};

    const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);

    /// A file with a document of these changes.
    fn file_with(changes: &[Change]) -> RelayFile {
        let disk = SimulatedDisk::new();
        let file = RelayFile::open_with_backend(move || disk.backend(), &Options::default()).unwrap();
        let chunk =
            |change: &Change| Chunk::new(DOCUMENT, ChunkKind::Incremental, change.raw_bytes().to_vec());
        let workspace = NewWorkspace {
            id: WorkspaceId::from_bytes([1; 10]),
            name: "Harbour".to_owned(),
            document: DOCUMENT,
            created: Timestamp::from_millis(0),
            members: Vec::new(),
            chunks: Vec::new(),
        };
        file.create_workspace(&workspace).unwrap();
        file.commit(&[Write::of(Batch::put(changes.iter().map(chunk)))]).unwrap();
        file
    }

    /// An honest change, and one of nothing that counts on from nowhere.
    fn sound_and_poisonous() -> [Change; 2] {
        let mut document = Automerge::new();
        let mut transaction = document.transaction();
        transaction.put(ROOT, "title", "a").unwrap();
        transaction.commit();
        let sound = document.get_last_local_change().unwrap();
        document.empty_commit(CommitOptions::default());
        let mut poison = document.get_last_local_change().unwrap().decode();
        poison.start_op = poison.start_op.checked_add(5).unwrap();
        poison.hash = None;
        [sound, poison.into()]
    }

    #[test]
    fn a_snapshot_is_of_everything_that_was_read() {
        let [sound, _] = sound_and_poisonous();
        let file = file_with(std::slice::from_ref(&sound));
        assert!(compact(&file, DOCUMENT).is_ok());
    }

    /// Automerge takes the change, and saves a document that it cannot load. No change is let in any more that does
    /// this; one that is stored already must not cost the document.
    #[test]
    fn a_snapshot_that_cannot_be_loaded_is_none() {
        let file = file_with(&sound_and_poisonous());
        let before = file.reader().load(DOCUMENT).unwrap();
        let built = build(&before).unwrap();
        assert!(load(&built.save()).is_err(), "this version of Automerge does without this test");
        let refused = compact(&file, DOCUMENT).unwrap_err();
        assert!(matches!(refused, CompactionError::Failed(_)), "{refused}");
        assert_eq!(file.reader().load(DOCUMENT).unwrap(), before);
    }
}
