//! A document that nothing of others enters unread.
//!
//! The guard knows what a chunk must be to be well-formed, and with [`guard::Places`] also what a change must be to
//! fit: it refers to nothing that is not there. Automerge checks neither and panics over both, which in a browser is
//! the end of the page. So the document and the places of its operations are kept together here, every change is
//! followed before Automerge sees it, and one whose past is missing waits outside. A change has to be written on top of
//! the last one of its actor, and to refer to nothing outside of its past, as the relay demands it.
//!
//! What passes is still tried on a copy of the document: see [`try_on_copy`].

use crate::{
    fence::{Unusable, try_on_copy},
    hashes::{has_change, hash_from_automerge, hash_to_automerge, heads_of, heads_to_automerge},
    waiting::Waiting,
};
use automerge::{Automerge, AutomergeError, SaveOptions};
use guard::{CheckedChange, Chunk, Limits, Places, Rejection};
use ids::{ActorId, ChangeHash, Heads};
use std::collections::{BTreeMap, BTreeSet};

/// An Automerge document behind the guard.
#[derive(Debug, Clone)]
pub struct GuardedDocument {
    document: Automerge,
    /// The places of its operations; `None` until they are needed, and when they may have run ahead of it.
    places: Option<Places>,
    waiting: Waiting,
    limits: Limits,
}

/// What chunks did to a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// The heads before.
    pub before: Heads,
    /// Changes that became part of the document, each after what it depends on.
    pub changes: Vec<ChangeHash>,
    /// The chunks that brought them, some of which may have waited here since earlier. A document chunk may also hold
    /// changes that were known.
    pub entered: Vec<Chunk>,
    /// Chunks that do not fit the document and were left out, with why.
    pub refused: Vec<(Chunk, Rejection)>,
}

/// Why chunks were not taken. The document is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// The guard did not let them through.
    #[error(transparent)]
    Refused(#[from] Rejection),
    /// Automerge did not digest what the guard let through.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// Too many of them wait for others.
    #[error("too many changes came without what they depend on")]
    TooManyWaiting,
}

/// Steps through the past that the changes of one message may cost: a second or two. An honest change costs a few, and
/// the relay has let in none that costs many.
const STEPS_MAX: u64 = 1 << 28;

/// Changes by author, and by number among those of their author.
type Names = BTreeMap<ChangeHash, (ActorId, u64)>;

/// What of some chunks may enter.
#[derive(Default)]
struct Admitted {
    chunks: Vec<Chunk>,
    /// The changes among them.
    names: Names,
    /// Those among them that had waited.
    released: Vec<CheckedChange>,
    /// Those that wait now.
    parked: Vec<ChangeHash>,
    refused: Vec<(Chunk, Rejection)>,
    /// No room for those that would have to wait.
    overflown: bool,
    /// Changes to be looked at when the document chunks beside them have entered.
    later: Vec<Chunk>,
}

/// What has entered, and what was found out on the way.
struct Entered {
    chunks: Vec<Chunk>,
    refused: Vec<(Chunk, Rejection)>,
}

impl GuardedDocument {
    /// A document that was built from what can be trusted: by this program, or from a document chunk that the guard
    /// has passed.
    pub fn new(document: Automerge, limits: Limits) -> Self {
        Self { document, places: None, waiting: Waiting::default(), limits }
    }

    /// The document, to read.
    pub fn get(&self) -> &Automerge {
        &self.document
    }

    /// Its heads.
    pub fn heads(&self) -> Heads {
        heads_of(&self.document)
    }

    /// Whether this change is part of it.
    pub fn has(&self, hash: &ChangeHash) -> bool {
        has_change(&self.document, hash)
    }

    /// How many changes wait for others that are not here.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Lets this program write into the document. `work` is trusted.
    pub fn edit<T>(&mut self, work: impl FnOnce(&mut Automerge) -> T) -> T {
        let before = self.document.get_heads();
        let done = work(&mut self.document);
        if let Some(places) = &mut self.places
            && !follow_all(places, &self.document, &before, &self.limits)
        {
            // The whole document knows better than one change; it is asked when something arrives.
            self.places = None;
        }
        done
    }

    /// Takes in chunks that are stored on this device. What does not fit is left out, and said.
    ///
    /// # Errors
    /// None of them is taken when Automerge does not digest one.
    pub fn take(&mut self, chunks: &[Chunk]) -> Result<Taken, NotTaken> {
        let before = self.heads();
        let mut admitted = self.admit(chunks)?;
        let mut refused = std::mem::take(&mut admitted.refused);
        let (entered, _) = self.enter(admitted, |copy, bytes| copy.load_incremental(&bytes.concat()))?;
        refused.extend(entered.refused);
        Ok(self.taken(before, entered.chunks, refused))
    }

    /// Takes in what a peer sent, all or nothing. `apply` gives what may enter to the document.
    pub(crate) fn receive<T>(
        &mut self,
        chunks: &[Chunk],
        apply: impl FnOnce(&mut Automerge, Vec<Vec<u8>>) -> Result<T, AutomergeError>,
    ) -> Result<(Taken, T), NotTaken> {
        let before = self.heads();
        let admitted = self.admit(chunks)?;
        let why = match admitted.refused.first() {
            Some((_, rejection)) => Some(rejection.clone().into()),
            None => admitted.overflown.then_some(NotTaken::TooManyWaiting),
        };
        if let Some(why) = why {
            self.expel(admitted);
            return Err(why);
        }
        let kept = (!admitted.later.is_empty()).then(|| self.document.clone());
        let (entered, done) = self.enter(admitted, apply)?;
        if let (Some(kept), Some((_, rejection))) = (kept, entered.refused.first()) {
            self.document = kept;
            self.places = None;
            return Err(rejection.clone().into());
        }
        Ok((self.taken(before, entered.chunks, Vec::new()), done))
    }

    /// What has to be asked for to reach `heads`, when some of it is here and waits; `None` when nothing does.
    pub(crate) fn missing_before(
        &self,
        heads: impl IntoIterator<Item = ChangeHash>,
    ) -> Option<BTreeSet<ChangeHash>> {
        (!self.waiting.is_empty()).then(|| self.waiting.missing_before(heads, |hash| self.has(hash)))
    }

    /// Looks at each chunk as if those before it had entered.
    fn admit(&mut self, chunks: &[Chunk]) -> Result<Admitted, Rejection> {
        if self.places.is_none() {
            self.places = Some(places_of(&self.document, &self.limits)?);
        }
        let Self { document, places, waiting, limits } = self;
        let Some(places) = places else { return Ok(Admitted::default()) };
        let mut admitted = Admitted::default();
        let mut steps = STEPS_MAX;
        // A document chunk does not list its changes: they are known once it has entered. Looked at together with it, a
        // change that it has as well would be refused as a second one of the same number.
        let brings_document = chunks.iter().any(|chunk| match chunk {
            Chunk::Document(whole) => !whole.heads.iter().all(|head| has_change(document, head)),
            Chunk::Change(_) => false,
        });
        for chunk in chunks {
            match chunk {
                Chunk::Change(_) if brings_document => admitted.later.push(chunk.clone()),
                Chunk::Document(whole) if whole.heads.iter().all(|head| has_change(document, head)) => {}
                Chunk::Document(whole) => match places.load(whole, limits) {
                    Ok(()) => admitted.chunks.push(chunk.clone()),
                    Err(why) => admitted.refused.push((chunk.clone(), why)),
                },
                Chunk::Change(change) => {
                    let mut ready = vec![change.clone()];
                    while let Some(change) = ready.pop() {
                        let hash = change.header.hash;
                        let known = |hash: &ChangeHash| {
                            admitted.names.contains_key(hash) || has_change(document, hash)
                        };
                        if known(&hash) {
                            continue;
                        }
                        if !change.header.dependencies.iter().all(known) {
                            admitted.overflown |= !waiting.keep(change, known);
                            admitted.parked.push(hash);
                            continue;
                        }
                        waiting.forget(&hash);
                        let names = names_of(document, &admitted.names, &change.header.dependencies);
                        if let Err(why) = places.follow(&change, &names, limits, &mut steps) {
                            admitted.refused.push((Chunk::Change(change), why));
                            continue;
                        }
                        let header = &change.header;
                        admitted.names.insert(hash, (header.actor.clone(), header.sequence));
                        admitted.chunks.push(Chunk::Change(change));
                        let known = |hash: &ChangeHash| {
                            admitted.names.contains_key(hash) || has_change(document, hash)
                        };
                        let released = waiting.release(&hash, known);
                        admitted.released.extend(released.iter().cloned());
                        ready.extend(released);
                    }
                }
            }
        }
        Ok(admitted)
    }

    /// Gives the admitted chunks to Automerge, and then whatever had waited for what a document chunk brought.
    fn enter<T>(
        &mut self,
        admitted: Admitted,
        apply: impl FnOnce(&mut Automerge, Vec<Vec<u8>>) -> Result<T, AutomergeError>,
    ) -> Result<(Entered, T), NotTaken> {
        let bytes = admitted.chunks.iter().map(|chunk| chunk.bytes().to_vec()).collect();
        let applied = try_on_copy(&mut self.document, |copy| {
            let done = apply(copy, bytes)?;
            all_there(copy, &admitted.chunks).map(|()| done)
        });
        let done = match applied {
            Ok(done) => done,
            Err(unusable) => {
                self.expel(admitted);
                return Err(unusable.into());
            }
        };
        let mut entered = Entered { chunks: admitted.chunks, refused: Vec::new() };
        let mut ready = admitted.later;
        loop {
            let Self { document, waiting, .. } = self;
            let released = waiting.release_all(|hash| has_change(document, hash));
            ready.extend(released.into_iter().map(Chunk::Change));
            if ready.is_empty() {
                return Ok((entered, done));
            }
            let chunks = std::mem::take(&mut ready);
            let admitted = match self.admit(&chunks) {
                Ok(admitted) => admitted,
                Err(why) => {
                    // What entered stays; these are asked for again.
                    entered.refused.extend(chunks.into_iter().map(|chunk| (chunk, why.clone())));
                    return Ok((entered, done));
                }
            };
            entered.refused.extend(admitted.refused);
            let bytes = admitted.chunks.iter().map(Chunk::bytes).cloned().collect::<Vec<_>>().concat();
            let applied = try_on_copy(&mut self.document, |copy| {
                copy.load_incremental(&bytes)?;
                all_there(copy, &admitted.chunks)
            });
            match applied {
                Ok(()) => entered.chunks.extend(admitted.chunks),
                // They are gone: on its next connection the relay is asked for them again.
                Err(_) => self.places = None,
            }
        }
    }

    /// Nothing of it has entered.
    fn expel(&mut self, admitted: Admitted) {
        self.places = None;
        admitted.parked.iter().for_each(|hash| self.waiting.forget(hash));
        for change in admitted.released {
            let document = &self.document;
            self.waiting.keep(change, |hash| has_change(document, hash));
        }
    }

    fn taken(&self, before: Heads, entered: Vec<Chunk>, refused: Vec<(Chunk, Rejection)>) -> Taken {
        let changes = self.document.get_changes_meta(&heads_to_automerge(&before));
        let changes = changes.iter().map(|change| hash_from_automerge(&change.hash)).collect();
        Taken { before, changes, entered, refused }
    }
}

/// Automerge passes over what it cannot use without a word.
fn all_there(document: &Automerge, chunks: &[Chunk]) -> Result<(), AutomergeError> {
    let there = |hash: &ChangeHash| match has_change(document, hash) {
        true => Ok(()),
        false => Err(AutomergeError::MissingHash(hash_to_automerge(hash))),
    };
    chunks.iter().try_for_each(|chunk| match chunk {
        Chunk::Change(change) => there(&change.header.hash),
        Chunk::Document(whole) => whole.heads.iter().try_for_each(there),
    })
}

/// The changes with these hashes, as far as they are known.
fn names_of(document: &Automerge, names: &Names, hashes: &[ChangeHash]) -> Vec<(ActorId, u64)> {
    let stored = |hash: &ChangeHash| {
        let change = document.get_change_meta_by_hash(&hash_to_automerge(hash))?;
        Some((ActorId::new(change.actor.to_bytes()), change.seq))
    };
    hashes.iter().filter_map(|hash| names.get(hash).cloned().or_else(|| stored(hash))).collect()
}

/// Follows the changes that this program has made since then.
fn follow_all(
    places: &mut Places,
    document: &Automerge,
    since: &[automerge::ChangeHash],
    limits: &Limits,
) -> bool {
    document.get_changes(since).iter().all(|change| {
        let bytes = change.raw_bytes().to_vec().into();
        let Ok(chunks) = guard::read_chunks(&bytes, limits) else { return false };
        chunks.iter().all(|chunk| match chunk {
            Chunk::Change(change) => {
                let names = names_of(document, &Names::new(), &change.header.dependencies);
                places.follow(change, &names, limits, &mut STEPS_MAX.clone()).is_ok()
            }
            Chunk::Document(_) => false,
        })
    })
}

/// The places of a document as it is.
fn places_of(document: &Automerge, limits: &Limits) -> Result<Places, Rejection> {
    let mut places = Places::new();
    let options = SaveOptions { deflate: false, retain_orphans: false };
    let saved = document.save_with_options(options).into();
    for chunk in guard::read_chunks(&saved, limits)? {
        match chunk {
            Chunk::Document(whole) => places.load(&whole, limits)?,
            Chunk::Change(change) => {
                let names = names_of(document, &Names::new(), &change.header.dependencies);
                places.follow(&change, &names, limits, &mut STEPS_MAX.clone())?;
            }
        }
    }
    Ok(places)
}
