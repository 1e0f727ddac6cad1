//! A machine of a test's own: home, message bus, keyring, display. Nothing in it outlives the test.

mod browser;
#[allow(dead_code, reason = "tests/support/speed saves nothing")]
mod dialog;
mod processes;
mod window;

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use inbound_keychain::testing::SecretServiceSession;
pub use inbound_keychain::testing::Start as Keyring;
use tempfile::TempDir;
use tokio::time::{Instant, MissedTickBehavior, interval};

pub use browser::Browser;
use processes::{Process, Surroundings};
pub use window::Window;

/// Bound of every wait: generous, since a loaded two-core machine runs two windows at a time.
const PATIENCE: Duration = Duration::from_secs(45);
/// How often a wait looks again.
const GLANCE: Duration = Duration::from_millis(60);
/// The virtual screen has room for the largest window of any test.
const SCREEN: &str = "1280x1000x24";

/// Asks `probe` again and again until it has an answer; panics with `what` when patience ends.
pub async fn until<T>(what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    let mut glances = interval(GLANCE);
    glances.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        glances.tick().await;
        if let Some(found) = probe().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited {} s in vain until {what}", PATIENCE.as_secs());
    }
}

/// How things look on the desktop, and by its word in the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Light,
    Dark,
    HighContrast,
}

impl Theme {
    /// GTK's name of it. The web view tells the page `prefers-contrast: more` by the last one's name.
    fn of_gtk(self) -> &'static str {
        match self {
            Self::Light => "Adwaita",
            Self::Dark => "Adwaita:dark",
            Self::HighContrast => "HighContrast",
        }
    }
}

/// The machine. Its parts end in the order of the fields.
#[derive(Debug)]
pub struct Machine {
    _display: Process,
    session: SecretServiceSession,
    surroundings: Surroundings,
    folder: TempDir,
}

impl Machine {
    /// Starts one.
    pub fn start(keyring: Keyring, theme: Theme) -> Self {
        let folder = tempfile::Builder::new().prefix("inbound-access-").tempdir().expect("a temporary folder");
        let session = SecretServiceSession::start(keyring).expect("a session of the test's own");
        let mut surroundings = surroundings(&session, folder.path(), theme);
        let mut xvfb = surroundings.command("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]);
        let (display, number) = Process::start_and_read_line("xvfb", xvfb, surroundings.logs());
        surroundings.set("DISPLAY", format!(":{number}"));
        Self { _display: display, session, surroundings, folder }
    }

    /// Opens the app's window.
    pub async fn open(&self, app: &Path, arguments: &[String]) -> Window {
        Window::open(&self.surroundings, app, arguments).await
    }

    /// Starts the app once more beside its window and waits until that process has ended; what it ended with.
    #[allow(dead_code, reason = "tests/support/speed does not")]
    pub async fn start_again(&self, app: &Path, arguments: &[String]) -> ExitStatus {
        let mut command = self.surroundings.command(app);
        command.args(arguments).stdout(Stdio::null());
        let mut process = Process::start("second", command, self.surroundings.logs());
        until("the second process ends", async || process.ended()).await
    }

    /// Kills the app's process as `kill -9` does, wherever it is in its work.
    #[allow(dead_code, reason = "tests/support/speed does not")]
    pub async fn kill_the_app(&self, app: &Path) {
        let home = format!("INBOUND_ACCESS_HOME={}", self.app_home().display());
        let is_ours = |process: &Path| {
            let environment = std::fs::read(process.join("environ")).unwrap_or_default();
            std::fs::read_link(process.join("exe")).is_ok_and(|exe| exe == app)
                && environment.split(|byte| *byte == 0).any(|variable| variable == home.as_bytes())
        };
        let running = || {
            let processes = std::fs::read_dir("/proc").expect("Linux").flatten().map(|entry| entry.path());
            processes
                .filter(|process| is_ours(process))
                .filter_map(|process| process.file_name()?.to_str()?.parse().ok())
        };
        let found: Vec<u32> = running().collect();
        assert!(!found.is_empty(), "the app runs");
        for id in found {
            let killed = std::process::Command::new("kill").args(["-9", &id.to_string()]).status();
            assert!(killed.is_ok_and(|status| status.success()), "it can be killed");
        }
        until("the app is gone", async || running().next().is_none().then_some(())).await;
    }

    /// Starts the operator's browser, which reaches every host at the practice tenant's port.
    #[allow(dead_code, reason = "tests/support/speed does not")]
    pub async fn browser(&self, port: u16) -> Browser {
        Browser::start(&self.surroundings, port).await
    }

    /// Waits until the app has asked the system to open another page than `before`, and gives it.
    #[allow(dead_code, reason = "tests/support/speed does not")]
    pub async fn page_opened(&self, before: usize) -> String {
        let path = self.folder.path().join(OPENED);
        until("the app opens a page in the system's browser", async || {
            std::fs::read_to_string(&path).ok()?.lines().nth(before).map(str::to_owned)
        })
        .await
    }

    /// From now on the system opens no pages.
    #[allow(dead_code, reason = "tests/support/speed does not")]
    pub fn take_the_browser_away(&self) {
        std::fs::write(self.folder.path().join("bin/xdg-open"), "#!/bin/sh\nexit 3\n").expect("it can be changed");
    }

    /// Bus and keyring.
    pub fn session(&self) -> &SecretServiceSession {
        &self.session
    }

    /// Where everything of this machine's programs is written: their home, their temporary files, their logs.
    #[allow(dead_code, reason = "tests/support/speed does not")]
    pub fn folders(&self) -> Vec<PathBuf> {
        let home = self.session.env().into_iter().find(|(name, _)| name == "HOME").map(|(_, home)| PathBuf::from(home));
        let session = home.as_deref().and_then(Path::parent).expect("the session has a folder of its own");
        vec![self.folder.path().to_owned(), session.to_owned()]
    }

    /// Where the app keeps its data and its logs.
    pub fn app_home(&self) -> PathBuf {
        self.folder.path().join(APP_HOME)
    }

    /// Where the standard errors of the machine's programs are kept.
    pub fn logs(&self) -> &Path {
        self.surroundings.logs()
    }
}

const APP_HOME: &str = "app";
/// What the system was asked to open, a line each.
const OPENED: &str = "opened";

fn surroundings(session: &SecretServiceSession, folder: &Path, theme: Theme) -> Surroundings {
    let place = |name: &str| {
        let path = folder.join(name);
        std::fs::create_dir(&path).expect("a folder in the test's own");
        path
    };
    let logs = place("logs");
    let text = |path: PathBuf| path.into_os_string().into_string().expect("a temporary folder's path is UTF-8");
    let (app_home, temporary) = (text(place(APP_HOME)), text(place("tmp")));
    let path = format!("{}:{}", system_browser(&place("bin"), folder), std::env::var("PATH").unwrap_or_default());
    let inherited = ["LD_LIBRARY_PATH"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok().map(|value| (name.to_owned(), value)));
    let own = [
        ("INBOUND_ACCESS_HOME", app_home.as_str()),
        // At its most talkative: what it must not say is looked for in what it says.
        ("INBOUND_ACCESS_LOG", "trace"),
        ("TMPDIR", temporary.as_str()),
        ("PATH", path.as_str()),
        ("TZ", "UTC"),
        ("GDK_BACKEND", "x11"),
        ("GTK_THEME", theme.of_gtk()),
        // Without an accessibility bus GTK would wait for one.
        ("NO_AT_BRIDGE", "1"),
        // Settings are not kept: dconf would want a service on the bus.
        ("GSETTINGS_BACKEND", "memory"),
        ("LIBGL_ALWAYS_SOFTWARE", "1"),
        // Lets WebKit's driver hold the window; Tauri's runtime reads it.
        ("TAURI_WEBVIEW_AUTOMATION", "true"),
    ];
    let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Surroundings::new(inherited.chain(session.env()).chain(own).collect(), logs)
}

/// Puts a stand-in for the desktop's opener of pages into `bin`: it notes what it was asked to open, and the test's own
/// browser goes there. Nothing else of the way from the app to the browser is other than on a desktop.
fn system_browser(bin: &Path, folder: &Path) -> String {
    use std::os::unix::fs::PermissionsExt;
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", folder.join(OPENED).display());
    let path = bin.join("xdg-open");
    std::fs::write(&path, script).expect("a script in the test's own folder");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it can be made to run");
    bin.display().to_string()
}
