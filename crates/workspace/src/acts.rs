//! Acts that take more than one edit, or a rule to get right: what the screens do, once and for all of them.
//!
//! Each function gives an [`Act`]; nothing is written until it is applied. What must be fresh (ids of records and
//! entries) and who acts when are arguments. An act that the document does not allow is refused by
//! [`apply`](crate::apply) with a reason, so nothing is checked twice here.

mod authority;
mod choice;
mod context;
mod decision;
mod duplicate;
mod means;
mod policy;
mod register;
mod requirement;
mod talk;
mod way;
mod work;

pub use authority::{Answered, accept_or_decline, expire_grant, give_authority, hand_over, revoke_grant};
pub use choice::{confirm_state, keep, keep_key, keep_state};
pub use context::{confirm_direction, handle_feedback, look_at_issue, say_climate, say_no_means_needed};
pub use decision::{Outcome, decide};
pub use duplicate::{mark_duplicate, merge_reviews};
pub use means::{NeedReply, answer_need, deliver_need};
pub use policy::{acknowledge_policy, let_policy_stand, put_policy_in_force};
pub use register::{accept_risk, look_at_entry, rate};
pub use requirement::judge_requirement;
pub use talk::{comment, delete, reopen_comment, resolve_comment, restore, tag, untag};
pub use work::{Effect, check_effect, done, follow_up, postpone, send_back, verify};

use crate::Date;
use ids::{MemberId, Timestamp};

/// Who acts, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doer {
    /// The member.
    pub member: MemberId,
    /// What the device believes the time is.
    pub now: Timestamp,
    /// The day where the device is.
    pub today: Date,
}
