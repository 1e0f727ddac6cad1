//! Starting once more when the instance that was there ended while it was asked to come forward.
//!
//! After a crash the name on the bus may outlive the process for a moment: the new process takes it for a running instance,
//! asks it to come forward, and is told that nobody answers. Without this the app would not start until tried again.

use std::error::Error;
use std::ffi::OsString;

/// Set for the process that starts once more, which does so no further time.
const MARK: &str = "INBOUND_ACCESS_STARTED_AGAIN";
const PLUGIN: &str = "single-instance";

/// Replaces this process by a new one with the same arguments if that can mend `error`; comes back only if it cannot.
pub fn start(error: &(dyn Error + 'static), arguments: &[OsString]) {
    if is_mended_by_it(error) && std::env::var_os(MARK).is_none() {
        replace(arguments);
    }
}

fn is_mended_by_it(error: &(dyn Error + 'static)) -> bool {
    let is_it = |error: &tauri::Error| matches!(error, tauri::Error::PluginInitialization(name, _) if name == PLUGIN);
    error.downcast_ref::<tauri::Error>().is_some_and(is_it)
}

#[cfg(target_os = "linux")]
fn replace(arguments: &[OsString]) {
    use std::os::unix::process::CommandExt;

    let Ok(program) = std::env::current_exe() else { return };
    tracing::info!("an instance that was ending did not answer: the app starts once more");
    let error = std::process::Command::new(program).args(arguments).env(MARK, "1").exec();
    tracing::warn!(error = %error, "the app could not start once more");
}

/// Elsewhere the lock is one of the system's own, which ends with its process.
#[cfg(not(target_os = "linux"))]
fn replace(_arguments: &[OsString]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_instance_that_did_not_answer_is_a_reason_to_start_once_more() {
        let of = |plugin: &str| tauri::Error::PluginInitialization(plugin.to_owned(), "NoReply".to_owned());
        assert!(is_mended_by_it(&of("single-instance")));
        assert!(!is_mended_by_it(&of("window-state")));
        assert!(!is_mended_by_it(&std::io::Error::other("single-instance")));
    }
}
