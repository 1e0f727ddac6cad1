//! What a run waits out, in sight of the operator: throttling, replication, tokens that end, roles that spread.

use std::sync::Arc;
use std::time::Duration;

use inbound_access_job::problem::Code;
use inbound_access_job::run::{RunEvent, RunState, RunView, StepState};
use inbound_entra::auth::Reason;
use practice_tenant::{DialSettings, Fault, PersonaKey, Pim, RetryAfter};
use tokio_util::sync::CancellationToken;

use crate::faults::{CALLS, nth, whole};
use crate::support::others::{busy, refusal, requests};
use crate::support::{Bench, News, app_request, failure, run, set_up};

const NAME: &str = "HR feed";

fn waits(news: &News) -> Vec<u32> {
    let heard = news.0.lock().unwrap();
    heard
        .iter()
        .filter_map(|event| match event {
            RunEvent::Step { state: StepState::Throttled { seconds }, .. } => Some(*seconds),
            _ => None,
        })
        .collect()
}

async fn heard_run(bench: &Bench, job: &inbound_access_job::Job) -> (RunView, News) {
    let news = News::default();
    let plan = job.plan(app_request(bench, NAME)).await.unwrap();
    (job.run(plan, CancellationToken::new(), news.listener()).await.unwrap(), news)
}

/// Continues the only run, under its own id.
async fn continued(bench: &Bench) -> RunView {
    let before = bench.runs.list().unwrap().remove(0);
    assert!(before.ways.can_continue, "{before:#?}");
    let job = bench.admin().await;
    let plan = job.plan_continue(&before.id).await.unwrap();
    let ended = run(&job, plan).await;
    assert_eq!(ended.id, before.id);
    ended
}

#[tokio::test]
async fn f12_throttled_three_times_in_a_row_it_is_waited_as_long_as_asked_and_seen() {
    let styles = [(Some(1), RetryAfter::Seconds), (Some(20), RetryAfter::Date), (None, RetryAfter::Seconds)];
    for (retry_after, style) in styles {
        for (index, call) in CALLS.into_iter().enumerate() {
            let bench = Bench::start().await;
            let job = bench.admin().await;
            bench.fault(call, nth(index), 3, busy(429, false, retry_after, style));
            let before = bench.clock.0.now();
            let (ended, news) = heard_run(&bench, &job).await;
            let what = format!("{retry_after:?} {style:?} at {call}");
            assert_eq!(ended.state, RunState::Done, "{what}: {ended:#?}");
            let seen = waits(&news);
            assert_eq!(seen.len(), 3, "{what}: {seen:?}");
            if let Some(asked) = retry_after {
                // A date tells of whole seconds only, rounded up.
                assert!(seen.iter().all(|seconds| (asked..=asked + 1).contains(seconds)), "{what}: {seen:?}");
                let waited = bench.clock.0.now().duration_since(before).as_secs();
                assert!(waited >= i64::from(3 * asked), "{what}: {waited}");
            }
            let of_kind = if call == "grant" { 2 } else { 1 };
            assert_eq!(requests(&bench, call), of_kind + 3, "{what}: nothing is asked twice");
            assert_eq!(ended.made.len(), 6, "{what}");
            whole(&bench, &job).await;
        }
    }
}

#[tokio::test]
async fn f12_a_wait_longer_than_a_step_takes_is_told_and_the_run_continued_later() {
    for (index, call) in CALLS.into_iter().enumerate() {
        let bench = Bench::start().await;
        let job = bench.admin().await;
        bench.fault(call, nth(index), 1, busy(429, false, Some(300), RetryAfter::Seconds));
        let (ended, _) = heard_run(&bench, &job).await;
        assert_eq!(ended.state, RunState::Failed, "{call}: {ended:#?}");
        let problem = failure(&ended);
        assert_eq!(problem.code, Code::Throttled, "{call}");
        assert!(problem.message.contains("300 seconds"), "{call}: {}", problem.message);
        assert_eq!(problem.exists.as_deref().map(|exists| exists.starts_with("No")), Some(true), "{call}");
        bench.tenant.clock().advance(Duration::from_secs(300));
        let ended = continued(&bench).await;
        assert_eq!(ended.state, RunState::Done, "{call}: {ended:#?}");
        whole(&bench, &job).await;
    }
}

#[tokio::test]
async fn f13_a_token_that_ends_in_mid_run_is_renewed_without_the_operator() {
    for (index, call) in CALLS.into_iter().enumerate() {
        let bench = Bench::start().await;
        let (job, person) = bench.job_and_person(PersonaKey::GlobalAdministrator).await;
        bench.fault(call, nth(index), 1, refusal(401, "InvalidAuthenticationToken", "Lifetime validation failed."));
        let (ended, _) = heard_run(&bench, &job).await;
        assert_eq!(ended.state, RunState::Done, "{call}: {ended:#?}");
        assert!(person.asked().is_empty(), "{call}: {:?}", person.asked());
        assert_eq!(ended.made.len(), 6, "{call}");
        whole(&bench, &job).await;
    }
    // Hours pass in the middle, as when the lid was closed.
    let bench = Bench::start().await;
    let (job, person) = bench.job_and_person(PersonaKey::GlobalAdministrator).await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let clock = bench.tenant.clock().clone();
    let listener = Arc::new(move |event| {
        if matches!(event, RunEvent::Step { number: 3, state: StepState::Working, .. }) {
            clock.advance(Duration::from_secs(3 * 3_600));
        }
    });
    let ended = job.run(plan, CancellationToken::new(), listener).await.unwrap();
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert!(person.asked().is_empty(), "{:?}", person.asked());
    whole(&bench, &job).await;
}

#[tokio::test]
async fn f14_a_claims_challenge_in_mid_run_is_put_to_the_operator_once_and_the_run_goes_on() {
    for status in [401, 403] {
        for (index, call) in CALLS.into_iter().enumerate() {
            let bench = Bench::start().await;
            let (job, person) = bench.job_and_person(PersonaKey::GlobalAdministrator).await;
            bench.fault(call, nth(index), 1, Fault::ClaimsChallenge { status });
            let (ended, _) = heard_run(&bench, &job).await;
            assert_eq!(ended.state, RunState::Done, "{status} at {call}: {ended:#?}");
            assert_eq!(person.asked(), [Reason::Challenge], "{status} at {call}");
            assert_eq!(ended.made.len(), 6, "{status} at {call}");
            whole(&bench, &job).await;
        }
    }
}

#[tokio::test]
async fn f16_a_role_activated_just_now_is_waited_for_in_sight() {
    let bench = Bench::start().await;
    bench.tenant.dials().set_pim(Pim { activation_delay: Duration::from_secs(20), ..Pim::default() });
    let job = bench.job(PersonaKey::Eligible).await;
    let seen = job.preflight(inbound_access_job::preflight::Ask::Eligible).await;
    for role in &seen.eligible.roles {
        job.activate_role(&role.role_id, "Set up the HR feed", 1).await.unwrap();
    }
    bench.tenant.recorder().clear();
    let (ended, news) = heard_run(&bench, &job).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    let refused = bench.mutations().iter().filter(|exchange| exchange.status == 403).count();
    assert!((2..10).contains(&refused), "asked again with pauses: {refused}");
    assert!(news.of_step(2).iter().any(|state| matches!(state, StepState::CatchingUp { .. })), "and seen");
    whole(&bench, &job).await;
}

#[tokio::test]
async fn undoing_too_waits_for_a_role_activated_just_now() {
    let bench = Bench::start().await;
    let done = set_up(&bench.admin().await, app_request(&bench, NAME)).await;
    bench.settle();
    bench.tenant.dials().set_pim(Pim { activation_delay: Duration::from_secs(20), ..Pim::default() });
    let job = bench.job(PersonaKey::Eligible).await;
    let seen = job.preflight(inbound_access_job::preflight::Ask::Eligible).await;
    for role in &seen.eligible.roles {
        job.activate_role(&role.role_id, "Take the HR feed back", 1).await.unwrap();
    }
    bench.tenant.recorder().clear();
    let plan = job.plan_undo(&done.id).await.unwrap();
    let undone = run(&job, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    let refused = bench.mutations().iter().filter(|exchange| exchange.status == 403).count();
    assert!(refused > 0, "it did not help at once");
    let mut grants = undone.made.iter().filter(|made| made.id_name == "grant id").peekable();
    assert!(grants.peek().is_some() && grants.all(|grant| grant.removed.is_some()), "{undone:#?}");
}

#[tokio::test]
async fn f16_a_role_that_would_not_help_is_not_waited_for() {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::Eligible).await;
    let seen = job.preflight(inbound_access_job::preflight::Ask::Eligible).await;
    let role = seen.eligible.roles.iter().find(|role| role.name == "Application Administrator").unwrap();
    job.activate_role(&role.role_id, "Set up the HR feed", 1).await.unwrap();
    let before = bench.clock.0.now();
    let (ended, _) = heard_run(&bench, &job).await;
    assert_eq!(failure(&ended).code, Code::Forbidden, "{ended:#?}");
    assert_eq!(requests(&bench, "grant"), 2, "once for each permission");
    assert!(bench.clock.0.now().duration_since(before).as_secs() < 30);
}

#[tokio::test]
async fn f16_long_after_the_activation_a_refusal_stands() {
    let bench = Bench::start().await;
    bench.tenant.dials().set_pim(Pim { activation_delay: Duration::from_secs(3_600), ..Pim::default() });
    let job = bench.job(PersonaKey::Eligible).await;
    let seen = job.preflight(inbound_access_job::preflight::Ask::Eligible).await;
    for role in &seen.eligible.roles {
        job.activate_role(&role.role_id, "Set up the HR feed", 4).await.unwrap();
    }
    bench.tenant.recorder().clear();
    // Two minutes, and then it is told.
    let (ended, _) = heard_run(&bench, &job).await;
    let problem = failure(&ended);
    assert_eq!(problem.code, Code::Forbidden, "{problem:?}");
    assert!(problem.advice.unwrap().contains("15 minutes"));
    bench.tenant.clock().advance(Duration::from_secs(600));
    bench.tenant.recorder().clear();
    let (ended, _) = heard_run(&bench, &job).await;
    assert_eq!(failure(&ended).code, Code::Forbidden);
    assert_eq!(bench.mutation_names(), ["register"], "asked once");
}

#[tokio::test]
async fn f17_a_404_right_after_create_for_half_a_minute_is_ridden_out_in_sight() {
    for seconds in [30, 100] {
        let bench = Bench::with(DialSettings { replication: Duration::from_secs(seconds), ..Default::default() }).await;
        let job = bench.admin().await;
        let (ended, news) = heard_run(&bench, &job).await;
        assert_eq!(ended.state, RunState::Done, "{seconds}: {ended:#?}");
        for step in [3, 4] {
            let states = news.of_step(step);
            let waited: Vec<u32> = states
                .iter()
                .filter_map(|state| match state {
                    StepState::CatchingUp { seconds, .. } => Some(*seconds),
                    _ => None,
                })
                .collect();
            assert!(waited.len() > 3 && waited.is_sorted(), "{seconds}: step {step}: {waited:?}");
            assert!(!states.iter().any(|state| matches!(state, StepState::Failed { .. })), "{seconds}: {states:?}");
        }
        bench.tenant.clock().advance(Duration::from_secs(120));
        whole(&bench, &job).await;
    }
}

#[tokio::test]
async fn replication_that_outlasts_two_minutes_is_told_as_such_and_the_run_continued() {
    let bench = Bench::with(DialSettings { replication: Duration::from_secs(300), ..Default::default() }).await;
    let job = bench.admin().await;
    let before = bench.clock.0.now();
    let (ended, _) = heard_run(&bench, &job).await;
    let problem = failure(&ended);
    assert_eq!(problem.code, Code::StillReplicating, "{problem:?}");
    let waited = bench.clock.0.now().duration_since(before).as_secs();
    assert!((100..=130).contains(&waited), "{waited}");
    bench.tenant.dials().set_replication(Duration::from_secs(5));
    let ended = continued(&bench).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    whole(&bench, &job).await;
}

#[tokio::test]
async fn cancelled_while_it_waits_for_replicas_the_run_can_be_continued() {
    for step in [3, 4, 6] {
        let bench = Bench::with(DialSettings { replication: Duration::from_secs(20), ..Default::default() }).await;
        let job = bench.admin().await;
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        let cancel = CancellationToken::new();
        let stop = cancel.clone();
        if step == 6 {
            // Its app has spread by then: one that has not is played.
            bench.fault("addPassword", 1, 3, refusal(404, "Request_ResourceNotFound", "Resource does not exist."));
        }
        let listener = Arc::new(move |event| {
            if matches!(event, RunEvent::Step { number, state: StepState::CatchingUp { .. }, .. } if number == step) {
                stop.cancel();
            }
        });
        let ended = job.run(plan, cancel, listener).await.unwrap();
        // The other grant may have been on its way: then it says so.
        let allowed = if step == 4 { [RunState::Cancelled, RunState::Failed] } else { [RunState::Cancelled; 2] };
        assert!(allowed.contains(&ended.state), "{step}: {ended:#?}");
        let reason = ended.steps.iter().find_map(|one| match &one.state {
            StepState::NotDone { reason } if one.number == step => Some(reason.clone()),
            _ => None,
        });
        assert!(reason.unwrap().starts_with("Cancelled"), "{step}");
        assert!(ended.debts.is_empty(), "{step}: {:#?}", ended.debts);
        bench.no_faults();
        bench.settle();
        let ended = continued(&bench).await;
        assert_eq!(ended.state, RunState::Done, "{step}: {ended:#?}");
        whole(&bench, &job).await;
    }
}

#[tokio::test]
async fn f57_an_operator_who_signs_out_in_mid_run_is_told_and_the_run_is_continued_by_the_next_sign_in() {
    for step in [2, 3, 4, 6] {
        let bench = Bench::start().await;
        let (job, person) = bench.job_and_person(PersonaKey::GlobalAdministrator).await;
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        let listener = Arc::new(move |event| {
            if matches!(event, RunEvent::Step { number, state: StepState::Working, .. } if number == step) {
                person.sign_out();
            }
        });
        let ended = job.run(plan, CancellationToken::new(), listener).await.unwrap();
        assert_eq!(ended.state, RunState::Failed, "{step}: {ended:#?}");
        let problem = failure(&ended);
        assert_eq!(problem.code, Code::NotSignedIn, "{step}: {problem:?}");
        assert!(problem.advice.unwrap().contains("Sign in again"), "{step}");
        assert!(ended.debts.is_empty(), "{step}: {:#?}", ended.debts);
        let listed = ended.made.iter().filter(|made| made.id_name == "object id").count();
        assert_eq!(
            listed,
            bench.applications(NAME).len() + bench.principals(NAME).len(),
            "{step}: what exists is listed"
        );
        let ended = continued(&bench).await;
        assert_eq!(ended.state, RunState::Done, "{step}: {ended:#?}");
        whole(&bench, &bench.admin().await).await;
    }
}
