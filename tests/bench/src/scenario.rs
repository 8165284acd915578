//! What is measured. Each scenario starts its programs afresh and adds its rows to the report.

pub(crate) mod cold_join;
pub(crate) mod documents;
pub(crate) mod idle;
pub(crate) mod meeting;
pub(crate) mod offline;
pub(crate) mod start;

use crate::{process::Kind, process::Server, report::Report};
use anyhow::Result;
use std::time::Duration;
use tokio::time::Instant;

/// A scenario by its name.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// Runs it once with one program; `Ok` too when the program cannot take part.
    pub(crate) run: fn(Kind, &mut Report) -> Result<()>,
}

/// All of them, the quick ones first.
pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario { name: "start", run: start::run },
    Scenario { name: "idle", run: idle::run },
    Scenario { name: "documents", run: documents::run },
    Scenario { name: "meeting", run: meeting::run },
    Scenario { name: "sustained", run: meeting::run_sustained },
    Scenario { name: "workspaces", run: meeting::run_workspaces },
    Scenario { name: "cold-join", run: cold_join::run },
    Scenario { name: "offline", run: offline::run },
];

/// Runs a scenario's clients, all on this thread: the other core is for the program that is measured.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, work)
}

/// Waits until the program has had nothing to do for a second, so that no chore of before is counted.
pub(crate) async fn until_idle(server: &Server) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(40);
    let (mut before, mut quiet) = (server.cpu_seconds()?, 0);
    while quiet < 4 && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(250)).await;
        let now = server.cpu_seconds()?;
        quiet = if now - before < 0.015 { quiet + 1 } else { 0 };
        before = now;
    }
    Ok(())
}
