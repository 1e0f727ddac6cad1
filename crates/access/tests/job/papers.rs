//! What goes out of the program: evidence for an auditor, texts for an API developer, scripts for an administrator. The texts
//! really run against the practice tenant.

use std::path::PathBuf;
use std::process::{Command, Output};

use inbound_access_job::Job;
use inbound_access_job::audit::{Audit, AuditSummary, AuditedPermission, HolderRow};
use inbound_access_job::evidence::{EvidenceFile, EvidenceFormat};
use inbound_access_job::handover::Snippet;
use inbound_access_job::problem::Code;
use inbound_access_job::run::{RunState, RunView};
use practice_tenant::PersonaKey;
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::support::{A_TOKEN, AUDIT_LOG, Bench, UPLOAD, app_request, identity_request, run, set_up};

const NAME: &str = "HR feed";
const FORMATS: [EvidenceFormat; 3] = [EvidenceFormat::Json, EvidenceFormat::Csv, EvidenceFormat::Html];

fn schema() -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/evidence.schema.json");
    serde_json::from_slice(&std::fs::read(path).expect("the published schema")).expect("JSON")
}

/// Whether evidence is as the published schema says; what is wrong with it otherwise.
fn faults(evidence: &Value) -> Vec<String> {
    let validator =
        jsonschema::draft202012::options().should_validate_formats(true).build(&schema()).expect("a schema");
    validator.iter_errors(evidence).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn json(file: &EvidenceFile) -> Value {
    serde_json::from_slice(&file.content).expect("JSON")
}

fn text(file: &EvidenceFile) -> String {
    String::from_utf8(file.content.clone()).expect("UTF-8")
}

/// An audit with so many rows.
fn audit(rows: u32) -> Audit {
    let row = |at: u32| HolderRow {
        grant_id: format!("grant-{at}"),
        principal_id: format!("00000000-0000-0000-0000-{at:012}"),
        name: if at == 0 { "=HYPERLINK(\"https://x\")<script>".to_owned() } else { format!("Feed {at}") },
        principal_type: "ServicePrincipal".to_owned(),
        permission: UPLOAD.to_owned(),
        resource: "Microsoft Graph".to_owned(),
        granted_at: Some("2026-11-12T10:40:00Z".to_owned()),
    };
    Audit {
        summary: AuditSummary {
            id: "audit".to_owned(),
            tenant_name: "Brightwater".to_owned(),
            tenant_id: "t-1".to_owned(),
            checked_at: "2026-11-12T10:42:00Z".to_owned(),
            operator: "ada@brightwater.example".to_owned(),
            sentence: format!("{rows} hold it."),
            permissions: vec![AuditedPermission {
                value: UPLOAD.to_owned(),
                title: "Upload users".to_owned(),
                risk: None,
                explanation: "It can create users.".to_owned(),
                offered: true,
            }],
            holders: rows,
            grants: rows,
            grants_read: rows,
            pages: 1,
            changes: None,
        },
        rows: (0..rows).map(row).collect(),
    }
}

#[tokio::test]
async fn evidence_is_as_the_published_schema_says() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let done = set_up(&job, app_request(&bench, NAME)).await;
    let found = job.verify(NAME, &[], true).await.unwrap();
    // Far from any real time, so that it can only be the clock's.
    bench.tenant.clock().advance(std::time::Duration::from_secs(90 * 86_400));
    let before = bench.clock.0.now();
    let verification = job.evidence_of_verification(&found, EvidenceFormat::Json).unwrap();
    assert!(verification.name.starts_with("inbound-access-verification-hr-feed-20"), "{}", verification.name);
    let of_run = job.evidence_of_run(&done.id, EvidenceFormat::Json).unwrap();
    let of_audit = job.evidence_of_audit(&audit(2), EvidenceFormat::Json).unwrap();
    for (file, kind) in [(&verification, "verification"), (&of_run, "run"), (&of_audit, "audit")] {
        let evidence = json(file);
        assert_eq!(faults(&evidence), Vec::<String>::new(), "{kind}");
        assert_eq!(evidence["kind"], kind);
        assert_eq!(evidence["app"]["version"], env!("CARGO_PKG_VERSION"));
        let exported: jiff::Timestamp = evidence["exportedAt"].as_str().unwrap().parse().unwrap();
        assert!(before <= exported && exported <= bench.clock.0.now(), "by the clock: {exported}");
        assert_eq!(evidence["cloud"], if kind == "run" { done.cloud.clone() } else { bench.cloud.name.clone() });
        // The schema is not so lax that anything passes.
        for missing in ["operator", "takenAt", "tenant", "requests", kind] {
            let mut less = evidence.clone();
            less.as_object_mut().unwrap().remove(missing);
            assert_ne!(faults(&less), Vec::<String>::new(), "{kind} without {missing}");
        }
    }
    assert_eq!(json(&verification)["takenAt"], found.checked_at);
    assert_eq!(json(&verification)["tenant"]["id"], bench.tenant.tenant_id().to_string());
    let mut wrong = json(&verification);
    wrong["verification"]["verdict"]["kind"] = "splendid".into();
    assert_ne!(faults(&wrong), Vec::<String>::new());
    // Every change of the run can be found in Microsoft's own records.
    let requests = json(&of_run)["requests"].as_array().unwrap().clone();
    assert_eq!(requests.len(), 5, "{requests:#?}");
    assert!(requests.iter().all(|one| one["requestId"].is_string()), "{requests:#?}");
    assert_eq!(
        job.evidence_of_run("00000000-0000-0000-0000-000000000000", EvidenceFormat::Csv).unwrap_err().code,
        Code::NotFound
    );
}

#[tokio::test]
async fn evidence_of_a_failed_run_says_why_with_the_request_id() {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::ApplicationAdministrator).await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let failed = run(&job, plan).await;
    assert_eq!(failed.state, RunState::Failed);
    let evidence = json(&job.evidence_of_run(&failed.id, EvidenceFormat::Json).unwrap());
    assert_eq!(faults(&evidence), Vec::<String>::new());
    let requests = evidence["requests"].as_array().unwrap();
    let refused = requests.iter().find(|one| one["status"] == 403).expect("the refusal");
    assert!(refused["requestId"].is_string() && refused["clientRequestId"].is_string(), "{refused}");
    let page = text(&job.evidence_of_run(&failed.id, EvidenceFormat::Html).unwrap());
    for wanted in [&failed.summary, refused["requestId"].as_str().unwrap(), &failed.id, &failed.operator] {
        assert!(page.contains(&wanted.replace('"', "&quot;")), "{wanted}");
    }
}

#[tokio::test]
async fn evidence_of_an_identity_is_whole_in_every_form() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let found = job.search_identities("id-reporting").await.unwrap();
    set_up(&job, identity_request(&found.rows[0].object_id.clone().unwrap())).await;
    let found = job.verify("id-reporting", &[], false).await.unwrap();
    let evidence = json(&job.evidence_of_verification(&found, EvidenceFormat::Json).unwrap());
    assert_eq!(faults(&evidence), Vec::<String>::new());
    let sheet = text(&job.evidence_of_verification(&found, EvidenceFormat::Csv).unwrap());
    let page = text(&job.evidence_of_verification(&found, EvidenceFormat::Html).unwrap());
    for wanted in [UPLOAD, AUDIT_LOG, &found.principal.client_id, &found.tenant_id] {
        assert!(sheet.contains(wanted) && page.contains(wanted), "{wanted}");
    }
    let version = concat!("Inbound Access ", env!("CARGO_PKG_VERSION"));
    let tells = |line: &str| line.contains(&found.tenant_id) && line.ends_with(version);
    assert!(sheet.lines().skip(1).all(tells), "{sheet}");
}

#[tokio::test]
async fn an_audit_of_100_000_grants_is_written_whole() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let large = audit(100_000);
    let sheet = text(&job.evidence_of_audit(&large, EvidenceFormat::Csv).unwrap());
    assert_eq!(sheet.matches("\r\n").count(), 100_001);
    assert!(sheet.contains("grant-0") && sheet.contains("grant-99999"));
    assert!(sheet.contains("\"'=HYPERLINK(\"\"https://x\"\")<script>\""), "guarded");
    let page = text(&job.evidence_of_audit(&large, EvidenceFormat::Html).unwrap());
    assert!(page.matches("<tr>").count() > 100_000 && page.contains("grant-99999"));
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>"));
    assert_eq!(
        json(&job.evidence_of_audit(&large, EvidenceFormat::Json).unwrap())["audit"]["rows"].as_array().unwrap().len(),
        100_000
    );
}

/// The secret of a run as it lies in the keychain.
async fn secret_of(job: &Job, run: &RunView) -> String {
    let place = run.hand_over.as_ref().unwrap().secret.as_ref().unwrap();
    job.read_secret(&place.client_id, &place.key_id).await.unwrap().expose_secret().to_owned()
}

#[tokio::test]
async fn nothing_that_goes_out_holds_a_secret_or_a_token() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let done = set_up(&job, app_request(&bench, NAME)).await;
    let secret = secret_of(&job, &done).await;
    let found = job.verify(NAME, &[], true).await.unwrap();
    let mut papers = Vec::new();
    for format in FORMATS {
        papers.push(text(&job.evidence_of_verification(&found, format).unwrap()));
        papers.push(text(&job.evidence_of_run(&done.id, format).unwrap()));
    }
    let packet = job.developer_packet(NAME, None).await.unwrap();
    papers.push(serde_json::to_string(&packet).unwrap());
    papers.push(serde_json::to_string(&job.scripts_of_run(&done.id).unwrap()).unwrap());
    papers.extend(packet.snippets.into_iter().map(|snippet| snippet.text));
    assert!(papers.len() > 10);
    for paper in papers {
        assert!(!paper.contains(&secret) && !paper.contains(A_TOKEN), "{paper}");
    }
}

#[tokio::test]
async fn the_packet_names_what_is_where_and_what_is_missing() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let done = set_up(&job, app_request(&bench, NAME)).await;
    let (hand_over, place) = (done.hand_over.clone().unwrap(), done.hand_over.unwrap().secret.unwrap());
    let packet = job.developer_packet(NAME, None).await.unwrap();
    let fact = |label: &str| {
        let found = packet.facts.iter().find(|fact| fact.label == label);
        found.unwrap_or_else(|| panic!("{label} in {:#?}", packet.facts)).value.clone()
    };
    assert_eq!(fact("Tenant id"), bench.tenant.tenant_id().to_string());
    assert_eq!(fact("Client id"), hand_over.principal.client_id);
    assert_eq!(fact("Token address"), hand_over.token_url);
    assert_eq!(fact("Scope"), format!("{}/.default", bench.tenant.origin()));
    assert_eq!(fact("Client secret"), format!("{} / {}", place.service, place.account));
    assert!(!packet.lacks.as_deref().unwrap_or_default().contains("not granted"), "{:?}", packet.lacks);

    // Another administrator's computer has no such item, and says so.
    let elsewhere = crate::support::Elsewhere::new();
    let there = bench.job_elsewhere(PersonaKey::GlobalAdministrator, &elsewhere).await;
    let packet = there.developer_packet(NAME, None).await.unwrap();
    let secret = packet.facts.iter().find(|fact| fact.label == "Client secret").unwrap();
    assert_eq!(secret.value, place.description);

    // What is not granted is said before anything else.
    let packet = job.developer_packet("id-reporting", None).await.unwrap();
    let lacks = packet.lacks.unwrap();
    assert!(lacks.starts_with(&format!("It is not granted {UPLOAD} and {AUDIT_LOG} yet.")), "{lacks}");
    assert!(packet.facts.iter().any(|fact| fact.value == "Azure"), "{:#?}", packet.facts);
    assert_eq!(job.developer_packet("nobody of this name", None).await.unwrap_err().code, Code::NotFound);
}

/// A text of the packet with the job of the practice tenant, which takes users.
async fn client(bench: &Bench, job: &Job, key: &str) -> Snippet {
    let ready = bench.tenant.ready(std::path::Path::new("ca.pem"));
    let road = ready.jobs.iter().find(|one| one.status == "Active").expect("a job that runs");
    let packet = job.developer_packet(NAME, Some(&road.id)).await.unwrap();
    let mut snippet = packet.snippets.into_iter().find(|one| one.key == key).expect("the text");
    // Where the jobs cannot be read, the text has places to fill.
    snippet.text = snippet
        .text
        .replace("{object id of the provisioning app}", &road.service_principal_id.to_string())
        .replace("{job id}", &road.id);
    assert!(snippet.text.contains(&format!("/synchronization/jobs/{}/bulkUpload", road.id)), "{}", snippet.text);
    snippet
}

/// Runs a text as the developer would. None where the tool is not there.
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
async fn really_run(
    bench: &Bench,
    test: &str,
    tool: &str,
    snippet: &Snippet,
    secret: Option<&str>,
    user: Option<&str>,
) -> Option<Output> {
    let (folder, ca) = (tempfile::tempdir().unwrap(), bench.tenant.authority_pem().to_owned());
    let (program, certificate) = (folder.path().join(&snippet.file_name), folder.path().join("ca.pem"));
    std::fs::write(&program, &snippet.text).unwrap();
    std::fs::write(&certificate, ca).unwrap();
    let mut command = Command::new(tool);
    command
        .arg(&program)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder.path())
        .env("CURL_CA_BUNDLE", &certificate)
        .env("SSL_CERT_FILE", &certificate);
    if let Some(secret) = secret {
        command.env("CLIENT_SECRET", secret);
    }
    if let Some(user) = user {
        command.env("SAMPLE_USER", user);
    }
    let ended = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    match ended {
        Ok(output) => Some(output),
        Err(error) => {
            eprintln!("skipped: {test}: {tool} is not here: {error}");
            None
        }
    }
}

/// Token, upload and log by a text, with the recorder as the witness.
async fn runs_for_real(test: &str, tool: &str, key: &str) {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let done = set_up(&job, app_request(&bench, NAME)).await;
    bench.settle();
    let (secret, snippet) = (secret_of(&job, &done).await, client(&bench, &job, key).await);

    bench.tenant.recorder().clear();
    let Some(without) = really_run(&bench, test, tool, &snippet, None, None).await else { return };
    let said = String::from_utf8_lossy(&without.stderr).into_owned();
    assert!(!without.status.success() && said.contains("CLIENT_SECRET"), "{said}");
    assert!(bench.tenant.recorder().exchanges().is_empty(), "nothing is sent without the secret");

    let Some(looked) = really_run(&bench, test, tool, &snippet, Some(&secret), None).await else { return };
    let told = format!("{}{}", String::from_utf8_lossy(&looked.stdout), String::from_utf8_lossy(&looked.stderr));
    assert!(looked.status.success(), "{told}");
    let calls = |bench: &Bench| -> Vec<(String, String, u16)> {
        let exchanges = bench.tenant.recorder().exchanges();
        exchanges.into_iter().map(|one| (one.method, one.path, one.status)).collect()
    };
    let sent = calls(&bench);
    assert_eq!(
        sent.iter().map(|(method, _, status)| (method.as_str(), *status)).collect::<Vec<_>>(),
        [("POST", 200), ("GET", 200)],
        "{sent:?} {told}"
    );
    assert!(sent[1].1.ends_with("/auditLogs/provisioning"), "{sent:?}");
    let log: Value = serde_json::from_slice(&looked.stdout).expect("the log, as JSON");
    assert!(log["value"].is_array());

    bench.tenant.recorder().clear();
    let user = "sample.user@brightwater.example";
    let Some(uploaded) = really_run(&bench, test, tool, &snippet, Some(&secret), Some(user)).await else { return };
    let told = format!("{}{}", String::from_utf8_lossy(&uploaded.stdout), String::from_utf8_lossy(&uploaded.stderr));
    assert!(uploaded.status.success(), "{told}");
    let sent = calls(&bench);
    let upload = sent.iter().find(|(method, path, _)| method == "POST" && path.ends_with("/bulkUpload"));
    assert_eq!(upload.map(|(.., status)| *status), Some(202), "{sent:?} {told}");
    assert!(!told.contains(&secret) && !told.contains(A_TOKEN), "neither the secret nor a token is printed");

    // A wrong secret ends it with the service's own words, before anything is uploaded.
    bench.tenant.recorder().clear();
    let Some(refused) = really_run(&bench, test, tool, &snippet, Some("wrong"), Some(user)).await else { return };
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && told.contains("invalid_client"), "{told}");
    assert!(calls(&bench).iter().all(|(_, path, _)| !path.ends_with("/bulkUpload")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_curl_text_really_runs() {
    runs_for_real("the_curl_text_really_runs", "sh", "curl").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_python_text_really_runs() {
    runs_for_real("the_python_text_really_runs", "python3", "python").await;
}

#[tokio::test]
async fn what_a_run_did_is_told_with_its_ids_and_can_be_repeated() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let planned = job.scripts_of_plan(plan.view());
    let done = run(&job, plan).await;
    let texts = job.scripts_of_run(&done.id).unwrap();
    let keys: Vec<&str> = texts.iter().map(|text| text.key.as_str()).collect();
    assert_eq!(keys, ["powershell", "azRest", "http", "terraform"]);
    for made in &done.made {
        for text in &texts[..3] {
            let line = text.text.lines().find(|line| line.contains(&made.id));
            assert!(
                line.is_some_and(|line| line.starts_with('#')),
                "{} stands in a comment of {}:\n{}",
                made.id,
                text.key,
                text.text
            );
        }
    }
    // What is done is what was planned: the same commands, the comments left out.
    let commands = |text: &str| -> Vec<String> {
        let code = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        code.map(|line| line.chars().filter(|c| !c.is_ascii_digit()).collect()).collect()
    };
    assert_eq!(
        commands(&texts[0].text).len(),
        commands(&planned[0].text).len(),
        "{}\n{}",
        texts[0].text,
        planned[0].text
    );
    let bodies = |text: &str, name: &str| text.matches(name).count();
    for name in ["addPassword", "appRoleAssignedTo", "Prefer", "uniqueName", "secretText"] {
        assert_eq!(bodies(&texts[0].text, name), bodies(&planned[0].text, name), "{name}");
    }
    assert_eq!(commands(&texts[3].text), commands(&planned[3].text), "Terraform tells the same");
    assert_eq!(job.scripts_of_run("00000000-0000-0000-0000-000000000000").unwrap_err().code, Code::NotFound);

    // Taken back, each thing goes by the request that was sent.
    let undone = run(&job, job.plan_undo(&done.id).await.unwrap()).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    let texts = job.scripts_of_run(&done.id).unwrap();
    let sent = bench.mutations();
    for removal in sent.iter().filter(|one| one.method == "DELETE" && one.status < 300) {
        assert!(texts[0].text.contains("-Method DELETE"), "{} {}", removal.path, texts[0].text);
    }
}
