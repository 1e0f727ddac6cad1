//! Log files: one a day, a week of them, only the owner may read them, only fields from a list get in (security P62).

use std::fmt::Debug;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, filter};

use crate::folders::Folders;
use inbound_access_job::private_files;

/// The environment variable that says how much is logged, e.g. `debug` or `inbound_entra=debug`.
pub const LEVEL_VARIABLE: &str = "INBOUND_ACCESS_LOG";

/// Fields that may stand in a log. None of them can hold a secret or a token; whatever else an event carries is left
/// out and only named.
const ALLOWED: &[&str] = &[
    "attempt",
    "bytes",
    "client_request_id",
    "cloud",
    "code",
    "correlation",
    "count",
    "date",
    "elapsed_ms",
    "error",
    "face",
    "kind",
    "message",
    "method",
    "milliseconds",
    "operation",
    "outcome",
    "panic_at",
    "path",
    "persona",
    "pid",
    "platform",
    "port",
    "reason",
    "request_id",
    "run",
    "seconds",
    "state",
    "status",
    "step",
    "tenant",
    "version",
];

/// Targets of our own rooms. Others get in from WARN on only: at their lower levels HTTP and bus libraries print what
/// they carry.
const OURS: &[&str] = &["inbound_", "practice_tenant"];

const DAYS_KEPT: usize = 7;
const MOST_A_DAY: u64 = 8 * 1024 * 1024;
const LONGEST_VALUE: usize = 2_000;

/// The log cannot be begun.
#[derive(Debug, thiserror::Error)]
pub enum LogsError {
    /// No file can be made.
    #[error("no log file can be made in {}: {words}", folder.display())]
    NoFile {
        /// Where.
        folder: PathBuf,
        /// Why.
        words: String,
    },
    /// A subscriber is set already.
    #[error("logging was begun twice")]
    Twice,
}

/// Begins to log into `{folder}/{face}.{day}.log`, for the whole process.
///
/// # Errors
/// When no file can be made, or logging was begun already. A face goes on without a log then.
pub fn begin(folders: &Folders, face: &str) -> Result<(), LogsError> {
    let layer = layer(folders, face)?;
    tracing_subscriber::registry().with(layer).try_init().map_err(|_| LogsError::Twice)
}

/// The same as a layer, for a face that has others besides.
///
/// # Errors
/// When no file can be made.
pub fn layer<S>(folders: &Folders, face: &str) -> Result<impl Layer<S> + Send + Sync + use<S>, LogsError>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let wanted = std::env::var(LEVEL_VARIABLE).ok();
    // A level that cannot be read must not stop the app.
    let level = wanted.and_then(|text| EnvFilter::try_new(text).ok()).unwrap_or_else(|| EnvFilter::new("info"));
    let file = DailyFile::open(&folders.logs, face, Timestamp::now())?;
    Ok(JsonLines { file: Mutex::new(file) }.with_filter(filter::filter_fn(may_be_logged)).with_filter(level))
}

fn may_be_logged(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::WARN || OURS.iter().any(|ours| metadata.target().starts_with(ours))
}

struct JsonLines {
    file: Mutex<DailyFile>,
}

impl<S: Subscriber> Layer<S> for JsonLines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let now = Timestamp::now();
        let line = line_of(event, now);
        // A full disk must not stop the job; there is nowhere left to tell it.
        let _ = self.file.lock().unwrap_or_else(PoisonError::into_inner).write_line(&line, now);
    }
}

fn line_of(event: &Event<'_>, now: Timestamp) -> String {
    let mut fields = AllowedFields::default();
    event.record(&mut fields);
    let mut line = Map::new();
    line.insert("time".into(), now.to_string().into());
    line.insert("level".into(), event.metadata().level().as_str().into());
    line.insert("target".into(), event.metadata().target().into());
    line.extend(fields.kept);
    if !fields.left_out.is_empty() {
        line.insert("leftOut".into(), fields.left_out.into());
    }
    let mut text = Value::Object(line).to_string();
    text.push('\n');
    text
}

#[derive(Default)]
struct AllowedFields {
    kept: Map<String, Value>,
    left_out: Vec<Value>,
}

impl AllowedFields {
    fn keep(&mut self, field: &Field, value: impl FnOnce() -> Value) {
        if ALLOWED.contains(&field.name()) {
            self.kept.insert(field.name().into(), value());
        } else {
            self.left_out.push(field.name().into());
        }
    }
}

fn shortened(text: &str) -> Value {
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    }
}

impl Visit for AllowedFields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.keep(field, || shortened(&format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, || shortened(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.keep(field, || value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.keep(field, || value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.keep(field, || value.into());
    }
}

/// The appender, which turns at midnight UTC, with what it lacks: the file is private from its first byte, and a day
/// has an end.
struct DailyFile {
    appender: RollingFileAppender,
    folder: PathBuf,
    face: String,
    day: Date,
    written: u64,
}

impl DailyFile {
    fn open(folder: &Path, face: &str, now: Timestamp) -> Result<Self, LogsError> {
        let failed = |words: String| LogsError::NoFile { folder: folder.to_path_buf(), words };
        let day = day_of(now);
        let written = make_private(folder, face, day).map_err(|error| failed(error.to_string()))?;
        let appender = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix(face)
            .filename_suffix("log")
            .max_log_files(DAYS_KEPT)
            .build(folder)
            .map_err(|error| failed(error.to_string()))?;
        Ok(Self { appender, folder: folder.to_path_buf(), face: face.into(), day, written })
    }

    fn write_line(&mut self, line: &str, now: Timestamp) -> io::Result<()> {
        // The appender reads the clock itself, an instant later: the next day's file is made private early, so that
        // it never makes one with open modes.
        let soon = day_of(now.checked_add(SignedDuration::from_secs(5)).unwrap_or(now));
        if soon != self.day {
            self.written = make_private(&self.folder, &self.face, soon)?;
            self.day = soon;
        }
        if self.written > MOST_A_DAY {
            return Ok(());
        }
        self.written += line.len() as u64;
        if self.written > MOST_A_DAY {
            return self.appender.write_all(b"{\"message\":\"the log is full; the rest of the day is left out\"}\n");
        }
        self.appender.write_all(line.as_bytes())
    }
}

fn day_of(now: Timestamp) -> Date {
    now.to_zoned_datetime(TimeZone::UTC).date()
}

fn make_private(folder: &Path, face: &str, day: Date) -> io::Result<u64> {
    let file = private_files::open_or_make(&folder.join(format!("{face}.{day}.log")))?;
    Ok(file.metadata()?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logged(events: impl FnOnce()) -> (tempfile::TempDir, Vec<Value>) {
        let home = tempfile::tempdir().expect("a folder");
        let folders = Folders::under(home.path()).expect("folders");
        let subscriber = tracing_subscriber::registry().with(layer(&folders, "cli").expect("a log"));
        tracing::subscriber::with_default(subscriber, events);
        let mut lines = Vec::new();
        for entry in std::fs::read_dir(&folders.logs).expect("the folder") {
            let path = entry.expect("an entry").path();
            assert!(path.file_name().expect("a name").to_string_lossy().starts_with("cli."));
            let text = std::fs::read_to_string(path).expect("text");
            lines.extend(text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")));
        }
        (home, lines)
    }

    #[test]
    fn a_field_off_the_list_is_named_and_its_value_left_out() {
        let (_home, lines) = logged(|| {
            tracing::info!(status = 201_u16, request_id = "r-1", client_secret = "Zq8~very-secret", "made");
        });
        let [line] = lines.as_slice() else { panic!("one line, not {lines:?}") };
        assert_eq!(line["message"], "made");
        assert_eq!(line["status"], 201);
        assert_eq!(line["request_id"], "r-1");
        assert_eq!(line["leftOut"], serde_json::json!(["client_secret"]));
        assert!(!line.to_string().contains("very-secret"));
    }

    #[test]
    fn other_peoples_libraries_are_heard_from_warnings_on() {
        let (_home, lines) = logged(|| {
            tracing::info!(target: "hyper::proto", "Authorization: Bearer abc");
            tracing::warn!(target: "hyper::proto", "connection reset");
            tracing::debug!("ours, below the level");
        });
        let [line] = lines.as_slice() else { panic!("one line, not {lines:?}") };
        assert_eq!(line["message"], "connection reset");
    }

    #[test]
    fn a_value_without_end_is_cut() {
        let (_home, lines) = logged(|| tracing::warn!(error = "é".repeat(100_000), "long"));
        assert_eq!(lines[0]["error"].as_str().expect("text").chars().count(), LONGEST_VALUE + 1);
    }

    #[cfg(unix)]
    #[test]
    fn todays_file_and_tomorrows_are_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let today: Timestamp = "2026-11-12T23:59:50Z".parse().expect("a time");
        let mut file = DailyFile::open(folder.path(), "window", today).expect("a log");
        let night: Timestamp = "2026-11-12T23:59:58Z".parse().expect("a time");
        file.write_line("{}\n", night).expect("written");
        for day in ["2026-11-12", "2026-11-13"] {
            let path = folder.path().join(format!("window.{day}.log"));
            let mode = std::fs::metadata(&path).expect("it exists").permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", path.display());
        }
    }

    #[test]
    fn a_day_has_an_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let now = Timestamp::now();
        let mut file = DailyFile::open(folder.path(), "cli", now).expect("a log");
        let line = format!("{}\n", "x".repeat(1024 * 1024));
        for _ in 0..20 {
            file.write_line(&line, now).expect("written");
        }
        let size: u64 = std::fs::read_dir(folder.path())
            .expect("the folder")
            .map(|entry| entry.expect("an entry").metadata().expect("its size").len())
            .sum();
        assert!(size <= MOST_A_DAY, "{size}");
        assert!(size > MOST_A_DAY / 2, "{size}");
    }
}
