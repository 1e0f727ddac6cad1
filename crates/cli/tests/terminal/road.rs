//! The provisioning jobs from the terminal.

use serde_json::Value;

use crate::support::{Computer, text};

fn by_app<'a>(road: &'a Value, app: &str) -> &'a Value {
    road["jobs"].as_array().expect("jobs").iter().find(|job| job["appName"] == app).expect("its job")
}

#[test]
fn jobs_are_listed_with_what_keeps_them_and_the_address_to_send_users_to() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let road = computer.run_at(&tenant, &["jobs", "--ask", "--json"]).ended(0).json();
    let states: Vec<&str> =
        road["jobs"].as_array().expect("jobs").iter().filter_map(|job| job["health"].as_str()).collect();
    assert_eq!(states, ["quarantined", "paused", "running"], "what needs somebody comes first");
    let staff = by_app(&road, "Staff from HR to Microsoft Entra ID");
    let address = text(staff, "uploadAddress");
    assert!(address.starts_with(&text(&tenant.ready, "graph")) && address.ends_with("/bulkUpload"), "{address}");

    let words = computer.run_at(&tenant, &["jobs", "--ask"]).ended(0).stdout;
    for part in [
        "1 of 3 provisioning jobs takes users now.",
        "Contractors from HR to Microsoft Entra ID: IN QUARANTINE",
        "NotificationEmailNotSet",
        "no address is set",
        "every 40 minutes",
        "Active Directory on premises",
        &address,
        &text(staff, "id"),
        "50 users in a call, 40 calls in 5 seconds, 2000 calls in 24 hours",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
}

#[test]
fn one_who_may_not_read_jobs_is_told_who_may_and_it_is_not_as_wanted() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let outcome = computer.run_at(&tenant, &["jobs", "--ask", "--persona", "user"]).ended(1);
    for part in ["Not read: ", "Application Administrator", "Global Reader"] {
        assert!(outcome.stdout.contains(part), "{part}: {}", outcome.stdout);
    }
}
