//! The fields of one record, edited where they stand. Every row shows what is open between people right under itself.

use super::{desk::Desk, words};
use crate::components::{
    avatar::{disc, empty_disc},
    choice::{Choice, ChoiceField, choice},
    date_field::{DateField, date_field},
    day,
    icon::{Icon, icon},
    line::{LineField, line, title_line},
    moment,
    splice::Splice,
    text_editor::{TextField, text_editor},
    values::{OpenValue, open_values},
};
use ids::{MemberId, Utf16Offset};
use leptos::{
    ev,
    html::{button, dd, div, dt, h2, h3, section, span},
    prelude::*,
};
use std::sync::Arc;
use workspace::{Date, Edit, Field, Kind, Record, RecordRef, Scalar, schema};

/// One record on the screen.
#[derive(Clone, Copy)]
pub(crate) struct Sheet {
    pub(crate) desk: Desk,
    pub(crate) record: RecordRef,
    /// The record as it is now.
    pub(crate) now: Signal<Option<Arc<Record>>>,
    pub(crate) read_only: Signal<bool>,
}

impl Sheet {
    pub(crate) fn of(desk: Desk, record: RecordRef) -> Self {
        let now = desk.signal(record);
        let read_only = Signal::derive(move || {
            now.with(|now| now.as_ref().is_none_or(|now| now.is_deleted())) || desk.is_read_only()
        });
        Self { desk, record, now, read_only }
    }

    /// One thing read from the record; its default while the record is not here.
    pub(crate) fn read<T: Default>(&self, read: impl Fn(&Record) -> T) -> T {
        self.now.with(|now| now.as_deref().map(read).unwrap_or_default())
    }

    /// Likewise, as a signal that changes only when the answer does.
    pub(crate) fn derive<T>(&self, read: impl Fn(&Record) -> T + Send + Sync + 'static) -> Signal<T>
    where
        T: Default + PartialEq + Send + Sync + 'static,
    {
        let this = *self;
        Memo::new(move |_| this.read(&read)).into()
    }

    /// Writes one register.
    pub(crate) fn set(&self, field: Field, value: Option<Scalar>) {
        let edit = Edit::Set { record: self.record, field, value };
        self.desk.act(&format!("{}.{}", words::noun(self.record.kind, None), field.key()), vec![edit]);
    }

    fn longest(&self, field: Field) -> usize {
        match schema::spec(self.record.kind, field).map(|spec| spec.ty) {
            Some(schema::Type::Line(longest)) => longest,
            _ => schema::TITLE_CHARS_MAX,
        }
    }
}

/// The title, as the head of the panel.
pub(crate) fn title(sheet: Sheet) -> AnyView {
    let field = LineField {
        label: "Title".to_owned(),
        value: sheet.derive(|record| record.title().to_owned()),
        set: Callback::new(move |title: String| sheet.set(Field::Title, Some(title.into()))),
        placeholder: "Untitled",
        class: "inline title-edit",
        may_be_empty: false,
        longest: sheet.longest(Field::Title),
        read_only: sheet.read_only,
    };
    // The field is no heading; the structure of the panel needs one.
    let heading = h2().class("said").child(move || sheet.read(|record| record.title().to_owned()));
    (heading, title_line(field), contested(sheet, "Title", Field::Title)).into_any()
}

/// A value whose parts are written together: its words, and the button that opens its form.
pub(crate) fn shown(
    sheet: Sheet,
    what: &'static str,
    words: impl IntoView + 'static,
    is_open: RwSignal<bool>,
) -> AnyView {
    let edit = move || {
        (!sheet.read_only.get()).then(|| {
            button()
                .attr("type", "button")
                .class("button bare quiet")
                .attr("aria-label", format!("Change the {what}"))
                .attr("aria-expanded", move || is_open.get().to_string())
                .on(ev::click, move |_| is_open.update(|open| *open = !*open))
                .child(icon(Icon::Pen))
        })
    };
    div().class("beside").child((span().class("plain").child(words.into_any()), edit)).into_any()
}

/// A label and what stands beside it.
pub(crate) fn row(label: impl Into<String>, content: impl IntoView + 'static) -> AnyView {
    (dt().child(label.into()), dd().child(content.into_any())).into_any()
}

/// One line of words.
pub(crate) fn line_row(sheet: Sheet, label: &str, field: Field, placeholder: &'static str) -> AnyView {
    let input = line(LineField {
        label: label.to_owned(),
        value: sheet.derive(move |record| record.line(field).unwrap_or_default().to_owned()),
        set: Callback::new(move |line: String| sheet.set(field, (!line.is_empty()).then(|| line.into()))),
        placeholder,
        class: "inline",
        may_be_empty: true,
        longest: sheet.longest(field),
        read_only: sheet.read_only,
    });
    row(label, (input, contested(sheet, label, field)))
}

/// One of the words that the schema has for the field.
pub(crate) fn choice_row(
    sheet: Sheet,
    label: &str,
    field: Field,
    offered: Vec<Choice>,
    none: &'static str,
) -> AnyView {
    let select = choice(ChoiceField {
        label: label.to_owned(),
        choices: Signal::stored(offered),
        value: sheet.derive(move |record| record.line(field).unwrap_or_default().to_owned()),
        set: Callback::new(move |value: String| sheet.set(field, (!value.is_empty()).then(|| value.into()))),
        none: Some(none),
        class: "inline",
        read_only: sheet.read_only,
    });
    row(label, (select, contested(sheet, label, field)))
}

/// A member, with the disc beside the name; nobody is a visible gap.
pub(crate) fn member_row(sheet: Sheet, label: &str, field: Field, none: &'static str) -> AnyView {
    let member = sheet.derive(move |record| record.id_of(field).map(MemberId));
    let face = move || match member.get().and_then(|member| sheet.desk.face(member)) {
        Some(face) => disc(&face, "avatar"),
        None => empty_disc(),
    };
    let select = choice(ChoiceField {
        label: label.to_owned(),
        choices: Signal::derive(move || sheet.desk.member_choices()),
        value: Signal::derive(move || member.get().map(|member| member.to_string()).unwrap_or_default()),
        set: Callback::new(move |value: String| sheet.set(field, (!value.is_empty()).then(|| value.into()))),
        none: Some(none),
        class: "inline",
        read_only: sheet.read_only,
    });
    row(label, (div().class("with-avatar").child((face, select)), contested(sheet, label, field)))
}

/// A day.
pub(crate) fn date_row(sheet: Sheet, label: &str, field: Field) -> AnyView {
    let input = date_field(DateField {
        label: label.to_owned(),
        value: sheet.derive(move |record| record.date(field)),
        set: Callback::new(move |date: Option<Date>| {
            sheet.set(field, date.map(|date| date.to_string().into()))
        }),
        class: "inline numbers",
        read_only: sheet.read_only,
    });
    row(label, (input, contested(sheet, label, field)))
}

/// A whole number: a year, a count.
pub(crate) fn whole_row(sheet: Sheet, label: &str, field: Field, placeholder: &'static str) -> AnyView {
    let input = line(LineField {
        label: label.to_owned(),
        value: sheet.derive(move |record| record.int(field).map(|int| int.to_string()).unwrap_or_default()),
        set: Callback::new(move |line: String| match line.trim().parse::<i64>() {
            Ok(int) => sheet.set(field, Some(Scalar::Int(int))),
            Err(_) if line.trim().is_empty() => sheet.set(field, None),
            Err(_) => sheet.desk.toasts.say(format!("\u{201c}{line}\u{201d} is no whole number")),
        }),
        placeholder,
        class: "inline numbers",
        may_be_empty: true,
        longest: 12,
        read_only: sheet.read_only,
    });
    row(label, (input, contested(sheet, label, field)))
}

/// A text that several people may write at once, under its own heading.
pub(crate) fn text_section(sheet: Sheet, heading: &str, field: Field, placeholder: &'static str) -> AnyView {
    section()
        .child((h3().child(heading.to_owned()), text(sheet, heading, field, placeholder, false)))
        .into_any()
}

/// The text alone.
pub(crate) fn text(
    sheet: Sheet,
    label: &str,
    field: Field,
    placeholder: &'static str,
    is_short: bool,
) -> AnyView {
    text_editor(TextField {
        label: label.to_owned(),
        text: sheet.derive(move |record| record.text(field).to_owned()),
        splice: Callback::new(move |splice: Splice| {
            let Splice { at, delete, insert } = splice;
            let edit = Edit::Splice { record: sheet.record, field, at: Utf16Offset(at), delete, insert };
            sheet.desk.act(&format!("{}.write", words::noun(sheet.record.kind, None)), vec![edit]);
        }),
        placeholder,
        read_only: sheet.read_only,
        is_short,
    })
}

/// What several people wrote into one field at the same time, with a way to keep one. Nothing while all is settled.
pub(crate) fn contested(sheet: Sheet, label: &str, field: Field) -> AnyView {
    let label = label.to_owned();
    let open = sheet.derive(move |record| {
        let Some(register) = record.register(field).filter(|register| register.is_contested()) else {
            return Vec::new();
        };
        let shown = register.shown();
        register
            .candidates()
            .map(|(value, writer)| (value.clone(), writer.clone(), Some(value) == shown))
            .collect::<Vec<_>>()
    });
    (move || {
        let open = open.get();
        (!open.is_empty()).then(|| {
            let written = sheet.desk.written(sheet.record, field);
            let today = sheet.desk.today().get();
            let values = open
                .into_iter()
                .map(|(value, writer, counts)| {
                    let name = sheet.desk.name_of_actor(&writer);
                    let who = match written.get(&writer) {
                        Some(at) => format!("{name}, {}", moment::short(*at, today)),
                        None => name,
                    };
                    let words = value_words(sheet.desk, &value);
                    OpenValue {
                        words,
                        who,
                        counts,
                        keep: Callback::new(move |()| sheet.set_chosen(field, value.clone())),
                    }
                })
                .collect();
            open_values(label.clone(), values)
        })
    })
    .into_any()
}

impl Sheet {
    /// Settles a field: for a state the choice is a move with its story, for everything else the value is written again.
    fn set_chosen(&self, field: Field, value: Scalar) {
        match (field, value.as_text()) {
            (Field::Status, Some(to)) => {
                let note = "Chosen between values written at the same time".to_owned();
                let edit = Edit::Move { record: self.record, to: to.to_owned(), note };
                self.desk.act(&format!("{}.settle", words::noun(self.record.kind, None)), vec![edit]);
            }
            _ => self.set(field, Some(value)),
        }
    }
}

/// A value in words: a member's name, a day, a title, a word of the schema.
pub(crate) fn value_words(desk: Desk, value: &Scalar) -> String {
    match value {
        Scalar::Flag(true) => "yes".to_owned(),
        Scalar::Flag(false) => "no".to_owned(),
        Scalar::Int(int) => int.to_string(),
        Scalar::Atom(json) => {
            let part = |name: &str| {
                json.get(name).and_then(|part| {
                    part.as_str().map(str::to_owned).or_else(|| part.as_i64().map(|int| int.to_string()))
                })
            };
            let due = part("due")
                .or_else(|| part("date"))
                .and_then(|due| due.parse::<Date>().ok())
                .map(day::in_full);
            let words: Vec<String> = [part("value"), part("unit"), due].into_iter().flatten().collect();
            if words.is_empty() { value.to_string() } else { words.join(" ") }
        }
        Scalar::Text(text) => {
            if let Ok(date) = text.parse::<Date>() {
                return day::in_full(date);
            }
            if let Ok(id) = text.parse() {
                let member = desk.face(MemberId(id)).map(|face| face.name);
                let record = || {
                    Kind::ALL
                        .iter()
                        .find_map(|kind| desk.record_untracked(RecordRef::new(*kind, id)))
                        .map(|record| record.title().to_owned())
                };
                return member.or_else(record).unwrap_or_else(|| text.clone());
            }
            let is_word = !text.contains(' ')
                && text.chars().all(|char| char.is_ascii_lowercase() || char == '-' || char == '_');
            if is_word { words::label(text) } else { text.clone() }
        }
    }
}
