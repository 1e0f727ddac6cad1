//! The system's own dialogs for files: where the operator saves or opens one.

use std::path::PathBuf;

use inbound_access_job::problem::{Code, Problem};
use tauri::{AppHandle, Manager, Runtime};
use tauri_plugin_dialog::{Dialog, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

/// A kind of file that a dialog offers.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// In words.
    pub name: &'static str,
    /// The ending, without the dot.
    pub ending: &'static str,
}

/// Asks where to save; none when the operator cancels.
///
/// # Errors
/// When the desktop has no dialogs, or what is chosen is no file of this computer.
pub async fn save<R: Runtime>(app: &AppHandle<R>, name: &str, kind: Kind) -> Result<Option<PathBuf>, Problem> {
    let (chosen, choice) = oneshot::channel();
    builder(app, kind)?.set_file_name(name).save_file(move |path| drop(chosen.send(path)));
    path(choice.await.unwrap_or(None))
}

/// Asks which file to open; none when the operator cancels.
///
/// # Errors
/// As [`save`].
pub async fn open<R: Runtime>(app: &AppHandle<R>, kind: Kind) -> Result<Option<PathBuf>, Problem> {
    let (chosen, choice) = oneshot::channel();
    builder(app, kind)?.pick_file(move |path| drop(chosen.send(path)));
    path(choice.await.unwrap_or(None))
}

fn builder<R: Runtime>(app: &AppHandle<R>, kind: Kind) -> Result<FileDialogBuilder<R>, Problem> {
    let dialog = app
        .try_state::<Dialog<R>>()
        .ok_or_else(|| Problem::new(Code::Internal, "This desktop has no dialogs for files."))?;
    let builder = dialog.file().add_filter(kind.name, &[kind.ending]);
    Ok(match app.get_webview_window(crate::window::MAIN) {
        Some(window) => builder.set_parent(&window),
        None => builder,
    })
}

fn path(chosen: Option<FilePath>) -> Result<Option<PathBuf>, Problem> {
    let into = |path: FilePath| {
        path.into_path().map_err(|_| {
            Problem::new(Code::LocalFile, "What was chosen is no file of this computer.")
                .exists("Nothing was changed.")
                .advice("Choose a file in one of your folders.")
        })
    };
    chosen.map(into).transpose()
}
