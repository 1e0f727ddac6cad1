//! Asking in the system browser: authorization code with PKCE, answered on the loopback interface (graph-facts 11).

use std::borrow::Cow;

use oauth2::{AuthorizationCode, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::Account;
use super::asker::Asking;
use super::error::AuthError;
use super::loopback::{Callback, Loopback, Mode};
use super::step::Step;
use super::token_endpoint::{Client, Repeat, TokenHttp, Tokens, failed};

/// 256 bits of randomness for `state` and `nonce`.
const RANDOM_BYTES: u32 = 32;

/// Opens a page and waits for its answer. Where the service will not answer by a form, it is asked once more for an
/// answer by address.
pub(super) async fn ask(step: &Step<'_>) -> Result<(Tokens, Account), AuthError> {
    if step.place.authority.posts_forms() {
        match ask_by(step, Mode::FormPost).await {
            Err(error) if wants_no_form(&error) => {}
            outcome => return outcome,
        }
    }
    ask_by(step, Mode::Query).await
}

/// By its `error`, or as AADSTS70007 among requests that are invalid for many reasons: no other sign tells them apart.
fn wants_no_form(error: &AuthError) -> bool {
    let AuthError::Refused { error, codes, .. } = error else { return false };
    error == "unsupported_response_mode" || (error == "invalid_request" && codes.contains(&70_007))
}

async fn ask_by(step: &Step<'_>, mode: Mode) -> Result<(Tokens, Account), AuthError> {
    let place = step.place;
    let loopback = Loopback::open().await?;
    let asked = Asked::new(step, &loopback, mode)?;
    let answer = async {
        let asking = Asking::begin(step.asker, step.attention);
        let opening = async {
            step.asker.open_page(step.why, &asked.url).await.map_err(AuthError::Browser)?;
            std::future::pending::<Result<Callback, AuthError>>().await
        };
        // The answer counts even where whatever opens the page never says that it did.
        let outcome = tokio::select! {
            answer = loopback.wait(mode, asked.state.clone()) => answer,
            not_opened = opening => not_opened,
            () = tokio::time::sleep(step.patience) => Err(AuthError::TimedOut),
        };
        drop(asking);
        outcome
    };
    let (answer, keys) = tokio::try_join!(answer, place.keys())?;
    let code = match answer {
        Callback::Code(code) => code,
        Callback::Refused(error) => return Err(error),
    };
    let nonce = asked.nonce.clone();
    let tokens = asked.redeem(step, &code).await?;
    let account = place.account(&tokens, Some(nonce.expose_secret()), keys).await?;
    Ok((tokens, account))
}

/// One page on its way: everything in it is for this one only.
struct Asked {
    client: Client,
    url: Url,
    state: SecretString,
    nonce: SecretString,
    redirect: RedirectUrl,
    verifier: oauth2::PkceCodeVerifier,
}

impl Asked {
    fn new(step: &Step<'_>, loopback: &Loopback, mode: Mode) -> Result<Self, AuthError> {
        let client = step.place.client();
        let redirect = RedirectUrl::new(loopback.redirect_uri())
            .map_err(|_| AuthError::NotListening { reason: "no address".to_owned() })?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = CsrfToken::new_random_len(RANDOM_BYTES);
        let nonce = SecretString::from(CsrfToken::new_random_len(RANDOM_BYTES).into_secret());
        let mut request = client
            .authorize_url(|| state)
            .add_scopes(step.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .set_redirect_uri(Cow::Borrowed(&redirect))
            .add_extra_param("response_mode", mode.name())
            .add_extra_param("nonce", nonce.expose_secret())
            .add_extra_param("claims", step.claims);
        if step.select_account {
            request = request.add_extra_param("prompt", "select_account");
        }
        if let Some(hint) = step.login_hint {
            request = request.add_extra_param("login_hint", hint);
        }
        let (url, state) = request.url();
        let state = SecretString::from(state.into_secret());
        Ok(Self { client, url, state, nonce, redirect, verifier })
    }

    /// A code is good for one redemption, and so is what proves that it is ours.
    async fn redeem(self, step: &Step<'_>, code: &SecretString) -> Result<Tokens, AuthError> {
        let http = TokenHttp::new(&step.place.http, &*step.place.clock, Repeat::Never);
        self.client
            .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
            .set_redirect_uri(Cow::Borrowed(&self.redirect))
            .set_pkce_verifier(self.verifier)
            .add_extra_param("scope", step.scopes.join(" "))
            .add_extra_param("claims", step.claims)
            .request_async(&http)
            .await
            .map_err(failed)?;
        http.tokens()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_of_the_form_leads_to_another_try() {
        for (error, text) in [
            ("unsupported_response_mode", "No."),
            ("invalid_request", "AADSTS70007: 'form_post' is not a supported value of 'response_mode'."),
        ] {
            assert!(wants_no_form(&AuthError::of_redirect(error, text)), "{error}");
        }
        for (error, text) in [("invalid_request", "AADSTS900144: x"), ("access_denied", "AADSTS70007: x")] {
            assert!(!wants_no_form(&AuthError::of_redirect(error, text)), "{error}");
        }
        assert!(!wants_no_form(&AuthError::Cancelled));
    }
}
