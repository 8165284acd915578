//! The writer's promises, over a disk that can be made to wait, to fail and to lose power.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is their way to fail")]

use ids::{DocumentId, Timestamp, WorkspaceId};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use redb::{BackendError, StorageBackend};
use std::{
    io,
    ops::Bound,
    sync::{
        Arc, Condvar, Mutex,
        mpsc::{Receiver, channel},
    },
};
use store::{Batch, Chunk, ChunkKind, StoreError};
use store_redb::{
    DocumentRegistration, Options, QueueLimits, RelayFile, Write, WriteError, Writer, WriterHandle,
    simulated::SimulatedDisk,
};

const DOCUMENT: DocumentId = DocumentId::from_bytes([1; 16]);

fn chunk(number: u32) -> Chunk {
    Chunk::new(DOCUMENT, ChunkKind::Incremental, number.to_be_bytes().to_vec())
}

fn write(number: u32) -> Write {
    Write::of(Batch::put([chunk(number)]))
}

/// A write the directory refuses: a document of a workspace that is not there.
fn poison(number: u32) -> Write {
    let register = Some(DocumentRegistration {
        document: DOCUMENT,
        workspace: WorkspaceId::from_bytes([9; 10]),
        owner: None,
        registered: Timestamp::from_millis(0),
    });
    Write { register, ..write(number) }
}

type Answers = Receiver<(u32, Result<(), WriteError>)>;

/// Submits `writes`, and gives the answers in the order in which they come.
fn submit(handle: &WriterHandle, writes: impl IntoIterator<Item = (u32, Write)>) -> Answers {
    let (sender, answers) = channel();
    for (number, write) in writes {
        let sender = sender.clone();
        handle.submit(write, Box::new(move |result| drop(sender.send((number, result)))));
    }
    answers
}

/// A disk whose syncs wait at a gate.
#[derive(Debug, Clone, Default)]
struct Gate(Arc<(Mutex<(bool, u64)>, Condvar)>);

impl Gate {
    fn shut(&self) {
        self.0.0.lock().unwrap().0 = true;
    }

    fn open(&self) {
        self.0.0.lock().unwrap().0 = false;
        self.0.1.notify_all();
    }

    fn pass(&self) {
        let mut state = self.0.0.lock().unwrap();
        state.1 += 1;
        self.0.1.notify_all();
        while state.0 {
            state = self.0.1.wait(state).unwrap();
        }
        state.1 -= 1;
    }

    /// Returns when somebody stands at the gate.
    fn wait_for_somebody(&self) {
        let mut state = self.0.0.lock().unwrap();
        while state.1 == 0 {
            state = self.0.1.wait(state).unwrap();
        }
    }
}

#[derive(Debug)]
struct Gated<B>(B, Gate);

impl<B: StorageBackend> StorageBackend for Gated<B> {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }
    fn sync_data(&self) -> io::Result<()> {
        self.1.pass();
        self.0.sync_data()
    }
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }
    fn try_lock_range(&self, from: Bound<u64>, to: Bound<u64>) -> Result<bool, BackendError> {
        self.0.try_lock_range(from, to)
    }
    fn try_lock_shared_range(&self, from: Bound<u64>, to: Bound<u64>) -> Result<bool, BackendError> {
        self.0.try_lock_shared_range(from, to)
    }
    fn lock_range(&self, from: Bound<u64>, to: Bound<u64>) -> Result<(), BackendError> {
        self.0.lock_range(from, to)
    }
    fn lock_shared_range(&self, from: Bound<u64>, to: Bound<u64>) -> Result<(), BackendError> {
        self.0.lock_shared_range(from, to)
    }
    fn unlock_range(&self, from: Bound<u64>, to: Bound<u64>) -> Result<(), BackendError> {
        self.0.unlock_range(from, to)
    }
    fn query_lock_range(&self, from: Bound<u64>, to: Bound<u64>) -> Result<bool, BackendError> {
        self.0.query_lock_range(from, to)
    }
}

struct Bench {
    disk: SimulatedDisk,
    gate: Gate,
    file: RelayFile,
    writer: Writer,
}

fn bench(limits: QueueLimits) -> Bench {
    let (disk, gate) = (SimulatedDisk::new(), Gate::default());
    let backend = {
        let (disk, gate) = (disk.clone(), gate.clone());
        move || Gated(disk.backend(), gate.clone())
    };
    let file = RelayFile::open_with_backend(backend, &Options::default()).unwrap();
    let writer = Writer::spawn(file.clone(), limits).unwrap();
    Bench { disk, gate, file, writer }
}

fn stored(file: &RelayFile) -> Vec<Chunk> {
    file.reader().load(DOCUMENT).unwrap().chunks
}

#[test]
fn nobody_is_answered_before_the_disk_has_synced() {
    let Bench { disk, gate, file, writer } = bench(QueueLimits::default());
    gate.shut();
    let first = submit(&writer.handle(), [(0, write(0))]);
    gate.wait_for_somebody();
    // The first transaction stands before its sync; these wait for the next one.
    let rest = submit(&writer.handle(), (1..=100).map(|number| (number, write(number))));
    assert!(first.try_recv().is_err() && rest.try_recv().is_err());
    let syncs = disk.syncs();
    gate.open();
    assert_eq!(first.recv().unwrap(), (0, Ok(())));
    // Answers in the order of submission.
    for number in 1..=100 {
        assert_eq!(rest.recv().unwrap(), (number, Ok(())));
    }
    assert_eq!(stored(&file).len(), 101);
    // Two transactions of two syncs each, not a hundred and one.
    assert!(disk.syncs() - syncs <= 6, "{} syncs", disk.syncs() - syncs);
}

/// What was answered `Ok` is on the disk even if the power goes in the very next moment.
#[test]
fn an_answer_outlives_the_power() {
    for seed in 0..20 {
        let Bench { disk, file, writer, .. } = bench(QueueLimits::default());
        disk.cut_power_at_sync(disk.syncs() + 5 + seed);
        let mut acknowledged = Vec::new();
        for number in 0.. {
            match submit(&writer.handle(), [(number, write(number))]).recv().unwrap() {
                (_, Ok(())) => acknowledged.push(chunk(number)),
                (_, Err(_)) => break,
            }
        }
        drop((writer, file));
        disk.restore_power(&mut ChaCha8Rng::seed_from_u64(seed));
        let file = RelayFile::open_with_backend(move || disk.backend(), &Options::default()).unwrap();
        let found = stored(&file);
        assert!(
            !acknowledged.is_empty() && acknowledged.iter().all(|chunk| found.contains(chunk)),
            "seed {seed}"
        );
    }
}

#[test]
fn a_refused_write_costs_its_neighbours_nothing() {
    let Bench { gate, file, writer, .. } = bench(QueueLimits::default());
    gate.shut();
    let first = submit(&writer.handle(), [(0, write(0))]);
    gate.wait_for_somebody();
    let mixed = submit(
        &writer.handle(),
        (1..=20).map(|number| (number, if number % 5 == 0 { poison(number) } else { write(number) })),
    );
    gate.open();
    first.recv().unwrap().1.unwrap();
    for expected in 1..=20 {
        let (number, result) = mixed.recv().unwrap();
        assert_eq!(number, expected);
        match number % 5 {
            0 => assert!(matches!(result, Err(WriteError::UnknownWorkspace { .. })), "{result:?}"),
            _ => assert_eq!(result, Ok(())),
        }
    }
    let mut expected: Vec<_> = (0..=20).filter(|number| number % 5 != 0 || *number == 0).map(chunk).collect();
    expected.sort_by_key(Chunk::key);
    assert_eq!(stored(&file), expected);
}

#[test]
fn a_full_queue_refuses_at_once_and_takes_again_later() {
    for limits in [
        QueueLimits { writes_max: 3, bytes_max: usize::MAX },
        // Each write weighs its 4 bytes and what it costs in memory.
        QueueLimits { writes_max: usize::MAX, bytes_max: 3 * 270 },
    ] {
        let Bench { gate, file, writer, .. } = bench(limits);
        gate.shut();
        let first = submit(&writer.handle(), [(0, write(0))]);
        gate.wait_for_somebody();
        let waiting = submit(&writer.handle(), (1..=3).map(|number| (number, write(number))));
        assert_eq!(writer.handle().waiting().0, 3);

        let refused = submit(&writer.handle(), [(4, write(4))]);
        let (_, result) = refused.try_recv().unwrap();
        assert!(matches!(result, Err(WriteError::Store(StoreError::Busy { .. }))), "{result:?}");

        gate.open();
        assert!(first.iter().chain(waiting.iter()).all(|(_, result)| result == Ok(())));
        submit(&writer.handle(), [(5, write(5))]).recv().unwrap().1.unwrap();
        let mut expected: Vec<_> = [0, 1, 2, 3, 5].map(chunk).into();
        expected.sort_by_key(Chunk::key);
        assert_eq!(stored(&file), expected);
    }
}

#[test]
fn one_write_larger_than_the_queue_is_taken_when_nothing_waits() {
    let Bench { file, writer, .. } = bench(QueueLimits { writes_max: 10, bytes_max: 1_000 });
    let large = Chunk::new(DOCUMENT, ChunkKind::Snapshot, vec![7; 1_000_000]);
    let answers = submit(&writer.handle(), [(0, Write::of(Batch::put([large.clone()])))]);
    assert_eq!(answers.recv().unwrap(), (0, Ok(())));
    assert_eq!(stored(&file), [large]);
}

#[test]
fn closing_writes_what_waits_and_takes_nothing_more() {
    let Bench { gate, file, writer, .. } = bench(QueueLimits::default());
    let handle = writer.handle();
    gate.shut();
    let answers = submit(&handle, (0..50).map(|number| (number, write(number))));
    gate.wait_for_somebody();
    let closing = std::thread::Builder::new().spawn(move || writer.close()).unwrap();
    gate.open();
    closing.join().unwrap();
    assert_eq!(answers.iter().filter(|(_, result)| *result == Ok(())).count(), 50);
    assert_eq!(stored(&file).len(), 50);
    let (_, result) = submit(&handle, [(50, write(50))]).try_recv().unwrap();
    assert!(matches!(result, Err(WriteError::Store(StoreError::Busy { .. }))), "{result:?}");
}

#[test]
fn a_callback_that_panics_stops_nobody() {
    let Bench { file, writer, .. } = bench(QueueLimits::default());
    writer.handle().submit(write(0), Box::new(|_| panic!("this callback is broken, on purpose")));
    submit(&writer.handle(), [(1, write(1))]).recv().unwrap().1.unwrap();
    assert_eq!(stored(&file).len(), 2);
}

/// A full disk refuses writes, serves reads, and needs no restart when there is room again.
#[test]
fn a_full_disk_is_survived_without_a_restart() {
    let Bench { disk, file, writer, .. } = bench(QueueLimits::default());
    let large = |seed: u8| Chunk::new(DOCUMENT, ChunkKind::Snapshot, vec![seed; 3 << 20]);
    let put = |seed| Write::of(Batch::put([large(seed)]));
    submit(&writer.handle(), [(0, put(0))]).recv().unwrap().1.unwrap();
    disk.fill_up(true);
    for seed in 1..=3 {
        let (_, result) = submit(&writer.handle(), [(0, put(seed))]).recv().unwrap();
        assert!(matches!(result, Err(WriteError::Store(StoreError::Full { .. }))), "{result:?}");
        assert_eq!(stored(&file), [large(0)]);
    }
    disk.fill_up(false);
    submit(&writer.handle(), [(0, put(4))]).recv().unwrap().1.unwrap();
    let mut expected = vec![large(0), large(4)];
    expected.sort_by_key(Chunk::key);
    assert_eq!(stored(&file), expected);
}

/// Whichever call of the disk fails, and however often: what was acknowledged stays, and the next write succeeds.
#[test]
fn a_failing_disk_is_survived_without_a_restart() {
    for times in 1..12 {
        let Bench { disk, file, writer, .. } = bench(QueueLimits::default());
        let mut acknowledged = Vec::new();
        for number in 0..10 {
            if number == 5 {
                disk.fail_writes(times, io::ErrorKind::Other);
            }
            match submit(&writer.handle(), [(number, write(number))]).recv().unwrap().1 {
                Ok(()) => acknowledged.push(chunk(number)),
                Err(error) => assert!(matches!(error, WriteError::Store(StoreError::Io { .. })), "{error}"),
            }
        }
        disk.fail_writes(0, io::ErrorKind::Other);
        submit(&writer.handle(), [(99, write(99))]).recv().unwrap().1.unwrap();
        let found = stored(&file);
        assert!((5..10).contains(&acknowledged.len()), "{times} failures refused nothing, or everything");
        assert!(acknowledged.iter().all(|chunk| found.contains(chunk)));
    }
}

#[test]
fn shrinking_gives_space_back_and_keeps_everything() {
    let Bench { disk, file, .. } = bench(QueueLimits::default());
    let chunks: Vec<_> =
        (0..40_u8).map(|seed| Chunk::new(DOCUMENT, ChunkKind::Snapshot, vec![seed; 100_000])).collect();
    file.commit(&[Write::of(Batch::put(chunks.clone()))]).unwrap();
    file.commit(&[Write::of(Batch::replace([], chunks[1..].iter().map(Chunk::loaded_key)))]).unwrap();
    let before = disk.image().len();
    file.shrink().unwrap();
    assert!(disk.image().len() < before / 2, "{before} bytes became {}", disk.image().len());
    assert_eq!(stored(&file), chunks[..1]);
    file.commit(&[write(1)]).unwrap();
}
