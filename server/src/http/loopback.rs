//! Until access control is set up, a browser is trusted for one reason only: it runs on the relay's own computer.
//!
//! Three things are checked. The peer's address is loopback. The `Host` is a loopback name: a page of another site
//! whose name was re-pointed to 127.0.0.1 (DNS rebinding) carries its own name there. The `Origin`, where a browser
//! sends one, is exactly this host: `SameSite` cookies do not stop another port of the same machine.

use crate::http::problem::Problem;
use axum::http::{HeaderMap, header};
use std::net::{IpAddr, SocketAddr};

/// Refuses what does not come from a browser on this computer.
pub(crate) fn require(peer: SocketAddr, headers: &HeaderMap) -> Result<(), Problem> {
    if !peer.ip().to_canonical().is_loopback() || !host(headers).is_some_and(names_this_computer) {
        return Err(Problem::NotLoopback);
    }
    require_same_origin(headers)
}

/// Refuses a request that a browser sent from a page of another origin.
pub(crate) fn require_same_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let same = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")))
        .is_some_and(|origin| host(headers) == Some(origin));
    if same { Ok(()) } else { Err(Problem::ForeignOrigin) }
}

/// Whether a browser sent this: browsers put an `Origin` on every WebSocket, other clients on none.
pub(crate) fn is_browser(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN)
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

fn names_this_computer(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => host.rsplit_once(':').map_or(host, |(name, _port)| name),
    };
    let name = name.to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(host: &'static str, origin: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        headers
    }

    fn verdict(peer: &str, host: &'static str, origin: Option<&'static str>) -> Result<(), &'static str> {
        require(SocketAddr::new(peer.parse().unwrap(), 40_000), &headers(host, origin)).map_err(|problem| {
            match problem {
                Problem::NotLoopback => "not-loopback",
                Problem::ForeignOrigin => "foreign-origin",
                _ => "other",
            }
        })
    }

    #[test]
    fn a_browser_on_this_computer_is_let_in() {
        for (peer, host) in [
            ("127.0.0.1", "localhost:8484"),
            ("127.0.0.1", "127.0.0.1:8484"),
            ("::1", "[::1]:8484"),
            ("::ffff:127.0.0.1", "LOCALHOST"),
        ] {
            assert_eq!(verdict(peer, host, None), Ok(()), "{peer} {host}");
        }
        assert_eq!(verdict("127.0.0.1", "localhost:8484", Some("http://localhost:8484")), Ok(()));
    }

    #[test]
    fn another_computer_a_rebound_name_and_another_port_are_not() {
        assert_eq!(verdict("192.0.2.7", "localhost:8484", None), Err("not-loopback"));
        assert_eq!(verdict("127.0.0.1", "evil.example:8484", None), Err("not-loopback"));
        assert_eq!(verdict("127.0.0.1", "localhost.evil.example", None), Err("not-loopback"));
        assert_eq!(
            verdict("127.0.0.1", "localhost:8484", Some("http://localhost:3000")),
            Err("foreign-origin")
        );
        assert_eq!(verdict("127.0.0.1", "localhost:8484", Some("null")), Err("foreign-origin"));
    }
}
