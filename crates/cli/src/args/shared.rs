//! What several commands take.

use clap::Args;
use jiff::civil::Date;

use super::place::Where;

/// How it is told.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Telling {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Print no progress
    #[arg(long)]
    pub no_progress: bool,
}

/// A look that takes nothing but where.
#[derive(Debug, Args)]
pub(crate) struct Looking {
    #[command(flatten)]
    pub place: Where,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Whether it is only shown, or done without asking.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Asking {
    /// Show the plan and change nothing
    #[arg(long, conflicts_with = "yes")]
    pub plan: bool,
    /// Do it without asking
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RunOf {
    /// The run, by its id or how that begins
    pub run: String,
    #[command(flatten)]
    pub place: Where,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The text is no day.
#[derive(Debug, thiserror::Error)]
#[error("give a day as YYYY-MM-DD, e.g. 2027-05-31")]
pub(super) struct NotADay;

pub(super) fn date(text: &str) -> Result<Date, NotADay> {
    text.trim().parse().map_err(|_| NotADay)
}
