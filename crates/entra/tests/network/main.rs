//! The client against servers of the tests' own that are not what they should be, and on networks that are in the way:
//! false certificates, proxies, sign-in pages of networks, links that lead elsewhere (security P12, P44 to P48, P53).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that cannot go on must fail"
)]

mod certificates;
mod child;
mod clock;
mod hostile;
mod links;
mod pages;
mod played;
mod proxies;
mod proxy;
mod redirects;
mod stage;
