//! Changes that are not durable on this device yet: their bytes, and the writes that carry them.
//!
//! The bytes are kept beside the document, as they were made or received, so that writing asks nothing of Automerge. A
//! change leaves this log only when a transaction that contained it has completed.

use crate::RequestId;
use bytes::{Bytes, BytesMut};
use ids::{ChangeHash, DocumentId, Timestamp};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use store::{Batch, Chunk, ChunkKind};
use sync::BACKOFF_MAX_MS;

/// Largest chunk that is put together from smaller ones, in bytes; a single larger change stays whole.
const CHUNK_BYTES: usize = 1 << 20;

/// The log of changes that are not durable here.
#[derive(Debug, Default)]
pub(crate) struct Unsaved {
    entries: VecDeque<Entry>,
    /// How many entries have left the log at its front: positions count from the first entry ever.
    base: u64,
    in_flight: BTreeMap<RequestId, InFlight>,
    next_request: u64,
    retry_at: Option<Timestamp>,
    failures: u32,
}

#[derive(Debug)]
struct Entry {
    hashes: Vec<ChangeHash>,
    bytes: Bytes,
}

#[derive(Debug)]
struct InFlight {
    /// Position behind the last entry it carries. It carries everything from the base of its time.
    end: u64,
    chunks: Vec<Bytes>,
}

impl Unsaved {
    /// Adds bytes that carry these changes.
    pub(crate) fn push(&mut self, hashes: Vec<ChangeHash>, bytes: Bytes) {
        self.entries.push_back(Entry { hashes, bytes });
    }

    /// Whether every change is durable.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many changes are not durable.
    pub(crate) fn changes(&self) -> usize {
        self.entries.iter().map(|entry| entry.hashes.len()).sum()
    }

    /// Another tab has made these changes durable: those that no write carries yet need not be written again.
    pub(crate) fn forget(&mut self, durable: &BTreeSet<ChangeHash>) {
        let carried = self.in_flight.values().map(|write| write.end).max().unwrap_or(self.base);
        let mut position = self.base;
        self.entries.retain(|entry| {
            position += 1;
            position <= carried || !entry.hashes.iter().all(|hash| durable.contains(hash))
        });
    }

    /// The write that is due, if any: one at a time, and after a failure not before its time.
    pub(crate) fn write_due(&mut self, document: DocumentId, now: Timestamp) -> Option<(RequestId, Batch)> {
        // A clock that stepped back must not make a retry wait for it.
        let latest = now.plus_millis(BACKOFF_MAX_MS as i64);
        self.retry_at = self.retry_at.map(|at| at.min(latest));
        if !self.in_flight.is_empty() || self.retry_at.is_some_and(|at| now < at) {
            return None;
        }
        self.cut(document)
    }

    /// A write of everything that is not durable, also beside one in flight: content-addressed chunks make twice once.
    pub(crate) fn flush(&mut self, document: DocumentId) -> Option<(RequestId, Batch)> {
        let end = self.base + self.entries.len() as u64;
        if self.in_flight.values().any(|write| write.end == end) {
            return None;
        }
        self.cut(document)
    }

    /// A write is durable: the chunks that nobody had confirmed before.
    pub(crate) fn written(&mut self, request: RequestId) -> Vec<Bytes> {
        let Some(write) = self.in_flight.remove(&request) else { return Vec::new() };
        self.retry_at = None;
        self.failures = 0;
        if write.end <= self.base {
            return Vec::new();
        }
        while self.base < write.end && self.entries.pop_front().is_some() {
            self.base += 1;
        }
        write.chunks
    }

    /// A write failed: nothing leaves the log, and `wait_ms` later (given the number of failures in a row) it is tried
    /// again. Whether this was one of ours.
    pub(crate) fn failed(
        &mut self,
        request: RequestId,
        now: Timestamp,
        wait_ms: impl FnOnce(u32) -> u64,
    ) -> bool {
        if self.in_flight.remove(&request).is_none() {
            return false;
        }
        let wait = i64::try_from(wait_ms(self.failures)).unwrap_or(i64::MAX);
        self.failures = self.failures.saturating_add(1);
        self.retry_at = Some(now.plus_millis(wait));
        true
    }

    /// When [`write_due`](Self::write_due) has something although nothing happens before.
    pub(crate) fn wake_at(&self) -> Option<Timestamp> {
        if self.entries.is_empty() || !self.in_flight.is_empty() { None } else { self.retry_at }
    }

    /// A request id for a write that is not of this log.
    pub(crate) fn request(&mut self) -> RequestId {
        self.next_request += 1;
        RequestId(self.next_request)
    }

    fn cut(&mut self, document: DocumentId) -> Option<(RequestId, Batch)> {
        if self.entries.is_empty() {
            return None;
        }
        let mut chunks = Vec::new();
        let mut open = BytesMut::new();
        for Entry { bytes, .. } in &self.entries {
            if !open.is_empty() && open.len() + bytes.len() > CHUNK_BYTES {
                chunks.push(open.split().freeze());
            }
            open.extend_from_slice(bytes);
        }
        chunks.push(open.freeze());
        let puts: Vec<Chunk> =
            chunks.iter().map(|bytes| Chunk::new(document, ChunkKind::Incremental, bytes.clone())).collect();
        let request = self.request();
        let end = self.base + self.entries.len() as u64;
        self.in_flight.insert(request, InFlight { end, chunks });
        Some((request, Batch::put(puts)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: DocumentId = DocumentId::from_bytes([1; 16]);

    fn now() -> Timestamp {
        Timestamp::from_millis(0)
    }

    fn push(log: &mut Unsaved, n: u8) {
        log.push(vec![ChangeHash([n; 32])], Bytes::from(vec![n]));
    }

    fn bytes_of(batch: &Batch) -> Vec<u8> {
        batch.puts.iter().flat_map(|chunk| chunk.bytes().to_vec()).collect()
    }

    #[test]
    fn one_write_at_a_time_and_the_rest_in_the_next() {
        let mut log = Unsaved::default();
        assert!(log.write_due(DOCUMENT, now()).is_none());
        push(&mut log, 1);
        let (first, batch) = log.write_due(DOCUMENT, now()).unwrap();
        assert_eq!(bytes_of(&batch), [1]);
        push(&mut log, 2);
        push(&mut log, 3);
        assert!(log.write_due(DOCUMENT, now()).is_none(), "one is in flight");
        assert_eq!(log.written(first), [Bytes::from(vec![1])]);
        assert_eq!(log.changes(), 2);
        let (second, batch) = log.write_due(DOCUMENT, now()).unwrap();
        assert_eq!(bytes_of(&batch), [2, 3]);
        log.written(second);
        assert!(log.is_empty());
    }

    #[test]
    fn a_failed_write_keeps_its_changes_and_waits() {
        let mut log = Unsaved::default();
        push(&mut log, 1);
        let (first, _) = log.write_due(DOCUMENT, now()).unwrap();
        assert!(log.failed(first, now(), |failures| 500 + u64::from(failures)));
        assert_eq!(log.changes(), 1);
        push(&mut log, 2);
        assert!(log.write_due(DOCUMENT, now()).is_none(), "not before its time");
        assert_eq!(log.wake_at(), Some(Timestamp::from_millis(500)));
        let (_, batch) = log.write_due(DOCUMENT, Timestamp::from_millis(500)).unwrap();
        assert_eq!(bytes_of(&batch), [1, 2]);
        assert!(!log.failed(RequestId(999), now(), |_| 0), "not one of ours");
    }

    #[test]
    fn a_flush_overtakes_and_answers_come_in_any_order() {
        let mut log = Unsaved::default();
        push(&mut log, 1);
        let (first, _) = log.write_due(DOCUMENT, now()).unwrap();
        assert!(log.flush(DOCUMENT).is_none(), "everything is in flight");
        push(&mut log, 2);
        let (second, batch) = log.flush(DOCUMENT).unwrap();
        assert_eq!(bytes_of(&batch), [1, 2], "a flush does not rely on the write before it");
        push(&mut log, 3);
        log.written(second);
        assert_eq!(log.changes(), 1);
        assert!(log.failed(first, now(), |_| 1), "its changes are durable by now");
        assert_eq!(log.changes(), 1);
        let (third, batch) = log.flush(DOCUMENT).unwrap();
        assert_eq!(bytes_of(&batch), [3]);
        log.written(third);
        assert!(log.is_empty());
        assert!(log.written(third).is_empty(), "an answer counts once");
    }

    #[test]
    fn what_a_sibling_saved_is_not_written_again() {
        let mut log = Unsaved::default();
        push(&mut log, 1);
        let (first, _) = log.write_due(DOCUMENT, now()).unwrap();
        push(&mut log, 2);
        push(&mut log, 3);
        log.forget(&BTreeSet::from([ChangeHash([1; 32]), ChangeHash([2; 32])]));
        assert_eq!(log.changes(), 2, "the one in flight keeps its place until its write is answered");
        log.written(first);
        assert_eq!(log.changes(), 1);
        assert_eq!(bytes_of(&log.write_due(DOCUMENT, now()).unwrap().1), [3]);
    }

    #[test]
    fn large_logs_are_cut_into_chunks() {
        let mut log = Unsaved::default();
        for n in 0..5_u8 {
            log.push(vec![ChangeHash([n; 32])], Bytes::from(vec![n; CHUNK_BYTES / 2]));
        }
        let (_, batch) = log.write_due(DOCUMENT, now()).unwrap();
        assert_eq!(batch.puts.len(), 3);
        assert_eq!(batch.put_bytes(), 5 * CHUNK_BYTES / 2);
    }
}
