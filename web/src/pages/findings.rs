//! What is odd about a record, on its panel: the same on everybody's device, in plain words, with who can act and, where
//! one click does it, the button.

use super::{desk::Desk, fields::Sheet};
use crate::components::mark::{Tone, shape};
use ids::MemberId;
use insight::{
    AsOf,
    findings::{self, Finding, Level, Offer},
};
use leptos::{
    ev,
    html::{button, div, li, p, section, span, ul},
    prelude::*,
};
use workspace::{Act, Edit, Kind, RecordRef, acts, lens};

/// A finding as the panel says it.
#[derive(Clone, PartialEq)]
struct Said {
    finding: Finding,
    /// Who can settle it.
    who: String,
}

pub(crate) fn findings(sheet: Sheet) -> AnyView {
    let (desk, record) = (sheet.desk, sheet.record);
    let found = desk.digest(move |as_of| {
        let found = findings::of(as_of, record).into_iter();
        found.map(|finding| Said { who: who(as_of, &finding), finding }).collect::<Vec<_>>()
    });
    let entries = move || {
        let is_read_only = sheet.read_only.get();
        found.get().into_iter().map(|said| entry(desk, said, is_read_only)).collect_view()
    };
    let is_empty = Memo::new(move |_| found.with(Vec::is_empty));
    (move || {
        (!is_empty.get())
            .then(|| section().class("findings").attr("aria-label", "To look at").child(ul().child(entries)))
    })
    .into_any()
}

/// How pressing a finding is.
pub(crate) const fn tone(level: Level) -> Tone {
    match level {
        Level::Alert => Tone::Off,
        Level::Watch => Tone::Watch,
        Level::Info => Tone::Unknown,
    }
}

fn entry(desk: Desk, said: Said, is_read_only: bool) -> AnyView {
    let Said { finding, who } = said;
    let Some(record) = finding.records.first().copied() else { return ().into_any() };
    let clicks =
        finding.offers.iter().filter(|_| !is_read_only).filter_map(|offer| click(desk, record, offer));
    let buttons = clicks
        .map(|(words, act)| {
            button()
                .attr("type", "button")
                .class("button framed")
                .on(ev::click, move |_| {
                    desk.perform(&act);
                })
                .child(words)
        })
        .collect_view();
    li().attr("data-rule", finding.rule)
        .attr("data-level", finding.level.key())
        .child((
            shape(tone(finding.level)),
            div().child((
                p().child(finding.sentence),
                div().class("finding-foot").child((span().class("quiet").child(who), buttons)),
            )),
        ))
        .into_any()
}

/// What one click can do about it. Everything else is done where the field stands.
fn click(desk: Desk, record: RecordRef, offer: &Offer) -> Option<(&'static str, Act)> {
    Some(match offer {
        Offer::Unlink(edge) => ("Remove the link", Act::one("link.remove", Edit::Unlink(*edge))),
        Offer::Clear(field) => {
            ("Empty the field", Act::one("record.clear", Edit::Set { record, field: *field, value: None }))
        }
        Offer::Restore(other) => ("Restore", acts::restore(*other)),
        Offer::LetStand(version) => {
            ("Let this version stand", desk.peek(|view| acts::let_policy_stand(view, *version)))
        }
        Offer::Expire => {
            let grant = desk.record_untracked(record)?;
            if grant.status() == Some("expired") {
                return None;
            }
            ("Say that it has run out", acts::expire_grant(&grant, ""))
        }
        _ => return None,
    })
}

/// Who can settle a finding, in words.
fn who(as_of: &AsOf<'_>, finding: &Finding) -> String {
    let Some(record) = finding.records.first().and_then(|record| as_of.record(*record)) else {
        return String::new();
    };
    let owners = lens::owners_in(as_of.view, record);
    let (members, rest): (Vec<MemberId>, &str) = match finding.offers.first() {
        None => return String::new(),
        Some(Offer::Answer) => (as_of.holders_of_duty("means"), "Top management can answer it"),
        Some(Offer::GiveAuthority | Offer::Confirm) => (Vec::new(), "Top management can settle it"),
        Some(Offer::Verify | Offer::CheckEffect) => (Vec::new(), "Somebody other than the owner can look"),
        Some(Offer::HandOver) if owners.len() > 1 => (owners, ""),
        Some(_) if record.kind == Kind::Member => (Vec::new(), "Anybody here can settle it"),
        Some(_) => (owners, "Anybody here can settle it"),
    };
    if members.is_empty() { rest.to_owned() } else { format!("{} can settle it", as_of.names(&members)) }
}
