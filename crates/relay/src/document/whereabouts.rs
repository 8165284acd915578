//! Where the operations of a document are, once somebody writes.
//!
//! To serve a document nobody needs to know: what is stored was followed before it was written. Only a new change has
//! to be followed, and then the places of everything before it have to be read, which for a hundred thousand changes
//! takes longer than sending them. So they are read when the first change arrives, where chunks are read and not in
//! the event loop, and that change waits for them.

use super::bodies::Bodies;
use crate::event::RequestId;
use bytes::Bytes;
use guard::{Limits, Places};

/// Whether the relay knows where the operations of a document are.
#[derive(Debug)]
pub(crate) enum Whereabouts {
    /// Nobody has written yet.
    Unread,
    /// They are being read. The graph stands still meanwhile.
    Reading(RequestId),
    /// Of all changes, those of the graph and the staged ones.
    Known(Places),
}

/// A document in which there is nothing.
impl Default for Whereabouts {
    fn default() -> Self {
        Self::Known(Places::new())
    }
}

impl Whereabouts {
    /// The places, if they are known.
    pub(crate) fn known(&mut self) -> Option<&mut Places> {
        match self {
            Self::Known(places) => Some(places),
            Self::Unread | Self::Reading(_) => None,
        }
    }
}

/// What a document consists of: a snapshot, and the changes after it. Bytes that are in memory already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    snapshot: Option<Bytes>,
    tail: Vec<Bytes>,
}

impl Content {
    pub(crate) fn of(bodies: &Bodies) -> Self {
        Self {
            snapshot: bodies.snapshot().map(|snapshot| snapshot.chunk.bytes().clone()),
            tail: bodies.tail().cloned().collect(),
        }
    }
}

/// Where the operations of a document are.
#[derive(Debug)]
pub struct Located(pub(crate) Places);

impl Located {
    /// Reads them. Pure computation, for a thread that nobody waits for; `limits` are
    /// [`Config::chunks`](crate::Config::chunks).
    ///
    /// # Errors
    /// Stored bytes that the guard refuses, in words: none that this version of the relay has written.
    pub fn read(content: &Content, limits: &Limits) -> Result<Self, String> {
        let mut places = match &content.snapshot {
            Some(snapshot) => Places::read(snapshot, limits).map_err(|why| format!("the snapshot: {why}"))?.1,
            None => Places::new(),
        };
        for change in super::peer_state::read_changes(&content.tail, limits).map_err(|why| why.to_string())? {
            let hash = change.header.hash;
            places.follow(&change, limits).map_err(|why| format!("change {hash}: {why}"))?;
        }
        Ok(Self(places))
    }
}
