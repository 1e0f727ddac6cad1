//! `practice serve`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use inbound_access_job::problem::{Code, Problem};
use practice_tenant::{DialSettings, FaultScript, HomeCloud, Options, PracticeTenant};

use crate::args::Serve;
use crate::cancel::EndRequests;
use crate::exit::Exit;
use crate::output::json_line;

/// Serves until it is asked to end.
pub(crate) async fn run(args: Serve) -> Result<Exit, Problem> {
    let faults = args.faults.as_deref().map(FaultScript::read).transpose().map_err(|error| {
        Problem::new(Code::InvalidInput, error.to_string()).exists("The practice tenant was not started.")
    })?;
    let options = Options {
        port: args.port,
        seed: args.seed,
        state_file: args.state.clone(),
        auto_approve: args.auto_approve,
        home_cloud: home_cloud(&args.home_cloud),
        dials: DialSettings {
            latency: Duration::from_millis(args.latency),
            replication: Duration::from_millis(args.replication),
            faults: faults.unwrap_or_default(),
            // What passes holds secrets; nobody reads it here.
            recording: false,
            ..DialSettings::default()
        },
        ..Options::default()
    };
    let tenant = PracticeTenant::start(options).await.map_err(|error| {
        Problem::new(Code::Internal, format!("The practice tenant cannot start: {error}"))
            .advice("Look at --port, --state and --faults.")
    })?;
    let authority = AuthorityFile::write(tenant.authority_pem(), args.state.as_deref()).map_err(|error| {
        Problem::new(Code::LocalFile, format!("The authority's certificate cannot be written: {error}"))
    })?;
    let mut requests = EndRequests::listen()
        .map_err(|error| Problem::new(Code::Internal, format!("The request to end cannot be waited for: {error}")))?;
    json_line(&tenant.ready(&authority.path))?;
    requests.next().await;
    tenant.stop().await;
    Ok(Exit::Fine)
}

fn home_cloud(name: &str) -> HomeCloud {
    match name {
        "us-gov-l4" => HomeCloud::UsGovL4,
        "us-gov-l5" => HomeCloud::UsGovL5,
        "china" => HomeCloud::China,
        _ => HomeCloud::Global,
    }
}

/// The authority's certificate as a file, for clients that are not ours; removed in the end.
struct AuthorityFile {
    path: PathBuf,
}

impl AuthorityFile {
    /// Beside the state file where there is one, else among the temporary files.
    fn write(pem: &str, state: Option<&Path>) -> io::Result<Self> {
        let folder = match state.and_then(Path::parent) {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            Some(_) => PathBuf::from("."),
            None => std::env::temp_dir(),
        };
        let mut file = tempfile::Builder::new()
            .prefix("inbound-access-practice-")
            .suffix(".ca.pem")
            .tempfile_in(std::path::absolute(folder)?)?;
        file.write_all(pem.as_bytes())?;
        let (_, path) = file.keep().map_err(|error| error.error)?;
        Ok(Self { path })
    }
}

impl Drop for AuthorityFile {
    fn drop(&mut self) {
        // Left behind when the process is killed; it holds nothing secret.
        let _ = std::fs::remove_file(&self.path);
    }
}
