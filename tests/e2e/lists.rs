//! The list of who has access, with nobody in it, one, a few, and very many: in pictures, and scrolled to its end.

use practice_tenant::{PersonaKey, Seed};

use crate::machine::Theme;
use crate::page::{Page, has};
use crate::tour::Shots;
use crate::walk::UPLOAD;
use crate::world::{Setting, World, in_a_window};

/// Lines that may exist at once: those of the largest window of any test, and some above and below.
const LINES_AT_MOST: u64 = 40;
/// How long the list is scrolled from its top to its end.
const SCROLLED_MS: u64 = 3_000;
/// So many service principals: without optimisation a hundred thousand would be read for minutes. The bench has them.
const MANY: u32 = 20_000;
/// What the service principals of a large tenant hold, so that each has a row.
const HELD: [&str; 6] =
    [UPLOAD, "User.Read.All", "AuditLog.Read.All", "Group.Read.All", "Mail.Send", "Directory.ReadWrite.All"];

#[test]
fn tour_in_light_of_lists() {
    in_a_window("tour_lists_light", Setting::default(), async |world| tour_of_lists(world, "light").await);
}

#[test]
fn tour_in_dark_of_lists() {
    let setting = Setting { theme: Theme::Dark, ..Setting::default() };
    in_a_window("tour_lists_dark", setting, async |world| tour_of_lists(world, "dark").await);
}

#[test]
fn tour_in_high_contrast_of_lists() {
    let setting = Setting { theme: Theme::HighContrast, ..Setting::default() };
    in_a_window("tour_lists_contrast", setting, async |world| tour_of_lists(world, "contrast").await);
}

async fn tour_of_lists(world: &World, theme: &str) {
    let page = &world.page;
    let shots = Shots { page, theme };
    page.connect_as(PersonaKey::GlobalAdministrator).await;
    page.who_holds(&["Synchronization.ReadWrite.All"]).await;
    page.reads("Nobody in ").await;
    shots.take("30-list-nobody").await;
    page.who_holds(&["Mail.Send"]).await;
    page.sees("grid", "Who holds what").await;
    shots.take("31-list-one").await;
    page.who_holds(&[UPLOAD]).await;
    let names = page.names("checkbox", has("Choose HR feed")).await;
    page.press("checkbox", names.first().expect("it holds it").as_str()).await;
    shots.take("32-list-few").await;
    page.fill("Look for", "nobody is called this").await;
    page.reads("matches.").await;
    shots.take("33-list-no-match").await;
    page.press("button", "Show all").await;
    page.choose("Group by", "Who holds it").await;
    page.sees("treegrid", "Who holds what").await;
    page.show("Who has access").await;
    shots.take("34-list-grouped").await;
}

#[test]
fn a_long_list_is_scrolled_to_its_end_and_only_the_lines_in_sight_exist() {
    let setting = Setting { seed: Seed::Large(MANY), ..Setting::default() };
    in_a_window("long_list", setting, async |world| {
        let page = &world.page;
        let shots = Shots { page, theme: "light" };
        page.connect_as(PersonaKey::GlobalAdministrator).await;
        world.tenant.recorder().clear();
        page.who_holds(&HELD).await;
        let grid = page.sees("grid", "Who holds what").await;
        let last = grid.attr("aria-rowcount").await.expect("a grid").expect("tells its lines");
        let rows = last.parse::<usize>().expect("a number") - 1;
        assert!(rows >= MANY as usize - 100, "{rows} rows");
        shots.take("35-list-long").await;

        let scrolled = page.scroll_the_list(None, SCROLLED_MS).await;
        assert!(scrolled.most_lines <= LINES_AT_MOST, "{scrolled:?}");
        let (index, name) = page.waits("the last line is there", async || lowest(page, &last).await).await;
        assert_eq!(index, last, "the last line is the lowest in sight");
        let heads = page.script(HEAD_AND_TOP, vec![]).await;
        assert_eq!(heads[0], heads[1], "the columns' names stay at the list's upper edge");
        assert_eq!(name, last_by_name(world), "and it is who comes last by name");
        shots.take("36-list-long-end").await;
    });
}

/// The number and the name of the lowest line that is wholly in sight in the list, once it is this one.
async fn lowest(page: &Page, wanted: &str) -> Option<(String, String)> {
    let found = page.script(LOWEST, vec![]).await;
    let text = |name: &str| found[name].as_str().map(str::to_owned);
    let (index, name) = (text("index")?, text("name")?);
    (index == wanted).then_some((index, name))
}

/// Who comes last by name among those whom the tenant told of.
fn last_by_name(world: &World) -> String {
    let exchanges = world.tenant.recorder().exchanges();
    let pages = exchanges.iter().filter(|exchange| exchange.path.contains("/appRoleAssignedTo"));
    let grants = pages.filter_map(|exchange| exchange.response_body.as_ref()?.get("value")?.as_array().cloned());
    let names = grants.flatten().filter_map(|grant| grant["principalDisplayName"].as_str().map(str::to_owned));
    names.max_by_key(|name| name.to_lowercase()).expect("the grants were recorded")
}

const LOWEST: &str = r#"
const list = document.querySelector('[role=grid]');
list.scrollIntoView({ block: 'end' });
const { bottom } = list.getBoundingClientRect();
const whole = [...list.querySelectorAll('[data-testid=holder]')]
  .map((line) => ({ line, low: line.getBoundingClientRect().bottom }))
  .filter(({ low }) => low <= bottom + 1)
  .sort((one, other) => one.low - other.low);
const line = whole.at(-1)?.line;
return {
  index: line?.getAttribute('aria-rowindex') ?? null,
  name: line?.querySelector('[aria-colindex="2"] [title]')?.getAttribute('title') ?? null,
};
"#;

const HEAD_AND_TOP: &str = "
const list = document.querySelector('[role=grid]');
const head = list.querySelector('[role=columnheader]').closest('[role=row]');
return [head, list].map((it) => Math.round(it.getBoundingClientRect().top));
";
