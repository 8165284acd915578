//! The document model against its laws: one binary, so that it links once.

#[cfg(test)]
#[path = "document/support.rs"]
mod support;

#[cfg(test)]
#[path = "document/findings.rs"]
mod findings;

#[cfg(test)]
#[path = "document/edits.rs"]
mod edits;

#[cfg(test)]
#[path = "document/tolerance.rs"]
mod tolerance;

#[cfg(test)]
#[path = "document/convergence.rs"]
mod convergence;

#[cfg(test)]
#[path = "document/lenses.rs"]
mod lenses;

#[cfg(test)]
#[path = "document/golden.rs"]
mod golden;

#[cfg(test)]
#[path = "document/figures.rs"]
mod figures;

#[cfg(test)]
#[path = "document/acts.rs"]
mod acts;
