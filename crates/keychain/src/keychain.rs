//! The keychain as the rest of the product uses it.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::classify::{Trouble, classify};
use crate::error::{KeychainError, OtherKind};
use crate::item::ItemName;
use crate::late::LateWrites;
use crate::platform::{self, Phase};
use crate::worker::{Abandoned, Lost, Worker};

/// Builds a store; called anew for every operation, since a held one dies with its service (security.md 7).
pub type StoreFactory = Arc<dyn Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send + Sync>;

/// How long an operation is waited for, once it is its turn and before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Usually; 5 s.
    pub call: Duration,
    /// When the operator was told that the keychain may show a prompt ([`Keychain::awaiting_prompt`]); 60 s.
    pub prompted: Duration,
    /// For one's turn behind other operations; 30 s, so that several secrets can be read side by side. When a prompt was
    /// announced, as long as `prompted`.
    pub queue: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { call: Duration::from_secs(5), prompted: Duration::from_secs(60), queue: Duration::from_secs(30) }
    }
}

/// The operating system's keychain. Clones share one worker thread; operations run one at a time, in order.
///
/// After [`OtherKind::TimedOut`] the state is unknown: a write may still land. The keychain stays usable, and reading or
/// storing again finds a write that landed late; one whose item was deleted meanwhile is removed as it lands. After
/// [`OtherKind::Crowded`] nothing was sent.
#[derive(Clone)]
pub struct Keychain {
    factory: StoreFactory,
    worker: Arc<Worker>,
    late: Arc<LateWrites>,
    bounds: Bounds,
    announced: bool,
}

impl fmt::Debug for Keychain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keychain").field("place", &self.place()).field("announced", &self.announced).finish()
    }
}

impl Keychain {
    /// This system's keychain with the usual bounds. Opens nothing yet.
    #[must_use]
    pub fn native() -> Self {
        Self::with_store(Arc::new(platform::open_store), Bounds::default())
    }

    /// A keychain over another store, for tests.
    #[must_use]
    pub fn with_store(factory: StoreFactory, bounds: Bounds) -> Self {
        Self { factory, worker: Arc::default(), late: Arc::default(), bounds, announced: false }
    }

    /// The same keychain for operations of which the operator was told that a prompt may be open: they are waited for
    /// longer ([`Bounds::prompted`]), and a prompt that closes counts as [`KeychainError::Declined`].
    ///
    /// So an operation can be tried as usual first and, after [`OtherKind::TimedOut`], again by this one once the operator
    /// was told, although the first may still hang at the prompt.
    #[must_use]
    pub fn awaiting_prompt(&self) -> Self {
        Self { announced: true, ..self.clone() }
    }

    /// What this system calls the place, for texts.
    #[must_use]
    pub fn place(&self) -> &'static str {
        platform::PLACE
    }

    /// Proves that the keychain keeps and returns a secret: writes a canary under a name of its own, reads it back and
    /// removes it. Never touches real items (promise P18). Removes the canary even when the bound passed meanwhile.
    ///
    /// # Errors
    /// [`KeychainError`]; nothing stays behind unless the text says so.
    pub async fn prove(&self) -> Result<(), KeychainError> {
        let name = ItemName::canary();
        let canary = SecretString::from(format!("{}.{}~", Uuid::new_v4(), Uuid::new_v4()).as_str());
        self.perform("prove", &name.clone(), move |items| {
            if let Err(trouble) = items.set(&name, &canary) {
                // It may have been written all the same. Not asked of a locked keychain: that would prompt again.
                if matches!(trouble, Trouble::Told(KeychainError::Other { .. })) {
                    drop(items.remove(&name));
                }
                return Err(trouble);
            }
            let same = items.holds(&name, &canary);
            match (same, items.remove(&name)) {
                (Err(Trouble::Stale), _) => Err(Trouble::Stale),
                (Ok(true), removed) => removed.map_err(|trouble| leftover(trouble, &name)),
                (Ok(false), removed) => Err(named(mismatch(&name), removed.is_err(), &name).into()),
                (Err(Trouble::Told(_)), removed) => {
                    Err(named(KeychainError::unverified(), removed.is_err(), &name).into())
                }
            }
        })
        .await
    }

    /// Stores `secret` under `name`, replacing what was there, and reads it back.
    ///
    /// # Errors
    /// [`KeychainError`]. After [`OtherKind::TimedOut`] the write may have landed or still land; after any other error
    /// nothing new is stored, unless the text says so.
    pub async fn store(&self, name: &ItemName, secret: &SecretString) -> Result<(), KeychainError> {
        fits(secret, platform::LONGEST_SECRET)?;
        // That older write would be removed as it lands, and this one with it.
        if self.late.is_withdrawn(name) {
            return Err(KeychainError::crowded());
        }
        let (own_name, secret, late) = (name.clone(), secret.clone(), Arc::clone(&self.late));
        self.perform("store", name, move |items| {
            let writing = late.begin(&own_name, items.abandoned);
            items.set(&own_name, &secret)?;
            let same = items.holds(&own_name, &secret);
            if writing.was_withdrawn() {
                items.remove(&own_name)?;
                return Err(KeychainError::broken_off().into());
            }
            match same {
                Ok(true) => Ok(()),
                Ok(false) => Err(mismatch(&own_name).into()),
                Err(Trouble::Stale) => Err(Trouble::Stale),
                // It was written, whatever reading says of itself.
                Err(Trouble::Told(_)) => Err(KeychainError::unverified().into()),
            }
        })
        .await
    }

    /// Reads the secret under `name`.
    ///
    /// # Errors
    /// [`KeychainError`]; [`KeychainError::NotFound`] if there is none.
    pub async fn read(&self, name: &ItemName) -> Result<SecretString, KeychainError> {
        let own_name = name.clone();
        self.perform("read", name, move |items| items.get(&own_name)).await
    }

    /// Removes the item under `name`. A write to it that was given up and lands later is removed too, as long as this
    /// process lives.
    ///
    /// # Errors
    /// [`KeychainError`]; [`KeychainError::NotFound`] if there is none.
    pub async fn delete(&self, name: &ItemName) -> Result<(), KeychainError> {
        self.late.withdraw(name);
        let own_name = name.clone();
        self.perform("delete", name, move |items| items.remove(&own_name)).await
    }

    async fn perform<T: Send + 'static>(
        &self,
        operation: &'static str,
        name: &ItemName,
        work: impl Fn(&Items<'_>) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, KeychainError> {
        name.check().map_err(|fault| KeychainError::failed(format!("Nothing was done in the keychain: {fault}.")))?;
        let Bounds { call, prompted, queue } = self.bounds;
        let (queue, bound) = if self.announced { (prompted.max(queue), prompted) } else { (queue, call) };
        let (factory, announced, own_name) = (Arc::clone(&self.factory), self.announced, name.clone());
        let outcome = self
            .worker
            .run(queue, bound, move |abandoned| {
                let wrote = Cell::new(false);
                let attempt = || {
                    let store = factory().map_err(|error| classify(error, &own_name, Phase::Open, announced))?;
                    work(&Items { store: store.as_ref(), abandoned, announced, wrote: &wrote })
                };
                let outcome = match attempt() {
                    // The service restarted between two steps: what was asked can be asked again from the start.
                    Err(Trouble::Stale) => attempt(),
                    outcome => outcome,
                };
                // The four plain states say that nothing was written. That is false when the first attempt did write.
                match outcome.map_err(Trouble::into_error) {
                    Err(error) if wrote.get() && !matches!(error, KeychainError::Other { .. }) => {
                        Err(named(KeychainError::unverified(), own_name.is_canary(), &own_name))
                    }
                    outcome => outcome,
                }
            })
            .await;
        let outcome = outcome.unwrap_or_else(|lost| Err(lost_words(lost, bound)));
        match &outcome {
            Ok(_) => tracing::debug!(operation, "keychain"),
            Err(KeychainError::NotFound) => tracing::debug!(operation, "keychain holds no such item"),
            Err(error) => tracing::warn!(operation, ?error, "keychain"),
        }
        outcome
    }
}

/// The items of one store, for one operation on the worker thread.
struct Items<'a> {
    store: &'a CredentialStore,
    abandoned: &'a Abandoned,
    announced: bool,
    /// Whether this operation has an item in the keychain that it wrote.
    wrote: &'a Cell<bool>,
}

impl Items<'_> {
    fn entry(&self, name: &ItemName) -> Result<Entry, Trouble> {
        platform::with_modifiers(name, |modifiers| self.store.build(&name.service, &name.account, Some(modifiers)))
            .map_err(|error| self.trouble(error, name))
    }

    fn set(&self, name: &ItemName, secret: &SecretString) -> Result<(), Trouble> {
        let entry = self.entry(name)?;
        // Whoever asked was told "unknown" already; a write that has not begun must not surprise them later.
        if self.abandoned.is_set() {
            return Err(KeychainError::broken_off().into());
        }
        entry.set_password(secret.expose_secret()).map_err(|error| self.trouble(error, name))?;
        self.wrote.set(true);
        Ok(())
    }

    fn get(&self, name: &ItemName) -> Result<SecretString, Trouble> {
        let text = self.entry(name)?.get_password().map_err(|error| self.trouble(error, name))?;
        // Copied into a box of the exact size: turning the String itself into one can leave an unwiped copy behind.
        let text = Zeroizing::new(text);
        Ok(SecretString::from(text.as_str()))
    }

    fn holds(&self, name: &ItemName, secret: &SecretString) -> Result<bool, Trouble> {
        Ok(self.get(name)?.expose_secret() == secret.expose_secret())
    }

    fn remove(&self, name: &ItemName) -> Result<(), Trouble> {
        self.entry(name)?.delete_credential().map_err(|error| self.trouble(error, name))?;
        self.wrote.set(false);
        Ok(())
    }

    fn trouble(&self, error: keyring_core::Error, name: &ItemName) -> Trouble {
        classify(error, name, Phase::Item, self.announced)
    }
}

/// Whether the keychain can take the secret at all; `longest` in UTF-16 units.
fn fits(secret: &SecretString, longest: Option<usize>) -> Result<(), KeychainError> {
    let text = secret.expose_secret();
    if text.is_empty() {
        return Err(KeychainError::failed("The secret is empty, so nothing was stored."));
    }
    let units = text.encode_utf16().count();
    match longest {
        Some(longest) if units > longest => Err(KeychainError::failed(format!(
            "The secret is {units} UTF-16 characters long; the {} takes at most {longest} ({} bytes). Nothing was \
             stored.",
            platform::PLACE,
            longest * 2
        ))),
        _ => Ok(()),
    }
}

fn mismatch(name: &ItemName) -> KeychainError {
    KeychainError::failed(format!(
        "The {} returned something else than was stored under \"{name}\", so it cannot be trusted with a secret. Check \
         whether another program writes to it, and try again.",
        platform::PLACE
    ))
}

/// With the name of the canary, where it may stay behind.
fn named(error: KeychainError, stays: bool, name: &ItemName) -> KeychainError {
    match error {
        KeychainError::Other { kind, words } if stays => KeychainError::other(
            kind,
            format!("{words} The test item \"{name}\" may stay behind; it can be removed by hand."),
        ),
        error => error,
    }
}

/// The canary could not be removed: said, since it stays visible to the operator.
fn leftover(trouble: Trouble, name: &ItemName) -> Trouble {
    match trouble {
        Trouble::Told(error) if !matches!(error, KeychainError::Other { kind: OtherKind::TimedOut, .. }) => {
            KeychainError::failed(format!(
                "The {} keeps secrets but does not remove them: the test item \"{name}\" stays behind and may be removed \
                 by hand. {error}",
                platform::PLACE
            ))
            .into()
        }
        trouble => trouble,
    }
}

fn lost_words(lost: Lost, bound: Duration) -> KeychainError {
    match lost {
        Lost::BoundPassed => KeychainError::timed_out(bound),
        Lost::Crowded => KeychainError::crowded(),
        Lost::NoThread(error) => KeychainError::failed(format!(
            "The system gave no thread to reach the {} ({}). Nothing was read or written. Close other programs and try \
             again.",
            platform::PLACE,
            error.kind()
        )),
        Lost::Died => KeychainError::other(
            OtherKind::TimedOut,
            format!(
                "The link to the {} stopped unexpectedly, so it is unknown whether the step took place. Try again.",
                platform::PLACE
            ),
        ),
    }
}

#[cfg(test)]
#[path = "keychain_tests.rs"]
mod tests;
