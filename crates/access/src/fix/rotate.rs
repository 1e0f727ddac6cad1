//! A new secret in place of an old one: made, stored, proved by a token; only then the old one goes, where it is to go.

use inbound_entra::graph::{Call, request};
use inbound_entra::model::{Application, PasswordCredential};
use jiff::Timestamp;

use crate::fix::checked::Rotate;
use crate::fix::registration::{self, Registered};
use crate::fix::secret::{self, described, no_such_secret};
use crate::fix::sheet::Sheet;
use crate::job::{Job, JobParts};
use crate::observe;
use crate::observe::observed::{ObservedApp, ObservedPrincipal, SecretsSeen};
use crate::operator::standings::Registration;
use crate::plan::planning::{mark, secret_description};
use crate::plan::preview;
use crate::plan::warnings::secret_rules;
use crate::plan::work::{Plan, Rotation, SetUp, Work};
use crate::plan::{RequestPreview, StepEffect, StepKind, StepView, Warning};
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::run::fact::Made;
use crate::words;

/// Plans it; what is left of it, where `run` was broken off.
pub(crate) async fn plan(job: &Job, wish: Rotate, run: Option<&str>) -> Result<Plan, Problem> {
    let (graph, found) = futures::join!(job.graph(), registration::read(job, wish.client));
    let (graph, found) = (graph?, found?);
    let principal = found.principal.as_ref().ok_or_else(|| no_principal(&found))?;
    if principal.account_enabled == Some(false) {
        return Err(observe::disabled("app", principal));
    }
    let credential = |key| found.application.password_credentials.iter().find(|one| one.key_id == key).cloned();
    let old = wish.replaces.map(|key| (key, credential(key)));
    if let (Some((key, None)), None) = (&old, run) {
        return Err(no_such_secret(&found.application, *key));
    }
    let own = match run {
        Some(run) => job.parts.runs.secrets_described(run)?,
        None => Vec::new(),
    };
    let grants = job.parts.directory.grants_of(&Call::default(), principal.id).await;
    let grants = grants.map_err(|error| trouble::graph(&error, "read what is granted"))?;
    let secrets = secrets_seen(&job.parts, &found.application, &own).await;
    let values: Vec<String> = grants
        .iter()
        .filter(|grant| grant.resource_id == graph.id)
        .filter_map(|grant| graph.role(grant.app_role_id)?.value.clone())
        .collect();
    let (subject, application) = (found.subject(), found.application.clone());
    let observed = found.observed(graph, grants, secrets, wish.end);
    let ObservedPrincipal::App(app) = &observed.principal else {
        return Err(Problem::new(Code::Internal, "A registration was read and is not one."));
    };

    let mut sheet = Sheet::default();
    let made = new_secret(job, &mut sheet, app, &application);
    let proved = prove(job, &mut sheet, &application, made);
    let mut removed = None;
    if let Some((key, _)) = old.as_ref().filter(|_| wish.remove_old) {
        removed = secret::removal(job, &application, *key, &mut sheet, vec![proved]).await.step;
    }
    let mut warnings = overlap(&old, wish.remove_old, removed, proved);
    let facts = job.facts();
    let rules = facts.secrets.and_then(|rules| secret_rules(rules, app, &sheet.steps, job.parts.clock.now()));
    warnings.extend(rules);
    warnings.extend(sheet.stand(&facts.can_register(Registration::Existing), |_| true));
    let view = sheet.view(job, subject, warnings);
    let rotation = Rotation {
        old_until: old.as_ref().and_then(|(_, one)| one.as_ref()?.end_date_time),
        old: old.map(|(key, one)| {
            let description = described(one.as_ref(), key);
            let made = Made::Secret {
                application: application.id,
                client: application.app_id,
                key,
                description,
                name: application.display_name.clone(),
            };
            (removed, made)
        }),
    };
    let set_up = SetUp {
        observed,
        grants: Vec::new(),
        effective: Vec::new(),
        serving: values,
        finishes: None,
        origin: None,
        rotation: Some(rotation),
    };
    Ok(Plan { view, work: Work::SetUp(Box::new(set_up)) })
}

/// The steps that make the new secret; gives the one that must be done before it is tried, if any.
fn new_secret(job: &Job, sheet: &mut Sheet, app: &ObservedApp, application: &Application) -> Option<u32> {
    let place = job.parts.secrets.place();
    let until = |one: &PasswordCredential| {
        one.end_date_time.map_or_else(String::new, |end| format!(" until {}", words::day(end)))
    };
    let there = match (&app.secrets.kept, app.shown_before()) {
        (Some(kept), _) => Some(format!(
            "\"{}\", which this run made, is there{}",
            kept.display_name.clone().unwrap_or_default(),
            until(kept)
        )),
        (None, Some(shown)) => Some(format!(
            "\"{}\", which this run made, was shown once on {}",
            shown.credential.display_name.clone().unwrap_or_default(),
            words::day(shown.at)
        )),
        (None, None) => None,
    };
    if let Some(note) = there {
        let step = sheet.step(StepKind::CreateSecret, format!("Make a new client secret and keep it in the {place}"));
        sheet.push(StepView { note: Some(note), ..step });
        return None;
    }
    let step = sheet.step(StepKind::ProveKeychain, format!("Check that the {place} keeps a secret"));
    let note = Some("writes, reads back and removes a trial item on this computer".to_owned());
    let first = sheet.push(StepView { effect: StepEffect::WillCheck, note, ..step });
    let end = app.wanted.secret_end;
    let removals = app.secrets.orphans.iter().map(|orphan| request::remove_password(application.id, orphan.key));
    let mut requests: Vec<_> = removals.collect();
    let note = match requests.len() {
        0 => None,
        1 => Some("first removes one that an interrupted run left and that nobody said to have".to_owned()),
        n => Some(format!("first removes {n} that interrupted runs left and that nobody said to have")),
    };
    let description = mark(&secret_description(app), "{run id}", 1);
    requests.push(request::add_password(application.id, &description, end));
    let title = format!("Make a new client secret, until {}, and keep it in the {place}", words::day(end));
    let step = sheet.step(StepKind::CreateSecret, title);
    let step = StepView { effect: StepEffect::WillCreate, note, needs: vec![first], ..step };
    Some(sheet.sends(job, step, &requests))
}

fn prove(job: &Job, sheet: &mut Sheet, application: &Application, made: Option<u32>) -> u32 {
    let tenant = &job.parts.tenant;
    let request = RequestPreview {
        method: "POST".to_owned(),
        url: tenant.token_url(),
        headers: vec!["Content-Type: application/x-www-form-urlencoded".to_owned()],
        body: Some(format!(
            "grant_type=client_credentials&client_id={}&client_secret={}&scope={}",
            application.app_id,
            preview::placeholder("secret", made.unwrap_or(1)),
            tenant.scope()
        )),
    };
    let step = sheet.step(StepKind::ProveSecret, "Sign in with the new secret, to prove that it works".to_owned());
    let note = Some("as the API client will; a new secret may take a minute to be known everywhere".to_owned());
    sheet.push(StepView {
        effect: StepEffect::WillCheck,
        note,
        needs: made.into_iter().collect(),
        requests: vec![request],
        ..step
    })
}

/// What becomes of the old one.
fn overlap(
    old: &Option<(inbound_entra::ids::KeyId, Option<PasswordCredential>)>,
    remove_old: bool,
    removed: Option<u32>,
    proved: u32,
) -> Vec<Warning> {
    let Some((key, Some(found))) = old else { return Vec::new() };
    let name = described(Some(found), *key);
    let (message, step) = match (remove_old, removed) {
        (true, Some(step)) => (
            format!(
                "The old secret \"{name}\" is removed as soon as the new one has proved to work, and cannot come back. Until \
                 the API client is given the new one, it cannot get tokens."
            ),
            step,
        ),
        _ => (
            format!(
                "The old secret \"{name}\" keeps working{}: give the API client the new one, then remove the old one.",
                found.end_date_time.map_or_else(String::new, |end| format!(" until {}", words::day(end)))
            ),
            proved,
        ),
    };
    vec![Warning { message, steps: vec![step] }]
}

fn no_principal(found: &Registered) -> Problem {
    let name = &found.application.display_name;
    Problem::new(
        Code::NotFound,
        format!("The app registration \"{name}\" has no service principal, so no token can prove a new secret."),
    )
    .exists("Nothing was changed.")
    .advice("Make its service principal first, then rotate.")
}

/// The secrets as a rotation sees them: as the new one counts only what bears one of the run's `own` descriptions; what
/// interrupted runs left is seen as ever.
pub(crate) async fn secrets_seen(parts: &JobParts, application: &Application, own: &[String]) -> SecretsSeen {
    let all = observe::secrets_seen(parts, application).await;
    let mut narrowed = application.clone();
    narrowed.password_credentials.retain(|one| one.display_name.as_ref().is_some_and(|name| own.contains(name)));
    let seen = observe::secrets_seen(parts, &narrowed).await;
    SecretsSeen { kept: seen.kept, shown: seen.shown, unknown: seen.unknown, orphans: all.orphans, whole: all.whole }
}

/// In words, until when the old secret works.
pub(crate) fn works_until(until: Option<Timestamp>) -> String {
    until.map_or_else(String::new, |end| format!(" until {}", words::day(end)))
}
