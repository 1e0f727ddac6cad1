//! Redirects: nothing follows them, neither with a token nor with a secret (security P48).

use inbound_entra::graph::request::NewApplication;
use inbound_entra::graph::{Call, GraphError};
use inbound_entra::ids::{MICROSOFT_GRAPH, ObjectId};

use crate::pages::signed_in;
use crate::stage::{Answer, Stage, graph, me};

#[tokio::test]
async fn p48_no_call_follows_a_redirect() {
    let stage = Stage::new();
    // It would be trusted, and answer well.
    let elsewhere = stage.serve(|_| me()).await;
    for status in [301, 302, 303, 307, 308] {
        let to = format!("{}/v1.0/me", elsewhere.origin());
        let server = stage.serve(move |_| Answer::redirect(status, &to)).await;
        let cloud = stage.practice(server.port);
        let (graph, call, id) = (graph(&cloud), Call::default(), ObjectId(uuid::Uuid::nil()));
        let new = NewApplication::new("x", None, Vec::new());
        let errors = [
            graph.me(&call).await.map(drop).unwrap_err(),
            graph.search_service_principals(&call, "x", None, 5).await.map(drop).unwrap_err(),
            graph.create_service_principal(&call, MICROSOFT_GRAPH).await.map(drop).unwrap_err(),
            graph.upsert_application(&call, "x", &new).await.map(drop).unwrap_err(),
            graph.add_password(&call, id, "x", jiff::Timestamp::UNIX_EPOCH).await.map(drop).unwrap_err(),
            graph.delete_application(&call, id).await.map(drop).unwrap_err(),
        ];
        for error in errors {
            let GraphError::ForeignHost { host } = &error else { panic!("{status}: {error:?}") };
            assert_eq!(*host, format!("localhost:{}", elsewhere.port));
        }
        signed_in(&cloud).await;
        let asked = server.seen();
        assert_eq!(asked.len(), 7, "{status}: each was sent once: {asked:?}");
        assert!(asked[6].method == "POST" && asked[6].body.contains("canary-secret"), "the token request");
    }
    assert!(elsewhere.seen().is_empty(), "nobody came");
}
