//! Everybody who was heard lately.

use super::{Kind, Said};
use crate::Place;
use ids::{MemberId, Timestamp};
use std::collections::BTreeMap;

/// How long a tab is believed to be there after it was heard, in milliseconds: three heartbeats.
pub(crate) const HEARD_FOR_MS: i64 = 45_000;

/// More people than a leadership team has; a hostile peer may invent any number.
const MEMBERS_MAX: usize = 64;

/// Tabs of one member.
const TABS_MAX: usize = 8;

/// Who is here, by member. Never contains the tab that asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    members: BTreeMap<MemberId, Person>,
}

/// One person, however many tabs and devices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The name last heard.
    pub name: String,
    /// The tabs, by an id of their own.
    pub tabs: BTreeMap<String, Tab>,
}

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// The device it runs on.
    pub device: String,
    /// Where it is.
    pub place: Place,
    /// When it was heard last, by our clock.
    pub heard: Timestamp,
    sequence: u64,
}

/// What a message changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Nothing that anybody could see.
    Nothing,
    /// A tab that was not there before.
    Arrived,
    /// A tab moved or left.
    Moved,
}

impl People {
    /// The people, by member.
    pub fn members(&self) -> &BTreeMap<MemberId, Person> {
        &self.members
    }

    /// Whether nobody else is here.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub(crate) fn hear(&mut self, said: Said, now: Timestamp) -> Seen {
        let Said { kind, member, name, device, tab: id, sequence, place } = said;
        if kind == Kind::Goodbye {
            return self.goodbye(member, &id, sequence);
        }
        if self.members.len() >= MEMBERS_MAX && !self.members.contains_key(&member) {
            return Seen::Nothing;
        }
        let person = self.members.entry(member).or_default();
        if let Some(tab) = person.tabs.get_mut(&id) {
            if sequence <= tab.sequence {
                return Seen::Nothing;
            }
            let moved = tab.place != place || tab.device != device || person.name != name;
            *tab = Tab { device, place, heard: now, sequence };
            person.name = name;
            return if moved { Seen::Moved } else { Seen::Nothing };
        }
        if person.tabs.len() >= TABS_MAX {
            return Seen::Nothing;
        }
        person.name = name;
        person.tabs.insert(id, Tab { device, place, heard: now, sequence });
        Seen::Arrived
    }

    /// Forgets everybody who has not been heard for too long; whether there was anybody.
    pub(crate) fn expire(&mut self, now: Timestamp) -> bool {
        let mut expired = false;
        self.members.retain(|_, person| {
            person.tabs.retain(|_, tab| {
                tab.heard = tab.heard.min(now);
                let there = now.millis_since(tab.heard) < HEARD_FOR_MS;
                expired |= !there;
                there
            });
            !person.tabs.is_empty()
        });
        expired
    }

    /// When the next one would be forgotten.
    pub(crate) fn expires_at(&self) -> Option<Timestamp> {
        let tabs = self.members.values().flat_map(|person| person.tabs.values());
        tabs.map(|tab| tab.heard.plus_millis(HEARD_FOR_MS)).min()
    }

    fn goodbye(&mut self, member: MemberId, id: &str, sequence: u64) -> Seen {
        let Some(person) = self.members.get_mut(&member) else { return Seen::Nothing };
        if person.tabs.get(id).is_none_or(|tab| sequence <= tab.sequence) {
            return Seen::Nothing;
        }
        person.tabs.remove(id);
        if person.tabs.is_empty() {
            self.members.remove(&member);
        }
        Seen::Moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    fn said(member: u128, tab: &str, sequence: u64, route: &str) -> Said {
        Said {
            kind: Kind::Here,
            member: MemberId(ids::RecordId::from_bits(member)),
            name: format!("member {member}"),
            device: "laptop".to_owned(),
            tab: tab.to_owned(),
            sequence,
            place: Place { route: route.to_owned(), ..Place::default() },
        }
    }

    #[test]
    fn two_tabs_and_a_phone_are_one_person() {
        let mut people = People::default();
        for tab in ["a", "b", "phone"] {
            assert_eq!(people.hear(said(1, tab, 1, "/"), at(0)), Seen::Arrived);
        }
        assert_eq!(people.members().len(), 1);
        assert_eq!(people.members().values().next().unwrap().tabs.len(), 3);
        let goodbye = Said { kind: Kind::Goodbye, ..said(1, "a", 2, "/") };
        assert_eq!(people.hear(goodbye, at(0)), Seen::Moved);
        assert_eq!(people.members().values().next().unwrap().tabs.len(), 2);
    }

    #[test]
    fn an_older_message_never_replaces_a_newer_one() {
        let mut people = People::default();
        people.hear(said(1, "a", 5, "/new"), at(0));
        assert_eq!(people.hear(said(1, "a", 4, "/old"), at(0)), Seen::Nothing);
        assert_eq!(people.members().values().next().unwrap().tabs["a"].place.route, "/new");
        let late = Said { kind: Kind::Goodbye, ..said(1, "a", 3, "/") };
        assert_eq!(people.hear(late, at(0)), Seen::Nothing);
    }

    #[test]
    fn a_crashed_tab_is_forgotten_after_forty_five_seconds() {
        let mut people = People::default();
        people.hear(said(1, "a", 1, "/"), at(0));
        people.hear(said(2, "b", 1, "/"), at(30_000));
        assert_eq!(people.expires_at(), Some(at(45_000)));
        assert!(!people.expire(at(44_999)));
        assert!(people.expire(at(45_000)));
        assert_eq!(people.members().len(), 1);
    }

    #[test]
    fn invented_people_are_bounded() {
        let mut people = People::default();
        for n in 0..1000 {
            people.hear(said(n, "t", 1, "/"), at(0));
            people.hear(said(0, &format!("tab {n}"), 1, "/"), at(0));
        }
        assert_eq!(people.members().len(), MEMBERS_MAX);
        assert!(people.members().values().all(|person| person.tabs.len() <= TABS_MAX));
    }
}
