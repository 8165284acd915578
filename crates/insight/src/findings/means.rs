//! Whether work has what it needs, and whether whoever asked was answered: yes, no, or when.

use super::{Finding, Level, Offer};
use crate::{AsOf, words};
use workspace::lens::{Need, Objective};
use workspace::{Kind, Record, RecordRef};

/// Days a need may wait for its answer before it is mentioned.
pub(crate) const ANSWER_DAYS: i32 = 45;

pub(super) fn find(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    match record.kind {
        Kind::Need => need(as_of, record, findings),
        Kind::Objective if is_without_means(as_of, record) => {
            let reference = record.reference();
            let asked = Objective::needs(as_of.view, reference).count();
            let rest = if asked == 0 {
                "none were asked for".to_owned()
            } else {
                format!("{} asked for, none committed", words::count(asked, "need", "needs"))
            };
            let sentence = format!(
                "{} is active without means: {rest}, and nobody said that it needs none.",
                as_of.title(reference)
            );
            findings.push(
                Finding::new("objective-without-means", Level::Watch, reference, sentence)
                    .with(Objective::needs(as_of.view, reference))
                    .offering([Offer::AskForMeans, Offer::SayNoMeansNeeded, Offer::Discuss]),
            );
        }
        _ => {}
    }
}

/// Whether an objective is active while nothing it needs is committed or delivered and nobody said that it needs nothing.
pub(crate) fn is_without_means(as_of: &AsOf<'_>, objective: &Record) -> bool {
    let lens = Objective::of(objective);
    let granted = |need: RecordRef| as_of.live(need).is_some_and(|need| Need::of(need).is_granted());
    lens.is_active() && !lens.no_means_needed && !Objective::needs(as_of.view, lens.record()).any(granted)
}

fn need(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let need = Need::of(record);
    let (reference, title) = (need.record(), as_of.title(need.record()));
    let for_what: Vec<RecordRef> = Need::needed_for(as_of.view, reference).collect();
    if need.is_answer_contested() {
        let said = need.answers.iter().map(|answer| {
            let who = answer.by.map_or("somebody", |by| as_of.name(by));
            format!("“{}” by {who}", words::plain(&answer.answer))
        });
        let sentence = format!(
            "{title} was answered in two ways: {}. It counts as unanswered until one answer holds.",
            words::list(said.collect())
        );
        findings.push(
            Finding::new("need-two-answers", Level::Alert, reference, sentence)
                .with(for_what)
                .offering([Offer::Answer, Offer::Discuss]),
        );
        return;
    }
    if let Some(days) = need.days_waiting(as_of.today).filter(|days| *days > ANSWER_DAYS) {
        let who = as_of.names(&need.requested_by);
        let sentence = format!("{who} asked for {title} {} ago; no yes, no and no day.", words::days(days));
        findings.push(
            Finding::new("need-unanswered", Level::Watch, reference, sentence)
                .with(for_what)
                .offering([Offer::Answer, Offer::Discuss]),
        );
        return;
    }
    let until = need.answer().and_then(|answer| answer.until).filter(|_| need.status == "deferred");
    if let Some(until) = until.filter(|until| *until < as_of.today) {
        let sentence = format!("{title} was put off until {}, a day that is over.", words::day(until));
        findings.push(
            Finding::new("need-deferral-over", Level::Watch, reference, sentence)
                .with(for_what)
                .offering([Offer::Answer]),
        );
        return;
    }
    if let Some(late) = need.needed_by.filter(|by| need.status == "committed" && *by < as_of.today) {
        let sentence =
            format!("{title} was promised and needed by {}; it is not there yet.", words::day(late));
        findings.push(Finding::new("need-not-delivered", Level::Info, reference, sentence).with(for_what));
    }
}
