//! Values of the relay's file that are not chunks: receipts, and the directory.

use crate::{
    Target,
    script::{self, script},
};
use forge::{Chance, mutate::disturb};
use ids::{ChangeHash, DocumentId, MemberId, RecordId, Timestamp, WorkspaceId};
use redb::{Database, ReadableDatabase, TableDefinition};
use store_redb::{
    DirectoryMember, NewWorkspace, Options, Receipt, RelayFile, Role, Secret, Session, Token, TokenRole,
    Write, simulated::SimulatedDisk,
};

pub(crate) const TARGET: Target = Target {
    name: "directory",
    promise: "a value of the file is read, or is an error that says which; the others are read all the same",
    bytes_max: 8 << 10,
    seeds,
    run,
    mutate: |input, chance| script::mutated(input, chance, mutate),
};

const WORKSPACE: WorkspaceId = WorkspaceId::from_bytes([1; 10]);
const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);
const CHANGE: ChangeHash = ChangeHash([3; 32]);
const NOW: Timestamp = Timestamp::from_millis(1_770_000_000_000);

type Bytes<const LEN: usize> = TableDefinition<'static, &'static [u8; LEN], &'static [u8]>;

/// As `docs/storage-format.md` draws them, in the order of the items of an input.
const RECEIPTS: Bytes<48> = TableDefinition::new("receipts");
const WORKSPACES: Bytes<10> = TableDefinition::new("workspaces");
const DOCUMENTS: Bytes<16> = TableDefinition::new("documents");
const MEMBERS: Bytes<26> = TableDefinition::new("members");
const TOKENS: Bytes<32> = TableDefinition::new("tokens");
const SESSIONS: Bytes<32> = TableDefinition::new("sessions");

fn secret() -> Secret {
    "ab".repeat(32).parse().unwrap()
}

fn open(disk: &SimulatedDisk) -> RelayFile {
    let disk = disk.clone();
    let options = Options { cache_bytes: 256 << 10, ..Options::default() };
    RelayFile::open_with_backend(move || disk.backend(), &options).unwrap()
}

/// A file with one of everything.
fn file() -> SimulatedDisk {
    let disk = SimulatedDisk::new();
    let file = open(&disk);
    let member = MemberId(RecordId::from_bits(1));
    let members =
        vec![DirectoryMember { id: member, name: "Mia".into(), title: String::new(), role: Role::Owner }];
    let (name, document, created, chunks) = ("Harbour".to_owned(), DOCUMENT, NOW, Vec::new());
    file.create_workspace(&NewWorkspace { id: WORKSPACE, name, document, created, members, chunks }).unwrap();
    let expires = NOW.plus_millis(1_000_000);
    let (role, label) = (TokenRole::Editor, "a script".to_owned());
    let token = Token { workspace: WORKSPACE, role, label, created: NOW, expires: Some(expires) };
    file.create_token(&secret(), &token).unwrap();
    let device: ids::DeviceId = "laptop".parse().unwrap();
    let session = Session { workspace: WORKSPACE, member, device: device.clone(), created: NOW, expires };
    file.create_session(&secret(), &session).unwrap();
    let receipt = Receipt { document: DOCUMENT, change: CHANGE, member: Some(member), device, received: NOW };
    let write = Write { receipts: vec![receipt], ..Write::default() };
    file.commit(&[write]).unwrap();
    disk
}

fn seeds() -> Vec<Vec<u8>> {
    let disk = file();
    let database = Database::builder().create_with_backend(disk.backend()).unwrap();
    let read = database.begin_read().unwrap();
    fn first<const LEN: usize>(read: &redb::ReadTransaction, table: Bytes<LEN>) -> Vec<u8> {
        use redb::ReadableTable;
        read.open_table(table).unwrap().first().unwrap().unwrap().1.value().to_vec()
    }
    let items = [
        first(&read, RECEIPTS),
        first(&read, WORKSPACES),
        first(&read, DOCUMENTS),
        first(&read, MEMBERS),
        first(&read, TOKENS),
        first(&read, SESSIONS),
    ];
    vec![script(&items)]
}

fn run(input: &[u8]) {
    let items = script::items(input);
    let disk = file();
    plant(&disk, &items);
    let file = open(&disk);
    let reader = file.reader();
    let errors = [
        reader.receipt(DOCUMENT, CHANGE).err(),
        reader.workspaces().err(),
        reader.workspace(WORKSPACE).err(),
        reader.registration(DOCUMENT).err(),
        reader.documents_of(WORKSPACE).err(),
        reader.find_token(&secret(), NOW).err(),
        reader.tokens(WORKSPACE).err(),
        reader.find_session(&secret(), NOW).err(),
        reader.sessions(WORKSPACE).err(),
        reader.load(DOCUMENT).err(),
    ];
    assert!(errors.into_iter().flatten().all(|error| !error.to_string().is_empty()));
    let receipts = reader.receipts(DOCUMENT).count();
    assert!(receipts <= 1);
    let _ = file.delete_expired(NOW.plus_millis(2_000_000));
    let _ = reader.check();
}

/// Puts the items in the place of what is there.
fn plant(disk: &SimulatedDisk, items: &[Vec<u8>]) {
    let database = Database::builder().create_with_backend(disk.backend()).unwrap();
    let write = database.begin_write().unwrap();
    fn put<const LEN: usize>(write: &redb::WriteTransaction, table: Bytes<LEN>, value: Option<&Vec<u8>>) {
        use redb::ReadableTable;
        let Some(value) = value else { return };
        let mut table = write.open_table(table).unwrap();
        let key = *table.first().unwrap().unwrap().0.value();
        table.insert(&key, value.as_slice()).unwrap();
    }
    put(&write, RECEIPTS, items.first());
    put(&write, WORKSPACES, items.get(1));
    put(&write, DOCUMENTS, items.get(2));
    put(&write, MEMBERS, items.get(3));
    put(&write, TOKENS, items.get(4));
    put(&write, SESSIONS, items.get(5));
    write.commit().unwrap();
}

fn mutate(item: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut disturbed = item.to_vec();
    disturb(&mut disturbed, chance);
    disturbed
}
