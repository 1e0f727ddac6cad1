//! Tokens and secrets go to the chosen cloud's own hosts only (security P46 to P48).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use inbound_entra::graph::{Call, GraphError, Unreadable};
use practice_tenant::Fault;
use serde_json::json;
use tokio::net::TcpListener;

use crate::support::{Practice, mistrusting};

/// Counts who comes.
async fn elsewhere() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let visits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&visits);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (address, visits)
}

#[tokio::test]
async fn p48_redirects_are_not_followed() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let (address, visits) = elsewhere().await;
    for code in [301, 302, 303, 307, 308] {
        let fault = Fault::Redirect { to: format!("{address}/v1.0/me"), status: code };
        practice
            .faults(&[("GET", "/v1.0/me", 1, fault.clone()), ("POST", "/v1.0/servicePrincipals", 1, fault.clone())]);
        let read = graph.me(&Call::default()).await.unwrap_err();
        let write = graph.create_service_principal(&Call::default(), inbound_entra::ids::MICROSOFT_GRAPH).await;
        for error in [read, write.unwrap_err()] {
            let GraphError::ForeignHost { host } = &error else { panic!("{error:?}") };
            assert!(address.ends_with(host), "{host}");
        }
    }
    // To itself too: a redirect is no answer.
    let fault = Fault::Redirect { to: format!("{}/v1.0/me", practice.tenant.origin()), status: 302 };
    practice.faults(&[("GET", "/v1.0/me", 1, fault)]);
    let error = graph.me(&Call::default()).await.unwrap_err();
    assert!(matches!(error, GraphError::Unreadable { status: 302, .. }), "{error:?}");
    assert_eq!(visits.load(Ordering::SeqCst), 0, "nobody came to the second address");
}

#[tokio::test]
async fn p48_a_redirected_token_request_hands_its_secret_to_nobody() {
    let practice = Practice::start().await;
    let (address, visits) = elsewhere().await;
    let path = format!("/{}/oauth2/v2.0/token", practice.tenant.tenant_id());
    practice.faults(&[("POST", &path, 1, Fault::Redirect { to: address, status: 307 })]);
    let credential = practice.automation(None);
    let scope = practice.cloud.graph_default_scope();
    assert!(azure_core::credentials::TokenCredential::get_token(&credential, &[&scope], None).await.is_err());
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn p48_a_redirected_sign_in_goes_nowhere() {
    let practice = Practice::start().await;
    let (address, visits) = elsewhere().await;
    for status in [301, 302, 303, 307, 308] {
        let to = format!("{address}/organizations");
        for (method, path) in [
            ("GET", "/organizations/v2.0/.well-known/openid-configuration"),
            ("GET", "/organizations/discovery/v2.0/keys"),
            ("POST", "/organizations/oauth2/v2.0/token"),
        ] {
            practice.faults(&[(method, path, 9, Fault::Redirect { to: to.clone(), status })]);
            let error = practice.try_sign_in(practice_tenant::PersonaKey::User).await.unwrap_err();
            assert!(!practice.asked(method, path).is_empty(), "{status} {method} {path}: {error:?}");
        }
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn f59_redirect_on_the_token_call_in_mid_session_hands_the_refresh_token_to_nobody() {
    for status in [301, 302, 303, 307, 308] {
        let practice = Practice::start().await;
        let graph = practice.graph().await;
        graph.me(&Call::default()).await.unwrap();
        let (address, visits) = elsewhere().await;
        practice.faults(&[("POST", "/{tenant}/oauth2/v2.0/token", 99, Fault::Redirect { to: address, status })]);
        practice.tenant.clock().advance(std::time::Duration::from_secs(3_700));
        practice.tenant.recorder().clear();
        let error = graph.me(&Call::default()).await.unwrap_err();
        assert!(matches!(error, GraphError::SignIn(_)), "{status}: {error:?}");
        assert!(!practice.asked("POST", "/token").is_empty(), "{status}");
        assert!(practice.asked("GET", "/v1.0/").is_empty(), "{status}: nothing is asked with an old token");
        assert_eq!(visits.load(Ordering::SeqCst), 0, "{status}");
    }
}

#[tokio::test]
async fn p47_a_next_link_to_another_place_is_not_followed() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let (address, visits) = elsewhere().await;
    for link in
        [format!("{address}/v1.0/servicePrincipals?$skiptoken=x"), "https://graph.microsoft.com/v1.0/x".to_owned()]
    {
        let body = json!({ "value": [], "@odata.nextLink": link });
        practice.faults(&[("GET", "/v1.0/servicePrincipals", 1, Fault::Answer { status: 200, body, applied: false })]);
        let error = graph.search_service_principals(&Call::default(), "", None, 5).await.unwrap_err();
        assert!(matches!(error, GraphError::ForeignHost { .. }), "{error:?}");
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn p47_a_list_that_leads_in_circles_ends() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let origin = practice.tenant.origin();
    let body = json!({ "value": [], "@odata.nextLink": format!("{origin}/v1.0/servicePrincipals?$skiptoken=x") });
    practice.faults(&[("GET", "/v1.0/servicePrincipals", 99, Fault::Answer { status: 200, body, applied: false })]);
    let error = graph.search_service_principals(&Call::default(), "", None, 5).await.unwrap_err();
    assert!(matches!(error, GraphError::Unreadable { why: Unreadable::WrongShape, .. }), "{error:?}");
    assert_eq!(practice.asked("GET", "/v1.0/servicePrincipals").len(), 2);
}

#[tokio::test]
async fn p44_the_graph_client_trusts_the_pinned_authority_only() {
    let practice = Practice::start().await;
    let credential = practice.sign_in(practice_tenant::PersonaKey::User).await.credential;
    practice.tenant.recorder().clear();
    let cloud = mistrusting(&practice.cloud);
    let graph = inbound_entra::graph::Graph::new(cloud, credential, practice.clock()).unwrap();
    let error = graph.me(&Call::default()).await.unwrap_err();
    assert!(
        matches!(error, GraphError::NotSent { why: inbound_entra::http::NoConnection::Tls, .. }),
        "at once, and by name: {error:?}"
    );
    assert!(practice.tenant.recorder().exchanges().is_empty());
}
