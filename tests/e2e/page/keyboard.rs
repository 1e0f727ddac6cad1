//! The keyboard, as the operating system gives it to the page.

use serde_json::{Value, json};
use thirtyfour::Key;

use super::Page;

/// What has the focus, as assistive technology names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Focus {
    pub role: String,
    pub name: String,
    /// Whether the operator can see where the focus is.
    pub visible: bool,
}

impl Page {
    /// Presses one key.
    pub async fn key(&self, key: Key) {
        self.driver.action_chain().send_keys(key).perform().await.expect("the window takes keys");
    }

    /// Presses one key with another held.
    pub async fn key_with(&self, held: Key, key: char) {
        self.driver
            .action_chain()
            .key_down(held.clone())
            .send_keys(key)
            .key_up(held)
            .perform()
            .await
            .expect("the window takes keys");
    }

    /// Types into whatever has the focus.
    pub async fn types(&self, text: &str) {
        self.driver.action_chain().send_keys(text).perform().await.expect("the window takes keys");
    }

    /// What has the focus now.
    pub async fn focus(&self) -> Focus {
        self.prepare().await;
        let answer = self.script(FOCUS, vec![]).await;
        let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Focus { role: text("role"), name: text("name"), visible: answer.get("visible") == Some(&json!(true)) }
    }

    /// Presses Tab until the element of this role and name has the focus, as someone without a mouse would.
    pub async fn tab_to(&self, role: &str, name: &str) {
        self.move_to(role, name, async || self.key(Key::Tab).await).await;
    }

    /// The same backwards.
    pub async fn shift_tab_to(&self, role: &str, name: &str) {
        self.move_to(role, name, async || {
            let keys = self.driver.action_chain().key_down(Key::Shift).send_keys(Key::Tab).key_up(Key::Shift);
            keys.perform().await.expect("the window takes keys");
        })
        .await;
    }

    async fn move_to(&self, role: &str, name: &str, step: impl AsyncFn()) {
        let mut passed = Vec::new();
        for _ in 0..MOST_STOPS {
            let focus = self.focus().await;
            if focus.role == role && focus.name.contains(name) {
                assert!(focus.visible, "the focus on {role} {name:?} cannot be seen");
                return;
            }
            passed.push(format!("{} {:?}", focus.role, focus.name));
            step().await;
        }
        panic!("{role} {name:?} cannot be reached with the keyboard; it passed {}", passed.join(", "));
    }
}

/// More than any page has stops.
const MOST_STOPS: usize = 80;

const FOCUS: &str = r"
const element = document.activeElement;
if (!element || element === document.body) return { role: 'document', name: '', visible: true };
const roles = Object.entries(TestingLibraryDom.getRoles(element.parentElement ?? element, { hidden: true }));
const role = element.getAttribute('role') ?? roles.find(([, those]) => those.includes(element))?.[0] ?? 'none';
const found = [];
TestingLibraryDom.queryAllByRole(document.body, role, { hidden: true, name: (name, candidate) => {
  if (candidate === element) found.push(name);
  return false;
} });
const box = element.getBoundingClientRect();
const inView = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
return { role, name: found[0] ?? '', visible: inView && element.matches(':focus-visible') };
";
