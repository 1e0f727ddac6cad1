//! The secret never enters the page: not its document, not its storage, not its memory, not what Rust answers it. And no
//! secret, code or token lies where another program could read it, after a whole job with everything logged.

use std::process::{Child, Command, Stdio};

use practice_tenant::PersonaKey;
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::page::{Page, has};
use crate::sweep::{BusRecord, Needles, Watch, in_files};
use crate::world::{Setting, World, in_a_window};

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

        let heard = page.script(ANSWERED, vec![]).await;
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

#[test]
fn p10_at_its_most_talkative_the_app_leaves_no_secret_code_or_token_where_another_program_could_read_it() {
    in_a_window("canaries", Setting::default(), async |world| {
        let page = &world.page;
        let watch = Watch::begin();
        let bus = BusRecord::begin(world.machine.session(), world.machine.logs()).await;
        page.script(LISTEN, vec![]).await;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.plan_app("HR feed").await;
        page.make_the_changes().await;
        page.press("button", "Reveal secret").await;
        page.sees("img", has("client secret")).await;
        page.press("button", "Hide secret").await;
        page.press("button", "Copy secret").await;
        page.reads("The secret is on the clipboard").await;
        page.verify_what_was_set_up("HR feed").await;
        page.press("link", "Activity").await;
        page.sees("table", has("Runs")).await;

        // Known only now, for every one was made by chance on the way.
        let secrets = world.all_secrets();
        for what in
            ["the client secret", "an access token", "a refresh token", "an authorization code", "an app's token"]
        {
            assert!(secrets.iter().any(|(name, _)| name == what), "{what} was in play");
        }
        let needles = Needles::of(&secrets);
        let mut shown = watch.end();
        assert!(shown.with(&world.machine.app_home().display().to_string()).len() >= 3, "the app was seen at work");
        assert_eq!(shown.search(&needles), Vec::<String>::new(), "command lines and environments");
        let passed = bus.bytes();
        assert!(passed.windows(10).any(|part| part == b"CreateItem"), "the keyring was heard");
        assert_eq!(needles.found_in(&passed).len(), 0, "the message bus");
        let (hits, files) = in_files(&world.machine.folders(), &needles);
        assert_eq!(hits, Vec::<String>::new(), "files");
        for part in ["/logs/window.", "/runs/", "/logs/driver.log", "login.keyring", "/bus.pcap"] {
            assert!(files.iter().any(|path| path.display().to_string().contains(part)), "{part} was among {files:#?}");
        }
        let log = files.iter().find(|path| path.display().to_string().contains("/logs/window.")).expect("a log");
        let log = std::fs::read_to_string(log).expect("the log can be read");
        assert!(log.contains("\"TRACE\"") || log.contains("\"DEBUG\""), "everything was logged");
        assert_eq!(found_by(page, &needles).await, Vec::<String>::new(), "the page");
        let kept = stored_in(page).await;
        assert!(needles.found_in(kept.as_bytes()).is_empty(), "the web view's stores: {kept}");

        // And each of these places would have given it away.
        let (name, secret) = secrets.first().expect("the client secret");
        assert_eq!(name, "the client secret");
        let _talkative = Talkative::start(secret);
        until_shown(&mut shown, &needles).await;
        assert!(shown.search(&needles).iter().any(|hit| hit.contains("cmdline")), "a command line");
        assert!(shown.search(&needles).iter().any(|hit| hit.contains("environ")), "an environment");
        let said = Command::new("dbus-send")
            .args(["--session", "/e2e", "org.example.Told", &format!("string:{secret}")])
            .envs(world.machine.session().env())
            .status();
        assert!(said.is_ok_and(|status| status.success()), "dbus-send (Debian package dbus)");
        page.waits("a word on the bus", async || (!needles.found_in(&bus.bytes()).is_empty()).then_some(())).await;
        let planted = world.machine.app_home().join("planted");
        std::fs::write(&planted, format!("{{\"x\":\"{secret}\"}}")).expect("a file");
        let (hits, _) = in_files(&world.machine.folders(), &needles);
        for part in ["/planted", "/bus.pcap"] {
            assert!(hits.iter().any(|hit| hit.contains(part)), "{part}: {hits:?}");
        }
        page.script(PLANT, vec![json!(secret)]).await;
        let places = found_by(page, &needles).await;
        for part in ["local storage", "session storage", "a question to Rust", "a message of Rust", "document"] {
            assert!(places.iter().any(|place| place.contains(part)), "{part}: {places:?}");
        }
        page.waits("the database is kept", async || {
            (!needles.found_in(stored_in(page).await.as_bytes()).is_empty()).then_some(())
        })
        .await;
    });
}

impl World {
    /// Every secret that was in play since the recorder was cleared, each with what it is; the client secret first.
    fn all_secrets(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        let mut note = |what: &str, value: Option<&str>| {
            let value = value.unwrap_or_default();
            if !value.is_empty() && !all.iter().any(|(_, known)| known == value) {
                all.push((what.to_owned(), value.to_owned()));
            }
        };
        for exchange in self.tenant.recorder().exchanges() {
            let answered = |name: &str| exchange.response_body.as_ref()?.get(name)?.as_str();
            if exchange.path.ends_with("/addPassword") {
                note("the client secret", answered("secretText"));
            }
            if exchange.path.ends_with("/oauth2/v2.0/token") {
                let form = exchange.request_body.as_ref().and_then(Value::as_str).unwrap_or_default();
                let asked: Vec<_> = url::form_urlencoded::parse(form.as_bytes()).collect();
                let sent = |name: &str| asked.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref());
                let of_an_app = sent("grant_type") == Some("client_credentials");
                note(if of_an_app { "an app's token" } else { "an access token" }, answered("access_token"));
                note("a refresh token", answered("refresh_token"));
                note("an ID token", answered("id_token"));
                note("an authorization code", sent("code"));
                note("a code verifier", sent("code_verifier"));
            }
        }
        all.sort_by_key(|(what, _)| what != "the client secret");
        all
    }
}

/// A program that says a secret where everybody can hear it.
struct Talkative(Child);

impl Talkative {
    fn start(secret: &str) -> Self {
        let child = Command::new("sh")
            .args(["-c", "read line", secret])
            .env("E2E_TOLD", secret)
            .stdin(Stdio::piped())
            .spawn()
            .expect("a shell");
        Self(child)
    }
}

impl Drop for Talkative {
    fn drop(&mut self) {
        if self.0.kill().is_ok() {
            let _ = self.0.wait();
        }
    }
}

/// Looks until the talkative program has become what it is: at first a process shows what its parent is.
async fn until_shown(shown: &mut crate::sweep::Shown, needles: &Needles) {
    crate::machine::until("a talkative program is heard", async || {
        shown.look();
        (shown.search(needles).len() >= 2).then_some(())
    })
    .await;
}

/// What the web view keeps for the page beside the plain stores, as text.
async fn stored_in(page: &Page) -> String {
    let answer = page.driver().execute_async(STORED, vec![]).await.expect("the page reads its databases");
    answer.json().as_str().expect("text").to_owned()
}

async fn found_by(page: &Page, needles: &Needles) -> Vec<String> {
    found(page, &needles.texts()).await
}

async fn is_nowhere(page: &Page, secret: &str, when: &str) {
    assert_eq!(found_in(page, secret).await, Vec::<String>::new(), "{when}");
}

/// Where in the page's reach a text is.
async fn found_in(page: &Page, text: &str) -> Vec<String> {
    found(page, &[text]).await
}

async fn found(page: &Page, texts: &[&str]) -> Vec<String> {
    let answer = page.script(SEARCH, vec![json!(texts)]).await;
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

/// Listens to every question, answer and event between the page and Rust.
pub const LISTEN: &str = r"
const heard = [];
window[Symbol.for('e2e-heard')] = heard;
const textOf = (body) =>
  typeof body === 'string' ? body
  : body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? new TextDecoder().decode(body)
  : JSON.stringify(body ?? null);
const fetched = window.fetch;
window.fetch = async (...request) => {
  const about = String(request[0]?.url ?? request[0]);
  heard.push({ way: 'a question to Rust', about, text: `${about} ${textOf(request[1]?.body)}` });
  const answer = await fetched(...request);
  const note = (text) => heard.push({ way: 'an answer of Rust', about, text });
  answer.clone().text().then(note, () => note(''));
  return answer;
};
// What Rust says unasked comes by a call to one of these.
const { callbacks } = window.__TAURI_INTERNALS__;
const get = callbacks.get.bind(callbacks);
callbacks.get = (id) => {
  const callback = get(id);
  return callback && ((data) => {
    heard.push({ way: 'a message of Rust', about: String(id), text: textOf(data) });
    return callback(data);
  });
};
";

/// What Rust has answered, by where it was asked.
pub const ANSWERED: &str = r"
return window[Symbol.for('e2e-heard')].filter(({ way }) => way === 'an answer of Rust').map(({ about }) => about);
";

/// Puts a text where it must not be.
const PLANT: &str = r"
const [text] = arguments;
localStorage.setItem('planted', text);
sessionStorage.setItem('planted', btoa(text));
document.body.dataset.planted = encodeURIComponent(text);
const { invoke, runCallback, transformCallback } = window.__TAURI_INTERNALS__;
invoke('no_such_command', { text }).catch(() => {});
runCallback(transformCallback(() => {}), { text });
const opening = indexedDB.open('planted', 1);
opening.onupgradeneeded = () => opening.result.createObjectStore('planted').put(text, 1);
";

/// Everything in the page's databases, caches and workers' registrations, as text.
const STORED: &str = r"
const done = arguments[arguments.length - 1];
const ask = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error); });
(async () => {
  const all = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await ask(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const held = database.transaction(store).objectStore(store);
      all.push(name, store, await ask(held.getAllKeys()), await ask(held.getAll()));
    }
    database.close();
  }
  for (const name of (await window.caches?.keys()) ?? []) all.push(name, (await (await caches.open(name)).keys()).map(({ url }) => url));
  all.push(document.cookie, history.state, performance.getEntriesByType('resource').map(({ name }) => name));
  return JSON.stringify(all);
})().then(done, (error) => done(`not read: ${error}`));
";

/// Looks through the document, the stores, what was said between the page and Rust and every object that can be reached
/// from the page.
const SEARCH: &str = r"
const [texts] = arguments;
const places = [];
const any = new RegExp(texts.map((text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('|'));
// RegExp remembers what it was last used on: it shall not be the texts themselves.
/ /.test(' ');
const held = (where, text) => { if (any.test(text)) places.push(where); };
held('document', document.documentElement.outerHTML);
for (const field of document.querySelectorAll('input, textarea')) held('document', field.value);
held('title or address', `${document.title} ${location.href}`);
held('cookies', document.cookie);
for (const [name, store] of [['local storage', localStorage], ['session storage', sessionStorage]]) {
  held(name, JSON.stringify(Object.entries(store)));
}
for (const { way, about, text } of window[Symbol.for('e2e-heard')] ?? []) held(`${way}: ${about}`, text);
const seen = new Set([window, places, texts, any, document.documentElement]);
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
      held(`memory: ${where}.${name}`, value);
    } else if ((typeof value === 'object' || typeof value === 'function') && value !== null && !seen.has(value)) {
      seen.add(value);
      queue.push([name, value]);
    }
  }
}
return { places: [...new Set(places)], objects: seen.size };
";
