//! Processes that belong to one test and end with it.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

/// The environment of everything in a world: nothing of the machine's own home, session or display leaks in.
#[derive(Clone, Debug)]
pub struct Surroundings {
    variables: Vec<(String, String)>,
    logs: PathBuf,
}

impl Surroundings {
    pub fn new(variables: Vec<(String, String)>, logs: PathBuf) -> Self {
        Self { variables, logs }
    }

    /// Adds a variable, for what is started from now on.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.variables.retain(|(held, _)| held != name);
        self.variables.push((name.to_owned(), value.into()));
    }

    pub fn logs(&self) -> &Path {
        &self.logs
    }

    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// A process that is killed, and waited for, when its world ends.
#[derive(Debug)]
pub struct Process {
    name: &'static str,
    child: Child,
}

impl Process {
    /// Starts `command`; what it writes to standard error goes to `<logs>/<name>.log`.
    pub fn start(name: &'static str, mut command: Command, logs: &Path) -> Self {
        let log = File::create(logs.join(format!("{name}.log"))).expect("a log file in the world's folder");
        let child = command.stderr(log).spawn().unwrap_or_else(|error| {
            panic!(
                "{name} does not start ({error}); ./scripts/test installs what the end-to-end tests need: {command:?}"
            )
        });
        Self { name, child }
    }

    /// Starts `command` and waits for the first line that it prints: its word that it is ready.
    pub fn start_and_read_line(name: &'static str, mut command: Command, logs: &Path) -> (Self, String) {
        command.stdout(Stdio::piped());
        let mut process = Self::start(name, command, logs);
        let line = first_line(process.child.stdout.take().expect("piped above"));
        assert!(
            !line.is_empty(),
            "{name} ended before it was ready: {}",
            std::fs::read_to_string(logs.join(format!("{name}.log"))).unwrap_or_default()
        );
        (process, line)
    }

    /// Its process id.
    #[allow(dead_code, reason = "for Window::driver_process")]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// What it ended with, once it has.
    #[allow(dead_code, reason = "for Machine::start_again")]
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when the process is gone already.
        if self.child.kill().is_ok() && self.child.wait().is_err() {
            eprintln!("{} could not be waited for", self.name);
        }
    }
}

fn first_line(stdout: ChildStdout) -> String {
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).expect("its standard output can be read");
    line.trim().to_owned()
}
