//! What can befall the private keyring besides its daemon's own death: its disk, its folder, its owner.

use std::collections::HashMap;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use rustix::process::{Resource, Rlimit, prlimit};

use super::secret_service::{SecretServiceSession, SessionError, system};

impl SecretServiceSession {
    /// From now on the daemon can write nothing more to any file, as on a disk without room.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn fill_disk(&self) -> Result<(), SessionError> {
        self.limit_files(Some(0))
    }

    /// There is room again.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn free_disk(&self) -> Result<(), SessionError> {
        self.limit_files(None)
    }

    fn limit_files(&self, current: Option<u64>) -> Result<(), SessionError> {
        let limit = Rlimit { current, maximum: None };
        prlimit(Some(self.daemon()?), Resource::Fsize, limit)
            .map_err(|error| system("limit of the keyring daemon's files")(error.into()))?;
        Ok(())
    }

    /// Whether the folder of the keyrings can be written to.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn make_writable(&self, writable: bool) -> Result<(), SessionError> {
        let mode = if writable { 0o700 } else { 0o500 };
        std::fs::set_permissions(self.folder.path().join("data/keyrings"), Permissions::from_mode(mode))
            .map_err(system("mode of the folder of keyrings"))
    }

    /// Removes every item with these attributes, as the user does in the keyring's own window; how many they were.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn remove(&self, attributes: &HashMap<&str, &str>) -> Result<usize, SessionError> {
        self.with_service(|service| {
            let found = service.search_items(attributes.clone())?;
            for item in &found.unlocked {
                item.delete()?;
            }
            Ok(found.unlocked.len())
        })
    }
}
