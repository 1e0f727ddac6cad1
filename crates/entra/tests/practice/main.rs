//! The client against a real practice tenant, over TLS.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on must fail"
)]

mod apps;
mod befallen;
mod compressed;
mod deadline;
mod device_code;
mod faults;
mod finding;
mod logs;
mod odd;
mod pacing;
mod paging;
mod pinning;
mod secrecy;
mod session;
mod sign_in;
mod standing;
mod support;
mod tunnel;
mod waiting;
mod whereabouts;
mod writing;
