//! Taking back what this session did.
//!
//! Undo is one more edit, never a return to old heads: others have gone on meanwhile. Before an act is made its inverse
//! is planned, together with what the document will say because of it. Later the inverse of each edit is made only where
//! the document still says so; what somebody has changed since stays, and is named. Logs are evidence and are not taken
//! back; texts are the business of their editor, which knows where the caret was. A move in a life cycle is taken back by
//! moving back, where the life cycle goes that way and the move left no evidence; its story tells both moves.

use serde_json::Value as Json;
use workspace::{Act, Edge, Edit, Field, RecordRef, Scalar, Value, View, ViewDelta};

/// Acts that can be taken back; older ones are forgotten.
const ACTS_MAX: usize = 100;

/// What an undo or redo did.
#[derive(Debug, Clone, PartialEq)]
pub struct Undone {
    /// The act that was taken back (or done again).
    pub name: String,
    /// What changed on the screen.
    pub delta: ViewDelta,
    /// Parts that were left as they are.
    pub left: Vec<Left>,
}

/// A part of an act that was not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// The record it was about.
    pub record: Option<RecordRef>,
    /// The field of it, when it was about exactly one.
    pub field: Option<Field>,
    /// Why.
    pub why: WhyLeft,
}

/// Why a part of an act was not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhyLeft {
    /// Somebody has changed it since.
    ChangedSince,
    /// It settled an open disagreement, or added to a log: there is no way back but another decision.
    Lasting,
}

/// The acts of this session that can be taken back or done again.
#[derive(Debug, Default)]
pub(crate) struct History {
    done: Vec<Planned>,
    undone: Vec<Planned>,
}

/// An act and the way back.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Planned {
    name: String,
    steps: Vec<Step>,
}

/// The way back for one edit.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// Make this edit, provided that the document still says this.
    Back { edit: Edit, provided: Said },
    /// There is none.
    None(Option<RecordRef>, Option<Field>),
}

/// Something the document says.
#[derive(Debug, Clone, PartialEq)]
enum Said {
    Register { record: RecordRef, field: Field, value: Option<Scalar> },
    Key { record: RecordRef, field: Field, key: String, value: Option<Json> },
    Member { record: RecordRef, field: Field, member: String, included: bool },
    Deleted { record: RecordRef, deleted: bool },
    Linked { edge: Edge, linked: bool },
}

impl History {
    /// An act is about to be made: what would take it back.
    pub(crate) fn plan(view: &View, act: &Act) -> Planned {
        let created = |record: RecordRef| {
            act.edits.iter().any(|edit| matches!(edit, Edit::Create { record: new, .. } if *new == record))
        };
        let mut steps: Vec<Step> = Vec::new();
        for edit in &act.edits {
            let part_of_creation = !matches!(edit, Edit::Create { .. }) && edit.record().is_some_and(created);
            if part_of_creation || matches!(edit, Edit::Splice { .. }) {
                continue;
            }
            let step = match edit {
                Edit::Move { record, to, .. } if !leaves_evidence(act, *record) => {
                    moved_back(view, *record, to)
                }
                edit => way_back(view, edit),
            };
            // Of two edits of one place the first knows what was there before, the second what is there now.
            let twin = steps.iter_mut().find_map(|earlier| match (earlier, &step) {
                (Step::Back { provided, .. }, Step::Back { provided: later, .. })
                    if provided.same_place(later) =>
                {
                    Some((provided, later))
                }
                _ => None,
            });
            match twin {
                Some((provided, later)) => *provided = later.clone(),
                None => steps.push(step),
            }
        }
        Planned { name: act.name.clone(), steps }
    }

    /// The act was made. Pure typing leaves no trace: its editor takes it back.
    pub(crate) fn made(&mut self, planned: Planned) {
        if planned.steps.is_empty() {
            return;
        }
        self.undone.clear();
        push(&mut self.done, planned);
    }

    pub(crate) fn take_done(&mut self) -> Option<Planned> {
        self.done.pop()
    }

    pub(crate) fn take_undone(&mut self) -> Option<Planned> {
        self.undone.pop()
    }

    /// An act was taken back; this is the way forward again.
    pub(crate) fn undid(&mut self, way_forward: Planned) {
        push(&mut self.undone, way_forward);
    }

    /// An act was done again; this is the way back.
    pub(crate) fn redid(&mut self, way_back: Planned) {
        push(&mut self.done, way_back);
    }

    pub(crate) fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    pub(crate) fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }
}

impl Planned {
    /// The act that goes the way as far as it is open, and what it leaves.
    pub(crate) fn act(&self, view: &View) -> (Act, Vec<Left>) {
        let mut edits = Vec::new();
        let mut left = Vec::new();
        for step in self.steps.iter().rev() {
            match step {
                Step::Back { edit, provided } if provided.holds(view) => edits.push(edit.clone()),
                Step::Back { edit, .. } => {
                    left.push(Left { record: edit.record(), field: edit.field(), why: WhyLeft::ChangedSince })
                }
                Step::None(record, field) => {
                    left.push(Left { record: *record, field: *field, why: WhyLeft::Lasting })
                }
            }
        }
        (Act::new(self.name.clone(), edits), left)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Said {
    fn holds(&self, view: &View) -> bool {
        match self {
            Self::Register { record, field, value } => register(view, *record, *field) == Ok(value.as_ref()),
            Self::Key { record, field, key, value } => {
                keyed(view, *record, *field, key) == Ok(value.as_ref())
            }
            Self::Member { record, field, member, included } => {
                includes(view, *record, *field, member) == *included
            }
            Self::Deleted { record, deleted } => {
                view.record(*record).is_some_and(|record| record.is_deleted() == *deleted)
            }
            Self::Linked { edge, linked } => view.edges().contains(edge) == *linked,
        }
    }

    fn same_place(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Register { record: a, field: b, .. }, Self::Register { record: c, field: d, .. }) => {
                (a, b) == (c, d)
            }
            (
                Self::Key { record: a, field: b, key: x, .. },
                Self::Key { record: c, field: d, key: y, .. },
            )
            | (
                Self::Member { record: a, field: b, member: x, .. },
                Self::Member { record: c, field: d, member: y, .. },
            ) => (a, b, x) == (c, d, y),
            (Self::Deleted { record: a, .. }, Self::Deleted { record: b, .. }) => a == b,
            (Self::Linked { edge: a, .. }, Self::Linked { edge: b, .. }) => a == b,
            _ => false,
        }
    }
}

/// Whether an act writes an entry of a log of the record: what was found, decided, judged.
fn leaves_evidence(act: &Act, record: RecordRef) -> bool {
    act.edits.iter().any(|edit| match edit {
        Edit::Append { record: about, .. } | Edit::Supersede { record: about, .. } => *about == record,
        _ => false,
    })
}

fn moved_back(view: &View, record: RecordRef, to: &str) -> Step {
    let before = register(view, record, Field::Status).ok().flatten().and_then(Scalar::as_text);
    let life = view.record(record).and_then(|record| record.lifecycle());
    match (before, life) {
        (Some(before), Some(life)) if life.allows(to, before) => Step::Back {
            edit: Edit::Move { record, to: before.to_owned(), note: String::new() },
            provided: Said::Register { record, field: Field::Status, value: Some(to.into()) },
        },
        _ => Step::None(Some(record), Some(Field::Status)),
    }
}

fn way_back(view: &View, edit: &Edit) -> Step {
    let back = |edit, provided| Step::Back { edit, provided };
    match edit {
        Edit::Create { record, .. } => {
            let edit = Edit::Delete { record: *record, reason: String::new() };
            back(edit, Said::Deleted { record: *record, deleted: false })
        }
        Edit::Set { record, field, value } => match register(view, *record, *field) {
            Ok(before) => back(
                Edit::Set { record: *record, field: *field, value: before.cloned() },
                Said::Register { record: *record, field: *field, value: value.clone() },
            ),
            Err(Contested) => Step::None(Some(*record), Some(*field)),
        },
        Edit::SetKey { record, field, key, value } => match keyed(view, *record, *field, key) {
            Ok(before) => back(
                Edit::SetKey { record: *record, field: *field, key: key.clone(), value: before.cloned() },
                Said::Key { record: *record, field: *field, key: key.clone(), value: value.clone() },
            ),
            Err(Contested) => Step::None(Some(*record), Some(*field)),
        },
        Edit::Include { record, field, member } | Edit::Exclude { record, field, member } => {
            let (record, field, member) = (*record, *field, member.clone());
            let included = matches!(edit, Edit::Include { .. });
            let before = includes(view, record, field, &member);
            let provided = Said::Member { record, field, member: member.clone(), included };
            let edit = match before {
                true => Edit::Include { record, field, member },
                false => Edit::Exclude { record, field, member },
            };
            back(edit, provided)
        }
        Edit::Delete { record, .. } => {
            back(Edit::Restore { record: *record }, Said::Deleted { record: *record, deleted: true })
        }
        Edit::Restore { record } => {
            let edit = Edit::Delete { record: *record, reason: String::new() };
            back(edit, Said::Deleted { record: *record, deleted: false })
        }
        Edit::Link(edge) | Edit::Unlink(edge) => {
            let linked = matches!(edit, Edit::Link(_));
            let before = view.edges().contains(edge);
            let edit = if before { Edit::Link(*edge) } else { Edit::Unlink(*edge) };
            back(edit, Said::Linked { edge: *edge, linked })
        }
        Edit::Splice { .. }
        | Edit::Append { .. }
        | Edit::Supersede { .. }
        | Edit::Move { .. }
        | Edit::ConfirmDevice { .. } => Step::None(edit.record(), edit.field()),
    }
}

/// Several values stand side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Contested;

fn register(view: &View, record: RecordRef, field: Field) -> Result<Option<&Scalar>, Contested> {
    match view.record(record).and_then(|record| record.register(field)) {
        Some(register) if register.is_contested() => Err(Contested),
        Some(register) => Ok(register.shown()),
        None => Ok(None),
    }
}

fn keyed<'a>(
    view: &'a View,
    record: RecordRef,
    field: Field,
    key: &str,
) -> Result<Option<&'a Json>, Contested> {
    let Some(Value::Keyed(keys)) = view.record(record).and_then(|record| record.value(field)) else {
        return Ok(None);
    };
    match keys.get(key) {
        Some(register) if register.is_contested() => Err(Contested),
        Some(register) => Ok(register.shown().and_then(Scalar::as_atom)),
        None => Ok(None),
    }
}

fn includes(view: &View, record: RecordRef, field: Field, member: &str) -> bool {
    view.record(record).is_some_and(|record| record.members(field).any(|known| known == member))
}

fn push(acts: &mut Vec<Planned>, act: Planned) {
    if acts.len() >= ACTS_MAX {
        acts.remove(0);
    }
    acts.push(act);
}
