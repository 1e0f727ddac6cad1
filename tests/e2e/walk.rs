//! The ways an administrator goes through the window, step by step, by the words on the screen.

use practice_tenant::{Persona, PersonaKey, personas};

use crate::page::{Page, has};

/// The default permission set (DESIGN section 7).
pub const UPLOAD: &str = "SynchronizationData-User.Upload";
/// The other half of it.
pub const READ_LOGS: &str = "AuditLog.Read.All";

/// The practice tenant's person of this kind.
pub fn persona(key: PersonaKey) -> Persona {
    personas().into_iter().find(|persona| persona.key == key).expect("every key has its persona")
}

impl Page {
    /// Signs in to the practice tenant.
    pub async fn connect_as(&self, key: PersonaKey) {
        let persona = persona(key);
        self.press("radio", has(&format!("{} · {}", persona.name, persona.roles))).await;
        self.press("button", format!("Sign in as {}", persona.name).as_str()).await;
        self.sees("heading", has("Connected to")).await;
    }

    /// Leaves the practice tenant by the account menu.
    pub async fn leave_practice(&self) {
        self.press("button", has("Signed in as")).await;
        self.press("button", has("Leave the practice tenant")).await;
        self.sees("heading", "Practice tenant").await;
    }

    /// Opens the form for a program outside Azure.
    pub async fn begin_app(&self) {
        self.begin("A program outside Azure").await;
    }

    /// Opens the form for something in Azure.
    pub async fn begin_identity(&self) {
        self.begin("Something that runs in Azure").await;
    }

    async fn begin(&self, what: &str) {
        self.press("link", "Set up").await;
        // "Set up" leads back to the set-up in hand, from where one begins another.
        let in_hand = self
            .waits("the set-up in hand, or the choice, is there", async || {
                let another = self.all("button", &"Set up another".into()).await.len();
                let choice = self.all("link", &has(what)).await.len();
                (another + choice > 0).then_some(another > 0)
            })
            .await;
        if in_hand {
            self.press("button", "Set up another").await;
        }
        self.press("link", has(what)).await;
        self.sees("heading", what).await;
    }

    /// From the home page to the plan for an app of this name.
    pub async fn plan_app(&self, name: &str) {
        self.begin_app().await;
        self.fill(has("Name of the app"), name).await;
        self.press("button", "See the plan").await;
        self.sees("list", "Steps of the plan").await;
    }

    /// From anywhere to the plan for the identity of this name and kind.
    pub async fn plan_identity(&self, name: &str, kind: &str) {
        self.begin_identity().await;
        self.fill(has("Find a managed identity"), name).await;
        self.press("radio", has(&format!("Choose {name}, {kind}"))).await;
        self.press("button", "See the plan").await;
        self.sees("list", "Steps of the plan").await;
    }

    /// Makes the planned changes and waits for the hand-over.
    pub async fn make_the_changes(&self) {
        self.press("button", has("Make th")).await;
        self.sees("heading", has("is set up")).await;
    }

    /// From the hand-over to a verification that has been read.
    pub async fn verify_what_was_set_up(&self, name: &str) {
        self.press("button", format!("Verify {name}").as_str()).await;
        self.sees("table", has("Permissions")).await;
        self.reads("Checked ").await;
    }

    /// From anywhere to what is known of a principal.
    pub async fn verify_by_name(&self, name: &str) {
        self.press("link", "Verify").await;
        self.fill(has("Find a principal"), name).await;
        self.press("link", has(name)).await;
        self.sees("heading", has(name)).await;
        self.reads("Checked ").await;
    }

    /// From anywhere to those who hold one of these permissions, all read.
    pub async fn who_holds(&self, permissions: &[&str]) {
        self.press("link", "Who has access").await;
        self.look_for_holders_of(permissions).await;
        self.waits("all is read of who has access", async || self.is_read().await.then_some(())).await;
    }

    /// Scrolls to the part under this heading.
    pub async fn show(&self, heading: &str) {
        let part = self.sees("heading", heading).await;
        part.scroll_into_view().await.expect("it can be scrolled to");
    }

    /// A fact of the page by its term, e.g. `Client ID`.
    pub async fn fact(&self, term: &str) -> String {
        let script = "const [term] = arguments;
            const found = [...document.querySelectorAll('dt')].find((one) => one.textContent === term);
            return found?.nextElementSibling?.innerText ?? null;";
        self.waits(&format!("the page states {term}"), async || {
            self.script(script, vec![term.into()]).await.as_str().map(|text| text.trim().to_owned())
        })
        .await
    }
}
