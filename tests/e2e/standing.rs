//! What the operator may do, before anything is done: a role that is activated first, and grants that are handed over.

use practice_tenant::PersonaKey;

use crate::page::has;
use crate::walk::{READ_LOGS, UPLOAD};
use crate::world::{Setting, in_a_window};

#[test]
fn a_role_is_activated_and_opens_what_it_allows() {
    in_a_window("activation", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::Eligible).await;
        page.reads("Activate Application Administrator first").await;
        // It is offered where the step needs it, and again among the roles.
        let offered = page.all("button", &has("Activate Application Administrator")).await;
        offered.first().expect("it is offered").click().await.expect("it can be pressed");
        page.fill(has("Reason"), "Set up the HR feed, ticket 4711").await;
        page.press("button", has("Activate for")).await;
        page.reads("Application Administrator is active now.").await;
        let activated: Vec<_> = world
            .exchanges_of_graph()
            .into_iter()
            .filter(|exchange| exchange.path.ends_with("/roleAssignmentScheduleRequests"))
            .map(|exchange| exchange.status)
            .collect();
        assert_eq!(activated, [201]);
    });
}

#[test]
fn grants_are_handed_over_and_exactly_those_are_finished_by_another() {
    in_a_window("hand_over", Setting::default(), async |world| {
        let page = &world.page;
        let file = world.machine.app_home().join("request.json");
        page.connect_as(PersonaKey::ApplicationAdministrator).await;
        page.plan_app("HR feed").await;
        page.press("button", "Hand over these 2 steps").await;
        page.reads("will ask for consent").await;
        page.press("button", has("and ask for consent to 2")).await;
        page.sees("heading", has("waits for consent")).await;
        let statuses: Vec<u16> = world.exchanges_of_graph().iter().map(|exchange| exchange.status).collect();
        assert!(!statuses.contains(&403), "nothing was tried that is not theirs");

        page.press("button", has("Save the request")).await;
        page.press("menuitem", has("For another Inbound Access")).await;
        world.machine.choose_in_dialog(&file).await;
        page.reads("Saved as").await;
        let saved = std::fs::read_to_string(&file).expect("it was saved");
        assert!(saved.contains(UPLOAD) && saved.contains(READ_LOGS), "{saved}");
        page.leave_practice().await;

        page.connect_as(PersonaKey::PrivilegedRoleAdministrator).await;
        page.press("link", "Set up").await;
        world.tenant.recorder().clear();
        page.press("button", has("Finish a request for consent")).await;
        world.machine.choose_in_dialog(&file).await;
        page.sees("heading", "Request for consent").await;
        page.reads("A file does not prove who wrote it").await;
        page.press("button", "See the plan").await;
        page.sees("list", "Steps of the plan").await;
        page.press("button", has("Make these 2 changes")).await;
        page.sees("heading", "Granted to HR feed").await;
        let changes = world.changes_asked_for();
        assert_eq!(changes.len(), 2, "exactly the two grants: {changes:?}");
        page.leave_practice().await;

        page.connect_as(PersonaKey::ApplicationAdministrator).await;
        page.press("link", "Activity").await;
        page.sees("table", has("Runs")).await;
        let waiting = "[...document.querySelectorAll('tr')].find((row) => row.innerText.includes('waits for consent'))";
        page.script(&format!("{waiting}.querySelector('a').click()"), vec![]).await;
        // The page looks by itself.
        page.reads("by another administrator").await;
    });
}
