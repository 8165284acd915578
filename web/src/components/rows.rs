//! A window on a long list: beyond a few hundred rows only those near the viewport exist, between two empty rows that
//! are as high as the missing ones. Rows of such a list all have one height.

use leptos::{html::Div, prelude::*, wasm_bindgen::JsCast};
use std::ops::Range;

/// Up to here a list is simply drawn; searching in the page finds everything.
const DRAWN_WHOLE: usize = 200;
/// Rows beyond the edges, so that scrolling meets drawn rows.
const OVERHANG: usize = 12;

/// Which rows exist now.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    drawn: Memo<Range<usize>>,
    /// Whether rows are missing at all.
    pub(crate) is_partial: Memo<bool>,
    /// To be run when the scroller has scrolled.
    pub(crate) measure: Callback<()>,
    row: RwSignal<f64>,
    /// How many rows there are, drawn or not.
    pub(crate) total: Signal<usize>,
}

impl Window {
    /// Over `total` rows inside `scroller`. Rows are measured once the first one with `data-row` stands there.
    pub(crate) fn over(total: Signal<usize>, scroller: NodeRef<Div>) -> Self {
        let top = RwSignal::new(0.0);
        let height = RwSignal::new(800.0);
        let row = RwSignal::new(36.0);
        let measure = Callback::new(move |()| {
            let Some(scroller) = scroller.get_untracked() else { return };
            top.set(f64::from(scroller.scroll_top()));
            height.set(f64::from(scroller.client_height()));
            let drawn = scroller.query_selector("[data-row]").ok().flatten();
            if let Some(drawn) = drawn.and_then(|drawn| drawn.dyn_into::<web_sys::HtmlElement>().ok())
                && drawn.offset_height() > 0
            {
                row.set(f64::from(drawn.offset_height()));
            }
        });
        Effect::new(move |_| {
            total.track();
            if scroller.get().is_some() {
                // The page may be gone by the next frame.
                request_animation_frame(move || {
                    let _ = measure.try_run(());
                });
            }
        });
        let resized = window_event_listener(leptos::ev::resize, move |_| {
            let _ = measure.try_run(());
        });
        on_cleanup(move || resized.remove());
        let drawn = Memo::new(move |_| visible(total.get(), top.get(), height.get(), row.get()));
        let is_partial = Memo::new(move |_| total.get() > DRAWN_WHOLE);
        Self { drawn, is_partial, measure, row, total }
    }

    /// Those of `rows` that are to be drawn.
    pub(crate) fn of<T: Clone>(&self, rows: &[T]) -> Vec<T> {
        let drawn = self.drawn.get();
        rows.get(drawn.start.min(rows.len())..drawn.end.min(rows.len())).unwrap_or_default().to_vec()
    }

    /// Height in pixels of what is missing above and below.
    pub(crate) fn missing(&self) -> (f64, f64) {
        let drawn = self.drawn.get();
        let row = self.row.get();
        (drawn.start as f64 * row, self.total.get().saturating_sub(drawn.end) as f64 * row)
    }
}

fn visible(total: usize, top: f64, height: f64, row: f64) -> Range<usize> {
    if total <= DRAWN_WHOLE || row <= 0.0 {
        return 0..total;
    }
    let count = (height / row).ceil().max(1.0) as usize;
    // A list that became shorter is scrolled back by the browser a moment later.
    let first = ((top / row).floor().max(0.0) as usize).min(total.saturating_sub(count));
    let start = first.saturating_sub(OVERHANG);
    start..(first + count + OVERHANG).clamp(start, total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_lists_are_drawn_whole() {
        assert_eq!(visible(200, 4000.0, 400.0, 36.0), 0..200);
    }

    #[test]
    fn of_long_lists_what_is_in_view_exists() {
        assert_eq!(visible(5000, 0.0, 720.0, 36.0), 0..32);
        assert_eq!(visible(5000, 3600.0, 720.0, 36.0), 88..132);
        assert_eq!(visible(5000, 179_280.0, 720.0, 36.0), 4968..5000);
        assert_eq!(visible(300, 99_999.0, 720.0, 36.0), 268..300);
    }
}
