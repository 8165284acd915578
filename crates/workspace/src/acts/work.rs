//! Following an action to its end: done, verified by another, effect checked.

use super::{Doer, way::lead};
use crate::{Act, Date, Edge, Edit, Field, Initial, Kind, Record, RecordRef, Relation};
use ids::RecordId;
use serde_json::{Map, Value as Json, json};

/// What somebody found who looked whether an action worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It worked.
    Effective,
    /// It worked in part; the action stays verified.
    Partly,
    /// It did not work: another action should follow.
    Ineffective,
}

/// The action is done. `effect_check` is the day on which somebody looks whether it worked, and by what.
pub fn done(action: &Record, what_changed: &str, effect_check: Option<(Date, &str)>, doer: &Doer) -> Act {
    let record = action.reference();
    let mut value = Map::new();
    value.insert("by".into(), doer.member.to_string().into());
    value.insert("at".into(), doer.now.as_millis().into());
    value.insert("date".into(), doer.today.to_string().into());
    if !what_changed.trim().is_empty() {
        value.insert("whatChanged".into(), what_changed.into());
    }
    let value = Some(Json::Object(value).into());
    let mut edits = vec![Edit::Set { record, field: Field::Done, value }];
    if let Some((planned, criterion)) = effect_check {
        let value = Some(json!({ "planned": planned.to_string(), "criterion": criterion }).into());
        edits.push(Edit::Set { record, field: Field::EffectCheck, value });
    }
    edits.extend(lead(action, "done", ""));
    Act::new("action.done", edits)
}

/// Somebody looked and it is done.
pub fn verify(action: &Record, entry: RecordId, note: &str, doer: &Doer) -> Act {
    let mut edits = vec![looked(action, Field::Verifications, entry, "verified", note, doer)];
    edits.extend(lead(action, "verified", ""));
    Act::new("action.verify", edits)
}

/// Somebody looked and something is missing: back to work.
pub fn send_back(action: &Record, entry: RecordId, note: &str, doer: &Doer) -> Act {
    let mut edits = vec![looked(action, Field::Verifications, entry, "sent-back", note, doer)];
    edits.extend(lead(action, "in-progress", ""));
    Act::new("action.send-back", edits)
}

/// Somebody looked whether it worked.
pub fn check_effect(action: &Record, entry: RecordId, effect: Effect, note: &str, doer: &Doer) -> Act {
    let word = match effect {
        Effect::Effective => "effective",
        Effect::Partly => "partly",
        Effect::Ineffective => "ineffective",
    };
    let mut edits = vec![looked(action, Field::EffectResults, entry, word, note, doer)];
    if effect != Effect::Partly {
        edits.extend(lead(action, word, ""));
    }
    Act::new("action.check", edits)
}

/// Moves the due day. The move stays in the record, with who made it.
pub fn postpone(action: RecordRef, due: Date) -> Act {
    let edit = Edit::Set { record: action, field: Field::Due, value: Some(due.into()) };
    Act::one("action.postpone", edit)
}

/// A new action that comes from another record: an action that did not work, a decision, a finding, a risk.
pub fn follow_up(action: RecordId, source: RecordRef, fields: Vec<(Field, Initial)>) -> Act {
    let record = RecordRef::new(Kind::Action, action);
    let comes_from = Edge::new(Relation::ComesFrom, record, source);
    let mut edits = vec![Edit::Create { record, fields }, Edit::Link(comes_from)];
    if source.kind == Kind::Decision {
        edits.push(Edit::Link(Edge::new(Relation::Realises, record, source)));
    }
    Act::new("action.add", edits)
}

fn looked(action: &Record, field: Field, entry: RecordId, result: &str, note: &str, doer: &Doer) -> Edit {
    let value = json!({ "date": doer.today.to_string(), "result": result, "note": note });
    Edit::Supersede { record: action.reference(), field, entry, value }
}
