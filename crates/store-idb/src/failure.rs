//! What IndexedDB says when it fails, in the words of the store.

use store::StoreError;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

/// A failed attempt.
#[derive(Debug)]
pub(crate) struct Failure {
    name: String,
    message: String,
}

impl Failure {
    /// From whatever was thrown.
    pub(crate) fn thrown(value: JsValue) -> Self {
        match value.dyn_into::<DomException>() {
            Ok(exception) => Self::exception(&exception),
            Err(value) => Self { name: "Error".to_owned(), message: format!("{value:?}") },
        }
    }

    /// From the error of a request or transaction; none means that the browser cut the connection.
    pub(crate) fn of(exception: Option<DomException>) -> Self {
        exception.map_or_else(
            || Self { name: LOST.to_owned(), message: "the browser closed the database".to_owned() },
            |exception| Self::exception(&exception),
        )
    }

    fn exception(exception: &DomException) -> Self {
        Self { name: exception.name(), message: exception.message() }
    }

    /// Whether opening the database again may help.
    pub(crate) fn is_lost_connection(&self) -> bool {
        matches!(
            self.name.as_str(),
            LOST | "InvalidStateError" | "UnknownError" | "AbortError" | "TimeoutError"
        )
    }

    /// Whether the database is of a later version of this program.
    pub(crate) fn is_later_version(&self) -> bool {
        self.name == "VersionError"
    }

    /// For the caller, with what was being done.
    pub(crate) fn while_doing(self, doing: &str) -> StoreError {
        let (doing, cause) = (doing.to_owned(), format!("{}: {}", self.name, self.message));
        match self.name.as_str() {
            "QuotaExceededError" => StoreError::Full { doing, cause },
            _ => StoreError::Io { doing, cause },
        }
    }
}

/// Our name for an abort without an error.
const LOST: &str = "ConnectionLost";

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use wasm_bindgen_test::*;

    wasm_bindgen_test_configure!(run_in_browser);

    fn failure(name: &str) -> Failure {
        Failure::thrown(
            DomException::new_with_message_and_name("why", name).map_or_else(|error| error, Into::into),
        )
    }

    #[wasm_bindgen_test]
    fn a_full_disk_is_told_from_a_failing_one() {
        assert!(matches!(failure("QuotaExceededError").while_doing("saving"), StoreError::Full { .. }));
        assert!(!failure("QuotaExceededError").is_lost_connection());
        assert!(matches!(failure("UnknownError").while_doing("saving"), StoreError::Io { .. }));
    }

    #[wasm_bindgen_test]
    fn an_abort_without_an_error_is_a_lost_connection() {
        assert!(Failure::of(None).is_lost_connection());
        assert!(failure("UnknownError").is_lost_connection());
        assert!(!failure("DataCloneError").is_lost_connection());
    }
}
