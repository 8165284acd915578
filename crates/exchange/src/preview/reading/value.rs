//! One cell as a value.

use super::{Progress, Reading, comes_in_parts};
use crate::{
    Cell, Column, cell,
    column::members_of,
    mapping::{codes, names_people},
    preview::draft::{Draught, Who},
    vocabulary,
};
use ids::RecordId;
use serde_json::{Value as Json, json};
use workspace::{
    Date, Decimal, Field, Kind, Period, RecordRef, Relation, Scalar,
    lens::Score,
    schema::{self, Mark, Type},
};

/// What a cell says.
pub(super) enum Read {
    Nothing,
    Id(RecordId),
    Reference(String),
    Scores(Vec<Score>),
    Level(u8),
    Confidences(Vec<i64>),
    Bases(Vec<String>),
    Links(Relation, Vec<RecordRef>),
    Part(Json),
    Rest(Json),
    Field(Draught),
}

/// Why a cell says nothing we can keep, as a sentence.
pub(super) struct Refused(pub(super) String);

fn refuse<T>(what: impl Into<String>) -> Result<T, Refused> {
    Err(Refused(what.into()))
}

impl Reading<'_> {
    pub(super) fn value(
        &self,
        progress: &mut Progress,
        column: Column,
        cell: &Cell,
    ) -> Result<Read, Refused> {
        let own = cell.to_string();
        let text = if matches!(cell, Cell::Text(_)) { cell::rearm(&own) } else { &own };
        match column {
            Column::Id => {
                text.parse().map(Read::Id).map_err(|_| Refused(format!("{text:?} is not the id of a record")))
            }
            Column::Reference => Ok(Read::Reference(text.to_owned())),
            Column::Score(_) => self.scores(text),
            Column::Likelihood(_) | Column::Consequence(_) => self.level(column, text),
            Column::Confidence(_) => {
                let all = cell::split(text).iter().map(|one| one.parse().ok()).collect::<Option<Vec<i64>>>();
                match all.filter(|all| all.iter().all(|one| (0..=3).contains(one))) {
                    Some(all) => Ok(Read::Confidences(all)),
                    None => refuse(format!("{text:?} is not a confidence from 1 to 3; it is left out")),
                }
            }
            Column::Basis(_) => {
                // Line breaks and semicolons are part of a reason; only a pipe parts two.
                let bases =
                    if text.contains(['|', '\\']) { cell::split(text) } else { vec![text.to_owned()] };
                match bases.iter().all(|basis| basis.chars().count() <= 300) {
                    true => Ok(Read::Bases(bases)),
                    false => refuse("a reason has at most 300 characters; it is left out"),
                }
            }
            Column::Link(relation) => self.links(progress, column, relation, text),
            Column::Part(_, _) => match self.scalar(progress, column, cell, text)? {
                Some(Scalar::Atom(json)) => Ok(Read::Part(json)),
                Some(Scalar::Flag(flag)) => Ok(Read::Part(flag.into())),
                Some(Scalar::Int(int)) => Ok(Read::Part(int.into())),
                Some(Scalar::Text(text)) => Ok(Read::Part(text.into())),
                None => Ok(Read::Nothing),
            },
            Column::Field(field) => self.field(progress, column, field, cell, text),
        }
    }

    fn field(
        &self,
        progress: &mut Progress,
        column: Column,
        field: Field,
        cell: &Cell,
        text: &str,
    ) -> Result<Read, Refused> {
        let kind = self.mapping.kind;
        let Some(spec) = schema::spec(kind, field) else { return Ok(Read::Nothing) };
        if names_people(kind, column) {
            return self.people(progress, column, spec.mark, text);
        }
        if kind == Kind::Grant && field == Field::Holder {
            return self.holder(text);
        }
        match spec.mark {
            Mark::Text => Ok(Read::Field(Draught::Words(text.to_owned()))),
            Mark::Set => {
                let mut members = cell::split(text);
                if let Some(kind) = members_of(field) {
                    let mut found = Vec::new();
                    for name in members {
                        match self.named(&name, &[kind]) {
                            Some(record) => found.push(record.id.to_string()),
                            None => self.complain(
                                progress,
                                column,
                                format!("there is no {name:?} here; it is left out"),
                            ),
                        }
                    }
                    members = found;
                }
                Ok(if members.is_empty() { Read::Nothing } else { Read::Field(Draught::Members(members)) })
            }
            Mark::Keyed => match json_of(text)? {
                Json::Object(keys) => Ok(Read::Field(Draught::Keyed(keys.into_iter().collect()))),
                _ => refuse("expected a JSON object; it is left out"),
            },
            Mark::Atom | Mark::Superseding if comes_in_parts(kind, field) => {
                let json = json_of(text)?;
                match (spec.mark, &json) {
                    (_, Json::Object(_)) => Ok(Read::Rest(json)),
                    (Mark::Superseding, Json::Array(entries)) if entries.iter().all(Json::is_object) => {
                        Ok(Read::Rest(json))
                    }
                    (Mark::Atom, _) if spec.ty == Type::Json => {
                        Ok(Read::Field(Draught::Scalar(Scalar::Atom(json))))
                    }
                    _ => refuse("expected a JSON object; it is left out"),
                }
            }
            _ => Ok(match self.scalar(progress, column, cell, text)? {
                Some(scalar) => Read::Field(Draught::Scalar(scalar)),
                None => Read::Nothing,
            }),
        }
    }

    /// A register, or a part of an atom.
    fn scalar(
        &self,
        progress: &mut Progress,
        column: Column,
        cell: &Cell,
        text: &str,
    ) -> Result<Option<Scalar>, Refused> {
        let kind = self.mapping.kind;
        let variant = progress.draft.line(Field::Kind).map(str::to_owned);
        let Some(ty) = column.ty(kind) else { return Ok(None) };
        if let Some(known) = codes(kind, column, variant.as_deref()) {
            return self.code(column, ty, text, &known);
        }
        let none = |expected: &str| refuse(format!("{text:?} is not {expected}; it is left out"));
        Ok(Some(match ty {
            Type::Line(_) => text.split_whitespace().collect::<Vec<_>>().join(" ").into(),
            Type::Prose(_) => text.into(),
            Type::Date => self.day(cell, text)?.into(),
            Type::Moment => match text.parse::<i64>() {
                Ok(moment) => moment.into(),
                Err(_) => self.day(cell, text)?.start().into(),
            },
            Type::Int(min, max) => {
                let whole = cell::decimal(text, self.mapping.decimals.or(Some(crate::DecimalMark::Point)));
                match whole.and_then(|whole| whole.to_string().parse::<i64>().ok()) {
                    Some(whole) if (min..=max).contains(&whole) => whole.into(),
                    _ => return none(&format!("a whole number from {min} to {max}")),
                }
            }
            Type::Decimal => self.decimal(cell, text)?.to_string().into(),
            Type::Period => match text.parse::<Period>() {
                Ok(_) => text.into(),
                Err(_) => match self.day(cell, text) {
                    Ok(day) => Period::month_of(day).to_string().into(),
                    Err(_) => return none("a month like 2026-03 or a week like 2026-W14"),
                },
            },
            Type::Id(kinds) => match self.named(text, kinds) {
                Some(record) => record.id.into(),
                None => return refuse(format!("there is no {text:?} here, or several; it is left out")),
            },
            Type::AnyRecord => match self.named(text, Kind::ALL) {
                Some(record) => record.to_string().into(),
                None => return refuse(format!("there is no {text:?} here, or several; it is left out")),
            },
            Type::Score => match text.parse::<Score>() {
                Ok(score) => score.to_string().into(),
                Err(()) => return none("a score like 4x3"),
            },
            Type::Object | Type::Json => Scalar::Atom(json_of(text)?),
            // Codes are above; texts and sets are other marks; positions are made.
            Type::OneOf(_) | Type::State | Type::Flag | Type::Words | Type::Keys | Type::Position => {
                return Ok(None);
            }
        }))
    }

    fn code(
        &self,
        column: Column,
        ty: Type,
        text: &str,
        known: &[&'static str],
    ) -> Result<Option<Scalar>, Refused> {
        let code = match self.mapping.code(column, text, known) {
            Some(code) => code,
            None if ty == Type::Flag => {
                vocabulary::flag(text).map(|flag| if flag { "yes" } else { "no" }.to_owned())
            }
            None => None,
        };
        let chosen = self.mapping.words.get(&column).is_some_and(|words| words.contains_key(text.trim()));
        match code {
            Some(code) if ty == Type::Flag => Ok(Some((code == "yes").into())),
            Some(code) => Ok(Some(code.into())),
            None if chosen => Ok(None),
            None => {
                refuse(format!("{text:?} means nothing here (known: {}); it is left out", known.join(", ")))
            }
        }
    }

    fn day(&self, cell: &Cell, text: &str) -> Result<Date, Refused> {
        if let Cell::Day(day) = cell {
            return Ok(*day);
        }
        match (cell::day(text, self.mapping.dates), cell::form(text)) {
            (Some(day), _) => Ok(day),
            (None, Some(cell::DateForm::Either)) => refuse(format!(
                "{text:?} can be read in two ways; say whether the day comes first. It is left out"
            )),
            _ => refuse(format!("{text:?} is not a day like 2026-12-31 or 31.12.2026; it is left out")),
        }
    }

    fn decimal(&self, cell: &Cell, text: &str) -> Result<Decimal, Refused> {
        if let Cell::Number(number) = cell
            && let Ok(number) = number.parse()
        {
            return Ok(number);
        }
        match (cell::decimal(text, self.mapping.decimals), cell::shape(text)) {
            (Some(number), _) => Ok(number),
            (None, Some(cell::Shape::Either)) => refuse(format!(
                "{text:?} can be read in two ways; say what the decimal mark is. It is left out"
            )),
            _ => refuse(format!("{text:?} is not a number; it is left out")),
        }
    }

    fn scores(&self, text: &str) -> Result<Read, Refused> {
        let score = |one: &str| {
            let (likelihood, consequence) = cell::halves(one)?;
            let scale = self.mapping.scale;
            Score::new(cell::level(likelihood, scale)?, cell::level(consequence, scale)?)
        };
        match cell::split(text).iter().map(|one| score(one)).collect::<Option<Vec<_>>>() {
            Some(scores) if !scores.is_empty() => Ok(Read::Scores(scores)),
            _ => {
                let highest = self.mapping.scale.highest();
                refuse(format!("{text:?} is not a score like {highest}x{highest}; it is left out"))
            }
        }
    }

    fn level(&self, column: Column, text: &str) -> Result<Read, Refused> {
        let chosen = self.mapping.words.get(&column).and_then(|words| words.get(text.trim()));
        let level = match chosen {
            Some(None) => return Ok(Read::Nothing),
            Some(Some(level)) => level.parse().ok().filter(|level| (1..=5).contains(level)),
            None => cell::level(text, self.mapping.scale),
        };
        match level {
            Some(level) => Ok(Read::Level(level)),
            None => {
                let highest = self.mapping.scale.highest();
                refuse(format!("{text:?} is not on the scale from 1 to {highest}; it is left out"))
            }
        }
    }

    fn links(
        &self,
        progress: &mut Progress,
        column: Column,
        relation: Relation,
        text: &str,
    ) -> Result<Read, Refused> {
        // A title may have a semicolon in it, so the whole cell is tried first.
        let names = match self.named(text, Kind::ALL) {
            Some(_) => vec![text.to_owned()],
            None => cell::split(text),
        };
        let mut records = Vec::new();
        for name in names {
            match self.named(&name, likely(relation)).or_else(|| self.named(&name, Kind::ALL)) {
                Some(record) => records.push(record),
                None => {
                    let what = format!("there is no record {name:?} here, or several; the link is left out");
                    self.complain(progress, column, what);
                }
            }
        }
        Ok(if records.is_empty() { Read::Nothing } else { Read::Links(relation, records) })
    }

    fn people(
        &self,
        progress: &mut Progress,
        column: Column,
        mark: Mark,
        text: &str,
    ) -> Result<Read, Refused> {
        if mark != Mark::Set {
            let who = self.person(text)?;
            return Ok(who.map_or(Read::Nothing, |who| Read::Field(Draught::Person(who))));
        }
        let mut people: Vec<Who> = Vec::new();
        for name in cell::split(text) {
            match self.person(&name) {
                Ok(who) => people.extend(who),
                Err(Refused(what)) => self.complain(progress, column, what),
            }
        }
        Ok(if people.is_empty() { Read::Nothing } else { Read::Field(Draught::People(people)) })
    }

    /// Who holds an authority: a member, a seat or everyone.
    fn holder(&self, text: &str) -> Result<Read, Refused> {
        let word = text.trim().to_lowercase();
        if ["everyone", "all", "alle", "jeder"].contains(&word.as_str()) {
            return Ok(Read::Field(Draught::Scalar("everyone".into())));
        }
        if let Some(record) = self.named(text, &[Kind::Member, Kind::Seat]) {
            return Ok(Read::Field(Draught::Scalar(record.id.into())));
        }
        let who = self.person(text)?;
        Ok(who.map_or(Read::Nothing, |who| Read::Field(Draught::Person(who))))
    }
}

/// Where a title alone is meant to lead.
fn likely(relation: Relation) -> &'static [Kind] {
    match relation {
        Relation::Serves => &[Kind::Goal, Kind::Requirement],
        Relation::Upholds => &[Kind::Commitment],
        Relation::Threatens | Relation::Helps => &[Kind::Objective],
        Relation::Treats => &[Kind::Register],
        Relation::Realises => &[Kind::Register, Kind::Decision],
        Relation::Needs => &[Kind::Need],
        _ => Kind::ALL,
    }
}

fn json_of(text: &str) -> Result<Json, Refused> {
    // Numbers with fractions cannot be kept; serde_json's limit of 128 levels bounds the stack.
    match serde_json::from_str::<Json>(text) {
        Ok(json) => Ok(json),
        Err(_) => refuse(format!(
            "{} is not JSON as an exported file has it; it is left out",
            json!(text.chars().take(40).collect::<String>())
        )),
    }
}
