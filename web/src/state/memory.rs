//! What this device remembers between visits, beside the documents: who works here, in which workspace, and what the
//! relay last said. It is what makes a start without a network possible.
//!
//! Everything here is a convenience: a memory that fails costs a question, never work, so failures are told to the
//! console and go no further.

use crate::platform::{api::Session, chance::Chance};
use ids::{DocumentId, Heads, StorageId, WorkspaceId};
use rand_core::RngCore;
use serde::{Serialize, de::DeserializeOwned};
use store_idb::IdbStore;

const SESSION: &str = "session";
const STORAGE: &str = "storage";

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

    /// `session` is here now.
    pub(super) async fn begin(&self, session: &Session) {
        self.remember(SESSION, session).await;
    }

    /// Nobody is here now. The documents stay.
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
