//! Faults of the tenant, the keychain and sign-in as the operator hears of them.
//!
//! The service's own words go into the trace as data; what a face shows are sentences of ours.

use inbound_entra::auth::AuthError;
use inbound_entra::graph::{GraphError, Policy, Refusal};
use inbound_keychain::{KeychainError, OtherKind};

use crate::problem::{Code, Problem, RequestTrace};

/// The problem behind `error`, met when we were about to `act` (an infinitive: `grant AuditLog.Read.All`).
pub fn graph(error: &GraphError, act: &str) -> Problem {
    match error {
        GraphError::Refused(refusal) => refused(refusal, act),
        GraphError::Unclear { why, .. } => Problem::new(
            Code::Unclear,
            format!("It is not known whether Entra carried out the request to {act}: {why}."),
        )
        .advice("Plan again: the tenant is read afresh, and nothing is made twice.")
        .trace(trace(error)),
        GraphError::NotSent { host, why, .. } => {
            Problem::new(Code::Unreachable, format!("{host} could not be reached to {act}: {why}."))
                .exists("Nothing was changed by this request.")
                .advice("Check the network connection and try again.")
                .trace(trace(error))
        }
        GraphError::Unreadable { why, .. } => {
            Problem::new(Code::UnreadableAnswer, format!("The tenant's answer when asked to {act} {why}."))
                .exists("Nothing was changed by this request.")
                .advice("Try again. If it stays so, a proxy or a network sign-in page may stand between.")
                .trace(trace(error))
        }
        GraphError::Throttled { retry_after, .. } => Problem::new(
            Code::Throttled,
            format!("Entra is busy and asks to wait {retry_after} seconds more before it will {act}."),
        )
        .exists("Nothing was changed by this request.")
        .advice("Try again in a few minutes.")
        .trace(trace(error)),
        GraphError::Cancelled => {
            Problem::new(Code::Cancelled, "Cancelled.").exists("Nothing was changed by this request.")
        }
        GraphError::SignIn(error) => sign_in(error),
        GraphError::ForeignHost { host } => Problem::new(
            Code::UnreadableAnswer,
            format!("The answer when asked to {act} pointed to {host}, which is not this cloud's Microsoft Graph."),
        )
        .exists("It was not followed, and nothing was changed.")
        .advice("Try again. If it stays so, something between this computer and Microsoft Graph alters its answers."),
    }
}

fn refused(refusal: &Refusal, act: &str) -> Problem {
    let trace = refusal_trace(refusal);
    let problem = match refusal.policy() {
        Some(Policy::SecretsForbidden) => Problem::new(
            Code::PolicyRefused,
            format!("A policy of this tenant does not allow client secrets, so Entra refused to {act}."),
        )
        .advice("Ask whoever keeps the app management policy to exempt this app, or use a managed identity."),
        Some(Policy::LifetimeTooLong) => Problem::new(
            Code::PolicyRefused,
            format!("A policy of this tenant allows only a shorter life for secrets, so Entra refused to {act}."),
        )
        .advice("Choose an earlier last day and plan again."),
        Some(Policy::AudienceForbidden) => Problem::new(
            Code::PolicyRefused,
            format!("A policy of this tenant does not allow apps of this audience, so Entra refused to {act}."),
        )
        .advice("Ask whoever keeps the app management policy."),
        None if refusal.is_forbidden() => Problem::new(
            Code::Forbidden,
            format!("Entra refused to {act}: you lack a role or a scope for it."),
        )
        .advice(
            "Ask someone who holds the role, or activate it, then plan again. A new role may take 15 minutes to work.",
        ),
        None if refusal.is_not_found() => {
            Problem::new(Code::NotFound, format!("Entra could not {act}: the object is not in the tenant."))
                .advice("It may have been deleted meanwhile. Plan again.")
        }
        None => Problem::new(
            Code::Refused,
            format!("Entra refused to {act} (HTTP {}{}).", refusal.status, code_of(refusal)),
        )
        .advice(
            "Its own words are in the details. Plan again; if it stays so, give the request id to Microsoft support.",
        ),
    };
    problem.exists("Nothing was changed by this request.").trace(trace)
}

fn code_of(refusal: &Refusal) -> String {
    if refusal.code.is_empty() { String::new() } else { format!(", {}", refusal.code) }
}

/// Replication outlasted our patience.
pub(crate) fn still_replicating(error: Option<&GraphError>, act: &str) -> Problem {
    let problem = Problem::new(
        Code::StillReplicating,
        format!("Entra has not yet spread an earlier change to all its replicas, so it could not {act}."),
    )
    .advice("Nothing is wrong. Wait a few minutes and plan again: what exists is found, and only the rest is done.");
    match error {
        Some(error) => problem.trace(trace(error)),
        None => problem,
    }
}

/// What support needs of a fault.
pub(crate) fn trace(error: &GraphError) -> RequestTrace {
    match error.refusal() {
        Some(refusal) => refusal_trace(refusal),
        None => RequestTrace {
            request_id: error.request_id().map(str::to_owned),
            client_request_id: error.client_request_id().map(str::to_owned),
            ..RequestTrace::default()
        },
    }
}

fn refusal_trace(refusal: &Refusal) -> RequestTrace {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    RequestTrace {
        status: Some(refusal.status),
        service_code: refusal
            .detail_codes
            .first()
            .map(String::as_str)
            .and_then(filled)
            .or_else(|| filled(&refusal.code)),
        service_message: filled(&refusal.message),
        request_id: refusal.request_id.clone(),
        client_request_id: filled(&refusal.client_request_id),
        date: refusal.date.map(|date| date.to_string()),
    }
}

/// The problem behind a keychain error.
pub(crate) fn keychain(error: &KeychainError) -> Problem {
    let code = match error {
        KeychainError::Absent => Code::KeychainAbsent,
        KeychainError::Locked => Code::KeychainLocked,
        KeychainError::Declined => Code::KeychainDeclined,
        KeychainError::NotFound => Code::SecretNotFound,
        KeychainError::Other { .. } => Code::KeychainFailed,
    };
    // The error's own text names the way out for this platform.
    Problem::new(code, error.to_string())
}

/// Whether a write may still land although the keychain did not say so.
pub(crate) fn keychain_unknown(error: &KeychainError) -> bool {
    matches!(error, KeychainError::Other { kind: OtherKind::TimedOut, .. })
}

/// The problem behind a sign-in error: of the operator's session, or of the app whose token was asked for.
pub fn sign_in(error: &AuthError) -> Problem {
    let problem = match error {
        AuthError::Cancelled => Problem::new(Code::Cancelled, "Cancelled."),
        AuthError::Unreachable { host, why } => {
            Problem::new(Code::Unreachable, format!("{host} could not be reached to get a token: {why}."))
                .advice("Check the network connection and try again.")
        }
        AuthError::NeedsInteraction { scopes } if scopes.is_empty() => {
            Problem::new(Code::NotSignedIn, "The session has ended.").advice("Sign in again; what was done stands.")
        }
        AuthError::NeedsInteraction { scopes } => Problem::new(
            Code::NotSignedIn,
            format!("The sign-in does not carry {} yet, which this needs.", crate::words::list(scopes)),
        )
        .advice("Sign in again and allow it; what was done stands."),
        AuthError::Busy { .. } => Problem::new(Code::Throttled, format!("{error}.")),
        AuthError::Unreadable { .. } => {
            Problem::new(Code::UnreadableAnswer, format!("{}.", crate::words::sentence_case(&error.to_string())))
        }
        AuthError::Refused { error, codes, description, correlation_id, trace_id } => {
            let code = codes.first().map(|code| format!("AADSTS{code}"));
            let label = code.as_ref().map_or_else(|| error.clone(), |code| format!("{error}, {code}"));
            let (message, advice) = explain_refusal(codes);
            Problem::new(Code::SignInFailed, format!("{message} ({label}).")).advice(advice).trace(RequestTrace {
                service_code: code.or_else(|| Some(error.clone())),
                service_message: Some(description.clone()),
                request_id: trace_id.clone(),
                client_request_id: correlation_id.clone(),
                ..RequestTrace::default()
            })
        }
        _ => Problem::new(Code::SignInFailed, format!("{}.", crate::words::sentence_case(&error.to_string())))
            .advice("Sign in again."),
    };
    problem.exists("Nothing was changed.")
}

/// What the commonest refusals of the token endpoint mean (graph-facts 11). The numbers explain; nothing else depends on
/// them.
fn explain_refusal(codes: &[u32]) -> (&'static str, &'static str) {
    match codes.first() {
        Some(7_000_215) => (
            "The sign-in service does not know this secret",
            "If it was made just now, wait a minute. Else someone has removed it: set up access again to make a new one.",
        ),
        Some(7_000_222) => ("The secret has ended", "Set up access again to make a new one."),
        Some(700_016) => (
            "The sign-in service does not know this app",
            "If it was made just now, wait a minute. Else someone has deleted it.",
        ),
        Some(7_000_112) => ("The app is disabled", "Enable it in Entra, or ask who disabled it."),
        Some(53_000 | 53_001 | 53_003 | 530_032 | 530_035) => (
            "A Conditional Access policy does not let this sign-in pass",
            "Ask whoever keeps the policies of this tenant.",
        ),
        Some(50_076 | 50_079 | 50_072 | 50_074 | 50_078 | 50_173 | 700_082 | 70_008) => {
            ("The session has ended or needs another proof of identity", "Sign in again; what was done stands.")
        }
        _ => ("The sign-in service refused to give a token", "Its own words are in the details. Sign in again."),
    }
}
