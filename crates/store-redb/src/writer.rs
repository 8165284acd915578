//! Group commit: one thread that turns everything waiting into one transaction.
//!
//! A sync of the disk costs milliseconds and a chunk in a transaction costs microseconds. While one transaction is
//! being synced the next writes gather, and go out together: the busier the relay, the larger its transactions.
//!
//! Promises:
//! * Every submitted write is answered exactly once, and with `Ok` only after the commit that holds it has returned.
//! * Answers of one transaction come in the order of submission.
//! * A write that the file refuses costs no other write anything: a failed transaction is split into its writes, and
//!   each is tried alone.
//! * The queue is bounded. A write that finds it full is answered [`StoreError::Busy`] at once, on the caller's
//!   thread, and has no effect.

use crate::{RelayFile, WriteError, commit::Write};
use std::{
    collections::VecDeque,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{Builder, JoinHandle},
};
use store::StoreError;

/// What to do with the answer. It must not block: every later answer waits for it.
pub type OnDone = Box<dyn FnOnce(Result<(), WriteError>) + Send>;

/// How much may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueLimits {
    /// Writes.
    pub writes_max: usize,
    /// Bytes in those writes. A single write that is larger than this is taken when nothing else waits.
    pub bytes_max: usize,
}

impl Default for QueueLimits {
    /// 4096 writes and 64 MiB: some seconds of the busiest relay on a slow disk.
    fn default() -> Self {
        Self { writes_max: 4_096, bytes_max: 64 << 20 }
    }
}

/// The thread that writes. Dropping it, or [`Writer::close`], writes what waits and ends it.
#[derive(Debug)]
pub struct Writer {
    handle: WriterHandle,
    thread: Option<JoinHandle<()>>,
}

/// Submits writes; clones share one queue.
#[derive(Clone)]
pub struct WriterHandle {
    shared: Arc<Shared>,
}

struct Shared {
    limits: QueueLimits,
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(Write, OnDone)>,
    bytes: usize,
    closed: bool,
}

impl Writer {
    /// Starts the thread.
    pub fn spawn(file: RelayFile, limits: QueueLimits) -> Result<Self, StoreError> {
        let shared = Arc::new(Shared { limits, queue: Mutex::default(), changed: Condvar::new() });
        let handle = WriterHandle { shared: Arc::clone(&shared) };
        let thread =
            Builder::new().name("store-writer".to_owned()).spawn(move || run(&file, &shared)).map_err(
                |error| StoreError::Io { doing: "starting the writer".to_owned(), cause: error.to_string() },
            )?;
        Ok(Self { handle, thread: Some(thread) })
    }

    /// A handle to submit with.
    pub fn handle(&self) -> WriterHandle {
        self.handle.clone()
    }

    /// Takes no more writes, writes those that wait, and returns when all are answered.
    pub fn close(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.handle.shared.close();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported by the panic hook, and its queue was answered.
            let _ = thread.join();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.end();
    }
}

impl WriterHandle {
    /// Queues a write. `on_done` is called exactly once: by the writer's thread when the write is durable or refused,
    /// or at once on this thread, with [`StoreError::Busy`], when the queue is full or closed.
    pub fn submit(&self, write: Write, on_done: OnDone) {
        let refusal = {
            let mut queue = self.shared.lock();
            let weight = write.weight();
            let is_full = queue.waiting.len() >= self.shared.limits.writes_max
                || (!queue.waiting.is_empty()
                    && queue.bytes.saturating_add(weight) > self.shared.limits.bytes_max);
            if queue.closed {
                "the writer is closed"
            } else if is_full {
                "too many writes are waiting for the disk"
            } else {
                queue.bytes = queue.bytes.saturating_add(weight);
                queue.waiting.push_back((write, on_done));
                self.shared.changed.notify_all();
                return;
            }
        };
        on_done(Err(busy(refusal)));
    }

    /// How many writes wait, and how many bytes are in them.
    pub fn waiting(&self) -> (usize, usize) {
        let queue = self.shared.lock();
        (queue.waiting.len(), queue.bytes)
    }
}

impl fmt::Debug for WriterHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (writes, bytes) = self.waiting();
        write!(f, "WriterHandle({writes} writes, {bytes} bytes waiting)")
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Nothing panics while it holds the lock with the queue half changed.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Everything that waits; `None` when nothing does and nothing will.
    fn take(&self) -> Option<Vec<(Write, OnDone)>> {
        let mut queue = self.lock();
        while queue.waiting.is_empty() {
            if queue.closed {
                return None;
            }
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        queue.bytes = 0;
        Some(queue.waiting.drain(..).collect())
    }
}

fn run(file: &RelayFile, shared: &Shared) {
    // Whatever ends this thread, nobody is left waiting for an answer.
    let _answered = AnswerTheRest(shared);
    while let Some(drained) = shared.take() {
        let (writes, answers): (Vec<_>, Vec<_>) = drained.into_iter().unzip();
        match commit(file, &writes) {
            Ok(()) => answers.into_iter().for_each(|on_done| answer(on_done, Ok(()))),
            Err(error) if writes.len() == 1 => {
                answers.into_iter().for_each(|on_done| answer(on_done, Err(error.clone())))
            }
            Err(_) => {
                for (write, on_done) in writes.iter().zip(answers) {
                    answer(on_done, commit(file, std::slice::from_ref(write)));
                }
            }
        }
    }
}

/// A panic inside the database (a file damaged outside of it can cause one) is an error of this commit.
fn commit(file: &RelayFile, writes: &[Write]) -> Result<(), WriteError> {
    catch_unwind(AssertUnwindSafe(|| file.commit(writes))).unwrap_or_else(|_| {
        let doing = format!("committing {} writes", writes.len());
        Err(StoreError::Io { doing, cause: "the database panicked".to_owned() }.into())
    })
}

/// A panic of the callback belongs to whoever wrote it and must not stop the others' writes.
fn answer(on_done: OnDone, result: Result<(), WriteError>) {
    let _ = catch_unwind(AssertUnwindSafe(|| on_done(result)));
}

fn busy(cause: &str) -> WriteError {
    WriteError::Store(StoreError::Busy { doing: "queueing a write".to_owned(), cause: cause.to_owned() })
}

struct AnswerTheRest<'a>(&'a Shared);

impl Drop for AnswerTheRest<'_> {
    fn drop(&mut self) {
        self.0.close();
        let rest: Vec<_> = self.0.lock().waiting.drain(..).collect();
        for (_, on_done) in rest {
            answer(on_done, Err(busy("the writer has ended")));
        }
    }
}
