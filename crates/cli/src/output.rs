//! The only place that writes to the terminal: results to stdout, everything else to stderr.

use std::io::{self, Write};

use inbound_access_job::problem::{Code, Problem};
use serde::Serialize;

use crate::text;

/// How results and errors are told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    /// As text, or as JSON.
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints a result: `value` as one line of JSON, or what `words` makes of it.
    pub(crate) fn result<T: Serialize>(self, value: &T, words: impl FnOnce(&T) -> String) -> Result<(), Problem> {
        if self.json { json_line(value) } else { to_stdout(&words(value)).map_err(|error| unprinted(&error)) }
    }

    /// Tells an error.
    pub(crate) fn problem(self, problem: &Problem) -> io::Result<()> {
        let mut err = io::stderr().lock();
        if self.json {
            let line = serde_json::to_string(&serde_json::json!({ "error": problem }))?;
            writeln!(err, "{line}")
        } else {
            err.write_all(text::problem::in_words(problem).as_bytes())
        }
    }
}

/// Prints one line of JSON.
pub(crate) fn json_line<T: Serialize>(value: &T) -> Result<(), Problem> {
    let line = serde_json::to_string(value).map_err(io::Error::from);
    line.and_then(|line| to_stdout(&format!("{line}\n"))).map_err(|error| unprinted(&error))
}

/// A result that could not be printed, e.g. to a full disk.
fn unprinted(error: &io::Error) -> Problem {
    Problem::new(Code::LocalFile, format!("The result cannot be printed: {error}"))
        .exists("What was done is done.")
        .advice("See it with `inbound-access-cli runs` or `verify`.")
}

fn to_stdout(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // `… | head` closes the pipe when it has enough; that is no failure of the job.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

/// Says something in passing as one line of JSON.
pub(crate) fn remark_json<T: Serialize>(value: &T) {
    if let Ok(line) = serde_json::to_string(value) {
        remark(&line);
    }
}

/// Asks something at the terminal; the answer is typed on the same line.
pub(crate) fn ask(words: &str) {
    let mut err = io::stderr().lock();
    // Without a stderr there is nobody to ask.
    let _ = err.write_all(words.as_bytes()).and_then(|()| err.flush());
}

/// Says something in passing.
pub(crate) fn remark(words: &str) {
    // Without a stderr there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "{words}");
}
