//! Faults of the tenant, the keychain and sign-in as the operator hears of them.
//!
//! The service's own words go into the trace as data; what a face shows are sentences of ours.

use inbound_entra::auth::{AuthError, explain};
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
        Some(Policy::QuotaReached) => Problem::new(
            Code::PolicyRefused,
            format!("As many objects exist as you or this tenant may have, so Entra refused to {act}."),
        )
        .advice(
            "Delete for good what nobody needs any more, in Entra under App registrations, Deleted applications: what was \
             deleted counts too. Someone with an administrator role is not bound by the limit of 250 objects that other \
             users have. Then plan again.",
        ),
        Some(Policy::ObjectFull) => Problem::new(
            Code::PolicyRefused,
            format!("The object holds as many entries as Entra allows, so Entra refused to {act}."),
        )
        .advice(
            "Remove secrets, certificates or requested permissions that the app does not need any more, or set up another \
             app. Then plan again.",
        ),
        Some(Policy::Locked) => Problem::new(
            Code::PolicyRefused,
            format!("The app is locked against such changes, so Entra refused to {act}."),
        )
        .advice(
            "Its owner can lift the lock in Entra under App registrations, Authentication, App instance property lock. \
             Then plan again.",
        ),
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
    .advice(
        "Wait a few minutes and plan again: what exists is found, and only the rest is done. Should it stay so, look in \
         Entra whether someone has deleted the app.",
    );
    match error {
        Some(error) => problem.trace(trace(error)),
        None => problem,
    }
}

/// It met other changes or another object until our patience was out.
pub(crate) fn conflict(error: &GraphError, act: &str) -> Problem {
    Problem::new(Code::Refused, format!("Something stands against it each time that Entra is asked to {act}."))
        .exists("Nothing was changed by this step.")
        .advice(
            "Another administrator may be changing the same app, or something of this name was deleted less than 30 days \
             ago and holds it still: look in Entra under App registrations, Deleted applications. Then plan again.",
        )
        .trace(trace(error))
}

/// Refused although a role of the operator allows it.
pub(crate) fn refused_in_spite_of_role(error: &GraphError, act: &str) -> Problem {
    Problem::new(
        Code::PolicyRefused,
        format!("Entra refused to {act}, although your role allows it: a rule of this tenant stands against it."),
    )
    .exists("Nothing was changed by this request.")
    .advice(
        "Ask whoever keeps the tenant's consent and access policies, or leave the grants to another administrator: plan \
         again and ask for consent. A role that was given to you just now may take 15 minutes to work.",
    )
    .trace(trace(error))
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

pub(crate) fn refusal_trace(refusal: &Refusal) -> RequestTrace {
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
        AuthError::SignedOut => {
            Problem::new(Code::NotSignedIn, "Nobody is signed in any more.").advice("Sign in again; what was done stands.")
        }
        AuthError::WrongCloud { home } => {
            Problem::new(Code::SignInFailed, format!("This tenant is not in this cloud but in {home}."))
                .advice("Choose that cloud and sign in again.")
        }
        AuthError::OtherAccount { expected, got } => Problem::new(
            Code::SignInFailed,
            format!("{got} signed in, but this session belongs to {expected}. That sign-in was not kept."),
        )
        .advice(format!("Sign in as {expected}, or leave and connect as somebody else.")),
        AuthError::NotGranted { scopes } => Problem::new(
            Code::SignInFailed,
            format!("The sign-in service did not give {}, which this step needs.", crate::words::list(scopes)),
        )
        .advice(
            "Have the client that you sign in with allowed it: API permissions, then Grant admin consent. What was done \
             stands.",
        ),
        AuthError::ChallengedAgain => Problem::new(
            Code::SignInFailed,
            "The tenant still asks for another proof of identity after a fresh sign-in.",
        )
        .advice("A Conditional Access policy may not be satisfiable from this computer: ask whoever keeps the policies."),
        AuthError::DeviceCodeExpired => Problem::new(Code::SignInFailed, "Nobody typed the code while it was good.")
            .advice("Start again for a new code, or sign in with your browser."),
        AuthError::DeviceCodeDeclined => Problem::new(Code::SignInFailed, "The sign-in with the code was declined.")
            .advice("Start again if that was not meant."),
        AuthError::TimedOut => Problem::new(Code::SignInFailed, "Nobody finished signing in within five minutes.")
            .advice("Start again, or copy the link into another browser, or use a code."),
        // Their own words hold the way out.
        AuthError::Tool { .. } | AuthError::Key(_) | AuthError::NotListening { .. } => {
            Problem::new(Code::SignInFailed, format!("{}.", crate::words::sentence_case(&error.to_string())))
        }
        AuthError::Browser(_)
        | AuthError::NoFederatedToken { .. }
        | AuthError::Untrusted { .. }
        | AuthError::Credential { .. } => {
            Problem::new(Code::SignInFailed, format!("{}.", crate::words::sentence_case(&error.to_string())))
                .advice("Sign in again.")
        }
    };
    problem.exists("Nothing was changed.")
}

/// What a refusal means (graph-facts 11). The numbers explain; nothing else depends on them.
fn explain_refusal(codes: &[u32]) -> (&'static str, &'static str) {
    match codes.first() {
        // Here they are of the app whose token is asked for, mostly one that was set up from here.
        Some(7_000_215) => (
            "The sign-in service does not know this secret",
            "If it was made just now, wait a minute. Else someone has removed it: set up access again to make a new one.",
        ),
        Some(7_000_222) => ("The secret has ended", "Set up access again to make a new one."),
        _ => explain(codes).map_or(
            ("The sign-in service refused to give a token", "Its own words are in the details. Sign in again."),
            |explanation| (explanation.what, explanation.advice),
        ),
    }
}
