//! Networks that answer with a page of their own, or not at all (security P53).

use inbound_entra::auth::{AppSecretCredential, AuthError};
use inbound_entra::cloud::Cloud;
use inbound_entra::graph::{Call, GraphError, Lost, Unreadable};
use inbound_entra::http::NoConnection;
use inbound_entra::ids::{AppId, MICROSOFT_GRAPH, TenantId};

use crate::child;
use crate::stage::{Answer, Stage, TOKEN, graph, system, why_not};

/// Signs in as an app, which needs nobody, and gives why it did not.
pub async fn signed_in(cloud: &Cloud) -> AuthError {
    let (tenant, client) = (TenantId(uuid::Uuid::nil()), AppId(uuid::Uuid::nil()));
    let credential = AppSecretCredential::new(cloud.clone(), tenant, client, "canary-secret".into())
        .with_clock(std::sync::Arc::new(crate::stage::Hasty));
    let scope = cloud.graph_default_scope();
    let error = azure_core::credentials::TokenCredential::get_token(&credential, &[&scope], None).await.unwrap_err();
    error.downcast_ref::<AuthError>().expect("ours").clone()
}

#[tokio::test]
async fn p53_a_page_of_the_network_is_said_so_by_graph_and_sign_in_alike() {
    let stage = Stage::new();
    let portal = "https://portal.example/login";
    for nth in 0..4 {
        let server = stage
            .serve(move |_| match nth {
                0 => Answer::html(200),
                1 => Answer::html(302).with("location", portal.to_owned()),
                2 => Answer::html(307).with("location", portal.to_owned()),
                _ => Answer::html(511),
            })
            .await;
        let cloud = stage.practice(server.port);
        let error = graph(&cloud).me(&Call::default()).await.unwrap_err();
        assert!(matches!(error, GraphError::NotSent { why: NoConnection::Page, .. }), "{nth}: {error:?}");
        let text = error.to_string();
        assert!(text.contains("a web page answered in its place") && text.ends_with("Nothing was changed"), "{text}");
        let error = signed_in(&cloud).await;
        assert!(matches!(error, AuthError::Unreachable { why: NoConnection::Page, .. }), "{nth}: {error:?}");
    }
}

#[tokio::test]
async fn p53_a_page_in_place_of_a_writes_answer_leaves_it_open_whether_it_was_done() {
    let stage = Stage::new();
    let server = stage.serve(|_| Answer::html(200)).await;
    let cloud = stage.practice(server.port);
    let error = graph(&cloud).create_service_principal(&Call::default(), MICROSOFT_GRAPH).await.unwrap_err();
    let page = Lost::Unreadable(Unreadable::NotJson);
    assert!(matches!(error, GraphError::Unclear { why, .. } if why == page), "{error:?}");
    assert_eq!(server.seen().len(), 1, "and it is not sent again");
    assert_eq!(server.seen()[0].authorization.as_deref(), Some(format!("Bearer {TOKEN}").as_str()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p53_offline_and_names_that_nobody_knows_are_said_so() {
    if let Some(role) = child::role() {
        let cloud = if role == "offline" { Cloud::global() } else { system("graph.nowhere.invalid", 443) };
        let read = graph(&cloud).me(&Call::default()).await.unwrap_err();
        let token = signed_in(&cloud).await;
        return child::tell(&format!("{read}\n{token}\n"));
    }
    let name = "pages::p53_offline_and_names_that_nobody_knows_are_said_so";
    let home = tempfile::tempdir().unwrap();
    let judge = |told: &str, graph: &str, login: &str| {
        let (read, token) = told.trim_end().split_once('\n').unwrap();
        let words = "could not be reached: its address could not be found; this computer may be offline";
        assert!(read.starts_with(&format!("{graph} {words}")) && read.ends_with("Nothing was changed"), "{read}");
        assert!(token.starts_with(&format!("{login} {words}")), "{token}");
    };
    let nowhere = "graph.nowhere.invalid";
    judge(&child::run(name, "nowhere", &[], home.path()).await, nowhere, nowhere);
    match child::run_without_network(name, "offline", home.path()).await {
        Some(told) => judge(&told, "graph.microsoft.com", "login.microsoftonline.com"),
        None => eprintln!("skipped: the offline half of {name}: this computer does not let a process be cut off"),
    }
}

#[tokio::test]
async fn p53_a_connection_that_nobody_takes_is_refused_in_words() {
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let why = why_not(&Stage::new().practice(port)).await;
    assert_eq!(why, Some(NoConnection::Refused));
}
