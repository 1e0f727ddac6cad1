//! More about holders: what they are, and what becomes of their credentials, many at once.

use std::collections::{HashMap, HashSet};

use inbound_entra::graph::Call;
use inbound_entra::ids::{AppId, ObjectId};
use inbound_entra::model::{Application, PrincipalInBulk, ServicePrincipalType};
use jiff::Timestamp;

use crate::audit::HolderDetails;
use crate::desired::checked::{excerpt, invalid_field};
use crate::job::JobParts;
use crate::principal::cards;
use crate::problem::{Problem, trouble};

/// As many as a screen shows, and more.
const MOST: usize = 200;

/// See [`Job::holder_details`](crate::Job::holder_details).
pub(super) async fn of(parts: &JobParts, principals: &[String]) -> Result<Vec<HolderDetails>, Problem> {
    if principals.len() > MOST {
        return Err(invalid_field("principals", format!("At most {MOST} can be looked up at once.")));
    }
    let mut asked = Vec::new();
    for text in principals {
        let id: ObjectId = text.trim().parse().map_err(|_| {
            invalid_field("principals", format!("\"{}\" is no object id, which is a GUID.", excerpt(text)))
        })?;
        asked.push(id);
    }
    let read = read(parts, &Call::default(), &asked).await?;
    let now = parts.clock.now();
    Ok(asked.iter().map(|id| details(*id, &read, parts, now)).collect())
}

/// Principals, and the registrations of those that are registered in this tenant.
pub(crate) struct Read {
    pub principals: HashMap<ObjectId, PrincipalInBulk>,
    pub applications: HashMap<AppId, Application>,
}

/// Reads them in two rounds of requests that go side by side.
pub(crate) async fn read(parts: &JobParts, call: &Call, ids: &[ObjectId]) -> Result<Read, Problem> {
    let mut seen = HashSet::new();
    let ids: Vec<ObjectId> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
    let principals = parts.census.principals(call, &ids).await;
    let principals = principals.map_err(|error| trouble::graph(&error, "read who holds its permissions"))?;
    let registered: Vec<AppId> =
        principals.iter().filter(|one| stands(one, parts) == Stands::Here).map(|one| one.principal.app_id).collect();
    let applications = parts.census.applications(call, &registered).await;
    let applications = applications.map_err(|error| trouble::graph(&error, "read the credentials of apps"))?;
    Ok(Read {
        principals: principals.into_iter().map(|one| (one.principal.id, one)).collect(),
        applications: applications.into_iter().map(|one| (one.app_id, one)).collect(),
    })
}

/// Where a principal's credentials are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    /// In an app registration of this tenant.
    Here,
    /// In one of another tenant.
    Elsewhere,
    /// Nowhere that people see: Azure keeps those of a managed identity.
    WithAzure,
}

/// A principal that does not tell its app's tenant is looked for here.
pub(crate) fn stands(one: &PrincipalInBulk, parts: &JobParts) -> Stands {
    match (&one.principal.service_principal_type, one.app_owner_organization_id) {
        (ServicePrincipalType::ManagedIdentity, _) => Stands::WithAzure,
        (_, Some(owner)) if owner != parts.tenant.id => Stands::Elsewhere,
        _ => Stands::Here,
    }
}

fn details(id: ObjectId, read: &Read, parts: &JobParts, now: Timestamp) -> HolderDetails {
    let mut details = HolderDetails {
        principal_id: id.to_string(),
        client_id: None,
        kind: None,
        enabled: None,
        created: None,
        home_tenant: None,
        credential_ends: None,
        days_left: None,
        credentials: None,
        last_sign_in: None,
    };
    let Some(found) = read.principals.get(&id) else { return details };
    let application = read.applications.get(&found.principal.app_id);
    let card = cards::principal_card(&found.principal, application, &parts.tenant.portal);
    details.client_id = Some(card.client_id);
    details.kind = Some(card.kind);
    details.enabled = card.enabled;
    details.created = card.created;
    match stands(found, parts) {
        Stands::Elsewhere => details.home_tenant = found.app_owner_organization_id.map(|owner| owner.to_string()),
        Stands::WithAzure => details.credentials = Some(0),
        Stands::Here => {
            let Some(application) = application else { return details };
            let ends = ends_of(application);
            details.credentials = Some(u32::try_from(ends.len()).unwrap_or(u32::MAX));
            if let Some(last) = last_end(&ends) {
                details.credential_ends = Some(last.to_string());
                details.days_left = Some(days_between(now, last));
            }
        }
    }
    details
}

/// When each secret and certificate ends; none for one that never does.
fn ends_of(application: &Application) -> Vec<Option<Timestamp>> {
    let secrets = application.password_credentials.iter().map(|one| one.end_date_time);
    secrets.chain(application.key_credentials.iter().map(|one| one.end_date_time)).collect()
}

/// None where there is none, or one that never ends.
fn last_end(ends: &[Option<Timestamp>]) -> Option<Timestamp> {
    if ends.iter().any(Option::is_none) {
        return None;
    }
    ends.iter().copied().flatten().max()
}

/// Whole days from `now` to `end`; negative when it is past.
pub(crate) fn days_between(now: Timestamp, end: Timestamp) -> i32 {
    i32::try_from((end.as_second() - now.as_second()).div_euclid(86_400)).unwrap_or(i32::MAX)
}
