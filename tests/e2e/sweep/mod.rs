//! Looks for secrets wherever another program of this computer could read: files, logs, processes, the message bus.

mod bus;
mod needles;
mod processes;

use std::path::{Path, PathBuf};

pub use bus::BusRecord;
pub use needles::Needles;
pub use processes::{Shown, Watch};

/// Everything that was found in the files below `folders`, with the files that were looked at.
pub fn in_files(folders: &[PathBuf], needles: &Needles) -> (Vec<String>, Vec<PathBuf>) {
    let (mut hits, mut looked_at, mut left) = (Vec::new(), Vec::new(), folders.to_vec());
    while let Some(folder) = left.pop() {
        // Programs make and remove files while we look.
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, Ok(kind)) = (entry.path(), entry.file_type()) else { continue };
            hits.extend(hits_in(path.as_os_str().as_encoded_bytes(), "the name of", &path, needles));
            if kind.is_dir() {
                left.push(path);
            } else if kind.is_file()
                && let Ok(bytes) = std::fs::read(&path)
            {
                hits.extend(hits_in(&bytes, "the file", &path, needles));
                looked_at.push(path);
            }
        }
    }
    (hits, looked_at)
}

fn hits_in(bytes: &[u8], kind: &str, path: &Path, needles: &Needles) -> Vec<String> {
    needles.found_in(bytes).into_iter().map(|what| format!("{kind} {}: {what}", path.display())).collect()
}
