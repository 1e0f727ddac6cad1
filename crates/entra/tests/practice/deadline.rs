//! A call's deadline bounds all of it: tokens, exchanges and pages, by the computer's own time too.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use inbound_entra::auth::AuthError;
use inbound_entra::graph::{Call, Graph, GraphError, Lost};
use inbound_entra::http::NoConnection;
use inbound_entra::ids::MICROSOFT_GRAPH;
use practice_tenant::{Fault, Options, PersonaKey, Seed};

use crate::support::Practice;
use crate::tunnel::Tunnel;

/// Far below any time-out of the client's own.
const SOON: Duration = Duration::from_secs(10);

fn within(deadline: Duration) -> Call {
    Call { deadline, ..Call::default() }
}

/// Never gives a token.
#[derive(Debug)]
struct Never;

#[async_trait]
impl TokenCredential for Never {
    async fn get_token(&self, _: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_waited_for_no_longer() {
    let practice = Practice::start().await;
    let tunnel = Tunnel::to(practice.cloud.graph.port().unwrap()).await;
    let mut cloud = practice.cloud.clone();
    cloud.graph.set_port(Some(tunnel.port)).unwrap();
    let credential = practice.sign_in(PersonaKey::GlobalAdministrator).await.credential;
    let graph = Graph::new(cloud, credential, practice.clock()).unwrap();
    graph.me(&Call::default()).await.unwrap();
    tunnel.swallow(true);
    let call = within(Duration::from_millis(200));
    let begun = Instant::now();
    let read = graph.me(&call).await.unwrap_err();
    assert!(matches!(read, GraphError::NotSent { why: NoConnection::TimedOut, .. }), "{read:?}");
    let write = graph.create_service_principal(&call, MICROSOFT_GRAPH).await.unwrap_err();
    assert!(matches!(write, GraphError::Unclear { why: Lost::TimedOut, .. }), "{write:?}");
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn what_another_call_is_reading_is_waited_for_no_longer_either() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    practice.faults(&[("GET", "/v1.0/{any}", 1, Fault::Delay { milliseconds: 2_000 })]);
    let (patient, hasty) = (Call::default(), within(Duration::from_millis(100)));
    let in_time = async {
        let begun = Instant::now();
        (graph.graph_resource(&hasty).await, begun.elapsed())
    };
    let (read, (error, waited)) = tokio::join!(graph.graph_resource(&patient), in_time);
    assert!(matches!(error, Err(GraphError::NotSent { why: NoConnection::TimedOut, .. })), "{error:?}");
    assert!(read.is_ok() && waited < Duration::from_millis(1_900), "{waited:?}");
}

#[tokio::test]
async fn a_token_that_does_not_come_is_waited_for_no_longer() {
    let practice = Practice::start().await;
    let graph = practice.graph_with(Arc::new(Never), practice.clock());
    let begun = Instant::now();
    let error = graph.me(&within(Duration::from_millis(100))).await.unwrap_err();
    let why = NoConnection::TimedOut;
    assert!(matches!(&error, GraphError::SignIn(AuthError::Unreachable { why: it, .. }) if *it == why), "{error:?}");
    assert!(begun.elapsed() < SOON);
    assert!(practice.tenant.recorder().exchanges().is_empty());
}

#[tokio::test]
async fn all_pages_of_a_list_share_one_deadline() {
    let practice = Practice::with(Options { seed: Seed::Large(3_000), ..Options::default() }).await;
    let graph = practice.graph().await;
    practice.tenant.recorder().clear();
    // No page takes as long as the deadline; all of them together do.
    practice.tenant.dials().set_latency(Duration::from_millis(400));
    let error =
        graph.search_service_principals(&within(Duration::from_millis(1_000)), "", None, 10_000).await.unwrap_err();
    assert!(matches!(error, GraphError::NotSent { why: NoConnection::TimedOut, .. }), "{error:?}");
    assert!(practice.asked("GET", "/v1.0/servicePrincipals").len() < 4, "there are four pages");
}

#[tokio::test]
async fn nothing_is_sent_when_no_time_is_left() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let error = graph.create_service_principal(&within(Duration::ZERO), MICROSOFT_GRAPH).await.unwrap_err();
    assert!(matches!(error, GraphError::NotSent { why: NoConnection::TimedOut, .. }), "{error:?}");
    assert!(practice.tenant.recorder().exchanges().is_empty());
}

#[tokio::test]
async fn a_late_answer_within_the_deadline_is_an_answer() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    practice.faults(&[("GET", "/v1.0/me", 1, Fault::Delay { milliseconds: 100 })]);
    graph.me(&within(SOON)).await.unwrap();
}
