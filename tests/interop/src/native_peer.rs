//! A stock client made of the `automerge` crate's own sync code and a WebSocket: it shares nothing with the relay but
//! the wire codec, and keeps account of what the relay told it.

use anyhow::{Context, Result, bail};
use automerge::{
    Automerge, ChangeHash, ReadDoc,
    sync::{Message as SyncData, State, SyncDoc},
    transaction::Transactable,
};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use ids::{DocumentId, PeerId};
use std::{collections::BTreeSet, time::Duration};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite};
use wire::Message;

/// A socket to the relay.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// One replica on one connection.
pub struct NativePeer {
    socket: Socket,
    me: PeerId,
    relay: PeerId,
    document: DocumentId,
    /// The replica.
    pub doc: Automerge,
    state: State,
    first: bool,
    told: BTreeSet<ChangeHash>,
    unavailable: bool,
}

impl NativePeer {
    /// Connects, joins, and asks for the document.
    pub async fn connect(url: &str, document: DocumentId, doc: Automerge) -> Result<Self> {
        let mut socket = dial(url).await?;
        let me = random_peer_id()?;
        let join = Message::Join(wire::Join {
            sender: me.clone(),
            versions: vec![wire::PROTOCOL_VERSION.to_owned()],
            metadata: wire::PeerMetadata::default(),
        });
        socket.send(tungstenite::Message::Binary(wire::encode(&join))).await?;
        let relay = match next_message(&mut socket).await? {
            Some(Message::Peer(peer)) => peer.sender,
            other => bail!("the relay answered the join with {other:?}"),
        };
        let mut peer = Self {
            socket,
            me,
            relay,
            document,
            doc,
            state: State::new(),
            first: true,
            told: BTreeSet::new(),
            unavailable: false,
        };
        peer.send_pending().await?;
        Ok(peer)
    }

    /// Changes that the relay claimed to have (its heads and all they depend on) or forwarded. What it said once it
    /// may never forget.
    pub fn told_by_relay(&self) -> &BTreeSet<ChangeHash> {
        &self.told
    }

    /// Whether the relay said that it has no such document for us.
    pub fn is_unavailable(&self) -> bool {
        self.unavailable
    }

    /// Puts a value at the root and sends it.
    pub async fn put(&mut self, key: &str, value: &str) -> Result<ChangeHash> {
        let mut transaction = self.doc.transaction();
        transaction.put(automerge::ROOT, key, value)?;
        let (hash, _) = transaction.commit();
        let hash = hash.context("a put makes a change")?;
        self.send_pending().await?;
        Ok(hash)
    }

    /// Reads frames until the relay has been silent for `quiet`.
    pub async fn receive_until_quiet(&mut self, quiet: Duration) -> Result<()> {
        while let Ok(received) = tokio::time::timeout(quiet, self.receive_one()).await {
            received?;
        }
        Ok(())
    }

    /// Reads frames until `done` says so; fails after `limit`.
    pub async fn receive_until(
        &mut self,
        limit: Duration,
        mut done: impl FnMut(&Self) -> bool,
    ) -> Result<()> {
        tokio::time::timeout(limit, async {
            while !done(self) {
                self.receive_one().await?;
            }
            Ok(())
        })
        .await
        .context("waited in vain for the relay")?
    }

    /// Whether the relay has said that it has everything we have.
    pub fn is_acknowledged(&self) -> bool {
        self.doc.get_heads().iter().all(|head| self.told.contains(head))
    }

    /// Reads one frame and answers it.
    pub async fn receive_one(&mut self) -> Result<()> {
        match next_message(&mut self.socket).await? {
            Some(Message::Sync(message) | Message::Request(message)) => {
                let data = SyncData::decode(&message.data)?;
                let announced = data.heads.clone();
                let before = self.doc.get_heads();
                self.doc.receive_sync_message(&mut self.state, data)?;
                self.note(&before, &announced);
                self.send_pending().await
            }
            Some(Message::DocUnavailable { .. }) => {
                self.unavailable = true;
                Ok(())
            }
            Some(Message::Error { message }) => bail!("the relay says: {message}"),
            Some(_) => Ok(()),
            None => bail!("the relay closed the connection"),
        }
    }

    fn note(&mut self, before: &[ChangeHash], announced: &[ChangeHash]) {
        // Everything that arrived was forwarded, and every announced head brings its whole past.
        for change in self.doc.get_changes(before) {
            self.told.insert(change.hash());
        }
        let mut open: Vec<ChangeHash> = announced.to_vec();
        while let Some(hash) = open.pop() {
            if let Some(change) = self.doc.get_change_by_hash(&hash)
                && self.told.insert(hash)
            {
                open.extend_from_slice(change.deps());
            }
        }
    }

    async fn send_pending(&mut self) -> Result<()> {
        while let Some(data) = self.doc.generate_sync_message(&mut self.state) {
            let message = wire::SyncMessage {
                sender: self.me.clone(),
                target: self.relay.clone(),
                document: self.document,
                data: Bytes::from(data.encode()),
            };
            let is_request = std::mem::take(&mut self.first) && self.doc.get_heads().is_empty();
            let message = if is_request { Message::Request(message) } else { Message::Sync(message) };
            self.socket.send(tungstenite::Message::Binary(wire::encode(&message))).await?;
        }
        Ok(())
    }
}

/// Opens a socket without saying anything.
pub async fn dial(url: &str) -> Result<Socket> {
    let (socket, _) =
        tokio_tungstenite::connect_async(url).await.with_context(|| "connecting to the relay")?;
    Ok(socket)
}

/// The next protocol message; `None` when the relay has closed.
pub async fn next_message(socket: &mut Socket) -> Result<Option<Message>> {
    loop {
        match socket.next().await {
            None | Some(Ok(tungstenite::Message::Close(_))) => return Ok(None),
            Some(Ok(tungstenite::Message::Binary(frame))) => {
                return Ok(Some(wire::decode(&frame, &wire::Limits::CLIENT)?));
            }
            Some(Ok(_)) => {}
            Some(Err(tungstenite::Error::ConnectionClosed)) => return Ok(None),
            Some(Err(error)) => return Err(error.into()),
        }
    }
}

/// A peer id nobody else has.
pub fn random_peer_id() -> Result<PeerId> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(format!("native-{:016x}", u64::from_le_bytes(bytes)).parse()?)
}
