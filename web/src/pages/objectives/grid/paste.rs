//! A block copied from a spreadsheet, laid over the grid from one cell on. It is taken whole or not at all.

use crate::components::number::typed;
use ids::RecordId;
use workspace::Period;

/// A value for a period of a KPI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) kpi: RecordId,
    pub(super) period: Period,
    /// A plain decimal.
    pub(super) number: String,
}

/// Why a block does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Misfit {
    #[error("\u{201c}{text}\u{201d} in row {row}, column {column} of the block is no number")]
    NoNumber { text: String, row: usize, column: usize },
    #[error("the block is larger than the grid from here on ({rows} rows, {columns} columns)")]
    TooLarge { rows: usize, columns: usize },
    #[error("the block holds no value")]
    Empty,
}

/// The values of `text` from the cell `from` on. Empty cells leave what is there.
pub(super) fn cells(
    text: &str,
    from: (RecordId, Period),
    kpis: &[RecordId],
    periods: &[Period],
) -> Result<Vec<Cell>, Misfit> {
    let lines: Vec<Vec<&str>> = text
        .trim_end_matches(['\n', '\r'])
        .split('\n')
        .map(|line| line.trim_end_matches('\r').split('\t').map(str::trim).collect())
        .collect();
    let start =
        (kpis.iter().position(|kpi| *kpi == from.0), periods.iter().position(|period| *period == from.1));
    let (first_row, first_column) = (start.0.unwrap_or(0), start.1.unwrap_or(0));
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let mut found = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        for (column, text) in line.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let place = (kpis.get(first_row + row), periods.get(first_column + column));
            let (Some(kpi), Some(period)) = place else {
                return Err(Misfit::TooLarge { rows: lines.len(), columns });
            };
            let number = typed(text).ok_or_else(|| Misfit::NoNumber {
                text: text.chars().take(40).collect(),
                row: row + 1,
                column: column + 1,
            })?;
            found.push(Cell { kpi: *kpi, period: *period, number });
        }
    }
    if found.is_empty() { Err(Misfit::Empty) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kpi(bits: u128) -> RecordId {
        RecordId::from_bits(bits)
    }

    fn month(text: &str) -> Period {
        text.parse().unwrap()
    }

    fn lay(text: &str) -> Result<Vec<Cell>, Misfit> {
        let periods = [month("2026-01"), month("2026-02"), month("2026-03")];
        cells(text, (kpi(1), month("2026-02")), &[kpi(1), kpi(2)], &periods)
    }

    #[test]
    fn a_block_lies_from_the_cell_on_and_empty_cells_leave_what_is_there() {
        let found = lay("1,5\t2\r\n\t4\r\n").unwrap();
        let places: Vec<(RecordId, String, &str)> =
            found.iter().map(|cell| (cell.kpi, cell.period.to_string(), cell.number.as_str())).collect();
        assert_eq!(
            places,
            [
                (kpi(1), "2026-02".to_owned(), "1.5"),
                (kpi(1), "2026-03".to_owned(), "2"),
                (kpi(2), "2026-03".to_owned(), "4"),
            ]
        );
    }

    #[test]
    fn what_does_not_fit_is_refused_whole_with_its_place() {
        let wrong = Misfit::NoNumber { text: "n/a".to_owned(), row: 2, column: 1 };
        assert_eq!(lay("1\t2\nn/a\t3"), Err(wrong));
        assert_eq!(lay("1\t2\t3"), Err(Misfit::TooLarge { rows: 1, columns: 3 }));
        assert_eq!(lay("\t\n"), Err(Misfit::Empty));
    }
}
