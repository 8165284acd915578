//! The laws.

use super::{
    Broken, TestStore, Verdict, compactors::compactors_keep_the_union, in_turns::in_turns, schedule::Chance,
};
use crate::{Batch, Chunk, ChunkKey, ChunkKind, ChunkStore, Corruption, codec};
use ids::DocumentId;
use std::collections::{BTreeMap, BTreeSet};

/// Every law; each of those that draw is held for so many `seeds`. The costliest, a seed of compactors, needs some 40
/// transactions.
pub async fn all<T: TestStore>(test: &T, seeds: u64) -> Verdict {
    nothing_is_an_empty_document(test).await?;
    puts_are_idempotent(test).await?;
    acknowledged_is_loaded(test, seeds.div_ceil(20)).await?;
    deletes_only_what_was_loaded(test).await?;
    batches_stand_or_fall_together(test).await?;
    documents_are_isolated(test).await?;
    damage_is_reported(test).await?;
    any_damage_is_reported(test, seeds).await?;
    compactors_keep_the_union(test, seeds).await
}

/// A document nobody has written to is empty, not an error; an empty batch is a success.
pub async fn nothing_is_an_empty_document<T: TestStore>(test: &T) -> Verdict {
    let store = test.fresh().await;
    store.apply(Batch::default()).await?;
    holds(&store, document(0), &[]).await?;
    ensure(store.documents().await?.is_empty(), || "an empty store knows documents".to_owned())
}

/// Putting twice, in one batch or in two, is putting once, of every kind and length.
pub async fn puts_are_idempotent<T: TestStore>(test: &T) -> Verdict {
    let store = test.fresh().await;
    // Around a database page, around 64 KiB, and a snapshot of some size.
    for (at, len) in [0, 1, 31, 4_000, 4_095, 4_096, 4_097, 65_536, 1 << 20].into_iter().enumerate() {
        let document = document(at as u8);
        let chunks = ChunkKind::ALL.map(|kind| chunk(document, kind, &patterned(len, kind.to_byte())));
        store.apply(Batch::put(chunks.clone().into_iter().chain(chunks.clone()))).await?;
        holds(&store, document, &chunks).await?;
        store.apply(Batch::put(chunks.clone())).await?;
        holds(&store, document, &chunks).await?;
    }
    Ok(())
}

/// Whatever was acknowledged is loaded, by this handle and by any other, after every single batch of a random history.
pub async fn acknowledged_is_loaded<T: TestStore>(test: &T, seeds: u64) -> Verdict {
    for seed in 0..seeds {
        history(test, &mut Chance(seed)).await.map_err(|broken| broken.under(seed))?;
    }
    Ok(())
}

async fn history<T: TestStore>(test: &T, chance: &mut Chance) -> Verdict {
    let store = test.fresh().await;
    let other = test.again(&store).await;
    let mut model: BTreeMap<ChunkKey, Chunk> = BTreeMap::new();
    for _ in 0..60 {
        let document = document(chance.below(3) as u8);
        let batch = drawn_batch(&store, document, chance).await?;
        let (puts, deletes) = (batch.puts.clone(), batch.deletes.clone());
        store.apply(batch).await?;
        deletes.iter().for_each(|deleted| drop(model.remove(&deleted.key())));
        puts.into_iter().for_each(|put| drop(model.insert(put.key(), put)));
        let expected: Vec<_> =
            model.values().filter(|chunk| chunk.key().document == document).cloned().collect();
        holds(&store, document, &expected).await?;
        holds(&other, document, &expected).await?;
    }
    let documents: BTreeSet<_> = model.keys().map(|key| key.document).collect();
    ensure(other.documents().await? == Vec::from_iter(documents), || "documents() forgot one".to_owned())
}

/// A few puts, and deletes of some of what is there.
pub(super) async fn drawn_batch(
    store: &impl ChunkStore,
    document: DocumentId,
    chance: &mut Chance,
) -> Result<Batch, Broken> {
    let mut batch = Batch::default();
    for _ in 0..chance.below(4) {
        let kind = if chance.below(4) == 0 { ChunkKind::Snapshot } else { ChunkKind::Incremental };
        // Few enough different contents that some are put again, some after their deletion.
        let (len, seed) = (chance.below(10), chance.below(16));
        batch.puts.push(chunk(document, kind, &patterned(len, seed as u8)));
    }
    for loaded in store.load(document).await?.chunks {
        if chance.below(4) == 0 {
            batch.deletes.push(loaded.loaded_key());
        }
    }
    Ok(batch)
}

/// A delete removes exactly the keys it names; deleting what is gone is a success; a key that the same batch puts
/// stays.
pub async fn deletes_only_what_was_loaded<T: TestStore>(test: &T) -> Verdict {
    let store = test.fresh().await;
    let document = document(0);
    let [a, b, c] = [1, 2, 3].map(|seed| chunk(document, ChunkKind::Incremental, &patterned(100, seed)));
    // The same bytes as a snapshot are another chunk.
    let twin = chunk(document, ChunkKind::Snapshot, a.bytes());
    store.apply(Batch::put([a.clone(), b.clone(), c.clone(), twin.clone()])).await?;
    store.apply(Batch::replace([], [a.loaded_key(), b.loaded_key()])).await?;
    holds(&store, document, &[twin.clone(), c.clone()]).await?;
    store.apply(Batch::replace([], [a.loaded_key(), a.loaded_key()])).await?;
    holds(&store, document, &[twin.clone(), c.clone()]).await?;
    store.apply(Batch::replace([c.clone()], [c.loaded_key(), twin.loaded_key()])).await?;
    holds(&store, document, &[c]).await
}

/// Another handle that reads between any two batches sees all of a batch or nothing of it.
pub async fn batches_stand_or_fall_together<T: TestStore>(test: &T) -> Verdict {
    let store = test.fresh().await;
    let other = test.again(&store).await;
    let document = document(0);
    let mut before: Vec<Chunk> = Vec::new();
    for round in 0..8_u8 {
        let after: Vec<_> = (0..=round)
            .map(|part| chunk(document, ChunkKind::Incremental, &patterned(700, round * 16 + part)))
            .collect();
        let batch = Batch::replace(after.clone(), before.iter().map(Chunk::loaded_key));
        // Both futures make progress in turns where the backend really waits; where it answers at once, the read
        // falls on one side of the batch.
        let (applied, seen) = in_turns(store.apply(batch), other.load(document)).await;
        applied?;
        let seen = sorted(seen?.chunks);
        ensure(seen == sorted(before) || seen == sorted(after.clone()), || {
            format!("a reader saw {} chunks, part of a batch", seen.len())
        })?;
        holds(&other, document, &after).await?;
        before = after;
    }
    Ok(())
}

/// What happens to one document happens to no other, however close their ids are.
pub async fn documents_are_isolated<T: TestStore>(test: &T) -> Verdict {
    let store = test.fresh().await;
    let near = |last: u8| {
        let mut bytes = [0x7f; 16];
        bytes[15] = last;
        DocumentId::from_bytes(bytes)
    };
    let ids =
        [DocumentId::from_bytes([0; 16]), near(0), near(1), near(0xff), DocumentId::from_bytes([0xff; 16])];
    let same = |id| chunk(id, ChunkKind::Snapshot, b"the same bytes everywhere");
    store.apply(Batch::put(ids.map(same))).await?;
    ensure(store.documents().await? == ids, || "documents() is not every document, ascending".to_owned())?;
    store.apply(Batch::replace([], [same(near(0)).loaded_key()])).await?;
    for id in ids {
        let expected = if id == near(0) { vec![] } else { vec![same(id)] };
        holds(&store, id, &expected).await?;
    }
    let left: Vec<_> = ids.into_iter().filter(|id| *id != near(0)).collect();
    ensure(store.documents().await? == left, || "documents() names a document without chunks".to_owned())
}

/// A damaged chunk is reported, never returned, never deleted, costs nobody else anything, and is repaired by a put.
pub async fn damage_is_reported<T: TestStore>(test: &T) -> Verdict {
    let store = test.fresh().await;
    let whole = patterned(5_000, 9);
    let mut flipped = codec::encode(&whole);
    flipped.iter_mut().skip(2_500).take(1).for_each(|byte| *byte ^= 1);
    let cut = codec::encode(whole.get(..4_000).unwrap_or_default());
    let damages = [
        (flipped, Corruption::Hash),
        (cut, Corruption::Hash),
        (vec![1, 2, 3], Corruption::Format(1)),
        (vec![255], Corruption::Format(255)),
        (vec![], Corruption::Empty),
    ];
    for (at, (stored, why)) in damages.into_iter().enumerate() {
        let document = document(at as u8);
        let victim = chunk(document, ChunkKind::Incremental, &whole);
        let sound = [ChunkKind::Snapshot, ChunkKind::Incremental]
            .map(|kind| chunk(document, kind, &patterned(50, kind.to_byte())));
        store.apply(Batch::put(sound.clone().into_iter().chain([victim.clone()]))).await?;
        test.overwrite(&store, &victim.key(), &stored).await;

        for _ in 0..2 {
            let loaded = store.load(document).await?;
            ensure(sorted(loaded.chunks.clone()) == sorted(sound.to_vec()), || {
                format!("damage ({why}) cost a sound chunk or let a damaged one through: {loaded:?}")
            })?;
            let reported: Vec<_> = loaded.corrupt.iter().map(|corrupt| (corrupt.key, corrupt.why)).collect();
            ensure(reported == [(victim.key(), why)], || format!("expected {why}, reported {reported:?}"))?;
        }
        let listed = store.list(document).await?;
        ensure(listed.iter().any(|(key, _)| *key == victim.key()), || "a damaged chunk vanished".to_owned())?;

        store.apply(Batch::put([victim.clone()])).await?;
        holds(&store, document, &[sound.to_vec(), vec![victim]].concat()).await?;
    }
    Ok(())
}

/// As [`damage_is_reported`], for damage as it comes: a bit that is another, an end that is missing, bytes too many.
pub async fn any_damage_is_reported<T: TestStore>(test: &T, seeds: u64) -> Verdict {
    let store = test.fresh().await;
    for seed in 0..seeds {
        rot(test, &store, &mut Chance(seed)).await.map_err(|broken| broken.under(seed))?;
    }
    Ok(())
}

async fn rot<T: TestStore>(test: &T, store: &T::Store, chance: &mut Chance) -> Verdict {
    let document = document(chance.below(200) as u8);
    let bytes = patterned(1 + chance.below(3_000), chance.next() as u8);
    let victim = chunk(document, ChunkKind::Incremental, &bytes);
    let sound = chunk(document, ChunkKind::Snapshot, &bytes);
    store.apply(Batch::put([victim.clone(), sound.clone()])).await?;
    let mut stored = codec::encode(&bytes);
    let place = chance.below(stored.len());
    match chance.below(4) {
        0 => stored.truncate(place),
        1 => stored.extend((0..=chance.below(50)).map(|_| chance.next() as u8)),
        _ => {
            let bit = 1 << chance.below(8);
            stored.iter_mut().skip(place).take(1).for_each(|byte| *byte ^= bit);
        }
    }
    test.overwrite(store, &victim.key(), &stored).await;
    let loaded = store.load(document).await?;
    let reported: Vec<_> = loaded.corrupt.iter().map(|corrupt| corrupt.key).collect();
    ensure(reported == [victim.key()], || format!("reported {reported:?}, damaged was {}", victim.key()))?;
    ensure(loaded.chunks.contains(&sound) && !loaded.chunks.contains(&victim), || {
        "damage was let through, or cost another chunk".to_owned()
    })?;
    // The next seed may draw the same document.
    store.apply(Batch::put([victim])).await?;
    let loaded = store.load(document).await?;
    let all = loaded.chunks.iter().map(Chunk::loaded_key).collect::<Vec<_>>();
    store.apply(Batch::replace([], all)).await?;
    holds(store, document, &[]).await
}

/// Load, list and documents all agree that the document holds exactly `expected`.
pub(super) async fn holds(store: &impl ChunkStore, document: DocumentId, expected: &[Chunk]) -> Verdict {
    let expected = sorted(expected.to_vec());
    let loaded = store.load(document).await?;
    ensure(loaded.corrupt.is_empty(), || format!("damage nobody did: {:?}", loaded.corrupt))?;
    ensure(loaded.chunks == expected, || {
        format!("{document} should hold {expected:?} in this order, holds {:?}", loaded.chunks)
    })?;
    let lens: Vec<_> = expected.iter().map(|chunk| (chunk.key(), chunk.bytes().len() as u64)).collect();
    let listed = store.list(document).await?;
    ensure(listed == lens, || format!("{document} should list {lens:?}, lists {listed:?}"))?;
    let known = store.documents().await?.contains(&document);
    ensure(known != expected.is_empty(), || format!("documents() is wrong about {document}"))
}

pub(super) fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(Broken(otherwise())) }
}

fn sorted(mut chunks: Vec<Chunk>) -> Vec<Chunk> {
    chunks.sort_by_key(Chunk::key);
    chunks.dedup();
    chunks
}

pub(super) fn document(number: u8) -> DocumentId {
    DocumentId::from_bytes([number.wrapping_add(1); 16])
}

pub(super) fn chunk(document: DocumentId, kind: ChunkKind, bytes: &[u8]) -> Chunk {
    Chunk::new(document, kind, bytes.to_vec())
}

pub(super) fn patterned(len: usize, seed: u8) -> Vec<u8> {
    let mut chance = Chance(u64::from(seed));
    (0..len).map(|_| chance.next() as u8).collect()
}
