//! Refusals of device codes, consent, access policies, claims and assertions (graph-facts 11).

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::clouds::HomeCloud;
use crate::directory::entity::Entity;
use crate::directory::state::User;
use crate::ids::{GRAPH_APP_ID, TENANT};
use crate::login::errors::LoginError;

/// Clouds.
impl LoginError {
    /// The tenant is known, but it lives in another cloud.
    pub fn other_cloud(given: &str, home: HomeCloud) -> Self {
        // Written so by Entra, the other clouds' names in lower case.
        let name = if home == HomeCloud::Global { "MicrosoftOnline.COM" } else { home.facts().instance };
        let message = format!("Tenant '{given}' request is being redirected to the National Cloud '{name}'.");
        Self::new(400, "invalid_request", 90_038, message)
    }

    pub fn response_mode_not_offered() -> Self {
        let message = "The response_mode 'form_post' is not supported by this authority.";
        Self::new(400, "invalid_request", 90_014, message)
    }
}

/// Device codes.
impl LoginError {
    pub fn authorization_pending() -> Self {
        let message = "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
        Self::new(400, "authorization_pending", 70_016, message)
    }

    pub fn slow_down() -> Self {
        let message = "OAuth 2.0 device flow error. The app polls too often. Wait longer before you poll again.";
        Self::new(400, "slow_down", 70_016, message)
    }

    pub fn wrong_device_code() -> Self {
        Self::new(400, "bad_verification_code", 70_018, "The verification code is not valid.")
    }

    pub fn wrong_user_code() -> Self {
        Self::new(400, "bad_verification_code", 70_018, "That code didn't work. Check the code and try again.")
    }

    pub fn expired_device_code() -> Self {
        Self::new(400, "expired_token", 70_019, "The verification code has expired. Begin the sign-in anew.")
    }

    pub fn expired_user_code() -> Self {
        Self::new(400, "expired_token", 70_019, "The code has expired. Go back to the app for a new one.")
    }

    pub fn declined_device_code() -> Self {
        Self::new(400, "authorization_declined", 70_000, "The user has declined the sign-in on the other device.")
    }

    pub fn answered_device_code() -> Self {
        Self::new(400, "invalid_request", 90_120, "The request was already authorized or declined.")
    }

    pub fn used_device_code() -> Self {
        Self::new(400, "invalid_grant", 90_120, "The device code was already redeemed.")
    }
}

/// Consent.
impl LoginError {
    pub fn not_preauthorised(client: &Entity, resource: &Entity) -> Self {
        let message = format!(
            "Consent between first party application '{}' and first party resource '{}' must be configured via \
             preauthorization - applications owned and operated by Microsoft must get approval from the API owner \
             before requesting tokens for that API.",
            client.app_id, resource.app_id
        );
        Self::new(400, "invalid_request", 65_002, message)
    }

    /// A page that asked for consent was cancelled.
    pub fn declined_consent() -> Self {
        let message = "User declined to consent to access the app.";
        Self::new(400, "access_denied", 65_004, message)
    }

    pub fn admin_approval(client: &Entity) -> Self {
        let message = format!(
            "The grant requires admin permission: '{}' needs permission to access resources in your organization that \
             only an admin can grant. Please ask an admin to grant permission to this app before you can use it.",
            client.display_name()
        );
        Self::new(400, "access_denied", 90_094, message)
    }

    pub fn no_reply_address() -> Self {
        Self::new(400, "invalid_client", 500_113, "No reply address is registered for the application.")
    }
}

/// Who may sign in, and for how long that holds.
impl LoginError {
    pub fn blocked() -> Self {
        let message = "Access has been blocked by Conditional Access policies. The access policy does not allow token \
                       issuance.";
        Self::new(400, "invalid_grant", 53_003, message)
    }

    pub fn mfa_required() -> Self {
        let message = format!(
            "Due to a configuration change made by your administrator, or because you moved to a new location, you \
             must use multi-factor authentication to access '{GRAPH_APP_ID}'."
        );
        let claims = json!({ "access_token": { "capolids": { "essential": true,
            "values": [crate::ids::fixed("conditional-access/require-mfa")] } } });
        Self {
            suberror: Some("basic_action"),
            claims: Some(claims.to_string()),
            ..Self::new(400, "interaction_required", 50_076, message)
        }
    }

    pub fn stranger(user: &User, client: &Entity) -> Self {
        let message = format!(
            "User account '{}' from identity provider 'live.com' does not exist in tenant '{TENANT}' and cannot access \
             the application '{}'({}) in that tenant. The account needs to be added as an external user in the tenant \
             first. Sign out and sign in again with a different Azure Active Directory user account.",
            user.user_principal_name,
            client.app_id,
            client.display_name()
        );
        Self::new(400, "invalid_grant", 50_020, message)
    }

    pub fn revoked(now: Timestamp) -> Self {
        let message = format!(
            "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have \
             changed or reset their password. The grant was revoked before {}.",
            now.strftime("%Y-%m-%dT%H:%M:%SZ")
        );
        Self { suberror: Some("bad_token"), ..Self::new(400, "invalid_grant", 50_173, message) }
    }
}

/// Assertions in the place of a secret.
impl LoginError {
    pub fn unknown_key(client: Uuid, thumbprint: &str) -> Self {
        let message = format!(
            "The certificate with identifier used to sign the client assertion is not registered on application \
             '{client}'. [Reason - The key was not found., Thumbprint of key used by client: '{thumbprint}']"
        );
        Self::new(401, "invalid_client", 700_027, message)
    }

    pub fn expired_key(thumbprint: &str) -> Self {
        let message = format!(
            "Client assertion failed signature validation. [Reason - The key used is expired., Thumbprint of key used \
             by client: '{thumbprint}']"
        );
        Self::new(401, "invalid_client", 700_027, message)
    }

    pub fn wrong_signature(thumbprint: &str) -> Self {
        let message = format!(
            "Client assertion contains an invalid signature. [Reason - The provided signature value did not match the \
             expected signature value., Thumbprint of key used by client: '{thumbprint}']"
        );
        Self::new(401, "invalid_client", 50_012, message)
    }

    pub fn wrong_assertion_subject() -> Self {
        let message = "Client assertion application identifier doesn't match 'client_id' parameter.";
        Self::new(401, "invalid_client", 700_021, message)
    }

    pub fn wrong_assertion_audience(given: &str) -> Self {
        let message = format!("Client assertion audience claim does not match Realm issuer. It is '{given}'.");
        Self::new(401, "invalid_client", 700_023, message)
    }

    pub fn assertion_out_of_time(now: Timestamp) -> Self {
        let message = format!(
            "Client assertion is not within its valid time range. Current time: {}.",
            now.strftime("%Y-%m-%dT%H:%M:%S.%7fZ")
        );
        Self::new(401, "invalid_client", 700_024, message)
    }

    /// No federated credential fits; `what` is `issuer`, `subject` or `audience`.
    pub fn no_federation(what: &str, given: &str) -> Self {
        let code = match what {
            "issuer" => 700_211,
            "audience" => 700_212,
            _ => 700_213,
        };
        let message = format!("No matching federated identity record found for presented assertion {what} '{given}'.");
        Self::new(401, "invalid_client", code, message)
    }

    /// The issuer's keys cannot be had.
    pub fn unknown_issuer(issuer: &str) -> Self {
        let message = format!("Request to External OIDC endpoint of '{issuer}' failed.");
        Self::new(401, "invalid_client", 50_166, message)
    }

    pub fn wrong_token_signature(issuer: &str) -> Self {
        let message = format!("Assertion failed signature validation. [Issuer: '{issuer}']");
        Self::new(401, "invalid_client", 50_013, message)
    }
}
