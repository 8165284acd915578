//! The Bloom filter of a sync message: which changes the sender has since the last time both sides were equal.
//!
//! Automerge trusts the three numbers in front of the bits, which lets ten bytes divide by zero and fifteen bytes
//! ask for 17 GB. Here they are checked once, when the filter is read, so that asking it later cannot fail.

use crate::{
    Rejection,
    cursor::{Cursor, uleb_len, write_uleb},
};
use bytes::Bytes;
use ids::ChangeHash;

/// A set of change hashes that may claim to contain a hash it was not made from, and never denies one it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bloom {
    entries: u32,
    bits_per_entry: u32,
    probes: u32,
    bits: Bytes,
}

/// What every implementation writes: about 1 % of false positives.
const BITS_PER_ENTRY: u32 = 10;
const PROBES: u32 = 7;

/// More would only cost time: at 64 bits the best number of probes is 44, with one false positive in 10^13.
const BITS_PER_ENTRY_MAX: u64 = 64;
const PROBES_MAX: u64 = 44;

/// Positions are 32-bit sums of two positions.
const ENTRIES_MAX: u64 = 1 << 24;

impl Default for Bloom {
    fn default() -> Self {
        Self { entries: 0, bits_per_entry: BITS_PER_ENTRY, probes: PROBES, bits: Bytes::new() }
    }
}

impl Bloom {
    /// The filter of exactly these hashes; the bytes of [`encode`](Self::encode) are those Automerge would send.
    pub fn from_hashes<'a>(hashes: impl IntoIterator<Item = &'a ChangeHash>) -> Self {
        let hashes: Vec<&ChangeHash> = hashes.into_iter().take(ENTRIES_MAX as usize).collect();
        let entries = hashes.len() as u32;
        let mut bits = vec![0_u8; bits_len(u64::from(entries), u64::from(BITS_PER_ENTRY))];
        for hash in hashes {
            for place in places(hash, bits.len(), PROBES) {
                if let Some(byte) = bits.get_mut(place >> 3) {
                    *byte |= 1 << (place & 7);
                }
            }
        }
        Self { entries, bits_per_entry: BITS_PER_ENTRY, probes: PROBES, bits: bits.into() }
    }

    /// Whether `hash` is among the hashes of the filter, or one in a hundred times although it is not.
    pub fn contains(&self, hash: &ChangeHash) -> bool {
        self.entries > 0
            && places(hash, self.bits.len(), self.probes)
                .all(|place| self.bits.get(place >> 3).is_some_and(|byte| byte & (1 << (place & 7)) != 0))
    }

    /// Whether the filter contains nothing.
    pub const fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// How many hashes the sender says the filter was made from.
    pub const fn len(&self) -> usize {
        self.entries as usize
    }

    /// From the bytes of a sync message: empty, or three numbers and exactly the bits they announce.
    pub fn decode(bytes: &Bytes) -> Result<Self, Rejection> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let mut cursor = Cursor::new(bytes);
        let entries = cursor.uleb("a Bloom filter")?;
        let bits_per_entry = cursor.uleb("a Bloom filter")?;
        let probes = cursor.uleb("a Bloom filter")?;
        let bits = bytes.slice(cursor.position()..);
        let fits = (1..=ENTRIES_MAX).contains(&entries)
            && (1..=BITS_PER_ENTRY_MAX).contains(&bits_per_entry)
            && (1..=PROBES_MAX).contains(&probes)
            && bits_len(entries, bits_per_entry) == bits.len();
        if !fits {
            return Err(Rejection::Bloom { entries, bits_per_entry, probes, len: bits.len() });
        }
        Ok(Self {
            entries: entries as u32,
            bits_per_entry: bits_per_entry as u32,
            probes: probes as u32,
            bits,
        })
    }

    /// The bytes of a sync message.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.encoded_len());
        self.write(&mut out);
        out
    }

    pub(crate) fn encoded_len(&self) -> usize {
        if self.is_empty() {
            return 0;
        }
        [self.entries, self.bits_per_entry, self.probes]
            .iter()
            .map(|n| uleb_len(u64::from(*n)))
            .sum::<usize>()
            + self.bits.len()
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        if self.is_empty() {
            return;
        }
        for number in [self.entries, self.bits_per_entry, self.probes] {
            write_uleb(out, u64::from(number));
        }
        out.extend_from_slice(&self.bits);
    }
}

const fn bits_len(entries: u64, bits_per_entry: u64) -> usize {
    (entries * bits_per_entry).div_ceil(8) as usize
}

/// Where `hash` has its bits: triple hashing with the first three little-endian words of the hash.
fn places(hash: &ChangeHash, bytes: usize, probes: u32) -> impl Iterator<Item = usize> {
    let [a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3, ..] = *hash.as_bytes();
    let modulo = (8 * bytes as u64).max(1);
    let mut x = u64::from(u32::from_le_bytes([a0, a1, a2, a3])) % modulo;
    let mut y = u64::from(u32::from_le_bytes([b0, b1, b2, b3])) % modulo;
    let z = u64::from(u32::from_le_bytes([c0, c1, c2, c3])) % modulo;
    (0..probes).map(move |probe| {
        if probe > 0 {
            x = (x + y) % modulo;
            y = (y + z) % modulo;
        }
        x as usize
    })
}
