//! What a run has just made or taken away may not be seen everywhere yet: a read that says otherwise proves nothing
//! (promise P39).

use std::time::Duration;

use inbound_entra::model::{AppRoleAssignment, Application};
use jiff::Timestamp;

use crate::job::JobParts;
use crate::run::fact::Made;
use crate::run::{RunState, RunView};

/// How long after a run its changes are waited for.
const WAITED_FOR: Duration = Duration::from_secs(30);

/// A run that ended a moment ago and has not been seen whole since.
#[derive(Debug, Clone)]
pub(crate) struct Fresh {
    runs: Vec<String>,
    /// Ids of the grants that it made, or gave back.
    grants: Vec<String>,
    /// Key ids of the secrets that it made.
    secrets: Vec<String>,
    /// Ids of what it took back, or took away.
    gone: Vec<String>,
    until: Timestamp,
}

impl Fresh {
    /// The fresh runs for the principal that has these names and ids, if there are any.
    pub(crate) fn of(parts: &JobParts, names: &[String]) -> Option<Self> {
        let names: Vec<String> = names.iter().map(|name| name.trim().to_lowercase()).collect();
        let now = parts.clock.now();
        let tenant = parts.tenant.id.to_string();
        let runs = parts.runs.list().unwrap_or_default();
        let mut fresh: Option<Self> = None;
        for run in runs.iter().filter(|run| run.tenant_id == tenant) {
            let ended: Option<Timestamp> = run.ended.as_ref().and_then(|ended| ended.parse().ok());
            let Some(until) = ended.and_then(|ended| ended.checked_add(WAITED_FOR).ok()).filter(|until| *until > now)
            else {
                continue;
            };
            let Moved { gone: taken, given } = Moved::of(parts, run, &names);
            let is_its = concerns(run, &names) || !taken.is_empty() || !given.is_empty();
            if !is_its || parts.runs.was_seen(&run.id) {
                continue;
            }
            let fresh = fresh.get_or_insert_with(|| Self {
                runs: Vec::new(),
                grants: Vec::new(),
                secrets: Vec::new(),
                gone: Vec::new(),
                until,
            });
            // One that only takes away may be about others too, whom this principal says nothing of.
            if !run.made.is_empty() {
                fresh.runs.push(run.id.clone());
            }
            let made = |id_name: &'static str| {
                let standing = run.made.iter().filter(|made| made.removed.is_none());
                standing.filter(move |made| made.id_name == id_name).map(|made| made.id.clone())
            };
            let gone = run.made.iter().filter(|made| made.removed.is_some());
            fresh.gone.extend(gone.map(|made| made.id.clone()).chain(taken));
            fresh.grants.extend(made("grant id").chain(given));
            fresh.secrets.extend(made("key id"));
            fresh.until = fresh.until.max(until);
        }
        if let Some(Self { grants, secrets, gone, .. }) = &mut fresh {
            // What one run made, a later one may have taken away.
            grants.retain(|id| !gone.contains(id));
            secrets.retain(|id| !gone.contains(id));
        }
        fresh
    }

    /// How long it may still be waited for.
    pub(crate) fn left(&self, now: Timestamp) -> Duration {
        Duration::try_from(self.until.duration_since(now)).unwrap_or_default()
    }

    /// Whether every grant that the run made is there, and none that it took back.
    pub(crate) fn has_grants_in(&self, grants: &[AppRoleAssignment]) -> bool {
        self.grants.iter().all(|made| grants.iter().any(|grant| grant.id == *made))
            && !grants.iter().any(|grant| self.gone.contains(&grant.id))
    }

    /// Whether everything that the run made is there, and nothing that it took back.
    pub(crate) fn is_whole_in(&self, grants: &[AppRoleAssignment], application: Option<&Application>) -> bool {
        let secrets = application.map(|found| found.password_credentials.as_slice()).unwrap_or_default();
        let is_gone = |id: String| self.gone.contains(&id);
        self.has_grants_in(grants)
            && !application.is_some_and(|found| is_gone(found.id.to_string()))
            && !secrets.iter().any(|secret| is_gone(secret.key_id.to_string()))
            && self.secrets.iter().all(|made| secrets.iter().any(|secret| secret.key_id.to_string() == *made))
    }

    /// It was seen whole: what is missing later was taken away.
    pub(crate) fn mark_seen(&self, parts: &JobParts) {
        for run in &self.runs {
            parts.runs.mark_seen(run);
        }
    }
}

/// What a run did with what this principal had before.
#[derive(Debug, Default)]
struct Moved {
    /// Ids of what Entra said to be gone.
    gone: Vec<String>,
    /// Ids of the grants that it has instead.
    given: Vec<String>,
}

impl Moved {
    fn of(parts: &JobParts, run: &RunView, names: &[String]) -> Self {
        let Ok(owed) = parts.runs.owed(&run.id) else { return Self::default() };
        let is_its = |made: &&Made| holders(made).iter().any(|id| names.contains(id));
        let taken = owed.taken.iter().filter(|taken| taken.certain).map(|taken| &taken.made);
        Self {
            gone: taken.filter(is_its).map(Made::key).collect(),
            given: owed.given.iter().filter(is_its).map(Made::key).collect(),
        }
    }
}

/// Ids of whom something belongs to that can be taken away.
fn holders(made: &Made) -> Vec<String> {
    match made {
        Made::Grant { principal, .. } => vec![principal.to_string()],
        Made::Secret { application, client, .. } => vec![application.to_string(), client.to_string()],
        Made::Application { .. } | Made::Requested { .. } | Made::ServicePrincipal { .. } | Made::SignIn { .. } => {
            Vec::new()
        }
    }
}

fn concerns(run: &RunView, names: &[String]) -> bool {
    let is_it = |id: &str| names.contains(&id.to_lowercase());
    let of_hand_over = run.hand_over.as_ref().is_some_and(|hand_over| {
        let card = &hand_over.principal;
        is_it(&card.name)
            || is_it(&card.client_id)
            || card.object_id.as_deref().is_some_and(is_it)
            || card.azure.as_ref().is_some_and(|azure| is_it(&azure.id))
    });
    // After it was undone there is no hand-over any more, and what is gone may still seem to be there under its name.
    let is_subject = |name: &String| run.subject.to_lowercase() == format!("the app \"{name}\"");
    let of_subject = run.state == RunState::Undone && names.iter().any(is_subject);
    of_hand_over || of_subject || run.made.iter().any(|made| is_it(&made.id))
}
