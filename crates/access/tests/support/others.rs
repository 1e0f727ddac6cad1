//! Someone else at work in the tenant, and answers that go wrong.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use futures::FutureExt;
use inbound_access_job::Job;
use inbound_access_job::directory::Directory;
use inbound_entra::auth::AppSecretCredential;
use inbound_entra::clock::Clock;
use inbound_entra::graph::{Call, Graph};
use inbound_entra::ids::{AppId, ObjectId, TenantId};
use practice_tenant::{Fault, PersonaKey, RetryAfter};
use serde_json::Value;
use tokio::sync::Notify;

use super::deadly::{Deadly, Fate, Meanwhile, Side};
use super::{Bench, foreign, kind_of};

/// Another administrator's way to the same tenant.
pub fn other_admin(bench: &Bench) -> Graph {
    let clock: Arc<dyn Clock> = bench.clock.clone();
    let automation = bench.tenant.automation();
    let (tenant, client) = (TenantId(bench.tenant.tenant_id()), AppId(automation.client_id));
    let credential = AppSecretCredential::new(bench.cloud.clone(), tenant, client, automation.client_secret);
    Graph::new(bench.cloud.clone(), Arc::new(credential), clock).unwrap()
}

/// What another administrator does, by their own way to the tenant.
pub fn meanwhile<F, R>(bench: &Arc<Bench>, act: F) -> Meanwhile
where
    F: Fn(Arc<Bench>, Graph) -> R + Send + Sync + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    let bench = Arc::clone(bench);
    Arc::new(move || act(Arc::clone(&bench), other_admin(&bench)).boxed())
}

/// The job of an administrator during which someone else acts: before or after the tenant has carried out the nth call
/// of a kind.
pub async fn job_while(bench: &Bench, kind: &'static str, nth: u32, side: Side, act: Meanwhile) -> Job {
    let wrap = |inner| -> Arc<dyn Directory> {
        Arc::new(Deadly {
            inner,
            kind,
            nth,
            side,
            seen: AtomicU32::new(0),
            reached: Arc::new(Notify::new()),
            fate: Fate::Meanwhile(act),
        })
    };
    bench.job_through(PersonaKey::GlobalAdministrator, wrap).await
}

/// The object id of the only app of this name.
pub fn app_id_of(bench: &Bench, name: &str) -> ObjectId {
    let found = bench.applications(name);
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0]["id"].as_str().unwrap().parse().unwrap()
}

/// Deletes the only app of this name, and its service principal with it.
pub async fn delete_app(bench: Arc<Bench>, graph: Graph, name: &str) {
    graph.delete_application(&Call::default(), app_id_of(&bench, name)).await.unwrap();
}

/// A refusal that is not carried out.
pub fn refusal(status: u16, code: &str, message: &str) -> Fault {
    Fault::Status {
        status,
        applied: false,
        code: Some(code.to_owned()),
        message: Some(message.to_owned()),
        details: vec![],
        retry_after: None,
        retry_style: RetryAfter::Seconds,
    }
}

/// Busy, perhaps with a hint how long, whether or not the call was carried out.
pub fn busy(status: u16, applied: bool, retry_after: Option<u32>, retry_style: RetryAfter) -> Fault {
    Fault::Status { status, applied, code: None, message: None, details: vec![], retry_after, retry_style }
}

/// Another body than the right one, of a call that is carried out.
pub fn answer(status: u16, body: Value) -> Fault {
    Fault::Answer { status, body, applied: true }
}

/// How many requests of a kind reached the tenant.
pub fn requests(bench: &Bench, kind: &str) -> usize {
    bench.mutations().iter().filter(|exchange| kind_of(exchange) == kind).count()
}

/// Whether the only app of this name lies in the recycle bin.
pub fn is_deleted(bench: &Bench, name: &str) -> bool {
    let found = bench.applications(name);
    found.len() == 1 && found[0].get("deleted").is_some_and(|at| !at.is_null())
}

/// Something that the app itself never asks for, done by the other administrator.
pub async fn by_hand(bench: &Bench, method: &str, path: &str) {
    foreign::by_hand(bench, method, path, None).await;
}

/// A directory at whose nth call of a kind the program dies, and what tells of it.
pub fn deadly(inner: Graph, kind: &'static str, nth: u32, side: Side) -> (Arc<dyn Directory>, Arc<Notify>) {
    let reached = Arc::new(Notify::new());
    let seen = AtomicU32::new(0);
    let directory = Deadly { inner, kind, nth, side, seen, reached: Arc::clone(&reached), fate: Fate::Death };
    (Arc::new(directory), reached)
}
