//! Whether the relay takes changes, as its last write tells.
//!
//! A full disk is no reason to end: what is stored is served, and clients keep what is refused and come again. Whoever
//! watches over the relay has to know, though, and hears it here and, once for each time, in the log.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use store::StoreError;
use store_redb::WriteError;

/// What became of the last write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// It was kept, or there was none.
    #[default]
    Ready,
    /// There was no room.
    Full,
    /// The storage failed.
    Failing,
}

impl Readiness {
    /// For machines; never changed.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Full => "full",
            Self::Failing => "failing",
        }
    }

    /// What a result says about the storage; nothing if that was not asked.
    fn of(result: &Result<(), WriteError>) -> Option<Self> {
        match result {
            Ok(()) => Some(Self::Ready),
            Err(WriteError::Store(StoreError::Full { .. })) => Some(Self::Full),
            // Too much was waiting: it never came to the storage.
            Err(WriteError::Store(StoreError::Busy { .. })) => None,
            Err(WriteError::Store(
                StoreError::Io { .. } | StoreError::Corrupt { .. } | StoreError::Format { .. },
            )) => Some(Self::Failing),
            // A rule of the directory: the storage was well enough to know it.
            Err(_) => Some(Self::Ready),
        }
    }
}

impl fmt::Display for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ready => "the relay takes changes",
            Self::Full => {
                "the relay refuses changes, for its disk is full; free some space, and it goes on by itself. \
                 What is stored is served, and clients keep what was refused"
            }
            Self::Failing => {
                "the relay refuses changes, for its storage fails; what is stored is served as far as it can \
                 be read, and clients keep what was refused"
            }
        })
    }
}

/// The readiness of the relay of this process; clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Writes(Arc<Mutex<Readiness>>);

impl Writes {
    /// How it is now.
    pub(crate) fn readiness(&self) -> Readiness {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A write has been answered.
    pub(crate) fn note(&self, result: &Result<(), WriteError>) {
        let Some(now) = Readiness::of(result) else { return };
        let before = std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), now);
        if before != now {
            match now {
                Readiness::Ready => tracing::warn!(code = now.code(), "{now} again"),
                Readiness::Full | Readiness::Failing => tracing::error!(code = now.code(), "{now}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_write_tells() {
        let (doing, cause) = ("writing".to_owned(), "test".to_owned());
        let full = Err(WriteError::Store(StoreError::Full { doing: doing.clone(), cause: cause.clone() }));
        let busy = Err(WriteError::Store(StoreError::Busy { doing: doing.clone(), cause: cause.clone() }));
        let io = Err(WriteError::Store(StoreError::Io { doing, cause }));
        let writes = Writes::default();
        assert_eq!(writes.readiness(), Readiness::Ready);
        for (result, expected) in [
            (&full, Readiness::Full),
            (&busy, Readiness::Full),
            (&io, Readiness::Failing),
            (&Ok(()), Readiness::Ready),
        ] {
            writes.note(result);
            assert_eq!(writes.readiness(), expected, "{result:?}");
        }
    }
}
