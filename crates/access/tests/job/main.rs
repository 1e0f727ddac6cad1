//! The job, end to end, against the practice tenant over TLS.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod activating;
mod auditing;
mod consent;
mod continuing;
mod crashes;
mod environment;
mod every_verdict;
mod faults;
mod finding;
mod fixing;
mod journeys;
mod keychain;
mod others;
mod papers;
mod preflight;
mod reading_the_log;
mod refusals;
mod rivals;
mod road;
mod showing;
#[path = "../support/mod.rs"]
mod support;
mod undoing;
mod uploading;
mod verifying;
mod verifying_findings;
mod verifying_whole;
mod waiting;
mod whole_tenant;
