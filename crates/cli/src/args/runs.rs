//! The runs that are kept, and what can be done with one.

use std::path::PathBuf;

use clap::Args;

use super::place::Where;
use super::shared::Telling;

#[derive(Debug, Args)]
pub(crate) struct Runs {
    /// Show this run
    pub run: Option<String>,
    /// Save the run as evidence in a new file: .json, .csv or .html by its ending
    #[arg(long, value_name = "FILE", requires = "run")]
    pub evidence: Option<PathBuf>,
    /// Only runs on a practice tenant
    #[arg(long)]
    pub practice: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    /// The run, by its id or how that begins
    pub run: String,
    /// Show what is left to do and change nothing
    #[arg(long)]
    pub plan: bool,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// The run, by its id or how that begins
    pub run: String,
    /// Show what would be removed and what stays, and change nothing
    #[arg(long, conflicts_with = "yes")]
    pub plan: bool,
    /// Remove it without asking
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}
