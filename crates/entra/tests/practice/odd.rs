//! Objects that are odd in one place: they must neither hide all others nor be taken for something that they are not.

use inbound_entra::graph::{Call, GraphError, Unreadable};
use inbound_entra::ids::ObjectId;
use jiff::Timestamp;
use practice_tenant::Fault;
use serde_json::{Value, json};

use crate::support::Practice;

const ID: &str = "00000000-0000-0000-0000-0000000000a1";

fn app(credentials: &Value) -> Value {
    json!({
        "id": ID, "appId": "00000000-0000-0000-0000-0000000000a2", "displayName": "HR feed",
        "createdDateTime": "nonsense", "passwordCredentials": credentials,
        "keyCredentials": [{ "keyId": "00000000-0000-0000-0000-0000000000a3", "endDateTime": "9999-12-31T23:59:59Z" }],
    })
}

fn answering(practice: &Practice, path: &str, body: Value) {
    practice.faults(&[("GET", path, 99, Fault::Answer { status: 200, body, applied: false })]);
}

fn is_wrong_shape(error: &GraphError) -> bool {
    matches!(error, GraphError::Unreadable { why: Unreadable::WrongShape, .. })
}

#[tokio::test]
async fn an_app_whose_secret_never_ends_is_read_with_all_else() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let endless = json!([{ "keyId": ID, "startDateTime": 7, "endDateTime": "9999-12-31T23:59:59.9999999Z" }]);
    answering(&practice, "/v1.0/applications/{id}", app(&endless));
    let id: ObjectId = ID.parse().unwrap();
    let app = graph.application(&Call::default(), id).await.unwrap().unwrap();
    assert_eq!(app.created_date_time, None, "an odd time is none");
    assert_eq!(app.password_credentials[0].end_date_time, Some(Timestamp::MAX));
    assert_eq!(app.password_credentials[0].start_date_time, None);
    assert_eq!(app.key_credentials[0].end_date_time, Some(Timestamp::MAX));
}

#[tokio::test]
async fn an_app_with_a_secret_that_cannot_be_read_is_not_shown_without_it() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    answering(&practice, "/v1.0/applications/{id}", app(&json!([{ "keyId": "odd" }])));
    let error = graph.application(&Call::default(), ID.parse().unwrap()).await.unwrap_err();
    assert!(is_wrong_shape(&error), "{error:?}");
}

#[tokio::test]
async fn one_odd_row_does_not_hide_the_others_of_a_list() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let rows = json!([{ "id": "odd" }, app(&json!([])), 7, null]);
    answering(&practice, "/v1.0/applications", json!({ "value": rows }));
    let call = Call::default();
    let named = graph.applications_named(&call, "HR feed").await.unwrap();
    assert_eq!(named.iter().map(|app| app.id.to_string()).collect::<Vec<_>>(), [ID]);
    let found = graph.search_applications(&call, "HR", 10).await.unwrap();
    assert_eq!((found.rows.len(), found.more), (1, false));
}

#[tokio::test]
async fn grants_are_read_whole_or_not_at_all() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let good = json!({ "id": "x", "appRoleId": ID, "principalId": ID, "resourceId": ID, "createdDateTime": "odd" });
    let path = "/v1.0/servicePrincipals/{id}/appRoleAssignments";
    let id: ObjectId = ID.parse().unwrap();
    answering(&practice, path, json!({ "value": [good] }));
    assert_eq!(graph.grants_of(&Call::default(), id).await.unwrap().len(), 1);
    answering(&practice, path, json!({ "value": [good, { "id": "y" }] }));
    let error = graph.grants_of(&Call::default(), id).await.unwrap_err();
    assert!(is_wrong_shape(&error), "{error:?}");
}

#[tokio::test]
async fn p49_a_list_of_more_rows_than_any_real_one_is_not_kept() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let path = "/v1.0/me/transitiveMemberOf";
    let rows = |count: usize| json!({ "value": vec![json!({}); count] });
    answering(&practice, path, rows(200_000));
    assert!(graph.my_roles(&Call::default()).await.unwrap().is_empty());
    answering(&practice, path, rows(200_001));
    let error = graph.my_roles(&Call::default()).await.unwrap_err();
    assert!(matches!(error, GraphError::Unreadable { why: Unreadable::TooLarge, .. }), "{error:?}");
}
