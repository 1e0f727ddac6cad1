//! `upload`.

use clap::Args;

use super::place::Where;
use super::shared::Telling;

#[derive(Debug, Args)]
pub(crate) struct UploadArgs {
    /// The API client: its name, client id or object id; its secret lies in this keychain
    pub principal: String,
    /// The provisioning job that is to take the user, as `jobs` lists it [default: the only one there is]
    #[arg(long, value_name = "JOB_ID")]
    pub job: Option<String>,
    #[command(flatten)]
    pub user: UserArgs,
    /// Show what would be sent and send nothing
    #[arg(long, conflicts_with = "yes")]
    pub plan: bool,
    /// Send it without asking
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}

/// The one user.
#[derive(Debug, Args)]
pub(crate) struct UserArgs {
    /// Employee id (externalId), by which a job knows a user again
    #[arg(long, value_name = "ID")]
    pub employee_id: String,
    /// User name, e.g. ada@contoso.com
    #[arg(long, value_name = "NAME@DOMAIN")]
    pub user_name: String,
    /// First name
    #[arg(long, value_name = "NAME")]
    pub given_name: String,
    /// Last name
    #[arg(long, value_name = "NAME")]
    pub family_name: String,
    /// Send the user as not active: an account that the job matches with it is disabled
    #[arg(long)]
    pub inactive: bool,
}
