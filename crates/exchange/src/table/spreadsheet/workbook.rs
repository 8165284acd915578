//! What a workbook says about its sheets, beside their cells.

use super::{archive::Archive, broken};
use crate::table::ReadError;
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use std::collections::BTreeMap;

/// Sheets, the texts that cells share, and which styles show days.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    pub(super) sheets: Vec<Sheet>,
    pub(super) texts: Vec<String>,
    /// By the number of the style.
    pub(super) shows_days: Vec<bool>,
    /// Whether days are counted from 1904.
    pub(super) from_1904: bool,
}

#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    /// Its part of the archive.
    pub(super) part: String,
}

/// The part of the workbook in nearly every archive.
const USUAL: &str = "xl/workbook.xml";

impl Workbook {
    pub(super) fn read(archive: &mut Archive<'_>) -> Result<Self, ReadError> {
        let package = relations(archive, "")?;
        let main = package.values().find(|relation| relation.ty.ends_with("/officeDocument"));
        let main = main.map_or_else(|| USUAL.to_owned(), |relation| relation.target.clone());
        let text = archive.part(&main)?.ok_or_else(|| broken("there is no workbook in the archive"))?;
        let relations = relations(archive, &main)?;
        let mut book = Self::default();
        let mut reader = Reader::from_str(&text);
        loop {
            match reader.read_event().map_err(broken)? {
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "workbookPr" => {
                        book.from_1904 = matches!(attribute(&tag, "date1904").as_deref(), Some("1" | "true"));
                    }
                    "sheet" => {
                        let part = attribute(&tag, "id").and_then(|id| relations.get(&id));
                        if let (Some(name), Some(part)) = (attribute(&tag, "name"), part) {
                            book.sheets.push(Sheet { name, part: part.target.clone() });
                        }
                    }
                    _ => {}
                },
                Event::Eof => break,
                _ => {}
            }
        }
        let part_of = |ty: &str| relations.values().find(|relation| relation.ty.ends_with(ty));
        if let Some(relation) = part_of("/sharedStrings")
            && let Some(text) = archive.part(&relation.target)?
        {
            book.texts = texts(&text)?;
        }
        if let Some(relation) = part_of("/styles")
            && let Some(text) = archive.part(&relation.target)?
        {
            book.shows_days = styles(&text)?;
        }
        Ok(book)
    }
}

struct Relation {
    ty: String,
    target: String,
}

/// The relations of a part, by id. Targets are relative to the folder of the part.
fn relations(archive: &mut Archive<'_>, part: &str) -> Result<BTreeMap<String, Relation>, ReadError> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let slash = if folder.is_empty() { "" } else { "/" };
    let Some(text) = archive.part(&format!("{folder}{slash}_rels/{name}.rels"))? else {
        return Ok(BTreeMap::new());
    };
    let mut relations = BTreeMap::new();
    let mut reader = Reader::from_str(&text);
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "Relationship" => {
                let (id, target) = (attribute(&tag, "Id"), attribute(&tag, "Target"));
                if let (Some(id), Some(target)) = (id, target) {
                    let target = match target.strip_prefix('/') {
                        Some(absolute) => absolute.to_owned(),
                        None => format!("{folder}{slash}{}", target.trim_start_matches("./")),
                    };
                    relations
                        .insert(id, Relation { ty: attribute(&tag, "Type").unwrap_or_default(), target });
                }
            }
            Event::Eof => return Ok(relations),
            _ => {}
        }
    }
}

/// An attribute, whatever the prefix of its name.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute =
        tag.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// The text within an element that was just opened, of all `t` in it, without reading aids.
pub(super) fn text_within(reader: &mut Reader<&[u8]>, until: &str) -> Result<String, ReadError> {
    let (mut text, mut in_text, mut aside) = (String::new(), false, 0_usize);
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => in_text = true,
                "rPh" => aside += 1,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => aside = aside.saturating_sub(1),
                name if name == until => return Ok(text),
                _ => {}
            },
            event if in_text && aside == 0 => push(&mut text, &event)?,
            Event::Eof => return Err(broken("a text is cut off")),
            _ => {}
        }
    }
}

/// Adds what an event says as text.
pub(super) fn push(text: &mut String, event: &Event<'_>) -> Result<(), ReadError> {
    match event {
        Event::Text(words) => text.push_str(&words.xml10_content()),
        Event::CData(words) => text.push_str(&words.xml10_content()),
        Event::GeneralRef(name) => match name.resolve_char_ref().map_err(broken)? {
            Some(char) => text.push(char),
            None => text
                .push_str(quick_xml::escape::resolve_xml_entity(&name.xml10_content()).unwrap_or_default()),
        },
        Event::Eof => return Err(broken("a text is cut off")),
        _ => {}
    }
    Ok(())
}

fn texts(part: &str) -> Result<Vec<String>, ReadError> {
    let mut texts = Vec::new();
    let mut reader = Reader::from_str(part);
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(tag) if tag.local_name().as_ref() == "si" => {
                texts.push(text_within(&mut reader, "si")?)
            }
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => texts.push(String::new()),
            Event::Eof => return Ok(texts),
            _ => {}
        }
    }
}

/// Which of the cell styles show days.
fn styles(part: &str) -> Result<Vec<bool>, ReadError> {
    let (mut own, mut styles, mut in_cells) = (BTreeMap::new(), Vec::new(), false);
    let mut reader = Reader::from_str(part);
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(&tag, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                    if let (Some(id), Some(code)) = (id, attribute(&tag, "formatCode")) {
                        own.insert(id, is_day(&code));
                    }
                }
                "cellXfs" => in_cells = true,
                "xf" if in_cells => {
                    let id = attribute(&tag, "numFmtId").and_then(|id| id.parse::<u32>().ok()).unwrap_or(0);
                    let built_in = matches!(id, 14..=17 | 22 | 27..=31 | 34 | 36 | 50..=58);
                    styles.push(own.get(&id).copied().unwrap_or(built_in));
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => in_cells = false,
            Event::Eof => return Ok(styles),
            _ => {}
        }
    }
}

/// Whether a number format shows a day: it has a year or a day outside of what is quoted or in brackets.
fn is_day(code: &str) -> bool {
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    for char in code.chars() {
        match char {
            _ if escaped => escaped = false,
            '\\' | '_' | '*' if !quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => bracketed = true,
            ']' if !quoted => bracketed = false,
            'y' | 'Y' | 'd' | 'D' if !quoted && !bracketed => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_that_shows_a_day_is_told_from_one_that_colours_it() {
        for code in ["dd.mm.yyyy", "yyyy-mm-dd;@", "[$-407]d. mmmm yyyy", "mmm yy"] {
            assert!(is_day(code), "{code}");
        }
        for code in ["General", "0.00", "[Red]0", "0 \"days\"", "#,##0\\ \\d", "hh:mm", "0%"] {
            assert!(!is_day(code), "{code}");
        }
    }

    #[test]
    fn texts_are_whole_and_without_reading_aids() {
        let part = "<sst><si><t>a &amp; b</t></si><si><r><t>Ma</t></r><r><t>&#223;</t></r><rPh><t>x</t></rPh></si><si/></sst>";
        assert_eq!(texts(part).unwrap(), ["a & b", "Maß", ""]);
        assert!(texts("<sst><si><t>a").is_err());
    }
}
