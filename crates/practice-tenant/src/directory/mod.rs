//! The tenant's state: its objects, the file that keeps them, and the replicas that lag behind.

pub(crate) mod entity;
pub(crate) mod provisioning;
pub(crate) mod replication;
pub(crate) mod state;
pub(crate) mod store;
