//! The collections of a workspace document.
//!
//! One kind is one top-level map of the document. Most hold records keyed by ULID; a *singleton* is itself the one
//! record of its kind (`direction`, `settings`, …), so that it never has to be created.

use ids::{ParseRecordIdError, RecordId};
use std::{fmt, str::FromStr};

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $collection:literal $(, $letter:literal)?;)*) => {
        /// A kind of record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $variant,)* }

        impl Kind {
            /// Every kind, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The key of the top-level map that holds the records of this kind.
            pub const fn collection(self) -> &'static str {
                match self { $(Self::$variant => $collection,)* }
            }

            /// The kind kept under a top-level key, when this build knows it.
            pub fn from_collection(collection: &str) -> Option<Self> {
                match collection { $($collection => Some(Self::$variant),)* _ => None }
            }

            /// The letter of the human reference (`A-7KQ2`). Kinds that nobody cites have none.
            pub const fn letter(self) -> Option<char> {
                match self { $(Self::$variant => kinds!(@letter $($letter)?),)* }
            }
        }
    };
    (@letter $letter:literal) => { Some($letter) };
    (@letter) => { None };
}

kinds! {
    /// A person of the team; `title` is the name.
    Member = "members", 'M';
    /// A job in the system, filled or empty.
    Seat = "seats", 'T';
    /// Who may decide what, up to which limit.
    Grant = "grants", 'Z';
    /// An offer to take over a record.
    Handover = "handovers", 'H';
    /// Means asked for: money, people, time, authority.
    Need = "needs", 'U';
    /// Purpose, ambition and choices. Singleton.
    Direction = "direction";
    /// Something outside or inside that matters to the direction.
    Issue = "issues", 'I';
    /// Someone with a stake: customer, owner, regulator, …
    Party = "parties", 'S';
    /// What a party requires.
    Requirement = "requirements", 'Q';
    /// A complaint, praise, survey result or visit.
    Feedback = "feedback", 'B';
    /// One version of the policy.
    Policy = "policies", 'L';
    /// A short promise of the policy; its id is stable across versions.
    Commitment = "commitments", 'W';
    /// A strategic goal.
    Goal = "goals", 'G';
    /// A quality objective.
    Objective = "objectives", 'O';
    /// A figure that is followed over time.
    Kpi = "kpis", 'K';
    /// One value of a KPI for one period; never edited, only superseded.
    Measurement = "measurements";
    /// A risk (`R-…`) or an opportunity (`P-…`).
    Register = "register", 'R';
    /// A management review meeting.
    Review = "reviews", 'V';
    /// One of the twelve inputs of a review, created together with it.
    ReviewInput = "inputs";
    /// A point on the agenda of a review.
    AgendaItem = "agenda", 'N';
    /// A decision.
    Decision = "decisions", 'D';
    /// How a change of the system is carried out.
    ChangePlan = "changes", 'J';
    /// Something somebody does by a date.
    Action = "actions", 'A';
    /// A file, link or figure that shows something.
    Evidence = "evidence", 'E';
    /// An audit.
    Audit = "audits", 'Y';
    /// What an audit found.
    Finding = "findings", 'F';
    /// The published part of a concern.
    Concern = "concerns", 'C';
    /// An idea on its way through trial and learning.
    Improvement = "improvements", 'X';
    /// A leadership log entry that was shared.
    LeadershipEntry = "leadership";
    /// A rhythm: what is looked at how often, in which meeting.
    Cadence = "cadences";
    /// A private note; used in notebook documents only.
    Note = "notes";
    /// What this member has looked at; used in notebook documents only. Singleton.
    Reading = "reading";
    /// How the workspace is set up. Singleton.
    Settings = "settings";
    /// Schema version, epoch and required features. Singleton.
    Meta = "meta";
}

impl Kind {
    /// Whether the top-level map itself is the one record of this kind.
    pub const fn is_singleton(self) -> bool {
        matches!(self, Self::Direction | Self::Reading | Self::Settings | Self::Meta)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.collection())
    }
}

/// Which record. Text form: `goals/01J…`, or the bare collection for a singleton.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordRef {
    /// Its kind.
    pub kind: Kind,
    /// Its id within the kind; all zeros for a singleton.
    pub id: RecordId,
}

/// A text that does not name a record of a kind this build knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseRecordRefError {
    /// No such collection.
    #[error("no collection is called {0:?}")]
    Collection(String),
    /// The part after the slash is not an id.
    #[error(transparent)]
    Id(#[from] ParseRecordIdError),
}

impl RecordRef {
    /// A record of `kind`.
    pub const fn new(kind: Kind, id: RecordId) -> Self {
        Self { kind, id }
    }

    /// The one record of a singleton kind.
    pub const fn singleton(kind: Kind) -> Self {
        Self { kind, id: RecordId::from_bits(0) }
    }
}

impl fmt::Display for RecordRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.collection())?;
        if self.kind.is_singleton() { Ok(()) } else { write!(f, "/{}", self.id) }
    }
}

impl fmt::Debug for RecordRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordRef({self})")
    }
}

impl FromStr for RecordRef {
    type Err = ParseRecordRefError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || ParseRecordRefError::Collection(text.chars().take(40).collect());
        let (collection, id) = text.split_once('/').map_or((text, None), |(c, id)| (c, Some(id)));
        let kind = Kind::from_collection(collection).ok_or_else(unknown)?;
        match id {
            None if kind.is_singleton() => Ok(Self::singleton(kind)),
            Some(id) if !kind.is_singleton() => Ok(Self::new(kind, id.parse()?)),
            _ => Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn collections_and_letters_are_unique() {
        let collections: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.collection()).collect();
        assert_eq!(collections.len(), Kind::ALL.len());
        let letters: Vec<_> = Kind::ALL.iter().filter_map(|kind| kind.letter()).collect();
        assert_eq!(letters.iter().collect::<BTreeSet<_>>().len(), letters.len());
        // Opportunities are cited as `P-…`.
        assert!(!letters.contains(&'P'));
    }

    #[test]
    fn references_survive_their_text_form() {
        for kind in Kind::ALL.iter().copied() {
            let record = if kind.is_singleton() {
                RecordRef::singleton(kind)
            } else {
                RecordRef::new(kind, RecordId::from_bits(7))
            };
            assert_eq!(record.to_string().parse(), Ok(record));
        }
        assert!("goals".parse::<RecordRef>().is_err());
        assert!("settings/00000000000000000000000000".parse::<RecordRef>().is_err());
    }
}
