//! Links to further pages: opaque, but of this cloud's Graph only, and not without end (security P47).

use inbound_entra::graph::{Call, GraphError, Unreadable};
use serde_json::json;

use crate::stage::{Answer, Server, Stage, graph};

const LIST: &str = "/v1.0/servicePrincipals";

/// A Graph whose first page leads to `link`.
async fn leading_to(stage: &Stage, link: String) -> Server {
    stage
        .serve(move |seen| {
            let first = seen.path.contains("$top");
            let link = first.then(|| link.clone());
            Answer::json(&json!({ "value": [], "@odata.nextLink": link }))
        })
        .await
}

async fn listed(stage: &Stage, server: &Server) -> Result<usize, GraphError> {
    let graph = graph(&stage.practice(server.port));
    graph.search_service_principals(&Call::default(), "", None, 10_000).await.map(|page| page.rows.len())
}

#[tokio::test]
async fn p47_a_link_to_another_place_is_not_followed_and_no_token_goes_there() {
    let stage = Stage::new();
    // It is trusted as far as certificates go: only the address is wrong.
    let evil = stage.serve(|_| Answer::json(&json!({ "value": [] }))).await;
    let port = evil.port;
    for link in [
        format!("https://localhost:{port}{LIST}?$skiptoken=x"),
        format!("https://127.0.0.1:{port}{LIST}"),
        format!("https://[::1]:{port}{LIST}"),
        format!("http://localhost:{port}{LIST}"),
        format!("https://user:pw@localhost:{port}{LIST}"),
        format!("//localhost:{port}{LIST}"),
        format!("{LIST}?$skiptoken=x"),
    ] {
        let server = leading_to(&stage, link.clone()).await;
        let error = listed(&stage, &server).await.unwrap_err();
        assert!(matches!(error, GraphError::ForeignHost { .. }), "{link}: {error:?}");
        assert!(error.to_string().contains("no token was sent there"), "{error}");
        assert_eq!(server.seen().len(), 1, "{link}");
    }
    assert!(evil.seen().is_empty());
}

#[tokio::test]
async fn p47_a_link_to_the_same_host_must_be_https_and_of_the_same_version() {
    let stage = Stage::new();
    for (change, with) in [
        ("https://", "http://"),
        ("/v1.0/", "/beta/"),
        ("/v1.0/", "/v1.0/../beta/"),
        ("/v1.0/", "/v1.0/%2e%2e/beta/"),
        ("/v1.0/", "/V1.0/"),
        ("/v1.0/", "/"),
        ("https://localhost", "https://user@localhost"),
        ("https://localhost", "https://localhost."),
    ] {
        // The port is known once it serves: the link is made from the Host header.
        let server = stage
            .serve(move |seen| {
                let link = format!("https://{}{LIST}?$skiptoken=x", seen.host).replace(change, with);
                Answer::json(&json!({ "value": [], "@odata.nextLink": link }))
            })
            .await;
        let error = listed(&stage, &server).await.unwrap_err();
        assert!(matches!(error, GraphError::ForeignHost { .. }), "{with}: {error:?}");
        assert_eq!(server.seen().len(), 1, "{with}");
    }
}

#[tokio::test]
async fn p47_lists_that_lead_back_or_never_end_are_given_up() {
    let stage = Stage::new();
    let link = |seen: &crate::stage::Seen, token: String| format!("https://{}{LIST}?$skiptoken={token}", seen.host);
    let same = stage
        .serve(move |seen| Answer::json(&json!({ "value": [], "@odata.nextLink": link(seen, "x".to_owned()) })))
        .await;
    let error = listed(&stage, &same).await.unwrap_err();
    assert!(matches!(error, GraphError::Unreadable { why: Unreadable::WrongShape, .. }), "{error:?}");
    assert_eq!(same.seen().len(), 2);
    // Back to the page before the last.
    let circle = stage
        .serve(move |seen| {
            let token = if seen.path.contains("=a") { "b" } else { "a" };
            Answer::json(&json!({ "value": [], "@odata.nextLink": link(seen, token.to_owned()) }))
        })
        .await;
    let error = listed(&stage, &circle).await.unwrap_err();
    assert!(matches!(error, GraphError::Unreadable { why: Unreadable::WrongShape, .. }), "{error:?}");
    assert_eq!(circle.seen().len(), 3);
    let endless = stage
        .serve(move |seen| {
            let nth: u32 = seen.path.rsplit_once("skiptoken=").map_or(0, |(_, nth)| nth.parse().unwrap());
            let next = (nth < 10_000).then(|| link(seen, (nth + 1).to_string()));
            Answer::json(&json!({ "value": [], "@odata.nextLink": next }))
        })
        .await;
    let error = listed(&stage, &endless).await.unwrap_err();
    assert!(matches!(error, GraphError::Unreadable { why: Unreadable::TooLarge, .. }), "{error:?}");
    assert_eq!(endless.seen().len(), 2_000, "of 10,000");
}

#[tokio::test]
async fn p47_a_link_of_a_megabyte_is_not_followed() {
    let stage = Stage::new();
    for (length, followed) in [(8_000, true), (17_000, false), (1 << 20, false)] {
        let server = stage
            .serve(move |seen| {
                let token = "x".repeat(length);
                let link =
                    seen.path.contains("$top").then(|| format!("https://{}{LIST}?$skiptoken={token}", seen.host));
                Answer::json(&json!({ "value": [], "@odata.nextLink": link }))
            })
            .await;
        let outcome = listed(&stage, &server).await;
        if followed {
            assert_eq!(outcome.unwrap(), 0);
        } else {
            let error = outcome.unwrap_err();
            assert!(matches!(error, GraphError::Unreadable { why: Unreadable::TooLarge, .. }), "{error:?}");
        }
        assert_eq!(server.seen().len(), 1 + usize::from(followed), "{length}");
    }
}
