//! The live token check: signs in as the API client would, with a secret of this keychain, and reads the log with it.

use std::time::Duration;

use inbound_entra::auth::token_roles;
use inbound_entra::model::{Application, ServicePrincipalType};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio_util::sync::CancellationToken;

use crate::job::JobParts;
use crate::patience::{Patience, SPREADS};
use crate::principal::find::Found;
use crate::problem::trouble;
use crate::requirements::{self, Need};
use crate::road::{self, LogCheck};
use crate::secrets;
use crate::verification::{CredentialKind, CredentialRow, PermissionRow, TokenCheck};

/// Fresh secrets were seen to work after 4 to 18 seconds (graph-facts 2).
const TOKEN_PATIENCE: Duration = Duration::from_secs(30);

/// The check, and whether looking again soon may change it.
pub(crate) struct TokenChecked {
    pub check: TokenCheck,
    pub not_yet: bool,
    /// What reading the provisioning log with that token brought.
    pub log: LogCheck,
    /// `keyId` of the secret that was used.
    pub key_id: Option<String>,
}

impl TokenChecked {
    pub(crate) fn not(reason: &str) -> Self {
        Self::of(TokenCheck::NotChecked { reason: reason.to_owned() }, false)
    }

    fn of(check: TokenCheck, not_yet: bool) -> Self {
        Self { check, not_yet, log: not_tried("There is no token to read the log with."), key_id: None }
    }
}

/// Signs in as the API client would, with a secret of this keychain.
pub(crate) async fn token_check(
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
            return TokenChecked::of(TokenCheck::Refused { problem: Box::new(trouble::keychain(&error)) }, false);
        }
    };
    let wanted: Vec<&str> = rows.iter().filter(|row| row.granted.is_some()).map(|row| row.value.as_str()).collect();
    let young = is_young(parts, application, &here.key_id, rows);
    let mut asked = Box::pin(ask(parts, application, &secret, &wanted, young)).await;
    asked.key_id = Some(here.key_id.clone());
    asked
}

fn not_tried(reason: &str) -> LogCheck {
    LogCheck::NotTried { reason: reason.to_owned() }
}

/// Reads the log where the token says that it may.
async fn read_log(parts: &JobParts, token: &SecretString, roles: &[String], young: bool) -> LogCheck {
    if roles.iter().any(|role| requirements::need_of(role) == Need::ReadLogs) {
        Box::pin(road::log_check(parts, token, young)).await
    } else {
        not_tried("The token does not hold a permission to read the logs.")
    }
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
        let (mut checked, token) = match parts.tokens.app_token(application.app_id, secret).await {
            Ok(token) => {
                let roles = token_roles(token.expose_secret());
                let whole = wanted.iter().all(|value| roles.iter().any(|role| role == value));
                let check = TokenCheck::Issued { at: parts.clock.now().to_string(), roles };
                (TokenChecked::of(check, young && !whole), Some(token))
            }
            Err(error) => {
                let not_yet = young && error.not_yet();
                let mut problem = trouble::sign_in(&error);
                if not_yet {
                    problem =
                        problem.advice("A new secret may take a minute to work everywhere. Verify again shortly.");
                }
                (TokenChecked::of(TokenCheck::Refused { problem: Box::new(problem) }, not_yet), None)
            }
        };
        if !checked.not_yet || patience.wait(|_, _| {}).await.is_err() {
            if let (Some(token), TokenCheck::Issued { roles, .. }) = (&token, &checked.check) {
                checked.log = read_log(parts, token, roles, young).await;
            }
            return checked;
        }
    }
}
