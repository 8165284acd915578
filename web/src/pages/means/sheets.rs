//! What the panel shows of needs, authority, seats and offers to hand over.

pub(crate) use super::{
    grants::sheet as grant, handovers::sheet as handover, needs::sheet as need, seats::sheet as seat,
};
