//! The hub between sockets and the relay: what the simulation, which has a hub of its own, cannot know of this one.

use super::*;
use ids::{DocumentId, WorkspaceId};
use relay::Access;
use store_redb::{Options, QueueLimits, Writer};
use wire::{Message, SyncMessage, handshake::Initiator};

/// More questions than two windows hold.
const QUESTIONS: u8 = 50;

struct Scene {
    hub: HubHandle,
    window: usize,
    _writer: Writer,
    _folder: tempfile::TempDir,
}

impl Scene {
    fn set() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = RelayFile::open(&folder.path().join("a.redb"), &Options::default()).unwrap();
        let writer = Writer::spawn(file.clone(), QueueLimits::default()).unwrap();
        let storage = "relay-disk".parse().unwrap();
        let (task, hub) = Hub::new(file, writer.handle(), storage, Writes::default()).unwrap();
        tokio::spawn(task.run());
        Self { hub, window: relay::Config::default().window_frames, _writer: writer, _folder: folder }
    }

    /// A socket whose peer has joined, and the name of the relay.
    async fn joined(&self, name: &str) -> Socket {
        let principal = Principal {
            workspace: WorkspaceId::from_bytes([1; 10]),
            member: None,
            device: name.parse().unwrap(),
            access: Access::Writer,
        };
        let (connection, outbox) = self.hub.open(principal).await.unwrap();
        let me: PeerId = format!("{name}.1").parse().unwrap();
        let relay = me.clone();
        let mut socket = Socket { hub: self.hub.clone(), connection, outbox, me: me.clone(), relay };
        socket.send(&Initiator::new(me, None).join()).await;
        match socket.heard().await {
            Some(Message::Peer(peer)) => socket.relay = peer.sender,
            other => panic!("no peer message: {other:?}"),
        }
        socket.is_drained().await;
        socket
    }
}

/// A socket whose frames leave when the test says so.
struct Socket {
    hub: HubHandle,
    connection: ConnectionId,
    outbox: mpsc::Receiver<Outgoing>,
    me: PeerId,
    relay: PeerId,
}

impl Socket {
    async fn send(&self, message: &Message) {
        let (connection, bytes) = (self.connection, wire::encode(message));
        self.hub.event(Event::Frame { connection, bytes }).await.unwrap();
    }

    /// Says that everything has left.
    async fn is_drained(&self) {
        self.hub.event(Event::Writable { connection: self.connection }).await.unwrap();
    }

    /// The next frame leaves; `None` when the hub has given the socket up.
    async fn heard(&mut self) -> Option<Message> {
        match self.outbox.recv().await? {
            Outgoing::Frame(frame) => Some(wire::decode(&frame, &wire::Limits::CLIENT).unwrap()),
            Outgoing::Close(reason) => panic!("closed: {reason}"),
        }
    }

    /// Asks for a document that nobody has: one frame is the answer.
    async fn ask(&self, number: u8) {
        let document = DocumentId::from_bytes([number.wrapping_add(1); 16]);
        let reply = guard::Reply {
            version: guard::Version::V1,
            heads: &ids::Heads::EMPTY,
            need: &[],
            have: &[],
            chunks: &[],
            flags: None,
        };
        let data = guard::write_sync_message(&reply);
        let (sender, target) = (self.me.clone(), self.relay.clone());
        self.send(&Message::Request(SyncMessage { sender, target, document, data })).await;
    }
}

/// A socket says that everything has left, and the word waits in a queue behind what others say. What the relay hands
/// to the socket meanwhile is not covered by it: two windows would meet in one outbox, it would run over, and a peer that
/// has done nothing wrong would lose its connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_word_of_a_drained_socket_does_not_cover_what_it_was_given_since() {
    let scene = Scene::set();
    let mut slow = scene.joined("slow").await;
    for number in 0..QUESTIONS {
        slow.ask(number).await;
    }
    // The relay fills its window; nothing leaves the socket.
    while slow.outbox.len() < scene.window {
        tokio::task::yield_now().await;
    }
    for _ in 0..3 {
        slow.is_drained().await;
    }
    // Inputs are handled in their order, a round at a time: when others have joined, those words are history.
    for other in ["first", "second", "third"] {
        scene.joined(other).await;
    }
    assert_eq!(slow.outbox.len(), scene.window, "the relay believed a word that was not true any more");

    // And the word counts when it is true: every answer comes, a window at a time.
    let mut heard = 0;
    while heard < usize::from(QUESTIONS) {
        let message = tokio::time::timeout(Duration::from_secs(20), slow.heard()).await;
        match message.expect("the window stays shut although everything has left") {
            Some(Message::DocUnavailable { .. }) => heard += 1,
            other => panic!("answer {heard}: {other:?}"),
        }
        if slow.outbox.is_empty() {
            slow.is_drained().await;
        }
    }
}
