//! All signals of the app, and the [`Screen`] that sets those of the document.

use super::{finder::Finder, pulse::Pulse, registry::Registry, session::SessionState};
use crate::platform::{clock, driver::Screen};
use client::{OpenReport, People, Status};
use ids::Heads;
use leptos::prelude::*;
use std::{cell::RefCell, rc::Rc, sync::Arc};
use store_idb::quota::Room;
use workspace::{View, ViewDelta};

/// What screens read.
pub(super) struct Signals {
    pub(super) session: ArcRwSignal<SessionState>,
    pub(super) registry: Registry,
    pub(super) finder: Finder,
    pub(super) pulse: Rc<Pulse>,
    pub(super) status: ArcRwSignal<Status>,
    pub(super) people: ArcRwSignal<Arc<People>>,
    pub(super) is_update_ready: ArcRwSignal<bool>,
    pub(super) room: ArcRwSignal<Option<Room>>,
    pub(super) is_persisted: ArcRwSignal<bool>,
}

impl Default for Signals {
    fn default() -> Self {
        Self {
            session: ArcRwSignal::new(SessionState::Starting),
            registry: Registry::default(),
            finder: Finder::default(),
            pulse: Rc::default(),
            status: ArcRwSignal::new(Status::UNKNOWN),
            people: ArcRwSignal::default(),
            is_update_ready: ArcRwSignal::default(),
            room: ArcRwSignal::default(),
            is_persisted: ArcRwSignal::default(),
        }
    }
}

/// Sets the signals of one document.
pub(super) struct SignalScreen {
    signals: Rc<Signals>,
    started_ms: f64,
    relay_heads: RefCell<Option<Heads>>,
    keep_relay_heads: Box<dyn Fn(Heads)>,
    in_step: Box<dyn Fn()>,
}

impl SignalScreen {
    /// `keep_relay_heads` is called whenever the relay announces something new, `in_step` whenever this device and the
    /// relay are known to have the same.
    pub(super) fn new(
        signals: Rc<Signals>,
        relay_heads: Option<Heads>,
        keep_relay_heads: impl Fn(Heads) + 'static,
        in_step: impl Fn() + 'static,
    ) -> Self {
        Self {
            signals,
            started_ms: clock::measured_ms(),
            relay_heads: RefCell::new(relay_heads),
            keep_relay_heads: Box::new(keep_relay_heads),
            in_step: Box::new(in_step),
        }
    }
}

impl Screen for SignalScreen {
    fn opened(&self, view: &View, report: &OpenReport) {
        let took_ms = clock::measured_ms() - self.started_ms;
        leptos::logging::log!("document open after {took_ms:.0} ms: {} chunks", report.chunks);
        self.signals.registry.replace(view);
        self.signals.finder.replace();
        self.signals.pulse.beat();
    }

    fn changed(&self, view: &View, delta: &ViewDelta) {
        self.signals.registry.update(view, delta);
        self.signals.finder.update(delta);
        self.signals.pulse.after(delta);
    }

    fn status(&self, status: &Status, relay_heads: Option<&Heads>) {
        if let Some(heads) = relay_heads
            && self.relay_heads.borrow().as_ref() != Some(heads)
        {
            *self.relay_heads.borrow_mut() = Some(heads.clone());
            (self.keep_relay_heads)(heads.clone());
        }
        if self.signals.status.with_untracked(|shown| shown != status) {
            self.signals.status.set(status.clone());
        }
        if status.open && status.on_relay {
            (self.in_step)();
        }
    }

    fn people(&self, people: &People) {
        self.signals.people.set(Arc::new(people.clone()));
    }
}
