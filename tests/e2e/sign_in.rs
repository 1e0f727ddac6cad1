//! Signing in to a real cloud, as the practice tenant plays it: with the operator's own browser, by a code, again in the
//! middle of the work, and out again.

use practice_tenant::PersonaKey;

use crate::page::{Page, has};
use crate::walk::persona;
use crate::world::{Setting, World, in_a_window};

/// The practice tenant's domain.
const DOMAIN: &str = "brightwater.example";

impl Page {
    /// Fills in where and with what to sign in.
    async fn fill_in_organisation(&self, world: &World) {
        self.fill(has("Tenant"), DOMAIN).await;
        self.fill(has("Client ID"), &world.tenant.public_client_id().to_string()).await;
    }

    /// Leaves the session by the account menu.
    async fn sign_out(&self) {
        self.press("button", has("Signed in as")).await;
        self.press("button", "Sign out").await;
        self.sees("heading", "Your organisation").await;
    }
}

impl World {
    fn authorize_requests(&self) -> usize {
        let exchanges = self.tenant.recorder().exchanges();
        exchanges.iter().filter(|exchange| exchange.path.ends_with("/oauth2/v2.0/authorize")).count()
    }
}

#[test]
fn p05_a_person_signs_in_with_their_own_browser_and_out_again() {
    in_a_window("sign_in_browser", Setting::default(), async |world| {
        let page = &world.page;
        let administrator = persona(PersonaKey::GlobalAdministrator);
        page.fill_in_organisation(world).await;
        page.press("button", "Sign in with your browser").await;
        page.reads("Finish in your browser").await;
        let url = world.machine.page_opened(0).await;
        assert!(
            url.starts_with("https://login.microsoftonline.com/brightwater.example/oauth2/v2.0/authorize?"),
            "{url}"
        );
        assert_eq!(world.authorize_requests(), 0, "the window itself never goes there");
        let shown = page.script("return document.documentElement.outerHTML", vec![]).await.to_string();
        let state = url.split(&['?', '&'][..]).find_map(|pair| pair.strip_prefix("state=")).expect("a state");
        assert!(!shown.contains(state), "p10: the link stays in Rust");

        let browser = world.machine.browser(world.tenant.address().port()).await;
        browser.goes_to(&url).await;
        browser.presses(&administrator.name).await;
        browser.reads("You can close this tab").await;
        assert!(!browser.address().await.contains("code="), "p10: {}", browser.address().await);
        page.sees("heading", has("Connected to")).await;
        page.reads("Global").await;
        page.reads(&administrator.user_principal_name).await;
        assert!(page.text().await.contains("Practice tenant."), "nobody takes it for a real one");

        // The whole job works with what is asked for step by step.
        page.plan_app("HR feed").await;
        page.make_the_changes().await;
        assert_eq!(world.authorize_requests(), 1, "consented to already: nobody was asked again");

        world.tenant.recorder().clear();
        page.sign_out().await;
        // The tenant is remembered, its tokens are not.
        let signing_in = format!("Sign in to Brightwater Foods as {}", administrator.user_principal_name);
        page.press("button", signing_in.as_str()).await;
        let url = world.machine.page_opened(1).await;
        assert!(url.contains("login_hint="), "the account is suggested: {url}");
        let asked: Vec<String> =
            world.tenant.recorder().exchanges().into_iter().map(|exchange| exchange.path).collect();
        // The service's own description and keys: no token, and none of the tenant's data.
        let is_public = |path: &String| path.contains("openid-configuration") || path.ends_with("/keys");
        assert!(asked.iter().all(is_public), "p14: {asked:?}");
        page.press("button", "Cancel").await;
        page.reads("Sign-in was cancelled").await;
        browser.close().await;
    });
}

#[test]
fn p11_with_a_code_that_is_typed_elsewhere() {
    in_a_window("sign_in_code", Setting::default(), async |world| {
        let page = &world.page;
        let administrator = persona(PersonaKey::ApplicationAdministrator);
        page.fill_in_organisation(world).await;
        page.press("button", has("Other ways")).await;
        page.reads("Many organisations block it").await;
        page.press("button", "Get a code").await;
        page.reads("Type it only on the page above").await;
        let code = page
            .waits("the code is shown", async || {
                let text = page.script("return document.querySelector('code[dir=ltr]')?.innerText ?? null", vec![]);
                text.await.as_str().map(|code| code.trim().to_owned())
            })
            .await;
        let browser = world.machine.browser(world.tenant.address().port()).await;
        browser.goes_to("https://login.microsoftonline.com/common/oauth2/deviceauth").await;
        browser.types(&code).await;
        browser.presses("Next").await;
        browser.presses(&administrator.name).await;
        // The app asks again only after the interval that it was told.
        page.sees("heading", has("Connected to")).await;
        page.reads("with a device code").await;
        browser.close().await;
    });
}

#[test]
fn p15_a_challenge_in_the_middle_is_answered_once_and_the_work_goes_on() {
    in_a_window("sign_in_challenge", Setting::default(), async |world| {
        let page = &world.page;
        let administrator = persona(PersonaKey::GlobalAdministrator);
        page.fill_in_organisation(world).await;
        page.press("button", "Sign in with your browser").await;
        let browser = world.machine.browser(world.tenant.address().port()).await;
        browser.goes_to(&world.machine.page_opened(0).await).await;
        browser.presses(&administrator.name).await;
        page.sees("heading", has("Connected to")).await;

        page.begin_app().await;
        page.fill(has("Name of the app"), "HR feed").await;
        page.reads("No app registration bears this name.").await;
        world.tenant.dials().challenge(PersonaKey::GlobalAdministrator);
        page.press("button", "See the plan").await;
        page.reads("wants to see that it is still you").await;
        let url = world.machine.page_opened(1).await;
        assert!(url.contains("claims="), "the challenge is passed on");
        browser.goes_to(&url).await;
        browser.presses(&administrator.name).await;
        page.sees("list", "Steps of the plan").await;
        let text = page.text().await;
        assert!(text.contains("HR feed") && !text.contains("still you"), "the work was kept: {text}");
        assert_eq!(world.authorize_requests(), 2, "asked once");
        page.make_the_changes().await;
        browser.close().await;
    });
}

#[test]
fn p11_a_browser_that_does_not_open_leaves_the_link_to_copy() {
    in_a_window("sign_in_no_browser", Setting::default(), async |world| {
        let page = &world.page;
        world.machine.take_the_browser_away();
        page.fill_in_organisation(world).await;
        page.press("button", "Sign in with your browser").await;
        page.reads("Your browser could not be opened").await;
        page.press("button", "Copy the link").await;
        page.reads("The link is copied").await;
        page.press("button", "Cancel").await;
        page.reads("Sign-in was cancelled").await;
    });
}

#[test]
fn a_tenant_of_another_cloud_is_named_before_anyone_signs_in() {
    let setting = Setting { home_cloud: practice_tenant::HomeCloud::UsGovL4, ..Setting::default() };
    in_a_window("sign_in_wrong_cloud", setting, async |world| {
        let page = &world.page;
        page.fill_in_organisation(world).await;
        page.press("button", "Sign in with your browser").await;
        page.reads("US Government L4").await;
        assert_eq!(world.authorize_requests(), 0);
    });
}
