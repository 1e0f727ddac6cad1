//! The verdict in one sentence (UX, Verify).

use inbound_entra::model::GraphResource;

use crate::consent::ask::AskedBefore;
use crate::principal::PrincipalCard;
use crate::problem::Problem;
use crate::requirements::{self, Need, UPLOAD_OWNED};
use crate::verification::{
    CredentialKind, CredentialRow, PermissionRow, PermissionState, SurplusRow, TokenCheck, Verdict, VerdictKind,
};
use crate::words;

/// A credential that ends sooner is something to look at.
const SOON_DAYS: i32 = 14;
/// Surplus of this rating is something to look at.
const RISKY: u8 = 4;
const GRANTERS: &str = "A Privileged Role Administrator or a Global Administrator";

/// What the verdict rests on.
pub(crate) struct Evidence<'a> {
    pub card: &'a PrincipalCard,
    pub identity: bool,
    /// Whether the app registration is in this tenant.
    pub registration_read: bool,
    pub rows: &'a [PermissionRow],
    pub credentials: &'a [CredentialRow],
    pub surplus: &'a [SurplusRow],
    pub token: &'a TokenCheck,
    /// The token check may turn out well soon.
    pub not_yet: bool,
    /// Why grants could not be read.
    pub unreadable: Option<&'a Problem>,
    /// A run has just made something that was not seen yet.
    pub unseen: bool,
    /// What runs of this computer left to another administrator for it.
    pub asked: &'a [AskedBefore],
    pub graph: &'a GraphResource,
}

/// The sum of it.
pub(crate) fn judge(evidence: &Evidence<'_>) -> Verdict {
    cannot_tell(evidence)
        .or_else(|| consent_awaited(evidence))
        .or_else(|| not_seen_yet(evidence))
        .or_else(|| not_ready(evidence))
        .or_else(|| not_yet(evidence))
        .or_else(|| ready_but(evidence))
        .unwrap_or_else(|| Verdict {
            kind: VerdictKind::Ready,
            sentence: format!("Ready. It can {}.{}", can(evidence), credential_words(evidence)),
            advice: None,
        })
}

fn verdict(kind: VerdictKind, sentence: String, advice: impl Into<String>) -> Verdict {
    Verdict { kind, sentence, advice: Some(advice.into()) }
}

fn cannot_tell(evidence: &Evidence<'_>) -> Option<Verdict> {
    evidence.unreadable.map(|_| {
        verdict(
            VerdictKind::CantTell,
            "Can't tell. You may not read what is granted to it.".to_owned(),
            "Sign in as someone who may, such as an Application Administrator or a Global Reader.",
        )
    })
}

/// A read that lacks what was made a moment ago proves nothing.
fn not_seen_yet(evidence: &Evidence<'_>) -> Option<Verdict> {
    let missing: Vec<&str> =
        evidence.rows.iter().filter(|row| row.granted.is_none()).map(|row| row.value.as_str()).collect();
    if !evidence.unseen || missing.is_empty() {
        return None;
    }
    Some(verdict(
        VerdictKind::NotYet,
        format!("Not yet. It was set up just now, but Entra does not show the grant of {} yet.", words::list(&missing)),
        "Verify again in a minute. If it stays so, someone has taken the grant away.",
    ))
}

/// Another administrator was asked for all that is missing.
fn consent_awaited(evidence: &Evidence<'_>) -> Option<Verdict> {
    if evidence.card.object_id.is_none() || evidence.card.enabled == Some(false) {
        return None;
    }
    let asked_for = |row: &&PermissionRow| {
        let serves = |one: &AskedBefore| {
            one.value == row.value || requirements::alternatives(&row.value).contains(&one.value.as_str())
        };
        evidence.asked.iter().find(|one| serves(one))
    };
    let missing: Vec<&PermissionRow> = evidence.rows.iter().filter(|row| row.granted.is_none()).collect();
    let asked: Vec<&AskedBefore> = missing.iter().map(asked_for).collect::<Option<_>>()?;
    let last = asked.iter().map(|one| one.at).max()?;
    let values: Vec<&str> = asked.iter().map(|one| one.value.as_str()).collect();
    let acts: Vec<String> = missing.iter().map(|row| act(&row.value, evidence.graph)).collect();
    Some(verdict(
        VerdictKind::NotYet,
        format!(
            "Not yet. It cannot {}: another administrator was asked on {} to grant {}.",
            words::list(&acts),
            words::day(last),
            words::list(&values)
        ),
        format!("{GRANTERS} can grant it: hand them the request from Activity."),
    ))
}

fn not_ready(evidence: &Evidence<'_>) -> Option<Verdict> {
    let kind = VerdictKind::NotReady;
    if evidence.card.object_id.is_none() {
        return Some(verdict(
            kind,
            "Not ready. The app registration has no service principal, so nothing can be granted to it.".to_owned(),
            "Set up access for this app: that makes its service principal.",
        ));
    }
    if evidence.card.enabled == Some(false) {
        return Some(verdict(
            kind,
            "Not ready. Its sign-in is blocked.".to_owned(),
            "Someone blocked it, perhaps on purpose. Enable it in Entra under Enterprise applications, Properties.",
        ));
    }
    let missing: Vec<&PermissionRow> = evidence.rows.iter().filter(|row| row.granted.is_none()).collect();
    if let Some(first) = missing.first() {
        let values: Vec<&str> = missing.iter().map(|row| row.value.as_str()).collect();
        let acts: Vec<String> = missing.iter().map(|row| act(&row.value, evidence.graph)).collect();
        let advice = if missing.iter().all(|row| row.state == PermissionState::NotOffered) {
            format!("{} is not offered in this tenant. Check the spelling, or require another permission.", first.value)
        } else if missing.iter().any(|row| row.state == PermissionState::RequestedNotGranted) {
            format!("It is requested but not granted. {GRANTERS} can grant it: set up access for it again.")
        } else {
            format!("{GRANTERS} can grant it: set up access for it again.")
        };
        let sentence = format!("Not ready. It cannot {}: {} is not granted.", words::list(&acts), words::list(&values));
        let sentence =
            if values.len() > 1 { sentence.replace(" is not granted.", " are not granted.") } else { sentence };
        return Some(verdict(kind, sentence, advice));
    }
    if evidence.registration_read && !evidence.credentials.is_empty() && best(evidence).is_none() {
        return Some(verdict(
            kind,
            "Not ready. It holds the permissions, but all its secrets and certificates have ended.".to_owned(),
            "Set up access for it again to make a new secret.",
        ));
    }
    if let TokenCheck::Refused { problem } = evidence.token
        && !evidence.not_yet
    {
        return Some(verdict(
            kind,
            "Not ready. It holds the permissions, but signing in with its secret was refused.".to_owned(),
            problem.message.clone(),
        ));
    }
    if let TokenCheck::Issued { roles, .. } = evidence.token
        && !evidence.not_yet
    {
        let lacking = lacking(evidence, roles);
        if !lacking.is_empty() {
            return Some(verdict(
                kind,
                format!("Not ready. All is granted, but its token does not hold {}.", words::list(&lacking)),
                "It was granted long enough ago to be in every token. Verify again; if it stays so, take the grant \
                 away in Entra and set up access for it again.",
            ));
        }
    }
    None
}

/// What is required but not in the token.
fn lacking<'a>(evidence: &Evidence<'a>, roles: &[String]) -> Vec<&'a str> {
    evidence.rows.iter().filter(|row| !roles.contains(&row.value)).map(|row| row.value.as_str()).collect()
}

fn not_yet(evidence: &Evidence<'_>) -> Option<Verdict> {
    if !evidence.not_yet {
        return None;
    }
    let kind = VerdictKind::NotYet;
    let advice = "Nothing is wrong. Verify again in a few minutes.";
    Some(match evidence.token {
        TokenCheck::Issued { roles, .. } => verdict(
            kind,
            format!(
                "Not yet. All is granted, but a token asked for just now does not hold {}.",
                words::list(&lacking(evidence, roles))
            ),
            advice,
        ),
        _ => verdict(
            kind,
            "Not yet. All is granted, but its new secret does not work everywhere yet.".to_owned(),
            advice,
        ),
    })
}

fn ready_but(evidence: &Evidence<'_>) -> Option<Verdict> {
    let kind = VerdictKind::ReadyBut;
    let can = can(evidence);
    if evidence.registration_read && evidence.credentials.is_empty() {
        return Some(verdict(
            kind,
            format!("Ready, but it has no secret and no certificate to sign in with. It may {can}."),
            "If it does not sign in with a federated credential, set up access for it again to make a secret.",
        ));
    }
    if let Some(row) = evidence.rows.iter().find(|row| row.state == PermissionState::GrantedMayBeStale) {
        return Some(verdict(
            kind,
            format!("Ready, but Azure may hand it old tokens for a day. It can {can}."),
            row.note.clone().unwrap_or_default(),
        ));
    }
    if let Some((credential, days)) = best(evidence).filter(|(_, days)| *days <= SOON_DAYS) {
        return Some(verdict(
            kind,
            format!("Ready, but its {} ends {}. It can {can}.", kind_words(credential), in_days(days)),
            "Make a new one before then, and give it to whoever runs the client.",
        ));
    }
    let risky: Vec<&str> = evidence
        .surplus
        .iter()
        .filter(|row| row.risk.is_some_and(|risk| risk >= RISKY))
        .map(|row| row.value.as_str())
        .collect();
    if let Some(first) = risky.first() {
        let more = if risky.len() > 1 { format!(" and {} more", risky.len() - 1) } else { String::new() };
        return Some(verdict(
            kind,
            format!("Ready, but it holds more than it needs: {first}{more}. It can {can}."),
            "Ask its owner whether it needs that. If not, remove the grant in Entra.",
        ));
    }
    if evidence.rows.iter().any(|row| row.value == UPLOAD_OWNED && row.note.is_some()) {
        return Some(verdict(
            kind,
            format!("Ready, but only for provisioning apps that it owns itself. It can {can}."),
            "For apps of others it needs SynchronizationData-User.Upload.",
        ));
    }
    None
}

/// `upload users and read the logs`.
fn can(evidence: &Evidence<'_>) -> String {
    let mut acts: Vec<String> = evidence.rows.iter().map(|row| act(&row.value, evidence.graph)).collect();
    acts.dedup();
    words::list(&acts)
}

fn act(value: &str, graph: &GraphResource) -> String {
    match requirements::need_of(value) {
        Need::ReadLogs => "read the logs".to_owned(),
        Need::Upload | Need::Other => requirements::as_act(&requirements::describe(value, Some(graph))),
    }
}

/// The valid credential that lasts longest, with its days.
fn best<'a>(evidence: &Evidence<'a>) -> Option<(&'a CredentialRow, i32)> {
    evidence
        .credentials
        .iter()
        .map(|one| (one, one.days_left.unwrap_or(i32::MAX)))
        .filter(|(_, days)| *days >= 0)
        .max_by_key(|(_, days)| *days)
}

fn credential_words(evidence: &Evidence<'_>) -> String {
    if evidence.identity {
        return " It has no secret to keep.".to_owned();
    }
    match best(evidence) {
        Some((credential, days)) if days < i32::MAX => {
            format!(" Its {} ends {}.", kind_words(credential), in_days(days))
        }
        Some(_) => String::new(),
        None if evidence.registration_read => String::new(),
        None => " Its credentials are kept in the tenant where it is registered.".to_owned(),
    }
}

fn kind_words(credential: &CredentialRow) -> &'static str {
    match credential.kind {
        CredentialKind::Secret => "secret",
        CredentialKind::Certificate => "certificate",
    }
}

fn in_days(days: i32) -> String {
    match days {
        0 => "within a day".to_owned(),
        1 => "in 1 day".to_owned(),
        n => format!("in {n} days"),
    }
}
