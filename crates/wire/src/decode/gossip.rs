//! The shape of remote-heads gossip: looked at, bounded, and then let go.
//!
//! JavaScript can tell its peers what it knows about third stores (`enableRemoteHeadsGossiping`, off by default). We
//! do not use it, but a peer that sends it is healthy, and one that sends it without measure is not.

use super::{
    fields::{Fields, KEY_BYTES_MAX, Key},
    reader::Reader,
};
use crate::{Limits, decode_error::DecodeError};
use ids::StorageId;

/// Longest text of a head, in bytes: base58check of 32 bytes needs 50, JavaScript's README says base64 (44), and
/// hexadecimal is 64.
const HEAD_TEXT_BYTES_MAX: usize = 64;

/// `newHeads: { storageId => { heads: [text], timestamp: number } }`.
pub(super) fn check_new_heads(fields: &mut Fields<'_>, limits: &Limits) -> Result<(), DecodeError> {
    const FIELD: &str = "newHeads";
    let mut reader = fields.get(Key::NewHeads, "remote-heads-changed")?;
    let mut storages = reader.map(FIELD, limits.storages_max)?;
    while reader.next(&mut storages)? {
        reader.text(FIELD, StorageId::LEN_MAX)?;
        let mut entries = reader.map(FIELD, limits.map_entries_max)?;
        while reader.next(&mut entries)? {
            if reader.text(FIELD, KEY_BYTES_MAX)? == "heads" {
                check_texts(&mut reader, "heads", limits.heads_max, HEAD_TEXT_BYTES_MAX)?;
            } else {
                reader.skip(FIELD, limits.depth_max)?;
            }
        }
    }
    Ok(())
}

/// `add: [storageId]` and `remove: [storageId]`, either of which may be missing.
pub(super) fn check_subscriptions(fields: &mut Fields<'_>, limits: &Limits) -> Result<(), DecodeError> {
    for key in [Key::Add, Key::Remove] {
        if let Some(mut reader) = fields.find(key) {
            check_texts(&mut reader, key.name(), limits.storages_max, StorageId::LEN_MAX)?;
        }
    }
    Ok(())
}

fn check_texts(
    reader: &mut Reader<'_>,
    field: &'static str,
    count_max: usize,
    bytes_max: usize,
) -> Result<(), DecodeError> {
    let mut texts = reader.array(field, count_max)?;
    while reader.next(&mut texts)? {
        reader.text(field, bytes_max)?;
    }
    Ok(())
}
