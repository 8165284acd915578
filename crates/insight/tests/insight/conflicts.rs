//! The conflict catalogue of domain model 4.19, row by row: two people work apart, the replicas are merged in both
//! orders, and what is stored, shown and offered is what the row says; then a person settles it.

use crate::support::{NOON, Replica, id, rec};
use automerge::{ReadDoc, transaction::Transactable};
use ids::{Heads, MemberId, RecordId, Utf16Offset};
use insight::findings::{Finding, Level, Offer};
use insight::mine;
use serde_json::{Value as Json, json};
use workspace::acts::{self, NeedReply};
use workspace::health::{exposure, objective_health};
use workspace::history;
use workspace::lens::{
    Action, Decision, Deletion, Need, Objective, Policy, RegisterEntry, Review, Series, Settings, Step,
};
use workspace::{Edge, Edit, Field, Initial, Kind, Period, Record, RecordRef, Relation, heads};

const TOM: u128 = 1;
const CLARA: u128 = 2;
const NOOR: u128 = 3;

const ACTION: RecordRef = RecordRef::new(Kind::Action, RecordId::from_bits(900));
const GOAL: RecordRef = RecordRef::new(Kind::Goal, RecordId::from_bits(901));
const OBJECTIVE: RecordRef = RecordRef::new(Kind::Objective, RecordId::from_bits(902));
const RISK: RecordRef = RecordRef::new(Kind::Register, RecordId::from_bits(903));
const KPI: RecordRef = RecordRef::new(Kind::Kpi, RecordId::from_bits(904));
const DECISION: RecordRef = RecordRef::new(Kind::Decision, RecordId::from_bits(905));
const NEED: RecordRef = RecordRef::new(Kind::Need, RecordId::from_bits(906));
const SETTINGS: RecordRef = RecordRef::singleton(Kind::Settings);

/// One row of the catalogue.
struct Row {
    /// What both had seen before they parted.
    before: fn(&mut Replica),
    /// What one does.
    tom: fn(&mut Replica),
    /// What the other does meanwhile.
    clara: fn(&mut Replica),
    /// What is stored, shown and offered, on every replica.
    then: fn(&Seen<'_>),
    /// What a person does about it; afterwards none of these rules finds anything. Without rules there is no question.
    settle: fn(&mut Replica),
    rules: &'static [&'static str],
}

/// A replica after the merge.
struct Seen<'a> {
    replica: &'a Replica,
    findings: Vec<Finding>,
    parted_at: &'a Heads,
}

impl Seen<'_> {
    fn record(&self, record: RecordRef) -> &Record {
        self.replica.record(record)
    }

    /// What the rule finds; it finds exactly one thing.
    fn finding(&self, rule: &str) -> &Finding {
        let found: Vec<_> = self.findings.iter().filter(|finding| finding.rule == rule).collect();
        assert_eq!(found.len(), 1, "{rule}: {:?}", self.findings);
        found[0]
    }

    fn offers(&self, rule: &str) -> &[Offer] {
        &self.finding(rule).offers
    }

    fn says(&self, rule: &str, words: &[&str]) {
        let sentence = &self.finding(rule).sentence;
        for word in words {
            assert!(sentence.contains(word), "{rule} does not say {word:?}: {sentence}");
        }
    }

    fn silent(&self, record: RecordRef) {
        let found: Vec<_> =
            self.findings.iter().filter(|finding| finding.records.contains(&record)).collect();
        assert!(found.is_empty(), "{found:?}");
    }
}

fn play(row: &Row) {
    let mut tom = Replica::new(1);
    let person = |number, name: &str, kind: &str| Edit::Create {
        record: rec(Kind::Member, number),
        fields: vec![(Field::Title, name.into()), (Field::Kind, kind.into())],
    };
    tom.edit(vec![
        person(TOM, "Tom", "top"),
        person(CLARA, "Clara", "top"),
        person(NOOR, "Noor", "facilitator"),
    ]);
    (row.before)(&mut tom);
    let mut clara = tom.colleague(2);
    // So that everybody's session is known before they part.
    clara.edit(vec![Edit::Include {
        record: rec(Kind::Member, CLARA),
        field: Field::Tags,
        member: "here".into(),
    }]);
    tom.merge(&clara);
    let parted_at = heads(&tom.doc);
    (row.tom)(&mut tom);
    (row.clara)(&mut clara);

    // Merged in both orders.
    let mut one = tom.colleague(11);
    one.merge(&clara);
    let mut other = clara.colleague(12);
    other.merge(&tom);
    assert!(one.view == other.view);
    assert_eq!(one.findings(), other.findings());
    for replica in [&one, &other] {
        let seen = Seen { replica, findings: replica.findings(), parted_at: &parted_at };
        (row.then)(&seen);
        for rule in row.rules {
            assert!(seen.findings.iter().any(|finding| finding.rule == *rule), "{rule}: {:?}", seen.findings);
        }
    }

    one.act_as(TOM);
    (row.settle)(&mut one);
    other.merge(&one);
    assert!(one.view == other.view);
    for replica in [&one, &other] {
        let left: Vec<_> =
            replica.findings().into_iter().filter(|finding| row.rules.contains(&finding.rule)).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident: $row:expr;)*) => {
        $($(#[$doc])* #[test] fn $name() { play(&$row); })*
    };
}

fn nothing(_: &mut Replica) {}

fn action(replica: &mut Replica) {
    let fields: Vec<(Field, Initial)> = vec![
        (Field::Title, "Ship it".into()),
        (Field::Owner, MemberId(id(CLARA)).into()),
        (Field::Due, "2026-04-30".into()),
        (Field::Status, "in-progress".into()),
    ];
    replica.create(ACTION, fields);
}

fn rate(replica: &mut Replica, entry: u128, score: &str, basis: &str) {
    let value = json!({"phase": "now", "score": score, "basis": basis});
    replica.edit(vec![Edit::Supersede { record: RISK, field: Field::Assessments, entry: id(entry), value }]);
}

fn risk(replica: &mut Replica) {
    replica.edit(vec![
        Edit::Create {
            record: RISK,
            fields: vec![
                (Field::Title, "Only one foundry".into()),
                (Field::Kind, "risk".into()),
                (Field::Category, "supply".into()),
                (Field::Owner, MemberId(id(TOM)).into()),
            ],
        },
        Edit::SetKey {
            record: SETTINGS,
            field: Field::Appetite,
            key: "supply".into(),
            value: Some(json!(10)),
        },
    ]);
    rate(replica, 50, "3x3", "as it was");
    replica.go(RISK, "assessed", "");
}

fn measured(replica: &mut Replica, number: u128, value: &str) {
    replica.create(
        rec(Kind::Measurement, number),
        vec![
            (Field::Kpi, KPI.id.into()),
            (Field::Period, "2026-01".into()),
            (Field::Value, json!({"value": value, "basis": "final"}).into()),
        ],
    );
}

fn kpi(replica: &mut Replica) {
    replica.create(KPI, vec![(Field::Title, "Shipped on time".into()), (Field::Better, "up".into())]);
}

fn last_period() -> Period {
    "2026-01".parse().unwrap()
}

fn target(value: &str, due: &str) -> Json {
    json!({"value": value, "unit": "%", "direction": "up", "due": due})
}

fn objective(replica: &mut Replica) {
    kpi(replica);
    measured(replica, 1_000, "90");
    replica.create(
        OBJECTIVE,
        vec![
            (Field::Title, "Ship on the day".into()),
            (Field::Accountable, MemberId(id(TOM)).into()),
            (Field::Kpi, KPI.id.into()),
            (Field::Start, json!({"date": "2025-03-01", "value": "80"}).into()),
            (Field::Target, target("92", "2026-12-31").into()),
            (Field::Status, "active".into()),
            (Field::AlignmentException, "By law.".into()),
        ],
    );
}

fn decide(replica: &mut Replica, wording: &str) {
    let by = replica.author.member.to_string();
    replica.edit(vec![
        Edit::Set {
            record: DECISION,
            field: Field::Frozen,
            value: Some(json!({"text": wording, "by": by}).into()),
        },
        Edit::Move { record: DECISION, to: "decided".into(), note: String::new() },
    ]);
}

fn decision(replica: &mut Replica) {
    replica.create(
        DECISION,
        vec![(Field::Title, "Raise the target".into()), (Field::Status, "proposed".into())],
    );
}

fn answer(replica: &mut Replica, entry: u128, reply: NeedReply, reason: &str) {
    let act = acts::answer_need(replica.record(NEED), id(entry), &reply, reason, None);
    replica.act(&act);
}

fn review(replica: &mut Replica, number: u128, topic: &str) {
    replica.edit(vec![
        Edit::Create {
            record: rec(Kind::Review, number),
            fields: vec![
                (Field::Title, "Review".into()),
                (Field::Cadence, id(800).into()),
                (Field::Occurrence, "2026-10-13".into()),
            ],
        },
        Edit::Create {
            record: rec(Kind::AgendaItem, number + 1),
            fields: vec![(Field::Title, topic.into()), (Field::Review, id(number).into())],
        },
    ]);
}

fn similar_risk(replica: &mut Replica, number: u128, title: &str) {
    let record = rec(Kind::Register, number);
    replica.edit(vec![
        Edit::Create {
            record,
            fields: vec![
                (Field::Title, title.into()),
                (Field::Kind, "risk".into()),
                (Field::Owner, replica.author.member.into()),
            ],
        },
        Edit::Link(Edge::new(Relation::Threatens, record, OBJECTIVE)),
    ]);
}

fn in_force(replica: &mut Replica, number: u128, from: &str) {
    let version = rec(Kind::Policy, number);
    let pinned = heads(&replica.doc);
    let act = acts::put_policy_in_force(
        &replica.view,
        replica.record(version),
        from.parse().unwrap(),
        &pinned,
        None,
    );
    replica.act(&act);
}

fn positions(replica: &Replica) -> Vec<RecordId> {
    Review::agenda(&replica.view, id(700)).into_iter().map(|item| item.id).collect()
}

fn place(replica: &mut Replica, item: u128, position: &str) {
    replica.set(rec(Kind::AgendaItem, item), Field::Order, position);
}

/// Positions made once for the tests: a < b < c < d.
fn position(number: usize) -> String {
    use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut last: Option<String> = None;
    for _ in 0..=number {
        last = Some(workspace::order::between(last.as_deref(), None, &mut rng));
    }
    last.unwrap()
}

rows! {
    /// Two values; the winner and "2 titles" shown; pick or type new.
    row_01_title_changed_by_two: Row {
        before: action,
        tom: |tom| tom.set(ACTION, Field::Title, "Ship the pumps"),
        clara: |clara| clara.set(ACTION, Field::Title, "Ship the spare parts"),
        then: |seen| {
            let register = seen.record(ACTION).register(Field::Title).unwrap();
            assert_eq!(register.values().len(), 2);
            assert_eq!(seen.record(ACTION).title(), register.winner().unwrap().as_text().unwrap());
            seen.says("two-titles", &["Two titles", "“Ship the pumps” by Tom", "“Ship the spare parts” by Clara"]);
            assert_eq!(seen.offers("two-titles"), [Offer::Choose { field: Field::Title, key: None }]);
        },
        settle: |tom| tom.act(&acts::keep(ACTION, Field::Title, "Ship everything".into(), None)),
        rules: &["two-titles"],
    };

    /// Merged text; who wrote which passage is known until each has looked; nothing to choose.
    row_02_same_paragraph_edited_by_two: Row {
        before: |tom| tom.create(GOAL, vec![
            (Field::Title, "Never chase".into()),
            (Field::Sponsor, MemberId(id(TOM)).into()),
            (Field::Why, "A customer who asks has lost a day.".into()),
        ]),
        tom: |tom| tom.edit(vec![Edit::Splice {
            record: GOAL, field: Field::Why, at: Utf16Offset(11), delete: 0, insert: "in a plant ".into(),
        }]),
        clara: |clara| clara.edit(vec![Edit::Splice {
            record: GOAL, field: Field::Why, at: Utf16Offset(34), delete: 1, insert: ", and we an order.".into(),
        }]),
        then: |seen| {
            let text = seen.record(GOAL).text(Field::Why).to_owned();
            assert_eq!(text, "A customer in a plant who asks has lost a day, and we an order.");
            let passages = history::passages(&seen.replica.doc, GOAL, Field::Why, seen.parted_at).unwrap();
            let units: Vec<u16> = text.encode_utf16().collect();
            let told: Vec<(Option<MemberId>, String)> = passages
                .iter()
                .map(|passage| {
                    let words = units[passage.at.0..passage.at.0 + passage.len].to_vec();
                    (passage.member, String::from_utf16(&words).unwrap())
                })
                .collect();
            assert_eq!(told, [
                (Some(MemberId(id(TOM))), "in a plant ".to_owned()),
                (Some(MemberId(id(CLARA))), ", and we an order.".to_owned()),
            ]);
            // Looked: nothing is new any more.
            let now = heads(&seen.replica.doc);
            assert_eq!(history::passages(&seen.replica.doc, GOAL, Field::Why, &now).unwrap(), []);
            seen.silent(GOAL);
        },
        settle: nothing,
        rules: &[],
    };

    /// Two current ratings; both shown, totals use the higher; a third one with a reason, or talk about it.
    row_03_score_changed_by_two: Row {
        before: risk,
        tom: |tom| rate(tom, 51, "3x4", "Second source is close."),
        clara: |clara| rate(clara, 52, "4x5", "They lost a furnace."),
        then: |seen| {
            assert_eq!(seen.record(RISK).entries(Field::Assessments).count(), 3);
            let entry = RegisterEntry::of(seen.record(RISK), &Settings::of(&seen.replica.view));
            let views: Vec<_> = entry.now.views().iter().map(|view| (view.score.product(), view.by)).collect();
            assert_eq!(views, [(20, Some(MemberId(id(CLARA)))), (12, Some(MemberId(id(TOM))))]);
            assert_eq!(exposure(&seen.replica.view).points_above, 10, "totals use 20");
            seen.says("two-views", &["20 by Clara", "12 by Tom", "the higher one"]);
            assert_eq!(seen.offers("two-views"), [Offer::Rate, Offer::Discuss]);
        },
        settle: |tom| {
            rate(tom, 53, "4x4", "Agreed in the meeting: the furnace is back in May.");
            let entry = RegisterEntry::of(tom.record(RISK), &Settings::of(&tom.view));
            assert_eq!((entry.now.current.len(), entry.now.score().unwrap().product()), (1, 16));
        },
        rules: &["two-views"],
    };

    /// Two targets, both shown, the harder counts; which one holds is a decision.
    row_04_target_changed_by_two: Row {
        before: objective,
        tom: |tom| tom.set(OBJECTIVE, Field::Target, target("95", "2026-12-31")),
        clara: |clara| clara.set(OBJECTIVE, Field::Target, target("93", "2026-06-30")),
        then: |seen| {
            let lens = Objective::of(seen.record(OBJECTIVE));
            assert_eq!(lens.targets.len(), 2);
            assert_eq!(lens.target.unwrap().value, "95".parse().unwrap());
            let health = objective_health(&seen.replica.view, seen.record(OBJECTIVE), seen.replica.today());
            assert_eq!(format!("{:.2}", health.progress.unwrap()), "0.67", "(90 - 80) / (95 - 80)");
            seen.says("two-targets", &["95 % until 31 Dec 2026 by Tom", "93 % until 30 Jun 2026 by Clara", "harder"]);
            assert_eq!(seen.offers("two-targets")[0], Offer::Decide);
        },
        settle: |tom| tom.act(&acts::keep(
            OBJECTIVE, Field::Target, target("95", "2026-12-31").into(), Some((id(60), "Decided in the review.")),
        )),
        rules: &["two-targets"],
    };

    /// Contested; both see it as theirs; pick, or hand over.
    row_05_owner_changed_by_two: Row {
        before: action,
        tom: |tom| tom.set(ACTION, Field::Owner, MemberId(id(TOM))),
        clara: |clara| clara.set(ACTION, Field::Owner, MemberId(id(NOOR))),
        then: |seen| {
            assert_eq!(Action::of(seen.record(ACTION)).owners.len(), 2);
            for member in [TOM, NOOR] {
                let board = mine::board(&seen.replica.as_of(), MemberId(id(member)));
                assert_eq!(board.actions, [ACTION], "{member}");
                let asks = mine::needs_you(&seen.replica.as_of(), MemberId(id(member)));
                assert!(asks.iter().any(|ask| ask.kind == mine::AskKind::Choose), "{asks:?}");
            }
            let finding = seen.finding("owner-contested");
            assert_eq!(finding.level, Level::Alert);
            assert_eq!(finding.offers, [Offer::Choose { field: Field::Owner, key: None }, Offer::HandOver]);
        },
        settle: |tom| tom.act(&acts::keep(ACTION, Field::Owner, MemberId(id(NOOR)).into(), None)),
        rules: &["owner-contested"],
    };

    /// Two days; the earlier counts; pick, with one reason that stays.
    row_06_due_changed_by_two: Row {
        before: action,
        tom: |tom| tom.act(&acts::postpone(ACTION, "2026-06-30".parse().unwrap())),
        clara: |clara| clara.act(&acts::postpone(ACTION, "2026-05-31".parse().unwrap())),
        then: |seen| {
            let action = Action::of(seen.record(ACTION));
            assert_eq!(action.due, Some("2026-05-31".parse().unwrap()));
            assert_eq!(action.postponed, 2, "both moves are in the log");
            seen.says("values-apart", &["Two values for the due day", "31 May 2026 by Clara", "30 Jun 2026 by Tom"]);
            assert_eq!(seen.offers("values-apart"), [Offer::Choose { field: Field::Due, key: None }]);
        },
        settle: |tom| {
            let due: workspace::Date = "2026-06-30".parse().unwrap();
            tom.act(&acts::keep(ACTION, Field::Due, due.into(), Some((id(61), "The parts come in June."))));
            assert_eq!(Action::of(tom.record(ACTION)).due, Some(due));
            let comments = workspace::lens::Comment::all(tom.record(ACTION));
            assert_eq!(comments.len(), 1);
            assert_eq!((comments[0].text.as_str(), comments[0].by), ("The parts come in June.", Some(tom.author.member)));
        },
        rules: &["values-apart"],
    };

    /// Two branches; done shown, both stories told; choose, and the loser's note is kept.
    row_07_done_by_one_cancelled_by_another: Row {
        before: action,
        tom: |tom| tom.go(ACTION, "done", "Finished on the plane."),
        clara: |clara| clara.go(ACTION, "cancelled", "The customer withdrew."),
        then: |seen| {
            assert_eq!(seen.record(ACTION).status(), Some("done"));
            let steps: Vec<_> = Step::all(seen.record(ACTION)).into_iter().map(|step| (step.by, step.to)).collect();
            assert_eq!(steps.len(), 2);
            seen.says("states-apart", &[
                "Tom said “done” (“Finished on the plane.”)",
                "Clara said “cancelled” (“The customer withdrew.”)",
                "Until then “done” counts",
            ]);
            assert_eq!(seen.offers("states-apart"), [Offer::ChooseState]);
        },
        settle: |tom| {
            tom.act(&acts::keep_state(ACTION, "done", "It was shipped before they withdrew."));
            let notes: Vec<_> = Step::all(tom.record(ACTION)).into_iter().map(|step| step.note).collect();
            assert!(notes.contains(&"The customer withdrew.".to_owned()) && notes.len() == 3, "{notes:?}");
        },
        rules: &["states-apart"],
    };

    /// Both kept, no conflict: done, and it says that it was also postponed.
    row_08_done_by_one_postponed_by_another: Row {
        before: action,
        tom: |tom| tom.go(ACTION, "done", ""),
        clara: |clara| {
            clara.now = ids::Timestamp::from_secs(NOON.as_secs() + 3_600);
            clara.act(&acts::postpone(ACTION, "2026-06-30".parse().unwrap()));
        },
        then: |seen| {
            let action = Action::of(seen.record(ACTION));
            assert_eq!((action.status.as_str(), action.postponed), ("done", 1));
            assert_eq!(seen.record(ACTION).contested().count(), 0);
            let finding = seen.finding("also-postponed");
            assert_eq!((finding.level, finding.offers.len()), (Level::Info, 0));
            assert_eq!(finding.sentence, "“Ship it” is done; it was also postponed by Clara, to 30 Jun 2026.");
        },
        settle: nothing,
        rules: &[],
    };

    /// Two branches; in progress shown; choose.
    row_09_verified_by_one_sent_back_by_its_owner: Row {
        before: |tom| { action(tom); tom.go(ACTION, "done", ""); },
        tom: |tom| {
            let act = acts::verify(tom.record(ACTION), id(62), "Saw it.", &tom.doer());
            tom.act(&act);
        },
        clara: |clara| clara.go(ACTION, "in-progress", "Two pumps were missing."),
        then: |seen| {
            let action = Action::of(seen.record(ACTION));
            assert_eq!((action.status.as_str(), action.verifications.len()), ("in-progress", 1));
            seen.says("states-apart", &["Tom said “verified”", "Clara said “in progress” (“Two pumps were missing.”)"]);
            assert_eq!(seen.offers("states-apart"), [Offer::ChooseState]);
        },
        settle: |tom| tom.act(&acts::keep_state(ACTION, "in-progress", "Back to work.")),
        rules: &["states-apart"],
    };

    /// Soft delete and the edit are both there; the tray tells both stories; restore, or confirm the deletion.
    row_10_deleted_by_one_edited_by_another: Row {
        before: action,
        tom: |tom| tom.act(&acts::delete(ACTION, "Entered twice.")),
        clara: |clara| clara.set(ACTION, Field::Title, "Ship it by rail"),
        then: |seen| {
            let deletion = Deletion::of(seen.record(ACTION)).unwrap();
            assert_eq!((deletion.by, deletion.reason.as_deref()), (Some(MemberId(id(TOM))), Some("Entered twice.")));
            assert_eq!(seen.record(ACTION).title(), "Ship it by rail");
            seen.says("deleted-but-edited", &["Ship it by rail", "deleted by Tom (“Entered twice.”)"]);
            assert_eq!(seen.offers("deleted-but-edited"), [Offer::Restore(ACTION), Offer::ConfirmDelete]);
        },
        settle: |tom| {
            tom.act(&acts::restore(ACTION));
            assert_eq!(tom.record(ACTION).title(), "Ship it by rail");
        },
        rules: &["deleted-but-edited"],
    };

    /// The link leads to a deleted record: greyed; restore, or unlink.
    row_11_deleted_by_one_linked_by_another: Row {
        before: |tom| {
            objective(tom);
            tom.create(GOAL, vec![(Field::Title, "Never chase".into())]);
        },
        tom: |tom| tom.act(&acts::delete(GOAL, "")),
        clara: |clara| clara.edit(vec![Edit::Link(Edge::new(Relation::Serves, OBJECTIVE, GOAL))]),
        then: |seen| {
            let edge = Edge::new(Relation::Serves, OBJECTIVE, GOAL);
            assert!(seen.replica.view.edges().contains(&edge));
            seen.says("linked-to-deleted", &["“Ship on the day” is linked to “Never chase”, which Tom deleted."]);
            assert_eq!(seen.offers("linked-to-deleted"), [Offer::Restore(GOAL), Offer::Unlink(edge)]);
        },
        settle: |tom| tom.edit(vec![Edit::Unlink(Edge::new(Relation::Serves, OBJECTIVE, GOAL))]),
        rules: &["linked-to-deleted"],
    };

    /// Two current values; both points, the worse counts; supersede.
    row_12_two_measurements_for_one_month: Row {
        before: kpi,
        tom: |tom| measured(tom, 1_001, "93.6"),
        clara: |clara| measured(clara, 1_002, "91.2"),
        then: |seen| {
            let series = Series::of(&seen.replica.view, KPI.id);
            let point = &series.points[&last_period()];
            assert_eq!(point.current.len(), 2);
            assert_eq!(point.value(), Some("91.2".parse().unwrap()), "the worse one");
            seen.says("two-values", &["two values for Jan 2026", "93.6 by Tom", "91.2 by Clara"]);
            assert_eq!(seen.offers("two-values"), [Offer::Correct]);
        },
        settle: |tom| {
            let supersedes: Vec<String> = Series::of(&tom.view, KPI.id)
                .superseded_by_correction(last_period()).iter().map(ToString::to_string).collect();
            tom.create(rec(Kind::Measurement, 1_003), vec![
                (Field::Kpi, KPI.id.into()),
                (Field::Period, "2026-01".into()),
                (Field::Value, json!({"value": "92.4", "basis": "final"}).into()),
                (Field::Supersedes, json!(supersedes).into()),
            ]);
        },
        rules: &["two-values"],
    };

    /// Two equal values are one; nobody is asked anything.
    row_13_same_correction_entered_twice: Row {
        before: kpi,
        tom: |tom| measured(tom, 1_001, "93.6"),
        clara: |clara| measured(clara, 1_002, "93.60"),
        then: |seen| {
            assert_eq!(seen.replica.view.live(Kind::Measurement).count(), 2, "both are stored");
            let series = Series::of(&seen.replica.view, KPI.id);
            assert_eq!(series.points[&last_period()].current.len(), 1);
            assert!(seen.findings.iter().all(|finding| finding.rule != "two-values"), "{:?}", seen.findings);
        },
        settle: nothing,
        rules: &[],
    };

    /// One order, the same everywhere, without a message; one's own move can be taken back.
    row_14_agenda_reordered_by_two: Row {
        before: |tom| {
            tom.create(rec(Kind::Review, 700), vec![(Field::Title, "Review".into())]);
            for number in 0..3 {
                tom.create(rec(Kind::AgendaItem, 701 + number as u128), vec![
                    (Field::Title, format!("Topic {number}").into()),
                    (Field::Review, id(700).into()),
                    (Field::Order, position(number * 2 + 1).into()),
                ]);
            }
        },
        tom: |tom| place(tom, 701, &position(6)),
        clara: |clara| place(clara, 701, &position(4)),
        then: |seen| {
            let order = positions(seen.replica);
            assert_eq!(order.len(), 3);
            assert!(order == [id(702), id(703), id(701)] || order == [id(702), id(701), id(703)], "{order:?}");
            seen.silent(rec(Kind::AgendaItem, 701));
        },
        settle: |tom| {
            place(tom, 701, &position(1));
            assert_eq!(positions(tom), [id(701), id(702), id(703)]);
        },
        rules: &[],
    };

    /// Two frozen copies; contested, back to the chair; choose or redraft.
    row_17_decision_worded_by_two: Row {
        before: decision,
        tom: |tom| decide(tom, "Raise the target to 95 %."),
        clara: |clara| decide(clara, "Raise the target to 94 % from July."),
        then: |seen| {
            let lens = Decision::of(seen.record(DECISION));
            assert!(lens.is_wording_contested);
            assert_eq!(lens.status, "decided", "that it was decided is no question");
            assert_eq!(seen.record(DECISION).register(Field::Frozen).unwrap().values().len(), 2);
            seen.says("wording-contested", &["2 different wordings", "back to the chair"]);
            assert_eq!(seen.offers("wording-contested"), [
                Offer::Choose { field: Field::Frozen, key: None }, Offer::Redraft,
            ]);
        },
        settle: |tom| {
            let frozen = json!({"text": "Raise the target to 95 % from July.", "by": id(TOM).to_string()});
            tom.act(&acts::keep(DECISION, Field::Frozen, frozen.into(), None));
            assert_eq!(Decision::of(tom.record(DECISION)).wording, "Raise the target to 95 % from July.");
        },
        rules: &["wording-contested"],
    };

    /// Stored; flagged as outside authority; somebody who may confirms it, or sends it back.
    row_20_status_advanced_without_the_right: Row {
        before: decision,
        tom: |tom| tom.set(DECISION, Field::NoActionBecause, "None needed."),
        clara: |clara| { clara.act_as(NOOR); clara.go(DECISION, "decided", ""); },
        then: |seen| {
            assert_eq!(seen.record(DECISION).status(), Some("decided"), "nothing is repaired in silence");
            seen.says("outside-authority", &["Outside authority", "Noor moved “Raise the target” to “decided”"]);
            assert_eq!(seen.offers("outside-authority"), [Offer::Confirm, Offer::SendBack]);
        },
        settle: |tom| tom.act(&acts::confirm_state(DECISION, "decided", "That is what we decided.")),
        rules: &["outside-authority"],
    };

    /// Two answers; it counts as unanswered; one answer superseding both.
    row_21_need_committed_by_one_refused_by_another: Row {
        before: |tom| tom.create(NEED, vec![
            (Field::Title, "Bench 3".into()),
            (Field::RequestedBy, MemberId(id(NOOR)).into()),
            (Field::RequestedAt, "2026-02-20".into()),
        ]),
        tom: |tom| answer(tom, 63, NeedReply::Commit, "It pays for itself."),
        clara: |clara| answer(clara, 64, NeedReply::Refuse, "The roof comes first."),
        then: |seen| {
            let need = Need::of(seen.record(NEED));
            assert_eq!(need.answers.len(), 2);
            assert!(need.is_answer_contested() && need.is_unanswered() && !need.is_granted());
            assert_eq!((need.answer(), need.status.as_str()), (None, "refused"), "the less favourable state");
            seen.says("need-two-answers", &["“committed” by Tom", "“refused” by Clara", "counts as unanswered"]);
            assert_eq!(seen.offers("need-two-answers")[0], Offer::Answer);
        },
        settle: |tom| {
            answer(tom, 65, NeedReply::Defer { until: "2026-06-30".parse().unwrap() }, "After the roof.");
            let need = Need::of(tom.record(NEED));
            assert_eq!((need.answers.len(), need.status.as_str()), (1, "deferred"));
            assert!(!need.is_unanswered());
        },
        rules: &["need-two-answers", "states-apart"],
    };

    /// Two records for one occurrence: a banner, and a tool that makes one of them without copying a text.
    row_22_two_reviews_for_one_occurrence: Row {
        before: |tom| tom.create(rec(Kind::Cadence, 800), vec![(Field::Title, "Quarterly review".into())]),
        tom: |tom| review(tom, 710, "Complaints"),
        clara: |clara| review(clara, 720, "Yield"),
        then: |seen| {
            assert_eq!(seen.replica.view.live(Kind::Review).count(), 2);
            let banners: Vec<_> = seen.findings.iter().filter(|finding| finding.rule == "review-twice").collect();
            assert_eq!(banners.len(), 2, "on both of them");
            assert!(banners[0].sentence.starts_with("Two copies of the Oct 2026 review"), "{}", banners[0].sentence);
            let other = banners[0].records[1];
            assert_eq!(banners[0].offers, [Offer::Merge(other)]);
        },
        settle: |tom| {
            let act = acts::merge_reviews(&tom.view, rec(Kind::Review, 710), rec(Kind::Review, 720), "Begun twice.");
            tom.act(&act);
            let topics: Vec<_> = Review::agenda(&tom.view, id(710)).into_iter().map(|item| item.title).collect();
            assert_eq!(topics, ["Complaints", "Yield"]);
            assert!(tom.record(rec(Kind::Review, 720)).is_deleted(), "the shell is still there");
            assert!(tom.findings().iter().all(|finding| finding.rule != "linked-to-deleted"), "and nobody is asked about it");
        },
        rules: &["review-twice"],
    };

    /// Two records that look alike; one stays, the links of the other move, both histories stay reachable.
    row_23_same_risk_entered_by_two: Row {
        before: objective,
        tom: |tom| similar_risk(tom, 730, "Single foundry for pump heads"),
        clara: |clara| similar_risk(clara, 731, "Only a single foundry casts pump heads"),
        then: |seen| {
            let (one, other) = (rec(Kind::Register, 730), rec(Kind::Register, 731));
            assert!(!seen.record(one).is_deleted() && !seen.record(other).is_deleted());
            let alike: Vec<_> = seen.findings.iter().filter(|finding| finding.rule == "looks-alike").collect();
            assert_eq!(alike.len(), 2, "{:?}", seen.findings);
            assert_eq!(alike[0].records, [one, other]);
            assert_eq!(alike[0].offers, [Offer::MarkDuplicate(other)]);
        },
        settle: |tom| {
            let (stays, goes) = (rec(Kind::Register, 730), rec(Kind::Register, 731));
            let risk = rec(Kind::Action, 732);
            tom.create(risk, vec![(Field::Title, "Find a second one".into()), (Field::Owner, tom.author.member.into())]);
            tom.edit(vec![Edit::Link(Edge::new(Relation::Treats, risk, goes))]);
            let act = acts::mark_duplicate(&tom.view, stays, goes, "The same foundry.");
            tom.act(&act);
            let edges = tom.view.edges();
            assert!(edges.contains(&Edge::new(Relation::Treats, risk, stays)), "the link moved");
            assert!(!edges.contains(&Edge::new(Relation::Treats, risk, goes)));
            assert!(edges.contains(&Edge::new(Relation::Duplicates, goes, stays)), "and the other story is one step away");
            assert_eq!(Deletion::of(tom.record(goes)).unwrap().reason.as_deref(), Some("The same foundry."));
            assert!(tom.findings().iter().all(|finding| finding.rule != "linked-to-deleted"), "on purpose");
        },
        rules: &["looks-alike"],
    };

    /// Two values; the stricter counts; pick.
    row_24_appetite_or_threshold_changed_by_two: Row {
        before: risk,
        tom: |tom| tom.edit(vec![
            Edit::SetKey { record: SETTINGS, field: Field::Appetite, key: "supply".into(), value: Some(json!(8)) },
            Edit::SetKey {
                record: SETTINGS, field: Field::Thresholds, key: "S-R3".into(),
                value: Some(json!({"watch": 15, "alert": 5})),
            },
        ]),
        clara: |clara| clara.edit(vec![
            Edit::SetKey { record: SETTINGS, field: Field::Appetite, key: "supply".into(), value: Some(json!(12)) },
            Edit::SetKey {
                record: SETTINGS, field: Field::Thresholds, key: "S-R3".into(),
                value: Some(json!({"watch": 25, "alert": 10})),
            },
        ]),
        then: |seen| {
            let settings = Settings::of(&seen.replica.view);
            assert_eq!(settings.appetite["supply"], 8);
            assert_eq!(settings.thresholds["S-R3"].watch, 25.into(), "less is worse there: 25 speaks up earlier");
            let entry = RegisterEntry::of(seen.record(RISK), &settings);
            assert_eq!(entry.above_appetite(), Some(1), "9 against 8");
            let apart: Vec<_> = seen.findings.iter().filter(|finding| finding.rule == "values-apart").collect();
            assert_eq!(apart.len(), 2);
            assert_eq!(apart[0].sentence, "Two values for the appetite of supply: 8 by Tom and 12 by Clara. \
                                           The first one counts until somebody picks.");
            assert_eq!(apart[0].offers, [Offer::Choose { field: Field::Appetite, key: Some("supply".into()) }]);
        },
        settle: |tom| {
            tom.act(&acts::keep_key(SETTINGS, Field::Appetite, "supply", json!(12), None));
            let pair = json!({"watch": 25, "alert": 10});
            tom.act(&acts::keep_key(SETTINGS, Field::Thresholds, "S-R3", pair, None));
        },
        rules: &["values-apart"],
    };

    /// Two in force; the older stays, with a banner; a decision.
    row_25_policy_put_in_force_twice: Row {
        before: |tom| for number in [740, 741] {
            tom.create(rec(Kind::Policy, number), vec![
                (Field::Title, format!("Policy {number}").into()), (Field::Status, "in-review".into()),
            ]);
        },
        tom: |tom| in_force(tom, 741, "2026-03-01"),
        clara: |clara| in_force(clara, 740, "2026-03-02"),
        then: |seen| {
            let versions: Vec<_> = Policy::in_force(&seen.replica.view).iter().map(|version| version.id).collect();
            assert_eq!(versions, [id(741), id(740)], "the older one first");
            let banners: Vec<_> =
                seen.findings.iter().filter(|finding| finding.rule == "policy-in-force-twice").collect();
            assert_eq!(banners.len(), 2, "on both of them");
            for banner in banners {
                assert!(banner.sentence.contains("The older one, “Policy 741”, counts"), "{}", banner.sentence);
                assert_eq!(banner.offers[0], Offer::Decide);
                assert!(banner.offers.contains(&Offer::LetStand(rec(Kind::Policy, 740))));
            }
        },
        settle: |tom| {
            let act = acts::let_policy_stand(&tom.view, rec(Kind::Policy, 740));
            tom.act(&act);
            assert_eq!(tom.record(rec(Kind::Policy, 741)).status(), Some("superseded"));
        },
        rules: &["policy-in-force-twice"],
    };

    /// Changes of an unknown device are there and called that; somebody says whose it is.
    row_27_unknown_device: Row {
        before: action,
        tom: |tom| tom.set(ACTION, Field::Title, "Ship the pumps"),
        // Another client, which registers nobody.
        clara: |clara| {
            clara.doc.set_actor(automerge::ActorId::from(&b"another-client--"[..]));
            clara.raw(|tx| {
                let (_, actions) = tx.get(automerge::ROOT, "actions").unwrap().unwrap();
                let (_, action) = tx.get(&actions, ACTION.id.to_string()).unwrap().unwrap();
                tx.put(&action, "title", "Ship from elsewhere").unwrap();
            });
        },
        then: |seen| {
            seen.says("two-titles", &["“Ship from elsewhere” by an unknown device"]);
            seen.says("unknown-device", &["One change comes from a device that nobody named."]);
            assert_eq!(seen.offers("unknown-device"), [Offer::NameDevice]);
        },
        settle: |tom| {
            let unknown: Vec<_> = tom.traces().unknown_devices.into_keys().collect();
            assert_eq!(unknown.len(), 1);
            tom.edit(vec![Edit::ConfirmDevice {
                actor: unknown[0].clone(), member: MemberId(id(CLARA)), label: "Clara's old tablet".into(),
            }]);
            let finding = tom.findings().into_iter().find(|finding| finding.rule == "two-titles").unwrap();
            assert!(finding.sentence.contains("“Ship from elsewhere” by Clara"), "{}", finding.sentence);
        },
        rules: &["unknown-device"],
    };

    /// The order is that of cause and effect; a time that cannot be right is called claimed.
    row_28_clock_wrong_by_days: Row {
        before: |tom| { action(tom); tom.set(ACTION, Field::Priority, "soon"); },
        tom: |tom| tom.set(ACTION, Field::Title, "Ship it soon"),
        clara: |clara| {
            clara.now = ids::Timestamp::from_secs(NOON.as_secs() - 5 * 86_400);
            clara.set(ACTION, Field::Priority, "now");
            clara.now = ids::Timestamp::from_secs(NOON.as_secs() + 9 * 86_400);
            clara.set(ACTION, Field::Due, "2026-04-15");
        },
        then: |seen| {
            let told = history::all(&seen.replica.doc);
            let place = |hash| told.iter().position(|change| change.hash == hash).unwrap();
            let doubts = seen.replica.traces().doubtful_times;
            assert_eq!(doubts.len(), 2, "one behind what it had seen, one still to come");
            for change in &told {
                let change = seen.replica.doc.get_change_meta_by_hash(&automerge::ChangeHash(change.hash.0)).unwrap();
                for dependency in &change.deps {
                    let (hash, before) = (ids::ChangeHash(change.hash.0), ids::ChangeHash(dependency.0));
                    assert!(place(before) < place(hash));
                }
            }
            assert_eq!(seen.record(ACTION).line(Field::Priority), Some("now"), "later by cause, whatever it claims");
            seen.says("time-claimed", &["a device of Clara", "2 changes claim", "the times are only claimed"]);
            assert!(seen.offers("time-claimed").is_empty());
        },
        settle: nothing,
        rules: &[],
    };
}
