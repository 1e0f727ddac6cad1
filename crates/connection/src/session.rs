//! A signed-in tenant with the job ready to be done in it.

use std::sync::Arc;

use inbound_access_job::problem::{Code, FieldProblem, Problem};
use inbound_access_job::requirements::permission_sets;
use inbound_access_job::secrets::AppTokens;
use inbound_access_job::{Job, JobParts, Operator, PersonOperator, TenantFacts, trouble};
use inbound_entra::auth::SignedIn;
use inbound_entra::clock::Clock;
use inbound_entra::cloud::Cloud;
use inbound_entra::graph::{Call, Graph};
use inbound_entra::model::{DirectoryRole, Me, Organization};
use inbound_keychain::Keychain;
use practice_tenant::PersonaKey;
use tokio_util::sync::CancellationToken;

use crate::folders::Folders;
use crate::practice::presence::Presence;
use crate::runs::Shelf;
use crate::sign_in;
use crate::view::ConnectionView;

/// Somebody is signed in to a tenant.
pub struct Session {
    /// For the frame of the window and the Connect page.
    pub view: ConnectionView,
    /// Does the job there, as the one who is signed in.
    pub job: Job,
    /// Names the secret's place, reads it for Copy and Reveal.
    pub keychain: Keychain,
    /// Keeps other processes from resetting the embedded practice tenant under it.
    _presence: Option<Arc<Presence>>,
}

/// What a session is made of.
pub(crate) struct Parts<'a> {
    pub cloud: Cloud,
    pub shelf: Shelf,
    pub presence: Option<Arc<Presence>>,
    pub persona: PersonaKey,
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

/// Signs in and reads, side by side, who that is, which roles they hold, which tenant it is and what its Graph offers.
pub(crate) async fn begin(parts: Parts<'_>) -> Result<Session, Problem> {
    let Parts { cloud, shelf, presence, persona, folders, keychain, clock, cancel } = parts;
    let SignedIn { credential, account } = sign_in::as_persona(&cloud, persona, Arc::clone(&clock), cancel).await?;
    let graph = Graph::new(cloud.clone(), credential, Arc::clone(&clock))
        .map_err(|error| trouble::graph(&error, "reach Microsoft Graph"))?;
    let call = Call { cancel: cancel.clone(), ..Call::default() };
    // The Graph resource stays in the client's cache, where the first plan finds it.
    let (me, roles, organization, resource) = tokio::try_join!(
        graph.me(&call),
        graph.my_roles(&call),
        graph.organization(&call),
        graph.graph_resource(&call),
    )
    .map_err(|error| trouble::graph(&error, "tell who is signed in and to which tenant"))?;
    if organization.id != account.tenant {
        return Err(Problem::new(
            Code::SignInFailed,
            format!("Signed in to tenant {}, but Microsoft Graph answers for {}.", account.tenant, organization.id),
        )
        .exists("Nothing was changed.")
        .advice("Connect again."));
    }
    let tenant_name = organization.display_name.clone().unwrap_or_else(|| organization.id.to_string());
    let account = me.user_principal_name.clone().unwrap_or(account.user_name);
    let operator =
        Operator::Person(PersonOperator { name: account.clone(), object_id: me.id, roles: roles.clone() });
    let job = Job::new(JobParts {
        directory: Arc::new(graph),
        secrets: Arc::new(keychain.clone()),
        tokens: Arc::new(AppTokens { cloud: cloud.clone(), tenant: organization.id }),
        clock,
        runs: folders.runs_of(&cloud, shelf, &organization.id.to_string())?,
        tenant: TenantFacts {
            id: organization.id,
            name: tenant_name,
            cloud_key: cloud.key.clone(),
            cloud_name: cloud.name.clone(),
            login: cloud.login.clone(),
            graph: cloud.graph.clone(),
            portal: cloud.portal.clone(),
        },
        operator,
        // The persona's sign-in asks for whatever was consented to, not for single scopes.
        scopes: Arc::new(Vec::new),
    });
    let view = ConnectionView {
        abilities: job.abilities(),
        permission_sets: permission_sets(&resource),
        ..view_of(&cloud, &me, account, &roles, &organization)
    };
    Ok(Session { view, job, keychain, _presence: presence })
}

fn view_of(
    cloud: &Cloud,
    me: &Me,
    account: String,
    roles: &[DirectoryRole],
    organization: &Organization,
) -> ConnectionView {
    let domains = &organization.verified_domains;
    let domain = domains.iter().find(|domain| domain.is_default).or_else(|| domains.first());
    let mut names: Vec<String> = roles.iter().filter_map(|role| role.display_name.clone()).collect();
    names.sort();
    ConnectionView {
        practice: cloud.is_practice(),
        cloud_key: cloud.key.clone(),
        way: None,
        client_id: None,
        clock_off_minutes: None,
        cloud: cloud.name.clone(),
        tenant_name: organization.display_name.clone().unwrap_or_else(|| organization.id.to_string()),
        tenant_id: organization.id.to_string(),
        tenant_domain: domain.map(|domain| domain.name.clone()),
        account_name: me.display_name.clone().unwrap_or_else(|| account.clone()),
        account,
        roles: names,
        abilities: Vec::new(),
        permission_sets: Vec::new(),
    }
}
