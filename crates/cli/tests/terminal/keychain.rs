//! A keychain that is absent or locked stops the job before anything is created.

use inbound_keychain::testing::Start;

use crate::support::Computer;

async fn refused(start: Start, code: &str) {
    let computer = Computer::with(start);
    let tenant = computer.serve(&[]);
    let before = tenant.everything().await;
    let outcome = computer.run_at(&tenant, &["setup", "service-principal", "--name", "HR feed", "--json"]).ended(4);
    assert_eq!(outcome.problem()["code"], code, "{}", outcome.stderr);
    assert_eq!(tenant.everything().await, before, "nothing was created");
}

#[tokio::test]
async fn absent() {
    refused(Start::Absent, "keychainAbsent").await;
}

#[tokio::test]
async fn locked() {
    refused(Start::Locked, "keychainLocked").await;
}

#[tokio::test]
async fn a_managed_identity_needs_none() {
    let computer = Computer::with(Start::Absent);
    let tenant = computer.serve(&[]);
    let id = crate::support::text(
        tenant
            .list("/servicePrincipals?$top=999")
            .await
            .iter()
            .find(|row| row["servicePrincipalType"] == "ManagedIdentity" && row["accountEnabled"] == true)
            .expect("an identity"),
        "id",
    );
    computer.run_at(&tenant, &["setup", "managed-identity", "--object-id", &id, "--json"]).ended(0);
}
