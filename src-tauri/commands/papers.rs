//! What leaves the app as files: evidence for an auditor, the hand-over to the API developer.

use inbound_access_job::evidence::{EvidenceFormat, EvidenceSubject};
use inbound_access_job::handover::{DeveloperPacket, Snippet};
use serde::Deserialize;
use tauri::{AppHandle, Runtime, State};
use uuid::Uuid;

use super::Answer;
use crate::args::{Args, Text};
use crate::desk::Desk;
use crate::dialogs::{self, Kind};
use crate::view::Saved;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveEvidence {
    subject: EvidenceSubject,
    format: EvidenceFormat,
}

/// Saves evidence where the operator chooses.
#[tauri::command]
pub async fn save_evidence<R: Runtime>(
    app: AppHandle<R>,
    desk: State<'_, Desk>,
    args: Args<SaveEvidence>,
) -> Answer<Saved> {
    let SaveEvidence { subject, format } = args.0;
    let name = match format {
        EvidenceFormat::Json => "Evidence (JSON)",
        EvidenceFormat::Csv => "Evidence (CSV)",
        EvidenceFormat::Html => "Evidence (HTML report)",
    };
    let file = desk.evidence(subject, format).await?;
    dialogs::save(&app, &file.name, Kind { name, ending: format.ending() }, file.content).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeveloperPacketOf {
    principal: Text<2_000>,
    /// Empty: one that is ready is chosen.
    job_id: Text<200>,
}

/// See [`Desk::developer_packet`].
#[tauri::command]
pub async fn developer_packet(desk: State<'_, Desk>, args: Args<DeveloperPacketOf>) -> Answer<DeveloperPacket> {
    let DeveloperPacketOf { principal, job_id } = args.0;
    let job_id = Some(job_id.into_string()).filter(|id| !id.is_empty());
    desk.developer_packet(principal.into_string(), job_id).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfPlan {
    plan_id: Uuid,
}

/// See [`Desk::plan_scripts`].
#[tauri::command]
pub async fn plan_scripts(desk: State<'_, Desk>, args: Args<OfPlan>) -> Answer<Vec<Snippet>> {
    desk.plan_scripts(args.0.plan_id).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfRun {
    run_id: Text<100>,
}

/// See [`Desk::run_scripts`].
#[tauri::command]
pub async fn run_scripts(desk: State<'_, Desk>, args: Args<OfRun>) -> Answer<Vec<Snippet>> {
    desk.run_scripts(args.0.run_id.into_string()).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveSnippet {
    snippet_id: Text<100>,
}

/// Saves text that was shown where the operator chooses.
#[tauri::command]
pub async fn save_snippet<R: Runtime>(
    app: AppHandle<R>,
    desk: State<'_, Desk>,
    args: Args<SaveSnippet>,
) -> Answer<Saved> {
    let snippet = desk.snippet(args.0.snippet_id.into_string()).await?;
    let ending = known_ending(&snippet.file_name);
    dialogs::save(&app, &snippet.file_name, Kind { name: "Text", ending }, snippet.text.into_bytes()).await
}

/// The ending of a file's name, for the dialog's filter.
fn known_ending(name: &str) -> &'static str {
    let ending = name.rsplit('.').next().unwrap_or_default();
    ["sh", "ps1", "py", "cs", "json", "http", "tf"].into_iter().find(|one| *one == ending).unwrap_or("txt")
}
