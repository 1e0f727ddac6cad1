//! Who is in the embedded practice tenant. Every process with an open session there holds one lock shared, and a reset
//! holds it alone, so that no run begins on ground that is being taken away.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use inbound_access_job::private_files;

const LOCK: &str = "in-use.lock";

/// Held as long as a session is open. The system takes it back when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Presence {
    lock: File,
}

/// The way in and out for one process: all its sessions share one presence.
#[derive(Debug, Default)]
pub(crate) struct Door {
    own: Mutex<Weak<Presence>>,
}

/// Nobody of another process is in, or comes in, as long as it lives.
#[derive(Debug)]
pub(crate) struct Alone {
    lock: Arc<Presence>,
    was_in: bool,
}

impl Door {
    /// Comes in, without waiting; none while another process resets the tenant.
    pub(crate) fn enter(&self, folder: &Path) -> io::Result<Option<Arc<Presence>>> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(presence) = own.upgrade() {
            return Ok(Some(presence));
        }
        let presence = Presence::open(folder)?;
        if !taken(presence.lock.try_lock_shared())? {
            return Ok(None);
        }
        let presence = Arc::new(presence);
        *own = Arc::downgrade(&presence);
        Ok(Some(presence))
    }

    /// Keeps all others out, without waiting; none while another process has a session there. Sessions of this process
    /// do not count: it knows of them.
    pub(crate) fn alone(&self, folder: &Path) -> io::Result<Option<Alone>> {
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner).upgrade();
        let was_in = own.is_some();
        let lock = match own {
            Some(own) => own,
            None => Arc::new(Presence::open(folder)?),
        };
        if was_in {
            // No system but Unix lets a lock become exclusive while it is held shared.
            lock.lock.unlock()?;
        }
        let outcome = taken(lock.lock.try_lock());
        if was_in && !matches!(outcome, Ok(true)) {
            lock.lock.lock_shared()?;
        }
        Ok(outcome?.then_some(Alone { lock, was_in }))
    }
}

impl Presence {
    fn open(folder: &Path) -> io::Result<Self> {
        Ok(Self { lock: private_files::open_or_make(&folder.join(LOCK))? })
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        // Another process that resets in this very moment leaves these sessions without ground: they end anyway.
        let _ = self.lock.lock.unlock();
        if self.was_in {
            let _ = self.lock.lock.try_lock_shared();
        }
    }
}

fn taken(outcome: Result<(), TryLockError>) -> io::Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_in_side_by_side_and_a_reset_is_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        // Locks belong to open files, so two doors are as two processes.
        let (window, command) = (Door::default(), Door::default());
        let in_window = window.enter(folder.path()).expect("asked").expect("in");
        let in_command = command.enter(folder.path()).expect("asked").expect("in too");
        assert!(window.alone(folder.path()).expect("asked").is_none(), "the command is in");
        assert!(command.alone(folder.path()).expect("asked").is_none(), "the window still is");
        drop(in_command);
        let alone = window.alone(folder.path()).expect("asked").expect("its own sessions do not count");
        assert!(command.enter(folder.path()).expect("asked").is_none(), "nobody comes in meanwhile");
        drop(alone);
        assert!(command.enter(folder.path()).expect("asked").is_some());
        assert!(command.alone(folder.path()).expect("asked").is_none(), "the window's session is in again");
        drop(in_window);
        assert!(command.alone(folder.path()).expect("asked").is_some());
    }

    #[test]
    fn sessions_of_one_process_leave_one_by_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let (window, command) = (Door::default(), Door::default());
        let first = window.enter(folder.path()).expect("asked").expect("in");
        let second = window.enter(folder.path()).expect("asked").expect("in");
        drop(first);
        assert!(command.alone(folder.path()).expect("asked").is_none());
        drop(second);
        assert!(command.alone(folder.path()).expect("asked").is_some());
    }
}
