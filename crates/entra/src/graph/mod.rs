//! Microsoft Graph v1.0: typed operations over one careful client.

mod applications;
mod attempt;
mod call;
mod census;
mod challenge;
mod client;
mod error;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod grants;
mod odata;
mod pacer;
mod paging;
mod provisioning;
mod refusal;
pub mod request;
#[cfg(test)]
mod request_tests;
mod retry;
#[cfg(test)]
mod scopes_tests;
mod service_principals;
mod standing;
mod who;

pub use call::{Answer, Call, Interaction, Page, Wait, WaitReason};
pub use client::Graph;
pub use error::{GraphError, Lost, Unreadable};
pub use refusal::{Policy, Refusal};
