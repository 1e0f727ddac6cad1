//! What the app was started with.

use std::ffi::OsString;

/// What the app prints when it does not understand how it was started, or was asked.
pub const USAGE: &str = "\
Usage: inbound-access [--practice-url URL]

  --practice-url URL  Use the practice tenant that `inbound-access-cli practice serve` started, by the url that it
                      printed, instead of the one inside the app.
  --help, --version   Print and end.

INBOUND_ACCESS_HOME=FOLDER keeps all of the app's files under a folder of your choice.";

/// What the operator wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// The window.
    Window {
        /// Of a practice tenant that runs elsewhere.
        practice_url: Option<String>,
    },
    /// The usage, printed.
    Help,
    /// The version, printed.
    Version,
}

/// The app was started in a way that it does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// Not ours.
    #[error("“{0}” is not understood")]
    Unknown(String),
    /// An option without its value.
    #[error("--practice-url needs a url after it")]
    NoUrl,
    /// Two of them.
    #[error("--practice-url may be given once")]
    Twice,
}

/// Reads the arguments after the program's name.
///
/// # Errors
/// When one is not understood.
pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Start, StartError> {
    let mut practice_url = None;
    let mut rest = arguments.into_iter().map(|argument| argument.to_string_lossy().into_owned());
    while let Some(argument) = rest.next() {
        let url = match argument.as_str() {
            "--help" | "-h" => return Ok(Start::Help),
            "--version" | "-V" => return Ok(Start::Version),
            "--practice-url" => rest.next().ok_or(StartError::NoUrl)?,
            // Finder adds a process serial number.
            other if cfg!(target_os = "macos") && other.starts_with("-psn_") => continue,
            other => match other.strip_prefix("--practice-url=") {
                Some(url) => url.to_owned(),
                None => return Err(StartError::Unknown(argument)),
            },
        };
        if url.is_empty() || url.starts_with("--") {
            return Err(StartError::NoUrl);
        }
        if practice_url.replace(url).is_some() {
            return Err(StartError::Twice);
        }
    }
    Ok(Start::Window { practice_url })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(arguments: &[&str]) -> Result<Start, StartError> {
        read(arguments.iter().map(OsString::from))
    }

    fn at(url: &str) -> Result<Start, StartError> {
        Ok(Start::Window { practice_url: Some(url.into()) })
    }

    #[test]
    fn a_served_practice_tenant_is_chosen_by_its_url_as_it_is() {
        let url = "https://localhost:4711/#sha256=00ff";
        assert_eq!(started(&["--practice-url", url]), at(url));
        assert_eq!(started(&[&format!("--practice-url={url}")]), at(url));
        assert_eq!(started(&[]), Ok(Start::Window { practice_url: None }));
    }

    #[test]
    fn everything_else_is_refused_by_name() {
        assert_eq!(started(&["--simulator", "x"]), Err(StartError::Unknown("--simulator".into())));
        assert_eq!(started(&["file.txt"]), Err(StartError::Unknown("file.txt".into())));
        assert_eq!(started(&["--practice-url"]), Err(StartError::NoUrl));
        assert_eq!(started(&["--practice-url="]), Err(StartError::NoUrl));
        assert_eq!(started(&["--practice-url", "--help"]), Err(StartError::NoUrl));
        assert_eq!(started(&["--practice-url", "a", "--practice-url", "b"]), Err(StartError::Twice));
    }

    #[test]
    fn help_and_version_are_understood() {
        assert_eq!(started(&["--help"]), Ok(Start::Help));
        assert_eq!(started(&["--version"]), Ok(Start::Version));
    }
}
