//! Hostile and broken peers: the sender is cut off, with an error where the protocol allows one; others notice
//! nothing; memory stays flat. Every hostile message is built here.

use anyhow::{Context, Result, bail};
use automerge::{Automerge, ObjType, ROOT, ReadDoc, transaction::Transactable};
use bytes::Bytes;
use flate2::{Compression, write::DeflateEncoder};
use futures_util::{SinkExt, StreamExt};
use ids::{DocumentId, PeerId};
use interop::{
    native_peer::{NativePeer, dial, random_peer_id},
    relay_process::RelayProcess,
};
use rand_core::{RngCore, SeedableRng};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};
use tokio_tungstenite::tungstenite::Message as Frame;
use wire::Message;

const PATIENCE: Duration = Duration::from_secs(20);
/// What the process may grow by while it refuses everything below (a bomb alone would inflate to 1 GiB).
const GROWTH_KIB_MAX: u64 = 160 * 1024;

struct Scene {
    relay: RelayProcess,
    url: String,
    document: DocumentId,
    honest: NativePeer,
    witness: NativePeer,
}

impl Scene {
    async fn new() -> Result<Self> {
        let mut relay = RelayProcess::new()?;
        let workspace = relay.command_last_line(&["workspace", "create", "Bad input"])?;
        let token = relay.command_last_line(&["token", "create", &workspace, "--role", "editor"])?;
        relay.start()?;
        let url = relay.sync_url(&workspace, &token)?;
        let document = DocumentId::random(&mut rand_chacha::ChaCha8Rng::seed_from_u64(7));
        let mut honest = NativePeer::connect(&url, document, Automerge::new()).await?;
        honest.put("before", "here").await?;
        honest.receive_until(PATIENCE, NativePeer::is_acknowledged).await?;
        let mut witness = NativePeer::connect(&url, document, Automerge::new()).await?;
        let heads = honest.doc.get_heads();
        witness.receive_until(PATIENCE, |peer| peer.doc.get_heads() == heads).await?;
        Ok(Self { relay, url, document, honest, witness })
    }

    /// Two honest peers on connections that were open all along still reach each other.
    async fn others_notice_nothing(&mut self, after: &str) -> Result<()> {
        let hash =
            self.honest.put("after", after).await.with_context(|| format!("honest writer after {after}"))?;
        self.honest
            .receive_until(PATIENCE, NativePeer::is_acknowledged)
            .await
            .with_context(|| format!("ack after {after}"))?;
        self.witness
            .receive_until(PATIENCE, |peer| peer.doc.get_change_by_hash(&hash).is_some())
            .await
            .with_context(|| format!("witness after {after}"))
    }

    /// Joins as an honest peer would, then sends `frame` and expects to be cut off.
    async fn is_cut_off(&self, name: &str, frame: impl FnOnce(&PeerId, &PeerId) -> Frame) -> Result<()> {
        let (mut socket, me, relay) = join(&self.url).await?;
        socket.send(frame(&me, &relay)).await?;
        let closed = async {
            while let Some(Ok(received)) = socket.next().await {
                if received.is_close() {
                    break;
                }
            }
        };
        tokio::time::timeout(PATIENCE, closed)
            .await
            .with_context(|| format!("{name}: the sender was not cut off"))
    }

    fn sync(&self, me: &PeerId, relay: &PeerId, data: Vec<u8>) -> Frame {
        Frame::Binary(wire::encode(&Message::Sync(wire::SyncMessage {
            sender: me.clone(),
            target: relay.clone(),
            document: self.document,
            data: Bytes::from(data),
        })))
    }
}

type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

async fn join(url: &str) -> Result<(Socket, PeerId, PeerId)> {
    let mut socket = dial(url).await?;
    let me = random_peer_id()?;
    let join = Message::Join(wire::Join {
        sender: me.clone(),
        versions: vec!["1".to_owned()],
        metadata: wire::PeerMetadata::default(),
    });
    socket.send(Frame::Binary(wire::encode(&join))).await?;
    match interop::native_peer::next_message(&mut socket).await? {
        Some(Message::Peer(peer)) => Ok((socket, me, peer.sender)),
        other => bail!("no peer message: {other:?}"),
    }
}

/// `heads need have[1] changes`: one Bloom filter, given raw.
fn with_bloom(bloom: &[u8]) -> Vec<u8> {
    let mut data = vec![0x42, 0, 0, 1, 0, bloom.len() as u8];
    data.extend_from_slice(bloom);
    data.push(0);
    data
}

/// A message that carries one chunk and claims nothing else.
fn with_chunk(chunk: &[u8]) -> Vec<u8> {
    let mut data = vec![0x42, 0, 0, 0, 1];
    leb128(&mut data, chunk.len() as u64);
    data.extend_from_slice(chunk);
    data
}

fn leb128(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

/// A compressed change whose content inflates to `bytes` zeros.
fn inflate_bomb(bytes: usize) -> Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..bytes / zeros.len() {
        encoder.write_all(&zeros)?;
    }
    let deflated = encoder.finish()?;
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83, 1, 2, 3, 4, 2];
    leb128(&mut chunk, deflated.len() as u64);
    chunk.extend_from_slice(&deflated);
    Ok(chunk)
}

/// `{type: "sync", senderId, targetId, documentId: <text>, data: h'42'}` with any text as document id.
fn sync_with_document_text(me: &PeerId, relay: &PeerId, document: &str) -> Vec<u8> {
    fn text(out: &mut Vec<u8>, text: &str) {
        out.push(0x7a);
        out.extend_from_slice(&(text.len() as u32).to_be_bytes());
        out.extend_from_slice(text.as_bytes());
    }
    let mut frame = vec![0xa5];
    for (key, value) in
        [("type", "sync"), ("senderId", me.as_str()), ("targetId", relay.as_str()), ("documentId", document)]
    {
        text(&mut frame, key);
        text(&mut frame, value);
    }
    text(&mut frame, "data");
    frame.extend_from_slice(&[0x41, 0x42]);
    frame
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_sync_messages_cost_their_sender_the_connection() -> Result<()> {
    let mut scene = Scene::new().await?;
    let before = scene.relay.resident_kib()?;
    let bomb = inflate_bomb(1 << 30)?;
    let hostile: Vec<(&str, Vec<u8>)> = vec![
        ("bloom with entries and no bits (10 bytes)", with_bloom(&[1, 0, 7])),
        ("bloom with u32::MAX probes (15 bytes)", with_bloom(&[1, 10, 0xff, 0xff, 0xff, 0xff, 0x0f, 0])),
        ("a change that inflates to 1 GiB", with_chunk(&bomb)),
        ("a chunk of garbage", with_chunk(&[0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1, 3, 1, 2, 3])),
        ("an unknown message type", vec![0x99, 0, 0, 0, 0]),
        ("a length that is not there", vec![0x42, 0xff, 0xff, 0xff, 0xff, 0x0f]),
        ("one byte", vec![0x42]),
    ];
    for (name, data) in hostile {
        scene.is_cut_off(name, |me, relay| scene.sync(me, relay, data)).await?;
        scene.others_notice_nothing(name).await?;
    }
    let grown = scene.relay.resident_kib()?.saturating_sub(before);
    assert!(grown < GROWTH_KIB_MAX, "the relay grew by {grown} KiB");
    Ok(())
}

/// Changes that are well-formed and do not fit any document: Automerge panics on the first, and overflows its stack on a
/// deeper second. Whoever stored one would close the document for everybody.
fn misfits() -> Result<Vec<(&'static str, Vec<u8>)>> {
    let write = |document: &mut Automerge, levels: usize| {
        document
            .transact::<_, _, automerge::AutomergeError>(|tx| {
                let list = tx.put_object(ROOT, "list", ObjType::List)?;
                tx.put(ROOT, "value", 1)?;
                tx.insert(&list, 0, 1)?;
                (0..levels).try_fold(ROOT, |inner, _| tx.put_object(&inner, "x", ObjType::Map))
            })
            .map_err(|failure| failure.error)
    };
    let last = |document: &Automerge| document.get_last_local_change().context("a change");
    let mut flat = Automerge::new();
    write(&mut flat, 0)?;
    let mut dangling = last(&flat)?.decode();
    let elsewhere = automerge::legacy::OpId::new(1, &automerge::ActorId::from(vec![7; 16]));
    let insert = dangling.operations.get_mut(2).context("an insertion")?;
    insert.obj = automerge::legacy::ObjectId::Id(elsewhere);
    insert.key = automerge::legacy::ElementId::Head.into();
    let mut deep = Automerge::new();
    write(&mut deep, 100)?;
    Ok(vec![
        ("an element of a list that is not there", automerge::Change::from(dangling).raw_bytes().to_vec()),
        ("a hundred maps in each other", last(&deep)?.raw_bytes().to_vec()),
    ])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_that_fit_no_document_cost_their_sender_the_connection() -> Result<()> {
    let mut scene = Scene::new().await?;
    for (name, change) in misfits()? {
        let data = with_chunk(&change);
        scene.is_cut_off(name, |me, relay| scene.sync(me, relay, data)).await?;
        scene.others_notice_nothing(name).await?;
    }
    // Nor does anybody get it who comes later.
    let heads = scene.honest.doc.get_heads();
    let mut newcomer = NativePeer::connect(&scene.url, scene.document, Automerge::new()).await?;
    newcomer.receive_until(PATIENCE, |peer| peer.doc.get_heads() == heads).await?;
    assert!(newcomer.doc.get(ROOT, "x")?.is_none());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_frames_cost_their_sender_the_connection() -> Result<()> {
    let mut scene = Scene::new().await?;
    let before = scene.relay.resident_kib()?;
    scene.is_cut_off("text frame", |_, _| Frame::Text("hello".into())).await?;
    scene.is_cut_off("empty frame", |_, _| Frame::Binary(Bytes::new())).await?;
    scene.is_cut_off("not CBOR", |_, _| Frame::Binary(Bytes::from_static(&[0xff, 0x00, 0x13, 0x37]))).await?;
    let long = "2".repeat(1 << 20);
    scene
        .is_cut_off("a 1 MB document id", |me, relay| {
            Frame::Binary(sync_with_document_text(me, relay, &long).into())
        })
        .await?;
    scene
        .is_cut_off("somebody else's name", |_, relay| {
            let other = "somebody-else".parse().unwrap();
            scene.sync(&other, relay, vec![0x42, 0, 0, 0, 0])
        })
        .await?;
    scene.others_notice_nothing("broken frames").await?;

    // Truncated and bit-flipped honest frames: some still mean something, none may hurt anybody else.
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(11);
    for _ in 0..60 {
        let (mut socket, me, relay) = join(&scene.url).await?;
        let Frame::Binary(honest) = scene.sync(&me, &relay, vec![0x42, 0, 0, 1, 0, 0, 0]) else {
            bail!("binary")
        };
        let mut frame = honest.to_vec();
        if rng.next_u32() % 2 == 0 {
            frame.truncate(rng.next_u32() as usize % frame.len());
        } else {
            let place = rng.next_u32() as usize % frame.len();
            frame[place] ^= 1 << (rng.next_u32() % 8);
        }
        socket.send(Frame::Binary(frame.into())).await?;
        let _ = socket.close(None).await;
    }
    scene.others_notice_nothing("mutated frames").await?;
    let grown = scene.relay.resident_kib()?.saturating_sub(before);
    assert!(grown < GROWTH_KIB_MAX, "the relay grew by {grown} KiB");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_of_unknown_type_is_ignored() -> Result<()> {
    let scene = Scene::new().await?;
    let (mut socket, me, relay) = join(&scene.url).await?;
    // {type: "weather", senderId: "x"}
    let mut frame = vec![0xa2, 0x64];
    frame.extend_from_slice(b"type\x67weather\x68senderId\x61x");
    socket.send(Frame::Binary(frame.into())).await?;
    // The connection still works: an honest question about the document gets an answer.
    socket.send(scene.sync(&me, &relay, vec![0x42, 0, 0, 1, 0, 0, 0])).await?;
    let answer = tokio::time::timeout(PATIENCE, interop::native_peer::next_message(&mut socket)).await??;
    assert!(matches!(answer, Some(Message::Sync(_))), "{answer:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_header_that_claims_a_gigabyte_is_refused_before_its_body() -> Result<()> {
    let mut scene = Scene::new().await?;
    let before = scene.relay.resident_kib()?;
    let path =
        scene.url.split_once("/sync").map(|(_, rest)| format!("/sync{rest}")).context("a sync address")?;
    let address = scene.relay.address()?;
    let refused = tokio::task::spawn_blocking(move || -> Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        anyhow::ensure!(head.ends_with(b"101"), "{}", String::from_utf8_lossy(&head));
        let mut header = vec![0x82, 0xff];
        header.extend_from_slice(&(1_u64 << 30).to_be_bytes());
        header.extend_from_slice(&[1, 2, 3, 4]);
        stream.write_all(&header)?;
        let mut rest = Vec::new();
        // Ends, by a close or by a reset, although the promised gigabyte never comes.
        Ok(match stream.read_to_end(&mut rest) {
            Ok(_) => true,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        })
    })
    .await??;
    assert!(refused, "the relay waited for a gigabyte");
    scene.others_notice_nothing("a gigabyte header").await?;
    let grown = scene.relay.resident_kib()?.saturating_sub(before);
    assert!(grown < GROWTH_KIB_MAX, "the relay grew by {grown} KiB");
    Ok(())
}
