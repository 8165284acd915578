//! Calls that wait for the disk, kept off the threads that serve sockets.

use store::StoreError;

/// Runs `work` where blocking is allowed.
pub(crate) async fn on_disk<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(E::from(StoreError::Io {
            doing: "running a call to the relay's file".to_owned(),
            cause: error.to_string(),
        })),
    }
}
