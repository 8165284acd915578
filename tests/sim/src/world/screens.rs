//! What tabs show and say, held against what is: promises 1, 2 and 3, and the honesty of "on relay".

use super::{DOCUMENT, World};
use crate::{
    Promise, Sabotage, diagnosis, materialise,
    promise::Outcome,
    tab::{Tab, TabId},
};
use client::OpenReport;
use ids::ChangeHash;
use std::collections::BTreeSet;
use workspace::{ViewDelta, genesis};

impl World {
    pub(crate) fn changed(&mut self, id: TabId, delta: &ViewDelta) {
        let is_deaf = self.has(Sabotage::DeafScreen);
        if let Some(tab) = self.tabs.get_mut(&id).filter(|_| !is_deaf) {
            tab.screen.follow(tab.replica.view(), delta);
        }
    }

    /// Promise 1: what the edit changed is on the screen now, before anything that it asked for was done.
    pub(crate) fn painted(&mut self, id: TabId, delta: &ViewDelta) -> Outcome {
        let is_late = self.has(Sabotage::LatePaint);
        let Some(tab) = self.tabs.get_mut(&id) else { return Ok(()) };
        if !is_late {
            tab.screen.follow(tab.replica.view(), delta);
        }
        match tab.screen.wrong(&tab.replica) {
            Some(wrong) => Promise::PaintFirst.broken(format!("tab {id} after its own edit: {wrong}")),
            None => {
                tab.looked = Some((tab.replica.heads(), changes(tab)));
                Ok(())
            }
        }
    }

    /// After everything that happened to a tab.
    pub(crate) fn check_tab(&mut self, id: TabId) -> Outcome {
        let Some(tab) = self.tabs.get_mut(&id) else { return Ok(()) };
        let now = (tab.replica.heads(), tab.replica.status().clone());
        if tab.checked.as_ref() == Some(&now) {
            return Ok(());
        }
        let (_, status) = &now;
        if !status.open {
            let claims = status.saved_here || status.on_relay;
            return Promise::SavedHere
                .hold(!claims, || format!("tab {id} knows nothing yet and claims {status:?}"));
        }
        if tab.looked.as_ref().is_none_or(|(heads, _)| *heads != now.0) {
            if let Some(wrong) = tab.screen.wrong(&tab.replica) {
                return Promise::OneDoor.broken(format!("tab {id}: {wrong}"));
            }
            tab.looked = Some((now.0.clone(), changes(tab)));
        }
        let Some(tab) = self.tabs.get(&id) else { return Ok(()) };
        let Some((_, ours)) = &tab.looked else { return Ok(()) };
        self.has_none(|| format!("tab {id} has taken in"), ours.iter())?;
        let Some(browser) = self.browsers.get(tab.browser) else { return Ok(()) };
        let unsaved = ours.difference(&browser.stored).count();
        let unsent = ours.difference(&self.server.durable).count();
        let text = || format!("tab {id}: {unsaved} unsaved, {unsent} unsent, and it says {status:?}");
        Promise::SavedHere.hold(!status.saved_here || unsaved == 0, text)?;
        Promise::SavedHere.hold(status.unsaved >= unsaved, text)?;
        Promise::DurableFirst.hold(!status.on_relay || unsent == 0, text)?;
        Promise::DurableFirst.hold(status.unsent >= unsent, text)?;
        if status.saved_here
            && let Some(browser) = self.browsers.get_mut(tab.browser)
        {
            browser.promised.extend(ours.iter().copied());
        }
        if let Some(tab) = self.tabs.get_mut(&id) {
            tab.checked = Some(now);
        }
        Ok(())
    }

    /// Promise 3, the other half: a tab that opens has whatever was said to be saved before it looked.
    pub(crate) fn check_opened(&mut self, id: TabId, report: &OpenReport) -> Outcome {
        let Some(tab) = self.tabs.get(&id) else { return Ok(()) };
        // It opened without its store, which answered nothing but errors.
        if report.empty && !tab.promised.is_empty() && tab.replica.status().problem.is_some() {
            return Ok(());
        }
        let ours = materialise::hashes(tab.replica.document());
        let lost = tab.promised.iter().find(|hash| !ours.contains(hash));
        if report.corrupt > 0 {
            let loaded = self.browsers.get(tab.browser).and_then(|browser| browser.load(DOCUMENT).ok());
            let why = loaded.map(|loaded| diagnosis::refusals(&loaded)).unwrap_or_default();
            return Promise::SavedHere
                .broken(format!("tab {id} finds what it cannot use: {report:?}, {why:#?}"));
        }
        Promise::SavedHere
            .hold(lost.is_none(), || format!("tab {id} lacks {lost:?}, which was said to be saved"))
    }
}

/// The changes of a tab, without the one that every device is born with.
fn changes(tab: &Tab) -> BTreeSet<ChangeHash> {
    let mut changes = materialise::hashes(tab.replica.document());
    changes.remove(&genesis::HASH);
    changes
}
