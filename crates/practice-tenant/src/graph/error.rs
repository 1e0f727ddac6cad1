//! The one shape in which Graph refuses (graph-facts 10). Nothing else writes an error.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::clouds;
use crate::message::Answer;
use crate::throttle::{SHARE, TooMany};

/// Where to get a token, as a challenge says it.
fn bearer(origin: &str) -> String {
    format!(
        "Bearer realm=\"\", authorization_uri=\"{}/common/oauth2/v2.0/authorize\", \
         client_id=\"00000003-0000-0000-c000-000000000000\"",
        clouds::login_origin(origin)
    )
}

/// A refusal: status, code and message, with details where Graph gives some.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub status: u16,
    pub code: String,
    pub message: String,
    /// Code, message and target of each.
    pub details: Vec<(String, String, Option<String>)>,
    pub headers: Vec<(&'static str, String)>,
}

/// The ids by which a request can be found again.
#[derive(Debug, Clone)]
pub(crate) struct RequestIds {
    pub request: String,
    pub client: String,
}

impl RequestIds {
    /// A new request id; the client's own id where it sent one.
    pub fn new(client: Option<&str>) -> Self {
        let request = Uuid::new_v4().to_string();
        let client = client.map_or_else(|| request.clone(), str::to_owned);
        Self { request, client }
    }
}

impl Refusal {
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into(), details: Vec::new(), headers: Vec::new() }
    }

    pub fn with_detail(mut self, code: &str, target: Option<&str>) -> Self {
        self.details.push((code.to_owned(), self.message.clone(), target.map(str::to_owned)));
        self
    }

    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "Request_BadRequest", message)
    }

    /// What Graph's front says when it cannot make sense of a request.
    pub fn unreadable(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(400, "Request_UnsupportedQuery", message)
    }

    pub fn not_found(what: impl std::fmt::Display) -> Self {
        let message = format!(
            "Resource '{what}' does not exist or one of its queried reference-property objects are not present."
        );
        Self::new(404, "Request_ResourceNotFound", message)
    }

    pub fn denied() -> Self {
        Self::new(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    }

    pub fn unauthenticated(message: &str, origin: &str) -> Self {
        Self::new(401, "InvalidAuthenticationToken", message).with_header("www-authenticate", bearer(origin))
    }

    /// A claims challenge (graph-facts 11): sign in anew, for a token that is not older than `not_before`.
    pub fn insufficient_claims(not_before: i64, origin: &str) -> Self {
        let claims = json!({ "access_token": { "nbf": { "essential": true, "value": not_before.to_string() } } });
        let claims = STANDARD.encode(claims.to_string());
        let challenge = format!("{}, error=\"insufficient_claims\", claims=\"{claims}\"", bearer(origin));
        let message = "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: \
                       TokenIssuedBeforeRevocationTimestamp";
        Self::new(401, "InvalidAuthenticationToken", message).with_header("www-authenticate", challenge)
    }

    /// Too many calls of an app.
    pub fn throttled(refused: TooMany) -> Self {
        Self::over(refused, "ResourceUnitLimitExceeded", "Tenant_Application/ReadWrite/practice")
    }

    /// Too many writes of an app on applications that personal accounts may use.
    pub fn too_many_writes(refused: TooMany) -> Self {
        Self::over(refused, "WriteLimitExceeded", "Tenant_Application/Write/practice")
    }

    /// Too many uploads to the tenant.
    pub fn too_many_uploads(refused: TooMany) -> Self {
        Self::over(refused, "ResourceUnitLimitExceeded", "Tenant/BulkUpload/practice")
    }

    /// Too many reads of the provisioning log by an app.
    pub fn too_many_reports(refused: TooMany) -> Self {
        Self::over(refused, "ResourceUnitLimitExceeded", "Tenant_Application/Reports/practice")
    }

    fn over(refused: TooMany, information: &str, scope: &str) -> Self {
        let refusal = Self::new(429, "TooManyRequests", "Too many requests. Wait before you ask again.")
            .with_header("x-ms-throttle-information", information)
            .with_header("x-ms-throttle-scope", scope);
        let headers = [("retry-after", refused.retry_after), (SHARE, refused.share.header())];
        headers.into_iter().fold(refusal, |refusal, (name, value)| match value {
            Some(value) => refusal.with_header(name, value),
            None => refusal,
        })
    }

    pub fn server(message: impl Into<String>) -> Self {
        Self::new(500, "UnknownError", message)
    }

    /// The answer; `date` carries no zone (graph-facts 10).
    pub fn into_answer(self, ids: &RequestIds, now: Timestamp) -> Answer {
        let mut error = json!({
            "code": self.code,
            "message": self.message,
            "innerError": {
                "date": now.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
                "request-id": ids.request,
                "client-request-id": ids.client,
            },
        });
        if let (false, Value::Object(fields)) = (self.details.is_empty(), &mut error) {
            let details: Vec<Value> = self
                .details
                .iter()
                .map(|(code, message, target)| match target {
                    Some(target) => json!({ "code": code, "message": message, "target": target }),
                    None => json!({ "code": code, "message": message }),
                })
                .collect();
            fields.insert("details".into(), details.into());
        }
        let mut answer = Answer::json(self.status, json!({ "error": error }));
        answer.headers = self.headers;
        answer
    }
}
