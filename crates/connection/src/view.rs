//! What the Connect page and the frame of the window show.

use inbound_access_job::Ability;
use inbound_access_job::desired::PermissionSet;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a face needs before anyone is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppInfo {
    /// The app's version.
    pub version: String,
    /// `windows`, `macos` or `linux`.
    pub platform: String,
    /// The keychain's name on this platform, e.g. `Windows Credential Manager`.
    pub keychain: String,
    /// Whom one can be on the practice tenant.
    pub personas: Vec<PersonaView>,
    /// Who is signed in now.
    pub connection: Option<ConnectionView>,
}

/// A person of the practice tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PersonaView {
    /// Stable key: `globalAdministrator`, `privilegedRoleAdministrator`, `applicationAdministrator`,
    /// `cloudApplicationAdministrator`, `eligible`, `user`.
    pub key: String,
    /// Full name.
    pub name: String,
    /// Sign-in name.
    pub user_principal_name: String,
    /// Roles in words, e.g. `Global Administrator`.
    pub roles: String,
    /// What this persona can do of the job, in a sentence.
    pub explanation: String,
}

/// A signed-in tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionView {
    /// True for the practice tenant: a banner stays.
    pub practice: bool,
    /// The cloud's name; `Practice` for the practice tenant.
    pub cloud: String,
    /// The company's name.
    pub tenant_name: String,
    /// The tenant's id.
    pub tenant_id: String,
    /// Its default domain.
    pub tenant_domain: Option<String>,
    /// Full name of who is signed in.
    pub account_name: String,
    /// Sign-in name of who is signed in.
    pub account: String,
    /// Active directory roles, by name.
    pub roles: Vec<String>,
    /// For each part of the job, whether this person can do it.
    pub abilities: Vec<Ability>,
    /// The permission sets as this tenant offers them; the default first.
    pub permission_sets: Vec<PermissionSet>,
}
