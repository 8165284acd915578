//! The data file, row by row. Days are offsets from the anchor; `m-…`, `O1`, `R07` are the codes of the story.

use serde::{Deserialize, de::IgnoredAny};
use std::collections::BTreeMap;

/// The file as it is, for tests that compare the document with it.
pub const RAW: &str = include_str!("../data/sample-workspace.json");

/// The data file and the program disagree.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// Not the JSON that was expected.
    #[error("the sample data cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// A row names something that no row defines.
    #[error("the sample data names {0}, which it does not define")]
    Unknown(String),
}

#[derive(Debug, Deserialize)]
pub(crate) struct Data {
    pub(crate) members: Vec<Member>,
    pub(crate) goals: Vec<Goal>,
    pub(crate) objectives: Vec<Objective>,
    pub(crate) kpis: Vec<Kpi>,
    pub(crate) series: BTreeMap<String, Vec<Option<f64>>>,
    pub(crate) register: Vec<RegisterRow>,
    pub(crate) appetite: BTreeMap<String, i64>,
    pub(crate) actions: Vec<Action>,
    pub(crate) reviews: Vec<Review>,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) parties: Vec<(String, String, String)>,
    pub(crate) requirements: Vec<(String, String, String, String)>,
    pub(crate) issues: Vec<(String, String, String)>,
    pub(crate) grants: Vec<Grant>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) concerns: Vec<Concern>,
    pub(crate) improvements: Vec<(String, String, String)>,
    pub(crate) audits: Vec<(String, String, String, i32, String)>,
    pub(crate) findings: Vec<(String, String, String)>,
    pub(crate) feedback: Vec<(String, String, String, i64)>,
    pub(crate) policy: Vec<(String, i32, String)>,
    pub(crate) commitments: Vec<(String, String)>,
    pub(crate) behaviours: Vec<(String, i32)>,
}

/// Code, name, title with a remark, part in the team, whether top management.
#[derive(Debug, Deserialize)]
pub(crate) struct Member(
    pub(crate) String,
    pub(crate) String,
    pub(crate) String,
    pub(crate) String,
    pub(crate) bool,
);

/// Code, title, sponsor, horizon in years.
#[derive(Debug, Deserialize)]
pub(crate) struct Goal(pub(crate) String, pub(crate) String, pub(crate) String, pub(crate) i64);

#[derive(Debug, Deserialize)]
pub(crate) struct Objective(
    pub(crate) String,
    pub(crate) String,
    /// Goal, or nothing.
    pub(crate) String,
    /// Owner.
    pub(crate) String,
    /// KPI, or nothing.
    pub(crate) String,
    /// Start.
    pub(crate) f64,
    /// Target.
    pub(crate) f64,
    /// Due day.
    pub(crate) i32,
    /// Commitment, or nothing.
    pub(crate) String,
    /// Means declared.
    pub(crate) bool,
    /// State.
    pub(crate) String,
);

/// Code, title, unit, better, dimension, in bonus, target, owner.
#[derive(Debug, Deserialize)]
pub(crate) struct Kpi(
    pub(crate) String,
    pub(crate) String,
    pub(crate) String,
    pub(crate) String,
    pub(crate) String,
    pub(crate) bool,
    pub(crate) f64,
    pub(crate) String,
);

#[derive(Debug, Deserialize)]
pub(crate) struct RegisterRow {
    pub(crate) code: String,
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) category: String,
    pub(crate) owner: String,
    pub(crate) before: String,
    pub(crate) now: String,
    pub(crate) aim: String,
    pub(crate) response: String,
    pub(crate) review_due: i32,
    pub(crate) state: String,
    pub(crate) serves: Vec<String>,
    pub(crate) actions: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Action {
    pub(crate) code: String,
    pub(crate) title: String,
    pub(crate) source: String,
    pub(crate) owner: String,
    pub(crate) due: i32,
    pub(crate) state: String,
    pub(crate) closed: Option<i32>,
    pub(crate) evidence: u32,
    pub(crate) verifier: Option<String>,
    pub(crate) effect: Option<String>,
    pub(crate) pushes: i32,
}

/// A past review. How many items it had, how many of them it decided and how alike its notes were is computed from what
/// is told, so it is not read here.
#[derive(Debug, Deserialize)]
pub(crate) struct Review {
    pub(crate) code: String,
    pub(crate) day: i32,
    pub(crate) planned_minutes: i64,
    pub(crate) actual_minutes: i64,
    pub(crate) top_present: usize,
    pub(crate) chair_present: bool,
    pub(crate) inputs_ready: usize,
    _to_decide: IgnoredAny,
    _decided: IgnoredAny,
    _notes_alike: IgnoredAny,
    pub(crate) signed_after: i32,
    pub(crate) signers: usize,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Decision {
    pub(crate) code: String,
    pub(crate) review: String,
    pub(crate) title: String,
    pub(crate) outcome: String,
    pub(crate) kind: String,
    pub(crate) tradeoff: String,
    pub(crate) actions: Vec<String>,
}

/// Code, title, holder, kind, limit in EUR, state, since.
#[derive(Debug, Deserialize)]
pub(crate) struct Grant(
    pub(crate) String,
    pub(crate) String,
    pub(crate) String,
    pub(crate) String,
    pub(crate) Option<i64>,
    pub(crate) String,
    pub(crate) Option<i32>,
);

/// Code, title, objective, amount in EUR, state, asked, answered.
#[derive(Debug, Deserialize)]
pub(crate) struct Resource(
    pub(crate) String,
    pub(crate) String,
    pub(crate) String,
    pub(crate) Option<i64>,
    pub(crate) String,
    pub(crate) i32,
    pub(crate) Option<i32>,
);

/// Code, channel, raised, first answer, closed, outcome, area.
#[derive(Debug, Deserialize)]
pub(crate) struct Concern(
    pub(crate) String,
    pub(crate) String,
    pub(crate) i32,
    pub(crate) Option<i32>,
    pub(crate) Option<i32>,
    pub(crate) Option<String>,
    pub(crate) String,
);

pub(crate) fn read() -> Result<Data, DataError> {
    Ok(serde_json::from_str(RAW)?)
}

impl Data {
    /// The first name of each member of the top team, by code.
    pub(crate) fn first_names(&self) -> BTreeMap<String, String> {
        let top = self.members.iter().filter(|member| member.4);
        top.map(|member| (member.0.clone(), member.1.split(' ').next().unwrap_or_default().to_owned()))
            .collect()
    }
}

/// The title without the remark in brackets.
pub(crate) fn title_of(title: &str) -> &str {
    title.split(" (").next().unwrap_or(title)
}
