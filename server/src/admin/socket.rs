//! The running relay's door for the command line: a socket in the data folder, one JSON line in, one out.
//!
//! Whoever may open the data folder may already read and write the file; the socket gives nobody more than that.

use crate::admin::perform::{Done, Place, Request, perform};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Name of the socket in the data folder.
pub(crate) const SOCKET_NAME: &str = "admin.sock";
/// Longest request, in bytes: a document of 64 MiB, in base 64.
const REQUEST_BYTES_MAX: u64 = 96 << 20;

/// One line of answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Answer {
    /// It was done.
    Done(Done),
    /// It was not, and why.
    Refused(String),
}

/// The open door; removed when the relay ends in order.
pub(crate) struct Door {
    path: PathBuf,
}

impl Door {
    /// Takes the socket away, so that the next command does not knock in vain.
    pub(crate) fn remove(self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::debug!(%error, "the admin socket was gone already");
        }
    }
}

/// Opens the door. A socket left by a relay that was killed is replaced: this process holds the file's lock.
#[cfg(unix)]
pub(crate) async fn listen(folder: &Path, place: Place) -> Result<Door> {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join(SOCKET_NAME);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("replacing the old socket {}", path.display()));
        }
        _ => {}
    }
    let listener = tokio::net::UnixListener::bind(&path)
        .with_context(|| format!("opening the admin socket {}", path.display()))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))
        .context("keeping the admin socket to its owner")?;
    tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let place = place.clone();
                    tokio::spawn(async move {
                        if let Err(error) = answer(stream, place).await {
                            tracing::warn!(%error, "an admin request was not answered");
                        }
                    });
                }
                Err(error) => tracing::warn!(%error, "the admin socket could not accept"),
            }
        }
    });
    Ok(Door { path })
}

#[cfg(unix)]
async fn answer(stream: tokio::net::UnixStream, place: Place) -> Result<()> {
    use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    BufReader::new(read.take(REQUEST_BYTES_MAX)).read_line(&mut line).await.context("reading the request")?;
    let answer = match serde_json::from_str::<Request>(&line) {
        Ok(request) => match tokio::task::spawn_blocking(move || perform(&place, &request)).await? {
            Ok(done) => Answer::Done(done),
            Err(error) => Answer::Refused(format!("{error:#}")),
        },
        Err(error) => Answer::Refused(format!("this relay does not understand the command: {error}")),
    };
    let mut text = serde_json::to_string(&answer)?;
    text.push('\n');
    write.write_all(text.as_bytes()).await.context("writing the answer")
}

/// Elsewhere there is no such socket; writing commands need the relay to be stopped.
#[cfg(not(unix))]
pub(crate) async fn listen(folder: &Path, _place: Place) -> Result<Door> {
    Ok(Door { path: folder.join(SOCKET_NAME) })
}
