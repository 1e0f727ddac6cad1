//! The page by the words that its reader sees: roles and names, as assistive technology hears them.

pub mod audit;
mod holders;
mod keyboard;
#[allow(dead_code, reason = "the times are for tests/support/speed")]
pub mod scrolling;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use thirtyfour::{WebDriver, WebElement};

use crate::machine::until;

/// How an element is called.
#[derive(Clone, Debug)]
pub enum Name {
    /// Exactly so.
    Is(String),
    /// With these words in it, in any letter case.
    Has(String),
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self::Is(name.to_owned())
    }
}

/// A name that has these words in it.
pub fn has(words: &str) -> Name {
    Name::Has(words.to_owned())
}

impl Name {
    fn to_json(&self) -> Value {
        match self {
            Self::Is(name) => json!({ "is": name }),
            Self::Has(words) => json!({ "has": words }),
        }
    }
}

/// The page in the window.
#[derive(Clone, Debug)]
pub struct Page {
    driver: WebDriver,
}

impl Page {
    pub fn new(driver: WebDriver) -> Self {
        Self { driver }
    }

    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Runs a script in the page and gives what it returns.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        match self.driver.execute(script, arguments).await {
            Ok(answer) => answer.json().clone(),
            Err(error) => panic!("the page's script failed: {error}\n{script:.400}"),
        }
    }

    /// Everything that can be read on the page now.
    pub async fn text(&self) -> String {
        self.script("return document.body.innerText", vec![]).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until these words stand on the page.
    pub async fn reads(&self, words: &str) {
        self.waits(&format!("the page reads {words:?}"), async || self.text().await.contains(words).then_some(()))
            .await;
    }

    /// Waits for the one element of this role and name.
    pub async fn sees(&self, role: &str, name: impl Into<Name>) -> WebElement {
        let name = name.into();
        self.waits(&format!("there is one {role} {name:?}"), async || {
            let mut found = self.all(role, &name).await;
            if found.len() == 1 { found.pop() } else { None }
        })
        .await
    }

    /// Waits until no element of this role and name is there.
    pub async fn sees_no(&self, role: &str, name: impl Into<Name>) {
        let name = name.into();
        self.waits(&format!("there is no {role} {name:?}"), async || {
            self.all(role, &name).await.is_empty().then_some(())
        })
        .await;
    }

    /// All elements of this role and name that can be perceived now.
    pub async fn all(&self, role: &str, name: &Name) -> Vec<WebElement> {
        self.prepare().await;
        let answer = self.driver.execute(BY_ROLE, vec![json!(role), name.to_json()]).await.expect("the query runs");
        answer.elements().expect("the query returns elements")
    }

    /// What can be read in each element of this role and name.
    pub async fn texts(&self, role: &str, name: impl Into<Name>) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.all(role, &name.into()).await {
            texts.push(element.text().await.unwrap_or_default());
        }
        texts
    }

    /// How each element of this role and name is called.
    pub async fn names(&self, role: &str, name: impl Into<Name>) -> Vec<String> {
        self.prepare().await;
        let answer = self.script(NAMES, vec![json!(role), name.into().to_json()]).await;
        answer.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
    }

    /// Presses the one element of this role and name, once it can be pressed.
    pub async fn press(&self, role: &str, name: impl Into<Name>) {
        let name = name.into();
        self.waits(&format!("the {role} {name:?} can be pressed"), async || {
            let mut found = self.all(role, &name).await;
            let only = if found.len() == 1 { found.pop()? } else { return None };
            // Refused before the click happens: covered, moving, disabled or replaced meanwhile.
            if !only.is_enabled().await.ok()? || only.attr("aria-disabled").await.ok()?.as_deref() == Some("true") {
                return None;
            }
            only.click().await.ok()
        })
        .await;
    }

    /// Opens what is folded under this word.
    pub async fn open_details(&self, word: &str) {
        let script = "const [word] = arguments;
            const found = [...document.querySelectorAll('summary')].filter((one) => one.textContent.trim() === word);
            return found.length > 0 ? found[0] : null;";
        self.waits(&format!("{word:?} can be opened"), async || {
            let summary = self.driver.execute(script, vec![json!(word)]).await.ok()?.element().ok()?;
            summary.click().await.ok()
        })
        .await;
    }

    /// Replaces what stands in the field of this label.
    pub async fn fill(&self, label: impl Into<Name>, text: &str) {
        let field = self.field(label).await;
        field.clear().await.expect("the field can be emptied");
        field.send_keys(text).await.expect("the field takes text");
    }

    /// Chooses what is called so in the choice of this label.
    pub async fn choose(&self, label: impl Into<Name>, option: &str) {
        let field = self.field(label).await;
        let script = "const [field, wanted] = arguments;
            const option = [...field.options].find(({ text }) => text === wanted);
            if (!option) return false;
            Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(field, option.value);
            field.dispatchEvent(new Event('change', { bubbles: true }));
            return true;";
        let chosen = self.script(script, vec![field.to_json().expect("an element"), json!(option)]).await;
        assert_eq!(chosen, json!(true), "{option:?} can be chosen");
    }

    /// The one form field of this label.
    pub async fn field(&self, label: impl Into<Name>) -> WebElement {
        let label = label.into();
        self.waits(&format!("there is one field {label:?}"), async || {
            self.prepare().await;
            let answer = self.driver.execute(BY_LABEL, vec![label.to_json()]).await.expect("the query runs");
            let mut found = answer.elements().expect("the query returns elements");
            if found.len() == 1 { found.pop() } else { None }
        })
        .await
    }

    /// Sets the size of what the page may draw on, in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        self.driver.set_window_rect(0, 0, width, height).await.expect("the window can be sized");
        self.waits(&format!("the window is {width} by {height}"), async || {
            let size = self.script("return [innerWidth, innerHeight]", vec![]).await;
            (size == json!([width, height])).then_some(())
        })
        .await;
    }

    /// Writes a picture of a page that never rests, as one on which seconds are counted.
    pub async fn picture_in_passing(&self, path: &Path) {
        let png = self.driver.screenshot_as_png().await.expect("the window can be pictured");
        std::fs::create_dir_all(path.parent().expect("a file in a folder")).expect("the folder can be made");
        std::fs::write(path, png).expect("the picture can be written");
    }

    /// Writes a picture of the page.
    pub async fn picture(&self, path: &Path) {
        let folder = path.parent().expect("a file in a folder");
        std::fs::create_dir_all(folder).expect("the folder can be made");
        // What was drawn last may not be on the screen yet: two pictures alike are of a page at rest.
        let mut before = Vec::new();
        let png = until("the page is at rest", async || {
            let now = self.driver.screenshot_as_png().await.expect("the window can be pictured");
            let rests = now == before;
            before = now;
            rests.then(|| before.clone())
        })
        .await;
        std::fs::write(path, png).expect("the picture can be written");
    }

    /// Like `until`, and tells what the page showed when it was in vain.
    pub async fn waits<T>(&self, what: &str, probe: impl AsyncFnMut() -> Option<T>) -> T {
        until(what, probe).await
    }

    /// Brings the queries into the page; they go when it is loaded anew.
    async fn prepare(&self) {
        if self.script("return typeof TestingLibraryDom === 'undefined'", vec![]).await == json!(true) {
            self.script(&library("@testing-library/dom/dist/@testing-library/dom.umd.min.js"), vec![]).await;
        }
    }
}

/// The text of a library that the page's own tests use too.
fn library(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("ui/node_modules").join(path);
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{} cannot be read ({error}): run npm ci in ui", path.display()))
}

const BY_ROLE: &str = r"
const [role, name] = arguments;
const wanted = 'is' in name ? name.is : (spoken) => spoken.toLowerCase().includes(name.has.toLowerCase());
return TestingLibraryDom.queryAllByRole(document.body, role, { name: wanted });
";

const NAMES: &str = r"
const [role, name] = arguments;
const names = [];
TestingLibraryDom.queryAllByRole(document.body, role, { name: (spoken) => {
  const fits = 'is' in name ? spoken === name.is : spoken.toLowerCase().includes(name.has.toLowerCase());
  if (fits) names.push(spoken);
  return fits;
} });
return names;
";

const BY_LABEL: &str = r"
const [name] = arguments;
const wanted = 'is' in name ? name.is : (label) => label.toLowerCase().includes(name.has.toLowerCase());
return TestingLibraryDom.queryAllByLabelText(document.body, wanted, { selector: 'input, textarea, select, [role=combobox]' });
";
