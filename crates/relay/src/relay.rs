//! The relay: routes what happens to the room it concerns. It decides nothing itself.

use crate::{
    config::Config,
    effect::Effect,
    event::Event,
    figures::Figures,
    rooms::Rooms,
    turn::{Questions, Turn},
    workspaces::Workspaces,
};
use ids::{PeerId, StorageId, Timestamp};
use rand_core::RngCore;
use std::collections::{BTreeMap, BTreeSet};
use wire::handshake::Acceptor;

/// A relay for any number of workspaces. It does nothing by itself: events go in, effects come out, and the same
/// events give the same effects.
#[derive(Debug)]
pub struct Relay {
    config: Config,
    us: PeerId,
    storage: StorageId,
    rooms: Rooms,
    questions: Questions,
    workspaces: Workspaces,
    figures: Figures,
}

/// The world, as it is handed in with each event.
pub struct Cx<'a> {
    /// The time.
    pub now: Timestamp,
    /// Chance. Not used so far: the relay makes no choice that would need it.
    pub rng: &'a mut dyn RngCore,
    /// Where effects go.
    pub effects: &'a mut Vec<Effect>,
}

impl Relay {
    /// A relay without connections. `storage` names its store and stays the same over restarts; `peer` is fresh with
    /// each start.
    pub fn new(config: Config, storage: StorageId, peer: PeerId) -> Self {
        Self {
            config,
            us: peer,
            storage,
            rooms: Rooms::default(),
            questions: Questions::default(),
            workspaces: Workspaces::default(),
            figures: Figures::default(),
        }
    }

    /// Deals with one event.
    pub fn handle(&mut self, cx: &mut Cx<'_>, event: Event) {
        let mut turn = Turn {
            now: cx.now,
            us: &self.us,
            config: &self.config,
            effects: cx.effects,
            questions: &mut self.questions,
            workspaces: &mut self.workspaces,
            figures: &mut self.figures,
            closing: BTreeMap::new(),
            dirty: BTreeSet::new(),
        };
        let rooms = &mut self.rooms;
        match event {
            Event::Opened { connection, principal } => {
                let acceptor = Acceptor::new(self.us.clone(), Some(self.storage.clone()));
                rooms.opened(&turn, connection, principal, acceptor);
            }
            Event::Frame { connection, bytes } => rooms.frame(&mut turn, connection, &bytes),
            Event::Writable { connection } => rooms.writable(connection),
            Event::Closed { connection } => rooms.closed(&turn, connection),
            Event::AccessChanged { connection, access } => {
                rooms.access_changed(&mut turn, connection, access);
            }
            Event::Loaded { request, result } => {
                rooms.answered(&mut turn, request, |document, turn| document.loaded(turn, request, result));
            }
            Event::Written { request, result } => {
                rooms.answered(&mut turn, request, |document, turn| document.written(turn, request, result));
            }
            Event::Compacted { request, result } => {
                rooms.answered(&mut turn, request, |document, turn| {
                    document.compacted(turn, request, result);
                });
            }
            Event::Split { request, result } => {
                rooms.answered(&mut turn, request, |document, turn| document.split(turn, request, result));
            }
            Event::Located { request, result } => {
                rooms.answered(&mut turn, request, |document, turn| document.located(turn, request, result));
            }
            Event::Woken => rooms.woken(&turn),
        }
        rooms.settle(&mut turn);
    }

    /// What the relay has done so far.
    pub fn figures(&self) -> Figures {
        self.figures
    }
}
