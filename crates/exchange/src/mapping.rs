//! What the columns and words of a file mean: proposed by us, decided by a person, kept for the next file.

mod evidence;
mod people;
mod question;

pub(crate) use people::{Match, People};
pub(crate) use question::names_people;
pub use question::{Question, WordRow};

use crate::{Cell, Column, Table, vocabulary};
use ids::RecordId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use workspace::{
    Field, Kind, View,
    schema::{self, Type},
};

/// How a table becomes records. What is not in it is read by what the words usually mean; see [`Mapping::questions`]
/// for what that leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mapping {
    /// What the rows are.
    #[serde(with = "collection")]
    pub kind: Kind,
    /// What each column of the table is; `None` is left out.
    pub columns: Vec<Option<Column>>,
    /// What holds for every row, for columns that the file lacks or leaves empty.
    #[serde(default)]
    pub constants: BTreeMap<Column, String>,
    /// What a person said a word in a coded column means; `None` leaves the field empty.
    #[serde(default)]
    pub words: BTreeMap<Column, BTreeMap<String, Option<String>>>,
    /// The scale of likelihoods and consequences in the file.
    #[serde(default)]
    pub scale: Scale,
    /// How days with slashes are written.
    #[serde(default)]
    pub dates: Option<DateOrder>,
    /// How numbers are written.
    #[serde(default)]
    pub decimals: Option<DecimalMark>,
    /// Who the names in the file are, where a person said so.
    #[serde(default)]
    pub people: BTreeMap<String, Person>,
    /// What to do with rows that look like a record there is already.
    #[serde(default)]
    pub duplicates: OnDuplicate,
    /// The same for single rows, by their number.
    #[serde(default)]
    pub rows: BTreeMap<u32, OnDuplicate>,
}

/// The scale that likelihoods and consequences are given on. Ours has five levels; a smaller one is spread over it, so
/// that its ends are ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// 1 to 3 become 1, 3, 5.
    Three,
    /// 1 to 4 become 1, 2, 4, 5.
    Four,
    /// As it is.
    #[default]
    Five,
    /// 1 to 10: two become one.
    Ten,
}

impl Scale {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Three, Self::Four, Self::Five, Self::Ten];

    /// The highest level in the file.
    pub const fn highest(self) -> u8 {
        match self {
            Self::Three => 3,
            Self::Four => 4,
            Self::Five => 5,
            Self::Ten => 10,
        }
    }

    /// A level of the file as one of 1 to 5; `None` when it is not on the scale.
    pub fn level(self, of_file: u32) -> Option<u8> {
        let level = u8::try_from(of_file).ok().filter(|level| (1..=self.highest()).contains(level))?;
        Some(match self {
            Self::Three => level * 2 - 1,
            Self::Four => {
                if level > 2 {
                    level + 1
                } else {
                    level
                }
            }
            Self::Five => level,
            Self::Ten => level.div_ceil(2),
        })
    }
}

/// Which number comes first in `03/04/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// The day: the third of April.
    DayFirst,
    /// The month: the fourth of March.
    MonthFirst,
}

/// What parts whole and fraction of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecimalMark {
    /// `1,234.56`
    Point,
    /// `1.234,56`
    Comma,
}

/// What to do with a row that looks like a record there is already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnDuplicate {
    /// Leave it out.
    #[default]
    Skip,
    /// Bring the record up to date: fields that differ are written, scores are added as new judgements, texts that
    /// somebody wrote stay. A row that repeats an earlier row of the same file is left out.
    Update,
    /// Make another record of it.
    Create,
}

/// Who a name in the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Person {
    /// This member.
    Member(RecordId),
    /// Somebody new: a member is created with the name.
    Create,
    /// Nobody: the field stays empty.
    Leave,
}

impl Mapping {
    /// What the headers and cells of a table suggest for records of `kind`.
    pub fn propose(kind: Kind, table: &Table) -> Self {
        let mut taken: BTreeSet<Column> = BTreeSet::new();
        let mut columns = Vec::with_capacity(table.header.len());
        for (place, header) in table.header.iter().enumerate() {
            let own_ids = header.trim() == "id" && Column::Id.fits(kind) && evidence::only_ids(table, place);
            let column = match own_ids {
                true => Some(Column::Id).filter(|id| !taken.contains(id)),
                // `Impact` heads levels in one file and sentences in another.
                false => vocabulary::column(kind, header, &|column| {
                    taken.contains(&column) || !evidence::could_be(table, place, column)
                }),
            };
            taken.extend(column);
            columns.push(column);
        }
        let mut constants = BTreeMap::new();
        let says_which = taken.contains(&Column::Field(Field::Kind));
        if kind == Kind::Register && !says_which {
            constants.insert(Column::Field(Field::Kind), "risk".to_owned());
        }
        let mut mapping = Self {
            kind,
            columns,
            constants,
            words: BTreeMap::new(),
            scale: Scale::Five,
            dates: None,
            decimals: None,
            people: BTreeMap::new(),
            duplicates: OnDuplicate::Skip,
            rows: BTreeMap::new(),
        };
        mapping.dates = evidence::date_order(&mapping, table);
        mapping.decimals = evidence::decimal_mark(&mapping, table);
        // A file of ours has our scale, however few of its levels are used.
        if !taken.contains(&Column::Id) {
            mapping.scale = evidence::scale(&mapping, table).map_or(Scale::Five, |(scale, _)| scale);
        }
        mapping
    }

    /// What a person should look at before the import: what the file leaves open, and what was assumed.
    pub fn questions(&self, table: &Table, view: &View) -> Vec<Question> {
        question::of(self, table, view)
    }

    /// Says what a word of a coded column means; `None` leaves the field empty.
    pub fn choose(&mut self, column: Column, word: &str, code: Option<&str>) {
        self.words.entry(column).or_default().insert(word.trim().to_owned(), code.map(str::to_owned));
    }

    /// The columns in use, with their place in the table.
    pub(crate) fn used(&self) -> impl Iterator<Item = (usize, Column)> {
        self.columns.iter().enumerate().filter_map(|(place, column)| Some((place, (*column)?)))
    }

    /// The code of a word: as a person said, or as it is usually meant.
    pub(crate) fn code(&self, column: Column, word: &str, known: &[&'static str]) -> Option<Option<String>> {
        match self.words.get(&column).and_then(|words| words.get(word.trim())) {
            Some(chosen) => Some(chosen.clone()),
            None => vocabulary::code(word, known).map(|code| Some(code.to_owned())),
        }
    }
}

/// The codes that a column can hold; `None` when it is not coded. `variant` is `risk` or `opportunity`.
pub(crate) fn codes(kind: Kind, column: Column, variant: Option<&str>) -> Option<Vec<&'static str>> {
    match column {
        Column::Likelihood(_) | Column::Consequence(_) => Some(vec!["1", "2", "3", "4", "5"]),
        _ => match column.ty(kind)? {
            Type::OneOf(words) => Some(words.to_vec()),
            Type::State => schema::lifecycle(kind, variant).map(|life| life.states.to_vec()),
            Type::Flag => Some(vec!["yes", "no"]),
            _ => None,
        },
    }
}

/// Every distinct word of the coded columns, with what it is read as: the table that a person checks.
pub fn words(mapping: &Mapping, table: &Table) -> Vec<WordRow> {
    let mut rows = Vec::new();
    for (place, column) in mapping.used() {
        let Some(choices) = codes(mapping.kind, column, None) else { continue };
        let mut count: BTreeMap<String, u32> = BTreeMap::new();
        for cell in table.sound().filter_map(|row| row.cells.get(place)).filter(|cell| !cell.is_empty()) {
            *count.entry(cell.to_string()).or_default() += 1;
        }
        for (word, rows_with_it) in count {
            let code = read_code(mapping, column, &word, &choices);
            rows.push(WordRow { place, column, word, rows: rows_with_it, code, choices: choices.clone() });
        }
    }
    rows
}

fn read_code(
    mapping: &Mapping,
    column: Column,
    word: &str,
    known: &[&'static str],
) -> Option<Option<String>> {
    if let Some(chosen) = mapping.words.get(&column).and_then(|words| words.get(word)) {
        return Some(chosen.clone());
    }
    match column {
        Column::Likelihood(_) | Column::Consequence(_) => {
            crate::cell::level(word, mapping.scale).map(|level| Some(level.to_string()))
        }
        _ if column.ty(mapping.kind) == Some(Type::Flag) => {
            vocabulary::flag(word).map(|flag| Some(if flag { "yes" } else { "no" }.to_owned()))
        }
        _ => mapping.code(column, word, known),
    }
}

/// The cells of a column that are text: what a spreadsheet keeps as a number or a day needs no reading.
fn texts(table: &Table, place: usize) -> impl Iterator<Item = &str> {
    table.sound().filter_map(move |row| match row.cells.get(place)? {
        Cell::Text(text) if !text.trim().is_empty() => Some(text.trim()),
        _ => None,
    })
}

mod collection {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use workspace::Kind;

    pub(super) fn serialize<S: Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(kind.collection())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Kind, D::Error> {
        let word = String::deserialize(deserializer)?;
        Kind::from_collection(&word)
            .ok_or_else(|| D::Error::custom(format!("no kind of record is called {word:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smaller_scale_is_spread_over_ours() {
        let all = |scale: Scale| -> Vec<u8> {
            (1..=u32::from(scale.highest())).filter_map(|level| scale.level(level)).collect()
        };
        assert_eq!(all(Scale::Three), [1, 3, 5]);
        assert_eq!(all(Scale::Four), [1, 2, 4, 5]);
        assert_eq!(all(Scale::Five), [1, 2, 3, 4, 5]);
        assert_eq!(all(Scale::Ten), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
        assert_eq!((Scale::Four.level(0), Scale::Four.level(5)), (None, None));
    }

    #[test]
    fn a_mapping_is_a_file() {
        let mut mapping = Mapping {
            kind: Kind::Register,
            columns: vec![Some(Column::Field(Field::Title)), None],
            constants: BTreeMap::from([(Column::Field(Field::Kind), "risk".to_owned())]),
            words: BTreeMap::new(),
            scale: Scale::Four,
            dates: Some(DateOrder::DayFirst),
            decimals: None,
            people: BTreeMap::from([("K. Neu".to_owned(), Person::Create)]),
            duplicates: OnDuplicate::Update,
            rows: BTreeMap::from([(3, OnDuplicate::Create)]),
        };
        mapping.choose(Column::Field(Field::Status), "ruht", None);
        let text = serde_json::to_string(&mapping).unwrap();
        assert_eq!(serde_json::from_str::<Mapping>(&text).unwrap(), mapping);
        let short: Mapping =
            serde_json::from_str(r#"{"kind": "actions", "columns": ["title", "due"]}"#).unwrap();
        assert_eq!((short.kind, short.columns.len()), (Kind::Action, 2));
        assert!(serde_json::from_str::<Mapping>(r#"{"kind": "cellar", "columns": []}"#).is_err());
    }
}
