//! What looks and changes nothing.

use std::path::PathBuf;

use clap::Args;

use super::place::Where;
use super::shared::Telling;

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Name, client id, object id or Azure resource id
    pub principal: String,
    /// Require this permission of Microsoft Graph; once for each [default: as in the how-to]
    #[arg(long = "permission", value_name = "VALUE")]
    pub permissions: Vec<String>,
    /// Ask for a token with the secret in the keychain and look at its roles
    #[arg(long)]
    pub token: bool,
    /// Save what was found as evidence in a new file: .json, .csv or .html by its ending
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// Look for this permission of Microsoft Graph; once for each [default: uploading users and reading the logs]
    #[arg(long = "permission", value_name = "VALUE")]
    pub permissions: Vec<String>,
    /// Save what was found as evidence in a new file: .json, .csv or .html by its ending
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Debug, Args)]
pub(crate) struct PreflightArgs {
    /// Ask for the sign-in permissions that read roles to activate and the tenant's policies
    #[arg(long)]
    pub ask: bool,
    #[command(flatten)]
    pub place: Where,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct JobsArgs {
    /// Ask for the sign-in permission that reads provisioning jobs
    #[arg(long)]
    pub ask: bool,
    #[command(flatten)]
    pub place: Where,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
