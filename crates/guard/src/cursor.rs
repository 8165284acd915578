//! Reading forwards through bytes, without ever reading past them.
//!
//! Lengths and counts come from a peer: they are compared with the bytes that are left before anything is
//! allocated or skipped.

use crate::Rejection;
use ids::ChangeHash;

/// A place in bytes. Copying it is how one looks ahead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    /// Bytes read so far.
    pub(crate) const fn position(&self) -> usize {
        self.position
    }

    pub(crate) const fn remaining(&self) -> usize {
        self.bytes.len() - self.position
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.remaining() == 0
    }

    /// The next `len` bytes; `part` names them if they are not there.
    pub(crate) fn take(&mut self, len: usize, part: &'static str) -> Result<&'a [u8], Rejection> {
        let taken = self.rest().get(..len).ok_or(Rejection::Truncated { part })?;
        self.position += len;
        Ok(taken)
    }

    /// The next `len` bytes, where `len` came from the bytes themselves.
    pub(crate) fn take_u64(&mut self, len: u64, part: &'static str) -> Result<&'a [u8], Rejection> {
        let len = usize::try_from(len).map_err(|_| Rejection::Truncated { part })?;
        self.take(len, part)
    }

    pub(crate) fn array<const N: usize>(&mut self, part: &'static str) -> Result<[u8; N], Rejection> {
        let taken = self.take(N, part)?;
        taken.try_into().map_err(|_| Rejection::Truncated { part })
    }

    pub(crate) fn byte(&mut self, part: &'static str) -> Result<u8, Rejection> {
        let byte = self.bytes.get(self.position).copied().ok_or(Rejection::Truncated { part })?;
        self.position += 1;
        Ok(byte)
    }

    pub(crate) fn hash(&mut self, part: &'static str) -> Result<ChangeHash, Rejection> {
        self.array(part).map(ChangeHash)
    }

    /// An unsigned LEB128 integer in its shortest form.
    #[inline]
    pub(crate) fn uleb(&mut self, part: &'static str) -> Result<u64, Rejection> {
        let first = self.byte(part)?;
        if first < 0x80 {
            return Ok(u64::from(first));
        }
        let mut value = u64::from(first & 0x7f);
        let mut shift = 7;
        loop {
            let byte = self.byte(part)?;
            // The tenth byte holds the one bit that is left of 64.
            if shift == 63 && byte > 1 {
                return Err(Rejection::Integer { part });
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return if byte == 0 { Err(Rejection::Integer { part }) } else { Ok(value) };
            }
            shift += 7;
        }
    }

    /// A signed LEB128 integer in its shortest form.
    #[inline]
    pub(crate) fn leb(&mut self, part: &'static str) -> Result<i64, Rejection> {
        let mut value = 0_i64;
        let mut shift = 0;
        let mut previous = None;
        loop {
            let byte = self.byte(part)?;
            // The tenth byte holds the sign bit alone, extended.
            if shift == 63 && byte != 0 && byte != 0x7f {
                return Err(Rejection::Integer { part });
            }
            value |= i64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                let negative = byte & 0x40 != 0;
                let overlong = previous.is_some_and(|previous: u8| {
                    (byte == 0 && previous & 0x40 == 0) || (byte == 0x7f && previous & 0x40 != 0)
                });
                if overlong {
                    return Err(Rejection::Integer { part });
                }
                if negative && shift < 64 {
                    value |= -1 << shift;
                }
                return Ok(value);
            }
            previous = Some(byte);
        }
    }

    /// A count of entries of at least `entry_bytes` bytes each, refused when the bytes cannot hold them.
    pub(crate) fn count(
        &mut self,
        entry_bytes: usize,
        limit: usize,
        part: &'static str,
    ) -> Result<usize, Rejection> {
        let count = self.uleb(part)?;
        let within = usize::try_from(count).ok().filter(|count| *count <= limit);
        let count = within.ok_or(Rejection::TooMany { part, count, limit: limit as u64 })?;
        if self.remaining() / entry_bytes.max(1) < count {
            return Err(Rejection::Truncated { part });
        }
        Ok(count)
    }

    /// A counted list of hashes, in the order in which they came.
    pub(crate) fn hashes(&mut self, limit: usize, part: &'static str) -> Result<Vec<ChangeHash>, Rejection> {
        let count = self.count(32, limit, part)?;
        (0..count).map(|_| self.hash(part)).collect()
    }

    /// A counted list of hashes that must ascend.
    pub(crate) fn ascending_hashes(
        &mut self,
        limit: usize,
        part: &'static str,
    ) -> Result<Vec<ChangeHash>, Rejection> {
        let hashes = self.hashes(limit, part)?;
        if hashes.is_sorted_by(|a, b| a < b) { Ok(hashes) } else { Err(Rejection::Hashes { part }) }
    }

    /// Length-prefixed text.
    pub(crate) fn text(&mut self, part: &'static str) -> Result<&'a str, Rejection> {
        let len = self.uleb(part)?;
        std::str::from_utf8(self.take_u64(len, part)?).map_err(|_| Rejection::Text { part })
    }

    /// A length-prefixed actor id.
    pub(crate) fn actor(&mut self, bytes_max: usize) -> Result<&'a [u8], Rejection> {
        let len = self.uleb("an actor")?;
        let actor = self.take_u64(len, "an actor")?;
        match actor.len() {
            0 => Err(Rejection::Actor("an empty actor id")),
            len if len > bytes_max => Err(Rejection::Actor("an actor id that is too long")),
            _ => Ok(actor),
        }
    }

    /// Everything that is left.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    /// Nothing may be left.
    pub(crate) fn finish(self, part: &'static str) -> Result<(), Rejection> {
        if self.is_empty() { Ok(()) } else { Err(Rejection::Leftover { part }) }
    }
}

/// Appends `value` as unsigned LEB128.
pub(crate) fn write_uleb(out: &mut Vec<u8>, value: u64) {
    let (bytes, len) = uleb_array(value);
    out.extend(bytes.into_iter().take(len));
}

/// `value` as unsigned LEB128, and how many of the bytes it has.
pub(crate) fn uleb_array(mut value: u64) -> ([u8; 10], usize) {
    let len = uleb_len(value);
    let mut bytes = [0; 10];
    for (at, byte) in bytes.iter_mut().take(len).enumerate() {
        *byte = value as u8 | if at + 1 < len { 0x80 } else { 0 };
        value >>= 7;
    }
    (bytes, len)
}

/// Bytes that `value` has as unsigned LEB128.
pub(crate) const fn uleb_len(value: u64) -> usize {
    let bits = 64 - (value | 1).leading_zeros() as usize;
    bits.div_ceil(7)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn unsigned_round_trip(value: u64) {
            let mut bytes = Vec::new();
            write_uleb(&mut bytes, value);
            prop_assert_eq!(bytes.len(), uleb_len(value));
            prop_assert_eq!(Cursor::new(&bytes).uleb("test"), Ok(value));
        }

        #[test]
        fn any_integer_that_is_read_is_in_its_shortest_form(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
            let mut cursor = Cursor::new(&bytes);
            if let Ok(value) = cursor.uleb("test") {
                prop_assert_eq!(cursor.position(), uleb_len(value));
            }
        }
    }

    #[test]
    fn signed_edges() {
        for (bytes, value) in [
            (&[0x00][..], Ok(0)),
            (&[0x7f], Ok(-1)),
            (&[0x3f], Ok(63)),
            (&[0x40], Ok(-64)),
            (&[0xc0, 0x00], Ok(64)),
            (&[0xbf, 0x7f], Ok(-65)),
            (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00], Ok(i64::MAX)),
            (&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f], Ok(i64::MIN)),
            (&[0x80, 0x00], Err("integer")),
            (&[0xff, 0x7f], Err("integer")),
            (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], Err("integer")),
            (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00], Err("integer")),
            (&[0x80], Err("truncated")),
        ] {
            assert_eq!(
                Cursor::new(bytes).leb("test").map_err(|rejection| rejection.code()),
                value,
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn a_count_larger_than_the_bytes_allocates_nothing() {
        let bytes = [0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3];
        let refused = Cursor::new(&bytes).hashes(usize::MAX, "heads");
        assert_eq!(refused, Err(Rejection::Truncated { part: "heads" }));
    }
}
