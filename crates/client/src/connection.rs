//! The line to the relay: when to dial, when to give up, when to dial again.
//!
//! There is at most one socket, and every socket has a number, so that a late callback of an old one is told apart. A
//! connection that lasted resets the waiting time; one that was refused at once does not, or a relay and a client that
//! cannot agree would talk ten times a second for ever.

use crate::{ConnectionState, Cx, Disconnect, Effect, Problem};
use bytes::Bytes;
use ids::{ConnectionId, Timestamp};
use sync::{BACKOFF_MAX_MS, Closed, Identity, Session, SyncError, backoff};

/// How long a socket may take to open, in milliseconds.
const DIAL_WITHIN_MS: i64 = 15_000;

/// A connection that lasted this long was a good one, in milliseconds.
const GOOD_AFTER_MS: i64 = 10_000;

/// How long after its last word the relay may take to close, in milliseconds: the close code says more than the words.
const CLOSE_WITHIN_MS: i64 = 2_000;

/// No two attempts are closer than this, whoever asks, in milliseconds.
const DIAL_APART_MS: i64 = 100;

/// Attempts are counted as this many when the relay asked for quiet, or when only a person can change its mind.
const ATTEMPT_BUSY: u32 = 6;
const ATTEMPT_HOPELESS: u32 = 9;

/// The line.
#[derive(Debug)]
pub(crate) struct Connection {
    identity: Identity,
    wanted: bool,
    network: bool,
    link: Link,
    next: u64,
    attempt: u32,
    dialled: Option<Timestamp>,
    /// Connections in a row that ended in silence; each doubles the patience with the next.
    silences: u32,
    problem: Option<Problem>,
}

#[derive(Debug)]
enum Link {
    Down { dial_at: Timestamp },
    Dialling { connection: ConnectionId, since: Timestamp },
    Up(Box<Line>),
}

/// An open socket.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) connection: ConnectionId,
    pub(crate) session: Session,
    writable: bool,
    since: Timestamp,
    /// The relay has said why it is about to close, and when.
    last_words: Option<(String, Timestamp)>,
}

impl Connection {
    pub(crate) fn new(identity: Identity, wanted: bool, now: Timestamp) -> Self {
        Self {
            identity,
            wanted,
            network: true,
            link: Link::Down { dial_at: now },
            next: 0,
            attempt: 0,
            dialled: None,
            silences: 0,
            problem: None,
        }
    }

    pub(crate) fn state(&self) -> ConnectionState {
        match &self.link {
            Link::Down { .. } => ConnectionState::Offline,
            Link::Dialling { .. } => ConnectionState::Connecting,
            Link::Up(line) if line.is_usable() => ConnectionState::Online,
            Link::Up(_) => ConnectionState::Connecting,
        }
    }

    pub(crate) fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// The open socket, whatever its number.
    pub(crate) fn line(&mut self) -> Option<&mut Line> {
        match &mut self.link {
            Link::Up(line) => Some(line),
            Link::Down { .. } | Link::Dialling { .. } => None,
        }
    }

    /// The open socket, if it is this one.
    pub(crate) fn line_of(&mut self, connection: ConnectionId) -> Option<&mut Line> {
        self.line().filter(|line| line.connection == connection)
    }

    pub(crate) fn opened(&mut self, cx: &mut Cx<'_>, connection: ConnectionId) {
        if !matches!(&self.link, Link::Dialling { connection: dialled, .. } if *dialled == connection) {
            return;
        }
        let (session, join) = Session::open(self.identity.clone(), cx.now, self.silences);
        let mut line = Line { connection, session, writable: true, since: cx.now, last_words: None };
        line.send(cx, join);
        self.link = Link::Up(Box::new(line));
    }

    pub(crate) fn closed(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, code: u16, reason: String) {
        let ours = match &self.link {
            Link::Down { .. } => false,
            Link::Dialling { connection: dialled, .. } => *dialled == connection,
            Link::Up(line) => line.connection == connection,
        };
        if !ours {
            return;
        }
        let last_words = self.line().and_then(|line| line.last_words.take()).map(|(words, _)| words);
        self.went_down(cx);
        let least = match Closed::from_code(code) {
            Closed::Lost => 0,
            Closed::Busy => {
                self.problem = Some(Problem::TryLater { why: last_words.unwrap_or(reason) });
                ATTEMPT_BUSY
            }
            Closed::SignIn => {
                self.problem = Some(Problem::SignIn);
                ATTEMPT_HOPELESS
            }
            Closed::Forbidden => {
                self.problem = Some(Problem::Forbidden);
                ATTEMPT_HOPELESS
            }
            Closed::Refused => {
                self.problem = Some(Problem::Refused { why: last_words.unwrap_or(reason) });
                ATTEMPT_HOPELESS
            }
        };
        self.attempt = self.attempt.max(least);
        self.schedule(cx);
    }

    /// Ends the connection from our side.
    pub(crate) fn fail(&mut self, cx: &mut Cx<'_>, why: Disconnect) {
        let connection = match &self.link {
            Link::Down { .. } => return,
            Link::Dialling { connection, .. } => *connection,
            Link::Up(line) => line.connection,
        };
        match &why {
            Disconnect::NetworkDown | Disconnect::DialTimeout => {}
            Disconnect::Sync(SyncError::Silent { .. }) => self.silences = self.silences.saturating_add(1),
            Disconnect::Sync(error) => {
                self.problem = Some(Problem::Refused { why: error.to_string() });
                if let Some(frame) = error.farewell() {
                    cx.ask(Effect::Send { connection, frame });
                }
            }
        }
        cx.ask(Effect::Disconnect { connection, why });
        self.went_down(cx);
        self.schedule(cx);
    }

    /// The session has ended with an error.
    pub(crate) fn session_failed(&mut self, cx: &mut Cx<'_>, error: SyncError) {
        match (error, self.line()) {
            (SyncError::Refused { message }, Some(line)) if line.last_words.is_none() => {
                line.last_words = Some((message, cx.now));
            }
            (error, _) => self.fail(cx, error.into()),
        }
    }

    /// Something may have changed for the better: dial without waiting.
    pub(crate) fn network_up(&mut self, cx: &mut Cx<'_>) {
        self.network = true;
        if let Link::Down { dial_at } = &mut self.link {
            let apart = self.dialled.map_or(cx.now, |dialled| dialled.plus_millis(DIAL_APART_MS));
            *dial_at = (*dial_at).min(apart.max(cx.now));
        }
    }

    pub(crate) fn network_down(&mut self, cx: &mut Cx<'_>) {
        self.network = false;
        self.fail(cx, Disconnect::NetworkDown);
    }

    /// The relay and we are in step: whatever was wrong before is over. Only whether the relay can save shows when
    /// it has saved everything.
    pub(crate) fn in_step(&mut self, has_everything: bool) {
        self.problem.take_if(|problem| has_everything || !matches!(problem, Problem::TryLater { .. }));
        self.silences = 0;
    }

    /// Looks at the clock: dials, gives up, probes.
    pub(crate) fn tick(&mut self, cx: &mut Cx<'_>) {
        match &mut self.link {
            Link::Down { dial_at } => {
                // A clock that stepped back must not make us wait for it.
                *dial_at = (*dial_at).min(cx.now.plus_millis(BACKOFF_MAX_MS as i64));
                if self.wanted && cx.now >= *dial_at {
                    self.dial(cx);
                }
            }
            Link::Dialling { since, .. } => {
                *since = (*since).min(cx.now);
                if cx.now.millis_since(*since) >= DIAL_WITHIN_MS {
                    self.fail(cx, Disconnect::DialTimeout);
                }
            }
            Link::Up(line) => {
                if let Some((words, since)) = &mut line.last_words {
                    *since = (*since).min(cx.now);
                    if cx.now.millis_since(*since) >= CLOSE_WITHIN_MS {
                        let message = std::mem::take(words);
                        self.fail(cx, SyncError::Refused { message }.into());
                    }
                    return;
                }
                match line.session.on_wake(cx.now) {
                    Ok(None) => {}
                    Ok(Some(probe)) => line.send(cx, probe),
                    Err(error) => self.fail(cx, error.into()),
                }
            }
        }
    }

    pub(crate) fn wake_at(&self) -> Option<Timestamp> {
        match &self.link {
            Link::Down { dial_at } => self.wanted.then_some(*dial_at),
            Link::Dialling { since, .. } => Some(since.plus_millis(DIAL_WITHIN_MS)),
            Link::Up(line) => {
                if let Some((_, since)) = &line.last_words {
                    return Some(since.plus_millis(CLOSE_WITHIN_MS));
                }
                let answer = if line.writable { line.session.poll_at() } else { None };
                line.session.wake_at().into_iter().chain(answer).min()
            }
        }
    }

    fn dial(&mut self, cx: &mut Cx<'_>) {
        self.next += 1;
        let connection = ConnectionId(self.next);
        self.dialled = Some(cx.now);
        self.link = Link::Dialling { connection, since: cx.now };
        cx.ask(Effect::Connect { connection });
    }

    fn went_down(&mut self, cx: &Cx<'_>) {
        if let Link::Up(line) = &self.link
            && cx.now.millis_since(line.since) >= GOOD_AFTER_MS
        {
            self.attempt = 0;
        }
    }

    fn schedule(&mut self, cx: &mut Cx<'_>) {
        // The device says that there is no network; it may be wrong, so we still try now and then.
        let attempt = if self.network { self.attempt } else { self.attempt.max(ATTEMPT_HOPELESS) };
        let wait = i64::try_from(backoff(cx.rng, attempt)).unwrap_or(i64::MAX);
        self.attempt = self.attempt.saturating_add(1);
        self.link = Link::Down { dial_at: cx.now.plus_millis(wait) };
    }
}

impl Line {
    /// Hands one frame to the socket, which is busy until it says otherwise.
    pub(crate) fn send(&mut self, cx: &mut Cx<'_>, frame: Bytes) {
        self.writable = false;
        cx.ask(Effect::Send { connection: self.connection, frame });
    }

    /// Whether the handshake is done and the relay has not said goodbye.
    pub(crate) fn is_usable(&self) -> bool {
        self.session.is_established() && self.last_words.is_none()
    }

    /// Whether a frame may be sent now.
    pub(crate) fn takes_frame(&self) -> bool {
        self.writable && self.is_usable()
    }

    pub(crate) fn became_writable(&mut self) {
        self.writable = true;
    }
}
