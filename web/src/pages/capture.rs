//! Quick capture from anywhere: two seconds from the key to an action that is saved.

use super::{
    create::{Draft, Form, choice_field, create_sheet, day_field},
    desk::Desk,
};
use crate::shell::routes::path_to;
use leptos::{html::div, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use workspace::{Edit, Field, Initial, Kind, RecordRef};

pub(crate) fn capture(is_open: RwSignal<bool>) -> AnyView {
    let desk = Desk::here();
    let navigate = use_navigate();
    let show = Callback::new(move |record: RecordRef| {
        navigate(&path_to(record), NavigateOptions::default());
    });
    let make = Callback::new(move |draft: Draft| {
        let Some(record) = create_action(desk, draft) else { return false };
        desk.toasts.offer(format!("Action \u{201c}{}\u{201d} added", draft.title()), "Open", move || {
            show.run(record)
        });
        true
    });
    create_sheet(is_open, ACTION, action_fields, make)
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
    let record = RecordRef::new(Kind::Action, desk.fresh_id());
    let mut fields: Vec<(Field, Initial)> = vec![(Field::Title, draft.title().into())];
    fields.extend(draft.owner_as(Field::Owner));
    if let Some(due) = draft.due.get_untracked() {
        fields.push((Field::Due, due.to_string().into()));
    }
    desk.act("action.add", vec![Edit::Create { record, fields }]).then_some(record)
}
