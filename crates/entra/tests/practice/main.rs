//! The client against a real practice tenant, over TLS.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on must fail"
)]

mod compressed;
mod deadline;
mod faults;
mod finding;
mod logs;
mod odd;
mod paging;
mod pinning;
mod sign_in;
mod support;
mod tunnel;
mod waiting;
mod writing;
