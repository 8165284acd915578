//! What differs between two states, in sentences.

use crate::support::{Replica, anchor, code_of, of, sample, view};
use insight::AsOf;
use insight::changed::{self, Change, Fate};
use workspace::{Edge, Edit, Field, Kind, Relation, acts, heads, history};

fn change_of<'a>(changes: &'a [Change], code: &str) -> &'a Change {
    changes.iter().find(|change| change.record == of(code)).unwrap_or_else(|| panic!("nothing about {code}"))
}

#[test]
fn what_a_day_of_work_changed_is_told_record_by_record() {
    let mut tom = Replica::on_sample("m-coo");
    let before = tom.view.clone();
    let parted = heads(&tom.doc);
    assert_eq!(changed::between(&before, &tom.as_of(), &[]), []);

    tom.act(&acts::postpone(of("A05"), anchor().plus_days(30)));
    tom.act(&acts::comment(of("A05"), crate::support::id(1), "The foundry asks for a month.", &[], None));
    tom.go(of("A12"), "in-progress", "");
    let rated = serde_json::json!({"phase": "now", "score": "3x4", "basis": "Second source is close."});
    tom.edit(vec![Edit::Supersede {
        record: of("R01"),
        field: Field::Assessments,
        entry: crate::support::id(2),
        value: rated,
    }]);
    tom.edit(vec![Edit::Splice {
        record: of("O1"),
        field: Field::Plan,
        at: ids::Utf16Offset(0),
        delete: 0,
        insert: "First: ".into(),
    }]);
    tom.set(of("O2"), Field::Accountable, of("m-coo").id);
    tom.act(&acts::delete(of("A67"), "Nobody asked for it."));
    let new = crate::support::rec(Kind::Action, 3);
    tom.create(new, vec![(Field::Title, "Call the foundry".into())]);
    tom.edit(vec![Edit::Link(Edge::new(Relation::Treats, new, of("R01")))]);
    tom.act(&acts::tag(of("G1"), "board"));

    let told: Vec<_> = history::since(&tom.doc, &parted).unwrap().into_iter().map(|(told, _)| told).collect();
    let changes = changed::between(&before, &tom.as_of(), &told);
    let by_tom =
        |change: &Change| change.by.iter().map(|by| code_of_member(*by)).collect::<Vec<_>>() == ["m-coo"];
    assert!(changes.iter().all(by_tom), "{changes:?}");
    let say = |code| change_of(&changes, code).sentences.clone();
    assert_eq!(say("A05"), ["The due day is 1 Apr 2026, was 10 Feb 2026.", "Tom Adeyemi commented."]);
    assert_eq!(say("A12"), ["Now in progress, was open."]);
    assert_eq!(say("R01"), ["Tom Adeyemi rated it 3x4 (now).", "Linked to “Call the foundry”."]);
    assert_eq!(say("O2"), ["The person who answers for it is Tom Adeyemi, was Clara Duarte."]);
    assert_eq!(say("A67"), ["Deleted: “Nobody asked for it.”."]);
    assert_eq!(say("G1"), ["Added to tags: “board”."]);
    assert!(say("O1")[0].starts_with("The plan was edited ("), "{:?}", say("O1"));
    assert_eq!(change_of(&changes, "A67").fate, Fate::Deleted);
    let added = changes.iter().find(|change| change.record == new).unwrap();
    assert_eq!(
        (added.fate, added.sentences.as_slice()),
        (Fate::Added, ["New: an action, “Call the foundry”.".to_owned()].as_slice())
    );
    assert_eq!(changes.len(), 8);
}

fn code_of_member(member: ids::MemberId) -> String {
    code_of(workspace::RecordRef::new(Kind::Member, member.0))
}

/// Since the last review: everything that was signed there is the earlier state.
#[test]
fn what_changed_since_a_day_of_the_story() {
    let then = history::heads_at(&sample().doc, anchor().plus_days(-30).start());
    let before = history::view_at(&sample().doc, &then).unwrap();
    let told: Vec<_> =
        history::since(&sample().doc, &then).unwrap().into_iter().map(|(told, _)| told).collect();
    let changes = changed::between(&before, &AsOf::new(view(), anchor()), &told);
    assert!(changes.len() > 20, "{}", changes.len());
    for change in &changes {
        assert!(!change.sentences.is_empty());
        for sentence in &change.sentences {
            assert!(sentence.ends_with('.'), "{sentence}");
            assert!(!sentence.contains("01") || !sentence.contains("0000"), "no raw ids: {sentence}");
        }
    }
    let named = changes.iter().filter(|change| !change.by.is_empty()).count();
    assert!(named * 4 > changes.len() * 3, "{named} of {}", changes.len());
}
