//! A private D-Bus session with a real GNOME Keyring, alone in a folder of its own.
//!
//! Needs the Debian packages dbus and gnome-keyring; no display (recipe: security.md 7). The store under test reads
//! `DBUS_SESSION_BUS_ADDRESS` from its process's environment, so run it in a child process with [`SecretServiceSession::env`].

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, connection};
use zbus::names::BusName;
use zbus::zvariant::{ObjectPath, OwnedObjectPath};

/// The keyring's password. Everything on the daemon's standard input counts, so no newline may follow it.
const PASSWORD: &str = "a test password";
const SERVICE: &str = "org.freedesktop.secrets";
/// Waiting longer than this for a daemon means that it will not come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A bus whose socket lies in the session's folder, so that it goes with it. `SERVICES`: what the bus may start itself.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=FOLDER</listen>
  <auth>EXTERNAL</auth>
  SERVICES
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// Starts the daemon as one that a disk can refuse: at its limit of file size (`fill_disk`) it gets an error and is not
/// killed, and root's power over files is taken from it where root starts it (`make_writable`).
const DAEMON: &str = r#"trap '' XFSZ
powerless="setpriv --bounding-set=-dac_override,-dac_read_search"
set -- gnome-keyring-daemon --foreground --components=secrets "$0"
if $powerless true; then exec $powerless "$@"; fi
exec "$@"
"#;

/// How a session begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// A keyring, unlocked.
    Unlocked,
    /// The same keyring, locked since the daemon started.
    Locked,
    /// A daemon, but no keyring was ever made (a fresh user).
    NoKeyring,
    /// A bus without any Secret Service.
    Absent,
}

/// Why the session could not be made or asked.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// A program or folder of the session failed.
    #[error("{what}: {source}")]
    System {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The private bus refused.
    #[error("the private bus refused: {0}")]
    Bus(#[from] zbus::Error),
    /// The private bus refused a standard call.
    #[error("the private bus refused: {0}")]
    Standard(#[from] zbus::fdo::Error),
    /// The Secret Service refused.
    #[error("the private Secret Service refused: {0}")]
    Service(#[from] secret_service::Error),
    /// Something did not happen in time.
    #[error("waited {} s in vain for {what}", PATIENCE.as_secs())]
    Late {
        /// What was waited for.
        what: &'static str,
    },
}

/// One item as any program of the same user sees it, even while the keyring is locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenItem {
    /// The label shown in the keyring's window.
    pub label: String,
    /// The attributes by which items are found.
    pub attributes: BTreeMap<String, String>,
}

/// A running private session; ends with all its processes when dropped.
#[derive(Debug)]
pub struct SecretServiceSession {
    pub(super) folder: tempfile::TempDir,
    pub(super) address: String,
    bus: Child,
    daemon: Mutex<Option<Child>>,
}

impl SecretServiceSession {
    /// Starts a bus and, unless `Start::Absent`, a keyring daemon, and waits until it serves.
    ///
    /// # Errors
    /// [`SessionError`], for instance when dbus or gnome-keyring is not installed.
    pub fn start(start: Start) -> Result<Self, SessionError> {
        let folder = tempfile::Builder::new().prefix("keyring-").tempdir().map_err(system("temporary folder"))?;
        for part in ["home", "data", "config", "cache", "run"] {
            std::fs::create_dir(folder.path().join(part)).map_err(system("folder of the session"))?;
        }
        let only_owner = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(folder.path().join("run"), only_owner).map_err(system("runtime folder"))?;

        let services = if start == Start::Absent { "" } else { "<standard_session_servicedirs/>" };
        let sockets = folder.path().join("run");
        let text = BUS.replace("FOLDER", &sockets.to_string_lossy()).replace("SERVICES", services);
        let config = folder.path().join("bus.conf");
        std::fs::write(&config, text).map_err(system("bus configuration"))?;

        let mut command = Command::new("dbus-daemon");
        command.args(["--nofork", "--print-address=1", "--config-file"]).arg(&config);
        let mut bus = isolated(&mut command, folder.path(), None)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(system("dbus-daemon (Debian package dbus)"))?;
        let mut address = String::new();
        if let Some(output) = bus.stdout.take() {
            BufReader::new(output).read_line(&mut address).map_err(system("address of the bus"))?;
        }
        // From here on dropping ends what was started, also when a later step fails.
        let session = Self { folder, address: address.trim().to_owned(), bus, daemon: Mutex::new(None) };
        match start {
            Start::Absent => {}
            Start::NoKeyring => session.serve(false)?,
            Start::Unlocked => session.serve(true)?,
            Start::Locked => {
                session.serve(true)?;
                session.kill_daemon()?;
                session.serve(false)?;
            }
        }
        Ok(session)
    }

    /// The environment for a child process that shall use this session; give it nothing of the real one but `PATH`.
    #[must_use]
    pub fn env(&self) -> Vec<(String, String)> {
        environment(self.folder.path(), Some(&self.address))
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_string_lossy().into_owned()))
            .collect()
    }

    /// Starts a keyring daemon, unlocked, where none was (also in `Start::Absent`); makes the keyring if there is none.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn start_daemon(&self) -> Result<(), SessionError> {
        self.serve(true)
    }

    /// Ends the keyring daemon at once, as a crash would. Where the bus can, it starts a new, locked one when asked next.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn kill_daemon(&self) -> Result<(), SessionError> {
        self.signal(Signal::KILL)?;
        if let Some(mut child) = self.daemon.lock().unwrap_or_else(PoisonError::into_inner).take() {
            child.wait().map_err(system("end of the keyring daemon"))?;
        }
        // The bus learns of it a moment later.
        self.wait("the end of the keyring daemon", |bus| Ok(!owned(bus)?))
    }

    /// Locks the keyring.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn lock(&self) -> Result<(), SessionError> {
        self.with_service(|service| Ok(service.get_default_collection()?.lock()?))
    }

    /// Unlocks the keyring with its password, without a prompt.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn unlock(&self) -> Result<(), SessionError> {
        self.with_bus(unlock_login)
    }

    /// Stops the daemon's process: it keeps its name on the bus and answers nothing.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn freeze(&self) -> Result<(), SessionError> {
        self.signal(Signal::STOP)
    }

    /// Lets a frozen daemon go on.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn thaw(&self) -> Result<(), SessionError> {
        self.signal(Signal::CONT)
    }

    /// Everything that any program can see without unlocking: labels and attributes, sorted.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn visible_items(&self) -> Result<Vec<SeenItem>, SessionError> {
        self.with_service(|service| {
            let mut seen = Vec::new();
            for item in service.get_default_collection()?.get_all_items()? {
                let attributes = item.get_attributes()?.into_iter().collect();
                seen.push(SeenItem { label: item.get_label()?, attributes });
            }
            seen.sort_by(|a, b| (&a.label, &a.attributes).cmp(&(&b.label, &b.attributes)));
            Ok(seen)
        })
    }

    /// The secrets of all items with this service and user name, read as another program would.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn secrets(&self, service_name: &str, user_name: &str) -> Result<Vec<Vec<u8>>, SessionError> {
        let attributes = HashMap::from([("service", service_name), ("username", user_name)]);
        self.with_service(|service| {
            let found = service.search_items(attributes)?;
            found.unlocked.iter().map(|item| Ok(item.get_secret()?)).collect()
        })
    }

    /// Adds an item as another program would; never replaces one.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn add(&self, attributes: &HashMap<&str, &str>, secret: &[u8]) -> Result<(), SessionError> {
        self.with_service(|service| {
            let collection = service.get_default_collection()?;
            collection.create_item("made by another program", attributes.clone(), secret, false, "text/plain")?;
            Ok(())
        })
    }

    fn serve(&self, unlocked: bool) -> Result<(), SessionError> {
        let mut command = Command::new("sh");
        command.args(["-c", DAEMON]);
        command.arg(if unlocked { "--unlock" } else { "--start" });
        let mut child = isolated(&mut command, self.folder.path(), Some(&self.address))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(system("gnome-keyring-daemon (Debian package gnome-keyring)"))?;
        let input = child.stdin.take();
        *self.daemon.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
        if let (true, Some(mut input)) = (unlocked, input) {
            input.write_all(PASSWORD.as_bytes()).map_err(system("password of the keyring"))?;
        }
        self.wait("a keyring daemon on the bus", owned)?;
        if unlocked {
            self.wait("an unlocked keyring", |bus| {
                let service = SecretService::connect_with_existing(EncryptionType::Plain, bus.clone())?;
                match service.get_default_collection() {
                    Ok(collection) => Ok(!collection.is_locked()?),
                    Err(secret_service::Error::NoResult) => Ok(false),
                    Err(error) => Err(error.into()),
                }
            })?;
        }
        Ok(())
    }

    fn signal(&self, signal: Signal) -> Result<(), SessionError> {
        kill_process(self.daemon()?, signal).map_err(|error| system("signal to the keyring daemon")(error.into()))
    }

    pub(super) fn daemon(&self) -> Result<Pid, SessionError> {
        let number = self.with_bus(daemon_pid)?;
        i32::try_from(number).ok().and_then(Pid::from_raw).ok_or(SessionError::Late { what: "a process id" })
    }

    /// Asks again until `done`; each question is a round trip on the bus, which sets the pace.
    fn wait(
        &self,
        what: &'static str,
        done: impl Fn(&Connection) -> Result<bool, SessionError> + Send,
    ) -> Result<(), SessionError> {
        self.with_bus(move |bus| {
            let until = Instant::now() + PATIENCE;
            while !done(bus)? {
                if Instant::now() > until {
                    return Err(SessionError::Late { what });
                }
                std::thread::yield_now();
            }
            Ok(())
        })
    }

    pub(super) fn with_service<T: Send>(
        &self,
        work: impl FnOnce(&SecretService<'_>) -> Result<T, SessionError> + Send,
    ) -> Result<T, SessionError> {
        self.with_bus(|bus| work(&SecretService::connect_with_existing(EncryptionType::Dh, bus.clone())?))
    }

    /// Works on a thread of its own, since zbus cannot block inside an async runtime, and tests may be async.
    fn with_bus<T: Send>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, SessionError> + Send,
    ) -> Result<T, SessionError> {
        let (send, receive) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let outcome = connection::Builder::address(self.address.as_str())
                    .and_then(|builder| builder.method_timeout(PATIENCE).build())
                    .map_err(SessionError::from)
                    .and_then(|bus| work(&bus));
                drop(send.send(outcome));
            });
        });
        receive.recv().unwrap_or(Err(SessionError::Late { what: "an answer" }))
    }
}

impl Drop for SecretServiceSession {
    fn drop(&mut self) {
        // A daemon that the bus started is no child of ours: its process id is asked for while the bus still lives.
        drop(self.signal(Signal::KILL));
        let own = self.daemon.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut child) = own {
            drop(child.kill());
            drop(child.wait());
        }
        drop(self.bus.kill());
        drop(self.bus.wait());
    }
}

pub(super) fn system(what: &'static str) -> impl FnOnce(std::io::Error) -> SessionError {
    move |source| SessionError::System { what, source }
}

fn environment(folder: &Path, address: Option<&str>) -> Vec<(&'static str, OsString)> {
    let at = |part: &str| folder.join(part).into_os_string();
    let mut all = vec![
        ("HOME", at("home")),
        ("XDG_DATA_HOME", at("data")),
        ("XDG_CONFIG_HOME", at("config")),
        ("XDG_CACHE_HOME", at("cache")),
        ("XDG_RUNTIME_DIR", at("run")),
        ("LANG", "C.UTF-8".into()),
    ];
    all.extend(address.map(|address| ("DBUS_SESSION_BUS_ADDRESS", address.into())));
    all
}

fn isolated<'a>(command: &'a mut Command, folder: &Path, address: Option<&str>) -> &'a mut Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).envs(environment(folder, address))
}

fn owned(bus: &Connection) -> Result<bool, SessionError> {
    Ok(DBusProxy::new(bus)?.name_has_owner(BusName::try_from(SERVICE).map_err(zbus::Error::from)?)?)
}

fn daemon_pid(bus: &Connection) -> Result<u32, SessionError> {
    let name = BusName::try_from(SERVICE).map_err(zbus::Error::from)?;
    Ok(DBusProxy::new(bus)?.get_connection_unix_process_id(name)?)
}

/// GNOME Keyring's own door for tests and PAM; the standard one always prompts.
fn unlock_login(bus: &Connection) -> Result<(), SessionError> {
    let service = "/org/freedesktop/secrets";
    let standard = "org.freedesktop.Secret.Service";
    let input = zbus::zvariant::Value::from("");
    let opened = bus.call_method(Some(SERVICE), service, Some(standard), "OpenSession", &("plain", input))?;
    let (_, session): (zbus::zvariant::OwnedValue, OwnedObjectPath) = opened.body().deserialize()?;
    let named = bus.call_method(Some(SERVICE), service, Some(standard), "ReadAlias", &"default")?;
    let collection: OwnedObjectPath = named.body().deserialize()?;
    let nothing: &[u8] = &[];
    let session = ObjectPath::from(session);
    let master = (&session, nothing, PASSWORD.as_bytes(), "text/plain");
    bus.call_method(
        Some(SERVICE),
        service,
        Some("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"),
        "UnlockWithMasterPassword",
        &(ObjectPath::from(collection), master),
    )?;
    Ok(())
}
