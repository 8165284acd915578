//! `binnacle serve`: opens the file, starts the tasks, listens, and ends in order.

use crate::{
    admin, chance,
    cli::Serve,
    http::router::{Parts, router},
    readiness::Writes,
    ws::{
        hub::Hub,
        upgrade::{SOCKETS_MAX, Sockets},
    },
};
use anyhow::{Context, Result};
use ids::StorageId;
use rand_core::RngCore;
use std::{future::IntoFuture, io::Write, net::SocketAddr, sync::Arc, time::Duration};
use store_redb::{Options, QueueLimits, RelayFile, Writer};
use tokio::{net::TcpListener, sync::Semaphore};

/// How long open requests and sockets are given to end.
const GRACE: Duration = Duration::from_secs(5);

/// Runs the relay until it is asked to end.
pub(crate) fn serve(options: &Serve) -> Result<()> {
    std::fs::create_dir_all(&options.data.folder)
        .with_context(|| format!("creating the data folder {}", options.data.folder.display()))?;
    let path = options.data.folder.join(store_redb::FILE_NAME);
    let file = RelayFile::open(&path, &Options::default())?;
    let writer = Writer::spawn(file.clone(), QueueLimits::default())?;
    // One thread for all sockets and the hub, beside the writer's and those that read and build documents. Every frame
    // goes through the hub anyway; with a second thread each would wake the other for every frame, which cost half as
    // much again for each delivery.
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("starting the runtime")?;
    let outcome = runtime.block_on(run(options, file, &writer));
    runtime.shutdown_timeout(GRACE);
    // Whatever was acknowledged is written already; what still waits in the queue is written now.
    writer.close();
    outcome
}

async fn run(options: &Serve, file: RelayFile, writer: &Writer) -> Result<()> {
    let listener = TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("listening on {} (is another relay running there?)", options.listen))?;
    let address = listener.local_addr().context("asking for the address we listen on")?;
    let writes = Writes::default();
    let (hub, handle) = Hub::new(file.clone(), writer.handle(), storage_id(&file)?, writes.clone())?;
    let hub = tokio::spawn(hub.run());
    let admin = admin::socket::listen(
        &options.data.folder,
        admin::perform::Place { file: file.clone(), hub: Some(handle.clone()) },
    )
    .await?;
    let sockets = Sockets(Arc::new(Semaphore::new(SOCKETS_MAX)));
    let parts = Parts { file, hub: handle.clone(), sockets, writes };
    let mut ending = Ending::watch()?;
    announce(address)?;

    let (asked, ask) = tokio::sync::watch::channel(false);
    let mut stopping = ask.clone();
    let server = axum::serve(listener, router(parts).into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            let _ = stopping.wait_for(|asked| *asked).await;
        });
    let server = tokio::spawn(server.into_future());
    ending.asked().await;
    tracing::info!("ending: no new connections, closing the open ones");
    asked.send_replace(true);
    // Sockets are closed with a reason by the hub; then requests end by themselves.
    handle.stop().await;
    let _ = hub.await;
    if tokio::time::timeout(GRACE, server).await.is_err() {
        tracing::warn!("some connections did not end in time and were dropped");
    }
    admin.remove();
    Ok(())
}

/// The file's own name towards peers, made at its first start.
fn storage_id(file: &RelayFile) -> Result<StorageId> {
    let fresh = format!("relay-{:032x}", {
        let mut rng = chance::generator()?;
        (u128::from(rng.next_u64()) << 64) | u128::from(rng.next_u64())
    });
    Ok(file.storage_id(&fresh.parse()?)?)
}

/// The address on standard output, for people and scripts.
fn announce(address: SocketAddr) -> Result<()> {
    let shown = if address.ip().is_loopback() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "Binnacle is listening on {shown}").context("printing the address")?;
    out.flush().context("printing the address")?;
    if !address.ip().is_loopback() {
        tracing::warn!(
            %address,
            "browsers are answered only on this computer until access control is set up; other clients need a token"
        );
    }
    Ok(())
}

/// Ctrl-C, and SIGTERM where there are signals. Made before the address is printed: whoever reads the address may ask
/// us to end at once.
struct Ending {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Ending {
    #[cfg(unix)]
    fn watch() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate()).context("watching for SIGTERM")?,
            interrupt: signal(SignalKind::interrupt()).context("watching for Ctrl-C")?,
        })
    }

    #[cfg(not(unix))]
    fn watch() -> Result<Self> {
        Ok(Self {})
    }

    #[cfg(unix)]
    async fn asked(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn asked(&mut self) {
        drop(tokio::signal::ctrl_c().await);
    }
}
