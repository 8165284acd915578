//! What stands around every page: the frame, the keyboard, the sync chip, and the screen where one says who one is.

pub(crate) mod entry;
pub(crate) mod frame;
pub(crate) mod keys;
mod palette;
pub(crate) mod preferences;
mod rail;
mod recent;
pub(crate) mod routes;
mod shortcuts;
mod sync_chip;
mod top;
