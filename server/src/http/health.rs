//! Is the process there, and does it serve?

use axum::{
    Json,
    http::{HeaderValue, header},
    response::IntoResponse,
};

/// `GET /healthz`: the process answers. It says nothing of the content and needs no session.
pub(crate) async fn healthz() -> impl IntoResponse {
    (
        [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        Json(serde_json::json!({ "status": "ok" })),
    )
}
