//! What the operator should know before a run: a missing role, a keychain that does not answer, a permission that opens
//! too much.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::desired::checked::DesiredPermission;
use crate::observe::observed::{Asked, Observed, ObservedApp, ObservedPrincipal, is_requested};
use crate::operator::facts::{OperatorFacts, SecretRules};
use crate::operator::standings::WHO_GRANTS;
use crate::plan::planning::Setting;
use crate::plan::{StepEffect, StepKind, StepView, Warning, standing};
use crate::preflight::{Able, Standing};
use crate::privilege;
use crate::words;

/// What the operator should know before these steps run.
pub(crate) fn of(
    steps: &[StepView],
    grants: &[(u32, DesiredPermission)],
    observed: &Observed,
    setting: &Setting<'_>,
) -> Vec<Warning> {
    let facts = setting.facts;
    let mut warnings = Vec::new();
    let app_steps: Vec<u32> = steps
        .iter()
        .filter(|step| matches!(step.effect, StepEffect::WillCreate | StepEffect::WillChange))
        .map(|step| step.number)
        .collect();
    let Standing { able, reason, .. } = facts.can_register(standing::registration(observed));
    if able != Able::Can && !app_steps.is_empty() {
        warnings.push(Warning { message: format!("{}: {reason}", words::steps(&app_steps)), steps: app_steps });
    }
    warnings.extend(grant_warning(steps, facts));
    for (number, permission) in grants {
        if let Some(level) = privilege::level(&permission.info.value).filter(|level| *level >= 4) {
            let message = format!(
                "{} opens much more than this job needs (Microsoft rates it {level} of 5). {}",
                permission.info.value,
                privilege::explain(&permission.info.value)
            );
            warnings.push(Warning { message, steps: vec![*number] });
        }
    }
    if let ObservedPrincipal::App(app) = &observed.principal {
        warnings.extend(app_warnings(app, steps));
        warnings.extend(facts.secrets.and_then(|rules| secret_rules(rules, app, steps, setting.now)));
    }
    warnings
}

/// Whoever asks through Inbound Access has made the registration request it first: a file may hold more.
pub(crate) fn unrequested(asked: &Asked, grants: &[(u32, DesiredPermission)]) -> Option<Warning> {
    let requested = &asked.application.as_ref()?.required_resource_access;
    let more: Vec<_> = grants.iter().filter(|(_, permission)| !is_requested(requested, permission.role)).collect();
    let values: Vec<&str> = more.iter().map(|(_, permission)| permission.info.value.as_str()).collect();
    let message = format!(
        "The app's registration does not request {}, as it would if Inbound Access had made this request. Ask whoever \
         sent it before you grant that.",
        words::list(&values)
    );
    (!more.is_empty()).then(|| Warning { message, steps: more.iter().map(|(number, _)| *number).collect() })
}

/// Who can grant Microsoft Graph's permissions, when the operator cannot.
fn grant_warning(steps: &[StepView], facts: &OperatorFacts) -> Option<Warning> {
    let numbers: Vec<u32> =
        steps.iter().filter(|step| step.effect == StepEffect::WillGrant).map(|step| step.number).collect();
    let Standing { able, reason, .. } = facts.can_grant();
    if numbers.is_empty() || able == Able::Can {
        return None;
    }
    let named = words::steps(&numbers);
    let message = match (able, facts.known_role()) {
        (Able::NeedsOther, Some(role)) => {
            let need = if numbers.len() == 1 { "needs" } else { "need" };
            let makes_secret =
                steps.iter().any(|step| step.kind == StepKind::CreateSecret && step.effect == StepEffect::WillCreate);
            let rest = if makes_secret {
                " What comes before is done all the same, and no secret is made until they are granted."
            } else {
                ""
            };
            format!("You are {role}. {named} {need} {WHO_GRANTS}; Entra will refuse you.{rest}")
        }
        _ => format!("{named}: {reason}"),
    };
    Some(Warning { message, steps: numbers })
}

fn app_warnings(app: &ObservedApp, steps: &[StepView]) -> Vec<Warning> {
    let numbers = |kind: StepKind| -> Vec<u32> {
        steps.iter().filter(|step| step.kind == kind).map(|step| step.number).collect()
    };
    let mut warnings = Vec::new();
    if let Some(why) = app.secrets.unknown.as_ref().filter(|_| !app.has_secret()) {
        let then = if app.shows_once() {
            "Another one is made and shown all the same."
        } else {
            "The run looks again before it makes one."
        };
        let message =
            format!("It is not known whether a secret of this app lies on this computer already. {why} {then}");
        warnings.push(Warning { message, steps: numbers(StepKind::CreateSecret) });
    }
    warnings
}

/// The tenant's rules for secrets, as far as they are known. They are advice: a policy for this app may say otherwise,
/// and Entra's answer is the truth (graph-facts 2).
pub(crate) fn secret_rules(
    rules: SecretRules,
    app: &ObservedApp,
    steps: &[StepView],
    now: Timestamp,
) -> Option<Warning> {
    let made = |step: &&StepView| step.kind == StepKind::CreateSecret && step.effect == StepEffect::WillCreate;
    let steps: Vec<u32> = steps.iter().filter(made).map(|step| step.number).collect();
    if steps.is_empty() {
        return None;
    }
    let named = words::steps(&steps);
    let ways = "Ways out: a managed identity, which needs no secret, or an exemption for this app from whoever keeps \
                the app management policy.";
    let message = if rules.forbidden {
        format!(
            "{named}: the app management policy of this tenant does not allow new client secrets; Entra will most \
             likely refuse this one. {ways}"
        )
    } else {
        let days = rules.longest_days?;
        let longest = now.checked_add(SignedDuration::from_hours(i64::from(days) * 24)).ok()?;
        if app.wanted.secret_end <= longest {
            return None;
        }
        let most = crate::preflight::report::in_days(days);
        let rule = format!("the app management policy of this tenant lets a secret live {most} at most");
        match last_whole_day(now, longest) {
            Some(day) => format!(
                "{named}: {rule}; Entra will most likely refuse one until {}. The latest day that passes is {}.",
                words::day(app.wanted.secret_end),
                words::civil_day(day)
            ),
            None => format!("{named}: {rule}, so none lasts a whole day. {ways}"),
        }
    };
    Some(Warning { message, steps })
}

/// The last day, from tomorrow on, that ends before `longest`: a secret lasts to the end of its last day.
fn last_whole_day(now: Timestamp, longest: Timestamp) -> Option<Date> {
    let date = |at: Timestamp| at.to_zoned_datetime(TimeZone::UTC).date();
    let day = date(longest.checked_add(SignedDuration::from_secs(1)).ok()?).yesterday().ok()?;
    (day > date(now)).then_some(day)
}
