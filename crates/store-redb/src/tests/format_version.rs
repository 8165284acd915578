//! A file of a later version, or of somebody else, is refused and left as it was.

use crate::{
    FILE_NAME, FORMAT_VERSION, Options, RelayFile, RelayReader,
    tables::{FORMAT_VERSION_KEY, META},
};
use redb::{Database, TableDefinition};
use std::{fs, path::PathBuf};
use store::StoreError;

fn a_file() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(FILE_NAME);
    (dir, path)
}

#[test]
fn a_new_file_has_this_version_and_opens_again() {
    let (_dir, path) = a_file();
    for _ in 0..2 {
        let file = RelayFile::open(&path, &Options::default()).unwrap();
        assert!(file.reader().workspaces().unwrap().is_empty());
    }
    let database = Database::open(&path).unwrap();
    let transaction = redb::ReadableDatabase::begin_read(&database).unwrap();
    let meta = transaction.open_table(META).unwrap();
    assert_eq!(meta.get(FORMAT_VERSION_KEY).unwrap().unwrap().value(), FORMAT_VERSION);
}

#[test]
fn a_later_version_is_refused_and_not_touched() {
    let (_dir, path) = a_file();
    drop(RelayFile::open(&path, &Options::default()).unwrap());
    let later = FORMAT_VERSION + 1;
    let database = Database::open(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(META).unwrap().insert(FORMAT_VERSION_KEY, later).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let before = fs::read(&path).unwrap();

    let refused = |answer: Result<(), StoreError>| match answer {
        Err(StoreError::Format { found, known, .. }) => assert_eq!((found, known), (later, FORMAT_VERSION)),
        other => panic!("{other:?}"),
    };
    refused(RelayFile::open(&path, &Options::default()).map(drop));
    refused(RelayReader::open(&path, &Options::default()).map(drop));
    assert!(fs::read(&path).unwrap() == before, "the refused file was written to");
}

#[test]
fn somebody_elses_database_is_refused() {
    let (_dir, path) = a_file();
    let database = Database::create(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(TableDefinition::<u8, u8>::new("theirs")).unwrap();
    transaction.commit().unwrap();
    drop(database);
    assert!(matches!(RelayFile::open(&path, &Options::default()), Err(StoreError::Corrupt { .. })));
}

#[test]
fn a_file_that_is_no_database_is_refused_and_not_touched() {
    let (_dir, path) = a_file();
    fs::write(&path, "a letter").unwrap();
    assert!(matches!(RelayFile::open(&path, &Options::default()), Err(StoreError::Corrupt { .. })));
    assert_eq!(fs::read(&path).unwrap(), b"a letter");
}

/// A process that dies while it makes the file leaves a name nobody opens.
#[test]
fn an_unfinished_file_is_in_nobodys_way() {
    let (dir, path) = a_file();
    fs::write(crate::backup::unfinished_name(&path), vec![0; 4096]).unwrap();
    drop(RelayFile::open(&path, &Options::default()).unwrap());
    let names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [FILE_NAME]);
}
