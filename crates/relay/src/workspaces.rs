//! How many documents each workspace has registered, so that the limit holds however many are born at once.

use ids::WorkspaceId;
use std::collections::BTreeMap;

/// The workspaces that have brought documents since the start.
#[derive(Debug, Default)]
pub(crate) struct Workspaces {
    counts: BTreeMap<WorkspaceId, Count>,
}

#[derive(Debug, Default)]
struct Count {
    /// As the directory said last.
    registered: usize,
    /// On their way there.
    reserved: usize,
}

impl Workspaces {
    /// The directory says how many there are; answers whether there is room for another.
    pub(crate) fn learn(&mut self, workspace: WorkspaceId, registered: usize, max: usize) -> bool {
        let count = self.counts.entry(workspace).or_default();
        count.registered = registered;
        count.registered + count.reserved < max
    }

    /// A document is about to be registered, if there is room.
    pub(crate) fn reserve(&mut self, workspace: WorkspaceId, max: usize) -> bool {
        let count = self.counts.entry(workspace).or_default();
        let has_room = count.registered + count.reserved < max;
        count.reserved += usize::from(has_room);
        has_room
    }

    /// A document that was about to be registered is, or is not.
    pub(crate) fn settle(&mut self, workspace: WorkspaceId, registered: bool) {
        let count = self.counts.entry(workspace).or_default();
        count.reserved = count.reserved.saturating_sub(1);
        count.registered += usize::from(registered);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_holds_for_documents_on_their_way() {
        let (mut workspaces, w) = (Workspaces::default(), WorkspaceId::from_bytes([1; 10]));
        assert!(workspaces.learn(w, 1, 3));
        assert!(workspaces.reserve(w, 3) && workspaces.reserve(w, 3) && !workspaces.reserve(w, 3));
        assert!(!workspaces.learn(w, 1, 3));
        workspaces.settle(w, false);
        assert!(workspaces.reserve(w, 3));
        workspaces.settle(w, true);
        workspaces.settle(w, true);
        assert!(!workspaces.reserve(w, 3));
        assert!(workspaces.learn(w, 2, 3), "the directory knows better");
    }
}
