//! What the register shows of one entry, in the words of this workspace.

use crate::components::heat_map::{MapWords, Place};
use workspace::{
    Kind, RecordRef,
    lens::{Assessed, Assessment, Bands, EntryKind, Phase, RegisterEntry, Score, Settings},
};

/// The phases, in the order of time.
pub(super) const PHASES: [Phase; 3] = [Phase::Before, Phase::Now, Phase::Aim];

pub(super) const fn phase_label(phase: Phase) -> &'static str {
    match phase {
        Phase::Before => "Before",
        Phase::Now => "Now",
        Phase::Aim => "Aim",
    }
}

pub(super) fn phase_named(key: &str) -> Option<Phase> {
    PHASES.into_iter().find(|phase| phase.key() == key)
}

pub(super) const fn record_of(entry: &RegisterEntry) -> RecordRef {
    RecordRef::new(Kind::Register, entry.id)
}

pub(super) fn is_opportunity(entry: &RegisterEntry) -> bool {
    entry.kind == EntryKind::Opportunity
}

pub(super) const fn assessed(entry: &RegisterEntry, phase: Phase) -> &Assessed {
    match phase {
        Phase::Before => &entry.before,
        Phase::Now => &entry.now,
        Phase::Aim => &entry.aim,
    }
}

/// The current judgements, the one that counts first; two of the same score are one.
pub(super) fn judgements(entry: &RegisterEntry, phase: Phase) -> Vec<&Assessment> {
    let assessed = assessed(entry, phase);
    let mut judgements: Vec<&Assessment> = assessed.cautious().into_iter().collect();
    for judgement in &assessed.current {
        if judgements.iter().all(|known| known.score != judgement.score) {
            judgements.push(judgement);
        }
    }
    judgements
}

/// The score that counts, as a number.
pub(super) fn points(entry: &RegisterEntry, phase: Phase) -> Option<u8> {
    assessed(entry, phase).score().map(Score::product)
}

/// Above what is tolerated while somebody still has to watch it.
pub(super) fn is_above_appetite(entry: &RegisterEntry) -> bool {
    entry.is_open() && entry.above_appetite().is_some()
}

pub(super) const fn place(score: Score) -> Place {
    Place { likelihood: score.likelihood(), consequence: score.consequence() }
}

/// The words of the scales and levels for risks or for opportunities.
pub(super) fn map_words(settings: &Settings, is_opportunity: bool) -> MapWords {
    let five = |labels: &[String]| <[String; 5]>::try_from(labels.to_vec()).unwrap_or_default();
    let Bands { medium, high, very_high, .. } = settings.bands;
    MapWords {
        likelihood: five(&settings.likelihood),
        consequence: five(if is_opportunity { &settings.benefit } else { &settings.consequence }),
        levels: ["Low", "Medium", "High", "Very high"],
        steps: [medium, high, very_high],
        entry: if is_opportunity { "opportunity" } else { "risk" },
        entries: if is_opportunity { "opportunities" } else { "risks" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_levels_on_the_map_are_those_of_the_workspace() {
        let settings = Settings::read(None);
        let words = map_words(&settings, false);
        for likelihood in 1..=5 {
            for consequence in 1..=5 {
                let score = Score::new(likelihood, consequence).unwrap();
                let level = settings.bands.level(score) as u8 + 1;
                assert_eq!(words.level(place(score).score()), level, "{score}");
            }
        }
    }
}
