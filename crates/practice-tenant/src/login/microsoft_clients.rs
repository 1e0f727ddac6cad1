//! Microsoft's own public clients, which every tenant knows without a registration (graph-facts 11).

use jiff::Timestamp;
use serde_json::json;
use uuid::{Uuid, uuid};

use crate::directory::entity::Entity;
use crate::ids::MICROSOFT_TENANT;
use crate::seed::{self, properties};

/// `Microsoft Graph Command Line Tools`: may ask for anything, but an administrator has to consent once.
pub(crate) const COMMAND_LINE_TOOLS: Uuid = uuid!("14d82eec-204b-4c2f-b7e8-296a70dab67e");
/// `Microsoft Azure CLI`: gets what it is preauthorised for without a question, and nothing else (65002).
pub(crate) const AZURE_CLI: Uuid = uuid!("04b07795-8ddb-461a-bbee-02f9e1bf7b46");

/// What Azure CLI's tokens for Graph carry (graph-facts 11).
const AZURE_CLI_SCOPES: &[&str] = &[
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "AuditLog.Read.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.AccessAsUser.All",
    "Group.ReadWrite.All",
    "User.Read.All",
    "User.ReadWrite.All",
];

/// The client as its owner has registered it.
pub(crate) fn find(app_id: Uuid) -> Option<Entity> {
    let name = match app_id {
        COMMAND_LINE_TOOLS => "Microsoft Graph Command Line Tools",
        AZURE_CLI => "Microsoft Azure CLI",
        _ => return None,
    };
    let set = properties(json!({
        "displayName": name,
        "isFallbackPublicClient": true,
        "publicClient": { "redirectUris": ["http://localhost"] },
        "signInAudience": "AzureADandPersonalMicrosoftAccount",
    }));
    Some(Entity::new(app_id, app_id, Timestamp::UNIX_EPOCH, set))
}

/// The scopes of Graph that a client may use without anybody's consent; `None` when consent decides.
pub(crate) fn preauthorised(app_id: Uuid) -> Option<&'static [&'static str]> {
    (app_id == AZURE_CLI).then_some(AZURE_CLI_SCOPES)
}

/// The service principal that the first consent makes in the tenant.
pub(crate) fn principal(client: &Entity, now: Timestamp) -> Entity {
    let mut set = seed::principal_of(client);
    if find(client.app_id).is_some() {
        set.insert("appOwnerOrganizationId".into(), json!(MICROSOFT_TENANT));
    }
    Entity::new(Uuid::new_v4(), client.app_id, now, set)
}
