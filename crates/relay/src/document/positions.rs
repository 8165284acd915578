//! A set of places in a log, kept as spans: what one peer has is nearly always "everything up to here".

use std::ops::Range;

/// A set of log positions. Costs one span for a peer that has a prefix of the log, and one more for every hole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Positions {
    /// Ascending, not empty, not touching each other.
    spans: Vec<Range<u32>>,
}

impl Positions {
    /// Every position below `end`.
    pub(crate) fn up_to(end: u32) -> Self {
        Self::from_spans(std::iter::once(0..end))
    }

    /// From positions in ascending order; repetitions are allowed.
    pub(crate) fn from_ascending(positions: impl IntoIterator<Item = u32>) -> Self {
        Self::from_spans(positions.into_iter().map(|position| position..position.saturating_add(1)))
    }

    /// From spans ordered by their start.
    fn from_spans(spans: impl IntoIterator<Item = Range<u32>>) -> Self {
        let mut joined: Vec<Range<u32>> = Vec::new();
        for span in spans.into_iter().filter(|span| !span.is_empty()) {
            match joined.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => joined.push(span),
            }
        }
        Self { spans: joined }
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// How many.
    pub(crate) fn count(&self) -> u32 {
        self.spans.iter().map(ExactSizeIterator::len).sum::<usize>() as u32
    }

    /// The end of the run that starts at 0: everything before it is in the set.
    pub(crate) fn prefix(&self) -> u32 {
        self.spans.first().filter(|span| span.start == 0).map_or(0, |span| span.end)
    }

    /// Whether the set is nothing but its [`prefix`](Self::prefix).
    pub(crate) fn is_prefix(&self) -> bool {
        match self.spans.as_slice() {
            [] => true,
            [span] => span.start == 0,
            _ => false,
        }
    }

    /// Whether every position below `len` is in the set.
    pub(crate) fn is_all(&self, len: u32) -> bool {
        self.prefix() >= len
    }

    /// Whether `position` is in the set.
    pub(crate) fn contains(&self, position: u32) -> bool {
        let after = self.spans.partition_point(|span| span.end <= position);
        self.spans.get(after).is_some_and(|span| span.start <= position)
    }

    /// Adds one position.
    pub(crate) fn insert(&mut self, position: u32) {
        match self.spans.last_mut() {
            // The common case: the log has grown by one.
            Some(last) if last.end == position => last.end = position.saturating_add(1),
            Some(last) if last.end < position => self.spans.push(position..position.saturating_add(1)),
            None => self.spans.push(position..position.saturating_add(1)),
            Some(_) => self.union(&Self::from_ascending([position])),
        }
    }

    /// Takes one position out.
    pub(crate) fn remove(&mut self, position: u32) {
        self.subtract(&Self::from_ascending([position]));
    }

    /// Adds all of `other`.
    pub(crate) fn union(&mut self, other: &Self) {
        if other.is_empty() {
            return;
        }
        let mut spans: Vec<_> = self.spans.iter().chain(&other.spans).cloned().collect();
        spans.sort_unstable_by_key(|span| span.start);
        *self = Self::from_spans(spans);
    }

    /// Takes all of `other` out.
    pub(crate) fn subtract(&mut self, other: &Self) {
        if other.is_empty() {
            return;
        }
        let mut left = Vec::with_capacity(self.spans.len());
        let mut holes = other.spans.iter().peekable();
        for span in &self.spans {
            let mut start = span.start;
            while let Some(hole) = holes.peek() {
                if hole.end <= start {
                    holes.next();
                } else if hole.start < span.end {
                    if start < hole.start {
                        left.push(start..hole.start);
                    }
                    start = hole.end;
                    if hole.end > span.end {
                        break;
                    }
                } else {
                    break;
                }
            }
            if start < span.end {
                left.push(start..span.end);
            }
        }
        self.spans = left;
    }

    /// The positions in the set, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        self.spans.iter().flat_map(Clone::clone)
    }

    /// The positions in the set that are not below `start`, ascending.
    pub(crate) fn from(&self, start: u32) -> impl Iterator<Item = u32> {
        let first = self.spans.partition_point(|span| span.end <= start);
        let spans = self.spans.get(first..).unwrap_or(&[]).iter();
        spans.flat_map(move |span| span.start.max(start)..span.end)
    }

    /// The positions below `len` that are not in the set, ascending.
    pub(crate) fn gaps(&self, len: u32) -> impl Iterator<Item = u32> {
        let starts = std::iter::once(0).chain(self.spans.iter().map(|span| span.end));
        let ends = self.spans.iter().map(|span| span.start).chain(std::iter::once(len));
        starts.zip(ends).flat_map(move |(start, end)| start..end.min(len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn check(positions: &Positions, model: &BTreeSet<u32>) {
        assert_eq!(positions.iter().collect::<BTreeSet<_>>(), *model);
        assert_eq!(positions.count() as usize, model.len());
        assert_eq!(
            positions.gaps(64).collect::<Vec<_>>(),
            (0..64).filter(|p| !model.contains(p)).collect::<Vec<_>>()
        );
        let from_ten: Vec<u32> = model.range(10..).copied().collect();
        assert_eq!(positions.from(10).collect::<Vec<_>>(), from_ten);
        let prefix = (0..).take_while(|p| model.contains(p)).count() as u32;
        assert_eq!(positions.prefix(), prefix);
        assert_eq!(positions.is_prefix(), model.len() as u32 == prefix);
        assert!((0..64).all(|p| positions.contains(p) == model.contains(&p)));
        let touching = positions.spans.windows(2).any(|pair| pair[0].end >= pair[1].start);
        assert!(!touching, "{positions:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn behaves_as_a_set(steps in proptest::collection::vec((0..4_u8, 0..60_u32, 0..8_u32), 0..60)) {
            let mut positions = Positions::default();
            let mut model = BTreeSet::new();
            for (step, start, len) in steps {
                let other = Positions::from_ascending((start..start + len).filter(|p| p % 3 > 0));
                match step {
                    0 => { positions.insert(start); model.insert(start); }
                    1 => { positions.remove(start); model.remove(&start); }
                    2 => { positions.union(&other); model.extend(other.iter()); }
                    _ => { positions.subtract(&other); model.retain(|p| !other.contains(*p)); }
                }
                check(&positions, &model);
            }
        }
    }

    #[test]
    fn up_to_is_a_prefix() {
        check(&Positions::up_to(5), &(0..5).collect());
        check(&Positions::up_to(0), &BTreeSet::new());
    }
}
