//! Showing a new secret once, where the keychain is not to keep it or cannot: the operator says that they have it, or it is
//! removed from Entra again (promises P17, P31).

use std::task::Poll;
use std::time::Duration;

use inbound_entra::ids::KeyId;
use inbound_entra::model::NewPassword;
use secrecy::SecretString;

use crate::problem::{Code, FieldProblem, Problem};
use crate::run::StepState;
use crate::run::execute::{Did, Run};
use crate::run::fact::{Fact, SHOWN};
use crate::run::secret_step::Target;
use crate::secrets::{self, SHOWN_FOR, SecretOffer, Taken};
use crate::words;

const REFUSED: &str = "The secret was not taken and was removed from Entra; no secret of this run exists.";
const CANCELLED: &str =
    "Cancelled before the secret was taken; it was removed from Entra, and no secret of this run exists.";
const TOO_LATE: &str =
    "Nobody took the secret within ten minutes, so it was removed from Entra; no secret of this run exists.";
const UNRECORDED: &str = "You have the secret, but this computer could not record that, so it was removed from Entra \
                          again: it opens nothing any more, and no secret of this run exists.";

/// A secret that was made just now, whose value only this process has.
pub(super) struct NewSecret<'a> {
    pub(super) target: &'a Target,
    pub(super) description: &'a str,
    pub(super) password: NewPassword,
    pub(super) request_id: Option<String>,
}

impl Run {
    /// Shows the secret; `why` the keychain does not have it, unless it was wanted so.
    pub(super) async fn show(&self, new: NewSecret<'_>, why: Option<Problem>) -> Result<Did, Problem> {
        let NewSecret { target, description, password: NewPassword { mut credential, secret }, request_id } = new;
        let key = credential.key_id;
        let end = *credential.end_date_time.get_or_insert(target.end);
        credential.display_name = Some(description.to_owned());
        let (problem, who) = match self.offer(target.number, description, secret, why.clone()).await {
            Ok(()) => {
                let shown = Fact::SecretSettled { description: description.to_owned(), outcome: SHOWN.to_owned() };
                match self.note(target.number, shown).await {
                    Ok(()) => {
                        let note = match &why {
                            None => format!("shown once, until {}", words::day(end)),
                            Some(_) => "shown once; the keychain could not keep it".to_owned(),
                        };
                        if why.is_some() {
                            self.forget_late_write(target, key).await;
                        }
                        let shown = secrets::shown(&target.client.to_string(), &credential);
                        self.learn(|known| known.shown = Some(shown));
                        return Ok(Did { note: Some(note), request_id });
                    }
                    // Without the record the next plan would take it for one that nobody has.
                    Err(problem) => (problem.exists(UNRECORDED), "you have its value"),
                }
            }
            Err(reason) => {
                let problem = match &why {
                    None => Problem::new(Code::Cancelled, "The secret was not taken.").exists(reason),
                    Some(problem) => problem.clone().exists(
                        "The secret could not be kept, was not taken when it was shown, and was removed from Entra \
                         again; no secret of this run exists.",
                    ),
                };
                (problem, "nobody said that they have it")
            }
        };
        self.set(target.number, StepState::Working);
        let problem = self.unmake(target, description, key, problem, who).await;
        if why.is_some() {
            self.forget_late_write(target, key).await;
        }
        Err(problem)
    }

    /// Waits until the operator has said that they have it; otherwise gives the reason why they have it not.
    async fn offer(
        &self,
        number: u32,
        description: &str,
        secret: SecretString,
        why: Option<Problem>,
    ) -> Result<(), &'static str> {
        let Some(shows) = &self.shows else { return Err(REFUSED) };
        if self.cancel.is_cancelled() {
            return Err(CANCELLED);
        }
        let began = self.parts.clock.now();
        let offer = SecretOffer { run_id: self.view().id, secret };
        let mut showing = shows.show(offer);
        // On offer before it is told: whoever hears of it can take it.
        let answer = futures::poll!(&mut showing);
        self.set(
            number,
            StepState::ShowsSecret {
                why: why.map(Box::new),
                description: description.to_owned(),
                until: began.checked_add(SHOWN_FOR).unwrap_or(began).to_string(),
            },
        );
        // A page that is opened meanwhile reads from the disk that there is something to be taken.
        if let Err(problem) = self.journal.save(&self.view()).await {
            tracing::warn!("{}", problem.message);
        }
        let said = |taken: Taken| if taken == Taken::Taken { Ok(()) } else { Err(REFUSED) };
        if let Poll::Ready(taken) = answer {
            return said(taken);
        }
        let passed = Duration::try_from(self.parts.clock.now().duration_since(began)).unwrap_or_default();
        let left = SHOWN_FOR.saturating_sub(passed);
        tokio::select! {
            // What the operator has said counts, however late it is.
            biased;
            taken = showing => said(taken),
            () = self.cancel.cancelled() => Err(CANCELLED),
            () = self.parts.clock.sleep(left) => Err(TOO_LATE),
        }
    }

    /// What the keychain refused may have landed in it all the same: it is kept nowhere here, or opens nothing.
    async fn forget_late_write(&self, target: &Target, key: KeyId) {
        let item = secrets::item(&self.parts, &target.client.to_string(), &key.to_string());
        let _ = self.parts.secrets.delete(&item).await;
    }

    /// A keychain that does not work, with the way around it where there is one.
    pub(super) fn or_shown(&self, problem: Problem) -> Problem {
        if self.shows.is_none() || self.rotation().is_some() {
            return problem;
        }
        problem.advice("Mend the keychain, or choose \"Show it once\" for the secret, and plan again.")
    }
}

/// Nothing here can show a secret.
pub(super) fn no_way_to_show() -> Problem {
    let message = "This plan shows the new client secret once, which only the window of Inbound Access can do.";
    let mut problem = Problem::new(Code::InvalidInput, message)
        .exists("Nothing was changed.")
        .advice("Run it in the window, or have the secret kept in the keychain.");
    problem.fields.push(FieldProblem { field: "secretGoes".to_owned(), message: message.to_owned() });
    problem
}
