//! What one client knows of one document, and what it says: the rules of Automerge's sync protocol on a list of
//! positions, without a document.

use crate::history::{History, Received, sync_message};
use anyhow::{Result, ensure};
use automerge::{ChangeHash, sync::BloomFilter};
use bytes::Bytes;
use std::collections::BTreeSet;

/// One client's side of a session.
#[derive(Default)]
pub(crate) struct Replica {
    known: Vec<bool>,
    known_count: usize,
    heads: BTreeSet<u32>,
    shared: Vec<ChangeHash>,
    /// Known, and not yet known to be at the relay.
    unshared: BTreeSet<u32>,
    their_heads: Option<Vec<ChangeHash>>,
    sent_heads: Option<Vec<ChangeHash>>,
    in_flight: bool,
    outgoing: Vec<u32>,
}

impl Replica {
    /// How many changes it has.
    pub(crate) fn len(&self) -> usize {
        self.known_count
    }

    /// The heads to build on.
    pub(crate) fn heads(&self) -> Vec<u32> {
        self.heads.iter().copied().collect()
    }

    /// Whether the relay has said that it has everything we have.
    pub(crate) fn is_acknowledged(&self, history: &History) -> Result<bool> {
        Ok(self.their_heads.as_ref() == Some(&self.head_hashes(history)?))
    }

    /// A change of our own, to be sent.
    pub(crate) fn add(&mut self, history: &History, position: u32) -> Result<()> {
        self.learn(history, position)?;
        self.outgoing.push(position);
        Ok(())
    }

    /// Takes a message; returns the changes that are new to us.
    pub(crate) fn receive(&mut self, history: &History, message: Received) -> Result<Vec<u32>> {
        self.in_flight = false;
        let before = self.head_hashes(history)?;
        let mut new = Vec::new();
        for chunk in &message.chunks {
            let position = history.recognise(chunk)?;
            if !self.knows(position) {
                self.learn(history, position)?;
                new.push(position);
            }
        }
        if message.chunks.is_empty() && message.heads == before {
            self.sent_heads = Some(before.clone());
        }
        let mut shared: Vec<ChangeHash> = if message.chunks.is_empty() {
            std::mem::take(&mut self.shared)
        } else {
            let after = self.head_hashes(history)?;
            let fresh = after.iter().filter(|head| !before.contains(head));
            let common = self.shared.iter().filter(|head| after.contains(head));
            fresh.chain(common).copied().collect()
        };
        let is_known = |hash: &&ChangeHash| history.find(hash).is_some_and(|position| self.knows(position));
        let known: Vec<ChangeHash> = message.heads.iter().filter(is_known).copied().collect();
        if known.len() == message.heads.len() {
            shared.clone_from(&message.heads);
        } else {
            shared.extend(known);
            shared.sort_unstable();
            shared.dedup();
        }
        self.share(history, shared)?;
        self.their_heads = Some(message.heads);
        Ok(new)
    }

    /// What to say now, if anything.
    pub(crate) fn next_message(&mut self, history: &History, flags: bool) -> Result<Option<Bytes>> {
        let heads = self.head_hashes(history)?;
        let theirs = self.their_heads.as_deref().unwrap_or_default();
        if self.sent_heads.as_ref() == Some(&heads) && self.outgoing.is_empty() {
            let equal = self.their_heads.as_ref() == Some(&heads);
            if equal || self.in_flight {
                return Ok(None);
            }
        }
        let is_unknown =
            |hash: &&ChangeHash| !history.find(hash).is_some_and(|position| self.knows(position));
        let need: Vec<ChangeHash> = theirs.iter().filter(is_unknown).copied().collect();
        let mut since = Vec::with_capacity(self.unshared.len());
        for position in &self.unshared {
            since.push(history.get(*position)?.hash);
        }
        let bloom = BloomFilter::from_hashes(since.iter()).to_bytes();
        let mut changes = Vec::with_capacity(self.outgoing.len());
        for position in &self.outgoing {
            changes.push(&history.get(*position)?.bytes);
        }
        let message = sync_message(&heads, &need, (&self.shared, &bloom), &changes, flags);
        self.outgoing.clear();
        self.sent_heads = Some(heads);
        self.in_flight = true;
        Ok(Some(message))
    }

    fn knows(&self, position: u32) -> bool {
        self.known.get(position as usize).copied().unwrap_or(false)
    }

    fn learn(&mut self, history: &History, position: u32) -> Result<()> {
        for dependency in &history.get(position)?.dependencies {
            ensure!(self.knows(*dependency), "change {position} arrived before its past");
            self.heads.remove(dependency);
        }
        if self.known.len() <= position as usize {
            self.known.resize(position as usize + 1, false);
        }
        if let Some(known) = self.known.get_mut(position as usize) {
            *known = true;
        }
        self.known_count += 1;
        self.heads.insert(position);
        self.unshared.insert(position);
        Ok(())
    }

    /// The relay has these, and so their past.
    fn share(&mut self, history: &History, shared: Vec<ChangeHash>) -> Result<()> {
        let mut open: Vec<u32> = shared.iter().filter_map(|hash| history.find(hash)).collect();
        while let Some(position) = open.pop() {
            if self.unshared.remove(&position) {
                open.extend_from_slice(&history.get(position)?.dependencies);
            }
        }
        self.shared = shared;
        Ok(())
    }

    fn head_hashes(&self, history: &History) -> Result<Vec<ChangeHash>> {
        let mut hashes = Vec::with_capacity(self.heads.len());
        for position in &self.heads {
            hashes.push(history.get(*position)?.hash);
        }
        hashes.sort_unstable();
        Ok(hashes)
    }
}

impl Replica {
    /// Something came without a protocol around it: it is counted, and that is all.
    pub(crate) fn note(&mut self, position: u32) {
        if self.known.len() <= position as usize {
            self.known.resize(position as usize + 1, false);
        }
        if let Some(known) = self.known.get_mut(position as usize)
            && !std::mem::replace(known, true)
        {
            self.known_count += 1;
        }
    }
}
