//! What the panel shows of a person.

pub(crate) use super::roll::sheet as member;
