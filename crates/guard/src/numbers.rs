//! Dense numbers for operations, so that what is known of each fits into a plain list.

use crate::operations::OpId;
use std::ops::Range;

/// Every change of an actor has consecutive counters; each gets as many consecutive numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    actors: Vec<Vec<Span>>,
    next: u64,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    first: u32,
    last: u32,
    number: u64,
}

impl Numbers {
    pub(crate) fn with_actors(actors: u32) -> Self {
        Self { actors: (0..actors).map(|_| Vec::new()).collect(), next: 0 }
    }

    /// The number of the next operation: how many there are.
    pub(crate) const fn next(&self) -> u64 {
        self.next
    }

    pub(crate) fn add_actor(&mut self) {
        self.actors.push(Vec::new());
    }

    /// How many changes of the actor have numbers, and the last counter of them; `None` for an unknown actor.
    pub(crate) fn last(&self, actor: u32) -> Option<(usize, u32)> {
        let spans = self.actors.get(actor as usize)?;
        Some((spans.len(), spans.last().map_or(0, |span| span.last)))
    }

    /// Numbers for the counters `first..=last` of the actor, above all it had; `last` is before `first` for a
    /// change without operations.
    pub(crate) fn append(&mut self, actor: u32, first: u32, last: u32) {
        if let Some(spans) = self.actors.get_mut(actor as usize) {
            spans.push(Span { first, last, number: self.next });
            self.next += u64::from((last + 1).saturating_sub(first));
        }
    }

    pub(crate) fn number(&self, id: OpId) -> Option<usize> {
        let spans = self.actors.get(id.actor as usize)?;
        let span = spans.get(spans.partition_point(|span| span.last < id.counter))?;
        let offset = id.counter.checked_sub(span.first)?;
        usize::try_from(span.number + u64::from(offset)).ok()
    }

    /// The numbers of every change.
    pub(crate) fn changes(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.actors.iter().flatten().map(|span| {
            let len = u64::from((span.last + 1).saturating_sub(span.first));
            let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
            number(span.number)..number(span.number + len)
        })
    }
}
