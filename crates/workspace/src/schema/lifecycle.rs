//! Life cycles: the states of a record, the allowed moves, and the cautious order of states (domain model 4.3).

use crate::Kind;

/// The states of a kind and the moves between them.
#[derive(Debug)]
pub struct Lifecycle {
    /// All states in cautious order: while two are open, the leftmost is shown.
    pub states: &'static [&'static str],
    /// The state of a new record.
    pub initial: &'static str,
    moves: &'static [(&'static str, &'static [&'static str])],
}

impl Lifecycle {
    /// Whether a record may go from one state to another. `*` among the moves stands for any state.
    pub fn allows(&self, from: &str, to: &str) -> bool {
        self.moves
            .iter()
            .any(|(source, targets)| (*source == from || *source == "*") && targets.contains(&to))
    }

    /// Where a record can go from `from`.
    pub fn next(&self, from: &str) -> impl Iterator<Item = &'static str> {
        self.states.iter().copied().filter(move |to| *to != from && self.allows(from, to))
    }
}

pub(super) fn of(kind: Kind, variant: Option<&str>) -> Option<&'static Lifecycle> {
    Some(match kind {
        Kind::Goal => &GOAL,
        Kind::Objective => &OBJECTIVE,
        Kind::Policy => &POLICY,
        Kind::Register => match variant {
            Some("risk") => &RISK,
            Some("opportunity") => &OPPORTUNITY,
            _ => &REGISTER,
        },
        Kind::Need => &NEED,
        Kind::Grant => &GRANT,
        Kind::Review => &REVIEW,
        Kind::AgendaItem => &AGENDA_ITEM,
        Kind::Decision => &DECISION,
        Kind::ChangePlan => &CHANGE_PLAN,
        Kind::Action => &ACTION,
        Kind::Concern => &CONCERN,
        Kind::Improvement => &IMPROVEMENT,
        Kind::Finding => &FINDING,
        Kind::Handover => &HANDOVER,
        _ => return None,
    })
}

static GOAL: Lifecycle = Lifecycle {
    states: &["draft", "paused", "active", "dropped", "achieved"],
    initial: "draft",
    moves: &[
        ("draft", &["active"]),
        ("active", &["achieved", "dropped", "paused"]),
        ("paused", &["active", "dropped"]),
    ],
};

static OBJECTIVE: Lifecycle = Lifecycle {
    states: &["draft", "proposed", "active", "at-rest", "missed", "withdrawn", "met"],
    initial: "draft",
    moves: &[
        ("draft", &["proposed", "withdrawn"]),
        ("proposed", &["active", "draft", "withdrawn"]),
        ("active", &["met", "missed", "withdrawn", "at-rest"]),
        ("at-rest", &["active", "withdrawn"]),
    ],
};

static POLICY: Lifecycle = Lifecycle {
    states: &["draft", "in-review", "in-force", "withdrawn", "superseded"],
    initial: "draft",
    moves: &[
        ("draft", &["in-review", "withdrawn"]),
        ("in-review", &["in-force", "draft", "withdrawn"]),
        ("in-force", &["superseded", "withdrawn"]),
    ],
};

static RISK: Lifecycle = Lifecycle {
    states: &["identified", "assessed", "treating", "accepted", "treated", "closed"],
    initial: "identified",
    moves: &[
        ("identified", &["assessed"]),
        ("assessed", &["treating", "accepted"]),
        ("treating", &["treated", "assessed"]),
        ("treated", &["assessed"]),
        ("accepted", &["assessed"]),
        // No longer applies, with the reason in the note.
        ("*", &["closed"]),
        ("closed", &["assessed"]),
    ],
};

static OPPORTUNITY: Lifecycle = Lifecycle {
    states: &["identified", "assessed", "exploring", "pursuing", "declined", "not-realised", "realised"],
    initial: "identified",
    moves: &[
        ("identified", &["assessed"]),
        ("assessed", &["pursuing", "exploring", "declined"]),
        ("exploring", &["pursuing", "declined"]),
        ("pursuing", &["realised", "not-realised"]),
        ("declined", &["assessed"]),
    ],
};

/// An entry that does not say whether it is a risk or an opportunity: only for reading. The order agrees with both.
static REGISTER: Lifecycle = Lifecycle {
    states: &[
        "identified",
        "assessed",
        "treating",
        "exploring",
        "pursuing",
        "accepted",
        "treated",
        "declined",
        "not-realised",
        "realised",
        "closed",
    ],
    initial: "identified",
    moves: &[],
};

static NEED: Lifecycle = Lifecycle {
    states: &["requested", "deferred", "refused", "committed", "delivered"],
    initial: "requested",
    moves: &[
        ("requested", &["committed", "refused", "deferred"]),
        ("deferred", &["requested", "committed", "refused"]),
        ("refused", &["requested"]),
        ("committed", &["delivered", "requested"]),
    ],
};

static GRANT: Lifecycle = Lifecycle {
    states: &["proposed", "revoked", "expired", "active"],
    initial: "proposed",
    moves: &[
        ("proposed", &["active", "revoked"]),
        ("active", &["expired", "revoked"]),
        ("expired", &["active"]),
    ],
};

static REVIEW: Lifecycle = Lifecycle {
    states: &["planned", "preparing", "in-session", "closing", "cancelled", "amended", "signed"],
    initial: "planned",
    moves: &[
        ("planned", &["preparing", "cancelled"]),
        ("preparing", &["in-session", "cancelled"]),
        ("in-session", &["closing"]),
        ("closing", &["signed", "in-session"]),
        // Only by an addendum.
        ("signed", &["amended"]),
    ],
};

static AGENDA_ITEM: Lifecycle = Lifecycle {
    states: &["queued", "open", "deferred", "withdrawn", "done"],
    initial: "queued",
    moves: &[
        ("queued", &["open", "deferred", "withdrawn", "done"]),
        ("open", &["done", "deferred", "withdrawn", "queued"]),
        ("deferred", &["open", "queued"]),
        ("withdrawn", &["open", "queued"]),
        ("done", &["open"]),
    ],
};

static DECISION: Lifecycle = Lifecycle {
    states: &["drafted", "proposed", "deferred", "rejected", "withdrawn", "decided", "revised"],
    initial: "drafted",
    moves: &[
        ("drafted", &["proposed", "withdrawn"]),
        ("proposed", &["decided", "rejected", "deferred", "withdrawn", "drafted"]),
        ("deferred", &["proposed", "withdrawn"]),
        ("decided", &["revised"]),
    ],
};

static CHANGE_PLAN: Lifecycle = Lifecycle {
    states: &["draft", "agreed", "under-way", "withdrawn", "done"],
    initial: "draft",
    moves: &[
        ("draft", &["agreed", "withdrawn"]),
        ("agreed", &["under-way", "withdrawn", "draft"]),
        ("under-way", &["done", "withdrawn"]),
    ],
};

static ACTION: Lifecycle = Lifecycle {
    states: &["blocked", "open", "in-progress", "done", "ineffective", "verified", "effective", "cancelled"],
    initial: "open",
    moves: &[
        ("open", &["in-progress", "blocked", "done"]),
        ("in-progress", &["blocked", "done", "open"]),
        ("blocked", &["in-progress", "open"]),
        ("done", &["verified", "in-progress"]),
        ("verified", &["effective", "ineffective", "in-progress"]),
        ("*", &["cancelled"]),
    ],
};

static CONCERN: Lifecycle = Lifecycle {
    states: &["received", "acknowledged", "looking-into-it", "reopened", "answered", "closed"],
    initial: "received",
    moves: &[
        ("received", &["acknowledged"]),
        ("acknowledged", &["looking-into-it", "answered"]),
        ("looking-into-it", &["answered"]),
        ("answered", &["closed", "looking-into-it"]),
        ("closed", &["reopened"]),
        ("reopened", &["looking-into-it", "answered"]),
    ],
};

static IMPROVEMENT: Lifecycle = Lifecycle {
    states: &["proposed", "accepted", "trial", "dropped", "adopted"],
    initial: "proposed",
    moves: &[
        ("proposed", &["accepted", "dropped"]),
        ("accepted", &["trial", "adopted", "dropped"]),
        ("trial", &["adopted", "dropped"]),
    ],
};

static FINDING: Lifecycle = Lifecycle {
    states: &["reopened", "open", "action-agreed", "done", "verified"],
    initial: "open",
    moves: &[
        ("open", &["action-agreed"]),
        ("action-agreed", &["done", "open"]),
        ("done", &["verified", "action-agreed"]),
        ("verified", &["reopened"]),
        ("reopened", &["action-agreed", "done"]),
    ],
};

static HANDOVER: Lifecycle = Lifecycle {
    states: &["offered", "declined", "expired", "accepted"],
    initial: "offered",
    moves: &[("offered", &["accepted", "declined", "expired"])],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_name_only_known_states_and_every_state_is_reachable() {
        for kind in Kind::ALL.iter().copied() {
            for variant in [None, Some("risk"), Some("opportunity")] {
                let Some(life) = of(kind, variant) else { continue };
                assert!(life.states.contains(&life.initial));
                for (from, targets) in life.moves {
                    assert!(*from == "*" || life.states.contains(from), "{kind}: {from}");
                    for to in *targets {
                        assert!(life.states.contains(to), "{kind}: {to}");
                    }
                }
                for state in life.states {
                    let reachable = *state == life.initial
                        || life.moves.is_empty()
                        || life.states.iter().any(|from| from != state && life.allows(from, state));
                    assert!(reachable, "{kind}: nothing leads to {state}");
                }
            }
        }
    }

    #[test]
    fn the_union_order_agrees_with_risks_and_with_opportunities() {
        for life in [&RISK, &OPPORTUNITY] {
            let places: Vec<_> =
                life.states.iter().map(|state| REGISTER.states.iter().position(|s| s == state)).collect();
            assert!(places.iter().all(Option::is_some));
            assert!(places.is_sorted());
        }
    }
}
