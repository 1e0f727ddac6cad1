//! What a token is asked for: one resource, scopes of it, and the scopes of OpenID Connect.

use uuid::Uuid;

use crate::clouds::{self, Place};
use crate::directory::entity::Entity;
use crate::directory::state::Directory;
use crate::ids::GRAPH_APP_ID;
use crate::login::errors::LoginError;
use crate::login::microsoft_clients;
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

    /// The service principal of the resource. A login host knows the Graph of its own clouds only.
    pub fn find_resource<'a>(&self, directory: &'a Directory, origin: &str) -> Result<&'a Entity, LoginError> {
        if let (Place::Login(here), Some(there)) = (clouds::place(origin), clouds::of_graph(&self.resource))
            && !clouds::share_login(here, there)
        {
            return Err(LoginError::no_resource(&self.resource));
        }
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

    /// Whether every scope exists and the client may ever have it.
    pub fn check(&self, client: &Entity, resource: &Entity) -> Result<(), LoginError> {
        if self.is_default() || resource.app_id != GRAPH_APP_ID {
            return Ok(());
        }
        let preauthorised = microsoft_clients::preauthorised(client.app_id);
        for scope in &self.scopes {
            if permissions::find(Kind::Scope, scope).is_none() {
                return Err(LoginError::bad_scope(scope));
            }
            if preauthorised.is_some_and(|known| !known.contains(&scope.as_str())) {
                return Err(LoginError::not_preauthorised(client, resource));
            }
        }
        Ok(())
    }

    /// The scopes that the client gets for a user, or that something is not consented to.
    pub fn consented(
        &self,
        directory: &Directory,
        client: &Entity,
        resource: &Entity,
        user: Uuid,
    ) -> Result<Vec<String>, LoginError> {
        self.check(client, resource)?;
        let consented = standing(directory, client, resource, user);
        if self.is_default() {
            return if consented.is_empty() { Err(LoginError::no_consent(client)) } else { Ok(consented) };
        }
        if self.scopes.iter().any(|scope| !consented.contains(scope)) {
            return Err(LoginError::no_consent(client));
        }
        Ok(self.scopes.clone())
    }

    /// The scopes to be consented to before the client gets what it asks for.
    pub fn missing(&self, directory: &Directory, client: &Entity, resource: &Entity, user: Uuid) -> Vec<String> {
        let consented = standing(directory, client, resource, user);
        match (self.is_default(), consented.is_empty()) {
            (true, true) => requested(client, resource),
            (true, false) => Vec::new(),
            (false, _) => self.scopes.iter().filter(|scope| !consented.contains(scope)).cloned().collect(),
        }
    }

    /// Whether somebody could consent: `.default` alone stands for what the app's registration requests.
    pub fn can_be_consented(&self, directory: &Directory, client: &Entity, resource: &Entity) -> bool {
        let is_known = directory.consents.iter().any(|it| it.client_app_id == client.app_id)
            || microsoft_clients::preauthorised(client.app_id).is_some();
        !self.is_default() || is_known || !requested(client, resource).is_empty()
    }
}

/// What was consented to for the user or for everyone, or needs no consent.
fn standing(directory: &Directory, client: &Entity, resource: &Entity, user: Uuid) -> Vec<String> {
    let preauthorised = microsoft_clients::preauthorised(client.app_id).filter(|_| resource.app_id == GRAPH_APP_ID);
    let mut scopes: Vec<String> = preauthorised.unwrap_or_default().iter().map(|scope| (*scope).to_owned()).collect();
    let consents = directory
        .consents
        .iter()
        .filter(|it| it.client_app_id == client.app_id && it.resource_app_id == resource.app_id)
        .filter(|it| it.user.is_none_or(|owner| owner == user));
    for scope in consents.flat_map(|consent| &consent.scopes) {
        if !OPENID.contains(&scope.as_str()) && !scopes.contains(scope) {
            scopes.push(scope.clone());
        }
    }
    scopes
}

/// The delegated scopes of a resource that the app's registration requests, by value.
pub(crate) fn requested(client: &Entity, resource: &Entity) -> Vec<String> {
    client
        .requested_access(resource.app_id)
        .into_iter()
        .filter(|(_, is_role)| !is_role)
        .filter_map(|(id, _)| permissions::by_id(id))
        .map(|permission| permission.value.to_owned())
        .collect()
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
        || clouds::of_graph(resource).is_some()
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
