//! A fence around Automerge while it takes in what others wrote.
//!
//! The guard has looked at the encoding, not at the meaning: changes can be well formed, name operations that do not
//! exist, and trip an assertion half way. So they are tried on a copy of the document, which costs a tenth of a
//! millisecond for a thousand records (its columns are shared), and the document is replaced only when all went well.
//!
//! Where panics unwind, one becomes an error. A wasm build aborts instead: the page has to start again, and finds
//! everything that was saved, because nothing received is written before it has been applied.

use automerge::{Automerge, AutomergeError};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Automerge panicked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("automerge panicked: {0}")]
pub struct Panicked(pub String);

/// Bytes that Automerge did not digest, although the guard let them through.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It said no: for example two changes of one actor with one number.
    #[error("{0}")]
    Refused(String),
    /// It fell over.
    #[error(transparent)]
    Panicked(#[from] Panicked),
}

impl Unusable {
    /// A short stable name for logs and counters.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "automerge",
            Self::Panicked(_) => "panicked",
        }
    }
}

/// Tries `work` on a copy of the document and keeps the copy only when it succeeds.
pub fn try_on_copy<T>(
    document: &mut Automerge,
    work: impl FnOnce(&mut Automerge) -> Result<T, AutomergeError>,
) -> Result<T, Unusable> {
    let mut copy = document.clone();
    let done = fenced(|| work(&mut copy))?.map_err(|error| Unusable::Refused(error.to_string()))?;
    *document = copy;
    Ok(done)
}

/// Runs `work`, and says so when it panicked.
///
/// What `work` was changing must not be used after an error, except to be thrown away: see [`try_on_copy`].
pub fn fenced<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let words = payload
            .downcast_ref::<&str>()
            .map(|words| (*words).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned());
        Panicked(words.unwrap_or_else(|| "(without words)".to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_with_its_words() {
        assert_eq!(fenced(|| 7), Ok(7));
        let caught: Result<(), _> = fenced(|| panic!("obj {} missing", 3));
        assert_eq!(caught, Err(Panicked("obj 3 missing".into())));
    }

    #[test]
    fn a_document_outlives_what_it_could_not_digest() {
        use automerge::{ROOT, ReadDoc, transaction::Transactable};
        let put = |document: &mut Automerge, key: &str| {
            document
                .transact::<_, _, AutomergeError>(|tx| tx.put(ROOT, key, 1))
                .map_err(|failure| failure.error)
        };
        let mut document = Automerge::new();
        try_on_copy(&mut document, |copy| put(copy, "a")).unwrap();
        let fallen: Result<(), _> = try_on_copy(&mut document, |copy| {
            put(copy, "b")?;
            panic!("half way")
        });
        assert_eq!(fallen, Err(Unusable::Panicked(Panicked("half way".into()))));
        let refused = try_on_copy(&mut document, |copy| {
            put(copy, "c")?;
            Err::<(), _>(AutomergeError::InvalidHash(automerge::ChangeHash([0; 32])))
        });
        assert_eq!(refused.unwrap_err().code(), "automerge");
        assert_eq!(document.keys(ROOT).collect::<Vec<_>>(), ["a"]);
    }
}
