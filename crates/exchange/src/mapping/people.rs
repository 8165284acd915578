//! Who a name in a file is.

use ids::RecordId;
use std::collections::{BTreeMap, BTreeSet};
use workspace::{Field, Kind, RecordRef, View, lens::References};

/// What a name says about a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match {
    /// This one.
    One(RecordId),
    /// Several people could be meant.
    Several,
    /// Nobody there is.
    Nobody,
}

/// The members, by everything they are called.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// The most telling first: a full name beats a first name.
    ranks: [BTreeMap<String, BTreeSet<RecordId>>; 3],
}

impl People {
    pub(crate) fn of(view: &View, references: &References) -> Self {
        let mut people = Self::default();
        for member in view.live(Kind::Member) {
            let name = plain(member.title());
            let words: Vec<&str> = name.split(' ').collect();
            let (first, last) =
                (words.first().copied().unwrap_or_default(), words.last().copied().unwrap_or_default());
            let own_reference = references.name(RecordRef::new(Kind::Member, member.id)).unwrap_or_default();
            let mut exact = vec![name.clone(), plain(own_reference), member.id.to_string().to_lowercase()];
            exact.extend(member.line(Field::Email).map(plain));
            let mut close = vec![format!("{last} {first}"), format!("{first} {}", initial(last))];
            close.push(format!("{} {last}", initial(first)));
            close.extend(member.line(Field::Initials).map(plain));
            let parts = vec![first.to_owned(), last.to_owned()];
            for (rank, calls) in people.ranks.iter_mut().zip([exact, close, parts]) {
                for call in calls.into_iter().filter(|call| !call.trim().is_empty()) {
                    rank.entry(call).or_default().insert(member.id);
                }
            }
        }
        people
    }

    pub(crate) fn find(&self, name: &str) -> Match {
        let name = plain(name);
        for rank in &self.ranks {
            let Some(known) = rank.get(&name) else { continue };
            return match known.first() {
                Some(only) if known.len() == 1 => Match::One(*only),
                _ => Match::Several,
            };
        }
        Match::Nobody
    }
}

/// `Lindqvist, Tom` and `T. Lindqvist` without their marks.
fn plain(name: &str) -> String {
    let words: Vec<String> = name
        .split(|char: char| char.is_whitespace() || matches!(char, ',' | '.'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    // An address is one word with points in it.
    if name.contains('@') { name.trim().to_lowercase() } else { words.join(" ") }
}

fn initial(word: &str) -> String {
    word.chars().take(1).collect()
}
