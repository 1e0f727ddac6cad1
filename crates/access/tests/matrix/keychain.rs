//! A keychain for tests that outlives their processes. It is a plain file, as no real one may be.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use inbound_access_job::secrets::SecretStore;
use inbound_keychain::{ItemName, KeychainError, OtherKind};
use secrecy::{ExposeSecret, SecretString};

use crate::calls::{Call, Kind};
use crate::strike::Blow;

#[derive(Debug, Clone)]
pub struct FileKeychain {
    path: PathBuf,
    /// The trial item works, real items are refused.
    refuses: bool,
}

impl FileKeychain {
    pub fn at(path: PathBuf, refuses: bool) -> Self {
        Self { path, refuses }
    }

    /// Secrets by account.
    pub fn items(&self) -> BTreeMap<String, String> {
        std::fs::read(&self.path).map_or_else(|_| BTreeMap::new(), |bytes| serde_json::from_slice(&bytes).unwrap())
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, String>)) {
        let mut items = self.items();
        change(&mut items);
        std::fs::write(&self.path, serde_json::to_vec(&items).unwrap()).unwrap();
    }
}

#[async_trait]
impl SecretStore for FileKeychain {
    fn place(&self) -> &'static str {
        "Secret Service keyring"
    }

    async fn prove(&self) -> Result<(), KeychainError> {
        Ok(())
    }

    async fn prove_when_asked(&self) -> Result<(), KeychainError> {
        Ok(())
    }

    async fn store(&self, name: &ItemName, secret: &SecretString) -> Result<(), KeychainError> {
        if self.refuses {
            return Err(KeychainError::Other { kind: OtherKind::Failed, words: "The disk is full.".to_owned() });
        }
        let (account, secret) = (name.account.clone(), secret.expose_secret().to_owned());
        self.change(|items| drop(items.insert(account, secret)));
        Ok(())
    }

    async fn read(&self, name: &ItemName) -> Result<SecretString, KeychainError> {
        self.items().remove(&name.account).map(SecretString::from).ok_or(KeychainError::NotFound)
    }

    async fn delete(&self, name: &ItemName) -> Result<(), KeychainError> {
        let there = self.items().contains_key(&name.account);
        self.change(|items| drop(items.remove(&name.account)));
        there.then_some(()).ok_or(KeychainError::NotFound)
    }
}

/// The same, at which a fault strikes when it is to keep a secret.
pub struct Striking {
    pub inner: FileKeychain,
    pub at: Call,
    pub seen: AtomicU32,
    pub blow: Arc<dyn Blow>,
}

#[async_trait]
impl SecretStore for Striking {
    fn place(&self) -> &'static str {
        self.inner.place()
    }

    async fn prove(&self) -> Result<(), KeychainError> {
        self.inner.prove().await
    }

    async fn prove_when_asked(&self) -> Result<(), KeychainError> {
        self.inner.prove_when_asked().await
    }

    async fn store(&self, name: &ItemName, secret: &SecretString) -> Result<(), KeychainError> {
        let struck = self.at.kind == Kind::Keep && self.seen.fetch_add(1, Ordering::SeqCst) + 1 == self.at.nth;
        if struck {
            self.blow.before().await;
        }
        let stored = self.inner.store(name, secret).await;
        if struck {
            self.blow.answered().await;
        }
        stored
    }

    async fn read(&self, name: &ItemName) -> Result<SecretString, KeychainError> {
        self.inner.read(name).await
    }

    async fn delete(&self, name: &ItemName) -> Result<(), KeychainError> {
        self.inner.delete(name).await
    }
}
