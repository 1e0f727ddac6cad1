//! Who has access, and what ends when, from the terminal.

use crate::support::Computer;

#[test]
fn an_audit_lists_who_holds_what_and_the_next_one_tells_what_changed() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let first = computer.run_at(&tenant, &["audit", "--json"]).ended(0).json();
    let holders = first["summary"]["holders"].as_u64().expect("a number");
    assert!(first["rows"].as_array().expect("rows").iter().any(|row| row["name"] == "HR feed (live)"));
    assert_eq!(first["summary"]["changes"], serde_json::Value::Null);
    computer.run_at(&tenant, &["setup", "service-principal", "--name", "HR feed", "--json"]).ended(0);
    let second = computer.run_at(&tenant, &["audit"]).ended(0);
    for words in [
        &format!("{} apps and identities hold one or more of these permissions:", holders + 1),
        "+ \"HR feed\" holds AuditLog.Read.All now.",
        "Reporting robot",
    ] {
        assert!(second.stdout.contains(words), "{words}: {}", second.stdout);
    }
    assert!(!second.stdout.contains("Directory.ReadWrite.All"), "only what was asked for");
    let one = computer.run_at(&tenant, &["audit", "--permission", "Directory.ReadWrite.All", "--json"]).ended(0).json();
    assert_eq!(one["summary"]["holders"], 2);
    let wrong = computer.run_at(&tenant, &["audit", "--permission", "Made.Up", "--json"]).ended(2);
    assert_eq!(wrong.problem()["code"], "invalidInput");
}

#[test]
fn credentials_are_listed_by_the_days_that_are_left() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    computer.run_at(&tenant, &["setup", "service-principal", "--name", "HR feed", "--json"]).ended(0);
    let found = computer.run_at(&tenant, &["credentials", "--json"]).ended(0).json();
    let rows = found["rows"].as_array().expect("rows");
    let ours: Vec<_> = rows.iter().filter(|row| row["appName"] == "HR feed").collect();
    assert_eq!((ours.len(), &ours[0]["credential"]["inKeychain"]), (1, &serde_json::json!(true)));
    let words = computer.run_at(&tenant, &["credentials"]).ended(0).stdout;
    let expected = format!("{} credentials: 2 have ended, 1 ends within 30 days.", rows.len());
    assert!(words.starts_with(&expected), "{words}");
    assert!(words.contains("ENDED"), "{words}");
}
