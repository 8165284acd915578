//! What lies between a tab and the server: slow, clogged, cut, half-open.

use super::{DOCUMENT, ELSEWHERE, WORKSPACE, World};
use crate::{
    Sabotage,
    agenda::Moment,
    happening::Happening,
    link::{End, Link, Outgoing, SocketId},
    promise::Outcome,
    tab::TabId,
};
use bytes::Bytes;
use ids::{ConnectionId, MemberId, RecordId};
use relay::{Access, Principal};

/// When a server gives up a socket that says nothing: at its first ping after 40 s of silence.
const SILENCE_MS: (u64, u64) = (40_000, 55_000);

impl World {
    fn latency(&mut self) -> u64 {
        self.network.between(1, self.options.latency_ms)
    }

    pub(crate) fn dial(&mut self, id: TabId, connection: ConnectionId) {
        let Some(tab) = self.tabs.get_mut(&id) else { return };
        tab.dialling = Some(connection);
        // There is at most one socket: a new one means that the old one is dropped.
        if let Some(old) = tab.socket.take() {
            self.closed_there(old);
        }
        let wait = self.latency() + self.latency();
        self.note(format_args!("tab {id} dials as {connection}"));
        self.agenda.after(wait, Happening::Dialled { tab: id, connection });
    }

    pub(crate) fn dialled(&mut self, id: TabId, connection: ConnectionId) -> Outcome {
        let now = self.now();
        let Some(tab) = self.tabs.get_mut(&id) else { return Ok(()) };
        if tab.dialling.take_if(|dialling| *dialling == connection).is_none() {
            return Ok(());
        }
        let home = tab.browser;
        let Some(browser) = self.browsers.get(home) else { return Ok(()) };
        let closed = |code| client::Event::Closed { connection, code, reason: String::new() };
        if browser.offline_until > now {
            // Half of the time nobody answers, not even with an error; the tab has to give up by itself.
            if !self.is_healing && self.network.one_in(2) {
                if let Some(tab) = self.tabs.get_mut(&id) {
                    tab.dialling = Some(connection);
                }
                return Ok(());
            }
            return self.feed(id, closed(1006));
        }
        let Some(grant) = browser.grant else { return self.feed(id, closed(4403)) };
        if self.server.process.is_none() {
            return self.feed(id, closed(1006));
        }
        let socket =
            self.connect(End::Tab(id), connection, grant, &format!("device-{home}"), home as u128 + 1);
        if let Some(tab) = self.tabs.get_mut(&id) {
            tab.socket = socket;
        }
        self.saw("connected");
        self.feed(id, client::Event::Opened { connection })
    }

    /// A socket that the server has accepted.
    pub(crate) fn connect(
        &mut self,
        end: End,
        connection: ConnectionId,
        grant: Access,
        device: &str,
        member: u128,
    ) -> Option<SocketId> {
        let is_stranger = end == End::Stranger && !self.has(Sabotage::DoorLeftOpen);
        let principal = Principal {
            workspace: if is_stranger { ELSEWHERE } else { WORKSPACE },
            member: Some(MemberId(RecordId::from_bits(member))),
            device: device.parse().ok()?,
            access: grant,
        };
        let socket = self.new_socket_id();
        self.note(format_args!("socket {socket} of {end:?} is open, {grant:?}"));
        self.links.insert(socket, Link::new(end, connection, self.server.life, grant));
        self.input(relay::Event::Opened { connection: ConnectionId(socket), principal });
        Some(socket)
    }

    pub(crate) fn send_up(&mut self, id: TabId, connection: ConnectionId, frame: Bytes) {
        let now = self.now();
        let Some(socket) = self.tabs.get(&id).and_then(|tab| tab.socket) else { return };
        let Some(link) = self.links.get(&socket) else { return };
        if link.connection != connection || !link.is_open_there {
            return;
        }
        // A clogged socket takes the frame and is busy until the clog is gone.
        let clog = link.clogged_until.saturating_sub(now);
        let writable = clog + self.network.between(1, 3);
        self.agenda.after(writable, Happening::Writable { tab: id, connection });
        if let Ok(wire::Message::Sync(sync)) = wire::decode(&frame, &wire::Limits::RELAY) {
            self.overheard.push_back(sync.data);
            if self.overheard.len() > 16 {
                self.overheard.pop_front();
            }
        }
        self.carry_up(socket, frame, clog);
    }

    pub(crate) fn carry_up(&mut self, socket: SocketId, frame: Bytes, clog: u64) {
        let arrives = self.now() + clog + self.latency();
        let Some(link) = self.links.get_mut(&socket) else { return };
        link.last_up = link.last_up.max(arrives);
        let arrives = link.last_up;
        self.agenda.at(arrives, Happening::ArrivesUp { socket, frame });
    }

    pub(crate) fn arrives_up(&mut self, socket: SocketId, frame: Bytes) -> Outcome {
        let Some(link) = self.links.get(&socket) else { return Ok(()) };
        if link.is_dead || !link.is_open_here || link.life != self.server.life {
            return Ok(());
        }
        self.count(&frame);
        self.note(format_args!("socket {socket} up: {}", told(&frame)));
        if self.has(Sabotage::GuardSkippedAtRelay) {
            self.store_unguarded(&frame);
        }
        let connection = self.blamed(socket);
        self.input(relay::Event::Frame { connection, bytes: frame });
        Ok(())
    }

    /// Frames leave the server in one go; then the relay is told that its whole window is free.
    pub(crate) fn pump(&mut self, socket: SocketId) -> Outcome {
        let now = self.now();
        let Some(link) = self.links.get_mut(&socket) else { return Ok(()) };
        if link.clogged_until > now {
            let until = link.clogged_until;
            self.agenda.at(until, Happening::Pump { socket });
            return Ok(());
        }
        link.is_pumping = false;
        if link.life != self.server.life || !link.is_open_here {
            return Ok(());
        }
        for outgoing in std::mem::take(&mut link.outbox) {
            let arrives = now + self.latency();
            let Some(link) = self.links.get_mut(&socket) else { return Ok(()) };
            link.last_down = link.last_down.max(arrives);
            let arrives = link.last_down;
            match outgoing {
                Outgoing::Frame(frame) => self.agenda.at(arrives, Happening::ArrivesDown { socket, frame }),
                Outgoing::Close(reason) => {
                    link.is_open_here = false;
                    self.agenda.at(arrives, Happening::EndHeardThere { socket, code: reason.code() });
                    self.input(relay::Event::Closed { connection: ConnectionId(socket) });
                    return Ok(());
                }
            }
        }
        self.input(relay::Event::Writable { connection: ConnectionId(socket) });
        Ok(())
    }

    pub(crate) fn arrives_down(&mut self, socket: SocketId, frame: Bytes) -> Outcome {
        let Some(link) = self.links.get(&socket) else { return Ok(()) };
        if link.is_dead || !link.is_open_there {
            return Ok(());
        }
        let (end, connection) = (link.end, link.connection);
        if self.count(&frame)
            && let Some(link) = self.links.get_mut(&socket)
        {
            link.last_said = Some(frame.clone());
        }
        self.note(format_args!("socket {socket} down: {}", told(&frame)));
        match end {
            End::Tab(tab) => {
                if self.has(Sabotage::GuardSkippedInBrowser) {
                    self.keep_unguarded(tab, &frame);
                }
                self.feed(tab, client::Event::Frame { connection, frame })
            }
            End::Hostile | End::Stranger => Ok(()),
        }
    }

    /// The tab hangs up, or is gone. What it sent before still arrives.
    pub(crate) fn closed_there(&mut self, socket: SocketId) {
        let now = self.now();
        let wait = self.latency();
        let Some(link) = self.links.get_mut(&socket) else { return };
        if !std::mem::replace(&mut link.is_open_there, false) || link.is_dead {
            return;
        }
        let heard: Moment = link.last_up.max(now + wait);
        self.agenda.at(heard, Happening::EndHeardHere { socket });
    }

    pub(crate) fn hang_up(&mut self, id: TabId, connection: ConnectionId) {
        let Some(tab) = self.tabs.get_mut(&id) else { return };
        tab.dialling.take_if(|dialling| *dialling == connection);
        let Some(socket) = tab.socket else { return };
        if self.links.get(&socket).is_some_and(|link| link.connection == connection) {
            if let Some(tab) = self.tabs.get_mut(&id) {
                tab.socket = None;
            }
            self.closed_there(socket);
        }
    }

    /// Nothing arrives any more, in either direction; who hears of it, and when, is a matter of luck.
    pub(crate) fn breaks(&mut self, socket: SocketId, heard_there: bool, heard_here: bool) {
        let Some(link) = self.links.get_mut(&socket) else { return };
        if std::mem::replace(&mut link.is_dead, true) {
            return;
        }
        self.note(format_args!("socket {socket} breaks; heard there {heard_there}, here {heard_here}"));
        let (there, here) = (self.latency(), self.latency());
        if heard_there {
            self.agenda.after(there, Happening::EndHeardThere { socket, code: 1006 });
        }
        let here = if heard_here { here } else { self.network.between(SILENCE_MS.0, SILENCE_MS.1) };
        self.agenda.after(here, Happening::EndHeardHere { socket });
    }

    pub(crate) fn end_heard_there(&mut self, socket: SocketId, code: u16) -> Outcome {
        let Some(link) = self.links.get_mut(&socket) else { return Ok(()) };
        if !std::mem::replace(&mut link.is_open_there, false) {
            return Ok(());
        }
        let (end, connection) = (link.end, link.connection);
        self.note(format_args!("socket {socket} of {end:?} ends with {code}"));
        let End::Tab(id) = end else { return Ok(()) };
        if let Some(tab) = self.tabs.get_mut(&id) {
            tab.socket.take_if(|open| *open == socket);
        }
        self.feed(id, client::Event::Closed { connection, code, reason: "closed".to_owned() })
    }

    pub(crate) fn end_heard_here(&mut self, socket: SocketId) -> Outcome {
        let Some(link) = self.links.get_mut(&socket) else { return Ok(()) };
        if std::mem::replace(&mut link.is_open_here, false) && link.life == self.server.life {
            link.outbox.clear();
            self.input(relay::Event::Closed { connection: ConnectionId(socket) });
        }
        Ok(())
    }

    /// Counts messages about the document: the measure of quiet. Whether this is one.
    fn count(&mut self, frame: &Bytes) -> bool {
        let counts = match wire::decode(frame, &wire::Limits::CLIENT) {
            Ok(wire::Message::Sync(sync) | wire::Message::Request(sync)) => sync.document == DOCUMENT,
            _ => false,
        };
        self.sync_messages += u64::from(counts);
        counts
    }
}

/// A frame, for the trace: what it says, and enough of its bytes to tell it from others.
fn told(frame: &Bytes) -> String {
    let sum = frame.iter().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)));
    match wire::decode(frame, &wire::Limits::CLIENT) {
        Ok(wire::Message::Sync(sync)) => match guard::read_sync_message(&sync.data, &guard::Limits::CLIENT) {
            Ok(message) => format!(
                "sync, {} heads, {} needs, {} chunks, {} bytes, {sum:08x}",
                message.heads.len(),
                message.need.len(),
                message.chunks.len(),
                frame.len()
            ),
            Err(why) => format!("a sync message that the guard refuses: {why}"),
        },
        Ok(message) => format!("{}, {} bytes, {sum:08x}", message.kind(), frame.len()),
        Err(why) => format!("not a frame: {why}"),
    }
}
