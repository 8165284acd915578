//! Replicas and our own relay: two state machines that were written apart must agree on the protocol between them.

use crate::{
    relay::{Mail, Socket},
    world::{Counterpart, DOCUMENT, World},
};
use automerge::Automerge;
use bytes::Bytes;
use client::{ConnectionState, Event, Problem};
use ids::{ConnectionId, MemberId, RecordId, Timestamp, WorkspaceId};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use relay::{
    Access, Compacted, CompactionError, Config, Effect, Found, IndexedChange, Principal, Relay, SplitError,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use store::{Chunk, ChunkKey, ChunkKind, Loaded};

/// Our relay on a disk that answers at once.
struct OurRelay {
    relay: Relay,
    rng: ChaCha8Rng,
    registered: bool,
    access: Access,
    chunks: BTreeMap<ChunkKey, Chunk>,
    /// Close codes it has sent.
    closed: Vec<u16>,
    compactions: usize,
}

impl OurRelay {
    fn new(access: Access) -> Self {
        // Compacts early, so that little work is enough to see it.
        let config = Config { compact_changes: 50, compact_bytes: 4 << 10, ..Config::default() };
        let relay = Relay::new(config, "relay-disk".parse().unwrap(), "relay".parse().unwrap());
        Self {
            relay,
            rng: ChaCha8Rng::seed_from_u64(0),
            registered: false,
            access,
            chunks: BTreeMap::new(),
            closed: Vec::new(),
            compactions: 0,
        }
    }

    fn run(&mut self, now: Timestamp, event: relay::Event) -> Mail {
        let mut events = VecDeque::from([event]);
        let mut mail = Vec::new();
        while let Some(event) = events.pop_front() {
            let mut effects = Vec::new();
            let mut cx = relay::Cx { now, rng: &mut self.rng, effects: &mut effects };
            self.relay.handle(&mut cx, event);
            let mut spoken_to = BTreeSet::new();
            for effect in effects {
                match effect {
                    Effect::Send { connection, frame } => {
                        spoken_to.insert(connection);
                        mail.push((connection.0, frame));
                    }
                    Effect::Close { reason, .. } => self.closed.push(reason.code()),
                    Effect::Load { request, address, .. } => {
                        let result = Ok(self.find(address.document));
                        events.push_back(relay::Event::Loaded { request, result });
                    }
                    Effect::Write { request, write } => {
                        self.registered |= write.register.is_some();
                        for chunk in write.batch.puts.clone() {
                            self.chunks.insert(chunk.key(), chunk);
                        }
                        for key in write.batch.effective_deletes() {
                            self.chunks.remove(&key.key());
                        }
                        events.push_back(relay::Event::Written { request, result: Ok(()) });
                    }
                    Effect::Split { request, chunk } => {
                        let result = split(&chunk);
                        events.push_back(relay::Event::Split { request, result });
                    }
                    Effect::Locate { request, content } => {
                        let result = ::relay::Located::read(&content, &guard::Limits::CLIENT);
                        events.push_back(relay::Event::Located { request, result });
                    }
                    Effect::Compact { request, .. } => {
                        self.compactions += 1;
                        let result = self.compact().map(Box::new);
                        events.push_back(relay::Event::Compacted { request, result });
                    }
                    Effect::Wake { .. } | Effect::Report(_) => {}
                }
            }
            events.extend(spoken_to.into_iter().map(|connection| relay::Event::Writable { connection }));
        }
        mail
    }

    fn find(&self, document: ids::DocumentId) -> Found {
        if document == DOCUMENT && self.registered {
            let chunks = self.chunks.values().cloned().collect();
            let loaded = Loaded { chunks, corrupt: Vec::new() };
            let stored = ::relay::Stored::read(&loaded, |_| BTreeSet::new(), &guard::Limits::CLIENT);
            return Found::Here { stored, owner: None };
        }
        Found::Nowhere { documents: usize::from(self.registered) }
    }

    fn document(&self) -> Automerge {
        let stored = self.chunks.values().filter(|chunk| chunk.key().kind != ChunkKind::Index);
        let mut document = Automerge::new();
        for chunk in stored {
            document.load_incremental(chunk.bytes()).unwrap();
        }
        document
    }

    fn compact(&self) -> Result<Compacted, CompactionError> {
        let document = self.document();
        let changes: Vec<IndexedChange> = document
            .get_changes_meta(&[])
            .into_iter()
            .map(|change| IndexedChange {
                hash: ids::ChangeHash(change.hash.0),
                dependencies: change.deps.iter().map(|dependency| ids::ChangeHash(dependency.0)).collect(),
                actor: ids::ActorId::new(change.actor.to_bytes()),
                sequence: change.seq,
                last_op: change.max_op,
            })
            .collect();
        let read = self.chunks.values().map(Chunk::loaded_key);
        Compacted::new(DOCUMENT, document.save(), changes, read, &guard::Limits::RELAY)
    }
}

fn split(chunk: &Bytes) -> Result<Vec<Bytes>, SplitError> {
    let document = Automerge::load(chunk).map_err(|error| SplitError(error.to_string()))?;
    let changes = document.get_changes(&[]);
    Ok(changes.iter().map(|change| Bytes::copy_from_slice(change.raw_bytes())).collect())
}

impl Counterpart for OurRelay {
    fn open(&mut self, now: Timestamp, socket: Socket) -> Mail {
        let principal = Principal {
            workspace: WorkspaceId::from_bytes([1; 10]),
            member: Some(MemberId(RecordId::from_bits(1))),
            device: "device".parse().unwrap(),
            access: self.access,
        };
        self.run(now, relay::Event::Opened { connection: ConnectionId(socket), principal })
    }

    fn take(&mut self, now: Timestamp, socket: Socket, frame: &Bytes) -> Mail {
        self.run(now, relay::Event::Frame { connection: ConnectionId(socket), bytes: frame.clone() })
    }

    fn hang_up(&mut self, now: Timestamp, socket: Socket) -> Mail {
        self.run(now, relay::Event::Closed { connection: ConnectionId(socket) })
    }

    fn wake(&mut self, now: Timestamp) -> Mail {
        self.run(now, relay::Event::Woken)
    }

    fn hashes(&self) -> BTreeSet<[u8; 32]> {
        self.document().get_changes_meta(&[]).iter().map(|change| change.hash.0).collect()
    }
}

fn world(seed: u64, browsers: usize, access: Access) -> World<OurRelay> {
    let mut world = World::with(seed, browsers, OurRelay::new(access));
    for browser in 0..browsers {
        world.open_tab(browser);
    }
    world.run();
    world
}

#[test]
fn a_team_at_work() {
    let mut world = world(1, 3, Access::Writer);
    let record = world.create(0, "Supplier may fail");
    world.run();
    for round in 0..20 {
        world.rename(round % 3, record, &format!("name {round}"));
        world.type_at((round + 1) % 3, record, 0, "🧭");
        world.create(round % 3, &format!("issue {round}"));
        if round % 4 == 0 {
            world.run();
            world.check();
        }
    }
    world.run();
    world.check_converged();
    assert!(world.relay.closed.is_empty(), "{:?}", world.relay.closed);
    assert!(world.tabs.iter().all(|tab| tab.disconnects.is_empty()));
}

#[test]
fn a_quiet_hour_is_quiet_and_stays_online() {
    let mut world = world(2, 2, Access::Writer);
    world.create(0, "last words");
    world.run();
    let frames: usize = world.tabs.iter().map(|tab| tab.frames_sent).sum();
    world.pass_time(60 * 60 * 1000);
    let probes = world.tabs.iter().map(|tab| tab.frames_sent).sum::<usize>() - frames;
    // One probe in nine seconds, each answered.
    assert!((500..=900).contains(&probes), "{probes} frames in an hour");
    assert!(world.tabs.iter().all(|tab| tab.disconnects.is_empty()), "{:?}", world.tabs[0].disconnects);
    world.check_converged();
}

#[test]
fn a_new_device_joins_late() {
    let mut world = world(3, 1, Access::Writer);
    let record = world.create(0, "long history");
    for n in 0..120 {
        world.rename(0, record, &format!("name {n}"));
        world.run();
    }
    world.disks.push(crate::disk::Disk::default());
    let late = world.open_tab(1);
    world.run();
    assert_eq!(world.titles(late), world.titles(0));
    world.check_converged();
}

#[test]
fn an_offline_day_and_a_compacted_relay() {
    let mut world = world(4, 2, Access::Writer);
    let shared = world.create(0, "shared");
    world.run();
    world.feed(1, Event::NetworkDown);
    world.relay_up = false;
    for n in 0..40 {
        world.create(1, &format!("on the plane {n}"));
    }
    world.relay_up = true;
    for n in 0..150 {
        world.rename(0, shared, &format!("in the office {n}"));
        world.run();
    }
    world.pass_time(60 * 60 * 1000);
    world.feed(1, Event::NetworkUp);
    world.run();
    world.check_converged();
    assert_eq!(world.titles(0).len(), 41);
    assert!(world.relay.compactions > 0);
}

#[test]
fn presence_goes_through() {
    let mut world = world(5, 3, Access::Writer);
    for tab in 0..3 {
        world.show(tab, &format!("/start/{tab}"));
    }
    world.run();
    world.show(0, "/goals");
    world.run();
    for tab in 1..3 {
        let people = world.tabs[tab].replica.people();
        assert_eq!(people.members().len(), 2);
        let routes: Vec<_> = people
            .members()
            .values()
            .flat_map(|person| person.tabs.values())
            .map(|tab| &tab.place.route)
            .collect();
        assert!(routes.iter().any(|route| *route == "/goals"), "{routes:?}");
    }
}

/// A relay passes words on from those who take part in the document. A tab that greets before it has spoken of the
/// document is heard by nobody, and who is heard by nobody hears nobody.
#[test]
fn a_tab_whose_disk_is_slower_than_its_socket_is_seen_all_the_same() {
    let mut world = world(5, 1, Access::Writer);
    world.show(0, "/early");
    world.run();
    world.disks.push(crate::disk::Disk::default());
    let late = world.open_tab(1);
    world.show(late, "/late");
    while world.dial(late) || world.carry_to_relay(late) || world.carry_to_tab(late) {}
    assert!(!world.tabs[late].replica.is_open());
    world.run();
    for tab in [0, late] {
        assert_eq!(world.tabs[tab].replica.people().members().len(), 1, "tab {tab}");
    }
}

#[test]
fn a_reader_is_told_and_its_edits_stay_at_home() {
    let mut world = world(6, 1, Access::Writer);
    world.create(0, "from a writer");
    world.run();
    world.relay.access = Access::Reader;
    world.disks.push(crate::disk::Disk::default());
    let reader = world.open_tab(1);
    world.run();
    assert_eq!(world.titles(reader), world.titles(0));
    world.create(reader, "mine alone");
    world.run();
    let status = world.tabs[reader].replica.status();
    assert_eq!(status.problem, Some(Problem::ReadOnly));
    assert_eq!((status.saved_here, status.on_relay, status.unsent), (true, false, 1));
    assert_eq!(world.titles(0).len(), 1);
    world.check();
    // It goes on hearing what the others do, and nobody talks in circles about the edit that stays.
    let frames = world.tabs[reader].frames_sent;
    world.create(0, "later");
    world.run();
    world.pass_time(60_000);
    assert_eq!(world.titles(reader).len(), 3);
    assert!(world.tabs[reader].frames_sent - frames < 20, "{}", world.tabs[reader].frames_sent - frames);
    assert_eq!(world.tabs[reader].replica.status().connection, ConnectionState::Online);
}

#[test]
fn a_workspace_the_relay_does_not_know_is_unavailable_to_a_reader() {
    let world = world(7, 1, Access::Reader);
    assert_eq!(world.tabs[0].replica.status().problem, Some(Problem::Unavailable));
    assert!(!world.tabs[0].replica.status().on_relay);
}

#[test]
fn a_relay_that_lost_its_disk_gets_everything_again() {
    let mut world = world(8, 2, Access::Writer);
    for n in 0..10 {
        world.create(n % 2, &format!("{n}"));
    }
    world.run();
    world.check_converged();
    world.close(0, 1006);
    world.close(1, 1006);
    world.relay = OurRelay::new(Access::Writer);
    world.pass_time(60_000);
    world.run();
    world.check_converged();
}
