//! What the tenant holds of a run now.

use inbound_entra::graph::{Call, GraphError};
use inbound_entra::ids::{AppRoleId, MICROSOFT_GRAPH};
use inbound_entra::model::{
    AppRoleAssignment, ApplicationInUse, FederatedCredential, Owner, ServicePrincipal, ServicePrincipalType,
};
use tokio_util::sync::CancellationToken;

use crate::job::JobParts;
use crate::observe::observed::is_requested;
use crate::patience::Patience;
use crate::problem::{Problem, trouble};
use crate::run::steps::replicating;
use crate::undo::owed::{WAITS, Whom};

/// An app registration, its service principal, and who uses them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Picture {
    pub application: Option<ApplicationInUse>,
    pub owners: Vec<Owner>,
    pub federated: Vec<FederatedCredential>,
    pub principal: Option<ServicePrincipal>,
    /// What the service principal holds.
    pub grants: Vec<AppRoleAssignment>,
    /// Who holds app roles of it.
    pub assigned: Vec<AppRoleAssignment>,
}

const ACT: &str = "look at what the run made";

/// One look. What is not known yet on some replica gives a refusal that says so.
pub(crate) async fn read(parts: &JobParts, call: &Call, whom: &Whom) -> Result<Picture, GraphError> {
    let directory = &parts.directory;
    let mut client = whom.client;
    let mut principal = None;
    if client.is_none()
        && whom.application.is_none()
        && let Some(id) = whom.principal
    {
        principal = directory.service_principal(call, id).await?;
        let of_app = principal.as_ref().filter(|it| it.service_principal_type == ServicePrincipalType::Application);
        client = of_app.map(|it| it.app_id);
    }
    let application = match (whom.application, &whom.unique_name, client) {
        (Some(id), ..) => Some(id),
        (None, Some(name), _) => directory.application_by_unique_name(call, name).await?.map(|it| it.id),
        (None, None, Some(client)) => directory.application_by_app_id(call, client).await?.map(|it| it.id),
        (None, None, None) => None,
    };
    let mut picture = Picture::default();
    if let Some(id) = application {
        picture.application = directory.application_in_use(call, id).await?;
    }
    if let Some(found) = &picture.application {
        let (id, app_id) = (found.application.id, found.application.app_id);
        let (owners, federated, found) = futures::try_join!(
            directory.owners_of(call, id),
            directory.federated_of(call, id),
            directory.service_principal_by_app_id(call, app_id)
        )?;
        (picture.owners, picture.federated, principal) = (owners, federated, found);
    } else if let Some(client) = client.filter(|_| principal.is_none()) {
        principal = directory.service_principal_by_app_id(call, client).await?;
    }
    if let Some(found) = &principal {
        let (grants, assigned) =
            futures::try_join!(directory.grants_of(call, found.id), directory.assigned_to(call, found.id))?;
        (picture.grants, picture.assigned) = (grants, assigned);
    }
    picture.principal = principal;
    Ok(picture)
}

/// Looks until it is enough: `enough` is told how many looks there were.
pub(crate) async fn settled(
    parts: &JobParts,
    whom: &Whom,
    enough: impl Fn(&Picture, u32) -> bool,
) -> Result<Picture, Problem> {
    let mut patience = Patience::new(parts.clock.as_ref(), CancellationToken::new(), WAITS);
    let mut seen: Option<Picture> = None;
    let mut looks = 0;
    loop {
        let mut last_error = None;
        match read(parts, &Call::default(), whom).await {
            Ok(picture) => {
                let picture = match seen.take() {
                    Some(before) => before.and(picture),
                    None => picture,
                };
                looks += 1;
                if enough(&picture, looks) {
                    return Ok(picture);
                }
                seen = Some(picture);
            }
            Err(error) if replicating(&error) => last_error = Some(error),
            Err(error) => return Err(trouble::graph(&error, ACT)),
        }
        if patience.wait(|_, _| {}).await.is_err() {
            return seen
                .ok_or_else(|| trouble::still_replicating(last_error.as_ref(), ACT).exists("Nothing was changed."));
        }
    }
}

impl Picture {
    /// Everything that either look has shown, the later one first.
    fn and(self, later: Self) -> Self {
        let mut application = later.application;
        match (&mut application, self.application) {
            (Some(now), Some(before)) => {
                let known = &mut now.application.password_credentials;
                let lacks = before.application.password_credentials.into_iter();
                let lacks: Vec<_> = lacks.filter(|one| known.iter().all(|it| it.key_id != one.key_id)).collect();
                known.extend(lacks);
            }
            (None, before) => application = before,
            (Some(_), None) => {}
        }
        let mut grants = later.grants;
        let lacks: Vec<_> = self.grants.into_iter().filter(|one| grants.iter().all(|it| it.id != one.id)).collect();
        grants.extend(lacks);
        Self {
            application,
            owners: if later.owners.is_empty() { self.owners } else { later.owners },
            federated: if later.federated.is_empty() { self.federated } else { later.federated },
            principal: later.principal.or(self.principal),
            grants,
            assigned: if later.assigned.is_empty() { self.assigned } else { later.assigned },
        }
    }

    /// Whether the registration requests this application permission of Microsoft Graph.
    pub(crate) fn requests(&self, role: AppRoleId) -> bool {
        self.application.as_ref().is_some_and(|it| is_requested(&it.application.required_resource_access, role))
    }

    /// What it requests beside these application permissions of Microsoft Graph.
    pub(crate) fn requests_beside(&self, roles: &[AppRoleId]) -> bool {
        let Some(found) = &self.application else { return false };
        found.application.required_resource_access.iter().any(|api| {
            api.resource_access.iter().any(|access| {
                api.resource_app_id != MICROSOFT_GRAPH
                    || !access.kind.eq_ignore_ascii_case("Role")
                    || !roles.contains(&access.id)
            })
        })
    }
}
