//! From a choice on the Connect page or the command line to a signed-in tenant: shared by the window and the
//! terminal face.

mod asking;
mod clients;
mod connector;
mod entry;
pub mod folders;
pub mod hardening;
pub mod logs;
mod opener;
mod practice;
mod runs;
mod session;
mod settings;
mod sign_in;
pub mod view;

pub use asking::{FrontDesk, News, Opener};
pub use connector::Connector;
pub use entry::{Entry, Place};
pub use folders::Folders;
pub use inbound_entra::auth::BrowserError;
pub use inbound_entra::clock::Clock;
pub use inbound_keychain::Keychain;
pub use practice_tenant::PersonaKey;
pub use session::Session;
pub use sign_in::app::{AppProof, AppSignIn};
