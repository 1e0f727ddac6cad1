//! Hands for the system's own dialogs of files, which no driver of a page reaches.

use std::path::Path;

use super::{Machine, until};

/// So often it is looked whether a dialog has gone before its key is pressed again.
const GLANCES_OF_A_KEY: u32 = 25;

impl Machine {
    /// Chooses `file` in the dialog of the system that is open, or comes to be, by typing its whole path.
    pub async fn choose_in_dialog(&self, file: &Path) {
        let dialog = self.dialog().await;
        let path = file.display().to_string();
        for arguments in [
            vec!["windowfocus", "--sync", dialog.as_str()],
            vec!["key", "--clearmodifiers", "ctrl+l"],
            vec!["key", "--clearmodifiers", "ctrl+a"],
            vec!["type", "--delay", "5", path.as_str()],
        ] {
            self.xdotool(&arguments);
        }
        // The first one may only take a suggestion.
        self.until_the_dialog_is_gone("Return").await;
    }

    /// Leaves the dialog that is open, or comes to be, without choosing.
    pub async fn cancel_dialog(&self) {
        let dialog = self.dialog().await;
        self.xdotool(&["windowfocus", "--sync", dialog.as_str()]);
        // One may only close what is open within the dialog.
        self.until_the_dialog_is_gone("Escape").await;
    }

    async fn dialog(&self) -> String {
        until("a dialog for files is open", async || {
            let windows = self.windows_of_the_app();
            if windows.len() > 1 { windows.last().cloned() } else { None }
        })
        .await
    }

    /// Presses `key` in the dialog until it goes; only after a while again, lest a dialog that goes slowly leaves the key
    /// to the window below it.
    async fn until_the_dialog_is_gone(&self, key: &str) {
        let mut glances = 0_u32;
        until("the dialog is gone", async || {
            if self.windows_of_the_app().len() < 2 {
                return Some(());
            }
            if glances.is_multiple_of(GLANCES_OF_A_KEY) {
                self.xdotool(&["key", key]);
            }
            glances += 1;
            None
        })
        .await;
    }

    /// Its own window, and a dialog when one is open.
    fn windows_of_the_app(&self) -> Vec<String> {
        let found = self.xdotool(&["search", "--onlyvisible", "--class", "inbound-access"]).unwrap_or_default();
        found.lines().map(str::to_owned).collect()
    }

    fn xdotool(&self, arguments: &[&str]) -> Option<String> {
        let output = self.surroundings.command("xdotool").args(arguments).output().expect("xdotool runs");
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}
