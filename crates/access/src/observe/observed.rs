//! What was read, as the plan and the verification compare it with what is wanted.

use inbound_entra::ids::{AppRoleId, KeyId, MICROSOFT_GRAPH, ObjectId};
use inbound_entra::model::{
    AppRoleAssignment, Application, GraphResource, PasswordCredential, RequiredResourceAccess, ServicePrincipal,
};
use jiff::Timestamp;

use crate::desired::SecretGoes;
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
    /// Made by interrupted runs, and not in the keychain: nobody is known to have their value.
    pub orphans: Vec<Orphan>,
    /// One that was shown once on this computer and that the operator said to have; of several the one that lasts longest.
    pub shown: Option<ShownBefore>,
    /// Why the keychain could not be looked into.
    pub unknown: Option<String>,
    /// Every secret that runs asked for a moment ago is there: one that is missing may only not be seen yet.
    pub whole: bool,
}

/// A secret that an interrupted run left.
#[derive(Debug, Clone)]
pub(crate) struct Orphan {
    pub key: KeyId,
    pub description: String,
    /// It may have been shown when the run was interrupted: somebody may have its value and did not say so.
    pub may_be_known: bool,
}

/// A secret that was shown once.
#[derive(Debug, Clone)]
pub(crate) struct ShownBefore {
    pub credential: PasswordCredential,
    pub at: Timestamp,
}

impl ObservedApp {
    /// The registration's name: as it is, or as it will be.
    pub(crate) fn name(&self) -> &str {
        self.application.as_ref().map_or(&self.wanted.name, |found| &found.display_name)
    }

    /// Its secret is to be shown once and kept nowhere here.
    pub(crate) fn shows_once(&self) -> bool {
        self.wanted.secret_goes == SecretGoes::ShownOnce
    }

    /// The secret that was shown once before, where one that is shown once is wanted: it is not doubled.
    pub(crate) fn shown_before(&self) -> Option<&ShownBefore> {
        self.secrets.shown.as_ref().filter(|_| self.shows_once() && self.secrets.kept.is_none())
    }

    /// Nothing more is wanted of its secrets than what there is.
    pub(crate) fn has_secret(&self) -> bool {
        self.secrets.kept.is_some() || self.shown_before().is_some()
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
