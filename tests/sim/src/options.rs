//! What kind of world a seed makes. Every trouble is absent from some worlds, so that each is also seen without the
//! others.

use crate::{Sabotage, chance::Stream};
use relay::{Config, Rate};

/// Something that goes wrong, or that people do beside editing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    /// A connection breaks and both ends hear of it.
    Cut,
    /// A connection dies, and one end or both do not hear of it.
    HalfOpen,
    /// A socket takes nothing for a while.
    Clog,
    /// A browser has no network for a while.
    Offline,
    /// A tab dies.
    TabDies,
    /// A tab opens, perhaps beside another one.
    TabOpens,
    /// A page is hidden, left, compacts its store, or is told that the network is back.
    Page,
    /// The browser's store fails for a while, or lies about failing.
    Store,
    /// The browser gives up everything it has stored, while no tab is open.
    Evicted,
    /// The relay's process dies, or its machine loses power.
    RelayDies,
    /// The power goes while the relay's disk syncs.
    CutAtSync,
    /// The relay's disk fails a few times.
    DiskFails,
    /// The relay's disk is full for a while.
    DiskFull,
    /// A clock steps.
    Clock,
    /// Rights are taken and given back.
    Rights,
    /// A hostile colleague sends something.
    Attack,
    /// Somebody of another workspace asks for the document.
    Stranger,
    /// A hostile colleague sends a change that is well-formed and fits no document: Automerge panics on such a one.
    Misfit,
    /// A relay that somebody has taken over sends a tab such a change.
    Forgery,
}

impl Trouble {
    /// Each with the mean time between two in milliseconds.
    pub(crate) const ALL: &'static [(Self, u64)] = &[
        (Self::Cut, 8_000),
        (Self::HalfOpen, 15_000),
        (Self::Clog, 6_000),
        (Self::Offline, 20_000),
        (Self::TabDies, 10_000),
        (Self::TabOpens, 6_000),
        (Self::Page, 4_000),
        (Self::Store, 10_000),
        (Self::Evicted, 30_000),
        (Self::RelayDies, 15_000),
        (Self::CutAtSync, 15_000),
        (Self::DiskFails, 10_000),
        (Self::DiskFull, 20_000),
        (Self::Clock, 10_000),
        (Self::Rights, 15_000),
        (Self::Attack, 2_000),
        (Self::Stranger, 10_000),
        (Self::Misfit, 5_000),
        (Self::Forgery, 20_000),
    ];
}

/// The shape of one world.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) browsers: usize,
    pub(crate) tabs_max: usize,
    /// The last browser may only read.
    pub(crate) has_reader: bool,
    pub(crate) safety_ms: u64,
    pub(crate) edit_every_ms: u64,
    pub(crate) latency_ms: u64,
    pub(crate) disk_ms: u64,
    pub(crate) skew_ms: u64,
    /// Troubles of this world, with the mean time between two.
    pub(crate) troubles: Vec<(Trouble, u64)>,
    pub(crate) relay: Config,
}

impl Options {
    pub(crate) fn of(seed: u64, sabotage: Option<Sabotage>) -> Self {
        let mut shape = Stream::new(seed, "options");
        let browsers = shape.between(2, 4) as usize;
        let mut options = Self {
            browsers,
            tabs_max: shape.between(1, 3) as usize,
            has_reader: browsers > 2 && shape.one_in(4),
            safety_ms: shape.between(15_000, 60_000),
            edit_every_ms: shape.between(300, 4_000),
            latency_ms: shape.pick(&[2, 20, 20, 200, 1_500]).copied().unwrap_or(20),
            disk_ms: shape.pick(&[1, 5, 20, 300]).copied().unwrap_or(5),
            skew_ms: shape.pick(&[0, 0, 3_000, 3_600_000, 86_400_000 * 400]).copied().unwrap_or(0),
            troubles: Vec::new(),
            relay: config(&mut Stream::new(seed, "options/relay")),
        };
        for (trouble, every_ms) in Trouble::ALL {
            let mut swarm = Stream::new(seed, &format!("options/{trouble:?}"));
            let demanded = match sabotage {
                Some(Sabotage::DoorLeftOpen) => *trouble == Trouble::Stranger,
                Some(Sabotage::WrongSender) => *trouble == Trouble::Attack,
                Some(Sabotage::GuardSkippedAtRelay) => *trouble == Trouble::Misfit,
                Some(Sabotage::GuardSkippedInBrowser) => *trouble == Trouble::Forgery,
                Some(Sabotage::ActorKept) => *trouble == Trouble::TabDies,
                Some(Sabotage::LyingDisk) => *trouble == Trouble::RelayDies,
                _ => false,
            };
            if swarm.one_in(2) || demanded {
                let factor = swarm.pick(&[1, 2, 4]).copied().unwrap_or(1);
                options.troubles.push((*trouble, every_ms * factor / 2));
            }
        }
        options
    }
}

/// Small limits, so that short runs meet them.
fn config(chance: &mut Stream) -> Config {
    let mut one_of = |of: &[usize]| chance.pick(of).copied().unwrap_or(1);
    Config {
        window_frames: one_of(&[1, 2, 16]),
        window_bytes: one_of(&[1, 1_000, 1 << 20]),
        message_bytes: one_of(&[1, 300, 4 << 20]),
        snapshot_message_bytes: one_of(&[0, 64 << 20, 64 << 20]),
        staged_bytes: one_of(&[300, 32 << 20]),
        compact_changes: one_of(&[5, 20, 1_000]),
        compact_changes_idle: one_of(&[1, 10]),
        compact_idle_ms: 500,
        compact_retry_ms: 1_000,
        spare_bytes: one_of(&[0, 500, 1 << 20]),
        idle_document_ms: 2_000,
        resends: Rate { burst: 1_000, every_ms: 1 },
        ..Config::default()
    }
}
