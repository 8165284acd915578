//! How loud the machine was: its load, and how long a fixed piece of work takes.

use serde_json::{Value, json};
use std::{hint::black_box, path::Path, process::Command, time::Instant};

/// Load averages, and the milliseconds that a loop of a fixed length takes (the median of five).
pub(crate) struct Noise {
    pub(crate) load: String,
    pub(crate) spin_ms: f64,
}

/// Listens for a moment.
pub(crate) fn noise() -> Noise {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
    let mut times: Vec<f64> = (0..5).map(|_| spin()).collect();
    times.sort_by(f64::total_cmp);
    Noise { load, spin_ms: times.get(2).copied().unwrap_or(f64::NAN) }
}

impl Noise {
    pub(crate) fn json(&self) -> Value {
        json!({ "load": self.load, "spin_ms": self.spin_ms })
    }
}

/// Number of cores, and the file system of the data.
pub(crate) fn description() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{cores} cores, loopback, data on {}", file_system(&std::env::temp_dir()))
}

fn file_system(folder: &Path) -> String {
    let output = Command::new("stat").args(["-f", "-c", "%T"]).arg(folder).output();
    output.map_or_else(
        |_| "an unknown file system".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

fn spin() -> f64 {
    let started = Instant::now();
    let mut state = 1_u64;
    for _ in 0..50_000_000 {
        state = black_box(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    }
    black_box(state);
    started.elapsed().as_secs_f64() * 1e3
}
