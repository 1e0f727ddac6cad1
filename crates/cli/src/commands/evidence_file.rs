//! `--evidence FILE`: what was found or done, for an auditor, in the form that the file's ending names.

use std::io::{self, Write};
use std::path::Path;

use inbound_access_job::evidence::{EvidenceFile, EvidenceFormat};
use inbound_access_job::problem::{Code, FieldProblem, Problem};

use crate::output::remark;
use crate::text::safe::shown;

/// What kind of file is wanted, where one is. Asked before anything is read, so that a name that cannot be used costs no
/// sign-in.
///
/// # Errors
/// `invalidInput` for another ending, for a file that is there already, and for a folder that is not.
pub(crate) fn asked(path: Option<&Path>) -> Result<Option<(&Path, EvidenceFormat)>, Problem> {
    let Some(path) = path else { return Ok(None) };
    let format = format_of(path)?;
    // A link that leads nowhere is a name that is taken, too.
    if path.symlink_metadata().is_ok() {
        return Err(taken(path));
    }
    if !folder_of(path).is_dir() {
        let words = format!("{} is no folder that is there.", folder_of(path).display());
        return Err(unusable(words).advice("Make the folder first, or choose another."));
    }
    Ok(Some((path, format)))
}

/// Writes it as a new file that only its owner may read, whole or not at all, and says so on stderr.
///
/// # Errors
/// `localFile` when it cannot be written, `invalidInput` when somebody took the name meanwhile.
pub(crate) fn write(path: &Path, file: &EvidenceFile) -> Result<(), Problem> {
    save(path, &file.content).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => taken(path),
        _ => Problem::new(Code::LocalFile, format!("{} could not be written: {error}.", path.display()))
            .exists("No evidence was saved; the tenant was not changed by that.")
            .advice("Choose another folder, or check that the disk has room."),
    })?;
    remark(&format!("evidence saved as {}", shown(&path.display().to_string())));
    Ok(())
}

fn save(path: &Path, content: &[u8]) -> io::Result<()> {
    // A temporary file is its owner's alone from the start.
    let mut file = tempfile::NamedTempFile::new_in(folder_of(path))?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map(drop).map_err(|error| error.error)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

fn format_of(path: &Path) -> Result<EvidenceFormat, Problem> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    [EvidenceFormat::Json, EvidenceFormat::Csv, EvidenceFormat::Html]
        .into_iter()
        .find(|format| format.ending() == ending)
        .ok_or_else(|| {
            unusable("Evidence is saved as .json, .csv or .html; the file's name has to end in one of them.".to_owned())
        })
}

fn taken(path: &Path) -> Problem {
    unusable(format!("{} is there already, and evidence replaces nothing.", path.display()))
        .advice("Choose another name, or move that file away first.")
}

fn unusable(words: String) -> Problem {
    let mut problem = Problem::new(Code::InvalidInput, words.clone()).exists("Nothing was changed.");
    problem.fields.push(FieldProblem { field: "evidence".to_owned(), message: words });
    problem
}
