//! Where the state lives: in memory, and in a file when one is given.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::directory::state::Directory;
use crate::login::jwt::Signer;

/// The file's layout; a file with another number is refused, not misread.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Saved<D> {
    version: u32,
    /// PKCS #8 PEM: tokens issued before a restart stay valid after it.
    signing_key: String,
    directory: D,
}

/// The state could not be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the state file {path} could not be used: {source}")]
    File { path: String, source: std::io::Error },
    #[error("the state file {path} is not a practice tenant's state: {source}. Remove it to begin anew")]
    Damaged { path: String, source: serde_json::Error },
    #[error("the state file {path} has version {found}, this program reads version {VERSION}. Remove it to begin anew")]
    Version { path: String, found: u32 },
    #[error("the key that signs tokens could not be made or read: {0}")]
    Key(String),
}

/// The state, its file and the key that signs tokens.
pub(crate) struct Store {
    directory: Mutex<Directory>,
    file: Option<PathBuf>,
    signer: Signer,
}

impl Store {
    /// Opens the file if there is one, else begins with `seed` and a new key.
    pub fn open(file: Option<PathBuf>, seed: impl FnOnce() -> Directory) -> Result<Self, StoreError> {
        let saved = file.as_deref().map(read).transpose()?.flatten();
        let fresh = saved.is_none();
        let (directory, signer) = match saved {
            Some(saved) => {
                let mut directory = saved.directory;
                directory.index();
                (directory, Signer::from_pem(&saved.signing_key).map_err(|error| StoreError::Key(error.to_string()))?)
            }
            None => (seed(), Signer::generate().map_err(|error| StoreError::Key(error.to_string()))?),
        };
        let store = Self { directory: Mutex::new(directory), file, signer };
        if fresh {
            store.save(&store.lock())?;
        }
        Ok(store)
    }

    pub const fn signer(&self) -> &Signer {
        &self.signer
    }

    fn lock(&self) -> MutexGuard<'_, Directory> {
        self.directory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn read<R>(&self, look: impl FnOnce(&Directory) -> R) -> R {
        look(&self.lock())
    }

    /// Changes the state; what succeeded is in the file when this returns.
    pub fn write<R, E>(&self, change: impl FnOnce(&mut Directory) -> Result<R, E>) -> Result<R, E> {
        let mut directory = self.lock();
        let result = change(&mut directory)?;
        if let Err(error) = self.save(&directory) {
            // The tenant goes on from memory: a full disk must not make its answers lie about what it did.
            tracing::error!(%error, "the practice tenant's state was not saved");
        }
        Ok(result)
    }

    fn save(&self, directory: &Directory) -> Result<(), StoreError> {
        let Some(path) = self.file.as_deref() else { return Ok(()) };
        let saved = Saved { version: VERSION, signing_key: self.signer.pem().to_owned(), directory };
        let failed = |source| StoreError::File { path: path.display().to_string(), source };
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        std::fs::create_dir_all(folder).map_err(failed)?;
        // A temporary file is private to its owner; it takes the place of the old one in a single step.
        let mut temporary = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        let bytes = serde_json::to_vec(&saved)
            .map_err(|source| StoreError::Damaged { path: path.display().to_string(), source })?;
        temporary.write_all(&bytes).map_err(failed)?;
        temporary.as_file().sync_all().map_err(failed)?;
        temporary.persist(path).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

fn read(path: &Path) -> Result<Option<Saved<Directory>>, StoreError> {
    let shown = path.display().to_string();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(StoreError::File { path: shown, source }),
    };
    #[derive(Deserialize)]
    struct Numbered {
        version: u32,
    }
    let damaged = |source| StoreError::Damaged { path: shown.clone(), source };
    let found = serde_json::from_slice::<Numbered>(&bytes).map_err(damaged)?.version;
    if found != VERSION {
        return Err(StoreError::Version { path: shown, found });
    }
    serde_json::from_slice(&bytes).map(Some).map_err(damaged)
}
