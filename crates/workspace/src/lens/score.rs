//! Scores of the register: judgements of people, never averages.

use super::parts;
use crate::{Field, Record};
use ids::{MemberId, RecordId, Timestamp};
use serde_json::Value as Json;
use std::{fmt, str::FromStr};

/// Likelihood times consequence (or benefit), each 1 to 5. Text form: `4x3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score {
    likelihood: u8,
    consequence: u8,
}

impl Score {
    /// `None` when a part is not 1 to 5.
    pub fn new(likelihood: u8, consequence: u8) -> Option<Self> {
        let within = |part| (1..=5).contains(&part);
        (within(likelihood) && within(consequence)).then_some(Self { likelihood, consequence })
    }

    /// 1 to 5: how likely, or how likely to be achieved.
    pub const fn likelihood(self) -> u8 {
        self.likelihood
    }

    /// 1 to 5: the consequence, or the benefit.
    pub const fn consequence(self) -> u8 {
        self.consequence
    }

    /// 1 to 25.
    pub const fn product(self) -> u8 {
        self.likelihood * self.consequence
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.likelihood, self.consequence)
    }
}

impl FromStr for Score {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (likelihood, consequence) = text.split_once('x').ok_or(())?;
        let part = |text: &str| if text.len() == 1 { text.parse().map_err(|_| ()) } else { Err(()) };
        Self::new(part(likelihood)?, part(consequence)?).ok_or(())
    }
}

/// When a score holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Before anything was done.
    Before,
    /// Today.
    Now,
    /// Where it is to go.
    Aim,
}

impl Phase {
    /// All of them, in the order of time.
    pub const ALL: [Self; 3] = [Self::Before, Self::Now, Self::Aim];

    /// The phase of a word of the document.
    pub fn named(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.key() == key)
    }

    /// The word in the document.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::Now => "now",
            Self::Aim => "aim",
        }
    }
}

/// One judgement; immutable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// Its id.
    pub id: RecordId,
    /// The score.
    pub score: Score,
    /// 1 (a guess) to 3 (known).
    pub confidence: Option<u8>,
    /// The reason.
    pub basis: String,
    /// Whose judgement it is.
    pub by: Option<MemberId>,
    /// When, by that person's clock.
    pub at: Option<Timestamp>,
    /// The review it was made in.
    pub review: Option<RecordId>,
}

/// What an entry is rated at in one phase.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assessed {
    /// The judgements that nobody superseded, by birth. Two different scores are two views to be talked about; they are
    /// never averaged.
    pub current: Vec<Assessment>,
    cautious: Option<usize>,
}

impl Assessed {
    pub(super) fn of(record: &Record, phase: Phase, lower_is_cautious: bool) -> Self {
        let entries = record.current(Field::Assessments);
        let in_phase = entries.iter().filter(|(_, entry)| parts::text(entry, "phase") == Some(phase.key()));
        let current: Vec<Assessment> = in_phase.filter_map(|(id, entry)| assessment(*id, entry)).collect();
        let worth = |assessment: &Assessment| {
            let product = i16::from(assessment.score.product());
            if lower_is_cautious { -product } else { product }
        };
        let most = current.iter().map(worth).max();
        let cautious = current.iter().position(|assessment| Some(worth(assessment)) == most);
        Self { current, cautious }
    }

    /// The judgement that totals use: the higher risk, the smaller opportunity.
    pub fn cautious(&self) -> Option<&Assessment> {
        self.current.get(self.cautious?)
    }

    /// Its score.
    pub fn score(&self) -> Option<Score> {
        self.cautious().map(|assessment| assessment.score)
    }

    /// The different views, the cautious one first: judgements of the same score are one view.
    pub fn views(&self) -> Vec<&Assessment> {
        let mut views: Vec<&Assessment> = self.cautious().into_iter().collect();
        for assessment in &self.current {
            if views.iter().all(|known| known.score != assessment.score) {
                views.push(assessment);
            }
        }
        views
    }

    /// Whether people hold different views.
    pub fn is_contested(&self) -> bool {
        self.views().len() > 1
    }
}

impl Assessment {
    /// Every judgement of a phase, superseded ones included, by birth: how the score moved.
    pub fn story(record: &Record, phase: Phase) -> Vec<Self> {
        let entries = record.entries(Field::Assessments);
        let of_phase =
            entries.filter(|(_, entry)| entry.get("phase").and_then(Json::as_str) == Some(phase.key()));
        of_phase.filter_map(|(id, entry)| assessment(id, entry)).collect()
    }
}

fn assessment(id: RecordId, entry: &Json) -> Option<Assessment> {
    Some(Assessment {
        id,
        score: parts::text(entry, "score")?.parse().ok()?,
        confidence: entry.get("confidence").and_then(Json::as_u64).and_then(|n| u8::try_from(n).ok()),
        basis: parts::text(entry, "basis").unwrap_or_default().to_owned(),
        by: parts::member(entry, "by"),
        at: parts::moment(entry, "at"),
        review: parts::id(entry, "review"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_have_one_text() {
        let score: Score = "4x3".parse().unwrap();
        assert_eq!((score.product(), score.to_string().as_str()), (12, "4x3"));
        for text in ["", "4", "4x", "x3", "0x3", "6x1", "4x3x2", "+4x3", "04x3", "4X3"] {
            assert_eq!(text.parse::<Score>(), Err(()), "{text}");
        }
    }
}
