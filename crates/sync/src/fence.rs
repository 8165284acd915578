//! A fence around Automerge while it reads what a peer wrote.
//!
//! The guard has looked at the encoding, not at the meaning: changes can be well formed, name operations that do not
//! exist, and trip an assertion. Where panics unwind, the fence turns one into an error that costs the connection. A
//! wasm build aborts instead and the fence is empty there: the page has to start again, and finds everything that was
//! saved, because a received change is applied before it is written.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Automerge panicked. Its document may be half changed and must be built again from chunks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("automerge panicked: {0}")]
pub struct Panicked(pub String);

/// Runs `work`, and says so when it panicked.
///
/// What `work` was changing must not be used after an error, except to be thrown away.
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
}
