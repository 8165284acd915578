//! Booleans written as alternating counts, beginning with a count of `false` that may be zero.

use crate::{Rejection, cursor::Cursor};

/// A column of booleans.
#[derive(Clone, Debug)]
pub(crate) struct Booleans<'a> {
    cursor: Cursor<'a>,
    column: &'static str,
    present: bool,
    rows_max: u64,
    value: bool,
    left: u64,
    has_true: bool,
}

impl<'a> Booleans<'a> {
    /// `bytes` of a column that is there, or `None` for one that is false in every row.
    pub(crate) fn new(bytes: Option<&'a [u8]>, column: &'static str, rows_max: u64) -> Self {
        Self {
            cursor: Cursor::new(bytes.unwrap_or_default()),
            column,
            present: bytes.is_some(),
            rows_max,
            value: true,
            left: 0,
            has_true: false,
        }
    }

    #[inline]
    pub(crate) fn required(&mut self) -> Result<bool, Rejection> {
        if !self.present {
            return Ok(false);
        }
        if self.left == 0 {
            self.begin_run()?;
        }
        self.left -= 1;
        Ok(self.value)
    }

    fn begin_run(&mut self) -> Result<(), Rejection> {
        let first = self.cursor.position() == 0;
        self.read_count()?;
        if self.left == 0 && first {
            self.read_count()?;
        }
        if self.left == 0 {
            return Err(Rejection::NonCanonical { column: self.column, why: "a run of no rows" });
        }
        if self.left > self.rows_max {
            return Err(Rejection::TooManyOps { limit: self.rows_max });
        }
        Ok(())
    }

    fn read_count(&mut self) -> Result<(), Rejection> {
        if self.cursor.is_empty() {
            return Err(Rejection::ColumnLength { column: self.column });
        }
        self.left = self.cursor.uleb(self.column)?;
        self.value = !self.value;
        self.has_true |= self.value;
        Ok(())
    }

    /// The table has no more rows: neither may the column.
    pub(crate) fn finish(&self) -> Result<(), Rejection> {
        let done = self.left == 0 && self.cursor.is_empty();
        if done { Ok(()) } else { Err(Rejection::ColumnLength { column: self.column }) }
    }

    /// As [`finish`](Self::finish), for a column that is not written when it is false in every row.
    pub(crate) fn finish_optional(&self) -> Result<(), Rejection> {
        self.finish()?;
        if self.present && !self.has_true {
            return Err(Rejection::NonCanonical { column: self.column, why: "a column without a value" });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], rows: usize) -> Result<Vec<bool>, &'static str> {
        let mut booleans = Booleans::new(Some(bytes), "test", 1000);
        let rows = (0..rows)
            .map(|_| booleans.required())
            .collect::<Result<_, _>>()
            .map_err(|rejection| rejection.code());
        booleans.finish().map_err(|rejection| rejection.code())?;
        rows
    }

    #[test]
    fn counts_alternate_and_only_the_first_may_be_zero() {
        assert_eq!(read(&[2, 1], 3), Ok(vec![false, false, true]));
        assert_eq!(read(&[0, 1, 1], 2), Ok(vec![true, false]));
        assert_eq!(read(&[1, 0, 1], 2), Err("column-length"));
        assert_eq!(read(&[0, 0, 1], 1), Err("column-length"));
        assert_eq!(read(&[0], 1), Err("column-length"));
        assert_eq!(read(&[2], 3), Err("column-length"));
        assert_eq!(read(&[3], 2), Err("column-length"));
        let mut booleans = Booleans::new(Some(&[1, 0, 1]), "test", 1000);
        assert_eq!(booleans.required(), Ok(false));
        assert_eq!(booleans.required().map_err(|rejection| rejection.code()), Err("non-canonical"));
    }
}
