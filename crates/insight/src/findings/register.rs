//! Risks and opportunities: different views, acceptances that ran out, risks above the appetite that nobody treats, and
//! entries that look like one another.

use super::{Finding, Level, Offer, authority::since};
use crate::{AsOf, words};
use workspace::lens::{Phase, RegisterEntry};
use workspace::{Kind, Record};

/// Days a risk above the appetite may stay without treatment.
const IDLE_DAYS: i32 = 30;

pub(super) fn find(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    if record.kind != Kind::Register {
        return;
    }
    let entry = RegisterEntry::of(record, &as_of.settings);
    two_views(as_of, &entry, findings);
    acceptance(as_of, &entry, findings);
    appetite(as_of, record, &entry, findings);
    if let Some(late) = entry.review_overdue(as_of.today) {
        let sentence = format!("The look at {} is {} late.", as_of.title(entry.record()), words::days(late));
        findings.push(
            Finding::new("look-overdue", Level::Watch, entry.record(), sentence).offering([Offer::LookAgain]),
        );
    }
    if entry.is_open() && entry.now.current.is_empty() && entry.status != "identified" {
        let sentence = format!("Nobody rated {} as it stands now.", as_of.title(entry.record()));
        findings
            .push(Finding::new("not-rated", Level::Info, entry.record(), sentence).offering([Offer::Rate]));
    }
    for twin in as_of.titles().like(as_of, record) {
        let sentence = format!(
            "{} and {} look alike. If they are the same, one stays and the links of the other move to it.",
            as_of.title(entry.record()),
            as_of.title(twin)
        );
        findings.push(
            Finding::new("looks-alike", Level::Info, entry.record(), sentence)
                .about(twin)
                .with([twin])
                .offering([Offer::MarkDuplicate(twin)]),
        );
    }
}

fn two_views(as_of: &AsOf<'_>, entry: &RegisterEntry, findings: &mut Vec<Finding>) {
    for phase in Phase::ALL {
        let assessed = entry.assessed(phase);
        if !assessed.is_contested() {
            continue;
        }
        let views = assessed.views().into_iter().map(|view| {
            let who = view.by.map_or("somebody", |by| as_of.name(by));
            format!("{} by {who}", view.score.product())
        });
        let counts = if entry.is_opportunity() { "lower" } else { "higher" };
        let when = match phase {
            Phase::Before => "before treatment",
            Phase::Now => "now",
            Phase::Aim => "as the aim",
        };
        let sentence = format!(
            "Two views of {} {when}: {}. Totals use the {counts} one until somebody rates it again.",
            as_of.title(entry.record()),
            words::list(views.collect())
        );
        findings.push(
            Finding::new("two-views", Level::Watch, entry.record(), sentence)
                .about(phase.key())
                .offering([Offer::Rate, Offer::Discuss]),
        );
    }
}

fn acceptance(as_of: &AsOf<'_>, entry: &RegisterEntry, findings: &mut Vec<Finding>) {
    if entry.status != "accepted" {
        return;
    }
    let title = as_of.title(entry.record());
    let (rule, sentence) = match &entry.acceptance {
        None => (
            "accepted-by-nobody",
            format!("{title} is called accepted, but nobody's acceptance is on record."),
        ),
        Some(acceptance) => match acceptance.until {
            None => ("accepted-without-end", format!("{title} was accepted without an end.")),
            Some(until) if acceptance.is_over(as_of.today) => (
                "acceptance-over",
                format!(
                    "{title} was accepted until {}; that is {} ago.",
                    words::day(until),
                    words::days(as_of.today.days_since(until))
                ),
            ),
            Some(_) => return,
        },
    };
    findings.push(
        Finding::new(rule, Level::Watch, entry.record(), sentence).offering([Offer::Accept, Offer::Rate]),
    );
}

fn appetite(as_of: &AsOf<'_>, record: &Record, entry: &RegisterEntry, findings: &mut Vec<Finding>) {
    let (Some(over), Some(score), Some(appetite)) =
        (entry.above_appetite(), entry.now.score(), entry.appetite)
    else {
        return;
    };
    let title = as_of.title(entry.record());
    let stands = format!("{title} stands at {}, {over} above the appetite of {appetite}", score.product());
    let idle = since(record, &entry.status).map(|day| as_of.today.days_since(day));
    match entry.status.as_str() {
        "identified" | "assessed" => {
            let Some(days) = idle.filter(|days| *days > IDLE_DAYS) else { return };
            let sentence = format!("{stands}, and nothing was started in {}.", words::days(days));
            let level =
                if score.product() >= as_of.settings.bands.very_high { Level::Alert } else { Level::Watch };
            findings.push(Finding::new("above-appetite-idle", level, entry.record(), sentence).offering([
                Offer::AddAction,
                Offer::Accept,
                Offer::Discuss,
            ]));
        }
        "treated" => {
            let sentence = format!("{stands}, although its treatment is finished.");
            findings.push(
                Finding::new("treated-still-high", Level::Watch, entry.record(), sentence).offering([
                    Offer::AddAction,
                    Offer::Accept,
                    Offer::Rate,
                ]),
            );
        }
        _ => {}
    }
}
