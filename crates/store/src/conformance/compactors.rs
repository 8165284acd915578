//! The law of compactors: whatever the order in which they load and write, nothing is lost, and no reader ever sees less
//! than there once was.

use super::{
    TestStore, Verdict,
    in_turns::in_turns,
    laws::ensure,
    schedule::{self, Chance},
};
use crate::{Batch, Chunk, ChunkKind, ChunkStore, Loaded};
use ids::DocumentId;
use std::collections::BTreeSet;

/// Steps of a compactor (it loads, it writes) and of the writer, in a drawn order.
const ROUNDS: usize = 3;
const WRITES: usize = 3;
/// Drawn orders have from two to so many compactors.
const COMPACTORS_MAX: u64 = 5;

/// Any order of any number of compactors and a writer keeps the union: what was acknowledged is covered after every
/// step, and whoever reads *while* a step is carried out sees what was acknowledged before it.
///
/// Every order of one round of two compactors is tried, and for each of `seeds` an order of three rounds of two to five.
/// A compactor keeps a snapshot it loaded if that covers everything, preferring the first or the last, and writes a new
/// one otherwise, in an encoding of its own: equal content in different bytes is what real snapshots of equal heads are.
/// Some compactors die between loading and writing.
pub async fn compactors_keep_the_union<T: TestStore>(test: &T, seeds: u64) -> Verdict {
    let store = test.fresh().await;
    for (at, order) in schedule::every(&[2, 2, 2]).into_iter().enumerate() {
        let race = Race { document: document(0, at as u64), compactors: 2, dies: None };
        race.run(test, &store, &order).await?;
    }
    for seed in 0..seeds {
        let mut chance = Chance(seed);
        let compactors = 2 + chance.below(COMPACTORS_MAX as usize - 1);
        let steps: Vec<usize> = std::iter::repeat_n(2 * ROUNDS, compactors).chain([WRITES]).collect();
        let order = schedule::one(&steps, chance.next());
        let dies = (chance.below(2) == 0).then(|| chance.below(order.len()));
        let race = Race { document: document(1, seed), compactors, dies };
        race.run(test, &store, &order).await.map_err(|broken| broken.under(seed))?;
    }
    Ok(())
}

struct Race {
    document: DocumentId,
    compactors: usize,
    /// At this step, whoever has loaded something forgets it.
    dies: Option<usize>,
}

impl Race {
    /// Whose turn is a compactor's number, or any other for the writer.
    async fn run<T: TestStore>(&self, test: &T, store: &T::Store, order: &[usize]) -> Verdict {
        let mut handles = Vec::new();
        for _ in 0..self.compactors {
            handles.push(test.again(store).await);
        }
        let reader = test.again(store).await;
        let mut pending: Vec<Option<Loaded>> = vec![None; self.compactors];
        let mut acknowledged: BTreeSet<u32> = BTreeSet::from([1, 2]);
        store.apply(Batch::put([1, 2].map(|change| self.change(change)))).await?;
        for (step, actor) in order.iter().enumerate() {
            if self.dies == Some(step) {
                pending.fill(None);
            }
            let (handle, batch) = match (handles.get(*actor), pending.get_mut(*actor)) {
                (Some(handle), Some(pending)) => match pending.take() {
                    None => {
                        *pending = Some(handle.load(self.document).await?);
                        continue;
                    }
                    Some(loaded) => (handle, compaction(self.document, *actor, &loaded)),
                },
                _ => (store, Batch::put([self.change(acknowledged.len() as u32 + 1)])),
            };
            let written = union(&batch.puts);
            let (applied, seen) = in_turns(handle.apply(batch), reader.load(self.document)).await;
            applied?;
            self.covers(&acknowledged, &seen?, "a reader in the middle", order)?;
            acknowledged.extend(written);
            self.covers(&acknowledged, &store.load(self.document).await?, "a reader afterwards", order)?;
        }
        store.apply(compaction(self.document, 0, &store.load(self.document).await?)).await?;
        let loaded = store.load(self.document).await?;
        ensure(loaded.chunks.len() == 1 && union(&loaded.chunks) == acknowledged, || {
            format!("a compaction in peace left {} chunks, order {order:?}", loaded.chunks.len())
        })
    }

    fn covers(&self, acknowledged: &BTreeSet<u32>, seen: &Loaded, who: &str, order: &[usize]) -> Verdict {
        let seen = union(&seen.chunks);
        ensure(acknowledged.is_subset(&seen), || {
            format!("{who} sees {seen:?} where {acknowledged:?} was acknowledged, order {order:?}")
        })
    }

    fn change(&self, change: u32) -> Chunk {
        covering(self.document, 0, &BTreeSet::from([change]))
    }
}

fn document(kind: u8, number: u64) -> DocumentId {
    DocumentId::from_bytes((u128::from(number) | u128::from(kind + 1) << 64).to_be_bytes())
}

/// One batch that replaces everything loaded by one snapshot of it.
fn compaction(document: DocumentId, compactor: usize, loaded: &Loaded) -> Batch {
    let everything = union(&loaded.chunks);
    let mut covering_all =
        loaded.of_kind(ChunkKind::Snapshot).filter(|snapshot| read(snapshot) == everything);
    let kept = if compactor.is_multiple_of(2) { covering_all.next() } else { covering_all.last() };
    let snapshot = kept.cloned().unwrap_or_else(|| covering(document, compactor as u8 + 1, &everything));
    Batch::replace([snapshot], loaded.chunks.iter().map(Chunk::loaded_key))
}

/// A chunk that stands for some changes: the encoding, then each change in four bytes.
fn covering(document: DocumentId, encoding: u8, changes: &BTreeSet<u32>) -> Chunk {
    let kind = if encoding == 0 { ChunkKind::Incremental } else { ChunkKind::Snapshot };
    let bytes: Vec<u8> =
        [encoding].into_iter().chain(changes.iter().flat_map(|change| change.to_be_bytes())).collect();
    Chunk::new(document, kind, bytes)
}

fn read(chunk: &Chunk) -> BTreeSet<u32> {
    let (changes, _) = chunk.bytes().get(1..).unwrap_or_default().as_chunks::<4>();
    changes.iter().map(|change| u32::from_be_bytes(*change)).collect()
}

fn union(chunks: &[Chunk]) -> BTreeSet<u32> {
    chunks.iter().flat_map(read).collect()
}
