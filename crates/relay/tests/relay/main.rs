//! The relay with stock Automerge clients, a store in memory, and a network that can be told what to do.

mod access;
mod admission;
mod client;
mod cold_join;
mod compaction;
mod converge;
mod durability;
mod flow;
mod loading;
mod presence;
mod simulation;
mod storage;
mod world;
