//! A new secret that the keychain is not to keep, or cannot, is shown once: taken, or removed from Entra.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use inbound_access_job::Job;
use inbound_access_job::desired::{SecretGoes, SetupRequest};
use inbound_access_job::plan::{StepEffect, StepKind};
use inbound_access_job::problem::Code;
use inbound_access_job::run::{RunState, RunView, StepState};
use inbound_access_job::secrets::{AppTokens, SecretOffer, ShowOnce, Taken, TokenSource};
use inbound_access_job::verification::TokenCheck;
use inbound_access_job::{Plan, RunStore};
use inbound_entra::ids::{AppId, TenantId};
use practice_tenant::{DialSettings, Fault};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::support::keychain::Mood;
use crate::support::{Bench, News, app_request, failure, passwords, run, set_up};

const NAME: &str = "HR feed";
const WHOLE: [&str; 5] = ["register", "servicePrincipal", "grant", "grant", "addPassword"];

/// What the operator does when a secret is shown.
#[derive(Debug, Clone)]
enum Does {
    Takes,
    Refuses,
    /// Is away.
    Nothing,
    /// Cancels the run.
    Cancels(CancellationToken),
    /// Takes it, but meanwhile the folder of runs is gone.
    TakesBesideALostFolder(PathBuf),
}

/// An operator to whom secrets are shown.
struct Before {
    does: Does,
    seen: Mutex<Vec<(String, String)>>,
    reached: Notify,
}

impl Before {
    fn who(does: Does) -> Arc<Self> {
        Arc::new(Self { does, seen: Mutex::default(), reached: Notify::new() })
    }

    /// The values that were shown.
    fn values(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|(_, value)| value.clone()).collect()
    }
}

#[async_trait]
impl ShowOnce for Before {
    async fn show(&self, offer: SecretOffer) -> Taken {
        self.seen.lock().unwrap().push((offer.run_id, offer.secret.expose_secret().to_owned()));
        // By then it is told.
        tokio::task::yield_now().await;
        self.reached.notify_one();
        match &self.does {
            Does::Takes => Taken::Taken,
            Does::Refuses => Taken::Refused,
            Does::Nothing => std::future::pending().await,
            Does::Cancels(cancel) => {
                cancel.cancel();
                std::future::pending().await
            }
            Does::TakesBesideALostFolder(folder) => {
                std::fs::remove_dir_all(folder).unwrap();
                Taken::Taken
            }
        }
    }
}

fn shown_once(request: SetupRequest) -> SetupRequest {
    let mut request = request;
    let SetupRequest::AppRegistration { secret_goes, .. } = &mut request else { panic!("an app") };
    *secret_goes = SecretGoes::ShownOnce;
    request
}

async fn run_before(job: &Job, plan: Plan, operator: &Arc<Before>, news: &News) -> RunView {
    let cancel = match &operator.does {
        Does::Cancels(cancel) => cancel.clone(),
        _ => CancellationToken::new(),
    };
    let shows: Arc<dyn ShowOnce> = operator.clone();
    job.run_showing(plan, cancel, news.listener(), shows).await.expect("the run begins")
}

/// Plans to show the secret once, and runs it before `operator`.
async fn shown_to(bench: &Bench, operator: &Arc<Before>) -> RunView {
    let job = bench.admin().await;
    let plan = job.plan(shown_once(app_request(bench, NAME))).await.unwrap();
    run_before(&job, plan, operator, &News::default()).await
}

fn secret_step(run: &RunView) -> &StepState {
    &run.steps.iter().find(|step| step.kind == StepKind::CreateSecret).unwrap().state
}

/// No file that the program wrote holds one of `values`.
fn nowhere_in_files(bench: &Bench, values: &[String]) {
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
            for value in values {
                let found = bytes.windows(value.len()).any(|part| part == value.as_bytes());
                assert!(!found, "{}", path.display());
            }
            files += 1;
        }
    }
    assert!(files >= 1, "there is a journal");
}

#[tokio::test]
async fn p17_p31_a_secret_is_shown_once_without_a_keychain_and_works() {
    let bench = Bench::start().await;
    bench.keychain.set(Mood::Absent);
    let job = bench.admin().await;
    let plan = job.plan(shown_once(app_request(&bench, NAME))).await.unwrap();
    assert!(plan.view().steps.iter().all(|step| step.kind != StepKind::ProveKeychain), "{:#?}", plan.view());
    let step = plan.view().steps.last().unwrap().clone();
    assert!(step.title.ends_with("and show it once"), "{}", step.title);
    assert!(step.note.unwrap().contains("removed from Entra"));

    let (operator, news) = (Before::who(Does::Takes), News::default());
    let ended = run_before(&job, plan, &operator, &news).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert!(ended.summary.ends_with("Its secret was shown once and is kept nowhere on this computer."));
    assert_eq!(bench.mutation_names(), WHOLE);
    let values = operator.values();
    assert_eq!(values.len(), 1);
    assert_eq!(operator.seen.lock().unwrap()[0].0, ended.id);
    let waited = news.of_step(step.number).into_iter().find_map(|state| match state {
        StepState::ShowsSecret { why, description, until } => Some((why, description, until)),
        _ => None,
    });
    let hand_over = ended.hand_over.as_ref().unwrap();
    let shown = hand_over.shown.as_ref().expect("the hand-over names it");
    let (why, description, until) = waited.unwrap();
    assert_eq!((why, &description), (None, &shown.description));
    let time = |at: &str| -> jiff::Timestamp { at.parse().unwrap() };
    let since = time(&until).checked_sub(Duration::from_secs(600)).unwrap();
    assert!(time(&ended.started) <= since && since <= time(ended.ended.as_deref().unwrap()), "{until}");
    assert_eq!(hand_over.secret, None);
    let left = passwords(&bench, NAME);
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["keyId"].as_str(), Some(shown.key_id.as_str()));
    assert_eq!(left[0]["displayName"].as_str(), Some(shown.description.as_str()));
    assert!(ended.made.iter().any(|made| made.id == shown.key_id));
    assert!(ended.debts.is_empty());
    assert!(bench.keychain.accounts().is_empty());

    bench.settle();
    let tokens = AppTokens { cloud: bench.cloud.clone(), tenant: TenantId(bench.tenant.tenant_id()) };
    let client: AppId = shown.client_id.parse().unwrap();
    tokens.app_token(client, &SecretString::from(values[0].clone())).await.expect("what was shown is the secret");

    bench.keychain.set(Mood::Fine);
    let verified = job.verify(NAME, &[], true).await.unwrap();
    assert_eq!(verified.credentials[0].in_keychain, Some(false));
    assert!(!matches!(verified.token, TokenCheck::Issued { .. }), "its value is not here: {:#?}", verified.token);
    nowhere_in_files(&bench, &values);
    let told = serde_json::to_string(&(&ended, &*news.0.lock().unwrap(), &verified)).unwrap();
    assert!(!told.contains(&values[0]));
}

#[tokio::test]
async fn p31_a_secret_that_is_not_taken_is_removed_and_the_run_can_be_continued() {
    let cancel = CancellationToken::new;
    for (does, words) in [
        (Does::Refuses, "The secret was not taken and was removed from Entra"),
        (Does::Nothing, "within ten minutes, so it was removed from Entra"),
        (Does::Cancels(cancel()), "Cancelled before the secret was taken; it was removed from Entra"),
    ] {
        let what = format!("{does:?}");
        let bench = Bench::start().await;
        let before = bench.clock.0.now();
        let operator = Before::who(does);
        let ended = shown_to(&bench, &operator).await;
        assert_eq!(ended.state, RunState::Cancelled, "{what}: {ended:#?}");
        let StepState::NotDone { reason } = secret_step(&ended) else { panic!("{what}: {ended:#?}") };
        assert!(reason.contains(words), "{what}: {reason}");
        assert!(reason.ends_with("no secret of this run exists."), "{what}: {reason}");
        assert_eq!(bench.mutation_names()[5..], ["removePassword"], "{what}");
        assert!(passwords(&bench, NAME).is_empty(), "{what}");
        assert!(bench.keychain.accounts().is_empty(), "{what}");
        assert!(
            ended.debts.is_empty() && !ended.made.iter().any(|made| made.id_name == "key id"),
            "{what}: {ended:#?}"
        );
        let waited = bench.clock.0.now().duration_since(before).unsigned_abs();
        assert_eq!(waited >= Duration::from_secs(600), what == "Nothing", "{what}: waited {waited:?}");
        nowhere_in_files(&bench, &operator.values());

        bench.settle();
        let job = bench.admin().await;
        let plan = job.plan_continue(&ended.id).await.unwrap();
        assert_eq!(plan.view().changes, 1, "{what}: {:#?}", plan.view());
        let operator = Before::who(Does::Takes);
        let ended = run_before(&job, plan, &operator, &News::default()).await;
        assert_eq!(ended.state, RunState::Done, "{what}: {ended:#?}");
        assert!(ended.hand_over.unwrap().shown.is_some(), "{what}");
        assert_eq!(bench.mutation_names(), ["addPassword"], "{what}");
        assert_eq!(passwords(&bench, NAME).len(), 1, "{what}");
    }
}

#[tokio::test]
async fn p31_a_secret_that_the_keychain_refuses_late_is_shown_and_taken() {
    let bench = Bench::start().await;
    bench.keychain.set(Mood::RefusesToStore);
    let job = bench.admin().await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let number = plan.view().steps.last().unwrap().number;
    let (operator, news) = (Before::who(Does::Takes), News::default());
    let ended = run_before(&job, plan, &operator, &news).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert_eq!(bench.mutation_names(), WHOLE, "it is not removed");
    let StepState::Done { note: Some(note), .. } = secret_step(&ended) else { panic!("{ended:#?}") };
    assert_eq!(note, "shown once; the keychain could not keep it");
    let why = news.of_step(number).into_iter().find_map(|state| match state {
        StepState::ShowsSecret { why, .. } => why,
        _ => None,
    });
    assert_eq!(why.expect("the operator hears why").code, Code::KeychainFailed);
    let hand_over = ended.hand_over.unwrap();
    assert!(hand_over.secret.is_none() && hand_over.shown.is_some());
    assert!(bench.keychain.accounts().is_empty());
    nowhere_in_files(&bench, &operator.values());

    // Mended, the same request makes one in the keychain beside it, and says so before.
    bench.keychain.set(Mood::Fine);
    bench.settle();
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let step = plan.view().steps.last().unwrap();
    let note = step.note.clone().unwrap_or_default();
    assert!(note.contains("which was shown once on") && note.ends_with("stays"), "{note}");
    assert_eq!(run(&job, plan).await.state, RunState::Done);
    assert_eq!(passwords(&bench, NAME).len(), 2);
    assert!(!bench.mutation_names().contains(&"removePassword"));
}

#[tokio::test]
async fn p31_a_secret_that_the_keychain_refuses_late_and_nobody_takes_is_removed() {
    for does in [Does::Refuses, Does::Nothing, Does::Cancels(CancellationToken::new())] {
        let what = format!("{does:?}");
        let bench = Bench::start().await;
        bench.keychain.set(Mood::RefusesToStore);
        let job = bench.admin().await;
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        let ended = run_before(&job, plan, &Before::who(does), &News::default()).await;
        assert_eq!(ended.state, RunState::Failed, "{what}: {ended:#?}");
        let problem = failure(&ended);
        assert_eq!(problem.code, Code::KeychainFailed, "{what}");
        assert!(problem.exists.unwrap().contains("removed from Entra again; no secret of this run exists"), "{what}");
        assert_eq!(bench.mutation_names()[5..], ["removePassword"], "{what}");
        assert!(passwords(&bench, NAME).is_empty() && ended.debts.is_empty(), "{what}");
    }
}

#[tokio::test]
async fn p31_killed_while_it_shows_the_secret_is_owed_and_the_next_plan_removes_it() {
    let bench = Bench::start().await;
    // Without a keychain, too: this run's secret was never to be in it.
    bench.keychain.set(Mood::Absent);
    let job = bench.admin().await;
    let plan = job.plan(shown_once(app_request(&bench, NAME))).await.unwrap();
    let operator = Before::who(Does::Nothing);
    let news = News::default();
    let shows: Arc<dyn ShowOnce> = operator.clone();
    tokio::select! {
        biased;
        () = operator.reached.notified() => {}
        ended = job.run_showing(plan, CancellationToken::new(), news.listener(), shows) => panic!("{ended:#?}"),
    }
    let left = passwords(&bench, NAME);
    assert_eq!(left.len(), 1);
    let interrupted = bench.runs.list().unwrap().remove(0);
    assert_eq!(interrupted.state, RunState::Interrupted);
    assert_eq!(interrupted.debts[0].key_id.as_deref(), left[0]["keyId"].as_str());
    let problem = failure(&interrupted);
    assert!(problem.exists.unwrap().contains("nobody said that they have it"));
    nowhere_in_files(&bench, &operator.values());

    bench.settle();
    let plan = job.plan(shown_once(app_request(&bench, NAME))).await.unwrap();
    let step = plan.view().steps.last().unwrap();
    assert_eq!(step.requests.len(), 2, "the removal is part of the plan: {step:#?}");
    assert!(step.note.clone().unwrap().contains("that nobody said to have"), "{step:#?}");
    bench.tenant.recorder().clear();
    let ended = run_before(&job, plan, &Before::who(Does::Takes), &News::default()).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert_eq!(bench.mutation_names(), ["removePassword", "addPassword"]);
    let now = passwords(&bench, NAME);
    assert_eq!(now.len(), 1);
    assert_ne!(now[0]["keyId"], left[0]["keyId"]);
    assert!(bench.runs.list().unwrap().iter().all(|run| run.id == ended.id || run.debts.len() == 1));
}

#[tokio::test]
async fn p31_killed_after_it_was_taken_the_secret_is_never_removed() {
    let bench = Bench::start().await;
    bench.keychain.set(Mood::RefusesAndDies);
    let job = bench.admin().await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let news = News::default();
    tokio::select! {
        biased;
        () = bench.keychain.dies.notified() => {}
        ended = job.run_showing(plan, CancellationToken::new(), news.listener(), Before::who(Does::Takes)) => {
            panic!("{ended:#?}")
        }
    }
    let interrupted = bench.runs.list().unwrap().remove(0);
    assert_eq!(interrupted.state, RunState::Interrupted);
    assert!(interrupted.debts.is_empty(), "{interrupted:#?}");
    assert!(matches!(secret_step(&interrupted), StepState::Done { .. }), "{interrupted:#?}");

    for mood in [Mood::Fine, Mood::Locked] {
        bench.keychain.set(mood);
        bench.settle();
        let plan = job.plan(shown_once(app_request(&bench, NAME))).await.unwrap();
        assert_eq!(plan.view().changes, 0, "{:#?}", plan.view());
        assert!(plan.view().warnings.is_empty(), "{:#?}", plan.view().warnings);
    }
    assert_eq!(passwords(&bench, NAME).len(), 1);
    assert!(!bench.mutation_names().contains(&"removePassword"));
}

#[tokio::test]
async fn a_secret_that_was_shown_once_is_not_doubled_by_the_same_request() {
    for dials in
        [DialSettings::default(), DialSettings { replication: Duration::from_secs(10), ..DialSettings::default() }]
    {
        let bench = Bench::with(dials).await;
        let ended = shown_to(&bench, &Before::who(Does::Takes)).await;
        assert_eq!(ended.state, RunState::Done, "{ended:#?}");
        bench.tenant.recorder().clear();
        let job = bench.admin().await;
        let plan = job.plan(shown_once(app_request(&bench, NAME))).await.unwrap();
        assert_eq!(plan.view().changes, 0, "{:#?}", plan.view());
        let step = plan.view().steps.last().unwrap();
        assert_eq!((step.kind, step.effect), (StepKind::CreateSecret, StepEffect::AlreadySo));
        let note = step.note.clone().unwrap();
        assert!(note.contains("which was shown once on") && note.contains("remove it in Entra first"), "{note}");
        // Nothing is shown, so a face that cannot show may run it.
        let again = run(&job, plan).await;
        assert_eq!(again.state, RunState::Done);
        assert_eq!(again.hand_over.unwrap().shown, ended.hand_over.unwrap().shown);
        assert!(bench.mutations().is_empty());
    }
}

#[tokio::test]
async fn a_secret_in_the_keychain_serves_where_one_is_to_be_shown() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let first = set_up(&job, app_request(&bench, NAME)).await;
    bench.settle();
    let plan = job.plan(shown_once(app_request(&bench, NAME))).await.unwrap();
    assert_eq!(plan.view().changes, 0, "{:#?}", plan.view());
    let again = run(&job, plan).await;
    assert_eq!(again.hand_over.unwrap().secret, first.hand_over.unwrap().secret);
}

#[tokio::test]
async fn a_keychain_that_cannot_be_read_does_not_keep_a_secret_from_being_shown() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, NAME)).await;
    bench.settle();
    bench.keychain.set(Mood::Locked);
    let plan = job.plan(shown_once(app_request(&bench, NAME))).await.unwrap();
    let warning = plan.view().warnings.iter().find(|warning| warning.message.contains("It is not known whether"));
    assert!(warning.unwrap().message.ends_with("Another one is made and shown all the same."));
    let ended = run_before(&job, plan, &Before::who(Does::Takes), &News::default()).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert_eq!(passwords(&bench, NAME).len(), 2);
}

#[tokio::test]
async fn where_nothing_can_show_a_secret_the_run_is_refused_before_anything_is_sent() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let plan = job.plan(shown_once(app_request(&bench, NAME))).await.unwrap();
    let refused = job.run(plan, CancellationToken::new(), News::default().listener()).await.unwrap_err();
    assert_eq!((refused.code, refused.exists.as_deref()), (Code::InvalidInput, Some("Nothing was changed.")));
    assert_eq!(refused.fields[0].field, "secretGoes");
    assert!(bench.mutations().is_empty());
    assert!(bench.runs.list().unwrap().is_empty(), "it did not begin");
}

#[tokio::test]
async fn p17_a_keychain_that_does_not_work_points_to_showing_where_that_can_be() {
    for mood in [Mood::Absent, Mood::Locked] {
        let bench = Bench::start().await;
        bench.keychain.set(mood);
        let job = bench.admin().await;
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        let operator = Before::who(Does::Takes);
        let ended = run_before(&job, plan, &operator, &News::default()).await;
        let advice = failure(&ended).advice.unwrap();
        assert!(advice.contains("\"Show it once\"") && advice.contains("plan again"), "{advice}");
        assert!(bench.mutations().is_empty() && operator.values().is_empty(), "nothing is shown unasked");
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        assert!(failure(&run(&job, plan).await).advice.is_none(), "a terminal has no such way");
    }
}

#[tokio::test]
async fn p31_of_secrets_whose_answer_was_lost_only_the_one_that_was_shown_is_left() {
    let bench = Bench::start().await;
    bench.fault("addPassword", 1, 1, Fault::ResetAfter);
    let operator = Before::who(Does::Takes);
    let ended = shown_to(&bench, &operator).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    let left = passwords(&bench, NAME);
    assert_eq!((left.len(), operator.values().len()), (1, 1), "{left:#?}");
    assert_eq!(left[0]["keyId"].as_str(), ended.hand_over.unwrap().shown.as_ref().map(|shown| shown.key_id.as_str()));
    assert!(ended.debts.is_empty());
}

#[tokio::test]
async fn p31_a_secret_whose_taking_cannot_be_recorded_is_removed() {
    let bench = Bench::start().await;
    let folder = bench.folder.path().join("runs");
    let ended = shown_to(&bench, &Before::who(Does::TakesBesideALostFolder(folder.clone()))).await;
    let problem = failure(&ended);
    assert_eq!(problem.code, Code::LocalFile);
    assert!(problem.exists.unwrap().contains("it opens nothing any more"));
    assert!(passwords(&bench, NAME).is_empty());
    // The next plan knows of nothing that is not so.
    RunStore::open(folder).unwrap();
    bench.settle();
    let plan = bench.admin().await.plan(shown_once(app_request(&bench, NAME))).await.unwrap();
    assert_eq!(plan.view().changes, 1, "{:#?}", plan.view());
}

#[tokio::test]
async fn p31_a_refused_secret_that_cannot_be_removed_is_named_and_removed_by_the_next_run() {
    let bench = Bench::start().await;
    bench.fault("removePassword", 1, 10_000, Fault::ResetBefore);
    let ended = shown_to(&bench, &Before::who(Does::Refuses)).await;
    assert_eq!(ended.state, RunState::Failed, "more than a cancellation: {ended:#?}");
    let left = passwords(&bench, NAME);
    let exists = failure(&ended).exists.unwrap();
    assert!(exists.contains(left[0]["keyId"].as_str().unwrap()), "{exists}");
    assert_eq!(ended.debts.len(), 1);

    bench.no_faults();
    bench.settle();
    bench.tenant.recorder().clear();
    let ended = shown_to(&bench, &Before::who(Does::Takes)).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert_eq!(passwords(&bench, NAME).len(), 1);
    assert_ne!(passwords(&bench, NAME)[0]["keyId"], left[0]["keyId"]);
}
