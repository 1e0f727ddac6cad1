//! Where the app keeps its files: the same for the window and the terminal face.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use inbound_access_job::problem::{Code, Problem};

use inbound_access_job::private_files;

/// The environment variable that puts all folders under one of the caller's choice: for tests, and to carry the app
/// on a stick.
pub const HOME_VARIABLE: &str = "INBOUND_ACCESS_HOME";

/// The app's folders. They exist, and only their owner may look into them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Runs and the practice tenant's state.
    pub data: PathBuf,
    /// Log files.
    pub logs: PathBuf,
}

/// A folder of the app cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The system does not say where a user's files go.
    #[error("this computer does not tell where your files go (no home folder)")]
    NoHome,
    /// One cannot be made or tightened.
    #[error("the folder {} cannot be made or kept to yourself: {source}", path.display())]
    Unusable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl From<FolderError> for Problem {
    fn from(error: FolderError) -> Self {
        Self::new(Code::LocalFile, error.to_string())
            .exists("Nothing was changed in any tenant.")
            .advice(format!("Set {HOME_VARIABLE} to a folder that you can write to, and try again."))
    }
}

impl Folders {
    /// The system's usual places, or those under [`HOME_VARIABLE`]. Made where they are missing.
    ///
    /// # Errors
    /// When there is no home folder, or a folder cannot be made.
    pub fn of_the_system() -> Result<Self, FolderError> {
        Self::chosen(std::env::var_os(HOME_VARIABLE))?.made()
    }

    /// Both folders under `home`. Made where they are missing.
    ///
    /// # Errors
    /// When one cannot be made.
    pub fn under(home: &Path) -> Result<Self, FolderError> {
        Self::below(home)?.made()
    }

    fn below(home: &Path) -> Result<Self, FolderError> {
        let home = std::path::absolute(home).map_err(|source| FolderError::Unusable { path: home.into(), source })?;
        Ok(Self { data: home.join("data"), logs: home.join("logs") })
    }

    /// Where they are to be; nothing is made.
    fn chosen(home: Option<OsString>) -> Result<Self, FolderError> {
        if let Some(home) = home.filter(|home| !home.is_empty()) {
            return Self::below(Path::new(&home));
        }
        let dirs = directories::ProjectDirs::from("", "", "Inbound Access").ok_or(FolderError::NoHome)?;
        // Not the roaming folder: the secrets that runs speak of lie in this computer's keychain.
        let data = dirs.data_local_dir().to_path_buf();
        let logs = dirs.state_dir().unwrap_or(&data).join("logs");
        Ok(Self { data, logs })
    }

    fn made(self) -> Result<Self, FolderError> {
        for path in [&self.data, &self.logs] {
            private_files::make_folder(path).map_err(|source| FolderError::Unusable { path: path.clone(), source })?;
        }
        Ok(self)
    }

    /// A folder inside `data`, made where it is missing.
    pub(crate) fn inside(&self, parts: &[&str]) -> Result<PathBuf, FolderError> {
        let mut path = self.data.clone();
        for part in parts {
            path.push(part);
            private_files::make_folder(&path).map_err(|source| FolderError::Unusable { path: path.clone(), source })?;
        }
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_folders_lie_under_the_chosen_home() {
        let home = tempfile::tempdir().expect("a folder");
        let folders = Folders::chosen(Some(home.path().into())).expect("folders");
        assert_eq!(folders.data, home.path().join("data"));
        assert_eq!(folders.logs, home.path().join("logs"));
        let folders = folders.made().expect("they can be made");
        assert!(folders.data.is_dir() && folders.logs.is_dir());
    }

    #[test]
    fn an_empty_choice_means_the_systems_own_places() {
        let chosen = Folders::chosen(Some(OsString::new()));
        let usual = Folders::chosen(None);
        assert_eq!(chosen.ok(), usual.ok());
    }

    #[test]
    fn a_home_that_is_a_file_is_named_with_the_way_out() {
        let home = tempfile::NamedTempFile::new().expect("a file");
        let problem = Problem::from(Folders::under(home.path()).expect_err("no folder can be made in a file"));
        assert_eq!(problem.code, Code::LocalFile);
        assert!(problem.message.contains(&home.path().join("data").display().to_string()), "{}", problem.message);
        assert!(problem.advice.unwrap_or_default().contains(HOME_VARIABLE));
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_look_in_even_where_the_folder_was_open_before() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(home.path().join("data")).expect("make");
        std::fs::set_permissions(home.path().join("data"), PermissionsExt::from_mode(0o755)).expect("open it");
        let folders = Folders::under(home.path()).expect("folders");
        let inner = folders.inside(&["runs", "practice"]).expect("an inner folder");
        for path in [&folders.data, &folders.logs, &inner] {
            let mode = std::fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
            assert_eq!(mode, 0o700, "{}", path.display());
        }
    }
}
