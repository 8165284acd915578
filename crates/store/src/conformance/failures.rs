//! The laws of a store whose storage is in trouble: it says so, keeps what it has acknowledged, answers readers, and
//! works again when the trouble is over, through the same handle.

use super::{
    TestStore, Verdict,
    laws::{chunk, document, drawn_batch, ensure, holds, patterned},
    schedule::Chance,
};
use crate::{Batch, Chunk, ChunkKey, ChunkKind, ChunkStore, StoreError};
use std::collections::BTreeMap;

/// So many chunks of this size fill any storage that is said to be full.
const CHUNKS_MAX: usize = 400;
const CHUNK_BYTES: usize = 16 << 10;

/// A place whose storage can be brought into trouble behind the store's back.
#[expect(async_fn_in_trait, reason = "as ChunkStore: IndexedDB futures are not Send")]
pub trait Troubled: TestStore {
    /// There is no room for anything new, or there is room again. What is stored stays.
    async fn fill_up(&self, store: &Self::Store, is_full: bool);

    /// The storage fails so that the next batch is answered with an error, whether or not it has happened.
    async fn fail_next(&self, store: &Self::Store);
}

/// Both laws, each for so many seeds.
pub async fn all_of_trouble<T: Troubled>(test: &T, seeds: u64) -> Verdict {
    full_refuses_and_loses_nothing(test, seeds).await?;
    failed_is_whole_or_nothing(test, seeds).await
}

/// Without room a batch is refused as a whole and as [`StoreError::Full`]; everybody can still read everything that was
/// acknowledged. With room again the very same batch succeeds.
pub async fn full_refuses_and_loses_nothing<T: Troubled>(test: &T, seeds: u64) -> Verdict {
    for seed in 0..seeds {
        no_room(test, &mut Chance(seed)).await.map_err(|broken| broken.under(seed))?;
    }
    Ok(())
}

/// A batch that is answered with an error has happened as a whole or not at all, and applying it again is harmless.
pub async fn failed_is_whole_or_nothing<T: Troubled>(test: &T, seeds: u64) -> Verdict {
    for seed in 0..seeds {
        failing(test, &mut Chance(seed)).await.map_err(|broken| broken.under(seed))?;
    }
    Ok(())
}

async fn no_room<T: Troubled>(test: &T, chance: &mut Chance) -> Verdict {
    let store = test.fresh().await;
    let other = test.again(&store).await;
    let document = document(0);
    let mut kept: Vec<Chunk> = Vec::new();
    for _ in 0..3 {
        for _ in 0..chance.below(4) {
            let small =
                chunk(document, ChunkKind::Incremental, &patterned(chance.below(500), chance.next() as u8));
            store.apply(Batch::put([small.clone()])).await?;
            kept.push(small);
        }
        test.fill_up(&store, true).await;
        let (mut refused, mut written) = (None, 0);
        while refused.is_none() && written < CHUNKS_MAX {
            let large = drawn(document, chance);
            let old = chance.below(kept.len());
            let deletes = kept.get(old).filter(|_| chance.below(3) == 0).map(Chunk::loaded_key);
            let batch = Batch::replace([large.clone()], deletes);
            match store.apply(batch.clone()).await {
                // Storage that was given out before still takes something.
                Ok(()) => {
                    kept.retain(|chunk| Some(chunk.loaded_key()) != deletes);
                    kept.push(large);
                    written += 1;
                }
                Err(StoreError::Full { .. }) => refused = Some((batch, large, deletes)),
                Err(other) => return ensure(false, || format!("no room is told as: {other}")),
            }
        }
        let Some((batch, large, deletes)) = refused else {
            return ensure(false, || format!("a full storage took {written} chunks"));
        };
        holds(&store, document, &kept).await?;
        holds(&other, document, &kept).await?;
        let again = store.apply(batch.clone()).await;
        ensure(matches!(again, Err(StoreError::Full { .. })), || format!("still no room, and: {again:?}"))?;
        holds(&other, document, &kept).await?;

        test.fill_up(&store, false).await;
        store.apply(batch).await?;
        kept.retain(|chunk| Some(chunk.loaded_key()) != deletes);
        kept.push(large);
        holds(&store, document, &kept).await?;
        holds(&other, document, &kept).await?;
    }
    Ok(())
}

async fn failing<T: Troubled>(test: &T, chance: &mut Chance) -> Verdict {
    let store = test.fresh().await;
    let other = test.again(&store).await;
    let document = document(0);
    let mut model: BTreeMap<ChunkKey, Chunk> = BTreeMap::new();
    for _ in 0..20 {
        let batch = drawn_batch(&store, document, chance).await?;
        let mut after = model.clone();
        batch.effective_deletes().for_each(|deleted| drop(after.remove(&deleted.key())));
        after.extend(batch.puts.iter().map(|put| (put.key(), put.clone())));
        let (before, after) = (values(&model), values(&after));
        if chance.below(2) == 0 && !batch.is_empty() {
            test.fail_next(&store).await;
            let answer = store.apply(batch.clone()).await;
            ensure(answer.is_err(), || "a failure was answered with success".to_owned())?;
            let found = other.load(document).await?;
            ensure(found.corrupt.is_empty() && (found.chunks == before || found.chunks == after), || {
                format!(
                    "half of a batch: {} chunks, neither {} nor {}",
                    found.chunks.len(),
                    before.len(),
                    after.len()
                )
            })?;
        }
        store.apply(batch).await?;
        holds(&store, document, &after).await?;
        holds(&other, document, &after).await?;
        model = after.into_iter().map(|chunk| (chunk.key(), chunk)).collect();
    }
    Ok(())
}

fn values(model: &BTreeMap<ChunkKey, Chunk>) -> Vec<Chunk> {
    model.values().cloned().collect()
}

/// A chunk that is like no other.
fn drawn(document: ids::DocumentId, chance: &mut Chance) -> Chunk {
    let bytes: Vec<u8> = (0..CHUNK_BYTES / 8).flat_map(|_| chance.next().to_le_bytes()).collect();
    chunk(document, ChunkKind::Incremental, &bytes)
}
