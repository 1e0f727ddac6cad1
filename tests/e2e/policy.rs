//! The content security policy: the app's own pages stay within it, and nothing foreign gets past it.

use practice_tenant::PersonaKey;
use serde_json::{Value, json};

use crate::page::has;
use crate::world::{Setting, in_a_window};

#[test]
fn every_page_stays_within_the_policy() {
    in_a_window("policy_clean", Setting::default(), async |world| {
        let page = &world.page;
        page.sees("heading", "Inbound Access").await;
        assert_eq!(
            page.watch_policy().await,
            json!(true),
            "the web view also tells what was stopped before we listened"
        );
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        let background =
            "const main = [...document.querySelectorAll('button')].find((one) => one.textContent === 'Set up access');
            return getComputedStyle(main).backgroundColor;";
        let colour = page.script(background, vec![]).await;
        assert_ne!(colour, json!("rgba(0, 0, 0, 0)"), "the styles are drawn, so the policy let them pass");
        page.plan_app("HR feed").await;
        page.make_the_changes().await;
        page.press("button", "Reveal secret").await;
        page.sees("img", has("client secret")).await;
        page.verify_what_was_set_up("HR feed").await;
        page.press("link", "Activity").await;
        page.sees("table", has("Runs")).await;
        assert_eq!(page.policy_violations().await, Vec::<String>::new());
    });
}

#[test]
fn foreign_code_and_pictures_are_stopped() {
    in_a_window("policy_holds", Setting::default(), async |world| {
        let page = &world.page;
        page.sees("heading", "Inbound Access").await;
        page.watch_policy().await;
        let evaluated = page.script("try { return eval('1 + 1'); } catch (error) { return error.name; }", vec![]).await;
        assert_eq!(evaluated, json!("EvalError"));
        page.script(INTRUDE, vec![]).await;
        for directive in ["script-src", "img-src", "style-src", "frame-src", "connect-src"] {
            page.waits(&format!("{directive} stops its intruder"), async || {
                page.policy_violations().await.iter().any(|line| line.starts_with(directive)).then_some(())
            })
            .await;
        }
        let ran = page.script("return window.intruder ?? null", vec![]).await;
        assert_eq!(ran, Value::Null, "no inline code ran");
        assert_eq!(page.script("return typeof window.__TAURI__", vec![]).await, json!("undefined"));
    });
}

#[test]
fn a_command_that_is_not_listed_is_refused() {
    in_a_window("policy_commands", Setting::default(), async |world| {
        let page = &world.page;
        page.sees("heading", "Inbound Access").await;
        for command in [
            "plugin:opener|open_url",
            "plugin:dialog|open",
            "plugin:fs|read_file",
            "plugin:window|close",
            "read_secret",
        ] {
            let script = "const [command, done] = arguments;
                window.__TAURI_INTERNALS__.invoke(command, {}).then(() => done('done'), (error) => done(String(error.message ?? error)));";
            let answer = page.driver().execute_async(script, vec![json!(command)]).await.expect("the page asks");
            let said = answer.json().as_str().unwrap_or_default().to_owned();
            assert!(said.contains("not allowed") || said.contains("not found"), "{command}: {said}");
        }
    });
}

const INTRUDE: &str = r"
const script = document.createElement('script');
script.textContent = 'window.intruder = 1';
document.body.append(script);
const handler = document.createElement('div');
handler.innerHTML = '<button onclick=window.intruder=2>x</button>';
document.body.append(handler);
handler.firstChild.click();
new Image().src = 'https://pictures.example/x.png';
const style = document.createElement('style');
style.textContent = 'body { outline: 9px solid red }';
document.head.append(style);
const frame = document.createElement('iframe');
frame.src = 'https://frames.example/';
document.body.append(frame);
fetch('https://answers.example/').catch(() => undefined);
";
