//! axe finds nothing on any screen, light or dark; and everything can be used in the smallest window.

use practice_tenant::PersonaKey;
use serde_json::json;

use crate::machine::Theme;
use crate::page::{Page, has};
use crate::world::{Setting, World, in_a_window};

#[test]
fn axe_finds_nothing_in_light() {
    in_a_window("axe_light", Setting::default(), every_screen);
}

#[test]
fn axe_finds_nothing_in_dark() {
    in_a_window("axe_dark", Setting { theme: Theme::Dark, ..Setting::default() }, async |world| {
        let dark = world.page.script("return matchMedia('(prefers-color-scheme: dark)').matches", vec![]).await;
        assert_eq!(dark, json!(true), "the desktop is dark");
        every_screen(world).await;
    });
}

async fn every_screen(world: &World) {
    let page = &world.page;
    page.sees("heading", "Inbound Access").await;
    page.is_accessible("Connect").await;
    page.connect_as(PersonaKey::ApplicationAdministrator).await;
    page.is_accessible("Connected").await;
    page.press("button", "Set up access").await;
    page.sees("heading", "Set up access").await;
    page.is_accessible("the choice").await;

    page.begin_app().await;
    page.is_accessible("the form for an app").await;
    page.press("button", "See the plan").await;
    page.reads("Give the app a name").await;
    page.is_accessible("the form for an app with an error").await;
    page.plan_app("HR feed").await;
    page.is_accessible("the plan with a warning").await;
    page.press("button", has("request of step 2")).await;
    page.is_accessible("the plan with an open request").await;
    page.press("button", has("Make th")).await;
    page.sees("heading", "Not everything was done").await;
    page.is_accessible("a run that failed").await;

    page.begin_identity().await;
    page.sees("table", "Managed identities").await;
    page.is_accessible("the identities").await;
    page.fill(has("Find a managed identity"), "no such name").await;
    page.reads("No managed identity matches").await;
    page.is_accessible("no identity found").await;

    page.press("button", has("Leave")).await;
    page.sees("heading", "Inbound Access").await;
    page.connect_as(PersonaKey::GlobalAdministrator).await;
    page.plan_app("Payroll feed").await;
    page.make_the_changes().await;
    page.is_accessible("the hand-over").await;
    page.press("button", "Reveal secret").await;
    page.sees("img", has("client secret")).await;
    page.is_accessible("the hand-over with the secret's picture").await;
    page.verify_what_was_set_up("Payroll feed").await;
    page.is_accessible("a verification").await;
    page.press("link", "Verify").await;
    page.sees("heading", "Verify").await;
    page.is_accessible("the search for a principal").await;
    page.press("link", "Activity").await;
    page.sees("table", has("Runs")).await;
    page.is_accessible("Activity").await;
}

#[test]
fn everything_can_be_used_in_the_smallest_window() {
    in_a_window("smallest", Setting::default(), async |world| {
        let page = &world.page;
        page.sees("heading", "Inbound Access").await;
        page.resize(800, 600).await;
        fits(page, "Connect").await;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        fits(page, "Connected").await;
        page.plan_app("HR feed").await;
        fits(page, "the plan").await;
        page.make_the_changes().await;
        fits(page, "the hand-over").await;
        page.verify_what_was_set_up("HR feed").await;
        fits(page, "a verification").await;
        page.reads("Ready").await;
        page.begin_identity().await;
        page.sees("table", "Managed identities").await;
        fits(page, "the identities").await;
        page.press("link", "Activity").await;
        page.sees("table", has("Runs")).await;
        fits(page, "Activity").await;
    });
}

/// Nothing must be scrolled sideways to be read, but for tables within their own box.
async fn fits(page: &Page, screen: &str) {
    let script = "return [document.scrollingElement, ...document.querySelectorAll('main')]
        .map((box) => box.scrollWidth - box.clientWidth)";
    let over = page.script(script, vec![]).await;
    let over: Vec<i64> = over.as_array().into_iter().flatten().filter_map(serde_json::Value::as_i64).collect();
    assert!(over.iter().all(|pixels| *pixels <= 0), "{screen} is too wide by {over:?} pixels");
}
