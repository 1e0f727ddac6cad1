//! `setup`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::EXIT_CODES;
use super::place::Where;
use super::shared::{Telling, date};

#[derive(Debug, Subcommand)]
pub(crate) enum Setup {
    /// For a program outside Azure: an app registration with a client secret
    #[command(after_help = EXIT_CODES)]
    ServicePrincipal(ServicePrincipal),
    /// For something that runs in Azure: a managed identity that exists
    #[command(after_help = EXIT_CODES)]
    ManagedIdentity(ManagedIdentity),
}

#[derive(Debug, Args)]
pub(crate) struct ServicePrincipal {
    /// Display name of the app, 1 to 120 characters
    #[arg(long)]
    pub name: String,
    /// Let the secret end after so many months, 1 to 24
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u8).range(1..=24))]
    pub secret_months: u8,
    /// Let the secret end on this day, at most 24 months ahead
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "secret_months", value_parser = date)]
    pub secret_expires: Option<Date>,
    /// Describe the secret in Entra [default: the app's name and the month]
    #[arg(long, value_name = "TEXT")]
    pub secret_description: Option<String>,
    /// Grant this permission of Microsoft Graph; once for each [default: as in the how-to]
    #[arg(long = "permission", value_name = "VALUE")]
    pub permissions: Vec<String>,
    /// Use the app with this client id, which exists already; a name that is taken is refused without this or --another
    #[arg(long = "use", value_name = "CLIENT_ID", conflicts_with = "another")]
    pub use_app: Option<String>,
    /// Register another app though the name is taken
    #[arg(long)]
    pub another: bool,
    /// Leave a note for whoever finds the app later
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Show the plan and change nothing
    #[arg(long)]
    pub plan: bool,
    /// Leave the grants to another administrator, and save the request for them in this file
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    pub ask_consent: Option<PathBuf>,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Debug, Args)]
pub(crate) struct ManagedIdentity {
    #[command(flatten)]
    pub identity: IdentityArgs,
    /// Grant this permission of Microsoft Graph; once for each [default: as in the how-to]
    #[arg(long = "permission", value_name = "VALUE")]
    pub permissions: Vec<String>,
    /// Show the plan and change nothing
    #[arg(long)]
    pub plan: bool,
    /// Leave the grants to another administrator, and save the request for them in this file
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    pub ask_consent: Option<PathBuf>,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct IdentityArgs {
    /// The identity's object id (that of its service principal)
    #[arg(long, value_name = "ID")]
    pub object_id: Option<String>,
    /// The Azure resource id of the identity, or of the resource that it belongs to
    #[arg(long, value_name = "ARM_ID")]
    pub resource_id: Option<String>,
    /// The identity's exact name; refused when several bear it
    #[arg(long)]
    pub name: Option<String>,
}
