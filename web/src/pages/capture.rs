//! Quick capture from anywhere: two seconds from the key to an action, a risk, an opportunity or a note that is saved.

use super::{
    create::{Draft, Form, choice_field, create_sheet, day_field},
    desk::Desk,
    register::create_entry_for,
    words,
};
use crate::{
    components::choice::Choice,
    shell::routes::{path_to, record_at},
};
use leptos::{
    html::{div, p},
    prelude::*,
};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use workspace::{Edge, Edit, Field, Initial, Kind, RecordRef, Relation, acts, lens::EntryKind};

/// The door to quick capture; in the context of every screen.
#[derive(Clone, Copy)]
pub(crate) struct Capture {
    is_open: RwSignal<bool>,
    /// The record that something is added for.
    source: RwSignal<Option<RecordRef>>,
}

impl Capture {
    pub(crate) fn new() -> Self {
        Self { is_open: RwSignal::new(false), source: RwSignal::new(None) }
    }

    /// Something that has just come to mind.
    pub(crate) fn begin(&self) {
        self.source.set(None);
        self.is_open.set(true);
    }

    /// Something about a record: an action for it, or what bears on an objective.
    pub(crate) fn about(&self, record: RecordRef) {
        self.source.set(Some(record));
        self.is_open.set(true);
    }
}

pub(crate) fn capture(capture: Capture) -> AnyView {
    let desk = Desk::here();
    let path = use_location().pathname;
    let navigate = use_navigate();
    let show = Callback::new(move |record: RecordRef| {
        navigate(&path_to(record), NavigateOptions::default());
    });
    let make = Callback::new(move |draft: Draft| {
        let what = draft.choice.get_untracked();
        let made = match what.as_str() {
            NOTE => {
                let open = path.with_untracked(|path| record_at(path));
                return open.is_some_and(|record| note(desk, record, &draft));
            }
            "risk" | "opportunity" => create_entry_for(desk, draft, capture.source.get_untracked()),
            _ => create_action_for(desk, draft, capture.source.get_untracked()),
        };
        let Some(record) = made else { return false };
        let words = format!("{} \u{201c}{}\u{201d} added", words::label(&what), draft.title());
        desk.toasts.offer(words, "Open", move || show.run(record));
        true
    });
    create_sheet(capture.is_open, CAPTURE, fields, make)
}

const NOTE: &str = "note";

const CAPTURE: Form = Form {
    heading: "Capture",
    title_label: "In one line",
    placeholder: "Ask the second foundry for a sample",
    button: "Add",
    choice: "action",
};

/// What it is, and what belongs to that.
fn fields(draft: Draft) -> AnyView {
    let desk = Desk::here();
    let capture: Capture = expect_context();
    let path = use_location().pathname;
    let members = Signal::derive(move || desk.member_choices());
    let title = move |record: RecordRef| {
        desk.record(record).map(|record| record.title().to_owned()).unwrap_or_default()
    };
    let source = capture.source.get_untracked();
    let open = path.with_untracked(|path| record_at(path));
    let mut kinds = vec![
        Choice::new("action", "Action"),
        Choice::new("risk", "Risk"),
        Choice::new("opportunity", "Opportunity"),
    ];
    // Only an objective has both: what is done for it, and what bears on it.
    let has_choice = source.is_none_or(|source| source.kind == Kind::Objective);
    if source.is_none() && open.is_some() {
        kinds.push(Choice::new(NOTE, "Note on the open record"));
    }
    let what = has_choice.then(|| choice_field("What", Signal::stored(kinds), draft.choice, None));
    let about = move || match (source, open) {
        (Some(source), _) => Some(format!("For \u{201c}{}\u{201d}", title(source))),
        (None, Some(open)) if draft.choice.with(|what| what == NOTE) => {
            Some(format!("As a comment on \u{201c}{}\u{201d}", title(open)))
        }
        _ => None,
    };
    let more = move || match draft.choice.get().as_str() {
        NOTE => ().into_any(),
        "action" => {
            (choice_field("Owner", members, draft.owner, Some("No owner")), day_field("Due", draft.due))
                .into_any()
        }
        _ => choice_field("Owner", members, draft.owner, Some("No owner")),
    };
    (
        move || about().map(|words| p().class("second").child(words)),
        what.map(|what| div().class("sheet-row").child(what)),
        div().class("sheet-row").child(more),
    )
        .into_any()
}

fn note(desk: Desk, record: RecordRef, draft: &Draft) -> bool {
    let mentions = desk.called_in(&draft.title());
    let is_done = desk.perform(&acts::comment(record, desk.fresh_id(), &draft.title(), &mentions, None));
    if is_done {
        desk.toasts.say("Note added");
    }
    is_done
}

/// The words of the form for an action.
pub(crate) const ACTION: Form = Form {
    heading: "New action",
    title_label: "What is to be done",
    placeholder: "Qualify the second foundry",
    button: "Add action",
    choice: "",
};

/// Owner and due date.
pub(crate) fn action_fields(draft: Draft) -> AnyView {
    let desk = Desk::here();
    let members = Signal::derive(move || desk.member_choices());
    div()
        .class("sheet-row")
        .child((choice_field("Owner", members, draft.owner, Some("No owner")), day_field("Due", draft.due)))
        .into_any()
}

/// The new action, when the document took it.
pub(crate) fn create_action(desk: Desk, draft: Draft) -> Option<RecordRef> {
    create_action_for(desk, draft, None)
}

/// Likewise, linked to what it is for.
fn create_action_for(desk: Desk, draft: Draft, source: Option<RecordRef>) -> Option<RecordRef> {
    let record = RecordRef::new(Kind::Action, desk.fresh_id());
    let mut fields: Vec<(Field, Initial)> = vec![(Field::Title, draft.title().into())];
    fields.extend(draft.owner_as(Field::Owner));
    if let Some(due) = draft.due.get_untracked() {
        fields.push((Field::Due, due.to_string().into()));
    }
    let mut edits = vec![Edit::Create { record, fields }];
    if let Some(source) = source.and_then(|source| desk.record_untracked(source)) {
        let relation = match (source.kind, EntryKind::of(&source)) {
            (Kind::Register, EntryKind::Risk) => Relation::Treats,
            (Kind::Register, EntryKind::Opportunity) | (Kind::Decision, _) => Relation::Realises,
            _ => Relation::ComesFrom,
        };
        edits.push(Edit::Link(Edge::new(relation, record, source.reference())));
    }
    desk.act("action.add", edits).then_some(record)
}
