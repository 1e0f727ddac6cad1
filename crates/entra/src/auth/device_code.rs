//! Asking by a code that is typed in a browser, here or elsewhere (graph-facts 11). Many tenants forbid it by Conditional
//! Access, so it is the second choice.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::time::Instant;
use url::Url;

use super::Account;
use super::asker::{Asking, DeviceCode};
use super::error::{AuthError, tidy};
use super::step::{Place, Step};
use super::token_endpoint::{Repeat, TokenHttp, Tokens, form};
use crate::wiped;

const WHAT: &str = "the sign-in service's code";
/// Taken where the service names none (RFC 8628, 3.2).
const USUAL_INTERVAL: u64 = 5;
/// `slow_down` adds so much to this and all later waits (security M17).
const SLOWER: Duration = Duration::from_secs(5);
/// So many polls one after the other may fail by the network or a busy service; the code is still good then.
const MOST_FAULTS: u32 = 5;

#[derive(Deserialize)]
struct Begun {
    #[serde(deserialize_with = "wiped::text")]
    device_code: SecretString,
    user_code: String,
    verification_uri: Url,
    expires_in: u64,
    #[serde(default)]
    interval: Option<u64>,
    #[serde(default)]
    message: String,
}

/// What a poll that brought no tokens means.
#[derive(Debug, PartialEq, Eq)]
enum Poll {
    Wait,
    Slower,
    /// Only the network or the service's load: the code is still good.
    Fault(AuthError),
    Over(AuthError),
}

/// Shows a code and waits until it was typed, declined or has expired.
pub(super) async fn ask(step: &Step<'_>) -> Result<(Tokens, Account), AuthError> {
    let place = step.place;
    let begun = begin(place, &step.scopes.join(" "), step.claims).await?;
    let expires_in = Duration::from_secs(begun.expires_in);
    let shown = DeviceCode {
        user_code: tidy(&begun.user_code),
        verification_uri: begun.verification_uri.clone(),
        expires_in,
        message: tidy(&begun.message),
    };
    let (answer, keys) = tokio::try_join!(wait(step, &begun, &shown), place.keys())?;
    // No nonce can be sent along: the device code, which nobody else has, binds the answer to the question.
    let account = place.account(&answer, None, keys).await?;
    Ok((answer, account))
}

/// Asks for a code that nobody is shown: whether the service knows the client, without anyone's signing in. A page in the
/// browser would keep that to itself.
pub(super) async fn try_client(place: &Place) -> Result<(), AuthError> {
    begin(place, "openid", "").await.map(drop)
}

async fn begin(place: &Place, scope: &str, claims: &str) -> Result<Begun, AuthError> {
    let url = place.authority.device_authorization_endpoint()?;
    let client_id = place.client_id.to_string();
    let mut fields = vec![("client_id", client_id.as_str()), ("scope", scope)];
    if !claims.is_empty() {
        fields.push(("claims", claims));
    }
    let form = form(&fields);
    let answer = TokenHttp::new(&place.http, &*place.clock, Repeat::WhenBusy).post(url, &form).await?;
    let begun: Begun = serde_json::from_slice(&answer).map_err(|_| AuthError::Unreadable { what: WHAT })?;
    if begun.verification_uri.scheme() != "https" {
        return Err(AuthError::Untrusted { what: "the page for the code is not secure".to_owned() });
    }
    Ok(begun)
}

async fn wait(step: &Step<'_>, begun: &Begun, shown: &DeviceCode) -> Result<Tokens, AuthError> {
    let place = step.place;
    let (client_id, scope) = (place.client_id.to_string(), step.scopes.join(" "));
    let form = form(&[
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", &client_id),
        ("device_code", begun.device_code.expose_secret()),
        ("scope", &scope),
        ("claims", step.claims),
    ]);
    let http = TokenHttp::new(&place.http, &*place.clock, Repeat::Never);
    let mut interval = Duration::from_secs(begun.interval.unwrap_or(USUAL_INTERVAL).max(1));
    let (begun_at, mut waited, mut faults) = (Instant::now(), Duration::ZERO, 0);
    let mut asking = Asking::begin(step.asker, step.attention);
    step.asker.show_code(step.why, shown).await;
    loop {
        // By the given clock, but a clock that stands still makes no code live for ever.
        if begun_at.elapsed().max(waited) + interval >= shown.expires_in {
            return Err(AuthError::DeviceCodeExpired);
        }
        place.clock.sleep(interval).await;
        waited += interval;
        let answer = asking.meanwhile(http.get_tokens(&place.authority.token_endpoint, &form)).await;
        match answer.map_err(judge) {
            Ok(tokens) => return Ok(tokens),
            Err(Poll::Wait) => faults = 0,
            Err(Poll::Slower) => {
                faults = 0;
                interval += SLOWER;
            }
            Err(Poll::Fault(error)) => {
                faults += 1;
                if faults >= MOST_FAULTS {
                    return Err(error);
                }
                interval += SLOWER;
            }
            Err(Poll::Over(error)) => return Err(error),
        }
    }
}

fn judge(error: AuthError) -> Poll {
    match error {
        AuthError::Refused { ref error, .. } if error == "authorization_pending" => Poll::Wait,
        AuthError::Refused { ref error, .. } if error == "slow_down" => Poll::Slower,
        AuthError::Refused { ref error, .. } if error == "authorization_declined" => {
            Poll::Over(AuthError::DeviceCodeDeclined)
        }
        AuthError::Refused { ref error, .. } if error == "expired_token" || error == "code_expired" => {
            Poll::Over(AuthError::DeviceCodeExpired)
        }
        AuthError::Unreachable { why, .. } if why.may_pass() => Poll::Fault(error),
        AuthError::Busy { .. } => Poll::Fault(error),
        other => Poll::Over(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::NoConnection;

    #[test]
    fn p11_what_a_poll_means_goes_by_its_error() {
        let refused = |error: &str| AuthError::of_redirect(error, "AADSTS70016: x");
        assert_eq!(judge(refused("authorization_pending")), Poll::Wait);
        assert_eq!(judge(refused("slow_down")), Poll::Slower);
        assert_eq!(judge(refused("authorization_declined")), Poll::Over(AuthError::DeviceCodeDeclined));
        assert_eq!(judge(refused("expired_token")), Poll::Over(AuthError::DeviceCodeExpired));
        assert!(matches!(judge(refused("bad_verification_code")), Poll::Over(AuthError::Refused { .. })));
        let unreachable = |why| AuthError::Unreachable { host: "h".to_owned(), why };
        assert!(matches!(judge(unreachable(NoConnection::Broken)), Poll::Fault(_)));
        assert!(matches!(judge(unreachable(NoConnection::Tls)), Poll::Over(_)));
    }
}
