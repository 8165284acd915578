//! The records that were opened last on this device, for coming back. References only: no word of a record leaves the
//! document.

use super::routes::record_at;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use workspace::RecordRef;

/// How many are worth coming back to.
const KEPT: usize = 8;

/// The records opened last, the latest first; in the context of the frame.
#[derive(Clone, Copy)]
pub(crate) struct Recent {
    records: RwSignal<Vec<RecordRef>>,
}

impl Recent {
    /// Follows the address from now on. `workspace` keeps those of one workspace apart from another's.
    pub(crate) fn following(workspace: &str) -> Self {
        let key = format!("binnacle.recent.{workspace}");
        let records = RwSignal::new(recall(&key));
        let path = use_location().pathname;
        Effect::new(move |_| {
            let Some(record) = path.with(|path| record_at(path)) else { return };
            records.update(|records| {
                records.retain(|known| *known != record);
                records.insert(0, record);
                records.truncate(KEPT);
            });
            keep(&key, &records.get_untracked());
        });
        Self { records }
    }

    /// The latest first, without the one that is open.
    pub(crate) fn before(&self, open: Option<RecordRef>) -> Vec<RecordRef> {
        self.records.get_untracked().into_iter().filter(|record| Some(*record) != open).collect()
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok()?
}

fn recall(key: &str) -> Vec<RecordRef> {
    let text = storage().and_then(|storage| storage.get_item(key).ok()?).unwrap_or_default();
    text.split(' ').filter_map(|record| record.parse().ok()).take(KEPT).collect()
}

fn keep(key: &str, records: &[RecordRef]) {
    let text: Vec<String> = records.iter().map(ToString::to_string).collect();
    if let Some(storage) = storage() {
        // A browser without storage simply forgets.
        let _ = storage.set_item(key, &text.join(" "));
    }
}
