//! Typed readers over records, with the cautious rules applied.
//!
//! A lens is a plain value made from a record (and, where a rule needs it, the settings). It never fails: what is
//! missing or damaged is `None`, and the record still tells what stands there. Whatever a person must choose between
//! (two owners, two scores, two targets) is there as a list beside the one that counts.

mod action;
mod decision;
mod goal;
mod kpi;
mod measurement;
mod member;
mod objective;
mod parts;
mod reference;
mod register;
mod review;
mod score;
mod settings;
mod step;

pub use action::{Action, Done, EffectFound, Verification};
pub use decision::{Decision, Stance, Tradeoff};
pub use goal::Goal;
pub use kpi::{Better, Kpi};
pub use measurement::{Measured, Point, Series};
pub use member::{Member, MemberKind};
pub use objective::{Objective, Start, Target};
pub use reference::References;
pub use register::{Acceptance, EntryKind, RegisterEntry};
pub use review::{AgendaItem, Judgement, Review, ReviewInput, Scheduled};
pub use score::{Assessed, Assessment, Phase, Score};
pub use settings::{Bands, Level, Settings};
pub use step::Step;
