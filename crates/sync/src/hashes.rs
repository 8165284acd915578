//! Between Automerge's hashes and ours.

use automerge::{Automerge, ChangeHash as AutomergeHash};
use ids::{ChangeHash, Heads};

/// Our form of an Automerge hash.
pub fn hash_from_automerge(hash: &AutomergeHash) -> ChangeHash {
    ChangeHash(hash.0)
}

/// Automerge's form of a hash.
pub fn hash_to_automerge(hash: &ChangeHash) -> AutomergeHash {
    AutomergeHash(hash.0)
}

/// The heads of a document.
pub fn heads_of(document: &Automerge) -> Heads {
    document.get_heads().iter().map(hash_from_automerge).collect()
}

/// Heads as Automerge takes them: sorted, which its encoder requires.
pub fn heads_to_automerge(heads: &Heads) -> Vec<AutomergeHash> {
    heads.iter().map(hash_to_automerge).collect()
}

/// Whether a change is part of a document.
pub fn has_change(document: &Automerge, hash: &ChangeHash) -> bool {
    document.get_change_meta_by_hash(&hash_to_automerge(hash)).is_some()
}
