//! What the signed-in user may become, and what the tenant's policies say (graph-facts 2, 8).

use super::call::{Answer, Call};
use super::client::Graph;
use super::error::GraphError;
use super::request;
use crate::ids::ObjectId;
use crate::model::{AppManagementPolicy, AuthorizationPolicy, RoleEligibility};

impl Graph {
    /// The directory roles that the signed-in user may activate (PIM). Needs `RoleEligibilitySchedule.Read.Directory`,
    /// and a tenant with Entra ID P2 or Governance.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn my_eligible_roles(&self, call: &Call) -> Result<Vec<RoleEligibility>, GraphError> {
        self.list(call, &request::my_eligible_roles()).await
    }

    /// Activates a directory role of the signed-in user from now on. Needs `RoleAssignmentSchedule.ReadWrite.Directory`;
    /// the tenant may ask for MFA, a ticket or an approval.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn activate_role(
        &self,
        call: &Call,
        principal: ObjectId,
        role: uuid::Uuid,
        justification: &str,
        hours: u8,
    ) -> Result<Answer<()>, GraphError> {
        let start = self.inner.clock.now();
        let request = request::activate_role(principal, role, justification, hours, start);
        let answer = self.write_only(call, &request).await?;
        // Roles stand in a token as they were when it was issued (graph-facts 8): the next call takes a new one.
        self.renew(call, &request).await;
        Ok(answer)
    }

    /// Has the held token replaced by a new one, silently: roles stand in a token as they were when it was issued. Where
    /// that does not go, the held one is used on.
    pub async fn renew_token(&self, call: &Call) {
        self.renew(call, &request::me()).await;
    }

    /// What the tenant forbids of new credentials by default. Needs `Policy.Read.All`.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn app_management_policy(&self, call: &Call) -> Result<AppManagementPolicy, GraphError> {
        self.get(call, &request::app_management_policy()).await
    }

    /// What users may do without a role. Needs `Policy.Read.All`.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn authorization_policy(&self, call: &Call) -> Result<AuthorizationPolicy, GraphError> {
        self.get(call, &request::authorization_policy()).await
    }
}
