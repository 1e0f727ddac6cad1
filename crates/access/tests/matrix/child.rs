//! The program as a process of its own, that is really killed: the test starts itself once more, with an errand.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use inbound_access_job::RunStore;
use inbound_access_job::desired::SetupRequest;
use inbound_access_job::directory::Directory;
use inbound_entra::cloud::Cloud;
use inbound_entra::ids::TenantId;
use practice_tenant::{FaultRule, FaultScript, PersonaKey, VirtualClock};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::calls::{Call, Fault, Point};
use crate::keychain::{self, FileKeychain};
use crate::stage::{Errand, Stage};
use crate::strike::{self, Blow, Striking};
use crate::support::{Seat, TestClock};

const ERRAND: &str = "INBOUND_TEST_ERRAND";
const STRUCK: &str = "struck: this process waits to be killed";

#[derive(Debug, Serialize, Deserialize)]
enum Work {
    SetUp(SetupRequest),
    Continue(String),
    Undo(String),
}

/// What the process is to do, and where it waits to be killed.
#[derive(Debug, Serialize, Deserialize)]
struct Orders {
    url: String,
    authority: String,
    tenant: Uuid,
    client: Uuid,
    folder: PathBuf,
    keychain_refuses: bool,
    work: Work,
    at: Call,
    point: Point,
}

/// Whether this process was started by [`kill_at`]; then it has done what it was started for.
pub async fn was_it_me() -> bool {
    let Ok(orders) = std::env::var(ERRAND) else { return false };
    obey(serde_json::from_str(&orders).unwrap()).await;
    true
}

async fn obey(orders: Orders) {
    let Orders { at, point, .. } = orders;
    let blow: Arc<dyn Blow> = Arc::new(Waits { point });
    let wrap = |graph| -> Arc<dyn Directory> { Arc::new(Striking::new(graph, at, Arc::clone(&blow))) };
    let seat = Seat {
        cloud: Cloud::practice(&orders.url).unwrap(),
        tenant: TenantId(orders.tenant),
        client: orders.client,
        authority: orders.authority,
    };
    let runs = RunStore::open(orders.folder.join("runs")).unwrap();
    let inner = FileKeychain::at(orders.folder.join("keychain.json"), orders.keychain_refuses);
    let keychain = keychain::Striking { inner, at, seen: AtomicU32::new(0), blow: Arc::clone(&blow) };
    let clock = Arc::new(TestClock(VirtualClock::real()));
    let (job, _) = seat.job(PersonaKey::GlobalAdministrator, wrap, runs, Arc::new(keychain), clock).await;
    let plan = match orders.work {
        Work::SetUp(request) => job.plan(request).await.unwrap(),
        Work::Continue(run) => job.plan_continue(&run).await.unwrap(),
        Work::Undo(run) => job.plan_undo(&run).await.unwrap(),
    };
    let listener = strike::listener(plan.view(), at, Arc::clone(&blow));
    let ended = job.run(plan, CancellationToken::new(), listener).await;
    panic!("the run came to its end before it was killed: {ended:#?}");
}

/// Where the fault strikes, the process says so and does nothing any more.
struct Waits {
    point: Point,
}

impl Waits {
    fn wait(&self, here: Point) {
        if self.point == here {
            println!("\n{STRUCK}");
            std::io::stdout().flush().unwrap();
            loop {
                std::thread::park();
            }
        }
    }
}

#[async_trait]
impl Blow for Waits {
    async fn before(&self) {
        self.wait(Point::BeforeSend);
    }

    async fn answered(&self) {
        self.wait(Point::Answered);
    }

    fn journalled(&self) {
        self.wait(Point::Journalled);
    }
}

/// Does the errand in a process that is killed at that point. `test` is the test that was begun with [`was_it_me`].
pub async fn kill_at(test: &str, stage: &Stage, errand: &Errand, at: Call, point: Point) {
    let bench = &stage.bench;
    let orders = Orders {
        url: bench.tenant.url(),
        authority: bench.tenant.authority_sha256().to_owned(),
        tenant: bench.tenant.tenant_id(),
        client: bench.tenant.public_client_id(),
        folder: bench.folder.path().to_owned(),
        keychain_refuses: stage.refuses.load(Ordering::SeqCst),
        work: match errand {
            Errand::SetUp => Work::SetUp(stage.scene.request(bench)),
            Errand::Continue(run) => Work::Continue(run.clone()),
            Errand::Undo(run) => Work::Undo(run.clone()),
        },
        at,
        point,
    };
    if point == Point::Unanswered {
        let (method, path) = at.kind.pattern();
        let fault = Fault::Kill.of_the_answer();
        let rule = FaultRule { method: Some(method.to_owned()), path: path.to_owned(), nth: at.nth, times: 1, fault };
        bench.tenant.dials().set_faults(FaultScript { faults: vec![rule] });
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]);
    command.env(ERRAND, serde_json::to_string(&orders).unwrap());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut child = if point == Point::Unanswered {
        let mut child = child;
        // The tenant has carried it out and holds the answer back. A real process takes real time.
        while !bench.mutations().iter().any(|exchange| exchange.fault == Some("lateAnswer")) {
            assert_eq!(child.try_wait().unwrap(), None, "{test}: {}", said(&mut child));
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        child
    } else {
        tokio::task::spawn_blocking(|| until_struck(child)).await.unwrap()
    };
    child.kill().unwrap();
    let status = tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
    assert!(!status.success(), "{status}");
    bench.no_faults();
}

fn until_struck(mut child: Child) -> Child {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    if !lines.by_ref().map_while(Result::ok).any(|line| line == STRUCK) {
        panic!("the process ended before it was killed: {}", said(&mut child));
    }
    child
}

fn said(child: &mut Child) -> String {
    let mut said = String::new();
    if let Some(mut errors) = child.stderr.take() {
        let _ = errors.read_to_string(&mut said);
    }
    said
}
