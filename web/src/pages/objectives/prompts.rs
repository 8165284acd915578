//! Three things worth asking about a figure: a value outside what it does by itself, eight in a row on one side of its
//! mean, three of four near a limit. The chart asks; people answer, and may write down a cause they know.

use crate::{
    components::{
        day,
        mark::{Tone, shape},
        number::plain,
    },
    pages::{ask::form, create::text_field, fields::Sheet},
};
use leptos::{
    ev,
    html::{button, div, li, p, ul},
    prelude::*,
};
use serde_json::json;
use workspace::{
    Decimal, Edit, Field, Kind, Period, RecordRef,
    health::{Prompt, xmr},
    lens::{Kpi, Series},
};

/// As many values as the chart shows.
const VALUES: usize = 24;
/// With fewer values the limits say nothing.
const VALUES_MIN: usize = 8;
/// Older prompts are history.
const LATEST: usize = 6;

/// A period with what is worth asking about it.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    period: Period,
    words: String,
    cause: Option<String>,
}

pub(super) fn prompts(sheet: Sheet, kpi: Memo<Option<Kpi>>, series: Memo<Series>) -> AnyView {
    let asked = Memo::new(move |_| {
        kpi.with(|kpi| kpi.as_ref().map(|kpi| series.with(|series| asked(kpi, series)))).unwrap_or_default()
    });
    let explaining = RwSignal::new(None::<Period>);
    let rows = move || {
        let id = kpi.with(|kpi| kpi.as_ref().map(|kpi| kpi.id));
        let is_read_only = sheet.read_only.get();
        asked
            .get()
            .into_iter()
            .map(|asked| {
                let period = asked.period;
                let cause = asked
                    .cause
                    .clone()
                    .map(|cause| p().class("quiet").child(format!("Known cause: {cause}")));
                let may_explain = asked.cause.is_none() && !is_read_only;
                let button = may_explain.then(|| {
                    button()
                        .attr("type", "button")
                        .class("button")
                        .on(ev::click, move |_| explaining.set(Some(period)))
                        .child("A cause is known\u{2026}")
                });
                let form = move || {
                    (explaining.get() == Some(period))
                        .then(|| id.map(|id| explain(sheet, id, period, explaining)))
                };
                li().child((shape(Tone::Watch), div().child((p().child(asked.words), cause, button, form))))
            })
            .collect_view()
    };
    let has_any = Memo::new(move |_| !asked.with(Vec::is_empty));
    (move || has_any.get().then(|| ul().class("prompts").attr("aria-label", "Worth asking").child(rows)))
        .into_any()
}

fn asked(kpi: &Kpi, series: &Series) -> Vec<Asked> {
    let mut values: Vec<(Period, f64)> =
        series.values().map(|(period, value)| (period, Decimal::as_f64(value))).collect();
    let values = values.split_off(values.len().saturating_sub(VALUES));
    if values.len() < VALUES_MIN {
        return Vec::new();
    }
    let numbers: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
    let Some(chart) = xmr(&numbers) else { return Vec::new() };
    let latest = values.len().saturating_sub(LATEST);
    let mut found: Vec<Asked> = Vec::new();
    // A run that goes on is one question, asked where it is now.
    let goes_on = |place: usize, prompt: Prompt| {
        prompt != Prompt::Outside && chart.prompts.contains(&(place + 1, prompt))
    };
    let now = chart.prompts.iter().filter(|(place, prompt)| *place >= latest && !goes_on(*place, *prompt));
    for (place, prompt) in now {
        let Some((period, value)) = values.get(*place).copied() else { continue };
        let when = day::period(&period.to_string());
        let words = match prompt {
            Prompt::Outside => format!(
                "{when}: {} lies outside {} to {}, which it stays within by itself. What happened?",
                plain(value),
                plain(rounded(chart.lower)),
                plain(rounded(chart.upper)),
            ),
            Prompt::EightOnOneSide => format!(
                "{when}: the eighth value in a row on one side of {}. Has something lasting changed?",
                plain(rounded(chart.mean))
            ),
            Prompt::NearALimit => {
                format!("{when}: three of the last four values are near a limit. Is something beginning?")
            }
        };
        let cause = kpi
            .known_causes
            .iter()
            .rev()
            .find(|known| known.period == period)
            .map(|known| known.text.clone());
        if found.iter().all(|known| known.period != period) {
            found.push(Asked { period, words, cause });
        }
    }
    found.reverse();
    found
}

fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn explain(
    sheet: Sheet,
    kpi: ids::RecordId,
    period: Period,
    explaining: RwSignal<Option<Period>>,
) -> AnyView {
    let desk = sheet.desk;
    let text = RwSignal::new(String::new());
    let is_open = RwSignal::new(true);
    Effect::new(move |_| {
        if !is_open.get() {
            explaining.set(None);
        }
    });
    let save = Callback::new(move |()| {
        let value = json!({ "period": period.to_string(), "text": text.get_untracked().trim() });
        let record = RecordRef::new(Kind::Kpi, kpi);
        let edit = Edit::Append { record, field: Field::KnownCauses, entry: desk.fresh_id(), value };
        if desk.act("kpi.explain", vec![edit]) {
            is_open.set(false);
        }
    });
    let is_ready = Signal::derive(move || text.with(|text| !text.trim().is_empty()));
    form(
        text_field("What happened", text, "Two test benches were down"),
        "Write it down",
        is_ready,
        save,
        is_open,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn a_run_that_goes_on_is_asked_about_once() {
        let mut period: Period = "2025-01".parse().unwrap();
        let mut series = Series::default();
        assert!(asked(&kpi(), &series).is_empty());
        let values = [9, 8, 9, 8, 9, 8, 9, 8, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2];
        let document = workspace::new_document(&ids::ActorId::new([1; 16])).unwrap();
        let mut document = document;
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let author = workspace::Author {
            member: ids::MemberId(ids::RecordId::from_bits(1)),
            device_label: String::new(),
        };
        let id = kpi().id;
        let mut edits = vec![Edit::Create {
            record: RecordRef::new(Kind::Kpi, id),
            fields: vec![(Field::Title, "K".into())],
        }];
        for (place, value) in values.iter().enumerate() {
            edits.push(Edit::Create {
                record: RecordRef::new(Kind::Measurement, ids::RecordId::from_bits(100 + place as u128)),
                fields: vec![
                    (Field::Kpi, id.to_string().into()),
                    (Field::Period, period.to_string().into()),
                    (Field::Value, json!({ "value": value.to_string() }).into()),
                ],
            });
            period = period.next();
        }
        let act = workspace::Act::new("test", edits);
        workspace::apply(&mut document, &author, ids::Timestamp::from_millis(1), &mut rng, &act).unwrap();
        series = Series::of(&workspace::View::read(&document), id);
        let runs = asked(&kpi(), &series).iter().filter(|asked| asked.words.contains("eighth")).count();
        assert_eq!(runs, 1);
    }

    fn kpi() -> Kpi {
        Kpi {
            id: ids::RecordId::from_bits(7),
            title: "K".to_owned(),
            unit: String::new(),
            better: None,
            dimension: None,
            incentivised: false,
            owners: Vec::new(),
            frequency: None,
            scheme: None,
            source: String::new(),
            standing_target: None,
            known_causes: Vec::new(),
            position: None,
        }
    }

    #[test]
    fn limits_are_told_with_one_decimal() {
        assert!((rounded(12.3456) - 12.3).abs() < 1e-9);
    }
}
