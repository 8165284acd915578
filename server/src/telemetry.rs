//! Logs: one line an event, to standard error, so that standard output stays what a command prints.

use tracing_subscriber::EnvFilter;

/// Starts logging. `BINNACLE_LOG` filters (default `info`); `BINNACLE_LOG_FORMAT=json` prints JSON.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_env("BINNACLE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::env::var("BINNACLE_LOG_FORMAT").is_ok_and(|format| format == "json") {
        lines.json().init();
    } else {
        lines.init();
    }
}
