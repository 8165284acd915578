//! The words of all records, for finding them while somebody types. The index is built when it is first asked for, or
//! when the page has been quiet for a moment, and is brought up to date just before it is asked again: a page on which
//! nobody searches pays for none of it.

use insight::search::{Hit, Index};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
};
use workspace::{RecordRef, View, ViewDelta};

/// Up to this many touched records are taken one by one; beyond, reading everything anew is cheaper.
const TAKEN_SINGLY: usize = 500;

/// The index of one document.
#[derive(Default)]
pub(super) struct Finder {
    index: RefCell<Option<Index>>,
    touched: RefCell<BTreeSet<RecordRef>>,
    is_outdated: Cell<bool>,
}

impl Finder {
    /// The document is here, or was built again.
    pub(super) fn replace(&self) {
        self.is_outdated.set(true);
    }

    /// Parts of the document are different.
    pub(super) fn update(&self, delta: &ViewDelta) {
        if self.index.borrow().is_none() || self.is_outdated.get() {
            return;
        }
        let mut touched = self.touched.borrow_mut();
        touched.extend(delta.touched.iter().copied());
        if !delta.collections.is_empty() || touched.len() > TAKEN_SINGLY {
            touched.clear();
            self.is_outdated.set(true);
        }
    }

    /// See [`Index::find`].
    pub(super) fn find(&self, view: &View, query: &str, limit: usize) -> Vec<Hit> {
        self.prepare(view);
        self.index.borrow().as_ref().map(|index| index.find(query, limit)).unwrap_or_default()
    }

    /// Brings the index up to date.
    pub(super) fn prepare(&self, view: &View) {
        let mut index = self.index.borrow_mut();
        let touched = self.touched.take();
        match index.as_mut() {
            Some(index) if !self.is_outdated.get() => index.update(view, &touched),
            _ => *index = Some(Index::of(view)),
        }
        self.is_outdated.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::{ActorId, MemberId, RecordId, Timestamp};
    use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
    use workspace::{Act, Author, Edit, Field, Kind};

    #[test]
    fn what_is_written_after_the_first_search_is_found_by_the_next() {
        let mut document = workspace::new_document(&ActorId::new([1; 16])).unwrap();
        let mut view = View::read(&document);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let author = Author { member: MemberId(RecordId::from_bits(1)), device_label: "test".into() };
        let finder = Finder::default();
        finder.replace();
        assert!(finder.find(&view, "foundry", 10).is_empty());
        let record = RecordRef::new(Kind::Goal, RecordId::from_bits(9));
        let mut write = |finder: &Finder, view: &mut View, edit: Edit| {
            let act = Act::one("test.act", edit);
            let now = Timestamp::from_millis(1);
            let applied = workspace::apply(&mut document, &author, now, &mut rng, &act).unwrap();
            view.update(&document, &applied.delta);
            finder.update(&applied.delta);
        };
        let fields = vec![(Field::Title, "Second foundry".into())];
        write(&finder, &mut view, Edit::Create { record, fields });
        assert_eq!(finder.find(&view, "foun", 10).first().map(|hit| hit.record), Some(record));
        let renamed = Edit::Set { record, field: Field::Title, value: Some("Second mill".into()) };
        write(&finder, &mut view, renamed);
        assert!(finder.find(&view, "foun", 10).is_empty());
        assert_eq!(finder.find(&view, "mill", 10).len(), 1);
    }
}
