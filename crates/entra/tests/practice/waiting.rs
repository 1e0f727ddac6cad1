//! Throttling, deadlines and cancelling (security P50).

use std::sync::Arc;
use std::time::Duration;

use inbound_entra::graph::{Call, Graph, GraphError, Lost, Wait, WaitReason};
use inbound_entra::ids::MICROSOFT_GRAPH;
use practice_tenant::{PersonaKey, RetryAfter, Throttle};
use tokio_util::sync::CancellationToken;

use crate::support::{Practice, Stopped, listening, status};
use crate::tunnel::Tunnel;

#[tokio::test]
async fn a_throttled_call_waits_as_it_is_told_however_it_is_told() {
    for retry_after in [RetryAfter::Seconds, RetryAfter::Date, RetryAfter::Absent] {
        let practice = Practice::start().await;
        let graph = practice.graph().await;
        let window = Duration::from_secs(10);
        practice.tenant.dials().set_throttle(Some(Throttle { limit: 1, window, retry_after }));
        let (call, waits) = listening();
        let before = practice.tenant.clock().now();
        for _ in 0..4 {
            graph.me(&call).await.unwrap();
        }
        // Besides, the client slows down by itself once it has been warned.
        let is_refusal = |wait: &Wait| wait.reason == WaitReason::Throttled;
        let waits: Vec<_> = waits.lock().unwrap().iter().copied().filter(is_refusal).collect();
        assert!(waits.len() >= 3, "{retry_after:?}: {waits:?}");
        assert!(waits.iter().all(|wait| wait.seconds >= 1), "{waits:?}");
        if retry_after != RetryAfter::Absent {
            assert_eq!(waits.len(), 3, "{retry_after:?}: told when to come, it comes once: {waits:?}");
        }
        let waited = practice.tenant.clock().now().duration_since(before).as_secs();
        assert!((29..=80).contains(&waited), "{retry_after:?}: {waited} s");
    }
}

#[tokio::test]
async fn throttled_writes_wait_and_are_done_once() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let new = inbound_entra::graph::request::NewApplication::new("HR feed", None, Vec::new());
    let app = graph.upsert_application(&Call::default(), "u", &new).await.unwrap().value.unwrap();
    let path = "/v1.0/servicePrincipals";
    practice.tenant.recorder().clear();
    practice.faults(&[("POST", path, 3, status(429, false, Some(3)))]);
    let (call, waits) = listening();
    let made = graph.create_service_principal(&call, app.app_id).await.unwrap();
    assert!(!made.after_doubt, "a throttled request was surely not carried out");
    assert_eq!(practice.asked("POST", path).len(), 4);
    assert_eq!(waits.lock().unwrap().iter().map(|wait| wait.seconds).collect::<Vec<_>>(), [3, 3, 3]);
}

#[tokio::test]
async fn an_upsert_waits_where_the_service_is_busy() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    practice.faults(&[("PATCH", "/v1.0/applications({key})", 3, status(503, false, Some(3)))]);
    let (call, waits) = listening();
    let new = inbound_entra::graph::request::NewApplication::new("HR feed", None, Vec::new());
    graph.upsert_application(&call, "u", &new).await.unwrap();
    assert_eq!(waits.lock().unwrap().iter().map(|wait| wait.seconds).collect::<Vec<_>>(), [3, 3, 3]);
}

#[tokio::test]
async fn the_deadline_ends_a_throttled_call_and_says_how_long_it_would_take() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    practice.faults(&[("GET", "/v1.0/me", 99, status(429, false, Some(50)))]);
    let error = graph.me(&Call::default()).await.unwrap_err();
    let GraphError::Throttled { retry_after, attempts, .. } = error else { panic!("{error:?}") };
    assert_eq!((retry_after, attempts), (50, 3), "two waits of 50 s fit into two minutes");
    // More than the whole deadline: no wait at all.
    practice.tenant.recorder().clear();
    practice.faults(&[("GET", "/v1.0/me", 99, status(429, false, Some(4_000)))]);
    let error = graph.me(&Call::default()).await.unwrap_err();
    assert!(matches!(error, GraphError::Throttled { retry_after: 300, attempts: 1, .. }), "{error:?}");
    assert_eq!(practice.asked("GET", "/v1.0/me").len(), 1);
    // Without Retry-After it backs off, and ends all the same.
    practice.tenant.recorder().clear();
    practice.faults(&[("GET", "/v1.0/me", 999, status(503, false, None))]);
    let error = graph.me(&Call::default()).await.unwrap_err();
    assert!(matches!(error, GraphError::Throttled { .. }), "{error:?}");
    assert!(practice.asked("GET", "/v1.0/me").len() < 10, "it must not hammer");
}

#[tokio::test]
async fn a_clock_that_stands_still_does_not_make_a_call_endless() {
    #[derive(Debug)]
    struct Frozen(jiff::Timestamp);
    #[async_trait::async_trait]
    impl inbound_entra::clock::Clock for Frozen {
        fn now(&self) -> jiff::Timestamp {
            self.0
        }
        async fn sleep(&self, _: Duration) {}
    }
    let practice = Practice::start().await;
    let credential = practice.sign_in(PersonaKey::User).await.credential;
    let graph = practice.graph_with(credential, Arc::new(Frozen(practice.tenant.clock().now())));
    practice.faults(&[("GET", "/v1.0/me", 9_999, status(429, false, Some(1)))]);
    assert!(matches!(graph.me(&Call::default()).await, Err(GraphError::Throttled { .. })));
}

#[tokio::test]
async fn cancelling_in_the_midst_of_a_wait_ends_it_at_once() {
    let practice = Practice::start().await;
    let credential = practice.sign_in(PersonaKey::GlobalAdministrator).await.credential;
    practice.faults(&[
        ("GET", "/v1.0/me", 99, status(429, false, Some(20))),
        ("POST", "/v1.0/servicePrincipals", 99, status(429, false, Some(20))),
    ]);
    for is_write in [false, true] {
        // A client of its own: the next call of the same one would hold back with the first.
        let clock = Arc::new(Stopped(practice.tenant.clock().clone()));
        let graph = practice.graph_with(Arc::clone(&credential), clock);
        let cancel = CancellationToken::new();
        let on_wait = {
            let cancel = cancel.clone();
            Arc::new(move |_| cancel.cancel())
        };
        let call = Call { cancel, on_wait, ..Call::default() };
        let error = if is_write {
            graph.create_service_principal(&call, MICROSOFT_GRAPH).await.unwrap_err()
        } else {
            graph.me(&call).await.unwrap_err()
        };
        assert_eq!(error, GraphError::Cancelled, "a throttled request was not carried out");
    }
}

#[tokio::test]
async fn cancelling_while_an_answer_is_awaited_leaves_a_write_unclear_and_a_read_cancelled() {
    let practice = Practice::start().await;
    let tunnel = Tunnel::to(practice.cloud.graph.port().unwrap()).await;
    let mut cloud = practice.cloud.clone();
    cloud.graph.set_port(Some(tunnel.port)).unwrap();
    let credential = practice.sign_in(PersonaKey::GlobalAdministrator).await.credential;
    let graph = Graph::new(cloud, credential, practice.clock()).unwrap();
    let mut last = Call::default();
    for is_write in [false, true] {
        tunnel.swallow(false);
        graph.me(&Call::default()).await.unwrap();
        tunnel.swallow(true);
        let cancel = CancellationToken::new();
        let call = Call { cancel: cancel.clone(), ..Call::default() };
        let under_way = async {
            tunnel.swallowed().await;
            cancel.cancel();
        };
        if is_write {
            let (error, ()) = tokio::join!(graph.create_service_principal(&call, MICROSOFT_GRAPH), under_way);
            assert!(matches!(error, Err(GraphError::Unclear { why: Lost::Cancelled, .. })), "{error:?}");
        } else {
            let (error, ()) = tokio::join!(graph.me(&call), under_way);
            assert_eq!(error.unwrap_err(), GraphError::Cancelled);
        }
        last = call;
    }
    let call = last;
    tunnel.swallow(false);
    practice.tenant.recorder().clear();
    assert_eq!(graph.me(&call).await.unwrap_err(), GraphError::Cancelled);
    assert_eq!(graph.create_service_principal(&call, MICROSOFT_GRAPH).await.unwrap_err(), GraphError::Cancelled);
    assert!(practice.tenant.recorder().exchanges().is_empty(), "cancelled before anything is sent");
}
