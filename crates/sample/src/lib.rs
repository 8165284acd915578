//! The sample workspace: Vantry Fluidics, a fictional maker of dosing pumps, with two years of a story in it.
//!
//! It is written as a history, not as a state: every record is created, moved and corrected by the members and on the
//! days that the story tells (domain model, section 7), one change each, so that everything the product computes from
//! history has something true to compute from. All days are offsets from an *anchor* (the day the sample is made), so
//! that the data never ages. The same anchor and seed give the same bytes.
//!
//! Read in this order: [`data`](mod@data) is the file as it is, `chapters` turn it into scenes (who did what on which
//! day), `budget` keeps the number of substantive changes of each member to the table of the story, `play` writes.

mod budget;
mod chapters;
mod data;
mod names;
mod notes;
mod play;
mod script;

pub use data::{DataError, RAW};

use automerge::Automerge;
use ids::MemberId;
use rand_core::SeedableRng;
use std::collections::BTreeMap;
use workspace::{Date, EditError, RecordRef};

/// A sample workspace, ready to be stored.
#[derive(Debug)]
pub struct Sample {
    /// The document.
    pub doc: Automerge,
    /// Name of the workspace.
    pub name: String,
    /// Its members, in the order of the story.
    pub members: Vec<SampleMember>,
    /// What the codes of the story and of its data file mean: `m-ceo`, `O1`, `R07`, `A05`, `MR-4`, `D18`, … The
    /// inputs of a review are `MR-4/I10`, its agenda items `MR-4/D18` (the decision they led to) and `MR-4/N1`, the
    /// commitments of the policy `commitment-C1` (concerns are `C01`), the entries of the leadership log `L1` to `L6`.
    pub codes: BTreeMap<String, RecordRef>,
}

/// A member of the sample, as a directory needs to know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleMember {
    /// The id of the member's record.
    pub id: MemberId,
    /// Full name.
    pub name: String,
    /// Title or function.
    pub title: String,
}

/// The sample could not be written; always a defect of the program or of its data file.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The data file is not what the program expects.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The document refused one of the scenes.
    #[error("day {day}, {act}: {error}")]
    Refused {
        /// Days from the anchor.
        day: i32,
        /// Name of the act.
        act: String,
        /// Why.
        error: Box<EditError>,
    },
    /// A scene changed nothing.
    #[error("day {day}, {act}: nothing changed")]
    Idle {
        /// Days from the anchor.
        day: i32,
        /// Name of the act.
        act: String,
    },
    /// The document engine failed.
    #[error("the document engine failed: {0}")]
    Engine(String),
}

/// Writes the sample so that its story ends on the day before `anchor`. The same anchor and seed give the same
/// document.
///
/// # Errors
/// Only when the program and its data file disagree.
pub fn vantry_fluidics(anchor: Date, seed: u64) -> Result<Sample, SampleError> {
    let data = data::read()?;
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let mut script = script::Script::new(anchor, &data, &mut rng);
    chapters::tell(&mut script, &data)?;
    let names = script.names.clone();
    let scenes = budget::keep(script, &data.first_names(), &mut rng);
    let doc = play::write(anchor, scenes, &names, &data, &mut rng)?;
    let members = data
        .members
        .iter()
        .map(|member| {
            Ok(SampleMember {
                id: MemberId(names.of(&member.0)?.id),
                name: member.1.clone(),
                title: data::title_of(&member.2).to_owned(),
            })
        })
        .collect::<Result<_, DataError>>()?;
    Ok(Sample { doc, name: "Vantry Fluidics".to_owned(), members, codes: names.into_map() })
}
