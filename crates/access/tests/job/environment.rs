//! The computer and the sign-in under a run: it sleeps, its disk fills up, the session is taken away (security F46, F48,
//! F53).

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use inbound_access_job::problem::Code;
use inbound_access_job::run::{RunEvent, RunState, RunView, StepState};
use inbound_access_job::{Job, Listener, Plan};
use inbound_entra::auth::Reason;
use practice_tenant::PersonaKey;
use tokio_util::sync::CancellationToken;

use crate::support::{Bench, app_request, failure, passwords, run};

const NAME: &str = "HR feed";
/// The steps of a set-up: keychain, registration, service principal, grants, secret.
const STEPS: std::ops::RangeInclusive<u32> = 1..=6;

/// Runs, and does something when a step begins.
async fn run_and_at(job: &Job, plan: Plan, step: u32, deed: impl Fn() + Send + Sync + 'static) -> RunView {
    let listener: Listener = Arc::new(move |event| {
        if matches!(event, RunEvent::Step { number, state: StepState::Working, .. } if number == step) {
            deed();
        }
    });
    job.run(plan, CancellationToken::new(), listener).await.unwrap()
}

/// One app, one principal, its grants, one secret, which works.
async fn whole(bench: &Bench, job: &Job) {
    bench.settle();
    assert_eq!((bench.applications(NAME).len(), bench.principals(NAME).len()), (1, 1));
    assert_eq!((passwords(bench, NAME).len(), bench.keychain.accounts().len()), (1, 1));
    let verified = job.verify(NAME, &[], true).await.unwrap();
    assert!(verified.permissions.iter().all(|row| row.granted.is_some()), "{verified:#?}");
}

#[tokio::test]
async fn f46_a_sign_in_revoked_in_the_middle_of_a_run_is_asked_for_once_and_the_run_goes_on() {
    // Where the step needs no scope that the session lacks: that question would renew it by the way.
    for step in [2, 3, 6] {
        let bench = Arc::new(Bench::start().await);
        let (job, person) = bench.job_by_own_client(PersonaKey::GlobalAdministrator).await;
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        let before = person.asked().len();
        let tenant = Arc::clone(&bench);
        let ended = run_and_at(&job, plan, step, move || {
            // First, so that also the sign-in of a moment ago is older than its end.
            tenant.tenant.clock().advance(Duration::from_secs(3_700));
            tenant.tenant.dials().revoke_sign_ins(PersonaKey::GlobalAdministrator);
        })
        .await;
        assert_eq!(ended.state, RunState::Done, "at step {step}: {ended:#?}");
        let asked = person.asked();
        let ends = asked[before..].iter().filter(|why| **why == Reason::Ended).count();
        assert_eq!(ends, 1, "at step {step}: {asked:?}");
        whole(&bench, &job).await;
    }
}

#[tokio::test]
async fn f48_a_computer_that_sleeps_for_hours_in_the_middle_of_a_run_goes_on_when_it_wakes() {
    for step in STEPS {
        let bench = Arc::new(Bench::start().await);
        let job = bench.admin().await;
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        let clock = bench.tenant.clock().clone();
        // Long enough that every token has ended.
        let ended = run_and_at(&job, plan, step, move || clock.advance(Duration::from_secs(9 * 3_600))).await;
        assert_eq!(ended.state, RunState::Done, "at step {step}: {ended:#?}");
        whole(&bench, &job).await;
    }
}

/// A disk on which no file of runs can be written: where their folder was there is a file.
struct Full {
    folder: PathBuf,
    aside: PathBuf,
}

impl Full {
    fn at(folder: &Path) -> Self {
        let aside = folder.with_extension("aside");
        std::fs::rename(folder, &aside).unwrap();
        std::fs::write(folder, "").unwrap();
        Self { folder: folder.to_owned(), aside }
    }

    fn freed(self) {
        std::fs::remove_file(&self.folder).unwrap();
        std::fs::rename(&self.aside, &self.folder).unwrap();
    }
}

#[tokio::test]
async fn f53_a_journal_that_cannot_be_written_ends_the_run_in_words_before_the_next_call_and_it_is_finished_later() {
    for step in STEPS {
        let bench = Arc::new(Bench::start().await);
        let job = bench.admin().await;
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        let folder = bench.folder.path().join("runs");
        let full: Arc<std::sync::Mutex<Option<Full>>> = Arc::default();
        let (fill, tenant) = (Arc::clone(&full), Arc::clone(&bench));
        let ended = run_and_at(&job, plan, step, move || {
            *fill.lock().unwrap() = Some(Full::at(&folder));
            tenant.tenant.recorder().clear();
        })
        .await;
        assert_eq!(
            bench.mutation_names(),
            Vec::<&str>::new(),
            "nothing is sent that cannot be written down: step {step}"
        );
        let problem = failure(&ended);
        assert_eq!((ended.state, problem.code), (RunState::Failed, Code::LocalFile), "step {step}: {problem:?}");
        assert!(problem.message.contains("could not be"), "{problem:?}");
        assert!(problem.exists.is_some() && problem.advice.is_some(), "step {step}: {problem:?}");
        assert!(bench.applications(NAME).iter().all(|_| passwords(&bench, NAME).is_empty()), "no secret was made");
        assert!(bench.keychain.accounts().is_empty());

        full.lock().unwrap().take().unwrap().freed();
        let runs = job.runs().list().unwrap();
        assert_eq!((runs.len(), &runs[0].id), (1, &ended.id), "the run is there, and its file is whole");
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        assert_eq!(run(&job, plan).await.state, RunState::Done, "step {step}");
        whole(&bench, &job).await;
    }
}
