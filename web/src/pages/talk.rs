//! What people say about a record. Comments are never changed after they were sent; whoever considers one dealt with says
//! so, and anybody can open it again.

use super::fields::Sheet;
use crate::components::{
    avatar::{disc, empty_disc},
    icon::{Icon, icon},
    mark::{Tone, mark},
    mention::{Colleague, MentionField, Piece, called, mention_field, pieces},
    moment,
};
use ids::RecordId;
use leptos::{
    ev,
    html::{button, details, div, h3, li, p, section, span, strong, summary, ul},
    prelude::*,
    wasm_bindgen::JsCast,
};
use std::collections::BTreeSet;
use workspace::{Field, Kind, acts, lens::Comment, schema};

/// Whether people can talk about records of a kind.
fn can_be_discussed(kind: Kind) -> bool {
    schema::spec(kind, Field::Comments).is_some()
}

pub(crate) fn talk(sheet: Sheet) -> AnyView {
    if !can_be_discussed(sheet.record.kind) {
        return ().into_any();
    }
    let desk = sheet.desk;
    let people = Signal::derive(move || desk.colleagues());
    let comments = sheet.derive(Comment::all);
    let me = desk.me();
    let waiting = sheet.derive(move |record| {
        let waiting = Comment::waiting_for(record, me);
        waiting.into_iter().map(|comment| comment.id).collect::<BTreeSet<RecordId>>()
    });
    let thread = Thread { sheet, comments, waiting, people, answering: RwSignal::new(None) };
    // A thread is where its first comment is: answered, resolved and opened again as one.
    let roots = move |is_resolved: bool| {
        comments.with(|comments| {
            let roots = comments.iter().filter(|comment| is_root(comment, comments));
            let roots = roots.filter(|comment| comment.resolved.is_some() == is_resolved);
            roots.map(|comment| comment.id).collect::<Vec<_>>()
        })
    };
    let (open, resolved) = (Memo::new(move |_| roots(false)), Memo::new(move |_| roots(true)));
    let count = move || {
        let count = comments.with(Vec::len);
        (count > 0).then(|| span().class("quiet numbers").child(count))
    };
    let open_list = view! { <For each=move || open.get() key=|id| *id children=move |id| one(thread, id)/> };
    let closed = move || {
        let count = resolved.with(Vec::len);
        (count > 0).then(|| {
            let list =
                view! { <For each=move || resolved.get() key=|id| *id children=move |id| one(thread, id)/> };
            details().class("more").child((
                summary().child((icon(Icon::Right), format!("{count} resolved"))),
                ul().class("comments").child(list),
            ))
        })
    };
    section()
        .class("talk")
        .child((
            h3().child(("Comments", count)),
            ul().class("comments").child(open_list),
            closed,
            move || (!sheet.read_only.get()).then(|| writer(thread, None)),
        ))
        .into_any()
}

/// The comments of one record and who can be called in them.
#[derive(Clone, Copy)]
struct Thread {
    sheet: Sheet,
    comments: Signal<Vec<Comment>>,
    /// Those that call who works here and wait for an answer.
    waiting: Signal<BTreeSet<RecordId>>,
    people: Signal<Vec<Colleague>>,
    /// The comment that is being answered.
    answering: RwSignal<Option<RecordId>>,
}

impl Thread {
    fn read<T: Default>(&self, id: RecordId, read: impl Fn(&Comment) -> T) -> T {
        self.comments
            .with(|comments| comments.iter().find(|comment| comment.id == id).map(read).unwrap_or_default())
    }
}

/// Whether a comment begins a thread. An answer to an answer belongs to the same thread; what claims to answer something
/// that is not here, or that came later, stands by itself.
fn is_root(comment: &Comment, all: &[Comment]) -> bool {
    comment.reply_to.is_none_or(|to| all.iter().all(|other| other.id != to || other.id >= comment.id))
}

/// The comments of a thread after its first, by birth.
fn answers(root: RecordId, all: &[Comment]) -> Vec<RecordId> {
    let mut thread = BTreeSet::from([root]);
    let mut answers = Vec::new();
    // Whoever answers was written later, and comments come by birth.
    for comment in all {
        if comment.reply_to.is_some_and(|to| thread.contains(&to)) && thread.insert(comment.id) {
            answers.push(comment.id);
        }
    }
    answers
}

fn one(thread: Thread, root: RecordId) -> AnyView {
    let answers = Memo::new(move |_| thread.comments.with(|comments| answers(root, comments)));
    let is_resolved = Memo::new(move |_| thread.read(root, |comment| comment.resolved.is_some()));
    let list = view! { <For each=move || answers.get() key=|id| *id children=move |id| li().class("comment").child(said(thread, id))/> };
    let resolved_by = move || {
        is_resolved.get().then(|| {
            let by = thread.read(root, |comment| comment.resolved.and_then(|resolved| resolved.by));
            p().class("quiet").child(format!("Resolved by {}", thread.sheet.desk.name_of(by)))
        })
    };
    let foot = move || {
        let is_answering = thread.answering.get() == Some(root);
        (!thread.sheet.read_only.get() && !is_answering).then(|| foot(thread, root, is_resolved.get()))
    };
    let answer = move || (thread.answering.get() == Some(root)).then(|| writer(thread, Some(root)));
    li().class("thread")
        .child((
            div().class("comment").child(said(thread, root)),
            ul().class("answers").child(list),
            resolved_by,
            foot,
            answer,
        ))
        .into_any()
}

/// Who said it, when, and the words.
fn said(thread: Thread, id: RecordId) -> AnyView {
    let desk = thread.sheet.desk;
    let by = Memo::new(move |_| thread.read(id, |comment| comment.by));
    let face = move || match by.get().and_then(|by| desk.face(by)) {
        Some(face) => disc(&face, "avatar"),
        None => empty_disc(),
    };
    let when = move || {
        let at = thread.read(id, |comment| comment.at)?;
        Some(moment::short(at, desk.today().get()))
    };
    let words = move || {
        let text = thread.read(id, |comment| comment.text.clone());
        thread
            .people
            .with(|people| pieces(&text, people))
            .into_iter()
            .map(|piece| match piece {
                Piece::Words(words) => words.into_any(),
                Piece::Call(member, name) => {
                    let class = if member == desk.me() { "called me" } else { "called" };
                    span().class(class).child(format!("@{name}")).into_any()
                }
            })
            .collect_view()
    };
    let calls =
        move || thread.waiting.with(|waiting| waiting.contains(&id)).then(|| mark(Tone::Watch, "calls you"));
    (
        face,
        div().class("comment-body").child((
            div().class("comment-head").child((
                strong().child(move || desk.name_of(by.get())),
                span().class("quiet numbers").child(when),
                calls,
            )),
            p().class("comment-text").child(words),
        )),
    )
        .into_any()
}

fn foot(thread: Thread, root: RecordId, is_resolved: bool) -> AnyView {
    let sheet = thread.sheet;
    let settle = move |_| {
        let act = if is_resolved {
            acts::reopen_comment(sheet.record, root)
        } else {
            acts::resolve_comment(sheet.record, root, &sheet.desk.doer())
        };
        sheet.desk.perform(&act);
    };
    let who = untrack(|| sheet.desk.name_of(thread.read(root, |comment| comment.by)));
    let (words, name) = if is_resolved {
        ("Open again", format!("Open the comment of {who} again"))
    } else {
        ("Resolve", format!("Resolve the comment of {who}"))
    };
    div()
        .class("comment-foot")
        .child((
            button()
                .attr("type", "button")
                .class("button small")
                .attr("aria-label", format!("Answer {who}"))
                .on(ev::click, move |_| thread.answering.set(Some(root)))
                .child("Answer"),
            button()
                .attr("type", "button")
                .class("button small")
                .attr("aria-label", name)
                .on(ev::click, settle)
                .child(words),
        ))
        .into_any()
}

/// Where a new comment is written, or the answer to one. What is not sent yet stays while one looks at other records.
fn writer(thread: Thread, reply_to: Option<RecordId>) -> AnyView {
    let (sheet, desk) = (thread.sheet, thread.sheet.desk);
    let value =
        if reply_to.is_some() { RwSignal::new(String::new()) } else { desk.unsent_comment(sheet.record) };
    let is_ready = Signal::derive(move || value.with(|text| !text.trim().is_empty()));
    let close = move || {
        if reply_to.is_some() {
            thread.answering.set(None);
        }
    };
    let send = Callback::new(move |()| {
        let text = value.with_untracked(|text| text.trim().to_owned());
        if text.is_empty() {
            return;
        }
        let mentions = thread.people.with_untracked(|people| called(&text, people));
        if desk.perform(&acts::comment(sheet.record, desk.fresh_id(), &text, &mentions, reply_to)) {
            value.set(String::new());
            close();
        }
    });
    let give_up = Callback::new(move |()| {
        close();
        if reply_to.is_none()
            && let Some(active) = document().active_element()
            && let Ok(active) = active.dyn_into::<web_sys::HtmlElement>()
        {
            let _ = active.blur();
        }
    });
    let field = mention_field(MentionField {
        label: if reply_to.is_some() { "Answer".to_owned() } else { "Comment".to_owned() },
        value,
        people: thread.people,
        placeholder: "Say something; @ calls a colleague",
        send,
        give_up,
        is_focused: reply_to.is_some(),
    });
    let buttons = move || {
        let not_now = reply_to.is_some().then(|| {
            button().attr("type", "button").class("button").on(ev::click, move |_| close()).child("Not now")
        });
        (is_ready.get() || reply_to.is_some()).then(|| {
            div().class("ask-foot").child((
                not_now,
                button()
                    .attr("type", "button")
                    .class("button main")
                    .prop("disabled", move || !is_ready.get())
                    .on(ev::click, move |_| send.run(()))
                    .child(if reply_to.is_some() { "Answer" } else { "Comment" }),
            ))
        })
    };
    div().class("comment-writer").child((field, buttons)).into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(id: u128, reply_to: Option<u128>) -> Comment {
        Comment {
            id: RecordId::from_bits(id),
            by: None,
            at: None,
            text: String::new(),
            mentions: Vec::new(),
            reply_to: reply_to.map(RecordId::from_bits),
            resolved: None,
        }
    }

    #[test]
    fn an_answer_to_an_answer_belongs_to_the_thread_and_nothing_is_lost() {
        // The last three answer what is not here, and each other.
        let all = [
            comment(1, None),
            comment(2, Some(1)),
            comment(3, None),
            comment(4, Some(2)),
            comment(5, Some(9)),
            comment(6, Some(7)),
            comment(7, Some(6)),
        ];
        let roots: Vec<u128> = all.iter().filter(|it| is_root(it, &all)).map(|it| it.id.to_bits()).collect();
        assert_eq!(roots, [1, 3, 5, 6]);
        let of_first: Vec<u128> =
            answers(RecordId::from_bits(1), &all).iter().map(|id| id.to_bits()).collect();
        assert_eq!(of_first, [2, 4]);
        assert_eq!(answers(RecordId::from_bits(6), &all), [RecordId::from_bits(7)]);
    }
}
