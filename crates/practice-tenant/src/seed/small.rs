//! The seed `small`: a believable company, with the namesakes, gaps and leftovers that real tenants have.

use jiff::Timestamp;
use serde_json::json;
use uuid::{Uuid, uuid};

use crate::directory::state::{Consent, Directory, User};
use crate::ids::{self, GRAPH_APP_ID, MICROSOFT_TENANT};
use crate::persona::{PersonaKey, user_principal_name};
use crate::seed::build::{Builder, note, requests};
use crate::seed::permissions::{self, Kind};
use crate::seed::provisioning;

const UPLOAD: &str = "SynchronizationData-User.Upload";
const UPLOAD_OWNED: &str = "SynchronizationData-User.Upload.OwnedBy";
const AUDIT: &str = "AuditLog.Read.All";
const PROVISIONING_LOG: &str = "ProvisioningLog.Read.All";

const HR_SUBSCRIPTION: &str = "/subscriptions/7f0c5d4e-1f0b-4c55-9a53-3a7a8a2a9d10";
const LAB_SUBSCRIPTION: &str = "/subscriptions/c2b8f7a1-65f4-4be1-8b3f-0d9d3a6f7742";

/// The automation's secret: the same in every practice tenant, so no secret at all.
pub(crate) const AUTOMATION_SECRET: &str = "Prc8Q~practice-only.automation+secret/1";

/// The issuer of the tenant's own workload tokens: the tenant's key signs them.
pub(crate) const WORKLOAD_ISSUER: &str = "https://workloads.brightwater.example";
/// The workload that the automation's federated credential names.
pub(crate) const WORKLOAD_SUBJECT: &str = "repo:brightwater/hr-feed:ref:refs/heads/main";

/// Scopes that an administrator has consented to for the public client.
const CONSENTED: [&str; 19] = [
    "openid",
    "profile",
    "email",
    "offline_access",
    "User.Read",
    "Application.Read.All",
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "Directory.Read.All",
    "Organization.Read.All",
    "AuditLog.Read.All",
    "ProvisioningLog.Read.All",
    "Synchronization.Read.All",
    "Synchronization.ReadWrite.All",
    "SynchronizationData-User.Upload",
    "RoleManagement.Read.Directory",
    "RoleEligibilitySchedule.Read.Directory",
    "RoleAssignmentSchedule.ReadWrite.Directory",
    "Policy.Read.All",
];

/// The public client that people sign in with.
pub(crate) fn public_client_id() -> Uuid {
    ids::fixed("app/public-client")
}

/// A public client of the operator's own that nobody has consented to yet.
pub(crate) fn operator_client_id() -> Uuid {
    ids::fixed("app/operator-client")
}

/// A client of the operator's that is registered as a web app, and so is not public (7000218).
pub(crate) fn web_client_id() -> Uuid {
    ids::fixed("app/operator-client-web")
}

/// A public client of the operator's without the redirect URI `http://localhost` (50011).
pub(crate) fn elsewhere_client_id() -> Uuid {
    ids::fixed("app/operator-client-elsewhere")
}

/// The client that signs in with [`AUTOMATION_SECRET`].
pub(crate) fn automation_id() -> Uuid {
    ids::fixed("app/automation")
}

/// The small company.
pub(crate) fn directory(now: Timestamp) -> Directory {
    let mut builder = Builder::new(now);
    add_people(&mut builder);
    add_resources(&mut builder);
    add_clients(&mut builder);
    provisioning::add(&mut builder);
    add_managed_identities(&mut builder);
    add_registrations(&mut builder);
    add_wrong_turns(&mut builder);
    add_odd_names(&mut builder);
    builder.directory
}

fn add_people(builder: &mut Builder) {
    for key in PersonaKey::ALL {
        let (given, surname, title) = key.person();
        builder.directory.users.push(User {
            id: key.object_id(),
            persona: key.as_str().to_owned(),
            display_name: format!("{given} {surname}"),
            given_name: given.to_owned(),
            surname: surname.to_owned(),
            user_principal_name: user_principal_name(key),
            job_title: title.to_owned(),
            account_enabled: true,
            roles: key.active_roles().to_vec(),
            eligible_roles: key.eligible_roles().to_vec(),
        });
    }
}

fn add_resources(builder: &mut Builder) {
    // Its roles and scopes come from the table of permissions, not from the state.
    builder.foreign_principal(
        "graph",
        GRAPH_APP_ID,
        MICROSOFT_TENANT,
        json!({
            "appDisplayName": "Microsoft Graph",
            "displayName": "Microsoft Graph",
            "servicePrincipalNames": [GRAPH_APP_ID, "https://graph.microsoft.com", "https://graph.microsoft.com/"],
        }),
    );
    builder.foreign_principal(
        "impostor",
        ids::fixed("app/impostor"),
        ids::fixed("tenant/impostor"),
        json!({ "appDisplayName": "Microsoft Graph", "displayName": "Microsoft Graph", "appRoles": [{
            "allowedMemberTypes": ["Application"],
            "description": "Not what it looks like.",
            "displayName": "Upload",
            "id": ids::fixed("role/impostor"),
            "isEnabled": true,
            "origin": "Application",
            "value": UPLOAD,
        }]}),
    );
    builder.foreign_principal(
        "aad-graph",
        uuid!("00000002-0000-0000-c000-000000000000"),
        MICROSOFT_TENANT,
        json!({ "appDisplayName": "Windows Azure Active Directory", "displayName": "Windows Azure Active Directory" }),
    );
    builder.foreign_principal(
        "kelpie",
        ids::fixed("app/kelpie"),
        ids::fixed("tenant/kelpie"),
        json!({ "appDisplayName": "Kelpie HR Cloud", "displayName": "Kelpie HR Cloud",
                "tags": ["WindowsAzureActiveDirectoryIntegratedApp"] }),
    );
    builder.application(
        "hr-api",
        "Brightwater HR API",
        640,
        json!({
            "appRoles": [{
                "allowedMemberTypes": ["Application"],
                "description": "Reads every employee record.",
                "displayName": "Read employees",
                "id": ids::fixed("role/hr-api/read"),
                "isEnabled": true,
                "origin": "Application",
                "value": "Employees.Read.All",
            }, {
                "allowedMemberTypes": ["User"],
                "description": "HR staff.",
                "displayName": "HR staff",
                "id": ids::fixed("role/hr-api/staff"),
                "isEnabled": true,
                "origin": "Application",
                "value": "Staff",
            }],
            "identifierUris": ["api://brightwater-hr"],
        }),
    );
    builder.principal("hr-api", json!({}));
}

fn add_clients(builder: &mut Builder) {
    builder.application(
        "public-client",
        "Inbound Access (practice sign-in)",
        410,
        json!({
            "isFallbackPublicClient": true,
            "notes": note("people sign in to administration tools with this public client"),
            "publicClient": { "redirectUris": ["http://localhost", "http://127.0.0.1"] },
            "signInAudience": "AzureADMultipleOrgs",
        }),
    );
    builder.principal("public-client", json!({}));
    builder.directory.consents.push(Consent {
        client_app_id: public_client_id(),
        resource_app_id: GRAPH_APP_ID,
        scopes: CONSENTED.iter().map(|scope| (*scope).to_owned()).collect(),
        user: None,
    });

    let held = ["Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"];
    builder.application(
        "automation",
        "Brightwater automation",
        300,
        json!({ "requiredResourceAccess": requests(&held) }),
    );
    builder.secret("automation", "pipeline", AUTOMATION_SECRET, 30, 730);
    let principal = builder.principal("automation", json!({}));
    builder.grant_graph(principal, &held, 299);
    builder.federated("automation", "pipeline", WORKLOAD_ISSUER, WORKLOAD_SUBJECT);
    add_operators_clients(builder);
}

/// Clients that an operator may have registered, right and wrong.
fn add_operators_clients(builder: &mut Builder) {
    let clients = [
        (
            "operator-client",
            "Admin workstation sign-in",
            json!({ "publicClient": { "redirectUris": ["http://localhost"] } }),
        ),
        ("operator-client-web", "Admin portal sign-in", json!({ "web": { "redirectUris": ["http://localhost"] } })),
        (
            "operator-client-elsewhere",
            "Admin mobile sign-in",
            json!({ "isFallbackPublicClient": true,
                    "publicClient": { "redirectUris": ["https://login.microsoftonline.com/common/oauth2/nativeclient"] } }),
        ),
    ];
    for (key, name, more) in clients {
        builder.application(key, name, 35, more);
        builder.principal(key, json!({}));
    }
}

fn add_managed_identities(builder: &mut Builder) {
    let explicit = Some("isExplicit=True");
    let of_resource = Some("isExplicit=False");
    let hr = format!("{HR_SUBSCRIPTION}/resourcegroups");
    let lab = format!("{LAB_SUBSCRIPTION}/resourcegroups");
    let user_assigned = "providers/Microsoft.ManagedIdentity/userAssignedIdentities";

    builder.managed_identity(
        "mi-csv2scim",
        "CSV2SCIMBulkUpload",
        of_resource,
        &format!("{hr}/rg-hr-integration/providers/Microsoft.Logic/workflows/CSV2SCIMBulkUpload"),
        120,
    );
    builder.managed_identity(
        "mi-csv2scim-lab",
        "CSV2SCIMBulkUpload",
        explicit,
        &format!("{lab}/rg-sandbox/{user_assigned}/CSV2SCIMBulkUpload"),
        45,
    );
    let feed = builder.managed_identity(
        "mi-hr-feed",
        "id-hr-feed",
        explicit,
        &format!("{hr}/rg-hr-integration/{user_assigned}/id-hr-feed"),
        200,
    );
    builder.grant_graph(feed, &[UPLOAD, AUDIT], 199);
    let payroll = builder.managed_identity(
        "mi-payroll",
        "func-payroll-sync",
        of_resource,
        &format!("{hr}/rg-payroll/providers/Microsoft.Web/sites/func-payroll-sync"),
        260,
    );
    builder.grant_graph(payroll, &[AUDIT], 250);
    // Identities made years ago carry no marker, and their path is written in another case.
    let legacy = builder.managed_identity(
        "mi-legacy",
        "vm-legacy-hr",
        None,
        &format!("{hr}/RG-LEGACY/providers/Microsoft.Compute/virtualMachines/vm-legacy-hr"),
        1400,
    );
    builder.grant_graph(legacy, &[UPLOAD, AUDIT, "Directory.ReadWrite.All", "Mail.Send"], 1390);
    builder.managed_identity(
        "mi-reporting",
        "id-reporting",
        explicit,
        &format!("{lab}/rg-reporting/{user_assigned}/id-reporting"),
        80,
    );
    builder.managed_identity(
        "mi-scheduler",
        "logic-scheduler",
        of_resource,
        &format!("{hr}/rg-operations/providers/Microsoft.Logic/workflows/logic-scheduler"),
        33,
    );
    let zebra = builder.managed_identity(
        "mi-zebra",
        "zebra-label-printing",
        of_resource,
        &format!("{lab}/rg-warehouse/providers/Microsoft.Web/sites/zebra-label-printing"),
        610,
    );
    builder.block(zebra);
    builder.managed_identity(
        "mi-odd-signs",
        "Zoë's R&D #1 + 50% 🧪 trial\u{200f}",
        explicit,
        &format!("{lab}/rg-sandbox/{user_assigned}/id-zoe-trial"),
        12,
    );
}

fn add_registrations(builder: &mut Builder) {
    // A namesake of the managed identities that is an app registration.
    builder.application("csv2scim-app", "CSV2SCIMBulkUpload", 70, json!({}));
    builder.principal("csv2scim-app", json!({}));

    builder.application("live", "HR feed (live)", 220, json!({ "requiredResourceAccess": requests(&[UPLOAD, AUDIT]) }));
    builder.secret("live", "feed server", "Liv8Q~seeded-and-never-used-anywhere", 40, 365);
    let live = builder.principal("live", json!({}));
    builder.grant_graph(live, &[UPLOAD, AUDIT], 219);

    builder.application("old", "HR feed (old)", 800, json!({ "requiredResourceAccess": requests(&[UPLOAD, AUDIT]) }));
    builder.secret("old", "first server", "Old8Q~seeded-and-expired-long-ago-000", 790, 730);
    builder.secret("old", "second server", "Old8Q~seeded-and-expired-last-month0", 395, 365);
    let old = builder.principal("old", json!({}));
    builder.grant_graph(old, &[UPLOAD, AUDIT], 799);

    // Requested, but consent was given before the upload permission was added.
    builder.application(
        "payroll-upload",
        "Payroll upload",
        150,
        json!({ "requiredResourceAccess": requests(&[UPLOAD, AUDIT]) }),
    );
    builder.secret("payroll-upload", "payroll vendor", "Pay8Q~seeded-and-soon-to-expire-0000", 350, 365);
    let payroll = builder.principal("payroll-upload", json!({}));
    builder.grant_graph(payroll, &[AUDIT], 140);

    let narrower = [UPLOAD, PROVISIONING_LOG];
    builder.application(
        "contractor-import",
        "Contractor import",
        60,
        json!({ "requiredResourceAccess": requests(&narrower) }),
    );
    builder.secret("contractor-import", "importer", "Con8Q~seeded-and-never-used-anywhere", 60, 180);
    let contractor = builder.principal("contractor-import", json!({}));
    builder.grant_graph(contractor, &narrower, 59);

    builder.application(
        "robot",
        "Reporting robot",
        500,
        json!({ "requiredResourceAccess": requests(&[UPLOAD, AUDIT]) }),
    );
    let robot = builder.principal("robot", json!({}));
    let surplus = [UPLOAD, AUDIT, "Directory.ReadWrite.All", "RoleManagement.ReadWrite.Directory", "User.Read.All"];
    builder.grant_graph(robot, &surplus, 499);

    builder.application(
        "retired",
        "Retired HR interface",
        1100,
        json!({ "requiredResourceAccess": requests(&[UPLOAD, AUDIT]) }),
    );
    builder.secret("retired", "interface", "Ret8Q~seeded-for-a-disabled-app-0000", 100, 730);
    let retired = builder.principal("retired", json!({ "accountEnabled": false }));
    builder.grant_graph(retired, &[UPLOAD, AUDIT], 1090);

    for (key, age) in [("workday-1", 420), ("workday-2", 90)] {
        builder.application(key, "Workday connector", age, json!({}));
        builder.principal(key, json!({}));
    }
    builder.application("no-principal", "Badge printer", 15, json!({}));
}

/// The secret of the app that may upload to what it owns; the same in every practice tenant, so no secret at all.
const COURIER_SECRET: &str = "Cou8Q~practice-only.courier+secret/1";

/// What looks like the upload permission and is another one, or less.
fn add_wrong_turns(builder: &mut Builder) {
    // May upload to the job of Staff alone, whose app it owns.
    let held = [UPLOAD_OWNED, PROVISIONING_LOG];
    builder.application("courier", "Staff courier", 75, json!({ "requiredResourceAccess": requests(&held) }));
    builder.secret("courier", "courier", COURIER_SECRET, 30, 365);
    let courier = builder.principal("courier", json!({}));
    builder.grant_graph(courier, &held, 74);
    let staff = ids::fixed("principal/provisioning-staff");
    if let Some(app) = builder.directory.service_principals.get_mut(&staff) {
        app.owners = vec![courier, PersonaKey::ApplicationAdministrator.object_id()];
    }

    // Requests and was consented the delegated permission of the same name: it works for signed-in users only.
    let delegated: Vec<_> = permissions::find(Kind::Scope, UPLOAD)
        .map(|scope| json!({ "id": scope.id, "type": "Scope" }))
        .into_iter()
        .collect();
    let access = json!([{ "resourceAppId": GRAPH_APP_ID, "resourceAccess": delegated }]);
    builder.application("seasonal", "Seasonal workers sync", 20, json!({ "requiredResourceAccess": access }));
    builder.principal("seasonal", json!({}));
    let scopes = [UPLOAD.to_owned()];
    builder.directory.consent(ids::fixed("app/seasonal"), GRAPH_APP_ID, None, &scopes);

    // Holds a role of the same value, on the API that only calls itself Microsoft Graph.
    let access = json!([{ "resourceAppId": ids::fixed("app/impostor"),
                          "resourceAccess": [{ "id": ids::fixed("role/impostor"), "type": "Role" }] }]);
    builder.application("depot", "Depot sync", 18, json!({ "requiredResourceAccess": access }));
    let depot = builder.principal("depot", json!({}));
    let granted = builder.days_ago(17);
    builder.directory.grant(depot, ids::fixed("principal/impostor"), ids::fixed("role/impostor"), granted);
}

/// Names that break careless quoting: each must be found and shown exactly.
fn add_odd_names(builder: &mut Builder) {
    let names = [
        ("odd-apostrophe", "O'Brien's HR sync"),
        ("odd-percent", "100% HR & Payroll #1 + Partners"),
        ("odd-emoji", "HR 🚀 feed 👩🏽‍💻"),
        ("odd-rtl", "HR \u{202b}ייבוא עובדים\u{202c} feed\u{200f}"),
        ("odd-encoded", "HR%20feed%27s"),
        ("odd-umlaut", "Größenänderung Ärzte"),
    ];
    for (key, name) in names {
        builder.application(key, name, 25, json!({}));
        builder.principal(key, json!({}));
    }
}
