//! The object stores. There is one schema version, for ever: see the crate's head.
//!
//! All stores take their keys from outside (no key path, no generated keys) and have no indexes, so that what lies in
//! them may change its form without the database noticing.

/// The only version there is.
pub const VERSION: u32 = 1;

/// `[document, kind, hash]` -> format byte + bytes of a chunk, as a `Uint8Array`.
///
/// The document is its text form, the kind its stored number, the hash in hex.
pub const CHUNKS: &str = "chunks";

/// Name -> text. What this device remembers: who works here, which workspaces, switches of the app.
pub const PREFS: &str = "prefs";

/// Every store that is created. Four that nothing uses yet are there because they could not be added later: `cache` for
/// derived data that may be thrown away, `keys` for this device's non-extractable keys, `attachments` for content by
/// hash, `log` for what happened to storage and sync, without content.
pub const STORES: [&str; 6] = [CHUNKS, PREFS, "cache", "keys", "attachments", "log"];
