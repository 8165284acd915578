//! What leaves as CSV comes in again without losing a coded field.

use crate::support::{NOW, after, proposed, rng, sample, view};
use exchange::{Column, CsvStyle, OnDuplicate, columns, csv, preview};
use proptest::prelude::*;
use rand_chacha::rand_core::RngCore;
use serde_json::{Value as Json, json};
use workspace::{
    Act, Edge, Edit, Field, Initial, Kind, Record, RecordRef, Relation, Scalar, View,
    lens::Phase,
    schema::{self, Mark, Type},
};

fn kinds() -> impl Iterator<Item = Kind> {
    Kind::ALL.iter().copied().filter(|kind| !kind.is_singleton())
}

/// What a record says in its columns, with the ids of log entries, authors and times left out: those are new.
fn coded(view: &View, record: &Record) -> Vec<(String, String)> {
    let mut coded = Vec::new();
    for spec in schema::fields(record.kind) {
        let field = spec.field;
        let story = [
            Field::CreatedAt,
            Field::CreatedBy,
            Field::Moves,
            Field::DueMoves,
            Field::Order,
            Field::Comments,
            Field::CommentsResolved,
        ];
        if story.contains(&field) || spec.mark == Mark::Log {
            continue;
        }
        let says = match spec.mark {
            Mark::Superseding => {
                let mut entries: Vec<String> =
                    record.current(field).iter().map(|(_, entry)| plain(field, entry)).collect();
                entries.sort();
                entries.join("\n")
            }
            Mark::Set => record.members(field).collect::<Vec<_>>().join("\n"),
            Mark::Keyed => record
                .keyed(field)
                .filter_map(|(key, register)| Some(format!("{key}={}", register.shown()?)))
                .collect::<Vec<_>>()
                .join("\n"),
            Mark::Text => record.text(field).trim().to_owned(),
            _ => record.shown(field).map(Scalar::to_string).unwrap_or_default(),
        };
        coded.push((field.key().to_owned(), says));
    }
    let mut links: Vec<String> = Relation::ALL
        .iter()
        .flat_map(|relation| {
            view.edges().to(record.reference(), *relation).map(move |to| format!("{relation} {to}"))
        })
        .filter(|link| {
            let (_, to) = link.split_once(' ').unwrap();
            view.record(to.parse().unwrap()).is_some_and(|record| !record.is_deleted())
        })
        .collect();
    links.sort();
    coded.push(("links".to_owned(), links.join("\n")));
    coded
}

fn plain(field: Field, entry: &Json) -> String {
    let mut entry = entry.clone();
    let members = entry.as_object_mut().unwrap();
    members.remove("supersedes");
    if field == Field::Assessments {
        // Whoever imports a score judges now.
        for key in ["by", "at", "review"] {
            members.remove(key);
        }
        if members.get("confidence") == Some(&json!(0)) {
            members.remove("confidence");
        }
    }
    entry.to_string()
}

/// Exports a kind and imports it as new records beside the old ones.
fn copied(view: &View, doc: &automerge::Automerge, kind: Kind, style: CsvStyle) {
    let file = csv(view, kind, style);
    let (table, mut mapping) = proposed(kind, file.as_bytes());
    let header: Vec<Column> = mapping
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| column.unwrap_or_else(|| panic!("{kind}: {}", table.header[at])))
        .collect();
    assert!(header.starts_with(&columns(kind)), "{kind}");
    assert_eq!(mapping.questions(&table, view), [], "{kind}");
    // As another workspace would: as if there were no such ids here.
    mapping.columns[0] = None;
    mapping.duplicates = OnDuplicate::Create;
    let shown = preview(&table, &mapping, view);
    let problems: Vec<String> = shown.problems().map(ToString::to_string).collect();
    assert_eq!(problems, [""; 0], "{kind}");
    let originals: Vec<_> = view.live(kind).collect();
    assert_eq!(shown.counts().creates, originals.len(), "{kind}");
    if originals.is_empty() {
        return;
    }
    // One by one where a kind is large: a change has its limit.
    let import = shown.import(view, None, NOW, &mut rng(5)).unwrap();
    let after = after(doc, &import.act, 6);
    for (original, (_, copy)) in originals.iter().zip(&import.created) {
        assert_eq!(
            coded(view, original),
            coded(&after, after.record(*copy).unwrap()),
            "{}",
            original.reference()
        );
    }
}

#[test]
fn the_sample_comes_back_whole() {
    for kind in kinds() {
        for style in [CsvStyle::Plain, CsvStyle::Spreadsheet] {
            copied(view(), &sample().doc, kind, style);
        }
    }
}

#[test]
fn a_file_of_ours_changes_nothing_where_it_comes_from() {
    for kind in kinds().filter(|kind| view().live(*kind).next().is_some()) {
        let file = csv(view(), kind, CsvStyle::Plain);
        let (table, mut mapping) = proposed(kind, file.as_bytes());
        assert_eq!(mapping.columns[0], Some(Column::Id));
        mapping.duplicates = OnDuplicate::Update;
        let shown = preview(&table, &mapping, view());
        assert_eq!(shown.counts().existing, view().live(kind).count(), "{kind}");
        match shown.import(view(), None, NOW, &mut rng(5)) {
            Err(exchange::ImportError::Nothing) => {}
            other => panic!("{kind}: {:?}", other.map(|import| import.act.edits)),
        }
    }
}

/// Table by table, in the order of what refers to what, into a workspace that has nothing.
#[test]
fn tables_of_one_workspace_fit_together_in_another() {
    let mut rng = rng(8);
    let mut doc = workspace::new_document(&ids::ActorId::random(&mut rng)).unwrap();
    for kind in [Kind::Member, Kind::Goal, Kind::Kpi, Kind::Objective, Kind::Register, Kind::Action] {
        let file = csv(view(), kind, CsvStyle::Plain);
        let there = View::read(&doc);
        let (table, mapping) = proposed(kind, file.as_bytes());
        let shown = preview(&table, &mapping, &there);
        let import = shown.import(&there, None, NOW, &mut rng).unwrap();
        workspace::apply(&mut doc, &crate::support::author(), NOW, &mut rng, &import.act).unwrap();
    }
    let there = View::read(&doc);
    for kind in [Kind::Member, Kind::Goal, Kind::Kpi, Kind::Objective, Kind::Register, Kind::Action] {
        assert_eq!(there.live(kind).count(), view().live(kind).count());
        for original in view().live(kind) {
            let copy = there.record(original.reference()).expect("the id is kept");
            for field in
                [Field::Status, Field::Owner, Field::Accountable, Field::Kpi, Field::Category, Field::Due]
            {
                assert_eq!(copy.shown(field), original.shown(field), "{}.{field}", original.reference());
            }
        }
    }
    let serves =
        |view: &View| view.edges().iter().filter(|edge| edge.relation == Relation::Threatens).count();
    assert_eq!(serves(&there), serves(view()));
}

/// A record of a kind with as many fields as chance likes, all of them good.
fn invented(kind: Kind, rng: &mut dyn RngCore) -> Vec<(Field, Initial)> {
    const WORDS: &[&str] = &[
        "pump",
        "=1+1",
        "Größe; \"x\"",
        "a|b",
        "-7",
        "'quoted",
        "two\nlines",
        "c:\\d",
        "日本",
        "1.234",
        "03/04/2026",
        "@x",
        " inner  spaces ",
    ];
    let word = |rng: &mut dyn RngCore| WORDS[rng.next_u32() as usize % WORDS.len()].to_owned();
    let pick =
        |rng: &mut dyn RngCore, words: &[&str]| words[rng.next_u32() as usize % words.len()].to_owned();
    let line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut variant = None;
    let mut fields: Vec<(Field, Initial)> = Vec::new();
    let mut specs: Vec<_> = schema::fields(kind).collect();
    specs.sort_by_key(|spec| spec.field != Field::Kind);
    for spec in specs {
        let title = format!("{} {}", word(rng), rng.next_u32());
        if spec.field == Field::Title {
            fields.push((Field::Title, line(title).into()));
            continue;
        }
        let needed = spec.field == Field::Kind || kind == Kind::Measurement;
        if !needed && rng.next_u32().is_multiple_of(3) {
            continue;
        }
        if kind == Kind::Grant && spec.field == Field::Holder {
            fields.push((Field::Holder, "everyone".into()));
            continue;
        }
        if [Field::CreatedAt, Field::CreatedBy, Field::Deleted, Field::Moves, Field::DueMoves]
            .contains(&spec.field)
        {
            continue;
        }
        let value = |ty: Type, rng: &mut dyn RngCore, variant: Option<&str>| -> Option<Json> {
            Some(match ty {
                Type::Line(max) => {
                    line(word(rng)).chars().take(max.min(30)).collect::<String>().trim().into()
                }
                Type::Prose(_) => word(rng).trim().into(),
                Type::OneOf(words) => pick(rng, words).into(),
                Type::State => pick(rng, schema::lifecycle(kind, variant)?.states).into(),
                Type::Date => {
                    format!("2026-{:02}-{:02}", rng.next_u32() % 12 + 1, rng.next_u32() % 28 + 1).into()
                }
                Type::Moment => (1_700_000_000_000 + i64::from(rng.next_u32())).into(),
                Type::Int(min, max) => {
                    (min + i64::from(rng.next_u32()) % (max.saturating_sub(min).min(50_000) + 1)).into()
                }
                Type::Flag => rng.next_u32().is_multiple_of(2).into(),
                Type::Decimal => pick(rng, &["1.234", "-93.5", "0", "1234567", "0.125"]).into(),
                Type::Period => pick(rng, &["2026-03", "2026-W14"]).into(),
                Type::Score => format!("{}x{}", rng.next_u32() % 5 + 1, rng.next_u32() % 5 + 1).into(),
                _ => return None,
            })
        };
        let object = |rng: &mut dyn RngCore| {
            let mut object = serde_json::Map::new();
            for part in spec.parts {
                if part.needed || rng.next_u32().is_multiple_of(2) {
                    object.extend(value(part.ty, rng, None).map(|value| (part.key.to_owned(), value)));
                }
            }
            if rng.next_u32().is_multiple_of(3) {
                object.insert("invented".to_owned(), word(rng).into());
            }
            Json::Object(object)
        };
        let id = |rng: &mut dyn RngCore| ids::RecordId::new(NOW, rng);
        let initial: Initial = match (spec.mark, spec.ty) {
            (Mark::Register, ty) => match value(ty, rng, variant.as_deref()) {
                Some(Json::String(text)) => text.into(),
                Some(Json::Bool(flag)) => flag.into(),
                Some(Json::Number(number)) => number.as_i64().unwrap().into(),
                _ => continue,
            },
            (Mark::Text, _) => word(rng).trim().into(),
            (Mark::Set, _) if spec.field == Field::Tags => {
                Initial::Members((0..rng.next_u32() % 3).map(|_| line(word(rng))).collect())
            }
            (Mark::Atom, Type::Object) => object(rng).into(),
            (Mark::Superseding, _) if spec.field == Field::Assessments => {
                let entries =
                    Phase::ALL.iter().filter(|_| rng.next_u32().is_multiple_of(2)).collect::<Vec<_>>();
                Initial::Entries(
                    entries
                        .into_iter()
                        .map(|phase| {
                            let mut entry = object(rng);
                            let members = entry.as_object_mut().unwrap();
                            members.remove("invented");
                            members.insert("phase".to_owned(), phase.key().into());
                            (id(rng), entry)
                        })
                        .collect(),
                )
            }
            (Mark::Superseding, _) => {
                Initial::Entries((0..rng.next_u32() % 3).map(|_| (id(rng), object(rng))).collect())
            }
            (Mark::Keyed, Type::Object) => {
                Initial::Keyed((0..rng.next_u32() % 3).map(|n| (n.to_string(), object(rng))).collect())
            }
            _ => continue,
        };
        if spec.field == Field::Kind
            && let Initial::Scalar(Scalar::Text(kind)) = &initial
        {
            variant = Some(kind.clone());
        }
        fields.push((spec.field, initial));
    }
    fields
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_a_workspace_holds_comes_back_whole(seed: u64) {
        let mut rng = rng(seed);
        let mut doc = workspace::new_document(&ids::ActorId::random(&mut rng)).unwrap();
        let mut edits = Vec::new();
        let mut records = Vec::new();
        for kind in kinds().filter(|kind| !matches!(kind, Kind::Measurement | Kind::ReviewInput)) {
            for _ in 0..2 {
                let record = RecordRef::new(kind, ids::RecordId::new(NOW, &mut rng));
                edits.push(Edit::Create { record, fields: invented(kind, &mut rng) });
                records.push(record);
            }
        }
        for _ in 0..20 {
            let mut some = || records[rng.next_u32() as usize % records.len()];
            let (from, to) = (some(), some());
            let relation = Relation::ALL[rng.next_u32() as usize % Relation::ALL.len()];
            // A cadence has no name to be linked by; its id does, as for every record without a letter.
            if from != to {
                edits.push(Edit::Link(Edge::new(relation, from, to)));
            }
        }
        let act = Act::new("test.invent", edits);
        workspace::apply(&mut doc, &crate::support::author(), NOW, &mut rng, &act).unwrap();
        let view = View::read(&doc);
        for kind in kinds() {
            copied(&view, &doc, kind, CsvStyle::Plain);
        }
    }
}
