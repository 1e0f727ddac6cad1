//! How long nobody has touched the app, and what is kept of a session that was locked for it (security P67).

use std::sync::Arc;
use std::time::Duration;

use inbound_access_job::problem::{Code, Problem};
use inbound_connection::view::Locked;
use inbound_connection::{Clock, Entry, Session};
use jiff::Timestamp;
use tokio::sync::mpsc;

use super::order::Order;

/// Counts the time since the operator was last seen, by the given clock.
pub(super) struct Idle {
    clock: Arc<dyn Clock>,
    orders: mpsc::UnboundedSender<Order>,
    after: Option<Duration>,
    /// None while no session is to be locked.
    last: Option<Timestamp>,
    watch: u64,
}

impl Idle {
    pub(super) fn new(clock: Arc<dyn Clock>, orders: mpsc::UnboundedSender<Order>) -> Self {
        Self { clock, orders, after: None, last: None, watch: 0 }
    }

    /// Locks after so long from now on; none: never.
    pub(super) fn lock_after(&mut self, after: Option<Duration>) {
        self.after = after;
        if self.last.is_some() {
            self.begin();
        }
    }

    /// Somebody is there: the time begins anew, and is watched.
    pub(super) fn begin(&mut self) {
        self.last = Some(self.clock.now());
        self.watch += 1;
        if let Some(after) = self.after {
            self.remind(after);
        }
    }

    /// There is no session any more.
    pub(super) fn end(&mut self) {
        self.last = None;
        self.watch += 1;
    }

    /// The operator is there. After a time that was too long already (a computer that slept) it tells how many minutes
    /// that is allowed to be: then they come too late.
    pub(super) fn touched(&mut self) -> Option<u32> {
        let (last, after) = (self.last?, self.after);
        if let Some(after) = after.filter(|after| self.since(last) >= *after) {
            return Some(minutes(after));
        }
        self.last = Some(self.clock.now());
        None
    }

    /// When the time of this watch is over: how many minutes that is. Otherwise it is watched on.
    pub(super) fn is_over(&mut self, watch: u64) -> Option<u32> {
        let (last, after) = (self.last.filter(|_| watch == self.watch)?, self.after?);
        let since = self.since(last);
        if since >= after {
            return Some(minutes(after));
        }
        self.remind(after.saturating_sub(since));
        None
    }

    fn since(&self, last: Timestamp) -> Duration {
        self.clock.now().duration_since(last).unsigned_abs()
    }

    fn remind(&self, later: Duration) {
        let (clock, orders, watch) = (Arc::clone(&self.clock), self.orders.clone(), self.watch);
        tokio::spawn(async move {
            clock.sleep(later).await;
            let _ = orders.send(Order::Idle { watch });
        });
    }
}

fn minutes(after: Duration) -> u32 {
    u32::try_from(after.as_secs() / 60).unwrap_or(u32::MAX)
}

/// What is kept of a session that was locked: no tokens.
pub(super) struct LockedSession {
    pub(super) view: Locked,
    /// How the same person comes back.
    pub(super) entry: Option<Entry>,
    tenant_id: String,
}

impl LockedSession {
    pub(super) fn of(session: &Session, after_minutes: u32) -> Self {
        let view = Locked {
            tenant_name: session.view.tenant_name.clone(),
            account: session.view.account.clone(),
            after_minutes,
        };
        Self { view, entry: session.entry_again(), tenant_id: session.view.tenant_id.clone() }
    }

    /// `session` if it is of the same person in the same tenant.
    pub(super) fn is_of(&self, session: Session) -> Result<Session, Problem> {
        let is_same =
            session.view.tenant_id == self.tenant_id && session.view.account.eq_ignore_ascii_case(&self.view.account);
        if is_same {
            return Ok(session);
        }
        session.forget();
        let Locked { account, tenant_name, .. } = &self.view;
        Err(Problem::new(
            Code::SignInFailed,
            format!("This is locked for {account} in {tenant_name}, and {} signed in.", session.view.account),
        )
        .exists("It stays locked, and nobody else was let in.")
        .advice(format!("Unlock it as {account}, or leave and connect as somebody else.")))
    }
}
