//! The secret never enters the page: not its document, not its storage, not its memory, not what Rust answers it.

use practice_tenant::PersonaKey;
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::page::{Page, has};
use crate::world::{Setting, in_a_window};

#[test]
fn the_secret_never_enters_the_page_even_when_it_is_revealed_and_copied() {
    in_a_window("secrecy", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.script(LISTEN, vec![]).await;
        page.plan_app("HR feed").await;
        world.tenant.recorder().clear();
        page.make_the_changes().await;
        let secret = world.secret_given();
        is_nowhere(page, &secret, "after the run").await;

        page.press("button", "Reveal secret").await;
        let picture = page.sees("img", has("client secret")).await;
        page.waits("the picture is drawn", async || (picture.prop("naturalWidth").await.ok()?? != "0").then_some(()))
            .await;
        let address = picture.attr("src").await.expect("a picture").expect("has an address");
        is_nowhere(page, &secret, "while it is revealed").await;
        page.press("button", "Hide secret").await;
        page.sees_no("img", has("client secret")).await;
        assert!(!can_be_drawn(page, &address).await, "the picture's address is of no use once it is hidden");

        page.press("button", "Copy secret").await;
        page.reads("The secret is on the clipboard").await;
        is_nowhere(page, &secret, "after it was copied").await;

        page.press("link", "Activity").await;
        page.press("link", "Verify").await;
        is_nowhere(page, &secret, "on the other pages").await;

        let heard = page.script("return window[Symbol.for('e2e-heard')].map(({ about }) => about)", vec![]).await;
        let heard: Vec<&str> = heard.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for command in ["plan_setup", "run_plan", "reveal_secret", "copy_secret"] {
            assert!(
                heard.iter().any(|about| about.contains(command)),
                "the answer to {command} was listened to: {heard:?}"
            );
        }
        in_no_log(world, &secret);

        // Copy did copy: an operator who pastes it has it.
        let field = page.field(has("Find a principal")).await;
        field.click().await.expect("a field can be clicked");
        page.key_with(Key::Control, 'v').await;
        page.waits("what was copied is pasted", async || {
            (field.prop("value").await.ok()??.as_str() == secret).then_some(())
        })
        .await;
        assert!(found_in(page, &secret).await.contains(&"document".to_owned()), "the search would have found it");
    });
}

async fn is_nowhere(page: &Page, secret: &str, when: &str) {
    assert_eq!(found_in(page, secret).await, Vec::<String>::new(), "{when}");
}

/// Where in the page's reach a text is.
async fn found_in(page: &Page, text: &str) -> Vec<String> {
    let answer = page.script(SEARCH, vec![json!(text)]).await;
    let places = answer.get("places").and_then(Value::as_array).cloned().unwrap_or_default();
    let looked_at = answer.get("objects").and_then(Value::as_u64).unwrap_or_default();
    assert!(looked_at > 500, "only {looked_at} objects of the page were looked at");
    places.iter().filter_map(|place| place.as_str().map(str::to_owned)).collect()
}

async fn can_be_drawn(page: &Page, address: &str) -> bool {
    // Asked for anew: what the web view itself has drawn a moment ago it may draw again.
    let script = "const [address, done] = arguments;
        const image = new Image();
        image.onload = () => done(true);
        image.onerror = () => done(false);
        image.src = `${address}?${Date.now()}`;";
    let answer = page.driver().execute_async(script, vec![json!(address)]).await.expect("the page tries");
    answer.json() == &json!(true)
}

/// No file that the app wrote, its log and its journal among them, holds the secret.
fn in_no_log(world: &crate::world::World, secret: &str) {
    let mut folders = vec![world.machine.app_home()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the app's folders can be read").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            files += 1;
            let bytes = std::fs::read(entry.path()).expect("the app's files can be read");
            let held = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!held, "{} holds the secret", entry.path().display());
        }
    }
    assert!(files > 0, "the app keeps a log and a journal");
}

/// Listens to every answer and event that Rust gives the page.
const LISTEN: &str = r"
const heard = [];
window[Symbol.for('e2e-heard')] = heard;
const fetched = window.fetch;
window.fetch = async (...request) => {
  const answer = await fetched(...request);
  const about = String(request[0]?.url ?? request[0]);
  answer.clone().text().then((text) => heard.push({ about, text }), () => heard.push({ about, text: '' }));
  return answer;
};
";

/// Looks through the document, the stores, what Rust answered and every object that can be reached from the page.
const SEARCH: &str = r"
const [text] = arguments;
const places = [];
if (document.documentElement.outerHTML.includes(text)) places.push('document');
for (const field of document.querySelectorAll('input, textarea')) if (field.value.includes(text)) places.push('document');
if (document.title.includes(text) || location.href.includes(text)) places.push('title or address');
if (document.cookie.includes(text)) places.push('cookies');
for (const [name, store] of [['local storage', localStorage], ['session storage', sessionStorage]]) {
  if (JSON.stringify(Object.entries(store)).includes(text)) places.push(name);
}
for (const { about, text: said } of window[Symbol.for('e2e-heard')] ?? []) {
  if (said.includes(text)) places.push(`an answer of Rust: ${about}`);
}
const seen = new Set([window, places, document.documentElement]);
const queue = [['window', window], ['page', document.getElementById('root')]];
while (queue.length > 0 && seen.size < 400000) {
  const [where, holder] = queue.pop();
  let names;
  try { names = [...Object.getOwnPropertyNames(holder), ...Object.getOwnPropertySymbols(holder)]; } catch { continue; }
  const entries = holder instanceof Map ? [...holder] : holder instanceof Set ? [...holder].map((one) => ['', one]) : [];
  for (const name of names) {
    if (name === Symbol.for('e2e-heard')) continue;
    let value;
    try { value = holder[name]; } catch { continue; }
    entries.push([String(name), value]);
  }
  for (const [name, value] of entries) {
    if (typeof value === 'string') {
      if (value.includes(text)) places.push(`memory: ${where}.${name}`);
    } else if ((typeof value === 'object' || typeof value === 'function') && value !== null && !seen.has(value)) {
      seen.add(value);
      queue.push([name, value]);
    }
  }
}
return { places: [...new Set(places)], objects: seen.size };
";
