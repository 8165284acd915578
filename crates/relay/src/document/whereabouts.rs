//! Where the operations of a document are, once somebody writes.
//!
//! To serve a document nobody needs to know: what is stored was followed before it was written. Only a new change has
//! to be followed, and then the places of everything before it have to be read, which for a hundred thousand changes
//! takes longer than sending them. So they are read when the first change arrives, where chunks are read and not in
//! the event loop, and that change waits for them.

use super::{bodies::Bodies, graph::Graph};
use crate::event::RequestId;
use bytes::Bytes;
use guard::{Limits, Places};
use ids::ActorId;

/// Whether the relay knows where the operations of a document are.
#[derive(Debug)]
pub(crate) enum Whereabouts {
    /// Nobody has written yet.
    Unread,
    /// They are being read. The graph stands still meanwhile.
    Reading(RequestId),
    /// Of all changes, those of the graph and the staged ones.
    Known(Box<Places>),
}

/// A document in which there is nothing.
impl Default for Whereabouts {
    fn default() -> Self {
        Self::Known(Box::default())
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
    /// What each change of the tail was written on top of: by whom, and which of theirs. The snapshot does not name its
    /// changes.
    dependencies: Vec<Vec<(ActorId, u64)>>,
}

impl Content {
    pub(crate) fn of(bodies: &Bodies, graph: &Graph) -> Self {
        let named = |dependency: &u32| graph.name(*dependency).map(|(actor, number)| (actor.clone(), number));
        let dependencies = |position| graph.dependencies(position).iter().filter_map(named).collect();
        Self {
            snapshot: bodies.snapshot().map(|snapshot| snapshot.chunk.bytes().clone()),
            tail: bodies.tail().map(|(_, bytes)| bytes.clone()).collect(),
            dependencies: bodies.tail().map(|(position, _)| dependencies(position)).collect(),
        }
    }
}

/// Where the operations of a document are.
#[derive(Debug)]
pub struct Located(pub(crate) Box<Places>);

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
        let tail = super::peer_state::read_changes(&content.tail, limits).map_err(|why| why.to_string())?;
        for (change, dependencies) in tail.iter().zip(&content.dependencies) {
            // What is stored was let in once; whoever reads it has the time.
            places
                .follow(change, dependencies, limits, &mut u64::MAX.clone())
                .map_err(|why| format!("change {}: {why}", change.header.hash))?;
        }
        Ok(Self(Box::new(places)))
    }
}
