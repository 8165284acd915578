//! Files as tables.

use crate::support::{NOW, after, of, proposed, rng, sample, table, view};
use exchange::{
    Cell, Column, DateOrder, DecimalMark, Encoding, Format, Mapping, Question, ReadError, TableLimits,
    Verdict, preview, read_table,
};
use workspace::{Field, Kind, Relation, lens::References};

fn texts(cells: &[Cell]) -> Vec<String> {
    cells.iter().map(Cell::to_string).collect()
}

#[test]
fn delimiters_are_found_and_rows_keep_their_numbers() {
    for (text, delimiter) in [
        ("a,b\n1,2\n", ','),
        ("a;b\n1,5;2\n", ';'),
        ("a\tb\n1\t2,5;x\n", '\t'),
        ("sep=;\na;b\n1;2\n", ';'),
        ("only\nsome\n", ','),
    ] {
        let table = table(text.as_bytes());
        assert_eq!(table.format, Format::Csv { delimiter, encoding: Encoding::Utf8 }, "{text:?}");
    }
    let table = table(b"title;note\n\nfirst;\"two\nlines\"\n;\nsecond;x\n");
    let numbers: Vec<u32> = table.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [3, 5]);
    assert_eq!(texts(&table.rows[0].cells), ["first", "two\nlines"]);
}

#[test]
fn what_is_no_table_says_so() {
    let read = |bytes: &[u8]| read_table(bytes, None, &TableLimits::default()).unwrap_err();
    assert_eq!(read(b""), ReadError::Empty);
    assert_eq!(read(b"\n\n;;;\n"), ReadError::Empty);
    assert_eq!(read(b"a,b\n1,\"x\n2,y\n"), ReadError::OpenQuote { row: 2 });
    assert!(matches!(read(b"PK\x03\x04 and nothing"), ReadError::Workbook { .. }));
    assert!(matches!(read(b"%PDF-1.7"), ReadError::Unsupported { .. }));
    assert!(matches!(read(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1]), ReadError::Unsupported { .. }));
}

#[test]
fn every_bound_is_held() {
    let limits = TableLimits {
        file_bytes: 200,
        rows: 3,
        columns: 3,
        cells: 8,
        cell_bytes: 10,
        ..TableLimits::default()
    };
    let read = |text: &str| read_table(text.as_bytes(), None, &limits).unwrap_err();
    assert_eq!(read(&"a".repeat(201)), ReadError::TooLarge { limit: 200, of: "bytes" });
    assert_eq!(read("a\n1\n2\n3\n"), ReadError::TooLarge { limit: 3, of: "rows" });
    assert_eq!(read("a,b,c,d\n"), ReadError::TooLarge { limit: 3, of: "columns" });
    assert_eq!(read("a,b,c\n1,2,3\n4,5,6\n"), ReadError::TooLarge { limit: 8, of: "cells" });
    assert_eq!(read("a,b\n1,12345678901\n"), ReadError::CellTooLarge { row: 2, column: 2, limit: 10 });
}

#[test]
fn ambiguous_days_and_numbers_are_asked() {
    let file = b"Title;Target;Due\nA;1.234;03/04/2026\nB;93,5;05/05/2026\n";
    let (table, mut mapping) = proposed(Kind::Objective, file);
    // 93,5 shows the comma; nothing shows the order of the days.
    assert_eq!((mapping.decimals, mapping.dates), (Some(DecimalMark::Comma), None));
    assert_eq!(
        mapping.questions(&table, view()),
        [Question::DateOrder { place: 2, example: "03/04/2026".to_owned() }]
    );
    let shown = preview(&table, &mapping, view());
    assert!(shown.rows[0].problems[0].what.contains("two ways"), "{:?}", shown.rows[0].problems);
    mapping.dates = Some(DateOrder::MonthFirst);
    let shown = preview(&table, &mapping, view());
    assert!(shown.rows.iter().all(|row| row.problems.is_empty()));
    let import = shown.import(view(), None, NOW, &mut rng(1)).unwrap();
    let after = after(&sample().doc, &import.act, 2);
    let target = after.record(import.created[0].1).unwrap().atom(Field::Target).unwrap().clone();
    assert_eq!(target, serde_json::json!({"value": "1234", "due": "2026-03-04"}));
}

#[test]
fn people_and_links_are_found_by_what_they_are_called() {
    let names = References::of(view());
    let r07 = names.name(of("R07")).unwrap();
    let r01 = view().record(of("R01")).unwrap().title();
    let email = view().record(of("m-ceo")).unwrap().line(Field::Email).unwrap_or("Ines Marchetti");
    let file = format!(
        "Aufgabe;Wer;Risiko;Team\nA;{email};{r07};Tom Adeyemi | Britt\nB;adeyemi, tom;{r01};\nC;B. Solheim;Kein solches;X"
    );
    let (table, mapping) = proposed(Kind::Action, file.as_bytes());
    assert_eq!(mapping.columns[2], Some(Column::Link(Relation::Treats)));
    let shown = preview(&table, &mapping, view());
    let import = shown.import(view(), None, NOW, &mut rng(1)).unwrap();
    let after = after(&sample().doc, &import.act, 2);
    let owner = |row: usize| after.record(import.created[row].1).unwrap().id_of(Field::Owner);
    assert_eq!([owner(0), owner(1), owner(2)], ["m-ceo", "m-coo", "m-cfo"].map(|code| Some(of(code).id)));
    let treats = |row: usize| after.edges().to(import.created[row].1, Relation::Treats).collect::<Vec<_>>();
    assert_eq!((treats(0), treats(1), treats(2)), (vec![of("R07")], vec![of("R01")], vec![]));
    let helpers: Vec<_> =
        after.record(import.created[0].1).unwrap().members(Field::Helpers).map(str::to_owned).collect();
    assert_eq!(helpers.len(), 2);
    let problems: Vec<String> = shown.rows[2].problems.iter().map(|problem| problem.what.clone()).collect();
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn a_paragraph_as_a_title_is_kept_whole() {
    let long = "word ".repeat(60);
    let (table, mapping) = proposed(Kind::Action, format!("Title\n{long}\n").as_bytes());
    let shown = preview(&table, &mapping, view());
    assert_eq!(shown.rows[0].verdict, Verdict::New);
    let import = shown.import(view(), None, NOW, &mut rng(1)).unwrap();
    let after = after(&sample().doc, &import.act, 2);
    let record = after.record(import.created[0].1).unwrap();
    assert_eq!(record.title().chars().count(), 120);
    assert_eq!(record.text(Field::Body), long.trim());
}

#[test]
fn an_import_that_no_relay_would_take_says_where_to_cut() {
    let row = format!("{}\n", "x".repeat(30_000));
    let file = format!("Title,Description\n{}", (0..10).map(|n| format!("{n},{row}")).collect::<String>());
    let (table, mapping) = proposed(Kind::Action, file.as_bytes());
    let shown = preview(&table, &mapping, view());
    match shown.import(view(), None, NOW, &mut rng(1)) {
        Err(exchange::ImportError::TooLarge { operations, fits }) => {
            assert!(operations > 300_000);
            assert_eq!(fits, 5, "four rows below the header");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_mapping_that_was_kept_is_held_against_another_table() {
    let table = table(b"a,b,c\n1,2,3\n");
    let mapping: Mapping = serde_json::from_str(
        r#"{"kind": "actions", "columns": ["title", "target.due", null, "due", "due"]}"#,
    )
    .unwrap();
    let shown = preview(&table, &mapping, view());
    assert_eq!(shown.rows[0].verdict, Verdict::New);
    assert!(shown.rows[0].problems[0].what.contains("no such field"));
}
