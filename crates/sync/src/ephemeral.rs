//! Ephemeral messages: counted on the way out, heard once on the way in.
//!
//! Relays and meshes may deliver a copy twice. The protocol's answer is a counter per author and session: who has
//! seen a count ignores it and everything below (`EphemeralMessage` in automerge-repo).

use ids::PeerId;
use std::collections::{BTreeMap, VecDeque};
use wire::SessionId;

/// Remembers the last count heard of each author and session; the oldest sessions are forgotten first.
#[derive(Debug, Default)]
pub struct EphemeralInbox {
    last: BTreeMap<(PeerId, SessionId), u64>,
    order: VecDeque<(PeerId, SessionId)>,
}

impl EphemeralInbox {
    /// Sessions remembered: a workspace has some dozens of tabs, and a hostile peer may invent any number. Forgetting
    /// one costs at most one repeated presence message.
    pub const SESSIONS_MAX: usize = 1024;

    /// Whether this message is new; if it is, it and all before it are old from now on.
    pub fn is_new(&mut self, sender: &PeerId, session: &SessionId, count: u64) -> bool {
        let key = (sender.clone(), session.clone());
        if let Some(last) = self.last.get_mut(&key) {
            let new = count > *last;
            *last = (*last).max(count);
            return new;
        }
        if self.order.len() >= Self::SESSIONS_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.last.remove(&oldest);
        }
        self.order.push_back(key.clone());
        self.last.insert(key, count);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(n: usize) -> PeerId {
        format!("peer-{n}").parse().unwrap()
    }

    #[test]
    fn a_count_is_heard_once_and_only_upwards() {
        let mut inbox = EphemeralInbox::default();
        let (a, s, t) = (peer(1), SessionId::from_bits(1), SessionId::from_bits(2));
        assert!(inbox.is_new(&a, &s, 5));
        assert!(!inbox.is_new(&a, &s, 5));
        assert!(!inbox.is_new(&a, &s, 4));
        assert!(inbox.is_new(&a, &s, 6));
        assert!(inbox.is_new(&a, &t, 1), "another session counts for itself");
        assert!(inbox.is_new(&peer(2), &s, 1), "another author too");
    }

    #[test]
    fn invented_sessions_do_not_fill_the_memory() {
        let mut inbox = EphemeralInbox::default();
        for n in 0..10_000 {
            assert!(inbox.is_new(&peer(n), &SessionId::from_bits(0), 0));
        }
        assert_eq!(inbox.last.len(), EphemeralInbox::SESSIONS_MAX);
        assert_eq!(inbox.order.len(), EphemeralInbox::SESSIONS_MAX);
    }
}
