//! `check` and `back_up` against damage done on purpose.

use super::conformance::overwrite;
use crate::{
    DirectoryMember, FILE_NAME, NewWorkspace, Options, Receipt, RelayFile, RelayReader, Role, Write,
    tables::{CHUNK_LENGTHS, DOCUMENTS, RECEIPTS, WORKSPACES},
};
use ids::{ChangeHash, DocumentId, MemberId, RecordId, Timestamp, WorkspaceId};
use std::path::Path;
use store::{Batch, Chunk, ChunkKind, Corruption};

const DOCUMENT: DocumentId = DocumentId::from_bytes([1; 16]);
const WORKSPACE: WorkspaceId = WorkspaceId::from_bytes([2; 10]);

fn furnished(dir: &Path) -> (RelayFile, Vec<Chunk>) {
    let file = RelayFile::open(&dir.join(FILE_NAME), &Options::default()).unwrap();
    let chunks: Vec<_> = (0..20_u8)
        .map(|i| Chunk::new(DOCUMENT, ChunkKind::Incremental, vec![i; 1_000 * i as usize]))
        .collect();
    let member = MemberId(RecordId::from_bits(3));
    file.create_workspace(&NewWorkspace {
        id: WORKSPACE,
        name: "Harbour".into(),
        document: DOCUMENT,
        created: Timestamp::from_millis(4),
        members: vec![DirectoryMember {
            id: member,
            name: "Ana".into(),
            title: String::new(),
            role: Role::Owner,
        }],
        chunks: chunks.clone(),
    })
    .unwrap();
    let receipts = (0..2_500_u32)
        .map(|i| Receipt {
            document: DOCUMENT,
            change: ChangeHash(std::array::from_fn(|at| (i >> (8 * (at % 4))) as u8)),
            member: Some(member),
            device: "laptop".parse().unwrap(),
            received: Timestamp::from_millis(i64::from(i)),
        })
        .collect();
    file.commit(&[Write { receipts, ..Write::default() }]).unwrap();
    (file, chunks)
}

#[test]
fn a_sound_file_is_sound_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    let (file, chunks) = furnished(dir.path());
    let report = file.reader().check().unwrap();
    assert!(report.is_sound(), "{report:?}");
    let bytes: usize = chunks.iter().map(|chunk| chunk.bytes().len()).sum();
    assert_eq!(
        (report.documents, report.chunks, report.bytes, report.receipts),
        (1, 20, bytes as u64, 2_500)
    );
    let usage = file.reader().usage(WORKSPACE).unwrap();
    assert_eq!((usage.documents, usage.chunks, usage.bytes), (1, 20, bytes as u64));
}

#[test]
fn every_damage_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let (file, chunks) = furnished(dir.path());
    overwrite(&file, &chunks[7].key(), b"\0not these bytes");
    file.write(format_args!("damaging the file"), |transaction| {
        transaction.open_table(CHUNK_LENGTHS)?.insert(&chunks[8].key().to_bytes(), 1)?;
        transaction.open_table(RECEIPTS)?.insert(&[0; 48], b"?".as_slice())?;
        let mut key = [1; 48];
        key[47] = 9;
        transaction.open_table(RECEIPTS)?.insert(&key, b"?".as_slice())?;
        transaction.open_table(DOCUMENTS)?.remove(DOCUMENT.as_bytes())?;
        transaction.open_table(WORKSPACES)?.insert(&[9; 10], b"{".as_slice())?;
        Ok(())
    })
    .unwrap();
    let report = file.reader().check().unwrap();
    let corrupt: Vec<_> = report.corrupt.iter().map(|corrupt| (corrupt.key, corrupt.why)).collect();
    assert_eq!(corrupt, [(chunks[7].key(), Corruption::Hash)]);
    let problems = report.problems.join("\n");
    for expected in
        ["is listed with 1 bytes", "the receipt of", "does not own its document", "cannot be read"]
    {
        assert!(problems.contains(expected), "{expected:?} is missing in:\n{problems}");
    }
}

/// The copy is of one instant, complete, and opens as any file of ours does.
#[test]
fn a_backup_holds_everything_and_the_damage_too() {
    let dir = tempfile::tempdir().unwrap();
    let (file, chunks) = furnished(dir.path());
    overwrite(&file, &chunks[7].key(), b"\0not these bytes");
    let to = dir.path().join("copy.redb");
    let summary = file.reader().back_up(&to).unwrap();
    assert_eq!(summary.chunks, 20);
    assert_eq!(summary.corrupt.len(), 1);

    // What comes later is not in it.
    file.commit(&[Write::of(Batch::put([Chunk::new(DOCUMENT, ChunkKind::Snapshot, b"later".to_vec())]))])
        .unwrap();
    let copy = RelayReader::open(&to, &Options::default()).unwrap();
    let loaded = copy.load(DOCUMENT).unwrap();
    let mut sound: Vec<_> = chunks.iter().filter(|chunk| chunk.key() != chunks[7].key()).cloned().collect();
    sound.sort_by_key(Chunk::key);
    assert_eq!(loaded.chunks, sound);
    assert_eq!(loaded.corrupt.len(), 1);
    assert_eq!(copy.workspaces().unwrap(), file.reader().workspaces().unwrap());
    assert_eq!(copy.receipts(DOCUMENT).count(), 2_500);
    drop(copy);
    RelayFile::open(&to, &Options::default()).unwrap();

    // An existing file is never overwritten.
    file.reader().back_up(&to).unwrap_err();
    let names = std::fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(names, 2, "an unfinished copy was left behind");
}
