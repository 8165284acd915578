//! What a person can do: edits, and acts made of edits.

use crate::{Field, Kind, RecordRef, Scalar};
use ids::{ActorId, MemberId, RecordId, Utf16Offset};
use serde_json::Value as Json;
use std::{fmt, str::FromStr};

/// Something a person did, with a name. All its edits become one change of the document, or none does.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// What was done, as `record.verb`: `risk.rate`, `action.done`. It is the commit message.
    pub name: String,
    /// What it takes, in order: later edits see the earlier ones.
    pub edits: Vec<Edit>,
}

impl Act {
    /// An act of several edits.
    pub fn new(name: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { name: name.into(), edits }
    }

    /// An act of one edit.
    pub fn one(name: impl Into<String>, edit: Edit) -> Self {
        Self::new(name, vec![edit])
    }
}

/// Who acts, and on which device. The first change of a session also registers its actor in `devices`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The member.
    pub member: MemberId,
    /// What the member calls the device: "Jonas' laptop".
    pub device_label: String,
}

/// One edit. Every variant is one small change that merges well with what others do at the same time.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A new record, with all its containers. `createdBy`, `createdAt` and the first status are filled in.
    Create {
        /// A fresh id.
        record: RecordRef,
        /// What it starts with.
        fields: Vec<(Field, Initial)>,
    },
    /// Writes a register, atom, order or reference; `None` clears it. Writing again resolves a conflict (F3).
    /// Not for `status` (see `Move`), not for fields written once.
    Set {
        /// Where.
        record: RecordRef,
        /// Which field.
        field: Field,
        /// The new value.
        value: Option<Scalar>,
    },
    /// Replaces `delete` UTF-16 code units at `at` by `insert`. Never splits a character.
    Splice {
        /// Where.
        record: RecordRef,
        /// Which text.
        field: Field,
        /// Position in UTF-16 code units.
        at: Utf16Offset,
        /// How many UTF-16 code units go.
        delete: usize,
        /// What comes instead.
        insert: String,
    },
    /// Adds a member to a set; the value is a fresh time, so that it wins over a concurrent removal (F7).
    Include {
        /// Where.
        record: RecordRef,
        /// Which set.
        field: Field,
        /// The member.
        member: String,
    },
    /// Takes a member out of a set.
    Exclude {
        /// Where.
        record: RecordRef,
        /// Which set.
        field: Field,
        /// The member.
        member: String,
    },
    /// Adds an entry to a log; in a superseding log it stands *beside* the current entries (a dissent).
    /// `by` and `at` are filled in when absent.
    Append {
        /// Where.
        record: RecordRef,
        /// Which log.
        field: Field,
        /// A fresh id.
        entry: RecordId,
        /// An object.
        value: Json,
    },
    /// Adds an entry that supersedes every current entry of its group; `supersedes`, `by` and `at` are filled in.
    Supersede {
        /// Where.
        record: RecordRef,
        /// Which superseding log.
        field: Field,
        /// A fresh id.
        entry: RecordId,
        /// An object.
        value: Json,
    },
    /// Writes one key of a keyed field (attendance, stance, appetite); `None` clears it.
    SetKey {
        /// Where.
        record: RecordRef,
        /// Which keyed field.
        field: Field,
        /// Which key.
        key: String,
        /// The new value.
        value: Option<Json>,
    },
    /// Moves the record in its life cycle: the `status` register and an entry of `moves`, together. Moving it to the
    /// state it is in confirms that state: an entry of `moves`.
    Move {
        /// Which record.
        record: RecordRef,
        /// The new state.
        to: String,
        /// Why; may be empty.
        note: String,
    },
    /// Deletes softly: the record stays, marked.
    Delete {
        /// Which record.
        record: RecordRef,
        /// Why; may be empty.
        reason: String,
    },
    /// Takes a deletion back.
    Restore {
        /// Which record.
        record: RecordRef,
    },
    /// Links two records.
    Link(Edge),
    /// Removes a link. A concurrent `Link` wins.
    Unlink(Edge),
    /// Says which member an actor belongs to, confirmed by the author of the act.
    ConfirmDevice {
        /// The actor.
        actor: ActorId,
        /// Its member.
        member: MemberId,
        /// The name of the device.
        label: String,
    },
}

impl Edit {
    /// The record the edit is about: for a link, the record it starts from.
    pub fn record(&self) -> Option<RecordRef> {
        match self {
            Self::Create { record, .. }
            | Self::Set { record, .. }
            | Self::Splice { record, .. }
            | Self::Include { record, .. }
            | Self::Exclude { record, .. }
            | Self::Append { record, .. }
            | Self::Supersede { record, .. }
            | Self::SetKey { record, .. }
            | Self::Move { record, .. }
            | Self::Delete { record, .. }
            | Self::Restore { record } => Some(*record),
            Self::Link(edge) | Self::Unlink(edge) => Some(edge.from),
            Self::ConfirmDevice { .. } => None,
        }
    }

    /// Whether the edit writes into the record itself, and not only a link from it.
    pub(crate) fn writes_record(&self) -> bool {
        !matches!(self, Self::Link(_) | Self::Unlink(_) | Self::ConfirmDevice { .. })
    }

    /// The field the edit is about, when there is exactly one.
    pub fn field(&self) -> Option<Field> {
        match self {
            Self::Set { field, .. }
            | Self::Splice { field, .. }
            | Self::Include { field, .. }
            | Self::Exclude { field, .. }
            | Self::Append { field, .. }
            | Self::Supersede { field, .. }
            | Self::SetKey { field, .. } => Some(*field),
            Self::Move { .. } => Some(Field::Status),
            Self::Delete { .. } | Self::Restore { .. } => Some(Field::Deleted),
            Self::Create { .. } | Self::Link(_) | Self::Unlink(_) | Self::ConfirmDevice { .. } => None,
        }
    }
}

/// What a field starts with when its record is created.
#[derive(Clone, Debug, PartialEq)]
pub enum Initial {
    /// A register, atom, order or reference; for a text, its words.
    Scalar(Scalar),
    /// The members of a set.
    Members(Vec<String>),
    /// The first entries of a log.
    Entries(Vec<(RecordId, Json)>),
    /// The first keys of a keyed field.
    Keyed(Vec<(String, Json)>),
}

impl<T: Into<Scalar>> From<T> for Initial {
    fn from(value: T) -> Self {
        Self::Scalar(value.into())
    }
}

macro_rules! relations {
    ($($(#[$doc:meta])* $variant:ident = $key:literal,)*) => {
        /// What a link says: `from` … `to`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Relation { $($(#[$doc])* $variant,)* }

        impl Relation {
            /// All relations.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word in the document.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }

            /// The relation of a word, when this build knows it.
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

relations! {
    /// An objective serves a goal or a requirement.
    Serves = "serves",
    /// An objective or KPI upholds a commitment.
    Upholds = "upholds",
    /// A risk threatens an objective.
    Threatens = "threatens",
    /// An opportunity helps an objective.
    Helps = "helps",
    /// An action treats a risk.
    Treats = "treats",
    /// An action realises an opportunity or a decision.
    Realises = "realises",
    /// A decision decides something: an entry, a need, a grant.
    Decides = "decides",
    /// An objective or action needs means.
    Needs = "needs",
    /// A grant authorises an action.
    Authorises = "authorises",
    /// A piece of evidence supports a record.
    Evidences = "evidences",
    /// A record comes from another one: an action from a decision, a risk from an issue.
    ComesFrom = "comes-from",
    /// A record supersedes another one.
    Supersedes = "supersedes",
    /// A record duplicates another one; the other one stays.
    Duplicates = "duplicates",
    /// An agenda item discusses a record.
    Discusses = "discusses",
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// A link between two records. Text form, and key in the document: `serves|objectives/01J…|goals/01J…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// What it says.
    pub relation: Relation,
    /// The record that says it.
    pub from: RecordRef,
    /// The record it is said of.
    pub to: RecordRef,
}

/// A text that is not an edge this build understands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a link that this version understands: {0:?}")]
pub struct ParseEdgeError(String);

impl Edge {
    /// A link.
    pub const fn new(relation: Relation, from: RecordRef, to: RecordRef) -> Self {
        Self { relation, from, to }
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}|{}", self.relation, self.from, self.to)
    }
}

impl FromStr for Edge {
    type Err = ParseEdgeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let mut parts = text.splitn(3, '|');
            let relation = Relation::from_key(parts.next()?)?;
            let from = parts.next()?.parse().ok()?;
            let to = parts.next()?.parse().ok()?;
            Some(Self { relation, from, to })
        };
        parse().ok_or_else(|| ParseEdgeError(text.chars().take(120).collect()))
    }
}

/// The twelve input slots of a new review, as edits to put into the act that creates it.
pub fn review_inputs(review: RecordRef, mut fresh: impl FnMut() -> RecordId) -> Vec<Edit> {
    let slot = |code: &&str| Edit::Create {
        record: RecordRef::new(Kind::ReviewInput, fresh()),
        fields: vec![(Field::Review, review.id.into()), (Field::Code, (*code).into())],
    };
    crate::schema::INPUT_CODES.iter().map(slot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_survives_its_text_form() {
        let edge = Edge::new(
            Relation::ComesFrom,
            RecordRef::new(Kind::Action, RecordId::from_bits(1)),
            RecordRef::new(Kind::Decision, RecordId::from_bits(2)),
        );
        assert_eq!(edge.to_string().parse(), Ok(edge));
        assert!("invented|actions/x|goals/y".parse::<Edge>().is_err());
    }
}
