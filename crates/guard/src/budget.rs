//! What one message may still cost while it is read.

use crate::{Limits, Rejection, inflate::Inflater};

/// Counts down over all chunks of a message, so that many small bombs are no better than one big one.
pub(crate) struct Budget<'a> {
    pub(crate) limits: &'a Limits,
    pub(crate) change_operations: Allowance,
    pub(crate) change_references: Allowance,
    pub(crate) document_operations: Allowance,
    pub(crate) document_references: Allowance,
    document_changes: u64,
    key_bytes: u64,
    inflated: usize,
    inflater: Inflater,
}

/// How many rows may still be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    limit: u64,
    left: u64,
}

impl Allowance {
    pub(crate) const fn new(limit: u64) -> Self {
        Self { limit, left: limit }
    }

    pub(crate) const fn left(&self) -> u64 {
        self.left
    }

    pub(crate) const fn spend(&mut self, rows: u64) -> Result<(), Rejection> {
        match self.left.checked_sub(rows) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Rejection::TooManyOps { limit: self.limit }),
        }
    }
}

/// Honest operations refer to one other operation on average; conflicts refer to several.
const REFERENCES_PER_OPERATION: u64 = 4;

impl<'a> Budget<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        let references =
            |operations: u64| Allowance::new(operations.saturating_mul(REFERENCES_PER_OPERATION));
        Self {
            limits,
            change_operations: Allowance::new(limits.operations_in_changes),
            change_references: references(limits.operations_in_changes),
            document_operations: Allowance::new(limits.operations_in_documents),
            document_references: references(limits.operations_in_documents),
            document_changes: limits.changes_in_documents,
            key_bytes: limits.key_bytes,
            inflated: limits.inflated_bytes,
            inflater: Inflater::default(),
        }
    }

    /// Inflates a whole stream, and not one byte more than the message may still have.
    pub(crate) fn inflate(&mut self, bytes: &[u8], part: &'static str) -> Result<Vec<u8>, Rejection> {
        let inflated = self
            .inflater
            .inflate(bytes, self.inflated, part)?
            .ok_or(Rejection::InflateBudget { limit: self.limits.inflated_bytes })?;
        self.inflated = self.inflated.saturating_sub(inflated.len());
        Ok(inflated)
    }

    /// Changes that documents may still have.
    pub(crate) const fn document_changes_left(&self) -> u64 {
        self.document_changes
    }

    pub(crate) const fn spend_document_change(&mut self) -> Result<(), Rejection> {
        match self.document_changes.checked_sub(1) {
            Some(left) => {
                self.document_changes = left;
                Ok(())
            }
            None => Err(Rejection::TooManyChanges { limit: self.limits.changes_in_documents }),
        }
    }

    /// A key, mark name or message that is repeated once more.
    pub(crate) fn spend_text(&mut self, text: &str, part: &'static str) -> Result<(), Rejection> {
        let len = text.len() as u64;
        if text.len() > self.limits.text_bytes {
            return Err(Rejection::TooLarge { part, len, limit: self.limits.text_bytes as u64 });
        }
        let limit = self.limits.key_bytes;
        self.key_bytes = self.key_bytes.checked_sub(len).ok_or(Rejection::TooLarge {
            part: "all keys",
            len: limit + 1,
            limit,
        })?;
        Ok(())
    }
}
