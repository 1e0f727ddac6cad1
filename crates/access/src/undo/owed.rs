//! What a run's journal says that is to be taken back: what it made, and what it may have made.

use std::time::Duration;

use inbound_entra::ids::{AppId, KeyId, ObjectId};
use jiff::Timestamp;

use crate::patience::{GOOD_READS, LIMIT, SPREADS};
use crate::plan::work::Origin;
use crate::run::document::{Document, Entry};
use crate::run::fact::{Aim, Fact, Made, SecretTrace};
use crate::run::{Doing, RunStep, RunView, StepState};

/// What is younger than this may not be seen everywhere yet: that a read lacks it proves nothing.
const SPREADS_WITHIN: Duration = LIMIT;
/// How long undoing waits for replicas: as long as that, and a little more to be sure.
pub(crate) const WAITS: Duration = Duration::from_secs(180);

/// So far may the clocks of this computer and of Entra differ.
const SKEW: Duration = Duration::from_secs(300);

/// When something was asked for, first and last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    first: Timestamp,
    last: Timestamp,
}

impl Asked {
    /// Whether what was made at `created` can be what was asked for. What Entra does not date cannot.
    pub(crate) fn covers(&self, created: Option<Timestamp>) -> bool {
        let earliest = self.first.checked_sub(SKEW).unwrap_or(Timestamp::MIN);
        // A lost request may be carried out late.
        let latest = self.last.checked_add(SPREADS).unwrap_or(Timestamp::MAX);
        created.is_some_and(|created| (earliest..=latest).contains(&created))
    }
}

/// Something that Entra said, or that was found, to be made by the run.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    /// The step that made it.
    pub step: u32,
    pub made: Made,
    /// Where no answer told of it: when it was asked for.
    pub asked: Option<Asked>,
}

/// Something that was asked for, and nobody knows whether it was made.
#[derive(Debug, Clone)]
pub(crate) struct Doubt {
    /// The step that asked.
    pub step: u32,
    pub aim: Aim,
    pub asked: Asked,
}

/// Something that was there before the run, which the run took away.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    /// As it was.
    pub made: Made,
    /// Entra said that it is gone; otherwise the answer was lost.
    pub certain: bool,
}

/// All of it.
#[derive(Debug, Clone)]
pub(crate) struct Owed {
    pub run: RunView,
    pub origin: Option<Origin>,
    /// What it made and is not known to be gone.
    pub made: Vec<Told>,
    /// What it may have made.
    pub doubts: Vec<Doubt>,
    /// Secrets that it may have made, with the step that asked.
    pub secrets: Vec<(u32, SecretTrace)>,
    /// What it took away of others and is not given back.
    pub taken: Vec<Taken>,
    /// The grants that are there instead of what it took away, under their new ids.
    pub given: Vec<Made>,
    /// What it ever made, gone or not.
    pub ever: Vec<Made>,
    /// Descriptions of every secret that it asked for.
    pub descriptions: Vec<String>,
    /// When it last wrote.
    pub last: Option<Timestamp>,
}

impl Owed {
    /// Nothing of the run is there, as far as its journal knows.
    pub(crate) fn is_empty(&self) -> bool {
        // A secret that is gone cannot come back.
        let can_come_back = |taken: &Taken| matches!(taken.made, Made::Grant { .. });
        self.made.is_empty()
            && self.doubts.is_empty()
            && self.secrets.is_empty()
            && !self.taken.iter().any(can_come_back)
    }

    /// From when on everything that the run made is seen everywhere, so that what is not seen is gone.
    pub(crate) fn spread(&self) -> Option<Timestamp> {
        self.last.and_then(|last| last.checked_add(SPREADS_WITHIN).ok())
    }

    /// How many looks must agree that something is not there.
    pub(crate) fn looks(&self, now: Timestamp) -> u32 {
        // A lost request may be carried out late.
        let settled = self.last.and_then(|last| last.checked_add(SPREADS).ok()).is_none_or(|settled| settled <= now);
        if settled { 1 } else { GOOD_READS }
    }
}

/// How the tenant's objects of a run are found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Whom {
    pub application: Option<ObjectId>,
    pub client: Option<AppId>,
    pub unique_name: Option<String>,
    pub principal: Option<ObjectId>,
}

impl Whom {
    /// Whom the run was about.
    pub(crate) fn of(owed: &Owed) -> Self {
        let mut whom = Self::default();
        for made in &owed.ever {
            match made {
                Made::Application { application, client, unique_name, .. } => {
                    whom.application = Some(*application);
                    whom.client = Some(*client);
                    whom.unique_name = Some(unique_name.clone());
                }
                Made::Requested { application, .. } => whom.application = Some(*application),
                Made::ServicePrincipal { principal, client, .. } => {
                    whom.principal = Some(*principal);
                    whom.client = Some(*client);
                }
                Made::Grant { principal, .. } => whom.principal = Some(*principal),
                Made::SignIn { principal, client, .. } => {
                    whom.principal = Some(*principal);
                    whom.client = Some(*client);
                }
                Made::Secret { application, client, .. } => {
                    whom.application = Some(*application);
                    whom.client = Some(*client);
                }
            }
        }
        for doubt in &owed.doubts {
            match &doubt.aim {
                Aim::Register { unique_name } => {
                    whom.unique_name.get_or_insert_with(|| unique_name.clone());
                }
                Aim::Request { application, .. } => whom.application = whom.application.or(Some(*application)),
                Aim::ServicePrincipal { client } => whom.client = whom.client.or(Some(*client)),
                Aim::Grant { principal, .. } => whom.principal = whom.principal.or(Some(*principal)),
                Aim::SignIn { principal } => whom.principal = whom.principal.or(Some(*principal)),
                Aim::Remove { .. } | Aim::Take { .. } => {}
            }
        }
        let of_secret = owed.secrets.iter().find_map(|(_, trace)| trace.client_id.parse().ok());
        whom.client = whom.client.or(of_secret);
        whom
    }
}

impl Document {
    /// What is to be taken back, as far as the journal knows.
    pub(crate) fn owed(&self) -> Owed {
        let ever = self.ever();
        let removed: Vec<&str> = self.facts().filter_map(|(_, fact)| of_removed(fact)).collect();
        let made = self.told().into_iter().filter(|told| !removed.contains(&told.made.key().as_str())).collect();
        let doubts = self.doubts(&ever);
        let traces = self.secrets();
        let descriptions = traces.iter().map(|trace| trace.description.clone()).collect();
        let known: Vec<String> = ever.iter().filter_map(Made::secret).map(|key| key.to_string()).collect();
        let secrets = traces
            .into_iter()
            .filter(|trace| trace.is_open() && !trace.key_id.as_ref().is_some_and(|key| known.contains(key)))
            .map(|trace| (self.step_of_secret(&trace.description), trace))
            .collect();
        Owed {
            run: self.run.clone(),
            origin: self.origin.clone(),
            made,
            doubts,
            secrets,
            taken: self.taken(),
            given: self.given(),
            ever,
            descriptions,
            last: self.entries.last().map(|entry| entry.at),
        }
    }

    fn facts(&self) -> impl Iterator<Item = (&Entry, &Fact)> {
        self.entries.iter().map(|entry| (entry, &entry.fact))
    }

    fn ever(&self) -> Vec<Made> {
        self.told().into_iter().map(|told| told.made).collect()
    }

    /// What requests were sent to take away, those that Entra refused left out.
    fn taken(&self) -> Vec<Taken> {
        let given_back: Vec<&str> = self
            .facts()
            .filter_map(|(_, fact)| match fact {
                Fact::GivenBack { taken, .. } => Some(taken.as_str()),
                _ => None,
            })
            .collect();
        let mut all: Vec<Taken> = Vec::new();
        for (entry, fact) in self.facts() {
            let Fact::Intended { aim: Some(Aim::Take { object }), .. } = fact else { continue };
            let step = self.step(entry.attempt, entry.step);
            if step.is_some_and(|step| self.was_refused(entry.attempt, step))
                || given_back.contains(&object.key().as_str())
            {
                continue;
            }
            let certain = step.is_some_and(|step| matches!(step.state, StepState::Done { .. }));
            match all.iter_mut().find(|taken| taken.made.key() == object.key()) {
                Some(known) => known.certain |= certain,
                None => all.push(Taken { made: object.clone(), certain }),
            }
        }
        all
    }

    /// What was given back; left out where Entra said that it is there and did not show it.
    fn given(&self) -> Vec<Made> {
        let took = |key: &str| {
            self.facts().find_map(|(_, fact)| match fact {
                Fact::Intended { aim: Some(Aim::Take { object }), .. } if object.key() == key => Some(object),
                _ => None,
            })
        };
        let given = self.facts().filter_map(|(_, fact)| match fact {
            Fact::GivenBack { taken, id } if !id.is_empty() => Some(took(taken)?.under(id)),
            _ => None,
        });
        given.collect()
    }

    fn step(&self, attempt: u32, number: u32) -> Option<&RunStep> {
        let earlier = self.run.earlier.iter().map(|attempt| attempt.steps.as_slice());
        let mut attempts = (1u32..).zip(earlier.chain(std::iter::once(self.run.steps.as_slice())));
        let (_, steps) = attempts.find(|(own, _)| *own == attempt)?;
        steps.iter().find(|step| step.number == number)
    }

    /// Each thing once; told for certain where any fact says so.
    fn told(&self) -> Vec<Told> {
        let mut all: Vec<Told> = Vec::new();
        for (entry, fact) in self.facts() {
            let Fact::Made { object, certain } = fact else { continue };
            let asked = if *certain { None } else { self.asked_for(|aim| brings(aim, object)) };
            match all.iter_mut().find(|told| told.made.key() == object.key()) {
                Some(known) => {
                    known.made.add_roles(object);
                    if *certain {
                        known.asked = None;
                    }
                }
                None => {
                    // Without a time it cannot be told from what others made: the widest doubt.
                    let asked = asked.or((!certain).then_some(Asked { first: entry.at, last: entry.at }));
                    all.push(Told { step: entry.step, made: object.clone(), asked });
                }
            }
        }
        all
    }

    fn doubts(&self, ever: &[Made]) -> Vec<Doubt> {
        let mut doubts: Vec<Doubt> = Vec::new();
        let earlier = self.run.earlier.iter().map(|attempt| (attempt.doing, attempt.steps.as_slice()));
        let attempts = earlier.chain(std::iter::once((self.run.doing, self.run.steps.as_slice())));
        for (number, (doing, steps)) in (1u32..).zip(attempts) {
            if doing == Doing::Undo {
                continue;
            }
            for step in steps.iter().filter(|step| self.is_in_doubt(number, step)) {
                for aim in self.last_aims(number, step.number) {
                    let is_known = ever.iter().any(|made| brings(aim, made))
                        || doubts.iter().any(|doubt| doubt.aim == *aim)
                        || matches!(aim, Aim::Remove { .. } | Aim::Take { .. });
                    let asked = self.asked_for(|other| other == aim);
                    if let (false, Some(asked)) = (is_known, asked) {
                        doubts.push(Doubt { step: step.number, aim: aim.clone(), asked });
                    }
                }
            }
        }
        doubts
    }

    /// A step that was done has settled what it asked for; one that was refused made nothing.
    fn is_in_doubt(&self, attempt: u32, step: &RunStep) -> bool {
        !self.was_refused(attempt, step) && !matches!(step.state, StepState::Done { .. } | StepState::AlreadySo)
    }

    /// What the step asked for since it last knew anything.
    fn last_aims(&self, attempt: u32, step: u32) -> Vec<&Aim> {
        let own = self.entries.iter().rev().filter(|entry| (entry.attempt, entry.step) == (attempt, step));
        own.map_while(|entry| match &entry.fact {
            Fact::Intended { aim, .. } => Some(aim.as_ref()),
            _ => None,
        })
        .flatten()
        .collect()
    }

    fn asked_for(&self, is_it: impl Fn(&Aim) -> bool) -> Option<Asked> {
        let times = self.facts().filter_map(|(entry, fact)| match fact {
            Fact::Intended { aim: Some(aim), .. } if is_it(aim) => Some(entry.at),
            _ => None,
        });
        let (first, last) = times.fold((None, None), |(first, last): (Option<Timestamp>, Option<Timestamp>), at| {
            (Some(first.map_or(at, |first| first.min(at))), Some(last.map_or(at, |last| last.max(at))))
        });
        Some(Asked { first: first?, last: last? })
    }

    fn step_of_secret(&self, wanted: &str) -> u32 {
        let asked = self.facts().find_map(|(entry, fact)| match fact {
            Fact::SecretIntended { description, .. } if description == wanted => Some(entry.step),
            _ => None,
        });
        asked.unwrap_or_default()
    }
}

fn of_removed(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::Removed { id } => Some(id),
        _ => None,
    }
}

/// Whether `made` is what `aim` was to bring about.
fn brings(aim: &Aim, made: &Made) -> bool {
    match (aim, made) {
        (Aim::Register { unique_name: wanted }, Made::Application { unique_name, .. }) => wanted == unique_name,
        (Aim::Request { application: wanted, roles: asked }, Made::Requested { application, roles }) => {
            wanted == application && asked.iter().all(|role| roles.contains(role))
        }
        (Aim::SignIn { principal: wanted }, Made::SignIn { principal, .. }) => wanted == principal,
        (Aim::ServicePrincipal { client: wanted }, Made::ServicePrincipal { client, .. }) => wanted == client,
        (
            Aim::Grant { principal: holder, resource: api, role: wanted, .. },
            Made::Grant { principal, resource, role, .. },
        ) => (holder, api, wanted) == (principal, resource, role),
        _ => false,
    }
}

impl Made {
    /// Names it in the journal when it is gone.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Application { application, .. } => application.to_string(),
            Self::Requested { application, .. } => format!("requested by {application}"),
            Self::ServicePrincipal { principal, .. } => principal.to_string(),
            Self::Grant { id, .. } => id.clone(),
            Self::SignIn { principal, .. } => format!("sign-in of {principal}"),
            Self::Secret { key, .. } => key.to_string(),
        }
    }

    /// The same grant under another id.
    pub(crate) fn under(&self, new_id: &str) -> Self {
        match self.clone() {
            Self::Grant { principal, resource, role, value, .. } => {
                Self::Grant { id: new_id.to_owned(), principal, resource, role, value }
            }
            other => other,
        }
    }

    /// The key id, of a secret.
    pub(crate) fn secret(&self) -> Option<KeyId> {
        match self {
            Self::Secret { key, .. } => Some(*key),
            _ => None,
        }
    }

    /// Requests of the same registration are one thing.
    fn add_roles(&mut self, other: &Self) {
        if let (Self::Requested { roles, .. }, Self::Requested { roles: more, .. }) = (self, other) {
            let new: Vec<_> = more.iter().filter(|role| !roles.contains(role)).copied().collect();
            roles.extend(new);
        }
    }
}
