//! Where, and as whom.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use inbound_connection::{PersonaKey, Place};

/// Where, and as whom.
#[derive(Debug, Args)]
pub(crate) struct Where {
    #[command(flatten)]
    pub place: PlaceArgs,
    /// Sign in to the practice tenant as this person [default: global-administrator]
    #[arg(long, value_name = "PERSONA", value_parser = persona(), conflicts_with_all = REAL)]
    pub persona: Option<PersonaKey>,
    /// The cloud
    #[arg(long, value_name = "CLOUD", value_parser = PossibleValuesParser::new(CLOUDS), conflicts_with = "practice")]
    pub cloud: Option<String>,
    /// The tenant, by its id or one of its domains
    #[arg(long, value_name = "TENANT", conflicts_with = "practice")]
    pub tenant: Option<String>,
    /// How to sign in [default: browser]
    #[arg(long, value_name = "WAY", conflicts_with = "practice")]
    pub sign_in: Option<Way>,
    /// Sign in with this client [default: the one kept in the app's settings for the tenant]
    #[arg(long, value_name = "CLIENT_ID", conflicts_with = "practice")]
    pub client_id: Option<String>,
    /// Sign in as this account
    #[arg(long, value_name = "NAME", conflicts_with = "practice")]
    pub account: Option<String>,
    /// With `--sign-in app-certificate`: the certificate with its private key, PEM or PFX
    #[arg(long, value_name = "FILE", conflicts_with = "practice")]
    pub certificate: Option<PathBuf>,
    /// With `--sign-in workload-identity`: the file with the token [default: AZURE_FEDERATED_TOKEN_FILE]
    #[arg(long, value_name = "FILE", conflicts_with = "practice")]
    pub federated_token_file: Option<PathBuf>,
}

/// What only real clouds have, and those that a practice tenant plays.
const REAL: [&str; 7] = ["cloud", "tenant", "sign_in", "client_id", "account", "certificate", "federated_token_file"];

/// The clouds as `--help` lists them.
pub(crate) const CLOUDS: [&str; 4] = ["global", "us-gov-l4", "us-gov-l5", "china"];

/// The cloud's key in the settings.
pub(crate) fn cloud_key(name: &str) -> &'static str {
    match name {
        "us-gov-l4" => "usGovL4",
        "us-gov-l5" => "usGovL5",
        "china" => "china",
        _ => "global",
    }
}

/// How to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// In your browser
    Browser,
    /// With a code that you type in a browser, here or on another device; many organisations block it
    DeviceCode,
    /// As whoever is signed in to the Azure CLI
    AzureCli,
    /// As whoever is signed in to the Azure Developer CLI
    AzureDeveloperCli,
    /// As an app, by its client secret
    AppSecret,
    /// As an app, by its certificate
    AppCertificate,
    /// As an app, by a token of another identity provider
    WorkloadIdentity,
}

#[derive(Debug, Args)]
#[group(required = false, multiple = false)]
pub(crate) struct PlaceArgs {
    /// Use the practice tenant inside the app
    #[arg(long)]
    pub practice: bool,
    /// Use a practice tenant that `practice serve` runs: its `url`, as it is. With --cloud or --sign-in it plays that
    /// cloud
    #[arg(long, value_name = "URL")]
    pub practice_url: Option<String>,
}

impl Where {
    /// Where the practice tenant is.
    pub(crate) fn place(&self) -> Place {
        match &self.place.practice_url {
            Some(url) => Place::PracticeUrl(url.clone()),
            None => Place::EmbeddedPractice,
        }
    }

    /// As whom on the practice tenant; none for a real cloud, or one that is played.
    pub(crate) fn persona(&self) -> Option<PersonaKey> {
        let is_practice = self.place.practice || (self.place.practice_url.is_some() && !self.names_a_cloud());
        is_practice.then(|| self.persona.unwrap_or(PersonaKey::GlobalAdministrator))
    }

    fn names_a_cloud(&self) -> bool {
        self.cloud.is_some() || self.tenant.is_some() || self.sign_in.is_some() || self.client_id.is_some()
    }
}

/// The personas as `--help` lists them. A test holds this list against the practice tenant's.
pub(crate) const PERSONAS: [&str; 6] = [
    "global-administrator",
    "privileged-role-administrator",
    "application-administrator",
    "cloud-application-administrator",
    "eligible",
    "user",
];

pub(super) fn persona() -> impl TypedValueParser<Value = PersonaKey> {
    PossibleValuesParser::new(PERSONAS).try_map(|key| key.parse::<PersonaKey>())
}
