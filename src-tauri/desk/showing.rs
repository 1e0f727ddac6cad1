//! A new secret that no keychain keeps, while it waits to be taken: held here and nowhere else, shown as a picture or
//! copied, and let go when the operator has answered (security P17, P24, P31).

use async_trait::async_trait;
use inbound_access_job::problem::{Code, Problem};
use inbound_access_job::secrets::{SecretOffer, ShowOnce, Taken};
use secrecy::SecretString;
use tokio::sync::{mpsc, oneshot};

use super::Desk;
use super::order::{Order, Waiting};
use crate::view::{Copied, Revealed};

/// Where runs hand their new secrets over.
pub(super) struct Counter {
    orders: mpsc::UnboundedSender<Order>,
}

impl Counter {
    pub(super) fn new(orders: mpsc::UnboundedSender<Order>) -> Self {
        Self { orders }
    }
}

/// Lets the secret go, also when the run does not wait any more.
struct OnTheCounter<'a> {
    orders: &'a mpsc::UnboundedSender<Order>,
    run: String,
}

impl Drop for OnTheCounter<'_> {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::SecretGone { run: std::mem::take(&mut self.run) });
    }
}

#[async_trait]
impl ShowOnce for Counter {
    async fn show(&self, offer: SecretOffer) -> Taken {
        let SecretOffer { run_id: run, secret } = offer;
        let (settle, settled) = oneshot::channel();
        let _gone = OnTheCounter { orders: &self.orders, run: run.clone() };
        let _ = self.orders.send(Order::OfferSecret { run, waiting: Waiting { secret, settle } });
        match settled.await {
            Ok((taken, heard)) => {
                // Heard, and no more: the run ends with whether it could write that down.
                let _ = heard.send(());
                taken
            }
            // Nobody is left who could take it.
            Err(_) => Taken::Refused,
        }
    }
}

impl Desk {
    /// Shows the new secret of a run as a picture for some seconds.
    ///
    /// # Errors
    /// With `notFound` when none waits, and when it cannot be drawn.
    pub async fn reveal_new_secret(&self, run: String, dark: bool) -> Result<Revealed, Problem> {
        let secret = self.new_secret(run.clone()).await?;
        let shown = self.show(secret, dark, Some(run)).await;
        let shown = shown.map_err(|problem| problem.exists("It still waits to be taken.").advice("Use Copy."))?;
        shown.ok_or_else(none_waits)
    }

    /// Puts the new secret of a run on the clipboard for some seconds.
    ///
    /// # Errors
    /// With `notFound` when none waits, and when the clipboard cannot be used.
    pub async fn copy_new_secret(&self, run: String) -> Result<Copied, Problem> {
        let secret = self.new_secret(run).await?;
        self.put_on_clipboard(secret)
            .await
            .map_err(|problem| problem.exists("It still waits to be taken.").advice("Try again, or use Reveal."))
    }

    /// The operator has the new secret of a run, or wants it removed from Entra.
    ///
    /// # Errors
    /// With `notFound` when none waits (any more): then what was said counts for nothing.
    pub async fn settle_new_secret(&self, run: String, taken: bool) -> Result<(), Problem> {
        let taken = if taken { Taken::Taken } else { Taken::Refused };
        let (heard, answer) = oneshot::channel();
        self.send(Order::SettleSecret { run, taken, heard });
        answer.await.map_err(|_| none_waits())
    }

    async fn new_secret(&self, run: String) -> Result<SecretString, Problem> {
        self.ask(|reply| Order::NewSecret { run, reply }).await?.ok_or_else(none_waits)
    }
}

fn none_waits() -> Problem {
    Problem::new(Code::NotFound, "No new secret of this run waits to be taken.")
        .exists("Nothing was changed by this. A secret that was not taken in time was removed from Entra.")
        .advice("The run says what became of it.")
}
