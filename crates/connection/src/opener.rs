//! Opens a page in the system's own browser.

use std::process::Stdio;
use std::time::Duration;

use async_trait::async_trait;
use inbound_entra::auth::BrowserError;
use url::Url;

use crate::asking::Opener;

/// A starter that has not ended by then is taken to be a browser that runs on.
const PATIENCE: Duration = Duration::from_secs(2);

/// The system's browser, by the system's own means.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemOpener;

#[async_trait]
impl Opener for SystemOpener {
    async fn open(&self, url: &Url) -> Result<(), BrowserError> {
        // By computer time: it is about a program of this computer.
        first_that_opens(open::commands(url.as_str()), PATIENCE).await
    }
}

/// Tries one starter after the other, as `xdg-open` is not everywhere.
async fn first_that_opens(commands: Vec<std::process::Command>, patience: Duration) -> Result<(), BrowserError> {
    let mut why = "no program to open one was found".to_owned();
    for command in commands {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut command = tokio::process::Command::from(command);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut started = match command.spawn() {
            Ok(started) => started,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => {
                why = format!("{name} could not be started ({})", error.kind());
                continue;
            }
        };
        match tokio::time::timeout(patience, started.wait()).await {
            Err(_) => return Ok(()),
            Ok(Ok(status)) if status.success() => return Ok(()),
            Ok(Ok(status)) => why = format!("{name} failed ({status})"),
            Ok(Err(error)) => why = format!("{name} failed ({})", error.kind()),
        }
    }
    Err(BrowserError { reason: why })
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;

    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn p11_missing_failing_and_hanging_starters_are_told_apart() {
        let soon = Duration::from_millis(200);
        let none = first_that_opens(vec![Command::new("/no/such/xdg-open")], soon).await;
        assert_eq!(none, Err(BrowserError { reason: "no program to open one was found".to_owned() }));
        let failed = first_that_opens(vec![shell("exit 1")], soon).await.expect_err("it failed").reason;
        assert!(failed.contains("sh failed"), "{failed}");
        assert_eq!(first_that_opens(vec![shell("exit 3"), shell("exit 0")], soon).await, Ok(()), "the next one");
        assert_eq!(first_that_opens(vec![shell("exec sleep 5")], soon).await, Ok(()), "one that runs on");
    }
}
