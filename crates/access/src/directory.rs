//! The directory as the job needs it: what `inbound_entra` offers, narrowed to these calls.

mod api_client;
mod census;
mod provisioning;

pub use self::api_client::ApiClient;
pub use self::census::Census;
pub use self::provisioning::Provisioning;

use async_trait::async_trait;
use inbound_entra::graph::{Answer, Call, Graph, GraphError, Page, request::NewApplication};
use inbound_entra::ids::{AppId, AppRoleId, KeyId, ObjectId};
use inbound_entra::model::{
    Api, AppManagementPolicy, AppRoleAssignment, Application, ApplicationInUse, AuthorizationPolicy, DeletedObject,
    DirectoryRole, FederatedCredential, GraphResource, NewPassword, Organization, Owner, RequiredResourceAccess,
    RoleEligibility, ServicePrincipal, ServicePrincipalType,
};
use jiff::Timestamp;
use uuid::Uuid;

/// A tenant's directory. Reads give `None` for what is not there; writes are sent once and say when their outcome is
/// unknown.
#[async_trait]
pub trait Directory: Send + Sync {
    /// Microsoft Graph's own service principal in this tenant.
    async fn graph_resource(&self, call: &Call) -> Result<GraphResource, GraphError>;
    /// What an API offers, by the object id of its service principal.
    async fn api(&self, call: &Call, id: ObjectId) -> Result<Api, GraphError>;
    /// By object id.
    async fn application(&self, call: &Call, id: ObjectId) -> Result<Option<Application>, GraphError>;
    /// By client id.
    async fn application_by_app_id(&self, call: &Call, id: AppId) -> Result<Option<Application>, GraphError>;
    /// By alternate key.
    async fn application_by_unique_name(&self, call: &Call, name: &str) -> Result<Option<Application>, GraphError>;
    /// All that bear exactly this display name.
    async fn applications_named(&self, call: &Call, name: &str) -> Result<Vec<Application>, GraphError>;
    /// Those whose name matches what was typed.
    async fn search_applications(&self, call: &Call, text: &str, limit: usize)
    -> Result<Page<Application>, GraphError>;
    /// Makes the application with this alternate key (`Some`), or updates the one that is there (`None`).
    async fn upsert_application(
        &self,
        call: &Call,
        unique_name: &str,
        new: &NewApplication,
    ) -> Result<Answer<Option<Application>>, GraphError>;
    /// Replaces the requested permissions as a whole.
    async fn patch_requested(
        &self,
        call: &Call,
        id: ObjectId,
        requested: &[RequiredResourceAccess],
    ) -> Result<Answer<()>, GraphError>;
    /// By object id.
    async fn service_principal(&self, call: &Call, id: ObjectId) -> Result<Option<ServicePrincipal>, GraphError>;
    /// By client id.
    async fn service_principal_by_app_id(&self, call: &Call, id: AppId)
    -> Result<Option<ServicePrincipal>, GraphError>;
    /// Makes the service principal of an application.
    async fn create_service_principal(&self, call: &Call, id: AppId) -> Result<Answer<ServicePrincipal>, GraphError>;
    /// Those whose name matches what was typed.
    async fn search_service_principals(
        &self,
        call: &Call,
        text: &str,
        kind: Option<ServicePrincipalType>,
        limit: usize,
    ) -> Result<Page<ServicePrincipal>, GraphError>;
    /// All that bear exactly this display name.
    async fn service_principals_named(
        &self,
        call: &Call,
        name: &str,
        kind: Option<ServicePrincipalType>,
    ) -> Result<Vec<ServicePrincipal>, GraphError>;
    /// The managed identities of an Azure resource.
    async fn managed_identities_by_resource_id(
        &self,
        call: &Call,
        resource_id: &str,
    ) -> Result<Vec<ServicePrincipal>, GraphError>;
    /// Every app role that the principal holds, on any API.
    async fn grants_of(&self, call: &Call, principal: ObjectId) -> Result<Vec<AppRoleAssignment>, GraphError>;
    /// Grants an app role.
    async fn grant(
        &self,
        call: &Call,
        resource: ObjectId,
        principal: ObjectId,
        role: AppRoleId,
    ) -> Result<Answer<AppRoleAssignment>, GraphError>;
    /// Makes a client secret; its value is in this answer and never again.
    async fn add_password(
        &self,
        call: &Call,
        app: ObjectId,
        description: &str,
        end: Timestamp,
    ) -> Result<Answer<NewPassword>, GraphError>;
    /// Removes a client secret.
    async fn remove_password(&self, call: &Call, app: ObjectId, key: KeyId) -> Result<Answer<()>, GraphError>;
    /// Asks for a new token, in which roles that were activated since may stand.
    async fn renew_token(&self, _call: &Call) {}
    /// An app registration with what tells whether somebody else uses it.
    async fn application_in_use(&self, call: &Call, id: ObjectId) -> Result<Option<ApplicationInUse>, GraphError>;
    /// Who owns an app registration.
    async fn owners_of(&self, call: &Call, id: ObjectId) -> Result<Vec<Owner>, GraphError>;
    /// The identities elsewhere that an app registration trusts.
    async fn federated_of(&self, call: &Call, id: ObjectId) -> Result<Vec<FederatedCredential>, GraphError>;
    /// Who holds app roles of a service principal.
    async fn assigned_to(&self, call: &Call, resource: ObjectId) -> Result<Vec<AppRoleAssignment>, GraphError>;
    /// Takes a grant away.
    async fn revoke(&self, call: &Call, resource: ObjectId, grant: &str) -> Result<Answer<()>, GraphError>;
    /// Deletes an app registration, and with it its service principal.
    async fn delete_application(&self, call: &Call, id: ObjectId) -> Result<Answer<()>, GraphError>;
    /// Deletes a service principal.
    async fn delete_service_principal(&self, call: &Call, id: ObjectId) -> Result<Answer<()>, GraphError>;
    /// Lets a service principal sign in, or blocks it.
    async fn set_sign_in(&self, call: &Call, id: ObjectId, enabled: bool) -> Result<Answer<()>, GraphError>;
    /// An app registration or service principal that was deleted and can still be restored.
    async fn deleted_object(&self, call: &Call, id: ObjectId) -> Result<Option<DeletedObject>, GraphError>;
    /// The tenant, with its plans.
    async fn organization(&self, call: &Call) -> Result<Organization, GraphError>;
    /// The operator's active directory roles.
    async fn my_roles(&self, call: &Call) -> Result<Vec<DirectoryRole>, GraphError>;
    /// The directory roles that the operator may activate.
    async fn my_eligible_roles(&self, call: &Call) -> Result<Vec<RoleEligibility>, GraphError>;
    /// Activates one of them.
    async fn activate_role(
        &self,
        call: &Call,
        principal: ObjectId,
        role: Uuid,
        justification: &str,
        hours: u8,
    ) -> Result<Answer<()>, GraphError>;
    /// What the tenant forbids of new credentials by default.
    async fn app_management_policy(&self, call: &Call) -> Result<AppManagementPolicy, GraphError>;
    /// What users may do without a role.
    async fn authorization_policy(&self, call: &Call) -> Result<AuthorizationPolicy, GraphError>;
}

#[async_trait]
impl Directory for Graph {
    async fn graph_resource(&self, call: &Call) -> Result<GraphResource, GraphError> {
        Graph::graph_resource(self, call).await
    }

    async fn api(&self, call: &Call, id: ObjectId) -> Result<Api, GraphError> {
        Graph::api(self, call, id).await
    }

    async fn application(&self, call: &Call, id: ObjectId) -> Result<Option<Application>, GraphError> {
        Graph::application(self, call, id).await
    }

    async fn application_by_app_id(&self, call: &Call, id: AppId) -> Result<Option<Application>, GraphError> {
        Graph::application_by_app_id(self, call, id).await
    }

    async fn application_by_unique_name(&self, call: &Call, name: &str) -> Result<Option<Application>, GraphError> {
        Graph::application_by_unique_name(self, call, name).await
    }

    async fn applications_named(&self, call: &Call, name: &str) -> Result<Vec<Application>, GraphError> {
        Graph::applications_named(self, call, name).await
    }

    async fn search_applications(
        &self,
        call: &Call,
        text: &str,
        limit: usize,
    ) -> Result<Page<Application>, GraphError> {
        Graph::search_applications(self, call, text, limit).await
    }

    async fn upsert_application(
        &self,
        call: &Call,
        unique_name: &str,
        new: &NewApplication,
    ) -> Result<Answer<Option<Application>>, GraphError> {
        Graph::upsert_application(self, call, unique_name, new).await
    }

    async fn patch_requested(
        &self,
        call: &Call,
        id: ObjectId,
        requested: &[RequiredResourceAccess],
    ) -> Result<Answer<()>, GraphError> {
        Graph::patch_requested(self, call, id, requested).await
    }

    async fn service_principal(&self, call: &Call, id: ObjectId) -> Result<Option<ServicePrincipal>, GraphError> {
        Graph::service_principal(self, call, id).await
    }

    async fn service_principal_by_app_id(
        &self,
        call: &Call,
        id: AppId,
    ) -> Result<Option<ServicePrincipal>, GraphError> {
        Graph::service_principal_by_app_id(self, call, id).await
    }

    async fn create_service_principal(&self, call: &Call, id: AppId) -> Result<Answer<ServicePrincipal>, GraphError> {
        Graph::create_service_principal(self, call, id).await
    }

    async fn search_service_principals(
        &self,
        call: &Call,
        text: &str,
        kind: Option<ServicePrincipalType>,
        limit: usize,
    ) -> Result<Page<ServicePrincipal>, GraphError> {
        Graph::search_service_principals(self, call, text, kind, limit).await
    }

    async fn service_principals_named(
        &self,
        call: &Call,
        name: &str,
        kind: Option<ServicePrincipalType>,
    ) -> Result<Vec<ServicePrincipal>, GraphError> {
        Graph::service_principals_named(self, call, name, kind).await
    }

    async fn managed_identities_by_resource_id(
        &self,
        call: &Call,
        resource_id: &str,
    ) -> Result<Vec<ServicePrincipal>, GraphError> {
        Graph::managed_identities_by_resource_id(self, call, resource_id).await
    }

    async fn grants_of(&self, call: &Call, principal: ObjectId) -> Result<Vec<AppRoleAssignment>, GraphError> {
        Graph::grants_of(self, call, principal).await
    }

    async fn grant(
        &self,
        call: &Call,
        resource: ObjectId,
        principal: ObjectId,
        role: AppRoleId,
    ) -> Result<Answer<AppRoleAssignment>, GraphError> {
        Graph::grant(self, call, resource, principal, role).await
    }

    async fn add_password(
        &self,
        call: &Call,
        app: ObjectId,
        description: &str,
        end: Timestamp,
    ) -> Result<Answer<NewPassword>, GraphError> {
        Graph::add_password(self, call, app, description, end).await
    }

    async fn remove_password(&self, call: &Call, app: ObjectId, key: KeyId) -> Result<Answer<()>, GraphError> {
        Graph::remove_password(self, call, app, key).await
    }

    async fn renew_token(&self, call: &Call) {
        Graph::renew_token(self, call).await;
    }

    async fn application_in_use(&self, call: &Call, id: ObjectId) -> Result<Option<ApplicationInUse>, GraphError> {
        Graph::application_in_use(self, call, id).await
    }

    async fn owners_of(&self, call: &Call, id: ObjectId) -> Result<Vec<Owner>, GraphError> {
        Graph::owners_of(self, call, id).await
    }

    async fn federated_of(&self, call: &Call, id: ObjectId) -> Result<Vec<FederatedCredential>, GraphError> {
        Graph::federated_of(self, call, id).await
    }

    async fn assigned_to(&self, call: &Call, resource: ObjectId) -> Result<Vec<AppRoleAssignment>, GraphError> {
        Graph::assigned_to(self, call, resource).await
    }

    async fn revoke(&self, call: &Call, resource: ObjectId, grant: &str) -> Result<Answer<()>, GraphError> {
        Graph::revoke(self, call, resource, grant).await
    }

    async fn delete_application(&self, call: &Call, id: ObjectId) -> Result<Answer<()>, GraphError> {
        Graph::delete_application(self, call, id).await
    }

    async fn delete_service_principal(&self, call: &Call, id: ObjectId) -> Result<Answer<()>, GraphError> {
        Graph::delete_service_principal(self, call, id).await
    }

    async fn set_sign_in(&self, call: &Call, id: ObjectId, enabled: bool) -> Result<Answer<()>, GraphError> {
        Graph::set_sign_in(self, call, id, enabled).await
    }

    async fn deleted_object(&self, call: &Call, id: ObjectId) -> Result<Option<DeletedObject>, GraphError> {
        Graph::deleted_object(self, call, id).await
    }

    async fn organization(&self, call: &Call) -> Result<Organization, GraphError> {
        Graph::organization(self, call).await
    }

    async fn my_roles(&self, call: &Call) -> Result<Vec<DirectoryRole>, GraphError> {
        Graph::my_roles(self, call).await
    }

    async fn my_eligible_roles(&self, call: &Call) -> Result<Vec<RoleEligibility>, GraphError> {
        Graph::my_eligible_roles(self, call).await
    }

    async fn activate_role(
        &self,
        call: &Call,
        principal: ObjectId,
        role: Uuid,
        justification: &str,
        hours: u8,
    ) -> Result<Answer<()>, GraphError> {
        Graph::activate_role(self, call, principal, role, justification, hours).await
    }

    async fn app_management_policy(&self, call: &Call) -> Result<AppManagementPolicy, GraphError> {
        Graph::app_management_policy(self, call).await
    }

    async fn authorization_policy(&self, call: &Call) -> Result<AuthorizationPolicy, GraphError> {
        Graph::authorization_policy(self, call).await
    }
}
