//! Panics of Automerge are data here; those of any other test are shown as always.

use std::{
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Once,
};

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
    static QUIET: RefCell<bool> = const { RefCell::new(false) };
}

/// Runs Automerge; where it panicked, if it did.
pub fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let shown = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if QUIET.with_borrow(|quiet| *quiet) {
                let place = panic.location().map(|at| {
                    let file = at.file().rsplit("src/").next().unwrap_or_default();
                    format!("{file}:{}", at.line())
                });
                PLACE.set(place);
            } else {
                shown(panic);
            }
        }));
    });
    QUIET.set(true);
    let result = catch_unwind(AssertUnwindSafe(run));
    QUIET.set(false);
    result.map_err(|_| PLACE.take().unwrap_or_default())
}
