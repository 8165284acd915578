//! What a screen sees and does: records, links, people, today, and acts. The only place where a screen meets `state`.
//!
//! It is `Copy`, so that every closure of a screen can hold it. Methods that read are tracked unless their name says
//! otherwise.

use crate::{
    components::{
        avatar::Face,
        choice::Choice,
        mention::{Colleague, called},
        picker::Picker,
        toast::Toasts,
    },
    shell::routes::path_to,
    state::{EditRefused, Hit, OtherStory, Person, Place, Problem, Repo, Status, Undone},
};
use ids::{ActorId, Heads, MemberId, RecordId, Timestamp};
use insight::{AsOf, changed::Change, links::Links};
use leptos::{ev, prelude::*, wasm_bindgen::JsValue};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use workspace::{
    Act, Date, Edges, Edit, Field, Kind, Record, RecordRef, Relation, View,
    acts::Doer,
    history::{AtError, Told},
    lens::{References, Series, Settings},
};

/// Whether the document is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// It is being read from this device.
    Reading,
    /// This device has no copy yet; the relay is asked for it.
    Awaited,
    Here,
}

/// Presence hues of the design tokens.
const HUES: usize = 8;

/// The door of the screens.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    repo: StoredValue<Repo>,
    me: MemberId,
    faces: Memo<Arc<BTreeMap<MemberId, Face>>>,
    settings: Memo<Arc<Settings>>,
    series: Memo<Arc<BTreeMap<RecordId, Series>>>,
    references: Memo<Arc<References>>,
    links: Memo<Arc<Links>>,
    today: RwSignal<Date>,
    has_settled: StoredValue<bool>,
    read_only: Memo<bool>,
    unsent: StoredValue<BTreeMap<RecordRef, ArcRwSignal<String>>>,
    /// What was just done, for everybody to say.
    pub(crate) toasts: Toasts,
    /// What is asked for a moment, by everybody.
    pub(crate) picker: Picker,
}

impl Desk {
    /// For the person who works here. Lives as long as the owner it is made under.
    pub(crate) fn new(repo: Repo, me: MemberId, toasts: Toasts, picker: Picker) -> Self {
        let status = repo.status();
        let read_only = Memo::new(move |_| {
            status.with(|status| matches!(status.problem, Some(Problem::ReadOnly | Problem::Forbidden)))
        });
        let repo = StoredValue::new(repo);
        let faces = Memo::new(move |_| Arc::new(repo.with_value(faces)));
        let settings = Memo::new(move |_| {
            let record = repo.with_value(|repo| repo.record(RecordRef::singleton(Kind::Settings)));
            Arc::new(record.with(|record| Settings::read(record.as_deref())))
        });
        // Measurements are never edited: they come, and a mistaken one is deleted.
        let series = Memo::new(move |_| {
            repo.with_value(|repo| {
                repo.ids(Kind::Measurement).track();
                let kpis: Vec<RecordId> = repo.ids(Kind::Kpi).with(|ids| ids.iter().copied().collect());
                kpis.into_iter().for_each(|id| repo.record(RecordRef::new(Kind::Kpi, id)).track());
                Arc::new(repo.peek(Series::all))
            })
        });
        // A reference changes only when a record comes that would read the same.
        let references = Memo::new(move |_| {
            repo.with_value(|repo| {
                for kind in Kind::ALL.iter().filter(|kind| kind.letter().is_some()) {
                    repo.ids(*kind).track();
                }
                Arc::new(repo.peek(References::of))
            })
        });
        let links = {
            let pulse = repo.with_value(Repo::pulse);
            Memo::new(move |_| {
                pulse.track();
                Arc::new(repo.with_value(|repo| repo.peek(Links::of)))
            })
        };
        let today = RwSignal::new(repo.with_value(|repo| local_day(repo.now())));
        let midnight = move || {
            let now = repo.with_value(|repo| local_day(repo.now()));
            if today.get_untracked() != now {
                today.set(now);
            }
        };
        if let Ok(timer) = set_interval_with_handle(midnight, Duration::from_secs(30)) {
            on_cleanup(move || timer.clear());
        }
        let has_settled = StoredValue::new(false);
        for listener in [
            window_event_listener(ev::pointerdown, move |_| has_settled.set_value(true)),
            window_event_listener(ev::keydown, move |_| has_settled.set_value(true)),
        ] {
            on_cleanup(move || listener.remove());
        }
        let unsent = StoredValue::new(BTreeMap::new());
        Self {
            repo,
            me,
            faces,
            settings,
            series,
            references,
            links,
            today,
            has_settled,
            read_only,
            unsent,
            toasts,
            picker,
        }
    }

    /// The desk of this page.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    // --- Records -----------------------------------------------------------------------------------------------

    /// One record, for a component that shows it.
    pub(crate) fn signal(&self, record: RecordRef) -> Signal<Option<Arc<Record>>> {
        self.repo.with_value(|repo| repo.record(record)).into()
    }

    /// One record, read once inside something reactive.
    pub(crate) fn record(&self, record: RecordRef) -> Option<Arc<Record>> {
        self.repo.with_value(|repo| repo.record(record)).get()
    }

    pub(crate) fn record_untracked(&self, record: RecordRef) -> Option<Arc<Record>> {
        self.repo.with_value(|repo| repo.peek(|view| view.record(record).cloned()))
    }

    /// All records of a kind that are not deleted, by birth. Wakes on every change of any of them.
    pub(crate) fn records(&self, kind: Kind) -> Vec<Arc<Record>> {
        let ids = self.ids(kind);
        ids.iter().filter_map(|id| self.record(RecordRef::new(kind, *id))).collect()
    }

    /// Ids of the records of a kind that are not deleted. Wakes when one comes or goes.
    pub(crate) fn ids(&self, kind: Kind) -> Vec<RecordId> {
        self.repo.with_value(|repo| repo.ids(kind)).with(|ids| ids.iter().copied().collect())
    }

    /// How the workspace judges: scales, appetite, rules.
    pub(crate) fn settings(&self) -> Memo<Arc<Settings>> {
        self.settings
    }

    /// The values of every KPI by period.
    pub(crate) fn series(&self) -> Memo<Arc<BTreeMap<RecordId, Series>>> {
        self.series
    }

    /// The records that links of `relation` from `record` lead to.
    pub(crate) fn linked_to(&self, record: RecordRef, relation: Relation) -> Vec<RecordRef> {
        self.edges(|edges| edges.to(record, relation).collect())
    }

    /// The records that links of `relation` to `record` come from.
    pub(crate) fn linked_from(&self, record: RecordRef, relation: Relation) -> Vec<RecordRef> {
        self.edges(|edges| edges.from(record, relation).collect())
    }

    fn edges<T>(&self, read: impl FnOnce(&Edges) -> T) -> T {
        self.repo.with_value(|repo| repo.edges()).with(|edges| read(edges))
    }

    /// Reads across the document without being woken; whoever calls it has tracked what it depends on.
    pub(crate) fn peek<T>(&self, read: impl FnOnce(&View) -> T) -> T {
        self.repo.with_value(|repo| repo.peek(read))
    }

    /// The records that have all words of the query, the best first, at most `limit`.
    pub(crate) fn find(&self, query: &str, limit: usize) -> Vec<Hit> {
        self.repo.with_value(|repo| repo.find(query, limit))
    }

    /// Where in a record's text the words of the query stand.
    pub(crate) fn excerpt(&self, record: RecordRef, query: &str) -> Option<String> {
        self.repo.with_value(|repo| repo.excerpt(record, query))
    }

    /// The deleted records of a kind.
    pub(crate) fn deleted(&self, kind: Kind) -> Vec<Arc<Record>> {
        let ids: Vec<RecordId> =
            self.repo.with_value(|repo| repo.deleted(kind)).with(|ids| ids.iter().copied().collect());
        ids.into_iter().filter_map(|id| self.record(RecordRef::new(kind, id))).collect()
    }

    /// When each of the values that stand side by side in a field was written, by the session that wrote it.
    pub(crate) fn written(&self, record: RecordRef, field: Field) -> BTreeMap<ActorId, Timestamp> {
        self.repo.with_value(|repo| repo.written(record, field))
    }

    /// What others did with these deleted records without having seen that they were deleted. Reads the history.
    pub(crate) fn other_stories(&self, records: &[RecordRef]) -> BTreeMap<RecordRef, OtherStory> {
        self.repo.with_value(|repo| repo.other_stories(records))
    }

    /// What the records add up to, looked at across the whole document: findings, the chain, who carries what. Runs a
    /// moment after a change, in the next pause while somebody writes, and not at all while nobody reads it.
    pub(crate) fn digest<T: PartialEq + Send + Sync + 'static>(
        &self,
        read: impl Fn(&AsOf<'_>) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        let (repo, today) = (self.repo, self.today);
        let pulse = repo.with_value(Repo::pulse);
        Memo::new(move |_| {
            pulse.track();
            let today = today.get();
            repo.with_value(|repo| repo.peek(|view| read(&AsOf::new(view, today))))
        })
    }

    /// Every connection between records. As fresh as a [`digest`](Self::digest).
    pub(crate) fn links(&self) -> Memo<Arc<Links>> {
        self.links
    }

    /// What differs between the state at `since` and now, as fresh as a [`digest`](Self::digest).
    pub(crate) fn changes_since(&self, since: Timestamp) -> Result<Vec<Change>, AtError> {
        let today = self.today.get();
        self.repo.with_value(|repo| {
            repo.pulse().track();
            repo.changes_since(since, today)
        })
    }

    /// The story of a record, oldest first. Reads the whole history: ask when somebody opens it.
    pub(crate) fn told_of(&self, record: RecordRef) -> Vec<Told> {
        self.repo.with_value(|repo| repo.told_of(record))
    }

    /// Whether an empty list means that there is nothing.
    pub(crate) fn arrival(&self) -> Arrival {
        let is_known = !self.ids(Kind::Member).is_empty();
        self.repo.with_value(|repo| repo.status()).with(|status| match status {
            Status { open: false, .. } => Arrival::Reading,
            // A document in which nobody is, and which the relay has not confirmed, has not arrived.
            Status { on_relay: false, .. } if !is_known => Arrival::Awaited,
            _ => Arrival::Here,
        })
    }

    /// `R-7KQ2`
    pub(crate) fn reference(&self, record: RecordRef) -> String {
        let name = self.references.with(|references| references.name(record).map(str::to_owned));
        name.unwrap_or_default()
    }

    // --- People ------------------------------------------------------------------------------------------------

    pub(crate) fn me(&self) -> MemberId {
        self.me
    }

    pub(crate) fn face(&self, member: MemberId) -> Option<Face> {
        self.faces.with(|faces| faces.get(&member).cloned())
    }

    /// The name of the first of several; lists are sorted and filtered by it.
    pub(crate) fn first_named(&self, members: &[MemberId]) -> Option<String> {
        members.first().and_then(|member| self.face(*member)).map(|face| face.name)
    }

    /// What colleagues call a member.
    pub(crate) fn first_name(&self, member: Option<MemberId>) -> String {
        let face = member.and_then(|member| self.face(member));
        face.map_or_else(|| "somebody".to_owned(), |face| face.first_name())
    }

    /// The full name, as stories and deletions tell it.
    pub(crate) fn name_of(&self, member: Option<MemberId>) -> String {
        let face = member.and_then(|member| self.face(member));
        face.map_or_else(|| "somebody unknown".to_owned(), |face| face.name)
    }

    /// Whose session wrote something.
    pub(crate) fn name_of_actor(&self, actor: &ActorId) -> String {
        let member = self.peek(|view| view.member_of(actor));
        member
            .and_then(|member| self.face(member))
            .map_or_else(|| "unknown device".to_owned(), |face| face.name)
    }

    /// The members that can be chosen, by name.
    pub(crate) fn member_choices(&self) -> Vec<Choice> {
        let members = self.repo.with_value(|repo| repo.ids(Kind::Member));
        let mut choices: Vec<Choice> = self.faces.with(|faces| {
            members.with(|live| {
                let live = faces.iter().filter(|(member, _)| live.contains(&member.0));
                live.map(|(member, face)| Choice::new(member.to_string(), face.name.clone())).collect()
            })
        });
        choices.sort_by(|one, other| one.label.cmp(&other.label));
        choices
    }

    /// Everybody who can be called in a comment, by name.
    pub(crate) fn colleagues(&self) -> Vec<Colleague> {
        let choices = self.member_choices().into_iter();
        let members = choices.filter_map(|choice| choice.value.parse().ok());
        members.filter_map(|member| Some(Colleague { member, face: self.face(member)? })).collect()
    }

    /// Who is called in a text.
    pub(crate) fn called_in(&self, text: &str) -> Vec<MemberId> {
        called(text, &untrack(|| self.colleagues()))
    }

    /// Who changed the record from elsewhere in the last seconds.
    pub(crate) fn lately(&self, record: RecordRef) -> Option<Face> {
        let touch = self.repo.with_value(|repo| repo.touch(record)).get()?;
        let known = touch.members.iter().find_map(|member| self.face(*member));
        Some(known.unwrap_or_else(|| Face { name: "Somebody".to_owned(), hue: 0 }))
    }

    /// Everybody else who is here.
    pub(crate) fn present(&self) -> Vec<Face> {
        self.present_where(|_| true)
    }

    /// Who else has this record open.
    pub(crate) fn present_at(&self, record: RecordRef) -> Vec<Face> {
        self.present_where(|place| place.record == Some(record))
    }

    fn present_where(&self, is_there: impl Fn(&Place) -> bool) -> Vec<Face> {
        let people = self.repo.with_value(|repo| repo.people()).get();
        let there = people.members().iter().filter(|(member, person)| {
            **member != self.me && person.tabs.values().any(|tab| is_there(&tab.place))
        });
        let face = |(member, person): (&MemberId, &Person)| {
            self.face(*member).unwrap_or_else(|| Face { name: person.name.clone(), hue: 0 })
        };
        there.map(face).collect()
    }

    /// Tells the others where this tab looks.
    pub(crate) fn show_place(&self, record: Option<RecordRef>) {
        let route = record.map(path_to).unwrap_or_default();
        self.repo.with_value(|repo| repo.show(Place { route, record, ..Place::default() }));
    }

    // --- Acts --------------------------------------------------------------------------------------------------

    /// Does something. When it returns `true` the document has it and the screen shows it. A refusal is told.
    pub(crate) fn act(&self, name: &str, edits: Vec<Edit>) -> bool {
        self.perform(&Act::new(name, edits))
    }

    /// As [`act`](Self::act), for an act that is ready.
    pub(crate) fn perform(&self, act: &Act) -> bool {
        match self.repo.with_value(|repo| repo.act(act)) {
            Ok(_) => true,
            Err(refused) => {
                self.toasts.say(format!("Not done: {refused}"));
                false
            }
        }
    }

    /// Takes back what this tab did last; see [`Undone`].
    pub(crate) fn undo(&self) -> Result<Option<Undone>, EditRefused> {
        self.repo.with_value(Repo::undo)
    }

    /// Does again what was taken back last.
    pub(crate) fn redo(&self) -> Result<Option<Undone>, EditRefused> {
        self.repo.with_value(Repo::redo)
    }

    /// What is being written about a record and was not sent yet. It stays while one looks at others, until the page goes.
    pub(crate) fn unsent_comment(&self, record: RecordRef) -> RwSignal<String> {
        let unsent = self.unsent.try_update_value(|unsent| {
            unsent.entry(record).or_insert_with(|| ArcRwSignal::new(String::new())).clone()
        });
        unsent.unwrap_or_default().into()
    }

    pub(crate) fn fresh_id(&self) -> RecordId {
        self.repo.with_value(Repo::fresh_id)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.repo.with_value(Repo::now)
    }

    /// The state of the document now.
    pub(crate) fn heads(&self) -> Heads {
        self.repo.with_value(Repo::heads)
    }

    /// Who acts here, and when.
    pub(crate) fn doer(&self) -> Doer {
        Doer { member: self.me, now: self.now(), today: self.today.get_untracked() }
    }

    /// The day where this device is; moves on at midnight.
    pub(crate) fn today(&self) -> Signal<Date> {
        self.today.into()
    }

    /// Whether this member may change nothing here.
    pub(crate) fn is_read_only(&self) -> bool {
        self.read_only.get()
    }

    pub(crate) fn is_read_only_untracked(&self) -> bool {
        self.read_only.get_untracked()
    }

    /// Whether a person has touched this page yet.
    pub(crate) fn has_settled(&self) -> bool {
        self.has_settled.get_value()
    }
}

/// Hues go round by birth, so that a team of eight never shares one.
fn faces(repo: &Repo) -> BTreeMap<MemberId, Face> {
    let mut ids: Vec<RecordId> = repo.ids(Kind::Member).with(|ids| ids.iter().copied().collect());
    // Those who left keep their names in everything they did.
    ids.extend(repo.deleted(Kind::Member).with(|ids| ids.iter().copied().collect::<Vec<_>>()));
    ids.sort_unstable();
    let named = ids.into_iter().enumerate().filter_map(|(place, id)| {
        let record = repo.record(RecordRef::new(Kind::Member, id)).get()?;
        let hue = u8::try_from(place % HUES).unwrap_or(0);
        Some((MemberId(id), Face { name: record.title().to_owned(), hue }))
    });
    named.collect()
}

/// The day a person here would call today.
fn local_day(now: Timestamp) -> Date {
    let here = js_sys::Date::new(&JsValue::from_f64(now.as_millis() as f64));
    let year = i32::try_from(here.get_full_year()).unwrap_or(1970);
    Date::new(year, here.get_month() + 1, here.get_date()).unwrap_or_else(|| Date::of(now))
}
