//! The story, chapter by chapter. Each chapter turns rows of the data file into scenes.

mod actions;
mod context;
mod culture;
mod direction;
mod means;
mod people;
mod register;
mod reviews;

use crate::{
    data::{Data, DataError},
    script::Script,
};

/// Tells all of it. Codes are defined before any chapter refers to them.
pub(crate) fn tell(script: &mut Script, data: &Data) -> Result<(), DataError> {
    people::define(script, data);
    context::define(script, data);
    direction::define(script, data);
    register::define(script, data);
    reviews::define(script, data);
    actions::define(script, data);
    means::define(script, data);
    culture::define(script, data);

    people::tell(script, data)?;
    context::tell(script, data)?;
    direction::tell(script, data)?;
    register::tell(script, data)?;
    reviews::tell(script, data)?;
    actions::tell(script, data)?;
    means::tell(script, data)?;
    culture::tell(script, data)
}
