//! What of a record can be found, and where it stands.

use super::Place;
use workspace::lens::EntryKind;
use workspace::schema::{self, Mark, Type};
use workspace::{Field, Kind, Record, Scalar, Value};

/// The words of a record by place; `None` for kinds that nobody looks for by words.
pub(super) fn content(record: &Record) -> Option<Vec<(Place, String)>> {
    if matches!(
        record.kind,
        Kind::Measurement | Kind::ReviewInput | Kind::Meta | Kind::Settings | Kind::Reading | Kind::Handover
    ) {
        return None;
    }
    let mut content = vec![(Place::Title, record.title().to_owned())];
    if let Some(letter) = letter(record) {
        // Four characters, or five where four are not enough; both can be typed, with or without the letter. The letter
        // alone is no word: it would find every record of a kind.
        for len in [4, 5] {
            let reference = record.id.reference(letter, len);
            content.extend(reference.split_once('-').map(|(_, tail)| (Place::Reference, tail.to_owned())));
            content.push((Place::Reference, reference.replace('-', "")));
        }
    }
    content.extend(record.members(Field::Tags).map(|tag| (Place::Tag, tag.to_owned())));
    for spec in schema::fields(record.kind) {
        let mut add = |text: &str| {
            if !text.trim().is_empty() {
                content.push((Place::Text, text.to_owned()));
            }
        };
        match record.value(spec.field) {
            Some(Value::Text(text)) => add(text),
            Some(Value::Register(register)) => {
                for value in register.values() {
                    match (value, spec.ty) {
                        (Scalar::Text(text), Type::Line(_)) if !is_id(text) => add(text),
                        (Scalar::Atom(json), _) if spec.mark == Mark::Atom => prose(json, &mut add),
                        _ => {}
                    }
                }
            }
            Some(Value::Log(entries)) => entries.values().for_each(|entry| prose(entry, &mut add)),
            Some(Value::Keyed(keyed)) => {
                for value in keyed.values().flat_map(|register| register.values()).filter_map(Scalar::as_atom)
                {
                    prose(value, &mut add);
                }
            }
            Some(Value::Set(_) | Value::Damaged) | None => {}
        }
    }
    Some(content)
}

/// The members of atoms and entries that people write words into.
const PROSE: [&str; 12] = [
    "text",
    "note",
    "reason",
    "basis",
    "condition",
    "whatChanged",
    "criterion",
    "result",
    "why",
    "what",
    "where",
    "statement",
];

fn prose(json: &serde_json::Value, add: &mut impl FnMut(&str)) {
    for key in PROSE {
        if let Some(text) = json.get(key).and_then(|text| text.as_str()) {
            add(text);
        }
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 26 && text.parse::<ids::RecordId>().is_ok()
}

fn letter(record: &Record) -> Option<char> {
    match record.kind {
        Kind::Register if EntryKind::of(record) == EntryKind::Opportunity => Some('P'),
        kind => kind.letter(),
    }
}
