//! The main job through both of its paths, with a picture of every main screen: what `scripts/run` shows where there
//! is no display, and what the pictures in `docs/screens` are chosen from.

use std::path::PathBuf;

use practice_tenant::PersonaKey;
use serde_json::Value;

use crate::machine::Theme;
use crate::page::{Page, has};
use crate::world::{Setting, World, in_a_window, project};

/// The window as it opens, and the smallest it can be, in CSS pixels.
const SIZES: [(u32, u32); 2] = [(1100, 760), (800, 600)];

#[test]
fn tour_in_light() {
    in_a_window("tour_light", Setting::default(), async |world| tour(world, "light").await);
}

#[test]
fn tour_in_dark() {
    let setting = Setting { theme: Theme::Dark, ..Setting::default() };
    in_a_window("tour_dark", setting, async |world| tour(world, "dark").await);
}

#[test]
fn tour_in_light_of_a_run_that_stops() {
    in_a_window("tour_stops_light", Setting::default(), async |world| tour_of_a_stop(world, "light").await);
}

#[test]
fn tour_in_dark_of_a_run_that_stops() {
    let setting = Setting { theme: Theme::Dark, ..Setting::default() };
    in_a_window("tour_stops_dark", setting, async |world| tour_of_a_stop(world, "dark").await);
}

#[test]
fn tour_in_light_of_what_comes_after() {
    in_a_window("tour_after_light", Setting::default(), async |world| tour_afterwards(world, "light").await);
}

#[test]
fn tour_in_dark_of_what_comes_after() {
    let setting = Setting { theme: Theme::Dark, ..Setting::default() };
    in_a_window("tour_after_dark", setting, async |world| tour_afterwards(world, "dark").await);
}

#[test]
fn tour_in_high_contrast_of_what_comes_after() {
    let setting = Setting { theme: Theme::HighContrast, ..Setting::default() };
    in_a_window("tour_after_contrast", setting, async |world| tour_afterwards(world, "contrast").await);
}

/// What the window shows after the set-up: findings and what mends them, jobs, uploads, the hand-over, who has access.
async fn tour_afterwards(world: &World, theme: &str) {
    let page = &world.page;
    let shots = Shots { page, theme };
    page.connect_as(PersonaKey::GlobalAdministrator).await;
    page.plan_app("HR feed").await;
    page.make_the_changes().await;
    page.verify_what_was_set_up("HR feed").await;
    page.press("button", has("Try a real upload to Staff from HR to Microsoft Entra ID")).await;
    page.press("button", "See what would be sent").await;
    page.reads("Nothing has been sent yet.").await;
    shots.take("29-upload").await;
    page.verify_by_name("Reporting robot").await;
    page.reads("Provisioning").await;
    shots.take("22-findings").await;
    page.show("Provisioning").await;
    shots.take("23-provisioning").await;
    page.press("button", has("Hand over to the API developer")).await;
    page.reads("cURL").await;
    shots.take("28-developer").await;
    page.press("link", "Who has access").await;
    page.sees("grid", "Who holds what").await;
    shots.take("24-access").await;
    page.press("button", "Secrets and certificates").await;
    page.sees("heading", "Secrets and certificates").await;
    shots.take("27-credentials").await;
    page.press("link", "Who has access").await;
    page.fill("Look for", "vm-legacy-hr").await;
    page.press("checkbox", has("Choose all 2 shown")).await;
    shots.take("25-chosen").await;
    page.press("button", has("Revoke 2 permissions")).await;
    page.sees("list", "Steps of the plan").await;
    shots.take("26-revoke").await;
}

/// What the window shows when a run does not come to its end, and when it is taken back.
async fn tour_of_a_stop(world: &World, theme: &str) {
    let page = &world.page;
    let shots = Shots { page, theme };
    page.connect_as(PersonaKey::GlobalAdministrator).await;
    page.begin_app().await;
    page.fill(has("Name of the app"), "HR feed").await;
    page.press("radio", has("Show it once")).await;
    page.press("button", "See the plan").await;
    page.sees("list", "Steps of the plan").await;
    page.press("button", has("Make th")).await;
    page.sees("button", "Reveal secret").await;
    shots.take_in_passing("16-new-secret").await;
    page.press("button", "Remove it from Entra").await;
    page.sees("heading", "The run was cancelled").await;
    shots.take("17-cancelled").await;
    page.leave_practice().await;
    page.connect_as(PersonaKey::GlobalAdministrator).await;
    page.sees("heading", "A run is not finished").await;
    shots.take("18-unfinished").await;
    page.press("button", "Undo").await;
    page.sees("heading", has("Undo: ")).await;
    shots.take("19-undo").await;
    page.press("button", has("Remove th")).await;
    page.sees("heading", "The run was undone").await;
    shots.take("20-undone").await;
    page.press("link", "Activity").await;
    page.press("link", has("HR feed")).await;
    page.sees("heading", has("HR feed")).await;
    shots.take("21-run-detail").await;
}

async fn tour(world: &World, theme: &str) {
    let page = &world.page;
    let shots = Shots { page, theme };
    page.sees("heading", "Inbound Access").await;
    shots.take("01-connect").await;
    page.connect_as(PersonaKey::GlobalAdministrator).await;
    shots.take("02-connected").await;
    page.press("button", "Set up access").await;
    page.sees("heading", "Set up access").await;
    shots.take("03-choice").await;

    page.begin_app().await;
    page.fill(has("Name of the app"), "HR feed").await;
    page.reads("No app registration bears this name.").await;
    shots.take("04-app").await;
    page.press("button", "See the plan").await;
    page.sees("list", "Steps of the plan").await;
    shots.take("05-plan").await;
    page.make_the_changes().await;
    shots.take("06-hand-over").await;
    page.verify_what_was_set_up("HR feed").await;
    shots.take("07-verification").await;
    if shots.prints() {
        print_verification(page, "A program outside Azure: HR feed").await;
    }

    page.plan_of_an_identity_among_namesakes(&shots).await;
    page.make_the_changes().await;
    shots.take("09-identity-hand-over").await;
    page.verify_what_was_set_up("CSV2SCIMBulkUpload").await;
    shots.take("10-identity-verification").await;
    if shots.prints() {
        print_verification(page, "Something that runs in Azure: CSV2SCIMBulkUpload").await;
    }
    page.press("link", "Activity").await;
    page.sees("table", has("Runs")).await;
    shots.take("11-activity").await;

    page.press("link", "Settings").await;
    page.sees("heading", "Settings").await;
    shots.take("12-settings").await;
    page.leave_practice().await;
    page.connect_as(PersonaKey::Eligible).await;
    page.reads("Activate Application Administrator first").await;
    shots.take("13-activate-first").await;
    page.leave_practice().await;
    page.connect_as(PersonaKey::ApplicationAdministrator).await;
    page.plan_app("Payroll feed").await;
    page.press("button", "Hand over these 2 steps").await;
    page.reads("will ask for consent").await;
    shots.take("14-handed-over").await;
    page.press("button", has("and ask for consent to 2")).await;
    page.sees("heading", has("waits for consent")).await;
    shots.take("15-waits-for-consent").await;
}

impl Page {
    async fn plan_of_an_identity_among_namesakes(&self, shots: &Shots<'_>) {
        self.begin_identity().await;
        self.fill(has("Find a managed identity"), "CSV2SCIMBulkUpload").await;
        self.press("radio", has("Choose CSV2SCIMBulkUpload, System-assigned")).await;
        shots.take("08-identities").await;
        self.press("button", "See the plan").await;
        self.sees("list", "Steps of the plan").await;
    }
}

/// Pictures of screens, named by the theme.
pub struct Shots<'a> {
    pub page: &'a Page,
    pub theme: &'a str,
}

impl Shots<'_> {
    /// What is read is the same in each theme: it is told once.
    fn prints(&self) -> bool {
        self.theme == "light"
    }

    /// Pictures the screen in both sizes and leaves the window as it opens.
    pub async fn take(&self, screen: &str) {
        for (width, height) in SIZES.into_iter().rev() {
            self.page.resize(width, height).await;
            self.page.picture(&self.path(screen, width, height)).await;
        }
    }

    /// The same of a screen that never rests.
    async fn take_in_passing(&self, screen: &str) {
        for (width, height) in SIZES.into_iter().rev() {
            self.page.resize(width, height).await;
            self.page.picture_in_passing(&self.path(screen, width, height)).await;
        }
    }

    fn path(&self, screen: &str, width: u32, height: u32) -> PathBuf {
        folder().join(format!("{screen}-{}-{width}x{height}.png", self.theme))
    }
}

fn folder() -> PathBuf {
    project().join("target/tour")
}

/// The verification as a person reads it, for a terminal.
async fn print_verification(page: &Page, title: &str) {
    let verdict = page.script(VERDICT, vec![]).await;
    println!("\n{title}");
    for line in texts(&verdict) {
        println!("  {line}");
    }
    let table = page.script(ROWS, vec![]).await;
    let rows: Vec<Vec<&str>> = table.as_array().into_iter().flatten().map(texts).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
    assert!(rows.len() > 1, "the permissions are in a table");
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        println!("  | {} |", cells.join(" | "));
    }
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The verdict's word, its sentence and its advice.
const VERDICT: &str = r"
const box = document.querySelector('[data-testid=verdict]');
return [...box.querySelectorAll('div > span, p')].map((one) => one.innerText.trim());
";

/// The first line of what each cell says, and of the first cell also the permission's value.
const ROWS: &str = r"
const table = document.querySelector('table');
return [...(table?.rows ?? [])].map((row) => [...row.cells].map((cell, index) =>
  cell.innerText.split('\n').map((line) => line.trim()).filter(Boolean).slice(0, index === 0 ? 2 : 1).join(' ')));
";
