//! How this person likes the app on this device: theme, width of the rail, single keys. Kept on the device, never in the
//! workspace; a browser without storage simply forgets.

use leptos::prelude::*;

/// Which colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Whatever the device says.
    System,
    Light,
    Dark,
}

impl Theme {
    const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::System => "Theme: as the device",
            Self::Light => "Theme: light",
            Self::Dark => "Theme: dark",
        }
    }

    pub(crate) const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    fn named(name: &str) -> Self {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.name() == name).unwrap_or(Self::System)
    }
}

/// The preferences of this device; in the context of every screen.
#[derive(Clone, Copy)]
pub(crate) struct Preferences {
    pub(crate) theme: RwSignal<Theme>,
    pub(crate) is_rail_narrow: RwSignal<bool>,
    pub(crate) has_keys: RwSignal<bool>,
}

impl Preferences {
    /// As they were left, and kept from now on.
    pub(crate) fn recalled() -> Self {
        let preferences = Self {
            theme: RwSignal::new(Theme::named(&recall("theme"))),
            is_rail_narrow: RwSignal::new(recall("rail") == "narrow"),
            has_keys: RwSignal::new(recall("keys") != "off"),
        };
        let Self { theme, is_rail_narrow, has_keys } = preferences;
        Effect::new(move |_| {
            let theme = theme.get();
            keep("theme", theme.name());
            let Some(root) = document().document_element() else { return };
            let _ = match theme {
                Theme::System => root.remove_attribute("data-theme"),
                named => root.set_attribute("data-theme", named.name()),
            };
        });
        Effect::new(move |_| keep("rail", if is_rail_narrow.get() { "narrow" } else { "wide" }));
        Effect::new(move |_| keep("keys", if has_keys.get() { "on" } else { "off" }));
        preferences
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok()?
}

fn recall(name: &str) -> String {
    storage().and_then(|storage| storage.get_item(&format!("binnacle.{name}")).ok()?).unwrap_or_default()
}

fn keep(name: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&format!("binnacle.{name}"), value);
    }
}
