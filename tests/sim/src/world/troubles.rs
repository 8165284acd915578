//! What goes wrong while anything may.

use super::World;
use crate::{
    chance::Stream,
    happening::Happening,
    link::{End, SocketId},
    options::Trouble,
    promise::Outcome,
    server::Death,
    tab::TabId,
};
use client::Event;
use ids::ConnectionId;
use relay::Access;
use std::io;

impl World {
    pub(crate) fn trouble(&mut self, trouble: Trouble) -> Outcome {
        if self.is_healing {
            return Ok(());
        }
        // The stream is taken out for the time of the trouble, so that the rest of the world can be changed.
        let Some(mut chance) = self.troubles.remove(&trouble) else { return Ok(()) };
        let every =
            self.options.troubles.iter().find(|(it, _)| *it == trouble).map_or(1, |(_, every)| *every);
        self.agenda.after(chance.between(every / 4, every * 2), Happening::Trouble { trouble });
        let outcome = self.strike(trouble, &mut chance);
        self.troubles.insert(trouble, chance);
        outcome
    }

    fn strike(&mut self, trouble: Trouble, chance: &mut Stream) -> Outcome {
        let now = self.now();
        match trouble {
            Trouble::Cut => {
                if let Some(socket) = self.some_socket(chance) {
                    self.breaks(socket, true, true);
                }
            }
            Trouble::HalfOpen => {
                if let Some(socket) = self.some_socket(chance) {
                    let (there, here) = (false, chance.one_in(2));
                    self.breaks(socket, there, here);
                }
            }
            Trouble::Clog => {
                let until = now + chance.between(100, 8_000);
                if let Some(socket) = self.some_socket(chance)
                    && let Some(link) = self.links.get_mut(&socket)
                {
                    link.clogged_until = until;
                    self.note(format_args!("socket {socket} is clogged until {until}"));
                }
            }
            Trouble::Offline => return self.goes_offline(chance),
            Trouble::TabDies => {
                if let Some(tab) = self.some_tab(chance) {
                    let browser = self.tabs.get(&tab).map_or(0, |tab| tab.browser);
                    self.tab_dies(tab);
                    self.agenda.after(chance.between(1, 3_000), Happening::TabOpens { browser });
                }
            }
            Trouble::TabOpens => {
                let browser = self.some_browser(chance);
                let open = self.tabs.values().filter(|tab| tab.browser == browser).count();
                if open < self.options.tabs_max {
                    self.agenda.after(1, Happening::TabOpens { browser });
                }
            }
            Trouble::Page => {
                if let Some(tab) = self.some_tab(chance) {
                    let event = match chance.below(4) {
                        0 => Event::Flush,
                        1 => Event::Leave,
                        2 => Event::Compact,
                        _ => Event::NetworkUp,
                    };
                    self.note(format_args!("tab {tab}: {event:?}"));
                    return self.feed(tab, event);
                }
            }
            Trouble::Store => {
                let browser = self.some_browser(chance);
                let until = now + chance.between(500, 8_000);
                if let Some(browser) = self.browsers.get_mut(browser) {
                    browser.failing_until = until;
                }
                self.note(format_args!("the store of browser {browser} fails until {until}"));
            }
            Trouble::Evicted => {
                let browser = self.some_browser(chance);
                let tabs: Vec<TabId> =
                    self.tabs.iter().filter(|(_, tab)| tab.browser == browser).map(|(id, _)| *id).collect();
                tabs.into_iter().for_each(|tab| self.tab_dies(tab));
                if let Some(home) = self.browsers.get_mut(browser) {
                    home.evict();
                }
                self.note(format_args!("browser {browser} is closed and gives up what it has stored"));
                self.saw("evicted");
                self.agenda.after(chance.between(1, 3_000), Happening::TabOpens { browser });
            }
            Trouble::RelayDies => {
                let death = chance.pick(&[Death::Killed, Death::AllLost, Death::Torn]).copied();
                let back = chance.between(50, 6_000);
                self.relay_dies(death.unwrap_or(Death::Torn), back);
            }
            Trouble::CutAtSync => {
                self.server.is_troubled = true;
                let sync = self.server.disk.syncs() + chance.between(1, 4);
                self.server.disk.cut_power_at_sync(sync);
                self.note(format_args!("the power is to go at sync {sync}"));
            }
            Trouble::DiskFails => {
                self.server.is_troubled = true;
                let times = chance.between(1, 4);
                self.server.disk.fail_writes(times, io::ErrorKind::Other);
                self.note(format_args!("the disk fails {times} times"));
            }
            Trouble::DiskFull => {
                self.server.is_troubled = true;
                self.server.disk.fill_up(true);
                self.note(format_args!("the disk is full"));
                self.agenda.after(chance.between(1_000, 8_000), Happening::DiskHasRoom);
            }
            Trouble::Clock => {
                let by = [-3_600_000, -5_000, -300, 300, 5_000, 3_600_000];
                let by = chance.pick(&by).copied().unwrap_or(300);
                let whose = self.some_browser(chance);
                match self.browsers.get_mut(whose) {
                    Some(browser) if !chance.one_in(4) => browser.clock.step(by),
                    _ => self.server.clock.step(by),
                }
                self.note(format_args!("a clock steps by {by} ms, perhaps that of browser {whose}"));
            }
            Trouble::Rights => self.rights_change(chance),
            Trouble::Attack => self.attack(chance),
            Trouble::Stranger => self.stranger(chance),
            Trouble::Misfit => self.misfit(chance),
            Trouble::Forgery => return self.forgery(chance),
        }
        Ok(())
    }

    /// A network that is gone says so, or does not.
    fn goes_offline(&mut self, chance: &mut Stream) -> Outcome {
        let browser = self.some_browser(chance);
        let until = self.now() + chance.between(500, 25_000);
        let says_so = chance.one_in(2);
        if let Some(browser) = self.browsers.get_mut(browser) {
            browser.offline_until = until;
        }
        self.note(format_args!("browser {browser} is offline until {until}, and says so: {says_so}"));
        self.saw("offline");
        let tabs: Vec<TabId> =
            self.tabs.iter().filter(|(_, tab)| tab.browser == browser).map(|(id, _)| *id).collect();
        for tab in tabs {
            if let Some(socket) = self.tabs.get(&tab).and_then(|tab| tab.socket) {
                self.breaks(socket, false, false);
            }
            if says_so {
                self.feed(tab, Event::NetworkDown)?;
            }
        }
        Ok(())
    }

    fn rights_change(&mut self, chance: &mut Stream) {
        let browser = self.some_browser(chance);
        if !self.may_write(browser) {
            return;
        }
        let access = if chance.one_in(2) { None } else { Some(Access::Reader) };
        self.note(format_args!("browser {browser} may now {access:?}"));
        self.saw("rights changed");
        self.grant(browser, access);
        self.agenda.after(chance.between(500, 6_000), Happening::RightsReturn { browser });
    }

    pub(crate) fn rights_return(&mut self, browser: usize) -> Outcome {
        let reads = self.options.has_reader && browser + 1 == self.browsers.len();
        if !reads && !self.may_write(browser) {
            self.grant(browser, Some(Access::Writer));
        }
        Ok(())
    }

    /// The server tells the relay of every open socket of the member.
    fn grant(&mut self, browser: usize, access: Option<Access>) {
        if let Some(home) = self.browsers.get_mut(browser) {
            home.grant = access;
        }
        let sockets: Vec<SocketId> = self
            .links
            .iter()
            .filter(|(_, link)| link.life == self.server.life && link.is_open_here)
            .filter(|(_, link)| {
                matches!(link.end, End::Tab(id) if self.tabs.get(&id).is_some_and(|tab| tab.browser == browser))
            })
            .map(|(socket, _)| *socket)
            .collect();
        for socket in sockets {
            self.input(relay::Event::AccessChanged { connection: ConnectionId(socket), access });
        }
    }

    pub(crate) fn some_socket(&self, chance: &mut Stream) -> Option<SocketId> {
        let open = |it: &crate::link::Link| it.is_open_here && it.is_open_there && !it.is_dead;
        let sockets: Vec<SocketId> =
            self.links.iter().filter(|(_, link)| open(link)).map(|(socket, _)| *socket).collect();
        chance.pick(&sockets).copied()
    }

    fn some_tab(&self, chance: &mut Stream) -> Option<TabId> {
        let tabs: Vec<TabId> = self.tabs.keys().copied().collect();
        chance.pick(&tabs).copied()
    }

    fn some_browser(&self, chance: &mut Stream) -> usize {
        usize::try_from(chance.below(self.browsers.len() as u64)).unwrap_or(0)
    }
}
