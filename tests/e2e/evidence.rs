//! Evidence by the system's own dialog: it lies where the operator chose, and nowhere when they chose nothing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use practice_tenant::PersonaKey;
use serde_json::Value;

use crate::page::{Page, has};
use crate::secrecy::{ANSWERED, LISTEN};
use crate::sweep::Needles;
use crate::walk::UPLOAD;
use crate::world::{Setting, World, in_a_window};

#[test]
fn evidence_of_who_has_access_lies_in_each_form_where_the_operator_chose() {
    in_a_window("evidence_saved", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.plan_app("HR feed").await;
        world.tenant.recorder().clear();
        page.make_the_changes().await;
        let secrets = Needles::of(&[("the secret".to_owned(), world.secret_given())]);
        page.press("link", "Who has access").await;
        let grid = page.sees("grid", "Who holds what").await;
        page.sees("button", "Save evidence…").await;
        let lines = grid.attr("aria-rowcount").await.expect("a grid").expect("tells its lines");
        let rows = lines.parse::<usize>().expect("a number") - 1;
        let names = names_in_sight(page).await;
        assert!(names.contains("HR feed") && names.len() > 5, "names are read from the list: {names:?}");
        let tenant = world.tenant.tenant_id().to_string();

        let saved = saved_as(world, "Data (JSON)", "who.json", &secrets).await;
        let data: Value = serde_json::from_str(&saved).expect("it is JSON");
        assert_eq!(data.pointer("/kind"), Some(&"audit".into()));
        assert_eq!(data.pointer("/tenant/id"), Some(&tenant.as_str().into()));
        let told = data.pointer("/audit/rows").and_then(Value::as_array).expect("it has rows");
        assert_eq!(told.len(), rows, "as many as the list has");
        let told: BTreeSet<&str> = told.iter().filter_map(|row| row["name"].as_str()).collect();
        assert!(names.iter().all(|name| told.contains(name.as_str())), "{names:?} in {told:?}");

        let saved = saved_as(world, "Table (CSV)", "who.csv", &secrets).await;
        let told: Vec<&str> = saved.split("\r\n").filter(|line| line.contains(&tenant)).collect();
        assert_eq!(told.len(), rows, "each row says the tenant");
        assert!(names.iter().all(|name| saved.contains(name)) && saved.contains(UPLOAD));

        let saved = saved_as(world, "Report (HTML)", "who.html", &secrets).await;
        assert!(names.iter().all(|name| saved.contains(name)) && saved.contains(&tenant));
        assert!(saved.starts_with("<!") && saved.trim_end().ends_with("</html>"), "the page is whole");
    });
}

#[test]
fn evidence_that_is_called_off_in_the_dialog_is_written_nowhere_and_nothing_is_said() {
    in_a_window("evidence_called_off", Setting::default(), async |world| {
        let page = &world.page;
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        page.verify_by_name("Payroll upload").await;
        page.script(LISTEN, vec![]).await;
        let (before, read) = (papers(world), page.text().await);
        choose_form(page, "Data (JSON)").await;
        world.machine.cancel_dialog().await;
        page.waits("Rust tells the page that nothing was chosen", async || {
            let answered = page.script(ANSWERED, vec![]).await;
            let mut answered = answered.as_array()?.iter().filter_map(Value::as_str);
            answered.any(|about| about.contains("save_evidence")).then_some(())
        })
        .await;
        // What is drawn because of the answer is drawn before what is drawn now.
        page.script("return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))", vec![])
            .await;
        assert_eq!(page.text().await, read, "the page reads as before");
        assert_eq!(papers(world), before, "no file is new");

        // And it can still be saved, also over a file that is there already.
        let file = world.machine.app_home().join("evidence.json");
        choose_form(page, "Data (JSON)").await;
        world.machine.choose_in_dialog(&file).await;
        page.reads(&format!("The evidence is saved as {}.", file.display())).await;
        let data: Value = serde_json::from_slice(&std::fs::read(&file).expect("it is there")).expect("it is JSON");
        assert_eq!(data.pointer("/kind"), Some(&"verification".into()));
        assert_eq!(data.pointer("/verification/principal/name"), Some(&"Payroll upload".into()));
    });
}

/// Saves it in this form and gives what is written, as the page tells where.
async fn saved_as(world: &World, form: &str, name: &str, secrets: &Needles) -> String {
    let file = world.machine.app_home().join(name);
    choose_form(&world.page, form).await;
    world.machine.choose_in_dialog(&file).await;
    world.page.reads(&format!("The evidence is saved as {}. It holds no secret.", file.display())).await;
    let bytes = std::fs::read(&file).expect("it lies where it was chosen");
    assert!(secrets.found_in(&bytes).is_empty(), "{form}: {:?}", secrets.found_in(&bytes));
    String::from_utf8(bytes).expect("it is UTF-8")
}

async fn choose_form(page: &Page, form: &str) {
    page.press("button", "Save evidence…").await;
    page.press("menuitem", has(form)).await;
}

/// Names of holders in the lines that exist now.
async fn names_in_sight(page: &Page) -> BTreeSet<String> {
    let names = page.script(NAMES, vec![]).await;
    names.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Every file that could be evidence, where the app or a dialog may have put it.
fn papers(world: &World) -> BTreeSet<PathBuf> {
    let mut papers = BTreeSet::new();
    let mut left = world.machine.folders();
    let read = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    // A dialog begins in the folder that the test was started in; what lies below it is none of this test's doing.
    papers.extend(read(&std::env::current_dir().expect("a folder")).filter(|path| is_paper(path)));
    while let Some(folder) = left.pop() {
        for path in read(&folder) {
            if path.is_dir() && !path.is_symlink() {
                left.push(path);
            } else if is_paper(&path) {
                papers.insert(path);
            }
        }
    }
    papers
}

fn is_paper(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default();
    path.is_file() && ["json", "csv", "html"].iter().any(|one| ending == *one)
}

const NAMES: &str = r#"
return [...document.querySelectorAll('[role=grid] [role=row] [role=gridcell][aria-colindex="2"]')]
  .map((cell) => cell.innerText.split('\n')[0].trim());
"#;
