//! Why something that a run made stays: somebody else uses it, or has changed it (promise P38).

use inbound_entra::ids::{AppId, AppRoleId, KeyId, ObjectId};
use inbound_entra::model::{AppRoleAssignment, Owner};

use crate::undo::picture::Picture;
use crate::words;

/// What is this run's own, gone or not: replicas may still show what was removed a moment ago.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ours {
    /// The registration's name, as this run gave it.
    pub name: String,
    /// Service principals.
    pub principals: Vec<ObjectId>,
    pub keys: Vec<KeyId>,
    /// Descriptions of secrets.
    pub descriptions: Vec<String>,
    /// Ids of grants.
    pub grants: Vec<String>,
    /// Application permissions of Microsoft Graph that it asked for; none where that is not known.
    pub roles: Option<Vec<AppRoleId>>,
    /// Sign-in names of the people, and client ids of the apps, that ran it.
    pub operators: Vec<String>,
    /// Object id of who undoes it, if they ran it too.
    pub operator: Option<ObjectId>,
}

/// The audience with which it was registered.
const AUDIENCE: &str = "AzureADMyOrg";

/// Why the registration stays; nothing when this run alone has to do with it.
pub(crate) fn application(picture: &Picture, ours: &Ours) -> Vec<String> {
    let Some(found) = &picture.application else { return Vec::new() };
    let it = &found.application;
    let mut reasons = Vec::new();
    let foreign = it.password_credentials.iter().filter(|one| {
        !ours.keys.contains(&one.key_id)
            && !one.display_name.as_ref().is_some_and(|name| ours.descriptions.contains(name))
    });
    match foreign.count() {
        0 => {}
        1 => reasons.push("It holds a client secret that this run did not make.".to_owned()),
        n => reasons.push(format!("It holds {n} client secrets that this run did not make.")),
    }
    if !it.key_credentials.is_empty() {
        reasons.push("It holds a certificate, which this run did not add.".to_owned());
    }
    if !picture.federated.is_empty() {
        let names: Vec<String> = picture.federated.iter().map(|one| format!("\"{}\"", one.name)).collect();
        reasons
            .push(format!("It trusts the federated credential {}, which this run did not add.", words::list(&names)));
    }
    let others: Vec<String> = picture.owners.iter().filter(|owner| !ours.is_operator(owner)).map(name_of).collect();
    if !others.is_empty() {
        reasons.push(format!("It is owned by {}.", words::list(&others)));
    }
    reasons.extend(principal(picture, ours));
    if it.display_name != ours.name {
        reasons.push(format!("It was called \"{}\" and has been renamed to \"{}\".", ours.name, it.display_name));
    }
    if found.redirect_uris().next().is_some() {
        reasons.push("Somebody gave it redirect addresses, to sign people in.".to_owned());
    }
    if found.is_an_api() {
        reasons.push("Somebody made it offer permissions to other apps.".to_owned());
    }
    if found.sign_in_audience.as_deref().is_some_and(|audience| audience != AUDIENCE) {
        reasons.push("Somebody opened it to accounts of other organizations.".to_owned());
    }
    if ours.roles.as_ref().is_some_and(|roles| picture.requests_beside(roles)) {
        reasons.push("It requests permissions that this run did not ask for.".to_owned());
    }
    reasons
}

/// Why the service principal stays, and the registration with it.
pub(crate) fn principal(picture: &Picture, ours: &Ours) -> Vec<String> {
    let Some(found) = &picture.principal else { return Vec::new() };
    let mut reasons = Vec::new();
    if !ours.principals.contains(&found.id) {
        reasons.push("Its service principal was made by somebody else.".to_owned());
    }
    match ours.foreign_grants(&picture.grants).count() {
        0 => {}
        1 => reasons.push("Its service principal holds a permission that this run did not grant.".to_owned()),
        n => reasons.push(format!("Its service principal holds {n} permissions that this run did not grant.")),
    }
    match picture.assigned.len() {
        0 => {}
        1 => reasons.push("A user, group or app is assigned to it.".to_owned()),
        n => reasons.push(format!("{n} users, groups or apps are assigned to it.")),
    }
    reasons
}

impl Ours {
    /// Those that this run did not make.
    pub(crate) fn foreign_grants<'a>(
        &'a self,
        grants: &'a [AppRoleAssignment],
    ) -> impl Iterator<Item = &'a AppRoleAssignment> {
        grants.iter().filter(|grant| !self.grants.contains(&grant.id))
    }

    fn is_operator(&self, owner: &Owner) -> bool {
        let named = |name: &str| self.operators.iter().any(|own| own.eq_ignore_ascii_case(name));
        self.operator == Some(owner.id)
            || owner.user_principal_name.as_deref().is_some_and(named)
            || owner.app_id.is_some_and(|id: AppId| named(&id.to_string()))
    }
}

fn name_of(owner: &Owner) -> String {
    let name = owner.user_principal_name.clone().or_else(|| owner.display_name.clone());
    name.unwrap_or_else(|| owner.id.to_string())
}
