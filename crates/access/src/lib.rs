//! The job: observe, compare with desired, plan, run, verify. No window, no HTTP, no operating system.
//!
//! Everything goes through [`job::Job`], which works over three narrow traits (a directory, a secret store, a source of
//! tokens) and a clock.

pub mod audit;
pub mod consent;
pub mod credentials;
pub mod desired;
pub mod directory;
pub mod evidence;
pub mod fix;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
pub mod handover;
pub mod history;
pub mod job;
mod observe;
mod operator;
mod patience;
pub mod plan;
pub mod preflight;
pub mod principal;
pub mod private_files;
pub mod privilege;
pub mod problem;
pub mod requirements;
pub mod road;
pub mod run;
pub mod secrets;
mod tenant;
mod undo;
pub mod upload;
pub mod verification;
mod words;

pub use job::{Job, JobParts, ScopesHeld};
pub use operator::{AppOperator, Operator, PersonOperator};
pub use plan::work::Plan;
pub use principal::find::IdentityRef;
pub use problem::trouble;
pub use run::execute::Listener;
pub use run::journal::RunStore;
pub use tenant::TenantFacts;
