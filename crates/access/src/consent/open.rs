//! A request for consent that was handed over, beside the tenant that one is signed in to. Only its ids and values count:
//! names and titles are shown as the tenant has them.

use futures::future::OptionFuture;
use inbound_entra::graph::{Call, GraphError};
use inbound_entra::ids::{AppId, ObjectId};
use inbound_entra::model::{Application, GraphResource, ServicePrincipal, ServicePrincipalType};
use tokio_util::sync::CancellationToken;

use crate::consent::file::fitting;
use crate::consent::{ConsentPermission, ConsentRequest};
use crate::desired::checked::DesiredPermission;
use crate::job::JobParts;
use crate::observe;
use crate::observe::fresh::Fresh;
use crate::observe::observed::{self, Asked, Observed, ObservedPrincipal};
use crate::patience::{GOOD_READS, LIMIT, Patience};
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::requirements;

/// What a request names, found in the tenant.
pub(crate) struct Found {
    pub principal: ServicePrincipal,
    pub application: Option<Application>,
    pub graph: GraphResource,
    pub permissions: Vec<DesiredPermission>,
}

/// Looks up what the request names; the inner error is why it cannot be finished here.
pub(crate) async fn find(parts: &JobParts, request: &ConsentRequest) -> Result<Result<Found, Problem>, Problem> {
    if let Some(obstacle) = elsewhere(parts, request) {
        return Ok(Err(obstacle));
    }
    let (Ok(object_id), Ok(client_id)) =
        (request.principal.object_id.parse::<ObjectId>(), request.principal.client_id.parse::<AppId>())
    else {
        return Ok(Err(altered("its ids are none")));
    };
    let call = Call::default();
    let registered: OptionFuture<_> =
        (!request.principal.managed_identity).then(|| parts.directory.application_by_app_id(&call, client_id)).into();
    let (principal, graph, application) =
        futures::join!(principal(parts, &call, object_id), observe::graph_resource(parts, &call), registered);
    let graph = graph?;
    let principal = principal.map_err(|error| trouble::graph(&error, "look for the principal"))?;
    // The registration may be in another tenant or not be readable; its grants do not depend on it.
    let application = application.and_then(Result::ok).flatten();
    let Some(principal) = principal else { return Ok(Err(gone(request))) };
    Ok(fits(request, client_id, &principal).and_then(|()| permissions(request, &graph)).map(|permissions| Found {
        principal,
        application,
        graph,
        permissions,
    }))
}

/// The service principal; that it is not there must be seen several times: one read proves nothing (graph-facts 10).
pub(crate) async fn principal(
    parts: &JobParts,
    call: &Call,
    id: ObjectId,
) -> Result<Option<ServicePrincipal>, GraphError> {
    let mut patience = Patience::new(parts.clock.as_ref(), CancellationToken::new(), LIMIT);
    for read in 1..=GOOD_READS {
        let found = parts.directory.service_principal(call, id).await?;
        if found.is_some() || (read < GOOD_READS && patience.wait(|_, _| {}).await.is_err()) {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The request as the tenant has it: the names are its own, the titles are those of the permissions' values.
pub(crate) fn as_found(request: &ConsentRequest, found: &Found, parts: &JobParts) -> ConsentRequest {
    let mut shown = request.clone();
    shown.tenant_name = fitting(&parts.tenant.name);
    shown.principal.name = fitting(&found.principal.display_name);
    shown.permissions = found
        .permissions
        .iter()
        .map(|permission| ConsentPermission {
            value: permission.info.value.clone(),
            title: fitting(&permission.info.title),
            app_role_id: permission.role.to_string(),
        })
        .collect();
    shown
}

/// What the principal holds now; just after a run that finished the request, once that is seen.
pub(crate) async fn observe(parts: &JobParts, found: Found) -> Result<(Vec<DesiredPermission>, Observed), Problem> {
    let Found { principal, application, graph, permissions } = found;
    let id = principal.id;
    let read = async || {
        let grants = parts.directory.grants_of(&Call::default(), id).await;
        let grants = grants.map_err(|error| trouble::graph(&error, "read what is granted"))?;
        Ok::<_, Problem>(observed::on_graph(grants, graph.id))
    };
    let mut grants = read().await?;
    if let Some(fresh) = Fresh::of(parts, &[id.to_string()]) {
        let left = fresh.left(parts.clock.now());
        let mut patience = Patience::new(parts.clock.as_ref(), CancellationToken::new(), left);
        while !fresh.has_grants_in(&grants) && patience.wait(|_, _| {}).await.is_ok() {
            grants = read().await?;
        }
    }
    let asked = ObservedPrincipal::Asked(Box::new(Asked { principal, application }));
    Ok((permissions, Observed { graph, principal: asked, grants }))
}

fn elsewhere(parts: &JobParts, request: &ConsentRequest) -> Option<Problem> {
    let tenant = &parts.tenant;
    let asked_in = format!("\"{}\" ({})", request.tenant_name, request.tenant_id);
    if request.cloud != tenant.cloud_key {
        return Some(
            Problem::new(
                Code::WrongKind,
                format!(
                    "This request is for the tenant {asked_in} in another cloud ({}); you are signed in to {}.",
                    request.cloud, tenant.cloud_name
                ),
            )
            .advice("Sign in to that tenant in its cloud and open the file again."),
        );
    }
    if request.tenant_id != tenant.id.to_string() {
        return Some(
            Problem::new(
                Code::WrongKind,
                format!(
                    "This request is for the tenant {asked_in}; you are signed in to \"{}\" ({}).",
                    tenant.name, tenant.id
                ),
            )
            .advice("Sign in to that tenant and open the file again."),
        );
    }
    None
}

fn gone(request: &ConsentRequest) -> Problem {
    Problem::new(
        Code::NotFound,
        format!("This tenant has no service principal with the object id {}.", request.principal.object_id),
    )
    .advice("It was deleted since it was asked for, or the file was altered. Ask whoever sent it.")
}

fn altered(what: &str) -> Problem {
    Problem::new(Code::WrongKind, format!("The request does not fit this tenant: {what}."))
        .advice("The file was altered or damaged on its way. Ask whoever sent it to save it anew.")
}

/// Whether the principal is what the request says.
fn fits(request: &ConsentRequest, client_id: AppId, principal: &ServicePrincipal) -> Result<(), Problem> {
    if principal.app_id != client_id {
        return Err(altered(&format!(
            "the object id {} belongs to the client id {}, not to {client_id}",
            principal.id, principal.app_id
        )));
    }
    let is_identity = principal.service_principal_type == ServicePrincipalType::ManagedIdentity;
    if is_identity != request.principal.managed_identity {
        let (is, said) = if is_identity { ("a managed identity", "an app") } else { ("no managed identity", "one") };
        return Err(altered(&format!("\"{}\" is {is}, and it says {said}", principal.display_name)));
    }
    if principal.account_enabled == Some(false) {
        let blocked = format!("Sign-in of \"{}\" (object id {}) is blocked.", principal.display_name, principal.id);
        return Err(Problem::new(Code::Disabled, blocked)
            .advice("Someone blocked it, perhaps on purpose. Ask before you grant anything to it."));
    }
    Ok(())
}

/// The permissions as this tenant's Microsoft Graph offers them.
fn permissions(request: &ConsentRequest, graph: &GraphResource) -> Result<Vec<DesiredPermission>, Problem> {
    let resolve = |asked: &ConsentPermission| {
        let Some(role) = graph.application_permission(&asked.value) else {
            return Err(altered(&format!("Microsoft Graph offers no application permission {} here", asked.value)));
        };
        if role.id.to_string() != asked.app_role_id {
            return Err(altered(&format!(
                "{} has the id {} here, and it says {}",
                asked.value, role.id, asked.app_role_id
            )));
        }
        Ok(DesiredPermission { role: role.id, info: requirements::describe(&asked.value, Some(graph)) })
    };
    request.permissions.iter().map(resolve).collect()
}
