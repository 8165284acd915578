//! Stored forms, written down once: whatever this version wrote, every later version must read.
//!
//! The same forms are drawn in `docs/storage-format.md`. A change here is a change of the format.

use crate::{
    DirectoryMember, DirectoryWorkspace, DocumentRegistration, Invite, Options, Receipt, RelayFile, Role,
    Session, Token, TokenRole, Write,
    directory::{decode, encode},
    simulated::SimulatedDisk,
    tables::{CHUNK_LENGTHS, CHUNKS, RECEIPTS},
};
use ids::{ChangeHash, DocumentId, MemberId, RecordId, Timestamp, WorkspaceId};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;
use store::{Batch, Chunk, ChunkKind};

const DOCUMENT: DocumentId = DocumentId::from_bytes([0x11; 16]);
const WORKSPACE: WorkspaceId = WorkspaceId::from_bytes([0; 10]);
const MEMBER: MemberId = MemberId(RecordId::from_bits(1));
const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const LATER: Timestamp = Timestamp::from_millis(1_700_000_060_000);

fn golden<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, json: &str) {
    assert_eq!(String::from_utf8(encode(value).unwrap()).unwrap(), json);
    assert_eq!(&decode::<T>(json.as_bytes()).unwrap(), value);
    // A field of a later version is no reason to refuse the entry.
    let later = json.replacen('{', r#"{"of a later version":[1],"#, 1);
    assert_eq!(&decode::<T>(later.as_bytes()).unwrap(), value);
}

#[test]
fn directory_entries() {
    golden(
        &DirectoryWorkspace {
            id: WORKSPACE,
            name: "Harbour".into(),
            document: DOCUMENT,
            created: NOW,
            members: vec![],
        },
        r#"{"id":"aaaaaaaaaaaaaaaa","name":"Harbour","document":"EnrGHeqCd5UQ2jTW2Mo32rzJipp","created":1700000000000}"#,
    );
    golden(
        &DirectoryMember { id: MEMBER, name: "Ana".into(), title: "CTO".into(), role: Role::Owner },
        r#"{"id":"00000000000000000000000001","name":"Ana","title":"CTO","role":"owner"}"#,
    );
    golden(
        &DocumentRegistration {
            document: DOCUMENT,
            workspace: WORKSPACE,
            owner: Some(MEMBER),
            registered: NOW,
        },
        r#"{"document":"EnrGHeqCd5UQ2jTW2Mo32rzJipp","workspace":"aaaaaaaaaaaaaaaa","owner":"00000000000000000000000001","registered":1700000000000}"#,
    );
    golden(
        &Token {
            workspace: WORKSPACE,
            role: TokenRole::Viewer,
            label: "wall".into(),
            created: NOW,
            expires: None,
        },
        r#"{"workspace":"aaaaaaaaaaaaaaaa","role":"viewer","label":"wall","created":1700000000000}"#,
    );
    golden(
        &Session {
            workspace: WORKSPACE,
            member: MEMBER,
            device: "mac".parse().unwrap(),
            created: NOW,
            expires: LATER,
        },
        r#"{"workspace":"aaaaaaaaaaaaaaaa","member":"00000000000000000000000001","device":"mac","created":1700000000000,"expires":1700000060000}"#,
    );
    golden(
        &Invite {
            workspace: WORKSPACE,
            role: Role::Editor,
            label: "for Ana".into(),
            member: None,
            created: NOW,
            expires: LATER,
        },
        r#"{"workspace":"aaaaaaaaaaaaaaaa","role":"editor","label":"for Ana","created":1700000000000,"expires":1700000060000}"#,
    );
}

#[test]
fn chunks_and_receipts() {
    let disk = SimulatedDisk::new();
    let file = RelayFile::open_with_backend(move || disk.backend(), &Options::default()).unwrap();
    let chunk = Chunk::new(DOCUMENT, ChunkKind::Incremental, b"abc".to_vec());
    let receipt = Receipt {
        document: DOCUMENT,
        change: ChangeHash([0x22; 32]),
        member: Some(MEMBER),
        device: "mac".parse().unwrap(),
        received: NOW,
    };
    let nobody = Receipt { change: ChangeHash([0x23; 32]), member: None, ..receipt.clone() };
    let receipts = vec![receipt, nobody];
    file.commit(&[Write { batch: Batch::put([chunk]), receipts, register: None }]).unwrap();

    // SHA-256 of "abc": FIPS 180-4, example B.1.
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let document = "11".repeat(16);
    file.reader()
        .read(format_args!("looking at the tables"), |transaction| {
            let (key, stored) = transaction.open_table(CHUNKS)?.range::<&[u8; 49]>(..)?.next().unwrap()?;
            assert_eq!(hex::encode(key.value()), format!("{document}01{hash}"));
            assert_eq!(hex::encode(stored.value()), "00616263");
            let (key, length) =
                transaction.open_table(CHUNK_LENGTHS)?.range::<&[u8; 49]>(..)?.next().unwrap()?;
            assert_eq!((hex::encode(key.value()), length.value()), (format!("{document}01{hash}"), 3));
            let receipts = transaction.open_table(RECEIPTS)?.range::<&[u8; 48]>(..)?;
            let stored: Vec<_> = receipts
                .map(|entry| entry.map(|(key, value)| (hex::encode(key.value()), hex::encode(value.value()))))
                .collect::<Result<_, _>>()?;
            let key = |byte: &str| format!("{document}{}", byte.repeat(32));
            let expected = [
                (key("22"), format!("00{}01{:032x}{}", "0000018bcfe56800", 1, hex::encode("mac"))),
                (key("23"), format!("00{}00{}", "0000018bcfe56800", hex::encode("mac"))),
            ];
            assert_eq!(stored, expected);
            Ok(())
        })
        .unwrap();
}
