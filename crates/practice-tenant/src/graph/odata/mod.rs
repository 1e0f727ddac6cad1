//! OData as Graph speaks it for directory objects (graph-facts 4).

pub(crate) mod filter;
#[cfg(test)]
mod filter_tests;
mod filterable;
pub(crate) mod list;
pub(crate) mod query;
pub(crate) mod schema;
pub(crate) mod schema_access;
pub(crate) mod schema_provisioning;
pub(crate) mod search;
