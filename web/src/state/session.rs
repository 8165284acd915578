//! Who sits here: found out at the start, chosen by a person, remembered by this device.

use super::memory::Memory;
use crate::platform::api::{self, Refusal, Session, WorkspaceChoice};
use std::sync::Arc;

/// Whether a workspace is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SessionState {
    /// Being found out.
    Starting,
    /// Nobody is signed in: a person chooses a workspace and says who they are.
    Choosing(Arc<Vec<WorkspaceChoice>>),
    /// A workspace is open. Its document may still be loading: see [`Status::open`](client::Status::open).
    Open(Arc<Session>),
    /// Nothing is known here and the relay does not help.
    Failed(Refusal),
}

/// What this device remembers is enough; without that the relay is asked.
pub(super) async fn find(memory: &Memory) -> SessionState {
    if let Some(session) = memory.session().await {
        return SessionState::Open(Arc::new(session));
    }
    match api::session().await {
        Ok(session) => {
            memory.begin(&session).await;
            SessionState::Open(Arc::new(session))
        }
        Err(Refusal::NotSignedIn) => choices().await,
        Err(refusal) => SessionState::Failed(refusal),
    }
}

/// What there is to choose from.
pub(super) async fn choices() -> SessionState {
    match api::workspaces().await {
        Ok(workspaces) => SessionState::Choosing(Arc::new(workspaces)),
        Err(refusal) => SessionState::Failed(refusal),
    }
}

/// Brings what is remembered of `remembered` in line with the relay: names change. `None` when there is nothing newer.
pub(super) async fn renewed(remembered: &Session) -> Option<Session> {
    let session = api::session().await.ok()?;
    let is_same =
        session.workspace.id == remembered.workspace.id && session.member.id == remembered.member.id;
    (is_same && session != *remembered).then_some(session)
}
