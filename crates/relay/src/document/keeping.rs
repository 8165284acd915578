//! The document and its store: reading it, writing what arrives, compacting it, letting it go.

use super::{
    Document, Phase, Registration,
    admission::Threshold,
    followed::enter,
    listening::refuse,
    peer_state::read_changes,
    rebuild::{Progress, Rebuilt},
    whereabouts::{Located, Whereabouts},
};
use crate::{
    compaction::{Compacted, CompactionError, Plan},
    effect::{self, CloseReason, Effect, Write},
    event::{Found, RequestId, SplitError, WriteError},
    principal::Address,
    report::Report,
    turn::Turn,
};
use bytes::Bytes;
use guard::CheckedChange;
use ids::{ChangeHash, ConnectionId, MemberId, Timestamp};
use std::collections::BTreeMap;
use store::{Batch, LoadedKey, StoreError};

impl Document {
    /// The document has been looked up.
    pub(crate) fn loaded(
        &mut self,
        turn: &mut Turn<'_>,
        request: RequestId,
        result: Result<Found, StoreError>,
    ) {
        if !matches!(self.phase, Phase::Loading(ours) if ours == request) {
            return;
        }
        match result {
            Err(cause) => {
                self.phase = Phase::New;
                turn.report(Report::NotLoaded { address: self.address, cause });
                let reason = CloseReason::TryAgain("readable at the moment");
                self.peers.keys().for_each(|connection| turn.close(*connection, reason.clone()));
            }
            Ok(Found::Elsewhere) => {
                self.phase = Phase::Closed(None);
                self.take_held(turn);
            }
            Ok(Found::Private { owner }) => {
                self.phase = Phase::Closed(Some(owner));
                // The owner may have come while the question of another was on its way.
                if self.peers.values().any(|peer| peer.sender.member == Some(owner)) {
                    self.look_up(turn, Some(owner));
                } else {
                    self.take_held(turn);
                }
            }
            Ok(Found::Nowhere { documents }) => {
                let max = turn.config.documents_per_workspace;
                if turn.workspaces.learn(self.address.workspace, documents, max) {
                    self.open(turn, None, Registration::Pending);
                } else {
                    turn.report(Report::WorkspaceFull { address: self.address });
                    self.open(turn, None, Registration::Refused);
                }
            }
            Ok(Found::Here { stored, owner }) => self.rebuild(turn, stored.0, owner),
        }
    }

    /// A document chunk has been taken apart: one that was stored, or one that a peer sent.
    pub(crate) fn split(
        &mut self,
        turn: &mut Turn<'_>,
        request: RequestId,
        result: Result<Vec<Bytes>, SplitError>,
    ) {
        if let Phase::Rebuilding { .. } = self.phase {
            if let Phase::Rebuilding { mut rebuild, owner } = std::mem::replace(&mut self.phase, Phase::New) {
                rebuild.answered(request, changes_of(result, &turn.config.chunks));
                self.rebuild(turn, rebuild.proceed(&turn.config.chunks), owner);
            }
        } else if let Some((_, snapshot)) = self.expansion.asked.take_if(|(asked, _)| *asked == request) {
            self.expanded(turn, snapshot, changes_of(result, &turn.config.chunks));
        } else if self.split_of_peer(turn, request, &result) {
            self.write(turn);
        }
    }

    /// A write is durable, or is not.
    pub(crate) fn written(
        &mut self,
        turn: &mut Turn<'_>,
        request: RequestId,
        result: Result<(), WriteError>,
    ) {
        if self.door.staged.is_in_flight(request) {
            match result {
                Ok(()) => self.announce(turn),
                Err(why) => self.not_written(turn, &why),
            }
            self.take_held(turn);
            self.write(turn);
        } else if let Some(plan) = self.upkeep.written(request) {
            match result {
                Ok(()) => self.compacted_to(turn, *plan),
                Err(why) => self.not_compacted(turn, why.to_string()),
            }
        } else if let Err(why) = result {
            turn.report(Report::NotWritten { address: self.address, why: why.to_string() });
        }
    }

    /// It is known where operations are, or it cannot be known.
    pub(crate) fn located(
        &mut self,
        turn: &mut Turn<'_>,
        request: RequestId,
        result: Result<Located, String>,
    ) {
        if !matches!(self.whereabouts, Whereabouts::Reading(ours) if ours == request) {
            return;
        }
        match result {
            Ok(Located(places)) => {
                self.whereabouts = Whereabouts::Known(places);
                self.take_held(turn);
                self.write(turn);
            }
            Err(why) => {
                self.whereabouts = Whereabouts::Unread;
                turn.report(Report::NotLocated { address: self.address, why });
                let reason = CloseReason::TryAgain("able to check changes of this document at the moment");
                let writers = self.peers.iter().filter(|(_, peer)| !peer.held.is_empty());
                writers.for_each(|(connection, _)| turn.close(*connection, reason.clone()));
            }
        }
    }

    /// A snapshot has been built, or has not.
    pub(crate) fn compacted(
        &mut self,
        turn: &mut Turn<'_>,
        request: RequestId,
        result: Result<Box<Compacted>, CompactionError>,
    ) {
        if !self.upkeep.built(request) {
            return;
        }
        match result.and_then(|compacted| Plan::judge(*compacted, &self.graph, &self.bodies)) {
            Err(why) => self.not_compacted(turn, why.to_string()),
            Ok(plan) => {
                let request = turn.ask(self.address);
                let write = Write { batch: plan.batch(), receipts: Vec::new(), register: None };
                turn.effects.push(Effect::Write { request, write });
                self.upkeep.writing(request, plan);
            }
        }
    }

    /// Does the chores that are due; `false` if the document may leave memory.
    pub(crate) fn tend(&mut self, turn: &mut Turn<'_>) -> bool {
        self.fold_up(turn);
        let is_open = matches!(self.phase, Phase::Open { .. });
        if is_open && self.upkeep.is_due(&self.bodies, turn.now, turn.config) {
            let request = turn.ask(self.address);
            self.upkeep.building(request);
            turn.effects.push(Effect::Compact { request, document: self.address.document });
        }
        self.is_waiting() || !self.upkeep.may_leave(turn.now, turn.config)
    }

    /// When there will be chores, if nothing else happens.
    pub(crate) fn next_chore(&self, turn: &Turn<'_>) -> Option<Timestamp> {
        if self.is_waiting() { None } else { self.upkeep.next(&self.bodies, turn.config) }
    }

    /// Whether an answer of the store is on its way, after which there will be chores anyway.
    fn is_waiting(&self) -> bool {
        let reading = matches!(self.phase, Phase::Loading(_) | Phase::Rebuilding { .. })
            || matches!(self.whereabouts, Whereabouts::Reading(_));
        reading || !self.door.staged.is_empty()
    }

    /// Hands the staged changes to the disk, unless it has some already.
    pub(super) fn write(&mut self, turn: &mut Turn<'_>) {
        if self.door.staged.ready().is_empty() {
            return;
        }
        let Phase::Open { registration, .. } = self.phase else { return };
        let mut register = None;
        if registration == Registration::Pending {
            let Address { workspace, document } = self.address;
            if !turn.workspaces.reserve(workspace, turn.config.documents_per_workspace) {
                turn.report(Report::WorkspaceFull { address: self.address });
                self.door.crashed(&mut self.whereabouts);
                self.withhold();
                self.mark_all(turn);
                return;
            }
            register = Some(effect::Registration { document, workspace, registered: turn.now });
        }
        let ready = self.door.staged.ready();
        let batch = Batch::put(ready.iter().map(|staged| staged.chunk.clone()));
        let receipts = ready.iter().map(|staged| staged.receipt.clone()).collect();
        let request = turn.ask(self.address);
        self.door.staged.took_off(request);
        turn.effects.push(Effect::Write { request, write: Write { batch, receipts, register } });
    }

    /// The changes of a write are durable: now they can be spoken of.
    fn announce(&mut self, turn: &mut Turn<'_>) {
        if let Phase::Open { registration, .. } = &mut self.phase
            && std::mem::replace(registration, Registration::Done) == Registration::Pending
        {
            turn.workspaces.settle(self.address.workspace, true);
        }
        let mut brought: BTreeMap<ConnectionId, Vec<u32>> = BTreeMap::new();
        let mut arrived = Vec::new();
        for staged in self.door.staged.landed() {
            let (change, key) = (staged.change, staged.chunk.loaded_key());
            match self.graph.append(&change.header().dependencies, &(&change).into()) {
                Ok(position) => {
                    self.bodies.add(position, change.bytes().clone(), key);
                    arrived.push(change.header().hash);
                    for connection in staged.from {
                        brought.entry(connection).or_default().push(position);
                    }
                    turn.figures.changes_stored += 1;
                }
                Err(why) => turn.report(Report::Unusable { key, why: why.to_string() }),
            }
        }
        arrived.iter().for_each(|hash| self.release(turn, hash));
        for (connection, positions) in brought {
            if let Some(peer) = self.peers.get_mut(&connection) {
                peer.knowledge.brought(&self.graph, &positions);
            }
        }
        for peer in self.peers.values_mut() {
            peer.knowledge.grown(&self.graph);
        }
        self.upkeep.wrote(turn.now);
        self.payloads.clear();
        self.mark_all(turn);
    }

    /// A change is in the graph: lets in what waited for it, those that were stored before it and those that peers
    /// have sent.
    fn release(&mut self, turn: &mut Turn<'_>, arrived: &ChangeHash) {
        let mut arrived = vec![*arrived];
        while let Some(hash) = arrived.pop() {
            let released = self.stranded.release(&hash, |hash| self.graph.contains(hash));
            for (change, key) in released.into_iter().filter_map(first_origin) {
                let hash = change.header.hash;
                // A peer may have brought it as well: then it is here, or will be when it has been written again.
                if self.graph.contains(&hash) || self.door.staged.contains(&hash) {
                    continue;
                }
                // Something arrived, so somebody has written.
                let Some(places) = self.whereabouts.known() else { return };
                match enter(&mut self.graph, places, change, &turn.config.chunks) {
                    Ok((position, change)) => {
                        self.bodies.add(position, change.bytes().clone(), key);
                        arrived.push(hash);
                    }
                    Err(why) => turn.report(Report::Unusable { key, why }),
                }
            }
            self.release_orphans(turn, &hash);
        }
    }

    fn release_orphans(&mut self, turn: &mut Turn<'_>, arrived: &ChangeHash) {
        if self.door.orphans.is_empty() {
            return;
        }
        let Some(places) = self.whereabouts.known() else { return };
        let mut to = Threshold {
            document: self.address.document,
            graph: &self.graph,
            places,
            stored_bytes: self.bodies.stored_bytes(),
            now: turn.now,
            config: turn.config,
        };
        refuse(turn, self.door.arrived(&mut to, arrived));
    }

    /// Nothing of a write is durable. Who had a part in it has to send it again, on a new connection.
    fn not_written(&mut self, turn: &mut Turn<'_>, why: &WriteError) {
        turn.report(Report::NotWritten { address: self.address, why: why.to_string() });
        if let Phase::Open { registration: Registration::Pending, .. } = self.phase {
            turn.workspaces.settle(self.address.workspace, false);
        }
        let senders = self.door.crashed(&mut self.whereabouts);
        let reason = match why {
            WriteError::NotRegistered(_) => None,
            // Whoever reads it cannot make room, and can tell somebody who can.
            WriteError::Store(StoreError::Full { .. }) => Some("saved (the relay's disk is full)"),
            WriteError::Store(_) => Some("saved"),
        };
        match reason {
            None => self.withhold(),
            Some(not) => senders.iter().for_each(|sender| turn.close(*sender, CloseReason::TryAgain(not))),
        }
        // Others may have counted on the same changes, and have to be asked for them now.
        self.mark_all(turn);
    }

    /// The document cannot be registered, and trying again would not help: for this workspace it does not exist.
    fn withhold(&mut self) {
        if let Phase::Open { registration, .. } = &mut self.phase {
            *registration = Registration::Refused;
        }
        self.peers.values_mut().for_each(|peer| peer.owed.unavailable = true);
    }

    /// What was stored is in memory, or some of it has to be taken apart first.
    fn rebuild(&mut self, turn: &mut Turn<'_>, progress: Progress, owner: Option<MemberId>) {
        match progress {
            Progress::Done(rebuilt) => self.rebuilt(turn, *rebuilt, owner),
            Progress::Waiting(mut rebuild) => {
                while let Some(chunk) = rebuild.next_whole().cloned() {
                    let request = turn.ask(self.address);
                    rebuild.asked(request);
                    turn.effects.push(Effect::Split { request, chunk });
                }
                self.phase = Phase::Rebuilding { rebuild, owner };
            }
        }
    }

    fn rebuilt(&mut self, turn: &mut Turn<'_>, rebuilt: Rebuilt, owner: Option<MemberId>) {
        let Rebuilt { reports, stranded_changes, new_index, .. } = rebuilt;
        reports.into_iter().for_each(|report| turn.report(report));
        if stranded_changes > 0 {
            turn.report(Report::Stranded { address: self.address, changes: stranded_changes });
        }
        if let Some(index) = new_index {
            let request = turn.ask(self.address);
            let write = Write { batch: Batch::put([index]), receipts: Vec::new(), register: None };
            turn.effects.push(Effect::Write { request, write });
        }
        (self.graph, self.bodies, self.stranded) = (rebuilt.graph, rebuilt.bodies, rebuilt.stranded);
        self.whereabouts = rebuilt.whereabouts;
        self.upkeep.scattered = rebuilt.scattered;
        self.open(turn, owner, Registration::Done);
    }

    fn open(&mut self, turn: &mut Turn<'_>, owner: Option<MemberId>, registration: Registration) {
        self.phase = Phase::Open { owner, registration };
        let connections: Vec<ConnectionId> = self.peers.keys().copied().collect();
        connections.into_iter().for_each(|connection| self.settle_access(connection));
        self.take_held(turn);
        self.write(turn);
    }

    /// The changes of a snapshot are at hand one by one, or will never be.
    fn expanded(
        &mut self,
        turn: &mut Turn<'_>,
        snapshot: LoadedKey,
        changes: Result<Vec<CheckedChange>, String>,
    ) {
        match changes.and_then(|changes| self.keep_expanded(snapshot, changes)) {
            Ok(()) => {
                self.payloads.clear();
                self.expansion.waiting.iter().for_each(|waiting| turn.mark(*waiting, self.address.document));
            }
            Err(why) => {
                turn.report(Report::Unusable { key: snapshot, why });
                let reason = CloseReason::TryAgain("readable at the moment");
                self.expansion.waiting.iter().for_each(|waiting| turn.close(*waiting, reason.clone()));
            }
        }
    }

    fn keep_expanded(&mut self, key: LoadedKey, changes: Vec<CheckedChange>) -> Result<(), String> {
        let Some(snapshot) = self.bodies.snapshot() else { return Ok(()) };
        let covered = snapshot.covered.clone();
        let is_current = snapshot.chunk.loaded_key() == key;
        for change in changes {
            let position = self.graph.position(&change.header.hash);
            if let Some(position) = position.filter(|position| covered.contains(*position)) {
                self.bodies.add_spare(position, change.bytes);
            }
        }
        // Of a snapshot that has been replaced meanwhile, what is missing is asked for again. Otherwise it would not help.
        let complete = covered.iter().all(|position| self.bodies.bytes(position).is_some());
        if complete || !is_current {
            Ok(())
        } else {
            Err("its changes are not those of its index".to_owned())
        }
    }

    fn compacted_to(&mut self, turn: &mut Turn<'_>, plan: Plan) {
        let changes = plan.snapshot.covered.count() as usize;
        let bytes = plan.snapshot.chunk.bytes().len();
        self.bodies.replace(plan.snapshot, &plan.deletes);
        self.payloads.clear();
        self.upkeep.compacted();
        if plan.deletes.is_empty() {
            // It has gained nothing, and would not the next time.
            self.upkeep.failed(turn.now, turn.config);
        }
        turn.report(Report::Compacted { address: self.address, changes, bytes });
    }

    fn not_compacted(&mut self, turn: &mut Turn<'_>, why: String) {
        self.upkeep.failed(turn.now, turn.config);
        turn.report(Report::NotCompacted { address: self.address, why });
    }
}

/// A change that is stored in several chunks needs to be known by one of them; the others stay as they are.
pub(super) fn first_origin<O>((change, origins): (CheckedChange, Vec<O>)) -> Option<(CheckedChange, O)> {
    origins.into_iter().next().map(|origin| (change, origin))
}

fn changes_of(
    result: Result<Vec<Bytes>, SplitError>,
    limits: &guard::Limits,
) -> Result<Vec<CheckedChange>, String> {
    let chunks = result.map_err(|error| error.to_string())?;
    read_changes(&chunks, limits).map_err(|rejection| rejection.to_string())
}
