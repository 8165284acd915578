//! What this device remembers between visits, beside the documents: who works here, in which workspaces, and what the
//! relay last said. It is what makes a start without a network possible.
//!
//! Everything here is a convenience: a memory that fails costs a question, never work, so failures are told to the
//! console and go no further.

use crate::platform::{api::Session, chance::Chance, page};
use ids::{DocumentId, Heads, StorageId, WorkspaceId};
use rand_core::RngCore;
use serde::{Serialize, de::DeserializeOwned};
use store_idb::IdbStore;

const SESSION: &str = "session";
const SESSIONS: &str = "sessions";
const STORAGE: &str = "storage";
const DEVICE_LABEL: &str = "device-label";

/// The memory of this device.
#[derive(Clone)]
pub(super) struct Memory {
    store: IdbStore,
}

impl Memory {
    pub(super) fn of(store: IdbStore) -> Self {
        Self { store }
    }

    /// Who was here last.
    pub(super) async fn session(&self) -> Option<Session> {
        self.recall(SESSION).await
    }

    /// Everybody who was here, by workspace.
    pub(super) async fn sessions(&self) -> Vec<Session> {
        self.recall(SESSIONS).await.unwrap_or_default()
    }

    /// `session` is here now.
    pub(super) async fn begin(&self, session: &Session) {
        self.remember(SESSION, session).await;
        let mut sessions = self.sessions().await;
        sessions.retain(|known| known.workspace.id != session.workspace.id);
        sessions.insert(0, session.clone());
        self.remember(SESSIONS, &sessions).await;
    }

    /// Nobody is here now. The documents stay, and so does the knowledge of the workspaces.
    pub(super) async fn end(&self) {
        report(self.store.forget(SESSION).await);
    }

    /// The name of this browser's store, made when first asked for.
    pub(super) async fn storage(&self) -> StorageId {
        if let Some(storage) = self.recall(STORAGE).await {
            return storage;
        }
        let fresh = fresh_storage();
        self.remember(STORAGE, &fresh).await;
        fresh
    }

    /// What this device is called.
    pub(super) async fn device_label(&self) -> String {
        let chosen: Option<String> = self.recall(DEVICE_LABEL).await;
        chosen.unwrap_or_else(|| super::device::label(&page::user_agent()))
    }

    /// The person calls this device so.
    pub(super) async fn name_device(&self, label: &str) {
        self.remember(DEVICE_LABEL, &label).await;
    }

    /// What the relay announced last of a document.
    pub(super) async fn relay_heads(&self, document: DocumentId) -> Option<Heads> {
        self.recall(&format!("relay-heads:{document}")).await
    }

    /// The relay announced these.
    pub(super) async fn keep_relay_heads(&self, document: DocumentId, heads: &Heads) {
        self.remember(&format!("relay-heads:{document}"), heads).await;
    }

    /// Whether somebody joined this workspace by name here and is not in the document yet.
    pub(super) async fn is_joining(&self, workspace: WorkspaceId) -> bool {
        self.recall(&format!("joining:{workspace}")).await.unwrap_or(false)
    }

    /// See [`is_joining`](Self::is_joining).
    pub(super) async fn set_joining(&self, workspace: WorkspaceId, is_joining: bool) {
        self.remember(&format!("joining:{workspace}"), &is_joining).await;
    }

    async fn recall<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        match self.store.recall(name).await {
            Ok(text) => serde_json::from_str(&text?).ok(),
            Err(error) => {
                report(Err(error));
                None
            }
        }
    }

    async fn remember<T: Serialize>(&self, name: &str, value: &T) {
        if let Ok(text) = serde_json::to_string(value) {
            report(self.store.remember(name, &text).await);
        }
    }
}

fn fresh_storage() -> StorageId {
    loop {
        if let Ok(storage) = format!("browser-{:016x}", Chance.next_u64()).parse() {
            return storage;
        }
    }
}

fn report(result: Result<(), store::StoreError>) {
    if let Err(error) = result {
        leptos::logging::warn!("this device's memory: {error}");
    }
}

/// Whether this browser has ever held a copy of `document`. Kept apart from the database, so that a database which
/// was cleared can be told from a new device.
pub(super) mod kept_copy {
    use super::DocumentId;

    fn key(document: DocumentId) -> String {
        format!("binnacle.kept.{document}")
    }

    fn marks() -> Option<web_sys::Storage> {
        web_sys::window()?.local_storage().ok()?
    }

    pub(in crate::state) fn was_made(document: DocumentId) -> bool {
        marks().and_then(|marks| marks.get_item(&key(document)).ok()?).is_some()
    }

    pub(in crate::state) fn is_made(document: DocumentId) {
        if let Some(marks) = marks() {
            let _ = marks.set_item(&key(document), "1");
        }
    }
}
