//! Who serves the embedded practice tenant: one process at a time, the one that holds the lock. It leaves a notice
//! beside the lock that says where it serves, for those who come later.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use inbound_access_job::private_files;

const LOCK: &str = "serving.lock";
const NOTICE: &str = "serving.json";

/// What the process that serves says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Notice {
    /// The practice tenant's url, with its authority's fingerprint.
    pub url: String,
    /// The process's id.
    pub pid: u32,
    /// In words, e.g. `Inbound Access`.
    pub who: String,
    /// False for one that ends by itself soon: nobody should lean on it.
    pub lasting: bool,
}

/// The result of asking for the seat.
#[derive(Debug)]
pub(crate) enum Claim {
    /// This process serves from now on.
    Ours(Seat),
    /// Another one does; without a notice it is just beginning or ending.
    Taken(Option<Notice>),
}

/// The right to serve. The system takes it back when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Seat {
    notice: PathBuf,
    _lock: File,
}

/// Asks for the seat, without waiting.
pub(crate) fn claim(folder: &Path) -> io::Result<Claim> {
    let notice = folder.join(NOTICE);
    let lock = private_files::open_or_make(&folder.join(LOCK))?;
    match lock.try_lock() {
        Ok(()) => {
            // Whatever is written there is of a process that was stopped.
            remove(&notice)?;
            Ok(Claim::Ours(Seat { notice, _lock: lock }))
        }
        Err(TryLockError::WouldBlock) => Ok(Claim::Taken(read(&notice))),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Who serves now, as far as a notice tells; one of a process that was stopped may be there too.
pub(crate) fn noticed(folder: &Path) -> Option<Notice> {
    read(&folder.join(NOTICE))
}

impl Seat {
    /// Tells the others.
    pub(crate) fn announce(&self, notice: &Notice) -> io::Result<()> {
        private_files::replace(&self.notice, &serde_json::to_vec(notice)?)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        // A notice that stays is harmless: the next holder of the lock removes it.
        let _ = remove(&self.notice);
    }
}

fn read(path: &Path) -> Option<Notice> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice() -> Notice {
        Notice { url: "https://localhost:1/#sha256=00".into(), pid: 7, who: "a test".into(), lasting: true }
    }

    #[test]
    fn the_first_one_serves_and_the_next_one_learns_where() {
        let folder = tempfile::tempdir().expect("a folder");
        let Claim::Ours(seat) = claim(folder.path()).expect("claimed") else { panic!("the seat was free") };
        assert!(matches!(claim(folder.path()).expect("asked"), Claim::Taken(None)), "nothing is announced yet");
        seat.announce(&notice()).expect("announced");
        let Claim::Taken(found) = claim(folder.path()).expect("asked") else { panic!("the seat is taken") };
        assert_eq!(found, Some(notice()));
        drop(seat);
        assert!(matches!(claim(folder.path()).expect("asked"), Claim::Ours(_)), "free again");
    }

    #[test]
    fn a_notice_that_a_killed_process_left_is_not_believed() {
        let folder = tempfile::tempdir().expect("a folder");
        private_files::replace(&folder.path().join(NOTICE), &serde_json::to_vec(&notice()).expect("JSON"))
            .expect("written");
        let Claim::Ours(_seat) = claim(folder.path()).expect("claimed") else { panic!("nobody holds the lock") };
        assert!(matches!(claim(folder.path()).expect("asked"), Claim::Taken(None)), "the old notice is gone");
    }

    #[test]
    fn a_damaged_notice_counts_as_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let Claim::Ours(_seat) = claim(folder.path()).expect("claimed") else { panic!("the seat was free") };
        std::fs::write(folder.path().join(NOTICE), b"{\"url\":").expect("written");
        assert!(matches!(claim(folder.path()).expect("asked"), Claim::Taken(None)));
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        claim(&folder.path().join("absent")).expect_err("no lock can lie there");
    }
}
