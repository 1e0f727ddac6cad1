//! The runs that are struck, in a tenant that holds objects of others from the start: a twin of the same name with a
//! password and grants of its own, an app that is extended, an app without a service principal, an identity.

use inbound_access_job::desired::{AppChoice, SecretGoes, SetupRequest};

use crate::calls::{Call, Kind};
use crate::support::{AUDIT_LOG, Bench, UPLOAD, app_request, identity_request};

/// A run and the calls that it makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scene {
    /// A further app under a name that is another's already.
    NewApp,
    /// An app of others, with a password of theirs, that gets permissions and a secret.
    Extended,
    /// An app of others that has no service principal yet.
    Bare,
    /// A managed identity.
    Identity,
    /// A new app whose secret the keychain refuses at the last moment.
    Refused,
}

/// What is struck: the setting up, or the undoing of what was set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Story {
    pub scene: Scene,
    pub is_undone: bool,
}

impl Story {
    pub fn all() -> Vec<Self> {
        let told = |is_undone| Scene::ALL.into_iter().map(move |scene| Self { scene, is_undone });
        told(false).chain(told(true)).collect()
    }

    pub fn calls(self) -> Vec<Call> {
        if self.is_undone { self.scene.undoing() } else { self.scene.calls() }
    }

    pub fn words(self) -> String {
        let doing = if self.is_undone { "undo" } else { "set up" };
        format!("{doing} {}", self.scene.words())
    }
}

impl Scene {
    pub const ALL: [Self; 5] = [Self::NewApp, Self::Extended, Self::Bare, Self::Identity, Self::Refused];

    fn words(self) -> &'static str {
        match self {
            Self::NewApp => "a new app",
            Self::Extended => "an app that exists",
            Self::Bare => "an app without service principal",
            Self::Identity => "a managed identity",
            Self::Refused => "an app whose secret is refused by the keychain",
        }
    }

    /// The calls that are struck while it is set up.
    fn calls(self) -> Vec<Call> {
        let calls: &[(Kind, u32)] = match self {
            Self::NewApp => &[
                (Kind::Register, 1),
                (Kind::ServicePrincipal, 1),
                (Kind::Grant, 1),
                (Kind::Grant, 2),
                (Kind::AddPassword, 1),
                (Kind::Keep, 1),
            ],
            Self::Extended => &[(Kind::Request, 1), (Kind::Grant, 1), (Kind::Grant, 2), (Kind::AddPassword, 1)],
            Self::Bare => &[(Kind::ServicePrincipal, 1)],
            Self::Identity => &[(Kind::Grant, 1), (Kind::Grant, 2)],
            Self::Refused => &[(Kind::RemovePassword, 1)],
        };
        calls.iter().map(|(kind, nth)| Call { kind: *kind, nth: *nth }).collect()
    }

    /// The calls that are struck while it is undone.
    fn undoing(self) -> Vec<Call> {
        let calls: &[(Kind, u32)] = match self {
            Self::NewApp => &[(Kind::RemovePassword, 1), (Kind::Revoke, 1), (Kind::Revoke, 2), (Kind::DeleteApp, 1)],
            Self::Extended => &[(Kind::RemovePassword, 1), (Kind::Revoke, 1), (Kind::Revoke, 2), (Kind::Request, 1)],
            Self::Bare => &[(Kind::DeleteServicePrincipal, 1)],
            Self::Identity => &[(Kind::Revoke, 1), (Kind::Revoke, 2)],
            Self::Refused => &[],
        };
        calls.iter().map(|(kind, nth)| Call { kind: *kind, nth: *nth }).collect()
    }

    /// Whether the keychain refuses the secret until the program is started anew.
    pub fn keychain_refuses(self) -> bool {
        self == Self::Refused
    }

    /// What is asked for.
    pub fn request(self, bench: &Bench) -> SetupRequest {
        let narrower = "ProvisioningLog.Read.All";
        match self {
            Self::NewApp | Self::Refused => app(bench, "HR feed (live)", AppChoice::Another, &[UPLOAD, AUDIT_LOG]),
            Self::Extended => app(bench, "", existing(bench, "Payroll upload"), &[UPLOAD, AUDIT_LOG, narrower]),
            Self::Bare => app(bench, "", existing(bench, "Badge printer"), &[UPLOAD]),
            Self::Identity => identity_request(bench.principals("id-reporting")[0]["id"].as_str().unwrap()),
        }
    }
}

fn app(bench: &Bench, name: &str, app: AppChoice, permissions: &[&str]) -> SetupRequest {
    let SetupRequest::AppRegistration { secret_expires, .. } = app_request(bench, name) else { unreachable!() };
    SetupRequest::AppRegistration {
        name: name.to_owned(),
        app,
        note: None,
        secret_description: None,
        secret_expires,
        permissions: permissions.iter().map(|value| (*value).to_owned()).collect(),
        ask_consent: false,
        secret_goes: SecretGoes::IntoKeychain,
    }
}

fn existing(bench: &Bench, name: &str) -> AppChoice {
    let found = &bench.applications(name)[0];
    AppChoice::Existing { client_id: found["app_id"].as_str().unwrap().to_owned() }
}
