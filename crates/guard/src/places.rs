//! Where every operation of a document is, so that a change that refers to what is not there is found out.
//!
//! A change can be well-formed and still insert after an element that does not exist. Automerge panics on most of
//! these, and in a browser a panic is the end: the change is stored, and the document never opens again. Only
//! someone who knows the document can tell. Some thirty bytes an operation are enough for that; values, and what is
//! visible, do not matter.

use crate::{
    ChangeHeader, CheckedChange, CheckedDocument, Limits, Past, Rejection,
    ancestry::{Ancestry, Seen},
    budget::Budget,
    change::Operation,
    chunk::Container,
    cursor::Cursor,
    document::{Entry, Visitor},
    numbers::Numbers,
    operations::{Action, Key, OpId, Row},
};
use bytes::Bytes;
use ids::ActorId;
use std::{borrow::Borrow, collections::BTreeMap};

/// The places of all operations of one document.
///
/// It follows the document: every document chunk and then every change, each after its dependencies, exactly as
/// Automerge gets them. What it refuses leaves it as it was. Changes in the order of their
/// [`start_op`](ChangeHeader::start_op) are in an order in which it refuses none that it has noted in another.
#[derive(Clone, Debug, Default)]
pub struct Places {
    actors: BTreeMap<ActorId, u32>,
    authors: Vec<Author>,
    numbers: Numbers,
    ancestry: Ancestry,
    keys: BTreeMap<Box<str>, u32>,
    places: Vec<Place>,
}

#[derive(Clone, Debug)]
struct Author {
    actor: ActorId,
    /// Of the last known change.
    sequence: u64,
}

/// The place of one operation.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// One more than the number of the operation that made the object; 0 is the root map.
    object: u32,
    /// The number of the operation that inserted the element, or that of the key.
    element: u32,
    /// For an insertion, one more than the number of the element it comes after; 0 is the beginning.
    after: u32,
    /// For an insertion, how many such steps it is from the beginning.
    depth: u32,
    /// For an insertion, one more than the number of another that it comes after, many steps nearer
    /// to the beginning: see [`linked`].
    jump: u32,
    /// For an object, how many objects it is in.
    nesting: u8,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    /// Deleted something, or is not known to exist: nothing can refer to it.
    #[default]
    Nothing,
    Map,
    List,
    Text,
    /// Anything that is not an object.
    Value,
}

/// Objects within objects. Automerge walks them on the stack, and overflows it at a few hundred.
const NESTING_MAX: u8 = 64;

const ELSEWHERE: Rejection = Rejection::Operation("a reference to what is not there");
const UNSEEN: Rejection = Rejection::Operation("a reference to what its author had not seen");
const FORGETFUL: Rejection =
    Rejection::Actor("a change that was not written on top of the last one of its actor");

impl Places {
    /// Those of a new document.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks that the change can follow what is noted ([`ChangeHeader::check_past`]) and that everything it refers to is
    /// there and in its past, and notes its operations.
    ///
    /// `dependencies` are those of the change, each by its author and its number among the changes of that author. They
    /// must have been noted before, and the change itself must not. `steps` is how many changes may be looked at to find
    /// out what is in its past: for whoever goes on writing one or two, for somebody new as many as were written since
    /// there was only one version.
    pub fn follow<A: Borrow<ActorId>>(
        &mut self,
        change: &CheckedChange,
        dependencies: &[(A, u64)],
        limits: &Limits,
        steps: &mut u64,
    ) -> Result<(), Rejection> {
        let header = &change.header;
        let actors = self.actors_of(header)?;
        let first = u32::try_from(header.start_op).map_err(|_| Rejection::StartOp(header.start_op))?;
        let changes: Option<Vec<u32>> =
            dependencies.iter().map(|(actor, sequence)| self.change(actor.borrow(), *sequence)).collect();
        let changes = changes.filter(|changes| changes.len() == header.dependencies.len());
        let changes = changes.ok_or(Rejection::Dependency)?;
        let last_op = changes.iter().filter_map(|change| self.numbers.last_op(*change)).max();
        let past = Past { sequence: header.sequence - 1, last_op: last_op.unwrap_or(0).into() };
        header.check_past(past, |actor| self.actors.contains_key(actor))?;
        let seen = self.ancestry.before(&changes, &self.numbers, steps).ok_or(Rejection::Past)?;
        if let Some(author) = self.actors.get(&header.actor)
            && let Some(last) = self.numbers.last_change(*author)
            && !seen.has(*author, last)
        {
            return Err(FORGETFUL);
        }
        let mut following = Following {
            known: self,
            seen: &seen,
            author: &header.actor,
            actors,
            first,
            keys: BTreeMap::new(),
            places: Vec::new(),
        };
        let container = Container::read(&mut Cursor::new(&change.bytes))?;
        container.change(&mut Budget::new(limits), |operation| following.note(&operation))?;
        let Following { keys, places, .. } = following;

        let author = match self.actors.get(&header.actor) {
            Some(author) => *author,
            None => self.add_actor(header.actor.clone()),
        };
        // A change without operations has a number too, so that the counters of its actor stay in order.
        let count = u32::try_from(places.len()).unwrap_or(u32::MAX);
        self.numbers.append(author, first, first.saturating_add(count).saturating_sub(1));
        self.ancestry.note(author, &changes, Some(seen));
        if let Some(author) = self.authors.get_mut(author as usize) {
            author.sequence = header.sequence;
        }
        self.keys.extend(keys);
        self.places.extend(places);
        Ok(())
    }

    /// Forgets a change that was noted and has not come to stay: the last one of its actor, to which nothing that is
    /// still noted refers. Any other is passed over.
    pub fn forget(&mut self, change: &ChangeHeader) {
        let Some(author) = self.actors.get(&change.actor).copied() else { return };
        let known = self.authors.get_mut(author as usize);
        let Some(known) = known.filter(|known| known.sequence == change.sequence) else { return };
        known.sequence = known.sequence.saturating_sub(1);
        let Some((change, numbers)) = self.numbers.remove_last(author) else { return };
        self.ancestry.forget(change);
        if numbers.end == self.places.len() {
            self.places.truncate(numbers.start);
        } else if let Some(places) = self.places.get_mut(numbers) {
            // Numbers are not moved, so a few places stay behind empty.
            places.fill(Place::default());
        }
    }

    /// Notes the operations of a document chunk. Changes that are known already are passed over.
    pub fn load(&mut self, document: &CheckedDocument, limits: &Limits) -> Result<(), Rejection> {
        let container = Container::read(&mut Cursor::new(&document.bytes))?;
        let mut after = self.clone();
        let mut loading = Loading { places: &mut after, actors: Vec::new(), changes: Vec::new() };
        container.document(document.bytes.clone(), &mut Budget::new(limits), &mut loading)?;
        *self = after;
        Ok(())
    }

    /// Reads exactly one document chunk and notes its operations, in one pass: the same as [`read_chunks`] and then
    /// [`load`](Self::load), each of which walks every operation.
    ///
    /// [`read_chunks`]: crate::read_chunks
    pub fn read(bytes: &Bytes, limits: &Limits) -> Result<(CheckedDocument, Self), Rejection> {
        if bytes.len() > limits.message_bytes {
            let (len, limit) = (bytes.len() as u64, limits.message_bytes as u64);
            return Err(Rejection::TooLarge { part: "a document chunk", len, limit });
        }
        let mut cursor = Cursor::new(bytes);
        let container = Container::read(&mut cursor)?;
        if !cursor.is_empty() {
            return Err(Rejection::TooMany { part: "chunks", count: 2, limit: 1 });
        }
        let mut places = Self::new();
        let mut loading = Loading { places: &mut places, actors: Vec::new(), changes: Vec::new() };
        let document = container.document(bytes.clone(), &mut Budget::new(limits), &mut loading)?;
        Ok((document, places))
    }

    /// The actors of a change by their indexes in it. A change of a new actor gives it the next one.
    fn actors_of(&self, header: &ChangeHeader) -> Result<Vec<u32>, Rejection> {
        let author = self.actors.get(&header.actor).copied();
        let sequence =
            author.and_then(|author| self.authors.get(author as usize)).map_or(0, |author| author.sequence);
        if header.sequence != sequence + 1 {
            return Err(Rejection::Sequence(header.sequence));
        }
        let last = author.and_then(|author| self.numbers.last(author)).map_or(0, |(_, last)| last);
        if header.start_op <= last.into() {
            return Err(Rejection::StartOp(header.start_op));
        }
        let mut actors = Vec::with_capacity(header.others.len() + 1);
        actors.push(author.unwrap_or(u32::MAX));
        for other in &header.others {
            let known = self.actors.get(other).copied();
            actors.push(known.ok_or(Rejection::Actor("operations of an actor who wrote nothing before"))?);
        }
        Ok(actors)
    }

    fn add_actor(&mut self, actor: ActorId) -> u32 {
        let index = self.authors.len() as u32;
        self.numbers.add_actor();
        self.actors.insert(actor.clone(), index);
        self.authors.push(Author { actor, sequence: 0 });
        index
    }

    fn change(&self, actor: &ActorId, sequence: u64) -> Option<u32> {
        self.numbers.change(*self.actors.get(actor)?, sequence)
    }
}

/// A change on its way in.
struct Following<'p> {
    known: &'p Places,
    /// What is in its past.
    seen: &'p Seen,
    author: &'p ActorId,
    actors: Vec<u32>,
    first: u32,
    keys: BTreeMap<Box<str>, u32>,
    places: Vec<Place>,
}

impl Following<'_> {
    fn note(&mut self, operation: &Operation<'_, '_>) -> Result<(), Rejection> {
        let row = &operation.row;
        let number = number_u32(self.known.places.len() + self.places.len())?;
        let (object, kind, nesting) = match row.object {
            None => (0, Kind::Map, 0),
            Some(id) => {
                let (number, maker) = self.place(id)?;
                (number_u32(number)? + 1, maker.kind, maker.nesting)
            }
        };
        let fits = match row.key {
            Key::Text(_) => kind == Kind::Map,
            Key::Head | Key::Element(_) if row.is_mark() => kind == Kind::Text,
            Key::Head | Key::Element(_) => matches!(kind, Kind::List | Kind::Text),
        };
        if !fits {
            return Err(ELSEWHERE);
        }
        let (element, after) = match row.key {
            Key::Text(key) => (self.key(key)?, None),
            Key::Head => (number, Some(0)),
            Key::Element(id) => {
                let (inserted, place) = self.place(id)?;
                // An element is where the operation that inserted it is: at itself.
                if place.object != object || place.element as usize != inserted {
                    return Err(ELSEWHERE);
                }
                if row.insert { (number, Some(place.element + 1)) } else { (place.element, None) }
            }
        };
        for id in operation.predecessors {
            let (_, replaced) = self.place(*id)?;
            if (replaced.object, replaced.element) != (object, element) {
                return Err(ELSEWHERE);
            }
        }
        let nesting = row.nesting(nesting)?;
        let Link { after, depth, jump } = linked(after, |number| self.inserted(number))?;
        self.places.push(Place { object, element, after, depth, jump, nesting, kind: row.kind() });
        if row.action == Action::MarkEnd && !self.is_before(number.saturating_sub(1), number)? {
            return Err(Rejection::Operation("a mark that ends before it begins"));
        }
        Ok(())
    }

    /// Whether an element comes before another of the same list: before what was inserted after it, and otherwise
    /// as what both were inserted after says, where the latest insertion comes first.
    fn is_before(&self, one: u32, other: u32) -> Result<bool, Rejection> {
        let (mut one, mut other) = (one + 1, other + 1);
        let depths = (self.inserted(one)?.depth, self.inserted(other)?.depth);
        let depth = depths.0.min(depths.1);
        (one, other) = (self.lifted(one, depth)?, self.lifted(other, depth)?);
        if one == other {
            return Ok(depths.0 <= depths.1);
        }
        // Elements of one depth jump equally far. Down to the two that were inserted after the same one.
        loop {
            let (ahead, behind) = (self.inserted(one)?, self.inserted(other)?);
            if ahead.after == behind.after {
                return Ok(self.name(one)? > self.name(other)?);
            }
            (one, other) = match ahead.jump == behind.jump {
                true => (ahead.after, behind.after),
                false => (ahead.jump, behind.jump),
            };
        }
    }

    /// What an element comes after, directly or not, at that depth.
    fn lifted(&self, mut number: u32, depth: u32) -> Result<u32, Rejection> {
        loop {
            let place = self.inserted(number)?;
            if place.depth <= depth {
                return Ok(number);
            }
            number = if self.inserted(place.jump)?.depth >= depth { place.jump } else { place.after };
        }
    }

    /// The insertion with that number, counted from one; before the first there is only the beginning.
    fn inserted(&self, number: u32) -> Result<Place, Rejection> {
        let Some(number) = number.checked_sub(1) else { return Ok(Place::default()) };
        let number = number as usize;
        let place = match number.checked_sub(self.known.places.len()) {
            Some(at) => self.places.get(at),
            None => self.known.places.get(number),
        };
        place.copied().ok_or(ELSEWHERE)
    }

    /// The counter and actor of an operation, in the order of concurrent operations.
    fn name(&self, number: u32) -> Result<(u32, &ActorId), Rejection> {
        let number = number.saturating_sub(1) as usize;
        if let Some(at) = number.checked_sub(self.known.places.len()) {
            return Ok((self.first.saturating_add(number_u32(at)?), self.author));
        }
        let id = self.known.numbers.id(number).ok_or(ELSEWHERE)?;
        let author = self.known.authors.get(id.actor as usize).ok_or(ELSEWHERE)?;
        Ok((id.counter, &author.actor))
    }

    /// The place of an operation by its name in the change.
    fn place(&self, id: OpId) -> Result<(usize, Place), Rejection> {
        let is_there = |place: &&Place| place.kind != Kind::Nothing;
        if id.actor == 0 && id.counter >= self.first {
            let at = (id.counter - self.first) as usize;
            let place = self.places.get(at).filter(is_there).ok_or(ELSEWHERE)?;
            return Ok((self.known.places.len() + at, *place));
        }
        let actor = *self.actors.get(id.actor as usize).ok_or(ELSEWHERE)?;
        let (change, number) = self.known.numbers.find(OpId { actor, ..id }).ok_or(ELSEWHERE)?;
        let place = self.known.places.get(number).filter(is_there).ok_or(ELSEWHERE)?;
        if self.seen.has(actor, change) { Ok((number, *place)) } else { Err(UNSEEN) }
    }

    fn key(&mut self, key: &str) -> Result<u32, Rejection> {
        if let Some(number) = self.known.keys.get(key).or_else(|| self.keys.get(key)) {
            return Ok(*number);
        }
        let number = number_u32(self.known.keys.len() + self.keys.len())?;
        self.keys.insert(key.into(), number);
        Ok(number)
    }
}

/// A document on its way in.
struct Loading<'p> {
    places: &'p mut Places,
    actors: Vec<u32>,
    /// The numbers of its changes.
    changes: Vec<u32>,
}

impl Loading<'_> {
    fn id(&self, id: OpId) -> Result<OpId, Rejection> {
        let actor = self.actors.get(id.actor as usize).copied().ok_or(ELSEWHERE)?;
        Ok(OpId { actor, ..id })
    }

    fn number(&self, id: OpId) -> Result<usize, Rejection> {
        self.places.numbers.number(self.id(id)?).ok_or(ELSEWHERE)
    }
}

impl Visitor for Loading<'_> {
    fn actor(&mut self, actor: &[u8]) {
        let actor = ActorId::new(actor);
        let index = match self.places.actors.get(&actor) {
            Some(index) => *index,
            None => self.places.add_actor(actor),
        };
        self.actors.push(index);
    }

    fn change(&mut self, change: &Entry<'_>) -> Result<(), Rejection> {
        let Entry { author, sequence, first, last, dependencies } = *change;
        let author = self.id(OpId { counter: 0, actor: author })?.actor;
        let known = self.places.authors.get_mut(author as usize).ok_or(ELSEWHERE)?;
        if u64::from(sequence) <= known.sequence {
            let known = self.places.numbers.change(author, sequence.into()).ok_or(ELSEWHERE)?;
            self.changes.push(known);
            return Ok(());
        }
        known.sequence = sequence.into();
        if self.places.numbers.last(author).is_some_and(|(_, last)| last >= first) {
            return Err(Rejection::Document("another document"));
        }
        let dependencies: Option<Vec<u32>> =
            dependencies.iter().map(|index| self.changes.get(*index as usize).copied()).collect();
        self.places.numbers.append(author, first, last);
        // Found out when its author goes on writing, and only then.
        self.places.ancestry.note(author, &dependencies.ok_or(ELSEWHERE)?, None);
        self.changes.push(self.places.numbers.last_change(author).ok_or(ELSEWHERE)?);
        let numbers = usize::try_from(self.places.numbers.next()).map_err(|_| ELSEWHERE)?;
        number_u32(numbers)?;
        self.places.places.resize(numbers, Place::default());
        Ok(())
    }

    fn operation(&mut self, id: OpId, row: &Row<'_>) -> Result<(), Rejection> {
        let number = self.number(id)?;
        let (object, nesting) = match row.object {
            None => (0, 0),
            Some(id) => {
                let number = self.number(id)?;
                let nesting = self.places.places.get(number).map_or(0, |place| place.nesting);
                (number_u32(number)? + 1, nesting)
            }
        };
        let nesting = row.nesting(nesting)?;
        let (element, after) = match row.key {
            Key::Text(key) => {
                let next = number_u32(self.places.keys.len())?;
                let key = match self.places.keys.get(key) {
                    Some(known) => *known,
                    None => *self.places.keys.entry(key.into()).or_insert(next),
                };
                (key, None)
            }
            Key::Element(id) if row.insert => (number_u32(number)?, Some(number_u32(self.number(id)?)? + 1)),
            Key::Element(id) => (number_u32(self.number(id)?)?, None),
            Key::Head => (number_u32(number)?, Some(0)),
        };
        let places = &self.places.places;
        let Link { after, depth, jump } = linked(after, |number| match number.checked_sub(1) {
            Some(number) => places.get(number as usize).copied().ok_or(ELSEWHERE),
            None => Ok(Place::default()),
        })?;
        let place = self.places.places.get_mut(number).ok_or(ELSEWHERE)?;
        if place.kind == Kind::Nothing {
            *place = Place { object, element, after, depth, jump, nesting, kind: row.kind() };
        }
        Ok(())
    }
}

/// How an insertion hangs on what it comes after.
#[derive(Default)]
struct Link {
    after: u32,
    depth: u32,
    jump: u32,
}

/// Links an insertion to the one it comes `after`. Jumps are laid so that from any depth a few dozen of them and of
/// single steps lead to any other, whatever the history (Myers, "An applicative random-access stack", 1983): a mark
/// over a million letters is checked in as many steps as one over ten.
fn linked(after: Option<u32>, inserted: impl Fn(u32) -> Result<Place, Rejection>) -> Result<Link, Rejection> {
    let Some(after) = after else { return Ok(Link::default()) };
    let before = inserted(after)?;
    let near = inserted(before.jump)?;
    let far = inserted(near.jump)?;
    let is_even = before.depth.saturating_sub(near.depth) == near.depth.saturating_sub(far.depth);
    let jump = if is_even { near.jump } else { after };
    Ok(Link { after, depth: before.depth.saturating_add(1), jump })
}

impl Row<'_> {
    const fn is_mark(&self) -> bool {
        matches!(self.action, Action::MarkBegin | Action::MarkEnd)
    }

    /// The nesting of the object that the operation makes, in an object of nesting `outer`.
    fn nesting(&self, outer: u8) -> Result<u8, Rejection> {
        match self.action {
            Action::MakeMap | Action::MakeList | Action::MakeText if outer >= NESTING_MAX => {
                Err(Rejection::Operation("objects in too many objects"))
            }
            Action::MakeMap | Action::MakeList | Action::MakeText => Ok(outer + 1),
            _ => Ok(0),
        }
    }

    const fn kind(&self) -> Kind {
        match self.action {
            Action::MakeMap => Kind::Map,
            Action::MakeList => Kind::List,
            Action::MakeText => Kind::Text,
            Action::Delete => Kind::Nothing,
            Action::Set | Action::Increment | Action::MarkBegin | Action::MarkEnd => Kind::Value,
        }
    }
}

/// Places are found by 32-bit numbers; a document with more operations is beyond every limit.
fn number_u32(number: usize) -> Result<u32, Rejection> {
    let limit = u64::from(u32::MAX - 1);
    u32::try_from(number).ok().filter(|number| *number < u32::MAX - 1).ok_or(Rejection::TooManyOps { limit })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A list whose element `n` was inserted after the one with the number `afters[n]`, counted from one, by one of two
    /// actors in turn.
    fn list(afters: &[u32]) -> Places {
        let mut places = Places::new();
        let actors = [places.add_actor(ActorId::new([1])), places.add_actor(ActorId::new([2]))];
        for (n, after) in afters.iter().enumerate() {
            let counter = n as u32 + 1;
            places.numbers.append(actors[n % 2], counter, counter);
            let known = places.places.clone();
            let inserted = |number: u32| match number.checked_sub(1) {
                Some(number) => Ok(known[number as usize]),
                None => Ok(Place::default()),
            };
            let Link { after, depth, jump } = linked(Some(*after), inserted).unwrap();
            let element = n as u32;
            places.places.push(Place { element, after, depth, jump, kind: Kind::Value, ..Place::default() });
        }
        places
    }

    /// The list as it reads: after each element what was inserted after it, the latest first.
    fn reading(afters: &[u32], after: u32, order: &mut Vec<u32>) {
        for (n, before) in afters.iter().enumerate().rev() {
            if *before == after {
                order.push(n as u32);
                reading(afters, n as u32 + 1, order);
            }
        }
    }

    proptest! {
        #[test]
        fn elements_come_in_the_order_in_which_they_read(
            picks in proptest::collection::vec((any::<u32>(), any::<bool>()), 2..80),
        ) {
            // Half of them are typed on, so that there are long runs.
            let after = |(n, (pick, on)): (usize, &(u32, bool))| if *on { n as u32 } else { pick % (n as u32 + 1) };
            let afters: Vec<u32> = picks.iter().enumerate().map(after).collect();
            let places = list(&afters);
            let following = Following {
                known: &places,
                seen: &Seen::default(),
                author: &ActorId::new([1]),
                actors: Vec::new(),
                first: 1_000,
                keys: BTreeMap::new(),
                places: Vec::new(),
            };
            let mut order = Vec::new();
            reading(&afters, 0, &mut order);
            for (at, one) in order.iter().enumerate() {
                for (later, other) in order.iter().enumerate() {
                    if at != later {
                        prop_assert_eq!(following.is_before(*one, *other), Ok(at < later), "{} {}", one, other);
                    }
                }
            }
        }
    }
}
