//! What every process of the computer shows to others while a test goes on: its command line and its environment.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use super::Needles;

/// How often it looks. A process that lives shorter is missed, as by anybody else who looks.
const GLANCE: Duration = Duration::from_millis(80);

/// Looks again and again, from now on.
pub struct Watch {
    stop: Sender<()>,
    looking: JoinHandle<Shown>,
}

/// What was shown, each with whose it was.
#[derive(Default)]
pub struct Shown(HashMap<Vec<u8>, String>);

impl Watch {
    pub fn begin() -> Self {
        let (stop, stopped) = mpsc::channel();
        let looking = std::thread::spawn(move || {
            let mut shown = Shown::default();
            loop {
                shown.look();
                if !matches!(stopped.recv_timeout(GLANCE), Err(RecvTimeoutError::Timeout)) {
                    return shown;
                }
            }
        });
        Self { stop, looking }
    }

    /// Looks once more and ends.
    pub fn end(self) -> Shown {
        drop(self.stop);
        let mut shown = self.looking.join().expect("looking does not fail");
        shown.look();
        shown
    }
}

impl Shown {
    /// Looks once.
    pub fn look(&mut self) {
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let path = entry.path();
            let is_process = entry.file_name().to_string_lossy().chars().all(|sign| sign.is_ascii_digit());
            if is_process {
                self.note(&path, "cmdline");
                self.note(&path, "environ");
            }
        }
    }

    fn note(&mut self, process: &Path, what: &str) {
        // Other users' are closed to us, and processes end while we look.
        let Ok(bytes) = std::fs::read(process.join(what)) else { return };
        let name = || std::fs::read_to_string(process.join("comm")).unwrap_or_default().trim().to_owned();
        self.0.entry(bytes).or_insert_with(|| format!("the {what} of {} ({})", name(), process.display()));
    }

    /// What of the needles was in it.
    pub fn search(&self, needles: &Needles) -> Vec<String> {
        let hits = self
            .0
            .iter()
            .flat_map(|(bytes, whose)| needles.found_in(bytes).into_iter().map(move |what| format!("{whose}: {what}")));
        hits.collect()
    }

    /// Whose command line or environment held this text.
    pub fn with(&self, text: &str) -> BTreeSet<&str> {
        let held = self.0.iter().filter(|(bytes, _)| bytes.windows(text.len()).any(|part| part == text.as_bytes()));
        held.map(|(_, whose)| whose.as_str()).collect()
    }
}
