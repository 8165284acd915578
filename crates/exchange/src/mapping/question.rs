//! What a file leaves open.

use super::{Match, People, evidence, words};
use crate::{Column, Mapping, Scale, Table, cell, column::members_of};
use std::collections::BTreeMap;
use workspace::{Kind, View, lens::References, schema::Type};

/// Something a person should say or look at. None of it stops an import: what is open is left out and counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// No column is the title, so no row can become a record.
    NoTitle,
    /// A column that is left out.
    Unused {
        /// Its place in the table.
        place: usize,
        /// What it is called.
        header: String,
    },
    /// Days like `03/04/2026` can be read in two ways: [`Mapping::dates`].
    DateOrder {
        /// The place of the column.
        place: usize,
        /// One of them.
        example: String,
    },
    /// Numbers like `1.234` can be read in two ways: [`Mapping::decimals`].
    DecimalMark {
        /// The place of the column.
        place: usize,
        /// One of them.
        example: String,
    },
    /// The scale was taken from the highest level in the file, which nobody may have given: [`Mapping::scale`].
    Scale {
        /// The highest level.
        highest: u32,
        /// What was assumed.
        assumed: Scale,
    },
    /// A word that means nothing to us: [`Mapping::choose`].
    Word(WordRow),
    /// A name that is no member's, or that of several: [`Mapping::people`].
    Person {
        /// The name as it is written.
        name: String,
        /// How many rows have it.
        rows: u32,
        /// Whether it could be several members.
        several: bool,
    },
}

/// A word of a coded column and what it is read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordRow {
    /// The place of the column in the table.
    pub place: usize,
    /// What the column is.
    pub column: Column,
    /// The word.
    pub word: String,
    /// How many rows have it.
    pub rows: u32,
    /// The code; `Some(None)` when a person left it empty, `None` when nobody knows.
    pub code: Option<Option<String>>,
    /// The codes there are.
    pub choices: Vec<&'static str>,
}

pub(super) fn of(mapping: &Mapping, table: &Table, view: &View) -> Vec<Question> {
    let mut questions = Vec::new();
    let has = |column| mapping.columns.contains(&Some(column));
    let title = Column::Field(workspace::Field::Title);
    if title.fits(mapping.kind) && !has(title) {
        questions.push(Question::NoTitle);
    }
    for (place, header) in table.header.iter().enumerate() {
        if mapping.columns.get(place).is_none_or(Option::is_none) && !header.is_empty() {
            questions.push(Question::Unused { place, header: header.clone() });
        }
    }
    if let Some((place, example)) = evidence::open_date(mapping, table).filter(|_| mapping.dates.is_none()) {
        questions.push(Question::DateOrder { place, example: example.to_owned() });
    }
    if let Some((place, example)) =
        evidence::open_number(mapping, table).filter(|_| mapping.decimals.is_none())
    {
        questions.push(Question::DecimalMark { place, example: example.to_owned() });
    }
    if let Some((assumed, highest)) = evidence::scale(mapping, table)
        && assumed != Scale::Five
        && assumed == mapping.scale
    {
        questions.push(Question::Scale { highest, assumed });
    }
    questions.extend(words(mapping, table).into_iter().filter(|row| row.code.is_none()).map(Question::Word));
    questions.extend(unknown_people(mapping, table, view));
    questions
}

fn unknown_people(mapping: &Mapping, table: &Table, view: &View) -> Vec<Question> {
    let people = People::of(view, &References::of(view));
    let mut unknown: BTreeMap<String, (u32, bool)> = BTreeMap::new();
    for (place, column) in mapping.used().filter(|(_, column)| names_people(mapping.kind, *column)) {
        for row in table.sound() {
            let Some(cell) = row.cells.get(place) else { continue };
            let text = cell.to_string();
            let names = if is_set(column) { cell::split(&text) } else { vec![text] };
            for name in
                names.into_iter().filter(|name| !name.is_empty() && !mapping.people.contains_key(name))
            {
                let several = match people.find(&name) {
                    Match::One(_) => continue,
                    Match::Several => true,
                    Match::Nobody => false,
                };
                unknown.entry(name).or_insert((0, several)).0 += 1;
            }
        }
    }
    unknown.into_iter().map(|(name, (rows, several))| Question::Person { name, rows, several }).collect()
}

/// Whether the cells of a column are names of people.
pub(crate) fn names_people(kind: Kind, column: Column) -> bool {
    match column {
        Column::Field(workspace::Field::Holder) if kind == Kind::Grant => false,
        Column::Field(field) if members_of(field) == Some(Kind::Member) => true,
        _ => matches!(column.ty(kind), Some(Type::Id(kinds)) if kinds == [Kind::Member]),
    }
}

fn is_set(column: Column) -> bool {
    matches!(column, Column::Field(field) if members_of(field).is_some())
}
