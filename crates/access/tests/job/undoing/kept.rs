//! What others use or have changed stays, byte for byte (promise P38).

use inbound_access_job::plan::StepKind;
use inbound_access_job::run::{RunState, RunView};
use inbound_access_job::{Job, Plan};
use serde_json::{Value, json};

use super::{long_after, of_existing, properties, removals, undo};
use crate::crashes::NAME;
use crate::support::foreign::{app_of_others, by_hand, grant};
use crate::support::{AUDIT_LOG, Bench, UPLOAD, another, app_request, identity_request, run, set_up, standing};

/// Ids of what a run made.
struct Made {
    run: RunView,
    app: String,
    principal: String,
}

async fn made(bench: &Bench, job: &Job) -> Made {
    let run = set_up(job, app_request(bench, NAME)).await;
    bench.settle();
    let objects: Vec<String> =
        run.made.iter().filter(|made| made.id_name == "object id").map(|made| made.id.clone()).collect();
    let [app, principal] = objects.as_slice() else { panic!("{objects:?}") };
    Made { app: app.clone(), principal: principal.clone(), run }
}

async fn planned(bench: &Bench, job: &Job, made: &Made) -> Plan {
    bench.settle();
    job.plan_undo(&made.run.id).await.unwrap()
}

/// The app stays for this reason, with its service principal; the rest of the run is taken back.
async fn stays(bench: &Bench, job: &Job, made: &Made, reason: &str) {
    let plan = planned(bench, job, made).await;
    let view = plan.view();
    let kept = view.kept.iter().find(|kept| kept.id == made.app).unwrap_or_else(|| panic!("{reason}: {view:#?}"));
    assert!(kept.reason.contains(reason), "{reason}: {}", kept.reason);
    assert!(view.kept.iter().any(|kept| kept.id == made.principal), "{reason}: {view:#?}");
    assert!(!removals(view).contains(&StepKind::DeleteApp), "{reason}: {view:#?}");
    assert!(view.warnings.iter().any(|warning| warning.message.contains("Somebody else")), "{view:#?}");
    let undone = run(job, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    assert!(undone.summary.contains(reason), "{}", undone.summary);
    assert!(bench.tenant.snapshot()["applications"][&made.app]["deleted"].is_null(), "{reason}");
    assert!(bench.keychain.accounts().is_empty(), "{reason}");
}

#[tokio::test]
async fn p38_an_app_that_somebody_else_uses_or_has_changed_stays_with_the_reason() {
    let certificate = json!({ "keyCredentials": [{
        "type": "AsymmetricX509Cert", "usage": "Verify", "displayName": "CN=theirs", "key": CERTIFICATE,
    }]});
    let federated = json!({
        "name": "deployer", "issuer": "https://token.actions.githubusercontent.com",
        "subject": "repo:contoso/feed:ref:refs/heads/main", "audiences": ["api://AzureADTokenExchange"],
    });
    let scope = json!({ "api": { "oauth2PermissionScopes": [{
        "id": "5bd9ce40-1d5e-4f4f-8c31-6ab1e2a5a2f1", "value": "Feed.Read", "type": "User", "isEnabled": true,
        "adminConsentDisplayName": "Read", "adminConsentDescription": "Read",
    }]}});
    let more = json!({ "requiredResourceAccess": [{
        "resourceAppId": "00000003-0000-0000-c000-000000000000",
        "resourceAccess": [{ "id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope" }],
    }]});
    let patches = [
        (certificate, "a certificate"),
        (json!({ "displayName": "HR feed, new" }), "renamed to \"HR feed, new\""),
        (json!({ "web": { "redirectUris": ["https://hr.example/"] } }), "redirect addresses"),
        (json!({ "publicClient": { "redirectUris": ["http://localhost"] } }), "redirect addresses"),
        (json!({ "identifierUris": ["api://hr-feed"] }), "offer permissions to other apps"),
        (scope, "offer permissions to other apps"),
        (json!({ "signInAudience": "AzureADMultipleOrgs" }), "other organizations"),
        (more, "requests permissions that this run did not ask for"),
    ];
    for (patch, reason) in patches {
        let bench = Bench::start().await;
        let job = bench.admin().await;
        let made = made(&bench, &job).await;
        by_hand(&bench, "PATCH", &format!("/applications/{}", made.app), Some(patch)).await;
        let theirs = without_secrets(properties(&bench, "applications", &made.app));
        stays(&bench, &job, &made, reason).await;
        assert_eq!(without_secrets(properties(&bench, "applications", &made.app)), theirs, "{reason}");
    }
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let fresh = made(&bench, &job).await;
    let path = format!("/applications/{}/federatedIdentityCredentials", fresh.app);
    by_hand(&bench, "POST", &path, Some(federated)).await;
    stays(&bench, &job, &fresh, "federated credential \"deployer\"").await;
}

fn without_secrets(mut properties: Value) -> Value {
    properties["passwordCredentials"] = Value::Null;
    properties
}

#[tokio::test]
async fn p38_a_secret_an_owner_and_a_grant_of_somebody_else_keep_the_app_and_stay_as_they_are() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let made_now = made(&bench, &job).await;
    let secret = json!({ "passwordCredential": { "displayName": "theirs" } });
    let theirs = by_hand(&bench, "POST", &format!("/applications/{}/addPassword", made_now.app), Some(secret)).await;
    stays(&bench, &job, &made_now, "a client secret that this run did not make").await;
    let left = properties(&bench, "applications", &made_now.app)["passwordCredentials"].clone();
    assert_eq!(left.as_array().map(Vec::len), Some(1), "{left}");
    assert_eq!(left[0]["keyId"], theirs["keyId"]);

    let bench = Bench::start().await;
    let job = bench.admin().await;
    let made_now = made(&bench, &job).await;
    let users = bench.tenant.snapshot()["users"].clone();
    let plain = users.as_array().unwrap().iter().find(|user| user["persona"] == "user").unwrap();
    let link = format!("https://graph.microsoft.com/v1.0/directoryObjects/{}", plain["id"].as_str().unwrap());
    let body = Some(json!({ "@odata.id": link }));
    by_hand(&bench, "POST", &format!("/applications/{}/owners/$ref", made_now.app), body).await;
    let name = plain["userPrincipalName"].as_str().unwrap();
    stays(&bench, &job, &made_now, &format!("owned by {name}")).await;

    let bench = Bench::start().await;
    let job = bench.admin().await;
    let made_now = made(&bench, &job).await;
    let foreign = grant(&bench, &made_now.principal, "Mail.Send").await;
    let before = bench.tenant.snapshot()["assignments"][&foreign].clone();
    stays(&bench, &job, &made_now, "a permission that this run did not grant").await;
    assert_eq!(bench.tenant.snapshot()["assignments"][&foreign], before);
}

#[tokio::test]
async fn p38_twins_of_the_same_name_with_their_secrets_and_grants_are_not_touched() {
    let bench = Bench::start().await;
    // One of another hand, one of this hand.
    app_of_others(&bench, NAME, true).await;
    let job = bench.admin().await;
    set_up(&job, another(app_request(&bench, NAME))).await;
    bench.settle();
    let (before, accounts) = (standing(&bench), bench.keychain.accounts());
    let done = set_up(&job, another(app_request(&bench, NAME))).await;
    bench.settle();
    undo(&job, &done.id).await;
    assert_eq!(standing(&bench), before);
    assert_eq!(bench.keychain.accounts(), accounts);
}

#[tokio::test]
async fn p38_a_grant_that_somebody_made_anew_stays_with_what_it_was_made_for() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let found = job.search_identities("CSV2SCIM").await.unwrap();
    let identity = found.rows[0].object_id.clone().unwrap();
    let done = set_up(&job, identity_request(&identity)).await;
    bench.settle();
    let ours = done.made.iter().find(|made| made.what.contains(AUDIT_LOG)).unwrap().id.clone();
    bench.revoke(&ours).await;
    let theirs = grant(&bench, &identity, AUDIT_LOG).await;
    assert_ne!(ours, theirs);
    long_after(&bench);
    let plan = job.plan_undo(&done.id).await.unwrap();
    let terms: Vec<_> = plan.view().steps.iter().map(|step| (step.term.clone().unwrap(), step.effect)).collect();
    use inbound_access_job::plan::StepEffect::{AlreadySo, WillRemove};
    assert_eq!(terms, [(UPLOAD.to_owned(), WillRemove), (AUDIT_LOG.to_owned(), AlreadySo)]);
    assert_eq!(plan.view().kept.len(), 1);
    assert_eq!(plan.view().kept[0].id, theirs);
    assert!(plan.view().kept[0].reason.contains("granted it again"), "{:?}", plan.view().kept);
    let undone = run(&job, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    let left = bench.tenant.snapshot()["assignments"].clone();
    assert!(left.get(&theirs).is_some());
    assert!(undone.made.iter().all(|made| made.removed.is_some()), "{:#?}", undone.made);
}

#[tokio::test]
async fn p38_what_is_requested_stays_where_somebody_else_has_granted_it() {
    let bench = Bench::start().await;
    let (app, client, principal) = app_of_others(&bench, "Benefits", true).await;
    let job = bench.admin().await;
    let done = set_up(&job, of_existing(app_request(&bench, "Benefits"), &client)).await;
    let ours = done.made.iter().find(|made| made.what.contains(AUDIT_LOG)).unwrap().id.clone();
    bench.revoke(&ours).await;
    grant(&bench, &principal.unwrap(), AUDIT_LOG).await;
    long_after(&bench);
    let plan = job.plan_undo(&done.id).await.unwrap();
    let withdraws = plan.view().steps.iter().find(|step| step.kind == StepKind::WithdrawPermissions).unwrap();
    assert_eq!(withdraws.term.as_deref(), Some(UPLOAD));
    assert!(plan.view().kept.iter().any(|kept| kept.id == app), "{:#?}", plan.view().kept);
    assert_eq!(run(&job, plan).await.state, RunState::Undone);
}

/// A self-signed certificate, DER in base64; it is only stored.
const CERTIFICATE: &str = "\
    MIIDBTCCAe2gAwIBAgIUKoKF/sUXRhZ3ndgYmGOucqg3pWAwDQYJKoZIhvcNAQELBQAwETEPMA0GA1UEAwwGdGhlaXJzMCAXDTI2\
    MTEyNTA4MzQwMFoYDzIxMjYxMTAxMDgzNDAwWjARMQ8wDQYDVQQDDAZ0aGVpcnMwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEK\
    AoIBAQCvGqKoYLlNneS7Ar7uwo6zMnGVV5lE9xj5RcTwO5DsqCp0hQV9W0aC5l+J2ArIkATDAUiSr5IF454zkvjE/hwtpx3jFIlP\
    N0d4IVePffkE4cTyp1tiAoIxTvn2+gUngdIOMG/Kx+becA5ApItilmfyKePNC4TclaQWnu+2MCJ8eBsV2AAvneoRBEzmhop4vlwT\
    ZH2oPXyZsXC0FllBUEfJ/oroixxrt5/mfb09wdNbkgf25FTTk8ns1HjveS+TqzZgn3pX1cGH1yTTYcQrn393YZFT9E5cBfKppKq0\
    2w9v2Nh1e+9cLgAUo3rt1OBLTw8BPcgdtA4sSyBAjtiPxERpAgMBAAGjUzBRMB0GA1UdDgQWBBTb10FOEtNTRspe2YVl77opifbq\
    3TAfBgNVHSMEGDAWgBTb10FOEtNTRspe2YVl77opifbq3TAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQBL9oU4\
    /FLGH3jPqd4BmQT5Moo1yKU+W4dqxARFfZAVect4kn6vODI3Y5LUuaaFjTxsmBnpW8c9keIhKrgYzUWVEHt5YzqdA4g/vAzMyH8a\
    7B+cjckbaQfvw68d5aKBtBIfU8OK6Ggf51y1RS7UQpLBU5FDEUmrtlKoUNyY6CkWVaiO9c/7k+pxZGCAMLIIlZdLrgeB5x6bCz9b\
    FIuZoO1LeQmOcjXOLL3+Zo5OZL4IoHr0xhFNKEI6YT2XvzVsmo4MQWeBjOGNKf74J4SYztDEmsEYVfUkt0uGH/Aw7IhDapQkLMhS\
    H8BrlaYuR80i1YiGUe52LrKaPmUP7uWbEz49";
