//! What only the history of a document tells, gathered once: records edited although they were deleted, sessions of
//! unknown devices, times that cannot be right, and what a newer version wrote beside everything this one reads.

use super::{Told, edited_though_deleted, tell};
use crate::{Edge, Kind, RecordRef, View, genesis};
use automerge::{Automerge, ROOT, ReadDoc};
use ids::{ActorId, ChangeHash, MemberId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What only the history tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Deleted records that somebody edited without having seen the deletion, or after it.
    pub edited_though_deleted: BTreeSet<RecordRef>,
    /// Sessions that no device entry names, with the number of their changes.
    pub unknown_devices: BTreeMap<ActorId, usize>,
    /// Changes whose time cannot be right, in causal order.
    pub doubtful_times: Vec<DoubtfulTime>,
    /// Top-level keys of a newer version, and spare maps that are in use: this version reads none of them.
    pub newer_maps: BTreeSet<String>,
    /// Links whose relation or end this version does not know.
    pub newer_links: usize,
}

/// A change that claims a time which does not agree with its place in the history. Its place counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubtfulTime {
    /// The change.
    pub change: ChangeHash,
    /// The session that made it.
    pub actor: ActorId,
    /// Who made it, as far as is claimed.
    pub member: Option<MemberId>,
    /// The time it claims.
    pub claimed: Timestamp,
    /// Why it cannot be right.
    pub why: ClockDoubt,
}

/// Why a claimed time cannot be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClockDoubt {
    /// Later than now.
    Ahead,
    /// Earlier than this time, which something its author had already seen claims.
    Behind(Timestamp),
}

/// Clocks may differ by this much without a word about it.
const TOLERANCE_SECS: i64 = 600;

/// Gathers what only the history tells; `now` is what this device believes the time is.
pub fn traces(doc: &Automerge, view: &View, now: Timestamp) -> Traces {
    let mut traces = Traces::default();
    let latest = now.as_secs().saturating_add(TOLERANCE_SECS);
    // For each change the latest believable time among what its author had seen, itself included.
    let mut seen: BTreeMap<ChangeHash, i64> = BTreeMap::new();
    for change in doc.get_changes_meta(&[]) {
        let told = tell(doc, &change);
        let dependencies = change.deps.iter().filter_map(|hash| seen.get(&ChangeHash(hash.0)));
        let before = dependencies.copied().max().unwrap_or(0);
        let claimed = change.timestamp;
        let why = if claimed > latest {
            Some(ClockDoubt::Ahead)
        } else if claimed.saturating_add(TOLERANCE_SECS) < before {
            Some(ClockDoubt::Behind(Timestamp::from_secs(before)))
        } else {
            None
        };
        seen.insert(told.hash, if claimed > latest { before } else { before.max(claimed) });
        if told.hash == genesis::HASH {
            continue;
        }
        if !view.devices().contains_key(&told.actor) {
            *traces.unknown_devices.entry(told.actor.clone()).or_default() += 1;
        }
        if let Some(why) = why {
            let Told { hash: change, actor, member, claimed, .. } = told;
            traces.doubtful_times.push(DoubtfulTime { change, actor, member, claimed, why });
        }
    }
    let deleted = Kind::ALL.iter().flat_map(|kind| view.all(*kind)).filter(|record| record.is_deleted());
    traces.edited_though_deleted = deleted
        .map(|record| record.reference())
        .filter(|record| edited_though_deleted(doc, *record))
        .collect();
    newer(doc, &mut traces);
    traces
}

fn newer(doc: &Automerge, traces: &mut Traces) {
    for item in doc.map_range(ROOT, ..) {
        let key = item.key.as_ref();
        let spare = genesis::SPARES.contains(&key);
        let known = Kind::from_collection(key).is_some() || matches!(key, genesis::EDGES | genesis::DEVICES);
        let used = !spare || doc.length(item.id()) > 0;
        if !known && used {
            traces.newer_maps.insert(key.to_owned());
        }
        if key == genesis::EDGES {
            let links = doc.map_range(item.id(), ..);
            traces.newer_links = links.filter(|link| link.key.parse::<Edge>().is_err()).count();
        }
    }
}
