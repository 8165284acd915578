//! Changes made by hand: the load generator would otherwise measure Automerge, once for each client.
//!
//! Every change puts one text at a key of the root that nobody else uses. The operation's columns are those that
//! Automerge made once; only the key in them, the dependencies, the actor and the numbers differ.

use anyhow::{Context, Result};
use automerge::{Automerge, ChangeHash, ROOT, transaction::Transactable};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use tokio::time::Instant;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE: u8 = 1;
const KEY_LEN: usize = 12;

/// Every change of one document, whoever has it.
pub(crate) struct History {
    /// From the counted message to the end of the body, with the key at `key`.
    tail: Vec<u8>,
    key: usize,
    changes: Vec<Made>,
    by_hash: HashMap<ChangeHash, u32>,
    by_checksum: HashMap<[u8; 4], u32>,
}

/// One change.
pub(crate) struct Made {
    pub(crate) hash: ChangeHash,
    pub(crate) dependencies: Vec<u32>,
    pub(crate) bytes: Bytes,
    /// When its author made it, or meant to.
    pub(crate) at: Instant,
    last_op: u64,
}

impl History {
    /// No change yet.
    pub(crate) fn new() -> Result<Self> {
        let mut doc = Automerge::new();
        let mut transaction = doc.transaction();
        let key = key_of(0);
        transaction.put(ROOT, key.as_str(), "a sentence of the length that a person types")?;
        transaction.commit();
        let change = doc.get_changes(&[]).first().cloned().context("a put makes a change")?;
        let bytes = change.raw_bytes().to_vec();
        let mut reader = Reader(bytes.get(9..).context("a change has a header")?);
        let body_len = reader.number()?;
        reader.0 = reader.0.get(..body_len).context("a change has its length")?;
        reader.hashes()?;
        let actor = reader.number()?;
        reader.take(actor)?;
        // Sequence, first operation and time; the message and everything after it stay as they are.
        for _ in 0..3 {
            reader.number()?;
        }
        let tail = reader.0.to_vec();
        let key = tail
            .windows(KEY_LEN)
            .position(|window| window == key.as_bytes())
            .context("the key is among the columns")?;
        Ok(Self { tail, key, changes: Vec::new(), by_hash: HashMap::new(), by_checksum: HashMap::new() })
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.changes.len()
    }

    /// The change at a position.
    pub(crate) fn get(&self, position: u32) -> Result<&Made> {
        self.changes.get(position as usize).context("no such change")
    }

    /// Where the change with this hash is.
    pub(crate) fn find(&self, hash: &ChangeHash) -> Option<u32> {
        self.by_hash.get(hash).copied()
    }

    /// Makes the next change of an actor.
    pub(crate) fn make(&mut self, actor: u32, sequence: u64, on: &[u32], at: Instant) -> Result<u32> {
        let position = u32::try_from(self.changes.len())?;
        let mut start = 1;
        let mut hashes = Vec::with_capacity(on.len());
        for dependency in on {
            let dependency = self.get(*dependency)?;
            start = start.max(dependency.last_op + 1);
            hashes.push(dependency.hash);
        }
        hashes.sort_unstable();
        let mut body = Vec::with_capacity(self.tail.len() + 64 + 32 * on.len());
        write_hashes(&mut body, &hashes);
        write_number(&mut body, 16);
        body.extend_from_slice(&[0xac; 12]);
        body.extend_from_slice(&actor.to_be_bytes());
        write_number(&mut body, sequence);
        write_number(&mut body, start);
        // A time in signed LEB128; zero is zero.
        body.push(0);
        let key = body.len() + self.key;
        body.extend_from_slice(&self.tail);
        body.get_mut(key..key + KEY_LEN)
            .context("the key is in the tail")?
            .copy_from_slice(key_of(position).as_bytes());
        let mut chunk = vec![CHANGE];
        write_number(&mut chunk, body.len() as u64);
        chunk.extend_from_slice(&body);
        let hash: [u8; 32] = Sha256::digest(&chunk).into();
        let [a, b, c, d, ..] = hash;
        let mut bytes = Vec::with_capacity(chunk.len() + 8);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&[a, b, c, d]);
        bytes.extend_from_slice(&chunk);
        let hash = ChangeHash(hash);
        self.by_hash.insert(hash, position);
        self.by_checksum.insert([a, b, c, d], position);
        self.changes.push(Made {
            hash,
            dependencies: on.to_vec(),
            bytes: Bytes::from(bytes),
            at,
            last_op: start,
        });
        Ok(position)
    }

    /// A line of changes, each on the one before, the first on `from`.
    pub(crate) fn make_line(&mut self, actor: u32, count: u32, from: Option<u32>) -> Result<Vec<u32>> {
        let mut made: Vec<u32> = Vec::with_capacity(count as usize);
        for sequence in 1..=u64::from(count) {
            let on: Vec<u32> = made.last().copied().or(from).into_iter().collect();
            made.push(self.make(actor, sequence, &on, Instant::now())?);
        }
        Ok(made)
    }

    /// Which change these bytes are. They are compared whole, unless they were deflated on the way (a change with
    /// many dependencies): then their checksum speaks for them.
    pub(crate) fn recognise(&self, bytes: &[u8]) -> Result<u32> {
        let checksum =
            bytes.get(4..8).and_then(|four| <[u8; 4]>::try_from(four).ok()).context("no header")?;
        if bytes.get(8) == Some(&CHANGE) {
            let key = bytes.len().checked_sub(self.tail.len()).context("a foreign change")? + self.key;
            let digits = bytes.get(key + 1..key + KEY_LEN).context("a foreign change")?;
            let position: u32 = std::str::from_utf8(digits)?.parse().context("a foreign change")?;
            anyhow::ensure!(self.get(position)?.bytes == bytes, "change {position} arrived altered");
            return Ok(position);
        }
        self.by_checksum.get(&checksum).copied().context("a change that nobody made")
    }
}

/// The sync message: heads, needs, one "have", changes. `flags` says that a whole document is welcome.
pub(crate) fn sync_message(
    heads: &[ChangeHash],
    need: &[ChangeHash],
    have: (&[ChangeHash], &[u8]),
    changes: &[&Bytes],
    flags: bool,
) -> Bytes {
    let mut out = vec![0x42];
    write_hashes(&mut out, heads);
    write_hashes(&mut out, need);
    out.push(1);
    write_hashes(&mut out, have.0);
    write_number(&mut out, have.1.len() as u64);
    out.extend_from_slice(have.1);
    write_number(&mut out, changes.len() as u64);
    for change in changes {
        write_number(&mut out, change.len() as u64);
        out.extend_from_slice(change);
    }
    if flags {
        out.extend_from_slice(&[0x02, 0x02, 0x84]);
    }
    Bytes::from(out)
}

/// What a client needs of a received sync message.
pub(crate) struct Received {
    pub(crate) heads: Vec<ChangeHash>,
    pub(crate) chunks: Vec<Bytes>,
}

/// Reads a sync message of a relay that we trust to be well-formed.
pub(crate) fn read_sync_message(data: &Bytes) -> Result<Received> {
    let mut reader = Reader(data.get(1..).context("an empty sync message")?);
    let heads = reader.hashes()?;
    reader.hashes()?;
    for _ in 0..reader.number()? {
        reader.hashes()?;
        let bloom = reader.number()?;
        reader.take(bloom)?;
    }
    let mut chunks = Vec::new();
    for _ in 0..reader.number()? {
        let len = reader.number()?;
        chunks.push(data.slice_ref(reader.take(len)?));
    }
    Ok(Received { heads, chunks })
}

fn key_of(position: u32) -> String {
    format!("k{position:0width$}", width = KEY_LEN - 1)
}

fn write_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn write_hashes(out: &mut Vec<u8>, hashes: &[ChangeHash]) {
    write_number(out, hashes.len() as u64);
    for hash in hashes {
        out.extend_from_slice(&hash.0);
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len).context("cut off")?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..56).step_by(7) {
            let byte = self.take(1)?.first().copied().context("cut off")?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        anyhow::bail!("a number without an end")
    }

    fn hashes(&mut self) -> Result<Vec<ChangeHash>> {
        let count = self.number()?;
        let bytes = self.take(count.checked_mul(32).context("too many hashes")?)?;
        let (hashes, _) = bytes.as_chunks::<32>();
        Ok(hashes.iter().map(|hash| ChangeHash(*hash)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What we make by hand must be what Automerge would take from anybody.
    #[test]
    fn automerge_applies_what_was_made_by_hand() {
        let mut history = History::new().unwrap();
        let root = history.make(0, 1, &[], Instant::now()).unwrap();
        let left = history.make(1, 1, &[root], Instant::now()).unwrap();
        let right = history.make(2, 1, &[root], Instant::now()).unwrap();
        let both = history.make(1, 2, &[right, left], Instant::now()).unwrap();
        let bytes: Vec<u8> =
            (0..4).flat_map(|position| history.get(position).unwrap().bytes.to_vec()).collect();
        let doc = Automerge::load(&bytes).unwrap();
        assert_eq!(doc.get_heads(), [history.get(both).unwrap().hash]);
        assert_eq!(history.recognise(&history.get(left).unwrap().bytes).unwrap(), left);
    }

    #[test]
    fn a_sync_message_reads_back_and_automerge_reads_it_too() {
        let mut history = History::new().unwrap();
        let made = history.make_line(7, 2, None).unwrap();
        let (first, last) = (history.get(made[0]).unwrap(), history.get(made[1]).unwrap());
        let data = sync_message(&[last.hash], &[], (&[], &[]), &[&first.bytes, &last.bytes], true);
        let read = read_sync_message(&data).unwrap();
        assert_eq!((read.heads, read.chunks.len()), (vec![last.hash], 2));
        let theirs = automerge::sync::Message::decode(&data).unwrap();
        assert_eq!((theirs.heads, theirs.changes.len()), (vec![last.hash], 2));
    }
}
