//! People: initials on a colour that belongs to them. The name is always said or written beside it.

use leptos::{html::span, prelude::*};

/// What is needed to show somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Face {
    /// As the workspace spells it.
    pub(crate) name: String,
    /// 0..8, an index into the presence hues.
    pub(crate) hue: u8,
}

impl Face {
    /// First letters of the first and the last word: "Ines Marchetti" is "IM".
    pub(crate) fn initials(&self) -> String {
        let mut words = self.name.split_whitespace();
        let first = words.next().and_then(|word| word.chars().next());
        let last = words.next_back().and_then(|word| word.chars().next());
        let initials: String = first.into_iter().chain(last).flat_map(char::to_uppercase).collect();
        if initials.is_empty() { "?".to_owned() } else { initials }
    }

    /// The first word, for narrow places.
    pub(crate) fn first_name(&self) -> String {
        self.name.split_whitespace().next().unwrap_or("?").to_owned()
    }
}

/// The disc alone, with the name as its tooltip. Whoever places it says the name.
pub(crate) fn disc(face: &Face, class: &'static str) -> AnyView {
    span()
        .class(class)
        .attr("data-hue", face.hue.to_string())
        .attr("aria-hidden", "true")
        .attr("title", face.name.clone())
        .child(face.initials())
        .into_any()
}

/// Disc and first name; the full name is read out. A missing person is a visible gap.
pub(crate) fn person(face: Option<Face>, gap: &'static str) -> AnyView {
    match face {
        Some(face) => {
            let name = span().attr("title", face.name.clone()).child(face.first_name());
            span().class("person").child((disc(&face, "avatar"), name)).into_any()
        }
        None => span().class("person").child((empty_disc(), span().class("gap").child(gap))).into_any(),
    }
}

/// Where a person should be and none is.
pub(crate) fn empty_disc() -> AnyView {
    span().class("avatar none").attr("aria-hidden", "true").child("?").into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn initials(name: &str) -> String {
        Face { name: name.to_owned(), hue: 0 }.initials()
    }

    #[test]
    fn initials_come_from_the_first_and_last_word() {
        assert_eq!(initials("Ines Marchetti"), "IM");
        assert_eq!(initials("Anna van der Berg"), "AB");
        assert_eq!(initials("\u{e9}mile"), "\u{c9}");
        assert_eq!(initials("  "), "?");
    }
}
