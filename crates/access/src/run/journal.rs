//! The write-ahead journal: one file per run, without secrets, on disk before each mutating call (promises P33, P66).

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::private_files;
use crate::problem::{Code, Problem};
use crate::run::{RunState, RunView, StepState};

/// The format that this version writes. A newer one is left alone.
const FORMAT: u32 = 1;
/// No journal of ours comes near it.
const LARGEST: u64 = 8 * 1024 * 1024;

/// What a run is about to do or has learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Fact {
    /// A mutating request is about to be sent.
    Intended { request: String },
    /// It was answered, or its outcome was found by looking.
    Settled { outcome: String },
    /// A client secret with this description is about to be asked for.
    SecretIntended { client_id: String, description: String },
    /// It exists, and only this process has its value.
    SecretMade { description: String, key_id: String },
    /// It is in the keychain, or no longer (or never was) in Entra.
    SecretSettled { description: String, outcome: String },
}

/// What [`Fact::SecretSettled`] says of a secret that is in the keychain.
pub(crate) const KEPT: &str = "in the keychain";

/// A secret that an earlier run asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecretTrace {
    /// As Entra has it.
    pub description: String,
    /// When it was asked for, last.
    pub at: Timestamp,
    /// Once Entra had answered.
    pub key_id: Option<String>,
    /// None as long as it was neither kept nor removed for sure.
    outcome: Option<String>,
}

impl SecretTrace {
    /// It may exist in Entra although nobody has its value.
    pub(crate) fn is_open(&self) -> bool {
        self.outcome.is_none()
    }

    /// It was put into the keychain.
    pub(crate) fn was_kept(&self) -> bool {
        self.outcome.as_deref() == Some(KEPT)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    at: Timestamp,
    step: u32,
    #[serde(flatten)]
    fact: Fact,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Document {
    format: u32,
    run: RunView,
    entries: Vec<Entry>,
}

/// Read first, so that a newer format is told from a damaged file.
#[derive(Debug, Deserialize)]
struct Head {
    format: u32,
}

/// The folder of journals.
#[derive(Debug, Clone)]
pub struct RunStore {
    folder: Arc<PathBuf>,
}

impl RunStore {
    /// Opens `folder`, making it if need be, readable by its owner only.
    ///
    /// # Errors
    /// `localFile` when it cannot be made.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, Problem> {
        let folder = folder.into();
        private_files::make_folder(&folder)
            .map_err(|error| local("The folder of runs", &folder, "made and closed to others", &error))?;
        Ok(Self { folder: Arc::new(folder) })
    }

    /// All runs that can be read, newest first. A run whose process is gone reads as `interrupted`.
    ///
    /// # Errors
    /// `localFile` when the folder cannot be read.
    pub fn list(&self) -> Result<Vec<RunView>, Problem> {
        let mut runs: Vec<RunView> =
            self.documents()?.into_iter().filter_map(|document| Some(document.ok()?.run)).collect();
        runs.sort_by(|a, b| b.started.cmp(&a.started).then_with(|| a.id.cmp(&b.id)));
        Ok(runs)
    }

    /// Files that are damaged or were written by a newer version. They are kept as they are.
    ///
    /// # Errors
    /// `localFile` when the folder cannot be read.
    pub fn unreadable(&self) -> Result<Vec<Problem>, Problem> {
        Ok(self.documents()?.into_iter().filter_map(Result::err).collect())
    }

    /// One run.
    ///
    /// # Errors
    /// `notFound` when there is none with this id, `localFile` when its file cannot be read.
    pub fn get(&self, id: &str) -> Result<RunView, Problem> {
        let unknown = || {
            Problem::new(
                Code::NotFound,
                format!("There is no run with the id {}.", crate::desired::checked::excerpt(id)),
            )
            .advice("List the runs to find the right one.")
        };
        // Only a GUID can be a file name here: nothing else reaches the file system.
        let id = Uuid::parse_str(id.trim()).map_err(|_| unknown())?;
        let path = self.folder.join(format!("{id}.json"));
        if !path.exists() {
            return Err(unknown());
        }
        Ok(self.read(&path)?.run)
    }

    /// Whether some run made the object with this id.
    pub(crate) fn lists(&self, id: &str) -> bool {
        self.list().unwrap_or_default().iter().any(|run| run.made.iter().any(|made| made.id == id))
    }

    /// Whether what the run made has been seen in the tenant since.
    pub(crate) fn was_seen(&self, id: &str) -> bool {
        self.folder.join(format!("{id}.seen")).exists()
    }

    /// Remembers that what the run made has been seen in the tenant.
    pub(crate) fn mark_seen(&self, id: &str) {
        let marked = private_files::open_or_make(&self.folder.join(format!("{id}.seen")));
        if let Err(error) = marked {
            // Then a verification waits once more for nothing, a moment long.
            tracing::warn!(run = id, %error, "could not be marked as seen");
        }
    }

    /// The secrets that runs of this client id asked for, as their journals tell. Runs that still go on are left out.
    pub(crate) fn secrets_asked_for(&self, client_id: &str) -> Vec<SecretTrace> {
        let documents = self.documents().unwrap_or_default();
        let mut traces = Vec::new();
        for document in documents.into_iter().flatten().filter(|document| document.run.state != RunState::Running) {
            let mut own: Vec<SecretTrace> = Vec::new();
            for Entry { at, fact, .. } in document.entries {
                let of = |own: &mut Vec<SecretTrace>, wanted: &str, change: &dyn Fn(&mut SecretTrace)| {
                    own.iter_mut().filter(|trace| trace.description == wanted).for_each(change);
                };
                match fact {
                    Fact::SecretIntended { client_id: of, description } if of == client_id => {
                        own.retain(|trace| trace.description != description);
                        own.push(SecretTrace { description, at, key_id: None, outcome: None });
                    }
                    Fact::SecretMade { description, key_id } => {
                        of(&mut own, &description, &|trace| trace.key_id = Some(key_id.clone()));
                    }
                    Fact::SecretSettled { description, outcome } => {
                        of(&mut own, &description, &|trace| trace.outcome = Some(outcome.clone()));
                    }
                    _ => {}
                }
            }
            traces.append(&mut own);
        }
        traces
    }

    /// Begins a run for the principal known by `key`; only one at a time, over all processes.
    pub(crate) fn begin(&self, run: &RunView, key: &str) -> Result<Journal, Problem> {
        let mut hash = Sha256::new();
        hash.update(key.as_bytes());
        let name: String = hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        let principal = lock(&self.folder.join(format!("principal-{name}.lock")))?.ok_or_else(|| {
            Problem::new(Code::Busy, format!("A run for {} is going on already.", run.subject))
                .exists("Nothing was changed by this one.")
                .advice("Wait until it has ended, then plan again.")
        })?;
        let own = lock(&self.folder.join(format!("{}.lock", run.id)))?
            .ok_or_else(|| Problem::new(Code::Busy, "This run is going on already."))?;
        let journal = Journal {
            document: Arc::new(Mutex::new(Document { format: FORMAT, run: run.clone(), entries: Vec::new() })),
            path: self.folder.join(format!("{}.json", run.id)),
            lock_path: self.folder.join(format!("{}.lock", run.id)),
            _locks: (principal, own),
        };
        Ok(journal)
    }

    /// Changes the record of a run that is over, whole or not at all, and gives it as it then is.
    ///
    /// # Errors
    /// `busy` while another process changes it, `localFile` when it cannot be read or written; then it is as it was.
    pub(crate) async fn amend(&self, id: &str, change: impl FnOnce(&mut RunView)) -> Result<RunView, Problem> {
        let lock_path = self.folder.join(format!("{id}.lock"));
        let busy = || {
            Problem::new(Code::Busy, "The record of this run is in use by another process.")
                .exists("It was left as it is.")
                .advice("Try again in a moment.")
        };
        let own = lock(&lock_path)?.ok_or_else(busy)?;
        let path = self.folder.join(format!("{id}.json"));
        let mut document = self.read(&path)?;
        // Nobody runs it: its lock is ours.
        if document.run.state == RunState::Running {
            interrupt(&mut document);
        }
        change(&mut document.run);
        let run = document.run.clone();
        let write = path.clone();
        let written = tokio::task::spawn_blocking(move || {
            let bytes = serde_json::to_vec_pretty(&document).map_err(std::io::Error::other)?;
            private_files::replace(&write, &bytes)
        })
        .await;
        // The lock itself ends with the file handle; the file would only be litter.
        let _ = fs::remove_file(&lock_path);
        drop(own);
        match written {
            Ok(Ok(())) => Ok(run),
            Ok(Err(error)) => Err(local("The run's file", &path, "written", &error)),
            Err(_) => Err(Problem::new(Code::Internal, "Writing the run's file was cut short.")),
        }
    }

    fn documents(&self) -> Result<Vec<Result<Document, Problem>>, Problem> {
        let entries =
            fs::read_dir(&*self.folder).map_err(|error| local("The folder of runs", &self.folder, "read", &error))?;
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        paths.sort();
        Ok(paths.iter().map(|path| self.read(path)).collect())
    }

    fn read(&self, path: &Path) -> Result<Document, Problem> {
        let size = fs::metadata(path).map_err(|error| local("The run's file", path, "read", &error))?.len();
        let damaged = |why: &str| {
            Problem::new(Code::LocalFile, format!("The run's file {} {why}.", path.display()))
                .exists("It was left as it is.")
                .advice("What the run made is in the tenant and is found again when you plan. Delete the file if you do not need it.")
        };
        if size > LARGEST {
            return Err(damaged("is larger than any run's file"));
        }
        let bytes = fs::read(path).map_err(|error| local("The run's file", path, "read", &error))?;
        let head: Head = serde_json::from_slice(&bytes).map_err(|_| damaged("is damaged"))?;
        if head.format > FORMAT {
            return Err(damaged("was written by a newer version of Inbound Access"));
        }
        let mut document: Document = serde_json::from_slice(&bytes).map_err(|_| damaged("is damaged"))?;
        if document.run.state == RunState::Running && !self.is_alive(&document.run.id) {
            interrupt(&mut document);
        }
        Ok(document)
    }

    /// A run holds a lock on its own file as long as its process lives.
    fn is_alive(&self, id: &str) -> bool {
        let path = self.folder.join(format!("{id}.lock"));
        let Ok(file) = File::open(path) else { return false };
        matches!(file.try_lock(), Err(TryLockError::WouldBlock))
    }
}

/// A run that nobody is running any more: what it was doing at the end is known only where the journal says so.
fn interrupt(document: &mut Document) {
    let Document { run, entries, .. } = document;
    run.state = RunState::Interrupted;
    for step in &mut run.steps {
        let last = entries.iter().rev().find(|entry| entry.step == step.number).map(|entry| &entry.fact);
        match (&step.state, last) {
            (StepState::Waiting, _) => {
                step.state = StepState::NotDone { reason: "The program was stopped before it.".to_owned() };
            }
            (state, Some(Fact::Settled { outcome })) if goes_on(state) => {
                step.state = StepState::Done { note: Some(outcome.clone()), request_id: None };
            }
            (state, _) if goes_on(state) => {
                let problem = Problem::new(Code::Unclear, "The program was stopped while this step went on.")
                    .exists("It is not known whether it took effect.")
                    .advice("Plan again: the tenant is read afresh, and nothing is made twice.");
                step.state = StepState::Failed { problem: Box::new(problem) };
            }
            _ => {}
        }
    }
    run.summary = "The program was stopped in the middle. Plan again to see what exists and do the rest.".to_owned();
}

fn goes_on(state: &StepState) -> bool {
    matches!(
        state,
        StepState::Working | StepState::CatchingUp { .. } | StepState::KeychainAsks | StepState::Throttled { .. }
    )
}

/// Takes an exclusive lock; none when another holds it.
fn lock(path: &Path) -> Result<Option<File>, Problem> {
    let file = private_files::open_or_make(path).map_err(|error| local("The lock file", path, "opened", &error))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(local("The lock file", path, "locked", &error)),
    }
}

fn local(what: &str, path: &Path, verb: &str, error: &std::io::Error) -> Problem {
    Problem::new(Code::LocalFile, format!("{what} {} could not be {verb}: {error}.", path.display()))
        .advice("Check that the disk has room and that the folder belongs to you, then try again.")
}

/// The journal of a run that goes on. Its locks are held as long as it lives.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    lock_path: PathBuf,
    document: Arc<Mutex<Document>>,
    _locks: (File, File),
}

impl Journal {
    /// Puts `fact` and the run as it stands on disk. When it returns, both survive a crash.
    ///
    /// # Errors
    /// `localFile`: then nothing may be sent, since nobody could explain it later.
    pub(crate) async fn note(&self, run: &RunView, at: Timestamp, step: u32, fact: Fact) -> Result<(), Problem> {
        self.write(run, Some(Entry { at, step, fact })).await
    }

    /// Puts the run as it stands on disk.
    ///
    /// # Errors
    /// `localFile`.
    pub(crate) async fn save(&self, run: &RunView) -> Result<(), Problem> {
        self.write(run, None).await
    }

    async fn write(&self, run: &RunView, entry: Option<Entry>) -> Result<(), Problem> {
        // The lock is held over the write, so that a later state never lies under an earlier one.
        let mut document = Arc::clone(&self.document).lock_owned().await;
        document.run = run.clone();
        document.entries.extend(entry);
        let path = self.path.clone();
        let written = tokio::task::spawn_blocking(move || {
            let bytes = serde_json::to_vec_pretty(&*document).map_err(std::io::Error::other)?;
            private_files::replace(&path, &bytes)
        })
        .await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(local("The run's file", &self.path, "written", &error)),
            Err(_) => Err(Problem::new(Code::Internal, "Writing the run's file was cut short.")),
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // The lock itself ends with the file handle; the file would only be litter.
        let _ = fs::remove_file(&self.lock_path);
    }
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
