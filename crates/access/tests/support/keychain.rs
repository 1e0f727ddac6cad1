//! A keychain in memory that can be made to fail; the real one is tested in its own room.

use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use inbound_access_job::secrets::SecretStore;
use inbound_keychain::{ItemName, KeychainError, OtherKind};
use secrecy::{ExposeSecret, SecretString};

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Mood {
    /// Nothing.
    #[default]
    Fine,
    /// Every call finds no keychain.
    Absent,
    /// Every call finds it locked.
    Locked,
    /// A prompt is open that is answered once the operator was told of it.
    Asks,
    /// The trial item works, but real items cannot be written.
    RefusesToStore,
    /// Writing takes effect, but no answer comes.
    StoresInSilence,
    /// As [`Mood::RefusesToStore`], and the program dies when it removes an item.
    RefusesAndDies,
}

#[derive(Default)]
pub struct MemoryKeychain {
    items: Mutex<HashMap<(String, String), String>>,
    mood: Mutex<Mood>,
    /// The program dies now.
    pub dies: tokio::sync::Notify,
}

impl MemoryKeychain {
    pub fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Accounts of the items.
    pub fn accounts(&self) -> Vec<String> {
        let mut accounts: Vec<String> = self.items.lock().unwrap().keys().map(|(_, account)| account.clone()).collect();
        accounts.sort();
        accounts
    }

    /// The secrets themselves.
    pub fn values(&self) -> Vec<String> {
        self.items.lock().unwrap().values().cloned().collect()
    }

    pub fn forget_all(&self) {
        self.items.lock().unwrap().clear();
    }

    fn reach(&self) -> Result<(), KeychainError> {
        match *self.mood.lock().unwrap() {
            Mood::Absent => Err(KeychainError::Absent),
            Mood::Locked => Err(KeychainError::Locked),
            Mood::Asks => Err(KeychainError::Other { kind: OtherKind::TimedOut, words: "No answer.".to_owned() }),
            Mood::Fine | Mood::RefusesToStore | Mood::StoresInSilence | Mood::RefusesAndDies => Ok(()),
        }
    }
}

fn key(name: &ItemName) -> (String, String) {
    (name.service.clone(), name.account.clone())
}

#[async_trait]
impl SecretStore for MemoryKeychain {
    fn place(&self) -> &'static str {
        "Secret Service keyring"
    }

    async fn prove(&self) -> Result<(), KeychainError> {
        self.reach()
    }

    async fn prove_when_asked(&self) -> Result<(), KeychainError> {
        let mut mood = self.mood.lock().unwrap();
        if *mood == Mood::Asks {
            *mood = Mood::Fine;
        }
        drop(mood);
        self.reach()
    }

    async fn store(&self, name: &ItemName, secret: &SecretString) -> Result<(), KeychainError> {
        self.reach()?;
        if matches!(*self.mood.lock().unwrap(), Mood::RefusesToStore | Mood::RefusesAndDies) {
            return Err(KeychainError::Other { kind: OtherKind::Failed, words: "The disk is full.".to_owned() });
        }
        self.items.lock().unwrap().insert(key(name), secret.expose_secret().to_owned());
        if *self.mood.lock().unwrap() == Mood::StoresInSilence {
            return Err(KeychainError::Other { kind: OtherKind::TimedOut, words: "No answer.".to_owned() });
        }
        Ok(())
    }

    async fn read(&self, name: &ItemName) -> Result<SecretString, KeychainError> {
        self.reach()?;
        let found = self.items.lock().unwrap().get(&key(name)).cloned();
        found.map(SecretString::from).ok_or(KeychainError::NotFound)
    }

    async fn delete(&self, name: &ItemName) -> Result<(), KeychainError> {
        self.reach()?;
        let dies = *self.mood.lock().unwrap() == Mood::RefusesAndDies;
        if dies {
            self.dies.notify_one();
            return std::future::pending().await;
        }
        self.items.lock().unwrap().remove(&key(name)).map(drop).ok_or(KeychainError::NotFound)
    }
}
