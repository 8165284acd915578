//! The eight people and their seats, and how the workspace is set up.

use crate::{
    data::{Data, DataError, title_of},
    script::{Script, create, set, words},
};
use workspace::{Edit, Field, Initial, Kind, RecordRef};

/// Presence hues of the house, one each, so that no two of the eight look alike.
const HUES: [&str; 8] = ["ink", "violet", "teal", "umber", "olive", "plum", "indigo", "forest"];

/// Code, title, holder, deputy, duties.
type SeatRow = (&'static str, &'static str, &'static str, Option<&'static str>, &'static [&'static str]);
const SEATS: &[SeatRow] = &[
    ("seat-ceo", "Chief executive", "m-ceo", Some("m-coo"), &["direction", "review", "policy"]),
    ("seat-coo", "Operations", "m-coo", None, &["product-release", "infrastructure"]),
    ("seat-cfo", "Finance", "m-cfo", Some("m-ceo"), &["means"]),
    ("seat-qa", "Quality and compliance", "m-qa", Some("m-cto"), &["quality-coordination", "audits"]),
    ("seat-cco", "Sales and service", "m-cco", Some("m-coo"), &["customer-focus"]),
    ("seat-cto", "Product and engineering", "m-cto", Some("m-qa"), &["design", "change"]),
    ("seat-cos", "Chief of staff", "m-cos", Some("m-hr"), &["facilitation"]),
    ("seat-hr", "People", "m-hr", Some("m-cos"), &["competence", "concerns"]),
];

pub(super) fn define(script: &mut Script, _data: &Data) {
    for (code, ..) in SEATS {
        script.define(code, Kind::Seat, -719);
    }
}

pub(super) fn tell(script: &mut Script, data: &Data) -> Result<(), DataError> {
    let settings = RecordRef::singleton(Kind::Settings);
    let mut edits = vec![
        set(settings, Field::Name, "Vantry Fluidics"),
        set(settings, Field::Sector, "Precision dosing pumps"),
        set(settings, Field::Headcount, 132),
        set(settings, Field::Currency, "EUR"),
        set(settings, Field::Locale, "en-GB"),
        set(settings, Field::Timezone, "Europe/Dublin"),
        set(settings, Field::EditionProfile, "2015-amd1"),
        set(settings, Field::FiscalYearStart, 1),
        set(settings, Field::AnswerPromiseDays, 5),
        set(settings, Field::RequireOtherVerifier, true),
    ];
    for site in ["Kelder", "Orrin"] {
        edits.push(Edit::Include { record: settings, field: Field::Sites, member: site.to_owned() });
    }
    for (category, score) in &data.appetite {
        edits.push(Edit::SetKey {
            record: settings,
            field: Field::Appetite,
            key: category.clone(),
            value: Some((*score).into()),
        });
    }
    script.import(-720, "workspace.found", edits);
    for (member, hue) in data.members.iter().zip(HUES) {
        let record = script.names.of(&member.0)?;
        let kind = match member.3.as_str() {
            _ if member.4 => "top",
            part @ ("facilitator" | "custodian") => part,
            _ => "lead",
        };
        let initials: String = member.1.split_whitespace().filter_map(|word| word.chars().next()).collect();
        let fields = vec![
            (Field::Title, words(&member.1)),
            (Field::RoleTitle, words(title_of(&member.2))),
            (Field::Kind, words(kind)),
            (Field::Initials, words(&initials)),
            (Field::Colour, words(hue)),
        ];
        script.import(-720, "member.add", vec![create(record, fields)]);
    }
    for (code, title, holder, deputy, duties) in SEATS {
        let mut fields = vec![
            (Field::Title, words(title)),
            (Field::Holder, Initial::Scalar(script.id(holder)?)),
            (Field::Duties, Initial::Members(duties.iter().map(|duty| (*duty).to_owned()).collect())),
        ];
        if let Some(deputy) = deputy {
            fields.push((Field::Deputy, Initial::Scalar(script.id(deputy)?)));
        }
        if *code != "seat-ceo" {
            fields.push((Field::ReportsTo, Initial::Scalar(script.id("seat-ceo")?)));
        }
        let seat = script.names.of(code)?;
        script.import(-719, "seat.add", vec![create(seat, fields)]);
    }
    let custodian = set(settings, Field::Custodian, script.id("m-hr")?);
    script.import(-719, "workspace.custodian", vec![custodian]);
    Ok(())
}
