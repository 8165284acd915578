//! What the acts of the screens write, read back through the lenses.

use crate::support::{NOON, Replica, id, rec, sync};
use ids::MemberId;
use serde_json::json;
use workspace::acts::{self, Answered, Doer, NeedReply, Outcome};
use workspace::lens::{
    Action, Comment, Decision, Deletion, Direction, Feedback, Grant, Handover, Holder, Issue, Need,
    Objective, Phase, Policy, RegisterEntry, Requirement, Settings, owners,
};
use workspace::{Act, Date, Edit, Field, Kind, RecordRef, Refusal, heads};

fn doer(replica: &Replica) -> Doer {
    Doer { member: replica.author.member, now: replica.now, today: Date::of(replica.now) }
}

fn today() -> Date {
    Date::of(NOON)
}

impl Replica {
    fn does(&mut self, act: &Act) {
        let applied = self
            .try_act(&act.name, act.edits.clone())
            .unwrap_or_else(|error| panic!("{}: {error}", act.name));
        assert!(applied.change.is_some(), "{} changed nothing", act.name);
    }
}

#[test]
fn comments_tags_and_the_bin() {
    let mut tom = Replica::new(1);
    let goal = rec(Kind::Goal, 1);
    tom.create(goal, vec![(Field::Title, "Never chase".into())]);
    tom.does(&acts::comment(goal, id(10), "Is that ours?", &[MemberId(id(2))], None));
    tom.does(&acts::comment(goal, id(11), "Yes.", &[], Some(id(10))));
    let doer = doer(&tom);
    tom.does(&acts::resolve_comment(goal, id(10), &doer));
    let comments = Comment::all(tom.record(goal));
    assert_eq!(
        comments.iter().map(|comment| comment.text.as_str()).collect::<Vec<_>>(),
        ["Is that ours?", "Yes."]
    );
    assert_eq!(
        (comments[0].mentions.as_slice(), comments[1].reply_to),
        ([MemberId(id(2))].as_slice(), Some(id(10)))
    );
    assert_eq!(
        (comments[0].resolved.map(|resolved| resolved.at), comments[1].resolved),
        (Some(Some(NOON)), None)
    );
    tom.does(&acts::reopen_comment(goal, id(10)));
    assert_eq!(Comment::all(tom.record(goal))[0].resolved, None);

    tom.does(&acts::tag(goal, " board "));
    assert_eq!(tom.record(goal).members(Field::Tags).collect::<Vec<_>>(), ["board"]);
    tom.does(&acts::untag(goal, "board"));
    assert_eq!(tom.record(goal).members(Field::Tags).count(), 0);

    tom.does(&acts::delete(goal, "Twice."));
    let deletion = Deletion::of(tom.record(goal)).unwrap();
    assert_eq!(
        (deletion.by, deletion.at, deletion.reason.as_deref()),
        (Some(MemberId(id(1))), Some(NOON), Some("Twice."))
    );
    tom.does(&acts::restore(goal));
    assert_eq!(Deletion::of(tom.record(goal)), None);
}

#[test]
fn a_need_is_answered_from_every_state() {
    let mut tom = Replica::new(1);
    let need = rec(Kind::Need, 1);
    tom.create(
        need,
        vec![(Field::Title, "Bench 3".into()), (Field::RequestedAt, today().plus_days(-50).into())],
    );
    assert_eq!(Need::of(tom.record(need)).days_waiting(today()), Some(50));
    let until = today().plus_days(90);
    let replies = [
        (NeedReply::Refuse, "refused"),
        (NeedReply::Commit, "committed"),
        (NeedReply::Defer { until }, "deferred"),
        (NeedReply::Commit, "committed"),
    ];
    for (entry, (reply, state)) in (20..).zip(replies) {
        let act = acts::answer_need(tom.record(need), id(entry), &reply, "Because.", None);
        tom.does(&act);
        let lens = Need::of(tom.record(need));
        assert_eq!(
            (lens.status.as_str(), lens.answer().map(|answer| answer.answer.as_str())),
            (state, Some(state))
        );
        assert_eq!(lens.answers.len(), 1, "one answer superseding every earlier one");
        assert!(!lens.is_unanswered());
    }
    let doer = doer(&tom);
    let act = acts::deliver_need(tom.record(need), &doer);
    tom.does(&act);
    let lens = Need::of(tom.record(need));
    assert_eq!((lens.status.as_str(), lens.delivered_on), ("delivered", Some(today())));
}

#[test]
fn a_handover_moves_the_owner_together_with_the_answer() {
    for (kind, field) in
        [(Kind::Objective, Field::Accountable), (Kind::Goal, Field::Sponsor), (Kind::Action, Field::Owner)]
    {
        let mut tom = Replica::new(1);
        let (subject, from, to) = (rec(kind, 1), MemberId(id(1)), MemberId(id(2)));
        tom.create(subject, vec![(field, from.into())]);
        let offer = acts::hand_over(id(30), subject, Some(from), to, "You decide about it.", &doer(&tom));
        tom.does(&offer);
        let handover = rec(Kind::Handover, 30);
        let lens = Handover::of(tom.record(handover));
        assert_eq!(
            (lens.subject, lens.from, lens.to, lens.is_open()),
            (Some(subject), Some(from), Some(to), true)
        );
        let mut clara = tom.colleague(2);
        let answer =
            acts::accept_or_decline(clara.record(handover), Answered::Accept, "Gladly.", &doer(&clara));
        let before = clara.doc.get_changes(&[]).len();
        clara.does(&answer);
        assert_eq!(clara.doc.get_changes(&[]).len(), before + 1, "answer, state and owner in one change");
        sync(&mut tom, &mut clara);
        assert_eq!(owners(tom.record(subject)), [to]);
        let lens = Handover::of(tom.record(handover));
        assert!(lens.is_accepted_by_receiver() && lens.answers[0].note.as_deref() == Some("Gladly."));
        // It was answered: once.
        let again = acts::accept_or_decline(tom.record(handover), Answered::Decline, "", &doer(&tom));
        assert!(tom.try_act(&again.name, again.edits).is_err());
    }
}

#[test]
fn authority_is_given_renewed_and_taken_back() {
    let mut tom = Replica::new(1);
    let fields = || {
        vec![
            (Field::Title, "Test equipment".into()),
            (Field::Holder, MemberId(id(2)).into()),
            (Field::Kind, "spend".into()),
            (Field::Limit, json!({"amount": "25000", "currency": "EUR", "per": "occurrence"}).into()),
        ]
    };
    let act = acts::give_authority(id(40), fields(), &doer(&tom));
    tom.does(&act);
    let grant = rec(Kind::Grant, 40);
    let lens = Grant::of(tom.record(grant));
    assert_eq!((lens.status.as_str(), lens.granted_by.as_slice()), ("active", [MemberId(id(1))].as_slice()));
    assert_eq!(lens.holders, [Holder::One(id(2))]);
    assert_eq!(lens.limit.as_ref().unwrap().amount, Some(25_000.into()));
    assert!(lens.is_in_effect(today()) && !lens.is_in_effect(today().plus_days(-1)));
    let act = acts::expire_grant(tom.record(grant), "Ran out.");
    tom.does(&act);
    assert!(Grant::of(tom.record(grant)).is_expired(today()));
    let act = acts::revoke_grant(tom.record(grant), "No longer.");
    tom.does(&act);
    assert_eq!(tom.record(grant).status(), Some("revoked"), "over the states between");
    let everyone = acts::give_authority(id(41), vec![(Field::Holder, "everyone".into())], &doer(&tom));
    tom.does(&everyone);
    let lens = Grant::of(tom.record(rec(Kind::Grant, 41)));
    assert!(lens.is_held_by(MemberId(id(77)), &tom.view));
}

#[test]
fn one_policy_is_in_force() {
    let mut tom = Replica::new(1);
    for number in [50, 51] {
        tom.create(rec(Kind::Policy, number), vec![(Field::Title, format!("Version {number}").into())]);
        let pinned = heads(&tom.doc);
        let from = today().plus_days(i32::try_from(number).unwrap());
        let act = acts::put_policy_in_force(
            &tom.view,
            tom.record(rec(Kind::Policy, number)),
            from,
            &pinned,
            Some(id(9)),
        );
        tom.does(&act);
        let in_force = Policy::in_force(&tom.view);
        assert_eq!(
            in_force.iter().map(|version| version.id).collect::<Vec<_>>(),
            [id(number)],
            "the earlier one is superseded"
        );
        let pin = &in_force[0].in_force[0];
        assert_eq!((pin.from, pin.decision, pin.heads.is_some()), (Some(from), Some(id(9)), true));
    }
    let act = acts::acknowledge_policy(rec(Kind::Policy, 51), &doer(&tom));
    tom.does(&act);
    assert_eq!(Policy::of(tom.record(rec(Kind::Policy, 51))).acknowledged, [(MemberId(id(1)), NOON)]);
}

#[test]
fn judgements_ratings_and_acceptances() {
    let mut tom = Replica::new(1);
    let (requirement, risk) = (rec(Kind::Requirement, 60), rec(Kind::Register, 61));
    tom.create(requirement, vec![(Field::Title, "On the day".into())]);
    tom.does(&acts::judge_requirement(requirement, id(62), "partly", "Nine of ten."));
    tom.does(&acts::judge_requirement(requirement, id(63), "met", ""));
    let lens = Requirement::of(tom.record(requirement));
    assert_eq!((lens.judgements.len(), lens.judgement().unwrap().status.as_str()), (1, "met"));
    let act = acts::judge_requirement(requirement, id(64), "wonderful", "");
    assert!(matches!(tom.refused(act.edits[0].clone()), Refusal::WrongValue { .. }));
    // The least favourable of two judgements counts.
    let mut clara = tom.colleague(2);
    tom.does(&acts::judge_requirement(requirement, id(65), "unknown", ""));
    clara.does(&acts::judge_requirement(requirement, id(66), "not-met", ""));
    sync(&mut tom, &mut clara);
    let lens = Requirement::of(tom.record(requirement));
    assert!(lens.is_contested() && lens.judgement().unwrap().status == "not-met");

    tom.create(risk, vec![(Field::Title, "Floods".into()), (Field::Kind, "risk".into())]);
    tom.does(&acts::rate(risk, id(67), Phase::Now, "4x4".parse().unwrap(), "Twice in ten years.", None));
    tom.does(&acts::rate(
        risk,
        id(68),
        Phase::Now,
        "2x5".parse().unwrap(),
        "The wall is built.",
        Some(id(9)),
    ));
    let next = today().plus_days(60);
    let look = acts::look_at_entry(risk, id(69), true, "The wall.", next, &doer(&tom));
    tom.does(&look);
    let accept = acts::accept_risk(tom.record(risk), id(70), next, "While the wall stands.", None);
    tom.does(&accept);
    let entry = RegisterEntry::of(tom.record(risk), &Settings::of(&tom.view));
    assert_eq!((entry.now.current.len(), entry.now.score().unwrap().product()), (1, 10));
    assert_eq!(
        (entry.last_look, entry.review_due, entry.status.as_str()),
        (Some(today()), Some(next), "accepted")
    );
    assert_eq!(entry.acceptance.unwrap().until, Some(next));
}

#[test]
fn direction_context_and_objectives() {
    let mut tom = Replica::new(1);
    tom.does(&acts::confirm_direction(id(80), Some(id(9))));
    tom.does(&acts::say_climate(id(81), "partly", "Heat in the hall.", None));
    let direction = Direction::of(&tom.view);
    assert_eq!(
        (direction.last_confirmed(), direction.climate[0].relevant.as_str()),
        (Some(today()), "partly")
    );
    assert!(direction.is_blank());

    let (issue, feedback, objective) =
        (rec(Kind::Issue, 82), rec(Kind::Feedback, 83), rec(Kind::Objective, 84));
    tom.create(issue, vec![(Field::Title, "Rules".into()), (Field::Watch, "quarterly".into())]);
    assert_eq!(Issue::of(tom.record(issue)).look_due(), None);
    let look = acts::look_at_issue(issue, id(85), false, &doer(&tom));
    tom.does(&look);
    let lens = Issue::of(tom.record(issue));
    assert_eq!(
        (lens.last_look(), lens.look_due(), lens.looks[0].changed),
        (Some(today()), Some(today().plus_days(91)), Some(false))
    );

    tom.create(feedback, vec![(Field::Title, "Late again".into()), (Field::Kind, "complaint".into())]);
    let handled = acts::handle_feedback(feedback, "Called them.", &doer(&tom));
    tom.does(&handled);
    let lens = Feedback::of(tom.record(feedback)).handled.unwrap();
    assert_eq!(
        (lens.by, lens.on, lens.note.as_deref()),
        (Some(MemberId(id(1))), Some(today()), Some("Called them."))
    );

    tom.create(objective, vec![(Field::Title, "Training".into())]);
    let none = acts::say_no_means_needed(objective, "Within the team.", &doer(&tom));
    tom.does(&none);
    let lens = Objective::of(tom.record(objective));
    assert!(lens.no_means_needed);
    assert_eq!(lens.no_means.unwrap().reason.as_deref(), Some("Within the team."));
}

#[test]
fn a_decision_is_frozen_dated_and_moved_at_once() {
    let mut tom = Replica::new(1);
    let decision = rec(Kind::Decision, 90);
    tom.create(decision, vec![(Field::Title, "Bench 3".into()), (Field::Wording, "Buy bench 3.".into())]);
    let later = today().plus_days(30);
    let act =
        acts::decide(tom.record(decision), Outcome::Deferred(later), &[], "Finance is missing.", &doer(&tom));
    tom.does(&act);
    let lens = Decision::of(tom.record(decision));
    assert_eq!((lens.status.as_str(), lens.deferred_until, lens.decided_on), ("deferred", Some(later), None));
    let act = acts::decide(
        tom.record(decision),
        Outcome::Decided,
        &[MemberId(id(1)), MemberId(id(2))],
        "",
        &doer(&tom),
    );
    tom.does(&act);
    let lens = Decision::of(tom.record(decision));
    assert_eq!(
        (lens.status.as_str(), lens.wording.as_str(), lens.decided_on),
        ("decided", "Buy bench 3.", Some(today()))
    );
    assert_eq!(lens.decided_by.len(), 2);
}

/// Moving a record to the state it is in confirms it: an entry of the story, and the state stays.
#[test]
fn a_state_can_be_confirmed() {
    let mut tom = Replica::new(1);
    let action = rec(Kind::Action, 95);
    tom.create(action, vec![]);
    tom.go(action, "in-progress");
    tom.does(&acts::confirm_state(action, "in-progress", "Seen."));
    let lens = Action::of(tom.record(action));
    assert_eq!(
        (lens.status.as_str(), lens.steps.len(), lens.steps[1].note.as_str()),
        ("in-progress", 2, "Seen.")
    );
    tom.refused(Edit::Move { record: action, to: "verified".into(), note: String::new() });
    let singleton = RecordRef::singleton(Kind::Settings);
    assert_eq!(
        tom.refused(Edit::Move { record: singleton, to: "x".into(), note: String::new() }),
        Refusal::NoLifecycle
    );
}

/// Where no way leads, the document refuses and says from where to where.
#[test]
fn an_act_that_the_life_cycle_does_not_know_is_refused() {
    let mut tom = Replica::new(1);
    let action = rec(Kind::Action, 96);
    tom.create(action, vec![]);
    let cancel = Edit::Move { record: action, to: "cancelled".into(), note: String::new() };
    tom.act(vec![cancel]);
    let done = acts::done(tom.record(action), "", None, &doer(&tom));
    let refused = tom.try_act(&done.name, done.edits).unwrap_err();
    assert_eq!(refused.to_string(), format!("edit 1 of {action}.status: cannot go from cancelled to done"));
}
