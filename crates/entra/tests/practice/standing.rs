//! What an operator may become and what the tenant forbids, as a whole tenant tells it.

use inbound_entra::auth::{Way, sign_in};
use inbound_entra::graph::{Call, Graph};
use practice_tenant::PersonaKey;
use tokio_util::sync::CancellationToken;

use crate::support::Practice;

const PRIVILEGED_ROLE_ADMINISTRATOR: &str = "e8611ab8-c189-46e8-94e1-60213ab1f814";

/// Signed in with these scopes.
async fn graph_with(practice: &Practice, persona: PersonaKey, scopes: &[&str]) -> Graph {
    let (request, asker) = (practice.request_for(scopes), practice.asker(persona));
    let signed_in = sign_in(&request, Way::Browser, asker, practice.clock(), CancellationToken::new()).await.unwrap();
    practice.graph_with(signed_in.credential, practice.clock())
}

#[tokio::test]
async fn an_eligible_role_is_read_by_name_and_activated() {
    let practice = Practice::start().await;
    let scopes = ["User.Read", "RoleEligibilitySchedule.Read.Directory", "RoleAssignmentSchedule.ReadWrite.Directory"];
    let graph = graph_with(&practice, PersonaKey::Eligible, &scopes).await;
    let call = Call::default();
    let eligible = graph.my_eligible_roles(&call).await.unwrap();
    let role = eligible.iter().find(|it| it.role_definition_id.to_string() == PRIVILEGED_ROLE_ADMINISTRATOR).unwrap();
    assert_eq!(role.role_name(), Some("Privileged Role Administrator"));
    assert!(role.is_tenant_wide());
    let is_held = |roles: &[inbound_entra::model::DirectoryRole]| {
        roles.iter().any(|it| it.role_template_id == role.role_definition_id)
    };
    assert!(!is_held(&graph.my_roles(&call).await.unwrap()), "eligible is not active");
    let me = graph.me(&call).await.unwrap();
    practice.tenant.recorder().clear();
    graph.activate_role(&call, me.id, role.role_definition_id, "HR feed", 2).await.unwrap();
    assert_eq!(practice.asked("POST", "/token").len(), 1, "the next call has a token that knows the role");
    practice.tenant.clock().advance(std::time::Duration::from_secs(1_800));
    assert!(is_held(&graph.my_roles(&call).await.unwrap()));
}

#[tokio::test]
async fn policies_and_plans_are_read() {
    let practice = Practice::start().await;
    let admin = PersonaKey::GlobalAdministrator;
    let graph = graph_with(&practice, admin, &["User.Read", "Policy.Read.All"]).await;
    let (call, now) = (Call::default(), practice.tenant.clock().now());
    let policy = graph.app_management_policy(&call).await.unwrap();
    assert_eq!((policy.forbids_secrets(now), policy.longest_secret_days(now)), (false, None));
    assert!(graph.authorization_policy(&call).await.unwrap().users_may_register().is_some());
    assert!(!graph.organization(&call).await.unwrap().assigned_plans.is_empty());
}
