//! Typed readers over records, with the cautious rules applied.
//!
//! A lens is a plain value made from a record (and, where a rule needs it, the settings). It never fails: what is
//! missing or damaged is `None`, and the record still tells what stands there. Whatever a person must choose between
//! (two owners, two scores, two targets) is there as a list beside the one that counts.

mod action;
mod audit;
mod change_plan;
mod comment;
mod decision;
mod deletion;
mod direction;
mod evidence;
mod feedback;
mod goal;
mod grant;
mod handover;
mod issue;
mod kpi;
mod measurement;
mod member;
mod need;
mod newer;
mod objective;
mod owner;
mod parts;
mod party;
mod policy;
mod reference;
mod register;
mod requirement;
mod review;
mod score;
mod seat;
mod settings;
mod span;
mod step;

pub use action::{Action, Done, DueMove, EffectFound, Verification};
pub use audit::{Audit, AuditFinding};
pub use change_plan::ChangePlan;
pub use comment::{Comment, Resolved};
pub use decision::{Decision, DecisionOption, ExpectedEffect, LookBack, Stance, Tradeoff};
pub use deletion::Deletion;
pub use direction::{ClimateView, Confirmation, Direction};
pub use evidence::Evidence;
pub use feedback::{Feedback, Handled};
pub use goal::Goal;
pub use grant::{Grant, Holder, Limit};
pub use handover::{Handover, HandoverAnswer};
pub use issue::{Issue, IssueLook};
pub use kpi::{Better, KnownCause, Kpi};
pub use measurement::{Measured, Point, Series};
pub use member::{Member, MemberKind};
pub use need::{Amount, Need, NeedAnswer};
pub use newer::Newer;
pub use objective::{NoMeansNeeded, Objective, Start, Target};
pub use owner::{coordinator_field, coordinators, owner_field, owners, owners_in};
pub use party::Party;
pub use policy::{Commitment, InForce, Policy};
pub use reference::References;
pub use register::{Acceptance, EntryKind, RegisterEntry, RegisterLook};
pub use requirement::{Requirement, RequirementJudgement};
pub use review::{AgendaItem, Judgement, Review, ReviewInput, Scheduled};
pub use score::{Assessed, Assessment, Phase, Score};
pub use seat::Seat;
pub use settings::{Bands, Level, Settings, Threshold};
pub use span::Span;
pub use step::Step;
