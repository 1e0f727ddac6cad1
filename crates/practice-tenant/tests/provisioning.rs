//! Provisioning jobs, uploads and the provisioning log (graph-facts 9).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

mod support;

use std::time::Duration;

use practice_tenant::{DialSettings, Options, PersonaKey};
use reqwest::Method;
use serde_json::{Value, json};
use support::{Reply, Tenant, UPLOAD, frozen, reply, start, start_with};

const STAFF: &str = "Staff from HR to Microsoft Entra ID";
const CONTRACTORS: &str = "Contractors from HR to Microsoft Entra ID";
const ON_PREMISES: &str = "Staff from HR to Active Directory";
const READER: &str = "openid Application.ReadWrite.All AppRoleAssignment.ReadWrite.All Synchronization.ReadWrite.All \
                      ProvisioningLog.Read.All";

/// The path of the first job of an app.
async fn job_of(tenant: &Tenant, token: &str, app: &str) -> (String, Value) {
    let id = tenant.principal_called(app, token).await;
    let jobs = tenant.get(&format!("/servicePrincipals/{id}/synchronization/jobs"), token).await;
    assert_eq!(jobs.status, 200, "{}", jobs.body);
    let job = jobs.body["value"][0].clone();
    (format!("/servicePrincipals/{id}/synchronization/jobs/{}", job["id"].as_str().unwrap()), job)
}

/// A token of a new app that holds the upload permission.
async fn uploader(tenant: &Tenant, token: &str) -> String {
    let (id, app_id) = tenant.new_application(token, "Upload test").await;
    let principal = tenant.post("/servicePrincipals", token, json!({ "appId": app_id })).await;
    assert_eq!(tenant.grant(token, &principal.id(), UPLOAD).await.status, 201);
    let secret = tenant.post(&format!("/applications/{id}/addPassword"), token, json!({})).await;
    let answer = tenant.secret_token(&app_id, secret.body["secretText"].as_str().unwrap()).await;
    answer.body["access_token"].as_str().expect("a token").to_owned()
}

fn user(external: &str, name: &str, user_name: Option<&str>, active: bool) -> Value {
    let mut data = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "externalId": external, "displayName": name, "active": active,
    });
    if let Some(user_name) = user_name {
        data["userName"] = json!(user_name);
    }
    data
}

fn bulk(users: &[Value]) -> Value {
    let operations: Vec<Value> = users
        .iter()
        .enumerate()
        .map(|(number, data)| json!({ "method": "POST", "bulkId": number.to_string(), "path": "/Users", "data": data }))
        .collect();
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations, "failOnErrors": null,
    })
}

async fn upload_as(tenant: &Tenant, job: &str, token: &str, kind: &str, body: &Value) -> Reply {
    let request = tenant.http.post(tenant.url(&format!("{job}/bulkUpload"))).bearer_auth(token);
    reply(request.header("content-type", kind).body(body.to_string()).send().await.unwrap()).await
}

async fn upload(tenant: &Tenant, job: &str, token: &str, body: &Value) -> Reply {
    upload_as(tenant, job, token, "application/scim+json", body).await
}

fn states(log: &Reply) -> Vec<(String, String)> {
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let rows = log.body["value"].as_array().unwrap_or_else(|| panic!("{}", log.body));
    rows.iter().map(|it| (text(&it["provisioningAction"]), text(&it["provisioningStatusInfo"]["status"]))).collect()
}

fn of_job(job: &Value, more: &str) -> String {
    format!("/auditLogs/provisioning?$filter=jobid eq '{}'{more}", job["id"].as_str().unwrap())
}

#[tokio::test]
async fn each_provisioning_app_shows_how_its_job_stands() {
    let tenant = start().await;
    let token = tenant.sign_in_with(PersonaKey::ApplicationAdministrator, READER).await;
    let named = "displayName eq 'API-driven provisioning to Microsoft Entra ID'";
    let template = tenant.get(&format!("/applicationTemplates?$filter={named}"), &token).await;
    assert_eq!(template.body["value"].as_array().unwrap().len(), 1, "{}", template.body);
    let id = template.body["value"][0]["id"].as_str().unwrap();
    let apps = tenant.get(&format!("/servicePrincipals?$filter=applicationTemplateId eq '{id}'"), &token).await;
    let mut names = apps.names();
    names.sort_unstable();
    assert_eq!(names, [CONTRACTORS, STAFF]);

    let (path, staff) = job_of(&tenant, &token, STAFF).await;
    assert_eq!((&staff["status"]["code"], &staff["schedule"]["interval"]), (&json!("Active"), &json!("PT40M")));
    assert_eq!(staff["status"]["lastExecution"]["timeBegan"], "2026-06-01T08:53:00Z");
    tenant.inner.clock().advance(Duration::from_secs(40 * 60));
    let later = tenant.get(&path, &token).await;
    assert_eq!(later.body["status"]["lastExecution"]["timeBegan"], "2026-06-01T09:33:00Z");
    assert!(staff["id"].as_str().unwrap().starts_with("API2AAD."));

    let (_, contractors) = job_of(&tenant, &token, CONTRACTORS).await;
    assert_eq!(contractors["status"]["code"], "Quarantine");
    assert_eq!(contractors["status"]["quarantine"]["currentBegan"], "2026-05-29T09:00:00Z");
    assert_eq!(contractors["status"]["quarantine"]["error"]["tenantActionable"], true);

    let (_, ad) = job_of(&tenant, &token, ON_PREMISES).await;
    assert!(ad["id"].as_str().unwrap().starts_with("API2AD."));
    assert_eq!((&ad["status"]["code"], &ad["status"]["lastExecution"]), (&json!("Paused"), &Value::Null));
    assert_eq!(ad["status"]["steadyStateFirstAchievedTime"], "0001-01-01T00:00:00Z");
    assert_eq!(ad["schedule"]["interval"], "P10675199DT2H48M5.4775807S");

    let root = path.split("/jobs/").next().unwrap();
    let settings = tenant.get(root, &token).await;
    assert!(settings.body["secrets"][0]["value"].as_str().unwrap().contains("@brightwater.example"));
    let templates = tenant.get(&format!("{root}/templates"), &token).await;
    assert_eq!(templates.body["value"][0]["id"], staff["templateId"]);
}

#[tokio::test]
async fn jobs_and_log_ask_for_a_scope_and_a_role() {
    let tenant = start().await;
    let token = tenant.sign_in_with(PersonaKey::GlobalAdministrator, READER).await;
    let (path, _) = job_of(&tenant, &token, STAFF).await;
    let (log, without_scope) = ("/auditLogs/provisioning", "openid Application.Read.All");
    let poor = tenant.sign_in_with(PersonaKey::GlobalAdministrator, without_scope).await;
    let unfit = tenant.sign_in_with(PersonaKey::PrivilegedRoleAdministrator, READER).await;
    for refused in [&poor, &unfit] {
        assert_eq!(tenant.get(&path, refused).await.code(), "Authorization_RequestDenied");
        assert_eq!(tenant.get(log, refused).await.code(), "Authorization_RequestDenied");
    }
    tenant.inner.dials().set_without_premium(true);
    let refused = tenant.get(log, &token).await;
    assert_eq!(
        (refused.status.as_u16(), refused.code()),
        (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
    );
}

#[tokio::test]
async fn an_upload_is_taken_at_once_and_logged_later_user_by_user() {
    let tenant = start_with(frozen()).await;
    let token = tenant.sign_in_with(PersonaKey::GlobalAdministrator, READER).await;
    let app = uploader(&tenant, &token).await;
    let (path, job) = job_of(&tenant, &token, STAFF).await;
    let since = " and activityDateTime ge 2026-06-01T09:00:00Z&$orderby=activityDateTime asc";
    let users = [
        user("1", "Ada", Some("ada@brightwater.example"), true),
        user("2", "Bo", None, true),
        user("3", "Cy", Some("cy@elsewhere.example"), true),
        user("4", "Di", Some("ADA@brightwater.example"), true),
    ];
    let taken = upload(&tenant, &path, &app, &bulk(&users)).await;
    assert_eq!((taken.status.as_u16(), &taken.body), (202, &json!("")), "{}", taken.body);
    let id = job["id"].as_str().unwrap();
    let origin = tenant.inner.origin();
    let location = format!("{origin}/v1.0/auditLogs/provisioning/?$filter=jobid%20eq%20'{id}'");
    assert_eq!(taken.header("location"), location);
    assert_eq!(states(&tenant.get(&of_job(&job, since), &token).await), []);
    tenant.inner.clock().advance(Duration::from_secs(20));
    let log = tenant.get(&of_job(&job, since), &token).await;
    let pairs = |list: &[(&str, &str)]| list.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect::<Vec<_>>();
    let mut found = states(&log);
    found.sort();
    let failed = ("create", "failure");
    assert_eq!(found, pairs(&[failed, failed, failed, ("create", "success")]));
    let told = log.body.to_string();
    for reason in ["userName was not sent", "cy@elsewhere.example", "already exists: 'ADA@"] {
        assert!(told.contains(reason), "{reason}: {told}");
    }
    let again = [user("1", "Ada", Some("ada@brightwater.example"), true)];
    let renamed = [user("1", "Ada L.", Some("ada@brightwater.example"), true)];
    let gone = [user("1", "Ada L.", Some("ada@brightwater.example"), false)];
    for (users, expected) in
        [(again, ("other", "skipped")), (renamed, ("update", "success")), (gone, ("disable", "success"))]
    {
        assert_eq!(upload(&tenant, &path, &app, &bulk(&users)).await.status, 202);
        tenant.inner.clock().advance(Duration::from_secs(30));
        let newest = tenant.get(&of_job(&job, " and sourceIdentity/id eq '1'&$top=1"), &token).await;
        assert_eq!(states(&newest), pairs(&[expected]));
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_upload_is_answered_400() {
    let tenant = start().await;
    let token = tenant.sign_in_with(PersonaKey::GlobalAdministrator, READER).await;
    let app = uploader(&tenant, &token).await;
    let (path, _) = job_of(&tenant, &token, STAFF).await;
    let one = user("1", "Ada", Some("ada@brightwater.example"), true);
    let good = bulk(std::slice::from_ref(&one));
    let spoilt = |spoil: fn(&mut Value)| {
        let mut body = good.clone();
        spoil(&mut body);
        body
    };
    let many = vec![one; 51];
    for (kind, body) in [
        ("application/json", good.clone()),
        ("application/scim+json", bulk(&many)),
        ("application/scim+json", bulk(&[])),
        ("application/scim+json", spoilt(|it| it["schemas"] = json!([]))),
        ("application/scim+json", spoilt(|it| it["Operations"][0]["method"] = json!("PATCH"))),
        ("application/scim+json", spoilt(|it| it["Operations"][0]["path"] = json!("/Groups"))),
        ("application/scim+json", spoilt(|it| it["Operations"][0]["bulkId"] = Value::Null)),
        ("application/scim+json", spoilt(|it| it["Operations"][0]["data"] = json!("x"))),
    ] {
        let refused = upload_as(&tenant, &path, &app, kind, &body).await;
        assert_eq!(refused.status, 400, "{body}");
        assert!(refused.body["error"]["message"].as_str().unwrap().contains("Invalid Data Format"), "{}", refused.body);
    }
    let fifty = bulk(&many[..50]);
    let most = upload(&tenant, &path, &app, &fifty).await;
    assert_eq!(most.status, 202, "{}", most.body);
    let other = tenant.app_token().await;
    let other = other.body["access_token"].as_str().unwrap();
    assert_eq!(upload(&tenant, &path, other, &good).await.status, 403);
}

#[tokio::test]
async fn uploads_are_limited_by_seconds_and_by_the_day() {
    let dials = DialSettings { uploads_a_day: 45, ..DialSettings::default() };
    let tenant = start_with(Options { dials, ..frozen() }).await;
    let token = tenant.sign_in_with(PersonaKey::GlobalAdministrator, READER).await;
    let app = uploader(&tenant, &token).await;
    let (path, _) = job_of(&tenant, &token, STAFF).await;
    let body = bulk(&[user("1", "Ada", Some("ada@brightwater.example"), true)]);
    for _ in 0..40 {
        assert_eq!(upload(&tenant, &path, &app, &body).await.status, 202);
    }
    let refused = upload(&tenant, &path, &app, &body).await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "5"));
    tenant.inner.clock().advance(Duration::from_secs(30));
    for _ in 0..5 {
        assert_eq!(upload(&tenant, &path, &app, &body).await.status, 202);
    }
    let of_day = upload(&tenant, &path, &app, &body).await;
    assert_eq!(of_day.status, 429);
    assert!(of_day.header("retry-after").parse::<u32>().unwrap() > 80_000);
}

#[tokio::test]
async fn a_job_in_quarantine_takes_uploads_and_processes_them_once_it_runs() {
    let tenant = start().await;
    let token = tenant.sign_in_with(PersonaKey::GlobalAdministrator, READER).await;
    let app = uploader(&tenant, &token).await;
    let (path, job) = job_of(&tenant, &token, CONTRACTORS).await;
    let body = bulk(&[user("C-9", "Cas", Some("cas@brightwater.example"), true)]);
    assert_eq!(upload(&tenant, &path, &app, &body).await.status, 202);
    let mine = of_job(&job, " and sourceIdentity/id eq 'C-9'");
    let start = format!("{path}/start");
    assert_eq!(tenant.send(Method::POST, &start, &token, None).await.status, 204);
    assert_eq!(tenant.get(&path, &token).await.body["status"]["code"], "Quarantine", "nobody would be told");
    tenant.inner.clock().advance(Duration::from_secs(600));
    assert_eq!(states(&tenant.get(&mine, &token).await), []);

    let secrets = format!("{}/secrets", path.split("/jobs/").next().unwrap());
    let settings = json!({ "Enabled": true, "Recipients": "alerts@brightwater.example" }).to_string();
    let told = json!({ "value": [{ "key": "SyncNotificationSettings", "value": settings }] });
    assert_eq!(tenant.send(Method::PUT, &secrets, &token, Some(told)).await.status, 204);
    assert_eq!(tenant.send(Method::POST, &start, &token, None).await.status, 204);
    let now = tenant.get(&path, &token).await;
    assert_eq!((&now.body["status"]["code"], &now.body["status"]["quarantine"]), (&json!("Active"), &Value::Null));
    tenant.inner.clock().advance(Duration::from_secs(20));
    assert_eq!(states(&tenant.get(&mine, &token).await), [("create".to_owned(), "success".to_owned())]);
    assert_eq!(tenant.send(Method::POST, &format!("{path}/pause"), &token, None).await.status, 204);
    assert_eq!(tenant.get(&path, &token).await.body["status"]["code"], "Paused");
}

#[tokio::test]
async fn an_app_with_the_owned_permission_uploads_to_what_it_owns_only() {
    let tenant = start().await;
    let token = tenant.sign_in_with(PersonaKey::GlobalAdministrator, READER).await;
    let courier = tenant.get("/applications?$filter=displayName eq 'Staff courier'", &token).await;
    let app_id = courier.body["value"][0]["appId"].as_str().unwrap();
    let answer = tenant.secret_token(app_id, "Cou8Q~practice-only.courier+secret/1").await;
    let app = answer.body["access_token"].as_str().unwrap();
    let body = bulk(&[user("1", "Ada", Some("ada@brightwater.example"), true)]);
    let (staff, _) = job_of(&tenant, &token, STAFF).await;
    let (contractors, _) = job_of(&tenant, &token, CONTRACTORS).await;
    assert_eq!(upload(&tenant, &staff, app, &body).await.status, 202);
    assert_eq!(upload(&tenant, &contractors, app, &body).await.code(), "Authorization_RequestDenied");
    let owners = tenant.get(&format!("{}/owners", staff.split("/synchronization").next().unwrap()), &token).await;
    assert_eq!(owners.names(), ["Staff courier", "Aaliyah Okonjo"]);
}

#[tokio::test]
async fn the_log_is_filtered_letter_by_letter_sorted_paged_and_limited() {
    let tenant = start().await;
    let token = tenant.sign_in_with(PersonaKey::GlobalAdministrator, READER).await;
    let (_, job) = job_of(&tenant, &token, STAFF).await;
    let get = async |path: &str| {
        tenant.inner.clock().advance(Duration::from_secs(11));
        tenant.get(path, &token).await
    };
    let all = get(&of_job(&job, "")).await;
    assert_eq!(states(&all).len(), 6);
    let all_statuses: std::collections::BTreeSet<String> = states(&all).into_iter().map(|it| it.1).collect();
    assert_eq!(all_statuses.into_iter().collect::<Vec<_>>(), ["failure", "skipped", "success"]);
    let failed = get(&of_job(&job, " and provisioningStatusInfo/status eq 'failure'")).await;
    assert_eq!(
        failed.body["value"][0]["provisioningStatusInfo"]["errorInformation"]["errorCode"],
        "MissingRequiredAttribute"
    );
    assert_eq!(states(&get(&of_job(&job, " and provisioningStatusInfo/status eq 'Failure'")).await), []);
    assert_eq!(
        states(&get("/auditLogs/provisioning?$filter=contains(sourceIdentity/displayName, 'Brandt')").await).len(),
        3
    );
    let last = get(&of_job(&job, " and activityDateTime gt 2026-05-30T12:00:00Z&$orderby=activityDateTime desc")).await;
    assert_eq!(states(&last).first().unwrap().0, "other");
    assert_eq!(states(&last).len(), 3);
    assert_eq!(get("/auditLogs/provisioning?$filter=startswith(jobId,'API')").await.status, 400);
    let mut next = Some("/auditLogs/provisioning?$top=4".to_owned());
    let mut ids = Vec::new();
    while let Some(path) = next {
        let page = get(&path).await;
        ids.extend(page.body["value"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()));
        next = page.body["@odata.nextLink"].as_str().map(str::to_owned);
    }
    assert_eq!(ids.len(), 9);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 9, "no entry stands on two pages");
    tenant.inner.clock().advance(Duration::from_secs(60));
    for _ in 0..5 {
        assert_eq!(tenant.get("/auditLogs/provisioning", &token).await.status, 200);
    }
    let refused = tenant.get("/auditLogs/provisioning", &token).await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "10"));
}
