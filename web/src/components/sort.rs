//! Column heads that sort: a button in a header cell that says which way.

use super::icon::{Icon, icon};
use leptos::{
    ev,
    html::{button, th},
    prelude::*,
};

/// Which column, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sort<K> {
    pub(crate) by: K,
    pub(crate) is_descending: bool,
}

impl<K: Copy + PartialEq> Sort<K> {
    /// Another column starts ascending; the same one turns round.
    pub(crate) fn pressed(self, by: K) -> Self {
        Self { by, is_descending: self.by == by && !self.is_descending }
    }

    pub(crate) fn order(&self, ascending: std::cmp::Ordering) -> std::cmp::Ordering {
        if self.is_descending { ascending.reverse() } else { ascending }
    }
}

pub(crate) fn sort_head<K>(name: &'static str, class: &'static str, by: K, sort: RwSignal<Sort<K>>) -> AnyView
where
    K: Copy + PartialEq + Send + Sync + 'static,
{
    let is_by = move || sort.with(|sort| sort.by == by);
    let direction = move || match sort.get() {
        sort if sort.by != by => "none",
        sort if sort.is_descending => "descending",
        _ => "ascending",
    };
    let arrow = move || {
        is_by().then(|| icon(if sort.with(|sort| sort.is_descending) { Icon::Down } else { Icon::Up }))
    };
    th().class(class)
        .attr("scope", "col")
        .attr("role", "columnheader")
        .attr("aria-sort", direction)
        .child(
            button()
                .attr("type", "button")
                .class("sort")
                .on(ev::click, move |_| sort.update(|sort| *sort = sort.pressed(by)))
                .child((name, arrow)),
        )
        .into_any()
}

/// A head of a column that does not sort.
pub(crate) fn head(name: &'static str, class: &'static str) -> AnyView {
    th().class(class).attr("scope", "col").attr("role", "columnheader").child(name).into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_column_turns_round_and_another_starts_ascending() {
        let first = Sort { by: 'a', is_descending: false };
        assert!(first.pressed('a').is_descending);
        assert_eq!(first.pressed('a').pressed('a'), first);
        assert_eq!(first.pressed('a').pressed('b'), Sort { by: 'b', is_descending: false });
    }
}
