//! An in-memory store that fails or hangs on command.

use std::any::Any;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, CredentialStore, Entry, Error, Result};

use crate::keychain::StoreFactory;

type Key = (String, String);

/// An error made when it is due; errors of the stores cannot be cloned.
pub type Fault = Box<dyn FnOnce() -> Error + Send>;

#[derive(Default)]
struct State {
    items: HashMap<Key, Vec<u8>>,
    faults: VecDeque<Option<Fault>>,
    gate: Option<Gate>,
    calls: Vec<&'static str>,
    garbles: bool,
    inside: usize,
    most_inside: usize,
}

/// A store in memory; clones share their items.
#[derive(Clone, Default)]
pub struct FakeStore {
    state: Arc<Mutex<State>>,
}

impl FakeStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// For [`crate::Keychain::with_store`].
    #[must_use]
    pub fn factory(&self) -> StoreFactory {
        let own = self.clone();
        Arc::new(move || {
            own.enter("build")?;
            let store: Arc<CredentialStore> = Arc::new(own.clone());
            Ok(store)
        })
    }

    /// The next calls, in order, fail (`Some`) or pass (`None`). Building the store is the first call of an operation.
    pub fn script(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        self.lock().faults.extend(faults);
    }

    /// Every call from now on waits at the gate that is returned, until it opens.
    #[must_use]
    pub fn shut(&self) -> Gate {
        let gate = Gate::default();
        self.lock().gate = Some(gate.clone());
        gate
    }

    /// Later calls wait no more; those at the gate stay there.
    pub fn unshut(&self) {
        self.lock().gate = None;
    }

    /// Lays raw bytes under a name.
    pub fn put(&self, service: &str, account: &str, bytes: &[u8]) {
        self.lock().items.insert((service.to_owned(), account.to_owned()), bytes.to_vec());
    }

    /// The names of all items, as (service, account), sorted.
    #[must_use]
    pub fn names(&self) -> Vec<(String, String)> {
        let mut names: Vec<Key> = self.lock().items.keys().cloned().collect();
        names.sort();
        names
    }

    /// From now on reads return something else than was stored.
    pub fn garble(&self) {
        self.lock().garbles = true;
    }

    /// From now on reads return what was stored.
    pub fn ungarble(&self) {
        self.lock().garbles = false;
    }

    /// The calls so far: `build`, `set`, `get`, `delete`.
    #[must_use]
    pub fn calls(&self) -> Vec<&'static str> {
        self.lock().calls.clone()
    }

    /// The most calls that were ever under way at the same moment.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        self.lock().most_inside
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, call: &'static str) -> Result<()> {
        let (gate, fault) = {
            let mut state = self.lock();
            state.calls.push(call);
            state.inside += 1;
            state.most_inside = state.most_inside.max(state.inside);
            (state.gate.clone(), state.faults.pop_front().flatten())
        };
        if let Some(gate) = gate {
            gate.wait();
        } else {
            // Gives an overlapping call the chance to show itself in `most_at_once`.
            std::thread::yield_now();
        }
        self.lock().inside -= 1;
        match fault {
            Some(fault) => Err(fault()),
            None => Ok(()),
        }
    }
}

/// Holds calls back until it is opened.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<(bool, usize)>, Condvar)>);

impl Gate {
    /// Lets all calls pass.
    pub fn open(&self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).0 = true;
        self.0.1.notify_all();
    }

    /// Blocks until `count` calls have come to the gate.
    pub fn wait_for(&self, count: usize) {
        let mut state = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        while state.1 < count {
            state = self.0.1.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn wait(&self) {
        let mut state = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.1 += 1;
        self.0.1.notify_all();
        while !state.0 {
            state = self.0.1.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl CredentialStoreApi for FakeStore {
    fn vendor(&self) -> String {
        "fake".to_owned()
    }

    fn id(&self) -> String {
        "fake".to_owned()
    }

    fn build(&self, service: &str, user: &str, _modifiers: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        let item = FakeItem { store: self.clone(), key: (service.to_owned(), user.to_owned()) };
        Ok(Entry::new_with_credential(Arc::new(item)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FakeStore")
    }
}

struct FakeItem {
    store: FakeStore,
    key: Key,
}

impl CredentialApi for FakeItem {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        self.store.enter("set")?;
        self.store.lock().items.insert(self.key.clone(), secret.to_vec());
        Ok(())
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        self.store.enter("get")?;
        let state = self.store.lock();
        let mut secret = state.items.get(&self.key).cloned().ok_or(Error::NoEntry)?;
        if state.garbles {
            secret.reverse();
        }
        Ok(secret)
    }

    fn delete_credential(&self) -> Result<()> {
        self.store.enter("delete")?;
        self.store.lock().items.remove(&self.key).map(|_| ()).ok_or(Error::NoEntry)
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        Some(self.key.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FakeItem")
    }
}
