//! Handing over consent, by files and by Entra's consent page.

use inbound_access_job::consent::OpenedConsent;
use inbound_access_job::plan::PlanView;
use inbound_access_job::run::RunView;
use serde::Deserialize;
use tauri::{AppHandle, Runtime, State};
use uuid::Uuid;

use super::Answer;
use super::session::unusable;
use crate::args::{Args, Nothing, Text};
use crate::desk::Desk;
use crate::desk::consent::RequestFormat;
use crate::dialogs::{self, Kind};
use crate::view::Saved;

const REQUEST: Kind = Kind { name: "Request for consent", ending: "json" };
const NOTE: Kind = Kind { name: "Note", ending: "md" };

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveConsentRequest {
    run_id: Text<100>,
    format: Text<20>,
}

/// Saves what a run asks of another administrator where the operator chooses.
#[tauri::command]
pub async fn save_consent_request<R: Runtime>(
    app: AppHandle<R>,
    desk: State<'_, Desk>,
    args: Args<SaveConsentRequest>,
) -> Answer<Saved> {
    let (format, kind) = match args.0.format.as_str() {
        "json" => (RequestFormat::Json, REQUEST),
        "markdown" => (RequestFormat::Markdown, NOTE),
        _ => return Err(unusable("format", "Save it as “json” or “markdown”.")),
    };
    let (name, content) = desk.consent_file(args.0.run_id.into_string(), format).await?;
    dialogs::save(&app, &name, kind, content).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfRun {
    run_id: Text<100>,
}

/// See [`Desk::copy_consent_link`].
#[tauri::command]
pub async fn copy_consent_link(desk: State<'_, Desk>, args: Args<OfRun>) -> Answer<()> {
    desk.copy_consent_link(args.0.run_id.into_string()).await
}

/// See [`Desk::open_consent_link`].
#[tauri::command]
pub async fn open_consent_link(desk: State<'_, Desk>, args: Args<OfRun>) -> Answer<()> {
    desk.open_consent_link(args.0.run_id.into_string()).await
}

/// Looks whether another administrator has granted what a run asks.
#[tauri::command]
pub async fn check_consent(desk: State<'_, Desk>, args: Args<OfRun>) -> Answer<RunView> {
    desk.with_job(move |job| async move { job.check_consent(args.0.run_id.as_str()).await }).await
}

/// Opens a request for consent that the operator chooses; none when they cancel.
#[tauri::command]
pub async fn open_consent_request<R: Runtime>(
    app: AppHandle<R>,
    desk: State<'_, Desk>,
    _args: Args<Nothing>,
) -> Answer<Option<OpenedConsent>> {
    match dialogs::open(&app, REQUEST).await? {
        Some(path) => desk.open_consent(path).await.map(Some),
        None => Ok(None),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanConsent {
    id: Uuid,
}

/// See [`Desk::plan_consent`].
#[tauri::command]
pub async fn plan_consent(desk: State<'_, Desk>, args: Args<PlanConsent>) -> Answer<PlanView> {
    desk.plan_consent(args.0.id).await
}
