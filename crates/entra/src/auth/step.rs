//! One time that the operator is asked, in whichever way; what comes of it is checked before anything of it is believed.

use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;

use super::Account;
use super::asker::{Asker, Reason};
use super::authority::{Authority, Key};
use super::error::AuthError;
use super::id_token::{Doubt, Expected, check};
use super::person::Attention;
use super::sign_in::Way;
use super::token_endpoint::{Client, Tokens, client};
use super::{browser, device_code, whereabouts};
use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::http::Http;
use crate::ids::AppId;

/// Where tokens come from: one authority of one cloud, as one client.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) http: Http,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) cloud: Cloud,
    /// As it was asked for.
    pub(super) tenant: String,
    pub(super) client_id: AppId,
    pub(super) authority: Authority,
}

impl Place {
    /// Reads the authority's description. Before anyone is asked: nobody should sign in to a service that cannot be
    /// trusted or reached.
    pub(super) async fn find(
        cloud: &Cloud,
        tenant: &str,
        client_id: AppId,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AuthError> {
        let host = cloud.login.host_str().unwrap_or_default();
        let http = Http::of(cloud).map_err(|error| AuthError::of_http(error, host, "the sign-in service"))?;
        let authority = Authority::discover(&http, &*clock, cloud, tenant).await?;
        Ok(Self { http, clock, cloud: cloud.clone(), tenant: tenant.to_owned(), client_id, authority })
    }

    pub(super) fn client(&self) -> Client {
        let (authorize, token) = (&self.authority.authorization_endpoint, &self.authority.token_endpoint);
        client(self.client_id, authorize.clone(), token.clone())
    }

    /// Whose the ID token is. The keys are read once more when none fits: the service changes them now and then.
    pub(super) async fn account(
        &self,
        tokens: &Tokens,
        nonce: Option<&str>,
        keys: Vec<Key>,
    ) -> Result<Account, AuthError> {
        let untrusted = |what: &str| AuthError::Untrusted { what: what.to_owned() };
        let token = tokens.id_token.as_ref().ok_or_else(|| untrusted("the answer has no ID token"))?.expose_secret();
        let expected =
            Expected { issuer: &self.authority.issuer, tenant: &self.tenant, client_id: self.client_id, nonce };
        match check(token, &keys, &expected) {
            Ok(account) => Ok(account),
            Err(Doubt::No(error)) => Err(error),
            Err(Doubt::UnknownKey) => match check(token, &self.keys().await?, &expected) {
                Ok(account) => Ok(account),
                Err(Doubt::No(error)) => Err(error),
                Err(Doubt::UnknownKey) => Err(untrusted("its ID token is signed with an unknown key")),
            },
        }
    }

    pub(super) async fn keys(&self) -> Result<Vec<Key>, AuthError> {
        self.authority.keys(&self.http, &*self.clock).await
    }
}

/// One asking.
pub(super) struct Step<'a> {
    pub(super) place: &'a Place,
    pub(super) asker: &'a dyn Asker,
    pub(super) attention: &'a Attention,
    pub(super) why: &'a Reason,
    /// As they are sent.
    pub(super) scopes: &'a [String],
    /// The `claims` parameter.
    pub(super) claims: &'a str,
    pub(super) login_hint: Option<&'a str>,
    pub(super) select_account: bool,
    pub(super) patience: Duration,
}

impl Step<'_> {
    /// Asks the operator. The asker may cancel it at any moment.
    pub(super) async fn ask(&self, way: Way) -> Result<(Tokens, Account), AuthError> {
        let cancel = self.asker.cancel();
        let outcome = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(AuthError::Cancelled),
            outcome = Box::pin(async {
                match way {
                    Way::Browser => browser::ask(self).await,
                    Way::DeviceCode => device_code::ask(self).await,
                }
            }) => outcome,
        };
        outcome.map_err(|error| whereabouts::named_by(error, &self.place.cloud))
    }
}
