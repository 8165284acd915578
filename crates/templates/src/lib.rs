//! What a workspace can begin with.
//!
//! A [`Template`] is **one frozen change** that sits directly on the genesis, made once by an actor of its own. Whoever
//! chooses it applies the same bytes, so two devices that start apart from one template have the same change and not
//! two copies of everything: their records have the same ids, and what each of them changed since merges like any
//! other edit. A fixed actor may write nowhere else: the same actor on different heads would be two changes with one
//! number (domain model, F10).
//!
//! Template records carry the tag [`SUGGESTION`] until somebody accepts them.
//!
//! [`Guided`] asks seven questions about the business and turns the answers into one act on top of a template: the
//! unchanged answer accepts what the template suggests, another one rewrites it, an empty one removes it. So two founders
//! who both answer meet in the same records.

mod guided;
mod template;

pub use guided::{Answered, Asked, AskedKind, BadAnswer, Guided, Question, Step};
pub use template::{ALL, InstantiateError, SUGGESTION, Template};
