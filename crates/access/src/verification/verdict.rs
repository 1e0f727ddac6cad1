//! The verdict in one sentence (UX, Verify).

use inbound_entra::model::GraphResource;
use jiff::Timestamp;

use crate::consent::ask::AskedBefore;
use crate::principal::PrincipalCard;
use crate::problem::Problem;
use crate::requirements::{self, Need};
use crate::road::LogCheck;
use crate::verification::{
    CredentialKind, CredentialRow, FederatedRow, OwnerRow, PermissionRow, PermissionState, SurplusRow, TokenCheck,
    Verdict, VerdictKind,
};
use crate::words;

/// A credential that ends sooner is something to look at.
const SOON_DAYS: i32 = 14;
/// Surplus of this rating is something to look at.
const RISKY: u8 = 4;
const GRANTERS: &str = "A Privileged Role Administrator or a Global Administrator";
/// What to do about a permission that reaches what it owns only.
pub(crate) const OWNED_ADVICE: &str = "For apps of others it needs SynchronizationData-User.Upload.";
/// What to do about surplus.
pub(crate) const RISKY_ADVICE: &str =
    "Ask its owner whether it needs that. If not, remove it from here; that can be taken back.";
/// What to do about a token that lacks what is granted.
pub(crate) const LACKS_ADVICE: &str = "It was granted long enough ago to be in every token. Verify again; if it stays so, \
     remove the permission and grant it again.";

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
    /// `keyId` of the secret that the token was asked for with.
    pub token_key: Option<&'a str>,
    pub log: &'a LogCheck,
    /// The token check may turn out well soon.
    pub not_yet: bool,
    /// Why grants could not be read.
    pub unreadable: Option<&'a Problem>,
    /// A run has just made something that was not seen yet.
    pub unseen: bool,
    /// It may upload only to provisioning apps that it owns, though that was not asked for.
    pub only_owned: bool,
    /// None where they could not be read or there is no registration.
    pub owners: Option<&'a [OwnerRow]>,
    /// None where they could not be read or there is no registration.
    pub federated: Option<&'a [FederatedRow]>,
    pub assignment_required: Option<bool>,
    /// What runs of this computer left to another administrator for it.
    pub asked: &'a [AskedBefore],
    pub graph: &'a GraphResource,
    pub now: Timestamp,
}

impl Evidence<'_> {
    /// What is required but not granted.
    pub(crate) fn missing(&self) -> Vec<&PermissionRow> {
        self.rows.iter().filter(|row| row.granted.is_none()).collect()
    }

    /// Whether it can sign in without a secret or a certificate.
    pub(crate) fn trusts(&self) -> bool {
        self.federated.is_some_and(|all| !all.is_empty())
    }

    /// All that it could sign in with has ended.
    pub(crate) fn ended(&self) -> bool {
        self.registration_read
            && !self.credentials.is_empty()
            && self.best().is_none()
            && self.federated.is_some_and(<[_]>::is_empty)
    }

    /// It has nothing to sign in with, as far as could be read.
    pub(crate) fn bare(&self) -> bool {
        self.registration_read && self.best().is_none() && !self.trusts() && !self.ended()
    }

    /// The valid credential that lasts longest, with its days.
    pub(crate) fn best(&self) -> Option<(&CredentialRow, i32)> {
        self.credentials
            .iter()
            .map(|one| (one, one.days_left.unwrap_or(i32::MAX)))
            .filter(|(_, days)| *days >= 0)
            .max_by_key(|(_, days)| *days)
    }

    /// The credential that ends soon, if none lasts longer and nothing else serves.
    pub(crate) fn ends_soon(&self) -> Option<(&CredentialRow, i32)> {
        self.best().filter(|(_, days)| *days <= SOON_DAYS && !self.trusts())
    }

    /// Why signing in as it was refused for good.
    pub(crate) fn refused(&self) -> Option<&Problem> {
        match self.token {
            TokenCheck::Refused { problem } if !self.not_yet => Some(problem),
            _ => None,
        }
    }

    /// What is required but not in the token, for good.
    pub(crate) fn lacking(&self) -> Vec<&str> {
        match self.token {
            TokenCheck::Issued { roles, .. } if !self.not_yet => lacking(self, roles),
            _ => Vec::new(),
        }
    }

    /// Surplus that opens much, and the rest.
    pub(crate) fn surplus_by_risk(&self) -> (Vec<&SurplusRow>, Vec<&SurplusRow>) {
        self.surplus.iter().partition(|row| row.risk.is_some_and(|risk| risk >= RISKY))
    }

    /// `It cannot upload users: SynchronizationData-User.Upload is not granted.`
    pub(crate) fn cannot(&self, missing: &[&PermissionRow]) -> String {
        let values: Vec<&str> = missing.iter().map(|row| row.value.as_str()).collect();
        let acts: Vec<String> = missing.iter().map(|row| act(&row.value, self.graph)).collect();
        let are = if values.len() > 1 { "are" } else { "is" };
        format!("It cannot {}: {} {are} not granted.", words::list(&acts), words::list(&values))
    }
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

/// What to do about a blocked sign-in.
pub(crate) fn how_to_enable(identity: bool) -> &'static str {
    if identity {
        "Someone blocked it, perhaps on purpose. A managed identity cannot be changed from here: ask whoever manages its \
         Azure resource, or enable it in Entra under Enterprise applications, Properties."
    } else {
        "Someone blocked it, perhaps on purpose: ask before you enable it. It can be enabled from here."
    }
}

/// What to do about missing permissions.
pub(crate) fn how_to_grant(missing: &[&PermissionRow]) -> String {
    let offered: Vec<&&PermissionRow> = missing.iter().filter(|row| row.state != PermissionState::NotOffered).collect();
    if offered.is_empty() {
        return missing.first().map_or_else(String::new, |row| not_offered(&row.value));
    }
    let wrong: Vec<&str> = offered
        .iter()
        .filter(|row| row.state == PermissionState::Wrong)
        .filter_map(|row| row.note.as_deref())
        .collect();
    if !wrong.is_empty() {
        return format!("{} {GRANTERS} can grant it from here.", wrong.join(" "));
    }
    if offered.iter().any(|row| row.state == PermissionState::RequestedNotGranted) {
        return format!("It is requested but not granted. {GRANTERS} can grant it from here.");
    }
    format!("{GRANTERS} can grant it from here.")
}

/// What to do about a permission that this tenant does not offer.
pub(crate) fn not_offered(value: &str) -> String {
    format!("{value} is not offered in this tenant. Check the spelling, or require another permission.")
}

fn not_ready(evidence: &Evidence<'_>) -> Option<Verdict> {
    let kind = VerdictKind::NotReady;
    if evidence.card.object_id.is_none() {
        return Some(verdict(
            kind,
            "Not ready. The app registration has no service principal, so nothing can be granted to it.".to_owned(),
            "Make its service principal from here; then its permissions can be granted.",
        ));
    }
    if evidence.card.enabled == Some(false) {
        return Some(verdict(kind, "Not ready. Its sign-in is blocked.".to_owned(), how_to_enable(evidence.identity)));
    }
    let missing = evidence.missing();
    if !missing.is_empty() {
        return Some(verdict(kind, format!("Not ready. {}", evidence.cannot(&missing)), how_to_grant(&missing)));
    }
    if evidence.ended() {
        return Some(verdict(
            kind,
            "Not ready. It holds the permissions, but all its secrets and certificates have ended.".to_owned(),
            "Make a new secret from here, and give it to whoever runs the client.",
        ));
    }
    if let Some(problem) = evidence.refused() {
        return Some(verdict(
            kind,
            "Not ready. It holds the permissions, but signing in with its secret was refused.".to_owned(),
            problem.message.clone(),
        ));
    }
    let lacking = evidence.lacking();
    if !lacking.is_empty() {
        return Some(verdict(
            kind,
            format!("Not ready. All is granted, but its token does not hold {}.", words::list(&lacking)),
            LACKS_ADVICE,
        ));
    }
    None
}

/// What is required but not in the token.
fn lacking<'a>(evidence: &Evidence<'a>, roles: &[String]) -> Vec<&'a str> {
    evidence.rows.iter().filter(|row| !roles.contains(&row.value)).map(|row| row.value.as_str()).collect()
}

fn not_yet(evidence: &Evidence<'_>) -> Option<Verdict> {
    let kind = VerdictKind::NotYet;
    let advice = "Nothing is wrong. Verify again in a few minutes.";
    if !evidence.not_yet {
        let LogCheck::Refused { not_yet: true, .. } = evidence.log else { return None };
        let sentence = "Not yet. All is granted, but the provisioning log does not answer to its token yet.";
        return Some(verdict(kind, sentence.to_owned(), advice));
    }
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
    if evidence.bare() {
        return Some(verdict(
            kind,
            format!("Ready, but {}. It may {can}.", bare_words(evidence)),
            bare_advice(evidence),
        ));
    }
    if let LogCheck::Refused { problem, .. } = evidence.log {
        return Some(verdict(
            kind,
            format!("Ready, but reading the provisioning log was refused. It may {can}."),
            problem.advice.clone().unwrap_or_else(|| problem.message.clone()),
        ));
    }
    if let Some(row) = evidence.rows.iter().find(|row| row.state == PermissionState::GrantedMayBeStale) {
        return Some(verdict(
            kind,
            format!("Ready, but Azure may hand it old tokens for a day. It can {can}."),
            row.note.clone().unwrap_or_default(),
        ));
    }
    if let Some((credential, days)) = evidence.ends_soon() {
        return Some(verdict(
            kind,
            format!("Ready, but its {} ends {}. It can {can}.", kind_words(credential), in_days(days)),
            "Make a new one before then, and give it to whoever runs the client. The old one keeps working until it ends.",
        ));
    }
    let (risky, _) = evidence.surplus_by_risk();
    let risky: Vec<&str> = risky.iter().map(|row| row.value.as_str()).collect();
    if let Some(first) = risky.first() {
        let more = if risky.len() > 1 { format!(" and {} more", risky.len() - 1) } else { String::new() };
        return Some(verdict(
            kind,
            format!("Ready, but it holds more than it needs: {first}{more}. It can {can}."),
            RISKY_ADVICE,
        ));
    }
    if evidence.only_owned {
        return Some(verdict(
            kind,
            format!("Ready, but only for provisioning apps that it owns itself. It can {can}."),
            OWNED_ADVICE,
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

/// `it has no secret and no certificate to sign in with`.
pub(crate) fn bare_words(evidence: &Evidence<'_>) -> &'static str {
    if evidence.credentials.is_empty() {
        "it has no secret and no certificate to sign in with"
    } else {
        "all its secrets and certificates have ended"
    }
}

/// What to do about nothing to sign in with.
pub(crate) fn bare_advice(evidence: &Evidence<'_>) -> &'static str {
    if evidence.federated.is_none() {
        "You may not read whether it signs in with a federated credential. If it does not, make a new secret."
    } else {
        "It trusts no identity elsewhere either. Make a new secret from here, and give it to whoever runs the client."
    }
}

fn credential_words(evidence: &Evidence<'_>) -> String {
    if evidence.identity {
        return " It has no secret to keep.".to_owned();
    }
    match evidence.best() {
        Some((credential, days)) if days < i32::MAX => {
            format!(" Its {} ends {}.", kind_words(credential), in_days(days))
        }
        Some(_) => String::new(),
        None if evidence.trusts() => " It signs in with a federated credential and has no secret to keep.".to_owned(),
        None if evidence.registration_read => String::new(),
        None => " Its credentials are kept in the tenant where it is registered.".to_owned(),
    }
}

pub(crate) fn kind_words(credential: &CredentialRow) -> &'static str {
    match credential.kind {
        CredentialKind::Secret => "secret",
        CredentialKind::Certificate => "certificate",
    }
}

pub(crate) fn in_days(days: i32) -> String {
    match days {
        0 => "within a day".to_owned(),
        1 => "in 1 day".to_owned(),
        n => format!("in {n} days"),
    }
}
