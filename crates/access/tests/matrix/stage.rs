//! A tenant, a folder and a keychain, which outlive the program, and programs that start on them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use inbound_access_job::directory::Directory;
use inbound_access_job::run::RunView;
use inbound_access_job::secrets::SecretStore;
use inbound_access_job::{Job, Listener, Plan, RunStore};
use inbound_entra::graph::Graph;
use practice_tenant::{FaultRule, FaultScript, PersonaKey};
use serde_json::Value;
use tokio::runtime::Builder;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::calls::{Call, Fault, Point};
use crate::keychain::{self, FileKeychain};
use crate::scene::Scene;
use crate::strike::{self, Blow, Striking};
use crate::support::Bench;

/// So long a call is waited for before answers fail to come: some are on their way when that begins.
const STEADY: Duration = Duration::from_secs(4);
/// So long the struck call is waited for, which reaches the tenant but is not answered.
const REACHES: Duration = Duration::from_millis(1_500);
/// So long every later call is waited for.
const HOPELESS: Duration = Duration::from_millis(20);

/// What an attempt of a run is to do.
#[derive(Debug, Clone)]
pub enum Errand {
    SetUp,
    Continue(String),
    Undo(String),
}

pub struct Stage {
    pub bench: Arc<Bench>,
    pub scene: Scene,
    /// The tenant before the first attempt.
    pub before: Value,
    /// The keychain refuses secrets in attempts that are struck.
    pub refuses: AtomicBool,
}

impl Stage {
    pub async fn set(scene: Scene) -> Self {
        let bench = Bench::start().await;
        let before = bench.tenant.snapshot();
        Self { bench: Arc::new(bench), scene, before, refuses: AtomicBool::new(scene.keychain_refuses()) }
    }

    pub fn keychain(&self) -> FileKeychain {
        FileKeychain::at(self.bench.folder.path().join("keychain.json"), false)
    }

    /// The program, started anew.
    pub async fn job(&self) -> Job {
        self.job_with(|graph| Arc::new(graph), Arc::new(self.keychain())).await
    }

    async fn job_with(&self, wrap: impl FnOnce(Graph) -> Arc<dyn Directory>, keychain: Arc<dyn SecretStore>) -> Job {
        let runs = RunStore::open(self.bench.folder.path().join("runs")).unwrap();
        let seat = self.bench.seat();
        seat.job(PersonaKey::GlobalAdministrator, wrap, runs, keychain, self.bench.clock.clone()).await.0
    }

    /// An attempt in this process that is struck, and when: ready to be run.
    async fn attempt(&self, errand: &Errand, at: Call, blow: &Arc<dyn Blow>) -> (Job, Plan, Listener) {
        let wrap = |graph| -> Arc<dyn Directory> { Arc::new(Striking::new(graph, at, Arc::clone(blow))) };
        let inner =
            FileKeychain::at(self.bench.folder.path().join("keychain.json"), self.refuses.load(Ordering::SeqCst));
        let keychain = keychain::Striking { inner, at, seen: AtomicU32::new(0), blow: Arc::clone(blow) };
        let job = self.job_with(wrap, Arc::new(keychain)).await;
        let plan = self.plan(&job, errand).await;
        let (strikes, runs) =
            (strike::listener(plan.view(), at, Arc::clone(blow)), self.bench.folder.path().join("runs"));
        let listener: Listener = Arc::new(move |event| {
            every_file_can_be_read(&runs);
            strikes(event);
        });
        (job, plan, listener)
    }

    pub async fn plan(&self, job: &Job, errand: &Errand) -> Plan {
        match errand {
            Errand::SetUp => job.plan(self.scene.request(&self.bench)).await.unwrap(),
            Errand::Continue(id) => job.plan_continue(id).await.unwrap(),
            Errand::Undo(id) => job.plan_undo(id).await.unwrap(),
        }
    }

    /// The only run that there is, as a program finds it that has just been started.
    pub fn only(&self) -> RunView {
        let runs = RunStore::open(self.bench.folder.path().join("runs")).unwrap();
        assert!(runs.unreadable().unwrap().is_empty());
        let mut listed = runs.list().unwrap();
        assert_eq!(listed.len(), 1, "{listed:#?}");
        listed.remove(0)
    }

    /// One attempt, in this process, in which an outage begins; it is over when this returns. Tells whether it began.
    pub async fn outage(&self, errand: &Errand, at: Call, point: Point, fault: Fault) -> (RunView, bool) {
        let outage = Arc::new(Outage {
            bench: Arc::clone(&self.bench),
            at,
            point,
            fault,
            began: AtomicBool::new(false),
            goes_on: AtomicBool::new(false),
        });
        let blow: Arc<dyn Blow> = outage.clone();
        let (job, plan, listener) = self.attempt(errand, at, &blow).await;
        let ended = job.run(plan, CancellationToken::new(), listener).await.unwrap();
        outage.end();
        (ended, outage.began.load(Ordering::SeqCst))
    }

    /// One attempt, in a runtime of its own, that is dropped with it in the middle; or comes to its end before.
    pub async fn death(self: &Arc<Self>, errand: &Errand, at: Call, point: Point) {
        let (stage, errand) = (Arc::clone(self), errand.clone());
        let program = move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let reached = Arc::new(Notify::new());
                let blow: Arc<dyn Blow> = Arc::new(Death { point, reached: Arc::clone(&reached) });
                let (job, plan, listener) = stage.attempt(&errand, at, &blow).await;
                tokio::select! {
                    biased;
                    () = reached.notified() => {}
                    ended = job.run(plan, CancellationToken::new(), listener) => drop(ended.unwrap()),
                }
            });
            // Now what is being written to disk is written, or is not begun.
        };
        tokio::task::spawn_blocking(program).await.unwrap();
    }
}

/// At every moment a file of a run is whole.
fn every_file_can_be_read(runs: &Path) {
    // None while the disk is gone.
    for path in std::fs::read_dir(runs).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.extension().is_some_and(|end| end == "json") {
            let bytes = std::fs::read(&path).unwrap();
            serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        }
    }
}

/// The way to the tenant is broken from a point on. With the answer in hand, so is the disk.
struct Outage {
    bench: Arc<Bench>,
    at: Call,
    point: Point,
    fault: Fault,
    began: AtomicBool,
    /// From when on no call comes through.
    goes_on: AtomicBool,
}

impl Outage {
    fn begin(&self) {
        assert!(!self.began.swap(true, Ordering::SeqCst), "it begins once");
        // The struck call shall reach the tenant: to sign in for it still works.
        let is_on_its_way = matches!(self.point, Point::BeforeSend | Point::Unanswered);
        self.breaks(is_on_its_way);
        if self.point == Point::Answered {
            std::fs::rename(self.folder("runs"), self.folder("runs.away")).unwrap();
        }
    }

    /// From now on no call comes through; or, while the struck one is on its way, none but that.
    fn breaks(&self, is_on_its_way: bool) {
        let mut faults = Vec::new();
        let mut befalls = |method: Option<&str>, path: &str, times, fault| {
            faults.push(FaultRule { method: method.map(str::to_owned), path: path.to_owned(), nth: 1, times, fault });
        };
        if is_on_its_way && self.point == Point::Unanswered {
            let (method, path) = self.at.kind.pattern();
            befalls(Some(method), path, 1, self.fault.of_the_answer());
        }
        for path in ["/v1.0/{a}", "/v1.0/{a}/{b}", "/v1.0/{a}/{b}/{c}", "/v1.0/{a}/{b}/{c}/{d}"] {
            befalls(None, path, u32::MAX, self.fault.in_outage());
        }
        if !is_on_its_way {
            befalls(None, "/{tenant}/oauth2/v2.0/token", u32::MAX, self.fault.in_outage());
        }
        self.bench.tenant.dials().set_faults(FaultScript { faults });
        self.goes_on.store(!is_on_its_way, Ordering::SeqCst);
    }

    fn end(&self) {
        self.bench.no_faults();
        if self.folder("runs.away").exists() {
            std::fs::rename(self.folder("runs.away"), self.folder("runs")).unwrap();
        }
    }

    fn folder(&self, name: &str) -> std::path::PathBuf {
        self.bench.folder.path().join(name)
    }
}

#[async_trait]
impl Blow for Outage {
    async fn before(&self) {
        if matches!(self.point, Point::BeforeSend | Point::Unanswered) {
            self.begin();
        }
    }

    async fn answered(&self) {
        match self.point {
            Point::Answered => self.begin(),
            Point::BeforeSend | Point::Unanswered => self.breaks(false),
            Point::Journalled => {}
        }
    }

    fn journalled(&self) {
        if self.point == Point::Journalled {
            self.begin();
        }
    }

    fn patience(&self) -> Option<Duration> {
        let (began, goes_on) = (self.began.load(Ordering::SeqCst), self.goes_on.load(Ordering::SeqCst));
        let patience = match (began, goes_on) {
            (false, _) => STEADY,
            (true, false) => REACHES,
            (true, true) => HOPELESS,
        };
        (self.fault == Fault::TimeOut).then_some(patience)
    }
}

/// The attempt is dropped where it stands.
struct Death {
    point: Point,
    reached: Arc<Notify>,
}

impl Death {
    async fn come(&self) {
        self.reached.notify_one();
        std::future::pending::<()>().await;
    }
}

#[async_trait]
impl Blow for Death {
    async fn before(&self) {
        if self.point == Point::BeforeSend {
            self.come().await;
        }
    }

    async fn answered(&self) {
        if matches!(self.point, Point::Unanswered | Point::Answered) {
            self.come().await;
        }
    }

    fn journalled(&self) {
        if self.point == Point::Journalled {
            self.reached.notify_one();
        }
    }
}
