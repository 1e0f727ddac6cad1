//! Device codes (graph-facts 11): asked for by an app, answered by a person on a page, polled for until then.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::clock::later;
use crate::demands::Proof;
use crate::ids;
use crate::login::claims_request::ClaimsRequest;
use crate::login::errors::LoginError;
use crate::login::scopes::Request;

/// A device code lives fifteen minutes.
pub(crate) const DEVICE_CODE_LIFE: Duration = Duration::from_secs(900);
/// How often an app may ask at first, and how much longer it has to wait whenever it asked too early (RFC 8628, 3.5).
pub(crate) const INTERVAL: Duration = Duration::from_secs(5);
/// Without what is mistaken for something else.
const ALPHABET: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// How far a device code is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    Pending,
    Approved { user: Uuid, proof: Proof },
    Declined,
    Redeemed,
}

/// What a device code stands for.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub user_code: String,
    pub client_id: Uuid,
    pub request: Request,
    pub claims: ClaimsRequest,
    expires: Timestamp,
    interval: Duration,
    polled: Option<Timestamp>,
    state: State,
}

/// All device codes that are still remembered.
#[derive(Debug, Default)]
pub(crate) struct Devices {
    codes: HashMap<String, Device>,
}

impl Devices {
    /// A new device code and the short one that a person types.
    pub fn issue(
        &mut self,
        client_id: Uuid,
        request: Request,
        claims: ClaimsRequest,
        now: Timestamp,
    ) -> (String, String) {
        // Expired ones are kept for an hour, so that they are told from those that never were.
        self.codes.retain(|_, it| later(it.expires, DEVICE_CODE_LIFE * 4) > now);
        let user_code = ids::random_text(9, ALPHABET);
        let code = format!("{}{}", ids::random_token(), ids::random_token());
        let device = Device {
            user_code: user_code.clone(),
            client_id,
            request,
            claims,
            expires: later(now, DEVICE_CODE_LIFE),
            interval: INTERVAL,
            polled: None,
            state: State::Pending,
        };
        self.codes.insert(code.clone(), device);
        (code, user_code)
    }

    /// The device code that a person has typed the short form of, if it waits for an answer.
    pub fn typed(&self, user_code: &str, now: Timestamp) -> Result<(String, Device), LoginError> {
        let plain: String = user_code.chars().filter(char::is_ascii_alphanumeric).collect();
        let found = self.codes.iter().find(|(_, it)| it.user_code.eq_ignore_ascii_case(&plain));
        let (code, device) = found.ok_or_else(LoginError::wrong_user_code)?;
        if device.expires <= now {
            return Err(LoginError::expired_user_code());
        }
        if device.state != State::Pending {
            return Err(LoginError::answered_device_code());
        }
        Ok((code.clone(), device.clone()))
    }

    /// Answers a device code; only the first answer counts.
    pub fn answer(&mut self, code: &str, state: State, now: Timestamp) -> Result<(), LoginError> {
        let device = self.codes.get_mut(code).ok_or_else(LoginError::wrong_user_code)?;
        if device.expires <= now {
            return Err(LoginError::expired_user_code());
        }
        if device.state != State::Pending {
            return Err(LoginError::answered_device_code());
        }
        device.state = state;
        Ok(())
    }

    /// An app asks whether its device code was answered: whom it stands for, or why not. It is used up once `check`
    /// finds everything in order.
    pub fn poll<R>(
        &mut self,
        code: &str,
        client_id: Uuid,
        now: Timestamp,
        check: impl FnOnce(&Device, Uuid, &Proof) -> Result<R, LoginError>,
    ) -> Result<R, LoginError> {
        let device = self.codes.get_mut(code).filter(|it| it.client_id == client_id);
        let device = device.ok_or_else(LoginError::wrong_device_code)?;
        if device.state == State::Redeemed {
            return Err(LoginError::used_device_code());
        }
        if device.expires <= now {
            return Err(LoginError::expired_device_code());
        }
        let state = device.state.clone();
        match &state {
            State::Approved { user, proof } => {
                let checked = check(device, *user, proof)?;
                device.state = State::Redeemed;
                Ok(checked)
            }
            State::Declined => Err(LoginError::declined_device_code()),
            State::Redeemed => Err(LoginError::used_device_code()),
            State::Pending => {
                let is_early = device.polled.is_some_and(|before| later(before, device.interval) > now);
                device.polled = Some(now);
                if is_early {
                    device.interval = device.interval.saturating_add(INTERVAL);
                    return Err(LoginError::slow_down());
                }
                Err(LoginError::authorization_pending())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_that_asks_too_early_has_to_wait_longer() {
        let (mut devices, client) = (Devices::default(), Uuid::new_v4());
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let (code, user_code) = devices.issue(client, Request::default(), ClaimsRequest::default(), at(0));
        let mut poll = |second: i64| {
            let refused = devices.poll(&code, client, at(second), |_, _, _| Ok(())).unwrap_err();
            refused.error.into_owned()
        };
        assert_eq!(poll(0), "authorization_pending");
        assert_eq!(poll(4), "slow_down");
        assert_eq!(poll(12), "slow_down", "ten seconds are asked for by now");
        assert_eq!(poll(27), "authorization_pending");
        assert_eq!(poll(42), "authorization_pending");
        assert_eq!(poll(900), "expired_token");
        assert_eq!(user_code.len(), 9);
        assert_eq!(devices.typed(&user_code, at(900)).unwrap_err().code, 70_019);
    }
}
