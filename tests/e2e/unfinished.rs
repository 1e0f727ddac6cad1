//! Nothing is lost: a run that is killed, a keychain that was locked, a run that is taken back, a secret that nothing
//! keeps.

use std::time::Duration;

use practice_tenant::{DialSettings, PersonaKey};
use serde_json::Value;

use crate::machine::Keyring;
use crate::page::{Page, has};
use crate::world::{Setting, World, in_a_window};

#[test]
fn killed_in_the_middle_and_continued_from_the_home_page() {
    // Long enough that the run waits for the new app to be seen until the app is killed.
    let dials = DialSettings { replication: Duration::from_secs(600), ..DialSettings::default() };
    in_a_window("killed_and_continued", Setting { dials, ..Setting::default() }, async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.plan_app("HR feed").await;
        world.tenant.recorder().clear();
        page.press("button", has("Make th")).await;
        page.reads("waiting for Entra to catch up").await;
        let window = world.kill_and_start_again().await;
        world.tenant.dials().set_replication(Duration::ZERO);

        let page = Page::new(window.driver().clone());
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.sees("heading", "A run is not finished").await;
        page.reads("Interrupted").await;
        page.press("button", "Continue").await;
        page.sees("heading", has("Continue: ")).await;
        page.make_the_changes().await;
        page.reads("The client secret").await;

        let asked = world.changes_asked_for();
        let made = |part: &str, status: &str| {
            asked.iter().filter(|line| line.contains(part) && line.ends_with(status)).count()
        };
        assert_eq!(made("PATCH", "-> 201"), 1, "the app was registered once: {asked:?}");
        assert_eq!(made("/servicePrincipals ->", "-> 201"), 1, "one service principal: {asked:?}");
        assert_eq!(made("/appRoleAssignedTo", "-> 201"), 2, "two grants: {asked:?}");
        assert_eq!(made("/addPassword", "-> 200"), 1, "one secret: {asked:?}");
        // One run, of two attempts.
        page.press("link", "Activity").await;
        page.sees("table", has("Runs")).await;
        let runs = page.texts("row", has("HR feed")).await;
        assert!(runs.len() == 1 && runs[0].contains("Done"), "{runs:?}");
        window.close().await;
    });
}

#[test]
fn what_a_run_made_is_taken_back_and_nothing_else() {
    in_a_window("undo", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        let before = living(world);
        page.plan_app("HR feed").await;
        page.make_the_changes().await;
        let account = page.fact("Account").await;
        assert_ne!(living(world), before);

        page.press("link", "Activity").await;
        page.press("link", has("HR feed")).await;
        page.press("button", "Undo this run").await;
        page.sees("heading", has("Undo: ")).await;
        page.reads("30 days").await;
        world.tenant.recorder().clear();
        page.press("button", has("Remove th")).await;
        page.sees("heading", "The run was undone").await;
        page.reads("can be restored in Entra until").await;

        assert_eq!(living(world), before, "the tenant is as it was");
        let kept = world.machine.session().secrets("Inbound Access", &account).expect("the keyring can be asked");
        assert!(kept.is_empty(), "the keyring holds nothing of it");
        let asked = world.changes_asked_for();
        assert!(asked.iter().any(|line| line.starts_with("DELETE /v1.0/applications/")), "{asked:?}");
    });
}

#[test]
fn a_keychain_that_was_locked_and_is_unlocked_needs_no_restart() {
    in_a_window("locked_keychain", Setting { keyring: Keyring::Locked, ..Setting::default() }, async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.plan_app("HR feed").await;
        world.tenant.recorder().clear();
        page.press("button", has("Make th")).await;
        page.sees("heading", "Not everything was done").await;
        page.reads("is locked").await;
        page.sees("button", "Show the secret once instead").await;
        assert_eq!(world.changes_asked_for(), Vec::<String>::new(), "nothing was created");

        world.machine.session().unlock().expect("the keyring can be unlocked");
        page.press("button", "Continue").await;
        page.sees("heading", has("Continue: ")).await;
        page.make_the_changes().await;
        let account = page.fact("Account").await;
        let kept = world.machine.session().secrets("Inbound Access", &account).expect("the keyring can be asked");
        assert_eq!(kept, [world.secret_given().into_bytes()], "the secret lies in the keyring, once");
    });
}

#[test]
fn without_a_keychain_a_secret_is_shown_once_or_removed() {
    in_a_window("shown_once", Setting { keyring: Keyring::Absent, ..Setting::default() }, async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.plan_app("HR feed").await;
        page.press("button", has("Make th")).await;
        page.sees("heading", "Not everything was done").await;
        page.press("button", "Show the secret once instead").await;
        page.press("button", "See the plan").await;
        page.sees("list", "Steps of the plan").await;
        world.tenant.recorder().clear();
        page.press("button", has("Make th")).await;
        page.sees("heading", "A new secret waits for you").await;
        page.press("button", "Reveal secret").await;
        page.sees("img", has("client secret")).await;
        let secret = world.secret_given();
        assert!(!page.text().await.contains(&secret), "the page has a picture and no text");
        page.press("button", "I have it").await;
        page.sees("heading", has("is set up")).await;
        page.reads("was shown once").await;

        // A second one is not wanted after all.
        page.begin_app().await;
        page.fill(has("Name of the app"), "Payroll feed").await;
        page.press("radio", has("Show it once")).await;
        page.press("button", "See the plan").await;
        page.sees("list", "Steps of the plan").await;
        world.tenant.recorder().clear();
        page.press("button", has("Make th")).await;
        page.press("button", "Remove it from Entra").await;
        page.sees("heading", "The run was cancelled").await;
        page.reads("no secret of this run exists").await;
        let asked = world.changes_asked_for();
        assert!(asked.iter().any(|line| line.contains("/removePassword") && line.ends_with("-> 204")), "{asked:?}");
    });
}

/// What stands in the directory: apps, service principals and grants, those in the recycle bin left out.
fn living(world: &World) -> Value {
    let snapshot = world.tenant.snapshot();
    let lists = ["applications", "servicePrincipals", "assignments"].map(|list| {
        let mut rows = snapshot[list].clone();
        rows.as_object_mut().expect("a list by id").retain(|_, row| row["deleted"].is_null());
        (list.to_owned(), rows)
    });
    Value::Object(lists.into_iter().collect())
}
