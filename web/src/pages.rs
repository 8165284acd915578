//! The screens. A screen reads records through the [`desk`], shows them with components, and acts; where it is lies in
//! the address.

pub(crate) mod actions;
mod address;
mod ask;
pub(crate) mod capture;
mod create;
pub(crate) mod desk;
mod fields;
mod linked;
mod list;
mod moves;
pub(crate) mod objectives;
mod panel;
pub(crate) mod register;
mod rows;
mod words;
