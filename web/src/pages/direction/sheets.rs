//! What the panel shows of each record of the direction.

pub(crate) use super::{
    context::sheet as issue,
    goals::sheet as goal,
    parties::{party_sheet as party, requirement_sheet as requirement},
    policy::{promise_sheet as promise, version_sheet as policy},
    purpose::sheet as direction,
};
