//! What was read, as the plan and the verification compare it with what is wanted.

use inbound_entra::ids::{AppRoleId, KeyId, MICROSOFT_GRAPH, ObjectId};
use inbound_entra::model::{
    AppRoleAssignment, Application, GraphResource, PasswordCredential, RequiredResourceAccess, ServicePrincipal,
};

use crate::desired::checked::DesiredApp;

/// What the tenant and this computer hold now.
#[derive(Debug, Clone)]
pub(crate) struct Observed {
    pub graph: GraphResource,
    pub principal: ObservedPrincipal,
    /// What it holds on Microsoft Graph.
    pub grants: Vec<AppRoleAssignment>,
}

#[derive(Debug, Clone)]
pub(crate) enum ObservedPrincipal {
    App(Box<ObservedApp>),
    Identity(ServicePrincipal),
    /// For whom another administrator asks for consent: only its grants matter.
    Asked(Box<Asked>),
}

/// A principal that a request for consent names.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub principal: ServicePrincipal,
    /// Its registration, where it is in this tenant and could be read.
    pub application: Option<Application>,
}

/// An app registration, as far as there is one.
#[derive(Debug, Clone)]
pub(crate) struct ObservedApp {
    pub wanted: DesiredApp,
    /// The alternate key under which it would be made.
    pub unique_name: String,
    pub application: Option<Application>,
    pub service_principal: Option<ServicePrincipal>,
    pub secrets: SecretsSeen,
}

/// Which of the registration's unexpired secrets lie in this computer's keychain.
#[derive(Debug, Clone, Default)]
pub(crate) struct SecretsSeen {
    /// The one that lasts longest.
    pub kept: Option<PasswordCredential>,
    /// Made by an interrupted run, and not in the keychain: nobody has their value.
    pub orphans: Vec<(KeyId, String)>,
    /// Why the keychain could not be looked into.
    pub unknown: Option<String>,
    /// Every secret that runs asked for a moment ago is there: one that is missing may only not be seen yet.
    pub whole: bool,
}

impl ObservedApp {
    /// The registration's name: as it is, or as it will be.
    pub(crate) fn name(&self) -> &str {
        self.application.as_ref().map_or(&self.wanted.name, |found| &found.display_name)
    }
}

/// What is granted to `principal` on Microsoft Graph, and nowhere else.
pub(crate) fn on_graph(grants: Vec<AppRoleAssignment>, graph: ObjectId) -> Vec<AppRoleAssignment> {
    grants.into_iter().filter(|grant| grant.resource_id == graph).collect()
}

/// Whether `requested` names this application permission of Microsoft Graph.
pub(crate) fn is_requested(requested: &[RequiredResourceAccess], role: AppRoleId) -> bool {
    requested.iter().filter(|api| api.resource_app_id == MICROSOFT_GRAPH).any(|api| {
        api.resource_access.iter().any(|access| access.id == role && access.kind.eq_ignore_ascii_case("Role"))
    })
}
