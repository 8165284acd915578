//! What the register shows of one entry, in the words of this workspace.

use crate::components::heat_map::MapWords;
use workspace::lens::{Assessment, Phase, RegisterEntry, Score, Settings};

pub(super) const fn phase_label(phase: Phase) -> &'static str {
    match phase {
        Phase::Before => "Before",
        Phase::Now => "Now",
        Phase::Aim => "Aim",
    }
}

/// The current judgements, the one that counts first; two of the same score are one.
pub(super) fn judgements(entry: &RegisterEntry, phase: Phase) -> Vec<&Assessment> {
    entry.assessed(phase).views()
}

/// The score that counts, as a number.
pub(super) fn points(entry: &RegisterEntry, phase: Phase) -> Option<u8> {
    entry.assessed(phase).score().map(Score::product)
}

/// The words of the scales and levels for risks or for opportunities.
pub(super) fn map_words(settings: &Settings, is_opportunity: bool) -> MapWords {
    let five = |labels: &[String]| <[String; 5]>::try_from(labels.to_vec()).unwrap_or_default();
    MapWords {
        likelihood: five(&settings.likelihood),
        consequence: five(if is_opportunity { &settings.benefit } else { &settings.consequence }),
        bands: settings.bands,
        entry: if is_opportunity { "opportunity" } else { "risk" },
        entries: if is_opportunity { "opportunities" } else { "risks" },
    }
}
