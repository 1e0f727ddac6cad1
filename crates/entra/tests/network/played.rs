//! Real clouds, played by a tenant on this computer: by their own names, and nowhere else.

use inbound_entra::cloud::clouds;

use crate::pages::signed_in;
use crate::stage::{Stage, TOKEN, graph, me, serve, why_not};

#[tokio::test]
async fn a_played_cloud_is_reached_under_its_own_names_at_the_practice_tenant() {
    let stage = Stage::new();
    for cloud in clouds() {
        let (login, host) = (cloud.login.host_str().unwrap(), cloud.graph.host_str().unwrap());
        let server = serve(stage.leaf(&[login, host], |_| {}), |_| me()).await;
        let played = cloud.clone().played_by(&stage.practice(server.port));
        assert!(graph(&played).me(&inbound_entra::graph::Call::default()).await.is_ok(), "{}", cloud.key);
        signed_in(&played).await;
        let seen = server.seen();
        let hosts: Vec<_> = seen.iter().map(|it| it.host.as_str()).collect();
        assert_eq!(hosts, [host, login], "{}", cloud.key);
        assert_eq!(seen[0].authorization.as_deref(), Some(format!("Bearer {TOKEN}").as_str()));
        assert_eq!(seen[1].authorization, None, "p46: a token for Graph goes to Graph alone");
        assert!(seen[1].body.contains("canary-secret") && !seen[1].path.contains("canary"), "{:?}", seen[1].path);
    }
}

#[tokio::test]
async fn a_played_cloud_is_not_trusted_under_a_name_that_its_certificate_lacks() {
    let stage = Stage::new();
    let server = stage.serve(|_| me()).await;
    for cloud in clouds() {
        let why = why_not(&cloud.played_by(&stage.practice(server.port))).await.expect("refused");
        assert!(why.to_string().contains("made out to another host"), "{why}");
    }
    assert!(server.seen().is_empty());
}
