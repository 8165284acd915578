//! Columns as Automerge writes them: runs of equal values, of different values, and of nulls.
//!
//! The same rows can be written as runs in many ways, and Automerge reads most of them. It computes the hash of a
//! change from the rows written anew, so that only the one way in which it writes them itself keeps the hash:
//! anything else is stored well and never loads again. These readers accept that one way only.

mod booleans;
mod deltas;

pub(crate) use booleans::Booleans;
pub(crate) use deltas::Deltas;

use crate::{Rejection, cursor::Cursor};

/// A column of run-length encoded values.
///
/// Reading a row costs the same whatever the length of its run; a run longer than the table may have rows is
/// refused when it begins.
#[derive(Clone, Debug)]
pub(crate) struct Runs<'a, T> {
    cursor: Cursor<'a>,
    column: &'static str,
    present: bool,
    rows_max: u64,
    run: Run,
    left: u64,
    value: Option<T>,
    has_value: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    Start,
    Equal,
    Different,
    Null,
}

/// A value that a run repeats or lists.
pub(crate) trait Entry<'a>: Copy + PartialEq {
    fn read(cursor: &mut Cursor<'a>, column: &'static str) -> Result<Self, Rejection>;
}

impl Entry<'_> for u64 {
    #[inline]
    fn read(cursor: &mut Cursor<'_>, column: &'static str) -> Result<Self, Rejection> {
        cursor.uleb(column)
    }
}

impl Entry<'_> for u32 {
    #[inline]
    fn read(cursor: &mut Cursor<'_>, column: &'static str) -> Result<Self, Rejection> {
        u32::try_from(cursor.uleb(column)?).map_err(|_| Rejection::Integer { part: column })
    }
}

impl Entry<'_> for i64 {
    #[inline]
    fn read(cursor: &mut Cursor<'_>, column: &'static str) -> Result<Self, Rejection> {
        cursor.leb(column)
    }
}

impl<'a> Entry<'a> for &'a str {
    #[inline]
    fn read(cursor: &mut Cursor<'a>, column: &'static str) -> Result<Self, Rejection> {
        cursor.text(column)
    }
}

impl<'a, T: Entry<'a>> Runs<'a, T> {
    /// `bytes` of a column that is there, or `None` for one that is null in every row.
    pub(crate) fn new(bytes: Option<&'a [u8]>, column: &'static str, rows_max: u64) -> Self {
        Self {
            cursor: Cursor::new(bytes.unwrap_or_default()),
            column,
            present: bytes.is_some(),
            rows_max,
            run: Run::Start,
            left: 0,
            value: None,
            has_value: false,
        }
    }

    /// The next row: `None` after the last one, `Some(None)` for a null.
    #[inline]
    fn advance(&mut self) -> Result<Option<Option<T>>, Rejection> {
        if self.left == 0 {
            if self.cursor.is_empty() {
                return Ok(None);
            }
            self.begin_run()?;
        }
        self.left -= 1;
        if self.run == Run::Different {
            let value = T::read(&mut self.cursor, self.column)?;
            if self.value == Some(value) {
                return Err(self.non_canonical("equal values side by side are not one run"));
            }
            self.value = Some(value);
        }
        Ok(Some(self.value))
    }

    fn begin_run(&mut self) -> Result<(), Rejection> {
        let head = self.cursor.leb(self.column)?;
        match head {
            1 => return Err(self.non_canonical("a run of one row")),
            2.. => {
                let value = T::read(&mut self.cursor, self.column)?;
                if self.value == Some(value) {
                    return Err(self.non_canonical("equal values side by side are not one run"));
                }
                self.run = Run::Equal;
                self.left = head.unsigned_abs();
                self.value = Some(value);
                self.has_value = true;
            }
            0 => {
                let count = self.cursor.uleb(self.column)?;
                if count == 0 {
                    return Err(self.non_canonical("a run of no rows"));
                }
                if self.run == Run::Null {
                    return Err(self.non_canonical("two runs of nulls side by side"));
                }
                self.run = Run::Null;
                self.left = count;
                self.value = None;
            }
            _ => {
                if self.run == Run::Different {
                    return Err(self.non_canonical("two runs of different values side by side"));
                }
                self.run = Run::Different;
                self.left = head.unsigned_abs();
                self.has_value = true;
            }
        }
        if self.left > self.rows_max {
            return Err(Rejection::TooManyOps { limit: self.rows_max });
        }
        Ok(())
    }

    fn non_canonical(&self, why: &'static str) -> Rejection {
        Rejection::NonCanonical { column: self.column, why }
    }

    /// The next row of the column that says how many rows there are.
    #[inline]
    pub(crate) fn leading(&mut self) -> Result<Option<T>, Rejection> {
        match self.advance()? {
            None => Ok(None),
            Some(Some(value)) => Ok(Some(value)),
            Some(None) => Err(Rejection::Null { column: self.column }),
        }
    }

    /// The next row, which may be null.
    #[inline]
    pub(crate) fn nullable(&mut self) -> Result<Option<T>, Rejection> {
        if !self.present {
            return Ok(None);
        }
        self.advance()?.ok_or(Rejection::ColumnLength { column: self.column })
    }

    /// The next row, which may not.
    #[inline]
    pub(crate) fn required(&mut self) -> Result<T, Rejection> {
        let row = self.advance()?.ok_or(Rejection::ColumnLength { column: self.column })?;
        row.ok_or(Rejection::Null { column: self.column })
    }

    /// The table has no more rows: neither may the column, and a column of nothing but nulls is not written.
    pub(crate) fn finish(&self) -> Result<(), Rejection> {
        if self.left > 0 || !self.cursor.is_empty() {
            return Err(Rejection::ColumnLength { column: self.column });
        }
        if self.present && !self.has_value {
            return Err(self.non_canonical("a column without a value"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<Option<u64>>, &'static str> {
        let mut runs = Runs::<u64>::new(Some(bytes), "test", 1000);
        let mut rows = Vec::new();
        while let Some(row) = runs.advance().map_err(|rejection| rejection.code())? {
            rows.push(row);
        }
        runs.finish().map_err(|rejection| rejection.code())?;
        Ok(rows)
    }

    #[test]
    fn runs_of_every_kind() {
        assert_eq!(read(&[2, 5, 0, 1, 0x7e, 1, 2]), Ok(vec![Some(5), Some(5), None, Some(1), Some(2)]));
        assert_eq!(read(&[2, 5, 0x7f, 6]), Ok(vec![Some(5), Some(5), Some(6)]));
        assert_eq!(read(&[0x7f, 5, 0, 2, 0x7f, 5]), Ok(vec![Some(5), None, None, Some(5)]));
    }

    #[test]
    fn every_other_way_to_write_the_same_rows_is_refused() {
        for bytes in [
            &[1, 5][..],         // one row as a run
            &[2, 5, 2, 5],       // one run as two
            &[2, 5, 0x7f, 5],    // a run and its last value apart
            &[0x7f, 5, 2, 5],    // a run and its first value apart
            &[0x7e, 5, 5],       // a run as a list
            &[0x7f, 5, 0x7f, 6], // a list as two
            &[0, 0],             // a run of nothing
            &[0, 1, 0, 1],       // nulls as two runs
            &[0, 3],             // nothing but nulls
        ] {
            assert_eq!(read(bytes), Err("non-canonical"), "{bytes:?}");
        }
    }

    #[test]
    fn a_run_of_billions_is_refused_when_it_begins() {
        assert_eq!(read(&[0xff, 0xff, 0xff, 0xff, 0x0f, 1]), Err("too-many-ops"));
        assert_eq!(read(&[0, 0xff, 0xff, 0xff, 0xff, 0x0f]), Err("too-many-ops"));
        assert_eq!(
            read(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f, 1]),
            Err("too-many-ops")
        );
    }
}
