//! The web app out of the binary: precompressed, hashed assets for ever, everything that names them never cached.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

    /// A file of the built web app by its path under the root, as it lies in the binary.
    pub(super) fn file(path: &str) -> Option<&'static [u8]> {
        EMBEDDED.iter().find(|(name, _)| *name == path).map(|(_, bytes)| *bytes)
    }

    pub(super) fn is_empty() -> bool {
        EMBEDDED.is_empty()
    }
}

/// Assets have the hash of their content in their name: what a browser once has is right for ever.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// `index.html`, `sw.js` and the manifest name the assets: they are asked for every time.
const ASK_EVERY_TIME: HeaderValue = HeaderValue::from_static("no-cache");

const NO_APP: &str = "This relay was built without the web app. Build it with `cargo xtask build`.\n";

/// Serves files of the app; any other path without a dot is a page of the app (deep link) and gets `index.html`.
pub(crate) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    if embedded::is_empty() {
        return (StatusCode::NOT_FOUND, NO_APP).into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let path = if is_file { path } else { "index.html" };
    file(path, &headers).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    // The build lays `.br` and `.gz` beside each file; they are encodings of it, not files of their own.
    if path.ends_with(".br") || path.ends_with(".gz") {
        return None;
    }
    let plain = embedded::file(path)?;
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let (encoding, bytes) = ["br", "gzip"]
        .into_iter()
        .filter(|encoding| accepts(accepted, encoding))
        .find_map(|encoding| {
            let suffix = if encoding == "br" { "br" } else { "gz" };
            embedded::file(&format!("{path}.{suffix}")).map(|bytes| (Some(encoding), bytes))
        })
        .unwrap_or((None, plain));
    let cache = if path.starts_with("assets/") { FOR_EVER } else { ASK_EVERY_TIME };
    let mut response = Response::new(Body::from(bytes));
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    fields.insert(header::CACHE_CONTROL, cache);
    fields.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

/// Whether an `Accept-Encoding` names `wanted` without refusing it (`q=0`).
fn accepts(header: &str, wanted: &str) -> bool {
    header.split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        parts.next() == Some(wanted)
            && !parts.any(|quality| matches!(quality, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_encoding_is_not_accepted() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("brotli", "br"));
    }
}
