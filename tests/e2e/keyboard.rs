//! The whole job without a mouse.

use practice_tenant::PersonaKey;
use thirtyfour::Key;

use crate::page::has;
use crate::walk::persona;
use crate::world::{Setting, in_a_window};

#[test]
fn the_whole_job_can_be_done_with_the_keyboard_alone() {
    in_a_window("keyboard", Setting::default(), async |world| {
        let page = &world.page;
        let administrator = persona(PersonaKey::GlobalAdministrator).name;
        page.sees("radio", has(&administrator)).await;
        page.tab_to("radio", &administrator).await;
        page.tab_to("button", &format!("Sign in as {administrator}")).await;
        page.key(Key::Enter).await;
        page.sees("heading", has("Connected to")).await;
        // A new page takes the focus to its heading, so that a screen reader begins there.
        page.waits("the focus is on the new page's heading", async || {
            (page.focus().await.role == "heading").then_some(())
        })
        .await;

        page.tab_to("button", "Set up access").await;
        page.key(Key::Enter).await;
        page.sees("heading", "Set up access").await;
        page.tab_to("link", "A program outside Azure").await;
        page.key(Key::Enter).await;
        page.sees("heading", "A program outside Azure").await;
        page.tab_to("textbox", "Name of the app").await;
        page.types("Payroll feed").await;
        page.tab_to("button", "See the plan").await;
        page.key(Key::Space).await;
        page.sees("list", "Steps of the plan").await;

        // The exact request behind a step, and closed again.
        page.tab_to("button", "Show the request").await;
        page.key(Key::Enter).await;
        page.reads("https://localhost:").await;
        page.key(Key::Enter).await;

        page.tab_to("button", "Make these").await;
        page.key(Key::Enter).await;
        page.sees("heading", "Payroll feed is set up").await;
        page.tab_to("button", "Reveal secret").await;
        page.key(Key::Enter).await;
        page.sees("img", has("client secret")).await;
        page.key(Key::Escape).await;
        page.sees_no("img", has("client secret")).await;

        // The verify button stands above: the way back is Shift and Tab.
        page.shift_tab_to("button", "Verify Payroll feed").await;
        page.key(Key::Enter).await;
        page.sees("table", has("Permissions")).await;
        page.reads("Ready").await;
    });
}
