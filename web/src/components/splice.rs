//! How a text field's new value becomes one splice, and how splices move each other and a caret. No DOM here.
//!
//! All positions count UTF-16 code units, as a browser's text fields and the document do. A splice never begins or ends
//! between the two halves of a surrogate pair.

/// Replace `delete` units at `at` by `insert`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Splice {
    pub(crate) at: usize,
    pub(crate) delete: usize,
    pub(crate) insert: String,
}

impl Splice {
    /// Where a caret that stood at `position` stands afterwards. Text inserted exactly at the caret comes after it, so
    /// that a colleague's typing never carries one's own caret along.
    pub(crate) fn carry(&self, position: usize) -> usize {
        if position <= self.at {
            position
        } else if position >= self.at + self.delete {
            position - self.delete + utf16_len(&self.insert)
        } else {
            self.at
        }
    }

    /// The text after this splice. `None` when it reaches beyond the text.
    #[cfg(test)]
    pub(crate) fn apply(&self, text: &str) -> Option<String> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let head = units.get(..self.at)?;
        let tail = units.get(self.at.checked_add(self.delete)?..)?;
        let joined: Vec<u16> =
            head.iter().copied().chain(self.insert.encode_utf16()).chain(tail.iter().copied()).collect();
        String::from_utf16(&joined).ok()
    }
}

/// The one splice that turns `before` into `after`; `None` when nothing changed. `caret` is where the caret stands in
/// `after`: it decides between equally short answers (which "l" of "hello" was typed), as only the writer knows.
pub(crate) fn difference(before: &str, after: &str, caret: Option<usize>) -> Option<Splice> {
    if before == after {
        return None;
    }
    let old: Vec<u16> = before.encode_utf16().collect();
    let new: Vec<u16> = after.encode_utf16().collect();
    let shorter = old.len().min(new.len());
    let behind_caret = caret.map_or(new.len(), |caret| new.len().saturating_sub(caret));
    let mut suffix = common(old.iter().rev(), new.iter().rev(), shorter.min(behind_caret));
    if suffix > 0 && old.get(old.len() - suffix).is_some_and(|unit| is_low(*unit)) {
        suffix -= 1;
    }
    let mut prefix = common(old.iter(), new.iter(), shorter - suffix);
    if prefix > 0 && old.get(prefix - 1).is_some_and(|unit| is_high(*unit)) {
        prefix -= 1;
    }
    let inserted = new.get(prefix..new.len() - suffix).unwrap_or_default();
    Some(Splice {
        at: prefix,
        delete: old.len() - suffix - prefix,
        insert: String::from_utf16_lossy(inserted),
    })
}

/// A splice made against `base`, as splices against what `base` became through `since`. Text that colleagues put inside
/// a deleted stretch survives, so one splice may become several; they are ordered so that they can be applied one after
/// the other.
pub(crate) fn rebase(own: &Splice, base: &str, since: &[Splice]) -> Vec<Splice> {
    let length = utf16_len(base);
    let mut units: Vec<Option<usize>> = (0..length).map(Some).collect();
    for splice in since {
        let from = splice.at.min(units.len());
        let to = from.saturating_add(splice.delete).min(units.len());
        units.splice(from..to, std::iter::repeat_n(None, utf16_len(&splice.insert)));
    }
    let end = own.at.saturating_add(own.delete);
    let is_gone = |unit: &Option<usize>| unit.is_some_and(|origin| origin >= own.at && origin < end);
    let mut splices = Vec::new();
    let mut position = units.len();
    while position > 0 {
        let Some(last) = units.get(..position).and_then(|head| head.iter().rposition(is_gone)) else { break };
        let mut first = last;
        while first > 0 && units.get(first - 1).is_some_and(is_gone) {
            first -= 1;
        }
        splices.push(Splice { at: first, delete: last + 1 - first, insert: String::new() });
        position = first;
    }
    if own.insert.is_empty() {
        return splices;
    }
    let stands = |origin: usize| {
        units.iter().position(|unit| unit.is_some_and(|unit| unit >= origin)).unwrap_or(units.len())
    };
    match splices.last_mut() {
        Some(first) => first.insert.clone_from(&own.insert),
        None => splices.push(Splice { at: stands(own.at), delete: 0, insert: own.insert.clone() }),
    }
    splices
}

/// Length in UTF-16 units.
pub(crate) fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}

fn common<'a>(
    one: impl Iterator<Item = &'a u16>,
    other: impl Iterator<Item = &'a u16>,
    most: usize,
) -> usize {
    one.zip(other).take(most).take_while(|(one, other)| one == other).count()
}

fn is_high(unit: u16) -> bool {
    (0xD800..0xDC00).contains(&unit)
}

fn is_low(unit: u16) -> bool {
    (0xDC00..0xE000).contains(&unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn splice(at: usize, delete: usize, insert: &str) -> Splice {
        Splice { at, delete, insert: insert.to_owned() }
    }

    fn apply_all(text: &str, splices: &[Splice]) -> String {
        splices.iter().fold(text.to_owned(), |text, splice| splice.apply(&text).unwrap())
    }

    #[test]
    fn the_caret_decides_which_of_equal_letters_was_typed() {
        assert_eq!(difference("hello", "helllo", Some(3)), Some(splice(2, 0, "l")));
        assert_eq!(difference("hello", "helllo", Some(5)), Some(splice(4, 0, "l")));
        assert_eq!(difference("aaa", "aa", Some(0)), Some(splice(0, 1, "")));
    }

    #[test]
    fn equal_texts_differ_in_nothing() {
        assert_eq!(difference("same", "same", Some(2)), None);
    }

    #[test]
    fn surrogate_pairs_are_never_cut() {
        // U+1F600 and U+1F601 share their first unit; U+1F600 and U+1F700 differ in it and may share the second.
        assert_eq!(difference("a\u{1F600}", "a\u{1F601}", None), Some(splice(1, 2, "\u{1F601}")));
        assert_eq!(difference("\u{10400}x", "\u{10800}x", None), Some(splice(0, 2, "\u{10800}")));
    }

    #[test]
    fn every_difference_leads_from_one_text_to_the_other() {
        let texts =
            ["", "a", "aa", "aba", "caf\u{e9}", "\u{1F600}\u{1F601}", "x\u{1F601}", "\u{1F600}", "ab\nab"];
        for before in texts {
            for after in texts {
                for caret in 0..=utf16_len(after) {
                    match difference(before, after, Some(caret)) {
                        None => assert_eq!(before, after),
                        Some(splice) => {
                            assert_eq!(splice.apply(before).as_deref(), Some(after), "{before:?} {caret}")
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_caret_stays_with_its_neighbours() {
        assert_eq!(splice(2, 0, "xy").carry(2), 2);
        assert_eq!(splice(2, 0, "xy").carry(3), 5);
        assert_eq!(splice(2, 4, "x").carry(4), 2);
        assert_eq!(splice(2, 4, "x").carry(6), 3);
        assert_eq!(splice(5, 1, "").carry(3), 3);
    }

    #[test]
    fn own_typing_lands_beside_what_a_colleague_wrote_meanwhile() {
        let since = [splice(0, 0, "Hi "), splice(8, 0, "!")];
        let now = apply_all("there", &since);
        let own = rebase(&splice(5, 0, " you"), "there", &since);
        assert_eq!(apply_all(&now, &own), "Hi there! you");
    }

    #[test]
    fn what_a_colleague_wrote_inside_a_deleted_stretch_survives() {
        let since = [splice(3, 0, "NEW")];
        let now = apply_all("abcdef", &since);
        let own = rebase(&splice(1, 4, "-"), "abcdef", &since);
        assert_eq!(apply_all(&now, &own), "a-NEWf");
    }

    #[test]
    fn deleting_what_is_already_gone_deletes_nothing_else() {
        let since = [splice(1, 3, "")];
        let own = rebase(&splice(1, 2, "z"), "abcdef", &since);
        assert_eq!(apply_all("aef", &own), "azef");
    }
}
