//! One connection and one document: what we know of the peer, what it is owed, and what of it waits.

use super::{knowledge::Knowledge, staged::Sender};
use crate::{
    bucket::Bucket,
    event::RequestId,
    principal::{Access, Principal},
};
use bytes::Bytes;
use guard::CheckedChange;
use ids::{ChangeHash, ConnectionId, PeerId, Timestamp};
use std::collections::{BTreeSet, VecDeque};

/// The state of a peer with one document. It lives as long as the connection.
#[derive(Debug)]
pub(crate) struct PeerState {
    pub(crate) peer: PeerId,
    pub(crate) access: Access,
    pub(crate) sender: Sender,
    /// Whether it has told us what it has.
    pub(crate) met: bool,
    pub(crate) knowledge: Knowledge,
    pub(crate) owed: Owed,
    pub(crate) speaks: Speaks,
    /// The heads in our last message to it.
    pub(crate) advertised: BTreeSet<u32>,
    /// Changes we have asked it for: once is enough on a socket that loses nothing.
    pub(crate) asked: BTreeSet<ChangeHash>,
    /// Messages that wait.
    pub(crate) held: Held,
    /// A message whose document chunks are being taken apart.
    pub(crate) splitting: Option<Box<Splitting>>,
    /// How often it may have everything again.
    pub(crate) resends: Bucket,
}

/// What the peer gets with the next frame whatever else there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Owed {
    /// A message, even if it says nothing new.
    pub(crate) answer: bool,
    /// The answer that there is no such document.
    pub(crate) unavailable: bool,
    /// The news that it may write now, and has to send what we did not take before.
    pub(crate) reset: bool,
}

/// What the peer says about itself in the flags of its messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Speaks {
    /// It reads document chunks.
    pub(crate) version_2: bool,
    /// It understands the order to send everything again.
    pub(crate) sync_reset: bool,
    /// It does not apply what it is sent.
    pub(crate) deaf: bool,
}

/// A message that is not dealt with yet.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) message: guard::SyncMessage,
    /// Length of the frame, for the bounds of queues.
    pub(crate) bytes: usize,
}

/// Messages that wait until the document is ready for them.
#[derive(Debug, Default)]
pub(crate) struct Held {
    queue: VecDeque<Heard>,
    bytes: usize,
}

/// A message whose document chunks are being taken apart.
#[derive(Debug)]
pub(crate) struct Splitting {
    pub(crate) heard: Heard,
    pub(crate) waiting_for: BTreeSet<RequestId>,
    pub(crate) changes: Vec<CheckedChange>,
}

impl PeerState {
    pub(crate) fn new(
        connection: ConnectionId,
        peer: PeerId,
        principal: &Principal,
        resends: crate::config::Rate,
        now: Timestamp,
    ) -> Self {
        let Principal { member, device, access, .. } = principal;
        Self {
            peer,
            access: *access,
            sender: Sender { connection, member: *member, device: device.clone() },
            met: false,
            knowledge: Knowledge::default(),
            owed: Owed::default(),
            speaks: Speaks::default(),
            advertised: BTreeSet::new(),
            asked: BTreeSet::new(),
            held: Held::default(),
            splitting: None,
            resends: Bucket::new(resends, now),
        }
    }

    /// Whether the peer may bring changes.
    pub(crate) fn may_write(&self) -> bool {
        self.access == Access::Writer
    }
}

impl Held {
    /// Puts a message at the end; `false` if there is no room.
    pub(crate) fn push(&mut self, heard: Heard, messages_max: usize, bytes_max: usize) -> bool {
        let fits = self.queue.len() < messages_max && self.bytes + heard.bytes <= bytes_max;
        if fits {
            self.bytes += heard.bytes;
            self.queue.push_back(heard);
        }
        fits
    }

    /// Takes the first message.
    pub(crate) fn pop(&mut self) -> Option<Heard> {
        let heard = self.queue.pop_front()?;
        self.bytes -= heard.bytes;
        Some(heard)
    }

    /// Puts a message that was taken back to where it was.
    pub(crate) fn put_back(&mut self, heard: Heard) {
        self.bytes += heard.bytes;
        self.queue.push_front(heard);
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

impl Heard {
    /// The document chunks of the message.
    pub(crate) fn documents(&self) -> impl Iterator<Item = &guard::CheckedDocument> {
        self.message.chunks.iter().filter_map(|chunk| match chunk {
            guard::Chunk::Document(document) => Some(document),
            guard::Chunk::Change(_) => None,
        })
    }

    /// The changes of the message.
    pub(crate) fn take_changes(&mut self) -> Vec<CheckedChange> {
        let chunks = std::mem::take(&mut self.message.chunks);
        let changes = chunks.into_iter().filter_map(|chunk| match chunk {
            guard::Chunk::Change(change) => Some(change),
            guard::Chunk::Document(_) => None,
        });
        changes.collect()
    }

    /// "What you think I have, I have not": the sender lacks something of the `last_sync` of our last message. Its
    /// heads tell that the empty filter does not mean an empty document.
    pub(crate) fn is_reset(&self) -> bool {
        let guard::SyncMessage { heads, have, .. } = &self.message;
        !heads.is_empty()
            && matches!(have.as_slice(), [have] if have.last_sync.is_empty() && have.bloom.is_empty())
    }
}

/// The bytes of changes as they come from outside: each must be one change.
pub(crate) fn read_changes(
    chunks: &[Bytes],
    limits: &guard::Limits,
) -> Result<Vec<CheckedChange>, guard::Rejection> {
    let mut changes = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        for read in guard::read_chunks(chunk, limits)? {
            match read {
                guard::Chunk::Change(change) => changes.push(change),
                guard::Chunk::Document(_) => {
                    return Err(guard::Rejection::Document("a document where a change was expected"));
                }
            }
        }
    }
    Ok(changes)
}
