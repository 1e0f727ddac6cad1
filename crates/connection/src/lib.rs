//! From a choice on the Connect page or the command line to a signed-in tenant: shared by the window and the
//! terminal face.

mod connector;
pub mod folders;
pub mod hardening;
pub mod logs;
mod practice;
mod runs;
mod session;
mod sign_in;
pub mod view;

pub use connector::{Connector, Place};
pub use folders::Folders;
pub use inbound_keychain::Keychain;
pub use practice_tenant::PersonaKey;
pub use session::Session;
