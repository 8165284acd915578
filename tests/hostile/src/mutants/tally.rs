//! What became of the mutants.

use std::{collections::BTreeMap, fmt};

/// What became of the mutants of one seed, or of several.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many there were.
    pub mutants: usize,
    /// Refused by reading, by cause.
    pub refused: BTreeMap<&'static str, usize>,
    /// Accepted by reading alone.
    pub accepted: Accepted,
    /// Accepted by reading, and as what can follow the changes that are known.
    pub following: Accepted,
    /// And everything they refer to is there and in their past.
    pub placed: Accepted,
    /// What the relay and the browser did with them.
    pub doors: DoorTally,
    /// Honest messages in between, and how many of those reading or following refused.
    pub honest: usize,
    /// Of those, how many were refused by the guard.
    pub honest_refused: usize,
    /// Most bytes allocated at once to read one of them.
    pub peak_reading_bytes: usize,
    /// Most bytes allocated at once by a relay with two peers and by a browser, to deal with one of them.
    pub peak_doors_bytes: usize,
}

/// Mutants that were given to Automerge.
#[derive(Debug, Default)]
pub struct Accepted {
    /// How many.
    pub mutants: usize,
    /// Refused by Automerge, or without any effect on the document.
    pub refused_by_automerge: usize,
    /// Panics of Automerge, by place.
    pub panics: BTreeMap<String, usize>,
    /// Documents that were saved and could not be loaded.
    pub poisoned: usize,
}

/// What the doors of the product did.
#[derive(Debug, Default)]
pub struct DoorTally {
    /// Connections that the relay closed on the sender of a mutant.
    pub closed_by_relay: usize,
    /// Connections that the browser ended.
    pub closed_by_browser: usize,
    /// Mutants that changed the relay's document.
    pub entered: usize,
    /// What must not happen, by what it was.
    pub broken: BTreeMap<String, usize>,
}

/// What Automerge made of a mutant.
pub(super) enum Outcome {
    Refused,
    Fine,
    Poisoned,
}

impl Tally {
    /// Refused by reading.
    pub fn refused(&self) -> usize {
        self.refused.values().sum()
    }

    /// Everything that must not happen: how often it did, by what it was.
    pub fn broken(&self) -> BTreeMap<String, usize> {
        let mut broken = self.doors.broken.clone();
        let harm = [
            ("panics of Automerge behind the guard", self.placed.panics.values().sum()),
            ("documents that cannot be loaded, behind the guard", self.placed.poisoned),
            ("honest messages refused", self.honest_refused),
        ];
        for (what, count) in harm.into_iter().filter(|(_, count)| *count > 0) {
            *broken.entry(what.to_owned()).or_default() += count;
        }
        broken
    }

    /// Adds the mutants of another seed.
    pub fn extend(&mut self, other: Self) {
        self.mutants += other.mutants;
        add(&mut self.refused, other.refused);
        for (ours, theirs) in [
            (&mut self.accepted, other.accepted),
            (&mut self.following, other.following),
            (&mut self.placed, other.placed),
        ] {
            ours.mutants += theirs.mutants;
            ours.refused_by_automerge += theirs.refused_by_automerge;
            ours.poisoned += theirs.poisoned;
            add(&mut ours.panics, theirs.panics);
        }
        self.doors.extend(other.doors);
        self.honest += other.honest;
        self.honest_refused += other.honest_refused;
        self.peak_reading_bytes = self.peak_reading_bytes.max(other.peak_reading_bytes);
        self.peak_doors_bytes = self.peak_doors_bytes.max(other.peak_doors_bytes);
    }
}

impl DoorTally {
    pub(super) fn extend(&mut self, other: Self) {
        self.closed_by_relay += other.closed_by_relay;
        self.closed_by_browser += other.closed_by_browser;
        self.entered += other.entered;
        add(&mut self.broken, other.broken);
    }

    pub(super) fn broke(&mut self, what: impl Into<String>) {
        *self.broken.entry(what.into()).or_default() += 1;
    }
}

impl Accepted {
    pub(super) fn add(&mut self, outcome: &Result<Outcome, String>) {
        self.mutants += 1;
        match outcome {
            Ok(Outcome::Fine) => {}
            Ok(Outcome::Refused) => self.refused_by_automerge += 1,
            Ok(Outcome::Poisoned) => self.poisoned += 1,
            Err(place) => *self.panics.entry(place.clone()).or_default() += 1,
        }
    }

    /// Those that did harm.
    pub fn harm(&self) -> usize {
        self.panics.values().sum::<usize>() + self.poisoned
    }
}

fn add<K: Ord>(to: &mut BTreeMap<K, usize>, from: BTreeMap<K, usize>) {
    from.into_iter().for_each(|(key, count)| *to.entry(key).or_default() += count);
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = |bytes: usize| bytes as f64 / f64::from(1 << 20);
        writeln!(f, "mutants                       {:>9}", self.mutants)?;
        writeln!(f, "refused by reading            {:>9}", self.refused())?;
        let rows = [
            ("read: to Automerge", &self.accepted),
            ("… and can follow", &self.following),
            ("… and refers to its past", &self.placed),
        ];
        for (what, row) in rows {
            let panics: usize = row.panics.values().sum();
            let poisoned = row.poisoned;
            writeln!(f, "{what:<30}{:>9}   panics {panics:>6}   poisoned saves {poisoned:>5}", row.mutants)?;
        }
        writeln!(f, "closed by the relay           {:>9}", self.doors.closed_by_relay)?;
        writeln!(f, "entered the relay's document  {:>9}", self.doors.entered)?;
        writeln!(f, "ended by the browser          {:>9}", self.doors.closed_by_browser)?;
        writeln!(f, "honest messages               {:>9}   refused {:>5}", self.honest, self.honest_refused)?;
        writeln!(f, "peak of reading one           {:>9.2} MiB", mib(self.peak_reading_bytes))?;
        writeln!(f, "peak of relay and browser     {:>9.2} MiB", mib(self.peak_doors_bytes))?;
        for (what, count) in self.broken() {
            writeln!(f, "BROKEN {count} times: {what}")?;
        }
        Ok(())
    }
}
