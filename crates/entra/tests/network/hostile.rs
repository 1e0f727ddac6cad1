//! Answers that are meant to harm: without end, without hurry, without bottom, and leading away (security P47 to P49).

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use futures::stream::{self, StreamExt};
use inbound_entra::auth::AuthError;
use inbound_entra::graph::{Call, GraphError, Lost, Unreadable};
use inbound_entra::http::NoConnection;
use inbound_entra::ids::{MICROSOFT_GRAPH, ObjectId};
use serde_json::json;

use crate::pages::signed_in;
use crate::stage::{Answer, Stage, graph, me};

/// The most memory that this process has ever had, in bytes; none where the system does not tell.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().unwrap() * 1_024)
}

/// `{"x":"aaaa` and so on, a megabyte at a time.
fn endless() -> Body {
    let more = stream::repeat(Bytes::from(vec![b'a'; 1 << 20]));
    Body::from_stream(stream::once(async { Bytes::from_static(b"{\"x\":\"") }).chain(more).map(Ok::<_, Infallible>))
}

/// A space, and another one after a second, and so on.
fn drop_by_drop() -> Body {
    Body::from_stream(stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Some((Ok::<_, Infallible>(Bytes::from_static(b" ")), ()))
    }))
}

#[tokio::test]
async fn f60_endless_body_ends_at_the_cap_whoever_asked_and_fills_no_memory() {
    let stage = Stage::new();
    for status in [200, 400, 503] {
        let server = stage.serve(move |_| Answer::said(status, endless())).await;
        let cloud = stage.practice(server.port);
        let read = graph(&cloud).me(&Call::default()).await.unwrap_err();
        assert!(matches!(read, GraphError::Unreadable { why: Unreadable::TooLarge, .. }), "{status}: {read:?}");
        let write = graph(&cloud).create_service_principal(&Call::default(), MICROSOFT_GRAPH).await.unwrap_err();
        let too_large = Lost::Unreadable(Unreadable::TooLarge);
        assert!(matches!(write, GraphError::Unclear { why, .. } if why == too_large), "{status}: {write:?}");
        let token = signed_in(&cloud).await;
        assert!(matches!(token, AuthError::Unreadable { .. }), "{status}: {token:?}");
        assert_eq!(server.seen().len(), 3, "{status}: none of it is asked for again");
    }
    if let Some(most) = most_memory() {
        assert!(most < 200 << 20, "{} MB", most >> 20);
    }
}

#[tokio::test]
async fn p49_an_answer_of_a_byte_a_second_is_waited_for_no_longer_than_the_call_may_take() {
    let stage = Stage::new();
    let server = stage.serve(|_| Answer::said(200, drop_by_drop())).await;
    let graph = graph(&stage.practice(server.port));
    let call = Call { deadline: Duration::from_millis(1_500), ..Call::default() };
    let begun = Instant::now();
    let read = graph.me(&call).await.unwrap_err();
    assert!(matches!(read, GraphError::NotSent { why: NoConnection::TimedOut, .. }), "{read:?}");
    let write = graph.create_service_principal(&call, MICROSOFT_GRAPH).await.unwrap_err();
    assert!(matches!(write, GraphError::Unclear { why: Lost::TimedOut, .. }), "{write:?}");
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn p49_json_of_ten_thousand_levels_is_an_answer_that_cannot_be_read() {
    let stage = Stage::new();
    let arrays = "[".repeat(10_000) + &"]".repeat(10_000);
    let objects = "{\"error\":".repeat(10_000) + "1" + &"}".repeat(10_000);
    let rows = format!("{{\"value\":[{arrays}]}}");
    for deep in [arrays, objects, rows] {
        for status in [200, 400] {
            let deep = deep.clone();
            let server = stage.serve(move |_| Answer::said(status, deep.clone().into())).await;
            let cloud = stage.practice(server.port);
            let (graph, call) = (graph(&cloud), Call::default());
            let read = graph.me(&call).await.map(drop).unwrap_err();
            let list = graph.my_roles(&call).await.map(drop).unwrap_err();
            for error in [read, list] {
                let GraphError::Unreadable { why, .. } = &error else { panic!("{status}: {error:?}") };
                assert!(matches!(why, Unreadable::NotJson | Unreadable::WrongShape), "{status}: {error:?}");
            }
            let token = signed_in(&cloud).await;
            assert!(!token.to_string().contains("[[["), "{status}: {token}");
        }
    }
}

#[tokio::test]
async fn f58_nextlink_to_another_host_in_mid_list_gives_no_part_of_the_list() {
    let stage = Stage::new();
    let evil = stage.serve(|_| Answer::json(&json!({ "value": [] }))).await;
    let elsewhere = evil.origin();
    let id = "00000000-0000-0000-0000-0000000000a1";
    let row = json!({ "id": id, "appId": id, "appRoleId": id, "principalId": id, "resourceId": id });
    let server = stage
        .serve(move |seen| {
            // The second page is where it turns: the first was as it should be.
            let link = if seen.path.contains("skiptoken") {
                format!("{elsewhere}/v1.0/servicePrincipals?$skiptoken=evil")
            } else {
                format!("https://{}{}?$skiptoken=2", seen.host, seen.path.split('?').next().unwrap())
            };
            Answer::json(&json!({ "value": [row], "@odata.nextLink": link }))
        })
        .await;
    let (graph, call) = (graph(&stage.practice(server.port)), Call::default());
    let lists = [
        graph.search_service_principals(&call, "", None, 10_000).await.map(drop),
        graph.applications_named(&call, "HR feed").await.map(drop),
        graph.grants_of(&call, id.parse::<ObjectId>().unwrap()).await.map(drop),
    ];
    for list in lists {
        let Err(GraphError::ForeignHost { host }) = &list else { panic!("{list:?}") };
        assert_eq!(*host, format!("localhost:{}", evil.port), "named, so that it can be reported");
    }
    assert!(server.seen().iter().all(|seen| seen.authorization.is_some()));
    assert!(evil.seen().is_empty(), "neither a token nor a question went there");
}

#[tokio::test]
async fn f49_offline_or_captive_portal_in_the_midst_of_work_passes_by_itself() {
    let stage = Stage::new();
    let portal = Arc::new(AtomicBool::new(false));
    let is_portal = Arc::clone(&portal);
    let server = stage.serve(move |_| if is_portal.load(Ordering::SeqCst) { Answer::html(200) } else { me() }).await;
    let (graph, call) = (graph(&stage.practice(server.port)), Call::default());
    graph.me(&call).await.unwrap();
    portal.store(true, Ordering::SeqCst);
    let read = graph.me(&call).await.unwrap_err();
    assert!(matches!(read, GraphError::NotSent { why: NoConnection::Page, .. }), "{read:?}");
    assert!(read.to_string().contains("a web page answered in its place"), "{read}");
    let before = server.seen().len();
    let write = graph.create_service_principal(&call, MICROSOFT_GRAPH).await.unwrap_err();
    assert!(matches!(write, GraphError::Unclear { .. }), "whoever wrote the page may have passed it on: {write:?}");
    assert_eq!(server.seen().len(), before + 1);
    portal.store(false, Ordering::SeqCst);
    graph.me(&call).await.expect("the same client goes on once the network is back");
}
