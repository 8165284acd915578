//! The server around the relay: one process on one disk. What it does when is in `world/hub.rs`.

use crate::{
    chance::{Always, Stream},
    clock::Clock,
    materialise,
    promise::{Outcome, Promise},
};
use ids::{ChangeHash, ConnectionId, DocumentId, WorkspaceId};
use relay::{Config, Effect, Event, Relay, RequestId};
use std::{
    collections::{BTreeSet, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
};
use store::StoreError;
use store_redb::{
    NewWorkspace, Options, RelayFile, StorageBackend, Write, WriteError, simulated::SimulatedDisk,
};

/// The machine of the relay; it outlives the process.
pub(crate) struct Server {
    pub(crate) disk: SimulatedDisk,
    pub(crate) process: Option<Process>,
    /// Which process this is; things planned for an earlier one do not happen.
    pub(crate) life: u64,
    pub(crate) clock: Clock,
    /// Whether the disk may do something else than it is told.
    pub(crate) is_troubled: bool,
    /// What redb has acknowledged: nothing of it may ever be missing.
    pub(crate) durable: BTreeSet<ChangeHash>,
    pub(crate) chance: Stream,
}

/// One run of the relay's process. All of it is lost when it dies.
pub(crate) struct Process {
    pub(crate) relay: Relay,
    pub(crate) file: RelayFile,
    pub(crate) rng: Stream,
    pub(crate) inputs: VecDeque<Event>,
    pub(crate) answers: VecDeque<Event>,
    /// Sockets that said in this round that everything had left.
    pub(crate) writable: BTreeSet<ConnectionId>,
    pub(crate) is_round_due: bool,
    /// What waits for the writer's thread.
    pub(crate) writes: VecDeque<(RequestId, Write)>,
    pub(crate) is_writing: bool,
    pub(crate) timer: u64,
    pub(crate) effects: Vec<Effect>,
}

/// How a process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Death {
    /// It is killed; the machine goes on and has every write.
    Killed,
    /// The power goes; unsynced writes are lost.
    AllLost,
    /// The power goes; each unsynced write is kept, lost or torn.
    Torn,
}

impl Server {
    /// A machine with a fresh file that has the workspaces of the team and of the strangers.
    pub(crate) fn new(
        clock: Clock,
        chance: Stream,
        workspaces: &[(WorkspaceId, DocumentId)],
    ) -> Result<Self, String> {
        let disk = SimulatedDisk::new();
        let file = open(&disk).map_err(|error| error.to_string())?;
        for (id, document) in workspaces {
            let new = NewWorkspace {
                id: *id,
                name: "Harbour".to_owned(),
                document: *document,
                created: clock.read(0),
                members: Vec::new(),
                chunks: Vec::new(),
            };
            file.create_workspace(&new).map_err(|error| error.to_string())?;
        }
        drop(file);
        Ok(Self { disk, process: None, life: 0, clock, is_troubled: false, durable: BTreeSet::new(), chance })
    }

    /// Starts the process, and holds the file against everything it ever acknowledged. `false` when the disk is in no
    /// state to be started from.
    pub(crate) fn start(&mut self, seed: u64, config: &Config, document: DocumentId) -> Outcome<bool> {
        self.life += 1;
        let file = match open(&self.disk) {
            Ok(file) => file,
            // Not the word of a damaged file, but of a disk.
            Err(StoreError::Io { .. } | StoreError::Full { .. }) if self.is_troubled => return Ok(false),
            Err(error) => return Promise::Survives.broken(format!("the file cannot be opened: {error}")),
        };
        let found = self.found(&file, document)?;
        if let Some(lost) = self.durable.iter().find(|hash| !found.contains(hash)) {
            return Promise::Survives.broken(format!("change {lost} was committed and is lost"));
        }
        self.durable = found;
        let rng = Stream::new(seed, &format!("relay/{}", self.life));
        let names = ("relay-disk".parse(), format!("relay-{}", self.life).parse());
        let (Ok(storage), Ok(peer)) = names else {
            return Promise::Heals.broken("the relay has no name");
        };
        self.process = Some(Process {
            relay: Relay::new(config.clone(), storage, peer),
            file,
            rng,
            inputs: VecDeque::new(),
            answers: VecDeque::new(),
            writable: BTreeSet::new(),
            is_round_due: false,
            writes: VecDeque::new(),
            is_writing: false,
            timer: 0,
            effects: Vec::new(),
        });
        Ok(true)
    }

    /// Every change in the file.
    pub(crate) fn found(&self, file: &RelayFile, document: DocumentId) -> Outcome<BTreeSet<ChangeHash>> {
        let loaded = file.reader().load(document).map_err(|error| error.to_string());
        match loaded.and_then(|loaded| materialise::build(&loaded)) {
            Ok(document) => Ok(materialise::hashes(&document)),
            Err(why) => Promise::Survives.broken(format!("the file cannot be read: {why}")),
        }
    }

    /// The process is gone, with everything in its memory. What was not synced is as the death says.
    pub(crate) fn die(&mut self, death: Death) {
        self.disk.cut_power();
        self.process = None;
        match death {
            // 2 keeps a write and 0 drops it.
            Death::Killed => self.disk.restore_power(&mut Always(2)),
            Death::AllLost => self.disk.restore_power(&mut Always(0)),
            Death::Torn => self.disk.restore_power(&mut self.chance),
        }
    }

    /// Whether the machine runs: a cut that was planned for a sync comes by itself.
    pub(crate) fn has_power(&self) -> bool {
        self.disk.backend().len().is_ok()
    }

    /// The disk does what it is told again.
    pub(crate) fn heal(&mut self) {
        self.disk.fail_writes(0, std::io::ErrorKind::Other);
        self.disk.fill_up(false);
        self.disk.cut_power_at_sync(u64::MAX);
        self.is_troubled = false;
    }
}

/// As the writer's thread does it: a panic inside of the database is an error of this commit.
pub(crate) fn commit(file: &RelayFile, writes: &[Write]) -> Result<(), WriteError> {
    catch_unwind(AssertUnwindSafe(|| file.commit(writes))).unwrap_or_else(|_| {
        let doing = format!("committing {} writes", writes.len());
        Err(StoreError::Io { doing, cause: "the database panicked".to_owned() }.into())
    })
}

fn open(disk: &SimulatedDisk) -> Result<RelayFile, StoreError> {
    let disk = disk.clone();
    let options = Options { cache_bytes: 256 << 10, ..Options::default() };
    RelayFile::open_with_backend(move || disk.backend(), &options)
}
