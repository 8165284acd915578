//! Finding records by their words.

use crate::support::{Replica, code_of, id, of, rec, view};
use insight::search::{Index, Place, excerpt};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::Duration;
use workspace::{Edit, Field, Kind, RecordRef, View};

fn found(index: &Index, query: &str) -> Vec<RecordRef> {
    index.find(query, 50).into_iter().map(|hit| hit.record).collect()
}

#[test]
fn a_word_in_the_title_weighs_more_than_in_the_reference_the_tags_or_the_text() {
    let mut tom = Replica::new(1);
    let title = rec(Kind::Action, 1);
    let tag = rec(Kind::Action, 2);
    let text = rec(Kind::Action, 3);
    tom.create(text, vec![(Field::Title, "Call them".into()), (Field::Body, "About the foundry.".into())]);
    tom.create(
        tag,
        vec![
            (Field::Title, "Write to them".into()),
            (Field::Tags, workspace::Initial::Members(vec!["Foundry".into()])),
        ],
    );
    tom.create(title, vec![(Field::Title, "Visit the foundry".into())]);
    let index = Index::of(&tom.view);
    let hits = index.find("foundry", 10);
    assert_eq!(hits.iter().map(|hit| hit.record).collect::<Vec<_>>(), [title, tag, text]);
    assert_eq!(hits.iter().map(|hit| hit.place).collect::<Vec<_>>(), [Place::Title, Place::Tag, Place::Text]);

    // A reference is found by its letter, its characters or both.
    let reference = text.id.reference('A', 4);
    for query in [reference.clone(), reference[2..].to_lowercase(), format!(" {reference} ")] {
        assert!(found(&index, &query).contains(&text), "{query}");
    }
    assert_eq!(index.find(&reference[2..], 1)[0].place, Place::Reference);
    assert_eq!(index.find("a", 10).len(), 1, "the letter alone finds words, here “About”");
    // What was deleted can be found, last.
    tom.edit(vec![Edit::Delete { record: title, reason: String::new() }]);
    let index = Index::of(&tom.view);
    let last = *index.find("foundry", 10).last().unwrap();
    assert!(last.is_deleted && last.record == title);
}

#[test]
fn capitals_accents_and_the_ends_of_words_do_not_matter() {
    let mut tom = Replica::new(1);
    let action = rec(Kind::Action, 1);
    tom.create(action, vec![(Field::Title, "Prüfstände für Łódź straßenfest".into())]);
    let index = Index::of(&tom.view);
    for query in ["PRUF", "prüfstande", "lodz", "strasse", "straß", "fur lodz", "LODZ   pruf"] {
        assert_eq!(found(&index, query), [action], "{query}");
    }
    for query in ["stande", "lodz foundry", "", "  ", "—"] {
        assert_eq!(found(&index, query), [], "{query}");
    }
}

#[test]
fn the_sample_is_found_by_what_people_would_type() {
    let index = Index::of(view());
    let first = |query: &str| index.find(query, 1).first().map(|hit| code_of(hit.record));
    assert_eq!(first("bench fund").as_deref(), Some("A59"));
    assert_eq!(first("ransom").as_deref(), Some("R15"));
    assert_eq!(first("ines march").as_deref(), Some("m-ceo"));
    assert!(found(&index, "calibration").contains(&of("A10")), "by its title");
    // In the reason of an answer, not in any title.
    let roof = index.find("roof", 10);
    assert!(roof.iter().any(|hit| hit.record == of("U2") && hit.place == Place::Text));
    let excerpt = excerpt(view(), of("U2"), "roof").unwrap();
    assert!(excerpt.contains("the hall gets a new roof first"), "{excerpt}");
    assert_eq!(insight::search::excerpt(view(), of("U2"), "submarine"), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// An index that is fed with what was touched finds what one made afresh finds.
    #[test]
    fn an_updated_index_equals_a_fresh_one(steps in proptest::collection::vec((0_u128..6, 0_usize..5, 0_usize..6), 1..40)) {
        const WORDS: [&str; 6] = ["foundry", "bench", "yield", "Prüfung", "bonus scheme", "the"];
        let mut tom = Replica::new(1);
        let mut index = Index::of(&tom.view);
        for (number, what, word) in steps {
            let (record, word) = (rec(Kind::Action, number + 1), WORDS[word]);
            let exists = tom.view.record(record).is_some();
            let edit = match what {
                _ if !exists => Edit::Create { record, fields: vec![(Field::Title, word.into())] },
                0 => Edit::Set { record, field: Field::Title, value: Some(word.into()) },
                1 => Edit::Include { record, field: Field::Tags, member: word.into() },
                2 => Edit::Exclude { record, field: Field::Tags, member: word.into() },
                3 if tom.record(record).is_deleted() => Edit::Restore { record },
                3 => Edit::Delete { record, reason: String::new() },
                _ => Edit::Splice { record, field: Field::Body, at: ids::Utf16Offset(0), delete: 0, insert: format!("{word} ") },
            };
            tom.edit(vec![edit]);
            index.update(&tom.view, &BTreeSet::from([record]));
            let fresh = Index::of(&tom.view);
            prop_assert_eq!(index.len(), fresh.len());
            for query in ["foun", "bench", "pruf", "scheme bon", "t", "yield foundry"] {
                prop_assert_eq!(index.find(query, 50), fresh.find(query, 50));
            }
        }
    }
}

/// How long things take, for people to read: `cargo test --release -p insight -- --ignored figures --nocapture`.
#[test]
#[ignore = "measures, asserts nothing"]
#[expect(clippy::disallowed_methods, reason = "figures are for people")]
fn figures_of_five_thousand_records() {
    let mut tom = Replica::new(1);
    tom.create(rec(Kind::Member, 1), vec![(Field::Title, "Tom".into()), (Field::Kind, "top".into())]);
    let bodies: Vec<String> = view()
        .live(Kind::AgendaItem)
        .map(|item| item.text(Field::Discussion).to_owned())
        .filter(|text| !text.is_empty())
        .collect();
    let titles: Vec<String> = view().live(Kind::Action).map(|action| action.title().to_owned()).collect();
    let kinds = [Kind::Action, Kind::Register, Kind::Decision, Kind::Requirement, Kind::Issue];
    let edits = (0..5_000_usize).map(|number| Edit::Create {
        record: rec(kinds[number % kinds.len()], 10_000 + number as u128),
        fields: vec![
            (Field::Title, format!("{} {number}", titles[number % titles.len()]).into()),
            (Field::Body, bodies[number % bodies.len()].clone().into()),
        ]
        .into_iter()
        // Everything that can be owned is Tom's.
        .chain(
            workspace::lens::owner_field(kinds[number % kinds.len()])
                .map(|field| (field, ids::MemberId(id(1)).into())),
        )
        .collect(),
    });
    let act = workspace::Act::new("figures", edits.collect());
    let mut rng = rand_chacha::rand_core::SeedableRng::seed_from_u64(1);
    let author = tom.author.clone();
    workspace::apply(&mut tom.doc, &author, tom.now, &mut rng as &mut rand_chacha::ChaCha8Rng, &act).unwrap();
    let view = View::read(&tom.doc);
    let timed = |name: &str, work: &mut dyn FnMut()| {
        let mut took: Vec<Duration> = (0..20)
            .map(|_| {
                let begin = std::time::Instant::now();
                work();
                begin.elapsed()
            })
            .collect();
        took.sort();
        println!("{name}: median {:?}, worst {:?}", took[10], took[19]);
    };
    let mut index = Index::default();
    timed("index of 5,000 records", &mut || index = Index::of(&view));
    for query in ["c", "ca", "cali", "bench fund", "the a s", "zzz"] {
        timed(&format!("find {query:?} ({} hits)", index.find(query, 10_000).len()), &mut || {
            index.find(query, 50);
        });
    }
    let one = BTreeSet::from([rec(Kind::Action, 10_000)]);
    timed("update of one record", &mut || index.update(&view, &one));
    let as_of = insight::AsOf::new(&view, tom.today());
    timed("all findings", &mut || drop(insight::findings::all(&as_of)));
    timed("chain", &mut || drop(insight::chain::Chain::of(&as_of)));
    timed("links", &mut || drop(insight::links::Links::of(&view)));
    timed("needs you", &mut || drop(insight::mine::needs_you(&as_of, ids::MemberId(id(1)))));
}
