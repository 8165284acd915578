//! What the command line does to a relay's data.
//!
//! Reading commands open the file beside a running relay. Writing commands speak to the relay over its socket when one
//! runs (there is one writer), and write by themselves otherwise; both end in the same functions of [`perform`].

pub(crate) mod ask;
mod deliver;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod perform;
pub(crate) mod show;
pub(crate) mod socket;
