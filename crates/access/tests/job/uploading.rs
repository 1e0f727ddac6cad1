//! A real upload: one user, sent once as the API client itself, and what the log says of it.

use std::sync::{Arc, Mutex};

use inbound_access_job::Job;
use inbound_access_job::problem::Code;
use inbound_access_job::run::RunState;
use inbound_access_job::upload::{LogOutcome, UploadRequest, UploadState, UploadUser, UploadView};
use practice_tenant::{FaultRule, FaultScript, PersonaKey};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::others::answer;
use crate::support::{Bench, app_request, set_up};

const STAFF: &str = "Staff from HR to Microsoft Entra ID";

/// A client that was set up just now, and its job.
async fn ready() -> (Bench, Job, String) {
    let bench = Bench::start().await;
    let (job, _) = bench.job_and_person(PersonaKey::GlobalAdministrator).await;
    let run = set_up(&job, app_request(&bench, "HR feed")).await;
    assert_eq!(run.state, RunState::Done, "{run:#?}");
    bench.settle();
    let client = run.hand_over.expect("a hand-over").secret.expect("a secret").client_id;
    (bench, job, client)
}

fn user(external_id: &str, user_name: &str) -> UploadUser {
    UploadUser {
        external_id: external_id.to_owned(),
        user_name: user_name.to_owned(),
        given_name: "Ines".to_owned(),
        family_name: "Okafor".to_owned(),
        active: true,
    }
}

async fn to(job: &Job, client: &str, app: &str, user: UploadUser) -> UploadRequest {
    let road = job.road(true).await.expect("the road");
    let found = road.jobs.iter().find(|one| one.app_name == app).expect("the job");
    UploadRequest {
        client_id: client.to_owned(),
        app_object_id: found.app_object_id.clone(),
        job_id: found.id.clone(),
        user,
    }
}

async fn upload(job: &Job, request: UploadRequest, cancel: CancellationToken) -> (UploadView, Vec<UploadView>) {
    let prepared = job.prepare_upload(request).await.expect("it can be sent");
    let heard: Arc<Mutex<Vec<UploadView>>> = Arc::default();
    let news = Arc::clone(&heard);
    let listener = Arc::new(move |view: UploadView| news.lock().unwrap().push(view));
    let ended = job.upload(prepared, cancel, listener).await.expect("it is told");
    let heard = heard.lock().unwrap().clone();
    (ended, heard)
}

fn sent(bench: &Bench) -> usize {
    bench.tenant.recorder().exchanges().iter().filter(|one| one.path.contains("/bulkUpload")).count()
}

#[tokio::test]
async fn what_is_sent_is_shown_first_and_nothing_is_sent_before() {
    let (bench, job, client) = ready().await;
    let request = to(&job, &client, STAFF, user("90001", "ines.okafor@brightwater.example")).await;
    let prepared = job.prepare_upload(request).await.expect("it can be sent");
    let shown = prepared.view();
    assert!(shown.address.starts_with("POST https://") && shown.address.ends_with("/bulkUpload"), "{}", shown.address);
    assert_eq!(shown.headers, ["Content-Type: application/scim+json"]);
    let payload: Value = serde_json::from_str(&shown.payload).expect("JSON");
    assert_eq!(payload["Operations"][0]["data"]["userName"], "ines.okafor@brightwater.example");
    assert!(shown.sentence.contains("HR feed") && shown.sentence.contains(STAFF), "{}", shown.sentence);
    assert!(shown.warnings[0].contains("practice tenant"), "{:?}", shown.warnings);
    assert_eq!(sent(&bench), 0);
}

#[tokio::test]
async fn a_user_is_sent_once_and_followed_until_the_log_tells_of_it() {
    let (bench, job, client) = ready().await;
    let request = to(&job, &client, STAFF, user("90001", "ines.okafor@brightwater.example")).await;
    let (ended, heard) = upload(&job, request.clone(), CancellationToken::new()).await;
    assert_eq!(ended.state, UploadState::Done, "{ended:#?}");
    assert_eq!(ended.sentence, "The user was created.");
    assert_eq!((ended.entries.len(), ended.entries[0].outcome), (1, LogOutcome::Success));
    assert!(ended.request_id.is_some() && ended.accepted_at.is_some() && ended.looks >= 1);
    assert_eq!(heard.first().map(|view| view.state), Some(UploadState::Sending));
    assert!(heard.iter().any(|view| view.state == UploadState::Waiting && view.next_look.is_some()), "{heard:#?}");
    assert_eq!(sent(&bench), 1);

    // The same once more: what the log says of the first is not taken for the second's.
    let (again, _) = upload(&job, request, CancellationToken::new()).await;
    assert_eq!((again.state, again.entries.len()), (UploadState::Done, 1), "{again:#?}");
    assert_eq!(again.entries[0].outcome, LogOutcome::Skipped);
    assert!(again.sentence.starts_with("Nothing was to be done"), "{}", again.sentence);
}

#[tokio::test]
async fn a_first_look_at_the_log_that_fails_does_not_end_the_following() {
    let (bench, job, client) = ready().await;
    let request = to(&job, &client, STAFF, user("90002", "kaya.lind@brightwater.example")).await;
    let (method, path) = (Some("GET".to_owned()), "/v1.0/auditLogs/provisioning".to_owned());
    let rule = FaultRule { method, path, nth: 1, times: 1, fault: answer(200, json!("odd")) };
    bench.tenant.dials().set_faults(FaultScript { faults: vec![rule] });
    let (ended, _) = upload(&job, request, CancellationToken::new()).await;
    assert_eq!(ended.state, UploadState::Done, "{ended:#?}");
    assert_eq!((sent(&bench), ended.entries.len()), (1, 1), "{ended:#?}");
}

#[tokio::test]
async fn what_the_job_could_not_take_is_told_with_its_reason() {
    let (_bench, job, client) = ready().await;
    let request = to(&job, &client, STAFF, user("90002", "ines.okafor@elsewhere.invalid")).await;
    let (ended, _) = upload(&job, request, CancellationToken::new()).await;
    assert_eq!(ended.state, UploadState::Done, "{ended:#?}");
    let entry = &ended.entries[0];
    assert_eq!(entry.outcome, LogOutcome::Failure);
    assert_eq!(entry.code.as_deref(), Some("AzureActiveDirectoryDomainInvalid"));
    assert!(ended.sentence.starts_with("The user was not created. "), "{}", ended.sentence);
}

#[tokio::test]
async fn a_job_in_quarantine_is_warned_of_and_the_wait_ends() {
    let (_bench, job, client) = ready().await;
    let app = "Contractors from HR to Microsoft Entra ID";
    let request = to(&job, &client, app, user("90003", "ines.okafor@brightwater.example")).await;
    let prepared = job.prepare_upload(request.clone()).await.expect("it can be sent");
    assert!(prepared.view().warnings.iter().any(|text| text.contains("quarantine")), "{:?}", prepared.view().warnings);
    let (ended, _) = upload(&job, request, CancellationToken::new()).await;
    assert_eq!(ended.state, UploadState::Stopped, "{ended:#?}");
    assert!(ended.sentence.contains("20 minutes") && ended.entries.is_empty(), "{}", ended.sentence);
}

#[tokio::test]
async fn one_who_stops_looking_is_told_that_it_was_sent_all_the_same() {
    let (bench, job, client) = ready().await;
    let request = to(&job, &client, STAFF, user("90004", "ines.okafor@brightwater.example")).await;
    let prepared = job.prepare_upload(request).await.expect("it can be sent");
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let listener = Arc::new(move |view: UploadView| {
        if view.state == UploadState::Waiting {
            stop.cancel();
        }
    });
    let ended = job.upload(prepared, cancel, listener).await.expect("it is told");
    assert_eq!(ended.state, UploadState::Stopped);
    assert!(ended.sentence.contains("sent all the same"), "{}", ended.sentence);
    assert_eq!(sent(&bench), 1);
}

#[tokio::test]
async fn bad_fields_are_named_and_nothing_is_sent() {
    let (bench, job, client) = ready().await;
    let good = to(&job, &client, STAFF, user("90005", "ines@brightwater.example")).await;
    let bad = UploadRequest {
        client_id: "me".to_owned(),
        app_object_id: "it".to_owned(),
        job_id: String::new(),
        user: UploadUser { external_id: " ".to_owned(), user_name: "nobody".to_owned(), ..good.user.clone() },
    };
    let problem = job.prepare_upload(bad).await.expect_err("refused");
    assert_eq!(problem.code, Code::InvalidInput);
    let named: Vec<&str> = problem.fields.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(named, ["clientId", "appObjectId", "jobId", "externalId", "userName"]);

    let elsewhere = UploadRequest { job_id: "API2AAD.0.0".to_owned(), ..good };
    assert_eq!(job.prepare_upload(elsewhere).await.expect_err("refused").code, Code::NotFound);
    assert_eq!(sent(&bench), 0);
}

#[tokio::test]
async fn a_client_whose_secret_is_not_here_cannot_be_sent_for() {
    let bench = Bench::start().await;
    let (job, _) = bench.job_and_person(PersonaKey::GlobalAdministrator).await;
    let card = job.find_principal("HR feed (live)").await.expect("it is there");
    let request = to(&job, &card.client_id, STAFF, user("90006", "ines@brightwater.example")).await;
    let problem = job.prepare_upload(request).await.expect_err("refused");
    assert_eq!(problem.code, Code::SecretNotFound);
    assert!(problem.advice.is_some() && problem.exists.as_deref() == Some("Nothing was sent."));
}
