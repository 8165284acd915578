//! One version of the policy is in force, and what is in force is pinned.

use super::{Finding, Level, Offer};
use crate::{AsOf, words};
use workspace::lens::Policy;
use workspace::{Kind, Record, RecordRef};

pub(super) fn find(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    if record.kind != Kind::Policy {
        return;
    }
    let version = Policy::of(record);
    if !version.is_in_force() {
        return;
    }
    let in_force = Policy::in_force(as_of.view);
    if let [older, _, ..] = in_force.as_slice() {
        let all: Vec<RecordRef> = in_force.iter().map(Policy::record).collect();
        let sentence = format!(
            "Two policies claim to be in force: {}. The older one, {}, counts until somebody decides.",
            as_of.titles_of(&all),
            as_of.title(older.record())
        );
        let stand = all.iter().map(|version| Offer::LetStand(*version)).collect::<Vec<_>>();
        findings.push(
            Finding::new("policy-in-force-twice", Level::Alert, version.record(), sentence)
                .with(all)
                .offering([Offer::Decide])
                .offering(stand),
        );
    }
    if version.in_force.is_empty() {
        let sentence = format!(
            "{} is called in force, but no state of it was pinned and no day was named.",
            as_of.title(version.record())
        );
        findings.push(
            Finding::new("policy-not-pinned", Level::Watch, version.record(), sentence)
                .offering([Offer::PutInForce]),
        );
    }
}

/// A team that wrote versions but has none in force.
pub(super) fn find_in_whole(as_of: &AsOf<'_>, findings: &mut Vec<Finding>) {
    let versions = as_of.all(Kind::Policy).count();
    if versions > 0 && Policy::in_force(as_of.view).is_empty() {
        let sentence = format!(
            "No version of the policy is in force; there are {}.",
            words::count(versions, "version", "versions")
        );
        findings.push(Finding::of_document("policy-none", Level::Info, "", sentence));
    }
}
