//! The session cookie.

use axum::http::{HeaderMap, HeaderValue, header};
use store_redb::Secret;

const NAME: &str = "binnacle-session";
/// Thirty days, as long as the session itself.
pub(crate) const SESSION_SECS: i64 = 30 * 24 * 3600;

/// The secret that the browser sent, if it looks like one.
pub(crate) fn read(headers: &HeaderMap) -> Option<Secret> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == NAME)
        .and_then(|(_, value)| value.parse().ok())
}

/// `Set-Cookie` that hands out a secret. No script can read it, and no other site can send it.
pub(crate) fn set(secret: &Secret) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "{NAME}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={SESSION_SECS}",
        secret.reveal()
    ))
    .ok()
}

/// `Set-Cookie` that takes it back.
pub(crate) fn clear() -> HeaderValue {
    HeaderValue::from_static("binnacle-session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
}
