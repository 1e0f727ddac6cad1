//! Finding principals: by id where there is one, by name only with the question which of several is meant.

use std::str::FromStr;

use inbound_entra::graph::{Call, GraphError};
use inbound_entra::ids::{AppId, ObjectId};
use inbound_entra::model::{Application, ServicePrincipal, ServicePrincipalType};

use crate::desired::checked::{self, excerpt};
use crate::job::JobParts;
use crate::observe;
use crate::observe::unique_name;
use crate::principal::cards;
use crate::principal::{NameCheck, PrincipalCard, SearchResult};
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::words;

/// Rows of one search.
const MOST_ROWS: usize = 50;

/// How a managed identity is named from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentityRef {
    /// Object id of its service principal.
    ObjectId(String),
    /// Azure resource id: of the user-assigned identity, or of the resource that a system-assigned one belongs to.
    ResourceId(String),
    /// Display name, exactly.
    Name(String),
}

/// A principal as found, with what was read on the way.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub principal: Option<ServicePrincipal>,
    pub application: Option<Application>,
}

impl Found {
    /// As a face shows it; none when nothing was found.
    pub(crate) fn card(&self, parts: &JobParts) -> Option<PrincipalCard> {
        let portal = &parts.tenant.portal;
        match (&self.principal, &self.application) {
            (Some(principal), application) => Some(cards::principal_card(principal, application.as_ref(), portal)),
            (None, Some(application)) => Some(cards::application_card(application, None, portal)),
            (None, None) => None,
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where `map_err` wants a function")]
fn searching(error: GraphError) -> Problem {
    trouble::graph(&error, "search")
}

/// What is known of an app's name while it is typed.
pub(crate) async fn check_name(parts: &JobParts, name: &str) -> Result<NameCheck, Problem> {
    let name = name.trim();
    if let Some(fault) = checked::name_fault(name) {
        return Ok(NameCheck { problem: Some(fault), taken_by: Vec::new(), ours: None });
    }
    let call = Call::default();
    let key = unique_name::unique_name(name, 1);
    let (named, ours) = futures::join!(
        parts.directory.applications_named(&call, name),
        parts.directory.application_by_unique_name(&call, &key)
    );
    let (mut named, ours) = (named.map_err(searching)?, ours.map_err(searching)?);
    // Its display name may have been changed since, or the list may lag behind.
    if let Some(ours) = &ours
        && !named.iter().any(|one| one.id == ours.id)
    {
        named.push(ours.clone());
    }
    named.sort_by_key(|one| (one.created_date_time, one.id));
    Ok(NameCheck {
        problem: None,
        taken_by: named.iter().map(|one| cards::application_card(one, None, &parts.tenant.portal)).collect(),
        ours: ours.map(|ours| ours.app_id.to_string()),
    })
}

/// Managed identities whose name, object id or Azure resource id answers to `text`.
pub(crate) async fn search_identities(parts: &JobParts, text: &str) -> Result<SearchResult, Problem> {
    let text = text.trim();
    let call = Call::default();
    let (principals, more) = if let Ok(id) = ObjectId::from_str(text) {
        let (by_id, by_client) = futures::join!(
            parts.directory.service_principal(&call, id),
            parts.directory.service_principal_by_app_id(&call, AppId(id.0))
        );
        let mut found: Vec<ServicePrincipal> =
            by_id.map_err(searching)?.into_iter().chain(by_client.map_err(searching)?).collect();
        found.dedup_by_key(|one| one.id);
        (found, false)
    } else if cards::split_resource_id(text).is_some() {
        (parts.directory.managed_identities_by_resource_id(&call, text).await.map_err(searching)?, false)
    } else {
        let kind = Some(ServicePrincipalType::ManagedIdentity);
        let page = parts.directory.search_service_principals(&call, text, kind, MOST_ROWS).await.map_err(searching)?;
        (page.rows, page.more)
    };
    let mut rows: Vec<PrincipalCard> = principals
        .iter()
        .filter(|one| one.service_principal_type == ServicePrincipalType::ManagedIdentity)
        .map(|one| cards::principal_card(one, None, &parts.tenant.portal))
        .collect();
    cards::rank(&mut rows, text);
    Ok(SearchResult { rows, more })
}

/// Whether `text` is an id, of whatever kind, and no name.
pub(crate) fn is_exact(text: &str) -> bool {
    let text = text.trim();
    AppId::from_str(text).is_ok() || cards::split_resource_id(text).is_some()
}

/// Principals of any kind, and app registrations that have none yet.
pub(crate) async fn search_principals(parts: &JobParts, text: &str) -> Result<SearchResult, Problem> {
    let text = text.trim();
    if is_exact(text) {
        let rows = by_id(parts, text).await?.iter().filter_map(|found| found.card(parts)).collect();
        return Ok(SearchResult { rows, more: false });
    }
    let call = Call::default();
    let (principals, applications) = futures::join!(
        parts.directory.search_service_principals(&call, text, None, MOST_ROWS),
        parts.directory.search_applications(&call, text, MOST_ROWS)
    );
    let (principals, applications) = (principals.map_err(searching)?, applications.map_err(searching)?);
    let found = join(principals.rows, applications.rows);
    let mut rows: Vec<PrincipalCard> = found.iter().filter_map(|found| found.card(parts)).collect();
    cards::rank(&mut rows, text);
    let more = principals.more || applications.more || rows.len() > MOST_ROWS;
    rows.truncate(MOST_ROWS);
    Ok(SearchResult { rows, more })
}

/// Principals with their registrations, and registrations without a principal.
fn join(principals: Vec<ServicePrincipal>, mut applications: Vec<Application>) -> Vec<Found> {
    let mut found: Vec<Found> = principals
        .into_iter()
        .map(|principal| {
            let at = applications.iter().position(|one| one.app_id == principal.app_id);
            Found { application: at.map(|at| applications.swap_remove(at)), principal: Some(principal) }
        })
        .collect();
    found.extend(applications.into_iter().map(|one| Found { principal: None, application: Some(one) }));
    found
}

/// The one managed identity that `reference` means, checked to be usable.
pub(crate) async fn find_identity(parts: &JobParts, reference: &IdentityRef) -> Result<PrincipalCard, Problem> {
    let call = Call::default();
    match reference {
        IdentityRef::ObjectId(text) => {
            let id = ObjectId::from_str(text).map_err(|error| {
                let message = format!("{}; \"{}\" is none.", words::sentence_case(&error.to_string()), excerpt(text));
                checked::invalid_field("objectId", message)
            })?;
            let identity = observe::known_identity(parts, &call, id).await?;
            Ok(cards::principal_card(&identity, None, &parts.tenant.portal))
        }
        IdentityRef::ResourceId(text) => {
            if cards::split_resource_id(text).is_none() {
                let message = format!(
                    "The resource id must look like /subscriptions/…/resourceGroups/…/providers/…; \"{}\" does not.",
                    excerpt(text)
                );
                return Err(checked::invalid_field("resourceId", message));
            }
            let found =
                parts.directory.managed_identities_by_resource_id(&call, text.trim()).await.map_err(searching)?;
            let advice = "Check the id in the Azure portal, and that the resource has an identity: user-assigned \
                          ones are found under their own resource id. Or search by name.";
            only_identity(parts, found, &format!("for the Azure resource {}", excerpt(text)), advice)
        }
        IdentityRef::Name(text) => {
            let text = text.trim();
            if let Some(fault) = checked::identity_name_fault(text) {
                return Err(checked::invalid_field("name", fault));
            }
            let kind = Some(ServicePrincipalType::ManagedIdentity);
            let found = parts.directory.service_principals_named(&call, text, kind).await.map_err(searching)?;
            if found.is_empty() {
                return Err(no_identity_named(parts, &call, text).await);
            }
            only_identity(parts, found, &format!("called \"{}\"", excerpt(text)), "Search for a part of the name.")
        }
    }
}

fn only_identity(
    parts: &JobParts,
    mut found: Vec<ServicePrincipal>,
    described: &str,
    advice: &str,
) -> Result<PrincipalCard, Problem> {
    found.retain(|one| one.service_principal_type == ServicePrincipalType::ManagedIdentity);
    match found.as_slice() {
        [] => Err(Problem::new(Code::NotFound, format!("This tenant has no managed identity {described}."))
            .exists("Nothing was changed.")
            .advice(advice)),
        [only] => {
            observe::check_identity(only)?;
            Ok(cards::principal_card(only, None, &parts.tenant.portal))
        }
        several => {
            let cards: Vec<PrincipalCard> =
                several.iter().map(|one| cards::principal_card(one, None, &parts.tenant.portal)).collect();
            Err(ambiguous(&cards, "managed identities", described))
        }
    }
}

async fn no_identity_named(parts: &JobParts, call: &Call, text: &str) -> Problem {
    let named = parts.directory.applications_named(call, text.trim()).await.unwrap_or_default();
    if let Some(app) = named.first() {
        return Problem::new(
            Code::WrongKind,
            format!("\"{}\" is an app registration, not a managed identity.", app.display_name),
        )
        .exists("Nothing was changed.")
        .advice(format!("Set it up as an app registration with client id {}.", app.app_id));
    }
    Problem::new(Code::NotFound, format!("This tenant has no managed identity called \"{}\".", excerpt(text)))
        .exists("Nothing was changed.")
        .advice("Search for a part of the name, or give the object id or the Azure resource id.")
}

/// Several answer to what was given: each on a line of its own, which no name can break.
pub(crate) fn ambiguous(cards: &[PrincipalCard], what: &str, described: &str) -> Problem {
    let mut lines: Vec<String> =
        cards.iter().map(|card| format!("\"{}\": {}", excerpt(&card.name), cards::distinguish(card))).collect();
    lines.sort();
    let how_many = match lines.as_slice() {
        [_] => format!("One of the {what} is already {described}"),
        several => format!("{} {what} are {described}", several.len()),
    };
    Problem::new(Code::Ambiguous, format!("{how_many}:\n{}", lines.join("\n")))
        .exists("Nothing was changed.")
        .advice("Choose one of them by its id.")
}

/// The one principal that `text` means: name, client id, object id or Azure resource id.
pub(crate) async fn find_principal(parts: &JobParts, text: &str) -> Result<Found, Problem> {
    let text = text.trim();
    let missing = |advice: &str| {
        Problem::new(Code::NotFound, format!("This tenant has no app or identity \"{}\".", excerpt(text)))
            .advice(advice)
    };
    if text.is_empty() {
        return Err(Problem::new(Code::InvalidInput, "Say which app or identity is meant.")
            .advice("Give a name, a client id, an object id or an Azure resource id."));
    }
    if is_exact(text) {
        let found = by_id(parts, text).await?;
        return only_principal(parts, found, text)
            .unwrap_or_else(|| Err(missing("Check the id, and that you are signed in to the right tenant.")));
    }
    let call = Call::default();
    let (principals, named) = futures::join!(
        parts.directory.service_principals_named(&call, text, None),
        parts.directory.applications_named(&call, text)
    );
    let mut found = join(principals.map_err(searching)?, named.map_err(searching)?);
    for one in &mut found {
        complete(parts, &call, one).await?;
    }
    only_principal(parts, found, text)
        .unwrap_or_else(|| Err(missing("Search for a part of the name, or give the client id.")))
}

fn only_principal(parts: &JobParts, mut found: Vec<Found>, text: &str) -> Option<Result<Found, Problem>> {
    if found.len() > 1 {
        let cards: Vec<PrincipalCard> = found.iter().filter_map(|one| one.card(parts)).collect();
        return Some(Err(ambiguous(&cards, "apps and identities", &format!("called \"{}\"", excerpt(text)))));
    }
    found.pop().map(Ok)
}

/// Reads the half that is missing: the registration of a principal, or the principal of a registration.
async fn complete(parts: &JobParts, call: &Call, found: &mut Found) -> Result<(), Problem> {
    match (&found.principal, &found.application) {
        (Some(principal), None) if principal.service_principal_type == ServicePrincipalType::Application => {
            found.application =
                parts.directory.application_by_app_id(call, principal.app_id).await.map_err(searching)?;
        }
        (None, Some(application)) => {
            found.principal =
                parts.directory.service_principal_by_app_id(call, application.app_id).await.map_err(searching)?;
        }
        _ => {}
    }
    Ok(())
}

/// By client id, object id of either object, or Azure resource id.
async fn by_id(parts: &JobParts, text: &str) -> Result<Vec<Found>, Problem> {
    let call = Call::default();
    let directory = &parts.directory;
    let Ok(id) = AppId::from_str(text) else {
        let identities = directory.managed_identities_by_resource_id(&call, text).await.map_err(searching)?;
        return Ok(join(identities, Vec::new()));
    };
    let object = ObjectId(id.0);
    let (principal, application, by_client, by_object) = futures::join!(
        directory.service_principal_by_app_id(&call, id),
        directory.application_by_app_id(&call, id),
        directory.service_principal(&call, object),
        directory.application(&call, object)
    );
    let principals: Vec<ServicePrincipal> =
        principal.map_err(searching)?.into_iter().chain(by_client.map_err(searching)?).collect();
    let applications: Vec<Application> =
        application.map_err(searching)?.into_iter().chain(by_object.map_err(searching)?).collect();
    let mut found = join(principals, applications);
    for one in &mut found {
        complete(parts, &call, one).await?;
    }
    Ok(found)
}
