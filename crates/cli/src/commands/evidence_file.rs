//! `--evidence FILE`: what was found or done, for an auditor, in the form that the file's ending names.

use std::path::Path;

use inbound_access_job::evidence::{EvidenceFile, EvidenceFormat};
use inbound_access_job::problem::{Code, FieldProblem, Problem};

use crate::output::remark;
use crate::text::safe::shown;

/// The form that a file's ending names. Asked before anything is read, so that a wrong name costs no sign-in.
///
/// # Errors
/// `invalidInput` for another ending.
pub(crate) fn format_of(path: &Path) -> Result<EvidenceFormat, Problem> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    [EvidenceFormat::Json, EvidenceFormat::Csv, EvidenceFormat::Html]
        .into_iter()
        .find(|format| format.ending() == ending)
        .ok_or_else(|| {
            let words = "Evidence is saved as .json, .csv or .html; the file's name has to end in one of them.";
            let mut problem = Problem::new(Code::InvalidInput, words).exists("Nothing was changed.");
            problem.fields.push(FieldProblem { field: "evidence".to_owned(), message: words.to_owned() });
            problem
        })
}

/// The same where a file may have been named.
///
/// # Errors
/// As [`format_of`].
pub(crate) fn asked(path: Option<&Path>) -> Result<Option<(&Path, EvidenceFormat)>, Problem> {
    path.map(|path| Ok((path, format_of(path)?))).transpose()
}

/// Writes it and says so on stderr.
///
/// # Errors
/// `localFile` when it cannot be written.
pub(crate) fn write(path: &Path, file: &EvidenceFile) -> Result<(), Problem> {
    std::fs::write(path, &file.content).map_err(|error| {
        Problem::new(Code::LocalFile, format!("{} could not be written: {error}.", path.display()))
            .exists("No evidence was saved; the tenant was not changed by that.")
            .advice("Choose another folder, or check that the disk has room.")
    })?;
    remark(&format!("evidence saved as {}", shown(&path.display().to_string())));
    Ok(())
}
