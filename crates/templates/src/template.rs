//! Templates as frozen changes.

use automerge::{Automerge, ReadDoc};
use ids::{ActorId, RecordId, Timestamp};
use sha2::{Digest, Sha256};
use workspace::{Kind, RecordRef, engine_hash, genesis};

/// The tag of what a template suggests and nobody has accepted yet.
pub const SUGGESTION: &str = "suggestion";

/// When templates are born: their records sort before everything people write. 2026-01-01T00:00Z.
pub(crate) const BORN: Timestamp = Timestamp::from_secs(1_767_225_600);

/// A beginning.
#[derive(Debug, PartialEq, Eq)]
pub struct Template {
    /// Its name in addresses and commands, without its version: `small-manufacturer`.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// For whom it is, in a sentence.
    pub summary: &'static str,
    /// Its version; a changed template is another file and another actor, and both can be in one workspace.
    version: u32,
    change: &'static [u8],
}

/// The templates, in the order of the choice.
pub const ALL: &[Template] = &[
    Template {
        id: "small-manufacturer",
        name: "Small manufacturer",
        summary: "Twenty to two hundred people who make and ship a product.",
        version: 1,
        change: include_bytes!("../frozen/small-manufacturer-1.automerge"),
    },
    Template {
        id: "service-company",
        name: "Service company",
        summary: "People who work for clients: projects, care, repair, advice.",
        version: 1,
        change: include_bytes!("../frozen/service-company-1.automerge"),
    },
    Template {
        id: "software-team",
        name: "Software team",
        summary: "A team that builds and runs software for its users.",
        version: 1,
        change: include_bytes!("../frozen/software-team-1.automerge"),
    },
];

/// A template that could not be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstantiateError {
    /// The document did not grow from our genesis, so the change has nothing to sit on.
    #[error("this document is not a workspace of ours: the genesis change is missing")]
    NoGenesis,
    /// The engine refused; a defect of ours.
    #[error("the document engine refused the template: {0}")]
    Engine(String),
}

impl Template {
    /// The template of this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        ALL.iter().find(|template| template.id == id)
    }

    /// The change, as one uncompressed Automerge change chunk: what a store keeps beside the genesis, and what a
    /// document that is open already takes like a change of a colleague.
    pub const fn change(&self) -> &'static [u8] {
        self.change
    }

    /// Gives a document everything the template suggests. Doing it again does nothing.
    ///
    /// # Errors
    /// A document that is no workspace.
    pub fn instantiate(&self, doc: &mut Automerge) -> Result<(), InstantiateError> {
        if doc.get_change_by_hash(&engine_hash(&genesis::HASH)).is_none() {
            return Err(InstantiateError::NoGenesis);
        }
        doc.load_incremental(self.change).map_err(|error| InstantiateError::Engine(error.to_string()))?;
        Ok(())
    }

    /// The record that the template has under a key (`goal-1`); its id is the same everywhere.
    pub fn record(&self, kind: Kind, key: &str) -> RecordRef {
        RecordRef::new(kind, self.derived(kind.collection(), key))
    }

    /// The actor that wrote the change, and writes nothing else.
    pub fn actor(&self) -> ActorId {
        let digest = self.digest("actor", "");
        ActorId::new(digest.get(..16).unwrap_or_default())
    }

    /// A ULID of the birth of templates and 80 bits that only this template, version and key have.
    pub(crate) fn derived(&self, what: &str, key: &str) -> RecordId {
        let digest = self.digest(what, key);
        let chance = digest.iter().take(10).fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        let born = u128::try_from(BORN.as_millis()).unwrap_or(0);
        RecordId::from_bits((born << 80) | chance)
    }

    fn digest(&self, what: &str, key: &str) -> [u8; 32] {
        let mut digest = Sha256::new();
        for part in ["binnacle template", self.id, &self.version.to_string(), what, key] {
            digest.update(part.as_bytes());
            // Parts do not run into one another.
            digest.update([0]);
        }
        digest.finalize().into()
    }
}

#[cfg(test)]
mod authoring;
