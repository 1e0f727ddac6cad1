//! An app registration that exists, as the steps of setting up see it.

use inbound_entra::graph::Call;
use inbound_entra::ids::AppId;
use inbound_entra::model::{Application, GraphResource, ServicePrincipal};
use jiff::Timestamp;

use crate::desired::SecretGoes;
use crate::desired::checked::{AppTarget, DesiredApp};
use crate::job::Job;
use crate::observe;
use crate::observe::observed::{self, Observed, ObservedApp, ObservedPrincipal, SecretsSeen};
use crate::problem::{Problem, trouble};

/// What there is of it.
pub(crate) struct Registered {
    pub application: Application,
    pub principal: Option<ServicePrincipal>,
}

/// Reads it.
///
/// # Errors
/// `notFound`, or that the tenant cannot be read.
pub(crate) async fn read(job: &Job, client: AppId) -> Result<Registered, Problem> {
    let (call, directory) = (Call::default(), &job.parts.directory);
    let (application, principal) = futures::join!(
        directory.application_by_app_id(&call, client),
        directory.service_principal_by_app_id(&call, client)
    );
    let application = application.map_err(|error| trouble::graph(&error, "look for the app registration"))?;
    let principal = principal.map_err(|error| trouble::graph(&error, "look for the service principal"))?;
    match application {
        Some(application) => Ok(Registered { application, principal }),
        None => Err(observe::no_such_app(&job.parts, &call, client).await),
    }
}

impl Registered {
    /// For the steps of setting up, with a new secret until `end`.
    pub(crate) fn observed(
        self,
        graph: GraphResource,
        grants: Vec<inbound_entra::model::AppRoleAssignment>,
        secrets: SecretsSeen,
        end: Timestamp,
    ) -> Observed {
        let grants = observed::on_graph(grants, graph.id);
        // One that was shown once lies nowhere here: nothing is looked for in the keychain.
        let only_shown = secrets.shown.is_some() && secrets.kept.is_none();
        let wanted = DesiredApp {
            target: AppTarget::Existing(self.application.app_id),
            name: self.application.display_name.clone(),
            note: None,
            secret_description: None,
            secret_end: end,
            secret_goes: if only_shown { SecretGoes::ShownOnce } else { SecretGoes::IntoKeychain },
            unique_name: None,
        };
        let app = ObservedApp {
            wanted,
            unique_name: self.application.unique_name.clone().unwrap_or_default(),
            application: Some(self.application),
            service_principal: self.principal,
            secrets,
        };
        Observed { graph, principal: ObservedPrincipal::App(Box::new(app)), grants }
    }

    /// Names it for the lock that keeps two runs apart.
    pub(crate) fn key(&self) -> String {
        self.application.unique_name.clone().unwrap_or_else(|| self.application.app_id.to_string())
    }

    /// `the app "HR feed"`.
    pub(crate) fn subject(&self) -> String {
        format!("the app \"{}\"", self.application.display_name)
    }
}
