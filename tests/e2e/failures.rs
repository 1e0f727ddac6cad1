//! What the window says when the job cannot be done, and what is then true of the tenant.

use std::collections::BTreeSet;
use std::time::Duration;

use practice_tenant::{DialSettings, PersonaKey};
use serde_json::Value;

use crate::machine::Keyring;
use crate::page::has;
use crate::world::{Setting, World, in_a_window};

#[test]
fn without_the_role_the_page_says_what_exists_and_who_can_go_on() {
    in_a_window("insufficient_role", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::ApplicationAdministrator).await;
        page.plan_app("HR feed").await;
        // Before anything is done.
        page.reads("Privileged Role Administrator").await;

        world.tenant.recorder().clear();
        page.press("button", has("Make th")).await;
        page.sees("heading", "Not everything was done").await;
        let refused: Vec<_> =
            world.exchanges_of_graph().into_iter().filter(|exchange| exchange.status == 403).collect();
        assert!(!refused.is_empty(), "Entra refused the grants");
        let text = page.text().await;
        assert!(text.contains("Privileged Role Administrator"), "who can go on: {text}");
        assert!(text.contains("What exists now") || text.contains("What this run made"), "{text}");
        page.open_details("Details for support").await;
        let request_id = refused.first().and_then(|exchange| exchange.response_header("request-id")).expect("answered");
        let text = page.text().await;
        let any_told =
            refused.iter().filter_map(|exchange| exchange.response_header("request-id")).any(|id| text.contains(id));
        assert!(any_told, "the request id {request_id} is there for support: {text}");
        what_was_made_is_listed(world).await;
    });
}

#[test]
fn without_a_keychain_nothing_is_created() {
    let setting = Setting { keyring: Keyring::Absent, ..Setting::default() };
    in_a_window("keychain_absent", setting, async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.plan_app("HR feed").await;
        let before = world.tenant.snapshot();
        world.tenant.recorder().clear();
        page.press("button", has("Make th")).await;
        page.sees("heading", "Not everything was done").await;
        let text = page.text().await;
        assert!(text.contains("There is no keychain to use"), "what happened: {text}");
        assert!(text.contains("Nothing was created in the tenant"), "what exists: {text}");
        assert!(text.contains("GNOME Keyring, KWallet or KeePassXC"), "the way out: {text}");
        page.reads("This run made nothing.").await;
        assert_eq!(world.changes_asked_for(), Vec::<String>::new());
        assert_eq!(world.tenant.snapshot(), before, "nothing was created");
    });
}

#[test]
fn cancelling_in_the_middle_leaves_a_run_that_says_what_exists() {
    // Long enough that the run waits for the new app to be seen until somebody cancels.
    let dials = DialSettings { replication: Duration::from_secs(600), ..DialSettings::default() };
    in_a_window("cancelled", Setting { dials, ..Setting::default() }, async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.plan_app("HR feed").await;
        world.tenant.recorder().clear();
        page.press("button", has("Make th")).await;
        page.reads("waiting for Entra to catch up").await;
        page.press("button", "Cancel the run").await;
        page.sees("heading", "The run was cancelled").await;
        what_was_made_is_listed(world).await;
        let asked = world.changes_asked_for();
        assert!(!asked.iter().any(|line| line.contains("addPassword")), "no secret was made: {asked:?}");

        // What is left can be done, under the same run.
        world.tenant.dials().set_replication(Duration::ZERO);
        page.press("button", "Continue").await;
        page.sees("list", "Steps of the plan").await;
        page.make_the_changes().await;
        let registrations =
            world.changes_asked_for().iter().filter(|line| line.starts_with("PATCH") && line.ends_with("201")).count();
        assert_eq!(registrations, 1, "the app was registered once over both attempts");
        page.press("link", "Activity").await;
        page.sees("table", has("Runs")).await;
        let runs = page.texts("row", has("HR feed")).await;
        assert!(runs.len() == 1 && runs[0].contains("Done"), "one run of two attempts: {runs:?}");
    });
}

/// Every object that the tenant made is listed with its id, and nothing else is.
async fn what_was_made_is_listed(world: &World) {
    let mut made = BTreeSet::new();
    for exchange in world.exchanges_of_graph() {
        let body = exchange.response_body.as_ref();
        let text = |name: &str| body.and_then(|body| body.get(name)).and_then(Value::as_str).map(str::to_owned);
        if exchange.status == 201 {
            made.extend(text("id"));
        } else if exchange.path.ends_with("/addPassword") && exchange.status == 200 {
            made.extend(text("keyId"));
        }
    }
    assert!(!made.is_empty(), "something was made before it ended");
    let script =
        "const heading = [...document.querySelectorAll('h2')].find((one) => one.textContent === 'What this run made');
        return [...heading.closest('section').querySelectorAll('li')].map((one) => one.innerText);";
    let answer = world.page.script(script, vec![]).await;
    let listed: Vec<&str> = answer.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for id in &made {
        assert!(listed.iter().any(|line| line.contains(id.as_str())), "{id} is listed: {listed:?}");
    }
    // An app has a second id, which is its client's.
    for line in listed.iter().filter(|line| !line.contains("client id")) {
        assert!(made.iter().any(|id| line.contains(id.as_str())), "the tenant made this: {line}");
    }
}
