//! Directory roles and Privileged Identity Management: who may activate what, and doing so (graph-facts 8).

use std::time::Duration;

use http::Method;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, civil};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::clock::{graph_date, later};
use crate::demands::{PimMfa, Proof};
use crate::directory::state::{Activation, User};
use crate::graph::authorise::Caller;
use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::odata::list::{self, Rows};
use crate::graph::odata::schema::object;
use crate::graph::odata::schema_access::{ASSIGNMENT, ELIGIBILITY, ROLE_DEFINITION};
use crate::graph::path::Key;
use crate::graph::router::Route;
use crate::graph::rules::{ACTIVATE, READ_MY_ACTIVATIONS, READ_MY_ELIGIBILITY, READ_ROLE_DEFINITIONS};
use crate::ids;
use crate::message::Answer;
use crate::persona::{ROLE_TEMPLATES, RoleTemplate};

const ROLES: &str = "/roleManagement/directory/roleDefinitions";
const ROLE: &str = "/roleManagement/directory/roleDefinitions/{id}";
const MY_ELIGIBILITY: &str = "/roleManagement/directory/roleEligibilityScheduleInstances/filterByCurrentUser/{on}";
const MY_ASSIGNMENTS: &str = "/roleManagement/directory/roleAssignmentScheduleInstances/filterByCurrentUser/{on}";
const REQUESTS: &str = "/roleManagement/directory/roleAssignmentScheduleRequests";

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, ROLES, &READ_ROLE_DEFINITIONS, definitions),
    Route::new(Method::GET, ROLE, &READ_ROLE_DEFINITIONS, definition),
    Route::new(Method::GET, MY_ELIGIBILITY, &READ_MY_ELIGIBILITY, eligible),
    Route::new(Method::GET, MY_ASSIGNMENTS, &READ_MY_ACTIVATIONS, assigned),
    Route::new(Method::POST, REQUESTS, &ACTIVATE, request),
];

/// The longest activation that PIM's usual settings allow.
const LONGEST: SignedDuration = SignedDuration::from_hours(8);
/// What an authentication context is asked for with.
const CONTEXT: &str = "c1";

/// Built-in roles have the id of their template.
fn definition_of(template: &RoleTemplate) -> Map<String, Value> {
    object(json!({
        "id": template.id,
        "description": template.description,
        "displayName": template.name,
        "isBuiltIn": true,
        "isEnabled": true,
        "resourceScopes": ["/"],
        "rolePermissions": [{
            "allowedResourceActions": ["microsoft.directory/applications/allProperties/read"],
            "condition": null,
        }],
        "templateId": template.id,
        "version": "1",
    }))
}

fn template(id: Uuid) -> Option<&'static RoleTemplate> {
    ROLE_TEMPLATES.iter().find(|template| template.id == id)
}

fn definitions(call: &Call<'_>) -> Result<Answer, Refusal> {
    let rows = ROLE_TEMPLATES.iter().map(definition_of).collect();
    list::list(call, Rows { kind: &ROLE_DEFINITION, set: "roleManagement/directory/roleDefinitions", rows })
}

fn definition(call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.id(0)?;
    let found = template(id).ok_or_else(|| Refusal::not_found(id))?;
    list::single(call, &ROLE_DEFINITION, "roleManagement/directory/roleDefinitions", definition_of(found))
}

/// PIM needs Entra ID P2 or Governance.
fn check_licence(call: &Call<'_>) -> Result<(), Refusal> {
    if call.tenant.dials.without_premium() {
        let message = "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.";
        return Err(Refusal::new(400, "AadPremiumLicenseRequired", message));
    }
    Ok(())
}

/// The caller, who is a person: the routes' rules let nobody else in.
fn person(call: &Call<'_>) -> Result<(User, Proof), Refusal> {
    let Caller::User { id, proof, .. } = call.caller else { return Err(Refusal::denied()) };
    let user = call.tenant.store.read(|directory| directory.user(*id).cloned());
    Ok((user.ok_or_else(|| Refusal::not_found(id))?, proof.clone()))
}

/// `filterByCurrentUser(on='principal')`; the other value would need approvals, which the tenant does not have.
fn check_on(call: &Call<'_>) -> Result<(), Refusal> {
    match call.keys.first() {
        Some(Key::Named(name, value)) if name == "on" && value.eq_ignore_ascii_case("principal") => Ok(()),
        _ => Err(Refusal::unreadable("filterByCurrentUser takes on='principal'.")),
    }
}

/// The list, with what `$expand` adds: the role's definition.
fn listed(call: &Call<'_>, rows: Rows<'_, Map<String, Value>>) -> Result<Answer, Refusal> {
    if let Some(name) = call.options.expanded.iter().find(|name| *name != "roleDefinition") {
        return Err(Refusal::unreadable(format!("The navigation property '{name}' cannot be expanded here.")));
    }
    let expands = call.options.expand;
    let options = crate::graph::odata::query::Options { expand: false, ..call.options.clone() };
    let plain = Call { options, keys: call.keys.clone(), ..*call };
    let mut answer = list::list(&plain, rows)?;
    if let (true, crate::message::Payload::Json(body)) = (expands, &mut answer.payload) {
        for row in body.get_mut("value").and_then(Value::as_array_mut).into_iter().flatten() {
            let id = row.get("roleDefinitionId").and_then(Value::as_str).and_then(|id| id.parse().ok());
            let role = id.and_then(template).map(definition_of).map_or(Value::Null, Value::Object);
            if let Value::Object(fields) = row {
                fields.insert("roleDefinition".into(), role);
            }
        }
    }
    Ok(answer)
}

/// When an eligibility ends: never for the first role, with the next year for the others, so that both are met.
fn end_of(index: usize, now: Timestamp) -> Option<String> {
    let year = now.to_zoned_datetime(TimeZone::UTC).year();
    let end = civil::Date::new(year.saturating_add(1), 12, 31).ok()?.at(23, 0, 0, 0);
    (index > 0).then(|| TimeZone::UTC.to_timestamp(end).map(graph_date).ok()).flatten()
}

fn eligible(call: &Call<'_>) -> Result<Answer, Refusal> {
    check_on(call)?;
    check_licence(call)?;
    let (user, _) = person(call)?;
    let rows = user
        .eligible_roles
        .iter()
        .enumerate()
        .map(|(index, role)| {
            let schedule = ids::fixed(&format!("eligibility/{}/{role}", user.persona));
            object(json!({
                "id": ids::opaque(&["eligibility", &schedule.to_string()]),
                "appScopeId": null,
                "directoryScopeId": "/",
                "endDateTime": end_of(index, call.now),
                "memberType": "Direct",
                "principalId": user.id,
                "roleDefinitionId": role,
                "roleEligibilityScheduleId": schedule,
                "startDateTime": "2025-02-03T09:00:00Z",
            }))
        })
        .collect();
    listed(call, Rows { kind: &ELIGIBILITY, set: "Collection(unifiedRoleEligibilityScheduleInstance)", rows })
}

/// Held for good, or activated; an activation shows at once, also while it does not count yet.
fn assigned(call: &Call<'_>) -> Result<Answer, Refusal> {
    check_on(call)?;
    check_licence(call)?;
    let (user, _) = person(call)?;
    let instance = |schedule: Uuid, role: Uuid, kind: &str, start: String, end: Option<String>| {
        object(json!({
            "id": ids::opaque(&["assignment", &schedule.to_string()]),
            "appScopeId": null,
            "assignmentType": kind,
            "directoryScopeId": "/",
            "endDateTime": end,
            "memberType": "Direct",
            "principalId": user.id,
            "roleAssignmentOriginId": ids::opaque(&["origin", &schedule.to_string()]),
            "roleAssignmentScheduleId": schedule,
            "roleDefinitionId": role,
            "startDateTime": start,
        }))
    };
    let held = user.roles.iter().map(|role| {
        let schedule = ids::fixed(&format!("assignment/{}/{role}", user.persona));
        instance(schedule, *role, "Assigned", "2025-02-03T09:00:00Z".to_owned(), None)
    });
    let activated = call.tenant.store.read(|directory| {
        let mine = directory.activations.iter().filter(|it| it.principal_id == user.id && it.ends > call.now);
        mine.cloned().collect::<Vec<_>>()
    });
    let activated = activated
        .iter()
        .map(|it| instance(it.id, it.role_id, "Activated", graph_date(it.requested), Some(graph_date(it.ends))));
    let rows = held.chain(activated).collect();
    listed(call, Rows { kind: &ASSIGNMENT, set: "Collection(unifiedRoleAssignmentScheduleInstance)", rows })
}

/// What is asked of PIM.
struct Wanted {
    role: Uuid,
    justification: String,
    /// How long, if said; an end says it as well.
    lasts: Option<SignedDuration>,
    only_checks: bool,
}

fn invalid(name: &str) -> Refusal {
    Refusal::bad_request(format!(
        "Invalid value specified for property '{name}' of resource 'UnifiedRoleAssignmentScheduleRequest'."
    ))
}

fn text<'a>(value: Option<&'a Value>, name: &str) -> &'a str {
    value.and_then(|it| it.get(name)).and_then(Value::as_str).unwrap_or_default()
}

fn wanted(call: &Call<'_>, user: &User) -> Result<(String, Wanted), Refusal> {
    let body = Value::Object(call.body()?);
    let field = |name: &str| text(Some(&body), name);
    let action = field("action").to_owned();
    if !["selfactivate", "selfdeactivate"].contains(&action.to_ascii_lowercase().as_str()) {
        return Err(invalid("action"));
    }
    if field("principalId").parse() != Ok(user.id) {
        return Err(Refusal::denied());
    }
    if field("directoryScopeId") != "/" {
        return Err(invalid("directoryScopeId"));
    }
    let role = field("roleDefinitionId").parse().map_err(|_| invalid("roleDefinitionId"))?;
    let schedule = body.get("scheduleInfo").filter(|it| it.is_object());
    let expiration = schedule.and_then(|it| it.get("expiration"));
    let start = text(schedule, "startDateTime").parse().unwrap_or(call.now);
    let lasts = match text(expiration, "type").to_ascii_lowercase().as_str() {
        "afterduration" => text(expiration, "duration").parse().ok(),
        "afterdatetime" => text(expiration, "endDateTime").parse().ok().map(|end: Timestamp| end.duration_since(start)),
        _ => None,
    };
    let only_checks = body.get("isValidationOnly").and_then(Value::as_bool).unwrap_or_default();
    Ok((action, Wanted { role, justification: field("justification").trim().to_owned(), lasts, only_checks }))
}

/// The rules of PIM that a request breaks, or what else stands in its way.
fn check_rules(call: &Call<'_>, user: &User, proof: &Proof, wanted: &Wanted) -> Result<Duration, Refusal> {
    let demanded = call.tenant.dials.pim().mfa;
    let lasts = wanted.lasts.filter(|lasts| lasts.is_positive() && *lasts <= LONGEST);
    let mut broken = Vec::new();
    let mut rule = |is_broken: bool, name: &'static str| {
        if is_broken {
            broken.push(name);
        }
    };
    rule(!user.eligible_roles.contains(&wanted.role), "EligibilityRule");
    rule(lasts.is_none(), "ExpirationRule");
    rule(wanted.justification.is_empty(), "JustificationRule");
    rule(demanded == PimMfa::MultiFactor && !proof.mfa, "MfaRule");
    if !broken.is_empty() {
        let message = format!("The following policy rules failed: {}", json!(broken));
        return Err(Refusal::new(400, "RoleAssignmentRequestPolicyValidationFailed", message));
    }
    if demanded == PimMfa::Context && !proof.contexts.iter().any(|context| context == CONTEXT) {
        let claims = json!({ "access_token": { "acrs": { "essential": true, "value": CONTEXT } } }).to_string();
        let claims: String = url::form_urlencoded::byte_serialize(claims.as_bytes()).collect();
        return Err(Refusal::new(400, "RoleAssignmentRequestAcrsValidationFailed", format!("&claims={claims}")));
    }
    lasts.and_then(|lasts| Duration::try_from(lasts).ok()).ok_or_else(|| invalid("scheduleInfo"))
}

fn request(call: &Call<'_>) -> Result<Answer, Refusal> {
    check_licence(call)?;
    let (user, proof) = person(call)?;
    let (action, wanted) = wanted(call, &user)?;
    let is_mine = |it: &Activation| it.principal_id == user.id && it.role_id == wanted.role && it.ends > call.now;
    if action.eq_ignore_ascii_case("selfDeactivate") {
        return call.tenant.store.write(|directory| {
            let active = directory.activations.iter_mut().find(|it| is_mine(it));
            let active = active.ok_or_else(|| {
                Refusal::new(400, "RoleAssignmentDoesNotExist", "The Role assignment does not exist.")
            })?;
            active.ends = call.now;
            let id = active.id;
            Ok(answered(call, &user, &wanted, id, "Revoked", "selfDeactivate", None))
        });
    }
    let lasts = check_rules(call, &user, &proof, &wanted)?;
    let delay = call.tenant.dials.pim().activation_delay;
    call.tenant.store.write(|directory| {
        if user.roles.contains(&wanted.role) || directory.activations.iter().any(is_mine) {
            return Err(Refusal::new(400, "RoleAssignmentExists", "The Role assignment already exists."));
        }
        let id = Uuid::new_v4();
        if wanted.only_checks {
            return Ok(answered(call, &user, &wanted, id, "Granted", "selfActivate", Some(lasts)));
        }
        directory.activations.retain(|it| it.ends > call.now);
        directory.activations.push(Activation {
            id,
            principal_id: user.id,
            role_id: wanted.role,
            requested: call.now,
            effective: later(call.now, delay),
            ends: later(call.now, lasts),
        });
        Ok(answered(call, &user, &wanted, id, "Provisioned", "selfActivate", Some(lasts)))
    })
}

fn answered(
    call: &Call<'_>,
    user: &User,
    wanted: &Wanted,
    id: Uuid,
    status: &str,
    action: &str,
    lasts: Option<Duration>,
) -> Answer {
    let now = graph_date(call.now);
    let schedule = lasts.map(|lasts| {
        json!({
            "startDateTime": now,
            "recurrence": null,
            "expiration": {
                "type": "afterDuration",
                "endDateTime": null,
                "duration": format!("PT{}M", lasts.as_secs() / 60),
            },
        })
    });
    let shown = object(json!({
        "id": id,
        "status": status,
        "createdDateTime": now,
        "completedDateTime": now,
        "approvalId": null,
        "customData": null,
        "action": action,
        "principalId": user.id,
        "roleDefinitionId": wanted.role,
        "directoryScopeId": "/",
        "appScopeId": null,
        "isValidationOnly": wanted.only_checks,
        "targetScheduleId": id,
        "justification": wanted.justification,
        "scheduleInfo": schedule,
        "createdBy": { "application": null, "device": null, "user": { "displayName": null, "id": user.id } },
        "ticketInfo": { "ticketNumber": null, "ticketSystem": null },
    }));
    list::entity(call, 201, "roleManagement/directory/roleAssignmentScheduleRequests", shown)
}
