//! The command line, as `--help` tells it.

mod changing;
mod consent;
mod looking;
mod papers;
mod place;
mod practice;
mod runs;
mod setup;
mod shared;
#[cfg(test)]
mod tests;
mod upload;

use clap::{Parser, Subcommand};

pub(crate) use self::changing::{Activate, Enable, Revoke, Rotate};
pub(crate) use self::consent::{Consent, ConsentGrant, ConsentSave};
pub(crate) use self::looking::{AuditArgs, JobsArgs, PreflightArgs, Verify};
pub(crate) use self::papers::{Handover, Scripts};
pub(crate) use self::place::{Way, Where, cloud_key};
pub(crate) use self::practice::{Practice, Serve};
pub(crate) use self::runs::{Resume, Runs, Undo};
pub(crate) use self::setup::{IdentityArgs, ManagedIdentity, ServicePrincipal, Setup};
pub(crate) use self::shared::{Asking, Looking, RunOf, Telling};
pub(crate) use self::upload::UploadArgs;

const EXIT_CODES: &str = "\
Exit codes:
    0  as wanted: set up, nothing to do, or ready
    1  not as wanted: something is missing, a run failed, or Entra refused
    2  bad input: a value cannot be used, or several principals answer to a name
    3  no sign-in: it failed, or the tenant cannot be reached
    4  keychain: absent, locked, or it failed
  130  cancelled (Ctrl-C); what exists by then is printed

Results go to stdout, progress and errors to stderr, secrets to neither. With --json a result is one line of JSON on stdout, and an error one line {\"error\": …} on stderr.

Without --practice or --practice-url a command signs in to a real tenant, in your browser unless --sign-in says otherwise. Secrets are never given as arguments: an app's client secret comes in INBOUND_ACCESS_CLIENT_SECRET, a PFX file's password in INBOUND_ACCESS_CERTIFICATE_PASSWORD.

INBOUND_ACCESS_HOME puts data and logs under a folder of your choice; INBOUND_ACCESS_LOG sets how much is logged.";

/// Grants an API client access to Microsoft Entra's inbound provisioning API, and proves it.
#[derive(Debug, Parser)]
#[command(name = "inbound-access-cli", version, after_help = EXIT_CODES, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set up access: register what is missing, grant the permissions, keep the secret in the keychain
    #[command(subcommand)]
    Setup(Setup),
    /// Look whether a principal has what it needs; exit code 0 when it is ready
    #[command(after_help = EXIT_CODES)]
    Verify(Verify),
    /// List everyone in the tenant who holds these permissions
    #[command(after_help = EXIT_CODES)]
    Audit(AuditArgs),
    /// List the secrets and certificates of the apps that hold the job's permissions, those that end first on top
    #[command(after_help = EXIT_CODES)]
    Credentials(Looking),
    /// List the provisioning jobs that take users, with their state and the address to send users to; exit code 0 when
    /// one takes users now
    #[command(after_help = EXIT_CODES)]
    Jobs(JobsArgs),
    /// Who is signed in, to which tenant, with which roles and scopes
    #[command(after_help = EXIT_CODES)]
    Whoami(Looking),
    /// What you may do of the job, before anything is done; exit code 0 when all of it
    #[command(after_help = EXIT_CODES)]
    Preflight(PreflightArgs),
    /// Activate a directory role that you are eligible for (Privileged Identity Management)
    #[command(after_help = EXIT_CODES)]
    Activate(Activate),
    /// Requests for consent, from one administrator to another
    #[command(subcommand)]
    Consent(Consent),
    /// List the runs kept on this computer, or show one
    #[command(after_help = EXIT_CODES)]
    Runs(Runs),
    /// What the developer of an API client needs: facts, and text that is ready to run; holds no secret
    #[command(after_help = EXIT_CODES)]
    Handover(Handover),
    /// What a run did, as text that can be reviewed or repeated elsewhere
    #[command(after_help = EXIT_CODES)]
    Scripts(Scripts),
    /// Do the rest of a run that did not come to its end
    #[command(after_help = EXIT_CODES)]
    Resume(Resume),
    /// Take back what a run made, and nothing else
    #[command(after_help = EXIT_CODES)]
    Undo(Undo),
    /// Take permissions back from an app or identity; undo grants them again
    #[command(after_help = EXIT_CODES)]
    Revoke(Revoke),
    /// Make a new client secret in place of the old one, keep it in the keychain, and prove that it works
    #[command(after_help = EXIT_CODES)]
    Rotate(Rotate),
    /// Let an app sign in whose sign-in is blocked
    #[command(after_help = EXIT_CODES)]
    Enable(Enable),
    /// Send one real user to a provisioning job, as the API client itself, and watch what the log says of it
    #[command(after_help = EXIT_CODES)]
    Upload(UploadArgs),
    /// Leave a run that did not come to its end as it is; it can still be resumed
    #[command(after_help = EXIT_CODES)]
    Leave(RunOf),
    /// The practice tenant: a simulated Entra tenant on this computer
    #[command(subcommand)]
    Practice(Practice),
}

impl Cli {
    /// Whether results and errors are to be JSON.
    pub(crate) fn json(&self) -> bool {
        match &self.command {
            Command::Setup(Setup::ServicePrincipal(args)) => args.telling.json,
            Command::Setup(Setup::ManagedIdentity(args)) => args.telling.json,
            Command::Verify(args) => args.telling.json,
            Command::Audit(args) => args.telling.json,
            Command::Credentials(args) | Command::Whoami(args) => args.json,
            Command::Jobs(args) => args.json,
            Command::Preflight(args) => args.json,
            Command::Activate(args) => args.json,
            Command::Consent(Consent::Grant(args)) => args.telling.json,
            Command::Consent(Consent::Check(args)) | Command::Leave(args) => args.json,
            Command::Consent(Consent::Save(args)) => args.json,
            Command::Runs(args) => args.json,
            Command::Handover(args) => args.json,
            Command::Scripts(args) => args.json,
            Command::Resume(args) => args.telling.json,
            Command::Undo(args) => args.telling.json,
            Command::Revoke(args) => args.telling.json,
            Command::Rotate(args) => args.telling.json,
            Command::Enable(args) => args.telling.json,
            Command::Upload(args) => args.telling.json,
            Command::Practice(Practice::Serve(_)) => true,
            Command::Practice(Practice::Reset { json }) => *json,
        }
    }
}
