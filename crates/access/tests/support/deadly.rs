//! A directory at which the program dies: the nth call of a kind never comes back, before or after the tenant has carried
//! it out.

use async_trait::async_trait;
use futures::future::BoxFuture;
use inbound_access_job::directory::Directory;
use inbound_entra::graph::request::NewApplication;
use inbound_entra::graph::{Answer, Call, Graph, GraphError, Lost, Page};
use inbound_entra::ids::{AppId, AppRoleId, KeyId, ObjectId};
use inbound_entra::model::{
    Api, AppManagementPolicy, AppRoleAssignment, Application, ApplicationInUse, AuthorizationPolicy, DeletedObject,
    DirectoryRole, FederatedCredential, GraphResource, NewPassword, Organization, Owner, RequiredResourceAccess,
    RoleEligibility, ServicePrincipal, ServicePrincipalType,
};
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// At which side of the call the program dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

pub struct Deadly {
    pub inner: Graph,
    pub kind: &'static str,
    pub nth: u32,
    pub side: Side,
    pub seen: AtomicU32,
    pub reached: Arc<Notify>,
    pub fate: Fate,
}

/// What someone else does.
pub type Meanwhile = Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// What then happens.
#[derive(Clone)]
pub enum Fate {
    /// The call never comes back.
    Death,
    /// The operator cancels while its answer is awaited.
    Cancel(CancellationToken),
    /// Someone else does something in the tenant; the call goes on as if nothing had been.
    Meanwhile(Meanwhile),
}

impl Deadly {
    /// At the fatal call: never returns, or says that the answer is lost to a cancellation.
    async fn strike(&self, kind: &str, side: Side) -> bool {
        if kind != self.kind || side != self.side || self.seen.fetch_add(1, Ordering::SeqCst) + 1 != self.nth {
            return false;
        }
        self.reached.notify_one();
        match &self.fate {
            Fate::Death => std::future::pending().await,
            Fate::Cancel(cancel) => {
                cancel.cancel();
                true
            }
            Fate::Meanwhile(act) => {
                act().await;
                false
            }
        }
    }
}

fn lost() -> GraphError {
    GraphError::Unclear { why: Lost::Cancelled, request_id: None, client_request_id: String::new() }
}

#[async_trait]
impl Directory for Deadly {
    async fn graph_resource(&self, call: &Call) -> Result<GraphResource, GraphError> {
        Graph::graph_resource(&self.inner, call).await
    }

    async fn application(&self, call: &Call, id: ObjectId) -> Result<Option<Application>, GraphError> {
        Graph::application(&self.inner, call, id).await
    }

    async fn application_by_app_id(&self, call: &Call, id: AppId) -> Result<Option<Application>, GraphError> {
        Graph::application_by_app_id(&self.inner, call, id).await
    }

    async fn application_by_unique_name(&self, call: &Call, name: &str) -> Result<Option<Application>, GraphError> {
        Graph::application_by_unique_name(&self.inner, call, name).await
    }

    async fn applications_named(&self, call: &Call, name: &str) -> Result<Vec<Application>, GraphError> {
        Graph::applications_named(&self.inner, call, name).await
    }

    async fn search_applications(
        &self,
        call: &Call,
        text: &str,
        limit: usize,
    ) -> Result<Page<Application>, GraphError> {
        Graph::search_applications(&self.inner, call, text, limit).await
    }

    async fn service_principal(&self, call: &Call, id: ObjectId) -> Result<Option<ServicePrincipal>, GraphError> {
        Graph::service_principal(&self.inner, call, id).await
    }

    async fn service_principal_by_app_id(
        &self,
        call: &Call,
        id: AppId,
    ) -> Result<Option<ServicePrincipal>, GraphError> {
        Graph::service_principal_by_app_id(&self.inner, call, id).await
    }

    async fn search_service_principals(
        &self,
        call: &Call,
        text: &str,
        kind: Option<ServicePrincipalType>,
        limit: usize,
    ) -> Result<Page<ServicePrincipal>, GraphError> {
        Graph::search_service_principals(&self.inner, call, text, kind, limit).await
    }

    async fn service_principals_named(
        &self,
        call: &Call,
        name: &str,
        kind: Option<ServicePrincipalType>,
    ) -> Result<Vec<ServicePrincipal>, GraphError> {
        Graph::service_principals_named(&self.inner, call, name, kind).await
    }

    async fn managed_identities_by_resource_id(
        &self,
        call: &Call,
        id: &str,
    ) -> Result<Vec<ServicePrincipal>, GraphError> {
        Graph::managed_identities_by_resource_id(&self.inner, call, id).await
    }

    async fn grants_of(&self, call: &Call, id: ObjectId) -> Result<Vec<AppRoleAssignment>, GraphError> {
        Graph::grants_of(&self.inner, call, id).await
    }

    async fn upsert_application(
        &self,
        call: &Call,
        name: &str,
        new: &NewApplication,
    ) -> Result<Answer<Option<Application>>, GraphError> {
        self.strike("register", Side::Before).await;
        let answer = Graph::upsert_application(&self.inner, call, name, new).await;
        if self.strike("register", Side::After).await {
            return Err(lost());
        }
        answer
    }

    async fn patch_requested(
        &self,
        call: &Call,
        id: ObjectId,
        requested: &[RequiredResourceAccess],
    ) -> Result<Answer<()>, GraphError> {
        self.strike("request", Side::Before).await;
        self.strike("withdraw", Side::Before).await;
        let answer = Graph::patch_requested(&self.inner, call, id, requested).await;
        if self.strike("request", Side::After).await || self.strike("withdraw", Side::After).await {
            return Err(lost());
        }
        answer
    }

    async fn create_service_principal(&self, call: &Call, id: AppId) -> Result<Answer<ServicePrincipal>, GraphError> {
        self.strike("servicePrincipal", Side::Before).await;
        let answer = Graph::create_service_principal(&self.inner, call, id).await;
        if self.strike("servicePrincipal", Side::After).await {
            return Err(lost());
        }
        answer
    }

    async fn grant(
        &self,
        call: &Call,
        resource: ObjectId,
        principal: ObjectId,
        role: AppRoleId,
    ) -> Result<Answer<AppRoleAssignment>, GraphError> {
        self.strike("grant", Side::Before).await;
        let answer = Graph::grant(&self.inner, call, resource, principal, role).await;
        if self.strike("grant", Side::After).await {
            return Err(lost());
        }
        answer
    }

    async fn add_password(
        &self,
        call: &Call,
        app: ObjectId,
        description: &str,
        end: Timestamp,
    ) -> Result<Answer<NewPassword>, GraphError> {
        self.strike("addPassword", Side::Before).await;
        let answer = Graph::add_password(&self.inner, call, app, description, end).await;
        if self.strike("addPassword", Side::After).await {
            return Err(lost());
        }
        answer
    }

    async fn remove_password(&self, call: &Call, app: ObjectId, key: KeyId) -> Result<Answer<()>, GraphError> {
        self.strike("removePassword", Side::Before).await;
        let answer = Graph::remove_password(&self.inner, call, app, key).await;
        if self.strike("removePassword", Side::After).await {
            return Err(lost());
        }
        answer
    }

    async fn application_in_use(&self, call: &Call, id: ObjectId) -> Result<Option<ApplicationInUse>, GraphError> {
        Graph::application_in_use(&self.inner, call, id).await
    }

    async fn api(&self, call: &Call, id: ObjectId) -> Result<Api, GraphError> {
        Graph::api(&self.inner, call, id).await
    }

    async fn owners_of(&self, call: &Call, id: ObjectId) -> Result<Vec<Owner>, GraphError> {
        Graph::owners_of(&self.inner, call, id).await
    }

    async fn federated_of(&self, call: &Call, id: ObjectId) -> Result<Vec<FederatedCredential>, GraphError> {
        Graph::federated_of(&self.inner, call, id).await
    }

    async fn assigned_to(&self, call: &Call, resource: ObjectId) -> Result<Vec<AppRoleAssignment>, GraphError> {
        Graph::assigned_to(&self.inner, call, resource).await
    }

    async fn revoke(&self, call: &Call, resource: ObjectId, grant: &str) -> Result<Answer<()>, GraphError> {
        self.strike("revoke", Side::Before).await;
        let answer = Graph::revoke(&self.inner, call, resource, grant).await;
        if self.strike("revoke", Side::After).await {
            return Err(lost());
        }
        answer
    }

    async fn delete_application(&self, call: &Call, id: ObjectId) -> Result<Answer<()>, GraphError> {
        self.strike("deleteApp", Side::Before).await;
        let answer = Graph::delete_application(&self.inner, call, id).await;
        if self.strike("deleteApp", Side::After).await {
            return Err(lost());
        }
        answer
    }

    async fn delete_service_principal(&self, call: &Call, id: ObjectId) -> Result<Answer<()>, GraphError> {
        self.strike("deleteServicePrincipal", Side::Before).await;
        let answer = Graph::delete_service_principal(&self.inner, call, id).await;
        if self.strike("deleteServicePrincipal", Side::After).await {
            return Err(lost());
        }
        answer
    }

    async fn set_sign_in(&self, call: &Call, id: ObjectId, enabled: bool) -> Result<Answer<()>, GraphError> {
        self.strike("signIn", Side::Before).await;
        let answer = Graph::set_sign_in(&self.inner, call, id, enabled).await;
        if self.strike("signIn", Side::After).await {
            return Err(lost());
        }
        answer
    }

    async fn deleted_object(&self, call: &Call, id: ObjectId) -> Result<Option<DeletedObject>, GraphError> {
        Graph::deleted_object(&self.inner, call, id).await
    }

    async fn organization(&self, call: &Call) -> Result<Organization, GraphError> {
        Graph::organization(&self.inner, call).await
    }

    async fn my_roles(&self, call: &Call) -> Result<Vec<DirectoryRole>, GraphError> {
        Graph::my_roles(&self.inner, call).await
    }

    async fn my_eligible_roles(&self, call: &Call) -> Result<Vec<RoleEligibility>, GraphError> {
        Graph::my_eligible_roles(&self.inner, call).await
    }

    async fn activate_role(
        &self,
        call: &Call,
        principal: ObjectId,
        role: Uuid,
        justification: &str,
        hours: u8,
    ) -> Result<Answer<()>, GraphError> {
        Graph::activate_role(&self.inner, call, principal, role, justification, hours).await
    }

    async fn app_management_policy(&self, call: &Call) -> Result<AppManagementPolicy, GraphError> {
        Graph::app_management_policy(&self.inner, call).await
    }

    async fn authorization_policy(&self, call: &Call) -> Result<AuthorizationPolicy, GraphError> {
        Graph::authorization_policy(&self.inner, call).await
    }
}
