//! The system's own dialogs for files: where the operator saves or opens one.

use std::path::{Path, PathBuf};

use inbound_access_job::problem::{Code, Problem};
use tauri::{AppHandle, Manager, Runtime};
use tauri_plugin_dialog::{Dialog, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

use crate::desk;
use crate::view::Saved;

/// A kind of file that a dialog offers.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// In words.
    pub name: &'static str,
    /// The ending, without the dot.
    pub ending: &'static str,
}

/// Saves `content` where the operator chooses; nothing when they cancel.
///
/// # Errors
/// When the desktop has no dialogs, and with `localFile` when what is chosen is no file of this computer or cannot be
/// written.
pub async fn save<R: Runtime>(app: &AppHandle<R>, name: &str, kind: Kind, content: Vec<u8>) -> Result<Saved, Problem> {
    let (chosen, choice) = oneshot::channel();
    builder(app, kind)?.set_file_name(name).save_file(move |path| drop(chosen.send(path)));
    let Some(path) = path(choice.await.unwrap_or(None))? else { return Ok(Saved { path: None }) };
    let shown = path.display().to_string();
    desk::whole(tokio::task::spawn_blocking(move || write(&path, &content))).await?;
    Ok(Saved { path: Some(shown) })
}

fn write(path: &Path, content: &[u8]) -> Result<(), Problem> {
    std::fs::write(path, content).map_err(|error| {
        Problem::new(Code::LocalFile, format!("{} could not be written: {error}.", path.display()))
            .exists("What was to be saved is in Inbound Access as before.")
            .advice("Choose another folder, or check that the disk has room.")
    })
}

/// Asks which file to open; none when the operator cancels.
///
/// # Errors
/// When the desktop has no dialogs, or what is chosen is no file of this computer.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_is_told_with_the_path_and_lost_nowhere() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("evidence.json");
        write(&file, b"{}").expect("written");
        assert_eq!(std::fs::read(&file).expect("read"), b"{}");
        let problem = write(&folder.path().join("nowhere").join("evidence.json"), b"{}").expect_err("no such folder");
        assert_eq!(problem.code, Code::LocalFile);
        assert!(problem.message.contains("nowhere") && problem.exists.is_some() && problem.advice.is_some());
    }
}
