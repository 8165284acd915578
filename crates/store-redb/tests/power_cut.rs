//! The power goes at every sync of a workload, and the disk keeps, drops or tears what was not synced as it likes.
//!
//! Reopened, the file must hold every write that was acknowledged and, of the one in flight, all or nothing.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests: a panic is their way to fail")]

use ids::{ChangeHash, DocumentId, Timestamp, WorkspaceId};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use std::collections::{BTreeMap, BTreeSet};
use store::{Batch, Chunk, ChunkKey, ChunkKind};
use store_redb::{
    DocumentRegistration, NewWorkspace, Options, Receipt, RelayFile, Write, WriteError,
    simulated::SimulatedDisk,
};

const WORKSPACE: WorkspaceId = WorkspaceId::from_bytes([1; 10]);

/// Everything that a file holds, as a caller sees it.
#[derive(Debug, Clone, Default, PartialEq)]
struct Content {
    chunks: BTreeMap<ChunkKey, Chunk>,
    receipts: BTreeSet<ChangeHash>,
    documents: BTreeSet<DocumentId>,
}

impl Content {
    fn read(file: &RelayFile) -> Self {
        let reader = file.reader();
        let registered = reader.documents_of(WORKSPACE).unwrap();
        let mut content =
            Self { documents: registered.iter().map(|it| it.document).collect(), ..Self::default() };
        for document in (0..4).map(document) {
            let loaded = reader.load(document).unwrap();
            assert!(loaded.corrupt.is_empty(), "{loaded:?}");
            content.chunks.extend(loaded.chunks.into_iter().map(|chunk| (chunk.key(), chunk)));
            content.receipts.extend(reader.receipts(document).map(|receipt| receipt.unwrap().change));
        }
        content
    }

    fn with(mut self, writes: &[Write]) -> Self {
        for write in writes {
            write.batch.effective_deletes().for_each(|deleted| drop(self.chunks.remove(&deleted.key())));
            self.chunks.extend(write.batch.puts.iter().map(|chunk| (chunk.key(), chunk.clone())));
            self.receipts.extend(write.receipts.iter().map(|receipt| receipt.change));
            self.documents.extend(write.register.iter().map(|registration| registration.document));
        }
        self
    }
}

fn document(number: u8) -> DocumentId {
    DocumentId::from_bytes([number + 1; 16])
}

fn open(disk: &SimulatedDisk) -> Result<RelayFile, store::StoreError> {
    let disk = disk.clone();
    // A cache far too small for the content, so that pages really come from the disk.
    let options = Options { cache_bytes: 64 << 10, ..Options::default() };
    RelayFile::open_with_backend(move || disk.backend(), &options)
}

/// What the relay writes: a few incrementals with their receipts, now and then a compaction or a new document.
fn next_writes(rng: &mut ChaCha8Rng, content: &Content) -> Vec<Write> {
    let mut writes = Vec::new();
    let mut seen = content.clone();
    for _ in 0..1 + rng.next_u32() % 3 {
        let document = document((rng.next_u32() % 4) as u8);
        let write = if rng.next_u32().is_multiple_of(5) {
            let old: Vec<_> = seen.chunks.values().filter(|chunk| chunk.key().document == document).collect();
            let snapshot = filled(rng, document, ChunkKind::Snapshot, 20_000);
            Write::of(Batch::replace([snapshot], old.into_iter().map(Chunk::loaded_key)))
        } else {
            let chunk = filled(rng, document, ChunkKind::Incremental, 3_000);
            let receipt = Receipt {
                document,
                change: ChangeHash(chunk.key().hash),
                member: None,
                device: "a device".parse().unwrap(),
                received: Timestamp::from_millis(7),
            };
            let registered = Timestamp::from_millis(8);
            let register = DocumentRegistration { document, workspace: WORKSPACE, owner: None, registered };
            Write { batch: Batch::put([chunk]), receipts: vec![receipt], register: Some(register) }
        };
        seen = seen.with(std::slice::from_ref(&write));
        writes.push(write);
    }
    writes
}

fn filled(rng: &mut ChaCha8Rng, document: DocumentId, kind: ChunkKind, len_max: u32) -> Chunk {
    let mut bytes = vec![0; (rng.next_u32() % len_max) as usize];
    rng.fill_bytes(&mut bytes);
    Chunk::new(document, kind, bytes)
}

/// A file with a workspace in it, on a disk that has power.
fn begin() -> SimulatedDisk {
    let disk = SimulatedDisk::new();
    let file = open(&disk).unwrap();
    file.create_workspace(&NewWorkspace {
        id: WORKSPACE,
        name: "Harbour".into(),
        document: document(0),
        created: Timestamp::from_millis(0),
        members: vec![],
        chunks: vec![],
    })
    .unwrap();
    disk
}

struct Run {
    syncs: u64,
    acknowledged: usize,
    cuts: usize,
}

/// The workload of a seed, with the power cut at one sync, and again while the file is being reopened.
fn run(seed: u64, cut: Option<u64>, commits: usize, lies: bool) -> Result<Run, String> {
    let disk = begin();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut chance = ChaCha8Rng::seed_from_u64(seed ^ cut.unwrap_or(0).rotate_left(32));
    let mut file = Some(open(&disk).unwrap());
    let mut content = Content::read(file.as_ref().unwrap());
    let first = disk.syncs();
    if let Some(cut) = cut {
        disk.cut_power_at_sync(first + cut);
    }
    if lies {
        disk.lie_about_syncs();
    }
    let mut run = Run { syncs: 0, acknowledged: 0, cuts: 0 };
    for _ in 0..commits {
        let writes = next_writes(&mut rng, &content);
        let after = content.clone().with(&writes);
        match file.as_ref().unwrap().commit(&writes) {
            Ok(()) => {
                run.acknowledged += writes.len();
                content = after;
            }
            Err(WriteError::Store(_)) => {
                drop(file.take());
                disk.restore_power(&mut chance);
                run.cuts += 1;
                // The repair is cut as well, at one of its first syncs, until it is allowed to end.
                for _ in 0..2 {
                    disk.cut_power_at_sync(disk.syncs() + 1 + u64::from(chance.next_u32() % 3));
                    if let Ok(reopened) = open(&disk) {
                        drop(reopened);
                    }
                    disk.restore_power(&mut chance);
                }
                let reopened = open(&disk).map_err(|error| format!("cut {cut:?}: cannot open: {error}"))?;
                let found = Content::read(&reopened);
                if found != content && found != after {
                    return Err(format!(
                        "seed {seed}, cut {cut:?}: acknowledged writes are lost, or half of one is there"
                    ));
                }
                content = found;
                file = Some(reopened);
            }
            Err(refusal) => panic!("{refusal}"),
        }
    }
    let found = Content::read(file.as_ref().unwrap());
    if found != content {
        return Err(format!("seed {seed}, cut {cut:?}: the end differs"));
    }
    run.syncs = disk.syncs() - first;
    Ok(run)
}

/// `POWER_CUT_SEEDS` says how many workloads; each is cut at every one of its syncs.
fn seeds() -> u64 {
    std::env::var("POWER_CUT_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(6)
}

#[test]
fn no_acknowledged_write_is_lost_wherever_the_power_goes() {
    let (mut cuts, mut acknowledged) = (0, 0);
    for seed in 0..seeds() {
        let whole = run(seed, None, 20, false).unwrap();
        assert_eq!(whole.cuts, 0);
        for cut in 1..=whole.syncs {
            let run = run(seed, Some(cut), 20, false).unwrap();
            assert_eq!(run.cuts, 1, "seed {seed}: no cut at sync {cut}");
            cuts += run.cuts;
            acknowledged += run.acknowledged;
        }
    }
    println!("{cuts} cuts, {acknowledged} acknowledged writes");
    assert!(cuts > 100 && acknowledged > 3_000, "{cuts} cuts, {acknowledged} writes");
}

/// The test above can fail: a disk that only pretends to sync loses what was acknowledged.
#[test]
fn a_disk_that_lies_about_syncs_is_found_out() {
    let found_out = (1..=20).any(|cut| {
        std::panic::catch_unwind(|| run(0, Some(cut * 2), 20, true)).map_or(true, |result| result.is_err())
    });
    assert!(found_out);
}
