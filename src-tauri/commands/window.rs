//! What the page asks of the window and the desktop around it.

use serde::Deserialize;
use tauri::ipc::JavaScriptChannelId;
use tauri::{Runtime, State, Webview, WebviewWindow};

use super::Answer;
use crate::args::{Args, Nothing, Text};
use crate::desk::Desk;
use crate::{links, window};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CopyText {
    text: Text<64_000>,
}

/// See [`Desk::copy_text`].
#[tauri::command]
pub async fn copy_text(desk: State<'_, Desk>, args: Args<CopyText>) -> Answer<()> {
    desk.copy_text(args.0.text.into_string()).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenLink {
    url: Text<4_000>,
}

/// Opens an address of one of Microsoft's portals in the system's browser.
#[tauri::command]
pub async fn open_link(args: Args<OpenLink>) -> Answer<()> {
    links::open(links::allowed(args.0.url.as_str())?).await
}

/// After the page's first paint.
#[tauri::command]
pub async fn window_ready<R: Runtime>(window: WebviewWindow<R>, _args: Args<Nothing>) -> Answer<()> {
    window::show(&window);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WatchClosing {
    asked: JavaScriptChannelId,
}

/// See [`Desk::watch_closing`].
#[tauri::command]
pub async fn watch_closing<R: Runtime>(
    webview: Webview<R>,
    desk: State<'_, Desk>,
    args: Args<WatchClosing>,
) -> Answer<()> {
    let asked = args.0.asked.channel_on::<R, ()>(webview);
    // A page that was reloaded no longer listens; the new one says so itself.
    desk.watch_closing(move || drop(asked.send(()))).await
}

/// See [`Desk::keep_open`].
#[tauri::command]
pub async fn keep_open(desk: State<'_, Desk>, _args: Args<Nothing>) -> Answer<()> {
    desk.keep_open().await
}

/// Closes the window although a run goes on, which is cancelled and gets a little time to stop.
#[tauri::command]
pub async fn close_window<R: Runtime>(
    window: WebviewWindow<R>,
    desk: State<'_, Desk>,
    _args: Args<Nothing>,
) -> Answer<()> {
    desk.close().await;
    window::close(&window);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportFault {
    message: Text<16_000>,
}

/// A fault of the page, for the log.
#[tauri::command]
pub async fn report_fault(args: Args<ReportFault>) -> Answer<()> {
    tracing::error!(face = "page", error = args.0.message.as_str(), "a fault of the page");
    Ok(())
}
