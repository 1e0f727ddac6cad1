//! The token endpoint: authorization code, device code, refresh token, client credentials.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::demands::Proof;
use crate::directory::entity::Entity;
use crate::directory::replication::Replica;
use crate::directory::state::User;
use crate::ids::{self, TENANT};
use crate::login::authorize::parameters;
use crate::login::claims_request::ClaimsRequest;
use crate::login::errors::LoginError;
use crate::login::interaction::sessions;
use crate::login::scopes::Request;
use crate::login::sessions::Code;
use crate::login::token_claims::{self, Issue, Person};
use crate::login::{Authority, access, assertion};
use crate::message::{Answer, Incoming};
use crate::tenant::Tenant;

/// Seconds that an access token lives.
const LIFE: i64 = 3600;

/// What every grant starts from.
struct Exchange<'a> {
    tenant: &'a Tenant,
    incoming: &'a Incoming,
    given: HashMap<String, String>,
    authority: Authority,
    now: Timestamp,
    /// One for the whole request: a server of Entra reads from one replica.
    replica: Replica,
}

/// Exchanges a grant for tokens.
pub(crate) fn exchange(tenant: &Tenant, incoming: &Incoming, authority: Authority) -> Result<Answer, LoginError> {
    if incoming.content_type().as_deref() != Some("application/x-www-form-urlencoded") {
        return Err(LoginError::missing("grant_type"));
    }
    let given = parameters(&incoming.body);
    let now = tenant.clock.now();
    let exchange = Exchange { tenant, incoming, given, authority, now, replica: tenant.dials.replica(incoming, now) };
    match exchange.need("grant_type")?.as_str() {
        "client_credentials" => exchange.client_credentials(),
        "authorization_code" => exchange.authorization_code(),
        "refresh_token" => exchange.refresh_token(),
        // The short name is that of the first version.
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => exchange.device_code(),
        other => Err(LoginError::unsupported_grant(other)),
    }
}

/// The proof of a sign-in, with what a later request of the client declares.
fn proof_with(proof: &Proof, asked: &ClaimsRequest) -> Proof {
    Proof { capable: proof.capable || asked.capable, ..proof.clone() }
}

impl Exchange<'_> {
    fn get(&self, name: &str) -> Option<&String> {
        self.given.get(name).filter(|value| !value.is_empty())
    }

    fn need(&self, name: &str) -> Result<&String, LoginError> {
        self.get(name).ok_or_else(|| LoginError::missing(name))
    }

    /// Client id and secret, from the form or from `Authorization: Basic`.
    fn client_id_and_secret(&self) -> Result<(String, Option<String>), LoginError> {
        let basic = self.incoming.header("authorization").and_then(|value| value.strip_prefix("Basic "));
        if let Some(basic) = basic {
            let decoded = STANDARD.decode(basic.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let decoded = decoded.ok_or_else(|| LoginError::malformed("authorization"))?;
            let (id, secret) = decoded.split_once(':').ok_or_else(|| LoginError::malformed("authorization"))?;
            let unescape = |text: &str| {
                let plus = text.replace('+', " ");
                percent_encoding::percent_decode_str(&plus).decode_utf8_lossy().into_owned()
            };
            return Ok((unescape(id), Some(unescape(secret))));
        }
        Ok((self.need("client_id")?.clone(), self.get("client_secret").cloned()))
    }

    fn client_credentials(&self) -> Result<Answer, LoginError> {
        if self.authority != Authority::Own {
            return Err(LoginError::not_on_common());
        }
        let (client_id, secret) = self.client_id_and_secret()?;
        let client = self.tenant.find_client(&client_id, &self.replica)?;
        let principal = self.principal_of(&client)?;
        self.check_credential(&client, secret.as_deref())?;
        let scope = self.need("scope")?;
        let request = Request::parse(scope)?;
        if !request.is_default() {
            return Err(LoginError::default_only(scope));
        }
        let (audience, roles) = self.tenant.store.read(|directory| {
            let resource = request.find_resource(directory, &self.incoming.origin)?;
            Ok((request.audience(resource), directory.held_roles(principal.id, resource, &self.replica)))
        })?;
        let issue = Issue { origin: &self.incoming.origin, audience, client: &client, now: self.now, life: LIFE };
        let token = self.sign(&token_claims::for_application(&issue, &principal, &roles))?;
        Ok(Answer::json(
            200,
            json!({ "token_type": "Bearer", "expires_in": LIFE - 1, "ext_expires_in": LIFE - 1, "access_token": token }),
        ))
    }

    fn authorization_code(&self) -> Result<Answer, LoginError> {
        let (client_id, secret) = self.client_id_and_secret()?;
        let client = self.tenant.find_client(&client_id, &self.replica)?;
        self.check_public_or_secret(&client, secret.as_deref())?;
        let code = self.need("code")?;
        let claims = ClaimsRequest::parse(self.get("claims"))?;
        // Under one lock: of two who bring the same code at once, one gets the tokens.
        let redeemed = sessions(self.tenant).redeem(code, self.now, |found| {
            let user = self.check_code(found, &client)?;
            let nonce = found.authorization.nonce.clone();
            Ok((found.request.clone(), nonce, user, proof_with(&found.proof, &claims)))
        });
        let (asked, nonce, user, proof) = redeemed?;
        let request = self.request_within(asked)?;
        self.tokens(&client, &user, &proof, &request, nonce.as_deref())
    }

    /// What the tokens are for: the scopes of the token request, else those that the sign-in was asked for.
    fn request_within(&self, asked: Request) -> Result<Request, LoginError> {
        let Some(scope) = self.get("scope") else { return Ok(asked) };
        let mut request = Request::parse(scope)?;
        // Openid scopes belong to the sign-in; naming them again at the token endpoint is optional.
        for scope in asked.openid {
            if !request.wants(&scope) {
                request.openid.push(scope);
            }
        }
        Ok(request)
    }

    /// Whether the code is redeemed by who asked for it, and for whom.
    fn check_code(&self, found: &Code, client: &Entity) -> Result<User, LoginError> {
        if found.client_id != client.app_id {
            return Err(LoginError::malformed_grant());
        }
        if *self.need("redirect_uri")? != found.authorization.back.redirect_uri {
            return Err(LoginError::other_redirect());
        }
        let verifier = self.need("code_verifier")?;
        if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != found.authorization.challenge {
            return Err(LoginError::wrong_verifier());
        }
        self.user(found.user)
    }

    fn device_code(&self) -> Result<Answer, LoginError> {
        let (client_id, secret) = self.client_id_and_secret()?;
        let client = self.tenant.find_client(&client_id, &self.replica)?;
        self.check_public_or_secret(&client, secret.as_deref())?;
        let code = self.get("device_code").or_else(|| self.get("code"));
        let code = code.ok_or_else(|| LoginError::missing("device_code"))?;
        let claims = ClaimsRequest::parse(self.get("claims"))?;
        let redeemed = sessions(self.tenant).devices.poll(code, client.app_id, self.now, |device, user, proof| {
            access::allow_device_code(self.tenant)?;
            let mut proof = proof_with(proof, &claims);
            proof.capable |= device.claims.capable;
            Ok((device.request.clone(), self.user(user)?, proof))
        });
        let (request, user, proof) = redeemed?;
        self.tokens(&client, &user, &proof, &request, None)
    }

    fn refresh_token(&self) -> Result<Answer, LoginError> {
        let (client_id, secret) = self.client_id_and_secret()?;
        let client = self.tenant.find_client(&client_id, &self.replica)?;
        self.check_public_or_secret(&client, secret.as_deref())?;
        let claims = self.tenant.store.signer().open(self.need("refresh_token")?).unwrap_or_default();
        let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("typ") != "refresh" || text("client") != client.app_id.to_string() {
            return Err(LoginError::malformed_grant());
        }
        let end = claims.get("exp").and_then(Value::as_i64).unwrap_or_default();
        if end <= self.now.as_second() {
            return Err(LoginError::inactive(token_claims::refresh_issued(end)));
        }
        let user = self.user(text("oid").parse().map_err(|_| LoginError::malformed_grant())?)?;
        let asked = ClaimsRequest::parse(self.get("claims"))?;
        let proof = Proof::of(&claims);
        access::renew(self.tenant, &user, &proof, &asked)?;
        let granted = Request::parse(text("scope"))?;
        let mut request = match self.get("scope") {
            Some(scope) => Request::parse(scope)?,
            None => granted,
        };
        if !request.wants("offline_access") {
            request.openid.push("offline_access".to_owned());
        }
        self.tokens(&client, &user, &proof_with(&proof, &asked), &request, None)
    }

    /// Access token, and ID and refresh tokens where they were asked for.
    fn tokens(
        &self,
        client: &Entity,
        user: &User,
        proof: &Proof,
        request: &Request,
        nonce: Option<&str>,
    ) -> Result<Answer, LoginError> {
        let (audience, scopes, roles) = self.tenant.store.read(|directory| {
            let resource = request.find_resource(directory, &self.incoming.origin)?;
            let scopes = request.consented(directory, client, resource, user.id)?;
            Ok((request.audience(resource), scopes, directory.active_roles(user, self.now)))
        })?;
        let person = Person { user, roles: &roles, proof };
        let issue = Issue { origin: &self.incoming.origin, audience, client, now: self.now, life: LIFE };
        let token = self.sign(&token_claims::for_user(&issue, &person, &scopes, &request.openid))?;
        let prefix = if request.resource.is_empty() { String::new() } else { format!("{}/", request.resource) };
        let shown: Vec<String> = scopes
            .iter()
            .map(|scope| format!("{prefix}{scope}"))
            .chain(request.openid.iter().filter(|scope| *scope != "offline_access").cloned())
            .collect();
        let mut body = json!({
            "token_type": "Bearer",
            "scope": shown.join(" "),
            "expires_in": LIFE - 1,
            "ext_expires_in": LIFE - 1,
            "access_token": token,
        });
        let Value::Object(fields) = &mut body else { return Err(LoginError::server("no answer")) };
        if request.wants("offline_access") {
            let scope: Vec<String> = request
                .scopes
                .iter()
                .map(|scope| format!("{prefix}{scope}"))
                .chain(request.openid.iter().cloned())
                .collect();
            let refresh = token_claims::refresh(client, user, proof, &scope.join(" "), self.now);
            fields.insert("refresh_token".into(), self.sign(&refresh)?.into());
        }
        if request.wants("openid") {
            let claims = token_claims::identity(&issue, user, &request.openid, nonce);
            fields.insert("id_token".into(), self.sign(&claims)?.into());
        }
        if self.get("client_info").is_some_and(|value| value == "1") {
            let info = json!({ "uid": user.id, "utid": TENANT }).to_string();
            fields.insert("client_info".into(), URL_SAFE_NO_PAD.encode(info).into());
        }
        Ok(Answer::json(200, body))
    }

    fn sign(&self, claims: &serde_json::Map<String, Value>) -> Result<String, LoginError> {
        self.tenant.store.signer().sign(claims).map_err(|error| LoginError::server(error.to_string()))
    }

    /// The person, who gets tokens at all.
    fn user(&self, id: Uuid) -> Result<User, LoginError> {
        let user = self.tenant.store.read(|directory| directory.user(id).cloned());
        let user = user.ok_or_else(LoginError::disabled_user)?;
        access::allow(self.tenant, &user)?;
        Ok(user)
    }

    /// The client's service principal, which must be known to replicas.
    fn principal_of(&self, client: &Entity) -> Result<Entity, LoginError> {
        self.tenant
            .store
            .read(|directory| directory.principal_seen_by_app_id(client.app_id, &self.replica).cloned())
            .ok_or_else(|| LoginError::unknown_client(&client.app_id.to_string()))
    }

    fn check_public_or_secret(&self, client: &Entity, secret: Option<&str>) -> Result<(), LoginError> {
        let is_public = client.properties.get("isFallbackPublicClient") == Some(&Value::Bool(true))
            || client
                .properties
                .get("publicClient")
                .and_then(|it| it.get("redirectUris")?.as_array())
                .is_some_and(|redirects| !redirects.is_empty());
        let brings_one = secret.is_some() || self.get("client_assertion").is_some();
        match (is_public, brings_one) {
            (true, false) => Ok(()),
            (true, true) => Err(LoginError::public_with_secret()),
            (false, _) => self.check_credential(client, secret),
        }
    }

    /// A secret or an assertion.
    fn check_credential(&self, client: &Entity, secret: Option<&str>) -> Result<(), LoginError> {
        if let Some(secret) = secret {
            return self.check_secret(client, secret);
        }
        let assertion = self.get("client_assertion").ok_or_else(LoginError::no_credential)?;
        if self.get("client_assertion_type").is_some_and(|kind| kind != assertion::TYPE) {
            return Err(LoginError::malformed("client_assertion_type"));
        }
        assertion::check(self.tenant, &self.incoming.origin, client, &self.replica, assertion, self.now)
    }

    /// A fresh secret is unknown to replicas for a while: 7000215 (graph-facts 2); one just removed still works there.
    fn check_secret(&self, client: &Entity, secret: &str) -> Result<(), LoginError> {
        let given = ids::sha256_hex(secret);
        let wrong = || LoginError::wrong_secret(client.app_id);
        let (key_id, _) = client
            .secrets
            .iter()
            .find(|(_, it)| it.sha256 == given && self.replica.shows(it.added, it.removed))
            .ok_or_else(wrong)?;
        let shown = client.credential(*key_id).ok_or_else(wrong)?;
        let date = |name: &str| shown.get(name).and_then(Value::as_str).and_then(|text| text.parse::<Timestamp>().ok());
        if date("endDateTime").is_some_and(|end| end <= self.now) {
            return Err(LoginError::expired_secret(client.app_id));
        }
        if date("startDateTime").is_some_and(|start| start > self.now) {
            return Err(wrong());
        }
        Ok(())
    }
}
