//! A signed-in tenant with the job ready to be done in it.

use std::sync::Arc;

use inbound_access_job::history::HistoryStore;
use inbound_access_job::problem::{Code, FieldProblem, Problem};
use inbound_access_job::requirements::permission_sets;
use inbound_access_job::secrets::AppTokens;
use inbound_access_job::{AppOperator, Job, JobParts, Operator, PersonOperator, TenantFacts, trouble};
use inbound_entra::auth::{AuthError, SessionHandle, token_roles};
use inbound_entra::clock::Clock;
use inbound_entra::cloud::Cloud;
use inbound_entra::graph::{Call, Graph, GraphError};
use inbound_entra::http::Http;
use inbound_entra::ids::TenantId;
use inbound_entra::model::{DirectoryRole, GraphResource, Me, Organization};
use inbound_keychain::Keychain;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::entry::Entry;
use crate::folders::Folders;
use crate::practice::presence::Presence;
use crate::runs::Shelf;
use crate::sign_in::{Entered, Who};
use crate::view::{ConnectionView, SignInRequest};

/// Clocks that differ by less are usual.
const CLOCK_OFF_MINUTES: i64 = 5;

/// Somebody is signed in to a tenant.
pub struct Session {
    /// For the frame of the window and the Connect page.
    pub view: ConnectionView,
    /// Does the job there, as the one who is signed in.
    pub job: Job,
    /// Names the secret's place, reads it for Copy and Reveal.
    pub keychain: Keychain,
    /// Where was signed in: the origin of the cloud's login service.
    pub login: Url,
    /// How the same one comes in again; none for an app.
    entry: Option<Entry>,
    handle: Option<SessionHandle>,
    /// Of a token that another program keeps.
    scopes: Vec<String>,
    /// Keeps other processes from resetting the embedded practice tenant under it.
    _presence: Option<Arc<Presence>>,
}

impl Session {
    /// Scopes that the sign-in carries now, by value; app roles for an app.
    #[must_use]
    pub fn scopes(&self) -> Vec<String> {
        match &self.handle {
            Some(handle) => handle.scopes_held(),
            None if self.entry.is_none() => self.view.roles.clone(),
            None => self.scopes.clone(),
        }
    }

    /// Drops every token at once. Whatever still runs with it fails as signed out.
    pub fn forget(&self) {
        if let Some(handle) = &self.handle {
            handle.forget();
        }
    }

    /// How the same one comes in again: the same way, with the account and tenant of now.
    #[must_use]
    pub fn entry_again(&self) -> Option<Entry> {
        let entry = self.entry.clone()?;
        Some(match entry {
            Entry::Person(request) => Entry::Person(SignInRequest {
                tenant: Some(self.view.tenant_id.clone()),
                account: Some(self.view.account.clone()),
                ..request
            }),
            persona @ Entry::Persona(_) => persona,
        })
    }
}

/// What a session is made of.
pub(crate) struct Parts<'a> {
    pub entered: Entered,
    pub entry: Option<Entry>,
    pub shelf: Shelf,
    pub presence: Option<Arc<Presence>>,
    pub folders: &'a Folders,
    pub keychain: Keychain,
    pub clock: Arc<dyn Clock>,
    pub cancel: &'a CancellationToken,
}

/// The practice tenant behind a url that `practice serve` printed.
pub(crate) fn practice_cloud(url: &str) -> Result<Cloud, Problem> {
    Cloud::practice(url).map_err(|error| {
        let mut problem =
            Problem::new(Code::InvalidInput, format!("The practice tenant's url cannot be used: {error}"))
                .exists("Nothing was changed.")
                .advice(
                    "Give the `url` that `inbound-access-cli practice serve` printed, with all that follows the #.",
                );
        problem.fields.push(FieldProblem { field: "practiceUrl".into(), message: error.to_string() });
        problem
    })
}

/// Reads, side by side, who has come in, which roles they hold, which tenant it is and what its Graph offers.
pub(crate) async fn begin(parts: Parts<'_>) -> Result<Session, Problem> {
    let Parts { entered, entry, shelf, presence, folders, keychain, clock, cancel } = parts;
    let Entered { cloud, credential, who, scopes, handle } = entered;
    let graph = Graph::new(cloud.clone(), Arc::clone(&credential), Arc::clone(&clock))
        .map_err(|error| trouble::graph(&error, "reach Microsoft Graph"))?;
    let call = Call { cancel: cancel.clone(), ..Call::default() };
    let read = match &who {
        Who::Person { .. } => read_of_person(&graph, &call).await,
        Who::App { tenant, client_id } => {
            let scope = cloud.graph_default_scope();
            let token = credential.get_token(&[scope.as_str()], None).await;
            let roles = token.map(|token| token_roles(token.token.secret()));
            let roles = roles.map_err(|error| trouble::sign_in(&AuthError::from_credential(&error)))?;
            read_of_app(&graph, &call, *tenant, client_id.to_string(), roles).await
        }
    };
    let Read { operator, account_name, roles, organization, resource } =
        read.map_err(|error| trouble::graph(&error, "tell who is signed in and to which tenant"))?;
    let tenant = who.tenant();
    if organization.id != tenant {
        return Err(Problem::new(
            Code::SignInFailed,
            format!("Signed in to tenant {tenant}, but Microsoft Graph answers for {}.", organization.id),
        )
        .exists("Nothing was changed.")
        .advice("Connect again."));
    }
    let (held, fixed) = (handle.clone(), scopes.clone());
    let graph = Arc::new(graph);
    let runs = folders.runs_of(&cloud, shelf, &organization.id.to_string())?;
    let job = Job::new(JobParts {
        directory: graph.clone(),
        provisioning: graph.clone(),
        census: graph.clone(),
        api: graph,
        history: HistoryStore::beside(&runs),
        secrets: Arc::new(keychain.clone()),
        tokens: Arc::new(AppTokens { cloud: cloud.clone(), tenant: organization.id }),
        clock: Arc::clone(&clock),
        runs,
        tenant: TenantFacts {
            id: organization.id,
            name: name_of(&organization),
            cloud_key: cloud.key.clone(),
            cloud_name: cloud.name.clone(),
            login: cloud.login.clone(),
            graph: cloud.graph.clone(),
            portal: cloud.portal.clone(),
        },
        scopes: Arc::new(move || held.as_ref().map_or_else(|| fixed.clone(), SessionHandle::scopes_held)),
        operator: operator.clone(),
    });
    let domains = &organization.verified_domains;
    let domain = domains.iter().find(|domain| domain.is_default).or_else(|| domains.first());
    let (way, client_id) = who.means();
    let view = ConnectionView {
        practice: cloud.is_practice(),
        cloud: cloud.name.clone(),
        cloud_key: cloud.key.clone(),
        way,
        client_id,
        clock_off_minutes: clock_off(&cloud),
        tenant_name: name_of(&organization),
        tenant_id: organization.id.to_string(),
        tenant_domain: domain.map(|domain| domain.name.clone()),
        account_name,
        account: operator.name().to_owned(),
        roles,
        abilities: operator.abilities(),
        permission_sets: permission_sets(&resource),
    };
    Ok(Session { view, job, keychain, login: cloud.login, entry, handle, scopes, _presence: presence })
}

/// What a session begins with.
struct Read {
    operator: Operator,
    account_name: String,
    /// Roles by name, in alphabetical order; app roles by value for an app.
    roles: Vec<String>,
    organization: Organization,
    resource: GraphResource,
}

async fn read_of_person(graph: &Graph, call: &Call) -> Result<Read, GraphError> {
    // The Graph resource stays in the client's cache, where the first plan finds it.
    let (me, roles, organization, resource) =
        tokio::try_join!(graph.me(call), graph.my_roles(call), graph.organization(call), graph.graph_resource(call),)?;
    let Me { id, display_name, user_principal_name } = me;
    let name = user_principal_name.unwrap_or_else(|| id.to_string());
    let account_name = display_name.unwrap_or_else(|| name.clone());
    let names = names_of(&roles);
    let operator = Operator::Person(PersonOperator { name, object_id: id, roles });
    Ok(Read { operator, account_name, roles: names, organization, resource })
}

async fn read_of_app(
    graph: &Graph,
    call: &Call,
    tenant: TenantId,
    client_id: String,
    mut roles: Vec<String>,
) -> Result<Read, GraphError> {
    let (organization, resource) = tokio::join!(graph.organization(call), graph.graph_resource(call));
    let organization = match organization {
        // An app needs a permission of its own to read the tenant's name; without it the id must do.
        Err(GraphError::Refused(refusal)) if refusal.is_forbidden() => {
            Organization { id: tenant, display_name: None, verified_domains: Vec::new(), assigned_plans: Vec::new() }
        }
        other => other?,
    };
    roles.sort();
    let operator = Operator::App(AppOperator { name: client_id.clone(), roles: roles.clone() });
    Ok(Read { operator, account_name: client_id, roles, organization, resource: resource? })
}

fn names_of(roles: &[DirectoryRole]) -> Vec<String> {
    let mut names: Vec<String> = roles.iter().filter_map(|role| role.display_name.clone()).collect();
    names.sort();
    names
}

fn name_of(organization: &Organization) -> String {
    organization.display_name.clone().unwrap_or_else(|| organization.id.to_string())
}

/// By how many minutes this computer's clock is ahead of the cloud's, where that is out of the ordinary.
fn clock_off(cloud: &Cloud) -> Option<i32> {
    let minutes = Http::of(cloud).ok()?.clock_offset()?.as_secs() / 60;
    if minutes.abs() > CLOCK_OFF_MINUTES { i32::try_from(minutes).ok() } else { None }
}
