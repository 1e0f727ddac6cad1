//! Temporary.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "temporary")]
#[tokio::main]
async fn main() {
    let options = practice_tenant::Options { home_cloud: practice_tenant::HomeCloud::UsGovL4, ..Default::default() };
    let tenant = practice_tenant::PracticeTenant::start(options).await.unwrap();
    std::fs::write(
        "/tmp/tmp_practice.json",
        format!(
            "{{\"port\":{},\"tenant\":\"{}\",\"op\":\"{}\",\"pub\":\"{}\"}}",
            tenant.address().port(),
            tenant.tenant_id(),
            tenant.operator_client_id(),
            tenant.public_client_id()
        ),
    )
    .unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(240)).await;
}
