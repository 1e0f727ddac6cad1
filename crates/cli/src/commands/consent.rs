//! `consent grant`, `consent check`, `consent save`.

use std::path::Path;

use inbound_access_job::consent::{self, ConsentState};
use inbound_access_job::problem::{Code, Problem};
use inbound_connection::Session;
use serde::Serialize;

use super::runs::id_of;
use super::setup::{cancelled_before, carry_out};
use crate::args::{Consent, ConsentGrant, ConsentSave, RunOf};
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;
use crate::output::Output;
use crate::text;
use crate::text::safe::shown;

pub(crate) async fn run(args: Consent) -> Result<Exit, Problem> {
    match args {
        Consent::Grant(args) => grant(args).await,
        Consent::Check(args) => check(args).await,
        Consent::Save(args) => save_again(args).await,
    }
}

/// Grants exactly what the file asks for.
async fn grant(args: ConsentGrant) -> Result<Exit, Problem> {
    let cancel = on_ctrl_c();
    // Before anyone signs in: a file that cannot be used needs no sign-in.
    let request = consent::from_file(&read(&args.file)?)?;
    let connected = connect(&args.place, args.telling.json, &cancel).await?;
    let plan = tokio::select! {
        plan = connected.session.job.plan_consent(&request) => plan?,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    let (exit, _) = carry_out(&connected.session, plan, args.plan, args.telling, &cancel).await?;
    Ok(exit)
}

async fn check(args: RunOf) -> Result<Exit, Problem> {
    let cancel = on_ctrl_c();
    let connected = connect(&args.place, args.json, &cancel).await?;
    let job = &connected.session.job;
    let run = id_of(job, &args.run)?;
    let run = tokio::select! {
        run = job.check_consent(&run) => run?,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    Output::new(args.json).result(&run, text::run::whole)?;
    let is_granted = run.consent.as_ref().is_none_or(|state| state.granted.iter().all(Option::is_some));
    Ok(if is_granted { Exit::Fine } else { Exit::NotAsWanted })
}

async fn save_again(args: ConsentSave) -> Result<Exit, Problem> {
    let connected = connect(&args.place, args.json, &on_ctrl_c()).await?;
    let job = &connected.session.job;
    let state = job.consent_of(&id_of(job, &args.run)?)?;
    save(&connected.session, &state, &args.file)?;
    let saved = Saved { saved: args.file.display().to_string() };
    Output::new(args.json).result(&saved, |saved| format!("Saved as {}.\n", shown(&saved.saved)))?;
    Ok(Exit::Fine)
}

#[derive(Serialize)]
struct Saved {
    saved: String,
}

/// Saves a request: as a note for a person where the file's ending says so, else for another Inbound Access.
pub(super) fn save(session: &Session, state: &ConsentState, path: &Path) -> Result<(), Problem> {
    let is_note = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("md"));
    let content = if is_note { session.job.consent_note(state).into_bytes() } else { consent::to_file(&state.request) };
    std::fs::write(path, content).map_err(|error| {
        Problem::new(Code::LocalFile, format!("{} could not be written: {error}.", path.display()))
            .exists("What was made stands, and the request is kept with the run.")
            .advice(format!("Save it elsewhere with `consent save {} FILE`.", state.request.run_id))
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let told = |error: &std::io::Error| {
        Problem::new(Code::LocalFile, format!("{} could not be read: {error}.", path.display()))
            .exists("Nothing was changed.")
    };
    let file = std::fs::File::open(path).map_err(|error| told(&error))?;
    let mut content = Vec::new();
    // One byte more than is accepted, so that a larger one is known for what it is.
    std::io::Read::read_to_end(&mut std::io::Read::take(file, consent::LARGEST_FILE + 1), &mut content)
        .map_err(|error| told(&error))?;
    Ok(content)
}
