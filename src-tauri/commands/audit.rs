//! Who has access, and whose credentials end when.

use inbound_access_job::audit::{AuditNews, AuditSummary, HolderDetails};
use inbound_access_job::credentials::CredentialList;
use serde::Deserialize;
use tauri::ipc::JavaScriptChannelId;
use tauri::{Runtime, State, Webview};

use super::Answer;
use crate::args::{Args, Nothing, Text};
use crate::desk::Desk;
use crate::desk::reading::AUDIT;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Audit {
    permissions: Vec<Text<200>>,
    news: JavaScriptChannelId,
}

/// See [`Desk::audit`].
#[tauri::command]
pub async fn audit<R: Runtime>(webview: Webview<R>, desk: State<'_, Desk>, args: Args<Audit>) -> Answer<AuditSummary> {
    let Audit { permissions, news } = args.0;
    let permissions = permissions.into_iter().map(Text::into_string).collect();
    let news = news.channel_on::<R, AuditNews>(webview);
    desk.audit(permissions, move |one| drop(news.send(one))).await
}

/// See [`Desk::stop_reading`].
#[tauri::command]
pub async fn stop_audit(desk: State<'_, Desk>, _args: Args<Nothing>) -> Answer<()> {
    desk.stop_reading(AUDIT.to_owned()).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfHolders {
    principals: Vec<Text<100>>,
}

/// More about those whose rows are in sight.
#[tauri::command]
pub async fn holder_details(desk: State<'_, Desk>, args: Args<OfHolders>) -> Answer<Vec<HolderDetails>> {
    let principals: Vec<String> = args.0.principals.into_iter().map(Text::into_string).collect();
    desk.with_job(move |job| async move { job.holder_details(&principals).await }).await
}

/// See [`Desk::credentials`].
#[tauri::command]
pub async fn credentials(desk: State<'_, Desk>, _args: Args<Nothing>) -> Answer<CredentialList> {
    desk.credentials().await
}
