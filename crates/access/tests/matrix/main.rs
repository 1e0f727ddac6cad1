//! The fault matrix: every mutating call, at every point of its way, struck by every fault; then the program starts anew,
//! and the run is continued to the same end or undone without a trace (promises P31, P34, P38). `docs/faults.md` is written
//! by it: `UPDATE_FAULTS=1 cargo nextest run -p inbound-access-job --test matrix`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod calls;
mod cell;
mod child;
mod keychain;
mod listed;
mod page;
mod rows;
mod scene;
mod sequences;
mod stage;
mod strike;
#[path = "../support/mod.rs"]
mod support;
mod traces;
