//! A call that was routed and allowed: what handlers work with.

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::directory::entity::Entity;
use crate::directory::replication::Replica;
use crate::graph::authorise::{Caller, Permit};
use crate::graph::error::Refusal;
use crate::graph::odata::query::Options;
use crate::graph::path::Key;
use crate::message::Incoming;
use crate::persona::APPLICATION_DEVELOPER;
use crate::tenant::Tenant;

pub(crate) struct Call<'a> {
    pub tenant: &'a Tenant,
    pub incoming: &'a Incoming,
    pub caller: &'a Caller,
    pub permit: Permit,
    /// The keys of the path, in order.
    pub keys: Vec<Key>,
    pub options: Options,
    /// The replica that this call reads from.
    pub replica: Replica,
    pub now: Timestamp,
}

impl Call<'_> {
    /// The key number `index` of the path as an object id.
    pub fn id(&self, index: usize) -> Result<Uuid, Refusal> {
        object_id(self.plain_key(index)?)
    }

    /// The key number `index` as it was written.
    pub fn plain_key(&self, index: usize) -> Result<&str, Refusal> {
        match self.keys.get(index) {
            Some(Key::Plain(text)) => Ok(text),
            _ => Err(Refusal::bad_request("The key of this resource is its id.")),
        }
    }

    /// The body as a JSON object. Content type and JSON have been checked by the router.
    pub fn body(&self) -> Result<Map<String, Value>, Refusal> {
        if self.incoming.body.is_empty() {
            return Err(Refusal::unreadable("Empty Payload. JSON content expected."));
        }
        match serde_json::from_slice(&self.incoming.body) {
            Ok(Value::Object(map)) => Ok(map),
            _ => Err(Refusal::unreadable("Unable to read JSON request payload: an object is expected.")),
        }
    }

    /// `…/v1.0/$metadata#what`.
    pub fn context(&self, what: &str) -> String {
        format!("{}/v1.0/$metadata#{what}", self.incoming.origin)
    }

    /// Refuses with 403 when the caller may only touch what it owns, and does not own this.
    pub fn check_owner(&self, entity: &Entity) -> Result<(), Refusal> {
        let is_owner = entity.owners.contains(&self.caller.id());
        if self.permit.owned_only && !is_owner { Err(Refusal::denied()) } else { Ok(()) }
    }

    /// Refuses with 403 when a user without a role may not register apps (graph-facts 8).
    pub fn check_may_register(&self) -> Result<(), Refusal> {
        match self.caller {
            Caller::User { roles, .. } if self.permit.owned_only => {
                may_register(roles, self.tenant.dials.users_may_register()).then_some(()).ok_or_else(Refusal::denied)
            }
            _ => Ok(()),
        }
    }

    /// Who owns what this call creates: applications and users own theirs, administrators do not (graph-facts 2).
    pub fn owners_of_new(&self) -> Vec<Uuid> {
        match self.caller {
            Caller::User { .. } if !self.permit.owned_only => Vec::new(),
            caller => vec![caller.id()],
        }
    }

    /// Counts a write on an application, if personal accounts may use it (graph-facts 10).
    pub fn charge_write(&self, audience: Option<&str>) -> Result<(), Refusal> {
        if !audience.is_some_and(|audience| audience.contains("PersonalMicrosoftAccount")) {
            return Ok(());
        }
        self.tenant.dials.write_personal(self.caller.client(), self.now).map(|_| ()).map_err(Refusal::too_many_writes)
    }
}

/// Application Developers may register apps, and everybody else where the tenant lets them.
fn may_register(roles: &[Uuid], everybody: bool) -> bool {
    everybody || roles.contains(&APPLICATION_DEVELOPER)
}

/// An object id, in the hyphenated form only.
pub(crate) fn object_id(text: &str) -> Result<Uuid, Refusal> {
    let parsed = (text.len() == 36).then(|| text.parse().ok()).flatten();
    parsed.ok_or_else(|| Refusal::bad_request(format!("Invalid object identifier '{text}'.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn developers_register_apps_even_where_others_may_not() {
        assert!(may_register(&[APPLICATION_DEVELOPER], false));
        assert!(!may_register(&[], false));
        assert!(may_register(&[], true));
    }
}
