//! From the codes of the story (`O1`, `m-ceo`) to records.

use crate::data::DataError;
use std::collections::BTreeMap;
use workspace::RecordRef;

/// Which record a code means.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(BTreeMap<String, RecordRef>);

impl Names {
    pub(crate) fn add(&mut self, code: &str, record: RecordRef) {
        self.0.insert(code.to_owned(), record);
    }

    /// All codes with their records.
    pub(crate) fn into_map(self) -> BTreeMap<String, RecordRef> {
        self.0
    }

    pub(crate) fn of(&self, code: &str) -> Result<RecordRef, DataError> {
        self.0.get(code).copied().ok_or_else(|| DataError::Unknown(code.to_owned()))
    }
}
