//! What records add up to, against the domain model: one binary, so that it links once.

#[cfg(test)]
#[path = "insight/support.rs"]
mod support;

#[cfg(test)]
#[path = "insight/capabilities.rs"]
mod capabilities;

#[cfg(test)]
#[path = "insight/conflicts.rs"]
mod conflicts;

#[cfg(test)]
#[path = "insight/golden.rs"]
mod golden;

#[cfg(test)]
#[path = "insight/honesty.rs"]
mod honesty;

#[cfg(test)]
#[path = "insight/newer.rs"]
mod newer;

#[cfg(test)]
#[path = "insight/search.rs"]
mod search;

#[cfg(test)]
#[path = "insight/changed.rs"]
mod changed;

#[cfg(test)]
#[path = "insight/rules.rs"]
mod rules;
