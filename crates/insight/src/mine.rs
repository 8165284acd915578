//! What concerns one person: what they own, what waits for them; and how ownership is spread over the team.
//!
//! Counts are never a ranking of people: a member sees the own board, everybody sees how ownership is spread.

mod board;
mod duties;
mod needs_you;
mod spread;

pub use board::{Board, board};
pub use duties::{DUTIES, Duty, DutyRow, duties};
pub use needs_you::{Ask, AskKind, needs_you};
pub use spread::{Concentration, HandBack, concentration, declined_hand_backs, hand_backs, open_owned};
