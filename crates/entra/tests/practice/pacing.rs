//! Asking no faster than the service likes, and no more at once than it can bear (graph-facts 10, decision 17).

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use inbound_entra::graph::{Call, GraphError, Wait, WaitReason};
use inbound_entra::http::NoConnection;
use practice_tenant::{Fault, RetryAfter, Throttle};
use tokio_util::sync::CancellationToken;

use crate::support::{Practice, listening, status};

/// As many requests as may be on their way.
const AT_ONCE: usize = 16;

#[tokio::test]
async fn a_flood_of_calls_goes_out_a_few_at_once_and_all_are_answered() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    practice.tenant.dials().set_latency(Duration::from_millis(20));
    let (call, waits) = listening();
    let answers = join_all((0..100).map(|_| graph.me(&call))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(practice.tenant.recorder().most_at_once(), AT_ONCE);
    let waits = waits.lock().unwrap();
    assert_eq!(waits.len(), 100 - AT_ONCE, "{waits:?}");
    assert!(waits.iter().all(|wait| (wait.reason, wait.seconds) == (WaitReason::Queued, 0)), "{waits:?}");
}

#[tokio::test]
async fn whoever_waits_behind_others_can_be_cancelled_and_keeps_its_deadline() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    practice.faults(&[("GET", "/v1.0/me", 99, Fault::Delay { milliseconds: 500 })]);
    let patient = Call::default();
    let before = join_all((0..AT_ONCE).map(|_| graph.me(&patient)));
    let cancel = CancellationToken::new();
    let on_wait = {
        let cancel = cancel.clone();
        Arc::new(move |wait: Wait| {
            assert_eq!(wait.reason, WaitReason::Queued);
            cancel.cancel();
        })
    };
    let cancelled = Call { cancel, on_wait, ..Call::default() };
    let hasty = Call { deadline: Duration::from_millis(100), ..Call::default() };
    let behind = async { tokio::join!(graph.me(&cancelled), graph.me(&hasty)) };
    let (answers, (cancelled, late)) = tokio::join!(before, behind);
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(cancelled.unwrap_err(), GraphError::Cancelled);
    assert!(matches!(late, Err(GraphError::NotSent { why: NoConnection::TimedOut, .. })), "{late:?}");
    assert_eq!(practice.asked("GET", "/v1.0/me").len(), AT_ONCE, "those behind were never sent");
}

#[tokio::test]
async fn a_warning_of_the_service_slows_what_follows() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let throttle = Throttle { limit: 20, window: Duration::from_secs(3_600), retry_after: RetryAfter::Seconds };
    practice.tenant.dials().set_throttle(Some(throttle));
    let (call, waits) = listening();
    for _ in 0..17 {
        graph.me(&call).await.unwrap();
    }
    assert!(waits.lock().unwrap().is_empty(), "up to four fifths nothing is said: {waits:?}");
    for _ in 0..3 {
        graph.me(&call).await.unwrap();
    }
    let told: Vec<_> = waits.lock().unwrap().iter().map(|wait| (wait.reason, wait.seconds, wait.attempt)).collect();
    let second = |seconds| (WaitReason::Paced, seconds, 0);
    assert_eq!(told, [second(1), second(2), second(2)], "after 85, 90 and 95 of a hundred");
    assert!(practice.asked("GET", "/v1.0/me").iter().all(|it| it.status == 200));
}

#[tokio::test]
async fn others_hold_back_with_a_call_that_was_refused() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    practice.faults(&[("GET", "/v1.0/me", 1, status(429, false, Some(60)))]);
    let hasty = Call { deadline: Duration::from_secs(30), ..Call::default() };
    let error = graph.me(&hasty).await.unwrap_err();
    assert!(matches!(error, GraphError::Throttled { retry_after: 60, attempts: 1, .. }), "{error:?}");
    let (call, waits) = listening();
    let refused = practice.tenant.clock().now();
    graph.organization(&call).await.unwrap();
    let waited = practice.tenant.clock().now().duration_since(refused).as_secs();
    assert!((9..=10).contains(&waited), "{waited} s");
    assert_eq!(waits.lock().unwrap().iter().map(|wait| wait.reason).collect::<Vec<_>>(), [WaitReason::Paced]);
}
