//! Delegated permissions that were consented to (graph-facts 6): read only, sign-in's consent makes them.

use http::Method;
use serde_json::{Map, Value, json};

use crate::directory::state::{Consent, Directory};
use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::odata::list::{self, Rows};
use crate::graph::odata::schema::object;
use crate::graph::odata::schema_access::PERMISSION_GRANT;
use crate::graph::router::Route;
use crate::graph::rules::READ_PERMISSION_GRANTS;
use crate::graph::service_principals::find_seen;
use crate::ids;
use crate::message::Answer;

const OF_ONE: &str = "/servicePrincipals/{id}/oauth2PermissionGrants";

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/oauth2PermissionGrants", &READ_PERMISSION_GRANTS, list_all),
    Route::new(Method::GET, OF_ONE, &READ_PERMISSION_GRANTS, list_of_one),
];

const SET: &str = "oauth2PermissionGrants";

fn show(directory: &Directory, it: &Consent) -> Option<Map<String, Value>> {
    let client = directory.principal_by_app_id(it.client_app_id)?.id;
    let resource = directory.principal_by_app_id(it.resource_app_id)?.id;
    let user = it.user.map(|user| user.to_string());
    let id = ids::opaque(&[&client.to_string(), &resource.to_string(), user.as_deref().unwrap_or_default()]);
    Some(object(json!({
        "id": id,
        "clientId": client,
        "consentType": if user.is_some() { "Principal" } else { "AllPrincipals" },
        "principalId": user,
        "resourceId": resource,
        "scope": it.scopes.join(" "),
    })))
}

fn list_all(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let rows = directory.consents.iter().filter_map(|it| show(directory, it)).collect();
        list::list(call, Rows { kind: &PERMISSION_GRANT, set: SET, rows })
    })
}

fn list_of_one(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let app_id = find_seen(call, directory)?.app_id;
        let own = directory.consents.iter().filter(|it| it.client_app_id == app_id);
        let rows = own.filter_map(|it| show(directory, it)).collect();
        list::list(call, Rows { kind: &PERMISSION_GRANT, set: SET, rows })
    })
}
