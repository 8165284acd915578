//! Values that people wrote apart and nobody has chosen between. All are kept; the cautious one counts meanwhile.

use super::{Finding, Level, Offer};
use crate::{AsOf, words};
use workspace::lens::{Step, owner_field};
use workspace::{Field, Kind, Record, Register, Scalar};

pub(super) fn find(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    for (field, key, register) in record.contested() {
        match field {
            // These have rules of their own.
            _ if owner_field(record.kind) == Some(field) => {}
            Field::Frozen | Field::Deleted => {}
            Field::Status => state(as_of, record, register, findings),
            Field::Target => target(as_of, record, register, findings),
            _ => value(as_of, record, field, key, register, findings),
        }
    }
}

/// "“A” by Tom and “B” by Clara", the one that counts first.
fn open_values(as_of: &AsOf<'_>, register: &Register, in_words: impl Fn(&Scalar) -> String) -> String {
    let shown = register.shown();
    let mut open: Vec<_> = register.candidates().collect();
    open.sort_by_key(|(value, _)| Some(*value) != shown);
    let said =
        open.into_iter().map(|(value, actor)| format!("{} by {}", in_words(value), as_of.writer(actor)));
    words::list(said.collect())
}

fn value(
    as_of: &AsOf<'_>,
    record: &Record,
    field: Field,
    key: Option<&str>,
    register: &Register,
    findings: &mut Vec<Finding>,
) {
    let number = register.values().len();
    let many = match number {
        2 => "Two".to_owned(),
        more => more.to_string(),
    };
    let named = match (field, key) {
        (Field::Title, _) => format!("{many} titles"),
        (_, Some(key)) => format!("{many} values for the {} of {}", words::field(field), in_team(as_of, key)),
        (_, None) => format!("{many} values for the {}", words::field(field)),
    };
    let open = open_values(as_of, register, |value| readable(as_of, value));
    let of = if matches!(record.kind, Kind::Settings | Kind::Direction | Kind::Meta) {
        String::new()
    } else {
        format!(" of {}", as_of.title(record.reference()))
    };
    let rule = if field == Field::Title { "two-titles" } else { "values-apart" };
    let sentence = format!("{named}{of}: {open}. The first one counts until somebody picks.");
    let about = key.map_or_else(|| field.to_string(), |key| format!("{field}.{key}"));
    let offer = Offer::Choose { field, key: key.map(str::to_owned) };
    findings
        .push(Finding::new(rule, Level::Watch, record.reference(), sentence).about(about).offering([offer]));
}

/// A key that is a member's id is that member.
fn in_team(as_of: &AsOf<'_>, key: &str) -> String {
    let member = key.parse().ok().and_then(|member| as_of.member(member));
    member.map_or_else(|| words::plain(key), |member| member.name.clone())
}

/// A value that is the id of a member or record is told by its name.
fn readable(as_of: &AsOf<'_>, value: &Scalar) -> String {
    let id = value.as_text().and_then(|text| text.parse::<ids::RecordId>().ok());
    let Some(id) = id else { return words::value(value) };
    if let Some(member) = as_of.member(ids::MemberId(id)) {
        return member.name.clone();
    }
    let known = Kind::ALL.iter().find_map(|kind| as_of.view.get(*kind, id));
    words::quoted(known.map(AsRef::as_ref))
}

fn target(as_of: &AsOf<'_>, record: &Record, register: &Register, findings: &mut Vec<Finding>) {
    let open = open_values(as_of, register, |value| {
        let part = |key: &str| value.as_atom().and_then(|atom| atom.get(key)).and_then(|part| part.as_str());
        let unit = part("unit").map_or_else(String::new, |unit| format!(" {unit}"));
        let due = part("due").and_then(|due| due.parse().ok());
        let due = due.map_or_else(String::new, |due| format!(" until {}", words::day(due)));
        format!("{}{unit}{due}", part("value").unwrap_or("?"))
    });
    let sentence = format!(
        "Two targets for {}: {open}. The harder one counts; which one holds is a decision.",
        as_of.title(record.reference())
    );
    findings.push(
        Finding::new("two-targets", Level::Alert, record.reference(), sentence)
            .offering([Offer::Decide, Offer::Choose { field: Field::Target, key: None }]),
    );
}

/// Led to two states apart: both stories are told.
fn state(as_of: &AsOf<'_>, record: &Record, register: &Register, findings: &mut Vec<Finding>) {
    let steps = Step::all(record);
    let story = |value: &Scalar| {
        let state = value.as_text().unwrap_or_default();
        let step = steps.iter().rfind(|step| step.to == state);
        let who = step.and_then(|step| step.by).map_or("somebody", |by| as_of.name(by));
        let note = step.map(|step| step.note.trim()).filter(|note| !note.is_empty());
        let note = note.map_or_else(String::new, |note| format!(" (“{note}”)"));
        format!("{who} said “{}”{note}", words::plain(state))
    };
    let shown = register.shown();
    let mut values: Vec<&Scalar> = register.values().iter().collect();
    values.sort_by_key(|value| Some(*value) != shown);
    let sentence = format!(
        "{} was moved in two ways apart: {}. Which holds? Until then “{}” counts.",
        as_of.title(record.reference()),
        words::list(values.into_iter().map(story).collect()),
        words::plain(shown.and_then(Scalar::as_text).unwrap_or_default())
    );
    findings.push(
        Finding::new("states-apart", Level::Alert, record.reference(), sentence)
            .offering([Offer::ChooseState]),
    );
}
