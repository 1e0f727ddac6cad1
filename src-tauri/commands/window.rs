//! What the page asks of the window and the desktop around it.

use serde::Deserialize;
use tauri::{Runtime, State, WebviewWindow};

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
pub struct ReportFault {
    message: Text<16_000>,
}

/// A fault of the page, for the log.
#[tauri::command]
pub async fn report_fault(args: Args<ReportFault>) -> Answer<()> {
    tracing::error!(face = "page", error = args.0.message.as_str(), "a fault of the page");
    Ok(())
}
