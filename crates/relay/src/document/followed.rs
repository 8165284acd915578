//! Changes whose references have been followed: nothing else gets into the graph.
//!
//! A change can be well-formed, come after its past, and still insert after an element that does not exist. It would be
//! stored, sent to everybody, and every browser that got it would break. The graph cannot tell, so beside it the relay
//! keeps where each operation is ([`guard::Places`], about 30 bytes of each): still no document, and nobody's content.

use super::graph::Graph;
use guard::{ChangeHeader, CheckedChange, Limits, Places, Rejection};
use ids::ActorId;

/// A change that everything it refers to was there for, and whose operations are among the places of its document.
#[derive(Debug)]
pub(crate) struct Followed(CheckedChange);

impl Followed {
    /// Follows a change; see [`Places::follow`]. Whoever does not keep it has the places [forget](Places::forget) it.
    pub(crate) fn new(
        places: &mut Places,
        change: CheckedChange,
        dependencies: &[(&ActorId, u64)],
        limits: &Limits,
        steps: &mut u64,
    ) -> Result<Self, Rejection> {
        places.follow(&change, dependencies, limits, steps).map(|()| Self(change))
    }

    /// A stored change that was followed before it was written: its receipt says so, for the relay writes one with
    /// every change that it lets in, and none otherwise.
    pub(crate) fn vouched(change: CheckedChange) -> Self {
        Self(change)
    }

    /// What the change says about itself.
    pub(crate) fn header(&self) -> &ChangeHeader {
        &self.0.header
    }

    /// The change as received.
    pub(crate) fn bytes(&self) -> &bytes::Bytes {
        &self.0.bytes
    }
}

/// Lets a stored change into the graph, at the position that is returned, or neither there nor into the places.
pub(crate) fn enter(
    graph: &mut Graph,
    places: &mut Places,
    change: CheckedChange,
    limits: &Limits,
) -> Result<(u32, Followed), String> {
    let positions = change.header.dependencies.iter().filter_map(|hash| graph.position(hash));
    let dependencies: Vec<_> = positions.filter_map(|position| graph.name(position)).collect();
    // Whoever reads what is stored has the time.
    let followed = Followed::new(places, change, &dependencies, limits, &mut u64::MAX.clone())
        .map_err(|rejection| rejection.to_string())?;
    let header = followed.header().clone();
    enter_vouched(graph, followed).inspect_err(|_| places.forget(&header))
}

/// Lets a change into the graph of a document whose places nobody has read.
pub(crate) fn enter_vouched(graph: &mut Graph, followed: Followed) -> Result<(u32, Followed), String> {
    let position = graph.append(&followed.header().dependencies, &(&followed).into());
    position.map(|position| (position, followed)).map_err(|misfit| misfit.to_string())
}
