//! What goes to others: the hand-over to a developer, and what a run did as text.

use clap::Args;

use super::place::Where;

#[derive(Debug, Args)]
pub(crate) struct Handover {
    /// Name, client id, object id or Azure resource id
    pub principal: String,
    /// The provisioning job that is to take the users [default: the first that takes users]
    #[arg(long, value_name = "JOB_ID")]
    pub job: Option<String>,
    /// Print this text alone: curl, postman, powershell, python, csharp, csv2scim or webWizard
    #[arg(long, value_name = "KEY")]
    pub snippet: Option<String>,
    #[command(flatten)]
    pub place: Where,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Scripts {
    /// The run, by its id or how that begins
    pub run: String,
    /// Print this text alone: powershell, azRest, http or terraform
    #[arg(long = "as", value_name = "KEY")]
    pub language: Option<String>,
    #[command(flatten)]
    pub place: Where,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
