//! Beginnings that happen apart, and what becomes of them together.

use automerge::Automerge;
use ids::{ActorId, MemberId, RecordId, Timestamp};
use proptest::prelude::*;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use templates::{ALL, Answered, Guided, SUGGESTION, Step, Template};
use workspace::{Act, Author, Date, Edit, Field, Kind, RecordRef, View, apply, heads};

const NOW: Timestamp = Timestamp::from_secs(1_772_409_600);

fn today() -> Date {
    Date::of(NOW)
}

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn member(number: u128) -> MemberId {
    MemberId(RecordId::from_bits(number))
}

struct Device {
    doc: Automerge,
    rng: ChaCha8Rng,
    me: MemberId,
}

impl Device {
    fn new(number: u8) -> Self {
        let mut rng = rng(u64::from(number));
        let doc = workspace::new_document(&ActorId::random(&mut rng)).unwrap();
        Self { doc, rng, me: member(u128::from(number)) }
    }

    fn begin(mut self, template: &Template) -> Self {
        template.instantiate(&mut self.doc).unwrap();
        self
    }

    fn act(&mut self, act: &Act) {
        let author = Author { member: self.me, device_label: "a laptop".to_owned() };
        apply(&mut self.doc, &author, NOW, &mut self.rng, act).unwrap();
    }

    fn merge(&mut self, other: &Self) {
        self.doc.merge(&mut other.doc.clone()).unwrap();
    }

    fn view(&self) -> View {
        View::read(&self.doc)
    }
}

fn all(view: &View) -> Vec<RecordRef> {
    Kind::ALL.iter().flat_map(|kind| view.all(*kind)).map(|record| record.reference()).collect()
}

#[test]
fn the_same_template_on_two_devices_merges_and_never_doubles() {
    for template in ALL {
        let (mut a, mut b) = (Device::new(1).begin(template), Device::new(2).begin(template));
        assert_eq!(heads(&a.doc), heads(&b.doc), "apart they are the same already");
        let before = a.view();
        a.merge(&b);
        b.merge(&a);
        assert_eq!(heads(&a.doc), heads(&b.doc));
        assert!(a.view() == before);
        // And once more, by somebody who presses the button twice.
        template.instantiate(&mut a.doc).unwrap();
        assert_eq!(heads(&a.doc), heads(&b.doc));
        // It is a document that loads.
        assert_eq!(heads(&Automerge::load(&a.doc.save()).unwrap()), heads(&a.doc));
    }
}

#[test]
fn what_one_of_them_changed_in_between_is_kept_and_not_doubled() {
    let template = &ALL[0];
    let (mut a, mut b) = (Device::new(1).begin(template), Device::new(2));
    let goal = template.record(Kind::Goal, "goal-1");
    let title = Edit::Set { record: goal, field: Field::Title, value: Some("Our own goal".into()) };
    a.act(&Act::one("goal.edit", title));
    let own = RecordRef::new(Kind::Action, RecordId::from_bits(99));
    a.act(&Act::one("action.add", Edit::Create { record: own, fields: vec![(Field::Title, "Ours".into())] }));
    // The other one wrote before choosing the template: it comes in beside what is there.
    let theirs = RecordRef::new(Kind::Goal, RecordId::from_bits(98));
    b.act(&Act::one(
        "goal.add",
        Edit::Create { record: theirs, fields: vec![(Field::Title, "Theirs".into())] },
    ));
    let mut b = b.begin(template);
    let records = all(&a.view()).len();
    a.merge(&b);
    b.merge(&a);
    assert_eq!(heads(&a.doc), heads(&b.doc));
    let view = a.view();
    assert!(view == b.view());
    assert_eq!(all(&view).len(), records + 1);
    assert_eq!(view.record(goal).unwrap().title(), "Our own goal");
    assert!(view.record(goal).unwrap().contested().next().is_none());
}

#[test]
fn two_templates_in_one_workspace_stand_beside_each_other() {
    let mut device = Device::new(1);
    let empty = all(&device.view()).len();
    let mut expected = empty;
    for template in ALL {
        expected += all(&Device::new(2).begin(template).view()).len() - empty;
        template.instantiate(&mut device.doc).unwrap();
    }
    assert_eq!(all(&device.view()).len(), expected);
}

/// The scripted first run with default answers (domain model 1.1): offline, within sixty fields.
#[test]
fn cap_05() {
    for template in ALL {
        let mut device = Device::new(1).begin(template);
        let mut guided = Guided::new(template, today()).unwrap();
        assert!(guided.fields() <= 60, "{} fields", guided.fields());
        let (mut asked, mut questions) = (0, 0);
        while let Some(question) = guided.question() {
            asked += question.fields.len();
            questions += 1;
            let answers: Vec<String> = question.fields.iter().map(|field| field.answer.clone()).collect();
            let answered = guided.answer(&answers).unwrap();
            assert_eq!(answered == Answered::Done, guided.question().is_none());
        }
        assert_eq!((asked, questions), (guided.fields(), Step::ALL.len()));
        let act = guided.act(&device.view(), device.me, NOW, &mut rng(5));
        let before = device.doc.get_changes(&[]).len();
        device.act(&act);
        assert_eq!(device.doc.get_changes(&[]).len(), before + 1, "one change, one undo");
        let view = device.view();
        let count = |kind: Kind| view.live(kind).count();
        assert_eq!(view.live(Kind::Policy).filter(|policy| policy.status() == Some("draft")).count(), 1);
        assert_eq!(
            [Kind::Policy, Kind::Goal, Kind::Objective, Kind::Register, Kind::Review, Kind::Action]
                .map(count),
            [1, 3, 5, 8, 1, 4],
            "{}",
            template.id
        );
        let review = view.live(Kind::Review).next().unwrap();
        assert_eq!(review.atom(Field::Scheduled).unwrap()["date"], today().plus_days(90).to_string());
        assert_eq!((review.status(), count(Kind::ReviewInput)), (Some("planned"), 12));
        // What was asked about is accepted and has an owner; the rest still is a suggestion.
        for kind in [Kind::Goal, Kind::Objective, Kind::Action, Kind::Party, Kind::Requirement] {
            for record in view.live(kind) {
                assert!(!record.members(Field::Tags).any(|tag| tag == SUGGESTION), "{}", record.title());
            }
        }
        for objective in view.live(Kind::Objective) {
            assert_eq!(objective.id_of(Field::Accountable), Some(device.me.0));
            assert_eq!(objective.status(), Some("proposed"));
        }
        let suggested =
            view.live(Kind::Register).filter(|entry| entry.members(Field::Tags).any(|tag| tag == SUGGESTION));
        assert_eq!(suggested.count(), 3);
    }
}

#[test]
fn other_answers_rewrite_remove_and_add() {
    let template = &ALL[2];
    let mut device = Device::new(1).begin(template);
    let mut guided = Guided::new(template, today()).unwrap();
    while let Some(question) = guided.question() {
        let mut answers: Vec<String> = question.fields.iter().map(|field| field.answer.clone()).collect();
        match question.step {
            Step::Names => answers = vec!["Acme".into(), "Ada Okoro".into(), "Founder".into()],
            Step::Sell => answers[0] = "a calendar for clinics".into(),
            Step::GoRight => answers[1] = "  Two   hospitals use us ".into(),
            Step::Worries => answers[2] = String::new(),
            Step::People => answers[0] = "Ben Lund, Engineering".into(),
            Step::Objectives => {
                answers[1] = "ben".into();
                answers[2] = "4,5".into();
                answers[4] = String::new();
            }
            Step::Rhythm => answers[1] = "2026-05-01".into(),
            _ => {}
        }
        guided.answer(&answers).unwrap();
    }
    let act = guided.act(&device.view(), device.me, NOW, &mut rng(5));
    device.act(&act);
    let view = device.view();
    assert_eq!(view.record(RecordRef::singleton(Kind::Settings)).unwrap().line(Field::Name), Some("Acme"));
    let purpose = view.record(RecordRef::singleton(Kind::Direction)).unwrap().text(Field::Purpose).to_owned();
    assert!(purpose.starts_with("We sell: a calendar for clinics.\nFor: "), "{purpose}");
    assert_eq!(view.record(template.record(Kind::Goal, "goal-2")).unwrap().title(), "Two hospitals use us");
    assert_eq!(
        (view.live(Kind::Register).count(), view.live(Kind::Objective).count(), view.live(Kind::Kpi).count()),
        (7, 4, 4)
    );
    let ben = view.live(Kind::Member).find(|member| member.title() == "Ben Lund").unwrap();
    assert_eq!(ben.line(Field::RoleTitle), Some("Engineering"));
    let objective = view.record(template.record(Kind::Objective, "objective-1")).unwrap();
    assert_eq!(objective.id_of(Field::Accountable), Some(ben.id));
    assert_eq!(objective.atom(Field::Start).unwrap()["value"], "4.5");
    let measured = view.live(Kind::Measurement).next().unwrap();
    assert_eq!(measured.line(Field::Period), Some("2026-03"));
}

#[test]
fn a_bad_answer_says_which_and_nothing_is_taken() {
    let mut guided = Guided::new(&ALL[0], today()).unwrap();
    let error = guided.answer(&[String::new(), "Ada".to_owned()]).unwrap_err();
    assert_eq!(
        (error.field, error.to_string().as_str()),
        (0, "Name of the workspace: please say something here")
    );
    assert_eq!(guided.question().unwrap().step, Step::Names);
    while guided.question().unwrap().step != Step::Objectives {
        guided.answer(&[]).unwrap();
    }
    let mut answers = vec![String::new(); 20];
    answers[2] = "many".to_owned();
    assert_eq!(guided.answer(&answers).unwrap_err().why, "a number, like 93.5");
    guided.back();
    assert_eq!(guided.question().unwrap().step, Step::People);
    guided.answer(&[]).unwrap();
    guided.answer(&[]).unwrap();
    assert_eq!(guided.answer(&[String::new(), "soon".to_owned()]).unwrap_err().why, "a day, like 2026-03-31");
}

/// Two founders answer apart: one set of records, and what they said differently stands there twice for them to choose.
#[test]
fn two_founders_meet_in_the_same_records() {
    let template = &ALL[1];
    let mut devices = [Device::new(1).begin(template), Device::new(2).begin(template)];
    for (number, device) in devices.iter_mut().enumerate() {
        let mut guided = Guided::new(template, today()).unwrap();
        while let Some(question) = guided.question() {
            let mut answers: Vec<String> = question.fields.iter().map(|field| field.answer.clone()).collect();
            if question.step == Step::GoRight {
                answers[0] = format!("Goal of founder {number}");
            }
            guided.answer(&answers).unwrap();
        }
        let act = guided.act(&device.view(), device.me, NOW, &mut rng(number as u64));
        device.act(&act);
    }
    let [mut a, b] = devices;
    a.merge(&b);
    let view = a.view();
    let count = |kind: Kind| view.live(kind).count();
    assert_eq!(
        [Kind::Policy, Kind::Goal, Kind::Objective, Kind::Register, Kind::Review, Kind::Action].map(count),
        [1, 3, 5, 8, 1, 4]
    );
    let goal = view.record(template.record(Kind::Goal, "goal-1")).unwrap();
    assert_eq!(goal.register(Field::Title).unwrap().values().len(), 2);
    assert_eq!(goal.status(), Some("active"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever is answered, and wherever somebody stops, the act is taken.
    #[test]
    fn any_answers_make_an_act_that_the_document_takes(seed: u64, template in 0..3_usize) {
        let template = &ALL[template];
        let mut chance = rng(seed);
        let mut device = Device::new(1).begin(template);
        let mut guided = Guided::new(template, today()).unwrap();
        for _ in 0..30 {
            let Some(question) = guided.question() else { break };
            if chance.next_u32().is_multiple_of(12) {
                guided.back();
                continue;
            }
            let words = ["", "12,5", "2026-05-01", "Ada, Boss", "ein Ziel\nmit Zeile", "x", "Ada", "日本", "  "];
            let answers: Vec<String> = question
                .fields
                .iter()
                .map(|field| match chance.next_u32() % 3 {
                    0 => field.answer.clone(),
                    _ => words[chance.next_u32() as usize % words.len()].to_owned(),
                })
                .collect();
            let _ = guided.answer(&answers);
        }
        let act = guided.act(&device.view(), device.me, NOW, &mut chance);
        device.act(&act);
        // A second run on the same workspace changes only what was answered otherwise.
        let again = guided.act(&device.view(), device.me, NOW, &mut chance);
        device.act(&again);
    }
}
