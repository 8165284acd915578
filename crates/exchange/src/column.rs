//! What a column of a table can mean for a kind of record.
//!
//! A column has one text form, which is the header of our own CSV files, the word in a stored mapping and what the
//! command line takes. Values that the document keeps together are columns of their own (`target.value`, `target.due`),
//! because that is how people keep them in spreadsheets; they come together again on the way in.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};
use workspace::{
    Field, Kind, Relation,
    lens::Phase,
    schema::{self, FieldSpec, Mark, Type},
};

/// The meaning of one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// `id`: the full id of the record. A row with the id of a record is that record; an id that the workspace does
    /// not have is given to the new record, so that tables of one workspace fit together in another.
    Id,
    /// `ref`: what people call the record, `R-7KQ2`, or the numbering of the file.
    Reference,
    /// A field: `title`, `owner`, `status`. For atoms: the members that have no column of their own, as JSON.
    Field(Field),
    /// A member of an atom or of the current entry of a log: `target.value`.
    Part(Field, &'static str),
    /// `now`: a score of the register, `4x3`.
    Score(Phase),
    /// `now.likelihood`: the first half of a score. Only coming in.
    Likelihood(Phase),
    /// `now.consequence`: the second half of a score, or the benefit. Only coming in.
    Consequence(Phase),
    /// `now.confidence`: 1 (a guess) to 3 (known).
    Confidence(Phase),
    /// `now.basis`: the reason for a score.
    Basis(Phase),
    /// `link.serves`: records this one has a link to, by reference or title.
    Link(Relation),
}

/// A text that names no column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no column is called {0:?}")]
pub struct ParseColumnError(String);

/// Fields that are the story of a record and not its state, or that the product writes by itself: they are in the JSON.
const NOT_IN_TABLES: &[Field] = &[
    Field::CreatedBy,
    Field::CreatedAt,
    Field::Deleted,
    Field::Moves,
    Field::DueMoves,
    Field::Order,
    Field::Comments,
    Field::CommentsResolved,
];

/// The columns of a kind in the order of its CSV file.
pub fn columns(kind: Kind) -> Vec<Column> {
    let mut columns = vec![Column::Id];
    if kind.letter().is_some() {
        columns.push(Column::Reference);
    }
    for spec in schema::fields(kind).filter(|spec| is_in_tables(spec)) {
        if spec.field == Field::Assessments {
            for phase in Phase::ALL {
                columns.extend([Column::Score(phase), Column::Confidence(phase), Column::Basis(phase)]);
            }
            continue;
        }
        if has_part_columns(spec) {
            columns.extend(spec.parts.iter().map(|part| Column::Part(spec.field, part.key)));
        }
        columns.push(Column::Field(spec.field));
    }
    columns.extend(links(kind).iter().map(|relation| Column::Link(*relation)));
    columns
}

fn is_in_tables(spec: &FieldSpec) -> bool {
    spec.mark != Mark::Log && !NOT_IN_TABLES.contains(&spec.field)
}

/// Whether the members of the field have columns of their own.
pub(crate) fn has_part_columns(spec: &FieldSpec) -> bool {
    match spec.mark {
        Mark::Atom => spec.ty == Type::Object && !spec.parts.is_empty(),
        Mark::Superseding => spec.group.is_empty() && !spec.parts.is_empty(),
        _ => false,
    }
}

/// The links that records of a kind usually start.
fn links(kind: Kind) -> &'static [Relation] {
    use Relation as R;
    match kind {
        Kind::Objective => &[R::Serves, R::Upholds, R::Needs],
        Kind::Kpi => &[R::Upholds],
        Kind::Register => &[R::Threatens, R::Helps, R::ComesFrom],
        Kind::Action => &[R::Treats, R::Realises, R::ComesFrom, R::Needs],
        Kind::Decision => &[R::Decides, R::Supersedes],
        Kind::Grant => &[R::Authorises],
        Kind::AgendaItem => &[R::Discusses],
        Kind::Evidence => &[R::Evidences],
        _ => &[],
    }
}

/// The kinds of record whose ids are the members of a set; `None` for sets of words.
pub(crate) fn members_of(field: Field) -> Option<Kind> {
    Some(match field {
        Field::Helpers | Field::DecidedBy | Field::Cheers | Field::Acknowledgements => Kind::Member,
        Field::Evidence => Kind::Evidence,
        Field::SeenDecision => Kind::Decision,
        Field::Versions => Kind::Policy,
        _ => return None,
    })
}

impl Column {
    /// The column of this text form among those that a kind has, halves of scores and all links included.
    pub fn of(kind: Kind, text: &str) -> Option<Self> {
        text.parse().ok().filter(|column: &Self| column.fits(kind))
    }

    /// Whether records of `kind` can have it.
    pub fn fits(self, kind: Kind) -> bool {
        let spec = |field| schema::spec(kind, field).filter(|spec| is_in_tables(spec));
        match self {
            Self::Id => !kind.is_singleton(),
            Self::Reference => kind.letter().is_some(),
            Self::Field(field) => field != Field::Assessments && spec(field).is_some(),
            Self::Part(field, part) => spec(field).is_some_and(|spec| {
                has_part_columns(spec) && spec.parts.iter().any(|known| known.key == part)
            }),
            Self::Score(_)
            | Self::Likelihood(_)
            | Self::Consequence(_)
            | Self::Confidence(_)
            | Self::Basis(_) => kind == Kind::Register,
            Self::Link(_) => !kind.is_singleton(),
        }
    }

    /// What one value of the column may be; `None` for ids, references, links and sets.
    pub(crate) fn ty(self, kind: Kind) -> Option<Type> {
        match self {
            Self::Field(field) => schema::spec(kind, field).map(|spec| spec.ty),
            Self::Part(field, key) => {
                schema::spec(kind, field)?.parts.iter().find(|part| part.key == key).map(|part| part.ty)
            }
            Self::Score(_) => Some(Type::Score),
            Self::Likelihood(_) | Self::Consequence(_) => Some(Type::Int(1, 5)),
            Self::Confidence(_) => Some(Type::Int(0, 3)),
            Self::Basis(_) => Some(Type::Prose(300)),
            Self::Id | Self::Reference | Self::Link(_) => None,
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id => f.write_str("id"),
            Self::Reference => f.write_str("ref"),
            Self::Field(field) => f.write_str(field.key()),
            Self::Part(field, part) => write!(f, "{}.{part}", field.key()),
            Self::Score(phase) => f.write_str(phase.key()),
            Self::Likelihood(phase) => write!(f, "{}.likelihood", phase.key()),
            Self::Consequence(phase) => write!(f, "{}.consequence", phase.key()),
            Self::Confidence(phase) => write!(f, "{}.confidence", phase.key()),
            Self::Basis(phase) => write!(f, "{}.basis", phase.key()),
            Self::Link(relation) => write!(f, "link.{relation}"),
        }
    }
}

impl FromStr for Column {
    type Err = ParseColumnError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || ParseColumnError(text.chars().take(60).collect());
        let Some((head, tail)) = text.split_once('.') else {
            return match text {
                "id" => Ok(Self::Id),
                "ref" => Ok(Self::Reference),
                _ => Phase::named(text)
                    .map(Self::Score)
                    .or_else(|| Field::from_key(text).map(Self::Field))
                    .ok_or_else(unknown),
            };
        };
        if head == "link" {
            return Relation::from_key(tail).map(Self::Link).ok_or_else(unknown);
        }
        if let Some(phase) = Phase::named(head) {
            return match tail {
                "likelihood" => Ok(Self::Likelihood(phase)),
                "consequence" => Ok(Self::Consequence(phase)),
                "confidence" => Ok(Self::Confidence(phase)),
                "basis" => Ok(Self::Basis(phase)),
                _ => Err(unknown()),
            };
        }
        let field = Field::from_key(head).ok_or_else(unknown)?;
        let parts =
            Kind::ALL.iter().filter_map(|kind| schema::spec(*kind, field)).flat_map(|spec| spec.parts);
        parts
            .map(|part| part.key)
            .find(|key| *key == tail)
            .map(|key| Self::Part(field, key))
            .ok_or_else(unknown)
    }
}

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Column {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_column_has_one_text_form_and_fits_its_kind() {
        for kind in Kind::ALL.iter().copied().filter(|kind| !kind.is_singleton()) {
            let mut seen = BTreeSet::new();
            for column in columns(kind) {
                assert!(seen.insert(column.to_string()), "{kind}: {column} twice");
                assert_eq!(column.to_string().parse(), Ok(column));
                assert!(column.fits(kind), "{kind}: {column}");
            }
        }
        for phase in Phase::ALL {
            for column in [Column::Likelihood(phase), Column::Consequence(phase)] {
                assert_eq!(column.to_string().parse(), Ok(column));
            }
        }
        assert!("target.nothing".parse::<Column>().is_err());
        assert_eq!(Column::of(Kind::Goal, "target.due"), None);
    }

    /// A part that is called like a phase, or a field that is, would have two meanings.
    #[test]
    fn no_field_is_called_like_a_score() {
        for word in ["before", "now", "aim", "id", "ref"] {
            assert_eq!(Field::from_key(word), None, "{word}");
        }
        // There is a field `link`; it has no parts.
        for kind in Kind::ALL {
            assert!(schema::spec(*kind, Field::Link).is_none_or(|spec| spec.parts.is_empty()), "{kind}");
        }
    }
}
