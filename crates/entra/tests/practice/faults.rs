//! Answers that are lost, late, cut, forged or too large (security F05 to F11, F22 to F24, F58 to F60).

use inbound_entra::graph::request::NewApplication;
use inbound_entra::graph::{Call, GraphError, Lost, Unreadable};
use inbound_entra::http::NoConnection;
use inbound_entra::ids::{AppId, ObjectId};
use practice_tenant::Fault;
use serde_json::json;

use crate::support::{Practice, status};

const CREATE: &str = "/v1.0/servicePrincipals";

async fn registered(graph: &inbound_entra::graph::Graph, unique: &str) -> (ObjectId, AppId) {
    let new = NewApplication::new("HR feed", None, Vec::new());
    let made = graph.upsert_application(&Call::default(), unique, &new).await.unwrap().value.unwrap();
    (made.id, made.app_id)
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_unclear_and_sent_once() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let (_, app_id) = registered(&graph, "u1").await;
    let cases = [
        (Fault::ResetBefore, Lost::NoAnswer),
        (Fault::ResetAfter, Lost::NoAnswer),
        (status(500, true, None), Lost::ServerFault(500)),
        (status(502, false, None), Lost::ServerFault(502)),
        (status(503, false, None), Lost::ServerFault(503)),
        (status(503, true, Some(3)), Lost::ServerFault(503)),
        (status(504, true, Some(1)), Lost::ServerFault(504)),
        (Fault::CutBody, Lost::Unreadable(Unreadable::Truncated)),
        (Fault::Html, Lost::Unreadable(Unreadable::NotJson)),
        (Fault::Huge { megabytes: 300 }, Lost::Unreadable(Unreadable::TooLarge)),
        (
            Fault::Answer { status: 201, body: json!({"appId": app_id.to_string()}), applied: true },
            Lost::Unreadable(Unreadable::WrongShape),
        ),
        (
            Fault::Answer {
                status: 201,
                body: json!({"id": app_id.to_string(), "appId": "00000000-0000-0000-0000-00000000000f"}),
                applied: false,
            },
            Lost::Unreadable(Unreadable::WrongShape),
        ),
    ];
    for (fault, expected) in cases {
        practice.tenant.recorder().clear();
        practice.faults(&[("POST", CREATE, 9, fault.clone())]);
        let error = graph.create_service_principal(&Call::default(), app_id).await.unwrap_err();
        let GraphError::Unclear { why, ref client_request_id, .. } = error else { panic!("{fault:?}: {error:?}") };
        assert_eq!(why, expected, "{fault:?}");
        let sent = practice.asked("POST", CREATE);
        assert_eq!(sent.len(), 1, "{fault:?} must not be sent again");
        assert_eq!(sent[0].request_header("client-request-id"), Some(client_request_id.as_str()));
        assert!(error.to_string().contains("may or may not"), "{error}");
    }
}

#[tokio::test]
async fn after_an_unclear_write_a_look_tells_what_happened() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let (_, app_id) = registered(&graph, "u1").await;
    practice.faults(&[("POST", CREATE, 1, Fault::ResetAfter)]);
    let call = Call::default();
    assert!(matches!(graph.create_service_principal(&call, app_id).await, Err(GraphError::Unclear { .. })));
    let found = graph.service_principal_by_app_id(&call, app_id).await.unwrap();
    assert_eq!(found.map(|principal| principal.app_id), Some(app_id), "it had been made");
    let again = graph.create_service_principal(&call, app_id).await.unwrap_err();
    assert!(again.refusal().is_some_and(inbound_entra::graph::Refusal::is_already_there), "{again:?}");
}

#[tokio::test]
async fn a_secret_whose_answer_is_lost_is_not_made_twice() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let (id, _) = registered(&graph, "u1").await;
    let end = practice.tenant.clock().now() + jiff::SignedDuration::from_hours(24 * 90);
    for fault in [Fault::ResetAfter, Fault::CutBody, status(500, true, None)] {
        practice.tenant.recorder().clear();
        practice.faults(&[("POST", "/v1.0/applications/{id}/addPassword", 9, fault)]);
        let error = graph.add_password(&Call::default(), id, "run 1", end).await.unwrap_err();
        assert!(matches!(error, GraphError::Unclear { .. }), "{error:?}");
        assert_eq!(practice.asked("POST", "addPassword").len(), 1);
    }
    let held = graph.application(&Call::default(), id).await.unwrap().unwrap().password_credentials;
    assert_eq!(held.len(), 3, "each was made, and the application tells of it");
    assert!(held.iter().all(|secret| secret.display_name.as_deref() == Some("run 1")));
}

#[tokio::test]
async fn creation_by_alternate_key_is_repeated_until_it_is_known() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let new = NewApplication::new("HR feed", None, Vec::new());
    for (nth, fault) in [Fault::ResetAfter, Fault::CutBody, status(500, true, None)].into_iter().enumerate() {
        practice.tenant.recorder().clear();
        practice.faults(&[("PATCH", "/v1.0/applications({key})", 1, fault.clone())]);
        let name = format!("u{nth}");
        let answer = graph.upsert_application(&Call::default(), &name, &new).await.unwrap();
        assert!(answer.after_doubt, "{fault:?}");
        assert_eq!(answer.value, None, "{fault:?}: the second attempt found what the first had made");
        let sent = practice.asked("PATCH", "uniqueName");
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0].request_header("client-request-id"), sent[1].request_header("client-request-id"));
        assert!(graph.application_by_unique_name(&Call::default(), &name).await.unwrap().is_some());
    }
    assert!(!graph.upsert_application(&Call::default(), "u8", &new).await.unwrap().after_doubt);
    practice.faults(&[("PATCH", "/v1.0/applications({key})", 99, Fault::ResetAfter)]);
    let error = graph.upsert_application(&Call::default(), "u9", &new).await.unwrap_err();
    assert!(matches!(error, GraphError::Unclear { why: Lost::NoAnswer, .. }), "{error:?}");
}

#[tokio::test]
async fn a_refusal_after_a_lost_answer_does_not_say_that_nothing_was_changed() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let new = NewApplication::new("HR feed", None, Vec::new());
    let path = "/v1.0/applications({key})";
    for (nth, code) in [400, 401, 403, 404, 409].into_iter().enumerate() {
        practice.faults(&[("PATCH", path, 1, Fault::ResetAfter), ("PATCH", path, 9, status(code, false, None))]);
        let error = graph.upsert_application(&Call::default(), &format!("u{nth}"), &new).await.unwrap_err();
        assert!(matches!(error, GraphError::Unclear { why: Lost::NoAnswer, .. }), "{code}: {error:?}");
        let refused_at_once = graph.upsert_application(&Call::default(), &format!("v{nth}"), &new).await.unwrap_err();
        assert!(refused_at_once.refusal().is_some(), "without a doubt a refusal is one: {refused_at_once:?}");
    }
}

#[tokio::test]
async fn reads_are_tried_again_and_then_say_what_is_wrong() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    for fault in [Fault::ResetBefore, Fault::CutBody, status(500, false, None), status(504, false, None)] {
        practice.faults(&[("GET", "/v1.0/me", 2, fault.clone())]);
        assert!(graph.me(&Call::default()).await.is_ok(), "{fault:?}");
    }
    let lasting = |fault| practice.faults(&[("GET", "/v1.0/me", 99, fault)]);
    lasting(Fault::CutBody);
    let error = graph.me(&Call::default()).await.unwrap_err();
    assert!(matches!(error, GraphError::Unreadable { why: Unreadable::Truncated, .. }), "{error:?}");
    lasting(Fault::Html);
    let error = graph.me(&Call::default()).await.unwrap_err();
    assert!(matches!(error, GraphError::NotSent { why: NoConnection::Page, .. }), "{error:?}");
    assert!(error.to_string().contains("a web page answered in its place"), "{error}");
    lasting(Fault::Huge { megabytes: 300 });
    let error = graph.me(&Call::default()).await.unwrap_err();
    assert!(matches!(error, GraphError::Unreadable { why: Unreadable::TooLarge, .. }), "{error:?}");
    lasting(Fault::Answer { status: 200, body: json!({"displayName": "no id"}), applied: false });
    let error = graph.me(&Call::default()).await.unwrap_err();
    assert!(matches!(error, GraphError::Unreadable { why: Unreadable::WrongShape, .. }), "{error:?}");
    lasting(Fault::ResetBefore);
    let error = graph.me(&Call::default()).await.unwrap_err();
    assert!(matches!(error, GraphError::NotSent { why: NoConnection::Broken, .. }), "{error:?}");
    lasting(status(500, false, None));
    let error = graph.me(&Call::default()).await.unwrap_err();
    assert!(error.refusal().is_some_and(|refusal| refusal.status == 500), "{error:?}");
}

#[tokio::test]
async fn a_strangers_404_does_not_mean_that_something_is_absent() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let (id, _) = registered(&graph, "u1").await;
    let nobody: ObjectId = "00000000-0000-0000-0000-0000000000aa".parse().unwrap();
    assert_eq!(graph.application(&Call::default(), nobody).await.unwrap(), None);
    for body in [json!("<html>proxy: no such page</html>"), json!({"error": "not_found"})] {
        let page = Fault::Answer { status: 404, body, applied: false };
        practice.faults(&[("GET", "/v1.0/applications/{id}", 9, page)]);
        let error = graph.application(&Call::default(), id).await.unwrap_err();
        assert!(matches!(error, GraphError::Unreadable { status: 404, .. }), "{error:?}");
    }
    let mut company = status(404, false, None);
    if let Fault::Status { code, message, .. } = &mut company {
        *code = Some("Directory_ObjectNotFound".to_owned());
        *message = Some("Unable to read the company information from the directory.".to_owned());
    }
    practice.faults(&[("GET", "/v1.0/applications/{id}", 2, company.clone())]);
    assert!(graph.application(&Call::default(), id).await.unwrap().is_some(), "a passing fault of the service");
    practice.faults(&[("GET", "/v1.0/applications/{id}", 99, company)]);
    assert!(graph.application(&Call::default(), id).await.is_err(), "and never an absence");
}

#[tokio::test]
async fn nobody_at_the_address_is_not_sent_and_says_so() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let Practice { tenant, .. } = practice;
    tenant.stop().await;
    let nobody = "00000000-0000-0000-0000-0000000000aa".parse().unwrap();
    let error = graph.delete_application(&Call::default(), nobody).await.unwrap_err();
    assert!(matches!(error, GraphError::NotSent { why: NoConnection::Refused, .. }), "{error:?}");
    assert!(error.to_string().contains("Nothing was changed"), "{error}");
}
