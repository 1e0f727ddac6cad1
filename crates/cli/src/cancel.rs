//! Ctrl-C: the first asks to stop in good order, the second stops at once.

use tokio_util::sync::CancellationToken;

use crate::exit::Exit;
use crate::output::remark;

/// Requests to end: Ctrl-C, and on Unix SIGTERM. From the moment that this exists none is missed, and none ends the
/// process by itself.
pub(crate) struct EndRequests {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(windows)]
    ctrl_c: tokio::signal::windows::CtrlC,
}

impl EndRequests {
    /// Begins to listen.
    pub(crate) fn listen() -> std::io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
        }
        #[cfg(windows)]
        Ok(Self { ctrl_c: tokio::signal::windows::ctrl_c()? })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(windows)]
        self.ctrl_c.recv().await;
    }
}

/// A token that the first request to end cancels.
pub(crate) fn on_ctrl_c() -> CancellationToken {
    let token = CancellationToken::new();
    // Where requests cannot be heard, the system's own way of ending a process stays.
    let Ok(mut requests) = EndRequests::listen() else { return token };
    let cancelled = token.clone();
    tokio::spawn(async move {
        requests.next().await;
        remark("Cancelling. What exists will be told; Ctrl-C again stops at once.");
        cancelled.cancel();
        requests.next().await;
        std::process::exit(Exit::Cancelled as i32);
    });
    token
}
