//! Words for writing a seed: what an app registration, a service principal, a managed identity and a secret are.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::clock::{days, earlier, graph_date, later};
use crate::directory::entity::{Entity, Federated, Properties, Secret};
use crate::directory::state::Directory;
use crate::ids::{self, GRAPH_APP_ID, TENANT};
use crate::persona::{COMPANY, DOMAIN};
use crate::seed::permissions::{self, Kind};

/// A directory being seeded.
pub(crate) struct Builder {
    pub directory: Directory,
    pub now: Timestamp,
}

pub(crate) fn properties(value: Value) -> Properties {
    match value {
        Value::Object(map) => map,
        _ => Properties::new(),
    }
}

impl Builder {
    pub fn new(now: Timestamp) -> Self {
        Self { directory: Directory::default(), now }
    }

    pub fn days_ago(&self, count: u64) -> Timestamp {
        earlier(self.now, days(count))
    }

    /// An app registration `key` called `name`; returns its client id.
    pub fn application(&mut self, key: &str, name: &str, age_days: u64, more: Value) -> Uuid {
        let app_id = ids::fixed(&format!("app/{key}"));
        let mut set = properties(json!({
            "displayName": name,
            "publisherDomain": DOMAIN,
            "signInAudience": "AzureADMyOrg",
        }));
        set.extend(properties(more));
        let id = ids::fixed(&format!("application/{key}"));
        self.directory.add_application(Entity::new(id, app_id, self.days_ago(age_days), set));
        app_id
    }

    /// The service principal of the app registration `key`; returns its object id.
    pub fn principal(&mut self, key: &str, more: Value) -> Uuid {
        let app_id = ids::fixed(&format!("app/{key}"));
        let id = ids::fixed(&format!("principal/{key}"));
        let Some(application) = self.directory.application_by_app_id(app_id) else { return id };
        let created = application.created;
        let mut set = principal_of(application);
        set.extend(properties(more));
        self.directory.add_principal(Entity::new(id, app_id, created, set));
        id
    }

    /// A service principal of another organisation's application; returns its object id.
    pub fn foreign_principal(&mut self, key: &str, app_id: Uuid, owner: Uuid, more: Value) -> Uuid {
        let id = ids::fixed(&format!("principal/{key}"));
        let mut set = properties(json!({
            "appOwnerOrganizationId": owner,
            "servicePrincipalNames": [app_id],
            "servicePrincipalType": "Application",
            "signInAudience": "AzureADMultipleOrgs",
        }));
        set.extend(properties(more));
        self.directory.add_principal(Entity::new(id, app_id, self.days_ago(900), set));
        id
    }

    /// A managed identity; `marker` is `isExplicit=True`, `isExplicit=False`, or nothing for old ones
    /// (graph-facts 5). Returns its object id.
    pub fn managed_identity(&mut self, key: &str, name: &str, marker: Option<&str>, arm_id: &str, age: u64) -> Uuid {
        let id = ids::fixed(&format!("principal/{key}"));
        let app_id = ids::fixed(&format!("app/{key}"));
        let alternative: Vec<&str> = marker.into_iter().chain([arm_id]).collect();
        let set = properties(json!({
            "alternativeNames": alternative,
            "displayName": name,
            "servicePrincipalNames": [app_id, format!("https://identity.azure.net/{}", ids::opaque(&[key]))],
            "servicePrincipalType": "ManagedIdentity",
        }));
        self.directory.add_principal(Entity::new(id, app_id, self.days_ago(age), set));
        id
    }

    /// Blocks the sign-in of a service principal.
    pub fn block(&mut self, principal: Uuid) {
        if let Some(entity) = self.directory.service_principals.get_mut(&principal) {
            entity.properties.insert("accountEnabled".to_owned(), json!(false));
        }
    }

    /// Gives the application `key` a secret that began `began` days ago and ends `lasts` days later.
    pub fn secret(&mut self, key: &str, description: &str, text: &str, began: u64, lasts: u64) {
        let start = self.days_ago(began);
        let key_id = ids::fixed(&format!("secret/{key}/{description}"));
        let shown = json!({
            "customKeyIdentifier": null,
            "displayName": description,
            "endDateTime": graph_date(later(start, days(lasts))),
            "hint": text.chars().take(3).collect::<String>(),
            "keyId": key_id,
            "secretText": null,
            "startDateTime": graph_date(start),
        });
        let id = ids::fixed(&format!("application/{key}"));
        let Some(entity) = self.directory.applications.get_mut(&id) else { return };
        entity.secrets.insert(key_id, Secret::new(ids::sha256_hex(text), start));
        if let Value::Array(list) = entity.properties.entry("passwordCredentials").or_insert_with(|| json!([])) {
            list.push(shown);
        }
    }

    /// Lets the application `key` sign in with tokens of `issuer` for `subject`.
    pub fn federated(&mut self, key: &str, name: &str, issuer: &str, subject: &str) {
        let added = self.days_ago(30);
        let id = ids::fixed(&format!("application/{key}"));
        let Some(entity) = self.directory.applications.get_mut(&id) else { return };
        entity.federated.push(Federated {
            id: ids::fixed(&format!("federated/{key}/{name}")),
            name: name.to_owned(),
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            audience: "api://AzureADTokenExchange".to_owned(),
            description: None,
            added,
        });
    }

    /// Grants app roles of Microsoft Graph, by value.
    pub fn grant_graph(&mut self, principal: Uuid, values: &[&str], age_days: u64) {
        let created = self.days_ago(age_days);
        let Some(graph) = self.directory.principal_by_app_id(GRAPH_APP_ID).map(|it| it.id) else { return };
        for value in values {
            if let Some(role) = permissions::find(Kind::Role, value) {
                self.directory.grant(principal, graph, role.id, created);
            }
        }
    }
}

/// What a service principal takes over from its application.
pub(crate) fn principal_of(application: &Entity) -> Properties {
    let names: Vec<Value> =
        std::iter::once(json!(application.app_id)).chain(application.list("identifierUris").iter().cloned()).collect();
    let audience = application.text("signInAudience").unwrap_or("AzureADMyOrg");
    let mut set = properties(json!({
        "appDisplayName": application.display_name(),
        "appOwnerOrganizationId": TENANT,
        "displayName": application.display_name(),
        "servicePrincipalNames": names,
        "servicePrincipalType": "Application",
        "signInAudience": audience,
        "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
    }));
    let scopes = application.properties.get("api").and_then(|api| api.get("oauth2PermissionScopes"));
    for (name, value) in [("appRoles", application.properties.get("appRoles")), ("oauth2PermissionScopes", scopes)] {
        if let Some(value) = value {
            set.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(notes) = application.properties.get("notes") {
        set.insert("notes".to_owned(), notes.clone());
    }
    set
}

/// `requiredResourceAccess` that requests these app roles of Microsoft Graph.
pub(crate) fn requests(values: &[&str]) -> Value {
    let access: Vec<Value> = values
        .iter()
        .filter_map(|value| permissions::find(Kind::Role, value))
        .map(|role| json!({ "id": role.id, "type": "Role" }))
        .collect();
    json!([{ "resourceAppId": GRAPH_APP_ID, "resourceAccess": access }])
}

/// A note such as an owner leaves.
pub(crate) fn note(text: &str) -> String {
    format!("{COMPANY}: {text}")
}
