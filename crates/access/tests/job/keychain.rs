//! The keychain is absent, locked, full or silent.

use inbound_access_job::problem::Code;
use inbound_access_job::run::{RunState, StepState};

use practice_tenant::Fault;
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use crate::support::keychain::Mood;
use crate::support::{Bench, News, app_request, failure, passwords, run, set_up};

const NAME: &str = "HR feed";

#[tokio::test]
async fn f25_without_a_keychain_nothing_is_created() {
    for (mood, code) in [(Mood::Absent, Code::KeychainAbsent), (Mood::Locked, Code::KeychainLocked)] {
        let bench = Bench::start().await;
        bench.keychain.set(mood);
        let job = bench.admin().await;
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        let ended = run(&job, plan).await;
        assert_eq!(ended.state, RunState::Failed);
        let problem = failure(&ended);
        assert_eq!(problem.code, code);
        assert!(problem.exists.unwrap().starts_with("Nothing was created"));
        assert!(bench.mutations().is_empty(), "{:?}", bench.mutation_names());
        assert!(ended.made.is_empty());
        assert!(ended.steps.iter().skip(1).all(|step| matches!(step.state, StepState::NotDone { .. })));
    }
}

#[tokio::test]
async fn a_prompt_of_the_keychain_is_told_and_waited_for() {
    let bench = Bench::start().await;
    bench.keychain.set(Mood::Asks);
    let job = bench.admin().await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let news = News::default();
    let ended = job.run(plan, CancellationToken::new(), news.listener()).await.unwrap();
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert!(news.of_step(1).contains(&StepState::KeychainAsks), "{:?}", news.of_step(1));
}

#[tokio::test]
async fn f32_a_secret_that_cannot_be_kept_is_removed_from_entra() {
    let bench = Bench::start().await;
    bench.keychain.set(Mood::RefusesToStore);
    let job = bench.admin().await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let ended = run(&job, plan).await;
    let problem = failure(&ended);
    assert_eq!(problem.code, Code::KeychainFailed);
    assert!(problem.exists.unwrap().contains("removed from Entra again"));
    assert_eq!(bench.mutation_names().last(), Some(&"removePassword"));
    assert!(passwords(&bench, NAME).is_empty());
    assert!(!ended.made.iter().any(|made| made.id_name == "key id"), "what is gone is not listed");

    // Mended, the same request does the rest.
    bench.keychain.set(Mood::Fine);
    set_up(&job, app_request(&bench, NAME)).await;
    assert_eq!(passwords(&bench, NAME).len(), 1);
}

#[tokio::test]
async fn f38_a_write_that_was_not_heard_of_counts_once_it_is_read_back() {
    let bench = Bench::start().await;
    bench.keychain.set(Mood::StoresInSilence);
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, NAME)).await;
    assert_eq!(passwords(&bench, NAME).len(), 1);
    assert_eq!(bench.keychain.accounts().len(), 1);
    assert!(!bench.mutation_names().contains(&"removePassword"));
}

#[tokio::test]
async fn a_secret_on_another_computer_does_not_count_as_here() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, NAME)).await;
    bench.keychain.forget_all();
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    assert_eq!(plan.view().changes, 1, "{:#?}", plan.view());
    assert_eq!(run(&job, plan).await.state, RunState::Done);
    assert_eq!(passwords(&bench, NAME).len(), 2, "the other computer's secret is not ours to remove");
}

#[tokio::test]
async fn a_keychain_that_was_locked_at_planning_is_looked_into_again() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, NAME)).await;
    bench.keychain.set(Mood::Locked);
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    assert!(plan.view().warnings.iter().any(|warning| warning.message.contains("It is not known whether a secret")));
    bench.keychain.set(Mood::Fine);
    bench.tenant.recorder().clear();
    assert_eq!(run(&job, plan).await.state, RunState::Done);
    assert!(bench.mutations().is_empty(), "the secret that is here is found");
}

#[tokio::test]
async fn a_secret_that_can_neither_be_kept_nor_removed_is_named_and_removed_by_the_next_run() {
    let bench = Bench::start().await;
    bench.keychain.set(Mood::RefusesToStore);
    bench.fault("removePassword", 1, 10_000, Fault::ResetBefore);
    let job = bench.admin().await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let ended = run(&job, plan).await;
    let problem = failure(&ended);
    let left = passwords(&bench, NAME);
    assert_eq!(left.len(), 1);
    let exists = problem.exists.unwrap();
    assert!(exists.contains(left[0]["keyId"].as_str().unwrap()), "{exists}");
    assert!(problem.advice.unwrap().contains("the next run for this app removes it"));
    assert!(ended.made.iter().any(|made| made.id_name == "key id"), "what is left is listed");

    bench.no_faults();
    bench.keychain.set(Mood::Fine);
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let step = plan.view().steps.last().unwrap();
    assert_eq!(step.requests.len(), 2, "the removal is part of the plan: {step:#?}");
    bench.tenant.recorder().clear();
    assert_eq!(run(&job, plan).await.state, RunState::Done);
    assert_eq!(bench.mutation_names(), ["removePassword", "addPassword"]);
    assert_eq!(passwords(&bench, NAME).len(), 1);
}

#[tokio::test]
async fn the_secret_is_nowhere_but_in_the_keychain() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let news = News::default();
    let ended = job.run(plan, CancellationToken::new(), news.listener()).await.unwrap();
    let place = ended.hand_over.unwrap().secret.unwrap();
    let secret = job.read_secret(&place.client_id, &place.key_id).await.unwrap();
    let value = secret.expose_secret();
    assert!(value.len() >= 16);
    let told = serde_json::to_string(&*news.0.lock().unwrap()).unwrap();
    assert!(!told.contains(value), "news");
    assert!(!place.account.contains(value) && !place.description.contains(value));
    let verified = job.verify(NAME, &[], true).await.unwrap();
    assert!(!serde_json::to_string(&verified).unwrap().contains(value), "verification");
    let mut folders = vec![bench.folder.path().to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains(value), "{}", path.display());
            files += 1;
        }
    }
    assert!(files >= 2, "the journal, and what was verified");
}

#[tokio::test]
async fn reading_a_secret_names_the_bad_id_or_says_that_it_is_not_here() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let id = "11111111-2222-4333-8444-555555555555";
    assert_eq!(job.read_secret("x", id).await.unwrap_err().fields[0].field, "clientId");
    assert_eq!(job.read_secret(id, "x").await.unwrap_err().fields[0].field, "keyId");
    assert_eq!(job.read_secret(id, id).await.unwrap_err().code, Code::SecretNotFound);
}
