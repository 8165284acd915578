//! The grammar of state: a shape, a word and a colour, always the three together, so that none of them has to be seen.

use leptos::{
    html::span,
    prelude::*,
    svg::{path, svg},
};

/// What a state means for the reader, not what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Filled circle.
    Good,
    /// Diamond.
    Watch,
    /// Triangle.
    Off,
    /// Empty circle: nothing is known.
    Unknown,
    /// Square: cannot go on.
    Blocked,
    /// Half circle: under way.
    Under,
    /// Tick: over.
    Over,
}

impl Tone {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Good => "mark good",
            Self::Watch => "mark watch",
            Self::Off | Self::Blocked => "mark off",
            Self::Unknown => "mark unknown",
            Self::Under => "mark accent",
            Self::Over => "mark steady",
        }
    }

    fn filled_class(self) -> &'static str {
        match self {
            Self::Good => "mark filled good",
            Self::Watch => "mark filled watch",
            Self::Off | Self::Blocked => "mark filled off",
            Self::Unknown => "mark filled unknown",
            Self::Under => "mark filled accent",
            Self::Over => "mark filled steady",
        }
    }
}

/// Shape and word.
pub(crate) fn mark(tone: Tone, word: impl Into<String>) -> AnyView {
    span().class(tone.class()).child((shape(tone), word.into())).into_any()
}

/// Shape, word and a quieter word beside it ("Off track  worsening").
pub(crate) fn mark_with(tone: Tone, word: impl Into<String>, more: Option<String>) -> AnyView {
    let more = more.map(|more| span().class("more").child(more));
    span().class(tone.class()).child((shape(tone), word.into(), more)).into_any()
}

/// On its soft ground, for the head of a panel.
pub(crate) fn mark_filled(tone: Tone, word: impl Into<String>, more: Option<String>) -> AnyView {
    let more = more.map(|more| span().class("more").child(more));
    span().class(tone.filled_class()).child((shape(tone), word.into(), more)).into_any()
}

/// The shape alone; the word must stand beside it.
pub(crate) fn shape(tone: Tone) -> AnyView {
    let line = match tone {
        Tone::Good => "M5 1a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
        Tone::Watch => "M5 .3 9.7 5 5 9.7.3 5z",
        Tone::Off => "M5 .8 9.8 9.2H.2z",
        Tone::Blocked => "M1 1h8v8H1z",
        Tone::Unknown | Tone::Under | Tone::Over => "",
    };
    let drawn = match tone {
        Tone::Unknown => outline("M5 1.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z"),
        Tone::Over => outline("M1 5.5 4 8.5 9 2"),
        Tone::Under => (
            outline("M5 1.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z"),
            path().attr("fill", "currentColor").attr("d", "M5 1.5a3.5 3.5 0 0 0 0 7z"),
        )
            .into_any(),
        _ => path().attr("fill", "currentColor").attr("d", line).into_any(),
    };
    svg()
        .attr("class", "shape")
        .attr("width", "10")
        .attr("height", "10")
        .attr("viewBox", "0 0 10 10")
        .attr("aria-hidden", "true")
        .child(drawn)
        .into_any()
}

fn outline(line: &'static str) -> AnyView {
    path()
        .attr("fill", "none")
        .attr("stroke", "currentColor")
        .attr("stroke-width", "1.5")
        .attr("stroke-linecap", "round")
        .attr("d", line)
        .into_any()
}
