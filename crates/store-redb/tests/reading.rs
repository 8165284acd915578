//! The ways to read besides loading a whole document, and receipts.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is their way to fail")]

use ids::{ChangeHash, DocumentId, MemberId, RecordId, Timestamp};
use std::ops::ControlFlow;
use store::{Batch, Chunk, ChunkKey, ChunkKind};
use store_redb::{Options, Receipt, RelayFile, Write, simulated::SimulatedDisk};

const DOCUMENT: DocumentId = DocumentId::from_bytes([5; 16]);

fn file_with(chunks: &[Chunk]) -> RelayFile {
    let disk = SimulatedDisk::new();
    let file = RelayFile::open_with_backend(move || disk.backend(), &Options::default()).unwrap();
    file.commit(&[Write::of(Batch::put(chunks.to_vec()))]).unwrap();
    file
}

/// Six of one document, two of each kind, and one of each of its neighbours.
fn chunks() -> Vec<Chunk> {
    let beside = |last: u8| {
        let mut bytes = *DOCUMENT.as_bytes();
        bytes[15] = last;
        Chunk::new(DocumentId::from_bytes(bytes), ChunkKind::Snapshot, b"a neighbour's".to_vec())
    };
    let own = ChunkKind::ALL
        .into_iter()
        .flat_map(|kind| [10, 9_000].map(|len| Chunk::new(DOCUMENT, kind, vec![kind.to_byte(); len])));
    let mut chunks: Vec<_> = own.chain([beside(4), beside(6)]).collect();
    chunks.sort_by_key(Chunk::key);
    chunks
}

#[test]
fn one_kind_and_one_chunk_can_be_read_alone() {
    let chunks = chunks();
    let file = file_with(&chunks);
    for kind in ChunkKind::ALL {
        let of_kind = |chunk: &&Chunk| chunk.key().document == DOCUMENT && chunk.key().kind == kind;
        let expected: Vec<_> = chunks.iter().filter(of_kind).cloned().collect();
        assert_eq!(file.reader().load_kind(DOCUMENT, kind).unwrap().chunks, expected);
        assert_eq!(expected.len(), 2);
    }
    for chunk in &chunks {
        assert_eq!(file.reader().chunk(&chunk.key()).unwrap().as_ref(), Some(chunk));
    }
    let absent = ChunkKey::of(DOCUMENT, ChunkKind::Index, b"never stored");
    assert_eq!(file.reader().chunk(&absent).unwrap(), None);
}

#[test]
fn a_visit_shows_every_chunk_in_order_until_it_is_stopped() {
    let chunks = chunks();
    let file = file_with(&chunks);
    let own: Vec<_> = chunks.into_iter().filter(|chunk| chunk.key().document == DOCUMENT).collect();
    for stop_after in 1..=own.len() {
        let mut seen = Vec::new();
        file.reader()
            .visit(DOCUMENT, &mut |key, bytes| {
                seen.push(Chunk::checked(*key, bytes.unwrap().to_vec().into()).unwrap());
                if seen.len() == stop_after { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
            .unwrap();
        assert_eq!(seen, own[..stop_after]);
    }
}

/// Another thread's failed write makes the database refuse reads in the middle of a visit. The file is reopened, and the
/// visit goes on where it was.
#[test]
fn a_visit_shows_nothing_twice_when_the_disk_fails_under_it() {
    let disk = SimulatedDisk::new();
    let backend = disk.clone();
    let options = Options { cache_bytes: 0, ..Options::default() };
    let file = RelayFile::open_with_backend(move || backend.backend(), &options).unwrap();
    let mut chunks: Vec<_> =
        (0..50_u8).map(|seed| Chunk::new(DOCUMENT, ChunkKind::Incremental, vec![seed; 20_000])).collect();
    file.commit(&[Write::of(Batch::put(chunks.clone()))]).unwrap();
    chunks.sort_by_key(Chunk::key);

    let mut seen = Vec::new();
    file.reader()
        .visit(DOCUMENT, &mut |key, bytes| {
            seen.push(Chunk::checked(*key, bytes.unwrap().to_vec().into()).unwrap());
            if seen.len() == 25 {
                disk.fail_writes(1, std::io::ErrorKind::Other);
                let another = Chunk::new(DOCUMENT, ChunkKind::Index, b"another".to_vec());
                file.commit(&[Write::of(Batch::put([another]))]).unwrap_err();
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(seen, chunks);
}

#[test]
fn the_first_receipt_of_a_change_stays() {
    let file = file_with(&[]);
    let receipt = |document: u8, change: u8, device: &str, received: i64| Receipt {
        document: DocumentId::from_bytes([document; 16]),
        change: ChangeHash([change; 32]),
        member: Some(MemberId(RecordId::from_bits(3))),
        device: device.parse().unwrap(),
        received: Timestamp::from_millis(received),
    };
    let commit = |receipts| file.commit(&[Write { receipts, ..Write::default() }]).unwrap();
    commit(vec![receipt(1, 2, "phone", 10), receipt(1, 1, "phone", 10), receipt(2, 1, "tablet", 30)]);
    commit(vec![receipt(1, 1, "laptop", 20), receipt(1, 3, "laptop", 20)]);

    let first = DocumentId::from_bytes([1; 16]);
    let found: Vec<_> = file.reader().receipts(first).map(Result::unwrap).collect();
    assert_eq!(found, [receipt(1, 1, "phone", 10), receipt(1, 2, "phone", 10), receipt(1, 3, "laptop", 20)]);
    assert_eq!(file.reader().receipt(first, ChangeHash([1; 32])).unwrap(), Some(receipt(1, 1, "phone", 10)));
    assert_eq!(file.reader().receipt(first, ChangeHash([9; 32])).unwrap(), None);
    assert_eq!(file.reader().receipts(DocumentId::from_bytes([3; 16])).count(), 0);
}
