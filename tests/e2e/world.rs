//! What each test has for itself: a machine, a served practice tenant as witness, and the app's window on it.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::FutureExt as _;
use practice_tenant::{DialSettings, Exchange, HomeCloud, Options, PracticeTenant, Seed};

use crate::machine::{Keyring, Machine, Theme, Window};
use crate::page::Page;

/// Bound of a whole test; past it the window is pictured and the test fails.
const LONGEST: Duration = Duration::from_secs(150);

/// How a test's world is.
#[derive(Clone, Debug)]
pub struct Setting {
    pub keyring: Keyring,
    pub theme: Theme,
    pub dials: DialSettings,
    pub home_cloud: HomeCloud,
    pub seed: Seed,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            keyring: Keyring::Unlocked,
            theme: Theme::Light,
            dials: DialSettings::default(),
            home_cloud: HomeCloud::Global,
            seed: Seed::Small,
        }
    }
}

/// A test's world.
pub struct World {
    pub page: Page,
    pub tenant: PracticeTenant,
    pub machine: Machine,
}

impl World {
    /// The requests that asked for a change and were made since the recorder was cleared.
    pub fn changes_asked_for(&self) -> Vec<String> {
        self.exchanges_of_graph()
            .iter()
            .filter(|exchange| exchange.method != "GET")
            .map(|exchange| format!("{} {} -> {}", exchange.method, exchange.path, exchange.status))
            .collect()
    }

    /// The one secret that the tenant gave since the recorder was cleared.
    pub fn secret_given(&self) -> String {
        let mut given: Vec<String> = self
            .exchanges_of_graph()
            .iter()
            .filter(|exchange| exchange.path.ends_with("/addPassword"))
            .filter_map(|exchange| exchange.response_body.as_ref()?.get("secretText")?.as_str().map(str::to_owned))
            .collect();
        assert_eq!(given.len(), 1, "one secret is made");
        given.remove(0)
    }

    /// Kills the app in the middle of what it does, and starts it anew on the same machine.
    pub async fn kill_and_start_again(&self) -> Window {
        self.machine.kill_the_app(&app()).await;
        self.machine.open(&app(), &["--practice-url".to_owned(), self.tenant.url()]).await
    }

    /// What was exchanged with Graph since the recorder was cleared.
    pub fn exchanges_of_graph(&self) -> Vec<Exchange> {
        self.tenant.recorder().exchanges().into_iter().filter(|exchange| exchange.path.starts_with("/v1.0/")).collect()
    }
}

/// Where the project is.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The app under test: this build's, or another one, for instance a release build that is measured.
pub fn app() -> PathBuf {
    std::env::var_os("INBOUND_ACCESS_UNDER_TEST")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_inbound-access")), PathBuf::from)
}

/// Runs a test in a window of its own, and leaves a picture, the page's text and the logs in `target/e2e/NAME` when it
/// fails.
pub fn in_a_window<T>(name: &str, setting: Setting, test: impl AsyncFnOnce(&World) -> T) -> T {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let options =
            Options { dials: setting.dials, home_cloud: setting.home_cloud, seed: setting.seed, ..Options::default() };
        let tenant = PracticeTenant::start(options).await.expect("a practice tenant");
        let machine = Machine::start(setting.keyring, setting.theme);
        let window = machine.open(&app(), &["--practice-url".to_owned(), tenant.url()]).await;
        let world = World { page: Page::new(window.driver().clone()), tenant, machine };
        let bounded = tokio::time::timeout(LONGEST, test(&world));
        let outcome = AssertUnwindSafe(bounded).catch_unwind().await;
        match outcome {
            Ok(Ok(value)) => {
                window.close().await;
                value
            }
            Ok(Err(_)) => {
                keep_traces(name, &world, window).await;
                panic!("{name} was not through after {} s", LONGEST.as_secs());
            }
            Err(panic) => {
                keep_traces(name, &world, window).await;
                resume_unwind(panic)
            }
        }
    })
}

async fn keep_traces(name: &str, world: &World, window: Window) {
    let folder = project().join("target/e2e").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the traces of the last failure can be removed");
    }
    std::fs::create_dir_all(&folder).expect("a folder for the traces");
    let driver = world.page.driver();
    if let Ok(png) = driver.screenshot_as_png().await {
        keep(&folder.join("window.png"), &png);
    }
    if let Ok(answer) = driver.execute("return document.body.innerText", vec![]).await {
        keep(&folder.join("page.txt"), answer.json().as_str().unwrap_or_default().as_bytes());
    }
    if let Ok(source) = driver.source().await {
        keep(&folder.join("page.html"), source.as_bytes());
    }
    // Without bodies and headers: they hold secrets.
    let asked: Vec<String> = world
        .tenant
        .recorder()
        .exchanges()
        .iter()
        .map(|exchange| format!("#{} {} {} -> {}", exchange.number, exchange.method, exchange.path, exchange.status))
        .collect();
    keep(&folder.join("asked.txt"), asked.join("\n").as_bytes());
    window.close().await;
    copy_files(world.machine.logs(), &folder);
    copy_files(&world.machine.app_home().join("logs"), &folder);
    eprintln!("{name} failed; its window, page and logs are in {}", folder.display());
}

fn keep(path: &Path, bytes: &[u8]) {
    if let Err(error) = std::fs::write(path, bytes) {
        eprintln!("{} could not be kept: {error}", path.display());
    }
}

fn copy_files(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).into_iter().flatten().flatten() {
        if entry.path().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a log can be copied");
        }
    }
}
