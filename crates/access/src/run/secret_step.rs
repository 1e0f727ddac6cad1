//! Making the client secret. At every moment it is exactly one of: in the keychain and read back, shown once to the
//! operator who said that they have it, or removed from Entra, or named in a problem and in the journal until it is
//! (promise P31).

use inbound_entra::graph::{GraphError, request};
use inbound_entra::ids::{AppId, KeyId, ObjectId};
use inbound_entra::model::{Application, NewPassword, PasswordCredential};
use inbound_keychain::KeychainError;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use crate::fix;
use crate::observe;
use crate::observe::observed::{Orphan, SecretsSeen};
use crate::patience::{GOOD_READS, LIMIT, Patience};
use crate::plan::planning;
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::run::execute::{Did, Run};
use crate::run::fact::{Aim, Fact, KEPT, Made, SecretTrace};
use crate::run::others::Thing;
use crate::run::secret_showing::NewSecret;
use crate::run::steps::{cancelled, replicating, unclear};
use crate::secrets;
use crate::words;

/// How often a secret is asked for, when answers get lost.
const TRIES: u32 = 3;
const ACT: &str = "make the client secret";
/// Who has the value of a secret that went no further than this process.
const NOBODY: &str = "nobody has its value";

/// Why a secret was not had.
enum NoSecret {
    /// Entra, or the way to it.
    Graph(GraphError),
    /// Something on this computer; nothing was sent.
    Here(Problem),
    /// Its app is gone.
    Gone(Problem),
}

impl From<GraphError> for NoSecret {
    fn from(error: GraphError) -> Self {
        Self::Graph(error)
    }
}

/// Whom the secret is for.
pub(super) struct Target {
    pub(super) number: u32,
    pub(super) application: ObjectId,
    pub(super) client: AppId,
    pub(super) end: Timestamp,
}

impl Run {
    pub(crate) async fn create_secret(&self, number: u32) -> Result<Did, Problem> {
        let app = self.app()?;
        let (application, client) = self.application_ids()?;
        let target = Target { number, application, client, end: app.wanted.secret_end };
        if !self.known().registered_now {
            if let Some(did) = self.tidy(&target).await? {
                return Ok(did);
            }
            // The plan was to make none: no secret is made that was not planned, nor in a keychain that is not proven.
            if app.has_secret() {
                return Err(Problem::new(Code::Stale, "The secret that was here when the plan was made is gone.")
                    .exists("No secret was made; what was done before stands.")
                    .advice("Plan again: the tenant and the keychain are looked at afresh."));
            }
        }
        let plain = planning::secret_description(app);
        let mut asked: Vec<String> = Vec::new();
        loop {
            let attempt = u32::try_from(asked.len()).unwrap_or(TRIES) + 1;
            let description = planning::mark(&plain, &self.short_id(), self.secrets_asked.saturating_add(attempt));
            let made = self.ask_for_secret(&target, &description).await;
            asked.push(description.clone());
            match made {
                Ok((password, request_id)) => {
                    let kept = self.keep(&target, &description, password, request_id).await;
                    if attempt == 1 {
                        return kept;
                    }
                    // Answers that were lost may have been carried out late.
                    let earlier = asked.iter().filter(|asked| **asked != description).cloned().collect::<Vec<_>>();
                    let Err(left) = self.remove_described(&target, &earlier, 1).await else { return kept };
                    // What was done with the secret stands; what is left over is found by the next plan.
                    let left = left.exists.unwrap_or(left.message);
                    return match kept {
                        Ok(did) => Ok(Did { note: did.note.map(|note| format!("{note}. {left}")), ..did }),
                        Err(mut problem) => {
                            problem.exists =
                                Some(problem.exists.map_or(left.clone(), |exists| format!("{exists} {left}")));
                            Err(problem)
                        }
                    };
                }
                Err(NoSecret::Here(problem)) => return Err(problem),
                Err(NoSecret::Gone(problem)) => {
                    self.secret_settled(&target, &description, "refused").await;
                    return Err(problem);
                }
                Err(NoSecret::Graph(error)) if unclear(&error) => {
                    self.remove_described(&target, &asked, GOOD_READS).await?;
                    if self.cancel.is_cancelled() {
                        return Err(cancelled("Cancelled; no secret of this run exists."));
                    }
                    if attempt >= TRIES {
                        return Err(trouble::graph(&error, ACT)
                            .exists("No secret of this run was found in Entra, and none is in the keychain."));
                    }
                }
                Err(NoSecret::Graph(GraphError::Cancelled)) => {
                    self.secret_settled(&target, &description, "never asked for").await;
                    return Err(cancelled("Cancelled before a secret was made."));
                }
                Err(NoSecret::Graph(error)) => {
                    // An answer that is not Graph's settles nothing.
                    if !matches!(error, GraphError::Unreadable { .. } | GraphError::ForeignHost { .. }) {
                        self.secret_settled(&target, &description, "refused").await;
                    }
                    let problem = if replicating(&error) {
                        trouble::still_replicating(Some(&error), ACT)
                    } else {
                        trouble::graph(&error, ACT)
                    };
                    return Err(problem.exists("No secret was made; what was done before stands."));
                }
            }
        }
    }

    /// One secret, waiting for the registration to be known everywhere.
    async fn ask_for_secret(
        &self,
        target: &Target,
        description: &str,
    ) -> Result<(NewPassword, Option<String>), NoSecret> {
        let mut patience = self.patience();
        loop {
            if self.cancel.is_cancelled() {
                return Err(GraphError::Cancelled.into());
            }
            self.intend_secret(target, description).await.map_err(NoSecret::Here)?;
            let call = self.call(target.number);
            let answer = self.parts.directory.add_password(&call, target.application, description, target.end).await;
            match answer {
                Ok(answer) => return Ok((answer.value, answer.request_id)),
                Err(error) if replicating(&error) => {
                    let thing = Thing::App(target.application);
                    let waited = self.await_replicas(target.number, &mut patience, thing, Some(&error), ACT).await;
                    if let Err(problem) = waited {
                        return Err(match problem.code {
                            Code::Cancelled => GraphError::Cancelled.into(),
                            Code::Stale | Code::NotFound => NoSecret::Gone(problem),
                            _ => error.into(),
                        });
                    }
                }
                Err(error) if self.may_await_role(target.number, &error) => {
                    if let Err(problem) = self.await_role(target.number, &mut patience, &error, ACT).await {
                        return Err(if problem.code == Code::Cancelled { GraphError::Cancelled } else { error }.into());
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn intend_secret(&self, target: &Target, description: &str) -> Result<(), Problem> {
        let intended =
            Fact::SecretIntended { client_id: target.client.to_string(), description: description.to_owned() };
        self.note(target.number, intended)
            .await
            .map_err(|problem| problem.exists("No secret was made; what was done before stands."))?;
        self.intend(target.number, &request::add_password(target.application, description, target.end), None).await
    }

    /// Puts the secret into the keychain, or shows it once, or takes it out of Entra again.
    async fn keep(
        &self,
        target: &Target,
        description: &str,
        password: NewPassword,
        request_id: Option<String>,
    ) -> Result<Did, Problem> {
        let key = password.credential.key_id;
        let name = self.app()?.name().to_owned();
        let made = Fact::SecretMade { description: description.to_owned(), key_id: key.to_string() };
        if let Err(problem) = self.note(target.number, made).await {
            tracing::warn!("{}", problem.message);
        }
        let object = Made::Secret {
            application: target.application,
            client: target.client,
            key,
            description: description.to_owned(),
            name,
        };
        self.made(target.number, object, true).await;
        if self.rotation().is_some() {
            self.learn(|known| known.value = Some(password.secret.clone()));
        }
        if self.app()?.shows_once() {
            return self.show(NewSecret { target, description, password, request_id }, None).await;
        }
        let item = secrets::item(&self.parts, &target.client.to_string(), &key.to_string());
        let secrets = &self.parts.secrets;
        let mut stored = secrets.store(&item, &password.secret).await;
        if let Err(error) = &stored {
            // A write that was not heard of may have landed; one more try mends what was only a hiccup.
            stored = match secrets.read(&item).await {
                Ok(read) if read.expose_secret() == password.secret.expose_secret() => Ok(()),
                _ if may_be_repeated(error) => secrets.store(&item, &password.secret).await,
                _ => stored,
            };
        }
        match stored {
            Ok(()) => {
                self.secret_settled(target, description, KEPT).await;
                let end = password.credential.end_date_time.unwrap_or(target.end);
                let place = secrets::place(
                    &self.parts,
                    &target.client.to_string(),
                    &key.to_string(),
                    description.to_owned(),
                    end.to_string(),
                );
                self.learn(|known| known.secret = Some(place));
                let note = format!("in the {} until {}", secrets.place(), words::day(end));
                Ok(Did { note: Some(note), request_id })
            }
            Err(error) => {
                let problem = trouble::keychain(&error);
                if self.shows.is_some() {
                    return self.show(NewSecret { target, description, password, request_id }, Some(problem)).await;
                }
                let exists =
                    "The secret could not be kept and was removed from Entra again; no secret of this run exists.";
                let problem = self.unmake(target, description, key, problem.exists(exists), NOBODY).await;
                // A late write must not leave a value that opens nothing.
                let _ = secrets.delete(&item).await;
                Err(problem)
            }
        }
    }

    /// Takes a secret of this run out of Entra again, because of `problem`, which says what exists then. If it cannot be
    /// removed, the answer says so, with `who` has its value.
    pub(super) async fn unmake(
        &self,
        target: &Target,
        description: &str,
        key: KeyId,
        problem: Problem,
        who: &str,
    ) -> Problem {
        match self.take_back(target, key).await {
            Ok(()) => {
                self.unmade(target.number, &key.to_string()).await;
                self.secret_settled(target, description, "removed from Entra").await;
                problem
            }
            Err(removal) => left_behind(problem, description, key, &removal, who),
        }
    }

    pub(super) async fn secret_settled(&self, target: &Target, description: &str, outcome: &str) {
        let fact = Fact::SecretSettled { description: description.to_owned(), outcome: outcome.to_owned() };
        if let Err(problem) = self.note(target.number, fact).await {
            tracing::warn!("{}", problem.message);
        }
    }

    /// An app that exists already: takes away what interrupted runs left, and finds a secret that is here after all.
    async fn tidy(&self, target: &Target) -> Result<Option<Did>, Problem> {
        let (seen, application) = self.secrets_of(target).await?;
        for Orphan { key, description, .. } in &seen.orphans {
            self.note_removal(target, *key)
                .await
                .map_err(|problem| problem.exists("Nothing was sent to the tenant by this step."))?;
            self.remove(target, *key).await.map_err(|problem| {
                problem.exists(format!(
                    "The secret \"{description}\" (key id {key}), left by an interrupted run, is still in Entra."
                ))
            })?;
            self.unmade(target.number, &key.to_string()).await;
            self.secret_settled(target, description, "removed from Entra").await;
        }
        self.settle_earlier(target.number, &application, seen.kept.as_ref()).await;
        let shows_once = self.app()?.shows_once();
        let removed = match seen.orphans.len() {
            0 => None,
            1 => Some("one removed"),
            _ => Some("removed"),
        };
        if let Some(before) = seen.shown.filter(|_| shows_once && seen.kept.is_none()) {
            self.learn(|known| {
                known.shown = Some(secrets::shown(&target.client.to_string(), &before.credential));
            });
            let note = match removed {
                None => "a secret was shown once already".to_owned(),
                Some(removed) => format!("{removed}; the secret that was shown once stays"),
            };
            return Ok(Some(Did { note: Some(note), request_id: None }));
        }
        // A secret that may be here must not be doubled.
        if let Some(words) = seen.unknown.filter(|_| !shows_once) {
            return Err(
                Problem::new(Code::KeychainFailed, words).exists("No secret was made; what was done before stands.")
            );
        }
        let Some(kept) = seen.kept else { return Ok(None) };
        let place = secrets::place(
            &self.parts,
            &target.client.to_string(),
            &kept.key_id.to_string(),
            kept.display_name.unwrap_or_default(),
            kept.end_date_time.map(|end| end.to_string()).unwrap_or_default(),
        );
        self.learn(|known| known.secret = Some(place));
        let note = match removed {
            None => "a secret is in the keychain already".to_owned(),
            Some(removed) => format!("{removed}; the secret in the keychain stays"),
        };
        Ok(Some(Did { note: Some(note), request_id: None }))
    }

    /// Notes what earlier attempts of this run did not learn of their secrets: that one is gone, or is `kept` after all.
    pub(crate) async fn settle_earlier(
        &self,
        number: u32,
        application: &Application,
        kept: Option<&PasswordCredential>,
    ) {
        for SecretTrace { description, key_id, .. } in self.journal.open_secrets(&application.app_id.to_string()).await
        {
            let is_it = |one: &&PasswordCredential| match &key_id {
                Some(key) => one.key_id.to_string() == *key,
                None => one.display_name.as_ref() == Some(&description),
            };
            let outcome = match application.password_credentials.iter().find(is_it) {
                None => {
                    if let Some(key) = &key_id {
                        self.unmade(number, key).await;
                    }
                    "not in Entra"
                }
                Some(found) if kept.is_some_and(|kept| kept.key_id == found.key_id) => {
                    let object = Made::Secret {
                        application: application.id,
                        client: application.app_id,
                        key: found.key_id,
                        description: description.clone(),
                        name: application.display_name.clone(),
                    };
                    if !self.view().made.iter().any(|made| made.id == found.key_id.to_string()) {
                        self.made(number, object, false).await;
                    }
                    KEPT
                }
                Some(_) => continue,
            };
            let fact = Fact::SecretSettled { description, outcome: outcome.to_owned() };
            if let Err(problem) = self.note(number, fact).await {
                tracing::warn!("{}", problem.message);
            }
        }
    }

    /// The app's secrets; where one that was asked for a moment ago is missing, several reads in a row must agree.
    async fn secrets_of(&self, target: &Target) -> Result<(SecretsSeen, Application), Problem> {
        let act = "read the app registration's secrets";
        let mut patience = self.patience();
        let mut lacking = 0;
        loop {
            let read = self.parts.directory.application(&self.call(target.number), target.application).await;
            if let Some(application) = read.map_err(|error| trouble::graph(&error, act))? {
                let seen = self.secrets_seen(&application).await;
                lacking += 1;
                if seen.whole || lacking >= GOOD_READS {
                    return Ok((seen, application));
                }
            }
            self.await_replicas(target.number, &mut patience, Thing::App(target.application), None, act).await?;
        }
    }

    /// Where a secret is to follow another, only this run's own counts as the new one.
    async fn secrets_seen(&self, application: &Application) -> SecretsSeen {
        if self.rotation().is_none() {
            return observe::secrets_seen(&self.parts, application).await;
        }
        let own = self.journal.secrets_described().await;
        fix::rotate::secrets_seen(&self.parts, application, &own).await
    }

    /// Removes every secret that bears one of these descriptions, until `reads` reads in a row find none.
    async fn remove_described(&self, target: &Target, descriptions: &[String], reads: u32) -> Result<(), Problem> {
        let mut patience = Patience::new(self.parts.clock.as_ref(), CancellationToken::new(), LIMIT);
        let mut clean = 0;
        let mut removed: Vec<KeyId> = Vec::new();
        let mut last_error = None;
        while clean < reads {
            match self.parts.directory.application(&Run::last_call(), target.application).await {
                Ok(Some(application)) => {
                    let found: Vec<_> = application
                        .password_credentials
                        .iter()
                        .filter(|one| !removed.contains(&one.key_id))
                        .filter_map(|one| {
                            Some((
                                one.key_id,
                                descriptions.iter().find(|name| one.display_name.as_ref() == Some(*name))?,
                            ))
                        })
                        .collect();
                    clean = if found.is_empty() { clean + 1 } else { 0 };
                    for (key, description) in found {
                        match self.take_back(target, key).await {
                            Ok(()) => {
                                removed.push(key);
                                self.secret_settled(target, description, "removed from Entra").await;
                            }
                            Err(problem) => last_error = Some(problem),
                        }
                    }
                }
                // Not known yet on this replica: no good read. A deleted app's secrets open nothing.
                Ok(None) => self.not_deleted(Thing::App(target.application), None).await.map_err(|problem| {
                    problem.exists(format!(
                        "A secret called \"{}\" may exist in it; nobody has its value.",
                        words::list(descriptions)
                    ))
                })?,
                Err(error) => last_error = Some(trouble::graph(&error, "look for the secret")),
            }
            if clean < reads && patience.wait(|_, _| {}).await.is_err() {
                let problem = last_error.unwrap_or_else(|| trouble::still_replicating(None, ACT));
                return Err(problem
                    .exists(format!(
                        "A secret called \"{}\" may exist in Entra; nobody has its value.",
                        words::list(descriptions)
                    ))
                    .advice("Plan again: the next run for this app removes it before it makes another."));
            }
        }
        // What was not seen stays open in the journal: should it turn up late, the next plan removes it.
        Ok(())
    }

    async fn note_removal(&self, target: &Target, key: KeyId) -> Result<(), Problem> {
        let aim = Some(Aim::Remove { id: key.to_string() });
        self.note(target.number, Fact::Intended { request: format!("removePassword {key}"), aim }).await
    }

    /// Removes a secret of this run. Nobody has its value: to leave it would be worse than to remove it unrecorded.
    async fn take_back(&self, target: &Target, key: KeyId) -> Result<(), Problem> {
        if let Err(problem) = self.note_removal(target, key).await {
            tracing::warn!("{}", problem.message);
        }
        self.remove(target, key).await
    }

    /// Removes one secret, and is content when it is gone already. Goes on after the operator cancelled: a secret
    /// whose value is lost is of no use to anyone.
    async fn remove(&self, target: &Target, key: KeyId) -> Result<(), Problem> {
        let act = "remove the client secret";
        let directory = &self.parts.directory;
        let mut patience = Patience::new(self.parts.clock.as_ref(), CancellationToken::new(), LIMIT);
        loop {
            let Err(error) = directory.remove_password(&Run::last_call(), target.application, key).await else {
                return Ok(());
            };
            let known = self.knows(target.application, key).await;
            if known == Some(false) && !replicating(&error) {
                return Ok(());
            }
            let retry = unclear(&error) || replicating(&error) || matches!(error, GraphError::NotSent { .. });
            if !retry || patience.wait(|_, _| {}).await.is_err() {
                return Err(trouble::graph(&error, act));
            }
        }
    }

    async fn knows(&self, application: ObjectId, key: KeyId) -> Option<bool> {
        let read = self.parts.directory.application(&Run::last_call(), application).await;
        let application = read.ok()??;
        Some(application.password_credentials.iter().any(|one| one.key_id == key))
    }
}

/// Whether writing once more may help.
fn may_be_repeated(error: &KeychainError) -> bool {
    matches!(error, KeychainError::Other { .. })
}

fn left_behind(problem: Problem, description: &str, key: KeyId, removal: &Problem, who: &str) -> Problem {
    let mut problem = problem
        .exists(format!(
            "The secret \"{description}\" (key id {key}) exists in Entra, {who}, and it could not be removed: {}",
            removal.message
        ))
        .advice("Plan again: the next run for this app removes it before it makes another. Or remove it in Entra under Certificates & secrets.");
    // What is left is more than a cancellation.
    if problem.code == Code::Cancelled {
        problem.code = removal.code;
    }
    match removal.trace.clone() {
        Some(trace) => problem.trace(trace),
        None => problem,
    }
}
