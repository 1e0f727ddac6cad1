//! Everything that passes over the session's message bus, the keyring's messages among it, as a file.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use inbound_keychain::testing::SecretServiceSession;

use crate::machine::until;

/// A monitor of the bus, which every program of the same user may run; ends with this.
pub struct BusRecord {
    monitor: Child,
    path: PathBuf,
}

impl BusRecord {
    /// Begins to write into `folder`, and waits until it does.
    pub async fn begin(session: &SecretServiceSession, folder: &Path) -> Self {
        let path = folder.join("bus.pcap");
        let file = File::create(&path).expect("a file for the bus's messages");
        let monitor = Command::new("dbus-monitor")
            .args(["--session", "--pcap"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(session.env())
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-monitor (Debian package dbus)");
        let record = Self { monitor, path };
        until("the bus is being listened to", async || {
            // Something has to pass for something to be heard.
            session.visible_items().ok()?;
            (!record.bytes().is_empty()).then_some(())
        })
        .await;
        record
    }

    /// What passed so far.
    pub fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.path).unwrap_or_default()
    }
}

impl Drop for BusRecord {
    fn drop(&mut self) {
        // Both fail only when it is gone already.
        if self.monitor.kill().is_ok() {
            let _ = self.monitor.wait();
        }
    }
}
