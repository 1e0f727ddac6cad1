//! Sign-ins that are under way: asked but not answered, and codes not yet redeemed. In memory, as they live minutes.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::clock::later;
use crate::ids;
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

/// An authorize request that was found to be in order.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub client_id: Uuid,
    pub redirect_uri: String,
    pub state: Option<String>,
    pub nonce: Option<String>,
    pub response_mode: ResponseMode,
    pub challenge: String,
    pub request: Request,
    pub at: Timestamp,
}

/// What a code stands for.
#[derive(Debug)]
pub(crate) struct Code {
    pub asked: Asked,
    pub user: Uuid,
    pub issued: Timestamp,
    pub redeemed: bool,
}

/// All sign-ins under way.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    asked: HashMap<String, Asked>,
    codes: HashMap<String, Code>,
}

impl Sessions {
    /// Remembers a request while its page is open; returns its key.
    pub fn ask(&mut self, asked: Asked) -> String {
        let now = asked.at;
        self.asked.retain(|_, it| later(it.at, CODE_LIFE) > now);
        // Redeemed and expired codes are kept for an hour, so that a second use is recognised as one.
        self.codes.retain(|_, it| later(it.issued, CODE_LIFE * 6) > now);
        let key = ids::random_token();
        self.asked.insert(key.clone(), asked);
        key
    }

    /// The request of an open page, once.
    pub fn take(&mut self, key: &str) -> Option<Asked> {
        self.asked.remove(key)
    }

    /// A code for `user`.
    pub fn issue(&mut self, asked: Asked, user: Uuid, now: Timestamp) -> String {
        let code = format!("1.{}{}", ids::random_token(), ids::random_token());
        self.codes.insert(code.clone(), Code { asked, user, issued: now, redeemed: false });
        code
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
