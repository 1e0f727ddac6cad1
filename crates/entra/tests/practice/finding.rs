//! Finding things whose names are not kind to clients.

use inbound_entra::graph::request::NewApplication;
use inbound_entra::graph::{Call, WaitReason};
use inbound_entra::model::ServicePrincipalType;

use crate::support::{Practice, listening};

const NAMES: [&str; 9] = [
    "O'Brien & Söhne",
    "100% #1 + ½ = ?",
    "a/b\\c;d,e(f)",
    "emoji 👩‍🔧 end",
    "\u{202e}desrever \u{200f}שלום",
    "''quoted''",
    "\"double\" quotes",
    "plus+and%20percent",
    "tab-free * wild_card ~",
];

#[tokio::test]
async fn p54_names_with_any_character_are_kept_found_and_never_confused() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let call = Call::default();
    for (nth, name) in NAMES.iter().enumerate() {
        let new = NewApplication::new(*name, Some(format!("{name}\nnote")), Vec::new());
        let made = graph.upsert_application(&call, name, &new).await.unwrap().value.unwrap();
        assert_eq!(made.display_name, *name);
        let principal = graph.create_service_principal(&call, made.app_id).await.unwrap().value;
        assert_eq!(principal.display_name, *name);
        let by_key = graph.application_by_unique_name(&call, name).await.unwrap().unwrap();
        assert_eq!((by_key.id, by_key.unique_name.as_deref()), (made.id, Some(*name)));
        assert_eq!(by_key.notes.as_deref(), Some(format!("{name}\nnote").as_str()));
        let named: Vec<_> = graph.applications_named(&call, name).await.unwrap().iter().map(|app| app.id).collect();
        assert_eq!(named, [made.id], "{nth}");
        let found = graph.search_applications(&call, name, 10).await.unwrap();
        assert!(found.rows.iter().any(|app| app.id == made.id), "{name}");
        let found = graph.search_service_principals(&call, name, None, 10).await.unwrap();
        assert_eq!(found.rows.first().map(|row| row.id), Some(principal.id), "{name}");
        assert_eq!(graph.application(&call, made.id).await.unwrap().map(|app| app.app_id), Some(made.app_id));
        let by_client = graph.application_by_app_id(&call, made.app_id).await.unwrap();
        assert_eq!(by_client.map(|app| app.id), Some(made.id));
    }
}

#[tokio::test]
async fn a_word_in_the_middle_of_a_name_is_found_and_kinds_are_kept_apart() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let (call, waits) = listening();
    let new = NewApplication::new("Zebra feed of Contoso", None, Vec::new());
    let made = graph.upsert_application(&call, "z", &new).await.unwrap().value.unwrap();
    let found = graph.search_applications(&call, "  contos ", 50).await.unwrap();
    assert!(found.rows.iter().any(|app| app.id == made.id), "{:?}", found.rows.len());
    let identities = Some(ServicePrincipalType::ManagedIdentity);
    let found = graph.search_service_principals(&call, "CSV2SCIMBulkUpload", identities, 50).await.unwrap().rows;
    assert!(found.len() >= 2, "the how-to's identity has a namesake");
    assert!(found.iter().all(|row| row.service_principal_type == ServicePrincipalType::ManagedIdentity));
    assert!(waits.lock().unwrap().iter().all(|wait| wait.reason != WaitReason::Network));
}

#[tokio::test]
async fn a_managed_identity_is_found_by_its_resource_in_any_letter_case() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let call = Call::default();
    let kind = Some(ServicePrincipalType::ManagedIdentity);
    let all = graph.search_service_principals(&call, "", kind, 500).await.unwrap().rows;
    assert!(all.len() >= 3, "the seed has several");
    for identity in &all {
        let resource = identity.alternative_names.iter().find(|name| name.starts_with("/subscriptions/")).unwrap();
        for spelled in [resource.clone(), resource.to_uppercase(), resource.to_lowercase(), format!(" {resource}/ ")] {
            let found = graph.managed_identities_by_resource_id(&call, &spelled).await.unwrap();
            assert!(found.iter().any(|row| row.id == identity.id), "{spelled}");
            assert!(
                found
                    .iter()
                    .all(|row| { row.alternative_names.iter().any(|name| name.eq_ignore_ascii_case(resource)) })
            );
        }
    }
    let nobody = "/subscriptions/0/resourceGroups/x/providers/Microsoft.Compute/virtualMachines/nobody";
    assert!(graph.managed_identities_by_resource_id(&call, nobody).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_and_where_are_read_and_graphs_own_roles_only_once() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let call = Call::default();
    let organization = graph.organization(&call).await.unwrap();
    assert_eq!(organization.id.0, practice.tenant.tenant_id());
    assert!(organization.verified_domains.iter().any(|domain| domain.is_default));
    let roles = graph.my_roles(&call).await.unwrap();
    let global = "62e90394-69f5-4237-9190-012177145e10";
    assert!(roles.iter().any(|role| role.role_template_id.to_string() == global), "{roles:?}");
    practice.tenant.recorder().clear();
    let (a, b) = tokio::join!(graph.graph_resource(&call), graph.graph_resource(&call));
    assert_eq!(a.unwrap(), b.unwrap());
    let resource = graph.clone().graph_resource(&call).await.unwrap();
    assert_eq!(practice.asked("GET", "/v1.0/servicePrincipals").len(), 1);
    let role = resource.application_permission("SynchronizationData-User.Upload").unwrap();
    assert_eq!(role.id.to_string(), "db31e92a-b9ea-4d87-bf6a-75a37a9ca35a");
    // A scope of the same name has another id, and is no application permission.
    assert!(resource.application_permission("User.Read").is_none());
}
