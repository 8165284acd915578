//! What the answers write.

use super::question::{self, OBJECTIVE_FIELDS, Step};
use crate::{SUGGESTION, Template};
use ids::{MemberId, RecordId, Utf16Offset};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use workspace::{Act, Date, Edit, Field, Kind, Period, RecordRef, Scalar, View};

pub(super) fn of(
    template: &'static Template,
    answers: &BTreeMap<Step, Vec<String>>,
    view: &View,
    me: MemberId,
    today: Date,
    fresh: &mut dyn FnMut() -> RecordId,
) -> Act {
    let mut writing =
        Writing { template, answers, view, me, today, fresh, edits: Vec::new(), people: Vec::new() };
    writing.people();
    writing.business();
    writing.registers();
    writing.objectives();
    writing.rhythm();
    Act::new("workspace.begin", writing.edits)
}

struct Writing<'a> {
    template: &'static Template,
    answers: &'a BTreeMap<Step, Vec<String>>,
    view: &'a View,
    me: MemberId,
    today: Date,
    fresh: &'a mut dyn FnMut() -> RecordId,
    edits: Vec<Edit>,
    /// Everybody who leads, by name.
    people: Vec<(String, RecordId)>,
}

impl Writing<'_> {
    fn answer(&self, step: Step, field: usize) -> &str {
        self.answers.get(&step).and_then(|answers| answers.get(field)).map_or("", String::as_str)
    }

    fn people(&mut self) {
        let workspace = self.answer(Step::Names, 0).to_owned();
        self.set(RecordRef::singleton(Kind::Settings), Field::Name, workspace);
        let (name, role) = (self.answer(Step::Names, 1).to_owned(), self.answer(Step::Names, 2).to_owned());
        let me = RecordRef::new(Kind::Member, self.me.0);
        if self.view.record(me).is_none() {
            self.member(me, &name, &role, "top");
        }
        self.people.push((name.to_lowercase(), self.me.0));
        for field in 0..question::PEOPLE {
            let answer = self.answer(Step::People, field).to_owned();
            let (name, role) =
                answer.split_once(',').map_or((answer.as_str(), ""), |(name, role)| (name, role));
            let (name, role) = (name.trim(), role.trim());
            let known = self.people.iter().any(|(known, _)| *known == name.to_lowercase());
            if name.is_empty() || known {
                continue;
            }
            let there = self.view.live(Kind::Member).find(|member| member.title().eq_ignore_ascii_case(name));
            let id = match there {
                Some(member) => member.id,
                None => {
                    let record = RecordRef::new(Kind::Member, (self.fresh)());
                    self.member(record, name, role, "lead");
                    record.id
                }
            };
            self.people.push((name.to_lowercase(), id));
        }
    }

    fn member(&mut self, record: RecordRef, name: &str, role: &str, kind: &str) {
        let mut fields = vec![(Field::Title, name.into()), (Field::Kind, kind.into())];
        if !role.is_empty() {
            fields.push((Field::RoleTitle, role.into()));
        }
        self.edits.push(Edit::Create { record, fields });
    }

    fn business(&mut self) {
        let direction = RecordRef::singleton(Kind::Direction);
        let sell = self.answer(Step::Sell, 0).to_owned();
        let is_blank =
            self.view.record(direction).is_none_or(|record| record.text(Field::Purpose).is_empty());
        if !sell.is_empty() && is_blank {
            let customers: Vec<&str> = (0..question::CUSTOMERS)
                .map(|field| self.answer(Step::Customers, field))
                .filter(|customer| !customer.is_empty())
                .collect();
            let whom = if customers.is_empty() {
                String::new()
            } else {
                format!("\nFor: {}.", customers.join("; "))
            };
            let insert = format!("We sell: {sell}.{whom}");
            self.edits.push(Edit::Splice {
                record: direction,
                field: Field::Purpose,
                at: Utf16Offset(0),
                delete: 0,
                insert,
            });
        }
        self.each(Step::Customers, Kind::Party, "party", question::CUSTOMERS);
        self.each(Step::Leave, Kind::Requirement, "requirement", question::REQUIREMENTS);
        let (year, _, _) = self.today.civil();
        for goal in self.each(Step::GoRight, Kind::Goal, "goal", question::GOALS) {
            self.set(goal, Field::Sponsor, self.me);
            self.set(goal, Field::Horizon, i64::from(year) + 2);
            self.go(goal, "active");
        }
        self.edits.extend(self.accepted(self.template.record(Kind::Policy, "policy")));
        for number in 1..=3 {
            self.edits
                .extend(self.accepted(self.template.record(Kind::Commitment, &format!("promise-{number}"))));
        }
    }

    fn registers(&mut self) {
        let asked = [
            (Step::Worries, "risk", question::RISKS),
            (Step::Better, "opportunity", question::OPPORTUNITIES),
        ];
        for (step, what, count) in asked {
            for entry in self.each(step, Kind::Register, what, count) {
                self.set(entry, Field::Owner, self.me);
                self.set(entry, Field::ReviewDue, self.today.plus_days(60));
            }
        }
        for number in 1..=4 {
            let action = self.template.record(Kind::Action, &format!("action-{number}"));
            if self.is_there(action) {
                self.set(action, Field::Owner, self.me);
                self.set(action, Field::Due, self.today.plus_days(14 * number));
                self.edits.extend(self.accepted(action));
            }
        }
    }

    fn objectives(&mut self) {
        for at in 0..question::OBJECTIVES {
            let field = |part: usize| at * OBJECTIVE_FIELDS + part;
            let objective = self.template.record(Kind::Objective, &format!("objective-{}", at + 1));
            let kpi = self.template.record(Kind::Kpi, &format!("kpi-{}", at + 1));
            let title = self.answer(Step::Objectives, field(0)).to_owned();
            if !self.keep(objective, &title) {
                self.remove(kpi);
                continue;
            }
            let owner = self.answer(Step::Objectives, field(1)).to_lowercase();
            let owner = self.people.iter().find(|(name, _)| {
                *name == owner || name.split(' ').next().is_some_and(|first| first == owner)
            });
            let owner = owner.map_or(self.me.0, |(_, id)| *id);
            let (now, target) = (
                self.answer(Step::Objectives, field(2)).to_owned(),
                self.answer(Step::Objectives, field(3)).to_owned(),
            );
            self.set(objective, Field::Accountable, owner);
            self.set(kpi, Field::Owner, owner);
            self.edits.extend(self.accepted(kpi));
            if !target.is_empty() {
                let known =
                    self.view.record(objective).and_then(|record| record.atom(Field::Target).cloned());
                let mut whole = known.and_then(|known| known.as_object().cloned()).unwrap_or_default();
                whole.insert("value".to_owned(), target.into());
                whole.insert("due".to_owned(), self.today.plus_days(365).to_string().into());
                self.set(objective, Field::Target, Json::Object(whole));
            }
            if !now.is_empty() {
                self.set(objective, Field::Start, json!({"date": self.today.to_string(), "value": now}));
                let record = RecordRef::new(Kind::Measurement, (self.fresh)());
                let fields = vec![
                    (Field::Kpi, kpi.id.into()),
                    (Field::Period, Period::month_of(self.today).to_string().into()),
                    (Field::Value, json!({"value": now, "basis": "estimate"}).into()),
                ];
                self.edits.push(Edit::Create { record, fields });
            }
            self.go(objective, "proposed");
        }
    }

    fn rhythm(&mut self) {
        let (meeting, day) =
            (self.answer(Step::Rhythm, 0).to_owned(), self.answer(Step::Rhythm, 1).to_owned());
        let cadence = self.template.record(Kind::Cadence, "quarterly");
        let review = self.template.record(Kind::Review, "review");
        if !meeting.is_empty() && self.is_there(cadence) {
            self.set(cadence, Field::AttachedTo, json!({"name": meeting}));
        }
        self.edits.extend(self.accepted(cadence));
        if self.is_there(review) {
            self.set(review, Field::Scheduled, json!({"date": day, "minutes": 75}));
            self.set(review, Field::Chair, self.me);
            self.edits.extend(self.accepted(review));
        }
    }

    /// The records of a question that stay, with the titles that were answered.
    fn each(&mut self, step: Step, kind: Kind, what: &str, count: usize) -> Vec<RecordRef> {
        let mut kept = Vec::new();
        for field in 0..count {
            let record = self.template.record(kind, &format!("{what}-{}", field + 1));
            let title = self.answer(step, field).to_owned();
            if self.keep(record, &title) {
                kept.push(record);
            }
        }
        kept
    }

    /// Gives a record its title and accepts it, or removes it when the title is empty.
    fn keep(&mut self, record: RecordRef, title: &str) -> bool {
        if !self.is_there(record) {
            return false;
        }
        if title.is_empty() {
            self.remove(record);
            return false;
        }
        self.set(record, Field::Title, title.to_owned());
        self.edits.extend(self.accepted(record));
        true
    }

    fn remove(&mut self, record: RecordRef) {
        if self.is_there(record) {
            self.edits.push(Edit::Delete { record, reason: "Not chosen at the start.".to_owned() });
        }
    }

    fn is_there(&self, record: RecordRef) -> bool {
        self.view.record(record).is_some_and(|record| !record.is_deleted())
    }

    /// Writes a value unless it stands there already.
    fn set(&mut self, record: RecordRef, field: Field, value: impl Into<Scalar>) {
        let value = value.into();
        let known = self.view.record(record).and_then(|record| record.register(field));
        if known.is_none_or(|known| known.is_contested() || known.shown() != Some(&value)) {
            self.edits.push(Edit::Set { record, field, value: Some(value) });
        }
    }

    fn go(&mut self, record: RecordRef, to: &str) {
        let known = self.view.record(record);
        let may = known.is_some_and(|known| {
            known.status().is_some_and(|from| known.lifecycle().is_some_and(|life| life.allows(from, to)))
        });
        if may {
            self.edits.push(Edit::Move { record, to: to.to_owned(), note: String::new() });
        }
    }

    /// A record that is no suggestion any more.
    fn accepted(&self, record: RecordRef) -> Option<Edit> {
        let tagged = self.view.record(record)?.members(Field::Tags).any(|tag| tag == SUGGESTION);
        tagged.then(|| Edit::Exclude { record, field: Field::Tags, member: SUGGESTION.to_owned() })
    }
}
