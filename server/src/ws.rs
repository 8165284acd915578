//! Sockets: who may open one, how it is pumped, and the hub that owns the relay.

pub(crate) mod connection;
pub(crate) mod hub;
pub(crate) mod upgrade;
