//! Reads what an encoder wrote; `None` where the bytes are something else, which after a few mutations they may be.

/// Items of a list that are believed; a forger has no use for more.
const ITEMS_MAX: u64 = 100_000;

pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn slice(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    pub(crate) fn take(&mut self, len: usize) -> Option<Vec<u8>> {
        self.slice(len).map(<[u8]>::to_vec)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.slice(N)?.try_into().ok()
    }

    pub(crate) fn uleb(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub(crate) fn leb(&mut self) -> Option<i64> {
        let before = self.0.len();
        let value = self.uleb()?;
        let bits = 7 * (before - self.0.len()) as u32;
        Some(if bits < 64 { (value << (64 - bits)) as i64 >> (64 - bits) } else { value as i64 })
    }

    pub(crate) fn prefixed(&mut self) -> Option<Vec<u8>> {
        let len = self.uleb()?;
        self.take(usize::try_from(len).ok()?)
    }

    pub(crate) fn many<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.uleb()?;
        (0..count.min(ITEMS_MAX)).map(|_| read(self)).collect()
    }

    /// A column table, the columns themselves follow later.
    pub(crate) fn table(&mut self) -> Option<Vec<(u32, usize)>> {
        self.many(|reader| Some((reader.uleb()? as u32, usize::try_from(reader.uleb()?).ok()?)))
    }

    pub(crate) fn columns(&mut self, table: Vec<(u32, usize)>) -> Option<Vec<(u32, Vec<u8>)>> {
        table.into_iter().map(|(spec, len)| Some((spec, self.take(len)?))).collect()
    }
}
