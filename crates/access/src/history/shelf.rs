//! The files of what was: named by kind, subject and time, written whole, bounded in number.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::private_files;

/// The format that this version writes. A newer one is left alone.
const FORMAT: u32 = 1;
/// A million holders take less, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;
/// So many of the last ones are tried where they are damaged.
const MOST_TRIED: usize = 5;

/// The first line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    pub format: u32,
    /// What it is of: a client id, or permissions.
    pub subject: String,
    /// When, RFC 3339.
    pub at: String,
    /// Who looked, by sign-in name.
    pub operator: String,
    /// Of an audit: the permissions, which rows name by their place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// How many lines follow.
    pub lines: usize,
}

impl Head {
    pub(super) fn new(subject: String, at: &str, operator: &str, permissions: Vec<String>, lines: usize) -> Self {
        Self { format: FORMAT, subject, at: at.to_owned(), operator: operator.to_owned(), permissions, lines }
    }
}

/// One kind of record of one subject.
pub(super) struct Shelf<'a> {
    pub folder: &'a Path,
    /// `verified` or `audited`.
    pub kind: &'static str,
    pub subject: &'a str,
    /// How many are kept of the subject, the last ones.
    pub most: usize,
    /// How many are kept of the kind.
    pub most_in_all: usize,
}

impl Shelf<'_> {
    fn beginning(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.subject.as_bytes());
        let name: String = hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{name}-", self.kind)
    }

    /// Files whose name begins so, by their time, the last one first.
    fn newest_first(&self, beginning: &str) -> Vec<(u64, PathBuf)> {
        let mut found: Vec<(u64, PathBuf)> = fs::read_dir(self.folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| {
                let name = entry.ok()?.file_name().into_string().ok()?;
                let stamp = name.strip_suffix(".jsonl").filter(|name| name.starts_with(beginning))?;
                Some((stamp.rsplit('-').next()?.parse().ok()?, self.folder.join(&name)))
            })
            .collect();
        found.sort_by(|a, b| b.cmp(a));
        found
    }

    /// What `compare` makes of the last record that can be read to its end; none when there is none.
    pub(super) fn last<T>(&self, mut compare: impl FnMut(Record) -> io::Result<T>) -> Option<T> {
        self.newest_first(&self.beginning()).into_iter().take(MOST_TRIED).find_map(|(_, path)| {
            match Record::open(&path, self.subject).and_then(&mut compare) {
                Ok(compared) => Some(compared),
                Err(error) => {
                    tracing::warn!(path = %path.display(), %error, "a record of what was cannot be read and is left out");
                    None
                }
            }
        })
    }

    /// Keeps a record, and drops those that are too many. Never fails: what cannot be written is told in the log.
    pub(super) fn put(&self, head: &Head, at: Timestamp, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if let Err(error) = self.try_put(head, at, write) {
            tracing::warn!(folder = %self.folder.display(), %error, "a record of what was cannot be kept");
        }
    }

    fn try_put(
        &self,
        head: &Head,
        at: Timestamp,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        private_files::make_folder(self.folder)?;
        let beginning = self.beginning();
        // Later than all there are, whatever the clock says.
        let last = self.newest_first(&beginning).first().map_or(0, |(stamp, _)| stamp.saturating_add(1));
        let stamp = u64::try_from(at.as_nanosecond()).unwrap_or(0).max(last);
        let path = self.folder.join(format!("{beginning}{stamp:020}.jsonl"));
        private_files::replace_with(&path, |file| {
            line(file, head)?;
            write(file)
        })?;
        let surplus = self.newest_first(&beginning).into_iter().skip(self.most);
        let in_all = self.newest_first(&format!("{}-", self.kind)).into_iter().skip(self.most_in_all);
        for (_, path) in surplus.chain(in_all) {
            // One that another process has just dropped is gone all the same.
            let _ = fs::remove_file(path);
        }
        Ok(())
    }
}

/// Writes one line of JSON.
pub(super) fn line(file: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *file, value)?;
    file.write_all(b"\n")
}

/// A record that is being read.
pub(super) struct Record {
    pub head: Head,
    lines: BufReader<io::Take<File>>,
    left: usize,
}

impl Record {
    fn open(path: &Path, subject: &str) -> io::Result<Self> {
        let file = File::open(path)?;
        if file.metadata()?.len() > LARGEST {
            return Err(damaged("is larger than any"));
        }
        let mut lines = BufReader::new(io::Read::take(file, LARGEST));
        let head: Head = next(&mut lines)?;
        if head.format > FORMAT {
            return Err(damaged("was written by a newer version"));
        }
        if head.subject != subject {
            return Err(damaged("is of something else than its name says"));
        }
        let left = head.lines;
        Ok(Self { head, lines, left })
    }

    /// The next line; none at the end, which is an error where it comes too early.
    pub(super) fn next<T: DeserializeOwned>(&mut self) -> io::Result<Option<T>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        next(&mut self.lines).map(Some)
    }
}

fn next<T: DeserializeOwned>(lines: &mut impl BufRead) -> io::Result<T> {
    let mut text = Vec::new();
    lines.read_until(b'\n', &mut text)?;
    serde_json::from_slice(&text).map_err(|_| damaged("is damaged"))
}

pub(super) fn damaged(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("it {why}"))
}
