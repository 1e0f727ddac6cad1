//! The signed-in user, and the directory roles that are active (graph-facts 8).

use http::Method;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::directory::state::User;
use crate::graph::authorise::Caller;
use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::odata::list::{self, Rows, typed};
use crate::graph::odata::schema::{DIRECTORY_ROLE, USER, object};
use crate::graph::router::Route;
use crate::graph::rules::READ_ME;
use crate::ids;
use crate::message::Answer;
use crate::persona::{COMPANY, ROLE_TEMPLATES, RoleTemplate};

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/me", &READ_ME, me),
    Route::new(Method::GET, "/me/transitiveMemberOf", &READ_ME, member_of),
    Route::new(Method::GET, "/me/memberOf", &READ_ME, member_of),
    Route::new(Method::GET, "/me/transitiveMemberOf/microsoft.graph.directoryRole", &READ_ME, active_roles),
    Route::new(Method::GET, "/me/memberOf/microsoft.graph.directoryRole", &READ_ME, active_roles),
];

fn user(call: &Call<'_>) -> Result<User, Refusal> {
    let Caller::User { id, .. } = call.caller else { return Err(Refusal::denied()) };
    call.tenant.store.read(|directory| directory.user(*id).cloned()).ok_or_else(|| Refusal::not_found(id))
}

/// What Graph tells of a user where nothing is selected.
pub(super) fn shown(user: &User) -> Map<String, Value> {
    object(json!({
        "id": user.id,
        "businessPhones": [],
        "displayName": user.display_name,
        "givenName": user.given_name,
        "jobTitle": user.job_title,
        "mail": user.user_principal_name,
        "mobilePhone": null,
        "officeLocation": null,
        "preferredLanguage": "en-GB",
        "surname": user.surname,
        "userPrincipalName": user.user_principal_name,
    }))
}

fn me(call: &Call<'_>) -> Result<Answer, Refusal> {
    let user = user(call)?;
    let mut shown = shown(&user);
    if call.options.select.is_some() {
        shown.insert("accountEnabled".to_owned(), user.account_enabled.into());
        shown.insert("userType".to_owned(), "Member".into());
    }
    list::single(call, &USER, "users", shown)
}

fn role(template: &RoleTemplate) -> Map<String, Value> {
    object(json!({
        // The object's id differs from tenant to tenant; the template's does not.
        "id": ids::fixed(&format!("directory-role/{}", template.id)),
        "deletedDateTime": null,
        "description": template.description,
        "displayName": template.name,
        "roleTemplateId": template.id,
    }))
}

/// The roles that count for the caller now: activated ones do once their delay is over.
fn roles(call: &Call<'_>) -> impl Iterator<Item = Map<String, Value>> {
    let held: &[Uuid] = match call.caller {
        Caller::User { roles, .. } => roles,
        Caller::Application { .. } => &[],
    };
    ROLE_TEMPLATES.iter().filter(move |template| held.contains(&template.id)).map(role)
}

fn member_of(call: &Call<'_>) -> Result<Answer, Refusal> {
    let everyone = object(json!({
        "@odata.type": "#microsoft.graph.group",
        "id": ids::fixed("group/everyone"),
        "deletedDateTime": null,
        "description": "All members of the company.",
        "displayName": format!("{COMPANY} everyone"),
        "mailEnabled": false,
        "securityEnabled": true,
    }));
    let rows = std::iter::once(everyone).chain(roles(call).map(|role| typed(&DIRECTORY_ROLE, role))).collect();
    list::list(call, Rows { kind: &DIRECTORY_ROLE, set: "directoryObjects", rows })
}

/// The cast is an advanced query (graph-facts 4).
fn active_roles(call: &Call<'_>) -> Result<Answer, Refusal> {
    if !call.options.is_advanced() {
        return Err(Refusal::unsupported(
            "OData casts are advanced queries: send 'ConsistencyLevel: eventual' and $count=true.",
        ));
    }
    let rows = roles(call).collect();
    list::list(call, Rows { kind: &DIRECTORY_ROLE, set: "directoryRoles", rows })
}
