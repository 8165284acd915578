//! From stored chunks back to a change graph, without building the document.
//!
//! The index beside the newest snapshot gives the graph up to there, the headers of the incremental chunks give the
//! rest. Whatever is damaged, unknown or contradictory is reported, left where it is, and done without. A snapshot whose
//! index is missing is taken apart once, outside, and gets a new one.
//!
//! An index vouches for its snapshot, and a receipt for its change: both are written only when the guard has followed
//! every reference. Where operations are is read only if some change has no receipt, to follow that one; otherwise when
//! somebody writes ([`whereabouts`](super::whereabouts)).
//!
//! Reading a hundred thousand changes takes a while. It is pure computation, and happens where the chunks are read:
//! see [`Stored::read`].

use super::{
    bodies::{Bodies, Snapshot},
    followed::{Followed, enter, enter_vouched},
    graph::Graph,
    keeping::first_origin,
    orphans::{Origin, Orphans},
    positions::Positions,
    whereabouts::Whereabouts,
};
use crate::{
    compaction::read_snapshot,
    event::RequestId,
    index::{Index, IndexedChange},
    report::Report,
};
use bytes::Bytes;
use guard::{CheckedChange, Limits, Places};
use ids::{ChangeHash, Heads};
use std::collections::{BTreeMap, BTreeSet};
use store::{Chunk, ChunkKind, Loaded, LoadedKey};

impl Origin for LoadedKey {
    type Owner = LoadedKey;

    fn owner(&self) -> LoadedKey {
        *self
    }
}

/// Changes of one document that is taken apart.
impl Origin for () {
    type Owner = ();

    fn owner(&self) {}
}

/// Everything stored of a document, read and checked: what the relay keeps in memory of it.
#[derive(Debug)]
pub struct Stored(pub(crate) Progress);

/// How far that is.
#[derive(Debug)]
pub(crate) enum Progress {
    /// Complete.
    Done(Box<Rebuilt>),
    /// Some document chunks have to be taken apart first.
    Waiting(Box<Rebuild>),
}

impl Stored {
    /// Reads what a store has loaded. Meant for the thread that loads, so that the relay need not wait for it.
    /// `vouched` answers which of some changes have a [receipt](crate::Receipt); `limits` are
    /// [`Config::chunks`](crate::Config::chunks).
    pub fn read(
        loaded: &Loaded,
        vouched: impl FnOnce(&[ChangeHash]) -> BTreeSet<ChangeHash>,
        limits: &Limits,
    ) -> Self {
        let mut rebuild = Rebuild::start(loaded, limits);
        let loose: Vec<ChangeHash> = rebuild.loose.iter().map(|(change, _)| change.header.hash).collect();
        if !loose.is_empty() {
            rebuild.vouched = vouched(&loose);
        }
        Self(rebuild.proceed(limits))
    }
}

/// Stored chunks on their way to a graph.
#[derive(Debug, Default)]
pub(crate) struct Rebuild {
    base: Option<Base>,
    /// Changes that are stored outside of the base.
    loose: Vec<(CheckedChange, LoadedKey)>,
    /// Those of them that were followed before they were written.
    vouched: BTreeSet<ChangeHash>,
    /// Chunks whose content is in the base.
    redundant: Vec<LoadedKey>,
    /// Document chunks to be taken apart, and those that are.
    whole: Vec<Whole>,
    asked: BTreeMap<RequestId, Whole>,
    /// There is more than one snapshot.
    scattered: bool,
    new_index: Option<Chunk>,
    reports: Vec<Report>,
}

/// The snapshot everything else is added to.
#[derive(Debug)]
struct Base {
    chunk: Chunk,
    index: Index,
    index_key: LoadedKey,
    /// Of its operations, if they had to be read.
    places: Option<Places>,
}

/// A document chunk without a usable index.
#[derive(Debug)]
struct Whole {
    key: LoadedKey,
    bytes: Bytes,
    /// The snapshot it is, if it can become the base.
    base: Option<Unindexed>,
}

/// A snapshot that lacks nothing but its index.
#[derive(Debug)]
struct Unindexed {
    chunk: Chunk,
    heads: Heads,
    places: Places,
}

/// A document as it was stored.
#[derive(Debug)]
pub(crate) struct Rebuilt {
    pub(crate) graph: Graph,
    /// Where the operations of its changes are.
    pub(crate) whereabouts: Whereabouts,
    pub(crate) bodies: Bodies,
    /// Stored changes whose past is not.
    pub(crate) stranded: Orphans<LoadedKey>,
    pub(crate) stranded_changes: usize,
    pub(crate) scattered: bool,
    /// An index that was missing.
    pub(crate) new_index: Option<Chunk>,
    pub(crate) reports: Vec<Report>,
}

impl Rebuild {
    /// Sorts what was loaded.
    fn start(loaded: &Loaded, limits: &Limits) -> Self {
        let mut rebuild = Self::default();
        rebuild.reports.extend(loaded.corrupt.iter().copied().map(Report::Corrupt));
        let mut indexes = BTreeMap::new();
        for chunk in loaded.of_kind(ChunkKind::Index) {
            match Index::decode(chunk.bytes()) {
                Ok(index) => {
                    indexes.insert(*index.snapshot(), (index, chunk.loaded_key()));
                }
                Err(why) => rebuild.unusable(chunk.loaded_key(), why.to_string()),
            }
        }
        let mut indexed = Vec::new();
        let mut unindexed = Vec::new();
        for chunk in loaded.of_kind(ChunkKind::Snapshot) {
            if let Some((index, index_key)) = indexes.remove(&chunk.key().hash) {
                indexed.push(Base { chunk: chunk.clone(), index, index_key, places: None });
                continue;
            }
            match read_snapshot(chunk, limits) {
                Ok((heads, places)) => unindexed.push(Unindexed { chunk: chunk.clone(), heads, places }),
                // Not one document that can be built upon: perhaps changes, or several documents, that somebody
                // imported. Or one with a change that would be refused, which taking it apart will show.
                Err(_) => rebuild.read_loose(chunk, limits),
            }
        }
        for chunk in loaded.of_kind(ChunkKind::Incremental) {
            rebuild.read_loose(chunk, limits);
        }
        rebuild.choose_base(indexed, unindexed);
        rebuild
    }

    /// The next document chunk to be taken apart. Ask, and say under which name with [`asked`](Self::asked).
    pub(crate) fn next_whole(&self) -> Option<&Bytes> {
        self.whole.last().map(|whole| &whole.bytes)
    }

    /// The question about [`next_whole`](Self::next_whole) has this name.
    pub(crate) fn asked(&mut self, request: RequestId) {
        if let Some(whole) = self.whole.pop() {
            self.asked.insert(request, whole);
        }
    }

    /// A document chunk has been taken apart, or could not be.
    pub(crate) fn answered(&mut self, request: RequestId, changes: Result<Vec<CheckedChange>, String>) {
        let Some(Whole { key, base, .. }) = self.asked.remove(&request) else { return };
        match changes {
            Err(why) => self.unusable(key, why),
            Ok(changes) => {
                if let Some(Unindexed { chunk, heads, places }) = base {
                    match index_of(&chunk, &heads, &changes) {
                        Ok(index) => {
                            let index_chunk =
                                Chunk::new(chunk.key().document, ChunkKind::Index, index.encode());
                            let index_key = index_chunk.loaded_key();
                            self.base = Some(Base { chunk, index, index_key, places: Some(places) });
                            self.new_index = Some(index_chunk);
                            return;
                        }
                        Err(why) => self.unusable(key, why),
                    }
                }
                self.loose.extend(changes.into_iter().map(|change| (change, key)));
            }
        }
    }

    /// As far as it goes now.
    pub(crate) fn proceed(self, limits: &Limits) -> Progress {
        let is_ready = self.whole.is_empty() && self.asked.is_empty();
        if is_ready {
            Progress::Done(Box::new(self.finish(limits)))
        } else {
            Progress::Waiting(Box::new(self))
        }
    }

    fn finish(mut self, limits: &Limits) -> Rebuilt {
        let mut bodies = Bodies::default();
        let mut graph = Graph::default();
        let mut places = self.places(limits);
        if let Some(Base { chunk, index, index_key, .. }) = self.base.take() {
            graph = index.into_graph();
            bodies.start_from(Snapshot { chunk, index: index_key, covered: Positions::up_to(graph.len()) });
        }
        let keys: Vec<LoadedKey> = self.loose.iter().map(|(_, key)| *key).collect();
        let loose = std::mem::take(&mut self.loose);
        let (stranded, misfits) = place(&mut graph, loose, |graph, change, key| {
            let (position, change) = match &mut places {
                Some(places) => enter(graph, places, change, limits)?,
                None => enter_vouched(graph, Followed::vouched(change))?,
            };
            bodies.add(position, change.bytes().clone(), key);
            Ok(())
        });
        for (key, why) in misfits {
            self.unusable(key, why);
        }
        let used = bodies.keys();
        let unusable: Vec<LoadedKey> = self.reports.iter().filter_map(unusable_key).collect();
        let free = |key: &LoadedKey| {
            !used.contains(key) && !unusable.contains(key) && stranded.held_for(*key).0 == 0
        };
        keys.into_iter().chain(self.redundant).filter(free).for_each(|key| bodies.add_redundant(key));
        Rebuilt {
            graph,
            whereabouts: places.map_or(Whereabouts::Unread, |places| Whereabouts::Known(Box::new(places))),
            bodies,
            stranded_changes: stranded.count(),
            stranded,
            scattered: self.scattered,
            new_index: self.new_index,
            reports: self.reports,
        }
    }

    /// Where the operations of the base are, if some change has to be followed or it is known anyway.
    fn places(&mut self, limits: &Limits) -> Option<Places> {
        let is_vouched =
            |(change, _): &(CheckedChange, LoadedKey)| self.vouched.contains(&change.header.hash);
        let vouched = self.loose.iter().all(is_vouched);
        let Some(base) = &mut self.base else { return (!vouched).then(Places::new) };
        if vouched || base.places.is_some() {
            return base.places.take();
        }
        match read_snapshot(&base.chunk, limits) {
            Ok((_, places)) => Some(places),
            Err(why) => {
                let key = base.chunk.loaded_key();
                self.base = None;
                self.unusable(key, why);
                Some(Places::new())
            }
        }
    }

    fn choose_base(&mut self, mut indexed: Vec<Base>, mut unindexed: Vec<Unindexed>) {
        indexed.sort_by_key(|base| base.index.changes());
        if let Some(base) = indexed.pop() {
            self.base = Some(base);
        } else {
            unindexed.sort_by_key(|snapshot| snapshot.chunk.bytes().len());
            if let Some(snapshot) = unindexed.pop() {
                let (key, bytes) = (snapshot.chunk.loaded_key(), snapshot.chunk.bytes().clone());
                self.whole.push(Whole { key, bytes, base: Some(snapshot) });
            }
        }
        let others = indexed.into_iter().map(|base| {
            let Base { chunk, index, index_key, .. } = base;
            (chunk, index.heads(), Some(index_key))
        });
        let unindexed = unindexed.into_iter().map(|snapshot| (snapshot.chunk, snapshot.heads, None));
        for (chunk, heads, index_key) in others.chain(unindexed) {
            let base = self.base.as_ref().map(|base| base.index.graph());
            if base.is_some_and(|base| heads.iter().all(|head| base.contains(head))) {
                self.redundant.push(chunk.loaded_key());
            } else {
                let (key, bytes) = (chunk.loaded_key(), chunk.into_bytes());
                self.whole.push(Whole { key, bytes, base: None });
                self.scattered = true;
            }
            // An index can be made again from its snapshot, if that should stay.
            self.redundant.extend(index_key);
        }
    }

    fn read_loose(&mut self, chunk: &Chunk, limits: &Limits) {
        let key = chunk.loaded_key();
        match guard::read_chunks(chunk.bytes(), limits) {
            Err(rejection) => self.unusable(key, rejection.to_string()),
            Ok(read) => {
                for part in read {
                    match part {
                        guard::Chunk::Change(change) => self.loose.push((change, key)),
                        guard::Chunk::Document(document) => {
                            self.whole.push(Whole { key, bytes: document.bytes, base: None });
                            self.scattered = true;
                        }
                    }
                }
            }
        }
    }

    fn unusable(&mut self, key: LoadedKey, why: String) {
        self.reports.push(Report::Unusable { key, why });
    }
}

fn unusable_key(report: &Report) -> Option<LoadedKey> {
    match report {
        Report::Unusable { key, .. } => Some(*key),
        _ => None,
    }
}

/// Lets changes `enter` the graph in an order that it accepts. What is left: those without their past, and those that
/// contradict others.
fn place<O: Copy + Origin>(
    graph: &mut Graph,
    mut changes: Vec<(CheckedChange, O)>,
    mut enter: impl FnMut(&mut Graph, CheckedChange, O) -> Result<(), String>,
) -> (Orphans<O>, Vec<(O, String)>) {
    // A change counts its operations on from those it depends on, and from those it refers to, so this is nearly the
    // right order already: what was let in by the door is let in again. And it is the same order on every run.
    changes.sort_by(|(a, _), (b, _)| {
        (a.header.start_op, a.header.hash).cmp(&(b.header.start_op, b.header.hash))
    });
    let mut orphans = Orphans::default();
    let mut misfits = Vec::new();
    for (change, origin) in changes {
        let mut ready = vec![(change, origin)];
        while let Some((change, origin)) = ready.pop() {
            let hash = change.header.hash;
            if graph.contains(&hash) {
                continue;
            }
            if !change.header.dependencies.iter().all(|dependency| graph.contains(dependency)) {
                orphans.keep(change, origin, |hash| graph.contains(hash));
                continue;
            }
            match enter(graph, change, origin) {
                Ok(()) => {
                    let released = orphans.release(&hash, |hash| graph.contains(hash));
                    ready.extend(released.into_iter().filter_map(first_origin));
                }
                Err(why) => misfits.push((origin, why)),
            }
        }
    }
    (orphans, misfits)
}

fn index_of(chunk: &Chunk, heads: &Heads, changes: &[CheckedChange]) -> Result<Index, String> {
    let mut order = Vec::with_capacity(changes.len());
    let changes = changes.iter().map(|change| (change.clone(), ())).collect();
    // Their places are those of the snapshot.
    place(&mut Graph::default(), changes, |graph, change, ()| {
        let last_op = change.header.last_op();
        let guard::ChangeHeader { hash, dependencies, actor, sequence, .. } = change.header;
        let change = IndexedChange { hash, dependencies, actor, sequence, last_op };
        graph.append(&change.dependencies, &change.as_new()).map_err(|misfit| misfit.to_string())?;
        order.push(change);
        Ok(())
    });
    let index = Index::new(chunk.key().hash, order).map_err(|why| why.to_string())?;
    if index.heads() == *heads { Ok(index) } else { Err("its changes do not lead to its heads".to_owned()) }
}
