//! App role assignments: the grants (graph-facts 6).

use super::call::{Answer, Call};
use super::client::Graph;
use super::error::{GraphError, Unreadable};
use super::request;
use crate::ids::{AppRoleId, ObjectId};
use crate::model::AppRoleAssignment;

impl Graph {
    /// Every app role that the principal holds, on any API: all of them or an error, as a verdict rests on it.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn grants_of(&self, call: &Call, principal: ObjectId) -> Result<Vec<AppRoleAssignment>, GraphError> {
        self.list_strictly(call, &request::grants_of(principal)).await
    }

    /// Who holds app roles of `resource`: all of them or an error, as a verdict rests on it.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn assigned_to(&self, call: &Call, resource: ObjectId) -> Result<Vec<AppRoleAssignment>, GraphError> {
        self.list_strictly(call, &request::assigned_to(resource)).await
    }

    /// Grants an app role of `resource` to `principal`. It adds to what is there and takes effect at once.
    ///
    /// # Errors
    /// As [`GraphError`] says; a grant that exists is `Refused` with `is_duplicate_grant`.
    pub async fn grant(
        &self,
        call: &Call,
        resource: ObjectId,
        principal: ObjectId,
        role: AppRoleId,
    ) -> Result<Answer<AppRoleAssignment>, GraphError> {
        let received = self.write(call, &request::grant(resource, principal, role)).await?;
        let made: AppRoleAssignment = received.read()?;
        if (made.resource_id, made.principal_id, made.app_role_id) != (resource, principal, role) {
            return Err(received.unreadable(Unreadable::WrongShape));
        }
        Ok(received.answer(made))
    }

    /// Takes a grant away. Tokens that were issued before keep it until they expire.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn revoke(&self, call: &Call, resource: ObjectId, assignment_id: &str) -> Result<Answer<()>, GraphError> {
        self.write_only(call, &request::revoke(resource, assignment_id)).await
    }
}
