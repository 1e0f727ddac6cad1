//! What the tenant demands of who signs in: Conditional Access, Privileged Identity Management, and the events after
//! which an earlier sign-in no longer suffices.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::persona::PersonaKey;

/// The tenant's Conditional Access; nothing is demanded by default. Graph-facts 11 has the codes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConditionalAccess {
    /// Device code is blocked for everyone (53003), as Microsoft advises tenants to do.
    pub block_device_code: bool,
    /// These are let in nowhere (53003).
    pub blocked: Vec<PersonaKey>,
    /// These need multi-factor authentication from the moment the dial is turned: who signed in before is asked to sign
    /// in again (50076 at the next refresh), and any interactive sign-in satisfies it.
    pub require_mfa: Vec<PersonaKey>,
}

/// How Privileged Identity Management lets people activate roles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pim {
    /// An activated role counts for Graph only so long after PIM has confirmed it, on the tenant's clock.
    pub activation_delay: Duration,
    /// What the sign-in that activates must have shown.
    pub mfa: PimMfa,
}

/// What a sign-in must have shown before a role can be activated with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PimMfa {
    /// Nothing more.
    #[default]
    Nothing,
    /// Multi-factor authentication: 400 `RoleAssignmentRequestPolicyValidationFailed` with `MfaRule` otherwise. Sign-ins
    /// have it unless [`DialSettings::single_factor`](crate::DialSettings::single_factor) is on.
    MultiFactor,
    /// The authentication context `c1`: 400 `RoleAssignmentRequestAcrsValidationFailed` otherwise, with the claims to
    /// sign in with in its message.
    Context,
}

/// What a person has shown in the interactive sign-in that a token stems from. It travels in tokens as a claim of our
/// own that clients do not look at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Proof {
    /// When that was, in turns of the dials rather than in time: a frozen clock does not move.
    pub epoch: i64,
    pub mfa: bool,
    /// Authentication contexts, e.g. `c1`.
    pub contexts: Vec<String>,
    /// The client said that it understands claims challenges (`xms_cc` with `cp1`).
    pub capable: bool,
}

/// The claim in which a proof travels.
pub(crate) const PROOF: &str = "xms_practice";

impl Proof {
    pub fn to_json(&self) -> Value {
        json!({ "epoch": self.epoch, "mfa": self.mfa, "contexts": self.contexts, "cp1": self.capable })
    }

    /// The proof in a token's claims; an empty one where there is none.
    pub fn of(claims: &Map<String, Value>) -> Self {
        let proof = claims.get(PROOF);
        let flag = |name: &str| proof.and_then(|it| it.get(name)).and_then(Value::as_bool).unwrap_or_default();
        let contexts = proof.and_then(|it| it.get("contexts")).and_then(Value::as_array).into_iter().flatten();
        Self {
            epoch: proof.and_then(|it| it.get("epoch")).and_then(Value::as_i64).unwrap_or_default(),
            mfa: flag("mfa"),
            contexts: contexts.filter_map(Value::as_str).map(str::to_owned).collect(),
            capable: flag("cp1"),
        }
    }
}

/// A claims challenge that stands against a persona's tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Challenge {
    epoch: i64,
    /// `access_token.nbf` of its claims.
    not_before: i64,
    /// Somebody has signed in with these claims.
    met: bool,
}

/// The events after which an earlier sign-in no longer suffices, by persona.
#[derive(Debug)]
pub(crate) struct Marks {
    epoch: i64,
    revoked: HashMap<PersonaKey, i64>,
    mfa: HashMap<PersonaKey, i64>,
    challenges: HashMap<PersonaKey, Challenge>,
}

impl Default for Marks {
    fn default() -> Self {
        // Tokens outlive a restart, so that epochs must go on; the computer's time does.
        let epoch = Timestamp::now().as_microsecond();
        Self { epoch, revoked: HashMap::new(), mfa: HashMap::new(), challenges: HashMap::new() }
    }
}

impl Marks {
    fn next(&mut self) -> i64 {
        self.epoch += 1;
        self.epoch
    }

    pub fn revoke(&mut self, persona: PersonaKey) {
        let epoch = self.next();
        self.revoked.insert(persona, epoch);
    }

    pub fn require_mfa(&mut self, persona: PersonaKey) {
        let epoch = self.next();
        self.mfa.insert(persona, epoch);
    }

    pub fn challenge(&mut self, persona: PersonaKey, now: Timestamp) {
        let epoch = self.next();
        self.challenges.insert(persona, Challenge { epoch, not_before: now.as_second(), met: false });
    }

    /// The epoch of an interactive sign-in by a client that asked for `not_before`. One that does not answer a challenge
    /// that nobody has answered yet counts as if it had come before it.
    pub fn sign_in(&mut self, persona: PersonaKey, not_before: Option<i64>) -> i64 {
        let Some(challenge) = self.challenges.get_mut(&persona) else { return self.epoch };
        challenge.met |= not_before.is_some_and(|asked| asked >= challenge.not_before);
        if challenge.met { self.epoch } else { challenge.epoch - 1 }
    }

    pub fn is_revoked(&self, persona: PersonaKey, proof: &Proof) -> bool {
        self.revoked.get(&persona).is_some_and(|epoch| proof.epoch < *epoch)
    }

    pub fn lacks_mfa(&self, persona: PersonaKey, proof: &Proof) -> bool {
        self.mfa.get(&persona).is_some_and(|epoch| proof.epoch < *epoch)
    }

    /// The `nbf` to ask for, if a challenge stands against the token.
    pub fn challenged(&self, persona: PersonaKey, proof: &Proof) -> Option<i64> {
        let challenge = self.challenges.get(&persona)?;
        (proof.epoch < challenge.epoch).then_some(challenge.not_before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(epoch: i64) -> Proof {
        Proof { epoch, ..Proof::default() }
    }

    #[test]
    fn a_challenge_stands_until_somebody_signs_in_with_its_claims() {
        let (mut marks, who, now) = (Marks::default(), PersonaKey::User, Timestamp::UNIX_EPOCH);
        let before = marks.sign_in(who, None);
        marks.challenge(who, now);
        assert_eq!(marks.challenged(who, &proof(before)), Some(0));
        let without = marks.sign_in(who, None);
        assert!(marks.challenged(who, &proof(without)).is_some(), "signing in anew is not enough");
        let with = marks.sign_in(who, Some(0));
        assert_eq!(marks.challenged(who, &proof(with)), None);
        let later = marks.sign_in(who, None);
        assert_eq!(marks.challenged(who, &proof(later)), None, "it was answered");
        assert!(marks.challenged(who, &proof(before)).is_some(), "the old token stays refused");
        assert_eq!(marks.challenged(PersonaKey::Eligible, &proof(before)), None);
    }

    #[test]
    fn a_proof_is_read_back_from_claims() {
        let proof = Proof { epoch: 7, mfa: true, contexts: vec!["c1".into()], capable: true };
        let claims = Map::from_iter([(PROOF.to_owned(), proof.to_json())]);
        assert_eq!(Proof::of(&claims), proof);
        assert_eq!(Proof::of(&Map::new()), Proof::default());
    }
}
