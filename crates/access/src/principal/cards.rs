//! Cards for principals: where a managed identity runs, and the pages of the Entra admin center.

use std::cmp::Ordering;

use inbound_entra::model::{Application, ServicePrincipal, ServicePrincipalType};
use jiff::Timestamp;
use url::Url;

use crate::principal::{AzureResource, PrincipalCard, PrincipalKind};
use crate::words;

/// What `alternativeNames` of a managed identity say (graph-facts 5): the parts come in any order and case, and older
/// identities lack the `isExplicit` marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AzureNames {
    /// The resource; none when no part is an Azure resource id.
    pub resource: Option<AzureResource>,
    /// A resource of its own (user-assigned).
    pub user_assigned: bool,
}

/// Reads `alternativeNames`.
pub(crate) fn read_alternative_names(names: &[String]) -> AzureNames {
    let marker = names.iter().find_map(|name| {
        let (key, value) = name.split_once('=')?;
        key.trim().eq_ignore_ascii_case("isExplicit").then(|| value.trim().eq_ignore_ascii_case("true"))
    });
    let resource = names.iter().find_map(|name| split_resource_id(name));
    let own_resource = resource
        .as_ref()
        .and_then(|resource| resource.type_name.as_deref())
        .is_some_and(|type_name| type_name == USER_ASSIGNED);
    AzureNames { resource, user_assigned: marker.unwrap_or(own_resource) }
}

const USER_ASSIGNED: &str = "User-assigned identity";

/// Azure resource types in words.
const TYPES: [(&str, &str); 18] = [
    ("microsoft.logic/workflows", "Logic App"),
    ("microsoft.web/sites", "Function App or web app"),
    ("microsoft.web/sites/slots", "Slot of a Function App or web app"),
    ("microsoft.web/staticsites", "Static web app"),
    ("microsoft.compute/virtualmachines", "Virtual machine"),
    ("microsoft.compute/virtualmachinescalesets", "Virtual machine scale set"),
    ("microsoft.hybridcompute/machines", "Azure Arc machine"),
    ("microsoft.automation/automationaccounts", "Automation account"),
    ("microsoft.managedidentity/userassignedidentities", USER_ASSIGNED),
    ("microsoft.datafactory/factories", "Data factory"),
    ("microsoft.synapse/workspaces", "Synapse workspace"),
    ("microsoft.databricks/workspaces", "Databricks workspace"),
    ("microsoft.app/containerapps", "Container app"),
    ("microsoft.app/jobs", "Container app job"),
    ("microsoft.containerinstance/containergroups", "Container group"),
    ("microsoft.containerservice/managedclusters", "Kubernetes cluster"),
    ("microsoft.apimanagement/service", "API Management service"),
    ("microsoft.batch/batchaccounts", "Batch account"),
];

/// Splits an Azure resource id; none when it is none. Segment names are compared without case.
pub(crate) fn split_resource_id(id: &str) -> Option<AzureResource> {
    let path = id.trim().strip_prefix('/')?;
    let segments: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let first = segments.first()?;
    if !(first.eq_ignore_ascii_case("subscriptions") || first.eq_ignore_ascii_case("providers")) || segments.len() < 2 {
        return None;
    }
    let after = |name: &str| {
        segments
            .chunks(2)
            .find_map(|pair| match pair {
                [key, value] if key.eq_ignore_ascii_case(name) && !value.is_empty() => Some(*value),
                _ => None,
            })
            .map(str::to_owned)
    };
    // After `providers/{namespace}` come pairs of type and name, to any depth; the last pair is the resource itself.
    let provided = segments
        .iter()
        .rposition(|segment| segment.eq_ignore_ascii_case("providers"))
        .and_then(|at| segments.get(at + 1..))
        .unwrap_or_default();
    let (type_name, resource_name) = match provided.split_first() {
        Some((namespace, pairs)) if pairs.len() >= 2 => {
            let types: Vec<&str> = pairs.chunks(2).filter_map(|pair| pair.first().copied()).collect();
            let full = format!("{namespace}/{}", types.join("/"));
            let words = TYPES.iter().find(|(key, _)| key.eq_ignore_ascii_case(&full));
            let name = pairs.chunks(2).next_back().and_then(|pair| pair.get(1)).map(|name| (*name).to_owned());
            (Some(words.map_or(full, |(_, words)| (*words).to_owned())), name)
        }
        _ => (None, None),
    };
    Some(AzureResource {
        id: id.trim().to_owned(),
        subscription: after("subscriptions"),
        resource_group: after("resourceGroups"),
        type_name,
        resource_name,
    })
}

/// The page of a service principal ("enterprise application") in the admin center at `portal`.
fn principal_page(portal: &Url, object_id: &str, client_id: &str) -> String {
    page_of_principal(portal, "Overview", object_id, client_id)
}

/// The page that shows what is granted to a service principal, and lets an administrator grant what an app requests.
pub(crate) fn permissions_page(portal: &Url, object_id: &str, client_id: &str) -> String {
    page_of_principal(portal, "Permissions", object_id, client_id)
}

fn page_of_principal(portal: &Url, page: &str, object_id: &str, client_id: &str) -> String {
    format!(
        "{}/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/{page}/objectId/{object_id}/appId/{client_id}",
        portal.as_str().trim_end_matches('/')
    )
}

/// The page of an app registration.
pub(crate) fn application_page(portal: &Url, client_id: &str) -> String {
    format!(
        "{}/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Overview/appId/{client_id}",
        portal.as_str().trim_end_matches('/')
    )
}

/// The card of a service principal, with its app registration where that was read.
pub(crate) fn principal_card(
    principal: &ServicePrincipal,
    application: Option<&Application>,
    portal: &Url,
) -> PrincipalCard {
    let names = read_alternative_names(&principal.alternative_names);
    let kind = match &principal.service_principal_type {
        ServicePrincipalType::Application => PrincipalKind::AppRegistration,
        ServicePrincipalType::ManagedIdentity if names.user_assigned => PrincipalKind::UserAssigned,
        ServicePrincipalType::ManagedIdentity => PrincipalKind::SystemAssigned,
        ServicePrincipalType::Other(_) => PrincipalKind::Other,
    };
    let client_id = principal.app_id.to_string();
    PrincipalCard {
        name: principal.display_name.clone(),
        kind,
        object_id: Some(principal.id.to_string()),
        application_object_id: application.map(|application| application.id.to_string()),
        enabled: principal.account_enabled,
        created: application
            .and_then(|application| application.created_date_time)
            .or(principal.created_date_time)
            .map(|at| at.to_string()),
        azure: names.resource.filter(|_| principal.service_principal_type == ServicePrincipalType::ManagedIdentity),
        portal_url: match application {
            Some(_) => application_page(portal, &client_id),
            None => principal_page(portal, &principal.id.to_string(), &client_id),
        },
        client_id,
    }
}

/// The card of an app registration, with its service principal's object id where it is known.
pub(crate) fn application_card(
    application: &Application,
    principal: Option<&ServicePrincipal>,
    portal: &Url,
) -> PrincipalCard {
    PrincipalCard {
        name: application.display_name.clone(),
        kind: PrincipalKind::AppRegistration,
        object_id: principal.map(|principal| principal.id.to_string()),
        client_id: application.app_id.to_string(),
        application_object_id: Some(application.id.to_string()),
        enabled: principal.and_then(|principal| principal.account_enabled),
        created: application.created_date_time.map(|at| at.to_string()),
        azure: None,
        portal_url: application_page(portal, &application.app_id.to_string()),
    }
}

/// Best match first: the exact name, then names that begin with the text, then the rest; namesakes adjacent.
pub(crate) fn rank(rows: &mut [PrincipalCard], text: &str) {
    let wanted = text.trim().to_lowercase();
    let rank_of = |card: &PrincipalCard| {
        let name = card.name.to_lowercase();
        if name == wanted {
            0
        } else if name.starts_with(&wanted) {
            1
        } else {
            2
        }
    };
    rows.sort_by(|a, b| match rank_of(a).cmp(&rank_of(b)) {
        Ordering::Equal => (a.name.to_lowercase(), &a.name, resource_of(a), &a.object_id).cmp(&(
            b.name.to_lowercase(),
            &b.name,
            resource_of(b),
            &b.object_id,
        )),
        other => other,
    });
}

fn resource_of(card: &PrincipalCard) -> Option<&str> {
    card.azure.as_ref().map(|azure| azure.id.as_str())
}

/// Where a managed identity runs, to stand behind its name: ` (Logic App in rg-hr-prod)`; empty when nothing is known.
pub(crate) fn runs_in(principal: &ServicePrincipal) -> String {
    let Some(azure) = read_alternative_names(&principal.alternative_names).resource else { return String::new() };
    match (azure.type_name, azure.resource_group) {
        (Some(kind), Some(group)) => format!(" ({kind} in {group})"),
        (Some(only), None) | (None, Some(only)) => format!(" ({only})"),
        (None, None) => String::new(),
    }
}

/// A principal in words: `the app "HR feed"`, `the managed identity "CSV2SCIM" (Logic App in rg-hr-prod)`.
pub(crate) fn subject(principal: &ServicePrincipal) -> String {
    let name = &principal.display_name;
    match principal.service_principal_type {
        ServicePrincipalType::ManagedIdentity => format!("the managed identity \"{name}\"{}", runs_in(principal)),
        _ => format!("the app \"{name}\""),
    }
}

fn registered(card: &PrincipalCard) -> String {
    let at: Option<Timestamp> = card.created.as_ref().and_then(|created| created.parse().ok());
    at.map_or_else(String::new, |at| format!(", made {}", words::day(at)))
}

/// One line that tells this card from its namesakes.
pub(crate) fn distinguish(card: &PrincipalCard) -> String {
    let id = match &card.object_id {
        Some(object_id) => format!("object id {object_id}"),
        None => format!("client id {}", card.client_id),
    };
    match (card.kind, &card.azure) {
        (PrincipalKind::AppRegistration, _) => {
            let object = card.object_id.as_ref().map_or_else(String::new, |id| format!(", object id {id}"));
            format!("app registration, client id {}{object}{}", card.client_id, registered(card))
        }
        (PrincipalKind::SystemAssigned, Some(azure)) => format!("system-assigned identity, {id}, {}", azure.id),
        (PrincipalKind::UserAssigned, Some(azure)) => format!("user-assigned identity, {id}, {}", azure.id),
        (PrincipalKind::SystemAssigned | PrincipalKind::UserAssigned, None) => format!("managed identity, {id}"),
        (PrincipalKind::Other, _) => id,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WORKFLOW: &str = "/subscriptions/1f2e/resourcegroups/rg-hr-prod/providers/Microsoft.Logic/workflows/CSV2SCIM";

    fn names(parts: &[&str]) -> AzureNames {
        read_alternative_names(&parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_system_assigned_identity_names_its_host() {
        let read = names(&["isExplicit=False", WORKFLOW]);
        assert!(!read.user_assigned);
        let azure = read.resource.unwrap();
        assert_eq!(azure.subscription.as_deref(), Some("1f2e"));
        assert_eq!(azure.resource_group.as_deref(), Some("rg-hr-prod"));
        assert_eq!(azure.type_name.as_deref(), Some("Logic App"));
        assert_eq!(azure.resource_name.as_deref(), Some("CSV2SCIM"));
        assert_eq!(azure.id, WORKFLOW);
    }

    #[test]
    fn without_a_marker_the_path_decides() {
        assert!(!names(&[WORKFLOW]).user_assigned);
        let own = "/SUBSCRIPTIONS/1/RESOURCEGROUPS/g/PROVIDERS/MICROSOFT.MANAGEDIDENTITY/USERASSIGNEDIDENTITIES/hr";
        assert!(names(&[own]).user_assigned);
        assert_eq!(names(&[own]).resource.unwrap().resource_group.as_deref(), Some("g"));
    }

    #[test]
    fn nested_and_unknown_types_stay_readable() {
        let slot =
            split_resource_id("/subscriptions/1/resourceGroups/g/providers/Microsoft.Web/sites/a/slots/b").unwrap();
        assert_eq!(slot.type_name.as_deref(), Some("Slot of a Function App or web app"));
        assert_eq!(slot.resource_name.as_deref(), Some("b"));
        let odd = split_resource_id("/subscriptions/1/resourceGroups/g/providers/Contoso.Odd/things/x").unwrap();
        assert_eq!(odd.type_name.as_deref(), Some("Contoso.Odd/things"));
        assert_eq!(split_resource_id("isExplicit=True"), None);
        assert_eq!(split_resource_id("https://vault.example/"), None);
    }

    fn mixed_case(text: &'static str) -> impl Strategy<Value = String> {
        proptest::collection::vec(any::<bool>(), text.len()).prop_map(move |upper| {
            text.chars()
                .zip(upper)
                .map(|(c, up)| if up { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn order_and_case_do_not_matter(
            subscriptions in mixed_case("subscriptions"),
            groups in mixed_case("resourcegroups"),
            providers in mixed_case("providers"),
            type_name in mixed_case("microsoft.logic/workflows"),
            marker in proptest::option::of((mixed_case("isexplicit"), any::<bool>(), any::<bool>())),
            swap in any::<bool>(),
            group in "[A-Za-z0-9._()-]{1,20}",
            name in "[A-Za-z0-9._-]{1,20}",
        ) {
            let id = format!("/{subscriptions}/11-22/{groups}/{group}/{providers}/{type_name}/{name}");
            let mut parts = vec![id.clone()];
            if let Some((key, explicit, upper)) = &marker {
                let value = match (explicit, upper) {
                    (true, true) => "TRUE",
                    (true, false) => "True",
                    (false, true) => "FALSE",
                    (false, false) => "False",
                };
                parts.push(format!("{key}={value}"));
            }
            if swap {
                parts.reverse();
            }
            let read = read_alternative_names(&parts);
            prop_assert_eq!(read.user_assigned, marker.is_some_and(|(_, explicit, _)| explicit));
            let azure = read.resource.unwrap();
            prop_assert_eq!(azure.id, id);
            prop_assert_eq!(azure.subscription.as_deref(), Some("11-22"));
            prop_assert_eq!(azure.resource_group.as_deref(), Some(group.as_str()));
            prop_assert_eq!(azure.type_name.as_deref(), Some("Logic App"));
            prop_assert_eq!(azure.resource_name.as_deref(), Some(name.as_str()));
        }

        #[test]
        fn no_text_breaks_it(parts in proptest::collection::vec(".{0,60}", 0..4)) {
            let _ = read_alternative_names(&parts);
        }
    }
}
