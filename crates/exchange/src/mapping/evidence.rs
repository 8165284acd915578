//! What the cells of a column show about how the file was written.

use super::texts;
use crate::{Column, DateOrder, DecimalMark, Mapping, Scale, Table, cell};
use ids::RecordId;
use workspace::schema::Type;

/// Whether every cell of the column is the id of a record: then the file is one of ours.
pub(super) fn only_ids(table: &Table, place: usize) -> bool {
    texts(table, place).all(|text| text.parse::<RecordId>().is_ok())
}

/// Whether most cells of a column are what the column would hold, where the header alone does not tell levels and
/// scores from sentences.
pub(super) fn could_be(table: &Table, place: usize, column: Column) -> bool {
    let fits: fn(&str) -> bool = match column {
        Column::Likelihood(_) | Column::Consequence(_) => |text| cell::level(text, Scale::Ten).is_some(),
        Column::Score(_) => |text| cell::halves(text).is_some(),
        _ => return true,
    };
    let cells = table.sound().filter_map(|row| row.cells.get(place)).filter(|cell| !cell.is_empty());
    let (fitting, others): (Vec<_>, Vec<_>) = cells.map(ToString::to_string).partition(|text| fits(text));
    fitting.len() >= others.len()
}

/// The order of days with slashes, if some day can only be read in one way. Two columns that contradict each other
/// show nothing.
pub(super) fn date_order(mapping: &Mapping, table: &Table) -> Option<DateOrder> {
    let forms = || days(mapping, table).filter_map(|(_, text)| cell::form(text));
    let day_first = forms().any(|form| form == cell::DateForm::DayFirst);
    let month_first = forms().any(|form| form == cell::DateForm::MonthFirst);
    match (day_first, month_first) {
        (true, false) => Some(DateOrder::DayFirst),
        (false, true) => Some(DateOrder::MonthFirst),
        _ => None,
    }
}

/// The first day that can be read in two ways, and its column.
pub(super) fn open_date<'a>(mapping: &'a Mapping, table: &'a Table) -> Option<(usize, &'a str)> {
    days(mapping, table).find(|(_, text)| cell::form(text) == Some(cell::DateForm::Either))
}

fn days<'a>(mapping: &'a Mapping, table: &'a Table) -> impl Iterator<Item = (usize, &'a str)> {
    typed(mapping, table, |ty| ty == Type::Date)
}

/// The decimal mark, if some number shows it.
pub(super) fn decimal_mark(mapping: &Mapping, table: &Table) -> Option<DecimalMark> {
    let shown =
        |mark| numbers(mapping, table).any(|(_, text)| cell::shape(text) == Some(cell::Shape::Shown(mark)));
    match (shown(DecimalMark::Point), shown(DecimalMark::Comma)) {
        (true, false) => Some(DecimalMark::Point),
        (false, true) => Some(DecimalMark::Comma),
        // Our own files always write a point.
        _ if mapping.columns.contains(&Some(Column::Id)) => Some(DecimalMark::Point),
        _ => None,
    }
}

/// The first number that can be read in two ways, and its column.
pub(super) fn open_number<'a>(mapping: &'a Mapping, table: &'a Table) -> Option<(usize, &'a str)> {
    numbers(mapping, table).find(|(_, text)| cell::shape(text) == Some(cell::Shape::Either))
}

fn numbers<'a>(mapping: &'a Mapping, table: &'a Table) -> impl Iterator<Item = (usize, &'a str)> {
    typed(mapping, table, |ty| ty == Type::Decimal)
}

fn typed<'a>(
    mapping: &'a Mapping,
    table: &'a Table,
    wanted: fn(Type) -> bool,
) -> impl Iterator<Item = (usize, &'a str)> {
    let columns = mapping.used().filter(move |(_, column)| column.ty(mapping.kind).is_some_and(wanted));
    columns.flat_map(|(place, _)| texts(table, place).map(move |text| (place, text)))
}

/// The smallest scale that has every level of the file, and the highest level.
pub(super) fn scale(mapping: &Mapping, table: &Table) -> Option<(Scale, u32)> {
    let mut highest: Option<u32> = None;
    for (place, column) in mapping.used() {
        for row in table.sound() {
            let Some(cell) = row.cells.get(place) else { continue };
            let text = cell.to_string();
            let levels: Vec<&str> = match column {
                Column::Score(_) => {
                    cell::halves(&text).map_or_else(Vec::new, |(first, second)| vec![first, second])
                }
                Column::Likelihood(_) | Column::Consequence(_) => vec![text.trim()],
                _ => continue,
            };
            for level in levels {
                let digits: String = level.chars().take_while(char::is_ascii_digit).collect();
                highest = highest.max(digits.parse().ok());
            }
        }
    }
    let highest = highest?;
    let scale = Scale::ALL.into_iter().find(|scale| u32::from(scale.highest()) >= highest);
    Some((scale.unwrap_or(Scale::Ten), highest))
}
