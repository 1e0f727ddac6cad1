//! Sending a trial upload once, and following the provisioning log until it tells what became of the user.

use std::collections::HashSet;
use std::time::Duration;

use inbound_entra::graph::{Call, GraphError, Interaction};
use inbound_entra::model::ProvisioningLogEntry;
use jiff::Timestamp;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use crate::job::JobParts;
use crate::problem::{Code, Problem, trouble};
use crate::road::log::told;
use crate::upload::prepare::{bulk_id, secret_of};
use crate::upload::{LogEntry, LogOutcome, Upload, UploadListener, UploadState, UploadView, payload};
use crate::words;

/// Entries come 5 to 10 minutes after the upload (graph-facts 9).
const LONGEST: Duration = Duration::from_secs(20 * 60);
/// Between two looks, at first and later: the log takes five requests in ten seconds.
const OFTEN: Duration = Duration::from_secs(10);
const SELDOM: Duration = Duration::from_secs(30);
const OFTEN_FOR: u32 = 12;
/// The service's clock and this computer's may differ by so much.
const CLOCKS_DIFFER: Duration = Duration::from_secs(300);

pub(super) async fn send(
    parts: &JobParts,
    upload: &Upload,
    cancel: CancellationToken,
    listener: &UploadListener,
) -> Result<UploadView, Problem> {
    let secret = secret_of(parts, upload.client).await?;
    let token = parts.tokens.app_token(upload.client, &secret).await.map_err(|error| {
        let problem = trouble::sign_in(&error).exists("Nothing was sent.");
        if error.not_yet() {
            problem.advice("A new secret may take a minute to work. Try again shortly.")
        } else {
            problem
        }
    })?;
    let call = Call { cancel: cancel.clone(), interaction: Interaction::Never, ..Call::default() };
    let following = Following { parts, upload, token, call, listener, view: begun(upload), known: HashSet::new() };
    following.tell();
    Ok(following.go(cancel).await)
}

fn begun(upload: &Upload) -> UploadView {
    UploadView {
        id: upload.view.id.clone(),
        state: UploadState::Sending,
        sentence: "Sending 1 user.".to_owned(),
        accepted_at: None,
        request_id: None,
        looks: 0,
        next_look: None,
        entries: Vec::new(),
        problem: None,
    }
}

struct Following<'a> {
    parts: &'a JobParts,
    upload: &'a Upload,
    token: SecretString,
    call: Call,
    listener: &'a UploadListener,
    view: UploadView,
    /// Entries of the user that were there before.
    known: HashSet<String>,
}

impl Following<'_> {
    async fn go(mut self, cancel: CancellationToken) -> UploadView {
        let began = self.parts.clock.now();
        let mut since = began.checked_sub(CLOCKS_DIFFER).unwrap_or(Timestamp::MIN);
        // What the log holds of this user from a moment ago is not this upload's.
        let before = self.read(since).await;
        let log_refused = match before {
            Ok(entries) => {
                self.known = entries.into_iter().map(|entry| entry.id).collect();
                None
            }
            // The next look may go well; until then only their times tell what was there before.
            Err(error) if may_pass(&error) => {
                since = began;
                None
            }
            Err(error) => Some(told(&error)),
        };
        let body = payload::of(&self.upload.user, &bulk_id());
        let sent = self.parts.api.upload(&self.call, &self.token, self.upload.app, &self.upload.job, body).await;
        match sent {
            Ok(answer) => {
                self.view.request_id = answer.request_id;
                self.view.accepted_at = Some(self.parts.clock.now().to_string());
            }
            Err(error) => {
                let problem = refused(&error, self.upload);
                return self.ended(UploadState::Failed, not_taken(&error), Some(problem));
            }
        }
        if let Some(problem) = log_refused {
            let sentence = "Accepted, but what became of the user cannot be told: the log cannot be read.";
            return self.ended(UploadState::Failed, sentence, Some(problem));
        }
        self.watch(since, &cancel).await
    }

    async fn watch(mut self, since: Timestamp, cancel: &CancellationToken) -> UploadView {
        let mut waited = Duration::ZERO;
        while waited < LONGEST {
            let pause = if self.view.looks < OFTEN_FOR { OFTEN } else { SELDOM };
            self.view.state = UploadState::Waiting;
            self.view.next_look = self.parts.clock.now().checked_add(pause).ok().map(|at| at.to_string());
            self.view.sentence =
                "Accepted. The log tells what became of the user; in a real tenant that takes 5 to 10 minutes."
                    .to_owned();
            self.tell();
            if cancel.run_until_cancelled(self.parts.clock.sleep(pause)).await.is_none() {
                break;
            }
            waited = waited.saturating_add(pause);
            self.view.looks = self.view.looks.saturating_add(1);
            match self.read(since).await {
                Ok(entries) => {
                    let mut fresh: Vec<LogEntry> =
                        entries.into_iter().filter(|entry| !self.known.contains(&entry.id)).collect();
                    fresh.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.id.cmp(&b.id)));
                    self.view.entries = fresh;
                    if let Some(last) = self.view.entries.last() {
                        let sentence = outcome(last);
                        return self.ended(UploadState::Done, &sentence, None);
                    }
                }
                Err(GraphError::Cancelled) => break,
                // A look that fails is no answer: the next one may be.
                Err(error) if may_pass(&error) => {}
                Err(error) => {
                    let sentence = "Accepted, but what became of the user cannot be told: the log cannot be read.";
                    return self.ended(UploadState::Failed, sentence, Some(told(&error)));
                }
            }
        }
        let sentence = if cancel.is_cancelled() {
            "You stopped looking. The user was sent all the same: the log tells of it later."
        } else {
            "The log has told nothing for 20 minutes. The job may not run: look at its state above."
        };
        self.ended(UploadState::Stopped, sentence, None)
    }

    /// The log's entries of this user.
    async fn read(&self, since: Timestamp) -> Result<Vec<LogEntry>, GraphError> {
        let page = self.parts.api.read_log(&self.call, &self.token, Some(&self.upload.job), Some(since)).await?;
        let own = page.rows.into_iter().filter(|entry| {
            entry.source_identity.as_ref().and_then(|it| it.id.as_deref())
                == Some(self.upload.user.external_id.as_str())
        });
        Ok(own.map(entry).collect())
    }

    fn tell(&self) {
        (self.listener)(self.view.clone());
    }

    fn ended(mut self, state: UploadState, sentence: &str, problem: Option<Problem>) -> UploadView {
        self.view.state = state;
        self.view.sentence = sentence.to_owned();
        self.view.next_look = None;
        self.view.problem = problem;
        self.tell();
        self.view
    }
}

/// Whether the next look may go well.
fn may_pass(error: &GraphError) -> bool {
    matches!(error, GraphError::Throttled { .. } | GraphError::NotSent { .. } | GraphError::Unreadable { .. })
        || error.refusal().is_some_and(|refusal| refusal.status >= 500)
}

fn not_taken(error: &GraphError) -> &'static str {
    match error {
        GraphError::Unclear { .. } => "It is not known whether the user was taken.",
        _ => "The upload was not accepted, and nothing was sent on.",
    }
}

fn refused(error: &GraphError, upload: &Upload) -> Problem {
    let Some(refusal) = error.refusal() else { return trouble::graph(error, "upload the user") };
    let trace = trouble::refusal_trace(refusal);
    let name = words::visible(&upload.client_name);
    let problem = match refusal.status {
        401 => Problem::new(Code::Refused, format!("Microsoft Graph did not take {name}'s token."))
            .advice("Verify it again: that asks for a new token."),
        403 => Problem::new(Code::Forbidden, format!("{name} may not upload users: its token lacks the permission."))
            .advice(
                "Grant it SynchronizationData-User.Upload. What was granted in the last minutes may not be in its token yet; \
                 with SynchronizationData-User.Upload.OwnedBy it must own the provisioning app.",
            ),
        404 => Problem::new(Code::NotFound, "The provisioning app or its job is not in the tenant any more.")
            .advice("Verify again."),
        429 => Problem::new(Code::Throttled, "As many uploads as the tenant's licence allows were made today.")
            .advice("Try again tomorrow: 2,000 calls in 24 hours with P1 or P2, 6,000 with Governance."),
        _ => return trouble::graph(error, "upload the user").exists("Nothing was sent on."),
    };
    problem.exists("Nothing was sent on.").trace(trace)
}

/// `The user was created.`
fn outcome(entry: &LogEntry) -> String {
    let did = match entry.action.to_ascii_lowercase().as_str() {
        "create" => "created",
        "update" => "updated",
        "disable" => "disabled",
        "delete" | "stageddelete" => "deleted",
        _ => "brought in",
    };
    let why = entry.reason.as_ref().map_or_else(String::new, |reason| format!(" {reason}"));
    match entry.outcome {
        LogOutcome::Success => format!("The user was {did}."),
        LogOutcome::Warning => format!("The user was {did}, with a warning.{why}"),
        LogOutcome::Skipped => format!("Nothing was to be done for the user.{why}"),
        LogOutcome::Failure => format!("The user was not {did}.{why}"),
    }
}

/// An entry in our words; the statuses' letter case differs between Microsoft's own sources (graph-facts 9).
fn entry(it: ProvisioningLogEntry) -> LogEntry {
    let status = it.provisioning_status_info.unwrap_or_default();
    let error = status.error_information.unwrap_or_default();
    let source = it.source_identity.unwrap_or_default();
    let text = |value: Option<String>| value.map(|text| words::visible(text.trim())).filter(|text| !text.is_empty());
    LogEntry {
        id: it.id,
        at: it.activity_date_time.map(|at| at.to_string()).unwrap_or_default(),
        action: words::sentence_case(&words::visible(&it.provisioning_action.unwrap_or_default())),
        outcome: match status.status.to_ascii_lowercase().as_str() {
            "success" => LogOutcome::Success,
            "skipped" => LogOutcome::Skipped,
            "warning" => LogOutcome::Warning,
            _ => LogOutcome::Failure,
        },
        user: text(source.display_name).or(source.id).unwrap_or_default(),
        reason: text(error.reason),
        code: text(error.error_code),
        recommended: text(error.recommended_action),
    }
}
