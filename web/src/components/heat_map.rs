//! Likelihood by consequence as an ARIA grid: arrow keys walk, Enter chooses a cell. Every cell says its level in a
//! word, its score as a number and how many entries stand in it; the colour only repeats that.

use leptos::{
    ev,
    html::{Div, div, span},
    prelude::*,
    svg::{path, svg},
    wasm_bindgen::JsCast,
};
use workspace::lens::{Bands, Level, Score};

/// One entry on the map. An entry with two current views stands in two places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// `R-7KQ2`
    pub(crate) reference: String,
    pub(crate) place: Score,
    /// Drawn as chosen: the entry that is open beside the map.
    pub(crate) is_chosen: bool,
}

/// The words of the scales and of the levels, as this workspace has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MapWords {
    /// 1 to 5.
    pub(crate) likelihood: [String; 5],
    /// 1 to 5.
    pub(crate) consequence: [String; 5],
    /// Where the levels begin.
    pub(crate) bands: Bands,
    /// "risk" or "opportunity"
    pub(crate) entry: &'static str,
    /// Plural of it.
    pub(crate) entries: &'static str,
}

impl MapWords {
    /// 1..=4, as the style sheet counts them.
    pub(crate) fn level(&self, score: Score) -> u8 {
        match self.bands.level(score) {
            Level::Low => 1,
            Level::Medium => 2,
            Level::High => 3,
            Level::VeryHigh => 4,
        }
    }

    pub(crate) fn level_word(&self, score: Score) -> &'static str {
        match self.bands.level(score) {
            Level::Low => "Low",
            Level::Medium => "Medium",
            Level::High => "High",
            Level::VeryHigh => "Very high",
        }
    }

    /// 1..=5: the third level has two shades, so that the ramp stays even.
    fn heat(&self, score: Score) -> u8 {
        let middle = u16::from(self.bands.high) + u16::from(self.bands.very_high);
        match self.bands.level(score) {
            Level::Low => 1,
            Level::Medium => 2,
            Level::High if u16::from(score.product()) * 2 < middle => 3,
            Level::High => 4,
            Level::VeryHigh => 5,
        }
    }

    /// "Likely"
    pub(crate) fn likelihood_word(&self, score: Score) -> &str {
        word(&self.likelihood, score.likelihood())
    }

    /// "Major"
    pub(crate) fn consequence_word(&self, score: Score) -> &str {
        word(&self.consequence, score.consequence())
    }
}

fn stepped(from: Score, likelihood: i8, consequence: i8) -> Score {
    let step = |from: u8, by: i8| from.saturating_add_signed(by).clamp(1, 5);
    Score::new(step(from.likelihood(), likelihood), step(from.consequence(), consequence)).unwrap_or(from)
}

fn word(words: &[String; 5], step: u8) -> &str {
    words.get(usize::from(step).saturating_sub(1)).map_or("?", String::as_str)
}

/// Where the chosen entry came from and where it is to go: drawn over the map, told in words beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trail {
    pub(crate) before: Option<Score>,
    /// Two while two people see it differently.
    pub(crate) now: Vec<Score>,
    pub(crate) aim: Option<Score>,
}

pub(crate) fn heat_map(
    label: Signal<String>,
    words: Signal<MapWords>,
    spots: Signal<Vec<Spot>>,
    trail: Signal<Trail>,
    chosen: RwSignal<Option<Score>>,
) -> AnyView {
    let grid = NodeRef::<Div>::new();
    // The one cell that Tab reaches.
    let current = RwSignal::new(Score::new(3, 3));
    let go = move |place: Score| {
        current.set(Some(place));
        let selector = format!("[data-place='{place}']");
        let cell = grid.get_untracked().and_then(|grid| grid.query_selector(&selector).ok().flatten());
        if let Some(cell) = cell.and_then(|cell| cell.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = cell.focus();
        }
    };
    let toggle = move |place: Score| {
        current.set(Some(place));
        chosen.update(|chosen| *chosen = if *chosen == Some(place) { None } else { Some(place) });
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let Some(at) = current.get_untracked() else { return };
        match event.key().as_str() {
            "ArrowLeft" => go(stepped(at, -1, 0)),
            "ArrowRight" => go(stepped(at, 1, 0)),
            "ArrowUp" => go(stepped(at, 0, 1)),
            "ArrowDown" => go(stepped(at, 0, -1)),
            "Home" => go(stepped(at, -4, 0)),
            "End" => go(stepped(at, 4, 0)),
            "PageUp" => go(stepped(at, 0, 4)),
            "PageDown" => go(stepped(at, 0, -4)),
            "Enter" | " " => toggle(at),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let head = div().attr("role", "row").class("map-row").child((
        div()
            .attr("role", "columnheader")
            .class("map-corner")
            .child(span().class("said").child("Consequence")),
        (1..=5u8)
            .map(|step| {
                div().attr("role", "columnheader").class("map-column").child((
                    span().class("n").child(step.to_string()),
                    span()
                        .class("w")
                        .child(move || words.with(|words| word(&words.likelihood, step).to_owned())),
                ))
            })
            .collect_view(),
    ));
    let rows = (1..=5u8)
        .rev()
        .map(|consequence| {
            let cells = (1..=5u8)
                .filter_map(|likelihood| Score::new(likelihood, consequence))
                .map(|place| cell(place, words, spots, chosen, current, Callback::new(toggle)))
                .collect_view();
            let name = div().attr("role", "rowheader").class("map-name").child((
                span()
                    .class("w")
                    .child(move || words.with(|words| word(&words.consequence, consequence).to_owned())),
                span().class("n").child(consequence.to_string()),
            ));
            div().attr("role", "row").class("map-row").child((name, cells))
        })
        .collect_view();
    div()
        .node_ref(grid)
        .class("map-grid")
        .attr("role", "grid")
        .attr("aria-label", move || label.get())
        .on(ev::keydown, on_key)
        .child((head, rows, move || drawn(&trail.get())))
        .into_any()
}

fn cell(
    place: Score,
    words: Signal<MapWords>,
    spots: Signal<Vec<Spot>>,
    chosen: RwSignal<Option<Score>>,
    current: RwSignal<Option<Score>>,
    toggle: Callback<Score>,
) -> impl IntoView {
    let here = Memo::new(move |_| {
        spots.with(|spots| spots.iter().filter(|spot| spot.place == place).cloned().collect::<Vec<_>>())
    });
    let product = place.product();
    let name = move || {
        here.with(|here| {
            words.with(|words| {
                let level = format!(
                    "{} by {}, {} {product}",
                    words.consequence_word(place),
                    words.likelihood_word(place),
                    words.level_word(place)
                );
                let references: Vec<&str> = here.iter().map(|spot| spot.reference.as_str()).collect();
                match here.len() {
                    0 => format!("{level}, none"),
                    1 => format!("{level}, 1 {}: {}", words.entry, references.join(", ")),
                    count => format!("{level}, {count} {}: {}", words.entries, references.join(", ")),
                }
            })
        })
    };
    let references = move || {
        let here = here.get();
        (here.len() <= 3).then(|| {
            here.into_iter()
                .map(|spot| span().class(if spot.is_chosen { "chosen" } else { "" }).child(spot.reference))
                .collect_view()
        })
    };
    div()
        .class("cell")
        .attr("role", "gridcell")
        .attr("data-place", place.to_string())
        .attr("data-heat", move || words.with(|words| words.heat(place).to_string()))
        .attr("aria-label", name)
        .attr("aria-selected", move || (chosen.get() == Some(place)).to_string())
        .attr("tabindex", move || if current.get() == Some(place) { "0" } else { "-1" })
        .on(ev::click, move |_| toggle.run(place))
        .on(ev::focus, move |_| current.set(Some(place)))
        .child((
            span().class("count").child(move || {
                here.with(|here| if here.is_empty() { String::new() } else { here.len().to_string() })
            }),
            span().class("level").child((
                span().class("level-word").child(move || words.with(|words| words.level_word(place))),
                format!(" {product}"),
            )),
            span().class("ids").child(references),
        ))
}

/// Lines between the places of one entry. Dots are lines of no length with round ends, so that they stay round while
/// the drawing stretches with the map.
fn drawn(trail: &Trail) -> AnyView {
    // In the lower right of a cell, beside its words.
    let point = |place: &Score| {
        let (x, y) = (f32::from(place.likelihood()), f32::from(place.consequence()));
        format!("{} {}", x.mul_add(100.0, -16.0), y.mul_add(-100.0, 580.0))
    };
    let mut lines = Vec::new();
    for now in &trail.now {
        if let Some(before) = trail.before.as_ref().filter(|before| *before != now) {
            lines.push(("way", format!("M{}L{}", point(before), point(now))));
        }
        if let Some(aim) = trail.aim.as_ref().filter(|aim| *aim != now) {
            lines.push(("way wish", format!("M{}L{}", point(now), point(aim))));
        }
    }
    if let [one, other] = trail.now.as_slice() {
        lines.push(("way", format!("M{}L{}", point(one), point(other))));
    }
    let dots = trail
        .before
        .iter()
        .map(|place| ("stop", place))
        .chain(trail.aim.iter().map(|place| ("stop", place)))
        .chain(trail.now.iter().map(|place| ("stop now", place)))
        .map(|(class, place)| (class, format!("M{}h.01", point(place))));
    lines.extend(dots.collect::<Vec<_>>());
    svg()
        .attr("class", "map-trail")
        .attr("viewBox", "0 0 500 500")
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true")
        .child(
            lines.into_iter().map(|(class, line)| path().attr("class", class).attr("d", line)).collect_view(),
        )
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> MapWords {
        let five = || ["1", "2", "3", "4", "5"].map(str::to_owned);
        MapWords {
            likelihood: five(),
            consequence: five(),
            bands: Bands::default(),
            entry: "risk",
            entries: "risks",
        }
    }

    fn score(text: &str) -> Score {
        text.parse().unwrap()
    }

    #[test]
    fn levels_have_numbers_and_words() {
        let words = words();
        assert_eq!(["2x2", "1x5", "2x5", "4x4"].map(|text| words.level(score(text))), [1, 2, 3, 4]);
        assert_eq!(words.level_word(score("3x4")), "High");
    }

    #[test]
    fn the_ramp_has_five_shades() {
        let shades = ["1x2", "2x3", "3x4", "3x5", "4x5"].map(|text| words().heat(score(text)));
        assert_eq!(shades, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn walking_stops_at_the_edges() {
        let corner = score("5x1");
        assert_eq!(stepped(corner, 1, -1), corner);
        assert_eq!(stepped(corner, -4, 4), score("1x5"));
    }
}
