//! The system's own store, held up where a test wants something to happen in the middle of an operation.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex};

use inbound_keychain::StoreFactory;
use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, CredentialStore, Entry, Result};
use zbus_secret_service_keyring_store::Store;

/// Where operations stop, in order, and whether they may go on.
#[derive(Clone, Default)]
pub struct Halts(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    at: Vec<String>,
    passes: usize,
}

impl Halts {
    /// The next operation stops at these points: `built`, `set`.
    pub fn plan(&self, at: Vec<String>) {
        self.0.0.lock().unwrap().at = at;
    }

    /// Lets the operation that stands at a point go on.
    pub fn pass(&self) {
        self.0.0.lock().unwrap().passes += 1;
        self.0.1.notify_all();
    }

    fn reached(&self, point: &str) {
        let mut state = self.0.0.lock().unwrap();
        if state.at.first().is_none_or(|planned| planned != point) {
            return;
        }
        state.at.remove(0);
        super::tell(&serde_json::json!({ "state": "stands", "words": point, "seconds": 0.0 }));
        while state.passes == 0 {
            state = self.0.1.wait(state).unwrap();
        }
        state.passes -= 1;
    }

    pub fn factory(&self) -> StoreFactory {
        let halts = self.clone();
        Arc::new(move || {
            let inner: Arc<CredentialStore> = Store::new()?;
            halts.reached("built");
            let held: Arc<CredentialStore> = Arc::new(Held { inner, halts: halts.clone() });
            Ok(held)
        })
    }
}

struct Held {
    inner: Arc<CredentialStore>,
    halts: Halts,
}

impl CredentialStoreApi for Held {
    fn vendor(&self) -> String {
        self.inner.vendor()
    }

    fn id(&self) -> String {
        self.inner.id()
    }

    fn build(&self, service: &str, user: &str, modifiers: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        let inner = self.inner.build(service, user, modifiers)?;
        Ok(Entry::new_with_credential(Arc::new(HeldItem { inner, halts: self.halts.clone() })))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct HeldItem {
    inner: Entry,
    halts: Halts,
}

impl CredentialApi for HeldItem {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        self.inner.set_secret(secret)?;
        self.halts.reached("set");
        Ok(())
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        self.inner.get_secret()
    }

    fn delete_credential(&self) -> Result<()> {
        self.inner.delete_credential()
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        self.inner.get_specifiers()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
