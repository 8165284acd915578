//! What people do: they write down, rename, type, move, delete, bring back, link and take back.

use super::World;
use crate::{happening::Happening, promise::Outcome, tab::TabId};
use client::{Cx, EditRefused, Place, Undone};
use ids::{RecordId, Timestamp, Utf16Offset};
use rand_core::RngCore;
use relay::Access;
use workspace::{Act, Edge, Edit, Field, Kind, RecordRef, Relation, View, ViewDelta};

const KINDS: &[Kind] = &[Kind::Issue, Kind::Action, Kind::Objective, Kind::Decision, Kind::Goal];
const WORDS: &[&str] = &["a", "steady words", "Grüße", "🚢⚓", "e\u{301}", "line\nbreak", "complete orders"];

impl World {
    pub(crate) fn person(&mut self, browser: usize) -> Outcome {
        let every = self.options.edit_every_ms;
        if self.is_healing {
            return Ok(());
        }
        let wait = self.people.between(every / 4, every * 2);
        self.agenda.after(wait, Happening::Person { browser });
        let reads = self.options.has_reader && browser + 1 == self.browsers.len();
        let tabs: Vec<TabId> =
            self.tabs.iter().filter(|(_, tab)| tab.browser == browser).map(|(id, _)| *id).collect();
        let Some(tab) = self.people.pick(&tabs).copied() else { return Ok(()) };
        let what = self.people.below(20);
        match what {
            0 | 1 => self.show(tab),
            _ if reads => Ok(()),
            2 | 3 => self.take_back(tab, what == 2),
            _ => {
                // Somebody who types makes several changes in a breath.
                let times = if self.people.one_in(4) { 5 } else { 1 };
                (0..times).try_for_each(|_| self.edit(tab))
            }
        }
    }

    fn edit(&mut self, id: TabId) -> Outcome {
        let now = self.now();
        let Some(tab) = self.tabs.get_mut(&id) else { return Ok(()) };
        let Some(clock) = self.browsers.get(tab.browser).map(|browser| browser.clock) else { return Ok(()) };
        let act = act(tab.replica.view(), clock.read(now), &mut self.people);
        let mut effects = Vec::new();
        let mut cx = Cx { now: clock.read(now), rng: &mut tab.chance, effects: &mut effects };
        let result = tab.replica.edit(&mut cx, &act);
        self.done(id, &act.name, result.map(Some), effects)
    }

    fn take_back(&mut self, id: TabId, forward: bool) -> Outcome {
        let now = self.now();
        let Some(tab) = self.tabs.get_mut(&id) else { return Ok(()) };
        let Some(clock) = self.browsers.get(tab.browser).map(|browser| browser.clock) else { return Ok(()) };
        let mut effects = Vec::new();
        let mut cx = Cx { now: clock.read(now), rng: &mut tab.chance, effects: &mut effects };
        let result = if forward { tab.replica.redo(&mut cx) } else { tab.replica.undo(&mut cx) };
        let delta = |undone: Option<Undone>| undone.map(|undone| undone.delta);
        self.done(id, if forward { "redo" } else { "undo" }, result.map(delta), effects)
    }

    /// The screen is looked at before anything that the edit asked for is done.
    fn done(
        &mut self,
        id: TabId,
        name: &str,
        result: Result<Option<ViewDelta>, EditRefused>,
        effects: Vec<client::Effect>,
    ) -> Outcome {
        match result {
            Ok(Some(delta)) => {
                self.saw("edit");
                self.note(format_args!("tab {id}: {name}, {} records", delta.touched.len()));
                self.painted(id, &delta)?;
            }
            Ok(None) => {}
            Err(refused) => {
                self.saw("edit refused");
                self.note(format_args!("tab {id}: {name} refused, {refused}"));
            }
        }
        self.after_tab(id, effects)
    }

    fn show(&mut self, id: TabId) -> Outcome {
        let now = self.now();
        let Some(tab) = self.tabs.get_mut(&id) else { return Ok(()) };
        let Some(clock) = self.browsers.get(tab.browser).map(|browser| browser.clock) else { return Ok(()) };
        let mut effects = Vec::new();
        let mut cx = Cx { now: clock.read(now), rng: &mut tab.chance, effects: &mut effects };
        let route = format!("/page/{}", self.people.below(3));
        tab.replica.show(&mut cx, Place { route, ..Place::default() });
        self.after_tab(id, effects)
    }

    /// Whether the member at this browser may write now.
    pub(crate) fn may_write(&self, browser: usize) -> bool {
        self.browsers.get(browser).is_some_and(|browser| browser.grant == Some(Access::Writer))
    }
}

/// Something to do with what this person sees.
fn act(view: &View, now: Timestamp, chance: &mut crate::chance::Stream) -> Act {
    let live: Vec<RecordRef> =
        KINDS.iter().flat_map(|kind| view.all(*kind)).map(|record| record.reference()).collect();
    let word = chance.pick(WORDS).copied().unwrap_or("a");
    let title = format!("{word} {}", chance.below(1_000));
    let record = chance.pick(&live).copied();
    let what = if live.len() < 3 { 0 } else { chance.below(12) };
    let (Some(record), 1..) = (record, what) else {
        let kind = chance.pick(KINDS).copied().unwrap_or(Kind::Issue);
        let record = RecordRef::new(kind, RecordId::new(now, chance));
        let fields = vec![(Field::Title, title.into()), (Field::Body, word.into())];
        return Act::one("record.create", Edit::Create { record, fields });
    };
    match what {
        1..=3 => {
            let value = Some(title.into());
            Act::one("record.rename", Edit::Set { record, field: Field::Title, value })
        }
        4..=6 => {
            let len = view.record(record).map_or(0, |it| Utf16Offset::len_of(it.text(Field::Body)));
            let at = Utf16Offset(usize::try_from(chance.next_u32()).unwrap_or(0) % (len + 1));
            let delete = if chance.one_in(3) { 1 } else { 0 };
            let insert = word.to_owned();
            Act::one("record.write", Edit::Splice { record, field: Field::Body, at, delete, insert })
        }
        7 => Act::one("record.delete", Edit::Delete { record, reason: word.to_owned() }),
        8 => Act::one("record.restore", Edit::Restore { record }),
        9 => {
            let to = chance.pick(&live).copied().unwrap_or(record);
            let edge = Edge::new(Relation::ComesFrom, record, to);
            let edit = if chance.one_in(3) { Edit::Unlink(edge) } else { Edit::Link(edge) };
            Act::one("record.link", edit)
        }
        10 => {
            let member = format!("m{}", chance.below(3));
            let edit = match chance.one_in(3) {
                true => Edit::Exclude { record, field: Field::Tags, member },
                false => Edit::Include { record, field: Field::Tags, member },
            };
            Act::one("record.tag", edit)
        }
        _ => {
            let states: Vec<&str> = view
                .record(record)
                .and_then(|it| Some(it.lifecycle()?.next(it.status()?).collect()))
                .unwrap_or_default();
            let to = chance.pick(&states).copied().unwrap_or("open").to_owned();
            Act::one("record.move", Edit::Move { record, to, note: word.to_owned() })
        }
    }
}
