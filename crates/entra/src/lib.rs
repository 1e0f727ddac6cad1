//! Microsoft Entra: clouds, sign-in and the Graph client. Knows nothing of the job.
//!
//! How Graph and Entra behave is stated in the project's contract, `../shared/contract/graph-facts.md`;
//! docstrings here cite its sections as "graph-facts 6".

pub mod auth;
pub mod clock;
pub mod cloud;
pub mod graph;
pub mod http;
pub mod ids;
pub mod model;
mod times;
mod wiped;
