//! Who may open a socket: decided before the upgrade, and before a byte of the protocol is read.

use crate::{
    clock,
    disk::on_disk,
    http::{loopback, problem::Problem, session},
    ws::{connection, hub::HubHandle},
};
use axum::{
    extract::{ConnectInfo, Path, Query, State, WebSocketUpgrade},
    http::HeaderMap,
    response::Response,
};
use ids::{DeviceId, WorkspaceId};
use relay::{Access, Principal};
use serde::Deserialize;
use std::{net::SocketAddr, sync::Arc};
use store_redb::{RelayFile, Role, Secret, TokenRole};
use tokio::sync::Semaphore;

/// Largest message and frame. Browsers send a message as one frame.
const MESSAGE_BYTES_MAX: usize = 8 << 20;
/// Per socket; the library's own default of 128 KiB is 25 MB for 200 idle sockets. A long message grows the buffer by
/// itself, and nearly all messages are shorter than this.
const READ_BUFFER_BYTES: usize = 4 << 10;
/// What may wait inside the socket before it counts as failed. Above the relay's window of 1 MiB plus one message.
const WRITE_BUFFER_BYTES_MAX: usize = 80 << 20;

/// Sockets at once.
pub(crate) const SOCKETS_MAX: usize = 5_000;

/// The right to one more socket.
#[derive(Clone, Debug)]
pub(crate) struct Sockets(pub(crate) Arc<Semaphore>);

/// The query of the address: `?token=…` for clients that are not browsers.
#[derive(Debug, Deserialize)]
pub(crate) struct Credentials {
    token: Option<String>,
}

/// `GET /sync/WORKSPACE`
#[expect(
    clippy::too_many_arguments,
    reason = "each argument is one thing that the request must prove or the relay lend"
)]
pub(crate) async fn sync(
    State(file): State<RelayFile>,
    State(hub): State<HubHandle>,
    State(sockets): State<Sockets>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(workspace): Path<String>,
    Query(credentials): Query<Credentials>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    let principal = match credentials.token {
        Some(token) => token_holder(file, &workspace, &token, &headers).await?,
        None => session_holder(file, &workspace, peer, &headers).await?,
    };
    let permit = sockets.0.try_acquire_owned().map_err(|_| Problem::Full)?;
    Ok(upgrade
        .max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX)
        .read_buffer_size(READ_BUFFER_BYTES)
        .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX)
        .on_upgrade(async move |socket| {
            connection::run(socket, principal, hub).await;
            drop(permit);
        }))
}

async fn token_holder(
    file: RelayFile,
    workspace: &str,
    token: &str,
    headers: &HeaderMap,
) -> Result<Principal, Problem> {
    // A token in a page of another origin has been stolen or leaked.
    loopback::require_same_origin(headers)?;
    // A wrong workspace and a wrong token are one answer: neither tells which workspaces there are.
    let workspace: WorkspaceId = workspace.parse().map_err(|_| Problem::BadToken)?;
    let secret: Secret = token.parse().map_err(|_| Problem::BadToken)?;
    let device: DeviceId = format!("token-{}", secret.id()).parse().map_err(|_| Problem::BadToken)?;
    let token =
        on_disk(move || file.reader().find_token(&secret, clock::now())).await?.ok_or(Problem::BadToken)?;
    if token.workspace != workspace {
        return Err(Problem::BadToken);
    }
    let access = match token.role {
        TokenRole::Editor => Access::Writer,
        TokenRole::Viewer => Access::Reader,
    };
    // A program is no member; its receipts name the device alone.
    Ok(Principal { workspace, member: None, device, access })
}

async fn session_holder(
    file: RelayFile,
    workspace: &str,
    peer: SocketAddr,
    headers: &HeaderMap,
) -> Result<Principal, Problem> {
    loopback::require(peer, headers)?;
    // A cookie travels by itself, so the page must prove where it comes from; every browser sends an origin here.
    if !loopback::is_browser(headers) {
        return Err(Problem::ForeignOrigin);
    }
    let (session, directory) = session::find(file, headers).await?;
    if workspace.parse() != Ok(session.workspace) {
        return Err(Problem::NoWorkspace(workspace.chars().take(40).collect()));
    }
    let role = directory
        .members
        .iter()
        .find(|member| member.id == session.member)
        .map(|member| member.role)
        .ok_or(Problem::NoSession)?;
    let access = match role {
        Role::Owner | Role::Editor => Access::Writer,
        Role::Viewer => Access::Reader,
    };
    Ok(Principal {
        workspace: session.workspace,
        member: Some(session.member),
        device: session.device,
        access,
    })
}
