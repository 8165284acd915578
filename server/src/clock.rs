//! The only place that reads the clock.

use ids::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, by this computer's clock.
pub(crate) fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
