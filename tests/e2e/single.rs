//! One window for one operator: a second start hands over to the first.

use practice_tenant::PersonaKey;

use crate::machine::until;
use crate::world::{Setting, app, in_a_window};

#[test]
fn f52_a_second_start_brings_the_first_window_forward() {
    in_a_window("single_instance", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        let ended = world.machine.start_again(&app(), &["--practice-url".to_owned(), world.tenant.url()]).await;
        assert!(ended.success(), "the second process ended with {ended}");
        until("the first one says that it was called", async || {
            let logs = std::fs::read_dir(world.machine.app_home().join("logs")).ok()?;
            let told = logs.flatten().filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
            told.into_iter().any(|text| text.contains("a second start brought the window forward")).then_some(())
        })
        .await;
        // It goes on where it was.
        page.sees("heading", crate::page::has("Connected to")).await;
        page.plan_app("HR feed").await;
    });
}
