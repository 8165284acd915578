//! Is the process there, and does it serve?

use crate::readiness::{Readiness, Writes};
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};

/// `GET /healthz`: the process answers. It says nothing of the content and needs no session.
pub(crate) async fn healthz() -> impl IntoResponse {
    (
        [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        Json(serde_json::json!({ "status": "ok" })),
    )
}

/// `GET /readyz`: whether the relay takes changes; 503 with `full` or `failing` when the last write came to nothing. It
/// serves what is stored all the same, so this is for alarms and not for taking it out of service.
pub(crate) async fn readyz(State(writes): State<Writes>) -> impl IntoResponse {
    let readiness = writes.readiness();
    let status = match readiness {
        Readiness::Ready => StatusCode::OK,
        Readiness::Full | Readiness::Failing => StatusCode::SERVICE_UNAVAILABLE,
    };
    (
        status,
        [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        Json(serde_json::json!({ "status": readiness.code(), "sentence": readiness.to_string() })),
    )
}
