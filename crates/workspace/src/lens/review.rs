//! A management review, its inputs and its agenda.

use super::parts;
use crate::{Date, Field, Kind, Record, View, schema};
use ids::{MemberId, RecordId, Timestamp};
use serde_json::Value as Json;

/// A review meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// `full`, `part`, `monthly` or `extraordinary`.
    pub kind: Option<String>,
    /// When it is to be; of two open times the earlier.
    pub scheduled: Option<Scheduled>,
    /// Who chairs.
    pub chair: Option<MemberId>,
    /// Who facilitates.
    pub facilitator: Option<MemberId>,
    /// When it began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Its state.
    pub status: String,
    /// What top management answered, dissent included.
    pub judgements: Vec<Judgement>,
    /// How many signed.
    pub sign_offs: usize,
}

/// When a review is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// The day.
    pub date: Date,
    /// `09:00`.
    pub time: Option<String>,
    /// Its zone name.
    pub zone: Option<String>,
    /// Planned length.
    pub minutes: Option<i64>,
    /// Room or link.
    pub place: Option<String>,
}

/// One answer to one of the four questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// `suitable`, `adequate`, `effective` or `aligned`.
    pub question: String,
    /// `yes`, `partly` or `no`.
    pub answer: String,
    /// Why.
    pub reason: Option<String>,
    /// Who wrote it.
    pub by: Option<MemberId>,
    /// Who dissents, when it is a dissent.
    pub dissent: Option<MemberId>,
}

/// One of the twelve inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewInput {
    /// Its id.
    pub id: RecordId,
    /// `I1` to `I12`.
    pub code: String,
    /// Who prepares it.
    pub prepared_by: Option<MemberId>,
    /// Ready; not while two members disagree.
    pub ready: bool,
}

/// A point on the agenda.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaItem {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// `inform`, `discuss` or `decide`.
    pub kind: Option<String>,
    /// Whose it is.
    pub owner: Option<MemberId>,
    /// Planned length.
    pub planned_minutes: Option<i64>,
    /// Seconds spent on it so far.
    pub spent_seconds: i64,
    /// Its state.
    pub status: String,
    /// Where it stands; the key to sort by.
    pub position: Option<String>,
    /// The item of an earlier review it was carried over from.
    pub carried_from: Option<RecordId>,
    /// Struck out, but still shown while others write in it.
    pub deleted: bool,
}

impl Review {
    /// Reads a review.
    pub fn of(record: &Record) -> Self {
        let scheduled = record.atom(Field::Scheduled).and_then(|scheduled| {
            Some(Scheduled {
                date: parts::date(scheduled, "date")?,
                time: parts::text(scheduled, "time").map(str::to_owned),
                zone: parts::text(scheduled, "zone").map(str::to_owned),
                minutes: scheduled.get("minutes").and_then(Json::as_i64),
                place: parts::text(scheduled, "place").map(str::to_owned),
            })
        });
        Self {
            id: record.id,
            title: record.title().to_owned(),
            kind: record.line(Field::Kind).map(str::to_owned),
            scheduled,
            chair: record.id_of(Field::Chair).map(MemberId),
            facilitator: record.id_of(Field::Facilitator).map(MemberId),
            started: record.int(Field::StartedAt).map(Timestamp::from_millis),
            ended: record.int(Field::EndedAt).map(Timestamp::from_millis),
            status: record.status().unwrap_or("planned").to_owned(),
            judgements: record
                .current(Field::Judgements)
                .iter()
                .filter_map(|(_, entry)| judgement(entry))
                .collect(),
            sign_offs: record.entries(Field::SignOffs).count(),
        }
    }

    /// The inputs of a review in the order of the template.
    pub fn inputs(view: &View, review: RecordId) -> Vec<ReviewInput> {
        let of_review =
            view.live(Kind::ReviewInput).filter(|record| record.id_of(Field::Review) == Some(review));
        let mut inputs: Vec<ReviewInput> = of_review.map(|record| ReviewInput::of(record)).collect();
        inputs.sort_by_key(|input| {
            (schema::INPUT_CODES.iter().position(|code| *code == input.code).unwrap_or(usize::MAX), input.id)
        });
        inputs
    }

    /// The agenda of a review in its order, struck-out items included.
    pub fn agenda(view: &View, review: RecordId) -> Vec<AgendaItem> {
        let of_review =
            view.all(Kind::AgendaItem).filter(|record| record.id_of(Field::Review) == Some(review));
        let mut items: Vec<AgendaItem> = of_review.map(|record| AgendaItem::of(record)).collect();
        items.sort_by(|one, other| {
            let unplaced = |item: &AgendaItem| item.position.is_none();
            (unplaced(one), &one.position, one.id).cmp(&(unplaced(other), &other.position, other.id))
        });
        items
    }
}

impl ReviewInput {
    /// Reads an input.
    pub fn of(record: &Record) -> Self {
        let ready = record.atom(Field::Ready);
        Self {
            id: record.id,
            code: record.line(Field::Code).unwrap_or_default().to_owned(),
            prepared_by: record.id_of(Field::PreparedBy).map(MemberId),
            ready: ready.and_then(|ready| ready.get("ready")?.as_bool()).unwrap_or(false),
        }
    }
}

impl AgendaItem {
    /// Reads an agenda item.
    pub fn of(record: &Record) -> Self {
        let seconds =
            |entry: &Json| entry.get("seconds").and_then(Json::as_i64).filter(|seconds| *seconds > 0);
        let spent = record.entries(Field::Spent).filter_map(|(_, entry)| seconds(entry));
        Self {
            id: record.id,
            title: record.title().to_owned(),
            kind: record.line(Field::Kind).map(str::to_owned),
            owner: record.id_of(Field::Owner).map(MemberId),
            planned_minutes: record.int(Field::PlannedMinutes),
            spent_seconds: spent.fold(0, i64::saturating_add),
            status: record.status().unwrap_or("queued").to_owned(),
            position: record.line(Field::Order).map(str::to_owned),
            carried_from: record.id_of(Field::CarriedFrom),
            deleted: record.is_deleted(),
        }
    }
}

fn judgement(entry: &Json) -> Option<Judgement> {
    Some(Judgement {
        question: parts::text(entry, "question")?.to_owned(),
        answer: parts::text(entry, "answer")?.to_owned(),
        reason: parts::text(entry, "reason").map(str::to_owned),
        by: parts::member(entry, "by"),
        dissent: parts::member(entry, "dissent"),
    })
}
