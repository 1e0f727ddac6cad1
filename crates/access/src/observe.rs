//! What the tenant and this computer hold now, read side by side.

pub(crate) mod fresh;
pub(crate) mod observed;
pub(crate) mod unique_name;

use futures::future::join_all;
use inbound_entra::graph::{Call, GraphError};
use inbound_entra::ids::{AppId, ObjectId};
use inbound_entra::model::{
    AppRoleAssignment, Application, GraphResource, PasswordCredential, ServicePrincipal, ServicePrincipalType,
};
use inbound_keychain::KeychainError;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use self::observed::{Observed, ObservedApp, ObservedPrincipal, Orphan, SecretsSeen, ShownBefore};
use crate::desired::checked::{AppTarget, Desired, DesiredApp, DesiredPrincipal, excerpt};
use crate::job::JobParts;
use crate::observe::fresh::Fresh;
use crate::observe::unique_name::unique_name;
use crate::patience::{Patience, SPREADS};
use crate::principal::PrincipalCard;
use crate::principal::cards;
use crate::principal::find;
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::run::fact::SecretTrace;
use crate::secrets;

/// How many numbered alternate keys are tried for a further app of one name.
const MOST_NAMESAKES: u32 = 50;

/// As [`observe`]; just after a run for the same principal, once what it made is seen or half a minute has passed, so
/// that planning the same again finds nothing to do.
pub(crate) async fn observe_settled(
    parts: &JobParts,
    graph: GraphResource,
    desired: &Desired,
) -> Result<Observed, Problem> {
    let named = match &desired.principal {
        DesiredPrincipal::Identity(id) => id.to_string(),
        DesiredPrincipal::App(app) => match app.target {
            AppTarget::Existing(client_id) => client_id.to_string(),
            AppTarget::ByName => app.name.clone(),
            // A further app has nothing to do with the one before.
            AppTarget::Another => return observe(parts, graph, desired).await,
        },
    };
    let Some(fresh) = Fresh::of(parts, &[named]) else { return observe(parts, graph, desired).await };
    let left = fresh.left(parts.clock.now());
    let mut patience = Patience::new(parts.clock.as_ref(), CancellationToken::new(), left);
    loop {
        let observed = match observe(parts, graph.clone(), desired).await {
            // What bears the name may be all that is seen yet beside the app that was just made.
            Err(problem) if problem.code == Code::Ambiguous => {
                if patience.wait(|_, _| {}).await.is_err() {
                    return Err(problem);
                }
                continue;
            }
            observed => observed?,
        };
        let application = match &observed.principal {
            ObservedPrincipal::App(app) => app.application.as_ref(),
            ObservedPrincipal::Identity(_) | ObservedPrincipal::Asked(_) => None,
        };
        if fresh.is_whole_in(&observed.grants, application) {
            fresh.mark_seen(parts);
            return Ok(observed);
        }
        if patience.wait(|_, _| {}).await.is_err() {
            return Ok(observed);
        }
    }
}

/// Microsoft Graph's own service principal, with every permission that it offers in this tenant.
pub(crate) async fn graph_resource(parts: &JobParts, call: &Call) -> Result<GraphResource, Problem> {
    let read = parts.directory.graph_resource(call).await;
    read.map_err(|error| trouble::graph(&error, "read the permissions that Microsoft Graph offers"))
}

/// Reads everything that the plan for `desired` needs.
pub(crate) async fn observe(parts: &JobParts, graph: GraphResource, desired: &Desired) -> Result<Observed, Problem> {
    let call = Call::default();
    let (principal, grants) = match &desired.principal {
        DesiredPrincipal::Identity(id) => {
            let (identity, grants) = identity(parts, &call, *id).await?;
            (ObservedPrincipal::Identity(identity), grants)
        }
        DesiredPrincipal::App(wanted) => {
            let app = app(parts, &call, wanted).await?;
            let (principal, secrets, grants) = match &app.application {
                Some(found) => around(parts, &call, found).await?,
                None => (None, SecretsSeen::default(), Vec::new()),
            };
            if let Some(blocked) = principal.as_ref().filter(|one| one.account_enabled == Some(false)) {
                return Err(disabled("app", blocked));
            }
            (ObservedPrincipal::App(Box::new(ObservedApp { service_principal: principal, secrets, ..app })), grants)
        }
    };
    let grants = observed::on_graph(grants, graph.id);
    Ok(Observed { graph, principal, grants })
}

async fn app(parts: &JobParts, call: &Call, wanted: &DesiredApp) -> Result<ObservedApp, Problem> {
    let directory = &parts.directory;
    let read = |error: GraphError| trouble::graph(&error, "look for the app registration");
    let mut seen = ObservedApp {
        wanted: wanted.clone(),
        unique_name: unique_name(&wanted.name, 1),
        application: None,
        service_principal: None,
        secrets: SecretsSeen::default(),
    };
    match wanted.target {
        AppTarget::Existing(client_id) => {
            let found = directory.application_by_app_id(call, client_id).await.map_err(read)?;
            seen.application = Some(match found {
                Some(found) => found,
                None => return Err(no_such_app(parts, call, client_id).await),
            });
        }
        AppTarget::ByName => {
            let (ours, named) = futures::join!(
                directory.application_by_unique_name(call, &seen.unique_name),
                directory.applications_named(call, &wanted.name)
            );
            let (ours, named) = (ours.map_err(read)?, named.map_err(read)?);
            // The list may know our own app before its alternate key is known everywhere.
            let listed = |one: &&Application| one.unique_name.as_deref() == Some(seen.unique_name.as_str());
            seen.application = ours.or_else(|| named.iter().find(listed).cloned());
            if seen.application.is_none() && !named.is_empty() {
                return Err(taken_name(parts, &wanted.name, &named));
            }
        }
        AppTarget::Another => match &wanted.unique_name {
            // An earlier attempt of the run may have registered it.
            Some(chosen) => {
                seen.unique_name.clone_from(chosen);
                seen.application = directory.application_by_unique_name(call, chosen).await.map_err(read)?;
            }
            None => seen.unique_name = free_unique_name(parts, call, &wanted.name).await?,
        },
    }
    Ok(seen)
}

/// Which app is meant only the operator can say.
fn taken_name(parts: &JobParts, name: &str, named: &[Application]) -> Problem {
    let cards: Vec<PrincipalCard> =
        named.iter().map(|one| cards::application_card(one, None, &parts.tenant.portal)).collect();
    find::ambiguous(&cards, "app registrations", &format!("called \"{}\"", excerpt(name)))
        .advice("Say which one is to be used, by its client id, or that another one of this name is to be registered.")
}

/// The first alternate key of this name that no app bears.
async fn free_unique_name(parts: &JobParts, call: &Call, name: &str) -> Result<String, Problem> {
    for number in 1..=MOST_NAMESAKES {
        let candidate = unique_name(name, number);
        let taken = parts
            .directory
            .application_by_unique_name(call, &candidate)
            .await
            .map_err(|error| trouble::graph(&error, "look for apps of this name"))?;
        if taken.is_none() {
            return Ok(candidate);
        }
    }
    Err(Problem::new(
        Code::InvalidInput,
        format!("Inbound Access has already made {MOST_NAMESAKES} apps called \"{name}\"."),
    )
    .exists("Nothing was changed.")
    .advice("Choose another name, or use one of those apps."))
}

/// The service principal of an app, its secrets here, and its grants.
async fn around(
    parts: &JobParts,
    call: &Call,
    application: &Application,
) -> Result<(Option<ServicePrincipal>, SecretsSeen, Vec<AppRoleAssignment>), Problem> {
    let principal_and_grants = async {
        let principal = parts
            .directory
            .service_principal_by_app_id(call, application.app_id)
            .await
            .map_err(|error| trouble::graph(&error, "look for the service principal"))?;
        let grants = match &principal {
            Some(found) => parts
                .directory
                .grants_of(call, found.id)
                .await
                .map_err(|error| trouble::graph(&error, "read what is granted"))?,
            None => Vec::new(),
        };
        Ok::<_, Problem>((principal, grants))
    };
    let (found, secrets) = futures::join!(principal_and_grants, secrets_seen(parts, application));
    let (principal, grants) = found?;
    Ok((principal, secrets, grants))
}

/// Which unexpired secrets of the app lie in this computer's keychain, were shown once on it, or were left by interrupted
/// runs.
pub(crate) async fn secrets_seen(parts: &JobParts, application: &Application) -> SecretsSeen {
    let now = parts.clock.now();
    let client_id = application.app_id.to_string();
    let current: Vec<_> =
        application.password_credentials.iter().filter(|one| one.end_date_time.is_none_or(|end| end > now)).collect();
    let asked = parts.runs.secrets_asked_for(&client_id);
    let open = |one: &PasswordCredential| {
        asked.iter().find(|trace| trace.is_open() && one.display_name.as_ref() == Some(&trace.description))
    };
    let shown = |one: &PasswordCredential| {
        let key = one.key_id.to_string();
        asked.iter().find(|trace| trace.was_shown() && trace.key_id.as_ref() == Some(&key))
    };
    let reads = join_all(current.iter().map(|one| async {
        let item = secrets::item(parts, &client_id, &one.key_id.to_string());
        (*one, parts.secrets.read(&item).await.map(drop))
    }))
    .await;
    let mut seen = SecretsSeen::default();
    for (one, read) in reads {
        let before = shown(one);
        if let Some(SecretTrace { at, .. }) = before
            && seen.shown.as_ref().is_none_or(|shown| shown.credential.end_date_time < one.end_date_time)
        {
            seen.shown = Some(ShownBefore { credential: one.clone(), at: *at });
        }
        let open = open(one);
        match read {
            Ok(()) => {
                if seen.kept.as_ref().is_none_or(|kept| kept.end_date_time < one.end_date_time) {
                    seen.kept = Some(one.clone());
                }
            }
            // Only a keychain that works and lacks the item proves that nobody has the value, unless it was never to be
            // there.
            Err(error) => match open {
                Some(trace) if trace.only_shown || error == KeychainError::NotFound => seen.orphans.push(Orphan {
                    key: one.key_id,
                    description: trace.description.clone(),
                    may_be_known: trace.only_shown && trace.key_id.is_some(),
                }),
                _ if before.is_some() || error == KeychainError::NotFound => {}
                _ => {
                    seen.unknown.get_or_insert_with(|| error.to_string());
                }
            },
        }
    }
    if seen.kept.is_some() {
        seen.unknown = None;
    }
    let since = now.checked_sub(SPREADS).unwrap_or(Timestamp::MIN);
    let expected =
        |trace: &&SecretTrace| trace.at > since && (trace.is_open() || trace.was_kept() || trace.was_shown());
    seen.whole = asked.iter().filter(expected).all(|trace| {
        application.password_credentials.iter().any(|one| match &trace.key_id {
            Some(key) => one.key_id.to_string() == *key,
            None => one.display_name.as_ref() == Some(&trace.description),
        })
    });
    seen
}

async fn identity(
    parts: &JobParts,
    call: &Call,
    id: ObjectId,
) -> Result<(ServicePrincipal, Vec<AppRoleAssignment>), Problem> {
    let (principal, grants) = futures::join!(known_identity(parts, call, id), parts.directory.grants_of(call, id));
    let principal = principal?;
    let grants = grants.map_err(|error| trouble::graph(&error, "read what is granted"))?;
    Ok((principal, grants))
}

/// The usable managed identity with this object id.
pub(crate) async fn known_identity(parts: &JobParts, call: &Call, id: ObjectId) -> Result<ServicePrincipal, Problem> {
    let principal = parts.directory.service_principal(call, id).await;
    let principal = principal.map_err(|error| trouble::graph(&error, "look for the managed identity"))?;
    let Some(principal) = principal else { return Err(no_such_identity(parts, call, id).await) };
    check_identity(&principal)?;
    Ok(principal)
}

/// A managed identity whose sign-in is not blocked.
pub(crate) fn check_identity(principal: &ServicePrincipal) -> Result<(), Problem> {
    if principal.service_principal_type != ServicePrincipalType::ManagedIdentity {
        let what = match &principal.service_principal_type {
            ServicePrincipalType::Application => "the service principal of an app registration",
            _ => "another kind of service principal",
        };
        return Err(Problem::new(
            Code::WrongKind,
            format!("\"{}\" (object id {}) is {what}, not a managed identity.", principal.display_name, principal.id),
        )
        .exists("Nothing was changed.")
        .advice(format!(
            "Choose the managed identity by search, or set this one up as an app registration with client id {}.",
            principal.app_id
        )));
    }
    if principal.account_enabled == Some(false) {
        return Err(disabled("managed identity", principal));
    }
    Ok(())
}

pub(crate) fn disabled(what: &str, principal: &ServicePrincipal) -> Problem {
    Problem::new(
        Code::Disabled,
        format!(
            "Sign-in of the {what} \"{}\" (object id {}) is blocked, so permissions would be of no use.",
            principal.display_name, principal.id
        ),
    )
    .exists("Nothing was changed.")
    .advice("Someone blocked it, perhaps on purpose. Enable it in Entra under Enterprise applications, Properties, then plan again.")
}

pub(crate) async fn no_such_app(parts: &JobParts, call: &Call, client_id: AppId) -> Problem {
    let problem =
        Problem::new(Code::NotFound, format!("This tenant has no app registration with the client id {client_id}."))
            .exists("Nothing was changed.");
    let by_object_id = parts.directory.application(call, ObjectId(client_id.0)).await;
    match by_object_id {
        Ok(Some(found)) => problem
            .advice(format!("That is the object id of \"{}\". Its client id is {}.", found.display_name, found.app_id)),
        _ => {
            problem.advice("Check the id in Entra under App registrations; its column is \"Application (client) ID\".")
        }
    }
}

async fn no_such_identity(parts: &JobParts, call: &Call, id: ObjectId) -> Problem {
    let directory = &parts.directory;
    let (by_client_id, application, application_by_client_id) = futures::join!(
        directory.service_principal_by_app_id(call, AppId(id.0)),
        directory.application(call, id),
        directory.application_by_app_id(call, AppId(id.0))
    );
    if let Ok(Some(found)) = by_client_id
        && found.service_principal_type == ServicePrincipalType::ManagedIdentity
    {
        return Problem::new(
            Code::NotFound,
            format!("{id} is the client id of the managed identity \"{}\", not its object id.", found.display_name),
        )
        .exists("Nothing was changed.")
        .advice(format!("Its object id is {}.", found.id));
    }
    if let (Ok(Some(found)), _) | (_, Ok(Some(found))) = (application, application_by_client_id) {
        return Problem::new(
            Code::WrongKind,
            format!("{id} belongs to the app registration \"{}\", not to a managed identity.", found.display_name),
        )
        .exists("Nothing was changed.")
        .advice(format!(
            "Choose the managed identity by search, or set this one up as an app registration with client id {}.",
            found.app_id
        ));
    }
    Problem::new(Code::NotFound, format!("This tenant has no managed identity with the object id {id}."))
        .exists("Nothing was changed.")
        .advice("Search for it by name, or give the Azure resource id. A new identity may take a minute to appear.")
}
