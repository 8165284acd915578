//! What the server will do with the effects that concern the store: here with a store in memory, and Automerge.

use automerge::{Automerge, SaveOptions};
use bytes::Bytes;
use ids::{ActorId, ChangeHash, DocumentId, Heads, MemberId, WorkspaceId};
use pollster::block_on;
use relay::{
    Address, Compacted, CompactionError, Found, IndexedChange, Receipt, SplitError, Stored, Write, WriteError,
};
use std::collections::{BTreeMap, BTreeSet};
use store::{ChunkKind, ChunkStore, Loaded, MemoryStore};

/// The disk: it survives the relay.
#[derive(Default)]
pub(crate) struct Storage {
    pub(crate) chunks: MemoryStore,
    pub(crate) directory: BTreeMap<DocumentId, (WorkspaceId, Option<MemberId>)>,
    pub(crate) receipts: Vec<Receipt>,
    /// Every change that has ever been durable.
    pub(crate) durable: BTreeSet<ChangeHash>,
}

impl Storage {
    pub(crate) fn write(&mut self, write: &Write) -> Result<(), WriteError> {
        if let Some(registration) = write.register {
            let owner = self.directory.entry(registration.document).or_insert((registration.workspace, None));
            if owner.0 != registration.workspace {
                return Err(WriteError::NotRegistered("it belongs to another workspace".to_owned()));
            }
        }
        for chunk in &write.batch.puts {
            if chunk.key().kind == ChunkKind::Incremental {
                for read in guard::read_chunks(chunk.bytes(), &guard::Limits::CLIENT).unwrap() {
                    let guard::Chunk::Change(change) = read else { panic!("a document as an incremental") };
                    self.durable.insert(change.header.hash);
                }
            }
        }
        block_on(self.chunks.apply(write.batch.clone())).unwrap();
        self.receipts.extend(write.receipts.iter().cloned());
        Ok(())
    }

    pub(crate) fn find(&self, address: Address, member: Option<MemberId>) -> Found {
        match self.directory.get(&address.document) {
            None => Found::Nowhere {
                documents: self.directory.values().filter(|(w, _)| *w == address.workspace).count(),
            },
            Some((workspace, _)) if *workspace != address.workspace => Found::Elsewhere,
            Some((_, Some(owner))) if Some(*owner) != member => Found::Private { owner: *owner },
            Some((_, owner)) => {
                let vouched = |changes: &[ChangeHash]| self.with_receipt(changes);
                let stored = Stored::read(&self.load(address.document), vouched, &guard::Limits::CLIENT);
                Found::Here { stored, owner: *owner }
            }
        }
    }

    fn with_receipt(&self, changes: &[ChangeHash]) -> BTreeSet<ChangeHash> {
        let receipts: BTreeSet<ChangeHash> = self.receipts.iter().map(|receipt| receipt.change).collect();
        changes.iter().copied().filter(|change| receipts.contains(change)).collect()
    }

    pub(crate) fn load(&self, document: DocumentId) -> Loaded {
        block_on(self.chunks.load(document)).unwrap()
    }

    /// How many chunks of each kind there are: snapshots, incrementals, indexes.
    pub(crate) fn census(&self, document: DocumentId) -> [usize; 3] {
        let loaded = self.load(document);
        ChunkKind::ALL.map(|kind| loaded.of_kind(kind).count())
    }

    /// The document, from everything stored of it.
    pub(crate) fn document(&self, document: DocumentId) -> Automerge {
        build(&self.load(document))
    }

    pub(crate) fn heads(&self, document: DocumentId) -> Heads {
        self.document(document).get_heads().into_iter().map(|head| ChangeHash(head.0)).collect()
    }

    pub(crate) fn compact(&self, document: DocumentId) -> Result<Box<Compacted>, CompactionError> {
        let loaded = self.load(document);
        compact(document, &build(&loaded), &loaded)
    }
}

fn build(loaded: &Loaded) -> Automerge {
    let mut doc = Automerge::new();
    for kind in [ChunkKind::Snapshot, ChunkKind::Incremental] {
        for chunk in loaded.of_kind(kind) {
            doc.load_incremental(chunk.bytes()).unwrap();
        }
    }
    doc
}

pub(crate) fn save(doc: &Automerge) -> Vec<u8> {
    doc.save_with_options(SaveOptions { deflate: true, retain_orphans: false })
}

pub(crate) fn compact(
    document: DocumentId,
    doc: &Automerge,
    loaded: &Loaded,
) -> Result<Box<Compacted>, CompactionError> {
    let saved = save(doc);
    let again = Automerge::load(&saved).map_err(|error| CompactionError::Failed(error.to_string()))?;
    assert_eq!(again.get_heads(), doc.get_heads());
    let read = loaded.chunks.iter().map(store::Chunk::loaded_key);
    Compacted::new(document, saved, indexed(doc), read, &guard::Limits::CLIENT).map(Box::new)
}

pub(crate) fn indexed(doc: &Automerge) -> Vec<IndexedChange> {
    let changes = doc.get_changes_meta(&[]).into_iter().map(|change| IndexedChange {
        hash: ChangeHash(change.hash.0),
        dependencies: change.deps.iter().map(|dependency| ChangeHash(dependency.0)).collect(),
        actor: ActorId::new(change.actor.to_bytes()),
        sequence: change.seq,
        last_op: change.max_op,
    });
    changes.collect()
}

pub(crate) fn split(chunk: &Bytes) -> Result<Vec<Bytes>, SplitError> {
    let doc = Automerge::load(chunk).map_err(|error| SplitError(error.to_string()))?;
    Ok(crate::client::changes(&doc))
}
