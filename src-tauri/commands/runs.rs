//! Runs that go on, and what can be done with those that are over.

use inbound_access_job::plan::PlanView;
use inbound_access_job::run::RunView;
use serde::Deserialize;
use tauri::State;

use super::Answer;
use crate::args::{Args, Nothing, Text};
use crate::desk::Desk;
use crate::view::RunsView;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfRun {
    run_id: Text<100>,
}

/// See [`Desk::runs`].
#[tauri::command]
pub async fn list_runs(desk: State<'_, Desk>, _args: Args<Nothing>) -> Answer<RunsView> {
    desk.runs().await
}

/// See [`Desk::cancel_run`].
#[tauri::command]
pub async fn cancel_run(desk: State<'_, Desk>, args: Args<OfRun>) -> Answer<()> {
    desk.cancel_run(args.0.run_id.into_string()).await
}

/// See [`Desk::plan_continue`].
#[tauri::command]
pub async fn plan_continue(desk: State<'_, Desk>, args: Args<OfRun>) -> Answer<PlanView> {
    desk.plan_continue(args.0.run_id.into_string()).await
}

/// See [`Desk::plan_undo`].
#[tauri::command]
pub async fn plan_undo(desk: State<'_, Desk>, args: Args<OfRun>) -> Answer<PlanView> {
    desk.plan_undo(args.0.run_id.into_string()).await
}

/// See [`Desk::leave_run`].
#[tauri::command]
pub async fn leave_run(desk: State<'_, Desk>, args: Args<OfRun>) -> Answer<RunView> {
    desk.leave_run(args.0.run_id.into_string()).await
}
