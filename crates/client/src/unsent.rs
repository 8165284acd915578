//! What the relay is known to have.
//!
//! The relay's contract is that the heads in its sync messages are durable there. Everything before those heads is
//! there too; everything else is not known to be. When it announces heads that we do not know (it is ahead of us), what
//! it announced before still counts, because within one connection a relay never forgets.

use automerge::Automerge;
use ids::{ChangeHash, Heads};
use std::collections::BTreeSet;

/// More heads than any honest history has; beyond it the surplus is forgotten, which can only make us claim less.
const HEADS_MAX: usize = 4096;

/// The changes of the document that the relay is not known to have.
#[derive(Debug, Default)]
pub(crate) struct Unsent {
    /// What the relay has announced, as far as we know the changes.
    announced: Heads,
    /// Whether it has announced anything at all.
    heard: bool,
    /// Changes of the document that are not before `announced`.
    changes: BTreeSet<ChangeHash>,
}

impl Unsent {
    /// For a document that has just been opened; `announced` is what the relay said in an earlier session.
    pub(crate) fn new(document: &Automerge, announced: Option<&Heads>) -> Self {
        let mut unsent = Self {
            announced: announced.cloned().unwrap_or_default(),
            heard: announced.is_some(),
            changes: BTreeSet::new(),
        };
        unsent.announced =
            unsent.announced.iter().filter(|head| sync::has_change(document, head)).copied().collect();
        unsent.count(document);
        unsent
    }

    /// The document has these changes more.
    pub(crate) fn add(&mut self, changes: impl IntoIterator<Item = ChangeHash>) {
        self.changes.extend(changes);
    }

    /// The relay has announced its heads. `first` says that it is the first time on this connection: what was said on
    /// an earlier one is void, for the relay may have been restored from a backup.
    pub(crate) fn announce(&mut self, document: &Automerge, heads: &Heads, first: bool) {
        let known: Vec<ChangeHash> =
            heads.iter().filter(|head| sync::has_change(document, head)).copied().collect();
        let ahead = known.len() < heads.len();
        self.announced = if ahead && !first {
            known.into_iter().chain(self.announced.iter().copied()).take(HEADS_MAX).collect()
        } else {
            known.into()
        };
        self.heard = true;
        self.count(document);
    }

    /// Whether the relay has everything.
    pub(crate) fn is_empty(&self) -> bool {
        self.heard && self.changes.is_empty()
    }

    /// How many changes the relay is not known to have; `genesis` is not counted, every device is born with it.
    pub(crate) fn len(&self, genesis: &ChangeHash) -> usize {
        self.changes.len() - usize::from(self.changes.contains(genesis))
    }

    /// What the relay has announced, as far as we know the changes.
    pub(crate) fn announced(&self) -> Option<&Heads> {
        self.heard.then_some(&self.announced)
    }

    fn count(&mut self, document: &Automerge) {
        let since = document.get_changes_meta(&sync::heads_to_automerge(&self.announced));
        self.changes = since.iter().map(|change| sync::hash_from_automerge(&change.hash)).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use automerge::{ROOT, transaction::Transactable};

    fn put(document: &mut Automerge, key: &str) -> ChangeHash {
        document.transact::<_, _, automerge::AutomergeError>(|tx| tx.put(ROOT, key, 1)).unwrap();
        sync::heads_of(document).as_slice()[0]
    }

    fn heads(hashes: &[ChangeHash]) -> Heads {
        hashes.iter().copied().collect()
    }

    const GENESIS: ChangeHash = ChangeHash([0; 32]);

    #[test]
    fn heads_cover_everything_before_them() {
        let mut document = Automerge::new();
        let (a, b, c) = (put(&mut document, "a"), put(&mut document, "b"), put(&mut document, "c"));
        let mut unsent = Unsent::new(&document, None);
        assert_eq!(unsent.len(&GENESIS), 3);
        assert_eq!(unsent.len(&a), 2, "genesis does not count");
        assert!(!unsent.is_empty());
        unsent.announce(&document, &heads(&[b]), true);
        assert_eq!(unsent.len(&GENESIS), 1);
        unsent.announce(&document, &heads(&[c]), false);
        assert!(unsent.is_empty());
    }

    #[test]
    fn an_untouched_document_is_not_on_a_relay_that_said_nothing() {
        assert!(!Unsent::new(&Automerge::new(), None).is_empty());
    }

    #[test]
    fn a_relay_that_is_ahead_keeps_what_it_had() {
        let mut document = Automerge::new();
        let a = put(&mut document, "a");
        let mut unsent = Unsent::new(&document, None);
        unsent.announce(&document, &heads(&[a]), true);
        assert!(unsent.is_empty());
        unsent.announce(&document, &heads(&[ChangeHash([9; 32])]), false);
        assert!(unsent.is_empty(), "it had ours and went on");
        let b = put(&mut document, "b");
        unsent.add([b]);
        assert_eq!(unsent.len(&GENESIS), 1);
    }

    #[test]
    fn a_relay_restored_from_a_backup_counts_anew() {
        let mut document = Automerge::new();
        let (a, b) = (put(&mut document, "a"), put(&mut document, "b"));
        let mut unsent = Unsent::new(&document, Some(&heads(&[b])));
        assert!(unsent.is_empty());
        unsent.announce(&document, &heads(&[a]), true);
        assert_eq!(unsent.len(&GENESIS), 1);
        let mut unsent = Unsent::new(&document, Some(&heads(&[b])));
        unsent.announce(&document, &heads(&[ChangeHash([9; 32])]), true);
        assert_eq!(
            unsent.len(&GENESIS),
            2,
            "it may have lost ours: what it said before this connection is void"
        );
    }
}
