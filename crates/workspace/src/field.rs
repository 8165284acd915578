//! The names of fields.
//!
//! A field has one name in every kind that has it, and one key in the document. What it holds in a given kind (its
//! mark, its type, its cautious rule) is said by [`schema`](crate::schema).

use std::fmt;

macro_rules! fields {
    ($($variant:ident = $key:literal,)*) => {
        /// A field of a record. The schema says which kinds have it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the schema documents a field where a kind has it")]
        pub enum Field { $($variant,)* }

        impl Field {
            /// Every field this build knows.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The key in the document.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }

            /// The field of a key, when this build knows it.
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

fields! {
    // Common to every record.
    Title = "title",
    Body = "body",
    CreatedBy = "createdBy",
    CreatedAt = "createdAt",
    Deleted = "deleted",
    Tags = "tags",
    SeenDecision = "seenDecision",
    Comments = "comments",
    CommentsResolved = "commentsResolved",
    Evidence = "evidence",
    // Shared by several kinds.
    Accountable = "accountable",
    Area = "area",
    By = "by",
    Cause = "cause",
    ClimateRelevant = "climateRelevant",
    Date = "date",
    Decision = "decision",
    Horizon = "horizon",
    Kind = "kind",
    Kpi = "kpi",
    Means = "means",
    Moves = "moves",
    Note = "note",
    Order = "order",
    Owner = "owner",
    Party = "party",
    Purpose = "purpose",
    Review = "review",
    Severity = "severity",
    Sponsor = "sponsor",
    Status = "status",
    Summary = "summary",
    Supersedes = "supersedes",
    // People and accountability.
    RoleTitle = "roleTitle",
    Email = "email",
    Active = "active",
    Colour = "colour",
    Initials = "initials",
    PublicKeys = "publicKeys",
    Holder = "holder",
    Deputy = "deputy",
    ReportsTo = "reportsTo",
    Duties = "duties",
    Limit = "limit",
    Scope = "scope",
    GrantedBy = "grantedBy",
    Valid = "valid",
    Record = "record",
    From = "from",
    To = "to",
    Reason = "reason",
    OfferedAt = "offeredAt",
    Answer = "answer",
    Amount = "amount",
    NeededBy = "neededBy",
    RequestedBy = "requestedBy",
    RequestedAt = "requestedAt",
    Answers = "answers",
    DeliveredAt = "deliveredAt",
    // Direction and context.
    Ambition = "ambition",
    Choices = "choices",
    LastConfirmed = "lastConfirmed",
    Climate = "climate",
    Bearing = "bearing",
    Watch = "watch",
    LastLooked = "lastLooked",
    Weight = "weight",
    Origin = "origin",
    HowWeKnow = "howWeKnow",
    Judgements = "judgements",
    Score = "score",
    Handled = "handled",
    // Policy, goals, objectives, figures.
    Words = "words",
    InForce = "inForce",
    Acknowledgements = "acknowledgements",
    Versions = "versions",
    Why = "why",
    Measure = "measure",
    Coordinator = "coordinator",
    Plan = "plan",
    Start = "start",
    Target = "target",
    NoMeansNeeded = "noMeansNeeded",
    AlignmentException = "alignmentException",
    Unit = "unit",
    Better = "better",
    Band = "band",
    Dimension = "dimension",
    Incentivised = "incentivised",
    Scheme = "scheme",
    Frequency = "frequency",
    Source = "source",
    Targets = "targets",
    KnownCauses = "knownCauses",
    Period = "period",
    Value = "value",
    // Register.
    Event = "event",
    Effect = "effect",
    Category = "category",
    Assessments = "assessments",
    Response = "response",
    Acceptances = "acceptances",
    ReviewDue = "reviewDue",
    Reviewed = "reviewed",
    // Review and decision.
    Scheduled = "scheduled",
    Chair = "chair",
    Facilitator = "facilitator",
    Baseline = "baseline",
    StartedAt = "startedAt",
    EndedAt = "endedAt",
    CurrentItem = "currentItem",
    Presenter = "presenter",
    Attendance = "attendance",
    SignOffs = "signOffs",
    Addenda = "addenda",
    Cadence = "cadence",
    Occurrence = "occurrence",
    Code = "code",
    PreparedBy = "preparedBy",
    Comment = "comment",
    DataHeads = "dataHeads",
    Ready = "ready",
    PlannedMinutes = "plannedMinutes",
    Spent = "spent",
    Outcome = "outcome",
    Discussion = "discussion",
    CarriedFrom = "carriedFrom",
    Wording = "wording",
    Frozen = "frozen",
    DeferredUntil = "deferredUntil",
    Kinds = "kinds",
    Options = "options",
    Tradeoff = "tradeoff",
    DecidedBy = "decidedBy",
    Stances = "stances",
    AgendaItem = "agendaItem",
    ExpectedEffect = "expectedEffect",
    LookBack = "lookBack",
    LookBackDue = "lookBackDue",
    NoActionBecause = "noActionBecause",
    Consequences = "consequences",
    Integrity = "integrity",
    Roles = "roles",
    Communication = "communication",
    // Action, evidence, audit.
    Helpers = "helpers",
    Due = "due",
    DueMoves = "dueMoves",
    Priority = "priority",
    Done = "done",
    Verifications = "verifications",
    EffectCheck = "effectCheck",
    EffectResults = "effectResults",
    NeedsAuthority = "needsAuthority",
    Hash = "hash",
    Size = "size",
    MediaType = "mediaType",
    Link = "link",
    TakenAt = "takenAt",
    Range = "range",
    Auditor = "auditor",
    Report = "report",
    Audit = "audit",
    Grade = "grade",
    Statement = "statement",
    Clause = "clause",
    // Culture and rhythm.
    Channel = "channel",
    ReceivedWeek = "receivedWeek",
    Reply = "reply",
    Outcomes = "outcomes",
    FirstAnswerAt = "firstAnswerAt",
    Heard = "heard",
    AlsoAffects = "alsoAffects",
    Trial = "trial",
    Learned = "learned",
    Cheers = "cheers",
    Member = "member",
    Rule = "rule",
    Mode = "mode",
    AttachedTo = "attachedTo",
    SlotMinutes = "slotMinutes",
    Skipped = "skipped",
    Occurrences = "occurrences",
    About = "about",
    Seen = "seen",
    // Settings and meta.
    Name = "name",
    Sector = "sector",
    Headcount = "headcount",
    Sites = "sites",
    FiscalYearStart = "fiscalYearStart",
    Timezone = "timezone",
    Locale = "locale",
    Currency = "currency",
    EditionProfile = "editionProfile",
    ShowClauses = "showClauses",
    Scales = "scales",
    Appetite = "appetite",
    Thresholds = "thresholds",
    AnswerPromiseDays = "answerPromiseDays",
    RequireOtherVerifier = "requireOtherVerifier",
    Custodian = "custodian",
    SignalAcknowledgements = "signalAcknowledgements",
    Schema = "schema",
    Epoch = "epoch",
    Previous = "previous",
    MinWriter = "minWriter",
    Features = "features",
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique() {
        for field in Field::ALL {
            assert_eq!(Field::from_key(field.key()), Some(*field));
        }
    }
}
