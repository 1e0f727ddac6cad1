//! The command line, as `--help` tells it.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use inbound_connection::{PersonaKey, Place};
use jiff::civil::Date;
use practice_tenant::Seed;

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
    Credentials(CredentialsArgs),
    /// Who is signed in, to which tenant, with which roles and scopes
    #[command(after_help = EXIT_CODES)]
    Whoami(Whoami),
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
    /// Leave a run that did not come to its end as it is; it can still be resumed
    #[command(after_help = EXIT_CODES)]
    Leave(RunOf),
    /// The practice tenant: a simulated Entra tenant on this computer
    #[command(subcommand)]
    Practice(Practice),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Setup {
    /// For a program outside Azure: an app registration with a client secret
    #[command(after_help = EXIT_CODES)]
    ServicePrincipal(ServicePrincipal),
    /// For something that runs in Azure: a managed identity that exists
    #[command(after_help = EXIT_CODES)]
    ManagedIdentity(ManagedIdentity),
}

impl Cli {
    /// Whether results and errors are to be JSON.
    pub(crate) fn json(&self) -> bool {
        match &self.command {
            Command::Setup(Setup::ServicePrincipal(args)) => args.telling.json,
            Command::Setup(Setup::ManagedIdentity(args)) => args.telling.json,
            Command::Verify(args) => args.telling.json,
            Command::Audit(args) => args.telling.json,
            Command::Credentials(args) => args.json,
            Command::Whoami(args) => args.json,
            Command::Preflight(args) => args.json,
            Command::Activate(args) => args.json,
            Command::Consent(Consent::Grant(args)) => args.telling.json,
            Command::Consent(Consent::Check(args)) => args.json,
            Command::Consent(Consent::Save(args)) => args.json,
            Command::Runs(args) => args.json,
            Command::Handover(args) => args.json,
            Command::Scripts(args) => args.json,
            Command::Resume(args) => args.telling.json,
            Command::Undo(args) => args.telling.json,
            Command::Revoke(args) => args.telling.json,
            Command::Rotate(args) => args.telling.json,
            Command::Enable(args) => args.telling.json,
            Command::Leave(args) => args.json,
            Command::Practice(Practice::Serve(_)) => true,
            Command::Practice(Practice::Reset { json }) => *json,
        }
    }
}

/// Where, and as whom.
#[derive(Debug, Args)]
pub(crate) struct Where {
    #[command(flatten)]
    pub place: PlaceArgs,
    /// Sign in to the practice tenant as this person [default: global-administrator]
    #[arg(long, value_name = "PERSONA", value_parser = persona(), conflicts_with_all = REAL)]
    pub persona: Option<PersonaKey>,
    /// The cloud
    #[arg(long, value_name = "CLOUD", value_parser = PossibleValuesParser::new(CLOUDS), conflicts_with = "practice")]
    pub cloud: Option<String>,
    /// The tenant, by its id or one of its domains
    #[arg(long, value_name = "TENANT", conflicts_with = "practice")]
    pub tenant: Option<String>,
    /// How to sign in [default: browser]
    #[arg(long, value_name = "WAY", conflicts_with = "practice")]
    pub sign_in: Option<Way>,
    /// Sign in with this client [default: the one kept in the app's settings for the tenant]
    #[arg(long, value_name = "CLIENT_ID", conflicts_with = "practice")]
    pub client_id: Option<String>,
    /// Sign in as this account
    #[arg(long, value_name = "NAME", conflicts_with = "practice")]
    pub account: Option<String>,
    /// With `--sign-in app-certificate`: the certificate with its private key, PEM or PFX
    #[arg(long, value_name = "FILE", conflicts_with = "practice")]
    pub certificate: Option<PathBuf>,
    /// With `--sign-in workload-identity`: the file with the token [default: AZURE_FEDERATED_TOKEN_FILE]
    #[arg(long, value_name = "FILE", conflicts_with = "practice")]
    pub federated_token_file: Option<PathBuf>,
}

/// What only real clouds have, and those that a practice tenant plays.
const REAL: [&str; 7] = ["cloud", "tenant", "sign_in", "client_id", "account", "certificate", "federated_token_file"];

/// The clouds as `--help` lists them.
pub(crate) const CLOUDS: [&str; 4] = ["global", "us-gov-l4", "us-gov-l5", "china"];

/// The cloud's key in the settings.
pub(crate) fn cloud_key(name: &str) -> &'static str {
    match name {
        "us-gov-l4" => "usGovL4",
        "us-gov-l5" => "usGovL5",
        "china" => "china",
        _ => "global",
    }
}

/// How to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// In your browser
    Browser,
    /// With a code that you type in a browser, here or on another device; many organisations block it
    DeviceCode,
    /// As whoever is signed in to the Azure CLI
    AzureCli,
    /// As whoever is signed in to the Azure Developer CLI
    AzureDeveloperCli,
    /// As an app, by its client secret
    AppSecret,
    /// As an app, by its certificate
    AppCertificate,
    /// As an app, by a token of another identity provider
    WorkloadIdentity,
}

#[derive(Debug, Args)]
#[group(required = false, multiple = false)]
pub(crate) struct PlaceArgs {
    /// Use the practice tenant inside the app
    #[arg(long)]
    pub practice: bool,
    /// Use a practice tenant that `practice serve` runs: its `url`, as it is. With --cloud or --sign-in it plays that
    /// cloud
    #[arg(long, value_name = "URL")]
    pub practice_url: Option<String>,
}

impl Where {
    /// Where the practice tenant is.
    pub(crate) fn place(&self) -> Place {
        match &self.place.practice_url {
            Some(url) => Place::PracticeUrl(url.clone()),
            None => Place::EmbeddedPractice,
        }
    }

    /// As whom on the practice tenant; none for a real cloud, or one that is played.
    pub(crate) fn persona(&self) -> Option<PersonaKey> {
        let is_practice = self.place.practice || (self.place.practice_url.is_some() && !self.names_a_cloud());
        is_practice.then(|| self.persona.unwrap_or(PersonaKey::GlobalAdministrator))
    }

    fn names_a_cloud(&self) -> bool {
        self.cloud.is_some() || self.tenant.is_some() || self.sign_in.is_some() || self.client_id.is_some()
    }
}

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

#[derive(Debug, Args)]
pub(crate) struct ServicePrincipal {
    /// Display name of the app, 1 to 120 characters
    #[arg(long)]
    pub name: String,
    /// Let the secret end after so many months, 1 to 24
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u8).range(1..=24))]
    pub secret_months: u8,
    /// Let the secret end on this day, at most 24 months ahead
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "secret_months", value_parser = date)]
    pub secret_expires: Option<Date>,
    /// Describe the secret in Entra [default: the app's name and the month]
    #[arg(long, value_name = "TEXT")]
    pub secret_description: Option<String>,
    /// Grant this permission of Microsoft Graph; once for each [default: as in the how-to]
    #[arg(long = "permission", value_name = "VALUE")]
    pub permissions: Vec<String>,
    /// Use the app with this client id, which exists already; a name that is taken is refused without this or --another
    #[arg(long = "use", value_name = "CLIENT_ID", conflicts_with = "another")]
    pub use_app: Option<String>,
    /// Register another app though the name is taken
    #[arg(long)]
    pub another: bool,
    /// Leave a note for whoever finds the app later
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Show the plan and change nothing
    #[arg(long)]
    pub plan: bool,
    /// Leave the grants to another administrator, and save the request for them in this file
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    pub ask_consent: Option<PathBuf>,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Debug, Args)]
pub(crate) struct ManagedIdentity {
    #[command(flatten)]
    pub identity: IdentityArgs,
    /// Grant this permission of Microsoft Graph; once for each [default: as in the how-to]
    #[arg(long = "permission", value_name = "VALUE")]
    pub permissions: Vec<String>,
    /// Show the plan and change nothing
    #[arg(long)]
    pub plan: bool,
    /// Leave the grants to another administrator, and save the request for them in this file
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    pub ask_consent: Option<PathBuf>,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct IdentityArgs {
    /// The identity's object id (that of its service principal)
    #[arg(long, value_name = "ID")]
    pub object_id: Option<String>,
    /// The Azure resource id of the identity, or of the resource that it belongs to
    #[arg(long, value_name = "ARM_ID")]
    pub resource_id: Option<String>,
    /// The identity's exact name; refused when several bear it
    #[arg(long)]
    pub name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Name, client id, object id or Azure resource id
    pub principal: String,
    /// Require this permission of Microsoft Graph; once for each [default: as in the how-to]
    #[arg(long = "permission", value_name = "VALUE")]
    pub permissions: Vec<String>,
    /// Ask for a token with the secret in the keychain and look at its roles
    #[arg(long)]
    pub token: bool,
    /// Save what was found as evidence: .json, .csv or .html by the file's ending
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Debug, Args)]
pub(crate) struct Whoami {
    #[command(flatten)]
    pub place: Where,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PreflightArgs {
    /// Ask for the sign-in permissions that read roles to activate and the tenant's policies
    #[arg(long)]
    pub ask: bool,
    #[command(flatten)]
    pub place: Where,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

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

#[derive(Debug, Args)]
pub(crate) struct Runs {
    /// Show this run
    pub run: Option<String>,
    /// Save the run as evidence: .json, .csv or .html by the file's ending
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

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// Look for this permission of Microsoft Graph; once for each [default: uploading users and reading the logs]
    #[arg(long = "permission", value_name = "VALUE")]
    pub permissions: Vec<String>,
    /// Save what was found as evidence: .json, .csv or .html by the file's ending
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub telling: Telling,
}

#[derive(Debug, Args)]
pub(crate) struct CredentialsArgs {
    #[command(flatten)]
    pub place: Where,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The personas as `--help` lists them. A test holds this list against the practice tenant's.
pub(crate) const PERSONAS: [&str; 6] = [
    "global-administrator",
    "privileged-role-administrator",
    "application-administrator",
    "cloud-application-administrator",
    "eligible",
    "user",
];

fn persona() -> impl TypedValueParser<Value = PersonaKey> {
    PossibleValuesParser::new(PERSONAS).try_map(|key| key.parse::<PersonaKey>())
}

/// The text is no day.
#[derive(Debug, thiserror::Error)]
#[error("give a day as YYYY-MM-DD, e.g. 2027-05-31")]
struct NotADay;

fn date(text: &str) -> Result<Date, NotADay> {
    text.trim().parse().map_err(|_| NotADay)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_surface_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_persona_of_the_practice_tenant_can_be_chosen() {
        let offered: Vec<PersonaKey> = PERSONAS.iter().map(|key| key.parse().expect("known")).collect();
        let there: Vec<PersonaKey> = practice_tenant::personas().into_iter().map(|persona| persona.key).collect();
        assert_eq!(offered, there);
    }

    /// Every page of help, as an operator reads it at 100 columns.
    #[test]
    fn help_reads_as_agreed() {
        fn pages(command: &mut clap::Command, out: &mut String) {
            let name = command.get_bin_name().unwrap_or("inbound-access-cli").to_owned();
            out.push_str(&format!("$ {name} --help\n{}\n", command.render_help()));
            for inner in command.get_subcommands_mut().filter(|inner| inner.get_name() != "help") {
                pages(inner, out);
            }
        }
        let mut command = Cli::command().term_width(100);
        command.build();
        let mut text = String::new();
        pages(&mut command, &mut text);
        insta::assert_snapshot!(text);
    }

    fn parse(line: &str) -> Result<Cli, clap::error::ErrorKind> {
        Cli::try_parse_from(line.split_whitespace()).map_err(|error| error.kind())
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        use clap::error::ErrorKind::{ArgumentConflict, InvalidValue, MissingRequiredArgument, ValueValidation};
        let cases = [
            ("cli setup service-principal --name a --practice --cloud china", ArgumentConflict),
            (
                "cli setup service-principal --name a --practice-url https://x --persona user --tenant a.b",
                ArgumentConflict,
            ),
            ("cli setup service-principal --name a --practice --plan --ask-consent x.json", ArgumentConflict),
            ("cli whoami --cloud mars", InvalidValue),
            ("cli whoami --sign-in password", InvalidValue),
            ("cli activate --practice Reader", MissingRequiredArgument),
            ("cli consent grant --practice", MissingRequiredArgument),
            ("cli setup service-principal --practice", MissingRequiredArgument),
            ("cli setup service-principal --name a --practice --practice-url https://x", ArgumentConflict),
            ("cli setup service-principal --name a --practice --use 1 --another", ArgumentConflict),
            (
                "cli setup service-principal --name a --practice --secret-months 3 --secret-expires 2027-01-01",
                ArgumentConflict,
            ),
            ("cli setup service-principal --name a --practice --secret-months 0", ValueValidation),
            ("cli setup service-principal --name a --practice --secret-months 25", ValueValidation),
            ("cli setup service-principal --name a --practice --secret-expires tomorrow", ValueValidation),
            ("cli setup managed-identity --practice", MissingRequiredArgument),
            ("cli setup managed-identity --practice --name a --object-id b", ArgumentConflict),
            ("cli verify --practice", MissingRequiredArgument),
            ("cli verify a --practice --persona boss", InvalidValue),
            ("cli runs --evidence x.json", MissingRequiredArgument),
            ("cli practice serve --seed vast", ValueValidation),
            ("cli undo --practice", MissingRequiredArgument),
            ("cli undo 1 --practice --plan --yes", ArgumentConflict),
            ("cli revoke --practice", MissingRequiredArgument),
            ("cli revoke a --practice --plan --yes", ArgumentConflict),
            ("cli rotate a --practice --months 3 --expires 2027-01-01", ArgumentConflict),
            ("cli rotate a --practice --months 25", ValueValidation),
        ];
        for (line, kind) in cases {
            assert_eq!(parse(line).err(), Some(kind), "{line}");
        }
    }
}
