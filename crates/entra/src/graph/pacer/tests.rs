use std::sync::Arc;

use ::http::{HeaderName, HeaderValue};
use async_trait::async_trait;
use practice_tenant::{Options, PracticeTenant, RetryAfter, Throttle, VirtualClock};

use super::*;
use crate::auth::AppSecretCredential;
use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::graph::{Call, Graph, Wait, WaitReason};
use crate::ids::{AppId, ObjectId, TenantId};

const SECOND: Duration = Duration::from_secs(1);
const SMALL: Limits = Limits {
    units: Limit { units: 10, window: WINDOW },
    writes: Limit { units: 5, window: Duration::from_secs(50) },
    at_once: 16,
};

fn start() -> Timestamp {
    "2026-08-20T10:00:00Z".parse().expect("a time")
}

fn after(seconds: u64) -> Timestamp {
    start() + Duration::from_secs(seconds)
}

fn place(pacer: &Pacer, now: Timestamp) -> Place {
    let url = Url::parse("https://graph.microsoft.com/v1.0/me").expect("a URL");
    pacer.place(now, &Method::GET, &url)
}

fn wait(pacer: &Pacer, now: Timestamp) -> Duration {
    place(pacer, now).wait
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"))
    };
    pairs.iter().map(pair).collect()
}

#[test]
fn the_published_limits_let_a_run_pass_and_hold_back_a_flood() {
    let pacer = Pacer::new(PUBLISHED);
    let free = (0..2_000).take_while(|_| wait(&pacer, start()).is_zero()).count();
    assert_eq!(free, 1_400, "half of four fifths of 3,500");
    let pacer = Pacer::new(PUBLISHED);
    let url = Url::parse("https://graph.microsoft.com/v1.0/servicePrincipals").expect("a URL");
    // Spread, so that it is the writes that run out and not the units.
    let nth = |n: u64| pacer.place(start() + Duration::from_millis(n * 10), &Method::POST, &url).wait;
    let free = (0..2_000).take_while(|n| nth(*n).is_zero()).count();
    assert!((1_200..1_400).contains(&free), "half of four fifths of 3,000, and what drained meanwhile: {free}");
}

#[test]
fn a_warning_spaces_what_follows_until_it_is_gone() {
    let pacer = Pacer::new(PUBLISHED);
    let first = place(&pacer, start());
    for (share, gap) in
        [("0.8", 500), ("0.85", 1_000), ("1.00", 2_500), ("1.8", 10_500), ("7", 10_500), ("inf", 10_500)]
    {
        pacer.heard(first, &headers(&[(SHARE, share)]));
        let now = start() + first.wait;
        let gap = Duration::from_millis(gap);
        let begun = wait(&pacer, now);
        let waits = [wait(&pacer, now), wait(&pacer, now)].map(|wait| wait.saturating_sub(begun));
        for (wait, gap) in waits.into_iter().zip([gap, gap * 2]) {
            assert!(wait.abs_diff(gap) < Duration::from_millis(1), "{share}: {wait:?}");
        }
    }
    pacer.heard(first, &HeaderMap::new());
    let calm = after(3_600);
    assert!(wait(&pacer, calm).is_zero() && wait(&pacer, calm).is_zero(), "no word of it any more");
    for nonsense in ["", "-1", "NaN", "0.79", "80%", "soon"] {
        pacer.heard(first, &headers(&[(SHARE, nonsense)]));
        assert!(wait(&pacer, calm).is_zero(), "{nonsense}");
    }
}

#[test]
fn what_a_request_truly_cost_counts() {
    let free = |told: &str| {
        let pacer = Pacer::new(SMALL);
        let first = place(&pacer, start());
        pacer.heard(first, &headers(&[(UNITS, told)]));
        (0..20).take_while(|_| wait(&pacer, start()).is_zero()).count()
    };
    assert_eq!(free("1"), 3, "four at once, and one is under way");
    assert_eq!(free("3"), 1);
    assert_eq!(free(" 2 "), 2);
    for nonsense in ["0", "-3", "4294967296", "4000000000", "21", "1.5", ""] {
        assert_eq!(free(nonsense), 3, "{nonsense}");
    }
}

#[test]
fn all_hold_back_with_the_one_that_was_refused_but_no_longer_than_a_window() {
    let pacer = Pacer::new(PUBLISHED);
    pacer.refused(start(), SECOND * 4);
    assert_eq!(wait(&pacer, start()), SECOND * 4);
    assert_eq!(wait(&pacer, after(3)), SECOND);
    assert_eq!(wait(&pacer, after(4)), Duration::ZERO);
    pacer.refused(after(4), SECOND * 300);
    assert_eq!(wait(&pacer, after(4)), WINDOW);
    pacer.waited(after(4), SECOND * 300);
    assert_eq!(wait(&pacer, after(4)), Duration::ZERO, "who has waited need not wait again");
}

#[test]
fn a_clock_that_stands_still_or_jumps_back_makes_nobody_wait_longer() {
    let pacer = Pacer::new(SMALL);
    for at in [after(86_400), start(), start()] {
        for _ in 0..40 {
            let place = place(&pacer, at);
            assert!(place.wait <= Duration::from_millis(2_500), "{:?}", place.wait);
            pacer.reached(place);
        }
    }
}

/// Waiting moves the tenant's clock.
#[derive(Debug)]
struct Moving(VirtualClock);

#[async_trait]
impl Clock for Moving {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn sleep(&self, duration: Duration) {
        self.0.advance(duration);
    }
}

struct Practice {
    tenant: PracticeTenant,
    waits: Arc<Mutex<Vec<Wait>>>,
}

impl Practice {
    /// One that lets as many requests pass as [`SMALL`] has units.
    async fn strict() -> Self {
        let tenant = PracticeTenant::start(Options::default()).await.expect("a tenant");
        let throttle = Throttle { limit: SMALL.units.units, window: WINDOW, retry_after: RetryAfter::Seconds };
        tenant.dials().set_throttle(Some(throttle));
        Self { tenant, waits: Arc::default() }
    }

    /// Reads `times` times, one after the other, within `limits`; the statuses of all answers.
    async fn read(&self, limits: Limits, times: usize) -> Vec<u16> {
        self.tenant.recorder().clear();
        let cloud = Cloud::practice(&self.tenant.url()).expect("a cloud");
        let clock: Arc<dyn Clock> = Arc::new(Moving(self.tenant.clock().clone()));
        let (home, automation) = (TenantId(self.tenant.tenant_id()), self.tenant.automation());
        let credential =
            AppSecretCredential::new(cloud.clone(), home, AppId(automation.client_id), automation.client_secret)
                .with_clock(Arc::clone(&clock));
        let graph = Graph::within(limits, cloud, Arc::new(credential), clock).expect("a client");
        let heard = Arc::clone(&self.waits);
        let call = Call { on_wait: Arc::new(move |wait| heard.lock().expect("whole").push(wait)), ..Call::default() };
        for _ in 0..times {
            assert_eq!(graph.application(&call, ObjectId(uuid::Uuid::nil())).await, Ok(None));
        }
        let exchanges = self.tenant.recorder().exchanges();
        exchanges.iter().filter(|it| it.path.starts_with("/v1.0/")).map(|it| it.status).collect()
    }
}

#[tokio::test]
async fn who_keeps_to_a_limit_is_never_refused_and_says_why_it_waits() {
    let practice = Practice::strict().await;
    let before = practice.tenant.clock().now();
    assert_eq!(practice.read(SMALL, 50).await, [404; 50], "asked once each, and none was one too many");
    let waits = practice.waits.lock().expect("whole").clone();
    assert!(waits.iter().all(|wait| wait.reason == WaitReason::Paced && wait.attempt == 0), "{waits:?}");
    assert!(waits.len() >= 40, "{}", waits.len());
    let took = practice.tenant.clock().now().duration_since(before).as_secs();
    assert!((100..=125).contains(&took), "four at once, then one each two and a half seconds: {took} s");
}

#[tokio::test]
async fn the_same_without_regard_for_the_limit_is_refused() {
    let refused = Practice::strict().await.read(PUBLISHED, 50).await;
    assert!(refused.contains(&429), "{refused:?}");
}
