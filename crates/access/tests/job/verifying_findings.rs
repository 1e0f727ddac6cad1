//! What a verification finds to do, and with which fix, over the seeded principals of the practice tenant.

use std::time::Duration;

use inbound_access_job::fix::{Fix, GrantRef};
use inbound_access_job::job::Job;
use inbound_access_job::verification::{
    Finding, FindingWeight, PermissionState, TokenCheck, VerdictKind, Verification,
};
use practice_tenant::PersonaKey;
use serde_json::json;

use crate::support::foreign::{by_hand, grant};
use crate::support::{AUDIT_LOG, Bench, UPLOAD, app_request, identity_request, set_up};

async fn verify(bench: &Bench, who: &str) -> Verification {
    bench.job(PersonaKey::User).await.verify(who, &[], true).await.unwrap()
}

/// The one finding whose button says this.
fn labelled<'a>(seen: &'a Verification, label: &str) -> &'a Finding {
    let mut found = seen.findings.iter().filter(|one| one.fix_label.as_deref() == Some(label));
    let one = found.next().unwrap_or_else(|| panic!("nothing is called {label}: {:#?}", seen.findings));
    assert!(found.next().is_none(), "{label} stands twice: {:#?}", seen.findings);
    one
}

/// The one finding that says this.
fn saying<'a>(seen: &'a Verification, words: &str) -> &'a Finding {
    let mut found = seen.findings.iter().filter(|one| one.sentence.contains(words));
    let one = found.next().unwrap_or_else(|| panic!("nothing says {words}: {:#?}", seen.findings));
    assert!(found.next().is_none(), "{words} is said twice: {:#?}", seen.findings);
    one
}

fn object_id(seen: &Verification) -> String {
    seen.principal.object_id.clone().unwrap()
}

#[tokio::test]
async fn what_is_missing_is_granted_by_value() {
    let bench = Bench::start().await;
    let seen = verify(&bench, "Payroll upload").await;
    let first = &seen.findings[0];
    assert_eq!(first.weight, FindingWeight::Blocks);
    assert_eq!(first.sentence, "It cannot upload users: SynchronizationData-User.Upload is not granted.");
    assert_eq!(first.fix_label.as_deref(), Some("Grant 1 permission"));
    assert_eq!(first.fix, Some(Fix::Grant { principal: object_id(&seen), permissions: vec![UPLOAD.to_owned()] }));

    let seen = verify(&bench, "id-reporting").await;
    let both = labelled(&seen, "Grant 2 permissions");
    let permissions = vec![UPLOAD.to_owned(), AUDIT_LOG.to_owned()];
    assert_eq!(both.fix, Some(Fix::Grant { principal: object_id(&seen), permissions }));
}

#[tokio::test]
async fn what_is_not_offered_has_no_fix_and_does_not_hinder_that_of_the_rest() {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::User).await;
    let wanted = [UPLOAD.to_owned(), "Made.Up".to_owned()];
    let seen = job.verify("id-reporting", &wanted, false).await.unwrap();
    let grant = labelled(&seen, "Grant 1 permission");
    assert_eq!(grant.fix, Some(Fix::Grant { principal: object_id(&seen), permissions: vec![UPLOAD.to_owned()] }));
    let made_up = saying(&seen, "Made.Up is not granted");
    assert_eq!((made_up.weight, &made_up.fix), (FindingWeight::Blocks, &None));
    assert!(made_up.advice.as_ref().unwrap().contains("not offered in this tenant"));
}

#[tokio::test]
async fn an_app_without_a_principal_gets_one_first() {
    let bench = Bench::start().await;
    let seen = verify(&bench, "Badge printer").await;
    let first = &seen.findings[0];
    assert_eq!((first.weight, first.fix_label.as_deref()), (FindingWeight::Blocks, Some("Make its service principal")));
    assert_eq!(first.fix, Some(Fix::MakePrincipal { client_id: seen.principal.client_id.clone() }));
    let missing = saying(&seen, "are not granted");
    assert_eq!((missing.weight, &missing.fix), (FindingWeight::Blocks, &None));
}

#[tokio::test]
async fn a_blocked_app_is_enabled_and_a_blocked_identity_is_advised() {
    let bench = Bench::start().await;
    let seen = verify(&bench, "Retired HR interface").await;
    let blocked = labelled(&seen, "Enable sign-in");
    assert_eq!(blocked.weight, FindingWeight::Blocks);
    assert_eq!(blocked.fix, Some(Fix::EnableSignIn { principal: object_id(&seen) }));

    let zebra = verify(&bench, "zebra-label-printing").await;
    let blocked = saying(&zebra, "sign-in is blocked");
    assert_eq!((blocked.weight, &blocked.fix, &blocked.fix_label), (FindingWeight::Blocks, &None, &None));
    assert!(blocked.advice.as_ref().unwrap().contains("managed identity cannot be changed"));
}

#[tokio::test]
async fn ended_secrets_are_followed_by_a_new_one_and_removed_one_by_one() {
    let bench = Bench::start().await;
    let seen = verify(&bench, "HR feed (old)").await;
    let client_id = seen.principal.client_id.clone();
    let today = bench.tenant.clock().now().to_string();
    let Some(Fix::RotateSecret { client_id: of, replaces: None, expires, remove_old: false }) =
        &labelled(&seen, "Make a new secret").fix
    else {
        panic!("{:#?}", seen.findings)
    };
    assert_eq!(*of, client_id);
    assert_eq!(*expires, six_months_after(&today));
    assert_eq!(seen.findings[0].fix_label.as_deref(), Some("Make a new secret"));
    let removed: Vec<&Fix> = seen
        .findings
        .iter()
        .filter(|one| one.fix_label.as_deref() == Some("Remove the ended secret"))
        .inspect(|one| assert_eq!(one.weight, FindingWeight::Notes))
        .filter_map(|one| one.fix.as_ref())
        .collect();
    let remove = |key_id: &String| Fix::RemoveSecret { client_id: client_id.clone(), key_id: key_id.clone() };
    let wanted: Vec<Fix> = seen.credentials.iter().map(|row| remove(&row.key_id)).collect();
    assert_eq!(removed, wanted.iter().collect::<Vec<_>>());
    assert_eq!(removed.len(), 2);
}

/// `YYYY-MM-DD`, the last day of a shorter month where the day is not there.
fn six_months_after(moment: &str) -> String {
    let day: jiff::civil::Date = moment[..10].parse().unwrap();
    day.saturating_add(jiff::Span::new().months(6)).to_string()
}

#[tokio::test]
async fn no_credential_at_all_warns_unless_an_identity_elsewhere_is_trusted() {
    let bench = Bench::start().await;
    let seen = verify(&bench, "Reporting robot").await;
    let bare = labelled(&seen, "Make a new secret");
    assert_eq!(bare.weight, FindingWeight::Warns);
    assert_eq!(seen.verdict.kind, VerdictKind::ReadyBut);

    let app = seen.principal.application_object_id.clone().unwrap();
    let trusted = json!({ "name": "pipeline", "issuer": "https://token.example", "subject": "repo:feeds",
                          "audiences": ["api://AzureADTokenExchange"] });
    by_hand(&bench, "POST", &format!("/applications/{app}/federatedIdentityCredentials"), Some(trusted)).await;
    let seen = verify(&bench, "Reporting robot").await;
    assert_eq!(seen.federated.len(), 1);
    assert_eq!(seen.federated[0].issuer.as_deref(), Some("https://token.example"));
    assert_eq!(seen.federated[0].subject.as_deref(), Some("repo:feeds"));
    assert!(seen.findings.iter().all(|one| one.fix_label.as_deref() != Some("Make a new secret")));
    assert!(seen.verdict.sentence.contains("more than it needs"), "{}", seen.verdict.sentence);
}

#[tokio::test]
async fn ended_secrets_do_not_matter_where_an_identity_elsewhere_is_trusted() {
    let bench = Bench::start().await;
    let app = verify(&bench, "HR feed (old)").await.principal.application_object_id.unwrap();
    let trusted = json!({ "name": "pipeline", "issuer": "https://token.example", "subject": "repo:feeds",
                          "audiences": ["api://AzureADTokenExchange"] });
    by_hand(&bench, "POST", &format!("/applications/{app}/federatedIdentityCredentials"), Some(trusted)).await;
    let seen = verify(&bench, "HR feed (old)").await;
    assert_eq!(seen.verdict.kind, VerdictKind::Ready, "{seen:#?}");
    assert!(seen.verdict.sentence.contains("federated credential"), "{}", seen.verdict.sentence);
}

#[tokio::test]
async fn a_secret_that_ends_soon_is_renewed_beside_the_old_one() {
    let bench = Bench::start().await;
    let live = verify(&bench, "HR feed (live)").await;
    let end: jiff::Timestamp = live.credentials[0].expires.as_ref().unwrap().parse().unwrap();
    let left = end.as_second() - bench.tenant.clock().now().as_second();
    // Ten days and a half before it ends.
    bench.tenant.clock().advance(Duration::from_secs(u64::try_from(left).unwrap() - 21 * 43_200));
    let seen = verify(&bench, "HR feed (live)").await;
    assert_eq!(seen.verdict.kind, VerdictKind::ReadyBut, "{seen:#?}");
    let soon = labelled(&seen, "Renew its secret");
    assert_eq!(soon.weight, FindingWeight::Warns);
    assert_eq!(soon.sentence, "Its secret ends in 10 days.");
    let expires = six_months_after(&bench.tenant.clock().now().to_string());
    assert_eq!(
        soon.fix,
        Some(Fix::RotateSecret {
            client_id: seen.principal.client_id.clone(),
            replaces: Some(seen.credentials[0].key_id.clone()),
            expires,
            remove_old: false,
        })
    );
}

#[tokio::test]
async fn surplus_is_removed_by_grant_the_risky_apart_from_the_rest() {
    let bench = Bench::start().await;
    let seen = verify(&bench, "vm-legacy-hr").await;
    let fix_of = |weight: FindingWeight| {
        let found = seen
            .findings
            .iter()
            .find(|one| one.weight == weight && one.fix_label.as_deref() == Some("Remove 1 permission"));
        found.unwrap_or_else(|| panic!("{:#?}", seen.findings)).fix.clone().unwrap()
    };
    let revoke = |value: &str| {
        let row = seen.surplus.iter().find(|row| row.value == value).unwrap();
        Fix::Revoke { grants: vec![GrantRef { id: row.grant.id.clone(), principal: object_id(&seen) }] }
    };
    assert_eq!(fix_of(FindingWeight::Warns), revoke("Directory.ReadWrite.All"));
    assert_eq!(fix_of(FindingWeight::Notes), revoke("Mail.Send"));
}

#[tokio::test]
async fn nobody_owning_and_assignment_are_noted_and_an_owner_is_named() {
    let bench = Bench::start().await;
    let seen = verify(&bench, "HR feed (live)").await;
    assert_eq!(seen.assignment_required, Some(false));
    assert_eq!(saying(&seen, "Nobody owns").weight, FindingWeight::Notes);
    assert_eq!(seen.verdict.kind, VerdictKind::Ready, "what is good to know does not change the verdict");

    let app = seen.principal.application_object_id.clone().unwrap();
    let person = bench.tenant.snapshot()["users"][0]["id"].as_str().unwrap().to_owned();
    let link = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{person}") });
    by_hand(&bench, "POST", &format!("/applications/{app}/owners/$ref"), Some(link)).await;
    let principal = object_id(&seen);
    let required = json!({ "appRoleAssignmentRequired": true });
    by_hand(&bench, "PATCH", &format!("/servicePrincipals/{principal}"), Some(required)).await;
    let seen = verify(&bench, "HR feed (live)").await;
    assert_eq!(seen.owners.len(), 1);
    assert_eq!(seen.owners[0].id, person);
    assert!(seen.owners[0].sign_in_name.as_ref().unwrap().contains('@'));
    assert!(seen.findings.iter().all(|one| !one.sentence.contains("Nobody owns")));
    assert_eq!(seen.assignment_required, Some(true));
    let noted = saying(&seen, "must be assigned");
    assert_eq!((noted.weight, &noted.fix), (FindingWeight::Notes, &None));
    assert_eq!(seen.verdict.kind, VerdictKind::Ready);
}

#[tokio::test]
async fn a_young_identity_is_noted_and_never_blocked() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let row = job.search_identities("logic-scheduler").await.unwrap().rows[0].clone();
    let object_id = row.object_id.unwrap();
    set_up(&job, identity_request(&object_id)).await;
    let seen = job.verify(&object_id, &[], false).await.unwrap();
    let young = saying(&seen, "Nothing is wrong.");
    assert_eq!((young.weight, &young.fix), (FindingWeight::Notes, &None));
    assert!(young.sentence.contains("Azure may hand it old tokens until"), "{}", young.sentence);
    assert_eq!(seen.findings.len(), 1, "{:#?}", seen.findings);
}

async fn with_token_answer(bench: &Bench, job: &Job, status: u16, body: serde_json::Value) -> Verification {
    bench.token_answers(status, body);
    job.verify("HR feed", &[], true).await.unwrap()
}

#[tokio::test]
async fn a_refused_secret_is_renewed_and_a_refusal_of_another_kind_is_not() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, "HR feed")).await;
    bench.tenant.clock().advance(Duration::from_secs(11 * 60));
    let refusal = |code: u32| json!({ "error": "invalid_client", "error_description": format!("AADSTS{code}: No."), "error_codes": [code] });
    let seen = with_token_answer(&bench, &job, 401, refusal(7_000_215)).await;
    assert_eq!(seen.verdict.kind, VerdictKind::NotReady);
    let Some(Fix::RotateSecret { replaces, remove_old: false, .. }) = &labelled(&seen, "Renew its secret").fix else {
        panic!("{:#?}", seen.findings)
    };
    assert_eq!(replaces.as_ref(), Some(&seen.credentials[0].key_id));

    let seen = with_token_answer(&bench, &job, 400, refusal(53_003)).await;
    let blocking: Vec<&Finding> = seen.findings.iter().filter(|one| one.weight == FindingWeight::Blocks).collect();
    assert_eq!(blocking.len(), 1, "{:#?}", seen.findings);
    assert!(blocking[0].sentence.contains("AADSTS53003") && blocking[0].fix.is_none(), "{blocking:#?}");
}

#[tokio::test]
async fn a_token_that_lacks_what_is_granted_is_told_with_the_value() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, "HR feed")).await;
    bench.tenant.clock().advance(Duration::from_secs(11 * 60));
    // {"roles":["AuditLog.Read.All"]}
    let token = "e30.eyJyb2xlcyI6WyJBdWRpdExvZy5SZWFkLkFsbCJdfQ.c2ln";
    let body = json!({ "token_type": "Bearer", "expires_in": 3599, "access_token": token });
    let seen = with_token_answer(&bench, &job, 200, body).await;
    assert!(matches!(seen.token, TokenCheck::Issued { .. }));
    let lacks = &seen.findings[0];
    assert_eq!((lacks.weight, &lacks.fix), (FindingWeight::Blocks, &None));
    assert!(lacks.sentence.contains(UPLOAD) && !lacks.sentence.contains(AUDIT_LOG), "{}", lacks.sentence);
}

#[tokio::test]
async fn what_is_granted_but_not_requested_stays_ready_and_says_how_it_may_go() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, "HR feed")).await;
    let seen = job.verify("HR feed", &[], true).await.unwrap();
    let app = seen.principal.application_object_id.clone().unwrap();
    by_hand(&bench, "PATCH", &format!("/applications/{app}"), Some(json!({ "requiredResourceAccess": [] }))).await;
    let seen = job.verify("HR feed", &[], true).await.unwrap();
    assert_eq!(seen.verdict.kind, VerdictKind::Ready, "{seen:#?}");
    for row in &seen.permissions {
        assert_eq!((row.state, row.requested), (PermissionState::GrantedNotRequested, Some(false)));
        assert!(row.note.as_ref().unwrap().contains("a later admin consent may take it away"));
    }
}

#[tokio::test]
async fn only_the_delegated_permission_is_the_wrong_one() {
    let bench = Bench::start().await;
    let principal = object_id(&verify(&bench, "Seasonal workers sync").await);
    grant(&bench, &principal, AUDIT_LOG).await;
    let seen = verify(&bench, "Seasonal workers sync").await;
    let row = &seen.permissions[0];
    assert_eq!((row.state, row.requested), (PermissionState::Wrong, Some(false)), "{seen:#?}");
    assert!(row.note.as_ref().unwrap().contains("Only the delegated"), "{row:#?}");
    assert_eq!(seen.verdict.kind, VerdictKind::NotReady);
    assert!(seen.verdict.advice.as_ref().unwrap().contains("Only the delegated"));
    let fix = labelled(&seen, "Grant 1 permission");
    assert_eq!(fix.fix, Some(Fix::Grant { principal, permissions: vec![UPLOAD.to_owned()] }));
}

const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

#[tokio::test]
async fn a_role_of_the_same_name_on_a_namesake_is_the_wrong_one() {
    let bench = Bench::start().await;
    let seen = verify(&bench, "Depot sync").await;
    assert_eq!(seen.verdict.kind, VerdictKind::NotReady);
    assert_eq!(seen.permissions[0].state, PermissionState::Wrong, "{seen:#?}");
    assert_eq!(seen.permissions[1].state, PermissionState::Missing);
    let namesakes = bench.principals("Microsoft Graph");
    let mut client_ids = namesakes.iter().map(|one| one["app_id"].as_str().unwrap());
    let impostor = client_ids.find(|id| *id != GRAPH).unwrap();
    let note = seen.permissions[0].note.as_ref().unwrap();
    assert!(note.contains("not Microsoft Graph") && note.contains(impostor), "{note}");
    assert!(seen.surplus.is_empty(), "what is held elsewhere is no surplus of Microsoft Graph");
    labelled(&seen, "Grant 2 permissions");
}

/// A certificate whose key nobody has, DER in base64; it ends in a hundred years.
const CERTIFICATE: &str = include_str!("../support/robot.cer.base64");

#[tokio::test]
async fn a_certificate_is_seen_by_name_as_by_id() {
    let bench = Bench::start().await;
    let seen = verify(&bench, "Reporting robot").await;
    let app = seen.principal.application_object_id.clone().unwrap();
    let key = json!({ "keyCredentials": [{
        "type": "AsymmetricX509Cert", "usage": "Verify", "key": CERTIFICATE, "displayName": "CN=robot",
    }] });
    by_hand(&bench, "PATCH", &format!("/applications/{app}"), Some(key)).await;
    for who in ["Reporting robot", seen.principal.client_id.as_str()] {
        let seen = verify(&bench, who).await;
        assert_eq!(seen.credentials.len(), 1, "{who}: {seen:#?}");
        assert!(seen.findings.iter().all(|one| one.fix_label.as_deref() != Some("Make a new secret")), "{who}");
    }
}
