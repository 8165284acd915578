//! The hub task and the writer's thread of the server, as `server/src/ws/hub.rs` and `store-redb/src/writer.rs` do it:
//! events gather and are handled in rounds, effects go out at the end of a round, writes gather for one commit.

use super::{DOCUMENT, WORKSPACE, World};
use crate::{
    Promise, Sabotage,
    browser::hashes_in,
    happening::Happening,
    link::{End, Outgoing, SocketId},
    materialise,
    promise::Outcome,
    server::{self, Death},
};
use ids::{ChangeHash, ConnectionId, MemberId};
use relay::{Address, CloseReason, Effect, Event, Found, RequestId};
use store::{Batch, ChunkKind, StoreError};
use store_redb::{DocumentRegistration, RelayFile, Write, WriteError};

const EVENTS_PER_ROUND_MAX: usize = 256;

impl World {
    pub(crate) fn relay_starts(&mut self) -> Outcome {
        if self.server.process.is_some() {
            return Ok(());
        }
        if !self.server.start(self.seed, &self.options.relay, DOCUMENT)? {
            // Whoever watches over the process starts it again.
            self.note(format_args!("the relay does not start: its disk fails"));
            self.saw("relay did not start");
            self.server.die(Death::Torn);
            self.agenda.after(500, Happening::RelayStarts);
            return Ok(());
        }
        let (life, changes) = (self.server.life, self.server.durable.len());
        self.note(format_args!("the relay starts, life {life}, {changes} changes"));
        Ok(())
    }

    pub(crate) fn relay_dies(&mut self, death: Death, back_after_ms: u64) {
        if self.server.process.is_none() {
            return;
        }
        self.note(format_args!("the relay dies: {death:?}"));
        self.saw("relay died");
        self.server.die(death);
        let life = self.server.life;
        let open: Vec<SocketId> =
            self.links.iter().filter(|(_, link)| link.life == life).map(|(id, _)| *id).collect();
        for socket in open {
            // A killed process resets its sockets; a machine without power says nothing.
            let heard = death == Death::Killed || self.network.one_in(2);
            self.breaks(socket, heard, true);
        }
        self.agenda.after(back_after_ms, Happening::RelayStarts);
    }

    /// Something for the hub. It is handled in the next round.
    pub(crate) fn input(&mut self, event: Event) {
        if let Some(process) = &mut self.server.process {
            process.inputs.push_back(event);
            self.round_is_due();
        }
    }

    fn answer(&mut self, event: Event) {
        if let Some(process) = &mut self.server.process {
            process.answers.push_back(event);
            self.round_is_due();
        }
    }

    fn round_is_due(&mut self) {
        let life = self.server.life;
        if let Some(process) = &mut self.server.process
            && !std::mem::replace(&mut process.is_round_due, true)
        {
            self.agenda.after(self.network.below(3), Happening::Round { life });
        }
    }

    pub(crate) fn round(&mut self, life: u64) -> Outcome {
        if life != self.server.life {
            return Ok(());
        }
        for n in 0..=EVENTS_PER_ROUND_MAX {
            let Some(process) = &mut self.server.process else { return Ok(()) };
            process.is_round_due = false;
            let Some(event) = process.answers.pop_front().or_else(|| process.inputs.pop_front()) else {
                break;
            };
            if n == EVENTS_PER_ROUND_MAX {
                process.inputs.push_front(event);
                self.round_is_due();
                break;
            }
            if let Event::Writable { connection } = event {
                process.writable.insert(connection);
            } else {
                self.handle(event)?;
            }
        }
        self.perform_all()?;
        self.pass_writable_on()
    }

    /// As the hub of the server: the word of a drained socket counts at the end of a round, and only if nothing was put
    /// out for it since.
    fn pass_writable_on(&mut self) -> Outcome {
        let Some(process) = &mut self.server.process else { return Ok(()) };
        for connection in std::mem::take(&mut process.writable) {
            if self.links.get(&connection.0).is_none_or(|link| link.outbox.is_empty()) {
                self.handle(Event::Writable { connection })?;
            } else {
                self.saw("stale word of a drained socket");
                if self.has(Sabotage::StaleWord) {
                    self.handle(Event::Writable { connection })?;
                }
            }
        }
        self.perform_all()
    }

    fn perform_all(&mut self) -> Outcome {
        let Some(process) = &mut self.server.process else { return Ok(()) };
        std::mem::take(&mut process.effects).into_iter().try_for_each(|effect| self.perform(effect))
    }

    /// One event. What the relay decides is judged at this moment, before any of it is done.
    fn handle(&mut self, event: Event) -> Outcome {
        if let Event::AccessChanged { connection, access } = &event
            && let Some(link) = self.links.get_mut(&connection.0)
        {
            link.grant = *access;
        }
        let now = self.server.clock.read(self.agenda.now());
        let Some(process) = &mut self.server.process else { return Ok(()) };
        let before = process.effects.len();
        let mut cx = relay::Cx { now, rng: &mut process.rng, effects: &mut process.effects };
        process.relay.handle(&mut cx, event);
        let decided: Vec<Effect> = process.effects.get(before..).unwrap_or_default().to_vec();
        decided.iter().try_for_each(|effect| self.judge(effect))
    }

    fn judge(&self, effect: &Effect) -> Outcome {
        match effect {
            Effect::Send { connection, frame } => self.judge_frame(*connection, frame),
            Effect::Close { connection, reason } => self.judge_close(*connection, reason),
            Effect::Write { write, .. } => {
                let reader = self.options.has_reader.then(|| format!("device-{}", self.browsers.len() - 1));
                let by_reader = |it: &&relay::Receipt| Some(it.device.as_str()) == reader.as_deref();
                let wrote = write.receipts.iter().find(by_reader);
                Promise::GrantsHold.hold(wrote.is_none(), || format!("a reader has written {wrote:?}"))
            }
            Effect::Load { .. }
            | Effect::Compact { .. }
            | Effect::Split { .. }
            | Effect::Locate { .. }
            | Effect::Wake { .. }
            | Effect::Report(_) => Ok(()),
        }
    }

    /// Promises 4 and 7: whoever is told of a change may hear of it, and it is durable.
    fn judge_frame(&self, connection: ConnectionId, frame: &bytes::Bytes) -> Outcome {
        let Ok(message) = wire::decode(frame, &wire::Limits::CLIENT) else {
            return Promise::SenderPays.broken("the relay sends what is not a frame");
        };
        let document = match &message {
            wire::Message::Sync(sync) | wire::Message::Request(sync) => sync.document,
            wire::Message::Ephemeral(ephemeral) => ephemeral.document,
            _ => return Ok(()),
        };
        let link = self.links.get(&connection.0);
        let may = link.is_some_and(|link| link.grant.is_some() && link.end != End::Stranger);
        if document == DOCUMENT {
            Promise::GrantsHold
                .hold(may, || format!("{connection} hears of a document it has no right to"))?;
        }
        let wire::Message::Sync(sync) = &message else { return Ok(()) };
        let read = match guard::read_sync_message(&sync.data, &guard::Limits::CLIENT) {
            Ok(read) => read,
            Err(why) => {
                return Promise::SenderPays.broken(format!("the relay sends what the guard refuses: {why}"));
            }
        };
        let carried: Vec<ChangeHash> = read.chunks.iter().flat_map(hashes_in).collect();
        self.has_none(|| format!("{connection} hears of"), read.heads.iter().chain(&carried))?;
        let early = read.heads.iter().chain(&carried).find(|hash| !self.server.durable.contains(hash));
        Promise::DurableFirst
            .hold(early.is_none(), || format!("{connection} hears of {early:?}, not durable yet"))
    }

    fn judge_close(&self, connection: ConnectionId, reason: &CloseReason) -> Outcome {
        let broke_a_rule = match reason {
            CloseReason::Protocol(_) | CloseReason::Refused(_) | CloseReason::TooMuch(_) => true,
            CloseReason::PeerIdTaken => true,
            CloseReason::Left
            | CloseReason::Replaced
            | CloseReason::AccessEnded
            | CloseReason::AccessChanged
            | CloseReason::TryAgain(_) => false,
        };
        let is_honest = self.links.get(&connection.0).is_some_and(|link| matches!(link.end, End::Tab(_)));
        Promise::SenderPays.hold(!(broke_a_rule && is_honest), || {
            format!("{connection} of an honest tab is closed: {reason}")
        })
    }

    /// Who is held to have sent what arrives on a socket.
    pub(crate) fn blamed(&self, socket: SocketId) -> ConnectionId {
        let is_hostile = self.links.get(&socket).is_some_and(|link| link.end == End::Hostile);
        let honest = self.links.iter().find(|(_, link)| {
            matches!(link.end, End::Tab(_)) && link.is_open_here && link.life == self.server.life
        });
        match honest {
            Some((honest, _)) if is_hostile && self.has(Sabotage::WrongSender) => ConnectionId(*honest),
            _ => ConnectionId(socket),
        }
    }

    fn perform(&mut self, effect: Effect) -> Outcome {
        let life = self.server.life;
        match effect {
            Effect::Send { connection, frame } => self.put_out(connection, Outgoing::Frame(frame)),
            Effect::Close { connection, reason } => {
                self.note(format_args!("the relay closes {connection}: {reason}"));
                self.saw(match reason {
                    CloseReason::Left => "close left",
                    CloseReason::Protocol(_) => "close protocol",
                    CloseReason::Refused(_) => "close refused",
                    CloseReason::Replaced => "close replaced",
                    CloseReason::PeerIdTaken => "close taken",
                    CloseReason::AccessEnded => "close ended",
                    CloseReason::AccessChanged => "close access",
                    CloseReason::TooMuch(_) => "close too much",
                    CloseReason::TryAgain(_) => "close try again",
                });
                self.put_out(connection, Outgoing::Close(reason))
            }
            Effect::Write { request, write } => {
                let early = self.has(Sabotage::AnnouncedTooEarly);
                if early {
                    self.answer(Event::Written { request, result: Ok(()) });
                }
                let wait = self.server.chance.between(1, self.options.disk_ms);
                let Some(process) = &mut self.server.process else { return Ok(()) };
                process.writes.push_back((request, stored(write)));
                if !std::mem::replace(&mut process.is_writing, true) {
                    self.agenda.after(wait, Happening::Commit { life });
                }
                Ok(())
            }
            Effect::Wake { at } => {
                let wait = self.server.clock.until(self.agenda.now(), at);
                let Some(process) = &mut self.server.process else { return Ok(()) };
                process.timer += 1;
                let timer = process.timer;
                self.agenda.after(wait, Happening::RelayTimer { life, timer });
                Ok(())
            }
            Effect::Report(report) => {
                self.saw(report.code());
                self.note(format_args!("the relay reports {}: {report}", report.code()));
                Ok(())
            }
            job @ (Effect::Load { .. }
            | Effect::Compact { .. }
            | Effect::Split { .. }
            | Effect::Locate { .. }) => {
                let wait = self.server.chance.between(1, self.options.disk_ms);
                self.agenda.after(wait, Happening::Job { life, job: Box::new(job) });
                Ok(())
            }
        }
    }

    fn put_out(&mut self, connection: ConnectionId, outgoing: Outgoing) -> Outcome {
        let room = self.options.relay.window_frames + 2;
        let socket = connection.0;
        let Some(link) = self.links.get_mut(&socket).filter(|link| link.is_open_here) else { return Ok(()) };
        if link.outbox.len() >= room {
            return Promise::SenderPays.broken(format!("{connection}: the relay overruns its window"));
        }
        link.outbox.push_back(outgoing);
        if !std::mem::replace(&mut link.is_pumping, true) {
            self.agenda.after(1, Happening::Pump { socket });
        }
        Ok(())
    }

    pub(crate) fn relay_timer(&mut self, life: u64, timer: u64) -> Outcome {
        if let Some(process) = &mut self.server.process
            && (life, timer) == (self.server.life, process.timer)
        {
            process.answers.push_back(Event::Woken);
            self.round_is_due();
        }
        Ok(())
    }

    /// The writer's thread takes everything that waits, and commits it as one; if that fails, one by one.
    pub(crate) fn commit(&mut self, life: u64) -> Outcome {
        let Some(process) = self.server.process.as_mut().filter(|_| life == self.server.life) else {
            return Ok(());
        };
        process.is_writing = false;
        let file = process.file.clone();
        let (requests, writes): (Vec<RequestId>, Vec<Write>) = process.writes.drain(..).unzip();
        let whole = server::commit(&file, &writes);
        let results: Vec<Result<(), WriteError>> = match whole {
            Ok(()) => vec![Ok(()); writes.len()],
            Err(error) if writes.len() == 1 => vec![Err(error)],
            Err(_) => writes.iter().map(|write| server::commit(&file, std::slice::from_ref(write))).collect(),
        };
        drop(file);
        for ((request, write), result) in requests.into_iter().zip(writes).zip(results) {
            self.note(format_args!("commit {request:?}: {result:?}"));
            if result.is_err() {
                self.saw("commit failed");
            } else {
                self.durable_now(&write)?;
            }
            if !self.server.has_power() {
                self.saw("cut at a sync");
                self.relay_dies(Death::Torn, 500);
                return Ok(());
            }
            if !self.has(Sabotage::AnnouncedTooEarly) {
                self.answer(Event::Written { request, result: result.map_err(write_error) });
            }
        }
        Ok(())
    }

    fn durable_now(&mut self, write: &Write) -> Outcome {
        let changes = write.batch.puts.iter().filter(|chunk| chunk.key().kind == ChunkKind::Incremental);
        for chunk in changes {
            let read = guard::read_chunks(chunk.bytes(), &guard::Limits::CLIENT).unwrap_or_default();
            let hashes: Vec<ChangeHash> = read.iter().flat_map(hashes_in).collect();
            self.has_none(|| "the relay has stored".to_owned(), hashes.iter())?;
            self.server.durable.extend(hashes);
        }
        Ok(())
    }

    /// Broken on purpose: what a hostile colleague sends goes to the writer as it came.
    pub(crate) fn store_unguarded(&mut self, frame: &bytes::Bytes) {
        let life = self.server.life;
        let puts = self.misfits_in(frame);
        let Some(process) = self.server.process.as_mut().filter(|_| !puts.is_empty()) else { return };
        let write = Write { batch: Batch::put(puts), receipts: Vec::new(), register: None };
        // Nobody waits for the answer.
        process.writes.push_back((RequestId(u64::MAX), write));
        if !std::mem::replace(&mut process.is_writing, true) {
            self.agenda.after(1, Happening::Commit { life });
        }
    }

    pub(crate) fn job(&mut self, life: u64, job: Effect) -> Outcome {
        let Some(process) = self.server.process.as_ref().filter(|_| life == self.server.life) else {
            return Ok(());
        };
        let file = process.file.clone();
        let event = match job {
            Effect::Load { request, address, member } => {
                let result = load(&file, address, member);
                if address.workspace == WORKSPACE && matches!(result, Ok(Found::Here { .. })) {
                    // A commit whose answer was an error may have happened; whoever reads it knows.
                    let found = self.server.found(&file, DOCUMENT)?;
                    self.server.durable.extend(found);
                }
                Event::Loaded { request, result }
            }
            Effect::Compact { request, document } => {
                let loaded = file.reader().load(document);
                let result = match loaded {
                    Ok(loaded) => materialise::compact(document, &loaded),
                    Err(error) => Err(error.into()),
                };
                Event::Compacted { request, result }
            }
            Effect::Split { request, chunk } => {
                self.saw("split");
                Event::Split { request, result: materialise::split(&chunk) }
            }
            Effect::Locate { request, content } => {
                self.saw("located");
                let result = relay::Located::read(&content, &guard::Limits::CLIENT);
                Event::Located { request, result }
            }
            Effect::Send { .. }
            | Effect::Close { .. }
            | Effect::Write { .. }
            | Effect::Wake { .. }
            | Effect::Report(_) => return Ok(()),
        };
        drop(file);
        if !self.server.has_power() {
            // Reading opens a file again whose disk has failed, and that syncs.
            self.saw("cut while reading");
            self.relay_dies(Death::Torn, 500);
            return Ok(());
        }
        self.answer(event);
        Ok(())
    }
}

fn load(file: &RelayFile, address: Address, member: Option<MemberId>) -> Result<Found, StoreError> {
    let reader = file.reader();
    match reader.registration(address.document)? {
        Some(known) if known.workspace == address.workspace => match known.owner {
            Some(owner) if member != Some(owner) => Ok(Found::Private { owner }),
            owner => {
                let loaded = reader.load(address.document)?;
                let vouched = |changes: &[ChangeHash]| {
                    reader.with_receipt(address.document, changes).unwrap_or_default()
                };
                let stored = relay::Stored::read(&loaded, vouched, &guard::Limits::CLIENT);
                Ok(Found::Here { stored, owner })
            }
        },
        Some(_) => Ok(Found::Elsewhere),
        None => Ok(Found::Nowhere { documents: reader.documents_of(address.workspace)?.len() }),
    }
}

fn stored(write: relay::Write) -> Write {
    let receipt = |receipt: relay::Receipt| store_redb::Receipt {
        document: receipt.document,
        change: receipt.change,
        member: receipt.member,
        device: receipt.device,
        received: receipt.received,
    };
    Write {
        batch: write.batch,
        receipts: write.receipts.into_iter().map(receipt).collect(),
        register: write.register.map(|new| DocumentRegistration {
            document: new.document,
            workspace: new.workspace,
            owner: None,
            registered: new.registered,
        }),
    }
}

fn write_error(error: WriteError) -> relay::WriteError {
    match error {
        WriteError::Store(error) => relay::WriteError::Store(error),
        rule => relay::WriteError::NotRegistered(rule.to_string()),
    }
}
