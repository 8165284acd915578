//! XLSX files, made here part by part.

use crate::support::{proposed, table, view};
use exchange::{Cell, Format, ReadError, TableLimits, preview, read_table};
use std::io::{Cursor, Write};
use workspace::{Field, Kind};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, options).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A workbook of one sheet with these cells; style 1 is a day.
pub(crate) fn workbook(cells: &str) -> Vec<u8> {
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>"#
    );
    archive(&[
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
        ),
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Risiken" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
        ),
        (
            "xl/styles.xml",
            r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#,
        ),
        ("xl/worksheets/sheet1.xml", &sheet),
    ])
}

fn text(at: &str, text: &str) -> String {
    format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

#[test]
fn a_sheet_is_a_table_with_typed_cells() {
    let cells = format!(
        r#"<row r="2">{}{}{}{}</row><row r="4">{}<c r="B4"><v>3</v></c><c r="C4" s="1"><v>46112</v></c><c r="D4" t="b"><v>1</v></c></row>"#,
        text("A2", "Titel"),
        text("B2", "Wahrscheinlichkeit"),
        text("C2", "Wiedervorlage"),
        text("D2", "Wetter"),
        text("A4", "Dichtung &amp; Werkstoff"),
    );
    let table = table(&workbook(&cells));
    assert_eq!(
        table.format,
        Format::Xlsx { sheet: "Risiken".to_owned(), sheets: vec!["Risiken".to_owned()] }
    );
    assert_eq!(table.header, ["Titel", "Wahrscheinlichkeit", "Wiedervorlage", "Wetter"]);
    assert_eq!(table.rows[0].number, 4);
    let day = "2026-03-31".parse().unwrap();
    assert_eq!(
        table.rows[0].cells,
        [
            Cell::Text("Dichtung & Werkstoff".to_owned()),
            Cell::Number("3".to_owned()),
            Cell::Day(day),
            Cell::Flag(true)
        ]
    );
}

#[test]
fn days_and_numbers_of_a_workbook_need_no_reading() {
    let cells = format!(
        r#"<row r="1">{}{}{}</row><row r="2">{}<c r="B2"><v>1.234</v></c><c r="C2" s="1"><v>46112</v></c></row>"#,
        text("A1", "Objective"),
        text("B1", "Target"),
        text("C1", "Due"),
        text("A2", "Fewer leaks"),
    );
    let (table, mapping) = proposed(Kind::Objective, &workbook(&cells));
    assert_eq!(mapping.questions(&table, view()), []);
    let shown = preview(&table, &mapping, view());
    assert_eq!(shown.rows[0].problems, []);
    let cells: Vec<String> =
        shown.rows[0].cells.iter().map(|(column, text)| format!("{column}={text}")).collect();
    assert_eq!(cells, ["title=Fewer leaks", "target.value=1.234", "target.due=2026-03-31"]);
    assert!(Field::from_key("target").is_some());
}

#[test]
fn a_sheet_that_is_not_there_is_named() {
    let error = read_table(&workbook(""), Some("Chancen"), &TableLimits::default()).unwrap_err();
    assert_eq!(
        error,
        ReadError::NoSuchSheet { wanted: "Chancen".to_owned(), there: vec!["Risiken".to_owned()] }
    );
    assert_eq!(read_table(&workbook(""), None, &TableLimits::default()), Err(ReadError::Empty));
}

/// A small file that unpacks to a large one, and two cells with the whole sheet between them.
#[test]
fn bombs_cost_their_budget_and_no_more() {
    let bomb = workbook(&" ".repeat(16 << 20));
    assert!(bomb.len() < 50_000);
    let limits = TableLimits { unpacked_bytes: 6 << 20, ..TableLimits::default() };
    assert_eq!(
        read_table(&bomb, None, &limits),
        Err(ReadError::TooLarge { limit: 6 << 20, of: "bytes when unpacked" })
    );
    let far = format!(
        r#"<row r="1">{}</row><row r="1048576"><c r="B1048576"><v>1</v></c></row>"#,
        text("A1", "Title")
    );
    let table = table(&workbook(&far));
    assert_eq!((table.rows.len(), table.rows[0].number), (1, 1_048_576));
    let wide = format!(r#"<row r="1">{}{}</row>"#, text("A1", "Title"), text("XFD1", "x"));
    assert_eq!(
        read_table(&workbook(&wide), None, &TableLimits::default()),
        Err(ReadError::TooLarge { limit: 256, of: "columns" })
    );
}
