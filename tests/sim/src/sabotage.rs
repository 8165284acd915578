//! Rules broken on purpose, in the world around the product and never in it: a checker that does not notice its own
//! sabotage checks nothing.

use crate::Promise;

/// One rule broken on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sabotage {
    /// The screen does not show an edit before something else happens.
    LatePaint,
    /// The screen misses what comes from elsewhere.
    DeafScreen,
    /// The browser's store answers before its transaction is complete.
    SavedTooEarly,
    /// The relay's writer answers before it has committed.
    AnnouncedTooEarly,
    /// The relay's disk only pretends to sync.
    LyingDisk,
    /// A tab that opens again takes the actor of the tab before it.
    ActorKept,
    /// Somebody repeats the last sync message once a second.
    Echo,
    /// The server skips the access check: a stranger is let into the workspace.
    DoorLeftOpen,
    /// Frames of the hostile colleague are counted as somebody else's.
    WrongSender,
    /// The relay stores a change without asking whether what it refers to is there.
    GuardSkippedAtRelay,
    /// A browser stores a change without asking whether what it refers to is there.
    GuardSkippedInBrowser,
    /// The hub believes a socket that says it is empty, whatever it was given since.
    StaleWord,
    /// A browser stays without a network although everything is said to be healed.
    NeverBack,
}

impl Sabotage {
    /// Every one of them, with the promise whose checker must notice.
    pub const ALL: &'static [(Self, Promise)] = &[
        (Self::LatePaint, Promise::PaintFirst),
        (Self::DeafScreen, Promise::OneDoor),
        (Self::SavedTooEarly, Promise::SavedHere),
        (Self::AnnouncedTooEarly, Promise::DurableFirst),
        (Self::LyingDisk, Promise::Survives),
        (Self::ActorKept, Promise::FreshActor),
        (Self::Echo, Promise::QuietWhenDone),
        (Self::DoorLeftOpen, Promise::GrantsHold),
        (Self::WrongSender, Promise::SenderPays),
        (Self::GuardSkippedAtRelay, Promise::Guarded),
        (Self::GuardSkippedInBrowser, Promise::Guarded),
        (Self::StaleWord, Promise::SenderPays),
        (Self::NeverBack, Promise::Heals),
    ];
}
