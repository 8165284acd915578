//! The table of routes, nothing else.

use crate::{
    http::{assets, health, security, session},
    readiness::Writes,
    ws::{
        hub::HubHandle,
        upgrade::{self, Sockets},
    },
};
use axum::{Router, extract::FromRef, routing::get};
use store_redb::RelayFile;
use tower_http::set_header::SetResponseHeaderLayer;

/// What handlers may ask for; each takes only its part.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) file: RelayFile,
    pub(crate) hub: HubHandle,
    pub(crate) sockets: Sockets,
    pub(crate) writes: Writes,
}

impl FromRef<Parts> for RelayFile {
    fn from_ref(parts: &Parts) -> Self {
        parts.file.clone()
    }
}

impl FromRef<Parts> for HubHandle {
    fn from_ref(parts: &Parts) -> Self {
        parts.hub.clone()
    }
}

impl FromRef<Parts> for Sockets {
    fn from_ref(parts: &Parts) -> Self {
        parts.sockets.clone()
    }
}

impl FromRef<Parts> for Writes {
    fn from_ref(parts: &Parts) -> Self {
        parts.writes.clone()
    }
}

/// Everything the relay answers over HTTP.
pub(crate) fn router(parts: Parts) -> Router {
    let mut router = Router::new()
        .route("/sync/{workspace}", get(upgrade::sync))
        .route("/api/workspaces", get(session::choices))
        .route("/api/session", get(session::show).post(session::begin).delete(session::end))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .fallback(assets::serve)
        .with_state(parts);
    for (name, value) in security::HEADERS {
        router = router.layer(SetResponseHeaderLayer::if_not_present(name, value));
    }
    router
}
