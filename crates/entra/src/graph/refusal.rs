//! Graph's refusals, parsed as leniently as they are written (graph-facts 10), and what they mean.

use std::fmt;

use jiff::Timestamp;
use serde_json::Value;

use crate::times;

/// An error answer of Graph.
///
/// `message` is Graph's text: data, never to be branched on where a code exists, and to be shown as a quotation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// `error.code`; real answers may leave it empty.
    pub code: String,
    /// `error.message`, at most 2,000 characters.
    pub message: String,
    /// `error.details[].code`, where the telling code often is (graph-facts 3).
    pub detail_codes: Vec<String>,
    /// Graph's `request-id`.
    pub request_id: Option<String>,
    /// Our `client-request-id`.
    pub client_request_id: String,
    /// The server's time, which is UTC without saying so.
    pub date: Option<Timestamp>,
}

/// What forbids what was asked, whoever asks: a policy, a limit or a lock (graph-facts 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// No client secrets.
    SecretsForbidden,
    /// Not for that long.
    LifetimeTooLong,
    /// Not for that audience.
    AudienceForbidden,
    /// The operator, or the tenant, has as many objects as it may have.
    QuotaReached,
    /// The object holds as much as it may hold.
    ObjectFull,
    /// The app is locked against such changes (app instance property lock).
    Locked,
}

/// By the code, or by how it begins.
const POLICIES: [(&str, Policy); 6] = [
    ("CredentialTypeNotAllowedAsPerAppPolicy", Policy::SecretsForbidden),
    ("CredentialInvalidLifetimeAsPerAppPolicy", Policy::LifetimeTooLong),
    ("SignInAudienceNotAllowedAsPerAppPolicy", Policy::AudienceForbidden),
    ("Directory_QuotaExceeded", Policy::QuotaReached),
    ("Directory_ResourceSizeExceeded", Policy::ObjectFull),
    ("CannotUpdateLockedServicePrincipalProperty", Policy::Locked),
];

const MESSAGE_LIMIT: usize = 2_000;

impl Refusal {
    /// The object is not there (404). Just after its creation, [`is_replicating`](Self::is_replicating) says so too.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status == 404
    }

    /// The grant exists already: 400 without a code of its own, so the message must do (graph-facts 6).
    #[must_use]
    pub fn is_duplicate_grant(&self) -> bool {
        self.status == 400 && self.says("permission being assigned already exists")
    }

    /// An object with this key exists already (409, graph-facts 3).
    #[must_use]
    pub fn is_already_there(&self) -> bool {
        self.status == 409 || self.has_code("Request_MultipleObjectsWithSameKeyValue")
    }

    /// It met another change or another object (409, 412): what is there now must be looked at before it is tried again.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self.status, 409 | 412) || self.is_already_there() || self.has_code("Directory_ConcurrencyViolation")
    }

    /// Refused as it stands, in words that may mean anything: Graph has no code for a grant that exists already.
    #[must_use]
    pub fn is_bad_request(&self) -> bool {
        self.status == 400 && self.policy().is_none()
    }

    /// What a new object answers until every replica knows it (graph-facts 3, 6, 10). It says nothing of whether
    /// the object was made just now: only the caller knows that.
    #[must_use]
    pub fn is_replicating(&self) -> bool {
        match self.status {
            404 => true,
            _ if self.policy().is_some() => false,
            400 => {
                self.has_code("NoBackingApplicationObject")
                    || self.says("not a valid reference update")
                    || self.says("does not reference a valid application object")
                    || self.says("queried reference-property objects")
            }
            403 => self.says("backing application of the service principal being created must"),
            _ => false,
        }
    }

    /// The signed-in user lacks a directory role or a consented scope (403).
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.status == 403 && !self.is_replicating() && self.policy().is_none()
    }

    /// The policy, limit or lock that forbids it, by code (graph-facts 2).
    #[must_use]
    pub fn policy(&self) -> Option<Policy> {
        POLICIES.into_iter().find_map(|(code, policy)| self.has_code_like(code).then_some(policy))
    }

    /// A fault of the service that looks like an absence (graph-facts 10): 404 "Unable to read the company information".
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.status == 404 && self.has_code("Directory_ObjectNotFound")
    }

    /// Reads an error body; `None` when it is no error of Graph at all. A 404 whose `error` is a mere text is none
    /// either: Graph never writes so, and what a stranger misses is no absence.
    ///
    /// Accepts every deviation seen: `code` empty or absent, `message` as an object, `details` as an object,
    /// `innerError` in both spellings, dates without zone.
    #[must_use]
    pub fn parse(status: u16, body: &[u8]) -> Option<Self> {
        let document: Value = serde_json::from_slice(body).ok()?;
        let error = document.get("error")?;
        if let Some(text) = error.as_str() {
            if status == 404 {
                return None;
            }
            let message = document.get("error_description").map(plain).unwrap_or_default();
            return Some(Self { status, code: shorten(text), message, ..Self::default() });
        }
        let error = error.as_object()?;
        let details = match error.get("details") {
            Some(Value::Array(rows)) => rows.iter().collect(),
            Some(row @ Value::Object(_)) => vec![row],
            _ => Vec::new(),
        };
        let inner = error.iter().find(|(key, _)| key.eq_ignore_ascii_case("innererror")).map(|(_, value)| value);
        let of_inner = |key: &str| inner.and_then(|inner| inner.get(key)).and_then(Value::as_str);
        Some(Self {
            status,
            code: error.get("code").map(plain).unwrap_or_default(),
            message: error.get("message").map(plain).unwrap_or_default(),
            detail_codes: details.iter().take(50).filter_map(|row| row.get("code")).map(plain).collect(),
            request_id: of_inner("request-id").map(shorten),
            client_request_id: of_inner("client-request-id").map(shorten).unwrap_or_default(),
            date: of_inner("date").and_then(times::read),
        })
    }

    fn has_code(&self, code: &str) -> bool {
        std::iter::once(&self.code).chain(&self.detail_codes).any(|own| own.eq_ignore_ascii_case(code))
    }

    /// Codes grow suffixes, such as `WithEnforcementScope`.
    fn has_code_like(&self, begins: &str) -> bool {
        let begins_so = |own: &String| own.get(..begins.len()).is_some_and(|head| head.eq_ignore_ascii_case(begins));
        std::iter::once(&self.code).chain(&self.detail_codes).any(begins_so)
    }

    fn says(&self, words: &str) -> bool {
        self.message.to_lowercase().contains(words)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Microsoft Graph refused (HTTP {}", self.status)?;
        if !self.code.is_empty() {
            write!(f, ", {}", self.code)?;
        }
        f.write_str(")")?;
        if !self.message.is_empty() {
            write!(f, ": \u{201c}{}\u{201d}", self.message)?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " (request-id {id})")?;
        }
        Ok(())
    }
}

/// Text of a value that should be a string but may be an object such as `{lang, value}`.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => shorten(text),
        Value::Null => String::new(),
        Value::Object(object) => match object.get("value").and_then(Value::as_str) {
            Some(text) => shorten(text),
            None => shorten(&value.to_string()),
        },
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => shorten(&value.to_string()),
    }
}

/// Control characters become blanks, so that server text cannot forge lines of a log.
fn shorten(text: &str) -> String {
    text.chars().take(MESSAGE_LIMIT).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn parsed(status: u16, body: &Value) -> Refusal {
        Refusal::parse(status, body.to_string().as_bytes()).expect("a refusal")
    }

    #[test]
    fn every_documented_deviation_is_read() {
        let refusal = parsed(
            400,
            &json!({"error": {"code": "", "message": {"lang": "en", "value": "No\r\nfake: line"},
                "details": {"code": "NoBackingApplicationObject", "message": "m", "target": "appId"},
                "innererror": {"date": "2025-02-13T10:17:06", "request-id": "r", "client-request-id": "c"}}}),
        );
        assert_eq!(refusal.code, "");
        assert_eq!(refusal.message, "No  fake: line");
        assert_eq!(refusal.detail_codes, ["NoBackingApplicationObject"]);
        assert_eq!((refusal.request_id.as_deref(), refusal.client_request_id.as_str()), (Some("r"), "c"));
        assert_eq!(refusal.date.map(|date| date.to_string()).as_deref(), Some("2025-02-13T10:17:06Z"));
        let other =
            parsed(403, &json!({"error": {"innerError": {"request-id": "r2", "date": "2025-02-13T10:17:06Z"}}}));
        assert_eq!((other.request_id.as_deref(), other.message.as_str()), (Some("r2"), ""));
        assert!(other.date.is_some());
        let oauth = parsed(401, &json!({"error": "invalid_token", "error_description": "expired"}));
        assert_eq!((oauth.code.as_str(), oauth.message.as_str()), ("invalid_token", "expired"));
    }

    #[test]
    fn what_is_no_error_of_graph_is_not_read_as_one() {
        let bodies = ["", "<html>404</html>", "null", "[]", "{}", r#"{"error":null}"#, r#"{"error":7}"#, r#"{"err"#];
        for body in bodies.into_iter().chain([r#"{"error":"not_found"}"#, r#"{"error":"Not Found","status":404}"#]) {
            assert_eq!(Refusal::parse(404, body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn meanings_follow_the_contract() {
        let says =
            |status, code: &str, message: &str| parsed(status, &json!({"error": {"code": code, "message": message}}));
        let missing = says(
            404,
            "Request_ResourceNotFound",
            "Resource 'x' does not exist or one of its queried reference-property objects are not present.",
        );
        assert!(missing.is_not_found() && missing.is_replicating() && !missing.is_forbidden());
        let duplicate = says(400, "Request_BadRequest", "Permission being assigned already exists on the object");
        assert!(duplicate.is_duplicate_grant() && !duplicate.is_replicating() && !duplicate.is_already_there());
        let unknown_role = says(400, "Request_BadRequest", "Permission being assigned was not found on application.");
        assert!(!unknown_role.is_duplicate_grant() && !unknown_role.is_replicating());
        assert!(says(400, "Request_BadRequest", "Not a valid reference update.").is_replicating());
        let taken = says(409, "Request_MultipleObjectsWithSameKeyValue", "… already in use.");
        assert!(taken.is_already_there() && !taken.is_duplicate_grant());
        for conflict in [&taken, &says(412, "", ""), &says(503, "Directory_ConcurrencyViolation", "")] {
            assert!(conflict.is_conflict() && !conflict.is_bad_request());
        }
        assert!(duplicate.is_bad_request() && !duplicate.is_conflict() && !missing.is_conflict());
        let forbidden = says(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
        assert!(forbidden.is_forbidden() && !forbidden.is_replicating());
        let misleading = says(
            403,
            "Authorization_RequestDenied",
            "When using this permission, the backing application of the service principal being created must in the local tenant",
        );
        assert!(misleading.is_replicating() && !misleading.is_forbidden());
        assert!(says(404, "Directory_ObjectNotFound", "Unable to read the company information").is_transient());
        assert!(!missing.is_transient());
    }

    #[test]
    fn policies_are_known_by_code_wherever_it_stands() {
        let scoped = ("CannotUpdateLockedServicePrincipalPropertyWithEnforcementScope", Policy::Locked);
        for (code, policy) in POLICIES.into_iter().chain([scoped]) {
            assert_eq!(parsed(400, &json!({"error": {"code": code, "message": "m"}})).policy(), Some(policy));
            let in_details =
                json!({"error": {"code": "Request_BadRequest", "message": "", "details": [{"code": code}]}});
            assert_eq!(parsed(400, &in_details).policy(), Some(policy));
            let as_403 = parsed(403, &json!({"error": {"code": code, "message": "m"}}));
            assert!(!as_403.is_forbidden(), "{code}: no role would help");
        }
        assert_eq!(parsed(400, &json!({"error": {"code": "Request_BadRequest"}})).policy(), None);
    }

    #[test]
    fn a_shown_refusal_quotes_the_service_and_names_the_request() {
        let refusal = Refusal {
            request_id: Some("r-1".to_owned()),
            ..parsed(400, &json!({"error": {"code": "C", "message": "M"}}))
        };
        assert_eq!(refusal.to_string(), "Microsoft Graph refused (HTTP 400, C): \u{201c}M\u{201d} (request-id r-1)");
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,30}".prop_map(Value::from),
            "[0-9T:Z.+-]{0,25}".prop_map(Value::from),
        ];
        let key = prop_oneof![
            Just("error"),
            Just("code"),
            Just("message"),
            Just("details"),
            Just("innerError"),
            Just("innererror"),
            Just("date"),
            Just("request-id"),
            Just("client-request-id"),
            Just("value"),
            Just("error_description"),
        ];
        leaf.prop_recursive(5, 60, 8, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::hash_map(key.clone(), inner, 0..8)
                    .prop_map(|map| Value::Object(map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_json_makes_it_panic(body in any_json(), status in any::<u16>()) {
            let wrapped = json!({ "error": body });
            for document in [&body, &wrapped] {
                if let Some(refusal) = Refusal::parse(status, document.to_string().as_bytes()) {
                    let _ = (refusal.to_string(), refusal.policy(), refusal.is_replicating(), refusal.is_forbidden());
                    prop_assert!(refusal.message.chars().count() <= MESSAGE_LIMIT);
                    prop_assert!(!refusal.message.chars().any(char::is_control));
                }
            }
        }

        #[test]
        fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Refusal::parse(500, &body);
        }
    }
}
