//! After the set-up: what was found is mended, who has access is seen and taken back, a user is really uploaded, a secret
//! is renewed.

use practice_tenant::PersonaKey;

use crate::page::has;
use crate::world::{Setting, World, in_a_window};

/// Changes that the tenant was asked for and made, of this kind.
fn made(world: &World, method: &str, part: &str) -> usize {
    let asked = world.changes_asked_for();
    asked.iter().filter(|line| line.starts_with(method) && line.contains(part) && line.contains("-> 20")).count()
}

#[test]
fn what_is_missing_is_granted_from_the_finding_and_verified_again() {
    in_a_window("mended", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.verify_by_name("Payroll upload").await;
        page.reads("Not ready.").await;
        page.is_accessible("what to do").await;
        world.tenant.recorder().clear();
        let grant = page.names("button", has("Grant 1 permission")).await;
        page.press("button", grant.first().expect("the finding has its button").as_str()).await;
        page.press("button", has("Make th")).await;
        page.press("button", has("Verify Payroll upload again")).await;
        page.reads("Checked ").await;
        page.reads("Ready, but its secret ends in").await;
        page.reads("since last time").await;
        assert_eq!(made(world, "POST", "/appRoleAssignedTo"), 1, "{:?}", world.changes_asked_for());
    });
}

#[test]
fn who_has_access_is_listed_taken_back_and_given_again() {
    in_a_window("audit", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.press("link", "Who has access").await;
        page.sees("grid", "Who holds what").await;
        page.is_accessible("who has access").await;
        page.fill("Look for", "vm-legacy-hr").await;
        page.reads("2 of ").await;
        world.tenant.recorder().clear();
        page.press("checkbox", has("Choose all 2 shown")).await;
        page.press("button", has("Revoke 2 permissions")).await;
        page.sees("list", "Steps of the plan").await;
        page.press("button", "Revoke 2 permissions").await;
        page.sees("heading", "The permissions are revoked").await;
        assert_eq!(made(world, "DELETE", "/appRoleAssignedTo/"), 2, "{:?}", world.changes_asked_for());
        page.press("button", "Undo this run").await;
        page.sees("heading", has("Undo: two changes")).await;
        page.press("button", "Make these 2 changes").await;
        page.sees("heading", "The run was undone").await;
        assert_eq!(made(world, "POST", "/appRoleAssignedTo"), 2, "{:?}", world.changes_asked_for());
    });
}

#[test]
fn a_user_is_really_uploaded_and_followed_in_the_log() {
    in_a_window("uploaded", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.plan_app("HR feed").await;
        page.make_the_changes().await;
        page.verify_what_was_set_up("HR feed").await;
        page.press("button", has("Try a real upload to Staff from HR to Microsoft Entra ID")).await;
        page.press("button", "See what would be sent").await;
        page.reads("Nothing has been sent yet.").await;
        page.is_accessible("what would be sent").await;
        page.press("button", has("Upload 1 user to")).await;
        page.reads("Accepted (202)").await;
        page.reads("The user was created.").await;
        assert_eq!(made(world, "POST", "/bulkUpload"), 1, "{:?}", world.changes_asked_for());
    });
}

#[test]
fn a_secret_is_renewed_and_the_old_one_removed_once_the_new_one_works() {
    in_a_window("renewed", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.plan_app("HR feed").await;
        page.make_the_changes().await;
        page.verify_what_was_set_up("HR feed").await;
        world.tenant.recorder().clear();
        page.press("button", has("Renew ")).await;
        page.press("radio", has("Remove the old one now")).await;
        page.press("button", "See the plan").await;
        page.sees("list", "Steps of the plan").await;
        page.press("button", has("Make th")).await;
        page.sees("heading", "The new secret works").await;
        let asked = world.changes_asked_for();
        let at = |part: &str| asked.iter().position(|line| line.contains(part));
        assert!(at("/addPassword") < at("/removePassword") && at("/addPassword").is_some(), "{asked:?}");
        page.press("button", has("Verify HR feed again")).await;
        page.reads("Checked ").await;
        page.reads("Ready").await;
    });
}
