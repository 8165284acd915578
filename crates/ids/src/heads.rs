//! A version of a document.

use crate::ChangeHash;

/// The heads of a document: the changes no other change depends on. Sorted, without duplicates, so that equal
/// versions are equal values.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(from = "Vec<ChangeHash>")]
pub struct Heads(Vec<ChangeHash>);

impl Heads {
    /// The heads of a document nobody has written to.
    pub const EMPTY: Self = Self(Vec::new());

    /// The hashes, ascending.
    pub fn as_slice(&self) -> &[ChangeHash] {
        &self.0
    }

    /// The hashes, ascending.
    pub fn iter(&self) -> std::slice::Iter<'_, ChangeHash> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether `hash` is one of them.
    pub fn contains(&self, hash: &ChangeHash) -> bool {
        self.0.binary_search(hash).is_ok()
    }
}

impl From<Vec<ChangeHash>> for Heads {
    fn from(mut hashes: Vec<ChangeHash>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }
}

impl FromIterator<ChangeHash> for Heads {
    fn from_iter<I: IntoIterator<Item = ChangeHash>>(hashes: I) -> Self {
        Self::from(hashes.into_iter().collect::<Vec<_>>())
    }
}

impl<'a> IntoIterator for &'a Heads {
    type Item = &'a ChangeHash;
    type IntoIter = std::slice::Iter<'a, ChangeHash>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_versions_are_equal_values() {
        let (a, b) = (ChangeHash([1; 32]), ChangeHash([2; 32]));
        assert_eq!(Heads::from(vec![b, a, b]), Heads::from(vec![a, b]));
    }
}
