//! What the Connect page and the frame of the window show.

use inbound_access_job::desired::PermissionSet;
use inbound_access_job::preflight::Ability;
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
    /// Who is signed in now; none while nobody is, or while the session is locked.
    pub connection: Option<ConnectionView>,
    /// The session that is locked, if one is.
    pub locked: Option<Locked>,
    /// The real clouds, as they are reached.
    pub clouds: Vec<CloudView>,
    /// Microsoft's own clients that can be signed in with.
    pub microsoft_clients: Vec<MicrosoftClient>,
    /// What is kept on this computer between starts. No tokens, no secrets.
    pub settings: Settings,
    /// Why the settings began anew at this start; none usually.
    pub settings_notice: Option<String>,
    /// How this computer reaches the network.
    pub network: NetworkView,
    /// The real clouds are played by a practice tenant (`--practice-url`): nothing real can happen.
    pub clouds_are_played: bool,
}

/// A session without its tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Locked {
    /// The tenant's name.
    pub tenant_name: String,
    /// Sign-in name of who was signed in.
    pub account: String,
    /// It was locked after so many minutes without a touch; 0 when the operator locked it.
    pub after_minutes: u32,
}

/// A national cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CloudView {
    /// `global`, `usGovL4`, `usGovL5` or `china`.
    pub key: String,
    /// What operators call it.
    pub name: String,
    /// Its hosts.
    pub hosts: CloudHosts,
    /// The hosts are not Microsoft's documented ones.
    pub edited: bool,
}

/// Where a cloud is reached: host names, without scheme, port or path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CloudHosts {
    /// Of the sign-in service.
    pub login: String,
    /// Of Microsoft Graph.
    pub graph: String,
    /// Of the admin portal.
    pub portal: String,
}

/// A client of Microsoft's that any tenant knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MicrosoftClient {
    /// Its client id.
    pub client_id: String,
    /// Its name, as sign-in logs show it.
    pub name: String,
    /// What signing in with it means, in a sentence or two.
    pub meaning: String,
}

/// How to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SignInWay {
    /// In the system's browser.
    Browser,
    /// With a code that is typed in a browser, here or on another device.
    DeviceCode,
    /// As whoever is signed in to the Azure CLI (`az`).
    AzureCli,
    /// As whoever is signed in to the Azure Developer CLI (`azd`).
    AzureDeveloperCli,
}

/// A sign-in to a real tenant, as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignInRequest {
    /// The cloud's key.
    pub cloud: String,
    /// The tenant's id or one of its domains; none lets the account decide.
    pub tenant: Option<String>,
    /// How.
    pub way: SignInWay,
    /// Client id of the public client to sign in with; not needed for the Azure tools.
    pub client_id: Option<String>,
    /// Sign-in name of the account that is expected; none lets the operator choose one.
    pub account: Option<String>,
}

/// What goes on around the session; streamed to the window as long as it lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SessionNews {
    /// The operator is asked to prove who they are.
    Asking {
        /// Why.
        why: AskedFor,
        /// How.
        how: Asking,
    },
    /// They have answered, or it was cancelled or timed out.
    Answered,
    /// The session was locked.
    Locked {
        /// Which.
        session: Locked,
    },
}

/// Why the operator is asked to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum AskedFor {
    /// To connect.
    Connect,
    /// The tenant asks for a fresh proof of identity before it goes on (a claims challenge).
    Challenge,
    /// The session has ended.
    Ended,
    /// Further permissions of the sign-in are needed.
    Scopes {
        /// Which, by value.
        scopes: Vec<String>,
    },
}

/// How the operator is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Asking {
    /// In the system's browser. The link is not here: `copy_sign_in_link` copies it.
    Browser {
        /// Why the browser could not be opened; none when it was, or is about to be.
        not_opened: Option<String>,
    },
    /// With a code.
    DeviceCode {
        /// To be typed.
        user_code: String,
        /// Where; an address of the cloud's sign-in service.
        url: String,
        /// Until when, RFC 3339.
        expires: String,
    },
    /// A tool is asked; nothing is to be done.
    Tool {
        /// Its name.
        name: String,
    },
}

/// What is kept between starts. No tokens, no secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// Clouds whose hosts were changed.
    pub clouds: Vec<CloudSetting>,
    /// Own public clients.
    pub clients: Vec<ClientSetting>,
    /// Tenants that were signed in to, the last one first.
    pub remembered: Vec<Remembered>,
    /// The session is locked after so many minutes without a touch; 0 never.
    pub lock_after_minutes: u32,
}

/// A cloud with hosts of the operator's choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CloudSetting {
    /// The cloud's key.
    pub key: String,
    /// Its hosts.
    pub hosts: CloudHosts,
}

/// The public client to sign in with in one cloud and tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientSetting {
    /// The cloud's key.
    pub cloud: String,
    /// The tenant, by id or domain as the operator gives it; empty for every tenant of the cloud.
    pub tenant: String,
    /// The client id.
    pub client_id: String,
}

/// A tenant that was signed in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Remembered {
    /// The cloud's key.
    pub cloud: String,
    /// The tenant's id.
    pub tenant_id: String,
    /// The tenant's name.
    pub tenant_name: String,
    /// Sign-in name of who signed in last.
    pub account: String,
    /// How.
    pub way: SignInWay,
    /// With which client; none with a tool.
    pub client_id: Option<String>,
    /// When, RFC 3339.
    pub last: String,
}

/// How this computer reaches the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NetworkView {
    /// The proxy for https, without credentials; none when there is none.
    pub proxy: Option<String>,
    /// Where that is set, e.g. `HTTPS_PROXY`.
    pub source: Option<String>,
    /// Hosts that are reached without it, as they are set.
    pub no_proxy: Option<String>,
}

/// How a client of one's own stood the test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClientTest {
    /// In a sentence.
    pub verdict: String,
    /// It can be used.
    pub usable: bool,
    /// Each thing that was looked at.
    pub findings: Vec<ClientFinding>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClientFinding {
    /// It is as it must be.
    pub good: bool,
    /// What, in a sentence.
    pub what: String,
    /// How to mend it, in the portal's words; none when it is good.
    pub mend: Option<String>,
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
    /// The cloud's key; `practice` for the practice tenant inside the app.
    pub cloud_key: String,
    /// How they signed in; none as a persona of the practice tenant.
    pub way: Option<SignInWay>,
    /// Client id that they signed in with; none with a tool or as a persona.
    pub client_id: Option<String>,
    /// This computer's clock differs from the tenant's by so many minutes, if by more than five.
    pub clock_off_minutes: Option<i32>,
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
