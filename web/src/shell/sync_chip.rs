//! Where the work is, in a shape and a few words, and behind them the exact facts. People decide by this whether to
//! close the laptop, so it is computed from the replica's status alone and never says more.

use crate::{
    components::{
        disclosure::{Look, disclosure},
        mark::{Tone, shape},
    },
    state::{ConnectionState, Problem, Repo, Status},
};
use leptos::{
    ev,
    html::{button, dd, div, dl, dt, p, span},
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsValue,
};
use std::time::Duration;

/// Sending that is over sooner than this is no news: the words stay calm.
const CALM: Duration = Duration::from_secs(2);

/// What may be said, from the most serious to the best.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    /// The store of this device does not take the changes: they are in this tab only. The one red state.
    NotSaved { changes: usize },
    /// A person has to do something before anything is sent.
    SignIn,
    /// The relay does not take part, for the reason told behind the chip.
    Refused,
    /// No line to the relay.
    Offline { to_send: usize },
    /// The line is being opened.
    Connecting { to_send: usize },
    /// The line is open and something is on its way.
    Sending { changes: usize },
    /// Durable on this device and on the relay.
    OnRelay,
}

impl Truth {
    pub(crate) fn of(status: &Status) -> Self {
        match &status.problem {
            Some(Problem::StoreFull { .. } | Problem::StoreFailing { .. }) if status.unsaved > 0 => {
                return Self::NotSaved { changes: status.unsaved };
            }
            Some(Problem::SignIn) => return Self::SignIn,
            Some(Problem::Forbidden | Problem::Unavailable | Problem::ReadOnly | Problem::Refused { .. }) => {
                return Self::Refused;
            }
            _ => {}
        }
        match status.connection {
            ConnectionState::Offline => Self::Offline { to_send: status.unsent },
            ConnectionState::Connecting => Self::Connecting { to_send: status.unsent },
            ConnectionState::Online if status.saved_here && status.on_relay => Self::OnRelay,
            ConnectionState::Online => Self::Sending { changes: status.unsent.max(status.unsaved) },
        }
    }

    /// For styles and tests.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::NotSaved { .. } => "not-saved",
            Self::SignIn => "sign-in",
            Self::Refused => "refused",
            Self::Offline { .. } => "offline",
            Self::Connecting { .. } => "connecting",
            Self::Sending { .. } => "sending",
            Self::OnRelay => "on-relay",
        }
    }

    fn tone(&self) -> Tone {
        match self {
            Self::NotSaved { .. } => Tone::Off,
            Self::SignIn | Self::Refused => Tone::Watch,
            Self::Offline { .. } | Self::Connecting { .. } => Tone::Unknown,
            Self::Sending { .. } => Tone::Under,
            Self::OnRelay => Tone::Good,
        }
    }

    /// The words, and the part of them that a phone leaves out.
    fn words(&self) -> (String, String) {
        let to_send =
            |count: &usize| if *count == 0 { String::new() } else { format!(" \u{b7} {count} to send") };
        match self {
            Self::NotSaved { .. } => ("Not saved".to_owned(), " on this device".to_owned()),
            Self::SignIn => ("Sign in".to_owned(), " to resume sync".to_owned()),
            Self::Refused => ("Saved here".to_owned(), " \u{b7} relay declined".to_owned()),
            Self::Offline { to_send: count } => ("Offline".to_owned(), to_send(count)),
            Self::Connecting { to_send: count } => ("Connecting".to_owned(), to_send(count)),
            Self::Sending { changes: 0 } => ("Saved here".to_owned(), " \u{b7} asking the relay".to_owned()),
            Self::Sending { changes } => ("Saved here".to_owned(), format!(" \u{b7} sending {changes}")),
            Self::OnRelay => ("Saved".to_owned(), " \u{b7} on relay".to_owned()),
        }
    }
}

pub(crate) fn sync_chip(repo: &Repo) -> AnyView {
    let status = Signal::from(repo.status());
    let truth = Memo::new(move |_| status.with(Truth::of));
    let shown = RwSignal::new(truth.get_untracked());
    Effect::new(move |_| {
        let now = truth.get();
        let is_calm = matches!(shown.get_untracked(), Truth::OnRelay) && matches!(now, Truth::Sending { .. });
        if !is_calm {
            shown.set(now);
            return;
        }
        set_timeout(
            move || {
                if let Some(still @ Truth::Sending { .. }) = truth.try_get_untracked() {
                    let _ = shown.try_set(still);
                }
            },
            CALM,
        );
    });
    let since = RwSignal::new(repo.now());
    let clock = StoredValue::new(repo.clone());
    Effect::new(move |before: Option<&'static str>| {
        let now = truth.with(Truth::name);
        if before.is_some_and(|before| before != now) {
            since.set(clock.with_value(Repo::now));
        }
        now
    });
    let name = Signal::derive(move || {
        let (short, long) = shown.with(Truth::words);
        format!("Sync: {short}{long}")
    });
    let face = move || {
        let (short, long) = shown.with(Truth::words);
        span()
            .class("chip-sync")
            .attr("data-shown", shown.with(Truth::name))
            .attr("data-truth", truth.with(Truth::name))
            .attr("data-unsent", status.with(|status| status.unsent.to_string()))
            .attr("data-unsaved", status.with(|status| status.unsaved.to_string()))
            .child((shape(shown.with(Truth::tone)), span().child((short, span().class("long").child(long)))))
    };
    let repo = StoredValue::new(repo.clone());
    disclosure(name, Look { button: "chip-button", sheet: "wide" }, face, move |_| {
        facts(repo, status, truth, since)
    })
}

/// The exact facts, and what can be done about them.
fn facts(
    repo: StoredValue<Repo>,
    status: Signal<Status>,
    truth: Memo<Truth>,
    since: RwSignal<ids::Timestamp>,
) -> AnyView {
    let saved = move || match status.with(|status| (status.open, status.unsaved)) {
        (false, _) => "not read yet".to_owned(),
        (true, 0) => "everything".to_owned(),
        (true, 1) => "all but 1 change".to_owned(),
        (true, count) => format!("all but {count} changes"),
    };
    let sent = move || match status.with(|status| (status.on_relay, status.unsent)) {
        (true, _) => "everything".to_owned(),
        (false, 0) => "not confirmed yet".to_owned(),
        (false, 1) => "1 change to send".to_owned(),
        (false, count) => format!("{count} changes to send"),
    };
    let line = move || match status.with(|status| status.connection) {
        ConnectionState::Online => "connected",
        ConnectionState::Connecting => "being reached",
        ConnectionState::Offline => "not reached",
    };
    let room = repo.with_value(Repo::room);
    let kept = repo.with_value(Repo::is_persisted);
    let room = move || {
        let room = room.get()?;
        let kept = if kept.get() { ", protected from clearing" } else { "" };
        Some((dt().child("On this device"), dd().child(format!("{}{kept}", bytes(room.used)))))
    };
    let again = move || {
        let (label, sign_in) = match truth.get() {
            Truth::SignIn => ("Sign in again", true),
            Truth::Offline { .. } | Truth::Refused => ("Try now", false),
            _ => return None,
        };
        let run = move |_| {
            let repo = repo.get_value();
            if sign_in {
                spawn_local(async move {
                    // A refusal shows: the chip stays as it is.
                    let _ = repo.sign_in_again().await;
                });
            } else {
                repo.try_now();
            }
        };
        Some(button().attr("type", "button").class("button framed").on(ev::click, run).child(label))
    };
    let advice = move || {
        status.with(|status| {
            status.problem.as_ref().map(|problem| p().class(advice_class(problem)).child(advice(problem)))
        })
    };
    div()
        .class("sync-facts")
        .child((
            dl().class("facts numbers").child((
                dt().child("Saved here"),
                dd().child(saved),
                dt().child("On the relay"),
                dd().child(sent),
                dt().child("Relay"),
                dd().child(line),
                dt().child("So since"),
                dd().child(move || time_of_day(since.get())),
                room,
            )),
            advice,
            again,
        ))
        .into_any()
}

fn advice_class(problem: &Problem) -> &'static str {
    match problem {
        Problem::StoreFull { .. } | Problem::StoreFailing { .. } => "notice off",
        _ => "notice",
    }
}

/// What is safe first, then what is wrong, then who can act.
fn advice(problem: &Problem) -> String {
    match problem {
        Problem::StoreFull { why } => format!(
            "Your changes are in this tab and go to the relay while it is connected, but this device has no room for them. Free some space and keep the tab open. ({why})"
        ),
        Problem::StoreFailing { why } => format!(
            "Your changes are in this tab and go to the relay while it is connected, but this device's storage does not take them. Keep the tab open. ({why})"
        ),
        Problem::SignIn => "Your work is saved here. The relay wants to know who you are before it takes it.".to_owned(),
        Problem::Forbidden => "Your work is saved here. The relay says that this workspace is closed to you; an owner of it can change that.".to_owned(),
        Problem::Unavailable => "Your work is saved here. The relay does not have this workspace; whoever runs the relay can look.".to_owned(),
        Problem::ReadOnly => "You may read this workspace. Changes you make here stay on this device.".to_owned(),
        Problem::Refused { why } => format!("Your work is saved here. The relay ended the connection: {why}."),
        Problem::TryLater { why } => format!(
            "Your work is saved here. The relay cannot take it for now and is asked again by itself; whoever runs the relay can look. ({why})"
        ),
        Problem::Corrupt { chunks } => format!(
            "{chunks} stored parts could not be read. The rest is here, and the relay is asked for what is missing."
        ),
    }
}

/// "38 MB"
fn bytes(count: f64) -> String {
    let (value, unit) = if count < 1e6 {
        (count / 1e3, "kB")
    } else if count < 1e9 {
        (count / 1e6, "MB")
    } else {
        (count / 1e9, "GB")
    };
    let places = usize::from(value < 10.0);
    format!("{value:.places$}\u{a0}{unit}")
}

/// "14:05" where this device is.
fn time_of_day(time: ids::Timestamp) -> String {
    let here = js_sys::Date::new(&JsValue::from_f64(time.as_millis() as f64));
    format!("{:02}:{:02}", here.get_hours(), here.get_minutes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn online() -> Status {
        Status {
            open: true,
            saved_here: true,
            on_relay: true,
            unsaved: 0,
            unsent: 0,
            connection: ConnectionState::Online,
            problem: None,
        }
    }

    #[test]
    fn on_relay_is_said_only_when_both_places_confirmed_it() {
        assert_eq!(Truth::of(&online()), Truth::OnRelay);
        assert_eq!(
            Truth::of(&Status { saved_here: false, unsaved: 1, ..online() }),
            Truth::Sending { changes: 1 }
        );
        assert_eq!(Truth::of(&Status { on_relay: false, ..online() }), Truth::Sending { changes: 0 });
        let offline = Status { connection: ConnectionState::Offline, ..online() };
        assert_eq!(Truth::of(&offline), Truth::Offline { to_send: 0 });
    }

    #[test]
    fn only_a_device_that_does_not_keep_changes_is_red() {
        let full = Some(Problem::StoreFull { why: "quota".into() });
        let status = Status { problem: full.clone(), unsaved: 3, saved_here: false, ..online() };
        assert_eq!(Truth::of(&status), Truth::NotSaved { changes: 3 });
        assert_eq!(Truth::of(&Status { problem: full, ..online() }), Truth::OnRelay);
        let offline =
            Status { connection: ConnectionState::Offline, unsent: 12, on_relay: false, ..online() };
        assert_ne!(Truth::of(&offline).tone(), Tone::Off);
    }

    #[test]
    fn sizes_are_told_in_the_unit_that_reads() {
        assert_eq!(bytes(38_400_000.0), "38\u{a0}MB");
        assert_eq!(bytes(1_500_000.0), "1.5\u{a0}MB");
        assert_eq!(bytes(900.0), "0.9\u{a0}kB");
    }
}
