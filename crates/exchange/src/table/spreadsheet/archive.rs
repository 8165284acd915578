//! The parts of a workbook, unpacked within a budget.

use super::broken;
use crate::table::{ReadError, TableLimits, encoding};
use std::io::{Cursor, Read};
use zip::{ZipArchive, result::ZipError};

pub(super) struct Archive<'a> {
    parts: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still be unpacked.
    left: u64,
    limit: u64,
}

impl<'a> Archive<'a> {
    pub(super) fn open(bytes: &'a [u8], limits: &TableLimits) -> Result<Self, ReadError> {
        let parts = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        Ok(Self { parts, left: limits.unpacked_bytes, limit: limits.unpacked_bytes })
    }

    /// The text of a part, if there is one of this name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, ReadError> {
        let part = match self.parts.by_name(name) {
            Err(ZipError::FileNotFound) => return Ok(None),
            part => part.map_err(broken)?,
        };
        let mut bytes = Vec::new();
        part.take(self.left + 1).read_to_end(&mut bytes).map_err(broken)?;
        self.left = self
            .left
            .checked_sub(bytes.len() as u64)
            .ok_or(ReadError::TooLarge { limit: self.limit, of: "bytes when unpacked" })?;
        Ok(Some(encoding::decode(&bytes).0.into_owned()))
    }
}
