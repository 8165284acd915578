//! What people write into cells, and what it means.
//!
//! Nothing here guesses: where two readings are possible the caller has to say which one holds for the column.

mod date;
mod decimal;
mod formula;
mod list;
mod score;

pub(crate) use date::{DateForm, day, form};
pub(crate) use decimal::{Shape, decimal, shape};
pub(crate) use formula::{disarm, rearm};
pub(crate) use list::{join, split};
pub(crate) use score::{halves, level};
