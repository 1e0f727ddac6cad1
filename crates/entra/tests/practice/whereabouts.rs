//! Where a tenant lives, and what is said where it was looked for in the wrong cloud.

use inbound_entra::auth::{AuthError, Way, look_up};
use inbound_entra::cloud::Cloud;
use practice_tenant::{Fault, PersonaKey};
use serde_json::json;

use crate::support::Practice;

/// The practice tenant as if it were a real cloud.
fn as_if(practice: &Practice, key: &str) -> Cloud {
    Cloud { key: key.to_owned(), ..practice.cloud.clone() }
}

/// Describes `tenant` as one of another cloud, whose addresses are foreign here.
fn describe(practice: &Practice, tenant: &str, graph: &str, sub: &str) {
    let login = "https://login.microsoftonline.us";
    let id = practice.tenant.tenant_id();
    let body = json!({
        "issuer": format!("{login}/{id}/v2.0"), "jwks_uri": format!("{login}/{id}/discovery/v2.0/keys"),
        "authorization_endpoint": format!("{login}/{id}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{login}/{id}/oauth2/v2.0/token"),
        "cloud_instance_name": "microsoftonline.us", "msgraph_host": graph,
        "tenant_region_scope": "USGov", "tenant_region_sub_scope": sub,
    });
    let path = format!("/{tenant}/v2.0/.well-known/openid-configuration");
    practice.faults(&[("GET", &path, 9, Fault::Answer { status: 200, body, applied: false })]);
}

#[tokio::test]
async fn a_tenant_of_another_cloud_is_told_before_anyone_signs_in() {
    let practice = Practice::start().await;
    let clock = practice.clock();
    for (graph, sub, home) in [
        ("graph.microsoft.us", "DODCON", "US Government L4 (GCC High)"),
        ("dod-graph.microsoft.us", "DOD", "US Government L5 (DoD)"),
    ] {
        describe(&practice, "contoso.us", graph, sub);
        let cloud = as_if(&practice, "global");
        let asker = practice.asker(PersonaKey::User);
        let mut request = practice.request();
        request.tenant = "contoso.us".to_owned();
        request.cloud = cloud.clone();
        let error = practice.sign_in_as(&request, Way::Browser, asker.clone()).await.unwrap_err();
        assert_eq!(error, AuthError::WrongCloud { home: home.to_owned() });
        assert!(error.to_string().contains(home), "{error}");
        assert!(asker.opened.lock().unwrap().is_empty(), "no page is opened for nothing");
        let found = look_up(&cloud, "contoso.us", &*clock).await.unwrap();
        assert!(found.is_elsewhere);
        assert_eq!(found.home.map(|home| home.name).as_deref(), Some(home));
        assert_eq!(found.tenant.map(|id| id.0), Some(practice.tenant.tenant_id()));
        assert_eq!(found.region.as_deref(), Some("USGov"));
    }
}

#[tokio::test]
async fn a_tenant_of_this_place_is_found_by_its_domain_and_an_unknown_one_is_not() {
    let practice = Practice::start().await;
    let clock = practice.clock();
    let found = look_up(&practice.cloud, &practice.tenant.tenant_id().to_string(), &*clock).await.unwrap();
    assert_eq!(found.tenant.map(|id| id.0), Some(practice.tenant.tenant_id()));
    assert!(!found.is_elsewhere);
    let anyone = look_up(&practice.cloud, "organizations", &*clock).await.unwrap();
    assert_eq!((anyone.tenant, anyone.is_elsewhere), (None, false));
    let error = look_up(&practice.cloud, "nowhere.example", &*clock).await.unwrap_err();
    assert!(error.codes().contains(&90_002), "{error:?}");
    assert!(inbound_entra::auth::explain(error.codes()).unwrap().advice.contains("national cloud"));
}
