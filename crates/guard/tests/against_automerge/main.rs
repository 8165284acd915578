//! The guard beside the real Automerge: everything it writes must be accepted with the same facts, and what a
//! peer could send instead must be refused.

#[cfg(test)]
mod honest;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod javascript;
