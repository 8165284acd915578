//! Where a list page is: which record is open and how the list is shown, all of it in the address, so that a link
//! brings a colleague to the same sight and the browser's own buttons work.

use crate::shell::routes::{Section, path_to, record_at};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
    location::Location,
};
use workspace::RecordRef;

/// The address of one section.
#[derive(Clone, Copy)]
pub(crate) struct Address {
    section: Section,
    /// The record beside the list.
    pub(crate) open: Memo<Option<RecordRef>>,
    search: Memo<String>,
    go: Callback<(String, bool)>,
}

impl Address {
    /// To be asked while the page of `section` is built.
    pub(crate) fn of(section: Section) -> Self {
        let Location { pathname, search, .. } = use_location();
        let navigate = use_navigate();
        let open = Memo::new(move |_| {
            record_at(&pathname.get()).filter(|record| Section::of_kind(record.kind) == section)
        });
        let search = Memo::new(move |_| search.get().trim_start_matches('?').to_owned());
        let go = Callback::new(move |(to, replace): (String, bool)| {
            navigate(&to, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
        });
        Self { section, open, search, go }
    }

    /// Where the link of a row leads: the record, and the list as it is shown now.
    pub(crate) fn href(&self, record: RecordRef) -> String {
        self.with_search(path_to(record), &self.search.get())
    }

    /// Opens a record beside the list.
    pub(crate) fn show(&self, record: RecordRef) {
        self.go.run((untrack(|| self.href(record)), false));
    }

    /// Closes it.
    pub(crate) fn close(&self) {
        self.go.run((self.with_search(self.section.path(), &self.search.get_untracked()), false));
    }

    /// One setting of the list; empty when it is not set.
    pub(crate) fn setting(&self, name: &'static str) -> Memo<String> {
        let search = self.search;
        Memo::new(move |_| search.with(|search| value_in(search, name)))
    }

    /// The address with one setting changed, for a link.
    pub(crate) fn href_with(&self, name: &str, value: &str) -> String {
        let search = self.search.with(|search| with_value(search, name, value));
        let path = self.open.get().map(path_to).unwrap_or_else(|| self.section.path());
        self.with_search(path, &search)
    }

    /// Changes one setting. Typing in a filter leaves no trail of addresses behind.
    pub(crate) fn set(&self, name: &str, value: &str) {
        self.go.run((untrack(|| self.href_with(name, value)), true));
    }

    fn with_search(&self, path: String, search: &str) -> String {
        if search.is_empty() { path } else { format!("{path}?{search}") }
    }
}

/// The address of a section with some settings of its list.
pub(super) fn path_with(section: Section, settings: &[(&str, &str)]) -> String {
    let search =
        settings.iter().fold(String::new(), |search, (name, value)| with_value(&search, name, value));
    if search.is_empty() { section.path() } else { format!("{}?{search}", section.path()) }
}

fn value_in(search: &str, name: &str) -> String {
    search
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| decoded(value))
        .unwrap_or_default()
}

fn with_value(search: &str, name: &str, value: &str) -> String {
    let mut pairs: Vec<String> = search
        .split('&')
        .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(name))
        .map(str::to_owned)
        .collect();
    if !value.is_empty() {
        pairs.push(format!("{name}={}", encoded(value)));
    }
    pairs.join("&")
}

fn encoded(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

fn decoded(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                bytes.extend(u8::from_str_radix(&digits, 16));
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_the_address() {
        let search = with_value("view=map", "q", "5 % & caf\u{e9}");
        assert_eq!(value_in(&search, "q"), "5 % & caf\u{e9}");
        assert_eq!(value_in(&search, "view"), "map");
        assert_eq!(with_value(&search, "q", ""), "view=map");
        assert_eq!(with_value("", "view", "list"), "view=list");
    }

    #[test]
    fn what_is_not_set_or_broken_is_empty_or_kept() {
        assert_eq!(value_in("view", "view"), "");
        assert_eq!(value_in("q=%zz1", "q"), "1");
    }
}
