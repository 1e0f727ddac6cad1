//! Others at work: a second process, another administrator, and answers that come late.

use std::time::Duration;

use inbound_access_job::desired::{SecretGoes, SetupRequest};
use inbound_access_job::plan::StepKind;
use inbound_access_job::problem::Code;
use inbound_access_job::run::RunState;
use practice_tenant::{DialSettings, Fault, FaultRule, FaultScript};
use tokio_util::sync::CancellationToken;

use crate::support::{Bench, News, another, app_request, failure, identity_request, passwords, run, set_up};

const NAME: &str = "HR feed";

fn note_of(request: SetupRequest, text: &str) -> SetupRequest {
    match request {
        SetupRequest::AppRegistration { name, app, secret_description, secret_expires, permissions, .. } => {
            let note = Some(text.to_owned());
            SetupRequest::AppRegistration {
                name,
                app,
                note,
                secret_description,
                secret_expires,
                permissions,
                ask_consent: false,
                secret_goes: SecretGoes::IntoKeychain,
            }
        }
        identity => identity,
    }
}

fn refusal(status: u16, code: &str, message: &str) -> Fault {
    Fault::Status {
        status,
        applied: false,
        code: Some(code.to_owned()),
        message: Some(message.to_owned()),
        details: vec![],
        retry_after: None,
        retry_style: Default::default(),
    }
}

#[tokio::test]
async fn a_plan_made_before_and_one_made_after_the_registration_share_one_lock() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let before = job.plan(app_request(&bench, NAME)).await.unwrap();
    let registers_only = job.plan(app_request(&bench, NAME)).await.unwrap();
    bench.fault("servicePrincipal", 1, 1, refusal(400, "Request_BadRequest", "No."));
    assert_eq!(run(&job, registers_only).await.state, RunState::Failed);
    bench.no_faults();
    let after = job.plan(app_request(&bench, NAME)).await.unwrap();
    let (one, other) = tokio::join!(
        job.run(before, CancellationToken::new(), News::default().listener()),
        job.run(after, CancellationToken::new(), News::default().listener())
    );
    let refused: Vec<Code> = [&one, &other].into_iter().filter_map(|ended| Some(ended.as_ref().err()?.code)).collect();
    assert_eq!(refused, [Code::Busy], "one runs, the other is told to wait");
    assert_eq!(passwords(&bench, NAME).len(), 1);
}

#[tokio::test]
async fn an_app_registered_since_the_plan_keeps_what_it_requests() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let stale = job.plan(note_of(app_request(&bench, NAME), "mine")).await.unwrap();
    set_up(&job, note_of(app_request(&bench, NAME), "theirs")).await;
    bench.tenant.recorder().clear();
    let ended = run(&job, stale).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert!(!bench.mutation_names().contains(&"register"), "nothing of it was replaced: {:?}", bench.mutation_names());
    assert!(ended.made.is_empty(), "nothing of it is claimed: {:#?}", ended.made);
    let app = bench.applications(NAME).remove(0);
    assert!(app.to_string().contains("theirs") && !app.to_string().contains("mine"), "{app}");
}

#[tokio::test]
async fn a_further_app_never_takes_the_place_of_one_made_meanwhile() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let stale = job.plan(another(app_request(&bench, NAME))).await.unwrap();
    set_up(&job, another(app_request(&bench, NAME))).await;
    bench.tenant.recorder().clear();
    let ended = run(&job, stale).await;
    let problem = failure(&ended);
    assert_eq!(problem.code, Code::Stale, "{problem:?}");
    assert!(bench.mutations().is_empty(), "{:?}", bench.mutation_names());
    let mine = job.plan(another(app_request(&bench, NAME))).await.unwrap();
    assert_eq!(run(&job, mine).await.state, RunState::Done);
    assert_eq!(bench.applications(NAME).len(), 2);
}

#[tokio::test]
async fn a_secret_whose_answer_was_lost_and_that_turns_up_late_is_removed_by_the_next_plan() {
    // Longer than the reads after a lost answer last.
    let bench = Bench::with(DialSettings { replication: Duration::from_secs(40), ..DialSettings::default() }).await;
    let job = bench.admin().await;
    bench.fault("addPassword", 1, 1, Fault::ResetAfter);
    set_up(&job, app_request(&bench, NAME)).await;
    assert_eq!(passwords(&bench, NAME).len(), 2, "the lost one was not seen in time");

    bench.settle();
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    assert_eq!(plan.view().changes, 1, "{:#?}", plan.view());
    bench.tenant.recorder().clear();
    assert_eq!(run(&job, plan).await.state, RunState::Done);
    assert_eq!(bench.mutation_names(), ["removePassword"]);
    let left = passwords(&bench, NAME);
    assert_eq!(left.len(), 1, "no secret whose value nobody has");
    assert!(bench.keychain.accounts()[0].ends_with(left[0]["keyId"].as_str().unwrap()));
}

#[tokio::test]
async fn a_secret_that_went_since_the_plan_is_not_made_anew_unplanned() {
    let bench = Bench::with(DialSettings { replication: Duration::from_secs(40), ..DialSettings::default() }).await;
    let job = bench.admin().await;
    bench.fault("addPassword", 1, 1, Fault::ResetAfter);
    set_up(&job, app_request(&bench, NAME)).await;
    bench.settle();
    // To remove what the lost answer left, and to keep the other one.
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    bench.keychain.forget_all();
    bench.tenant.recorder().clear();
    let ended = run(&job, plan).await;
    assert_eq!(failure(&ended).code, Code::Stale, "{ended:#?}");
    assert!(!bench.mutation_names().contains(&"addPassword"), "{:?}", bench.mutation_names());
}

#[tokio::test]
async fn an_identity_deleted_since_the_plan_is_told_as_gone_and_not_waited_for() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let row = job.search_identities("logic-scheduler").await.unwrap().rows[0].clone();
    let plan = job.plan(identity_request(&row.object_id.unwrap())).await.unwrap();
    let gone = refusal(404, "Request_ResourceNotFound", "Resource does not exist.");
    let rule = |path: &str| FaultRule { method: None, path: path.to_owned(), nth: 1, times: 1000, fault: gone.clone() };
    let faults = vec![rule("/v1.0/servicePrincipals/{id}"), rule("/v1.0/servicePrincipals/{id}/appRoleAssignedTo")];
    bench.tenant.dials().set_faults(FaultScript { faults });
    let before = bench.clock.0.now();
    let ended = run(&job, plan).await;
    let problem = failure(&ended);
    assert_eq!(problem.code, Code::NotFound, "{problem:?}");
    assert!(problem.message.contains("not in the tenant any more"), "{}", problem.message);
    assert!(bench.clock.0.now().duration_since(before).as_secs() < 60, "it was not waited for in vain");
    assert!(ended.steps.iter().all(|step| step.kind == StepKind::Grant));
}
