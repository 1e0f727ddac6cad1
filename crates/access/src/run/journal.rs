//! The write-ahead journal: one file per run, without secrets, on disk before each mutating call (promises P33, P66).

use std::collections::HashSet;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::plan::StepKind;
use crate::plan::work::Origin;
use crate::private_files;
use crate::problem::{Code, Problem};
use crate::run::document::{Document, Entry, interrupt};
use crate::run::fact::{Fact, SecretTrace};
use crate::run::{Attempt, Doing, RunState, RunView};
use crate::undo::owed::Owed;

/// The format that this version writes. A newer one is left alone.
const FORMAT: u32 = 3;
/// The format of runs that set up or consent, which the version before can read too.
const FORMAT_OF_SET_UPS: u32 = 2;
/// No journal of ours comes near it.
const LARGEST: u64 = 8 * 1024 * 1024;

/// A run that goes on from where an earlier attempt stopped.
pub(crate) struct Resumed {
    pub journal: Journal,
    /// The run as it now is.
    pub run: RunView,
    /// See [`Document::unsettled`].
    pub unsettled: Vec<(StepKind, Option<String>)>,
    /// How many secrets earlier attempts asked for.
    pub secrets_asked: u32,
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

    /// Where they are kept.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// All runs that can be read, newest first. A run whose process is gone reads as `interrupted`.
    ///
    /// # Errors
    /// `localFile` when the folder cannot be read.
    pub fn list(&self) -> Result<Vec<RunView>, Problem> {
        let mut runs: Vec<RunView> =
            self.documents()?.into_iter().filter_map(|document| Some(document.ok()?.view())).collect();
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
        Ok(self.document(id)?.view())
    }

    /// What a run was asked for; none when its file is of the first format.
    ///
    /// # Errors
    /// As [`RunStore::get`].
    pub(crate) fn origin(&self, id: &str) -> Result<Option<Origin>, Problem> {
        Ok(self.document(id)?.origin)
    }

    /// A run's whole record.
    ///
    /// # Errors
    /// As [`RunStore::get`].
    pub(crate) fn document(&self, id: &str) -> Result<Document, Problem> {
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
        self.read(&path)
    }

    /// Whether some run made the object with this id.
    pub(crate) fn lists(&self, id: &str) -> bool {
        self.list().unwrap_or_default().iter().any(|run| run.made.iter().any(|made| made.id == id))
    }

    /// Whether another run than `own` made the object with this id.
    pub(crate) fn lists_elsewhere(&self, id: &str, own: &str) -> bool {
        let runs = self.list().unwrap_or_default();
        runs.iter().filter(|run| run.id != own).any(|run| run.made.iter().any(|made| made.id == id))
    }

    /// What is to be taken back of a run, as far as its journal knows.
    ///
    /// # Errors
    /// As [`RunStore::get`].
    pub(crate) fn owed(&self, id: &str) -> Result<Owed, Problem> {
        Ok(self.document(id)?.owed())
    }

    /// Descriptions of every secret that the run asked for.
    ///
    /// # Errors
    /// As [`RunStore::get`].
    pub(crate) fn secrets_described(&self, id: &str) -> Result<Vec<String>, Problem> {
        Ok(self.document(id)?.secrets_described())
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

    /// The secrets that runs of this client id asked for, as their journals tell. Attempts that still go on are left out.
    pub(crate) fn secrets_asked_for(&self, client_id: &str) -> Vec<SecretTrace> {
        let documents = self.documents().unwrap_or_default();
        let traces = documents.into_iter().flatten().flat_map(|document| document.secrets());
        traces.filter(|trace| trace.client_id == client_id).collect()
    }

    /// Client ids of the apps that runs on this computer asked for a secret of.
    pub(crate) fn apps_with_secrets(&self) -> HashSet<String> {
        let documents = self.documents().unwrap_or_default();
        documents.into_iter().flatten().flat_map(|document| document.secrets()).map(|trace| trace.client_id).collect()
    }

    /// Begins a run for the principal known by `key`; only one at a time, over all processes.
    pub(crate) fn begin(&self, run: &RunView, key: &str, origin: Option<Origin>) -> Result<Journal, Problem> {
        let locks = self.locks(run, key)?;
        let format = format_of(origin.as_ref());
        Ok(self.journal(Document { format, run: run.clone(), origin, entries: Vec::new() }, locks))
    }

    /// Goes on with a run that is over: `attempt` tells of the attempt that begins, under the run's id.
    pub(crate) fn resume(&self, attempt: &RunView, key: &str) -> Result<Resumed, Problem> {
        let locks = self.locks(attempt, key)?;
        let mut document = self.document(&attempt.id)?;
        // Nobody runs it: its lock is ours.
        if document.run.state == RunState::Running {
            interrupt(&mut document);
        }
        let run = &mut document.run;
        let is_over = match attempt.doing {
            // What came to its end can be taken back.
            Doing::Undo => run.state == RunState::Undone,
            Doing::SetUp | Doing::Continue | Doing::Fix => {
                matches!(run.state, RunState::Done | RunState::Undone) || run.doing == Doing::Undo
            }
        };
        if is_over {
            return Err(Problem::new(Code::Stale, "The run has come to its end meanwhile, or is being undone.")
                .exists("Nothing was changed by this attempt.")
                .advice("Look at the run again."));
        }
        run.earlier.push(Attempt {
            doing: std::mem::replace(&mut run.doing, attempt.doing),
            started: std::mem::replace(&mut run.started, attempt.started.clone()),
            ended: run.ended.take(),
            state: std::mem::replace(&mut run.state, RunState::Running),
            operator: std::mem::replace(&mut run.operator, attempt.operator.clone()),
            steps: std::mem::replace(&mut run.steps, attempt.steps.clone()),
            summary: std::mem::replace(&mut run.summary, attempt.summary.clone()),
        });
        run.left = None;
        // What this attempt changes may not be seen everywhere, as the one before was.
        let _ = fs::remove_file(self.folder.join(format!("{}.seen", attempt.id)));
        document.format = format_of(document.origin.as_ref());
        let secrets_asked = document.entries.iter().filter(|entry| matches!(entry.fact, Fact::SecretIntended { .. }));
        let secrets_asked = u32::try_from(secrets_asked.count()).unwrap_or(u32::MAX);
        let (run, unsettled) = (document.run.clone(), document.unsettled());
        Ok(Resumed { journal: self.journal(document, locks), run, unsettled, secrets_asked })
    }

    /// The principal's lock and the run's own.
    fn locks(&self, run: &RunView, key: &str) -> Result<(File, File), Problem> {
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
        Ok((principal, own))
    }

    fn journal(&self, document: Document, locks: (File, File)) -> Journal {
        let id = document.run.id.clone();
        Journal {
            document: Arc::new(Mutex::new(document)),
            path: self.folder.join(format!("{id}.json")),
            lock_path: self.folder.join(format!("{id}.lock")),
            _locks: locks,
        }
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
        let run = document.view();
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
        // What it says of itself is data: it must lead to no other file.
        if path.file_stem().is_none_or(|stem| stem != document.run.id.as_str()) {
            return Err(damaged("is of another run than its name says"));
        }
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

fn format_of(origin: Option<&Origin>) -> u32 {
    if matches!(origin, Some(Origin::Fix { .. })) { FORMAT } else { FORMAT_OF_SET_UPS }
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
        self.write(run, Some((at, step, fact))).await
    }

    /// Puts the run as it stands on disk.
    ///
    /// # Errors
    /// `localFile`.
    pub(crate) async fn save(&self, run: &RunView) -> Result<(), Problem> {
        self.write(run, None).await
    }

    /// The run as it now stands, with what can be done with it and what it owes.
    pub(crate) async fn view(&self) -> RunView {
        self.document.lock().await.view()
    }

    /// Secrets for this client id of which earlier attempts of the run did not learn what became of them.
    pub(crate) async fn open_secrets(&self, client_id: &str) -> Vec<SecretTrace> {
        let mut traces = self.document.lock().await.secrets();
        traces.retain(|trace| trace.is_open() && trace.client_id == client_id);
        traces
    }

    /// Descriptions of every secret that the run asked for so far.
    pub(crate) async fn secrets_described(&self) -> Vec<String> {
        self.document.lock().await.secrets_described()
    }

    async fn write(&self, run: &RunView, entry: Option<(Timestamp, u32, Fact)>) -> Result<(), Problem> {
        // The lock is held over the write, so that a later state never lies under an earlier one.
        let mut document = Arc::clone(&self.document).lock_owned().await;
        document.run = run.clone();
        let attempt = document.attempt();
        document.entries.extend(entry.map(|(at, step, fact)| Entry { at, attempt, step, fact }));
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
