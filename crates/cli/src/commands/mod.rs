//! One file for each command.

pub(crate) mod activate;
pub(crate) mod audit;
pub(crate) mod consent;
pub(crate) mod credentials;
pub(crate) mod enable;
pub(crate) mod evidence_file;
pub(crate) mod fixing;
pub(crate) mod handover;
pub(crate) mod jobs;
pub(crate) mod practice_reset;
pub(crate) mod practice_serve;
pub(crate) mod preflight;
pub(crate) mod resume;
pub(crate) mod revoke;
pub(crate) mod rotate;
pub(crate) mod runs;
pub(crate) mod setup;
pub(crate) mod setup_managed_identity;
pub(crate) mod setup_service_principal;
pub(crate) mod undo;
pub(crate) mod upload;
pub(crate) mod verify;
pub(crate) mod whoami;

use inbound_access_job::problem::{Code, Problem};

use crate::args::{Cli, Command, Practice, Setup};
use crate::exit::Exit;
use crate::output::Output;

/// Does what the command line says, and tells how it ended.
pub(crate) async fn run(cli: Cli) -> Exit {
    let json = cli.json();
    let outcome = match cli.command {
        Command::Setup(Setup::ServicePrincipal(args)) => setup_service_principal::run(args).await,
        Command::Setup(Setup::ManagedIdentity(args)) => setup_managed_identity::run(args).await,
        Command::Verify(args) => verify::run(args).await,
        Command::Audit(args) => audit::run(args).await,
        Command::Credentials(args) => credentials::run(args).await,
        Command::Jobs(args) => jobs::run(args).await,
        Command::Whoami(args) => whoami::run(args).await,
        Command::Preflight(args) => preflight::run(args).await,
        Command::Activate(args) => activate::run(args).await,
        Command::Consent(args) => consent::run(args).await,
        Command::Runs(args) => runs::run(&args),
        Command::Handover(args) => handover::run(args).await,
        Command::Scripts(args) => handover::scripts(args).await,
        Command::Resume(args) => resume::run(args).await,
        Command::Undo(args) => undo::run(args).await,
        Command::Revoke(args) => revoke::run(args).await,
        Command::Rotate(args) => rotate::run(args).await,
        Command::Enable(args) => enable::run(args).await,
        Command::Upload(args) => upload::run(args).await,
        Command::Leave(args) => resume::leave(args).await,
        Command::Practice(Practice::Serve(args)) => practice_serve::run(args).await,
        Command::Practice(Practice::Reset { json }) => practice_reset::run(json).await,
    };
    outcome.unwrap_or_else(|problem| {
        // Without a stderr the exit code must do.
        let _ = Output::new(json).problem(&problem);
        Exit::from(&problem)
    })
}

/// A command line that cannot be read, or that asks for help: told by the parser, or as JSON where that is wanted.
pub(crate) fn refused(error: &clap::Error) -> Exit {
    let json = std::env::args_os().any(|word| word == "--json");
    if error.use_stderr() && json {
        let words = error.to_string();
        let message = words.strip_prefix("error: ").unwrap_or(&words).trim_end();
        // Without a stderr the exit code must do.
        let _ = Output::new(true).problem(&Problem::new(Code::InvalidInput, message).exists("Nothing was changed."));
        return Exit::BadInput;
    }
    let _ = error.print();
    if error.use_stderr() { Exit::BadInput } else { Exit::Fine }
}
