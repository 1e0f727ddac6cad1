//! A disk without room, and one that cannot be written to (security F53, F54).

use std::fs::Permissions;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Computer, Outcome, text};

const SETUP: [&str; 5] = ["setup", "service-principal", "--name", "HR feed", "--json"];

/// Starts `command` by way of a shell that does `first`.
fn by_shell(command: &Command, first: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{first}\nexec \"$0\" \"$@\"")]).arg(command.get_program()).args(command.get_args());
    shell.env_clear().stdin(Stdio::null());
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).expect("its mode can be changed");
}

#[tokio::test]
async fn f53_on_a_disk_that_fills_up_in_the_middle_of_a_run_it_ends_in_words_and_is_finished_when_there_is_room() {
    let computer = Computer::new();
    // Slow enough that the run is still going on when its first line has been read.
    let tenant = computer.serve(&["--latency", "400"]);
    let url = text(&tenant.ready, "url");
    let args = ["setup", "service-principal", "--name", "HR feed", "--practice-url", &url];
    // At its limit of file size a program is refused a write, as on a full disk.
    let mut command = by_shell(&computer.command(&args), "trap '' XFSZ");
    let (mut child, mut stderr) = Computer::begun_run(&mut command);
    let limit = Command::new("prlimit").args(["--fsize=0:", &format!("--pid={}", child.id())]).status();
    assert!(limit.expect("prlimit runs").success());
    let mut said = String::new();
    stderr.read_to_string(&mut said).expect("text");
    let ended = child.wait().expect("it ends");
    assert_eq!(ended.code(), Some(1), "{said}");
    assert!(said.contains("could not be written") && said.contains("Check that the disk has room"), "{said}");
    let apps = tenant.list("/applications?$top=999").await;
    for app in apps.iter().filter(|app| app["displayName"] == "HR feed") {
        assert!(app["passwordCredentials"].as_array().is_none_or(Vec::is_empty), "no secret without an owner");
    }
    assert!(computer.keyring.visible_items().expect("items").is_empty());

    computer.run(&["runs", "--json"]).ended(0);
    computer.run_at(&tenant, &SETUP).ended(0);
    let apps = tenant.list("/applications?$top=999").await;
    let apps: Vec<_> = apps.iter().filter(|app| app["displayName"] == "HR feed").collect();
    assert_eq!((apps.len(), apps[0]["passwordCredentials"].as_array().map(Vec::len)), (1, Some(1)));
    computer.run_at(&tenant, &["verify", "HR feed", "--token", "--json"]).ended(0);
}

#[test]
fn f54_a_home_that_cannot_be_written_to_is_named_with_the_way_out() {
    let computer = Computer::new();
    let home = computer.home.path().join("read-only");
    std::fs::create_dir(&home).expect("a folder");
    mode(&home, 0o500);
    let run = |home: &Path| {
        let mut command =
            computer.command(&["setup", "service-principal", "--name", "HR feed", "--practice", "--json"]);
        command.env_remove("INBOUND_ACCESS_HOME");
        for name in ["HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
            command.env(name, home);
        }
        // Root may write anywhere; without that power it is a user like another.
        let without = "setpriv --bounding-set=-dac_override,-dac_read_search";
        let first = format!("if {without} true 2>/dev/null; then exec {without} \"$0\" \"$@\"; fi");
        Outcome::from(by_shell(&command, &first).output().expect("the binary runs"))
    };
    let refused = run(&home);
    assert_ne!(refused.code, 0, "{}", refused.stdout);
    let problem = refused.problem();
    assert_eq!(problem["code"], "localFile", "{problem}");
    assert!(text(&problem, "message").contains(&home.display().to_string()), "{problem}");
    assert!(text(&problem, "exists").contains("Nothing was changed in any tenant"), "{problem}");
    assert!(text(&problem, "advice").contains("INBOUND_ACCESS_HOME"), "{problem}");
    assert!(computer.keyring.visible_items().expect("items").is_empty());
    // By the way out that it names.
    computer.run(&["setup", "service-principal", "--name", "HR feed", "--practice", "--json"]).ended(0);
    // Or by making the folder one's own.
    mode(&home, 0o700);
    run(&home).ended(0);
}
