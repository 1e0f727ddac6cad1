//! What can be turned while the tenant runs.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::clock::VirtualClock;
use crate::demands::{ConditionalAccess, Marks, Pim, Proof};
use crate::directory::replication::Replica;
use crate::faults::{Fault, FaultScript, Faults};
use crate::message::Incoming;
use crate::persona::PersonaKey;
use crate::throttle::{LOG_READS, Meter, PERSONAL_WRITES, RetryAfter, Share, Throttle, TooMany, UPLOADS};

/// The most kinds of call of which it is remembered which replica they met last.
const MOST_FLAPS: usize = 10_000;

/// Where the dials stand when the tenant starts.
#[derive(Debug, Clone, PartialEq)]
pub struct DialSettings {
    /// Added to every answer, by real time.
    pub latency: Duration,
    /// How long a change stays unseen, on the tenant's clock (graph-facts 10, consistency).
    pub replication: Duration,
    /// While a change replicates, every other read of a path sees it.
    pub flapping: bool,
    /// Refuse an app with 429 beyond a rate.
    pub throttle: Option<Throttle>,
    /// What goes wrong.
    pub faults: FaultScript,
    /// The tenant's app management policy (graph-facts 2).
    pub policy: AppPolicy,
    /// Users without a role may register apps, which are then theirs (`allowedToCreateApps`, graph-facts 8).
    pub users_may_register: bool,
    /// Put an empty page between the pages of a long list (graph-facts 4).
    pub empty_pages: bool,
    /// Permissions that this tenant's Graph does not offer, by value.
    pub absent_permissions: Vec<String>,
    /// What the tenant demands of who signs in.
    pub conditional_access: ConditionalAccess,
    /// How roles are activated.
    pub pim: Pim,
    /// Accounts that are disabled (50057).
    pub disabled: Vec<PersonaKey>,
    /// Who, when chosen, turns out to have an account of elsewhere, a consumer's or a guest's (50020).
    pub strangers: Vec<PersonaKey>,
    /// People sign in with their password alone, unless more is demanded or asked for.
    pub single_factor: bool,
    /// The authority does not answer by `response_mode=form_post`.
    pub refuse_form_post: bool,
    /// The tenant has no Entra ID P1 or P2: no inbound provisioning and no PIM.
    pub without_premium: bool,
    /// How long after its processing the provisioning log shows an upload's entry, on the tenant's clock. Entra takes 5 to
    /// 10 minutes (graph-facts 9); the practice tenant is quicker unless told otherwise.
    pub log_lag: Duration,
    /// Uploads of users that the tenant takes in 24 hours: 2,000 with P1 or P2, 6,000 with Governance (graph-facts 9).
    pub uploads_a_day: u32,
    /// Keep the exchanges, secrets included, for [`Recorder`](crate::Recorder). Only tests need it.
    pub recording: bool,
}

impl Default for DialSettings {
    fn default() -> Self {
        Self {
            latency: Duration::ZERO,
            replication: Duration::ZERO,
            flapping: false,
            throttle: None,
            faults: FaultScript::default(),
            policy: AppPolicy::default(),
            users_may_register: false,
            empty_pages: false,
            absent_permissions: Vec::new(),
            conditional_access: ConditionalAccess::default(),
            pim: Pim::default(),
            disabled: Vec::new(),
            strangers: Vec::new(),
            single_factor: false,
            refuse_form_post: false,
            without_premium: false,
            log_lag: Duration::from_secs(20),
            uploads_a_day: 2_000,
            recording: true,
        }
    }
}

/// What the tenant's app management policy forbids; nothing by default (graph-facts 2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AppPolicy {
    /// Secrets are refused: `CredentialTypeNotAllowedAsPerAppPolicy`.
    pub forbid_secrets: bool,
    /// Longer secrets are refused: `CredentialInvalidLifetimeAsPerAppPolicy`.
    pub longest_secret: Option<Duration>,
    /// Apps with these audiences are refused: `SignInAudienceNotAllowedAsPerAppPolicy`.
    pub forbidden_audiences: Vec<String>,
}

#[derive(Debug, Default)]
struct Positions {
    settings: DialSettings,
    faults: Faults,
    /// By client id.
    meters: HashMap<Uuid, Meter>,
    /// Of writes on applications that personal accounts may use.
    personal: HashMap<Uuid, Meter>,
    /// Of uploads: the last seconds, and the day.
    uploads: [Meter; 2],
    /// Of reads of the provisioning log, by client id.
    log_reads: HashMap<Uuid, Meter>,
    /// By method and path, whether the last call met a replica that was ahead.
    flaps: HashMap<String, bool>,
    /// What became of earlier sign-ins.
    marks: Marks,
}

impl Positions {
    /// Whether the next call of this kind meets a replica that is ahead: every other one does, the second to begin with.
    fn flap(&mut self, call: String) -> bool {
        if self.flaps.len() >= MOST_FLAPS {
            self.flaps.clear();
        }
        let ahead = self.flaps.entry(call).or_insert(true);
        *ahead = !*ahead;
        *ahead
    }
}

/// The tenant's dials; turning one takes effect with the next request.
#[derive(Debug)]
pub struct Dials {
    positions: Mutex<Positions>,
    clock: VirtualClock,
}

impl Dials {
    pub(crate) fn new(settings: DialSettings, clock: VirtualClock) -> Self {
        let faults = Faults::new(settings.faults.clone());
        Self { positions: Mutex::new(Positions { settings, faults, ..Positions::default() }), clock }
    }

    fn turn(&self) -> MutexGuard<'_, Positions> {
        self.positions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds this to every answer, by real time.
    pub fn set_latency(&self, latency: Duration) {
        self.turn().settings.latency = latency;
    }

    /// A change stays unseen until this long after it was made, on the tenant's clock; changes already made count too.
    pub fn set_replication(&self, delay: Duration) {
        self.turn().settings.replication = delay;
    }

    /// While a change replicates, lets every other read of a path see it.
    pub fn set_flapping(&self, flapping: bool) {
        self.turn().settings.flapping = flapping;
    }

    /// Refuses an app with 429 beyond a rate; `None` ends it.
    pub fn set_throttle(&self, throttle: Option<Throttle>) {
        let mut positions = self.turn();
        positions.settings.throttle = throttle;
        positions.meters.clear();
    }

    /// Replaces the fault script and counts its calls from the start.
    pub fn set_faults(&self, script: FaultScript) {
        let mut positions = self.turn();
        positions.faults = Faults::new(script.clone());
        positions.settings.faults = script;
    }

    /// Sets the tenant's app management policy.
    pub fn set_policy(&self, policy: AppPolicy) {
        self.turn().settings.policy = policy;
    }

    /// Lets users without a role register apps.
    pub fn set_users_may_register(&self, users_may_register: bool) {
        self.turn().settings.users_may_register = users_may_register;
    }

    /// Puts an empty page between the pages of a long list.
    pub fn set_empty_pages(&self, empty_pages: bool) {
        self.turn().settings.empty_pages = empty_pages;
    }

    /// Takes these permissions, by value, out of the tenant's Graph.
    pub fn set_absent_permissions(&self, values: Vec<String>) {
        self.turn().settings.absent_permissions = values;
    }

    /// Sets what the tenant demands. Who comes to need MFA needs it from now on: earlier sign-ins do not suffice.
    pub fn set_conditional_access(&self, demanded: ConditionalAccess) {
        let mut positions = self.turn();
        let before = std::mem::replace(&mut positions.settings.conditional_access, demanded.clone());
        for persona in demanded.require_mfa {
            if !before.require_mfa.contains(&persona) {
                positions.marks.require_mfa(persona);
            }
        }
    }

    /// Sets how roles are activated.
    pub fn set_pim(&self, pim: Pim) {
        self.turn().settings.pim = pim;
    }

    /// Disables these accounts and no others. Tokens that they hold live on, but for clients that understand claims
    /// challenges: those are challenged at once.
    pub fn set_disabled(&self, disabled: Vec<PersonaKey>) {
        self.turn().settings.disabled = disabled;
    }

    /// Makes these, and no others, turn out to have an account of elsewhere.
    pub fn set_strangers(&self, strangers: Vec<PersonaKey>) {
        self.turn().settings.strangers = strangers;
    }

    /// Lets people sign in with their password alone.
    pub fn set_single_factor(&self, single_factor: bool) {
        self.turn().settings.single_factor = single_factor;
    }

    /// Refuses `response_mode=form_post`, in the discovery document as well.
    pub fn set_refuse_form_post(&self, refuse: bool) {
        self.turn().settings.refuse_form_post = refuse;
    }

    /// Takes the tenant's premium licence away or gives it back.
    pub fn set_without_premium(&self, without: bool) {
        self.turn().settings.without_premium = without;
    }

    /// Shows an upload's entries in the provisioning log this long after they were processed; entries that are there count
    /// too.
    pub fn set_log_lag(&self, lag: Duration) {
        self.turn().settings.log_lag = lag;
    }

    /// Takes so many uploads of users in 24 hours.
    pub fn set_uploads_a_day(&self, count: u32) {
        self.turn().settings.uploads_a_day = count;
    }

    /// Revokes the sign-ins of a persona: refresh tokens that it got before are refused (50173). Access tokens live on;
    /// turn [`challenge`](Self::challenge) too for what Entra does to clients that understand it.
    pub fn revoke_sign_ins(&self, persona: PersonaKey) {
        self.turn().marks.revoke(persona);
    }

    /// Challenges the access tokens of a persona: Graph answers those of clients that declared `cp1` with 401
    /// `insufficient_claims`, until the persona has signed in by a request that carries the challenge's claims.
    pub fn challenge(&self, persona: PersonaKey) {
        let now = self.clock.now();
        self.turn().marks.challenge(persona, now);
    }

    pub(crate) fn conditional_access(&self) -> ConditionalAccess {
        self.turn().settings.conditional_access.clone()
    }

    pub(crate) fn pim(&self) -> Pim {
        self.turn().settings.pim.clone()
    }

    pub(crate) fn is_disabled(&self, persona: PersonaKey) -> bool {
        self.turn().settings.disabled.contains(&persona)
    }

    pub(crate) fn is_stranger(&self, persona: PersonaKey) -> bool {
        self.turn().settings.strangers.contains(&persona)
    }

    pub(crate) fn single_factor(&self) -> bool {
        self.turn().settings.single_factor
    }

    pub(crate) fn refuse_form_post(&self) -> bool {
        self.turn().settings.refuse_form_post
    }

    pub(crate) fn without_premium(&self) -> bool {
        self.turn().settings.without_premium
    }

    /// The epoch of an interactive sign-in that asked for a token not older than `not_before`.
    pub(crate) fn sign_in(&self, persona: PersonaKey, not_before: Option<i64>) -> i64 {
        self.turn().marks.sign_in(persona, not_before)
    }

    pub(crate) fn is_revoked(&self, persona: PersonaKey, proof: &Proof) -> bool {
        self.turn().marks.is_revoked(persona, proof)
    }

    pub(crate) fn lacks_mfa(&self, persona: PersonaKey, proof: &Proof) -> bool {
        self.turn().marks.lacks_mfa(persona, proof)
    }

    /// The `nbf` to ask for, if a challenge stands against a token.
    pub(crate) fn challenged(&self, persona: PersonaKey, proof: &Proof) -> Option<i64> {
        let positions = self.turn();
        let disabled = positions.settings.disabled.contains(&persona);
        let standing = positions.marks.challenged(persona, proof);
        standing.or_else(|| disabled.then(|| self.clock.now().as_second()))
    }

    pub(crate) fn latency(&self) -> Duration {
        self.turn().settings.latency
    }

    pub(crate) fn replication(&self) -> Duration {
        self.turn().settings.replication
    }

    pub(crate) fn policy(&self) -> AppPolicy {
        self.turn().settings.policy.clone()
    }

    pub(crate) fn users_may_register(&self) -> bool {
        self.turn().settings.users_may_register
    }

    pub(crate) fn empty_pages(&self) -> bool {
        self.turn().settings.empty_pages
    }

    pub(crate) fn absent_permissions(&self) -> Vec<String> {
        self.turn().settings.absent_permissions.clone()
    }

    /// The replica that this request reads from.
    pub(crate) fn replica(&self, incoming: &Incoming, now: Timestamp) -> Replica {
        let mut positions = self.turn();
        let ahead = positions.settings.flapping && positions.flap(format!("{} {}", incoming.method, incoming.path));
        Replica { now, delay: positions.settings.replication, ahead }
    }

    /// The replica that learns of everything last.
    pub(crate) fn slowest(&self, now: Timestamp) -> Replica {
        Replica { now, delay: self.replication(), ahead: false }
    }

    pub(crate) fn befall(&self, method: &str, path: &str) -> Option<Fault> {
        self.turn().faults.befall(method, path)
    }

    /// Counts a Graph request of an app; tells how much of its limit is used while the dial is on.
    pub(crate) fn throttle(&self, client: Uuid, now: Timestamp) -> Result<Option<Share>, TooMany> {
        let mut positions = self.turn();
        let Some(throttle) = positions.settings.throttle else { return Ok(None) };
        positions.meters.entry(client).or_default().count(throttle, now).map(Some)
    }

    pub(crate) fn log_lag(&self) -> Duration {
        self.turn().settings.log_lag
    }

    /// Counts an upload of users against the limit of seconds and that of a day.
    pub(crate) fn upload(&self, now: Timestamp) -> Result<(), TooMany> {
        let mut positions = self.turn();
        let day = Throttle {
            limit: positions.settings.uploads_a_day,
            window: Duration::from_secs(86_400),
            retry_after: RetryAfter::Seconds,
        };
        let [seconds, of_day] = &mut positions.uploads;
        seconds.count(UPLOADS, now)?;
        of_day.count(day, now).map(|_| ())
    }

    /// Counts an app's read of the provisioning log.
    pub(crate) fn read_log(&self, client: Uuid, now: Timestamp) -> Result<(), TooMany> {
        self.turn().log_reads.entry(client).or_default().count(LOG_READS, now).map(|_| ())
    }

    /// Counts an app's write on an application that personal accounts may use.
    pub(crate) fn write_personal(&self, client: Uuid, now: Timestamp) -> Result<Share, TooMany> {
        self.turn().personal.entry(client).or_default().count(PERSONAL_WRITES, now)
    }
}
