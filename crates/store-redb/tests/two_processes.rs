//! A second process reads and backs up while the first one writes; a second writer is refused.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is their way to fail")]

use ids::DocumentId;
use std::{
    collections::BTreeSet,
    path::Path,
    process::{Child, Command, Stdio},
};
use store::{Batch, Chunk, ChunkKind, StoreError};
use store_redb::{FILE_NAME, Options, RelayFile, RelayReader, Write};

const DOCUMENT: DocumentId = DocumentId::from_bytes([1; 16]);
/// Tells the child, which is this same program, which directory to read.
const DIRECTORY: &str = "STORE_REDB_TEST_DIRECTORY";

fn chunk(number: u32) -> Chunk {
    Chunk::new(DOCUMENT, ChunkKind::Incremental, number.to_be_bytes().repeat(100))
}

fn write(file: &RelayFile, number: u32) {
    file.commit(&[Write::of(Batch::put([chunk(number)]))]).unwrap();
}

fn numbers(reader: &RelayReader) -> BTreeSet<u32> {
    let loaded = reader.load(DOCUMENT).unwrap();
    assert!(loaded.corrupt.is_empty());
    loaded.chunks.iter().map(|chunk| u32::from_be_bytes(*chunk.bytes().first_chunk().unwrap())).collect()
}

#[test]
fn a_reader_follows_a_writer_and_a_second_writer_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(FILE_NAME);
    let file = RelayFile::open(&path, &Options::default()).unwrap();
    write(&file, 0);
    let reader = RelayReader::open(&path, &Options::default()).unwrap();
    for number in 1..=20 {
        assert_eq!(numbers(&reader).len(), number as usize);
        write(&file, number);
    }
    match RelayFile::open(&path, &Options::default()) {
        Err(StoreError::Busy { .. }) => {}
        other => panic!("a second writer: {other:?}"),
    }
    // The reader outlives the writer, and sees the next one.
    drop(file);
    assert_eq!(numbers(&reader).len(), 21);
    let file = RelayFile::open(&path, &Options::default()).unwrap();
    write(&file, 21);
    assert_eq!(numbers(&reader).len(), 22);
}

fn child(test: &str, directory: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn another_process_backs_up_what_this_one_is_writing() {
    let dir = tempfile::tempdir().unwrap();
    let file = RelayFile::open(&dir.path().join(FILE_NAME), &Options::default()).unwrap();
    write(&file, 0);
    let mut other = child("process_that_backs_up", dir.path());
    let mut written = 0;
    let status = loop {
        if let Some(status) = other.try_wait().unwrap() {
            break status;
        }
        written += 1;
        write(&file, written);
    };
    assert!(status.success());
    for copy in 0..3 {
        let path = dir.path().join(format!("copy-{copy}.redb"));
        let copied = numbers(&RelayReader::open(&path, &Options::default()).unwrap());
        // Of one instant: the first so many writes, without a gap.
        assert_eq!(copied, (0..copied.len() as u32).collect());
        assert!(!copied.is_empty() && copied.len() <= written as usize + 1);
    }
    assert!(file.reader().check().unwrap().is_sound());
}

#[test]
#[ignore = "the other process of the test above"]
fn process_that_backs_up() {
    let dir = std::env::var(DIRECTORY).unwrap();
    let reader = RelayReader::open(&Path::new(&dir).join(FILE_NAME), &Options::default()).unwrap();
    let mut before = BTreeSet::new();
    for copy in 0..3 {
        let now = numbers(&reader);
        assert!(now.is_superset(&before), "a reader went back in time");
        before = now;
        reader.back_up(&Path::new(&dir).join(format!("copy-{copy}.redb"))).unwrap();
        assert!(reader.check().unwrap().is_sound());
    }
}

/// A relay that was killed leaves a file that a reader repairs, and that loses nothing.
#[test]
fn a_killed_writer_loses_nothing_it_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(FILE_NAME);
    drop(RelayFile::open(&path, &Options::default()).unwrap());
    for round in 0..4 {
        let mut other = child("process_that_writes_until_killed", dir.path());
        let acknowledged = || -> u32 {
            let said = std::fs::read_to_string(dir.path().join("acknowledged")).unwrap_or_default();
            said.trim().parse().unwrap_or(0)
        };
        while acknowledged() < (round + 1) * 30 {
            assert!(other.try_wait().unwrap().is_none(), "the writer ended by itself");
            std::thread::yield_now();
        }
        other.kill().unwrap();
        other.wait().unwrap();
        let reader = RelayReader::open(&path, &Options::default()).unwrap();
        let found = numbers(&reader);
        assert!((0..=acknowledged()).all(|number| found.contains(&number)), "round {round}");
    }
}

#[test]
#[ignore = "the other process of the test above"]
fn process_that_writes_until_killed() {
    let dir = std::env::var(DIRECTORY).unwrap();
    let dir = Path::new(&dir);
    let file = RelayFile::open(&dir.join(FILE_NAME), &Options::default()).unwrap();
    let first = numbers(file.reader()).len() as u32;
    for number in first.. {
        write(&file, number);
        let said = dir.join("acknowledged");
        std::fs::write(said.with_extension("new"), number.to_string()).unwrap();
        std::fs::rename(said.with_extension("new"), said).unwrap();
    }
}
