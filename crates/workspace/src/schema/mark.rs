//! Marks: how a field is kept, and what two concurrent writes to it mean.

use crate::{Field, Kind};

/// How a field is kept in the document, which decides what concurrent writes become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// A scalar under a key. All concurrent distinct values are kept; one is shown by the cautious rule.
    Register,
    /// Several values that belong together, written as one scalar (canonical JSON): parts never mix (F4).
    Atom,
    /// A collaborative text, created with the record and never replaced (F8).
    Text,
    /// A sortable position: both concurrent positions are valid, one is chosen without a message (F12).
    Order,
    /// A map from member to time. Adding wins over concurrent removal (F6, F7).
    Set,
    /// A map from ULID to an immutable entry; entries are only ever added.
    Log,
    /// A log whose entries name the entries they supersede. Two current entries are a real disagreement.
    Superseding,
    /// The id of another record, kept as a register.
    Reference,
    /// A map from key to atom, for example one statement per member.
    Keyed,
}

/// What a value may be. Checked when it is written, never when it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// One line of text of at most so many characters.
    Line(usize),
    /// One of these words. The order is the cautious order where the caution is [`Caution::Leftmost`].
    OneOf(&'static [&'static str]),
    /// A state of the kind's [`Lifecycle`](super::Lifecycle); written by `Edit::Move`.
    State,
    /// A day: `2026-03-31`.
    Date,
    /// Milliseconds since the epoch.
    Moment,
    /// A whole number within these bounds.
    Int(i64, i64),
    /// Yes or no.
    Flag,
    /// A decimal number as text, so that equal numbers are equal texts.
    Decimal,
    /// A month `2026-03` or an ISO week `2026-W14`.
    Period,
    /// The id of a record of one of these kinds.
    Id(&'static [Kind]),
    /// A record of any kind: `goals/01J…`.
    AnyRecord,
    /// An object in canonical JSON. Fractions are decimal strings.
    Object,
    /// Any canonical JSON: an object, a number, a list.
    Json,
    /// The content of a text.
    Words,
    /// The members of a set: short texts, usually ids.
    Keys,
    /// A position made by [`order`](crate::order).
    Position,
    /// Several lines of at most so many characters.
    Prose(usize),
    /// A register score: `4x3`.
    Score,
}

/// Which of several concurrent values counts until a person has chosen: the less favourable or less final one, so
/// that nobody is fooled by an accidental winner (F1) and all devices show the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caution {
    /// No value is more cautious: Automerge's winner, the same on every device.
    Winner,
    /// The leftmost word of [`Type::OneOf`] or of the life cycle's states.
    Leftmost,
    /// The least number or the earliest date.
    Least,
    /// The greatest number or the latest date.
    Greatest,
    /// Yes.
    Yes,
    /// The atom whose member of this name is least; an atom without it counts as unlimited.
    LeastOf(&'static str),
    /// The target that is harder to reach, by its `direction`.
    Harder,
    /// The pair `{watch, alert}` that speaks up earlier: the lower `watch`, or the higher one where less is worse
    /// (`alert` below `watch`).
    Stricter,
}

/// One row of the schema: what a kind says about a field.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// Which field.
    pub field: Field,
    /// How it is kept.
    pub mark: Mark,
    /// What it may hold. For sets, logs and keyed fields: what one member or entry may be.
    pub ty: Type,
    /// Which of several concurrent values counts.
    pub caution: Caution,
    /// Written when the record is created and never again.
    pub once: bool,
    /// The log that records every later change of this field (`due` → `dueMoves`).
    pub trail: Option<Field>,
    /// For superseding fields: entries only supersede entries that agree in these members.
    pub group: &'static [&'static str],
    /// For atoms and entries: the members that the product computes with. Others are welcome.
    pub parts: &'static [Part],
}

/// One member of an atom or entry.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Its key.
    pub key: &'static str,
    /// What it may be.
    pub ty: Type,
    /// Whether the atom means nothing without it.
    pub needed: bool,
}

pub(super) const fn need(key: &'static str, ty: Type) -> Part {
    Part { key, ty, needed: true }
}

pub(super) const fn may(key: &'static str, ty: Type) -> Part {
    Part { key, ty, needed: false }
}

const fn row(field: Field, mark: Mark, ty: Type) -> FieldSpec {
    FieldSpec { field, mark, ty, caution: Caution::Winner, once: false, trail: None, group: &[], parts: &[] }
}

pub(super) const fn register(field: Field, ty: Type) -> FieldSpec {
    row(field, Mark::Register, ty)
}

pub(super) const fn line(field: Field, chars_max: usize) -> FieldSpec {
    row(field, Mark::Register, Type::Line(chars_max))
}

pub(super) const fn one_of(field: Field, words: &'static [&'static str]) -> FieldSpec {
    row(field, Mark::Register, Type::OneOf(words))
}

pub(super) const fn atom(field: Field) -> FieldSpec {
    row(field, Mark::Atom, Type::Object)
}

pub(super) const fn text(field: Field) -> FieldSpec {
    row(field, Mark::Text, Type::Words)
}

pub(super) const fn order() -> FieldSpec {
    row(Field::Order, Mark::Order, Type::Position)
}

pub(super) const fn set(field: Field) -> FieldSpec {
    row(field, Mark::Set, Type::Keys)
}

pub(super) const fn log(field: Field) -> FieldSpec {
    row(field, Mark::Log, Type::Object)
}

pub(super) const fn superseding(field: Field, group: &'static [&'static str]) -> FieldSpec {
    FieldSpec { group, ..row(field, Mark::Superseding, Type::Object) }
}

pub(super) const fn reference(field: Field, kinds: &'static [Kind]) -> FieldSpec {
    row(field, Mark::Reference, Type::Id(kinds))
}

pub(super) const fn keyed(field: Field) -> FieldSpec {
    row(field, Mark::Keyed, Type::Json)
}

/// The state of the life cycle.
pub(super) const fn status() -> FieldSpec {
    row(Field::Status, Mark::Register, Type::State).caution(Caution::Leftmost)
}

/// The story of the status: one entry per move.
pub(super) const fn moves() -> FieldSpec {
    log(Field::Moves)
}

impl FieldSpec {
    pub(super) const fn once(self) -> Self {
        Self { once: true, ..self }
    }

    pub(super) const fn caution(self, caution: Caution) -> Self {
        Self { caution, ..self }
    }

    pub(super) const fn trail(self, log: Field) -> Self {
        Self { trail: Some(log), ..self }
    }

    pub(super) const fn parts(self, parts: &'static [Part]) -> Self {
        Self { parts, ..self }
    }

    pub(super) const fn holding(self, ty: Type) -> Self {
        Self { ty, ..self }
    }

    /// Whether the field is a container that is created together with the record.
    pub const fn is_container(&self) -> bool {
        matches!(self.mark, Mark::Text | Mark::Set | Mark::Log | Mark::Superseding | Mark::Keyed)
    }
}
