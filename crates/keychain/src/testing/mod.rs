//! Keychains for tests: an in-memory store that can be made to fail or hang, and a private Secret Service.

mod fake;
#[cfg(all(target_os = "linux", feature = "testing"))]
mod prompter;
#[cfg(all(target_os = "linux", feature = "testing"))]
mod secret_service;
#[cfg(all(target_os = "linux", feature = "testing"))]
mod troubles;

pub use fake::{FakeStore, Fault, Gate};
#[cfg(all(target_os = "linux", feature = "testing"))]
pub use prompter::{Prompter, Says};
#[cfg(all(target_os = "linux", feature = "testing"))]
pub use secret_service::{SecretServiceSession, SeenItem, SessionError, Start};
