//! A directory at which a fault strikes: at the nth call of a kind, before it is sent or once its answer is there.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use inbound_access_job::Listener;
use inbound_access_job::directory::Directory;
use inbound_access_job::plan::{PlanView, StepEffect};
use inbound_access_job::run::{RunEvent, StepState};
use inbound_entra::graph::request::NewApplication;
use inbound_entra::graph::{Answer, Call, Graph, GraphError, Page};
use inbound_entra::ids::{AppId, AppRoleId, KeyId, ObjectId};
use inbound_entra::model::{
    Api, AppManagementPolicy, AppRoleAssignment, Application, ApplicationInUse, AuthorizationPolicy, DeletedObject,
    DirectoryRole, FederatedCredential, GraphResource, NewPassword, Organization, Owner, RequiredResourceAccess,
    RoleEligibility, ServicePrincipal, ServicePrincipalType,
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::calls::{self, Kind};

/// What strikes.
#[async_trait]
pub trait Blow: Send + Sync {
    /// The call is about to be sent.
    async fn before(&self);
    /// Its answer is there.
    async fn answered(&self);
    /// Its step came to its end and is on disk.
    fn journalled(&self);
    /// How long calls are waited for from now on.
    fn patience(&self) -> Option<Duration> {
        None
    }
}

pub struct Striking {
    inner: Graph,
    at: calls::Call,
    seen: AtomicU32,
    blow: Arc<dyn Blow>,
}

impl Striking {
    pub fn new(inner: Graph, at: calls::Call, blow: Arc<dyn Blow>) -> Self {
        Self { inner, at, seen: AtomicU32::new(0), blow }
    }

    async fn before(&self, kind: Kind) -> bool {
        let is_it = kind == self.at.kind && self.seen.fetch_add(1, Ordering::SeqCst) + 1 == self.at.nth;
        if is_it {
            self.blow.before().await;
        }
        is_it
    }

    fn within(&self, call: &Call) -> Call {
        let mut call = call.clone();
        call.deadline = self.blow.patience().unwrap_or(call.deadline);
        call
    }
}

/// Hears when the steps of a plan that send calls of this kind come to their end.
pub fn listener(plan: &PlanView, at: calls::Call, blow: Arc<dyn Blow>) -> Listener {
    let changes = |effect: StepEffect| !matches!(effect, StepEffect::AlreadySo | StepEffect::WillCheck);
    let steps = plan.steps.iter().filter(|step| at.kind.steps().contains(&step.kind) && changes(step.effect));
    let steps: Vec<u32> = steps.map(|step| step.number).collect();
    let ended = AtomicU32::new(0);
    Arc::new(move |event| {
        let RunEvent::Step { number, state: StepState::Done { .. } | StepState::Failed { .. }, .. } = event else {
            return;
        };
        if steps.contains(&number) && ended.fetch_add(1, Ordering::SeqCst) + 1 == at.nth {
            blow.journalled();
        }
    })
}

macro_rules! passed_on {
    (
        $(read $read:ident($($ra:ident: $rt:ty),*) -> $ro:ty;)*
        $(write $kind:ident $write:ident($($wa:ident: $wt:ty),*) -> $wo:ty;)*
    ) => {
        #[async_trait]
        impl Directory for Striking {
            $(async fn $read(&self, call: &Call, $($ra: $rt),*) -> Result<$ro, GraphError> {
                Graph::$read(&self.inner, &self.within(call), $($ra),*).await
            })*
            $(async fn $write(&self, call: &Call, $($wa: $wt),*) -> Result<Answer<$wo>, GraphError> {
                let struck = self.before(Kind::$kind).await;
                let answer = Graph::$write(&self.inner, &self.within(call), $($wa),*).await;
                if struck {
                    self.blow.answered().await;
                }
                answer
            })*
            async fn set_sign_in(&self, call: &Call, id: ObjectId, enabled: bool) -> Result<Answer<()>, GraphError> {
                Graph::set_sign_in(&self.inner, call, id, enabled).await
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
        }
    };
}

passed_on! {
    read graph_resource() -> GraphResource;
    read api(id: ObjectId) -> Api;
    read application(id: ObjectId) -> Option<Application>;
    read application_by_app_id(id: AppId) -> Option<Application>;
    read application_by_unique_name(name: &str) -> Option<Application>;
    read applications_named(name: &str) -> Vec<Application>;
    read search_applications(text: &str, limit: usize) -> Page<Application>;
    read service_principal(id: ObjectId) -> Option<ServicePrincipal>;
    read service_principal_by_app_id(id: AppId) -> Option<ServicePrincipal>;
    read search_service_principals(text: &str, kind: Option<ServicePrincipalType>, limit: usize) -> Page<ServicePrincipal>;
    read service_principals_named(name: &str, kind: Option<ServicePrincipalType>) -> Vec<ServicePrincipal>;
    read managed_identities_by_resource_id(id: &str) -> Vec<ServicePrincipal>;
    read grants_of(id: ObjectId) -> Vec<AppRoleAssignment>;
    read application_in_use(id: ObjectId) -> Option<ApplicationInUse>;
    read owners_of(id: ObjectId) -> Vec<Owner>;
    read federated_of(id: ObjectId) -> Vec<FederatedCredential>;
    read assigned_to(resource: ObjectId) -> Vec<AppRoleAssignment>;
    read deleted_object(id: ObjectId) -> Option<DeletedObject>;
    read organization() -> Organization;
    read my_roles() -> Vec<DirectoryRole>;
    read my_eligible_roles() -> Vec<RoleEligibility>;
    read app_management_policy() -> AppManagementPolicy;
    read authorization_policy() -> AuthorizationPolicy;
    write Register upsert_application(name: &str, new: &NewApplication) -> Option<Application>;
    write Request patch_requested(id: ObjectId, requested: &[RequiredResourceAccess]) -> ();
    write ServicePrincipal create_service_principal(id: AppId) -> ServicePrincipal;
    write Grant grant(resource: ObjectId, principal: ObjectId, role: AppRoleId) -> AppRoleAssignment;
    write AddPassword add_password(app: ObjectId, description: &str, end: Timestamp) -> NewPassword;
    write RemovePassword remove_password(app: ObjectId, key: KeyId) -> ();
    write Revoke revoke(resource: ObjectId, grant: &str) -> ();
    write DeleteServicePrincipal delete_service_principal(id: ObjectId) -> ();
    write DeleteApp delete_application(id: ObjectId) -> ();
}
