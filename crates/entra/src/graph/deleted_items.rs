//! What was deleted and can still be restored (graph-facts 7).

use serde::de::IgnoredAny;

use super::call::Call;
use super::client::Graph;
use super::error::GraphError;
use super::request;
use crate::ids::ObjectId;

impl Graph {
    /// Whether the app registration with this object id, or the service principal, lies among the deleted objects. It
    /// does so for 30 days, unless someone deletes it for good. A replica may not know yet.
    ///
    /// # Errors
    /// As [`GraphError`] says. Who may not change apps may not read this either.
    pub async fn deleted_application(&self, call: &Call, id: ObjectId) -> Result<bool, GraphError> {
        Ok(self.find::<IgnoredAny>(call, &request::deleted_item(id)).await?.is_some())
    }
}
