//! Choosing whom the page of who has access looks for, and whether it has read them.

use serde_json::json;

use super::{Page, has};

impl Page {
    /// On the page of who has access: looks for those who hold one of these permissions, and no others.
    pub async fn look_for_holders_of(&self, permissions: &[&str]) {
        self.press("button", has("Choose other permissions")).await;
        self.sees("dialog", has("Which permissions to look for")).await;
        self.script(UNCHECK, vec![]).await;
        for permission in permissions {
            self.fill(has("Another permission, by its value"), permission).await;
            self.press("button", "Add").await;
            self.waits(&format!("{permission} is among those to look for"), async || {
                let names = self.names("checkbox", has(permission)).await;
                names.iter().any(|name| name.ends_with(permission)).then_some(())
            })
            .await;
        }
        self.press("button", has("Look for ")).await;
        self.sees_no("dialog", has("Which permissions to look for")).await;
    }

    /// Whether all has been read.
    pub async fn is_read(&self) -> bool {
        self.script(IS_READ, vec![]).await == json!(true)
    }
}

const UNCHECK: &str =
    "document.querySelectorAll('[role=dialog] input[type=checkbox]:checked').forEach((it) => it.click())";
const IS_READ: &str =
    "return [...document.querySelectorAll('main button')].some((it) => it.innerText.trim() === 'Read again')";
