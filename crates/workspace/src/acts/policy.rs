//! Putting the policy in force, and having read it.

use super::{Doer, way::lead};
use crate::lens::Policy;
use crate::{Act, Date, Edit, Field, Record, RecordRef, View};
use ids::{Heads, RecordId};
use serde_json::{Map, Value as Json};

/// Says that the doer has read a version.
pub fn acknowledge_policy(version: RecordRef, doer: &Doer) -> Act {
    let member = doer.member.to_string();
    Act::one("policy.acknowledge", Edit::Include { record: version, field: Field::Acknowledgements, member })
}

/// Puts a version in force as it stands at `heads`; the versions in force until now are superseded in the same change.
pub fn put_policy_in_force(
    view: &View,
    version: &Record,
    from: Date,
    heads: &Heads,
    decision: Option<RecordId>,
) -> Act {
    let record = version.reference();
    let mut pinned = Map::new();
    pinned.insert("from".into(), from.to_string().into());
    pinned.insert("heads".into(), heads.iter().map(|hash| Json::from(hash.to_string())).collect());
    if let Some(decision) = decision {
        pinned.insert("decision".into(), decision.to_string().into());
    }
    let mut edits = lead(version, "in-force", "");
    let value = Some(Json::Object(pinned).into());
    edits.push(Edit::Set { record, field: Field::InForce, value });
    edits.extend(others_superseded(view, record));
    Act::new("policy.in-force", edits)
}

/// Of several versions that claim to be in force one stays; the others are superseded.
pub fn let_policy_stand(view: &View, stays: RecordRef) -> Act {
    Act::new("policy.choose", others_superseded(view, stays))
}

fn others_superseded(view: &View, stays: RecordRef) -> Vec<Edit> {
    let others = Policy::in_force(view).into_iter().map(|version| version.record());
    let others = others.filter(|version| *version != stays).filter_map(|version| view.record(version));
    others.flat_map(|version| lead(version, "superseded", "")).collect()
}
