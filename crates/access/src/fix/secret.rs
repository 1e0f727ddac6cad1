//! Removing a client secret: from Entra first, then from this keychain. The other way round a stop in between would leave a
//! secret that works and whose value nobody has; this way it leaves at most a value that opens nothing, and the rest of the
//! run removes it.

use inbound_entra::graph::request;
use inbound_entra::ids::{AppId, KeyId};
use inbound_entra::model::{Application, PasswordCredential};
use inbound_keychain::KeychainError;
use jiff::Timestamp;

use crate::fix::Fix;
use crate::fix::registration;
use crate::fix::sheet::Sheet;
use crate::job::Job;
use crate::operator::Operator;
use crate::operator::standings::Registration;
use crate::plan::work::{Fixing, Plan, Work};
use crate::plan::{StepEffect, StepKind, StepView, Warning};
use crate::problem::{Code, Problem};
use crate::run::fact::Made;
use crate::secrets;

pub(crate) async fn plan(job: &Job, fix: Fix, client: AppId, key: KeyId, again: bool) -> Result<Plan, Problem> {
    let found = registration::read(job, client).await?;
    let mut sheet = Sheet::default();
    let removal = removal(job, &found.application, key, &mut sheet, Vec::new()).await;
    let mut warnings = Vec::new();
    let steps = match removal.step {
        Some(number) => {
            let warn = |message: String| Warning { message, steps: vec![number] };
            if is_operators_own(&job.parts.operator, &found.application) {
                warnings.push(warn(format!(
                    "\"{}\" is the app that you are signed in with: without this secret it may not be able to sign in \
                     any more.",
                    found.application.display_name
                )));
            } else if removal.in_entra && is_last(&found.application, key, job.parts.clock.now()) {
                warnings.push(warn(
                    "It is the only credential that the app has: without it the API client cannot sign in.".to_owned(),
                ));
            }
            if removal.in_entra {
                let message = "This cannot be undone: Entra never shows a secret's value again. Tokens that were issued \
                               with it last until they expire, up to about an hour.";
                warnings.push(warn(message.to_owned()));
            }
            vec![(number, removal.made)]
        }
        None if again => Vec::new(),
        None => return Err(no_such_secret(&found.application, key)),
    };
    warnings.extend(sheet.stand(&job.facts().can_register(Registration::Existing), |_| true));
    let view = sheet.view(job, found.subject(), warnings);
    Ok(Plan { view, work: Work::Fix(Box::new(Fixing { key: found.key(), fix, steps })) })
}

/// What is left to be removed of a secret.
pub(crate) struct Removal {
    pub made: Made,
    pub in_entra: bool,
    /// None where nothing is left.
    pub step: Option<u32>,
}

/// Adds the step that removes a secret from Entra, as far as it is there, and from this keychain.
pub(crate) async fn removal(
    job: &Job,
    application: &Application,
    key: KeyId,
    sheet: &mut Sheet,
    needs: Vec<u32>,
) -> Removal {
    let found = application.password_credentials.iter().find(|one| one.key_id == key);
    let description = described(found, key);
    let place = job.parts.secrets.place();
    let item = secrets::item(&job.parts, &application.app_id.to_string(), &key.to_string());
    let here = job.parts.secrets.read(&item).await.map(drop);
    let made = Made::Secret {
        application: application.id,
        client: application.app_id,
        key,
        description: description.clone(),
        name: application.display_name.clone(),
    };
    let from = match here {
        Err(KeychainError::NotFound) => "Entra".to_owned(),
        _ => format!("Entra and from the {place}"),
    };
    let step = sheet.step(StepKind::RemoveSecret, format!("Remove the client secret \"{description}\" from {from}"));
    let step = StepView { needs, ..step };
    let number = match (found.is_some(), here) {
        (true, _) => {
            let step = StepView { effect: StepEffect::WillRemove, ..step };
            Some(sheet.sends(job, step, &[request::remove_password(application.id, key)]))
        }
        (false, Err(KeychainError::NotFound)) => {
            sheet.push(StepView { note: Some("is gone already".to_owned()), needs: Vec::new(), ..step });
            None
        }
        (false, _) => {
            let note = Some(format!("is gone from Entra; only the {place} is left"));
            Some(sheet.push(StepView { effect: StepEffect::WillRemove, note, ..step }))
        }
    };
    Removal { made, in_entra: found.is_some(), step: number }
}

/// Its description in Entra; its id where it has none.
pub(crate) fn described(found: Option<&PasswordCredential>, key: KeyId) -> String {
    let named = found.and_then(|one| one.display_name.clone()).filter(|name| !name.trim().is_empty());
    named.unwrap_or_else(|| format!("key id {key}"))
}

fn is_last(application: &Application, key: KeyId, now: Timestamp) -> bool {
    let others = application
        .password_credentials
        .iter()
        .filter(|one| one.key_id != key && one.end_date_time.is_none_or(|end| end > now));
    others.count() == 0 && application.key_credentials.is_empty()
}

fn is_operators_own(operator: &Operator, application: &Application) -> bool {
    let Operator::App(app) = operator else { return false };
    app.name.eq_ignore_ascii_case(&application.app_id.to_string()) || app.name == application.display_name
}

pub(crate) fn no_such_secret(application: &Application, key: KeyId) -> Problem {
    Problem::new(
        Code::NotFound,
        format!("The app \"{}\" has no client secret with the key id {key}.", application.display_name),
    )
    .exists("Nothing was changed.")
    .advice("It was removed, or belongs to another app: look at the app's credentials again.")
}
