//! A new secret in place of an old one, and one that goes alone.

use std::sync::Arc;

use async_trait::async_trait;
use inbound_access_job::Job;
use inbound_access_job::fix::Fix;
use inbound_access_job::plan::{StepEffect, StepKind};
use inbound_access_job::problem::Code;
use inbound_access_job::run::{Doing, RunState, StepState};
use inbound_access_job::secrets::{SecretOffer, ShowOnce, Taken};
use practice_tenant::{Fault, FaultRule, FaultScript};
use tokio_util::sync::CancellationToken;

use super::{client_id, fix, in_days, kinds, resume, secrets_of, sent, shown, undo};
use crate::support::foreign::by_hand;
use crate::support::keychain::Mood;
use crate::support::others::refusal;
use crate::support::{Bench, News, UPLOAD, app_request, failure, run, set_up};

pub const NAME: &str = "HR feed";

/// An app whose secret lies in this keychain: its client id and the secret's key id.
pub async fn with_secret(bench: &Bench, job: &Job) -> (String, String) {
    let done = set_up(job, app_request(bench, NAME)).await;
    bench.settle();
    bench.tenant.recorder().clear();
    let secret = done.hand_over.unwrap().secret.unwrap();
    (secret.client_id, secret.key_id)
}

pub fn rotation(bench: &Bench, client: &str, old: Option<&str>, remove_old: bool) -> Fix {
    Fix::RotateSecret {
        client_id: client.to_owned(),
        replaces: old.map(str::to_owned),
        expires: in_days(bench, 300),
        remove_old,
    }
}

/// The key ids of the app's secrets.
pub fn keys(bench: &Bench) -> Vec<String> {
    let mut keys: Vec<String> =
        secrets_of(bench, NAME).iter().map(|one| one["keyId"].as_str().unwrap().to_owned()).collect();
    keys.sort();
    keys
}

#[tokio::test]
async fn the_new_secret_is_made_stored_and_proved_and_the_old_one_works_on() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let (client, old) = with_secret(&bench, &job).await;
    assert_eq!(job.secret_in_use(&client).await.unwrap(), Some(old.clone()));
    let plan = job.plan_fix(rotation(&bench, &client, Some(&old), false)).await.unwrap();
    let view = plan.view().clone();
    use StepEffect::{WillCheck, WillCreate};
    use StepKind::{CreateSecret, ProveKeychain, ProveSecret};
    assert_eq!(kinds(&plan), [(ProveKeychain, WillCheck), (CreateSecret, WillCreate), (ProveSecret, WillCheck)]);
    assert_eq!((view.doing, view.changes), (Doing::Fix, 1));
    let proof = &view.steps[2].requests[0];
    assert!(proof.url.ends_with("/oauth2/v2.0/token"), "{proof:#?}");
    assert!(proof.body.as_ref().unwrap().contains("client_secret={secret of step 2}"), "{proof:#?}");
    assert!(view.warnings.iter().any(|one| one.message.contains("keeps working until")), "{:#?}", view.warnings);
    let done = run(&job, plan).await;
    assert_eq!((done.state, done.doing), (RunState::Done, Doing::Fix), "{done:#?}");
    assert_eq!(bench.mutation_names(), ["addPassword"]);
    assert_eq!(sent(&bench), shown(&bench, &view));
    let StepState::Done { note: Some(note), .. } = &done.steps[2].state else { panic!("{done:#?}") };
    assert!(note.starts_with("a token was issued; it holds") && note.contains(UPLOAD), "{note}");
    assert!(
        done.summary.contains("works until") && done.summary.contains("then remove the old one"),
        "{}",
        done.summary
    );
    assert_eq!(keys(&bench).len(), 2);
    assert_eq!(bench.keychain.accounts().len(), 2);
    let secret = done.hand_over.as_ref().unwrap().secret.as_ref().unwrap();
    assert_ne!(secret.key_id, old);
    assert!(done.hand_over.as_ref().unwrap().permissions.contains(&UPLOAD.to_owned()));
    assert_eq!(job.secret_in_use(&client).await.unwrap(), Some(secret.key_id.clone()), "it lasts longer");

    bench.settle();
    let undone = undo(&job, &done.id).await;
    assert_eq!(keys(&bench), [old]);
    assert_eq!(bench.keychain.accounts().len(), 1);
    assert!(undone.made.iter().all(|made| made.removed.is_some()), "{:#?}", undone.made);
    // What is handed over is gone; a repetition still makes a secret that ends when this one was to.
    let texts = job.scripts_of_run(&done.id).unwrap();
    assert!(secret.expires.ends_with("T23:59:59Z"), "{}", secret.expires);
    assert!(texts[0].text.contains(&secret.expires), "{} in {}", secret.expires, texts[0].text);
}

#[tokio::test]
async fn the_old_one_goes_only_after_the_proof_and_cannot_come_back() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let (client, old) = with_secret(&bench, &job).await;
    let plan = job.plan_fix(rotation(&bench, &client, Some(&old), true)).await.unwrap();
    let view = plan.view().clone();
    assert_eq!((view.changes, view.steps[3].kind, view.steps[3].needs.clone()), (2, StepKind::RemoveSecret, vec![3]));
    assert!(view.warnings.iter().any(|one| one.message.contains("cannot come back")), "{:#?}", view.warnings);
    let done = run(&job, plan).await;
    assert_eq!(done.state, RunState::Done, "{done:#?}");
    assert_eq!(bench.mutation_names(), ["addPassword", "removePassword"]);
    assert_eq!(sent(&bench), shown(&bench, &view));
    assert!(done.summary.contains("is removed."), "{}", done.summary);
    let new = keys(&bench);
    assert_eq!((new.len(), bench.keychain.accounts().len()), (1, 1));
    assert_ne!(new[0], old);

    bench.settle();
    let plan = job.plan_undo(&done.id).await.unwrap();
    let kept = &plan.view().kept;
    assert_eq!(kept.len(), 1, "{kept:#?}");
    assert!(kept[0].id == old && kept[0].reason.contains("cannot come back"), "{kept:#?}");
    assert!(plan.view().warnings.iter().any(|one| one.message.contains("cannot come back")));
    let undone = run(&job, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    assert!(keys(&bench).is_empty() && bench.keychain.accounts().is_empty());
}

/// Every token of an app is refused so many times.
fn refuse_tokens(bench: &Bench, times: u32, fault: Fault) {
    let rule = FaultRule {
        method: Some("POST".to_owned()),
        path: "/{tenant}/oauth2/v2.0/token".to_owned(),
        nth: 1,
        times,
        fault,
    };
    bench.tenant.dials().set_faults(FaultScript { faults: vec![rule] });
}

fn unknown_secret() -> Fault {
    refusal(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
}

#[tokio::test]
async fn a_young_secret_is_waited_for_in_sight() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let (client, old) = with_secret(&bench, &job).await;
    let plan = job.plan_fix(rotation(&bench, &client, Some(&old), false)).await.unwrap();
    refuse_tokens(&bench, 3, unknown_secret());
    let news = News::default();
    let done = job.run(plan, CancellationToken::new(), news.listener()).await.unwrap();
    bench.no_faults();
    assert_eq!(done.state, RunState::Done, "{done:#?}");
    assert!(news.of_step(3).iter().any(|state| matches!(state, StepState::CatchingUp { .. })));
}

#[tokio::test]
async fn a_secret_that_does_not_prove_to_work_leaves_the_old_one_and_the_rest_makes_no_third() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let (client, old) = with_secret(&bench, &job).await;
    let plan = job.plan_fix(rotation(&bench, &client, Some(&old), true)).await.unwrap();
    refuse_tokens(&bench, 1000, unknown_secret());
    let failed = run(&job, plan).await;
    bench.no_faults();
    assert_eq!(failed.state, RunState::Failed, "{failed:#?}");
    let problem = failure(&failed);
    assert!(problem.exists.as_ref().unwrap().contains("Nothing was removed"), "{problem:#?}");
    assert!(failed.summary.contains("is made, and not proved to work"), "{}", failed.summary);
    assert_eq!(keys(&bench).len(), 2);
    assert!(keys(&bench).contains(&old));

    bench.settle();
    bench.tenant.recorder().clear();
    let plan = job.plan_continue(&failed.id).await.unwrap();
    assert_eq!(plan.view().steps[0].effect, StepEffect::AlreadySo, "{:#?}", plan.view());
    let done = run(&job, plan).await;
    assert_eq!(done.state, RunState::Done, "{done:#?}");
    assert_eq!(bench.mutation_names(), ["removePassword"]);
    assert_eq!((keys(&bench).len(), bench.keychain.accounts().len()), (1, 1));
}

#[tokio::test]
async fn the_first_secret_follows_none() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let client = client_id(&job, "Reporting robot").await;
    let plan = job.plan_fix(rotation(&bench, &client, None, false)).await.unwrap();
    assert!(plan.view().warnings.is_empty(), "{:#?}", plan.view().warnings);
    let done = run(&job, plan).await;
    assert_eq!(done.state, RunState::Done, "{done:#?}");
    assert!(done.summary.ends_with("Give it to the API client."), "{}", done.summary);
}

#[tokio::test]
async fn an_app_that_cannot_get_a_token_is_not_rotated() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    for (name, code) in [("Badge printer", Code::NotFound), ("Retired HR interface", Code::Disabled)] {
        let client = client_id(&job, name).await;
        let problem = job.plan_fix(rotation(&bench, &client, None, false)).await.unwrap_err();
        assert_eq!(problem.code, code, "{name}: {problem:#?}");
    }
    assert!(bench.mutations().is_empty());
}

/// Says of every secret that they have it.
struct Takes;

#[async_trait]
impl ShowOnce for Takes {
    async fn show(&self, _: SecretOffer) -> Taken {
        Taken::Taken
    }
}

#[tokio::test]
async fn a_keychain_that_refuses_leaves_no_secret_or_shows_it_and_the_proof_is_made_all_the_same() {
    for shows in [false, true] {
        let bench = Bench::start().await;
        let job = bench.admin().await;
        let (client, old) = with_secret(&bench, &job).await;
        let plan = job.plan_fix(rotation(&bench, &client, Some(&old), true)).await.unwrap();
        bench.keychain.set(Mood::RefusesToStore);
        let (cancel, listener) = (CancellationToken::new(), News::default().listener());
        let ended = match shows {
            true => job.run_showing(plan, cancel, listener, Arc::new(Takes)).await.unwrap(),
            false => job.run(plan, cancel, listener).await.unwrap(),
        };
        if shows {
            assert_eq!(ended.state, RunState::Done, "{ended:#?}");
            assert!(ended.summary.contains("was shown once"), "{}", ended.summary);
            assert_eq!(bench.mutation_names(), ["addPassword", "removePassword"]);
            assert_ne!(keys(&bench), [old]);
        } else {
            assert_eq!(ended.state, RunState::Failed, "{ended:#?}");
            assert_eq!(keys(&bench), [old], "no secret of this run exists, and the old one does");
        }
    }
}

#[tokio::test]
async fn a_keychain_that_is_absent_stops_it_before_anything_is_sent() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let (client, old) = with_secret(&bench, &job).await;
    let plan = job.plan_fix(rotation(&bench, &client, Some(&old), false)).await.unwrap();
    bench.keychain.set(Mood::Absent);
    let failed = run(&job, plan).await;
    assert_eq!(failed.state, RunState::Failed);
    assert_eq!(failure(&failed).code, Code::KeychainAbsent);
    assert!(bench.mutations().is_empty());
    assert!(failed.summary.contains("is not rotated") && failed.summary.contains("works until"), "{}", failed.summary);
}

#[tokio::test]
async fn a_secret_goes_from_entra_then_from_the_keychain_and_nothing_brings_it_back() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let (client, key) = with_secret(&bench, &job).await;
    let wish = Fix::RemoveSecret { client_id: client.clone(), key_id: key.clone() };
    let plan = job.plan_fix(wish.clone()).await.unwrap();
    let view = plan.view().clone();
    assert_eq!(kinds(&plan), [(StepKind::RemoveSecret, StepEffect::WillRemove)]);
    assert!(view.warnings.iter().any(|one| one.message.contains("only credential")), "{:#?}", view.warnings);
    assert!(view.warnings.iter().any(|one| one.message.contains("cannot be undone")), "{:#?}", view.warnings);
    let done = run(&job, plan).await;
    assert_eq!(done.state, RunState::Done, "{done:#?}");
    assert_eq!(sent(&bench), shown(&bench, &view));
    assert!(keys(&bench).is_empty() && bench.keychain.accounts().is_empty());
    assert!(!done.ways.can_undo, "{done:#?}");
    let problem = job.plan_undo(&done.id).await.unwrap_err();
    assert!(problem.message.contains("cannot come back"), "{problem:#?}");
    assert_eq!(job.plan_fix(wish).await.unwrap_err().code, Code::NotFound);
}

#[tokio::test]
async fn a_value_that_opens_nothing_any_more_is_taken_out_of_the_keychain() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let (client, key) = with_secret(&bench, &job).await;
    let app = crate::support::others::app_id_of(&bench, NAME);
    let body = serde_json::json!({ "keyId": key });
    by_hand(&bench, "POST", &format!("/applications/{app}/removePassword"), Some(body)).await;
    bench.settle();
    bench.tenant.recorder().clear();
    fix(&job, Fix::RemoveSecret { client_id: client, key_id: key }).await;
    assert!(bench.mutations().is_empty());
    assert!(bench.keychain.accounts().is_empty());
}

#[tokio::test]
async fn a_keychain_that_is_locked_after_the_removal_is_emptied_by_the_rest() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let (client, key) = with_secret(&bench, &job).await;
    let plan = job.plan_fix(Fix::RemoveSecret { client_id: client, key_id: key }).await.unwrap();
    bench.keychain.set(Mood::Locked);
    let failed = run(&job, plan).await;
    assert_eq!(failed.state, RunState::Failed, "{failed:#?}");
    assert!(failure(&failed).exists.unwrap().contains("opens nothing any more"));
    bench.keychain.set(Mood::Fine);
    bench.settle();
    bench.tenant.recorder().clear();
    resume(&job, &failed.id).await;
    assert!(bench.mutations().is_empty());
    assert!(bench.keychain.accounts().is_empty());
}
