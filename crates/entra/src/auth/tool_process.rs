//! Runs an Azure tool: without a window or a terminal of its own, and ended when nobody waits for it any more.

use std::ffi::OsStr;
use std::io;
use std::process::{Output, Stdio};

use async_trait::async_trait;
use azure_identity::Executor;
use tokio::process::Command;

/// Windows: a program of the console opens no console.
#[cfg(windows)]
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

/// The computer's own way to run a program.
#[derive(Debug)]
pub(super) struct Quietly;

#[async_trait]
impl Executor for Quietly {
    async fn run(&self, program: &OsStr, args: &[&OsStr]) -> io::Result<Output> {
        let mut command = Command::new(program);
        // Nobody could answer a question of the tool's; and its colours would stand in our words.
        command.args(args).stdin(Stdio::null()).kill_on_drop(true).env("NO_COLOR", "1").env("AZURE_CORE_NO_COLOR", "1");
        #[cfg(windows)]
        command.creation_flags(CREATE_NO_WINDOW);
        command.output().await
    }
}
