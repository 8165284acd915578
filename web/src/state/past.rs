//! Earlier states of the document, for whoever asks what changed since a day. One is kept: the page that shows it asks
//! again after every change, and going back costs a copy of the document.

use crate::platform::driver::Driver;
use ids::{Heads, Timestamp};
use insight::{
    AsOf,
    changed::{self, Change},
};
use std::{cell::RefCell, rc::Rc};
use workspace::{
    Date, View,
    history::{self, AtError},
};

/// The state that was asked for last.
#[derive(Default)]
pub(super) struct Past {
    kept: RefCell<Option<(Heads, Rc<View>)>>,
}

impl Past {
    /// What differs between the state at `since` and now.
    pub(super) fn changes(
        &self,
        driver: &Driver,
        since: Timestamp,
        today: Date,
    ) -> Result<Vec<Change>, AtError> {
        driver.read(|replica| {
            let document = replica.document();
            let heads = history::heads_at(document, since);
            let kept = self.kept.borrow().as_ref().filter(|(known, _)| *known == heads).cloned();
            let before = match kept {
                Some((_, view)) => view,
                None if heads.is_empty() => Rc::default(),
                None => Rc::new(history::view_at(document, &heads)?),
            };
            *self.kept.borrow_mut() = Some((heads.clone(), before.clone()));
            let told = history::since(document, &heads)?.into_iter().map(|(told, _)| told);
            let told: Vec<_> = told.collect();
            Ok(changed::between(&before, &AsOf::new(replica.view(), today), &told))
        })
    }
}
