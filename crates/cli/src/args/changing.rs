//! What changes one thing of a principal, or of who one is.

use clap::Args;
use jiff::civil::Date;

use super::place::Where;
use super::shared::{Asking, Telling, date};

#[derive(Debug, Args)]
pub(crate) struct Activate {
    /// The role's name or template id
    pub role: String,
    /// Why, for the audit log
    #[arg(long, value_name = "TEXT")]
    pub justification: String,
    /// For so many hours
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=24))]
    pub hours: u8,
    #[command(flatten)]
    pub place: Where,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// Name, client id, object id or Azure resource id
    pub principal: String,
    /// Take back this permission of Microsoft Graph; once for each [default: those of this job that it holds]
    #[arg(long = "permission", value_name = "VALUE")]
    pub permissions: Vec<String>,
    #[command(flatten)]
    pub consent: Asking,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Debug, Args)]
pub(crate) struct Rotate {
    /// The app's name, client id or object id
    pub principal: String,
    /// Let the new secret end after so many months, 1 to 24
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u8).range(1..=24))]
    pub months: u8,
    /// Let the new secret end on this day, at most 24 months ahead
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "months", value_parser = date)]
    pub expires: Option<Date>,
    /// The old secret, by its key id [default: the one in the keychain, or the only one that is valid]
    #[arg(long, value_name = "KEY_ID")]
    pub replaces: Option<String>,
    /// Remove the old secret as soon as the new one has proved to work
    #[arg(long)]
    pub remove_old: bool,
    #[command(flatten)]
    pub consent: Asking,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Debug, Args)]
pub(crate) struct Enable {
    /// Name, client id or object id
    pub principal: String,
    #[command(flatten)]
    pub consent: Asking,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}
