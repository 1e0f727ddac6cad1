//! The how-to's two paths, from a click to a proof.

use practice_tenant::PersonaKey;

use crate::page::has;
use crate::walk::{READ_LOGS, UPLOAD};
use crate::world::{Setting, in_a_window};

#[test]
fn a_program_outside_azure_gets_its_access_and_the_proof() {
    in_a_window("app_registration", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.plan_app("HR feed").await;
        world.tenant.recorder().clear();
        page.make_the_changes().await;
        page.reads("The client secret").await;

        let asked = world.changes_asked_for();
        assert_eq!(
            asked.iter().filter(|line| line.ends_with("-> 201")).count(),
            4,
            "app, principal, two grants: {asked:?}"
        );
        let client_id = page.fact("Client ID").await;
        let account = page.fact("Account").await;
        assert!(account.contains(&client_id), "the item's name carries the client id: {account}");
        let kept = world.machine.session().secrets("Inbound Access", &account).expect("the keyring can be asked");
        let given = world.secret_given();
        assert_eq!(kept, [given.into_bytes()], "the secret that Entra gave lies in the keyring, once");

        page.verify_what_was_set_up("HR feed").await;
        page.reads("Ready").await;
        for permission in [UPLOAD, READ_LOGS] {
            let row = page.texts("row", has(permission)).await.pop().expect("a row of its own");
            assert!(row.contains("Granted") && row.contains("Yes"), "{permission} is granted and in a token: {row}");
        }
    });
}

#[test]
fn something_in_azure_gets_its_access_and_the_proof() {
    in_a_window("managed_identity", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::PrivilegedRoleAdministrator).await;
        page.plan_identity("CSV2SCIMBulkUpload", "System-assigned").await;
        world.tenant.recorder().clear();
        page.make_the_changes().await;

        let asked = world.changes_asked_for();
        assert_eq!(asked.len(), 2, "two grants and nothing else: {asked:?}");
        assert!(asked.iter().all(|line| line.contains("/appRoleAssignedTo") && line.ends_with("-> 201")), "{asked:?}");
        page.reads("There is no secret to hand over").await;

        page.verify_what_was_set_up("CSV2SCIMBulkUpload").await;
        for permission in [UPLOAD, READ_LOGS] {
            let row = page.texts("row", has(permission)).await.pop().expect("a row of its own");
            assert!(row.contains("Granted"), "{row}");
        }
    });
}

#[test]
fn the_same_again_changes_nothing() {
    in_a_window("again", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.plan_app("HR feed").await;
        page.make_the_changes().await;
        let before = world.tenant.snapshot();
        world.tenant.recorder().clear();

        page.plan_app("HR feed").await;
        page.sees("heading", "Nothing to change").await;
        page.sees_no("button", has("Make th")).await;
        assert_eq!(world.changes_asked_for(), Vec::<String>::new());
        assert_eq!(world.tenant.snapshot(), before, "the tenant is as it was");
    });
}

#[test]
fn namesakes_are_told_apart() {
    in_a_window("namesakes", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.begin_identity().await;
        page.fill(has("Find a managed identity"), "CSV2SCIMBulkUpload").await;
        page.waits("only these are left", async || {
            let names = page.names("radio", has("Choose")).await;
            (!names.is_empty() && names.iter().all(|name| name.contains("CSV2SCIMBulkUpload"))).then_some(())
        })
        .await;
        page.reads("Some of these share a name").await;
        let rows = page.texts("row", has("CSV2SCIMBulkUpload")).await;
        assert!(rows.len() >= 2, "{rows:?}");
        let different: std::collections::BTreeSet<&String> = rows.iter().collect();
        assert_eq!(different.len(), rows.len(), "no two rows read alike: {rows:?}");
        // By ear, too: no two choices have the same name.
        let choices = page.names("radio", has("CSV2SCIMBulkUpload")).await;
        let heard: std::collections::BTreeSet<&String> = choices.iter().collect();
        assert_eq!(heard.len(), choices.len(), "{choices:?}");
        page.sees_no("button", has("Make th")).await;

        // Without a choice there is no plan; what is asked for is said at the table.
        page.press("button", "See the plan").await;
        page.reads("Choose the managed identity that is to get the permissions.").await;

        // The one that was chosen, and no other, gets the grants.
        let chosen = page
            .all("radio", &has("CSV2SCIMBulkUpload, System-assigned"))
            .await
            .pop()
            .expect("one of them is system-assigned");
        let object_id = chosen.value().await.expect("a radio has a value").expect("which is an object id");
        chosen.click().await.expect("it can be chosen");
        page.press("button", "See the plan").await;
        page.sees("list", "Steps of the plan").await;
        world.tenant.recorder().clear();
        page.make_the_changes().await;
        for exchange in world.exchanges_of_graph().iter().filter(|exchange| exchange.method == "POST") {
            let body = exchange.request_body.as_ref().expect("a grant has a body");
            assert_eq!(body.get("principalId").and_then(serde_json::Value::as_str), Some(object_id.as_str()));
        }
    });
}
