//! The runs that are kept on this computer, over all tenants.
//!
//! All practice tenants have one id, yet each that is served elsewhere is a tenant of its own: what a run made in one is
//! not in the other. So their runs lie apart, by the authority that each of them makes at its start.

use std::path::{Path, PathBuf};

use inbound_access_job::RunStore;
use inbound_access_job::problem::{Code, Problem};
use inbound_access_job::run::RunState;
use inbound_entra::cloud::Cloud;
use inbound_keychain::{ItemName, Keychain, KeychainError, OtherKind};

use crate::folders::Folders;

const RUNS: &str = "runs";
/// More names than that help nobody.
const NAMED: usize = 10;
/// The practice cloud's key.
const PRACTICE: &str = "practice";

/// Under which name a tenant's runs are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shelf {
    /// The practice tenant inside the app, the same over all starts.
    Embedded,
    /// One that is served elsewhere.
    Served,
}

impl Shelf {
    fn name(self, cloud: &Cloud) -> String {
        match (self, cloud.trust.fingerprint()) {
            (Self::Served, Some(authority)) => {
                format!("{}-{}", cloud.key, authority.chars().take(16).collect::<String>())
            }
            _ => cloud.key.clone(),
        }
    }
}

impl Folders {
    /// Where a tenant's runs are kept.
    pub(crate) fn runs_of(&self, cloud: &Cloud, shelf: Shelf, tenant_id: &str) -> Result<RunStore, Problem> {
        RunStore::open(self.inside(&[RUNS, &shelf.name(cloud), tenant_id])?)
    }

    /// Forgets the runs in the embedded practice tenant and the secrets that they left in the keychain: after a reset
    /// they speak of what never was. Runs whose secrets could not be removed are kept, and told of in words.
    pub(crate) async fn forget_practice_runs(
        &self,
        keychain: &Keychain,
        tenant_id: &str,
    ) -> Result<Option<String>, Problem> {
        let folder = self.inside(&[RUNS, PRACTICE, tenant_id])?;
        let mut left = Left::default();
        for run in RunStore::open(&folder)?.list()? {
            let Some(place) = run.hand_over.and_then(|hand_over| hand_over.secret) else { continue };
            if !place.account.starts_with(&format!("{PRACTICE}/")) {
                continue;
            }
            let item = ItemName { service: place.service, account: place.account };
            // One prompt or bound is enough to wait for.
            let outcome = if left.is_hopeless() { None } else { Some(keychain.delete(&item).await) };
            match outcome {
                Some(Ok(()) | Err(KeychainError::NotFound)) => {}
                Some(Err(error)) => left.add(run.id, &item, Some(error)),
                None => left.add(run.id, &item, None),
            }
        }
        clear(&folder, &left.runs).map_err(|error| {
            Problem::new(Code::LocalFile, format!("The runs in {} cannot be removed: {error}", folder.display()))
                .exists("The practice tenant was reset, but runs are listed that speak of what never was.")
                .advice("Delete the folder.")
        })?;
        Ok(left.words(keychain.place()))
    }

    /// Whether a run goes on in the embedded practice tenant, in any process.
    pub(crate) fn practice_is_at_work(&self, tenant_id: &str) -> Result<bool, Problem> {
        let runs = RunStore::open(self.inside(&[RUNS, PRACTICE, tenant_id])?)?.list()?;
        Ok(runs.iter().any(|run| run.state == RunState::Running))
    }

    /// The runs of every tenant that was ever worked in from this computer, one store a tenant.
    ///
    /// # Errors
    /// `localFile` when a folder cannot be read.
    pub fn run_stores(&self) -> Result<Vec<RunStore>, Problem> {
        let mut stores = Vec::new();
        for cloud in folders_in(&self.inside(&[RUNS])?)? {
            for tenant in folders_in(&cloud)? {
                stores.push(RunStore::open(tenant)?);
            }
        }
        Ok(stores)
    }
}

/// Secrets of the practice tenant that stay in the keychain.
#[derive(Default)]
struct Left {
    runs: Vec<String>,
    items: Vec<String>,
    why: Option<KeychainError>,
}

impl Left {
    fn add(&mut self, run: String, item: &ItemName, why: Option<KeychainError>) {
        self.runs.push(run);
        self.items.push(item.to_string());
        self.why = why.or_else(|| self.why.take());
    }

    /// Whether the keychain as a whole did not do its work, so that asking for another item would only wait again.
    fn is_hopeless(&self) -> bool {
        match &self.why {
            None | Some(KeychainError::NotFound) => false,
            Some(KeychainError::Absent | KeychainError::Locked | KeychainError::Declined) => true,
            Some(KeychainError::Other { kind, .. }) => matches!(kind, OtherKind::TimedOut | OtherKind::Crowded),
        }
    }

    fn words(&self, place: &str) -> Option<String> {
        let why = self.why.as_ref()?;
        let named: Vec<String> = self.items.iter().take(NAMED).map(|item| format!("\u{201c}{item}\u{201d}")).collect();
        let more = match self.items.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!(
            "Worthless secrets of the practice tenant may still be in the {place}: {}{more}. {why} Their runs are kept: \
             reset the practice tenant again to remove both.",
            named.join(", ")
        ))
    }
}

/// Removes all files of runs but those of `kept`, by their ids.
fn clear(folder: &Path, kept: &[String]) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_kept =
            |run: &String| name.to_string_lossy().strip_prefix(run.as_str()).is_some_and(|rest| rest.starts_with('.'));
        if kept.iter().any(is_kept) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        } else {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn folders_in(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let unreadable = |error: std::io::Error| {
        Problem::new(Code::LocalFile, format!("The folder of runs {} cannot be read: {error}", folder.display()))
            .advice("Make the folder readable for you, and try again.")
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn practice(digit: char) -> Cloud {
        let url = format!("https://localhost:1/#sha256={}", String::from(digit).repeat(64));
        Cloud::practice(&url).expect("a cloud")
    }

    #[test]
    fn every_tenant_has_a_store_and_stray_files_are_none() {
        let home = tempfile::tempdir().expect("a folder");
        let folders = Folders::under(home.path()).expect("folders");
        assert!(folders.run_stores().expect("none yet").is_empty());
        folders.runs_of(&practice('a'), Shelf::Embedded, "t-1").expect("a store");
        folders.runs_of(&Cloud::global(), Shelf::Served, "t-2").expect("a store");
        std::fs::write(folders.data.join("runs").join("note.txt"), "x").expect("written");
        assert_eq!(folders.run_stores().expect("stores").len(), 2);
    }

    #[test]
    fn what_was_verified_is_no_run_and_is_forgotten_with_the_runs() {
        let home = tempfile::tempdir().expect("a folder");
        let folders = Folders::under(home.path()).expect("folders");
        let runs = folders.runs_of(&practice('a'), Shelf::Embedded, "t-1").expect("a store");
        let folder = folders.data.join("runs").join(PRACTICE).join("t-1");
        let history = folder.join("history");
        std::fs::create_dir(&history).expect("made");
        std::fs::write(history.join("verified-1.jsonl"), "{}").expect("written");
        std::fs::write(folder.join("r-1.lock"), "").expect("written");
        assert_eq!((runs.list().map(|all| all.len()), runs.unreadable().map(|all| all.len())), (Ok(0), Ok(0)));
        assert_eq!(folders.run_stores().expect("stores").len(), 1);
        clear(&folder, &["r-1".to_owned()]).expect("cleared");
        assert!(!history.exists(), "also where a run stays");
        assert!(folder.join("r-1.lock").exists());
    }

    #[test]
    fn tenants_that_share_an_id_do_not_share_runs() {
        let shelves = [
            Shelf::Embedded.name(&practice('a')),
            Shelf::Served.name(&practice('a')),
            Shelf::Served.name(&practice('b')),
            Shelf::Served.name(&Cloud::global()),
        ];
        assert_eq!(shelves, ["practice", "practice-aaaaaaaaaaaaaaaa", "practice-bbbbbbbbbbbbbbbb", "global"]);
        assert_eq!(Shelf::Embedded.name(&practice('b')), "practice", "the embedded one is the same over all starts");
    }
}
