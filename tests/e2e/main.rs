//! End to end: the real window on a display of its own, a real keyring, and a practice tenant that remembers what it
//! was asked. Linux only: elsewhere there is no driver for the system's web view that needs nothing but packages.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "the helpers of tests are tests too, which clippy cannot see"
)]

mod machine;
mod page;
mod walk;
mod world;

mod access;
mod accessibility;
mod evidence;
mod failures;
mod keyboard;
mod lists;
mod paths;
mod policy;
mod secrecy;
mod sign_in;
mod single;
mod standing;
mod sweep;
mod tour;
mod unfinished;
