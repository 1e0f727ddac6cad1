//! `upload`.

use std::sync::{Arc, Mutex, PoisonError};

use inbound_access_job::Job;
use inbound_access_job::problem::{Code, Problem};
use inbound_access_job::road::{ProvisioningJob, Road};
use inbound_access_job::upload::{
    LogOutcome, Upload, UploadListener, UploadPreview, UploadRequest, UploadState, UploadUser, UploadView,
};
use serde::Serialize;

use super::setup::cancelled_before;
use super::undo::{confirmed, must_be_asked_or_told};
use crate::args::{Telling, UploadArgs};
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;
use crate::output::{Output, remark};
use crate::text;

const LISTED: &str = "`inbound-access-cli jobs --ask` tells more of them; name one with --job JOB_ID.";

/// What `upload --json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    preview: &'a UploadPreview,
    /// None when only the preview was asked for.
    upload: Option<&'a UploadView>,
}

/// Sends one user, once the operator has seen what goes where and said yes, and watches what becomes of it.
pub(crate) async fn run(args: UploadArgs) -> Result<Exit, Problem> {
    must_be_asked_or_told(args.plan, args.yes, "send a user", "would be sent")?;
    let cancel = on_ctrl_c();
    let connected = connect(&args.place, args.telling.json, &cancel).await?;
    let job = &connected.session.job;
    let upload = tokio::select! {
        upload = prepare(job, &args) => upload?,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    let output = Output::new(args.telling.json);
    let preview = upload.view().clone();
    if args.plan {
        output.result(&Outcome { preview: &preview, upload: None }, |_| text::upload::preview(&preview))?;
        return Ok(Exit::Fine);
    }
    let words = text::upload::preview(&preview);
    if !args.yes && !confirmed(&words, "Send this user? [y/N] ", &cancel).await {
        return Err(cancelled_before());
    }
    if args.yes && !args.telling.json {
        remark(words.trim_end());
    }
    let ended = job.upload(upload, cancel.clone(), listener(args.telling)).await?;
    output.result(&Outcome { preview: &preview, upload: Some(&ended) }, |_| text::upload::whole(&ended))?;
    if let Some(problem) = &ended.problem {
        // Without a stderr the exit code must do.
        let _ = output.problem(problem);
    }
    Ok(exit(&ended, cancel.is_cancelled()))
}

async fn prepare(job: &Job, args: &UploadArgs) -> Result<Upload, Problem> {
    let client = job.find_principal(&args.principal).await?;
    let target = choose(job.road(true).await?, args.job.as_deref())?;
    let user = UploadUser {
        external_id: args.user.employee_id.clone(),
        user_name: args.user.user_name.clone(),
        given_name: args.user.given_name.clone(),
        family_name: args.user.family_name.clone(),
        active: !args.user.inactive,
    };
    let (app_object_id, job_id) = (target.app_object_id, target.id);
    job.prepare_upload(UploadRequest { client_id: client.client_id, app_object_id, job_id, user }).await
}

/// The job that is meant. None is guessed: what is sent to it touches real users.
fn choose(road: Road, wanted: Option<&str>) -> Result<ProvisioningJob, Problem> {
    let Road { sentence, mut jobs, unreadable, .. } = road;
    if let Some(id) = wanted.map(str::trim) {
        jobs.retain(|job| job.id == id);
    }
    // Where not all could be read, the one that is seen may not be the only one.
    let is_sure = wanted.is_some() || unreadable.is_none();
    let listed: Vec<String> = jobs.iter().map(|job| format!("{} ({})", job.id, job.app_name)).collect();
    if let (1, true, Some(only)) = (jobs.len(), is_sure, jobs.pop()) {
        return Ok(only);
    }
    let problem = match (unreadable, wanted) {
        (Some(problem), _) => problem,
        (None, _) if listed.len() > 1 => Problem::new(
            Code::Ambiguous,
            format!("This tenant has {} provisioning jobs:\n{}", listed.len(), listed.join("\n")),
        )
        .advice(LISTED),
        (None, Some(id)) => {
            Problem::new(Code::NotFound, format!("This tenant has no provisioning job \"{id}\".")).advice(LISTED)
        }
        (None, None) => Problem::new(Code::NotFound, sentence),
    };
    Err(problem.exists("Nothing was sent."))
}

/// A listener that tells as much as was asked for.
fn listener(telling: Telling) -> UploadListener {
    if telling.no_progress || telling.json {
        return Arc::new(|_| {});
    }
    let told = Mutex::new(text::upload::Told::default());
    Arc::new(move |view| {
        for line in told.lock().unwrap_or_else(PoisonError::into_inner).news(&view) {
            remark(&line);
        }
    })
}

/// Fine when the log says that the user is as sent.
fn exit(ended: &UploadView, cancelled: bool) -> Exit {
    match ended.state {
        UploadState::Done if ended.entries.iter().all(|entry| entry.outcome != LogOutcome::Failure) => Exit::Fine,
        UploadState::Stopped if cancelled => Exit::Cancelled,
        // What was given was checked before it was sent: a refusal is never bad input.
        UploadState::Failed => match ended.problem.as_ref().map(Exit::from) {
            None | Some(Exit::BadInput) => Exit::NotAsWanted,
            Some(exit) => exit,
        },
        UploadState::Sending | UploadState::Waiting | UploadState::Done | UploadState::Stopped => Exit::NotAsWanted,
    }
}
