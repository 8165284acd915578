//! What can be done about a finding. Screens turn an offer into a control; `workspace::acts` has the act behind it.

use workspace::{Edge, Field, RecordRef};

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Choose one of the open values of a field, or give a new one (`acts::keep`, `acts::keep_key`).
    Choose {
        /// Which field.
        field: Field,
        /// Which key of a keyed field.
        key: Option<String>,
    },
    /// Choose which of the stories holds; the others stay in the log (`acts::keep_state`).
    ChooseState,
    /// Offer the record to somebody (`acts::hand_over`).
    HandOver,
    /// Name who answers for it.
    NameOwner,
    /// Rate it once more, with a reason; that takes the place of the open ratings.
    Rate,
    /// Put it on the next agenda.
    Discuss,
    /// Record a decision about it.
    Decide,
    /// Give one answer that takes the place of all others (`acts::answer_need`).
    Answer,
    /// Enter the value that holds; it supersedes the open ones.
    Correct,
    /// Word it anew.
    Redraft,
    /// Say that this and the other are the same (`acts::mark_duplicate`).
    MarkDuplicate(RecordRef),
    /// Move everything of the other into this one (`acts::merge_reviews`).
    Merge(RecordRef),
    /// Take the deletion back (`acts::restore`).
    Restore(RecordRef),
    /// Leave it deleted.
    ConfirmDelete,
    /// Remove the link.
    Unlink(Edge),
    /// Empty the field.
    Clear(Field),
    /// Link it to a goal.
    LinkGoal,
    /// Link it to an objective.
    LinkObjective,
    /// Write down why not.
    GiveReason(Field),
    /// Ask for means.
    AskForMeans,
    /// Say that none are needed.
    SayNoMeansNeeded,
    /// Give or renew authority (`acts::give_authority`).
    GiveAuthority,
    /// Say that it has run out (`acts::expire_grant`).
    Expire,
    /// Look whether it is done (`acts::verify`).
    Verify,
    /// Back to work (`acts::send_back`).
    SendBack,
    /// Look whether it worked (`acts::check_effect`).
    CheckEffect,
    /// Start an action that comes from it (`acts::follow_up`).
    AddAction,
    /// Attach what shows it.
    AddEvidence,
    /// Give it another due day (`acts::postpone`).
    Postpone,
    /// Accept the risk until a day.
    Accept,
    /// Look at it again.
    LookAgain,
    /// Enter the missing value.
    EnterValue,
    /// Choose a figure to measure it by.
    ChooseFigure,
    /// Judge it (`acts::judge_requirement`).
    Judge,
    /// Drop the promise.
    Drop,
    /// Of several versions let this one stand (`acts::let_policy_stand`).
    LetStand(RecordRef),
    /// Put the version in force, pinned (`acts::put_policy_in_force`).
    PutInForce,
    /// Somebody who may says that it holds (`acts::confirm_state`).
    Confirm,
    /// Say whose device it is (`Edit::ConfirmDevice`).
    NameDevice,
    /// Install the newer version.
    Update,
}
