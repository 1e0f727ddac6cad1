//! What people read: the same facts as `--json`, in sentences and tables.

pub(crate) mod audit;
pub(crate) mod connection;
pub(crate) mod credentials;
pub(crate) mod handover;
pub(crate) mod plan;
pub(crate) mod preflight;
pub(crate) mod problem;
pub(crate) mod road;
pub(crate) mod run;
pub(crate) mod safe;
pub(crate) mod table;
pub(crate) mod upload;
pub(crate) mod verification;
