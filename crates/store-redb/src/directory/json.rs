//! JSON values of the directory's tables.

use crate::error::Failure;
use redb::{Key, ReadableTable};
use serde::{Serialize, de::DeserializeOwned};
use std::borrow::Borrow;

/// The stored form of a value.
pub(crate) fn encode(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value)
        .map_err(|error| Failure::Corrupt(format!("a directory entry has no JSON form: {error}")))
}

/// Reads a stored value.
pub(crate) fn decode<T: DeserializeOwned>(stored: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(stored).map_err(|error| {
        Failure::Corrupt(format!("a {} cannot be read: {error}", std::any::type_name::<T>()))
    })
}

/// Looks a value up.
pub(crate) fn get<'k, K: Key + 'static, T: DeserializeOwned>(
    table: &impl ReadableTable<K, &'static [u8]>,
    key: impl Borrow<K::SelfType<'k>>,
) -> Result<Option<T>, Failure> {
    table.get(key)?.map(|stored| decode(stored.value())).transpose()
}
