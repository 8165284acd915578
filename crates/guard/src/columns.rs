//! The table in front of columns: which there are, in which order, how long each is.

use crate::{Rejection, budget::Budget, cursor::Cursor};
use std::borrow::Cow;

/// The columns that are there, in the order of `N` known specifications.
#[derive(Debug)]
pub(crate) struct Table<const N: usize>([Option<Place>; N]);

/// Where a column is, and whether it is deflated.
#[derive(Clone, Copy, Debug)]
struct Place {
    len: u64,
    deflated: bool,
}

/// The kinds of columns; with a number they make a specification.
pub(crate) const GROUP: u32 = 0;
pub(crate) const ACTOR: u32 = 1;
pub(crate) const INTEGER: u32 = 2;
pub(crate) const DELTA: u32 = 3;
pub(crate) const BOOLEAN: u32 = 4;
pub(crate) const TEXT: u32 = 5;
pub(crate) const VALUE_TYPE: u32 = 6;
pub(crate) const VALUE: u32 = 7;

const DEFLATED: u32 = 8;

/// The specification of a column, never deflated.
pub(crate) const fn spec(number: u32, kind: u32) -> u32 {
    (number << 4) | kind
}

impl<const N: usize> Table<N> {
    /// Reads a table whose columns are all among `known`, which ascends.
    ///
    /// Columns of later versions are refused: Automerge drops them, and the hash of the change with them.
    pub(crate) fn read(cursor: &mut Cursor<'_>, known: &[u32; N]) -> Result<Self, Rejection> {
        let mut places = [None; N];
        let mut slots = known.iter().zip(places.iter_mut());
        for _ in 0..cursor.count(2, N, "columns")? {
            let received = cursor.uleb("a column")?;
            let received =
                u32::try_from(received).map_err(|_| Rejection::Integer { part: "a column specification" })?;
            let len = cursor.uleb("a column")?;
            let why = "unknown, out of order or there twice";
            let (_, slot) = slots
                .find(|(spec, _)| **spec == received & !DEFLATED)
                .ok_or(Rejection::Columns { spec: received, why })?;
            if len == 0 {
                return Err(Rejection::Columns { spec: received, why: "empty, which is not written" });
            }
            *slot = Some(Place { len, deflated: received & DEFLATED != 0 });
        }
        Ok(Self(places))
    }

    /// Whether the column is there.
    pub(crate) fn has(&self, known: &[u32; N], wanted: u32) -> bool {
        known.iter().zip(&self.0).any(|(spec, place)| *spec == wanted && place.is_some())
    }

    /// The columns of a change: none is deflated, the change is as a whole.
    pub(crate) fn plain<'a>(
        &self,
        known: &[u32; N],
        cursor: &mut Cursor<'a>,
    ) -> Result<[Option<&'a [u8]>; N], Rejection> {
        let mut columns = [None; N];
        for ((place, spec), column) in self.0.iter().zip(known).zip(columns.iter_mut()) {
            let Some(place) = place else { continue };
            if place.deflated {
                return Err(Rejection::Columns { spec: *spec, why: "deflated inside of a change" });
            }
            *column = Some(cursor.take_u64(place.len, "a column")?);
        }
        Ok(columns)
    }

    /// The columns of a document, each of which may be deflated.
    pub(crate) fn inflated<'a>(
        &self,
        cursor: &mut Cursor<'a>,
        budget: &mut Budget<'_>,
    ) -> Result<[Option<Cow<'a, [u8]>>; N], Rejection> {
        let mut columns = [const { None }; N];
        for (place, column) in self.0.iter().zip(columns.iter_mut()) {
            let Some(place) = place else { continue };
            let bytes = cursor.take_u64(place.len, "a column")?;
            *column = Some(if place.deflated {
                Cow::Owned(budget.inflate(bytes, "a column")?)
            } else {
                Cow::Borrowed(bytes)
            });
        }
        Ok(columns)
    }
}
