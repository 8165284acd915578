//! What the relay answers over HTTP.

pub(crate) mod assets;
pub(crate) mod cookie;
pub(crate) mod health;
pub(crate) mod loopback;
pub(crate) mod problem;
pub(crate) mod router;
pub(crate) mod security;
pub(crate) mod session;
