//! Round trips of a full set-up of a service principal.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use inbound_access_job::desired::{AppChoice, SecretGoes, SetupRequest};
use inbound_access_job::plan::StepView;
use inbound_access_job::run::RunState;
use inbound_connection::{Connector, Entry, Folders, Keychain, PersonaKey, Place};
use inbound_keychain::Bounds;
use inbound_keychain::testing::FakeStore;
use jiff::{SignedDuration, Timestamp};
use practice_tenant::{Exchange, Options, PracticeTenant};
use tokio_util::sync::CancellationToken;

use crate::report::{Report, best_and_median};
use crate::served::Served;

/// As between Europe and a Graph data centre.
const LATENCY_MS: u32 = 80;
/// The best and the median of so many: what is above the best is this machine's other work.
const ROUNDS: usize = 5;
/// The latency at which reads are counted: requests that are sent together come together, on a busy machine too.
const COUNTING_MS: u32 = 300;

pub async fn measure(report: &mut Report) {
    let counted = count().await;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let served = Served::start(&["--latency", &LATENCY_MS.to_string()]);
        times.push(set_up(&served.url(), "HR feed").await.whole);
    }
    let (best, median) = best_and_median(times);
    let chain = counted.look + counted.chain;
    let bound = Duration::from_millis(u64::from(LATENCY_MS) * chain as u64);
    report.add("latencyMs", "Latency of every answer", f64::from(LATENCY_MS), "ms");
    report.add("signInRequests", "Requests of sign-in", counted.sign_in as f64, "");
    report.add("setUpRequests", "Requests of a full set-up after it", counted.set_up as f64, "");
    report.add("longestChain", "Longest chain of dependent round trips", chain as f64, "");
    report.add("readRounds", "Rounds of reads in it before the first change", counted.look as f64, "");
    for (time, ms, over, words, words_over) in [
        (best, "setUpMs", "setUpOverChain", "Full set-up, wall time, best", "Wall time over the longest chain, best"),
        (
            median,
            "setUpMedianMs",
            "setUpMedianOverChain",
            "Full set-up, wall time, median",
            "Wall time over the longest chain, median",
        ),
    ] {
        report.add(ms, words, time.as_secs_f64() * 1e3, "ms");
        report.add(over, words_over, time.as_secs_f64() / bound.as_secs_f64(), "x");
    }
    report.remark("The set-up was measured with a stand-in in memory for the keychain.");
}

struct Counted {
    sign_in: usize,
    set_up: usize,
    /// Rounds of reads before the first change.
    look: usize,
    /// Requests of the plan that follow one another.
    chain: usize,
}

struct Took {
    whole: Duration,
    steps: Vec<StepView>,
}

async fn count() -> Counted {
    let tenant = PracticeTenant::start(Options::default()).await.expect("a practice tenant");
    let session = connect(&tenant.url()).await;
    let sign_in = tenant.recorder().exchanges().len();
    tenant.recorder().clear();
    tenant.dials().set_latency(Duration::from_millis(u64::from(COUNTING_MS)));
    let took = set_up_as(&session, "HR feed").await;
    let exchanges = tenant.recorder().exchanges();
    Counted { sign_in, set_up: exchanges.len(), look: read_rounds(&exchanges), chain: longest_chain(&took.steps) }
}

/// How many reads had to follow one another before the first change. The recorder tells when each was answered, and
/// no answer takes less than the latency: one that came sooner after another had not waited for it.
fn read_rounds(exchanges: &[Exchange]) -> usize {
    let latency = SignedDuration::from_millis(i64::from(COUNTING_MS));
    let mut rounds = 0;
    let mut first_of_round: Option<Timestamp> = None;
    for read in exchanges.iter().take_while(|exchange| exchange.method == "GET") {
        if first_of_round.is_none_or(|first| read.at.duration_since(first) >= latency) {
            rounds += 1;
            first_of_round = Some(read.at);
        }
    }
    assert!((1..exchanges.len()).contains(&rounds), "{rounds} rounds of reads in {} requests", exchanges.len());
    rounds
}

async fn set_up(url: &str, name: &str) -> Took {
    set_up_as(&connect(url).await, name).await
}

pub struct Connected {
    pub job: inbound_access_job::Job,
    _home: tempfile::TempDir,
}

pub async fn connect(url: &str) -> Connected {
    let home = tempfile::tempdir().expect("a folder");
    let folders = Folders::under(home.path()).expect("folders of the app's own");
    let keychain = Keychain::with_store(FakeStore::new().factory(), Bounds::default());
    let connector = Connector::new(folders, keychain, "0.0.0").at(Place::PracticeUrl(url.to_owned()));
    let session = connector.enter(Entry::Persona(PersonaKey::GlobalAdministrator), &CancellationToken::new()).await;
    Connected { job: session.expect("signed in").job, _home: home }
}

async fn set_up_as(connected: &Connected, name: &str) -> Took {
    let ends = Timestamp::now() + SignedDuration::from_hours(180 * 24);
    let request = SetupRequest::AppRegistration {
        name: name.to_owned(),
        app: AppChoice::ByName,
        note: None,
        secret_description: None,
        secret_expires: ends.strftime("%F").to_string(),
        permissions: vec!["SynchronizationData-User.Upload".to_owned(), "AuditLog.Read.All".to_owned()],
        ask_consent: false,
        secret_goes: SecretGoes::IntoKeychain,
    };
    let begun = Instant::now();
    let plan = connected.job.plan(request).await.expect("a plan");
    let steps = plan.view().steps.clone();
    let run = connected.job.run(plan, CancellationToken::new(), Arc::new(|_| {})).await.expect("a run");
    assert_eq!(run.state, RunState::Done, "{}", run.summary);
    Took { whole: begun.elapsed(), steps }
}

/// How many requests of the plan must follow one another.
fn longest_chain(steps: &[StepView]) -> usize {
    let mut upto: BTreeMap<u32, usize> = BTreeMap::new();
    for step in steps {
        let before = step.needs.iter().filter_map(|number| upto.get(number)).max().copied().unwrap_or_default();
        upto.insert(step.number, before + step.requests.len());
    }
    upto.into_values().max().unwrap_or_default()
}
