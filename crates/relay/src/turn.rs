//! One turn of the relay: what every room of it may use while an event is handled.

use crate::{
    config::Config,
    effect::{CloseReason, Effect},
    event::RequestId,
    figures::Figures,
    principal::Address,
    report::Report,
    workspaces::Workspaces,
};
use ids::{ConnectionId, DocumentId, PeerId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Lent to a room for the length of one event.
pub(crate) struct Turn<'a> {
    pub(crate) now: Timestamp,
    pub(crate) us: &'a PeerId,
    pub(crate) config: &'a Config,
    pub(crate) effects: &'a mut Vec<Effect>,
    pub(crate) questions: &'a mut Questions,
    pub(crate) workspaces: &'a mut Workspaces,
    pub(crate) figures: &'a mut Figures,
    /// Connections that end with this turn.
    pub(crate) closing: BTreeMap<ConnectionId, CloseReason>,
    /// Who may be owed something about what.
    pub(crate) dirty: BTreeSet<(ConnectionId, DocumentId)>,
}

impl Turn<'_> {
    /// A fresh name for a question about a document.
    pub(crate) fn ask(&mut self, address: Address) -> RequestId {
        self.questions.ask(address)
    }

    /// Ends a connection. The first reason counts.
    pub(crate) fn close(&mut self, connection: ConnectionId, reason: CloseReason) {
        self.closing.entry(connection).or_insert(reason);
    }

    /// Ends a connection that broke a rule.
    pub(crate) fn refuse(&mut self, connection: ConnectionId, code: &'static str, reason: CloseReason) {
        self.report(Report::Refused { connection, code, sentence: reason.to_string() });
        self.close(connection, reason);
    }

    /// Tells the operator.
    pub(crate) fn report(&mut self, report: Report) {
        self.effects.push(Effect::Report(report));
    }

    /// A connection may be owed something about a document.
    pub(crate) fn mark(&mut self, connection: ConnectionId, document: DocumentId) {
        self.dirty.insert((connection, document));
    }
}

/// The questions that are not answered yet, and which document each is about.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    last: u64,
    open: BTreeMap<RequestId, Address>,
}

impl Questions {
    fn ask(&mut self, address: Address) -> RequestId {
        self.last += 1;
        let request = RequestId(self.last);
        self.open.insert(request, address);
        request
    }

    /// Which document an answer is about; `None` if nobody asked.
    pub(crate) fn answered(&mut self, request: RequestId) -> Option<Address> {
        self.open.remove(&request)
    }
}
