//! Files of strangers: whatever the bytes are, there is a table or a sentence, and never a panic.

use crate::{
    spreadsheet::workbook,
    support::{NOW, rng, sample, view},
};
use exchange::{Mapping, TableLimits, bundle, json, preview, read_table};
use proptest::prelude::*;
use workspace::{Kind, View};

fn all_the_way(bytes: &[u8], kind: Kind) {
    let limits = TableLimits { unpacked_bytes: 1 << 20, ..TableLimits::default() };
    let Ok(table) = read_table(bytes, None, &limits) else { return };
    let mapping = Mapping::propose(kind, &table);
    let _ = mapping.questions(&table, view());
    let shown = preview(&table, &mapping, view());
    let _ = shown.counts();
    if let Ok(import) = shown.import(view(), None, NOW, &mut rng(1)) {
        // Whatever the preview promises the document takes.
        let mut doc = sample().doc.clone();
        doc.set_actor(automerge::ActorId::from(b"somebody".as_slice()));
        workspace::apply(&mut doc, &crate::support::author(), NOW, &mut rng(2), &import.act).unwrap();
    }
}

fn kinds() -> impl Strategy<Value = Kind> {
    let kinds: Vec<Kind> = Kind::ALL.iter().copied().filter(|kind| !kind.is_singleton()).collect();
    proptest::sample::select(kinds)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_bytes_are_a_table_or_say_why(bytes in proptest::collection::vec(any::<u8>(), 0..400), kind in kinds()) {
        all_the_way(&bytes, kind);
    }

    #[test]
    fn any_cells_under_our_headers_are_read_or_refused(
        kind in kinds(),
        cells in proptest::collection::vec(proptest::collection::vec("[ -~äöü\n\"|;{}\\[\\]0-9x./]{0,12}", 6), 1..5),
        start: u8,
    ) {
        let columns = exchange::columns(kind);
        let columns: Vec<String> = columns.iter().cycle().skip(usize::from(start)).take(5).map(ToString::to_string).collect();
        let mut file = format!("title,{}\n", columns.join(","));
        for row in cells {
            let row: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            file.push_str(&format!("{}\n", row.join(",")));
        }
        all_the_way(file.as_bytes(), kind);
    }

    #[test]
    fn a_damaged_workbook_is_a_table_or_says_why(
        cells in "(<row r=\"[0-9]{1,9}\">|</row>|<c r=\"[A-Z]{1,4}[0-9]{0,8}\"( t=\"[a-z]{1,3}\")?( s=\"[0-9]{1,4}\")?>|<v>[0-9.eE+-]{0,20}</v>|</c>|<f>|&amp;|&x;|<is><t>x</t></is>){0,30}",
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let mut bytes = workbook(&cells);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        all_the_way(&bytes, Kind::Register);
    }

    #[test]
    fn any_bytes_are_a_bundle_or_say_why(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = bundle::document(&bytes, 1 << 20);
        let mut zip = b"PK\x03\x04".to_vec();
        zip.extend(bytes);
        let _ = bundle::document(&zip, 1 << 20);
    }

    #[test]
    fn any_text_is_a_workspace_or_says_why(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = json::restore(&bytes, NOW, &mut rng(1));
    }

    /// One member of the JSON of a workspace replaced by something else.
    #[test]
    fn a_changed_workspace_is_restored_or_says_where(at: u32, with in 0..6_u8) {
        let mut content = json::of(&small());
        let mut place = 0;
        change(&mut content, &mut place, at % 200, with);
        if let Ok(doc) = json::restore_value(&content, NOW, &mut rng(1)) {
            let _ = View::read(&doc);
        }
    }
}

/// The workspace of a few records.
fn small() -> View {
    let mut rng = rng(3);
    let mut doc = workspace::new_document(&ids::ActorId::random(&mut rng)).unwrap();
    let table =
        read_table(b"Title;Owner;now;tags\nA;Tom;4x3;a|b\nB;;;\n", None, &TableLimits::default()).unwrap();
    let mut mapping = Mapping::propose(Kind::Register, &table);
    mapping.people.insert("Tom".to_owned(), exchange::Person::Create);
    let act = preview(&table, &mapping, &View::read(&doc))
        .import(&View::read(&doc), None, NOW, &mut rng)
        .unwrap()
        .act;
    workspace::apply(&mut doc, &crate::support::author(), NOW, &mut rng, &act).unwrap();
    View::read(&doc)
}

fn change(json: &mut serde_json::Value, place: &mut u32, at: u32, with: u8) {
    if *place == at {
        *json = match with {
            0 => serde_json::Value::Null,
            1 => "text".into(),
            2 => 7.into(),
            3 => serde_json::json!([1, [2]]),
            4 => serde_json::json!({"a": {"b": 0.5}}),
            _ => serde_json::json!({"values": ["x", 1], "shown": "x"}),
        };
    }
    *place += 1;
    match json {
        serde_json::Value::Array(entries) => {
            entries.iter_mut().for_each(|entry| change(entry, place, at, with))
        }
        serde_json::Value::Object(members) => {
            members.values_mut().for_each(|entry| change(entry, place, at, with))
        }
        _ => {}
    }
}
