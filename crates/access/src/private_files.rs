//! Folders and files that only their owner may read (security P66): 0700 and 0600 where the system knows modes. On
//! Windows the profile folder's own access list does the same.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

/// Windows lets no file be replaced while a reader holds it, which takes a moment; elsewhere the first attempt counts.
const ATTEMPTS: u32 = if cfg!(windows) { 10 } else { 1 };
const PAUSE: Duration = Duration::from_millis(20);

/// Makes a folder and those above it; one that is there already is tightened.
///
/// # Errors
/// When it cannot be made or tightened.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        builder.mode(0o700);
        builder.create(path)?;
        let mode = std::fs::metadata(path)?.permissions().mode();
        if mode & 0o077 != 0 {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))?;
        }
        Ok(())
    }
    #[cfg(not(unix))]
    builder.create(path)
}

/// Opens a file for writing without emptying it, and makes it when it is not there.
///
/// # Errors
/// When it cannot be opened.
pub fn open_or_make(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Writes a whole file at once: a reader sees the old content or the new one, never a part. When it returns, the new
/// content survives a crash.
///
/// # Errors
/// When it cannot be written; the old content is still there.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    replace_with(path, |file| file.write_all(content))
}

/// As [`replace`], for content that is not to be in memory as a whole: `write` puts it into the file part by part.
///
/// # Errors
/// As [`replace`], and those of `write`; the old content is still there.
pub fn replace_with(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    // The named temporary file is made with 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    let mut buffered = io::BufWriter::new(file.as_file_mut());
    write(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    file.as_file().sync_all()?;
    let mut file = Some(file);
    while_denied(ATTEMPTS, || match file.take().map(|file| file.persist(path)) {
        Some(Err(error)) => {
            file = Some(error.file);
            Err(error.error)
        }
        _ => Ok(()),
    })?;
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Does it again, a little later, as long as it is denied; `attempts` times in all.
fn while_denied<T>(attempts: u32, mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let mut left = attempts;
    loop {
        left = left.saturating_sub(1);
        match act() {
            Err(error) if left > 0 && error.kind() == io::ErrorKind::PermissionDenied => std::thread::sleep(PAUSE),
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_denies_for_a_moment_is_done_when_it_has_gone() {
        let mut tried = 0;
        let outcome = while_denied(10, || {
            tried += 1;
            if tried < 4 { Err(io::ErrorKind::PermissionDenied.into()) } else { Ok(tried) }
        });
        assert_eq!(outcome.expect("done"), 4);
    }

    #[test]
    fn it_is_not_tried_for_ever_and_other_faults_are_told_at_once() {
        for (fault, attempts, expected) in [
            (io::ErrorKind::PermissionDenied, 3, 3),
            (io::ErrorKind::PermissionDenied, 1, 1),
            (io::ErrorKind::StorageFull, 3, 1),
        ] {
            let mut tried = 0;
            let outcome: io::Result<()> = while_denied(attempts, || {
                tried += 1;
                Err(fault.into())
            });
            assert_eq!((outcome.map_err(|error| error.kind()), tried), (Err(fault), expected));
        }
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.json");
        for content in ["longer content", "short"] {
            replace(&path, content.as_bytes()).expect("written");
            assert_eq!(std::fs::read_to_string(&path).expect("read"), content);
        }
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1);
    }

    #[cfg(windows)]
    #[test]
    fn a_file_that_is_being_read_is_replaced_once_it_is_closed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.json");
        replace(&path, b"old").expect("written");
        let reader = File::open(&path).expect("open");
        let closing = std::thread::spawn(move || {
            std::thread::sleep(PAUSE * 2);
            drop(reader);
        });
        replace(&path, b"new").expect("written");
        closing.join().expect("closed");
        assert_eq!(std::fs::read(&path).expect("read"), b"new");
    }
}
