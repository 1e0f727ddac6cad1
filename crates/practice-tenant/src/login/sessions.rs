//! Sign-ins that are under way: pages that are open, codes not yet redeemed, device codes. In memory, as they live
//! minutes.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::clock::later;
use crate::demands::Proof;
use crate::ids;
use crate::login::claims_request::ClaimsRequest;
use crate::login::devices::Devices;
use crate::login::errors::LoginError;
use crate::login::scopes::Request;

/// A code lives about ten minutes (graph-facts 11).
const CODE_LIFE: Duration = Duration::from_secs(600);

/// How the answer of an authorize request travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

/// Where the answer of an authorize request goes.
#[derive(Debug, Clone)]
pub(crate) struct Return {
    pub redirect_uri: String,
    pub response_mode: ResponseMode,
    pub state: Option<String>,
}

/// An authorize request that was found to be in order.
#[derive(Debug, Clone)]
pub(crate) struct Authorization {
    pub back: Return,
    pub nonce: Option<String>,
    pub challenge: String,
}

/// A request for an administrator's consent that was found to be in order.
#[derive(Debug, Clone)]
pub(crate) struct AdminConsent {
    /// The redirect URI that was named, which is a registered one.
    pub redirect_uri: Option<String>,
    pub state: Option<String>,
    /// The `scope` as given; of the second version only.
    pub scope: Option<String>,
}

/// What a person was asked for.
#[derive(Debug, Clone)]
pub(crate) enum Purpose {
    Authorize(Authorization),
    /// The device code that the person has typed the short form of.
    Device(String),
    AdminConsent(AdminConsent),
}

/// What a page asks a person.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub client_id: Uuid,
    pub request: Request,
    pub claims: ClaimsRequest,
    /// Ask for consent also where it was given (`prompt=consent`).
    pub ask_consent: bool,
    pub purpose: Purpose,
    pub at: Timestamp,
}

/// A page that waits for its answer.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    pub asked: Asked,
    /// Who was chosen, once the page asks for consent.
    pub user: Option<Uuid>,
}

/// What a code stands for.
#[derive(Debug)]
pub(crate) struct Code {
    pub client_id: Uuid,
    pub request: Request,
    pub authorization: Authorization,
    pub user: Uuid,
    pub proof: Proof,
    pub issued: Timestamp,
    pub redeemed: bool,
}

/// All sign-ins under way.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    open: HashMap<String, Open>,
    codes: HashMap<String, Code>,
    pub devices: Devices,
}

impl Sessions {
    /// Remembers what a page asks while it is open; returns its key.
    pub fn open(&mut self, open: Open, now: Timestamp) -> String {
        self.open.retain(|_, it| later(it.asked.at, CODE_LIFE) > now);
        // Redeemed and expired codes are kept for an hour, so that a second use is recognised as one.
        self.codes.retain(|_, it| later(it.issued, CODE_LIFE * 6) > now);
        let key = ids::random_token();
        self.open.insert(key.clone(), open);
        key
    }

    /// What an open page asks, once.
    pub fn take(&mut self, key: &str) -> Option<Open> {
        self.open.remove(key)
    }

    /// Issues a code.
    pub fn issue(&mut self, code: Code) -> String {
        let text = format!("1.{}{}", ids::random_token(), ids::random_token());
        self.codes.insert(text.clone(), code);
        text
    }

    /// Redeems a code that `check` finds in order; one that it does not stays good.
    pub fn redeem<R>(
        &mut self,
        code: &str,
        now: Timestamp,
        check: impl FnOnce(&Code) -> Result<R, LoginError>,
    ) -> Result<R, LoginError> {
        let found = self.codes.get_mut(code).ok_or_else(LoginError::malformed_grant)?;
        if found.redeemed {
            return Err(LoginError::redeemed());
        }
        if later(found.issued, CODE_LIFE) <= now {
            return Err(LoginError::expired());
        }
        let checked = check(found)?;
        found.redeemed = true;
        Ok(checked)
    }
}
