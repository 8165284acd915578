//! One socket: a pump in each direction, and a heartbeat.

use crate::ws::hub::{HubHandle, Outgoing};
use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use ids::ConnectionId;
use relay::{Event, Principal};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::mpsc, time::Instant};

/// How often a silent peer is asked whether it is there. JavaScript clients never ask by themselves.
const PING_EVERY: Duration = Duration::from_secs(15);
/// A peer that has said nothing after so many of them, not even to a ping, is gone.
const PINGS_UNANSWERED_MAX: u32 = 2;
/// How long a peer is given to read why it was closed.
const GOODBYE: Duration = Duration::from_secs(2);
/// The reason in a close frame has at most this many bytes (RFC 6455, 5.5).
const REASON_BYTES_MAX: usize = 123;

/// Runs a socket to its end.
pub(crate) async fn run(socket: WebSocket, principal: Principal, hub: HubHandle) {
    let Ok((connection, outgoing)) = hub.open(principal).await else { return };
    tracing::debug!(%connection, "socket open");
    let (sink, mut stream) = socket.split();
    let heard = Arc::new(AtomicBool::new(true));
    let mut sending = Sending { connection, sink, outgoing, hub: hub.clone(), heard: Arc::clone(&heard) };
    let closed_by_us = tokio::select! {
        closed = sending.run() => closed,
        ended = receive(connection, &mut stream, &hub, &heard) => match ended {
            Ended::Text => sending.close(close_code::UNSUPPORTED, "the protocol has binary frames only").await.is_ok(),
            Ended::TooLarge => sending.close(close_code::SIZE, "frame too large").await.is_ok(),
            Ended::Gone => false,
        },
    };
    // The relay is told in any case; if it closed the socket itself, it has forgotten it already.
    let _ = hub.event(Event::Closed { connection }).await;
    if closed_by_us {
        // Closing with unread bytes in the buffer would reset the connection and lose the reason.
        let drained = async { while let Some(Ok(_)) = stream.next().await {} };
        let _ = tokio::time::timeout(GOODBYE, drained).await;
    }
    tracing::debug!(%connection, "socket closed");
}

struct Sending {
    connection: ConnectionId,
    sink: SplitSink<WebSocket, Message>,
    outgoing: mpsc::Receiver<Outgoing>,
    hub: HubHandle,
    /// Whether the peer has said something since the last ping.
    heard: Arc<AtomicBool>,
}

impl Sending {
    /// Sends until the socket fails or is to be closed; `true` when a close frame went out.
    async fn run(&mut self) -> bool {
        let mut pings = tokio::time::interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        let mut unanswered = 0;
        loop {
            tokio::select! {
                next = self.outgoing.recv() => match next {
                    Some(first) => match self.send_all_that_wait(first).await {
                        Ok(Sent::Everything) => {
                            let event = Event::Writable { connection: self.connection };
                            if self.hub.event(event).await.is_err() {
                                return false;
                            }
                        }
                        Ok(Sent::Close) => return true,
                        Err(_) => return false,
                    },
                    // The hub dropped us: it is shutting down, or our outbox ran over.
                    None => return self.close(close_code::AGAIN, "the relay let go of this connection").await.is_ok(),
                },
                _ = pings.tick() => {
                    unanswered = if self.heard.swap(false, Ordering::Relaxed) { 0 } else { unanswered + 1 };
                    if unanswered > PINGS_UNANSWERED_MAX {
                        return false;
                    }
                    if self.sink.send(Message::Ping(bytes::Bytes::new())).await.is_err() {
                        return false;
                    }
                }
            }
        }
    }

    /// One flush for everything that waits: a system call per round, not per frame.
    async fn send_all_that_wait(&mut self, first: Outgoing) -> Result<Sent, axum::Error> {
        let mut next = Some(first);
        while let Some(outgoing) = next {
            match outgoing {
                Outgoing::Frame(frame) => self.sink.feed(Message::Binary(frame)).await?,
                Outgoing::Close(reason) => {
                    self.close(reason.code(), &reason.to_string()).await?;
                    return Ok(Sent::Close);
                }
            }
            next = self.outgoing.try_recv().ok();
        }
        self.sink.flush().await?;
        Ok(Sent::Everything)
    }

    async fn close(&mut self, code: u16, reason: &str) -> Result<(), axum::Error> {
        let reason = shortened(reason, REASON_BYTES_MAX);
        self.sink.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await
    }
}

enum Sent {
    Everything,
    Close,
}

/// Hands binary frames to the hub until the socket ends. A text frame is not the protocol.
async fn receive(
    connection: ConnectionId,
    stream: &mut SplitStream<WebSocket>,
    hub: &HubHandle,
    heard: &AtomicBool,
) -> Ended {
    while let Some(message) = stream.next().await {
        heard.store(true, Ordering::Relaxed);
        match message {
            Ok(Message::Binary(bytes)) => {
                if hub.event(Event::Frame { connection, bytes }).await.is_err() {
                    return Ended::Gone;
                }
            }
            Ok(Message::Ping(_) | Message::Pong(_)) => {}
            Ok(Message::Close(_)) => return Ended::Gone,
            Ok(Message::Text(_)) => return Ended::Text,
            Err(error) if error.to_string().contains("too long") => return Ended::TooLarge,
            Err(_) => return Ended::Gone,
        }
    }
    Ended::Gone
}

/// Why nothing more is read.
enum Ended {
    Gone,
    Text,
    TooLarge,
}

fn shortened(text: &str, bytes_max: usize) -> &str {
    let mut end = text.len().min(bytes_max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        assert_eq!(shortened("short", 123), "short");
        assert_eq!(shortened("aé", 2), "a");
    }
}
