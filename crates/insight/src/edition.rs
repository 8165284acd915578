//! Which clauses of the standard a record may serve as evidence for.
//!
//! A profile is data: clauses with titles in our own words, and which kinds of records can support which clause.
//! Switching the profile never changes a record. Nothing here says that anything is fulfilled, and no sentence of the
//! standard is in here: teams own their copy of it.

mod year_2015;
mod year_2026;

use workspace::lens::Settings;
use workspace::{Kind, Record};

/// The line that stands over every list of evidence, on screen and in exports.
pub const EVIDENCE_LINE: &str =
    "Records that may serve as evidence. Whether they are enough is for people to judge.";

/// An edition of the standard, as far as the product needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditionProfile {
    /// The word in the settings.
    pub id: &'static str,
    /// How it is called.
    pub label: &'static str,
    /// What has to be said about it wherever it is used; empty when nothing has to.
    pub caveat: &'static str,
    /// Its clauses in their order.
    pub clauses: &'static [Clause],
    /// Which clauses a kind of record can support.
    pub records: &'static [(Kind, &'static [&'static str])],
}

/// One clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clause {
    /// `9.3.2`.
    pub number: &'static str,
    /// What it is about, in our own words.
    pub title: &'static str,
    /// Whether the edition itself asks for a kept record there. Everything else is optional evidence.
    pub expects_record: bool,
}

/// The editions that ship.
pub const PROFILES: &[EditionProfile] = &[year_2015::PROFILE, year_2026::PROFILE];

impl EditionProfile {
    /// The profile of a workspace; the first one when it chose none or one that this version does not know.
    pub fn of(settings: &Settings) -> &'static Self {
        let chosen = settings.edition.as_deref();
        // The amendment of 2024 changed no clause number.
        let chosen = if chosen == Some("2015") { Some("2015-amd1") } else { chosen };
        PROFILES.iter().find(|profile| Some(profile.id) == chosen).unwrap_or(&year_2015::PROFILE)
    }

    /// Whether it describes a text that was not final when it was written.
    pub const fn is_preview(&self) -> bool {
        !self.caveat.is_empty()
    }

    /// The clauses that records of a kind can support.
    pub fn clauses_of(&self, kind: Kind) -> impl Iterator<Item = &'static Clause> {
        let numbers =
            self.records.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, numbers)| numbers);
        let clauses = self.clauses;
        numbers.iter().filter_map(move |number| clauses.iter().find(|clause| clause.number == *number))
    }

    /// The kinds of records that can support a clause.
    pub fn kinds_for(&self, number: &str) -> impl Iterator<Item = Kind> {
        let supports = move |numbers: &&[&str]| numbers.contains(&number);
        self.records.iter().filter(move |(_, numbers)| supports(numbers)).map(|(kind, _)| *kind)
    }
}

/// The clauses of a record; empty while the workspace does not show clauses.
pub fn clauses(settings: &Settings, record: &Record) -> Vec<&'static Clause> {
    if settings.show_clauses {
        EditionProfile::of(settings).clauses_of(record.kind).collect()
    } else {
        Vec::new()
    }
}
