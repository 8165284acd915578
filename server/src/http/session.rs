//! Who sits at this browser. Until access control is set up, a browser on the relay's own computer chooses a name.

use crate::{
    chance, clock,
    disk::on_disk,
    http::{cookie, loopback, problem::Problem},
};
use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use ids::{DeviceId, MemberId, RecordId, WorkspaceId};
use serde::Deserialize;
use std::net::SocketAddr;
use store_redb::{DirectoryMember, DirectoryWorkspace, RelayFile, Role, Secret, Session};

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NAME_CHARS_MAX: usize = 80;

/// What a browser posts to begin: an existing member, or the name of a new one.
#[derive(Debug, Deserialize)]
pub(crate) struct Begin {
    workspace: String,
    member: Option<MemberId>,
    name: Option<String>,
}

/// `GET /api/workspaces`: what there is to choose from.
pub(crate) async fn choices(
    State(file): State<RelayFile>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    loopback::require(peer, &headers)?;
    let workspaces = on_disk(move || file.reader().workspaces()).await?;
    let list: Vec<_> = workspaces
        .iter()
        .map(|workspace| {
            serde_json::json!({
                "id": workspace.id,
                "name": workspace.name,
                "members": workspace.members.iter().map(member_json).collect::<Vec<_>>(),
            })
        })
        .collect();
    Ok(([(header::CACHE_CONTROL, NO_STORE)], Json(list)).into_response())
}

/// `GET /api/session`: who this browser is; 204 while it is nobody.
pub(crate) async fn show(
    State(file): State<RelayFile>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    loopback::require(peer, &headers)?;
    match find(file, &headers).await {
        Ok((session, workspace)) => answer(StatusCode::OK, &session, &workspace),
        // Nobody is an answer, not a failure: browsers log failures as errors of the page that asked.
        Err(Problem::NoSession) => {
            Ok((StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, NO_STORE)]).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /api/session`: this browser is that member from now on.
pub(crate) async fn begin(
    State(file): State<RelayFile>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(begin): Json<Begin>,
) -> Result<Response, Problem> {
    loopback::require(peer, &headers)?;
    let (secret, session, workspace) = on_disk(move || begin_on_disk(&file, begin)).await?;
    let mut response = answer(StatusCode::CREATED, &session, &workspace)?;
    if let Some(value) = cookie::set(&secret) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// `DELETE /api/session`: this browser is nobody again. What it keeps on its own disk stays.
pub(crate) async fn end(
    State(file): State<RelayFile>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    loopback::require(peer, &headers)?;
    if let Some(secret) = cookie::read(&headers) {
        on_disk(move || file.delete_session(&secret).map_err(Problem::from)).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie::clear())]).into_response())
}

/// The session of the cookie, and its workspace.
pub(crate) async fn find(
    file: RelayFile,
    headers: &HeaderMap,
) -> Result<(Session, DirectoryWorkspace), Problem> {
    let secret = cookie::read(headers).ok_or(Problem::NoSession)?;
    on_disk(move || {
        let session = file.reader().find_session(&secret, clock::now())?.ok_or(Problem::NoSession)?;
        let workspace = file.reader().workspace(session.workspace)?.ok_or(Problem::NoSession)?;
        Ok((session, workspace))
    })
    .await
}

fn begin_on_disk(file: &RelayFile, begin: Begin) -> Result<(Secret, Session, DirectoryWorkspace), Problem> {
    let id: WorkspaceId = begin
        .workspace
        .parse()
        .map_err(|_| Problem::NoWorkspace(begin.workspace.chars().take(40).collect()))?;
    let mut workspace =
        file.reader().workspace(id)?.ok_or_else(|| Problem::NoWorkspace(begin.workspace.clone()))?;
    let mut rng = chance::generator()?;
    let now = clock::now();
    let member = match (begin.member, begin.name) {
        (Some(member), _) => workspace
            .members
            .iter()
            .find(|known| known.id == member)
            .map(|known| known.id)
            .ok_or(Problem::NoMember)?,
        (None, Some(name)) => {
            let name = name.trim().to_owned();
            if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
                return Err(Problem::BadName);
            }
            let role = if workspace.members.is_empty() { Role::Owner } else { Role::Editor };
            let member = DirectoryMember {
                id: MemberId(RecordId::new(now, &mut rng)),
                name,
                title: String::new(),
                role,
            };
            file.add_member(id, &member)?;
            let id = member.id;
            workspace.members.push(member);
            id
        }
        (None, None) => return Err(Problem::NoMember),
    };
    let device: DeviceId =
        format!("browser-{}", RecordId::new(now, &mut rng)).parse().map_err(|_| Problem::NoMember)?;
    let secret = Secret::random(&mut rng);
    let session = Session {
        workspace: id,
        member,
        device,
        created: now,
        expires: now.plus_millis(cookie::SESSION_SECS * 1000),
    };
    file.create_session(&secret, &session)?;
    Ok((secret, session, workspace))
}

fn answer(
    status: StatusCode,
    session: &Session,
    workspace: &DirectoryWorkspace,
) -> Result<Response, Problem> {
    let member =
        workspace.members.iter().find(|member| member.id == session.member).ok_or(Problem::NoSession)?;
    let body = serde_json::json!({
        "workspace": { "id": workspace.id, "name": workspace.name, "document": workspace.document },
        "member": member_json(member),
        "device": session.device,
    });
    Ok((status, [(header::CACHE_CONTROL, NO_STORE)], Json(body)).into_response())
}

fn member_json(member: &DirectoryMember) -> serde_json::Value {
    serde_json::json!({ "id": member.id, "name": member.name, "title": member.title })
}
