//! `consent`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::EXIT_CODES;
use super::place::Where;
use super::shared::{RunOf, Telling};

#[derive(Debug, Subcommand)]
pub(crate) enum Consent {
    /// Grant exactly what a request asks for
    #[command(after_help = EXIT_CODES)]
    Grant(ConsentGrant),
    /// Look whether what a run asked for has been granted; exit code 0 when all of it
    #[command(after_help = EXIT_CODES)]
    Check(RunOf),
    /// Save a run's request again: `.json` for Inbound Access, `.md` for a person
    #[command(after_help = EXIT_CODES)]
    Save(ConsentSave),
}

#[derive(Debug, Args)]
pub(crate) struct ConsentGrant {
    /// The request's file
    pub file: PathBuf,
    /// Show the plan and change nothing
    #[arg(long)]
    pub plan: bool,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Debug, Args)]
pub(crate) struct ConsentSave {
    /// The run that asked, by its id or how that begins
    pub run: String,
    /// Where to save it
    pub file: PathBuf,
    #[command(flatten)]
    pub place: Where,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
