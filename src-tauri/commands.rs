//! What the page may ask: each command reads its arguments, asks the desk and hands on the answer.

pub mod audit;
pub mod connect;
pub mod consent;
pub mod job;
pub mod papers;
pub mod road;
pub mod runs;
pub mod secret;
pub mod session;
pub mod window;

use inbound_access_job::problem::Problem;

/// What a command brings. A problem crosses as an object with a code, never as a string.
pub type Answer<T> = Result<T, Problem>;
