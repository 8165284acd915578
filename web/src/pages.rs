//! The screens. A screen reads records through the [`desk`], shows them with components, and acts; where it is lies in
//! the address.

pub(crate) mod actions;
mod address;
mod ask;
pub(crate) mod bin;
pub(crate) mod capture;
mod change;
mod chosen;
mod clauses;
mod connections;
mod create;
pub(crate) mod desk;
pub(crate) mod direction;
mod fields;
mod findings;
mod handover;
mod history;
mod linked;
mod list;
pub(crate) mod means;
mod moves;
pub(crate) mod objectives;
pub(crate) mod overview;
mod panel;
pub(crate) mod people;
mod plain;
pub(crate) mod register;
mod row_acts;
mod rows;
mod sheets;
mod shelf;
mod tags;
mod talk;
pub(crate) mod undo;
pub(crate) mod words;
