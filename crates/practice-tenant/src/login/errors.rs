//! What the login endpoints refuse, in Entra's words and codes (graph-facts 11, contract/captured).

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::directory::entity::Entity;
use crate::ids::TENANT;
use crate::login::page;
use crate::message::{Answer, Incoming};
use crate::tenant::Tenant;

/// A refusal of the login endpoints.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LoginError {
    pub status: u16,
    /// OAuth's `error`.
    pub error: Cow<'static, str>,
    /// The number after `AADSTS`.
    pub code: u32,
    pub message: String,
    pub suberror: Option<&'static str>,
    /// The claims to ask for next, as JSON.
    pub claims: Option<String>,
    /// Captured answers carry `error_uri` for some codes only.
    pub has_uri: bool,
    /// Shown as a page: the caller is a browser, and there is nowhere safe to send it back to.
    pub as_page: bool,
}

impl LoginError {
    pub(in crate::login) fn new(
        status: u16,
        error: impl Into<Cow<'static, str>>,
        code: u32,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status,
            error: error.into(),
            code,
            message: message.into(),
            suberror: None,
            claims: None,
            has_uri: true,
            as_page: false,
        }
    }

    pub fn page(mut self) -> Self {
        self.as_page = true;
        self
    }

    fn without_uri(mut self) -> Self {
        self.has_uri = false;
        self
    }

    pub fn no_such_page() -> Self {
        Self::new(404, "invalid_request", 90_036, "There is no such endpoint.").page()
    }

    pub fn wrong_method() -> Self {
        Self::new(405, "invalid_request", 900_561, "The endpoint does not accept this method.").page()
    }

    pub fn unknown_tenant(given: &str) -> Self {
        let message = format!(
            "Tenant '{given}' not found. Check to make sure you have the correct tenant ID and are signing into the \
             correct cloud. Check with your subscription administrator, this may happen if there are no active \
             subscriptions for the tenant."
        );
        Self::new(400, "invalid_request", 90_002, message)
    }

    pub fn missing(parameter: &str) -> Self {
        let message = format!("The request body must contain the following parameter: '{parameter}'.");
        Self::new(400, "invalid_request", 900_144, message)
    }

    pub fn malformed(what: &str) -> Self {
        Self::new(400, "invalid_request", 90_014, format!("The value of '{what}' in the request is malformed."))
    }

    pub fn unknown_client(given: &str) -> Self {
        // A GUID that no application could have gets another code than one that is merely unknown.
        if given.parse::<Uuid>().is_ok_and(|id| id.is_nil() || id.get_version_num() == 0) {
            let message = format!("{given} is not a valid application identifier.");
            return Self::new(400, "unauthorized_client", 700_038, message).without_uri();
        }
        let message = format!(
            "Application with identifier '{given}' was not found in the directory '{TENANT}'. This can happen if the \
             application has not been installed by the administrator of the tenant or consented to by any user in the \
             tenant. You may have sent your authentication request to the wrong tenant."
        );
        Self::new(400, "unauthorized_client", 700_016, message)
    }

    pub fn disabled_client(client: &Entity) -> Self {
        let message = format!("Application '{}'({}) is disabled.", client.app_id, client.display_name());
        Self::new(400, "unauthorized_client", 7_000_112, message)
    }

    pub fn single_tenant(client: &Entity) -> Self {
        let message = format!(
            "Application '{}'({}) is not configured as a multi-tenant application. Usage of the /common endpoint is \
             not supported for such apps. Use a tenant-specific endpoint or configure the application to be \
             multi-tenant.",
            client.app_id,
            client.display_name()
        );
        Self::new(400, "invalid_request", 50_194, message)
    }

    pub fn wrong_redirect(given: &str, client: &Entity) -> Self {
        let message = format!(
            "The redirect URI '{given}' specified in the request does not match the redirect URIs configured for the \
             application '{}'. Make sure the redirect URI sent in the request matches one added to your application.",
            client.app_id
        );
        Self::new(400, "invalid_request", 50_011, message)
    }

    pub fn other_redirect() -> Self {
        let message = "The reply address does not match the reply address provided when requesting Authorization code.";
        Self::new(400, "invalid_client", 500_112, message)
    }

    pub fn response_type(given: &str) -> Self {
        let message = format!("The response_type '{given}' is not enabled for the application.");
        Self::new(400, "unsupported_response_type", 700_051, message)
    }

    pub fn no_challenge() -> Self {
        let message = "Proof Key for Code Exchange is required for authorization code redemption.";
        Self::new(400, "invalid_request", 9_002_325, message)
    }

    pub fn challenge_method() -> Self {
        Self::new(400, "invalid_request", 501_491, "Invalid size of Code_Challenge or unsupported method; send S256.")
    }

    pub fn wrong_verifier() -> Self {
        let message = "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
        Self::new(400, "invalid_grant", 501_481, message)
    }

    pub fn redeemed() -> Self {
        let message = "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an \
                       existing refresh token.";
        Self::new(400, "invalid_grant", 54_005, message)
    }

    pub fn expired() -> Self {
        let message = "The provided authorization code has expired. Send a new interactive authorization request for \
                       this user and resource.";
        Self::new(400, "invalid_grant", 70_008, message)
    }

    /// A refresh token that was not used for too long.
    pub fn inactive(issued: Timestamp) -> Self {
        let issued = issued.strftime("%Y-%m-%dT%H:%M:%S.%7fZ");
        let message = format!(
            "The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for \
             90.00:00:00."
        );
        Self::new(400, "invalid_grant", 700_082, message)
    }

    pub fn malformed_grant() -> Self {
        let message = "The provided authorization code or refresh token is malformed or not of this tenant.";
        Self::new(400, "invalid_grant", 9_002_313, message)
    }

    pub fn disabled_user() -> Self {
        Self::new(400, "invalid_grant", 50_057, "The user account is disabled.")
    }

    pub fn bad_scope(scope: &str) -> Self {
        let message =
            format!("The provided request must include a 'scope' input parameter. The scope '{scope}' is not valid.");
        Self::new(400, "invalid_scope", 70_011, message)
    }

    pub fn default_only(scope: &str) -> Self {
        let message = format!(
            "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with \
             /.default suffixed to the resource identifier (application ID URI)."
        );
        Self::new(400, "invalid_scope", 1_002_012, message)
    }

    pub fn two_resources() -> Self {
        let message = "The request names scopes of more than one resource; a token is for one resource.";
        Self::new(400, "invalid_scope", 700_022, message)
    }

    pub fn no_resource(name: &str) -> Self {
        let message = format!(
            "The resource principal named {name} was not found in the tenant named {TENANT}. This can happen if the \
             application has not been installed by the administrator of the tenant or consented to by any user in the \
             tenant. You might have sent your authentication request to the wrong tenant."
        );
        Self::new(400, "invalid_resource", 500_011, message)
    }

    pub fn no_consent(client: &Entity) -> Self {
        let message = format!(
            "The user or administrator has not consented to use the application with ID '{}' named '{}'. Send an \
             interactive authorization request for this user and resource.",
            client.app_id,
            client.display_name()
        );
        Self { suberror: Some("consent_required"), ..Self::new(400, "invalid_grant", 65_001, message) }
    }

    pub fn cancelled() -> Self {
        Self::new(400, "access_denied", 50_126, "The user has denied access: the sign-in was cancelled.")
    }

    pub fn login_required() -> Self {
        Self::new(400, "login_required", 50_058, "Session information is not sufficient for single-sign-on.")
    }

    pub fn stale_page() -> Self {
        Self::new(
            400,
            "invalid_request",
            165_000,
            "This sign-in page is out of date. Go back to the app and sign in anew.",
        )
        .page()
    }

    pub fn unsupported_grant(given: &str) -> Self {
        Self::new(
            400,
            "unsupported_grant_type",
            70_003,
            format!("The app requested an unsupported grant type '{given}'."),
        )
        .without_uri()
    }

    pub fn not_on_common() -> Self {
        let message = "The grant type is not supported over the /common or /consumers endpoints. Please use the \
                       /organizations or tenant-specific endpoint.";
        Self::new(400, "invalid_request", 9_001_023, message)
    }

    pub fn no_credential() -> Self {
        let message = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
        Self::new(401, "invalid_client", 7_000_218, message)
    }

    pub fn public_with_secret() -> Self {
        let message = "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.";
        Self::new(401, "invalid_client", 700_025, message)
    }

    pub fn wrong_secret(client: Uuid) -> Self {
        let message = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, \
             not the client secret ID, for a secret added to app '{client}'."
        );
        Self::new(401, "invalid_client", 7_000_215, message)
    }

    pub fn expired_secret(client: Uuid) -> Self {
        let message = format!(
            "The provided client secret keys for app '{client}' are expired. Visit the Azure portal to create new keys \
             for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added \
             security: https://aka.ms/certCreds."
        );
        Self::new(401, "invalid_client", 7_000_222, message)
    }

    pub fn too_large() -> Self {
        Self::new(413, "invalid_request", 90_014, "The request body is too large.")
    }

    /// What the fault script asks for; `error` is the one that fits the status when absent.
    pub fn scripted(status: u16, error: Option<&str>, message: &str) -> Self {
        let (usual, code) = match status {
            401 => ("invalid_client", 7_000_215),
            403 => ("access_denied", 53_003),
            429 => ("temporarily_unavailable", 90_055),
            503 => ("temporarily_unavailable", 90_024),
            500.. => ("server_error", 90_033),
            _ => ("invalid_request", 90_014),
        };
        Self::new(status, error.unwrap_or(usual).to_owned(), code, message)
    }

    pub fn server(message: impl Into<String>) -> Self {
        Self::new(500, "server_error", 90_033, message)
    }

    /// `AADSTSn: …` with the trace that Entra appends.
    pub fn description(&self, trace: Uuid, correlation: &str, at: &str) -> String {
        format!("AADSTS{}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {at}", self.code, self.message)
    }

    /// The refusal as the token endpoint sends it, or as a page.
    pub fn answer(&self, tenant: &Tenant, incoming: &Incoming) -> Answer {
        let trace = Uuid::new_v4();
        let correlation = correlation_id(incoming);
        let at = tenant.clock.now().strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let description = self.description(trace, &correlation, &at);
        if self.as_page {
            return Answer::html(self.status, page::problem(&description));
        }
        let mut body = json!({
            "error": self.error,
            "error_description": description,
            "error_codes": [self.code],
            "timestamp": at,
            "trace_id": trace,
            "correlation_id": correlation,
        });
        if let Value::Object(fields) = &mut body {
            if self.has_uri {
                fields.insert("error_uri".into(), format!("{}/error?code={}", incoming.origin, self.code).into());
            }
            if let Some(suberror) = self.suberror {
                fields.insert("suberror".into(), suberror.into());
            }
            if let Some(claims) = &self.claims {
                fields.insert("claims".into(), claims.clone().into());
            }
        }
        Answer::json(self.status, body)
    }
}

/// The caller's `client-request-id` where it sent one.
pub(crate) fn correlation_id(incoming: &Incoming) -> String {
    incoming
        .header("client-request-id")
        .and_then(|text| text.parse::<Uuid>().ok())
        .unwrap_or_else(Uuid::new_v4)
        .to_string()
}
