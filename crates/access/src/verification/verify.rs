//! Verification: what a principal holds now beside what it needs.

use std::collections::HashSet;
use std::time::Duration;

use futures::future::join_all;
use inbound_entra::graph::{Call, GraphError};
use inbound_entra::model::{AppRoleAssignment, Application, GraphResource, PasswordCredential, ServicePrincipalType};
use inbound_keychain::KeychainError;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::audit::details::days_between;
use crate::consent;
use crate::desired::checked;
use crate::job::JobParts;
use crate::observe;
use crate::observe::fresh::Fresh;
use crate::observe::observed::{self, is_requested};
use crate::patience::Patience;
use crate::principal::find::{self, Found};
use crate::privilege;
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::requirements::{self, AUDIT_LOG, UPLOAD, UPLOAD_OWNED};
use crate::secrets;
use crate::verification::beside::{self, Beside};
use crate::verification::findings;
use crate::verification::token::{TokenChecked, token_check};
use crate::verification::verdict::{self, Evidence};
use crate::verification::wrong;
use crate::verification::{
    CredentialKind, CredentialRow, GrantInfo, InToken, PermissionRow, PermissionState, SurplusRow, TokenCheck,
    Verification,
};
use crate::words;

/// How long a managed identity may be handed a token from before the grant (graph-facts 5).
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads and judges; just after a run, once what it made or took away is seen or half a minute has passed.
pub(crate) async fn verify(
    parts: &JobParts,
    principal: &str,
    permissions: &[String],
    token: bool,
) -> Result<Verification, Problem> {
    let seen = read(parts, principal).await;
    // Runs that take away know whom by ids alone.
    let names = names(principal, seen.as_ref().ok().map(|reading| &reading.found));
    let (reading, unseen) = match Fresh::of(parts, &names) {
        None => (seen?, false),
        Some(fresh) => read_fresh(parts, principal, &fresh, seen).await?,
    };
    let mut found = judge(parts, reading, permissions, token, unseen).await?;
    found.changes = parts.history.note_verification(&found, parts.operator.name()).await;
    Ok(found)
}

/// What the operator calls it, and the ids under which it was found.
fn names(principal: &str, found: Option<&Found>) -> Vec<String> {
    let mut names = vec![principal.to_owned()];
    if let Some(one) = found.and_then(|found| found.principal.as_ref()) {
        names.extend([one.id.to_string(), one.app_id.to_string()]);
    }
    if let Some(one) = found.and_then(|found| found.application.as_ref()) {
        names.extend([one.id.to_string(), one.app_id.to_string()]);
    }
    names
}

/// Reads again until everything that the run made is there, and nothing that it took away; tells whether that is still
/// unseen in the end.
async fn read_fresh(
    parts: &JobParts,
    principal: &str,
    fresh: &Fresh,
    mut seen: Result<Reading, Problem>,
) -> Result<(Reading, bool), Problem> {
    let left = fresh.left(parts.clock.now());
    let mut patience = Patience::new(parts.clock.as_ref(), CancellationToken::new(), left);
    loop {
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
        seen = read(parts, principal).await;
    }
}

/// What was read of a principal.
struct Reading {
    found: Found,
    graph: GraphResource,
    /// On Microsoft Graph.
    grants: Vec<AppRoleAssignment>,
    /// On other APIs.
    elsewhere: Vec<AppRoleAssignment>,
    /// Why grants could not be read, where the operator may not.
    unreadable: Option<Problem>,
    credentials: Vec<CredentialRow>,
    beside: Beside,
}

async fn read(parts: &JobParts, principal: &str) -> Result<Reading, Problem> {
    let call = Call::default();
    let (found, graph) =
        futures::join!(Box::pin(find::find_principal(parts, principal)), observe::graph_resource(parts, &call));
    let (mut found, graph) = (found?, graph?);
    let application = found.application.as_ref();
    // A list of registrations, which a name is found in, leaves their certificates out.
    let by_name = application.filter(|_| !find::is_exact(principal));
    let (grants, mut beside, whole) = futures::join!(
        grants(parts, &call, &found),
        Box::pin(beside::read(parts, &call, application)),
        Box::pin(beside::whole(parts, &call, by_name))
    );
    if let Some(whole) = beside::told(whole, "read its certificates", &mut beside.unreadable).flatten() {
        found.application = Some(whole);
    }
    let credentials = credentials(parts, found.application.as_ref()).await;
    let (grants, unreadable) = match grants {
        Ok(grants) => (grants, None),
        Err(error) if error.refusal().is_some_and(inbound_entra::graph::Refusal::is_forbidden) => {
            (Vec::new(), Some(trouble::graph(&error, "read what is granted")))
        }
        Err(error) => return Err(trouble::graph(&error, "read what is granted")),
    };
    let elsewhere = grants.iter().filter(|grant| grant.resource_id != graph.id).cloned().collect();
    let grants = observed::on_graph(grants, graph.id);
    Ok(Reading { found, graph, grants, elsewhere, unreadable, credentials, beside })
}

async fn judge(
    parts: &JobParts,
    reading: Reading,
    permissions: &[String],
    token: bool,
    unseen: bool,
) -> Result<Verification, Problem> {
    let Reading { found, graph, grants, elsewhere, unreadable, credentials, mut beside } = reading;
    let now = parts.clock.now();
    let required = Required::of(permissions)?;
    let identity =
        found.principal.as_ref().is_some_and(|one| one.service_principal_type == ServicePrincipalType::ManagedIdentity);
    let view = Tenant { graph: &graph, grants: &grants, application: found.application.as_ref(), identity, now };
    let mut rows: Vec<PermissionRow> = required.values.iter().map(|value| view.row(value, &required)).collect();
    let surplus = view.surplus(&rows, &required);

    let asking = async {
        if token && unreadable.is_none() {
            token_check(parts, &found, &credentials, &rows).await
        } else {
            TokenChecked::not("No token was asked for.")
        }
    };
    let looking = wrong::look(parts, found.application.as_ref(), &graph, &elsewhere, &rows);
    let (check, lookalikes) = futures::join!(Box::pin(asking), Box::pin(looking));
    if unreadable.is_some() {
        for row in &mut rows {
            row.note = Some("What is granted could not be read.".to_owned());
        }
        beside.unreadable.insert(0, beside::GRANTS_UNREADABLE.to_owned());
    } else {
        wrong::mark(&mut rows, found.application.as_ref(), &elsewhere, &lookalikes);
    }
    if found.application.is_none() && !identity {
        beside.unreadable.push(beside::REGISTERED_ELSEWHERE.to_owned());
    }
    beside.unreadable.extend(lookalikes.unreadable);
    beside.unreadable.extend(beside::unread_keychain(&credentials));
    if let TokenCheck::Issued { roles, .. } = &check.check {
        for row in &mut rows {
            row.in_token = if roles.contains(&row.value) { InToken::Yes } else { InToken::No };
        }
    }
    let card =
        found.card(parts).ok_or_else(|| Problem::new(Code::NotFound, "This tenant has no such app or identity."))?;
    let mut asked = consent::ask::open(parts);
    asked.retain(|one| card.object_id.as_ref() == Some(&one.principal));
    let assignment_required = found.principal.as_ref().and_then(|one| one.app_role_assignment_required);
    let evidence = Evidence {
        card: &card,
        identity,
        registration_read: found.application.is_some(),
        rows: &rows,
        credentials: &credentials,
        surplus: &surplus,
        token: &check.check,
        token_key: check.key_id.as_deref(),
        log: &check.log,
        not_yet: check.not_yet,
        unreadable: unreadable.as_ref(),
        unseen,
        only_owned: rows.iter().any(|row| row.value == UPLOAD_OWNED && !required.values.contains(&row.value)),
        owners: beside.owners.as_deref(),
        federated: beside.federated.as_deref(),
        assignment_required,
        asked: &asked,
        graph: &graph,
        now,
    };
    let verdict = verdict::judge(&evidence);
    let findings = findings::find(&evidence, verdict.kind);
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
        log: check.log,
        findings,
        owners: beside.owners.unwrap_or_default(),
        federated: beside.federated.unwrap_or_default(),
        assignment_required,
        unreadable: beside.unreadable,
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
                None => held(shown, value, requested),
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

/// The state and note of what is granted for good.
fn held(shown: &str, value: &str, requested: Option<bool>) -> (PermissionState, Option<String>) {
    let mut notes = Vec::new();
    if shown == UPLOAD_OWNED && value == UPLOAD {
        notes.push("Only to provisioning apps that it owns itself.".to_owned());
    } else if shown != value {
        notes.push(format!("{shown} serves in place of {value}."));
    }
    let state = if requested == Some(false) {
        notes.push(
            "The app registration does not request it, so a later admin consent may take it away. To keep it, add it to \
             the registration's API permissions."
                .to_owned(),
        );
        PermissionState::GrantedNotRequested
    } else {
        PermissionState::Granted
    };
    (state, (!notes.is_empty()).then(|| notes.join(" ")))
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
    // What never ends lasts longest.
    let left = |one: &CredentialRow| one.days_left.unwrap_or(i32::MAX);
    rows.sort_by(|a, b| left(b).cmp(&left(a)).then_with(|| a.key_id.cmp(&b.key_id)));
    rows
}
