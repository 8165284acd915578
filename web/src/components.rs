//! The small change of every screen, accessible once and for all. A component is given signals and callbacks; it knows
//! neither the document nor the platform.
//!
//! Elements are built with Leptos' builders and never from markup strings: the page's policy allows no `innerHTML`, and
//! `view!` compiles inert elements to it. `view!` may hold components only.

pub(crate) mod avatar;
pub(crate) mod chart;
pub(crate) mod choice;
pub(crate) mod combobox;
pub(crate) mod date_field;
pub(crate) mod day;
pub(crate) mod day_words;
pub(crate) mod dialog;
pub(crate) mod disclosure;
pub(crate) mod empty;
pub(crate) mod five;
pub(crate) mod heat_map;
pub(crate) mod icon;
pub(crate) mod ids;
pub(crate) mod line;
pub(crate) mod mark;
pub(crate) mod mention;
pub(crate) mod moment;
pub(crate) mod number;
pub(crate) mod picker;
pub(crate) mod plot;
pub(crate) mod rows;
pub(crate) mod sort;
pub(crate) mod sparkline;
pub(crate) mod splice;
pub(crate) mod text_editor;
pub(crate) mod toast;
pub(crate) mod values;
