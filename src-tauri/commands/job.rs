//! The job: find, plan, run, verify.

use inbound_access_job::desired::SetupRequest;
use inbound_access_job::fix::Fix;
use inbound_access_job::plan::PlanView;
use inbound_access_job::principal::{NameCheck, SearchResult};
use inbound_access_job::run::{RunEvent, RunView};
use inbound_access_job::verification::Verification;
use serde::Deserialize;
use tauri::ipc::JavaScriptChannelId;
use tauri::{Runtime, State, Webview};
use uuid::Uuid;

use super::Answer;
use crate::args::{Args, Text};
use crate::desk::Desk;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckAppName {
    name: Text<1_000>,
}

/// What is known of a name while it is typed.
#[tauri::command]
pub async fn check_app_name(desk: State<'_, Desk>, args: Args<CheckAppName>) -> Answer<NameCheck> {
    desk.with_job(|job| async move { job.check_name(args.0.name.as_str()).await }).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Search {
    text: Text<1_000>,
}

/// Managed identities that answer to a text.
#[tauri::command]
pub async fn search_identities(desk: State<'_, Desk>, args: Args<Search>) -> Answer<SearchResult> {
    desk.with_job(|job| async move { job.search_identities(args.0.text.as_str()).await }).await
}

/// App registrations and principals that answer to a text.
#[tauri::command]
pub async fn search_principals(desk: State<'_, Desk>, args: Args<Search>) -> Answer<SearchResult> {
    desk.with_job(|job| async move { job.search_principals(args.0.text.as_str()).await }).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanSetup {
    request: SetupRequest,
}

/// See [`Desk::plan`].
#[tauri::command]
pub async fn plan_setup(desk: State<'_, Desk>, args: Args<PlanSetup>) -> Answer<PlanView> {
    desk.plan(args.0.request).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanFix {
    fix: Fix,
}

/// See [`Desk::plan_fix`].
#[tauri::command]
pub async fn plan_fix(desk: State<'_, Desk>, args: Args<PlanFix>) -> Answer<PlanView> {
    desk.plan_fix(args.0.fix).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunPlan {
    plan_id: Uuid,
    events: JavaScriptChannelId,
}

/// See [`Desk::run_plan`].
#[tauri::command]
pub async fn run_plan<R: Runtime>(webview: Webview<R>, desk: State<'_, Desk>, args: Args<RunPlan>) -> Answer<RunView> {
    let events = args.0.events.channel_on::<R, RunEvent>(webview);
    // A page that was reloaded no longer listens; the run goes on.
    desk.run_plan(args.0.plan_id, move |event| drop(events.send(event))).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Verify {
    principal: Text<2_000>,
    permissions: Vec<Text<200>>,
    token: bool,
}

/// Whether a principal has what it needs, read from the tenant now.
#[tauri::command]
pub async fn verify(desk: State<'_, Desk>, args: Args<Verify>) -> Answer<Verification> {
    let Verify { principal, permissions, token } = args.0;
    let permissions: Vec<String> = permissions.into_iter().map(Text::into_string).collect();
    desk.verify(principal.into_string(), permissions, token).await
}
