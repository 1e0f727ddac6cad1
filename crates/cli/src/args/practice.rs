//! `practice`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use inbound_connection::PersonaKey;
use practice_tenant::Seed;

use super::EXIT_CODES;
use super::place::{CLOUDS, persona};

#[derive(Debug, Subcommand)]
pub(crate) enum Practice {
    /// Serve a practice tenant; prints one line of JSON when ready and runs until Ctrl-C
    Serve(Serve),
    /// Put the practice tenant inside the app back to how it began
    #[command(after_help = EXIT_CODES)]
    Reset {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Serve on this port [default: a free one]
    #[arg(long)]
    pub port: Option<u16>,
    /// Fill the tenant: `small`, or `large:N` for N service principals
    #[arg(long, default_value = "small")]
    pub seed: Seed,
    /// Answer so many milliseconds late
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub latency: u64,
    /// Let a change be seen everywhere so many milliseconds later
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub replication: u64,
    /// Answer wrongly as this script says
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// Keep the tenant in this file over restarts
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Answer every sign-in as this person, without a page
    #[arg(long, value_name = "PERSONA", value_parser = persona())]
    pub auto_approve: Option<PersonaKey>,
    /// Live in this cloud; under the hosts of the others the tenant is unknown
    #[arg(long, value_name = "CLOUD", default_value = "global", value_parser = PossibleValuesParser::new(CLOUDS))]
    pub home_cloud: String,
    /// Print JSON, as it always does
    #[arg(long)]
    pub json: bool,
}
