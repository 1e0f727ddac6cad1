//! What a token is asked for: one resource, scopes of it, and the scopes of OpenID Connect.

use crate::directory::entity::Entity;
use crate::directory::state::Directory;
use crate::ids::GRAPH_APP_ID;
use crate::login::errors::LoginError;
use crate::seed::permissions::{self, Kind};

const OPENID: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// Scopes asked for, sorted out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Request {
    /// As written before the scope, e.g. `https://graph.microsoft.com`; empty for bare names, which are Graph's.
    pub resource: String,
    /// Bare names of the resource's scopes; `.default` stands for all that were consented to.
    pub scopes: Vec<String>,
    /// Of `openid`, `profile`, `email`, `offline_access`.
    pub openid: Vec<String>,
}

impl Request {
    /// Sorts out a `scope` parameter. One resource a request (graph-facts 11).
    pub fn parse(text: &str) -> Result<Self, LoginError> {
        let mut request = Self::default();
        let mut resource: Option<String> = None;
        for scope in text.split_ascii_whitespace() {
            if OPENID.contains(&scope) {
                request.openid.push(scope.to_owned());
                continue;
            }
            let (owner, name) = match scope.rsplit_once('/') {
                Some((owner, name)) => (owner.trim_end_matches('/'), name),
                None => ("", scope),
            };
            if name.is_empty() {
                return Err(LoginError::bad_scope(scope));
            }
            match &resource {
                Some(known) if !is_same(known, owner) => return Err(LoginError::two_resources()),
                // Bare names are Graph's too, but only a full one can be the token's audience.
                Some(known) if !known.is_empty() => {}
                _ => resource = Some(owner.to_owned()),
            }
            request.scopes.push(name.to_owned());
        }
        request.resource = resource.unwrap_or_default();
        Ok(request)
    }

    pub fn wants(&self, openid: &str) -> bool {
        self.openid.iter().any(|scope| scope == openid)
    }

    pub fn is_default(&self) -> bool {
        self.scopes.iter().any(|scope| scope == ".default")
    }

    /// Whether the resource is Microsoft Graph, under any of its clouds' names or this tenant's own address.
    pub fn is_graph(&self, origin: &str) -> bool {
        self.resource == origin || names_graph(&self.resource)
    }

    /// The service principal of the resource.
    pub fn find_resource<'a>(&self, directory: &'a Directory, origin: &str) -> Result<&'a Entity, LoginError> {
        let found = if self.is_graph(origin) {
            directory.principal_by_app_id(GRAPH_APP_ID)
        } else {
            let app_id = self.resource.strip_prefix("api://").unwrap_or(&self.resource).parse().ok();
            app_id.and_then(|app_id| directory.principal_by_app_id(app_id)).or_else(|| {
                directory.service_principals.values().find(|it| {
                    it.is_live() && it.list("servicePrincipalNames").iter().any(|name| *name == self.resource)
                })
            })
        };
        found.ok_or_else(|| LoginError::no_resource(&self.resource))
    }

    /// A token's `aud`: Graph's name if a name was used, else the client id.
    pub fn audience(&self, resource: &Entity) -> String {
        if self.resource.starts_with("https://") { self.resource.clone() } else { resource.app_id.to_string() }
    }

    /// The scopes that the client gets, or which one nobody has consented to.
    pub fn consented(
        &self,
        directory: &Directory,
        client: &Entity,
        resource: &Entity,
    ) -> Result<Vec<String>, LoginError> {
        let consented: Vec<&str> = directory
            .consents
            .iter()
            .filter(|consent| consent.client_app_id == client.app_id && consent.resource_app_id == resource.app_id)
            .flat_map(|consent| consent.scopes.iter().map(String::as_str))
            .filter(|scope| !OPENID.contains(scope))
            .collect();
        if self.is_default() {
            let all: Vec<String> = consented.into_iter().map(str::to_owned).collect();
            return if all.is_empty() { Err(LoginError::no_consent(client)) } else { Ok(all) };
        }
        for scope in &self.scopes {
            if resource.app_id == GRAPH_APP_ID && permissions::find(Kind::Scope, scope).is_none() {
                return Err(LoginError::bad_scope(scope));
            }
            if !consented.contains(&scope.as_str()) {
                return Err(LoginError::no_consent(client));
            }
        }
        Ok(self.scopes.clone())
    }
}

/// Whether two names mean one resource.
fn is_same(left: &str, right: &str) -> bool {
    left == right || (names_graph(left) && names_graph(right))
}

/// Whether this is Microsoft Graph by a name that it has everywhere.
fn names_graph(resource: &str) -> bool {
    resource.is_empty()
        || resource == GRAPH_APP_ID.to_string()
        || is_loopback(resource)
        || [
            "https://graph.microsoft.com",
            "https://graph.microsoft.us",
            "https://dod-graph.microsoft.us",
            "https://microsoftgraph.chinacloudapi.cn",
        ]
        .contains(&resource)
}

fn is_loopback(resource: &str) -> bool {
    let host = resource.strip_prefix("https://").unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    ["localhost", "127.0.0.1", "[::1]"].contains(&host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_sorted_out() {
        let request = Request::parse("openid https://localhost:4/User.Read https://localhost:4/Mail.Read").unwrap();
        assert_eq!(request.scopes, ["User.Read", "Mail.Read"]);
        assert!(request.wants("openid") && !request.wants("profile"));
        assert!(request.is_graph("https://elsewhere"));
        assert!(Request::parse("https://graph.microsoft.com/.default").unwrap().is_default());
        assert!(Request::parse("api://a/x https://graph.microsoft.com/y").is_err());
        let mixed = Request::parse("User.Read https://graph.microsoft.com/Mail.Read Mail.Send").unwrap();
        assert_eq!((mixed.resource.as_str(), mixed.scopes.len()), ("https://graph.microsoft.com", 3));
        assert!(!Request::parse("api://a/x").unwrap().is_graph("https://localhost:4"));
    }
}
