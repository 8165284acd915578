//! The sample against its data file, its story and its golden values: one binary, so that it links once.

#[cfg(test)]
#[path = "story/support.rs"]
mod support;

#[cfg(test)]
#[path = "story/rows.rs"]
mod rows;

#[cfg(test)]
#[path = "story/people_rows.rs"]
mod people_rows;

#[cfg(test)]
#[path = "story/work.rs"]
mod work;

#[cfg(test)]
#[path = "story/golden.rs"]
mod golden;

#[cfg(test)]
#[path = "story/history.rs"]
mod history;
