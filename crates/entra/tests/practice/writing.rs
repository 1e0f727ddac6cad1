//! The whole life of a registration, and what Graph refuses along it.

use std::time::Duration;

use inbound_entra::graph::request::NewApplication;
use inbound_entra::graph::{Call, Graph, GraphError, Policy, Refusal};
use inbound_entra::ids::MICROSOFT_GRAPH;
use inbound_entra::model::{RequiredResourceAccess, ResourceAccess};
use practice_tenant::{AppPolicy, PersonaKey};
use secrecy::ExposeSecret;

use crate::support::Practice;

fn refusal(error: GraphError) -> Refusal {
    match error {
        GraphError::Refused(refusal) => *refusal,
        other => panic!("{other:?}"),
    }
}

async fn requested(graph: &Graph, values: &[&str]) -> Vec<RequiredResourceAccess> {
    let resource = graph.graph_resource(&Call::default()).await.unwrap();
    let access = values.iter().map(|value| ResourceAccess {
        id: resource.application_permission(value).unwrap().id,
        kind: "Role".to_owned(),
    });
    vec![RequiredResourceAccess { resource_app_id: MICROSOFT_GRAPH, resource_access: access.collect() }]
}

#[tokio::test]
async fn a_registration_is_made_granted_given_a_secret_and_removed() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let call = Call::default();
    let access = requested(&graph, &["AuditLog.Read.All"]).await;
    let new = NewApplication::new("HR feed", None, access.clone());
    let made = graph.upsert_application(&call, "hr-feed", &new).await.unwrap();
    assert!(made.request_id.is_some() && !made.client_request_id.is_empty());
    let app = made.value.unwrap();
    assert_eq!(app.required_resource_access, access);
    assert_eq!(graph.upsert_application(&call, "hr-feed", &new).await.unwrap().value, None, "the second time: 204");
    let both = requested(&graph, &["AuditLog.Read.All", "SynchronizationData-User.Upload"]).await;
    graph.patch_requested(&call, app.id, &both).await.unwrap();
    assert_eq!(graph.application(&call, app.id).await.unwrap().unwrap().required_resource_access, both);

    let principal = graph.create_service_principal(&call, app.app_id).await.unwrap().value;
    let twice = refusal(graph.create_service_principal(&call, app.app_id).await.unwrap_err());
    assert!(twice.is_already_there() && twice.request_id.is_some() && twice.date.is_some(), "{twice:?}");
    assert_eq!(graph.service_principal(&call, principal.id).await.unwrap().map(|it| it.app_id), Some(app.app_id));

    let resource = graph.graph_resource(&call).await.unwrap();
    let role = resource.application_permission("AuditLog.Read.All").unwrap().id;
    let grant = graph.grant(&call, resource.id, principal.id, role).await.unwrap().value;
    let again = refusal(graph.grant(&call, resource.id, principal.id, role).await.unwrap_err());
    assert!(again.is_duplicate_grant(), "{again:?}");
    assert_eq!(graph.grants_of(&call, principal.id).await.unwrap(), std::slice::from_ref(&grant));

    let end = practice.tenant.clock().now() + jiff::SignedDuration::from_hours(24 * 180);
    let secret = graph.add_password(&call, app.id, "HR feed 1", end).await.unwrap().value;
    assert!(secret.secret.expose_secret().len() >= 16);
    assert!(!format!("{secret:?}").contains(secret.secret.expose_secret()));
    assert_eq!(secret.credential.display_name.as_deref(), Some("HR feed 1"));
    assert_eq!(secret.credential.end_date_time.map(jiff::Timestamp::as_second), Some(end.as_second()));
    let held = graph.application(&call, app.id).await.unwrap().unwrap().password_credentials;
    assert_eq!(held.iter().map(|it| it.key_id).collect::<Vec<_>>(), [secret.credential.key_id]);

    graph.remove_password(&call, app.id, secret.credential.key_id).await.unwrap();
    graph.revoke(&call, resource.id, &grant.id).await.unwrap();
    assert!(graph.grants_of(&call, principal.id).await.unwrap().is_empty());
    graph.delete_application(&call, app.id).await.unwrap();
    assert_eq!(graph.application(&call, app.id).await.unwrap(), None);
    assert_eq!(graph.application_by_app_id(&call, app.app_id).await.unwrap(), None);
    assert_eq!(graph.application_by_unique_name(&call, "hr-feed").await.unwrap(), None);
}

#[tokio::test]
async fn each_request_carries_the_token_and_an_id_of_its_own() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    graph.me(&Call::default()).await.unwrap();
    graph.organization(&Call::default()).await.unwrap();
    let asked = practice.asked("GET", "/v1.0/");
    let ids: std::collections::HashSet<_> =
        asked.iter().filter_map(|it| it.request_header("client-request-id")).collect();
    assert_eq!(ids.len(), 2);
    for exchange in &asked {
        assert!(exchange.request_header("authorization").is_some_and(|value| value.starts_with("Bearer ")));
        assert!(exchange.request_header("user-agent").is_some_and(|agent| agent.starts_with("InboundAccess/")));
    }
}

#[tokio::test]
async fn what_was_just_made_is_told_from_what_is_not_there() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let call = Call::default();
    practice.tenant.dials().set_replication(Duration::from_secs(10));
    let new = NewApplication::new("HR feed", None, Vec::new());
    let app = graph.upsert_application(&call, "u", &new).await.unwrap().value.unwrap();
    let early = refusal(graph.create_service_principal(&call, app.app_id).await.unwrap_err());
    assert!(early.is_replicating() && !early.is_forbidden(), "{early:?}");
    practice.tenant.clock().advance(Duration::from_secs(11));
    let principal = graph.create_service_principal(&call, app.app_id).await.unwrap().value;
    let resource = graph.graph_resource(&call).await.unwrap();
    let role = resource.application_permission("AuditLog.Read.All").unwrap().id;
    let early = refusal(graph.grant(&call, resource.id, principal.id, role).await.unwrap_err());
    assert!(early.is_replicating(), "{early:?}");
    practice.tenant.clock().advance(Duration::from_secs(11));
    graph.grant(&call, resource.id, principal.id, role).await.unwrap();
}

#[tokio::test]
async fn a_missing_role_is_forbidden_and_nothing_else() {
    let practice = Practice::start().await;
    let graph = practice.graph_as(PersonaKey::ApplicationAdministrator).await;
    let call = Call::default();
    let new = NewApplication::new("HR feed", None, Vec::new());
    let app = graph.upsert_application(&call, "u", &new).await.unwrap().value.unwrap();
    let principal = graph.create_service_principal(&call, app.app_id).await.unwrap().value;
    let resource = graph.graph_resource(&call).await.unwrap();
    let role = resource.application_permission("AuditLog.Read.All").unwrap().id;
    let error = graph.grant(&call, resource.id, principal.id, role).await.unwrap_err();
    assert!(error.request_id().is_some() && error.client_request_id().is_some());
    let refused = refusal(error);
    assert!(refused.is_forbidden() && refused.policy().is_none(), "{refused:?}");
    assert!(refused.to_string().contains("HTTP 403"), "{refused}");
}

#[tokio::test]
async fn policies_of_the_tenant_are_named() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let call = Call::default();
    let new = NewApplication::new("HR feed", None, Vec::new());
    let app = graph.upsert_application(&call, "u", &new).await.unwrap().value.unwrap();
    let end = practice.tenant.clock().now() + jiff::SignedDuration::from_hours(24 * 180);
    let dials = practice.tenant.dials();
    dials.set_policy(AppPolicy { forbid_secrets: true, ..AppPolicy::default() });
    let error = refusal(graph.add_password(&call, app.id, "x", end).await.unwrap_err());
    assert_eq!(error.policy(), Some(Policy::SecretsForbidden));
    dials.set_policy(AppPolicy { longest_secret: Some(Duration::from_secs(86_400)), ..AppPolicy::default() });
    let error = refusal(graph.add_password(&call, app.id, "x", end).await.unwrap_err());
    assert_eq!(error.policy(), Some(Policy::LifetimeTooLong));
    dials.set_policy(AppPolicy { forbidden_audiences: vec!["AzureADMyOrg".to_owned()], ..AppPolicy::default() });
    let error = refusal(graph.upsert_application(&call, "v", &new).await.unwrap_err());
    assert_eq!(error.policy(), Some(Policy::AudienceForbidden));
}
