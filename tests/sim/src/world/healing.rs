//! The end of a run: nothing fails any more. Soon everybody has everything, knows it, and is silent.

use super::World;
use crate::{
    Promise, Sabotage,
    agenda::Moment,
    happening::Happening,
    link::{End, SocketId},
    materialise,
    promise::Outcome,
    tab::TabId,
};
use client::{ConnectionState, Event};
use std::collections::BTreeSet;
use workspace::{View, genesis};

/// Half-open connections may take minutes to be noticed: patience doubles with each that ended in silence.
const HEALED_WITHIN_MS: Moment = 900_000;
/// After everybody agrees, what is still on its way arrives; a clogged socket may have held it for 8 s.
const LAST_WORDS_MS: Moment = 12_000;
/// Then there is silence for this long.
const SILENCE_MS: Moment = 30_000;

impl World {
    /// Nothing fails any more, and everybody comes back.
    pub(crate) fn heal(&mut self) -> Outcome {
        let now = self.now();
        self.is_healing = true;
        self.note(format_args!("everything heals"));
        self.server.heal();
        self.relay_starts()?;
        for browser in 0..self.browsers.len() {
            if let Some(home) = self.browsers.get_mut(browser) {
                let never = self.sabotage == Some(Sabotage::NeverBack) && browser == 0;
                home.offline_until = if never { Moment::MAX } else { 0 };
                home.failing_until = 0;
            }
            self.rights_return(browser)?;
            if self.tabs.values().all(|tab| tab.browser != browser) {
                self.open_tab(browser)?;
            }
        }
        if self.has(Sabotage::NeverBack) {
            let sockets: Vec<SocketId> = self.links.keys().copied().collect();
            sockets.into_iter().for_each(|socket| self.breaks(socket, true, true));
        }
        let outsiders: Vec<SocketId> = self
            .links
            .iter_mut()
            .filter_map(|(socket, link)| {
                link.clogged_until = link.clogged_until.min(now);
                (!matches!(link.end, End::Tab(_))).then_some(*socket)
            })
            .collect();
        outsiders.into_iter().for_each(|socket| self.closed_there(socket));
        let tabs: Vec<TabId> = self.tabs.keys().copied().collect();
        tabs.into_iter().try_for_each(|tab| self.feed(tab, Event::NetworkUp))
    }

    /// Lets time pass until everybody agrees.
    pub(crate) fn converge(&mut self) -> Outcome {
        let end = self.now() + HEALED_WITHIN_MS;
        while let Some(why) = self.disagreement()? {
            if self.now() >= end {
                return Promise::Heals
                    .broken(format!("after {HEALED_WITHIN_MS} ms without a failure: {why}"));
            }
            let next = self.now() + 1_000;
            self.run_until(next)?;
        }
        self.note(format_args!("everybody agrees"));
        let next = self.now() + LAST_WORDS_MS;
        self.run_until(next)
    }

    /// Promise 6.
    pub(crate) fn stay_quiet(&mut self) -> Outcome {
        let before = self.sync_messages;
        let end = self.now() + SILENCE_MS;
        while self.now() < end {
            if self.has(Sabotage::Echo) {
                self.echo();
            }
            let next = self.now() + 1_000;
            self.run_until(next)?;
        }
        let said = self.sync_messages - before;
        Promise::QuietWhenDone
            .hold(said == 0, || format!("{said} sync messages when everything was said"))?;
        match self.disagreement()? {
            Some(why) => Promise::Heals.broken(format!("everybody agreed, and then: {why}")),
            None => Ok(()),
        }
    }

    /// What was once acknowledged or said to be saved is everywhere.
    pub(crate) fn nothing_is_lost(&self) -> Outcome {
        let mut promised = self.server.durable.clone();
        promised.extend(self.browsers.iter().flat_map(|browser| browser.promised.iter().copied()));
        for (id, tab) in &self.tabs {
            let ours = materialise::hashes(tab.replica.document());
            let lost = promised.iter().find(|hash| !ours.contains(hash));
            Promise::Survives.hold(lost.is_none(), || format!("tab {id} lacks {lost:?}"))?;
        }
        let views: Vec<View> = self.tabs.values().map(|tab| View::read(tab.replica.document())).collect();
        let equal = views.windows(2).all(|pair| matches!(pair, [one, other] if one == other));
        Promise::Heals.hold(equal, || "equal heads, and not equal views".to_owned())
    }

    /// Why not everybody has everything and knows it.
    fn disagreement(&self) -> Outcome<Option<String>> {
        let mut all = BTreeSet::new();
        for (id, tab) in &self.tabs {
            let status = tab.replica.status();
            let reads = self.options.has_reader && tab.browser + 1 == self.browsers.len();
            let is_fine = status.open
                && status.saved_here
                && (status.on_relay || reads)
                && status.connection == ConnectionState::Online;
            if !is_fine {
                return Ok(Some(format!("tab {id} says {status:?}")));
            }
            let link = tab.socket.and_then(|socket| self.links.get(&socket));
            if link.is_none_or(|link| link.is_dead) {
                return Ok(Some(format!("tab {id} has not noticed that its line is dead")));
            }
            all.insert(tab.replica.heads());
        }
        if all.len() != 1 {
            return Ok(Some(format!("{} different heads", all.len())));
        }
        let Some(process) = &self.server.process else { return Ok(Some("no relay".to_owned())) };
        let found = self.server.found(&process.file, super::DOCUMENT)?;
        for (id, tab) in &self.tabs {
            let mut ours = materialise::hashes(tab.replica.document());
            ours.remove(&genesis::HASH);
            if let Some(missing) = ours.iter().find(|hash| !found.contains(hash)) {
                return Ok(Some(format!("the relay's file lacks {missing} of tab {id}")));
            }
        }
        Ok(None)
    }

    /// Broken on purpose: somebody says again what was heard last.
    fn echo(&mut self) {
        let alive =
            self.links.iter().filter(|(_, link)| link.is_open_here && link.is_open_there && !link.is_dead);
        let said = alive.filter_map(|(socket, link)| Some((*socket, link.last_said.clone()?))).next();
        if let Some((socket, frame)) = said {
            self.agenda.after(1, Happening::ArrivesDown { socket, frame });
        }
    }
}
