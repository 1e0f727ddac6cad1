//! What can go wrong with signing in.

use azure_core::error::ErrorKind;
use serde_json::Value;

use super::asker::BrowserError;
use super::signing_key::KeyError;
use super::tool::{Tool, ToolFault};
use crate::http::{HttpError, NoConnection};

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// The operator cancelled.
    #[error("the sign-in was cancelled")]
    Cancelled,
    /// Nobody finished the page within five minutes.
    #[error("nobody finished signing in within five minutes; start again")]
    TimedOut,
    /// The browser could not be opened.
    #[error("{0}")]
    Browser(BrowserError),
    /// No port of this computer's loopback interface could be listened on.
    #[error(
        "this computer did not let the app listen for the browser's answer on 127.0.0.1 or ::1 ({reason}); a security program may forbid it"
    )]
    NotListening {
        /// The system's reason.
        reason: String,
    },
    /// The operator would have to sign in again, and may not be asked now.
    #[error("this needs a sign-in with further permissions ({})", .scopes.join(", "))]
    NeedsInteraction {
        /// The scopes that are missing, by value; empty when the session has ended.
        scopes: Vec<String>,
    },
    /// The operator signed out: nothing is left to get a token with.
    #[error("nobody is signed in any more; sign in again")]
    SignedOut,
    /// Somebody else signed in than the session belongs to. Nothing of that sign-in is kept.
    #[error("{got} signed in, but this session belongs to {expected}; sign in as {expected}, or connect anew")]
    OtherAccount {
        /// Sign-in name of the session's account.
        expected: String,
        /// Sign-in name of who signed in.
        got: String,
    },
    /// The sign-in went well, but its token lacks what was asked for.
    #[error("the sign-in service did not give the permissions that were asked for ({})", .scopes.join(", "))]
    NotGranted {
        /// The scopes that are missing, by value.
        scopes: Vec<String>,
    },
    /// Graph asks for another proof of identity although one was given just now.
    #[error(
        "the tenant still asks for another proof of identity after a fresh sign-in; a Conditional Access policy may not be satisfiable from this computer"
    )]
    ChallengedAgain,
    /// The tenant lives in another national cloud than was asked.
    #[error("this tenant is not in this cloud but in {home}; choose that cloud and sign in again")]
    WrongCloud {
        /// Where it lives, as operators call that cloud.
        home: String,
    },
    /// Nobody typed the code while it was good.
    #[error("the code has expired before anyone typed it; start again")]
    DeviceCodeExpired,
    /// The operator declined on the page where the code is typed.
    #[error("the sign-in with the code was declined")]
    DeviceCodeDeclined,
    /// An Azure tool gave no token.
    #[error("{}", .why.words(*.tool))]
    Tool {
        /// Which.
        tool: Tool,
        /// Why.
        why: ToolFault,
    },
    /// A certificate or its key cannot be used.
    #[error("{0}")]
    Key(KeyError),
    /// The proof of a workload's identity could not be read.
    #[error("the federated token could not be read: {reason}")]
    NoFederatedToken {
        /// Why; never what it holds.
        reason: String,
    },
    /// The sign-in service said no.
    #[error("the sign-in service refused ({}): {description}", label(.error, .codes))]
    Refused {
        /// OAuth's `error`: what may be branched on (graph-facts 11).
        error: String,
        /// The numbers after `AADSTS`: for explanations only.
        codes: Vec<u32>,
        /// The service's first sentence, as data.
        description: String,
        /// For Microsoft support.
        correlation_id: Option<String>,
        /// For Microsoft support.
        trace_id: Option<String>,
    },
    /// The sign-in service could not be reached.
    #[error("{host} could not be reached: {why}")]
    Unreachable {
        /// Its host.
        host: String,
        /// Why.
        why: NoConnection,
    },
    /// The sign-in service is busy or has a fault, and stays so.
    #[error("{host} is busy or has a fault (HTTP {status}); try again {}", when(*.retry_after))]
    Busy {
        /// Its host.
        host: String,
        /// What it answered at last.
        status: u16,
        /// How long it asked to wait, in seconds.
        retry_after: Option<u32>,
    },
    /// The sign-in service answered something that makes no sense.
    #[error("{what} could not be read: a proxy or a network sign-in page may stand between")]
    Unreadable {
        /// What was expected.
        what: &'static str,
    },
    /// An answer is not from the place, or not for the request, that was asked.
    #[error("the sign-in was stopped because {what}")]
    Untrusted {
        /// What is wrong.
        what: String,
    },
    /// A credential of another library failed.
    #[error("no token: {words}")]
    Credential {
        /// Its words.
        words: String,
    },
}

fn label(error: &str, codes: &[u32]) -> String {
    codes.first().map_or_else(|| error.to_owned(), |code| format!("{error}, AADSTS{code}"))
}

fn when(retry_after: Option<u32>) -> String {
    retry_after.map_or_else(|| "in a few minutes".to_owned(), |seconds| format!("in {seconds} s"))
}

impl AuthError {
    /// Whether a fresh app or secret is merely not known everywhere yet: 7000215 or 700016 (graph-facts 2). Only the
    /// caller knows whether it is fresh.
    #[must_use]
    pub fn not_yet(&self) -> bool {
        matches!(self, Self::Refused { codes, .. } if codes.iter().any(|code| [7_000_215, 700_016].contains(code)))
    }

    /// Whether only the operator can help: the session has ended, or they must consent or prove who they are. By OAuth's
    /// `error`, never by number (graph-facts 11).
    pub(super) fn needs_person(&self) -> bool {
        let kinds = ["invalid_grant", "interaction_required", "login_required", "consent_required"];
        matches!(self, Self::Refused { error, .. } if kinds.contains(&error.as_str()))
    }

    /// The AADSTS numbers of a refusal: for explanations only.
    #[must_use]
    pub fn codes(&self) -> &[u32] {
        if let Self::Refused { codes, .. } = self { codes } else { &[] }
    }

    /// What a `TokenCredential` failed with.
    #[must_use]
    pub fn from_credential(error: &azure_core::Error) -> Self {
        error.downcast_ref::<Self>().cloned().unwrap_or_else(|| Self::Credential { words: tidy(&error.to_string()) })
    }

    pub(super) fn into_azure(self) -> azure_core::Error {
        azure_core::Error::new(ErrorKind::Credential, self)
    }

    pub(super) fn of_http(error: HttpError, host: &str, what: &'static str) -> Self {
        let why = match error {
            HttpError::NotSent(why) => why,
            HttpError::NoAnswer { timed_out: true } => NoConnection::TimedOut,
            HttpError::NoAnswer { timed_out: false } => NoConnection::Broken,
            HttpError::Setup => NoConnection::Setup,
            HttpError::Truncated | HttpError::TooLarge { .. } => return Self::Unreadable { what },
        };
        Self::Unreachable { host: host.to_owned(), why }
    }

    /// A refusal of the token endpoint (graph-facts 11), or `Unreadable` when it is none.
    pub(super) fn of_token_answer(body: &[u8]) -> Self {
        let document: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| document.get(name).and_then(Value::as_str);
        let Some(error) = text("error") else { return Self::Unreadable { what: "the sign-in service's answer" } };
        let description = text("error_description").unwrap_or_default();
        let listed: Vec<u32> = document
            .get("error_codes")
            .and_then(Value::as_array)
            .map(|codes| codes.iter().filter_map(Value::as_u64).filter_map(|code| code.try_into().ok()).collect())
            .unwrap_or_default();
        Self::refused(
            error,
            if listed.is_empty() { code_in(description) } else { listed },
            description,
            text("correlation_id"),
            text("trace_id"),
        )
    }

    /// A refusal that came back through the browser: codes and ids stand in the description.
    pub(super) fn of_redirect(error: &str, description: &str) -> Self {
        let after = |label: &str| {
            let rest = description.split_once(label)?.1.trim_start();
            Some(rest.split(|c: char| c.is_whitespace()).next().unwrap_or_default()).filter(|id| !id.is_empty())
        };
        let (correlation, trace) = (after("Correlation ID:"), after("Trace ID:"));
        Self::refused(error, code_in(description), description, correlation, trace)
    }

    fn refused(
        error: &str,
        codes: Vec<u32>,
        description: &str,
        correlation_id: Option<&str>,
        trace_id: Option<&str>,
    ) -> Self {
        Self::Refused {
            error: tidy(error),
            codes,
            description: first_sentence(description),
            correlation_id: correlation_id.map(tidy),
            trace_id: trace_id.map(tidy),
        }
    }
}

/// `AADSTS70011: The …` without the code, and without the trace that follows the text.
fn first_sentence(description: &str) -> String {
    let text = description.split("Trace ID:").next().unwrap_or_default();
    let text = match text.split_once(": ") {
        Some((head, tail)) if head.starts_with("AADSTS") => tail,
        _ => text,
    };
    tidy(text)
}

pub(super) fn code_in(description: &str) -> Vec<u32> {
    let digits = description.strip_prefix("AADSTS").and_then(|rest| rest.split(':').next());
    digits.and_then(|digits| digits.parse().ok()).into_iter().collect()
}

/// The service's text is data: bounded, and on one line.
pub(super) fn tidy(text: &str) -> String {
    let text: String = text.chars().take(1_000).map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_refusal_of_the_token_endpoint_keeps_code_sentence_and_ids() {
        let body = br#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.\r\nTrace ID: t\r\nCorrelation ID: c\r\nTimestamp: x","error_codes":[7000215],"timestamp":"x","trace_id":"t","correlation_id":"c"}"#;
        let error = AuthError::of_token_answer(body);
        assert!(error.not_yet());
        assert_eq!(
            error.to_string(),
            "the sign-in service refused (invalid_client, AADSTS7000215): Invalid client secret provided."
        );
        let AuthError::Refused { correlation_id, trace_id, .. } = error else { panic!("refused") };
        assert_eq!((correlation_id.as_deref(), trace_id.as_deref()), (Some("c"), Some("t")));
    }

    #[test]
    fn codes_are_found_in_the_text_when_they_are_not_listed() {
        let error = AuthError::of_redirect("access_denied", "AADSTS65004: User declined to consent.");
        assert!(matches!(&error, AuthError::Refused { codes, .. } if codes == &[65004]));
        assert!(!error.not_yet());
        assert!(AuthError::of_redirect("x", "AADSTS700016: Application not found").not_yet());
        let text =
            "AADSTS50105: Not assigned.\r\nTrace ID: t-1\r\nCorrelation ID: c-1\r\nTimestamp: 2026-08-20 10:00:00Z";
        let AuthError::Refused { description, correlation_id, trace_id, .. } = AuthError::of_redirect("x", text) else {
            panic!("refused")
        };
        assert_eq!(description, "Not assigned.");
        assert_eq!((correlation_id.as_deref(), trace_id.as_deref()), (Some("c-1"), Some("t-1")));
    }

    #[test]
    fn a_busy_service_says_when_to_come_back() {
        let busy = |retry_after| AuthError::Busy { host: "login.example".to_owned(), status: 503, retry_after };
        let text = "login.example is busy or has a fault (HTTP 503); try again in";
        assert_eq!(busy(Some(40)).to_string(), format!("{text} 40 s"));
        assert_eq!(busy(None).to_string(), format!("{text} a few minutes"));
    }

    #[test]
    fn pages_in_place_of_answers_are_unreadable() {
        for body in ["<html>", "", "[]", "{\"error\":{\"code\":1}}", "null"] {
            assert!(matches!(AuthError::of_token_answer(body.as_bytes()), AuthError::Unreadable { .. }), "{body}");
        }
    }

    #[test]
    fn an_error_survives_the_way_through_azure_core() {
        let error = AuthError::Unreachable { host: "h".to_owned(), why: NoConnection::Dns };
        assert_eq!(AuthError::from_credential(&error.clone().into_azure()), error);
        let other = azure_core::Error::with_message(ErrorKind::Credential, "az is not logged in");
        assert!(matches!(AuthError::from_credential(&other), AuthError::Credential { words } if words.contains("az")));
    }

    proptest! {
        #[test]
        fn no_body_makes_it_panic(body in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,80}") {
            let _ = AuthError::of_token_answer(&body);
            let _ = AuthError::of_redirect(&text, &text).to_string();
        }
    }
}
