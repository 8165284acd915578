//! A session against a stock peer: Automerge's own sync on the other side, over a link in the test's hands.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests are tests"
)]

use automerge::{
    Automerge, ObjType, ROOT, ReadDoc,
    sync::{Message as AutomergeMessage, State, SyncDoc},
    transaction::Transactable,
};
use bytes::Bytes;
use ids::{DocumentId, Heads, PeerId, Timestamp};
use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};
use sync::{GuardedDocument, Identity, Incoming, PROBE_DOCUMENT, Received, Session, SyncError, heads_of};
use wire::{Ephemeral, Message, SessionId, SyncMessage, handshake::Acceptor};

const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);
const OTHER: DocumentId = DocumentId::from_bytes([8; 16]);

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millis(ms)
}

fn identity() -> Identity {
    Identity {
        peer: "laptop.tab".parse().unwrap(),
        storage: "browser".parse().unwrap(),
        session: SessionId::from_bits(1),
    }
}

/// What any implementation of the protocol does: a state per document, an answer to every sync message that Automerge
/// has one for, `doc-unavailable` for what it does not have.
struct StockPeer {
    peer: PeerId,
    joined: Option<PeerId>,
    documents: BTreeMap<DocumentId, (Automerge, State)>,
    out: VecDeque<Bytes>,
    heard: Vec<Message>,
}

impl StockPeer {
    fn new() -> Self {
        Self {
            peer: "relay".parse().unwrap(),
            joined: None,
            documents: BTreeMap::new(),
            out: VecDeque::new(),
            heard: Vec::new(),
        }
    }

    fn with(mut self, id: DocumentId, document: Automerge) -> Self {
        self.documents.insert(id, (document, State::new()));
        self
    }

    fn take(&mut self, frame: &Bytes) {
        let message = wire::decode(frame, &wire::Limits::RELAY).unwrap();
        self.heard.push(message.clone());
        match message {
            Message::Join(_) => {
                let acceptor = Acceptor::new(self.peer.clone(), Some("disk".parse().unwrap()));
                let accepted = acceptor.receive(&message).unwrap();
                self.joined = Some(accepted.peer);
                self.out.push_back(wire::encode(&accepted.reply));
            }
            Message::Sync(sync) | Message::Request(sync) => match self.documents.get_mut(&sync.document) {
                Some((document, state)) => {
                    let message = AutomergeMessage::decode(&sync.data).unwrap();
                    document.receive_sync_message(state, message).unwrap();
                    self.speak(sync.document);
                }
                None => self.out.push_back(wire::encode(&Message::DocUnavailable {
                    sender: self.peer.clone(),
                    target: sync.sender,
                    document: sync.document,
                })),
            },
            _ => {}
        }
    }

    fn speak(&mut self, id: DocumentId) {
        let (document, state) = self.documents.get_mut(&id).unwrap();
        if let Some(message) = document.generate_sync_message(state) {
            let data = Bytes::from(message.encode());
            self.send(id, data);
        }
    }

    fn send(&mut self, document: DocumentId, data: Bytes) {
        let target = self.joined.clone().unwrap();
        let message = SyncMessage { sender: self.peer.clone(), target, document, data };
        self.out.push_back(wire::encode(&Message::Sync(message)));
    }

    fn document(&mut self, id: DocumentId) -> &mut Automerge {
        &mut self.documents.get_mut(&id).unwrap().0
    }
}

fn put(document: &mut Automerge, key: &str, value: i64) {
    document.transact::<_, _, automerge::AutomergeError>(|tx| tx.put(ROOT, key, value)).unwrap();
}

fn guarded(document: Automerge) -> GuardedDocument {
    GuardedDocument::new(document, guard::Limits::CLIENT)
}

fn empty(byte: u8) -> GuardedDocument {
    guarded(Automerge::new().with_actor(actor(byte)))
}

fn write(document: &mut GuardedDocument, key: &str, value: i64) {
    document.edit(|document| put(document, key, value));
}

fn actor(byte: u8) -> automerge::ActorId {
    automerge::ActorId::from(&[byte; 16][..])
}

fn document_of(byte: u8, keys: &[&str]) -> Automerge {
    let mut document = Automerge::new().with_actor(actor(byte));
    keys.iter().for_each(|key| put(&mut document, key, i64::from(byte)));
    document
}

/// A client that has shaken hands.
fn connected(relay: &mut StockPeer, now: Timestamp) -> Session {
    let (mut session, join) = Session::open(identity(), now, 0);
    relay.take(&join);
    let answer = relay.out.pop_front().unwrap();
    assert!(matches!(session.on_frame(&answer, now), Ok(Incoming::Established(_))));
    session
}

/// Carries frames both ways until nobody has anything to say; returns what was received and how many frames the client
/// sent. Time passes, so that answers that wait for company come.
fn converse(
    session: &mut Session,
    documents: &mut BTreeMap<DocumentId, GuardedDocument>,
    relay: &mut StockPeer,
    mut now: Timestamp,
) -> (Vec<Received>, usize) {
    let (mut received, mut sent) = (Vec::new(), 0);
    for _ in 0..1000 {
        let mut quiet = true;
        for (id, document) in documents.iter() {
            if let Some(frame) = session.poll(*id, document, now).unwrap() {
                relay.take(&frame);
                (sent, quiet) = (sent + 1, false);
            }
        }
        while let Some(frame) = relay.out.pop_front() {
            quiet = false;
            if let Incoming::Sync(sync) = session.on_frame(&frame, now).unwrap() {
                let document = documents.get_mut(&sync.document()).unwrap();
                received.push(session.receive(document, sync, now).unwrap());
            }
        }
        match session.poll_at() {
            Some(at) => now = now.max(at),
            None if quiet => return (received, sent),
            None => {}
        }
    }
    panic!("still talking after 1000 rounds");
}

#[test]
fn an_empty_client_gets_the_document_and_then_both_are_quiet() {
    let mut relay = StockPeer::new().with(DOCUMENT, document_of(1, &["a", "b", "c"]));
    let mut session = connected(&mut relay, at(0));
    session.follow(DOCUMENT, &Heads::EMPTY, true);
    let mut documents = BTreeMap::from([(DOCUMENT, empty(2))]);
    let (received, sent) = converse(&mut session, &mut documents, &mut relay, at(0));
    assert_eq!(documents[&DOCUMENT].heads(), heads_of(relay.document(DOCUMENT)));
    assert_eq!(received.iter().map(|received| received.changes.len()).sum::<usize>(), 3);
    assert_eq!(session.relay_heads(DOCUMENT), Some(heads_of(relay.document(DOCUMENT))));
    assert!(matches!(relay.heard[1], Message::Request(_)), "whoever has nothing asks");
    assert!(relay.heard[2..].iter().all(|message| matches!(message, Message::Sync(_))));
    assert!(sent <= 4, "{sent} frames for one document");
}

#[test]
fn several_documents_on_one_connection_do_not_mix() {
    let mut relay =
        StockPeer::new().with(DOCUMENT, document_of(1, &["a"])).with(OTHER, document_of(2, &["x", "y"]));
    let mut session = connected(&mut relay, at(0));
    let mut documents = BTreeMap::from([(DOCUMENT, guarded(document_of(3, &["mine"]))), (OTHER, empty(4))]);
    session.follow(DOCUMENT, &Heads::EMPTY, false);
    session.follow(OTHER, &Heads::EMPTY, true);
    converse(&mut session, &mut documents, &mut relay, at(0));
    assert_eq!(documents[&DOCUMENT].get().keys(ROOT).collect::<Vec<_>>(), ["a", "mine"]);
    assert_eq!(documents[&OTHER].get().keys(ROOT).collect::<Vec<_>>(), ["x", "y"]);
    assert_eq!(heads_of(relay.document(DOCUMENT)), documents[&DOCUMENT].heads());
}

#[test]
fn shared_heads_of_an_earlier_connection_save_the_description_of_the_past() {
    let keys: Vec<String> = (0..200).map(|n| format!("k{n}")).collect();
    let document = document_of(1, &keys.iter().map(String::as_str).collect::<Vec<_>>());
    let size = |shared: &Heads| {
        let mut relay = StockPeer::new().with(DOCUMENT, document.clone());
        let mut session = connected(&mut relay, at(0));
        session.follow(DOCUMENT, shared, false);
        let frame = session.poll(DOCUMENT, &guarded(document.clone()), at(0)).unwrap().unwrap();
        let mut documents = BTreeMap::from([(DOCUMENT, guarded(document.clone()))]);
        relay.take(&frame);
        converse(&mut session, &mut documents, &mut relay, at(0));
        frame.len()
    };
    let (cold, seeded) = (size(&Heads::EMPTY), size(&heads_of(&document)));
    assert!(seeded + 200 < cold, "{seeded} of {cold} bytes");
}

#[test]
fn a_burst_is_acknowledged_once() {
    let mut relay = StockPeer::new().with(DOCUMENT, document_of(1, &["a"]));
    let mut session = connected(&mut relay, at(0));
    session.follow(DOCUMENT, &Heads::EMPTY, true);
    let mut documents = BTreeMap::from([(DOCUMENT, empty(2))]);
    converse(&mut session, &mut documents, &mut relay, at(0));

    let heard = relay.heard.len();
    for n in 0..20 {
        let now = at(1_000 + n);
        put(relay.document(DOCUMENT), "n", n);
        relay.speak(DOCUMENT);
        while let Some(frame) = relay.out.pop_front() {
            let Ok(Incoming::Sync(sync)) = session.on_frame(&frame, now) else { panic!("a sync message") };
            session.receive(documents.get_mut(&DOCUMENT).unwrap(), sync, now).unwrap();
        }
        assert_eq!(session.poll(DOCUMENT, &documents[&DOCUMENT], now), Ok(None), "nothing new to say");
    }
    assert_eq!(session.poll_at(), Some(at(1_000 + sync::ACKNOWLEDGE_AFTER_MS)));
    converse(&mut session, &mut documents, &mut relay, at(1_020));
    assert_eq!(relay.heard.len() - heard, 1, "one answer for twenty messages");
    assert_eq!(documents[&DOCUMENT].heads(), heads_of(relay.document(DOCUMENT)));
}

#[test]
fn an_edit_does_not_wait_for_company() {
    let mut relay = StockPeer::new().with(DOCUMENT, document_of(1, &["a"]));
    let mut session = connected(&mut relay, at(0));
    session.follow(DOCUMENT, &Heads::EMPTY, true);
    let mut documents = BTreeMap::from([(DOCUMENT, empty(2))]);
    converse(&mut session, &mut documents, &mut relay, at(0));
    put(relay.document(DOCUMENT), "theirs", 1);
    relay.speak(DOCUMENT);
    let frame = relay.out.pop_front().unwrap();
    let Ok(Incoming::Sync(sync)) = session.on_frame(&frame, at(10)) else { panic!("a sync message") };
    session.receive(documents.get_mut(&DOCUMENT).unwrap(), sync, at(10)).unwrap();
    write(documents.get_mut(&DOCUMENT).unwrap(), "mine", 1);
    let frame =
        session.poll(DOCUMENT, &documents[&DOCUMENT], at(10)).unwrap().expect("an edit goes out at once");
    relay.take(&frame);
    assert_eq!(documents[&DOCUMENT].heads(), heads_of(relay.document(DOCUMENT)));
}

#[test]
fn what_the_relay_does_not_have_is_said() {
    let mut relay = StockPeer::new();
    let mut session = connected(&mut relay, at(0));
    session.follow(DOCUMENT, &Heads::EMPTY, true);
    let frame = session.poll(DOCUMENT, &empty(2), at(0)).unwrap().unwrap();
    relay.take(&frame);
    let answer = relay.out.pop_front().unwrap();
    assert!(matches!(session.on_frame(&answer, at(0)), Ok(Incoming::Unavailable(DOCUMENT))));
}

#[test]
fn an_error_frame_is_a_refusal_in_the_words_of_the_relay() {
    let (mut session, _) = Session::open(identity(), at(0), 0);
    let refusal = wire::encode(&Message::Error { message: "no such workspace".into() });
    let expected = SyncError::Refused { message: "no such workspace".into() };
    assert_eq!(session.on_frame(&refusal, at(0)).unwrap_err(), expected);
    let mut session = connected(&mut StockPeer::new(), at(0));
    assert_eq!(session.on_frame(&refusal, at(0)).unwrap_err(), expected);
}

#[test]
fn a_relay_that_speaks_before_the_handshake_is_left_with_a_word() {
    let (mut session, _) = Session::open(identity(), at(0), 0);
    let early = wire::encode(&Message::Leave { sender: "relay".parse().unwrap() });
    let error = session.on_frame(&early, at(0)).unwrap_err();
    assert_eq!(error.code(), "handshake");
    let farewell = wire::decode(&error.farewell().unwrap(), &wire::Limits::RELAY).unwrap();
    assert!(matches!(farewell, Message::Error { .. }));
    assert_eq!(session.poll(DOCUMENT, &empty(2), at(0)), Ok(None));
}

/// Bytes of ops.md 3.6: each takes Automerge down when it gets through.
fn hostile_payloads() -> Vec<(&'static str, Vec<u8>)> {
    let with_bloom = |bloom: &[u8]| {
        let mut bytes = vec![0x42, 0, 0, 1, 0, u8::try_from(bloom.len()).unwrap()];
        bytes.extend_from_slice(bloom);
        bytes.extend_from_slice(&[0]);
        bytes
    };
    vec![
        ("a division by zero at the next message", with_bloom(&[1, 0, 7])),
        ("seventeen gigabytes of probes", with_bloom(&[1, 10, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0])),
        ("not a sync message", vec![0x99]),
        ("cut off", vec![0x42, 5]),
        ("a chunk without its magic", vec![0x42, 0, 0, 0, 1, 4, 1, 2, 3, 4]),
    ]
}

#[test]
fn hostile_bytes_cost_the_connection_and_not_the_document() {
    for (what, payload) in hostile_payloads() {
        let mut relay = StockPeer::new().with(DOCUMENT, document_of(1, &["a"]));
        let mut session = connected(&mut relay, at(0));
        session.follow(DOCUMENT, &Heads::EMPTY, true);
        let mut documents = BTreeMap::from([(DOCUMENT, guarded(document_of(2, &["mine"])))]);
        converse(&mut session, &mut documents, &mut relay, at(0));
        let before = documents[&DOCUMENT].heads();

        relay.send(DOCUMENT, payload.into());
        let frame = relay.out.pop_front().unwrap();
        let error = session.on_frame(&frame, at(0)).unwrap_err();
        assert_eq!(error.code(), "guard", "{what}: {error}");
        assert_eq!(documents[&DOCUMENT].heads(), before);

        // A new connection goes on where the old one ended.
        write(documents.get_mut(&DOCUMENT).unwrap(), "after", 1);
        let kept = relay.document(DOCUMENT).clone();
        let mut relay = StockPeer::new().with(DOCUMENT, kept);
        let mut session = connected(&mut relay, at(0));
        session.follow(DOCUMENT, &before, false);
        converse(&mut session, &mut documents, &mut relay, at(0));
        assert_eq!(documents[&DOCUMENT].heads(), heads_of(relay.document(DOCUMENT)));
    }
}

#[test]
fn two_changes_of_one_actor_with_one_number_cost_the_connection_only() {
    // Both sides went on from the same document with the same actor: what a client must never do.
    let common = document_of(1, &["a"]);
    let mut ours = common.clone();
    put(&mut ours, "ours", 1);
    let mut theirs = common;
    put(&mut theirs, "theirs", 1);
    let mut ours = guarded(ours);
    let before = ours.heads();
    let mut relay = StockPeer::new().with(DOCUMENT, theirs);
    let mut session = connected(&mut relay, at(0));
    session.follow(DOCUMENT, &Heads::EMPTY, false);
    let error = (0..10).find_map(|_| {
        if let Some(frame) = session.poll(DOCUMENT, &ours, at(1_000_000)).unwrap() {
            let Message::Sync(sync) = wire::decode(&frame, &wire::Limits::RELAY).unwrap() else {
                return None;
            };
            let (document, state) = relay.documents.get_mut(&DOCUMENT).unwrap();
            let _ = document.receive_sync_message(state, AutomergeMessage::decode(&sync.data).unwrap());
            relay.speak(DOCUMENT);
        }
        let frame = relay.out.pop_front()?;
        let Ok(Incoming::Sync(sync)) = session.on_frame(&frame, at(0)) else { panic!("a sync message") };
        session.receive(&mut ours, sync, at(0)).err()
    });
    // It comes as a whole document, of which the guard does not know the hashes.
    let error = error.expect("automerge refuses");
    assert_eq!(error.code(), "automerge");
    assert_eq!(ours.heads(), before);
    write(&mut ours, "still", 1);
}

#[test]
fn a_document_nobody_asked_about_costs_nothing() {
    let mut relay = StockPeer::new();
    let mut session = connected(&mut relay, at(0));
    relay.send(OTHER, vec![0x99].into());
    let frame = relay.out.pop_front().unwrap();
    assert!(matches!(session.on_frame(&frame, at(0)), Ok(Incoming::Nothing)));
}

#[test]
fn ephemeral_messages_are_counted_out_and_heard_once() {
    let mut session = connected(&mut StockPeer::new(), at(0));
    let frames: Vec<Message> = (0..2)
        .map(|_| session.ephemeral(DOCUMENT, Bytes::from_static(&[0x61, b'x'])).unwrap())
        .map(|frame| wire::decode(&frame, &wire::Limits::RELAY).unwrap())
        .collect();
    let counts: Vec<u64> = frames
        .iter()
        .map(|message| match message {
            Message::Ephemeral(ephemeral) => ephemeral.count,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(counts, [1, 2]);

    let theirs = |count| {
        wire::encode(&Message::Ephemeral(Ephemeral {
            sender: "colleague".parse().unwrap(),
            target: identity().peer,
            document: DOCUMENT,
            session: SessionId::from_bits(9),
            count,
            data: Bytes::from_static(&[0x61, b'y']),
        }))
    };
    let heard: Vec<bool> = [3, 3, 2, 4]
        .into_iter()
        .map(|count| matches!(session.on_frame(&theirs(count), at(0)), Ok(Incoming::Ephemeral(_))))
        .collect();
    assert_eq!(heard, [true, false, false, true]);
}

#[test]
fn a_line_that_died_silently_is_noticed_within_twenty_seconds() {
    let mut relay = StockPeer::new().with(DOCUMENT, document_of(1, &["a"]));
    let mut session = connected(&mut relay, at(0));
    session.follow(DOCUMENT, &Heads::EMPTY, true);
    let mut documents = BTreeMap::from([(DOCUMENT, empty(2))]);
    converse(&mut session, &mut documents, &mut relay, at(0));

    // Quiet, and the relay is there: it answers the probe.
    let wake = session.wake_at().unwrap();
    let probe = session.on_wake(wake).unwrap().expect("a probe after a quiet while");
    relay.take(&probe);
    assert!(matches!(relay.heard.last(), Some(Message::Request(sync)) if sync.document == PROBE_DOCUMENT));
    let answer = relay.out.pop_front().unwrap();
    assert!(matches!(session.on_frame(&answer, wake), Ok(Incoming::Nothing)));

    // Quiet, and it is not.
    let (error, noticed) = loop {
        let now = session.wake_at().unwrap();
        match session.on_wake(now) {
            Ok(_) => assert!(now.millis_since(wake) < 20_000),
            Err(error) => break (error, now),
        }
    };
    assert_eq!(error.code(), "silent");
    assert!(noticed.millis_since(wake) <= 20_000);
}

#[test]
fn a_handshake_that_is_not_answered_ends() {
    let (mut session, _) = Session::open(identity(), at(0), 0);
    let wake = session.wake_at().unwrap();
    assert_eq!(session.on_wake(wake).unwrap_err().code(), "silent");
    let (patient, _) = Session::open(identity(), at(0), 3);
    assert!(patient.wake_at().unwrap() > wake, "after silence comes patience");
}

#[derive(Debug, Clone)]
enum Step {
    Ours(u8),
    Theirs(u8),
    TheySpeak,
    WePoll,
    ToUs,
    ToThem,
    Reconnect,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..6_u8).prop_map(Step::Ours),
        (0..6_u8).prop_map(Step::Theirs),
        Just(Step::TheySpeak),
        Just(Step::WePoll),
        Just(Step::ToUs),
        Just(Step::ToThem),
        Just(Step::Reconnect),
    ];
    proptest::collection::vec(step, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Edits on both sides, frames late, connections cut with what was in flight: once the line stays, both sides have
    /// everything, and say nothing more.
    #[test]
    fn any_interleaving_converges(steps in steps()) {
        let common = document_of(1, &["common"]);
        let mut relay = StockPeer::new().with(DOCUMENT, common.clone().with_actor(actor(2)));
        let mut documents = BTreeMap::from([(DOCUMENT, guarded(common.with_actor(actor(3))))]);
        let mut session = connected(&mut relay, at(0));
        session.follow(DOCUMENT, &Heads::EMPTY, false);
        let mut to_relay: VecDeque<Bytes> = VecDeque::new();
        for (n, step) in steps.into_iter().enumerate() {
            let now = at(i64::try_from(n).unwrap() * 40);
            match step {
                Step::Ours(key) => write(documents.get_mut(&DOCUMENT).unwrap(), &format!("k{key}"), n as i64),
                Step::Theirs(key) => put(relay.document(DOCUMENT), &format!("k{key}"), -(n as i64)),
                Step::TheySpeak => relay.speak(DOCUMENT),
                Step::WePoll => to_relay.extend(session.poll(DOCUMENT, &documents[&DOCUMENT], now).unwrap()),
                Step::ToUs => {
                    if let Some(frame) = relay.out.pop_front()
                        && let Incoming::Sync(sync) = session.on_frame(&frame, now).unwrap()
                    {
                        session.receive(documents.get_mut(&DOCUMENT).unwrap(), sync, now).unwrap();
                    }
                }
                Step::ToThem => to_relay.pop_front().iter().for_each(|frame| relay.take(frame)),
                Step::Reconnect => {
                    to_relay.clear();
                    relay.out.clear();
                    relay.documents.get_mut(&DOCUMENT).unwrap().1 = State::new();
                    session = connected(&mut relay, now);
                    session.follow(DOCUMENT, &Heads::EMPTY, false);
                }
            }
        }
        to_relay.iter().for_each(|frame| relay.take(frame));
        // A stock peer speaks of every edit, sooner or later.
        relay.speak(DOCUMENT);
        let (_, sent) = converse(&mut session, &mut documents, &mut relay, at(1_000_000));
        prop_assert_eq!(documents[&DOCUMENT].heads(), heads_of(relay.document(DOCUMENT)));
        prop_assert!(sent <= 12, "{} frames to become quiet", sent);
    }

    #[test]
    fn any_payload_is_understood_or_refused(payload in proptest::collection::vec(any::<u8>(), 1..200)) {
        let mut relay = StockPeer::new().with(DOCUMENT, document_of(1, &["a"]));
        let mut session = connected(&mut relay, at(0));
        session.follow(DOCUMENT, &Heads::EMPTY, false);
        let mut document = guarded(document_of(2, &["mine"]));
        relay.send(DOCUMENT, [&[0x42][..], &payload].concat().into());
        let frame = relay.out.pop_front().unwrap();
        if let Ok(Incoming::Sync(sync)) = session.on_frame(&frame, at(0)) {
            let _ = session.receive(&mut document, sync, at(0));
            let _ = session.poll(DOCUMENT, &document, at(0));
        }
        prop_assert!(document.get().get(ROOT, "mine").unwrap().is_some());
    }
}

#[test]
fn text_survives_the_way() {
    let mut theirs = Automerge::new().with_actor(actor(1));
    theirs
        .transact::<_, _, automerge::AutomergeError>(|tx| {
            let text = tx.put_object(ROOT, "text", ObjType::Text)?;
            tx.splice_text(&text, 0, 0, "Grüße 🧭")
        })
        .unwrap();
    let mut relay = StockPeer::new().with(DOCUMENT, theirs);
    let mut session = connected(&mut relay, at(0));
    session.follow(DOCUMENT, &Heads::EMPTY, true);
    let mut documents = BTreeMap::from([(DOCUMENT, empty(2))]);
    converse(&mut session, &mut documents, &mut relay, at(0));
    let (_, text) = documents[&DOCUMENT].get().get(ROOT, "text").unwrap().unwrap();
    assert_eq!(documents[&DOCUMENT].get().text(&text).unwrap(), "Grüße 🧭");
}

/// A change of somebody else, as one sync message of a relay that has nothing else to say.
fn carrying(heads: &[automerge::ChangeHash], changes: &[&automerge::Change]) -> Bytes {
    let message = AutomergeMessage {
        heads: heads.to_vec(),
        need: Vec::new(),
        have: Vec::new(),
        changes: changes.iter().map(|change| change.raw_bytes().to_vec()).collect::<Vec<_>>().into(),
        flags: None,
        version: automerge::sync::MessageVersion::V1,
    };
    message.encode().into()
}

fn deliver(
    session: &mut Session,
    relay: &mut StockPeer,
    document: &mut GuardedDocument,
    data: Bytes,
) -> Result<Received, SyncError> {
    relay.send(DOCUMENT, data);
    let frame = relay.out.pop_front().unwrap();
    let Incoming::Sync(sync) = session.on_frame(&frame, at(0)).unwrap() else { panic!("a sync message") };
    session.receive(document, sync, at(0))
}

/// A relay that begins at a version nobody has, after its disk was lost or out of malice. Automerge has something to say
/// to it each time it is asked.
#[test]
fn a_relay_that_builds_on_what_we_lack_is_asked_for_everything_once() {
    let mut relay = StockPeer::new();
    let mut session = connected(&mut relay, at(0));
    session.follow(DOCUMENT, &Heads::EMPTY, false);
    let mut ours = guarded(document_of(1, &["a"]));
    session.poll(DOCUMENT, &ours, at(0)).unwrap().expect("the first word");
    let unknown = automerge::ChangeHash([7; 32]);
    let have = automerge::sync::Have { last_sync: vec![unknown], ..Default::default() };
    for _ in 0..2 {
        let message = AutomergeMessage {
            heads: vec![unknown],
            need: Vec::new(),
            have: vec![have.clone()],
            changes: Vec::<Vec<u8>>::new().into(),
            flags: None,
            version: automerge::sync::MessageVersion::V1,
        };
        deliver(&mut session, &mut relay, &mut ours, message.encode().into()).unwrap();
        session.poll(DOCUMENT, &ours, at(100)).unwrap().expect("that everything is needed");
        assert_eq!(session.poll(DOCUMENT, &ours, at(200)), Ok(None));
    }
    // And it is told everything when it begins at nothing.
    write(&mut ours, "b", 1);
    let message = AutomergeMessage {
        heads: Vec::new(),
        need: Vec::new(),
        have: vec![Default::default()],
        changes: Vec::<Vec<u8>>::new().into(),
        flags: None,
        version: automerge::sync::MessageVersion::V1,
    };
    deliver(&mut session, &mut relay, &mut ours, message.encode().into()).unwrap();
    let frame = session.poll(DOCUMENT, &ours, at(300)).unwrap().expect("all changes");
    let Ok(Message::Sync(sync)) = wire::decode(&frame, &wire::Limits::RELAY) else {
        panic!("a sync message")
    };
    let read = guard::read_sync_message(&sync.data, &guard::Limits::RELAY).unwrap();
    assert_eq!(read.chunks.len(), ours.get().get_changes(&[]).len());
}

/// What a client asks for in its next message, and whether it describes what it has.
fn asks(session: &mut Session, document: &GuardedDocument) -> (Vec<automerge::ChangeHash>, bool) {
    let frame = session.poll(DOCUMENT, document, at(1_000_000)).unwrap().expect("something to say");
    let (Message::Sync(sync) | Message::Request(sync)) = wire::decode(&frame, &wire::Limits::RELAY).unwrap()
    else {
        panic!("a sync message")
    };
    let message = AutomergeMessage::decode(&sync.data).unwrap();
    (message.need, !message.have.is_empty())
}

#[test]
fn a_change_without_its_past_waits_outside_and_its_past_is_asked_for() {
    let theirs = document_of(1, &["a", "b", "c", "d"]);
    let heads = theirs.get_heads();
    let changes = theirs.get_changes(&[]);
    let [a, b, c, d] = changes.as_slice() else { panic!("four changes") };
    let mut relay = StockPeer::new();
    let mut session = connected(&mut relay, at(0));
    session.follow(DOCUMENT, &Heads::EMPTY, false);
    let mut ours = guarded(document_of(2, &["mine"]));

    let received = deliver(&mut session, &mut relay, &mut ours, carrying(&heads, &[d, a])).unwrap();
    assert_eq!((received.changes.len(), received.chunks.len(), ours.waiting()), (1, 1, 1));
    assert_eq!(asks(&mut session, &ours), (vec![c.hash()], false), "its head is here, and waits");
    let received = deliver(&mut session, &mut relay, &mut ours, carrying(&heads, &[c])).unwrap();
    assert_eq!((received.changes.len(), received.chunks.len(), ours.waiting()), (0, 0, 2));
    assert_eq!(asks(&mut session, &ours).0, [b.hash()]);
    let received = deliver(&mut session, &mut relay, &mut ours, carrying(&heads, &[b])).unwrap();
    // What had waited is said now, so that it is written now.
    assert_eq!((received.changes.len(), received.chunks.len(), ours.waiting()), (3, 3, 0));
    assert!(ours.get().get(ROOT, "d").unwrap().is_some());
    assert_eq!(asks(&mut session, &ours), (vec![], true));
}

/// Histories that end with a change which is well-formed and does not fit: it refers to what is not there, or Automerge
/// would overflow its stack.
fn misfits(past: &Automerge) -> Vec<(&'static str, Vec<automerge::Change>)> {
    let since = |document: &Automerge| document.get_changes(&past.get_heads());
    let mut document = past.clone().with_actor(actor(9));
    document
        .transact::<_, _, automerge::AutomergeError>(|tx| {
            let list = tx.put_object(ROOT, "list", ObjType::List)?;
            tx.insert(&list, 0, 1)?;
            tx.put(ROOT, "value", 1)
        })
        .unwrap();
    document
        .transact::<_, _, automerge::AutomergeError>(|tx| {
            let (_, list) = tx.get(ROOT, "list")?.unwrap();
            tx.insert(&list, 1, 2)
        })
        .unwrap();
    let honest = since(&document);
    let last = honest.last().unwrap().decode();
    let value = automerge::legacy::OpId::new(last.start_op.get() - 1, &actor(9));
    let mut after_a_value = last.clone();
    after_a_value.operations[0].key = automerge::legacy::Key::Seq(value.into());
    let mut in_a_value = last;
    in_a_value.operations[0].obj =
        automerge::legacy::ObjectId::Id(automerge::legacy::OpId::new(1, &actor(1)));
    let with = |forged: automerge::ExpandedChange| vec![honest[0].clone(), forged.into()];
    let on_the_past = |mut change: automerge::ExpandedChange| {
        change.deps = past.get_heads();
        change.hash = None;
        with(change)
    };
    let mut other = past.clone().with_actor(actor(10));
    other.apply_changes([honest[0].clone()]).unwrap();
    other
        .transact::<_, _, automerge::AutomergeError>(|tx| {
            let (_, list) = tx.get(ROOT, "list")?.unwrap();
            tx.insert(&list, 1, 2)
        })
        .unwrap();
    let unseeing = other.get_last_local_change().unwrap().decode();
    let mut again = past.clone().with_actor(actor(9));
    again.apply_changes([honest[0].clone()]).unwrap();
    again.transact::<_, _, automerge::AutomergeError>(|tx| tx.put(ROOT, "again", 1)).unwrap();
    let forgetful = again.get_last_local_change().unwrap().decode();

    // A change of nothing that counts on from nowhere: of it Automerge saves a document that it cannot load.
    let mut nothing = past.clone().with_actor(actor(9));
    nothing.empty_commit(automerge::transaction::CommitOptions::default());
    let mut nothing = nothing.get_last_local_change().unwrap().decode();
    nothing.start_op = nothing.start_op.checked_add(5).unwrap();
    nothing.hash = None;

    let mut deep = past.clone().with_actor(actor(9));
    deep.transact::<_, _, automerge::AutomergeError>(|tx| {
        (0..100).try_fold(ROOT, |inner, _| tx.put_object(&inner, "x", ObjType::Map)).map(drop)
    })
    .unwrap();
    vec![
        ("an element after one that is none", with(after_a_value)),
        ("an element in an object that is none", with(in_a_value)),
        ("a hundred maps in each other", since(&deep)),
        ("a change of nothing that leaves counters out", vec![nothing.into()]),
        ("an element after one its author had not seen", on_the_past(unseeing)),
        ("a change that forgets the last one of its actor", on_the_past(forgetful)),
    ]
}

#[test]
fn a_change_that_does_not_fit_the_document_costs_the_connection_only() {
    let past = document_of(1, &["a"]);
    for (what, history) in misfits(&past) {
        let mut relay = StockPeer::new();
        let mut session = connected(&mut relay, at(0));
        session.follow(DOCUMENT, &Heads::EMPTY, false);
        let mut ours = guarded(past.clone().with_actor(actor(2)));
        write(&mut ours, "mine", 1);
        let before = ours.heads();
        let data = carrying(&[history.last().unwrap().hash()], &history.iter().collect::<Vec<_>>());
        let error = deliver(&mut session, &mut relay, &mut ours, data).unwrap_err();
        assert_eq!(error.code(), "guard", "{what}: {error}");
        assert_eq!(ours.heads(), before, "{what}");

        // The document is as it was, and takes what is sound.
        write(&mut ours, "still", 1);
        let mut relay = StockPeer::new().with(DOCUMENT, document_of(3, &["sound"]));
        let mut session = connected(&mut relay, at(0));
        session.follow(DOCUMENT, &Heads::EMPTY, false);
        let mut documents = BTreeMap::from([(DOCUMENT, ours)]);
        converse(&mut session, &mut documents, &mut relay, at(0));
        assert!(documents[&DOCUMENT].get().get(ROOT, "sound").unwrap().is_some(), "{what}");
    }
}

/// The same when it had to wait: it is found out when its past has come, and left out.
#[test]
fn a_misfit_among_what_is_stored_costs_only_itself() {
    let read = |changes: &[automerge::Change]| {
        let bytes: Vec<u8> = changes.iter().flat_map(|change| change.raw_bytes().to_vec()).collect();
        guard::read_chunks(&bytes.into(), &guard::Limits::CLIENT).unwrap()
    };
    let past = document_of(1, &["a"]);
    for (what, history) in misfits(&past) {
        let mut ours = empty(2);
        assert!(ours.take(&read(&history)).unwrap().entered.is_empty(), "{what}");
        assert_eq!(ours.waiting(), history.len(), "{what}");
        let taken = ours.take(&read(&past.get_changes(&[]))).unwrap();
        assert_eq!((taken.changes.len(), taken.refused.len()), (history.len(), 1), "{what}");
        assert_eq!(ours.waiting(), 0, "{what}");
    }
}

/// A document chunk and, in the same message, a change that it has as well and one that it lacks.
#[test]
fn a_message_may_repeat_what_its_document_chunk_has() {
    let mut theirs = document_of(1, &["a", "b"]);
    let whole = theirs.save();
    put(&mut theirs, "c", 1);
    let changes = theirs.get_changes(&[]);
    let message = AutomergeMessage {
        heads: theirs.get_heads(),
        need: Vec::new(),
        have: Vec::new(),
        changes: [vec![whole], changes.iter().map(|change| change.raw_bytes().to_vec()).collect()]
            .concat()
            .into(),
        flags: None,
        version: automerge::sync::MessageVersion::V1,
    };
    let mut relay = StockPeer::new();
    let mut session = connected(&mut relay, at(0));
    session.follow(DOCUMENT, &Heads::EMPTY, false);
    let mut ours = guarded(document_of(2, &["mine"]));
    let data = message.clone().encode().into();
    let received = deliver(&mut session, &mut relay, &mut ours, data).unwrap();
    assert_eq!((received.changes.len(), ours.waiting()), (3, 0));

    // And when something in it does not fit, nothing of it enters.
    for (what, history) in misfits(&theirs) {
        let mut relay = StockPeer::new();
        let mut session = connected(&mut relay, at(0));
        session.follow(DOCUMENT, &Heads::EMPTY, false);
        let mut ours = guarded(document_of(2, &["mine"]));
        let before = ours.heads();
        let chunks = history.iter().map(|change| change.raw_bytes().to_vec());
        let message = AutomergeMessage {
            changes: std::iter::once(theirs.save()).chain(chunks).collect::<Vec<_>>().into(),
            ..message.clone()
        };
        let error = deliver(&mut session, &mut relay, &mut ours, message.encode().into()).unwrap_err();
        assert_eq!((error.code(), ours.heads()), ("guard", before), "{what}");
    }
}
