//! The floor: a WebSocket fan-out without protocol, storage or thought. Runs as a process of its own.

use crate::client::PASS_ON;
use anyhow::{Context, Result};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use std::{
    collections::BTreeMap,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedSender, unbounded_channel},
};
use tokio_tungstenite::tungstenite::{Message, protocol::WebSocketConfig};

type Everybody = Arc<Mutex<BTreeMap<u64, UnboundedSender<Bytes>>>>;

/// Serves until it is killed.
pub(crate) fn serve() -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("listening")?;
        let mut out = std::io::stdout();
        writeln!(out, "{}", serde_json::json!({ "listening": format!("ws://{}", listener.local_addr()?) }))?;
        out.flush()?;
        let everybody = Everybody::default();
        for number in 0.. {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(pass_on(stream, number, Arc::clone(&everybody)));
        }
        Ok(())
    })
}

async fn pass_on(stream: TcpStream, number: u64, everybody: Everybody) -> Result<()> {
    stream.set_nodelay(true)?;
    // The library's own 128 KiB would be all that a connection costs.
    let config = WebSocketConfig::default().read_buffer_size(4 << 10);
    let socket = tokio_tungstenite::accept_async_with_config(stream, Some(config)).await?;
    let (mut sink, mut source) = socket.split();
    let (sender, mut outbox) = unbounded_channel::<Bytes>();
    everybody.lock().unwrap_or_else(PoisonError::into_inner).insert(number, sender);
    let sending = async {
        while let Some(frame) = outbox.recv().await {
            sink.feed(Message::Binary(frame)).await?;
            while let Ok(frame) = outbox.try_recv() {
                sink.feed(Message::Binary(frame)).await?;
            }
            sink.flush().await?;
        }
        anyhow::Ok(())
    };
    let receiving = async {
        while let Some(Ok(message)) = source.next().await {
            let Message::Binary(frame) = message else { continue };
            if frame.first() != Some(&PASS_ON) {
                continue;
            }
            let everybody = everybody.lock().unwrap_or_else(PoisonError::into_inner);
            for (_, other) in everybody.iter().filter(|(other, _)| **other != number) {
                // Whoever has gone is removed by its own task.
                let _ = other.send(frame.clone());
            }
        }
        anyhow::Ok(())
    };
    let outcome = tokio::select! { sent = sending => sent, received = receiving => received };
    everybody.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
    outcome
}
