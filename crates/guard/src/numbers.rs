//! Dense numbers for operations, so that what is known of each fits into a plain list.

use crate::operations::OpId;
use std::ops::Range;

/// Every change has consecutive counters of its actor; it gets as many consecutive numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    spans: Vec<Span>,
    /// The spans of each actor, by index.
    actors: Vec<Vec<u32>>,
    next: u64,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    actor: u32,
    first: u32,
    last: u32,
    number: u64,
}

impl Numbers {
    pub(crate) fn with_actors(actors: u32) -> Self {
        Self { spans: Vec::new(), actors: vec![Vec::new(); actors as usize], next: 0 }
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
        let last = spans.last().and_then(|span| self.spans.get(*span as usize));
        Some((spans.len(), last.map_or(0, |span| span.last)))
    }

    /// Numbers for the counters `first..=last` of the actor, above all it had; `last` is before `first` for a
    /// change without operations.
    pub(crate) fn append(&mut self, actor: u32, first: u32, last: u32) {
        if let Some(spans) = self.actors.get_mut(actor as usize) {
            spans.push(self.spans.len() as u32);
            self.spans.push(Span { actor, first, last, number: self.next });
            self.next += u64::from(last.saturating_add(1).saturating_sub(first));
        }
    }

    /// Takes the last change of the actor out: which one it was, and the numbers it had. Later changes keep theirs; if
    /// there are none, the numbers are given again, and that of the change as well.
    pub(crate) fn remove_last(&mut self, actor: u32) -> Option<(u32, Range<usize>)> {
        let change = self.actors.get_mut(actor as usize)?.pop()?;
        let index = change as usize;
        let span = *self.spans.get(index)?;
        let end = span.number + u64::from(span.last.saturating_add(1).saturating_sub(span.first));
        if index + 1 == self.spans.len() {
            self.spans.pop();
            self.next = span.number;
        }
        Some((change, usize::try_from(span.number).ok()?..usize::try_from(end).ok()?))
    }

    pub(crate) fn number(&self, id: OpId) -> Option<usize> {
        self.find(id).map(|(_, number)| number)
    }

    /// The change that an operation is of, and the number of the operation. Changes count from 0.
    pub(crate) fn find(&self, id: OpId) -> Option<(u32, usize)> {
        let spans = self.actors.get(id.actor as usize)?;
        let before = |span: &u32| self.spans.get(*span as usize).is_some_and(|span| span.last < id.counter);
        let change = *spans.get(spans.partition_point(before))?;
        let span = self.spans.get(change as usize)?;
        let offset = id.counter.checked_sub(span.first)?;
        Some((change, usize::try_from(span.number + u64::from(offset)).ok()?))
    }

    /// The change with that number among those of its actor, from 1.
    pub(crate) fn change(&self, actor: u32, sequence: u64) -> Option<u32> {
        let index = usize::try_from(sequence.checked_sub(1)?).ok()?;
        self.actors.get(actor as usize)?.get(index).copied()
    }

    /// The last change of an actor.
    pub(crate) fn last_change(&self, actor: u32) -> Option<u32> {
        self.actors.get(actor as usize)?.last().copied()
    }

    /// The counter of the last operation of a change; of one without operations, the last that its author knew of.
    pub(crate) fn last_op(&self, change: u32) -> Option<u32> {
        self.spans.get(change as usize).map(|span| span.last)
    }

    /// Who wrote a change.
    pub(crate) fn author(&self, change: u32) -> Option<u32> {
        self.spans.get(change as usize).map(|span| span.actor)
    }

    /// The operation with that number.
    pub(crate) fn id(&self, number: usize) -> Option<OpId> {
        let number = number as u64;
        let after = self.spans.partition_point(|span| span.number <= number);
        let span = self.spans.get(after.checked_sub(1)?)?;
        let counter = u64::from(span.first) + (number - span.number);
        let counter = u32::try_from(counter).ok().filter(|counter| *counter <= span.last)?;
        Some(OpId { counter, actor: span.actor })
    }

    /// The numbers of every change.
    pub(crate) fn changes(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.spans.iter().map(|span| {
            let len = u64::from(span.last.saturating_add(1).saturating_sub(span.first));
            let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
            number(span.number)..number(span.number + len)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_operations_name_each_other() {
        let mut numbers = Numbers::with_actors(2);
        numbers.append(0, 1, 3);
        numbers.append(1, 2, 1); // no operations
        numbers.append(1, 5, 6);
        numbers.append(0, 9, 9);
        numbers.append(0, 10, 9); // no operations
        let all = [(1, 0), (2, 0), (3, 0), (5, 1), (6, 1), (9, 0)];
        assert_eq!(numbers.next(), all.len() as u64);
        for (number, (counter, actor)) in all.into_iter().enumerate() {
            let id = OpId { counter, actor };
            assert_eq!((numbers.number(id), numbers.id(number)), (Some(number), Some(id)));
        }
        for (counter, actor) in [(0, 0), (4, 0), (10, 0), (2, 1), (4, 1), (7, 1), (1, 2)] {
            assert_eq!(numbers.number(OpId { counter, actor }), None);
        }
        assert_eq!(numbers.id(all.len()), None);
        assert_eq!((numbers.last(0), numbers.last(1), numbers.last(2)), (Some((3, 9)), Some((2, 6)), None));
    }

    #[test]
    fn numbers_are_given_again_when_none_come_after_them() {
        let mut numbers = Numbers::with_actors(2);
        numbers.append(0, 1, 3);
        numbers.append(1, 1, 2);
        numbers.append(0, 4, 4);
        assert_eq!(numbers.remove_last(0), Some((2, 5..6)));
        assert_eq!((numbers.next(), numbers.number(OpId { counter: 4, actor: 0 })), (5, None));
        assert_eq!(numbers.remove_last(0), Some((0, 0..3)), "those of actor 1 come after");
        assert_eq!((numbers.next(), numbers.last(0)), (5, Some((0, 0))));
        numbers.append(0, 1, 1);
        assert_eq!(numbers.number(OpId { counter: 1, actor: 0 }), Some(5));
        assert_eq!(numbers.number(OpId { counter: 2, actor: 1 }), Some(4));
        assert_eq!(
            (numbers.remove_last(1), numbers.remove_last(1), numbers.remove_last(2)),
            (Some((1, 3..5)), None, None)
        );
    }
}
