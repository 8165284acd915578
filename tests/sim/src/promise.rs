//! The promises of the product, each with a checker of that name.

use std::fmt;

/// What is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// An edit is on the screen in the call that makes it.
    PaintFirst,
    /// A screen that follows the deltas shows what a fresh look at the document shows.
    OneDoor,
    /// What was said to be saved is in the browser's store, and a tab that opens later has it.
    SavedHere,
    /// The relay names, forwards and acknowledges only what its store has committed.
    DurableFirst,
    /// What was committed, announced or acknowledged is there after any crash.
    Survives,
    /// No two sessions write under one actor.
    FreshActor,
    /// When everybody has everything, nobody says anything.
    QuietWhenDone,
    /// Bytes of a document reach only connections with a right to it, at that moment; readers write nothing.
    GrantsHold,
    /// A change that fits no document is neither stored nor taken in, by the relay as by a browser.
    Guarded,
    /// Whoever breaks a rule pays, and nobody else.
    SenderPays,
    /// When nothing fails any more, everybody soon has everything, and knows it.
    Heals,
    /// The product does not panic.
    NoPanic,
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PaintFirst => "paint first",
            Self::OneDoor => "one door to the screen",
            Self::SavedHere => "saved means durable here",
            Self::DurableFirst => "announced means durable there",
            Self::Survives => "durable survives a crash",
            Self::FreshActor => "a fresh actor every session",
            Self::QuietWhenDone => "quiet when done",
            Self::GrantsHold => "no one hears what they may not read",
            Self::Guarded => "nothing passes the guard that fits no document",
            Self::SenderPays => "nobody but the sender pays",
            Self::Heals => "heals within bounds",
            Self::NoPanic => "no panic",
        })
    }
}

/// A promise that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which.
    pub promise: Promise,
    /// How, in a sentence.
    pub how: String,
}

/// How every step of a run ends.
pub(crate) type Outcome<T = ()> = Result<T, Broken>;

impl Promise {
    /// Breaks it.
    pub(crate) fn broken<T>(self, how: impl Into<String>) -> Outcome<T> {
        Err(Broken { promise: self, how: how.into() })
    }

    /// Breaks it unless `holds`.
    pub(crate) fn hold(self, holds: bool, how: impl FnOnce() -> String) -> Outcome {
        if holds { Ok(()) } else { self.broken(how()) }
    }
}
