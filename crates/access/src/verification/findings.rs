//! What to do, most urgent first, each with what mends it from here.
//!
//! The verdict and the findings ask the same questions of the same evidence, so that something blocks exactly where the
//! verdict says *Not ready*.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::fix::{Fix, GrantRef};
use crate::road::LogCheck;
use crate::verification::verdict::{self, Evidence};
use crate::verification::{
    CredentialKind, CredentialRow, Finding, FindingWeight, PermissionRow, PermissionState, SurplusRow, VerdictKind,
};
use crate::words;

/// How long a new secret lives; what may be asked for at most is 24 months (`desired::checked`).
const NEW_SECRET_MONTHS: i32 = 6;
/// What the identity platform says of a secret that is wrong, and of one that has ended (graph-facts 2).
const SECRET_REFUSED: [&str; 2] = ["AADSTS7000215", "AADSTS7000222"];

/// All of them.
pub(crate) fn find(evidence: &Evidence<'_>, verdict: VerdictKind) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(no_principal(evidence));
    found.extend(blocked(evidence));
    found.extend(missing(evidence));
    found.extend(sign_in(evidence));
    found.extend(token(evidence));
    found.extend(log(evidence));
    found.extend(surplus(evidence));
    found.extend(young(evidence));
    found.extend(good_to_know(evidence));
    found.extend(evidence.credentials.iter().filter_map(|one| ended(evidence, one)));
    for finding in &mut found {
        // What is not known to be so, or may be mended already, does not block.
        if verdict != VerdictKind::NotReady && finding.weight == FindingWeight::Blocks {
            finding.weight = FindingWeight::Warns;
        }
    }
    found.sort_by_key(|finding| finding.weight);
    found
}

fn finding(weight: FindingWeight, sentence: impl Into<String>, advice: impl Into<String>) -> Finding {
    Finding { weight, sentence: sentence.into(), advice: Some(advice.into()), fix: None, fix_label: None }
}

impl Finding {
    fn mended(mut self, fix: Fix, label: impl Into<String>) -> Self {
        self.fix = Some(fix);
        self.fix_label = Some(label.into());
        self
    }
}

/// `2 permissions`.
fn permissions(count: usize) -> String {
    if count == 1 { "1 permission".to_owned() } else { format!("{count} permissions") }
}

fn no_principal(evidence: &Evidence<'_>) -> Option<Finding> {
    if evidence.card.object_id.is_some() {
        return None;
    }
    let fix = Fix::MakePrincipal { client_id: evidence.card.client_id.clone() };
    let found = finding(
        FindingWeight::Blocks,
        "The app registration has no service principal, so nothing can be granted to it.",
        "Make it first; then its permissions can be granted.",
    );
    Some(found.mended(fix, "Make its service principal"))
}

fn blocked(evidence: &Evidence<'_>) -> Option<Finding> {
    if evidence.card.enabled != Some(false) {
        return None;
    }
    let advice = verdict::how_to_enable(evidence.identity);
    let found = finding(FindingWeight::Blocks, "Its sign-in is blocked.", advice);
    Some(match &evidence.card.object_id {
        Some(principal) if !evidence.identity => {
            found.mended(Fix::EnableSignIn { principal: principal.clone() }, "Enable sign-in")
        }
        _ => found,
    })
}

fn missing(evidence: &Evidence<'_>) -> Vec<Finding> {
    if evidence.unreadable.is_some() {
        return Vec::new();
    }
    let (absent, offered): (Vec<&PermissionRow>, Vec<&PermissionRow>) =
        evidence.missing().into_iter().partition(|row| row.state == PermissionState::NotOffered);
    let mut found = Vec::new();
    if !offered.is_empty() {
        let sentence = evidence.cannot(&offered);
        found.push(match &evidence.card.object_id {
            _ if evidence.unseen => finding(
                FindingWeight::Notes,
                sentence,
                "It was set up just now, and Entra may not show it yet. Verify again in a minute.",
            ),
            None => finding(FindingWeight::Blocks, sentence, "It can be granted once the app has a service principal."),
            Some(principal) => {
                let values: Vec<String> = offered.iter().map(|row| row.value.clone()).collect();
                let label = format!("Grant {}", permissions(values.len()));
                finding(FindingWeight::Blocks, sentence, verdict::how_to_grant(&offered))
                    .mended(Fix::Grant { principal: principal.clone(), permissions: values }, label)
            }
        });
    }
    found.extend(
        absent
            .into_iter()
            .map(|row| finding(FindingWeight::Blocks, evidence.cannot(&[row]), verdict::not_offered(&row.value))),
    );
    found
}

/// What it signs in with.
fn sign_in(evidence: &Evidence<'_>) -> Option<Finding> {
    let client_id = evidence.card.client_id.clone();
    let rotate = |replaces: Option<String>| Fix::RotateSecret {
        client_id: client_id.clone(),
        replaces,
        expires: last_day(evidence.now),
        remove_old: false,
    };
    if evidence.ended() {
        let found = finding(
            FindingWeight::Blocks,
            "All its secrets and certificates have ended.",
            "Make a new secret, and give it to whoever runs the client.",
        );
        return Some(found.mended(rotate(None), "Make a new secret"));
    }
    if evidence.bare() {
        let sentence = format!("{}.", words::sentence_case(verdict::bare_words(evidence)));
        let found = finding(FindingWeight::Warns, sentence, verdict::bare_advice(evidence));
        return Some(found.mended(rotate(None), "Make a new secret"));
    }
    if let Some(problem) = evidence.refused() {
        let advice = problem.advice.clone().unwrap_or_else(|| "Verify again.".to_owned());
        let found = finding(
            FindingWeight::Blocks,
            format!("Signing in with its secret was refused: {}", problem.message),
            advice,
        );
        let code = problem.trace.as_ref().and_then(|trace| trace.service_code.as_deref());
        let by_secret = code.is_some_and(|code| SECRET_REFUSED.contains(&code));
        return Some(match evidence.token_key {
            Some(key) if by_secret => found.mended(rotate(Some(key.to_owned())), "Renew its secret"),
            _ => found,
        });
    }
    let (soon, days) = evidence.ends_soon()?;
    let sentence = format!("Its {} ends {}.", verdict::kind_words(soon), verdict::in_days(days));
    Some(match soon.kind {
        CredentialKind::Secret => finding(
            FindingWeight::Warns,
            sentence,
            "Make a new one before then, and give it to whoever runs the client. The old one keeps working until it ends.",
        )
        .mended(rotate(Some(soon.key_id.clone())), "Renew its secret"),
        CredentialKind::Certificate => finding(
            FindingWeight::Warns,
            sentence,
            "Whoever runs the client makes a new certificate, and you add it in Entra under App registrations, \
             Certificates & secrets, before then.",
        ),
    })
}

/// Six months from now, `YYYY-MM-DD`.
fn last_day(now: Timestamp) -> String {
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    today.saturating_add(Span::new().months(NEW_SECRET_MONTHS)).to_string()
}

fn token(evidence: &Evidence<'_>) -> Option<Finding> {
    let lacking = evidence.lacking();
    let granted: Vec<&str> = lacking
        .into_iter()
        .filter(|value| evidence.rows.iter().any(|row| row.value == *value && row.granted.is_some()))
        .collect();
    (!granted.is_empty()).then(|| {
        finding(
            FindingWeight::Blocks,
            format!("A token asked for just now does not hold {}, though that is granted.", words::list(&granted)),
            verdict::LACKS_ADVICE,
        )
    })
}

fn log(evidence: &Evidence<'_>) -> Option<Finding> {
    let LogCheck::Refused { problem, not_yet } = evidence.log else { return None };
    let sentence = format!("It could not read the provisioning log: {}", problem.message);
    Some(if *not_yet {
        finding(
            FindingWeight::Notes,
            sentence,
            "Nothing is wrong: its token is younger than the grant needs. Verify again in a few minutes.",
        )
    } else {
        let advice = problem.advice.clone().unwrap_or_else(|| "Verify again.".to_owned());
        finding(FindingWeight::Warns, sentence, advice)
    })
}

fn surplus(evidence: &Evidence<'_>) -> Vec<Finding> {
    let (risky, rest) = evidence.surplus_by_risk();
    let one = |rows: Vec<&SurplusRow>, weight: FindingWeight| {
        let principal = evidence.card.object_id.clone().filter(|_| !rows.is_empty())?;
        let values: Vec<&str> = rows.iter().map(|row| row.value.as_str()).collect();
        let why: Vec<&str> = rows.iter().take(3).map(|row| row.explanation.as_str()).collect();
        let sentence = format!("It holds {}, which it does not need for this. {}", words::list(&values), why.join(" "));
        let grants: Vec<GrantRef> =
            rows.iter().map(|row| GrantRef { id: row.grant.id.clone(), principal: principal.clone() }).collect();
        let label = format!("Remove {}", permissions(grants.len()));
        Some(finding(weight, sentence, verdict::RISKY_ADVICE).mended(Fix::Revoke { grants }, label))
    };
    [one(risky, FindingWeight::Warns), one(rest, FindingWeight::Notes)].into_iter().flatten().collect()
}

/// A managed identity may still hold an older token.
fn young(evidence: &Evidence<'_>) -> Option<Finding> {
    let row = evidence.rows.iter().find(|row| row.state == PermissionState::GrantedMayBeStale)?;
    Some(finding(
        FindingWeight::Notes,
        row.note.clone().unwrap_or_default(),
        "Azure keeps a managed identity's token for up to 24 hours, and a token keeps the permissions of the moment at \
         which it was made. Wait, or restart the Azure resource.",
    ))
}

fn good_to_know(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    if evidence.only_owned {
        let sentence = "It can upload only to provisioning apps that it owns itself.";
        found.push(finding(FindingWeight::Notes, sentence, verdict::OWNED_ADVICE));
    }
    if evidence.owners.is_some_and(<[_]>::is_empty) {
        found.push(finding(
            FindingWeight::Notes,
            "Nobody owns the app registration.",
            "Add an owner in Entra under App registrations, Owners, so that someone can be asked before its secret ends.",
        ));
    }
    if evidence.assignment_required == Some(true) {
        found.push(finding(
            FindingWeight::Notes,
            "Users and apps must be assigned to it before they can use it.",
            "That decides who may use this app. It does not keep the app itself from signing in and calling Microsoft Graph, \
             so nothing needs to be done for uploading.",
        ));
    }
    found
}

/// A credential that has ended lies about.
fn ended(evidence: &Evidence<'_>, one: &CredentialRow) -> Option<Finding> {
    one.days_left.filter(|days| *days < 0)?;
    let named = if one.description.is_empty() { one.key_id.clone() } else { format!("\"{}\"", one.description) };
    let kind = verdict::kind_words(one);
    let sentence = format!("Its {kind} {named} has ended.");
    Some(match one.kind {
        CredentialKind::Secret => {
            let fix = Fix::RemoveSecret { client_id: evidence.card.client_id.clone(), key_id: one.key_id.clone() };
            finding(FindingWeight::Notes, sentence, "It is of no use any more and can be removed.")
                .mended(fix, "Remove the ended secret")
        }
        CredentialKind::Certificate => finding(
            FindingWeight::Notes,
            sentence,
            "It is of no use any more. Remove it in Entra under App registrations, Certificates & secrets.",
        ),
    })
}

#[cfg(test)]
#[path = "findings_tests.rs"]
mod tests;
