//! Inbound Access from a terminal.

mod args;
mod asked;
mod cancel;
mod commands;
mod connect;
mod exit;
mod output;
mod progress;
mod text;

use std::process::ExitCode;

use clap::Parser;
use inbound_connection::{Folders, hardening, logs};

#[tokio::main]
async fn main() -> ExitCode {
    hardening::guard_process();
    let cli = match args::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return commands::refused(&error).into(),
    };
    if let Ok(folders) = Folders::of_the_system()
        && let Err(error) = logs::begin(&folders, "cli")
    {
        output::remark(&format!("warning: {error}"));
    }
    commands::run(cli).await.into()
}
