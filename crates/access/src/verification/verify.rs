//! Verification: what a principal holds now beside what it needs.

use std::collections::HashSet;
use std::time::Duration;

use futures::future::join_all;
use inbound_entra::auth::token_roles;
use inbound_entra::graph::{Call, GraphError};
use inbound_entra::model::{AppRoleAssignment, Application, GraphResource, PasswordCredential, ServicePrincipalType};
use inbound_keychain::KeychainError;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio_util::sync::CancellationToken;

use crate::consent;
use crate::desired::checked;
use crate::job::JobParts;
use crate::observe;
use crate::observe::fresh::Fresh;
use crate::observe::observed::{self, is_requested};
use crate::patience::{Patience, SPREADS};
use crate::principal::find::{self, Found};
use crate::privilege;
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::requirements::{self, AUDIT_LOG, UPLOAD, UPLOAD_OWNED};
use crate::secrets;
use crate::verification::verdict::{self, Evidence};
use crate::verification::{
    CredentialKind, CredentialRow, GrantInfo, InToken, PermissionRow, PermissionState, SurplusRow, TokenCheck,
    Verification,
};
use crate::words;

/// How long a managed identity may be handed a token from before the grant (graph-facts 5).
const STALE: Duration = Duration::from_secs(24 * 60 * 60);
/// Fresh secrets were seen to work after 4 to 18 seconds (graph-facts 2).
const TOKEN_PATIENCE: Duration = Duration::from_secs(30);

/// Reads and judges; just after a run, once what it made is seen or half a minute has passed.
pub(crate) async fn verify(
    parts: &JobParts,
    principal: &str,
    permissions: &[String],
    token: bool,
) -> Result<Verification, Problem> {
    let fresh = Fresh::of(parts, principal);
    let (reading, unseen) = match fresh {
        None => (read(parts, principal).await?, false),
        Some(fresh) => read_fresh(parts, principal, &fresh).await?,
    };
    let mut found = judge(parts, reading, permissions, token, unseen).await?;
    found.changes = parts.history.note_verification(&found, parts.operator.name()).await;
    Ok(found)
}

/// Reads until everything that the run made is there; tells whether something is still unseen in the end.
async fn read_fresh(parts: &JobParts, principal: &str, fresh: &Fresh) -> Result<(Reading, bool), Problem> {
    let left = fresh.left(parts.clock.now());
    let mut patience = Patience::new(parts.clock.as_ref(), CancellationToken::new(), left);
    loop {
        let seen = read(parts, principal).await;
        match &seen {
            Ok(reading) if fresh.is_whole_in(&reading.grants, reading.found.application.as_ref()) => {
                fresh.mark_seen(parts);
                return Ok((seen?, false));
            }
            Err(problem) if problem.code != Code::NotFound => return Ok((seen?, true)),
            _ => {}
        }
        if patience.wait(|_, _| {}).await.is_err() {
            return seen.map(|reading| (reading, true)).map_err(|_| trouble::still_replicating(None, "find it"));
        }
    }
}

/// What was read of a principal.
struct Reading {
    found: Found,
    graph: GraphResource,
    /// On Microsoft Graph.
    grants: Vec<AppRoleAssignment>,
    /// Why grants could not be read, where the operator may not.
    unreadable: Option<Problem>,
    credentials: Vec<CredentialRow>,
}

async fn read(parts: &JobParts, principal: &str) -> Result<Reading, Problem> {
    let call = Call::default();
    let (found, graph) =
        futures::join!(Box::pin(find::find_principal(parts, principal)), observe::graph_resource(parts, &call));
    let (found, graph) = (found?, graph?);
    let (grants, credentials) =
        futures::join!(grants(parts, &call, &found), credentials(parts, found.application.as_ref()));
    let (grants, unreadable) = match grants {
        Ok(grants) => (observed::on_graph(grants, graph.id), None),
        Err(error) if error.refusal().is_some_and(inbound_entra::graph::Refusal::is_forbidden) => {
            (Vec::new(), Some(trouble::graph(&error, "read what is granted")))
        }
        Err(error) => return Err(trouble::graph(&error, "read what is granted")),
    };
    Ok(Reading { found, graph, grants, unreadable, credentials })
}

async fn judge(
    parts: &JobParts,
    reading: Reading,
    permissions: &[String],
    token: bool,
    unseen: bool,
) -> Result<Verification, Problem> {
    let Reading { found, graph, grants, unreadable, credentials } = reading;
    let now = parts.clock.now();
    let required = Required::of(permissions)?;
    let identity =
        found.principal.as_ref().is_some_and(|one| one.service_principal_type == ServicePrincipalType::ManagedIdentity);
    let view = Tenant { graph: &graph, grants: &grants, application: found.application.as_ref(), identity, now };
    let mut rows: Vec<PermissionRow> = required.values.iter().map(|value| view.row(value, &required)).collect();
    let surplus = view.surplus(&rows, &required);

    let check = if token && unreadable.is_none() {
        token_check(parts, &found, &credentials, &rows).await
    } else {
        TokenChecked::not("No token was asked for.")
    };
    if let TokenCheck::Issued { roles, .. } = &check.check {
        for row in &mut rows {
            row.in_token = if roles.contains(&row.value) { InToken::Yes } else { InToken::No };
        }
    }
    let card =
        found.card(parts).ok_or_else(|| Problem::new(Code::NotFound, "This tenant has no such app or identity."))?;
    let mut asked = consent::ask::open(parts);
    asked.retain(|one| card.object_id.as_ref() == Some(&one.principal));
    let verdict = verdict::judge(&Evidence {
        card: &card,
        identity,
        registration_read: found.application.is_some(),
        rows: &rows,
        credentials: &credentials,
        surplus: &surplus,
        token: &check.check,
        not_yet: check.not_yet,
        unreadable: unreadable.as_ref(),
        unseen,
        asked: &asked,
        graph: &graph,
    });
    Ok(Verification {
        id: uuid::Uuid::new_v4().to_string(),
        principal: card,
        tenant_name: parts.tenant.name.clone(),
        tenant_id: parts.tenant.id.to_string(),
        checked_at: now.to_string(),
        verdict,
        permissions: rows,
        credentials,
        surplus,
        token: check.check,
        log: crate::road::LogCheck::NotTried { reason: "No token was asked for.".to_owned() },
        findings: Vec::new(),
        owners: Vec::new(),
        federated: Vec::new(),
        assignment_required: None,
        unreadable: Vec::new(),
        changes: None,
    })
}

/// What is required: uploading first, then the logs, then the rest as given.
struct Required {
    values: Vec<String>,
    /// Nothing was named, so what the how-to asks for is meant.
    by_default: bool,
}

impl Required {
    fn of(permissions: &[String]) -> Result<Self, Problem> {
        if permissions.iter().any(|value| value.trim().is_empty()) {
            let message = "A permission has no name. Give its value, e.g. AuditLog.Read.All.".to_owned();
            return Err(checked::invalid_field("permissions", message));
        }
        let by_default = permissions.is_empty();
        let mut values: Vec<String> = if by_default {
            vec![UPLOAD.to_owned(), AUDIT_LOG.to_owned()]
        } else {
            permissions.iter().map(|value| value.trim().to_owned()).collect()
        };
        let mut seen = HashSet::new();
        values.retain(|value| seen.insert(value.clone()));
        values.sort_by_key(|value| match requirements::need_of(value) {
            requirements::Need::Upload => 0,
            requirements::Need::ReadLogs => 1,
            requirements::Need::Other => 2,
        });
        Ok(Self { values, by_default })
    }

    /// The value itself and what else serves.
    fn serving<'a>(&self, value: &'a str) -> Vec<&'a str> {
        let mut serving = vec![value];
        serving.extend(requirements::alternatives(value));
        // A vendor's client holds the narrower one; without being told, either is taken for uploading.
        if self.by_default && value == UPLOAD {
            serving.push(UPLOAD_OWNED);
        }
        serving
    }
}

/// What was read, for the rows.
struct Tenant<'a> {
    graph: &'a GraphResource,
    grants: &'a [AppRoleAssignment],
    application: Option<&'a Application>,
    identity: bool,
    now: Timestamp,
}

impl Tenant<'_> {
    fn grant_of(&self, value: &str) -> Option<&AppRoleAssignment> {
        self.grants.iter().find(|grant| {
            self.graph.role(grant.app_role_id).is_some_and(|role| {
                role.value.as_deref() == Some(value)
                    && role.allowed_member_types.iter().any(|kind| kind == "Application")
            })
        })
    }

    /// None where there is no registration to request anything.
    fn requested(&self, value: &str) -> Option<bool> {
        let application = self.application?;
        let Some(role) = self.graph.application_permission(value) else { return Some(false) };
        Some(is_requested(&application.required_resource_access, role.id))
    }

    fn row(&self, value: &str, required: &Required) -> PermissionRow {
        let serving = required.serving(value);
        let granted = serving.iter().find_map(|one| Some((*one, self.grant_of(one)?)));
        let shown = granted.map(|(one, _)| one).or_else(|| {
            // Not granted: the one that is requested or offered would be granted.
            serving.iter().copied().find(|one| self.requested(one) == Some(true))
        });
        let shown = shown.unwrap_or(value);
        let offered = self.graph.application_permission(shown).is_some();
        let requested = self.requested(shown);
        let (state, note) = match granted {
            Some((_, grant)) => match self.stale_until(grant) {
                Some((ago, until)) => (
                    PermissionState::GrantedMayBeStale,
                    Some(format!("Granted {ago} ago. Azure may hand it old tokens until {until}. Nothing is wrong.")),
                ),
                None if shown == UPLOAD_OWNED && value == UPLOAD => {
                    (PermissionState::Granted, Some("Only to provisioning apps that it owns itself.".to_owned()))
                }
                None if shown != value => {
                    (PermissionState::Granted, Some(format!("{shown} serves in place of {value}.")))
                }
                None => (PermissionState::Granted, None),
            },
            None if requested == Some(true) => (
                PermissionState::RequestedNotGranted,
                Some("The app registration requests it, but no administrator has granted it.".to_owned()),
            ),
            None if !offered => (
                PermissionState::NotOffered,
                Some("This tenant's Microsoft Graph has no application permission of this name.".to_owned()),
            ),
            None => (PermissionState::Missing, None),
        };
        PermissionRow {
            title: requirements::describe(shown, Some(self.graph)).title,
            value: shown.to_owned(),
            requested,
            granted: granted.map(|(_, grant)| info(grant)),
            in_token: InToken::NotChecked,
            state,
            note,
        }
    }

    /// For a managed identity with a young grant: how long ago, and until when.
    fn stale_until(&self, grant: &AppRoleAssignment) -> Option<(String, String)> {
        let at = grant.created_date_time.filter(|_| self.identity)?;
        let until = at.saturating_add(STALE).ok()?;
        (until > self.now).then(|| {
            let minutes = (self.now.as_second().saturating_sub(at.as_second()) / 60).max(0);
            let ago = match minutes {
                0 => "less than a minute".to_owned(),
                1 => "1 minute".to_owned(),
                2..=119 => format!("{minutes} minutes"),
                _ => format!("{} hours", minutes / 60),
            };
            (ago, words::moment(until))
        })
    }

    fn surplus(&self, rows: &[PermissionRow], required: &Required) -> Vec<SurplusRow> {
        let needed: Vec<&str> = rows
            .iter()
            .map(|row| row.value.as_str())
            .chain(required.values.iter().filter(|_| !required.by_default).map(String::as_str))
            .collect();
        let mut surplus: Vec<SurplusRow> = self
            .grants
            .iter()
            .filter_map(|grant| {
                let role = self.graph.role(grant.app_role_id);
                let value = role.and_then(|role| role.value.clone()).filter(|value| !value.is_empty());
                if value.as_deref().is_some_and(|value| needed.contains(&value)) {
                    return None;
                }
                Some(match value {
                    Some(value) => SurplusRow {
                        risk: privilege::level(&value),
                        explanation: privilege::explain(&value),
                        grant: info(grant),
                        value,
                    },
                    None => SurplusRow {
                        value: grant.app_role_id.to_string(),
                        risk: None,
                        explanation: "This tenant's Microsoft Graph does not name this permission any more.".to_owned(),
                        grant: info(grant),
                    },
                })
            })
            .collect();
        surplus.sort_by(|a, b| b.risk.cmp(&a.risk).then_with(|| a.value.cmp(&b.value)));
        surplus
    }
}

fn info(grant: &AppRoleAssignment) -> GrantInfo {
    GrantInfo { id: grant.id.clone(), at: grant.created_date_time.map(|at| at.to_string()) }
}

async fn grants(parts: &JobParts, call: &Call, found: &Found) -> Result<Vec<AppRoleAssignment>, GraphError> {
    match &found.principal {
        Some(principal) => parts.directory.grants_of(call, principal.id).await,
        None => Ok(Vec::new()),
    }
}

async fn credentials(parts: &JobParts, application: Option<&Application>) -> Vec<CredentialRow> {
    let Some(application) = application else { return Vec::new() };
    let now = parts.clock.now();
    let client_id = application.app_id.to_string();
    let secret = |one: &PasswordCredential, in_keychain: Option<bool>| CredentialRow {
        kind: CredentialKind::Secret,
        description: one.display_name.clone().unwrap_or_default(),
        key_id: one.key_id.to_string(),
        expires: one.end_date_time.map(|end| end.to_string()),
        days_left: one.end_date_time.map(|end| days_between(now, end)),
        in_keychain,
    };
    let mut rows = join_all(application.password_credentials.iter().map(|one| async {
        let item = secrets::item(parts, &client_id, &one.key_id.to_string());
        let here = match parts.secrets.read(&item).await {
            Ok(_) => Some(true),
            Err(KeychainError::NotFound) => Some(false),
            Err(_) => None,
        };
        secret(one, here)
    }))
    .await;
    rows.extend(application.key_credentials.iter().map(|one| CredentialRow {
        kind: CredentialKind::Certificate,
        description: one.display_name.clone().unwrap_or_default(),
        key_id: one.key_id.to_string(),
        expires: one.end_date_time.map(|end| end.to_string()),
        days_left: one.end_date_time.map(|end| days_between(now, end)),
        in_keychain: None,
    }));
    rows.sort_by(|a, b| b.days_left.cmp(&a.days_left).then_with(|| a.key_id.cmp(&b.key_id)));
    rows
}

/// Whole days from `now` to `end`; negative when it is past.
fn days_between(now: Timestamp, end: Timestamp) -> i32 {
    i32::try_from((end.as_second() - now.as_second()).div_euclid(86_400)).unwrap_or(i32::MAX)
}

/// The check, and whether looking again soon may change it.
struct TokenChecked {
    check: TokenCheck,
    not_yet: bool,
}

impl TokenChecked {
    fn not(reason: &str) -> Self {
        Self { check: TokenCheck::NotChecked { reason: reason.to_owned() }, not_yet: false }
    }
}

/// Signs in as the API client would, with a secret of this keychain.
async fn token_check(
    parts: &JobParts,
    found: &Found,
    credentials: &[CredentialRow],
    rows: &[PermissionRow],
) -> TokenChecked {
    let Some(application) = &found.application else {
        return TokenChecked::not(
            if found
                .principal
                .as_ref()
                .is_some_and(|one| one.service_principal_type == ServicePrincipalType::ManagedIdentity)
            {
                "Only the Azure resource itself can get a token of a managed identity."
            } else {
                "The app is registered in another tenant, so its secret cannot be here."
            },
        );
    };
    if found.principal.is_none() {
        return TokenChecked::not("The app registration has no service principal, so no token can be had.");
    }
    let here = credentials.iter().find(|one| {
        one.kind == CredentialKind::Secret
            && one.in_keychain == Some(true)
            && one.days_left.is_none_or(|days| days >= 0)
    });
    let Some(here) = here else {
        let unknown = credentials.iter().any(|one| one.kind == CredentialKind::Secret && one.in_keychain.is_none());
        return TokenChecked::not(if unknown {
            "The keychain could not be read, so no token was asked for."
        } else {
            "No valid secret of this app lies in this computer's keychain."
        });
    };
    let item = secrets::item(parts, &application.app_id.to_string(), &here.key_id);
    let secret = match parts.secrets.read(&item).await {
        Ok(secret) => secret,
        Err(error) => {
            let check = TokenCheck::Refused { problem: Box::new(trouble::keychain(&error)) };
            return TokenChecked { check, not_yet: false };
        }
    };
    let wanted: Vec<&str> = rows.iter().filter(|row| row.granted.is_some()).map(|row| row.value.as_str()).collect();
    let young = is_young(parts, application, &here.key_id, rows);
    ask(parts, application, &secret, &wanted, young).await
}

/// Whether the secret or a grant is so new that it may not work everywhere yet: by Entra's times, and, as this computer's
/// clock may be wrong, by what was done from here.
fn is_young(parts: &JobParts, application: &Application, key_id: &str, rows: &[PermissionRow]) -> bool {
    let since = parts.clock.now().checked_sub(SPREADS).unwrap_or(Timestamp::MIN);
    let client_id = application.app_id.to_string();
    if parts.runs.secrets_asked_for(&client_id).iter().any(|trace| trace.at > since) {
        return true;
    }
    let secret = application.password_credentials.iter().find(|one| one.key_id.to_string() == key_id);
    let begun = secret.and_then(|one| one.start_date_time);
    let granted = rows.iter().filter_map(|row| row.granted.as_ref()?.at.as_ref()?.parse::<Timestamp>().ok());
    granted.chain(begun).any(|at| at > since)
}

/// Asks until the token holds what is granted, or, where something is young, for half a minute.
async fn ask(
    parts: &JobParts,
    application: &Application,
    secret: &SecretString,
    wanted: &[&str],
    young: bool,
) -> TokenChecked {
    let mut patience = Patience::new(parts.clock.as_ref(), CancellationToken::new(), TOKEN_PATIENCE);
    loop {
        let checked = match parts.tokens.app_token(application.app_id, secret).await {
            Ok(token) => {
                let roles = token_roles(token.expose_secret());
                let whole = wanted.iter().all(|value| roles.iter().any(|role| role == value));
                let check = TokenCheck::Issued { at: parts.clock.now().to_string(), roles };
                TokenChecked { check, not_yet: young && !whole }
            }
            Err(error) => {
                let not_yet = young && error.not_yet();
                let mut problem = trouble::sign_in(&error);
                if not_yet {
                    problem =
                        problem.advice("A new secret may take a minute to work everywhere. Verify again shortly.");
                }
                TokenChecked { check: TokenCheck::Refused { problem: Box::new(problem) }, not_yet }
            }
        };
        if !checked.not_yet || patience.wait(|_, _| {}).await.is_err() {
            return checked;
        }
    }
}
