//! Who has access, over the seeded tenants.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use inbound_access_job::Job;
use inbound_access_job::audit::{Audit, AuditListener, AuditNews, HolderRow};
use inbound_access_job::history::ChangeKind;
use inbound_access_job::principal::PrincipalKind;
use inbound_access_job::problem::Code;
use practice_tenant::{
    DialSettings, Fault, FaultRule, FaultScript, Options, PracticeTenant, RetryAfter, Seed, Throttle,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{A_TOKEN, AUDIT_LOG, Bench, UPLOAD, app_request, set_up};

const PROVISIONING_LOG: &str = "ProvisioningLog.Read.All";
const UPLOAD_OWNED: &str = "SynchronizationData-User.Upload.OwnedBy";
/// What an audit looks for unless told otherwise.
const OF_THE_JOB: [&str; 4] = [UPLOAD, UPLOAD_OWNED, AUDIT_LOG, PROVISIONING_LOG];
const GIVEN: &str = "/v1.0/servicePrincipals/{id}/appRoleAssignedTo";

/// What an audit said while it went on.
#[derive(Default, Clone)]
struct Heard(Arc<Mutex<Vec<AuditNews>>>);

impl Heard {
    fn listener(&self) -> AuditListener {
        let heard = Arc::clone(&self.0);
        Arc::new(move |news| heard.lock().unwrap().push(news))
    }

    fn all(&self) -> Vec<AuditNews> {
        self.0.lock().unwrap().clone()
    }
}

async fn audit(job: &Job, permissions: &[&str]) -> Audit {
    let permissions: Vec<String> = permissions.iter().map(|value| (*value).to_owned()).collect();
    job.audit(&permissions, CancellationToken::new(), Heard::default().listener()).await.expect("it is read to the end")
}

/// Names of who holds what, as the directory itself has it.
fn held(bench: &Bench, values: &[&str]) -> BTreeSet<(String, String)> {
    let snapshot = bench.tenant.snapshot();
    let roles: BTreeMap<&str, &str> = [
        ("db31e92a-b9ea-4d87-bf6a-75a37a9ca35a", UPLOAD),
        ("b0afded3-3588-46d8-8b3d-9842eff778da", AUDIT_LOG),
        ("091937d3-3e38-47a1-8649-b2f99d3035f1", PROVISIONING_LOG),
        ("25c32ff3-849a-494b-b94f-20a8ac4e6774", UPLOAD_OWNED),
    ]
    .into();
    let grants = snapshot["assignments"].as_object().unwrap().values();
    grants
        .filter(|grant| grant["deleted"].is_null())
        .filter_map(|grant| Some((grant, *roles.get(grant["appRoleId"].as_str()?)?)))
        .filter(|(_, value)| values.contains(value))
        .map(|(grant, value)| (grant["principalId"].as_str().unwrap().to_owned(), value.to_owned()))
        .collect()
}

fn pairs(rows: &[HolderRow]) -> BTreeSet<(String, String)> {
    rows.iter().map(|row| (row.principal_id.clone(), row.permission.clone())).collect()
}

#[tokio::test]
async fn everyone_who_holds_a_permission_of_the_job_is_found_and_nobody_else() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let heard = Heard::default();
    let found = job.audit(&[], CancellationToken::new(), heard.listener()).await.unwrap();
    let rows: BTreeSet<(&str, &str)> =
        found.rows.iter().map(|row| (row.name.as_str(), row.permission.as_str())).collect();
    for row in [
        ("Contractor import", PROVISIONING_LOG),
        ("Contractor import", UPLOAD),
        ("HR feed (live)", AUDIT_LOG),
        ("HR feed (live)", UPLOAD),
        ("HR feed (old)", AUDIT_LOG),
        ("HR feed (old)", UPLOAD),
        ("Payroll upload", AUDIT_LOG),
        ("Reporting robot", AUDIT_LOG),
        ("Reporting robot", UPLOAD),
        ("Retired HR interface", AUDIT_LOG),
        ("Retired HR interface", UPLOAD),
        ("func-payroll-sync", AUDIT_LOG),
        ("id-hr-feed", AUDIT_LOG),
        ("id-hr-feed", UPLOAD),
        ("vm-legacy-hr", AUDIT_LOG),
        ("vm-legacy-hr", UPLOAD),
    ] {
        assert!(rows.contains(&row), "{row:?}");
    }
    assert!(!rows.contains(&("Payroll upload", UPLOAD)), "it is requested, not granted");
    assert_eq!(pairs(&found.rows), held(&bench, &OF_THE_JOB));
    assert!(found.rows.iter().all(|row| row.resource == "Microsoft Graph"));
    assert!(found.rows.iter().all(|row| row.principal_type == "ServicePrincipal" && row.granted_at.is_some()));
    let summary = &found.summary;
    let holders: BTreeSet<&String> = found.rows.iter().map(|row| &row.principal_id).collect();
    let begins = format!("{} apps and identities hold one or more of these permissions: 7 {UPLOAD},", holders.len());
    assert!(summary.sentence.starts_with(&begins), "{}", summary.sentence);
    assert!(summary.sentence.contains(&format!("8 {AUDIT_LOG}")), "{}", summary.sentence);
    let counted = (summary.holders as usize, summary.grants as usize, summary.pages);
    assert_eq!(counted, (holders.len(), found.rows.len(), 1));
    assert!(summary.grants_read > summary.grants, "other permissions are read past");
    assert_eq!((summary.tenant_name.as_str(), summary.changes.clone()), ("Brightwater Foods", None));
    assert!(summary.operator.contains('@'));
    let told: Vec<HolderRow> = heard
        .all()
        .into_iter()
        .filter_map(|news| if let AuditNews::Rows { rows } = news { Some(rows) } else { None })
        .flatten()
        .collect();
    assert_eq!(told, found.rows, "the listener has heard of each, in order");
    let reads = bench.tenant.recorder().exchanges();
    assert!(reads.len() <= 2, "one list and at most Graph's own roles: {}", reads.len());
}

#[tokio::test]
async fn only_what_was_asked_for_is_listed_and_a_typing_error_is_no_answer() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let found = audit(&job, &["Directory.ReadWrite.All", "Made.Up"]).await;
    let names: BTreeSet<&str> = found.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Reporting robot", "vm-legacy-hr"].into());
    let offered: Vec<bool> = found.summary.permissions.iter().map(|one| one.offered).collect();
    assert_eq!(offered, [true, false]);
    assert!(found.summary.sentence.ends_with("does not offer Made.Up."), "{}", found.summary.sentence);
    let nothing = job.audit(&["Made.Up".to_owned()], CancellationToken::new(), Heard::default().listener()).await;
    assert_eq!(nothing.unwrap_err().code, Code::InvalidInput);
}

/// A tenant with so many service principals, every tenth with a grant of Graph's.
async fn large(count: u32) -> Bench {
    let options = Options { seed: Seed::Large(count), dials: DialSettings::default(), ..Options::default() };
    Bench::of(PracticeTenant::start(options).await.expect("the tenant starts"))
}

#[tokio::test]
async fn nothing_is_missed_over_pages_empty_pages_and_throttling() {
    let bench = large(11_000).await;
    let job = bench.admin().await;
    bench.tenant.dials().set_empty_pages(true);
    let throttle = Throttle { limit: 2, window: Duration::from_secs(5), retry_after: RetryAfter::Seconds };
    bench.tenant.dials().set_throttle(Some(throttle));
    let heard = Heard::default();
    let found = job.audit(&[], CancellationToken::new(), heard.listener()).await.unwrap();
    let expected = held(&bench, &OF_THE_JOB);
    assert!(expected.len() > 300, "{}", expected.len());
    assert_eq!(pairs(&found.rows), expected);
    assert_eq!(found.rows.len(), expected.len(), "none twice");
    let heard = heard.all();
    assert!(heard.iter().any(|news| matches!(news, AuditNews::Waiting { seconds } if *seconds > 0)));
    assert!(heard.iter().all(|news| !matches!(news, AuditNews::Rows { rows } if rows.len() > 500 || rows.is_empty())));
    let pages = heard.iter().filter(|news| matches!(news, AuditNews::Progress { .. })).count();
    assert_eq!((pages, found.summary.pages as usize), (found.summary.pages as usize, pages));
    assert!(pages >= 3, "full pages and empty ones: {pages}");
    assert!(found.summary.grants_read > found.summary.grants);
}

fn rule(path: &str, nth: u32, fault: Fault) -> FaultScript {
    let rule = FaultRule { method: Some("GET".to_owned()), path: path.to_owned(), nth, times: 1, fault };
    FaultScript { faults: vec![rule] }
}

fn page(rows: &Value, link: Option<String>) -> Fault {
    let body = match link {
        Some(link) => json!({ "value": rows, "@odata.nextLink": link }),
        None => json!({ "value": rows }),
    };
    Fault::Answer { status: 200, body, applied: false }
}

#[tokio::test]
async fn a_page_that_cannot_be_read_is_no_audit() {
    let bench = large(11_000).await;
    let job = bench.admin().await;
    let graph = held(&bench, &[UPLOAD]).len();
    assert!(graph > 0);
    let row = |resource: &str| {
        json!({ "id": "g", "appRoleId": "db31e92a-b9ea-4d87-bf6a-75a37a9ca35a",
                "principalId": "11111111-1111-4111-8111-111111111111", "resourceId": resource })
    };
    let odd = json!({ "id": "g", "appRoleId": 7 });
    let foreign = row("22222222-2222-4222-8222-222222222222");
    let here = format!("{}v1.0/servicePrincipals", bench.cloud.graph);
    for (what, fault) in [
        ("an odd row", page(&json!([odd]), None)),
        ("a row of another API", page(&json!([foreign]), None)),
        ("half a page", Fault::CutBody),
        ("a page of a proxy", Fault::Html),
        ("a link elsewhere", page(&json!([]), Some("https://evil.example/v1.0/x".to_owned()))),
        ("a link to the page before", page(&json!([]), Some(format!("{here}?loop=1")))),
    ] {
        // The second page goes wrong: the first has been read by then.
        let is_cut = fault == Fault::CutBody;
        bench.tenant.dials().set_faults(rule(GIVEN, 2, fault));
        if what == "a link to the page before" {
            bench.tenant.dials().set_faults(looping(&bench));
        }
        let heard = Heard::default();
        let outcome = job.audit(&[], CancellationToken::new(), heard.listener()).await;
        if is_cut {
            // A broken transfer is read again.
            assert_eq!(pairs(&outcome.unwrap().rows), held(&bench, &OF_THE_JOB));
            continue;
        }
        let problem = outcome.expect_err(what);
        assert!(matches!(problem.code, Code::UnreadableAnswer | Code::Unreachable), "{what}: {problem:?}");
        assert!(heard.all().iter().any(|news| matches!(news, AuditNews::Progress { pages: 1, .. })), "{what}");
    }
    bench.no_faults();
    let found = audit(&job, &[]).await;
    assert_eq!(found.summary.changes.map(|changes| changes.lines), Some(Vec::new()), "half an audit was not kept");
}

/// The second page leads to the first.
fn looping(bench: &Bench) -> FaultScript {
    let first = bench
        .tenant
        .recorder()
        .exchanges()
        .into_iter()
        .find(|exchange| exchange.path.ends_with("/appRoleAssignedTo"))
        .expect("there was an audit before");
    rule(GIVEN, 2, page(&json!([]), Some(first.url)))
}

#[tokio::test]
async fn it_can_be_cancelled_in_the_midst_of_a_page() {
    let bench = large(11_000).await;
    let job = bench.admin().await;
    // The second page comes a minute after it was asked for.
    bench.tenant.dials().set_faults(rule(GIVEN, 2, Fault::LateAnswer { milliseconds: 60_000 }));
    let (cancel, heard) = (CancellationToken::new(), Heard::default());
    let listener = heard.listener();
    let audit = tokio::spawn({
        let cancel = cancel.clone();
        async move { job.audit(&[], cancel, listener).await }
    });
    let asked = || {
        let all = bench.tenant.recorder().exchanges();
        all.iter().filter(|exchange| exchange.path.ends_with("/appRoleAssignedTo")).count()
    };
    while asked() < 2 {
        tokio::task::yield_now().await;
    }
    let begun = std::time::Instant::now();
    cancel.cancel();
    let problem = audit.await.unwrap().unwrap_err();
    assert_eq!(problem.code, Code::Cancelled);
    assert!(begun.elapsed() < Duration::from_secs(30), "the page was not waited for");
    let pages = heard.all().iter().filter(|news| matches!(news, AuditNews::Progress { .. })).count();
    assert_eq!(pages, 1);
}

#[tokio::test]
async fn what_changed_since_the_last_audit_is_told_for_the_tenant() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let first = audit(&job, &[]).await;
    assert_eq!(first.summary.changes, None);
    set_up(&job, app_request(&bench, "HR feed")).await;
    let gone = first.rows.iter().find(|row| row.name == "Reporting robot" && row.permission == UPLOAD).unwrap();
    bench.revoke(&gone.grant_id).await;
    // Another question is compared with nothing.
    assert_eq!(audit(&job, &[UPLOAD]).await.summary.changes, None);
    let changes = audit(&job, &[]).await.summary.changes.unwrap();
    let mut lines: Vec<(ChangeKind, &str)> =
        changes.lines.iter().map(|line| (line.kind, line.sentence.as_str())).collect();
    lines.sort_by_key(|line| line.1);
    assert_eq!(
        lines,
        [
            (ChangeKind::Added, "\"HR feed\" holds AuditLog.Read.All now."),
            (ChangeKind::Added, "\"HR feed\" holds SynchronizationData-User.Upload now."),
            (ChangeKind::Removed, "\"Reporting robot\" does not hold SynchronizationData-User.Upload any more."),
        ]
    );
    assert_eq!((changes.since, changes.more), (first.summary.checked_at, 0));
    assert_eq!(changes.operator, first.summary.operator);
    let runs = job.runs().list().unwrap();
    assert_eq!(runs.len(), 1, "what is kept among the runs is none");
    assert!(job.runs().unreadable().unwrap().is_empty());
}

#[tokio::test]
async fn what_changed_since_the_last_verification_is_told_for_a_principal() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, "HR feed")).await;
    let first = job.verify("HR feed", &[], false).await.unwrap();
    assert_eq!(first.changes, None);
    let grant = first.permissions[1].granted.clone().unwrap();
    bench.revoke(&grant.id).await;
    let second = job.verify("HR feed", &[], false).await.unwrap().changes.unwrap();
    let lines: Vec<&str> = second.lines.iter().map(|line| line.sentence.as_str()).collect();
    assert_eq!(lines[0], "AuditLog.Read.All was taken away.");
    assert!(lines[1].starts_with("The verdict was: Ready."), "{lines:?}");
    assert_eq!(second.since, first.checked_at);
    let third = job.verify("HR feed", &[], false).await.unwrap().changes.unwrap();
    assert!(third.lines.is_empty(), "{third:#?}");
    // Another principal has a history of its own.
    assert_eq!(job.verify("HR feed (live)", &[], false).await.unwrap().changes, None);
    // A damaged file fails nothing: it is passed over.
    for entry in std::fs::read_dir(bench.runs_folder().join("history")).unwrap() {
        std::fs::write(entry.unwrap().path(), "{").unwrap();
    }
    assert_eq!(job.verify("HR feed", &[], false).await.unwrap().changes, None);
    assert!(job.verify("HR feed", &[], false).await.unwrap().changes.is_some());
}

#[tokio::test]
async fn what_changed_is_told_of_an_app_of_another_tenant_and_with_a_locked_keychain() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, "HR feed")).await;
    bench.keychain.set(crate::support::keychain::Mood::Locked);
    for name in ["Kelpie HR Cloud", "HR feed"] {
        let first = job.verify(name, &[], false).await.unwrap();
        assert!(!first.unreadable.is_empty() && first.changes.is_none(), "{first:#?}");
        let changes = job.verify(name, &[], false).await.unwrap().changes;
        assert_eq!(changes.map(|changes| changes.lines), Some(Vec::new()), "{name}");
    }
    bench.grant("Kelpie HR Cloud", UPLOAD).await;
    let changes = job.verify("Kelpie HR Cloud", &[], false).await.unwrap().changes.unwrap();
    assert_eq!(changes.lines[0].sentence, format!("{UPLOAD} was granted."));
}

#[tokio::test]
async fn no_secret_is_kept_among_what_was() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, "HR feed")).await;
    job.verify("HR feed", &[], true).await.unwrap();
    audit(&job, &[]).await;
    let secrets = bench.keychain.values();
    assert_eq!(secrets.len(), 1);
    let mut files = 0;
    for entry in std::fs::read_dir(bench.runs_folder().join("history")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains(&secrets[0]) && !text.contains(A_TOKEN), "{}", path.display());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{} is its owner's only", path.display());
        }
        files += 1;
    }
    assert_eq!(files, 2);
}

#[tokio::test]
async fn details_of_many_are_read_in_few_requests() {
    let bench = large(3_000).await;
    let job = bench.admin().await;
    let snapshot = bench.tenant.snapshot();
    let ids: Vec<String> = snapshot["servicePrincipals"].as_object().unwrap().keys().take(200).cloned().collect();
    bench.tenant.recorder().clear();
    let details = job.holder_details(&ids).await.unwrap();
    let asked: Vec<&String> = details.iter().map(|one| &one.principal_id).collect();
    assert_eq!(asked, ids.iter().collect::<Vec<_>>(), "in the order asked for");
    assert!(details.iter().all(|one| one.client_id.is_some() && one.kind.is_some()));
    let exchanges = bench.tenant.recorder().exchanges();
    let of = |path: &str| exchanges.iter().filter(|exchange| exchange.path == path).count();
    assert_eq!(of("/v1.0/servicePrincipals"), 14, "fifteen a request");
    assert!((1..=2).contains(&of("/v1.0/applications")), "{}", of("/v1.0/applications"));
    assert_eq!(exchanges.len(), of("/v1.0/servicePrincipals") + of("/v1.0/applications"));
    let too_many: Vec<String> = ids.iter().chain([&ids[0]]).cloned().collect();
    assert_eq!(job.holder_details(&too_many).await.unwrap_err().code, Code::InvalidInput);
    assert_eq!(job.holder_details(&["HR feed".to_owned()]).await.unwrap_err().code, Code::InvalidInput);
}

#[tokio::test]
async fn details_tell_apps_of_this_tenant_from_others_and_from_identities() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let id = |name: &str| bench.principals(name)[0]["id"].as_str().unwrap().to_owned();
    let nobody = "11111111-1111-4111-8111-111111111111".to_owned();
    let asked = [
        id("HR feed (live)"),
        id("HR feed (old)"),
        id("vm-legacy-hr"),
        id("Kelpie HR Cloud"),
        nobody,
        id("Retired HR interface"),
    ];
    let seen = job.holder_details(&asked).await.unwrap();
    let [live, old, identity, foreign, nobody, retired] = <[_; 6]>::try_from(seen).unwrap();
    assert_eq!(
        (live.kind, live.enabled, live.credentials),
        (Some(PrincipalKind::AppRegistration), Some(true), Some(1))
    );
    assert!((320..=325).contains(&live.days_left.unwrap()), "{live:?}");
    assert_eq!((live.home_tenant, live.last_sign_in), (None, None));
    assert_eq!(old.credentials, Some(2));
    assert!((-31..=-30).contains(&old.days_left.unwrap()), "the later of the two: {old:?}");
    assert_eq!((identity.kind, identity.credentials), (Some(PrincipalKind::SystemAssigned), Some(0)));
    assert_eq!((identity.credential_ends, identity.days_left), (None, None));
    assert_eq!((foreign.credentials, foreign.home_tenant.is_some()), (None, true));
    assert_eq!((nobody.client_id, nobody.kind, nobody.credentials), (None, None, None));
    assert_eq!(retired.enabled, Some(false));
}

#[tokio::test]
async fn credentials_of_the_apps_that_hold_the_jobs_permissions_are_listed_those_that_end_first_on_top() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, "HR feed")).await;
    let list = job.credentials(CancellationToken::new()).await.unwrap();
    let rows: Vec<(&str, &str, Option<bool>)> = list
        .rows
        .iter()
        .map(|row| (row.app_name.as_str(), row.credential.description.as_str(), row.credential.in_keychain))
        .collect();
    assert_eq!(
        rows[..3],
        [
            ("HR feed (old)", "first server", Some(false)),
            ("HR feed (old)", "second server", Some(false)),
            ("Payroll upload", "payroll vendor", Some(false)),
        ]
    );
    assert!(rows.contains(&("Contractor import", "importer", Some(false))), "{rows:?}");
    assert!(!rows.iter().any(|row| row.0 == "Brightwater automation"), "it holds no permission of the job");
    let ours: Vec<_> = rows.iter().filter(|row| row.0 == "HR feed").collect();
    assert_eq!((ours.len(), ours[0].2), (1, Some(true)));
    let days: Vec<i32> = list.rows.iter().map(|row| row.credential.days_left.unwrap()).collect();
    assert!(days.is_sorted(), "{days:?}");
    let expected = format!("{} credentials: 2 have ended, 1 ends within 30 days.", rows.len());
    assert_eq!(list.sentence, expected);
    assert!(list.elsewhere.is_empty());
}

#[tokio::test]
async fn holders_of_another_tenant_are_named_and_a_locked_keychain_leaves_it_open() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    bench.grant("Kelpie HR Cloud", UPLOAD).await;
    bench.keychain.set(crate::support::keychain::Mood::Locked);
    let list = job.credentials(CancellationToken::new()).await.unwrap();
    assert_eq!(list.elsewhere, ["Kelpie HR Cloud"]);
    assert!(list.sentence.ends_with("One more app keeps its own in another tenant."), "{}", list.sentence);
    assert!(list.rows.iter().all(|row| row.credential.in_keychain.is_none()));
    let cancelled = CancellationToken::new();
    cancelled.cancel();
    assert_eq!(job.credentials(cancelled).await.unwrap_err().code, Code::Cancelled);
}
