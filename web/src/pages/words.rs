//! The words of the screens for the words of the document. A word that this version does not know is shown as it is.

use crate::components::{choice::Choice, mark::Tone};
use workspace::{Field, Kind, Relation, schema};

/// "in-progress" is "In progress"; the few that read badly have their own words.
pub(crate) fn label(word: &str) -> String {
    match word {
        "at-rest" => return "At rest".to_owned(),
        "not-realised" => return "Not realised".to_owned(),
        "stop_work" => return "Stop work".to_owned(),
        _ => {}
    }
    let spaced = word.replace(['-', '_'], " ");
    let mut chars = spaced.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// What a move is called on its button.
pub(crate) fn verb(kind: Kind, from: &str, to: &str) -> String {
    let words = match (kind, from, to) {
        (Kind::Action, "done" | "verified", "in-progress") => "Send back",
        (Kind::Action, "blocked", "in-progress") => "Go on",
        (Kind::Action, _, "in-progress") => "Start",
        (Kind::Action, _, "open") => "Put back to open",
        (Kind::Action, _, "blocked") => "Blocked",
        (Kind::Action, _, "done") => "Done",
        (Kind::Action, _, "verified") => "Verify",
        (Kind::Action, _, "effective") => "It worked",
        (Kind::Action, _, "ineffective") => "It did not work",
        (_, _, "cancelled") => "Cancel",
        (Kind::Register, "closed" | "declined", "assessed") => "Reopen",
        (Kind::Register, "accepted", "assessed") => "End acceptance",
        (Kind::Register, "treating" | "treated", "assessed") => "Back to assessed",
        (Kind::Register, _, "treating") => "Start treating",
        (Kind::Register, _, "treated") => "Treated",
        (Kind::Register, _, "accepted") => "Accept until",
        (Kind::Register, _, "closed") => "Close",
        (Kind::Register, _, "pursuing") => "Pursue",
        (Kind::Register, _, "exploring") => "Explore",
        (Kind::Register, _, "declined") => "Decline",
        (Kind::Objective, "at-rest", "active") => "Take up again",
        (Kind::Objective, "proposed", "draft") => "Back to draft",
        (Kind::Objective, _, "proposed") => "Propose",
        (Kind::Objective, _, "active") => "Activate",
        (Kind::Objective, _, "at-rest") => "Rest",
        (Kind::Objective, _, "withdrawn") => "Withdraw",
        (Kind::Goal, _, "active") => "Pursue",
        (Kind::Goal, _, "paused") => "Pause",
        (Kind::Goal, _, "dropped") => "Drop",
        (Kind::Goal, _, "achieved") => "Achieved",
        (Kind::Policy, _, "in-review") => "Put up for review",
        (Kind::Policy, "in-review", "draft") => "Back to draft",
        (Kind::Policy, _, "withdrawn") => "Withdraw",
        (Kind::Decision, _, "proposed") => "Put forward",
        (Kind::Decision, _, "withdrawn") => "Take back",
        (Kind::Need, _, "requested") => "Ask again",
        (Kind::Need, _, "delivered") => "It is here",
        (Kind::Grant, _, "active") => "Give it",
        (Kind::Grant, _, "revoked") => "Take it back",
        (Kind::Grant, _, "expired") => "It has run out",
        _ => return label(to),
    };
    words.to_owned()
}

/// The order in which moves are offered: onwards first, back next, out last.
pub(crate) fn move_place(to: &str) -> usize {
    const ORDER: [&str; 25] = [
        "proposed",
        "treating",
        "treated",
        "pursuing",
        "exploring",
        "realised",
        "not-realised",
        "accepted",
        "assessed",
        "verified",
        "effective",
        "ineffective",
        "in-progress",
        "done",
        "active",
        "met",
        "missed",
        "blocked",
        "at-rest",
        "open",
        "draft",
        "declined",
        "withdrawn",
        "closed",
        "cancelled",
    ];
    ORDER.iter().position(|known| *known == to).unwrap_or(ORDER.len())
}

/// How a state is marked.
pub(crate) fn status_tone(status: &str) -> Tone {
    match status {
        "active" | "in-progress" | "treating" | "pursuing" | "exploring" => Tone::Under,
        "blocked" => Tone::Blocked,
        "done" | "verified" | "treated" | "closed" | "superseded" | "achieved" | "answered" => Tone::Over,
        "met" | "effective" | "realised" | "in-force" | "delivered" => Tone::Good,
        "missed" | "ineffective" | "refused" => Tone::Off,
        "accepted" | "expired" | "deferred" => Tone::Watch,
        "committed" | "in-review" | "trial" => Tone::Under,
        _ => Tone::Unknown,
    }
}

/// The words a field offers, from the schema: a screen offers what the document takes.
pub(crate) fn choices(kind: Kind, field: Field) -> Vec<Choice> {
    match schema::spec(kind, field).map(|spec| spec.ty) {
        Some(schema::Type::OneOf(words)) => {
            words.iter().map(|word| Choice::new(*word, label(word))).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether climate change bears on something.
pub(crate) fn climate_choices() -> Vec<Choice> {
    vec![Choice::new("yes", "Yes"), Choice::new("partly", "In part"), Choice::new("no", "No")]
}

/// How far a requirement is judged to be met, with its mark.
pub(crate) fn judgement(status: &str) -> (Tone, String) {
    match status {
        "met" => (Tone::Good, "Met".to_owned()),
        "partly" => (Tone::Watch, "Met in part".to_owned()),
        "not-met" => (Tone::Off, "Not met".to_owned()),
        "unknown" => (Tone::Unknown, "Nobody knows".to_owned()),
        other => (Tone::Unknown, label(other)),
    }
}

/// The same as choices.
pub(crate) fn judgement_choices() -> Vec<Choice> {
    ["met", "partly", "not-met", "unknown"].map(|status| Choice::new(status, judgement(status).1)).to_vec()
}

/// What a record is called in a sentence.
pub(crate) fn noun(kind: Kind, variant: Option<&str>) -> &'static str {
    match (kind, variant) {
        (Kind::Register, Some("opportunity")) => "opportunity",
        (Kind::Register, _) => "risk",
        (Kind::Objective, _) => "objective",
        (Kind::Action, _) => "action",
        (Kind::Goal, _) => "goal",
        (Kind::Decision, _) => "decision",
        (Kind::Review, _) => "review",
        (Kind::Finding, _) => "finding",
        (Kind::Requirement, _) => "requirement",
        (Kind::Issue, _) => "issue",
        (Kind::Concern, _) => "concern",
        (Kind::Feedback, _) => "feedback",
        (Kind::Member, _) => "person",
        (Kind::Seat, _) => "seat",
        (Kind::Grant, _) => "grant",
        (Kind::Handover, _) => "handover",
        (Kind::Need, _) => "need",
        (Kind::Direction, _) => "direction",
        (Kind::Party, _) => "party",
        (Kind::Policy, _) => "policy",
        (Kind::Commitment, _) => "promise",
        (Kind::Kpi, _) => "kpi",
        (Kind::Measurement, _) => "value",
        (Kind::ReviewInput, _) => "input",
        (Kind::AgendaItem, _) => "point",
        (Kind::ChangePlan, _) => "change",
        (Kind::Evidence, _) => "evidence",
        (Kind::Audit, _) => "audit",
        (Kind::Improvement, _) => "improvement",
        (Kind::LeadershipEntry, _) => "entry",
        (Kind::Cadence, _) => "rhythm",
        (Kind::Note, _) => "note",
        (Kind::Reading | Kind::Settings | Kind::Meta, _) => "setting",
    }
}

/// What several records of a kind are called, as a heading.
pub(crate) const fn nouns(kind: Kind) -> &'static str {
    match kind {
        Kind::Register => "Risks and opportunities",
        Kind::Objective => "Objectives",
        Kind::Action => "Actions",
        Kind::Goal => "Goals",
        Kind::Decision => "Decisions",
        Kind::Review => "Reviews",
        Kind::Finding => "Audit findings",
        Kind::Requirement => "Requirements",
        Kind::Issue => "Issues outside and inside",
        Kind::Concern => "Concerns",
        Kind::Feedback => "What customers said",
        Kind::Member => "People",
        Kind::Seat => "Seats",
        Kind::Grant => "Authority",
        Kind::Handover => "Handovers",
        Kind::Need => "Needs",
        Kind::Direction => "Direction",
        Kind::Party => "Parties",
        Kind::Policy => "Policy",
        Kind::Commitment => "Promises of the policy",
        Kind::Kpi => "KPIs",
        Kind::Measurement => "Values",
        Kind::ReviewInput => "Inputs of reviews",
        Kind::AgendaItem => "Points of agendas",
        Kind::ChangePlan => "Planned changes",
        Kind::Evidence => "Evidence",
        Kind::Audit => "Audits",
        Kind::Improvement => "Improvements",
        Kind::LeadershipEntry => "Leadership log",
        Kind::Cadence => "Rhythms",
        Kind::Note => "Notes",
        Kind::Reading | Kind::Settings | Kind::Meta => "Settings",
    }
}

/// What a field is called where a screen has no better word for it: its key in spaced words.
pub(crate) fn field(field: Field) -> String {
    let words = match field {
        Field::Kpi => "KPI",
        Field::Order => "Place",
        Field::Kind => "Kind",
        Field::Body => "Notes",
        Field::HowWeKnow => "How we know",
        Field::NeededBy => "Needed by",
        Field::RequestedBy => "Asked for by",
        Field::RequestedAt => "Asked on",
        Field::GrantedBy => "Given by",
        Field::Valid => "Valid",
        Field::InForce => "In force",
        Field::ReportsTo => "Reports to",
        Field::RoleTitle => "Role",
        _ => {
            let mut spaced = String::new();
            for char in field.key().chars() {
                if char.is_uppercase() {
                    spaced.push(' ');
                }
                spaced.extend(char.to_lowercase());
            }
            return label(&spaced);
        }
    };
    words.to_owned()
}

/// How a link reads from one of its ends: "serves" from the objective, "served by" from the goal.
pub(crate) const fn relation(relation: Relation, starts_here: bool) -> &'static str {
    match (relation, starts_here) {
        (Relation::Serves, true) => "serves",
        (Relation::Serves, false) => "served by",
        (Relation::Upholds, true) => "upholds",
        (Relation::Upholds, false) => "upheld by",
        (Relation::Threatens, true) => "threatens",
        (Relation::Threatens, false) => "threatened by",
        (Relation::Helps, true) => "helps",
        (Relation::Helps, false) => "helped by",
        (Relation::Treats, true) => "treats",
        (Relation::Treats, false) => "treated by",
        (Relation::Realises, true) => "realises",
        (Relation::Realises, false) => "realised by",
        (Relation::Decides, true) => "decides",
        (Relation::Decides, false) => "decided by",
        (Relation::Needs, true) => "needs",
        (Relation::Needs, false) => "needed by",
        (Relation::Authorises, true) => "authorises",
        (Relation::Authorises, false) => "authorised by",
        (Relation::Evidences, true) => "shows",
        (Relation::Evidences, false) => "shown by",
        (Relation::ComesFrom, true) => "comes from",
        (Relation::ComesFrom, false) => "led to",
        (Relation::Supersedes, true) => "supersedes",
        (Relation::Supersedes, false) => "superseded by",
        (Relation::Duplicates, true) => "duplicate of",
        (Relation::Duplicates, false) => "has a duplicate",
        (Relation::Discusses, true) => "discusses",
        (Relation::Discusses, false) => "discussed in",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_document_become_words_of_people() {
        assert_eq!(label("in-progress"), "In progress");
        assert_eq!(label("change_process"), "Change process");
        assert_eq!(label("\u{fc}berpr\u{fc}ft"), "\u{dc}berpr\u{fc}ft");
        assert_eq!(label(""), "");
        assert_eq!(field(Field::AlignmentException), "Alignment exception");
    }

    #[test]
    fn what_a_screen_offers_is_what_the_schema_takes() {
        let offered: Vec<String> =
            choices(Kind::Action, Field::Priority).into_iter().map(|choice| choice.value).collect();
        assert_eq!(offered, ["now", "soon", "later"]);
        assert!(choices(Kind::Action, Field::Due).is_empty());
    }
}
