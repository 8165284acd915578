//! The import file of the sample's story (domain model, section 7): a German risk register of fourteen rows on a scale
//! of one to four, with two owners whom nobody knows, one risk that is there already and one row that cannot be read.

use crate::support::{NOW, Tab, after, of, proposed, rng, sample, seen, view};
use exchange::{
    Column, Counts, Does, Encoding, Format, OnDuplicate, Person, Question, Scale, Source, Twin, Verdict,
    preview,
};
use workspace::{
    Field, Kind, RecordRef,
    lens::{Phase, References, RegisterEntry, Settings},
};

const FILE: &[u8] = include_bytes!("../data/risikoregister.csv");

fn source() -> Source {
    Source {
        name: "risikoregister.csv".to_owned(),
        sha256: "0".repeat(64),
        bytes: FILE.len() as u64,
        media_type: "text/csv".to_owned(),
    }
}

#[test]
fn every_column_and_word_is_understood() {
    let (table, mapping) = proposed(Kind::Register, FILE);
    assert_eq!(table.format, Format::Csv { delimiter: ';', encoding: Encoding::Windows1252 });
    let columns: Vec<String> = mapping
        .columns
        .iter()
        .map(|column| column.map_or("-".to_owned(), |column| column.to_string()))
        .collect();
    assert_eq!(
        columns,
        [
            "ref",
            "title",
            "cause",
            "now.consequence?",
            "category",
            "now.likelihood",
            "now.consequence",
            "response",
            "owner",
            "status",
            "reviewDue"
        ]
        .map(|column| if column == "now.consequence?" { "effect" } else { column })
    );
    assert_eq!(mapping.scale, Scale::Four);
    let questions = mapping.questions(&table, view());
    assert_eq!(
        questions,
        [
            Question::Scale { highest: 4, assumed: Scale::Four },
            Question::Person { name: "K. Brandt".to_owned(), rows: 1, several: false },
            Question::Person { name: "M. Okafor".to_owned(), rows: 1, several: false },
        ]
    );
}

#[test]
fn the_golden_counts() {
    let (table, mapping) = proposed(Kind::Register, FILE);
    let shown = preview(&table, &mapping, view());
    assert_eq!(
        shown.counts(),
        Counts {
            rows: 14,
            new: 12,
            existing: 1,
            repeated: 0,
            unreadable: 1,
            with_problems: 2,
            creates: 12,
            updates: 0,
        }
    );
    let twin = shown.rows.iter().find(|row| matches!(row.verdict, Verdict::Twin(_))).unwrap();
    assert_eq!((twin.number, twin.verdict), (2, Verdict::Twin(Twin::Record(of("R01")))));
    let unreadable = shown.rows.iter().find(|row| row.verdict == Verdict::Unreadable).unwrap();
    assert_eq!(
        unreadable.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "row 10: the row has 12 cells and the header has 11; probably a text with the delimiter in it is not in \
          quotation marks. Mend it in the file; the row is left out"
        ]
    );
    let problems: Vec<String> = shown
        .rows
        .iter()
        .filter(|row| row.verdict == Verdict::New)
        .flat_map(|row| &row.problems)
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        problems,
        [
            "row 5, column \"Verantwortlich\": nobody here is called \"K. Brandt\"; the field is left empty",
            "row 11, column \"Verantwortlich\": nobody here is called \"M. Okafor\"; the field is left empty",
        ]
    );
}

#[test]
fn the_records_are_what_the_rows_say() {
    let (table, mut mapping) = proposed(Kind::Register, FILE);
    mapping.people.insert("K. Brandt".to_owned(), Person::Create);
    mapping.people.insert("M. Okafor".to_owned(), Person::Member(of("m-hr").id));
    let shown = preview(&table, &mapping, view());
    assert_eq!(shown.counts().with_problems, 0);
    let import = shown.import(view(), Some(&source()), NOW, &mut rng(1)).unwrap();
    assert_eq!((import.created.len(), import.updated.len(), import.members.len()), (12, 0, 1));
    let after = after(&sample().doc, &import.act, 2);
    let record = |row: u32| {
        let (_, record) = import.created.iter().find(|(number, _)| *number == row).unwrap();
        after.record(*record).unwrap()
    };
    let settings = Settings::of(&after);
    let third = record(4);
    let entry = RegisterEntry::of(third, &settings);
    assert_eq!(third.title(), "Prüfstand fällt länger als eine Woche aus");
    // 2 and 4 on a scale of four.
    assert_eq!(entry.now.score().unwrap().to_string(), "2x5");
    assert_eq!(entry.owners, [ids::MemberId(of("m-cto").id)]);
    assert_eq!((entry.category.as_deref(), entry.response.as_deref()), (Some("technology"), Some("reduce")));
    assert_eq!(entry.status, "assessed");
    assert_eq!(entry.review_due.unwrap().to_string(), "2026-10-31");
    assert_eq!(third.text(Field::Cause), "Steuerung aus dem Jahr 2004");
    assert_eq!(third.text(Field::Body), "Imported from risikoregister.csv, row 4, there called 3.");
    // A line break in a title is a space; the row after it keeps its number.
    assert_eq!(record(11).title(), "Hochwasser im Lager; Zugang gesperrt");
    assert_eq!(record(11).id_of(Field::Owner), Some(of("m-hr").id));
    assert_eq!(record(12).status(), Some("closed"));
    let newcomer = after.record(import.members[0]).unwrap();
    assert_eq!(newcomer.title(), "K. Brandt");
    assert_eq!(record(5).id_of(Field::Owner), Some(newcomer.id));
    let evidence: Vec<_> = third.members(Field::Evidence).collect();
    assert_eq!(evidence.len(), 1);
    let file = after.get(Kind::Evidence, evidence[0].parse().unwrap()).unwrap();
    assert_eq!((file.title(), file.int(Field::Size)), ("risikoregister.csv", Some(FILE.len() as i64)));
}

#[test]
fn one_undo_leaves_an_equal_view() {
    let (table, mut mapping) = proposed(Kind::Register, FILE);
    mapping.people.insert("K. Brandt".to_owned(), Person::Create);
    let mut tab = Tab::open();
    let before = seen(tab.view());
    let shown = preview(&table, &mapping, tab.view());
    let import = shown.import(tab.view(), Some(&source()), NOW, &mut rng(1)).unwrap();
    tab.edit(&import.act);
    assert_eq!(tab.view().live(Kind::Register).count(), 36 + 12);
    assert_ne!(seen(tab.view()), before);
    assert_eq!(tab.undo(), 0, "nothing of an import is left by its undo");
    assert_eq!(seen(tab.view()), before);
}

#[test]
fn the_same_file_twice_makes_nothing_new() {
    let (table, mut mapping) = proposed(Kind::Register, FILE);
    let first = preview(&table, &mapping, view());
    let act = first.import(view(), None, NOW, &mut rng(1)).unwrap().act;
    let once = after(&sample().doc, &act, 2);
    let again = preview(&table, &mapping, &once);
    assert_eq!((again.counts().new, again.counts().existing), (0, 13));
    assert!(again.import(&once, None, NOW, &mut rng(3)).is_err(), "there is nothing to do");
    // Brought up to date by what it says already, nothing changes but R01, whose row says something else.
    mapping.duplicates = OnDuplicate::Update;
    let update = preview(&table, &mapping, &once);
    assert_eq!(update.counts().updates, 13);
    let import = update.import(&once, None, NOW, &mut rng(3)).unwrap();
    let changed: Vec<RecordRef> = import.updated.iter().map(|(_, record)| *record).collect();
    assert_eq!(changed, [of("R01")]);
}

#[test]
fn an_update_adds_a_judgement_and_leaves_what_people_wrote() {
    let (table, mut mapping) = proposed(Kind::Register, FILE);
    mapping.duplicates = OnDuplicate::Skip;
    mapping.rows.insert(2, OnDuplicate::Update);
    let shown = preview(&table, &mapping, view());
    let row = shown.rows.iter().find(|row| row.number == 2).unwrap();
    assert_eq!(row.does, Does::Update(of("R01")));
    assert!(row.problems.iter().any(|problem| problem.what.contains("it stays")), "{:?}", row.problems);
    let import = shown.import(view(), None, NOW, &mut rng(1)).unwrap();
    let after = after(&sample().doc, &import.act, 2);
    let (before, now) = (view().record(of("R01")).unwrap(), after.record(of("R01")).unwrap());
    assert_eq!(now.text(Field::Cause), before.text(Field::Cause));
    let settings = Settings::of(&after);
    assert_eq!(RegisterEntry::of(now, &settings).now.score().unwrap().to_string(), "5x5");
    let judgements = |record: &workspace::Record| record.entries(Field::Assessments).count();
    assert_eq!(judgements(now), judgements(before) + 1);
}

#[test]
fn a_person_may_change_what_was_proposed() {
    let (table, mut mapping) = proposed(Kind::Register, FILE);
    let place =
        mapping.columns.iter().position(|column| *column == Some(Column::Field(Field::Category))).unwrap();
    mapping.columns[place] = None;
    mapping.scale = Scale::Five;
    mapping.choose(Column::Field(Field::Status), "offen", Some("assessed"));
    let shown = preview(&table, &mapping, view());
    let import = shown.import(view(), None, NOW, &mut rng(1)).unwrap();
    let after = after(&sample().doc, &import.act, 2);
    let second = after.record(import.created[0].1).unwrap();
    assert_eq!((second.line(Field::Category), second.status()), (None, Some("assessed")));
    let entry = RegisterEntry::of(second, &Settings::of(&after));
    assert_eq!(entry.now.score().unwrap().to_string(), "3x3");
    assert!(shown.rows[1].cells.contains(&(Column::Likelihood(Phase::Now), "3".to_owned())));
    let names = References::of(&after);
    assert!(names.name(second.reference()).unwrap().starts_with("R-"));
}
