//! What is kept between starts: hosts of clouds, own clients, tenants that were signed in to. No tokens, no secrets.

use std::path::{Path, PathBuf};

use inbound_access_job::private_files;
use inbound_access_job::problem::{Code, FieldProblem, Problem};
use inbound_entra::cloud::{Cloud, CloudError, Hosts, cloud_of_key};
use inbound_entra::ids::AppId;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::folders::Folders;
use crate::view::{ClientSetting, CloudHosts, CloudSetting, Remembered, Settings, SignInRequest};

const FORMAT: u32 = 1;
/// No settings file comes near it.
const LARGEST: u64 = 1024 * 1024;
/// More would only make the list on Connect useless.
const REMEMBERED: usize = 12;
const LONGEST_LOCK: u32 = 8 * 60;
/// As password managers have it, a little longer: a run of a careful administrator has pauses for reading.
const LOCK_AFTER: u32 = 15;
/// The longest tenant text: a domain name.
const LONGEST_TENANT: usize = 253;

#[derive(Serialize, Deserialize)]
struct Document {
    format: u32,
    settings: Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self { clouds: Vec::new(), clients: Vec::new(), remembered: Vec::new(), lock_after_minutes: LOCK_AFTER }
    }
}

/// The file of settings, read once, written whole.
#[derive(Debug)]
pub(crate) struct SettingsFile {
    path: PathBuf,
    now: Mutex<Settings>,
    /// Why the file that was found was put aside.
    put_aside: Option<String>,
}

impl SettingsFile {
    /// The settings in `folders`. While a practice tenant plays the clouds, a file of its own: what was played must never
    /// stand beside real tenants. A file that cannot be read is put aside, never overwritten.
    pub(crate) fn open(folders: &Folders, played: bool) -> Self {
        let path = folders.data.join(if played { "settings-practice.json" } else { "settings.json" });
        match read(&path) {
            Ok(settings) => Self { path, now: Mutex::new(settings), put_aside: None },
            Err(why) => {
                let aside = put_aside(&path);
                tracing::warn!(why, "settings were put aside");
                let put_aside = Some(format!("The settings {why}. {aside}"));
                Self { path, now: Mutex::new(Settings::default()), put_aside }
            }
        }
    }

    /// Why the settings began anew, in words.
    pub(crate) fn put_aside(&self) -> Option<&str> {
        self.put_aside.as_deref()
    }

    /// As they are now.
    pub(crate) async fn now(&self) -> Settings {
        self.now.lock().await.clone()
    }

    /// Checks and keeps what the operator edits; the tenants that are remembered stay as they are.
    ///
    /// # Errors
    /// `invalidInput` with every unusable field, `localFile`; then the old ones stand.
    pub(crate) async fn save(&self, wanted: Settings) -> Result<Settings, Problem> {
        let checked = check(wanted)?;
        self.change(|settings| {
            settings.clouds = checked.clouds;
            settings.clients = checked.clients;
            settings.lock_after_minutes = checked.lock_after_minutes;
        })
        .await
    }

    /// Puts a tenant first among those that are remembered.
    pub(crate) async fn remember(&self, tenant: Remembered) -> Result<Settings, Problem> {
        self.change(|settings| {
            settings.remembered.retain(|it| !is_same(it, &tenant.cloud, &tenant.tenant_id));
            settings.remembered.insert(0, tenant);
            settings.remembered.truncate(REMEMBERED);
        })
        .await
    }

    /// Forgets a tenant.
    pub(crate) async fn forget(&self, cloud: &str, tenant_id: &str) -> Result<Settings, Problem> {
        self.change(|settings| settings.remembered.retain(|it| !is_same(it, cloud, tenant_id))).await
    }

    async fn change(&self, change: impl FnOnce(&mut Settings)) -> Result<Settings, Problem> {
        let mut now = self.now.lock().await;
        let mut changed = now.clone();
        change(&mut changed);
        if changed == *now {
            return Ok(changed);
        }
        let (path, document) = (self.path.clone(), Document { format: FORMAT, settings: changed.clone() });
        let written = tokio::task::spawn_blocking(move || {
            let bytes = serde_json::to_vec_pretty(&document).map_err(std::io::Error::other)?;
            private_files::replace(&path, &bytes)
        });
        match written.await {
            Ok(Ok(())) => {
                now.clone_from(&changed);
                Ok(changed)
            }
            Ok(Err(error)) => Err(Problem::new(
                Code::LocalFile,
                format!("The settings {} could not be written: {error}.", self.path.display()),
            )
            .exists("The settings are as they were.")
            .advice("Check that the disk has room and that the folder belongs to you, then try again.")),
            Err(_) => Err(Problem::new(Code::Internal, "Writing the settings was cut short.")),
        }
    }
}

fn is_same(it: &Remembered, cloud: &str, tenant_id: &str) -> bool {
    it.cloud == cloud && it.tenant_id.eq_ignore_ascii_case(tenant_id)
}

impl Settings {
    /// A cloud as this computer reaches it.
    pub(crate) fn cloud(&self, key: &str) -> Result<Cloud, Problem> {
        let cloud = cloud_of_key(key).ok_or_else(|| {
            refused(vec![fault("cloud", format!("There is no cloud \u{201c}{}\u{201d}.", shortened(key)))])
        })?;
        match self.clouds.iter().find(|it| it.key == key) {
            Some(CloudSetting { hosts, .. }) => with_hosts(&cloud, hosts).map_err(refused),
            None => Ok(cloud),
        }
    }

    /// The own client for a tenant: one that is kept for it, else one for every tenant of its cloud.
    pub(crate) fn client(&self, cloud: &str, tenant: Option<&str>) -> Option<&ClientSetting> {
        let of_cloud = || self.clients.iter().filter(move |it| it.cloud == cloud);
        let tenant = tenant.unwrap_or_default();
        of_cloud()
            .find(|it| !it.tenant.is_empty() && it.tenant.eq_ignore_ascii_case(tenant))
            .or_else(|| of_cloud().find(|it| it.tenant.is_empty()))
    }
}

/// `cloud` at other hosts, or what is wrong with each of them.
fn with_hosts(cloud: &Cloud, hosts: &CloudHosts) -> Result<Cloud, Vec<FieldProblem>> {
    let wanted = Hosts { login: hosts.login.clone(), graph: hosts.graph.clone(), portal: hosts.portal.clone() };
    let own = cloud.hosts();
    let alone = [
        ("login", Hosts { login: wanted.login.clone(), ..own.clone() }),
        ("graph", Hosts { graph: wanted.graph.clone(), ..own.clone() }),
        ("portal", Hosts { portal: wanted.portal.clone(), ..own }),
    ];
    let faults: Vec<FieldProblem> = alone
        .iter()
        .filter_map(|(field, hosts)| Some(fault(field, words(&Cloud::with_hosts(&cloud.key, hosts).err()?))))
        .collect();
    match Cloud::with_hosts(&cloud.key, &wanted) {
        Ok(edited) if faults.is_empty() => Ok(edited),
        Ok(_) => Err(faults),
        Err(error) if faults.is_empty() => Err(vec![fault("login", words(&error))]),
        Err(_) => Err(faults),
    }
}

fn words(error: &CloudError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// The hosts of `cloud`.
pub(crate) fn hosts_of(cloud: &Cloud) -> CloudHosts {
    let Hosts { login, graph, portal } = cloud.hosts();
    CloudHosts { login, graph, portal }
}

fn check(wanted: Settings) -> Result<Settings, Problem> {
    let mut faults = Vec::new();
    let mut clouds: Vec<CloudSetting> = Vec::new();
    for setting in wanted.clouds {
        let Some(cloud) = cloud_of_key(&setting.key) else {
            let message = format!("There is no cloud \u{201c}{}\u{201d}.", shortened(&setting.key));
            faults.push(fault("clouds", message));
            continue;
        };
        let hosts = CloudHosts {
            login: setting.hosts.login.trim().to_ascii_lowercase(),
            graph: setting.hosts.graph.trim().to_ascii_lowercase(),
            portal: setting.hosts.portal.trim().to_ascii_lowercase(),
        };
        if clouds.iter().any(|it| it.key == setting.key) {
            faults.push(fault("clouds", format!("{} stands there twice.", cloud.name)));
        } else if hosts != hosts_of(&cloud) {
            match with_hosts(&cloud, &hosts) {
                Ok(_) => clouds.push(CloudSetting { key: setting.key, hosts }),
                Err(found) => faults.extend(found.into_iter().map(|it| FieldProblem {
                    field: format!("clouds.{}.{}", setting.key, it.field),
                    message: it.message,
                })),
            }
        }
    }
    let mut clients: Vec<ClientSetting> = Vec::new();
    for (index, client) in wanted.clients.into_iter().enumerate() {
        let field = |name: &str| format!("clients.{index}.{name}");
        let tenant = client.tenant.trim().to_ascii_lowercase();
        if cloud_of_key(&client.cloud).is_none() {
            let message = format!("There is no cloud \u{201c}{}\u{201d}.", shortened(&client.cloud));
            faults.push(fault(&field("cloud"), message));
        }
        if let Some(message) = (!tenant.is_empty()).then(|| tenant_fault(&tenant)).flatten() {
            faults.push(fault(&field("tenant"), message));
        }
        match client.client_id.trim().parse::<AppId>() {
            Ok(id) if clients.iter().any(|it| it.cloud == client.cloud && it.tenant == tenant) => {
                faults.push(fault(
                    &field("tenant"),
                    format!("There is another client for this tenant; {id} is one too many."),
                ));
            }
            Ok(id) => clients.push(ClientSetting { cloud: client.cloud, tenant, client_id: id.to_string() }),
            Err(_) => faults.push(fault(&field("clientId"), client_id_words(&client.client_id))),
        }
    }
    if wanted.lock_after_minutes > LONGEST_LOCK {
        faults.push(fault("lockAfterMinutes", format!("Give at most {LONGEST_LOCK} minutes, or 0 for never.")));
    }
    if !faults.is_empty() {
        return Err(refused(faults));
    }
    Ok(Settings { clouds, clients, remembered: Vec::new(), lock_after_minutes: wanted.lock_after_minutes })
}

/// What is wrong with a tenant's id or domain.
pub(crate) fn tenant_fault(tenant: &str) -> Option<String> {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_id = tenant.parse::<uuid::Uuid>().is_ok();
    let is_domain = tenant.len() <= LONGEST_TENANT && tenant.contains('.') && tenant.split('.').all(is_label);
    (!is_id && !is_domain).then(|| {
        format!(
            "\u{201c}{}\u{201d} is neither a tenant id (a GUID) nor a domain such as contoso.com.",
            shortened(tenant)
        )
    })
}

/// The client id of a request.
pub(crate) fn client_id(request: &SignInRequest) -> Result<AppId, Problem> {
    let given = request.client_id.as_deref().unwrap_or_default().trim();
    given.parse().map_err(|_| refused(vec![fault("clientId", client_id_words(given))]))
}

pub(crate) fn client_id_words(given: &str) -> String {
    if given.is_empty() {
        return "Give the client id of the app to sign in with.".to_owned();
    }
    format!(
        "\u{201c}{}\u{201d} is no client id: it is a GUID, shown as \u{201c}Application (client) ID\u{201d}.",
        shortened(given)
    )
}

pub(crate) fn fault(field: &str, message: String) -> FieldProblem {
    FieldProblem { field: field.to_owned(), message }
}

/// `invalidInput` with these fields.
pub(crate) fn refused(fields: Vec<FieldProblem>) -> Problem {
    let message = match fields.as_slice() {
        [one] => one.message.clone(),
        many => format!("{} entries cannot be used as they are.", many.len()),
    };
    let mut problem = Problem::new(Code::InvalidInput, message).exists("Nothing was changed.");
    problem.fields = fields;
    problem
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() > 60 {
        short.push('…');
    }
    short
}

/// The settings in a file; the usual ones where there is none. The error says, after "The settings", what is wrong.
fn read(path: &Path) -> Result<Settings, &'static str> {
    let size = match std::fs::metadata(path) {
        Ok(found) => found.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Settings::default()),
        Err(_) => return Err("could not be read"),
    };
    if size > LARGEST {
        return Err("were larger than any settings are");
    }
    let bytes = std::fs::read(path).map_err(|_| "could not be read")?;
    #[derive(Deserialize)]
    struct Head {
        format: u32,
    }
    let head: Head = serde_json::from_slice(&bytes).map_err(|_| "were damaged")?;
    if head.format > FORMAT {
        return Err("were written by a newer version of Inbound Access");
    }
    let document: Document = serde_json::from_slice(&bytes).map_err(|_| "were damaged")?;
    let remembered = document.settings.remembered.clone();
    let checked = check(document.settings).map_err(|_| "held entries that cannot be used")?;
    Ok(Settings { remembered, ..checked })
}

/// Renames the file so that it is kept; says where, or that it stays.
fn put_aside(path: &Path) -> String {
    let aside = path.with_extension(format!("json.{}", jiff::Timestamp::now().as_second()));
    match std::fs::rename(path, &aside) {
        Ok(()) => format!("They were kept as {} and begin anew.", aside.display()),
        Err(_) => "They begin anew.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::view::SignInWay;

    fn folders() -> (tempfile::TempDir, Folders) {
        let home = tempfile::tempdir().expect("a folder");
        let folders = Folders::under(home.path()).expect("folders");
        (home, folders)
    }

    fn remembered(cloud: &str, tenant: &str) -> Remembered {
        Remembered {
            cloud: cloud.into(),
            tenant_id: tenant.into(),
            tenant_name: "Contoso".into(),
            account: "a@contoso.example".into(),
            way: SignInWay::Browser,
            client_id: None,
            last: "2026-11-25T10:00:00Z".into(),
        }
    }

    const CLIENT: &str = "7d1c2a0e-5b1f-4a63-9c1e-0f6a3c9d2b11";

    fn client(cloud: &str, tenant: &str, id: &str) -> ClientSetting {
        ClientSetting { cloud: cloud.into(), tenant: tenant.into(), client_id: id.into() }
    }

    #[tokio::test]
    async fn what_is_saved_is_there_at_the_next_start_and_what_is_edited_leaves_tenants_alone() {
        let (_home, folders) = folders();
        let file = SettingsFile::open(&folders, false);
        file.remember(remembered("global", "t-1")).await.expect("kept");
        let wanted = Settings {
            clients: vec![client("global", " Contoso.COM ", CLIENT)],
            lock_after_minutes: 5,
            ..Settings::default()
        };
        let saved = file.save(wanted).await.expect("saved");
        assert_eq!(saved.clients, [client("global", "contoso.com", CLIENT)]);
        let again = SettingsFile::open(&folders, false).now().await;
        assert_eq!(again, saved);
        assert_eq!((again.remembered.len(), again.lock_after_minutes), (1, 5));
        assert!(SettingsFile::open(&folders, true).now().await.remembered.is_empty(), "played clouds lie apart");
    }

    #[tokio::test]
    async fn the_last_tenant_comes_first_once_and_can_be_forgotten() {
        let (_home, folders) = folders();
        let file = SettingsFile::open(&folders, false);
        for tenant in ["t-1", "t-2", "T-1"] {
            file.remember(remembered("global", tenant)).await.expect("kept");
        }
        let ids = |settings: &Settings| settings.remembered.iter().map(|it| it.tenant_id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&file.now().await), ["T-1", "t-2"]);
        assert_eq!(ids(&file.forget("global", "t-1").await.expect("forgotten")), ["t-2"]);
        assert_eq!(ids(&file.forget("china", "t-2").await.expect("nothing to do")), ["t-2"]);
    }

    #[tokio::test]
    async fn every_unusable_entry_is_named_and_nothing_is_changed() {
        let (_home, folders) = folders();
        let file = SettingsFile::open(&folders, false);
        let hosts = |login: &str| CloudHosts {
            login: login.into(),
            graph: "graph.microsoft.com".into(),
            portal: "entra.microsoft.com".into(),
        };
        let wanted = Settings {
            clouds: vec![
                CloudSetting { key: "global".into(), hosts: hosts("https://evil.example/") },
                CloudSetting { key: "mars".into(), hosts: hosts("login.example.com") },
            ],
            clients: vec![client("global", "", "7d1c"), client("global", "no tenant", CLIENT)],
            remembered: Vec::new(),
            lock_after_minutes: 10_000,
        };
        let problem = file.save(wanted).await.expect_err("refused");
        assert_eq!(problem.code, Code::InvalidInput);
        let fields: Vec<&str> = problem.fields.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(
            fields,
            ["clouds.global.login", "clouds", "clients.0.clientId", "clients.1.tenant", "lockAfterMinutes"]
        );
        assert_eq!(file.now().await, Settings::default());
    }

    #[tokio::test]
    async fn hosts_that_are_microsofts_own_are_no_edit_and_others_reach_the_cloud() {
        let (_home, folders) = folders();
        let file = SettingsFile::open(&folders, false);
        let own = hosts_of(&Cloud::china());
        let edited = CloudHosts { login: "login.chinacloudapi.cn".into(), ..own.clone() };
        let wanted = |hosts: CloudHosts| Settings {
            clouds: vec![CloudSetting { key: "china".into(), hosts }],
            ..Settings::default()
        };
        assert!(file.save(wanted(own)).await.expect("saved").clouds.is_empty());
        let saved = file.save(wanted(edited)).await.expect("saved");
        assert_eq!(saved.cloud("china").expect("a cloud").login.as_str(), "https://login.chinacloudapi.cn/");
        assert_eq!(saved.cloud("global").expect("a cloud"), Cloud::global());
        assert!(saved.cloud("mars").is_err());
    }

    #[tokio::test]
    async fn damaged_and_newer_settings_are_kept_aside() {
        for (content, word) in [
            ("{", "damaged"),
            ("{\"format\":2,\"settings\":{}}", "newer"),
            (
                "{\"format\":1,\"settings\":{\"clouds\":[],\"clients\":[],\"remembered\":[],\"lockAfterMinutes\":99999}}",
                "cannot be used",
            ),
        ] {
            let (_home, folders) = folders();
            let path = folders.data.join("settings.json");
            std::fs::write(&path, content).expect("written");
            let file = SettingsFile::open(&folders, false);
            assert!(file.put_aside().is_some_and(|why| why.contains(word)), "{word}");
            assert_eq!(file.now().await, Settings::default());
            assert!(!path.exists());
            let kept = std::fs::read_dir(&folders.data).expect("listed").filter_map(Result::ok);
            assert!(kept.into_iter().any(|it| std::fs::read_to_string(it.path()).is_ok_and(|text| text == content)));
        }
    }

    #[test]
    fn a_client_for_the_tenant_wins_over_one_for_all() {
        let other = "11111111-5b1f-4a63-9c1e-0f6a3c9d2b11";
        let settings = Settings {
            clients: vec![client("global", "", other), client("global", "contoso.com", CLIENT)],
            ..Settings::default()
        };
        let of = |cloud: &str, tenant: Option<&str>| settings.client(cloud, tenant).map(|it| it.client_id.as_str());
        assert_eq!(of("global", Some("Contoso.com")), Some(CLIENT));
        assert_eq!(of("global", Some("fabrikam.com")), Some(other));
        assert_eq!(of("global", None), Some(other));
        assert_eq!(of("china", Some("contoso.com")), None);
    }

    #[test]
    fn tenants_are_ids_or_domains() {
        for good in ["contoso.com", "contoso.onmicrosoft.com", "7d1c2a0e-5b1f-4a63-9c1e-0f6a3c9d2b11", "a.b"] {
            assert_eq!(tenant_fault(good), None, "{good}");
        }
        for bad in
            ["", "contoso", "con toso.com", "contoso.com/x", "a..b", "-a.b", "contoso.com.", "münchen.de", "a@b.c"]
        {
            assert!(tenant_fault(bad).is_some(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,300}") {
            let _ = tenant_fault(&text);
            let wanted = Settings { clients: vec![client(&text, &text, &text)], ..Settings::default() };
            let _ = check(wanted);
        }
    }
}
