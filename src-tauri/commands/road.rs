//! The road behind the permission: provisioning jobs, and a real upload on request.

use inbound_access_job::road::Road;
use inbound_access_job::upload::{UploadPreview, UploadRequest, UploadView};
use serde::Deserialize;
use tauri::ipc::JavaScriptChannelId;
use tauri::{Runtime, State, Webview};
use uuid::Uuid;

use super::Answer;
use crate::args::Args;
use crate::desk::Desk;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadRoad {
    ask: bool,
}

/// The provisioning apps of the tenant with their jobs, read now.
#[tauri::command]
pub async fn road(desk: State<'_, Desk>, args: Args<ReadRoad>) -> Answer<Road> {
    desk.with_job(move |job| async move { job.road(args.0.ask).await }).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrepareUpload {
    request: UploadRequest,
}

/// See [`Desk::prepare_upload`].
#[tauri::command]
pub async fn prepare_upload(desk: State<'_, Desk>, args: Args<PrepareUpload>) -> Answer<UploadPreview> {
    desk.prepare_upload(args.0.request).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartUpload {
    upload_id: Uuid,
    news: JavaScriptChannelId,
}

/// See [`Desk::upload`].
#[tauri::command]
pub async fn start_upload<R: Runtime>(
    webview: Webview<R>,
    desk: State<'_, Desk>,
    args: Args<StartUpload>,
) -> Answer<UploadView> {
    let news = args.0.news.channel_on::<R, UploadView>(webview);
    desk.upload(args.0.upload_id, move |view| drop(news.send(view))).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StopUpload {
    upload_id: Uuid,
}

/// See [`Desk::stop_reading`]: what was sent stays sent.
#[tauri::command]
pub async fn stop_upload(desk: State<'_, Desk>, args: Args<StopUpload>) -> Answer<()> {
    desk.stop_reading(args.0.upload_id.to_string()).await
}
