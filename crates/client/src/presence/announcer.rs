//! When we say where we are.

use super::{Kind, Said};
use crate::{Place, Settings};
use ids::Timestamp;

/// At most ten messages a second: the shortest time between two, in milliseconds.
const APART_MS: i64 = 100;

/// A sign of life while others are here, in milliseconds.
const HEARTBEAT_MS: i64 = 15_000;

/// Decides when to speak.
#[derive(Debug)]
pub(crate) struct Announcer {
    tab: String,
    sequence: u64,
    place: Place,
    shown: bool,
    said_at: Option<Timestamp>,
    /// Somebody should hear it at the next occasion, even when nobody is known to be here.
    owed: bool,
    /// It should be heard by those who are here.
    moved: bool,
}

impl Announcer {
    pub(crate) fn new(tab: String) -> Self {
        Self {
            tab,
            sequence: 0,
            place: Place::default(),
            shown: false,
            said_at: None,
            owed: false,
            moved: false,
        }
    }

    /// We are there now. Whether that is news.
    pub(crate) fn show(&mut self, place: Place) {
        if !self.shown {
            self.shown = true;
            self.owed = true;
        }
        if self.place != place {
            self.place = place;
            self.moved = true;
        }
    }

    /// Somebody may not have heard of us: the handshake is done, or they have just arrived.
    pub(crate) fn introduce(&mut self) {
        self.owed = true;
    }

    /// What is due now, if anything.
    pub(crate) fn due(&mut self, settings: &Settings, company: bool, now: Timestamp) -> Option<Said> {
        // A clock that stepped back must not silence us.
        self.said_at = self.said_at.map(|at| at.min(now));
        if self.due_at(company)? > now {
            return None;
        }
        Some(self.say(settings, Kind::Here, now))
    }

    /// When something is due although nothing happens before.
    pub(crate) fn due_at(&self, company: bool) -> Option<Timestamp> {
        if !self.shown {
            return None;
        }
        let Some(said_at) = self.said_at else {
            return self.owed.then_some(Timestamp::from_millis(i64::MIN));
        };
        if self.owed || (company && self.moved) {
            Some(said_at.plus_millis(APART_MS))
        } else {
            company.then(|| said_at.plus_millis(HEARTBEAT_MS))
        }
    }

    /// The last word, if anybody could have heard of us.
    pub(crate) fn goodbye(&mut self, settings: &Settings, now: Timestamp) -> Option<Said> {
        if !self.shown || self.said_at.is_none() {
            return None;
        }
        self.shown = false;
        Some(self.say(settings, Kind::Goodbye, now))
    }

    fn say(&mut self, settings: &Settings, kind: Kind, now: Timestamp) -> Said {
        self.sequence += 1;
        self.said_at = Some(now);
        self.owed = false;
        self.moved = false;
        Said {
            kind,
            member: settings.member(),
            name: settings.member_name.clone(),
            device: settings.author.device_label.clone(),
            tab: self.tab.clone(),
            sequence: self.sequence,
            place: self.place.clone(),
        }
    }
}
