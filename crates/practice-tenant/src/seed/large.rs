//! The seed `large:N`: the small company grown to N service principals, the same ones every time.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::clock::{days, earlier};
use crate::directory::entity::Entity;
use crate::directory::state::{Directory, Holder};
use crate::ids::{self, GRAPH_APP_ID, MICROSOFT_TENANT, TENANT};
use crate::persona::DOMAIN;
use crate::seed::build::{principal_of, properties};
use crate::seed::permissions::{self, Kind};

const PLACES: [&str; 16] = [
    "Antwerp",
    "Bergen",
    "Cork",
    "Dresden",
    "Évora",
    "Faro",
    "Ghent",
    "Hamar",
    "Izola",
    "Jönköping",
    "Kaunas",
    "Lund",
    "Mostar",
    "Narva",
    "Oulu",
    "Pécs",
];
const TASKS: [&str; 20] = [
    "payroll",
    "onboarding",
    "badge",
    "roster",
    "invoice",
    "inventory",
    "ledger",
    "training",
    "travel",
    "helpdesk",
    "backup",
    "telemetry",
    "archive",
    "survey",
    "contracts",
    "fleet",
    "facilities",
    "recruiting",
    "benefits",
    "audit",
];
const SHAPES: [&str; 8] = ["sync", "connector", "export", "import", "gateway", "worker", "report", "bridge"];
/// What they hold on Graph, by value: the job's permission first.
const HELD: [&str; 6] = [
    "SynchronizationData-User.Upload",
    "User.Read.All",
    "AuditLog.Read.All",
    "Group.Read.All",
    "Mail.Send",
    "Directory.ReadWrite.All",
];

/// Adds service principals until there are `count`.
pub(crate) fn grow(directory: &mut Directory, count: u32, now: Timestamp) {
    let graph = directory.principal_by_app_id(GRAPH_APP_ID).map(|it| it.id);
    let roles: Vec<Uuid> =
        HELD.iter().filter_map(|value| permissions::find(Kind::Role, value)).map(|role| role.id).collect();
    let wanted = usize::try_from(count).unwrap_or(usize::MAX);
    for number in 0_usize.. {
        if directory.service_principals.len() >= wanted {
            return;
        }
        let id = add(directory, number, now);
        if let Some(graph) = graph {
            grant(directory, id, graph, number, &roles, earlier(now, days(1)));
        }
    }
}

/// One grant of Graph for each service principal, so that Graph's list is as long as the tenant is large: every 200th is
/// the job's own permission, the rest others; every 50th belongs to a user or a group besides.
fn grant(directory: &mut Directory, id: Uuid, graph: Uuid, number: usize, roles: &[Uuid], at: Timestamp) {
    let (upload, others) = match roles {
        [upload, others @ ..] if !others.is_empty() => (*upload, others),
        _ => return,
    };
    let role = if number.is_multiple_of(200) { Some(upload) } else { others.get(number % others.len()).copied() };
    if let Some(role) = role {
        directory.grant(id, graph, role, at);
    }
    if number % 50 == 7 {
        let kind = if number % 100 == 7 { "User" } else { "Group" };
        let name = json!(format!("{} {} {number}", pick(&PLACES, number), kind.to_lowercase()));
        let holder = Holder { kind: kind.to_owned(), name };
        directory.grant_to(holder, ids::fixed(&format!("holder/large/{number}")), graph, Uuid::nil(), at);
    }
}

fn pick<'a>(from: &[&'a str], number: usize) -> &'a str {
    from.get(number % from.len()).copied().unwrap_or_default()
}

fn add(directory: &mut Directory, number: usize, now: Timestamp) -> Uuid {
    let place = pick(&PLACES, number);
    let task = pick(&TASKS, number / 3);
    let shape = pick(&SHAPES, number / 7);
    // Every 50th shares its name with others, as names in real tenants do.
    let name = if number.is_multiple_of(50) {
        format!("{task} {shape}")
    } else {
        format!("{task}-{shape}-{place}-{number:06}")
    };
    let id = ids::fixed(&format!("principal/large/{number}"));
    let app_id = ids::fixed(&format!("app/large/{number}"));
    let created = earlier(now, days(u64::try_from(number % 1500).unwrap_or_default() + 1));
    // As in real tenants a third are managed identities, most of the rest is Microsoft's or a vendor's, and every twelfth
    // is an app of the company with its registration.
    let set = if number.is_multiple_of(3) {
        let group = format!("rg-{}", number % 400);
        let arm = format!("/subscriptions/{TENANT}/resourcegroups/{group}/providers/Microsoft.Web/sites/{name}");
        json!({
            "alternativeNames": ["isExplicit=False", arm],
            "displayName": name,
            "servicePrincipalNames": [app_id],
            "servicePrincipalType": "ManagedIdentity",
        })
    } else if number % 12 == 1 {
        own_application(directory, number, app_id, &name, created)
    } else {
        let owner = match number % 12 {
            2 | 5 => ids::fixed(&format!("tenant/vendor/{}", number % 60)),
            _ => MICROSOFT_TENANT,
        };
        json!({
            "appDisplayName": name,
            "appOwnerOrganizationId": owner,
            "displayName": name,
            "servicePrincipalNames": [app_id],
            "servicePrincipalType": "Application",
            "signInAudience": "AzureADMultipleOrgs",
        })
    };
    directory.add_principal(Entity::new(id, app_id, created, properties(set)));
    id
}

/// Registers an application of the company; returns the properties of its service principal.
fn own_application(directory: &mut Directory, number: usize, app_id: Uuid, name: &str, created: Timestamp) -> Value {
    let id = ids::fixed(&format!("application/large/{number}"));
    let set = json!({ "displayName": name, "publisherDomain": DOMAIN, "signInAudience": "AzureADMyOrg" });
    let application = Entity::new(id, app_id, created, properties(set));
    let principal = principal_of(&application);
    directory.add_application(application);
    Value::Object(principal)
}
