//! A view on a day, with what the rules need at hand.

use crate::findings::Titles;
use ids::{ActorId, MemberId};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use workspace::history::Traces;
use workspace::lens::{Member, MemberKind, Seat, Series, Settings};
use workspace::{Date, Kind, Record, RecordRef, View};

/// A view on a day.
#[derive(Debug)]
pub struct AsOf<'a> {
    /// The document as plain values.
    pub view: &'a View,
    /// The day that counts as today.
    pub today: Date,
    /// How this workspace judges.
    pub settings: Settings,
    /// What only the history tells, when somebody gathered it.
    pub traces: Option<&'a Traces>,
    members: BTreeMap<MemberId, Member>,
    seats: OnceCell<Vec<Seat>>,
    series: OnceCell<BTreeMap<ids::RecordId, Series>>,
    titles: OnceCell<Titles>,
}

impl<'a> AsOf<'a> {
    /// A view on a day.
    pub fn new(view: &'a View, today: Date) -> Self {
        let members = view.live(Kind::Member).map(|record| Member::of(record));
        Self {
            view,
            today,
            settings: Settings::of(view),
            traces: None,
            members: members.map(|member| (member.id, member)).collect(),
            seats: OnceCell::new(),
            series: OnceCell::new(),
            titles: OnceCell::new(),
        }
    }

    /// The same with what only the history tells.
    #[must_use]
    pub fn with_traces(self, traces: &'a Traces) -> Self {
        Self { traces: Some(traces), ..self }
    }

    /// The members, by birth; those who left too.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// A member; `None` when nobody of that id is or was in the team.
    pub fn member(&self, member: MemberId) -> Option<&Member> {
        self.members.get(&member)
    }

    /// The members of top management who belong to the team today.
    pub fn top(&self) -> impl Iterator<Item = &Member> {
        let today = self.today;
        self.members().filter(move |member| member.kind == Some(MemberKind::Top) && member.is_active(today))
    }

    /// Whether a member belongs to top management.
    pub fn is_top(&self, member: MemberId) -> bool {
        self.member(member).is_some_and(|member| member.kind == Some(MemberKind::Top))
    }

    /// How sentences call a member.
    pub fn name(&self, member: MemberId) -> &str {
        self.member(member)
            .map(|member| member.name.as_str())
            .filter(|name| !name.is_empty())
            .unwrap_or("somebody")
    }

    /// How sentences call several members: "Tom, Clara and Jonas"; "nobody" when there are none.
    pub fn names(&self, members: &[MemberId]) -> String {
        crate::words::list(members.iter().map(|member| self.name(*member).to_owned()).collect())
    }

    /// How sentences call whoever sits behind a session.
    pub fn writer(&self, actor: &ActorId) -> String {
        match self.view.member_of(actor) {
            Some(member) => self.name(member).to_owned(),
            None => "an unknown device".to_owned(),
        }
    }

    /// A record of the view.
    pub fn record(&self, record: RecordRef) -> Option<&'a Record> {
        self.view.record(record).map(AsRef::as_ref)
    }

    /// A record that exists and is not deleted.
    pub fn live(&self, record: RecordRef) -> Option<&'a Record> {
        self.record(record).filter(|record| !record.is_deleted())
    }

    /// The records of a kind that are not deleted, by birth.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = &'a Record> + use<'a> {
        self.view.live(kind).map(AsRef::as_ref)
    }

    /// How sentences call a record: its title in quotation marks.
    pub fn title(&self, record: RecordRef) -> String {
        crate::words::quoted(self.record(record))
    }

    /// How sentences call several records.
    pub fn titles_of(&self, records: &[RecordRef]) -> String {
        crate::words::list(records.iter().map(|record| self.title(*record)).collect())
    }

    /// The seats.
    pub fn seats(&self) -> &[Seat] {
        self.seats.get_or_init(|| self.all(Kind::Seat).map(Seat::of).collect())
    }

    /// Who holds a seat that carries a duty.
    pub fn holders_of_duty(&self, duty: &str) -> Vec<MemberId> {
        let seats = self.seats().iter().filter(|seat| seat.duties.iter().any(|known| known == duty));
        let mut holders: Vec<MemberId> = seats.flat_map(|seat| seat.holders.iter().copied()).collect();
        holders.sort_unstable();
        holders.dedup();
        holders
    }

    /// The values of every KPI that has any.
    pub fn series(&self) -> &BTreeMap<ids::RecordId, Series> {
        self.series.get_or_init(|| Series::all(self.view))
    }

    pub(crate) fn titles(&self) -> &Titles {
        self.titles.get_or_init(|| Titles::of(self.view))
    }
}
