//! Who is signed in, to which tenant, and what Microsoft Graph offers there.

use serde::Deserialize;
use serde_json::Value;

use super::attempt::host_of;
use super::call::Call;
use super::client::Graph;
use super::error::{GraphError, Unreadable};
use super::request;
use crate::http::{APP_ROLES_CAP, Http, NoConnection};
use crate::ids::ObjectId;
use crate::model::{Api, AppRole, DirectoryRole, GraphResource, Me, Organization};

#[derive(Deserialize)]
struct Resource {
    id: ObjectId,
    #[serde(rename = "appRoles")]
    app_roles: Vec<AppRole>,
}

#[derive(Deserialize)]
struct Tenants {
    value: Vec<Organization>,
}

impl Graph {
    /// By how much the tenant's clock is ahead of this computer's, as [`Http::clock_offset`] has it.
    #[must_use]
    pub fn clock_offset(&self) -> Option<jiff::SignedDuration> {
        // The same client as this one's own, as long as this one lives.
        Http::of(&self.inner.cloud).ok()?.clock_offset()
    }

    /// The signed-in user.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn me(&self, call: &Call) -> Result<Me, GraphError> {
        self.get(call, &request::me()).await
    }

    /// The directory roles that the signed-in user holds actively, through groups too. Neither PIM-eligible nor custom
    /// ones are among them (graph-facts 8).
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn my_roles(&self, call: &Call) -> Result<Vec<DirectoryRole>, GraphError> {
        let memberships: Vec<Value> = self.list(call, &request::my_memberships()).await?;
        let is_role =
            |it: &Value| it.get("@odata.type").and_then(Value::as_str) == Some("#microsoft.graph.directoryRole");
        // A role without a template id is of no use to anyone, and no reason to fail.
        Ok(memberships.into_iter().filter(is_role).filter_map(|it| serde_json::from_value(it).ok()).collect())
    }

    /// The tenant.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn organization(&self, call: &Call) -> Result<Organization, GraphError> {
        let request = request::organization();
        let url = request.url(&self.inner.cloud);
        let received = self.send(&mut self.pace(call), &request, url, crate::http::BODY_CAP).await?;
        let first = received.read::<Tenants>()?.value.into_iter().next();
        first.ok_or_else(|| received.unreadable(Unreadable::WrongShape))
    }

    /// What an API of this tenant offers, by the object id of its service principal; Microsoft Graph is one as well.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn api(&self, call: &Call, id: ObjectId) -> Result<Api, GraphError> {
        let request = request::api(id);
        let url = request.url(&self.inner.cloud);
        self.send(&mut self.pace(call), &request, url, APP_ROLES_CAP).await?.read()
    }

    /// Microsoft Graph's service principal here, with its app roles. Read once, then remembered.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn graph_resource(&self, call: &Call) -> Result<GraphResource, GraphError> {
        let read = || async {
            let request = request::graph_resource();
            let url = request.url(&self.inner.cloud);
            let received = self.send(&mut self.pace(call), &request, url, APP_ROLES_CAP).await?;
            let Resource { id, app_roles } = received.read()?;
            Ok(GraphResource { id, app_roles })
        };
        let reading = self.inner.resource.get_or_try_init(read);
        // Another call may be reading it, with more time than this one has. The operator's time does not count.
        let pace = self.pace(call);
        tokio::select! {
            biased;
            () = call.cancel.cancelled() => Err(GraphError::Cancelled),
            read = reading => read.cloned(),
            () = pace.over() => Err(GraphError::NotSent {
                why: NoConnection::TimedOut,
                host: host_of(&self.inner.cloud.graph),
                client_request_id: String::new(),
            }),
        }
    }
}
