//! The practice tenant inside the app, the same for the window and the terminal face.

use inbound_entra::ids::AppId;
use uuid::uuid;

pub(crate) mod browser;
pub(crate) mod embedded;
pub(crate) mod presence;
pub(crate) mod seat;

/// The public client that people sign in with, the same in every practice tenant, served here or elsewhere.
pub(crate) const PUBLIC_CLIENT: AppId = AppId(uuid!("5e2a77da-313a-457d-928e-d81326e27e66"));

#[cfg(test)]
mod tests {
    use practice_tenant::{Options, PracticeTenant};

    #[tokio::test]
    async fn the_public_client_is_the_tenants() {
        let tenant = PracticeTenant::start(Options::default()).await.expect("a tenant");
        assert_eq!(tenant.public_client_id(), super::PUBLIC_CLIENT.0);
    }
}
