//! The tables of the file, and its version. `docs/storage-format.md` draws every key and value.
//!
//! Adding a table or a JSON field keeps the version: older programs ignore both. Anything an older program would
//! misread raises it.

use redb::TableDefinition as Table;

/// The version of everything below. A file of a later version is refused and left alone.
pub const FORMAT_VERSION: u32 = 1;

/// Key of the version in [`META`].
pub(crate) const FORMAT_VERSION_KEY: &str = "format_version";

pub(crate) type Key<const LEN: usize> = &'static [u8; LEN];

/// Facts about the file itself.
pub(crate) const META: Table<'_, &str, u32> = Table::new("meta");
/// What this file calls itself.
pub(crate) const IDENTITY: Table<'_, &str, &str> = Table::new("identity");
/// `document 16 | kind 1 | hash 32` -> `format 1 | bytes`.
pub(crate) const CHUNKS: Table<'_, Key<49>, &[u8]> = Table::new("chunks");
/// The keys of `chunks` -> length of the bytes. Kept beside, because walking over `chunks` reads every value.
pub(crate) const CHUNK_LENGTHS: Table<'_, Key<49>, u64> = Table::new("chunk_lengths");
/// `document 16 | change 32` -> receipt.
pub(crate) const RECEIPTS: Table<'_, Key<48>, &[u8]> = Table::new("receipts");
/// `workspace 10` -> JSON.
pub(crate) const WORKSPACES: Table<'_, Key<10>, &[u8]> = Table::new("workspaces");
/// `document 16` -> JSON.
pub(crate) const DOCUMENTS: Table<'_, Key<16>, &[u8]> = Table::new("documents");
/// `workspace 10 | document 16` -> nothing: the documents of a workspace.
pub(crate) const WORKSPACE_DOCUMENTS: Table<'_, Key<26>, ()> = Table::new("workspace_documents");
/// `workspace 10 | member 16` -> JSON.
pub(crate) const MEMBERS: Table<'_, Key<26>, &[u8]> = Table::new("members");
/// SHA-256 of the secret -> JSON.
pub(crate) const TOKENS: Table<'_, Key<32>, &[u8]> = Table::new("tokens");
/// SHA-256 of the secret -> JSON.
pub(crate) const SESSIONS: Table<'_, Key<32>, &[u8]> = Table::new("sessions");
/// SHA-256 of the secret -> JSON.
pub(crate) const INVITES: Table<'_, Key<32>, &[u8]> = Table::new("invites");

/// Calls a macro once for every table.
macro_rules! for_each_table {
    ($each:ident) => {
        $each!(META);
        $each!(IDENTITY);
        $each!(CHUNKS);
        $each!(CHUNK_LENGTHS);
        $each!(RECEIPTS);
        $each!(WORKSPACES);
        $each!(DOCUMENTS);
        $each!(WORKSPACE_DOCUMENTS);
        $each!(MEMBERS);
        $each!(TOKENS);
        $each!(SESSIONS);
        $each!(INVITES);
    };
}
pub(crate) use for_each_table;

/// Two keys one after the other.
pub(crate) fn join<const A: usize, const B: usize, const AB: usize>(a: &[u8; A], b: &[u8; B]) -> [u8; AB] {
    const { assert!(A + B == AB) };
    let mut parts = a.iter().chain(b).copied();
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// The smallest and the largest key that begin with `prefix`.
pub(crate) fn starting_with<const A: usize, const AB: usize>(prefix: &[u8; A]) -> ([u8; AB], [u8; AB]) {
    const { assert!(A <= AB) };
    let fill = |rest: u8| {
        let mut parts = prefix.iter().copied();
        std::array::from_fn(|_| parts.next().unwrap_or(rest))
    };
    (fill(0), fill(u8::MAX))
}
