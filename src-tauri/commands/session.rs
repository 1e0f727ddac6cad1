//! Signing in to real tenants, the session around it, and what is known before a run.

use inbound_access_job::preflight::{Ask, Preflight};
use inbound_access_job::problem::{Code, FieldProblem, Problem};
use inbound_connection::Entry;
use inbound_connection::view::{ClientSetting, ClientTest, ConnectionView, SessionNews, Settings, SignInRequest};
use serde::Deserialize;
use tauri::ipc::JavaScriptChannelId;
use tauri::{Runtime, State, Webview};

use super::Answer;
use crate::args::{Args, Nothing, Text};
use crate::desk::Desk;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignIn {
    request: SignInRequest,
}

/// See [`Desk::connect`].
#[tauri::command]
pub async fn sign_in(desk: State<'_, Desk>, args: Args<SignIn>) -> Answer<ConnectionView> {
    desk.connect(Entry::Person(args.0.request)).await
}

/// See [`Desk::cancel_sign_in`].
#[tauri::command]
pub async fn cancel_sign_in(desk: State<'_, Desk>, _args: Args<Nothing>) -> Answer<()> {
    desk.cancel_sign_in();
    Ok(())
}

/// See [`Desk::copy_sign_in_link`].
#[tauri::command]
pub async fn copy_sign_in_link(desk: State<'_, Desk>, _args: Args<Nothing>) -> Answer<()> {
    desk.copy_sign_in_link().await
}

/// See [`Desk::open_sign_in_page`].
#[tauri::command]
pub async fn open_sign_in_page(desk: State<'_, Desk>, _args: Args<Nothing>) -> Answer<()> {
    desk.open_sign_in_page().await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WatchSession {
    news: JavaScriptChannelId,
}

/// See [`Desk::watch_session`].
#[tauri::command]
pub async fn watch_session<R: Runtime>(
    webview: Webview<R>,
    desk: State<'_, Desk>,
    args: Args<WatchSession>,
) -> Answer<()> {
    let page = args.0.news.channel_on::<R, SessionNews>(webview);
    // A page that was reloaded no longer listens; the new one says so itself.
    desk.watch_session(move |news| drop(page.send(news)));
    Ok(())
}

/// See [`Desk::touch`].
#[tauri::command]
pub async fn touch(desk: State<'_, Desk>, _args: Args<Nothing>) -> Answer<()> {
    desk.touch();
    Ok(())
}

/// See [`Desk::lock`].
#[tauri::command]
pub async fn lock_session(desk: State<'_, Desk>, _args: Args<Nothing>) -> Answer<()> {
    desk.lock().await
}

/// See [`Desk::unlock`].
#[tauri::command]
pub async fn unlock(desk: State<'_, Desk>, _args: Args<Nothing>) -> Answer<ConnectionView> {
    desk.unlock().await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AskPreflight {
    ask: Text<20>,
}

/// What the operator may do, read from the tenant now. `ask` names what a further sign-in may be asked for: `eligible`,
/// `policy`, or nothing.
#[tauri::command]
pub async fn preflight(desk: State<'_, Desk>, args: Args<AskPreflight>) -> Answer<Preflight> {
    let ask = match args.0.ask.as_str() {
        "" => Ask::Nothing,
        "eligible" => Ask::Eligible,
        "policy" => Ask::Policy,
        _ => return Err(unusable("ask", "Ask for “eligible”, “policy” or nothing.")),
    };
    desk.with_job(move |job| async move { Ok(job.preflight(ask).await) }).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActivateRole {
    role_id: Text<60>,
    justification: Text<1_000>,
    hours: u32,
}

/// Activates a role of the operator, and reads anew what they may do.
#[tauri::command]
pub async fn activate_role(desk: State<'_, Desk>, args: Args<ActivateRole>) -> Answer<Preflight> {
    let ActivateRole { role_id, justification, hours } = args.0;
    desk.with_job(move |job| async move { job.activate_role(role_id.as_str(), justification.as_str(), hours).await })
        .await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveSettings {
    settings: Settings,
}

/// See [`Desk::save_settings`].
#[tauri::command]
pub async fn save_settings(desk: State<'_, Desk>, args: Args<SaveSettings>) -> Answer<Settings> {
    desk.save_settings(args.0.settings).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TestClient {
    cloud: Text<60>,
    tenant: Text<300>,
    client_id: Text<60>,
}

/// See [`Desk::test_client`].
#[tauri::command]
pub async fn test_client(desk: State<'_, Desk>, args: Args<TestClient>) -> Answer<ClientTest> {
    let TestClient { cloud, tenant, client_id } = args.0;
    let (cloud, tenant) = (cloud.into_string(), tenant.into_string());
    desk.test_client(ClientSetting { cloud, tenant, client_id: client_id.into_string() }).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ForgetTenant {
    cloud: Text<60>,
    tenant_id: Text<60>,
}

/// See [`Desk::forget_tenant`].
#[tauri::command]
pub async fn forget_tenant(desk: State<'_, Desk>, args: Args<ForgetTenant>) -> Answer<Settings> {
    desk.forget_tenant(args.0.cloud.as_str(), args.0.tenant_id.as_str()).await
}

pub(super) fn unusable(field: &str, message: &str) -> Problem {
    let mut problem = Problem::new(Code::InvalidInput, message).exists("Nothing was changed.");
    problem.fields.push(FieldProblem { field: field.into(), message: message.into() });
    problem
}
