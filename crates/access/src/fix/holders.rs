//! Who holds grants, and what: read for taking away and for giving back.

use std::collections::HashSet;
use std::sync::Arc;

use futures::StreamExt;
use inbound_entra::graph::{Call, GraphError};
use inbound_entra::ids::ObjectId;
use inbound_entra::model::{AppRoleAssignment, GraphResource, ServicePrincipal, ServicePrincipalType};
use tokio_util::sync::CancellationToken;

use crate::job::{Job, JobParts};
use crate::patience::{GOOD_READS, LIMIT, Patience};
use crate::principal::cards;
use crate::problem::{Problem, trouble};
use crate::run::steps::replicating;

/// So many are read at once; the client paces what is more.
const AT_ONCE: usize = 8;

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct Holder {
    pub id: ObjectId,
    /// None when it is not in the tenant.
    pub principal: Option<ServicePrincipal>,
    /// What it holds, on any API.
    pub grants: Vec<AppRoleAssignment>,
}

impl Holder {
    /// Its name, or its id where it is not known.
    pub(crate) fn name(&self) -> String {
        match &self.principal {
            Some(principal) => format!("\"{}\"", principal.display_name),
            None => format!("the principal {}", self.id),
        }
    }

    pub(crate) fn is_identity(&self) -> bool {
        let kind = self.principal.as_ref().map(|it| &it.service_principal_type);
        kind == Some(&ServicePrincipalType::ManagedIdentity)
    }
}

/// Reads these principals, each once, in their order; those that are not `whole` again, until several reads agree: one
/// read that lacks something proves nothing (promise P39).
pub(crate) async fn read(
    job: &Job,
    ids: impl Iterator<Item = ObjectId>,
    whole: impl Fn(&Holder) -> bool + Send + Sync,
) -> Result<Vec<Holder>, Problem> {
    let mut seen = HashSet::new();
    let ids: Vec<ObjectId> = ids.filter(|id| seen.insert(*id)).collect();
    let mut holders = look(&job.parts, ids).await?;
    let mut patience = Patience::new(job.parts.clock.as_ref(), CancellationToken::new(), LIMIT);
    for _ in 1..GOOD_READS {
        let lacking: Vec<ObjectId> = holders.iter().filter(|one| !whole(one)).map(|one| one.id).collect();
        if lacking.is_empty() || patience.wait(|_, _| {}).await.is_err() {
            break;
        }
        for found in look(&job.parts, lacking).await? {
            if let Some(known) = holders.iter_mut().find(|one| one.id == found.id) {
                known.principal = found.principal.or(known.principal.take());
                known.grants = found.grants;
            }
        }
    }
    Ok(holders)
}

async fn look(parts: &Arc<JobParts>, ids: Vec<ObjectId>) -> Result<Vec<Holder>, Problem> {
    let reads = ids.into_iter().map(|id| {
        let parts = Arc::clone(parts);
        async move { one(&parts, id).await }
    });
    let read: Vec<Result<Holder, GraphError>> = futures::stream::iter(reads).buffered(AT_ONCE).collect().await;
    read.into_iter().collect::<Result<_, _>>().map_err(|error| trouble::graph(&error, "read what is granted"))
}

async fn one(parts: &JobParts, id: ObjectId) -> Result<Holder, GraphError> {
    let call = Call::default();
    let (principal, grants) =
        futures::join!(parts.directory.service_principal(&call, id), parts.directory.grants_of(&call, id));
    let grants = match grants {
        Err(error) if replicating(&error) => Vec::new(),
        grants => grants?,
    };
    Ok(Holder { id, principal: principal?, grants })
}

/// Names them for the lock that keeps two runs apart: one as set-up names it, several together.
pub(crate) async fn key(job: &Job, holders: &[Holder]) -> String {
    if let [only] = holders {
        return match &only.principal {
            Some(principal) => key_of(&job.parts, principal).await,
            None => only.id.to_string(),
        };
    }
    let mut ids: Vec<String> = holders.iter().map(|one| one.id.to_string()).collect();
    ids.sort();
    ids.join(" ")
}

/// Names a principal for that lock, as setting up names it.
pub(crate) async fn key_of(parts: &JobParts, principal: &ServicePrincipal) -> String {
    if principal.service_principal_type != ServicePrincipalType::Application {
        return principal.id.to_string();
    }
    match parts.directory.application_by_app_id(&Call::default(), principal.app_id).await {
        Ok(Some(found)) => found.unique_name.unwrap_or_else(|| found.app_id.to_string()),
        _ => principal.id.to_string(),
    }
}

/// In words: one by name, several by their number.
pub(crate) fn subject(holders: &[Holder]) -> String {
    match holders {
        [only] => only.principal.as_ref().map_or_else(|| only.name(), cards::subject),
        several => format!("{} apps and identities", several.len()),
    }
}

/// The permission's value on Microsoft Graph; of another API the role's id.
pub(crate) fn value_of(graph: &GraphResource, grant: &AppRoleAssignment) -> String {
    let role = graph.role(grant.app_role_id).filter(|_| grant.resource_id == graph.id);
    role.and_then(|role| role.value.clone()).unwrap_or_else(|| grant.app_role_id.to_string())
}
