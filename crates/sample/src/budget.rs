//! Keeps the work of each member to the table of the story.
//!
//! Signals over history (who works on the system, and when) need a history with known figures. The chapters tell what
//! happens; this file sees to it that each member of the top team has exactly the number of substantive changes that
//! the story gives them in each phase, where everything one member does to one record on one day counts once.

use crate::{
    notes,
    script::{Scene, Script, Voice},
};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use workspace::{Date, RecordRef};

/// A part of the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// A: quality is the job of the head of quality.
    OneMansJob,
    /// A′: the weeks before the surveillance audit.
    AuditBurst,
    /// B: everybody looks elsewhere again.
    Drift,
    /// C: the chief executive takes it back.
    TakenBack,
    /// What has not happened yet.
    Ahead,
}

impl Phase {
    pub(crate) const ALL: [Self; 4] = [Self::OneMansJob, Self::AuditBurst, Self::Drift, Self::TakenBack];

    pub(crate) fn of(day: i32) -> Self {
        let last_day = |phase: &Self| phase.days().is_some_and(|(_, last)| day <= last);
        Self::ALL.into_iter().find(last_day).unwrap_or(Self::Ahead)
    }

    /// First and last day.
    pub(crate) const fn days(self) -> Option<(i32, i32)> {
        match self {
            Self::OneMansJob => Some((-720, -377)),
            Self::AuditBurst => Some((-376, -356)),
            Self::Drift => Some((-355, -275)),
            Self::TakenBack => Some((-274, -1)),
            Self::Ahead => None,
        }
    }
}

/// Head of quality: who speaks for those who have nothing to say yet.
pub(crate) const RAVI: &str = "m-qa";

/// Substantive changes per phase.
pub(crate) const TABLE: [(&str, [usize; 4]); 6] = [
    ("m-ceo", [0, 10, 0, 78]),
    ("m-coo", [17, 15, 12, 156]),
    ("m-cfo", [9, 0, 0, 78]),
    (RAVI, [98, 80, 36, 195]),
    ("m-cco", [0, 0, 12, 117]),
    ("m-cto", [0, 0, 0, 117]),
];

/// How much a member has in a phase; `None` is as much as they like. The two who are not of the top team (facilitator
/// and custodian) have no part in the story before the surveillance audit.
fn allowance(who: &str, phase: Phase) -> Option<usize> {
    let place = Phase::ALL.iter().position(|known| *known == phase)?;
    match TABLE.iter().find(|(member, _)| *member == who) {
        Some((_, counts)) => counts.get(place).copied(),
        None => matches!(phase, Phase::OneMansJob | Phase::AuditBurst).then_some(0),
    }
}

/// What each member has done: records and days.
#[derive(Debug, Default)]
pub(crate) struct Ledger(BTreeMap<(String, Phase), BTreeSet<(RecordRef, i32)>>);

impl Ledger {
    /// Writes the work on `records` down, if the member has that much left.
    fn take(&mut self, who: &str, day: i32, records: &BTreeSet<RecordRef>) -> bool {
        let phase = Phase::of(day);
        let done = self.0.entry((who.to_owned(), phase)).or_default();
        let fresh = records.iter().filter(|record| !done.contains(&(**record, day))).count();
        let fits = allowance(who, phase).is_none_or(|allowed| done.len() + fresh <= allowed);
        if fits {
            done.extend(records.iter().map(|record| (*record, day)));
        }
        fits
    }

    /// How much the member has left in a phase.
    pub(crate) fn left(&self, who: &str, phase: Phase) -> usize {
        let done = self.done(who, phase).count();
        allowance(who, phase).map_or(0, |allowed| allowed.saturating_sub(done))
    }

    /// The days on which the member worked, once per record.
    pub(crate) fn done(&self, who: &str, phase: Phase) -> impl Iterator<Item = (RecordRef, i32)> {
        self.0.get(&(who.to_owned(), phase)).into_iter().flatten().copied()
    }
}

/// Every scene, with the work of each member filled up with notes to what the table says.
pub(crate) fn keep(
    script: Script,
    first_names: &BTreeMap<String, String>,
    rng: &mut ChaCha8Rng,
) -> Vec<Scene> {
    let Script { anchor, mut scenes, notebooks, .. } = script;
    scenes.sort_by_key(|scene| scene.day);
    let mut ledger = Ledger::default();
    for scene in scenes.iter_mut().filter(|scene| scene.counts) {
        scene.voice = speaker(scene, &mut ledger);
    }
    let mut writer = notes::Writer::new(anchor, notebooks, first_names, rng);
    for (who, _) in TABLE {
        for phase in Phase::ALL {
            scenes.extend(writer.fill(who, phase, &ledger));
        }
    }
    scenes
}

/// Who says the scene: the member, or whoever did it in their place.
fn speaker(scene: &Scene, ledger: &mut Ledger) -> Voice {
    let Voice::Member(who) = &scene.voice else { return Voice::Import };
    let records: BTreeSet<RecordRef> = scene.act.edits.iter().filter_map(workspace::Edit::record).collect();
    if ledger.take(who, scene.day, &records) {
        scene.voice.clone()
    } else if Phase::of(scene.day) < Phase::TakenBack && ledger.take(RAVI, scene.day, &records) {
        Voice::Member(RAVI.to_owned())
    } else {
        Voice::Import
    }
}

/// Whether people work on this day.
pub(crate) fn is_workday(anchor: Date, day: i32) -> bool {
    anchor.plus_days(day).weekday() < 5
}
