//! One stroke family, 16 px grid, 1.5 px lines. An icon is never the only name of a control: the words are beside it or
//! in the control's label, so every icon is hidden from assistive technology.

use leptos::{
    prelude::*,
    svg::{path, svg},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    Overview,
    Compass,
    Target,
    Risk,
    Opportunity,
    Check,
    Plus,
    Search,
    Close,
    More,
    Right,
    Down,
    Up,
    Bin,
    Restore,
    Theme,
    Keyboard,
    Sidebar,
    Pen,
    Key,
    People,
}

pub(crate) fn icon(icon: Icon) -> AnyView {
    svg()
        .attr("class", "icon")
        .attr("width", "16")
        .attr("height", "16")
        .attr("viewBox", "0 0 16 16")
        .attr("fill", "none")
        .attr("stroke", "currentColor")
        .attr("stroke-width", "1.5")
        .attr("stroke-linecap", "round")
        .attr("stroke-linejoin", "round")
        .attr("aria-hidden", "true")
        .attr("focusable", "false")
        .child(path().attr("d", line(icon)))
        .into_any()
}

fn line(icon: Icon) -> &'static str {
    match icon {
        Icon::Overview => "M2 2.5h12v4H2zM2 9.5h5v4H2zM10 9.5h4v4h-4z",
        Icon::Key => "M5.5 2.25a3.25 3.25 0 1 0 0 6.5 3.25 3.25 0 0 0 0-6.5zM7.8 7.8l5.7 5.7M11 11l1.9-1.9",
        Icon::People => {
            "M6 2.25a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM1.75 13.5c0-2.5 1.75-4.25 4.25-4.25s4.25 1.75 4.25 4.25M10.5 2.6a2.5 2.5 0 0 1 0 4.4M12 9.6c1.4.6 2.25 2 2.25 3.9"
        }
        Icon::Compass => {
            "M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5zM10.75 5.25 9.25 9.25 5.25 10.75 6.75 6.75z"
        }
        Icon::Target => {
            "M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5zM8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"
        }
        Icon::Risk => "M8 2 14.25 13.25H1.75zM8 6.5v3M8 11.4v.1",
        Icon::Opportunity => "M8 1.75 14.25 8 8 14.25 1.75 8z",
        Icon::Check => "M2.5 8.5 6 12l7.5-8",
        Icon::Plus => "M8 3v10M3 8h10",
        Icon::Search => "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3 13.5 13.5",
        Icon::Close => "m4 4 8 8M12 4l-8 8",
        Icon::More => "M3.5 8h.01M8 8h.01M12.5 8h.01",
        Icon::Right => "m6 3.5 4.5 4.5L6 12.5",
        Icon::Down => "m4 6 4 4 4-4",
        Icon::Up => "m4 10 4-4 4 4",
        Icon::Bin => "M2.5 4.25h11M6 4V2.5h4V4M4 4.25l.6 9.25h6.8L12 4.25",
        Icon::Restore => "M3 3v3.5h3.5M3.2 6.3A5.25 5.25 0 1 1 2.75 8.5",
        Icon::Theme => "M8 1.75a6.25 6.25 0 1 0 0 12.5zM8 1.75a6.25 6.25 0 0 1 0 12.5",
        Icon::Keyboard => "M1.75 4h12.5v8H1.75zM4.5 6.75h.01M7 6.75h.01M9.5 6.75h.01M12 6.75h.01M5 9.5h6",
        Icon::Sidebar => "M2 3h12v10H2zM6 3v10",
        Icon::Pen => "m3 13 .7-2.8 7.5-7.5 2.1 2.1-7.5 7.5z",
    }
}
