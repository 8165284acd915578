//! A text to be sent, in which people can be called: `@` and some letters of a name offer who is meant. What is typed is
//! ordinary text; who is called is read from it, so that a name typed by hand calls as well as a chosen one.

use super::{
    avatar::{Face, disc},
    ids::fresh_id,
};
use ids::MemberId;
use leptos::{
    ev,
    html::{Textarea, div, li, span, textarea, ul},
    prelude::*,
};
use std::ops::Range;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

/// Letters after an `@` beyond which nobody is meant any more.
const ASKED_MAX: usize = 40;

/// Who can be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Colleague {
    pub(crate) member: MemberId,
    pub(crate) face: Face,
}

pub(crate) struct MentionField {
    /// Accessible name.
    pub(crate) label: String,
    pub(crate) value: RwSignal<String>,
    pub(crate) people: Signal<Vec<Colleague>>,
    pub(crate) placeholder: &'static str,
    /// Ctrl Enter, or the command key with Enter.
    pub(crate) send: Callback<()>,
    /// Esc, while nobody is offered.
    pub(crate) give_up: Callback<()>,
    pub(crate) is_focused: bool,
}

pub(crate) fn mention_field(this: MentionField) -> AnyView {
    let MentionField { label, value, people, placeholder, send, give_up, is_focused } = this;
    let area = NodeRef::<Textarea>::new();
    let asked = RwSignal::new(None::<Asked>);
    let marked = RwSignal::new(0_usize);
    let list_id = fresh_id("people");
    let offered = Memo::new(move |_| {
        let asked = asked.get();
        asked.map(|asked| people.with(|people| called_by(&asked.letters, people))).unwrap_or_default()
    });
    Effect::new(move |_| {
        let Some(area) = area.get() else { return };
        if is_focused {
            let _ = area.focus();
        }
    });
    // What was sent goes from the field too.
    Effect::new(move |_| {
        let now = value.get();
        if let Some(area) = area.get()
            && area.value() != now
        {
            area.set_value(&now);
        }
    });
    let look = move || {
        let Some(area) = area.get_untracked() else { return };
        let caret = area.selection_end().ok().flatten().and_then(|caret| usize::try_from(caret).ok());
        let found = caret.and_then(|caret| asked_at(&area.value(), caret));
        if asked.with_untracked(|asked| *asked != found) {
            marked.set(0);
            asked.set(found);
        }
    };
    let call = Callback::new(move |at: usize| {
        let person = offered.with_untracked(|offered| offered.get(at).cloned());
        let (Some(person), Some(found), Some(area)) = (person, asked.get_untracked(), area.get_untracked())
        else {
            return;
        };
        insert(&area, &found.at, &person.face.name);
        value.set(area.value());
        asked.set(None);
        let _ = area.focus();
    });
    let on_key = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let count = offered.with_untracked(Vec::len);
        let key = event.key();
        if key == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            send.run(());
        } else if count == 0 {
            if key == "Escape" {
                event.stop_propagation();
                give_up.run(());
            }
        } else {
            let at = marked.get_untracked().min(count - 1);
            match key.as_str() {
                "ArrowDown" => marked.set((at + 1) % count),
                "ArrowUp" => marked.set((at + count - 1) % count),
                "Enter" | "Tab" => call.run(at),
                "Escape" => {
                    event.stop_propagation();
                    asked.set(None);
                }
                _ => return,
            }
            event.prevent_default();
        }
    };
    let current = {
        let list_id = list_id.clone();
        move || {
            let count = offered.with(Vec::len);
            (count > 0).then(|| format!("{list_id}-{}", marked.get().min(count - 1)))
        }
    };
    let people_id = list_id.clone();
    let list = move || {
        let offered = offered.get();
        (!offered.is_empty()).then(|| {
            let rows = offered
                .into_iter()
                .enumerate()
                .map(|(at, person)| {
                    li().id(format!("{people_id}-{at}"))
                        .class("offer")
                        .attr("role", "option")
                        .attr("aria-selected", move || (marked.get() == at).to_string())
                        // The focus stays in the text.
                        .on(ev::mousedown, |event| event.prevent_default())
                        .on(ev::click, move |_| call.run(at))
                        .child((disc(&person.face, "avatar"), span().child(person.face.name)))
                })
                .collect_view();
            ul().id(people_id.clone())
                .class("mention-list")
                .attr("role", "listbox")
                .attr("aria-label", "People")
                .child(rows)
        })
    };
    let said = move || match offered.with(Vec::len) {
        0 => String::new(),
        1 => "1 person; Enter takes it".to_owned(),
        count => format!("{count} people; arrows walk, Enter takes one"),
    };
    let controls = move || (!offered.with(Vec::is_empty)).then(|| list_id.clone());
    div()
        .class("mention")
        .child((
            textarea()
                .node_ref(area)
                .class("input")
                .attr("rows", "2")
                .attr("maxlength", "4000")
                .attr("aria-label", label)
                .attr("aria-autocomplete", "list")
                .attr("aria-haspopup", "listbox")
                .attr("aria-controls", controls)
                .attr("aria-activedescendant", current)
                .attr("placeholder", placeholder)
                .on(ev::input, move |event| {
                    value.set(event_target_value(&event));
                    look();
                })
                .on(ev::click, move |_| look())
                .on(ev::blur, move |_| {
                    // Also told when the field goes while it has the focus.
                    let _ = asked.try_set(None);
                })
                .on(ev::keydown, on_key),
            list,
            span().class("said").attr("role", "status").child(said),
        ))
        .into_any()
}

/// A name being asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    /// Where the `@` and the letters stand, in UTF-16 units.
    at: Range<u32>,
    letters: String,
}

/// The name that is being typed at the caret, if one is.
fn asked_at(text: &str, caret: usize) -> Option<Asked> {
    let before = first_units(text, caret);
    let at = before.rfind('@')?;
    let letters = before.get(at + 1..)?;
    let begins_a_word = before.get(..at)?.chars().next_back().is_none_or(|char| !char.is_alphanumeric());
    let is_name =
        letters.chars().count() <= ASKED_MAX && !letters.contains('\n') && !letters.starts_with(' ');
    if !begins_a_word || !is_name {
        return None;
    }
    let start = before.get(..at)?.encode_utf16().count();
    Some(Asked { at: u32::try_from(start).ok()?..u32::try_from(caret).ok()?, letters: letters.to_owned() })
}

/// The part of a text before a position in UTF-16 units.
fn first_units(text: &str, units: usize) -> &str {
    let mut seen = 0;
    let end = text.char_indices().find_map(|(at, char)| {
        if seen >= units {
            return Some(at);
        }
        seen += char.len_utf16();
        None
    });
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// Whose name, or a later part of it, begins with these letters.
fn called_by(letters: &str, people: &[Colleague]) -> Vec<Colleague> {
    let letters = letters.to_lowercase();
    let fits = |person: &&Colleague| {
        let name = person.face.name.to_lowercase();
        name.starts_with(&letters) && name != letters.trim_end()
            || name.split_whitespace().any(|part| part.starts_with(&letters) && part != name)
    };
    people.iter().filter(fits).take(6).cloned().collect()
}

fn insert(area: &HtmlTextAreaElement, at: &Range<u32>, name: &str) {
    let _ = area.set_range_text_with_start_and_end(&format!("@{name} "), at.start, at.end);
    let units = u32::try_from(name.encode_utf16().count()).unwrap_or(0);
    let caret = at.start.saturating_add(units).saturating_add(2);
    let _ = area.set_selection_range(caret, caret);
}

/// A piece of a text: plain words, or the calling of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Words(String),
    Call(MemberId, String),
}

/// A text in pieces. The longest name that fits is the one that is meant.
pub(crate) fn pieces(text: &str, people: &[Colleague]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let begins_a_word = words.chars().next_back().is_none_or(|char| !char.is_alphanumeric());
        let called = rest.strip_prefix('@').filter(|_| begins_a_word).and_then(|after| {
            let named = people.iter().filter(|person| is_named(after, &person.face.name));
            named.max_by_key(|person| person.face.name.len())
        });
        let taken = match called {
            Some(person) => {
                if !words.is_empty() {
                    pieces.push(Piece::Words(std::mem::take(&mut words)));
                }
                pieces.push(Piece::Call(person.member, person.face.name.clone()));
                person.face.name.len() + 1
            }
            None => {
                words.push(char);
                char.len_utf8()
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    pieces
}

/// Who is called in a text, each once.
pub(crate) fn called(text: &str, people: &[Colleague]) -> Vec<MemberId> {
    let mut members = Vec::new();
    for piece in pieces(text, people) {
        if let Piece::Call(member, _) = piece
            && !members.contains(&member)
        {
            members.push(member);
        }
    }
    members
}

fn is_named(text: &str, name: &str) -> bool {
    let ends = |rest: &str| rest.chars().next().is_none_or(|char| !char.is_alphanumeric());
    !name.is_empty() && text.strip_prefix(name).is_some_and(ends)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::RecordId;

    fn team() -> Vec<Colleague> {
        ["Tom Adeyemi", "Tom", "Clara Brand"]
            .into_iter()
            .zip(1u128..)
            .map(|(name, bits)| Colleague {
                member: MemberId(RecordId::from_bits(bits)),
                face: Face { name: name.to_owned(), hue: 0 },
            })
            .collect()
    }

    fn names(letters: &str) -> Vec<String> {
        called_by(letters, &team()).into_iter().map(|person| person.face.name).collect()
    }

    #[test]
    fn a_name_is_asked_for_after_an_at_that_begins_a_word() {
        let asked = asked_at("\u{1F600} @to", 6).unwrap();
        assert_eq!((asked.at, asked.letters.as_str()), (3..6, "to"));
        assert_eq!(asked_at("a@to", 4), None, "an address of mail calls nobody");
        assert_eq!(asked_at("@tom went\n", 10), None);
        assert_eq!(asked_at("@ tom", 5), None);
        assert_eq!(asked_at("no call", 3), None);
    }

    #[test]
    fn letters_fit_the_beginning_of_any_part_of_a_name() {
        assert_eq!(names("ad"), ["Tom Adeyemi"]);
        assert_eq!(names("to"), ["Tom Adeyemi", "Tom"]);
        assert_eq!(names("clara brand"), Vec::<String>::new(), "who is named in full needs no offer");
        assert_eq!(names("x"), Vec::<String>::new());
    }

    #[test]
    fn the_longest_name_is_meant_and_everybody_is_called_once() {
        let team = team();
        let text = "@Tom Adeyemi, see @Tom and @Tom; not x@Clara Brand or @Clarabel";
        assert_eq!(called(text, &team), [team[0].member, team[1].member]);
        let said: String = pieces(text, &team)
            .into_iter()
            .map(|piece| match piece {
                Piece::Words(words) => words,
                Piece::Call(_, name) => format!("@{name}"),
            })
            .collect();
        assert_eq!(said, text, "no word is lost");
    }
}
