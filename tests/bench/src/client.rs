//! A client that costs next to nothing: a socket and a [`Replica`], or a socket alone for the plain fan-out.

use crate::{
    history::{History, read_sync_message},
    process::{Kind, Server},
    replica::Replica,
};
use anyhow::{Context, Result, bail};
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{SinkExt, StreamExt};
use ids::{DocumentId, PeerId};
use std::time::Duration;
use tokio::{net::TcpStream, time::Instant};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{self, protocol::WebSocketConfig},
};
use wire::Message;

/// In a frame of the plain fan-out: this goes to everybody else.
pub(crate) const PASS_ON: u8 = 1;
/// And this is an answer, which goes no further.
pub(crate) const ANSWER: u8 = 0;

/// A socket that has joined.
pub(crate) struct Link {
    socket: WebSocketStream<TcpStream>,
    /// Our name and the relay's; a plain fan-out has no names.
    names: Option<(PeerId, PeerId)>,
}

impl Link {
    /// Connects and, where there is a protocol, joins.
    pub(crate) async fn open(server: &Server) -> Result<Self> {
        let stream = TcpStream::connect(server.address).await.context("connecting")?;
        stream.set_nodelay(true)?;
        // Thousands of these stand beside what is measured.
        let config =
            WebSocketConfig::default().read_buffer_size(8 << 10).max_message_size(None).max_frame_size(None);
        let (socket, _) =
            tokio_tungstenite::client_async_with_config(server.url.as_str(), stream, Some(config)).await?;
        let mut link = Self { socket, names: None };
        if server.kind == Kind::Plain {
            return Ok(link);
        }
        let me = interop::native_peer::random_peer_id()?;
        let join = Message::Join(wire::Join {
            sender: me.clone(),
            versions: vec![wire::PROTOCOL_VERSION.to_owned()],
            metadata: wire::PeerMetadata { ephemeral: true, ..Default::default() },
        });
        link.send(wire::encode(&join)).await?;
        match wire::decode(&link.next_frame().await?, &wire::Limits::CLIENT)? {
            Message::Peer(peer) => link.names = Some((me, peer.sender)),
            other => bail!("the relay answered the join with {other:?}"),
        }
        Ok(link)
    }

    /// Sends a frame.
    pub(crate) async fn send(&mut self, frame: Bytes) -> Result<()> {
        Ok(self.socket.send(tungstenite::Message::Binary(frame)).await?)
    }

    /// The next binary frame. May be dropped while it waits.
    pub(crate) async fn next_frame(&mut self) -> Result<Bytes> {
        loop {
            match self.socket.next().await {
                Some(Ok(tungstenite::Message::Binary(frame))) => return Ok(frame),
                Some(Ok(tungstenite::Message::Close(why))) => bail!("the relay closed: {why:?}"),
                None => bail!("the relay closed"),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
            }
        }
    }

    /// The frame around a sync message.
    pub(crate) fn around(&self, document: DocumentId, data: Bytes, is_request: bool) -> Result<Bytes> {
        let (me, relay) = self.names.clone().context("a plain fan-out has no sync messages")?;
        let message = wire::SyncMessage { sender: me, target: relay, document, data };
        let message = if is_request { Message::Request(message) } else { Message::Sync(message) };
        Ok(wire::encode(&message))
    }
}

/// The sync message in a frame, if it is one.
pub(crate) fn sync_message_in(frame: &Bytes) -> Result<Option<(DocumentId, Bytes)>> {
    match wire::decode(frame, &wire::Limits::CLIENT)? {
        Message::Sync(message) | Message::Request(message) => Ok(Some((message.document, message.data))),
        Message::Error { message } => bail!("the relay says: {message}"),
        _ => Ok(None),
    }
}

/// One client of one document.
pub(crate) struct Client {
    link: Link,
    document: DocumentId,
    number: u32,
    sequence: u64,
    replica: Replica,
    has_spoken: bool,
}

impl Client {
    /// A client that has nothing yet and has said nothing.
    pub(crate) async fn open(server: &Server, document: DocumentId, number: u32) -> Result<Self> {
        let link = Link::open(server).await?;
        Ok(Self { link, document, number, sequence: 0, replica: Replica::default(), has_spoken: false })
    }

    /// Makes a change on what it has; returns the frame with it.
    pub(crate) fn edit(&mut self, history: &mut History, at: Instant) -> Result<Option<Bytes>> {
        self.sequence += 1;
        let position = history.make(self.number, self.sequence, &self.replica.heads(), at)?;
        self.replica.add(history, position)?;
        self.next_said(history)
    }

    /// Takes changes as its own, to be sent with the next message.
    pub(crate) fn take(&mut self, history: &History, positions: &[u32]) -> Result<()> {
        positions.iter().try_for_each(|position| self.replica.add(history, *position))
    }

    /// Says what there is to say.
    pub(crate) async fn say(&mut self, history: &History) -> Result<()> {
        if let Some(frame) = self.next_said(history)? {
            self.link.send(frame).await?;
        }
        Ok(())
    }

    /// The next frame, not sent.
    fn next_said(&mut self, history: &History) -> Result<Option<Bytes>> {
        if self.link.names.is_none() {
            // No protocol: the last change made, to everybody.
            let made = history.get(u32::try_from(history.len() - 1)?)?;
            let mut frame = BytesMut::with_capacity(made.bytes.len() + 1);
            frame.put_u8(PASS_ON);
            frame.extend_from_slice(&made.bytes);
            return Ok(Some(frame.freeze()));
        }
        let Some(data) = self.replica.next_message(history, false)? else { return Ok(None) };
        let is_request = !self.has_spoken && self.replica.len() == 0;
        self.has_spoken = true;
        self.link.around(self.document, data, is_request).map(Some)
    }

    /// Waits for a frame, without dealing with it. May be dropped while it waits.
    pub(crate) async fn wait(&mut self) -> Result<Bytes> {
        self.link.next_frame().await
    }

    /// Takes a frame; returns what it brought, and what is to be sent in return.
    pub(crate) fn take_frame(
        &mut self,
        history: &History,
        frame: &Bytes,
    ) -> Result<(Vec<u32>, Option<Bytes>)> {
        if self.link.names.is_none() {
            let position = history.recognise(frame.get(1..).context("an empty frame")?)?;
            self.replica.note(position);
            return Ok((vec![position], Some(Bytes::from_static(&[ANSWER; 100]))));
        }
        let Some((_, data)) = sync_message_in(frame)? else { return Ok((Vec::new(), None)) };
        let new = self.replica.receive(history, read_sync_message(&data)?)?;
        Ok((new, self.next_said(history)?))
    }

    /// Sends a frame made before.
    pub(crate) async fn send(&mut self, frame: Bytes) -> Result<()> {
        self.link.send(frame).await
    }

    /// Deals with frames until `done`, or fails.
    pub(crate) async fn until(
        &mut self,
        history: &History,
        limit: Duration,
        mut done: impl FnMut(&Replica) -> Result<bool>,
    ) -> Result<()> {
        let deadline = Instant::now() + limit;
        while !done(&self.replica)? {
            let frame = tokio::time::timeout_at(deadline, self.wait()).await.context("waited in vain")??;
            let (_, said) = self.take_frame(history, &frame)?;
            if let Some(said) = said {
                self.send(said).await?;
            }
        }
        Ok(())
    }
}

/// A document nobody else has.
pub(crate) fn new_document() -> Result<DocumentId> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(DocumentId::from_bytes(bytes))
}
