//! Stands in for the window in which GNOME Keyring asks for the keyring's password.
//!
//! The daemon calls whoever owns the name of the desktop's prompter. Where nobody does and there is no display, a prompt
//! closes at once; here it can stay open, or be closed by an operator.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use zbus::blocking::{Connection, MessageIterator, connection};
use zbus::message::Type;
use zbus::zvariant::{OwnedObjectPath, Value};

use super::secret_service::{SecretServiceSession, SessionError};

const NAME: &str = "org.gnome.keyring.SystemPrompter";
const CALLBACK: &str = "org.gnome.keyring.internal.Prompter.Callback";

/// What the operator does at the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// Nothing: the window stays open and nobody sees it.
    Nothing,
    /// Closes it.
    No,
}

/// The prompter; with it goes the prompt.
#[derive(Debug)]
pub struct Prompter {
    bus: Connection,
    asked: Arc<(Mutex<usize>, Condvar)>,
    answered: Arc<AtomicUsize>,
}

impl SecretServiceSession {
    /// Puts a prompter on the session's bus, before the daemon looks for one.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn prompter(&self, says: Says) -> Result<Prompter, SessionError> {
        let bus = connection::Builder::address(self.address.as_str())?.build()?;
        let messages = MessageIterator::from(&bus);
        bus.request_name(NAME)?;
        let (asked, answered) = (Arc::new((Mutex::new(0), Condvar::new())), Arc::new(AtomicUsize::new(0)));
        let (own_bus, own_asked, own_answered) = (bus.clone(), Arc::clone(&asked), Arc::clone(&answered));
        std::thread::spawn(move || {
            // Ends with the connection.
            for message in messages.flatten() {
                let header = message.header();
                let member = header.member().map(|name| name.to_string()).unwrap_or_default();
                if message.message_type() != Type::MethodCall
                    || !member.ends_with("Prompting") && member != "PerformPrompt"
                {
                    continue;
                }
                if member == "BeginPrompting" {
                    *own_asked.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                    own_asked.1.notify_all();
                }
                if says == Says::No && answer(&own_bus, &message, &member).is_ok() {
                    own_answered.fetch_add(usize::from(member == "PerformPrompt"), Ordering::AcqRel);
                }
            }
        });
        Ok(Prompter { bus, asked, answered })
    }
}

/// Plays the prompter's part: ready at once, and "no" when it is to show something.
fn answer(bus: &Connection, message: &zbus::Message, member: &str) -> zbus::Result<()> {
    bus.reply(&message.header(), &())?;
    let Some(daemon) = message.header().sender().map(ToOwned::to_owned) else { return Ok(()) };
    let words = if member == "PerformPrompt" { "no" } else { "" };
    let path: OwnedObjectPath = match member {
        "BeginPrompting" => message.body().deserialize()?,
        "PerformPrompt" => {
            let (path, ..): (OwnedObjectPath, String, HashMap<String, Value<'_>>, String) =
                message.body().deserialize()?;
            path
        }
        _ => return Ok(()),
    };
    let nothing: HashMap<&str, Value<'_>> = HashMap::new();
    bus.call_method(Some(daemon), path, Some(CALLBACK), "PromptReady", &(words, nothing, ""))?;
    Ok(())
}

impl Prompter {
    /// Waits until the daemon has asked for a prompt.
    pub fn wait_until_asked(&self) {
        let mut asked = self.asked.0.lock().unwrap_or_else(PoisonError::into_inner);
        while *asked == 0 {
            asked = self.asked.1.wait(asked).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// How many prompts were shown and closed.
    #[must_use]
    pub fn closed(&self) -> usize {
        self.answered.load(Ordering::Acquire)
    }
}

impl Drop for Prompter {
    fn drop(&mut self) {
        drop(self.bus.clone().close());
    }
}
