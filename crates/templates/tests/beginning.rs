//! Beginnings: one binary, so that it links once.

#[cfg(test)]
#[path = "beginning/apart.rs"]
mod apart;
