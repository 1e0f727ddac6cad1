//! Granting exactly what is named to a principal that exists, and nothing else.

use futures::future::OptionFuture;
use inbound_entra::graph::Call;
use inbound_entra::ids::ObjectId;
use inbound_entra::model::ServicePrincipalType;

use crate::consent::open;
use crate::desired::checked::{check_permissions, invalid};
use crate::job::Job;
use crate::observe;
use crate::plan::planning::Purpose;
use crate::plan::work::Plan;
use crate::problem::trouble;
use crate::problem::{Code, Problem};

pub(crate) async fn plan(job: &Job, principal: ObjectId, values: &[String]) -> Result<Plan, Problem> {
    let call = Call::default();
    let (graph, found) = futures::join!(job.graph(), open::principal(&job.parts, &call, principal));
    let graph = graph?;
    let mut faults = Vec::new();
    let permissions = check_permissions(values, &graph, &mut faults);
    if !faults.is_empty() {
        return Err(invalid(faults));
    }
    let found = found.map_err(|error| trouble::graph(&error, "look for the service principal"))?;
    let found = found.ok_or_else(|| no_such_principal(principal))?;
    let is_app = found.service_principal_type == ServicePrincipalType::Application;
    if found.account_enabled == Some(false) {
        return Err(observe::disabled(if is_app { "app" } else { "managed identity" }, &found));
    }
    // Only for its alternate key: an app of another tenant has no registration here.
    let look = is_app.then(|| job.parts.directory.application_by_app_id(&call, found.app_id));
    let application = OptionFuture::from(look).await.and_then(Result::ok).flatten();
    let found = open::Found { principal: found, application, graph, permissions };
    let (permissions, observed) = Box::pin(open::observe(&job.parts, found)).await?;
    Ok(job.planned(permissions, Purpose::Exactly, observed))
}

pub(crate) fn no_such_principal(id: ObjectId) -> Problem {
    Problem::new(Code::NotFound, format!("This tenant has no service principal with the object id {id}."))
        .exists("Nothing was changed.")
        .advice("It may have been deleted: look again.")
}
