//! A writing command: asks the running relay, or does it alone when none runs.

use crate::admin::{
    perform::{Done, Place, Request, perform},
    socket::{Answer, SOCKET_NAME},
};
use anyhow::{Context, Result, bail};
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    time::Duration,
};
use store::StoreError;
use store_redb::{FILE_NAME, Options, RelayFile};

/// The sample takes seconds to write on a small machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Has `request` done, whoever does it.
pub(crate) fn ask(folder: &Path, request: &Request) -> Result<Done> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("creating the data folder {}", folder.display()))?;
    match RelayFile::open(&folder.join(FILE_NAME), &Options::default()) {
        Ok(file) => perform(&Place { file, hub: None }, request),
        Err(StoreError::Busy { .. }) => ask_running_relay(folder, request),
        Err(error) => Err(error.into()),
    }
}

#[cfg(unix)]
fn ask_running_relay(folder: &Path, request: &Request) -> Result<Done> {
    let path = folder.join(SOCKET_NAME);
    let mut stream = std::os::unix::net::UnixStream::connect(&path).with_context(|| {
        format!("another process has the relay's file open, and {} does not answer", path.display())
    })?;
    stream.set_read_timeout(Some(PATIENCE)).context("setting a limit to the wait")?;
    let mut line = serde_json::to_string(request)?;
    line.push('\n');
    stream.write_all(line.as_bytes()).context("sending the command to the running relay")?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).context("waiting for the running relay")?;
    match serde_json::from_str(&answer).context("reading the answer of the running relay")? {
        Answer::Done(done) => Ok(done),
        Answer::Refused(why) => bail!("{why}"),
    }
}

#[cfg(not(unix))]
fn ask_running_relay(_folder: &Path, _request: &Request) -> Result<Done> {
    bail!("another process has the relay's file open; stop the relay first")
}
