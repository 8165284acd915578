//! Likelihood by consequence as an ARIA grid: arrow keys walk, Enter chooses a cell. Every cell says its level in a
//! word, its score as a number and how many entries stand in it; the colour only repeats that.

use leptos::{
    ev,
    html::{Div, div, span},
    prelude::*,
    svg::{path, svg},
    wasm_bindgen::JsCast,
};

/// Likelihood and consequence (or benefit), each 1..=5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) likelihood: u8,
    pub(crate) consequence: u8,
}

impl Place {
    pub(crate) fn score(self) -> u8 {
        self.likelihood * self.consequence
    }

    fn stepped(self, likelihood: i8, consequence: i8) -> Self {
        let step = |from: u8, by: i8| from.saturating_add_signed(by).clamp(1, 5);
        Self {
            likelihood: step(self.likelihood, likelihood),
            consequence: step(self.consequence, consequence),
        }
    }
}

/// One entry on the map. An entry with two current views stands in two places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// `R-7KQ2`
    pub(crate) reference: String,
    pub(crate) place: Place,
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
    /// What the levels are called, from the least.
    pub(crate) levels: [&'static str; 4],
    /// The least score of the second, third and fourth level.
    pub(crate) steps: [u8; 3],
    /// "risk" or "opportunity"
    pub(crate) entry: &'static str,
    /// Plural of it.
    pub(crate) entries: &'static str,
}

impl MapWords {
    /// 1..=4
    pub(crate) fn level(&self, score: u8) -> u8 {
        1 + u8::try_from(self.steps.iter().filter(|step| score >= **step).count()).unwrap_or(0)
    }

    pub(crate) fn level_word(&self, score: u8) -> &'static str {
        self.levels.get(usize::from(self.level(score)) - 1).copied().unwrap_or("?")
    }

    /// 1..=5: the third level has two shades, so that the ramp stays even.
    fn heat(&self, score: u8) -> u8 {
        let [_, high, highest] = self.steps;
        match self.level(score) {
            4 => 5,
            3 if u16::from(score) * 2 >= u16::from(high) + u16::from(highest) => 4,
            level => level,
        }
    }

    pub(crate) fn likelihood_word(&self, step: u8) -> &str {
        word(&self.likelihood, step)
    }

    pub(crate) fn consequence_word(&self, step: u8) -> &str {
        word(&self.consequence, step)
    }
}

fn word(words: &[String; 5], step: u8) -> &str {
    words.get(usize::from(step).saturating_sub(1)).map_or("?", String::as_str)
}

/// Where the chosen entry came from and where it is to go: drawn over the map, told in words beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trail {
    pub(crate) before: Option<Place>,
    /// Two while two people see it differently.
    pub(crate) now: Vec<Place>,
    pub(crate) aim: Option<Place>,
}

pub(crate) fn heat_map(
    label: Signal<String>,
    words: Signal<MapWords>,
    spots: Signal<Vec<Spot>>,
    trail: Signal<Trail>,
    chosen: RwSignal<Option<Place>>,
) -> AnyView {
    let grid = NodeRef::<Div>::new();
    // The one cell that Tab reaches.
    let current = RwSignal::new(Place { likelihood: 3, consequence: 3 });
    let go = move |place: Place| {
        current.set(place);
        let selector = format!("[data-place='{}x{}']", place.likelihood, place.consequence);
        let cell = grid.get_untracked().and_then(|grid| grid.query_selector(&selector).ok().flatten());
        if let Some(cell) = cell.and_then(|cell| cell.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = cell.focus();
        }
    };
    let toggle = move |place: Place| {
        current.set(place);
        chosen.update(|chosen| *chosen = if *chosen == Some(place) { None } else { Some(place) });
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let at = current.get_untracked();
        match event.key().as_str() {
            "ArrowLeft" => go(at.stepped(-1, 0)),
            "ArrowRight" => go(at.stepped(1, 0)),
            "ArrowUp" => go(at.stepped(0, 1)),
            "ArrowDown" => go(at.stepped(0, -1)),
            "Home" => go(at.stepped(-4, 0)),
            "End" => go(at.stepped(4, 0)),
            "PageUp" => go(at.stepped(0, 4)),
            "PageDown" => go(at.stepped(0, -4)),
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
                        .child(move || words.with(|words| words.likelihood_word(step).to_owned())),
                ))
            })
            .collect_view(),
    ));
    let rows = (1..=5u8)
        .rev()
        .map(|consequence| {
            let cells = (1..=5u8)
                .map(|likelihood| {
                    cell(
                        Place { likelihood, consequence },
                        words,
                        spots,
                        chosen,
                        current,
                        Callback::new(toggle),
                    )
                })
                .collect_view();
            let name = div().attr("role", "rowheader").class("map-name").child((
                span()
                    .class("w")
                    .child(move || words.with(|words| words.consequence_word(consequence).to_owned())),
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
    place: Place,
    words: Signal<MapWords>,
    spots: Signal<Vec<Spot>>,
    chosen: RwSignal<Option<Place>>,
    current: RwSignal<Place>,
    toggle: Callback<Place>,
) -> impl IntoView {
    let here = Memo::new(move |_| {
        spots.with(|spots| spots.iter().filter(|spot| spot.place == place).cloned().collect::<Vec<_>>())
    });
    let score = place.score();
    let name = move || {
        here.with(|here| {
            words.with(|words| {
                let level = format!(
                    "{} by {}, {} {score}",
                    words.consequence_word(place.consequence),
                    words.likelihood_word(place.likelihood),
                    words.level_word(score)
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
        .attr("data-place", format!("{}x{}", place.likelihood, place.consequence))
        .attr("data-heat", move || words.with(|words| words.heat(score).to_string()))
        .attr("aria-label", name)
        .attr("aria-selected", move || (chosen.get() == Some(place)).to_string())
        .attr("tabindex", move || if current.get() == place { "0" } else { "-1" })
        .on(ev::click, move |_| toggle.run(place))
        .on(ev::focus, move |_| current.set(place))
        .child((
            span().class("count").child(move || {
                here.with(|here| if here.is_empty() { String::new() } else { here.len().to_string() })
            }),
            span().class("level").child((
                span().class("level-word").child(move || words.with(|words| words.level_word(score))),
                format!(" {score}"),
            )),
            span().class("ids").child(references),
        ))
}

/// Lines between the places of one entry. Dots are lines of no length with round ends, so that they stay round while
/// the drawing stretches with the map.
fn drawn(trail: &Trail) -> AnyView {
    // In the lower right of a cell, beside its words.
    let point = |place: &Place| {
        let (x, y) = (f32::from(place.likelihood), f32::from(place.consequence));
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
            levels: ["Low", "Medium", "High", "Very high"],
            steps: [5, 10, 16],
            entry: "risk",
            entries: "risks",
        }
    }

    #[test]
    fn scores_have_the_level_that_the_bands_give_them() {
        let levels: Vec<u8> =
            [1, 4, 5, 9, 10, 15, 16, 25].iter().map(|score| words().level(*score)).collect();
        assert_eq!(levels, [1, 1, 2, 2, 3, 3, 4, 4]);
        assert_eq!(words().level_word(12), "High");
    }

    #[test]
    fn the_ramp_has_five_shades() {
        let shades: Vec<u8> = [2, 6, 12, 15, 20].iter().map(|score| words().heat(*score)).collect();
        assert_eq!(shades, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn walking_stops_at_the_edges() {
        let corner = Place { likelihood: 5, consequence: 1 };
        assert_eq!(corner.stepped(1, -1), corner);
        assert_eq!(corner.stepped(-4, 4), Place { likelihood: 1, consequence: 5 });
    }
}
