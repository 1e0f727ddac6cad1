//! Bad input, field by field, and what may pass.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const NOW: &str = "2026-11-24T10:42:30.5Z";

fn graph() -> GraphResource {
    let role = |n: u128, value: &str, enabled: bool, member: &str| AppRole {
        id: AppRoleId(Uuid::from_u128(n)),
        value: Some(value.to_owned()),
        display_name: None,
        allowed_member_types: vec![member.to_owned()],
        is_enabled: enabled,
    };
    GraphResource {
        id: ObjectId(Uuid::from_u128(1)),
        app_roles: vec![
            role(2, requirements::UPLOAD, true, "Application"),
            role(3, requirements::AUDIT_LOG, true, "Application"),
            role(4, "Switched.Off", false, "Application"),
            role(5, "People.Only", true, "User"),
        ],
    }
}

fn request(name: &str, expires: &str, permissions: &[&str]) -> SetupRequest {
    SetupRequest::AppRegistration {
        name: name.to_owned(),
        app: AppChoice::ByName,
        note: None,
        secret_description: None,
        secret_expires: expires.to_owned(),
        permissions: permissions.iter().map(|value| (*value).to_owned()).collect(),
        ask_consent: false,
        secret_goes: SecretGoes::IntoKeychain,
    }
}

fn good() -> [&'static str; 2] {
    [requirements::UPLOAD, requirements::AUDIT_LOG]
}

fn checked(request: SetupRequest) -> Result<Desired, Problem> {
    check(request, &graph(), NOW.parse().unwrap())
}

fn faults(request: SetupRequest) -> Vec<(String, String)> {
    let problem = checked(request).unwrap_err();
    assert_eq!(problem.code, Code::InvalidInput);
    assert_eq!(problem.exists.as_deref(), Some("Nothing was changed."));
    problem.fields.into_iter().map(|fault| (fault.field, fault.message)).collect()
}

#[test]
fn every_unusable_field_is_named_at_once() {
    let request = SetupRequest::AppRegistration {
        name: "bad\u{7}name".to_owned(),
        app: AppChoice::Existing { client_id: "not a guid".to_owned() },
        note: Some("x".repeat(1001)),
        secret_description: Some("y\ny".to_owned()),
        secret_expires: "2026-11-23".to_owned(),
        permissions: vec![],
        ask_consent: false,
        secret_goes: SecretGoes::IntoKeychain,
    };
    let fields: Vec<String> = faults(request).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["app.clientId", "note", "secretDescription", "secretExpires", "permissions"]);
}

#[test]
fn names_are_checked() {
    for (name, words) in [
        ("", "Give the app a name"),
        ("  \t ", "Give the app a name"),
        (&"a".repeat(121), "has 121 characters; at most 120"),
        ("HR\u{0}feed", "control character (U+0000) at position 3"),
        ("HR\u{9f}feed", "control character (U+009F) at position 3"),
    ] {
        let found = faults(request(name, "2027-05-24", &good()));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "name");
        assert!(found[0].1.contains(words), "{}", found[0].1);
    }
    for name in ["a", &"é".repeat(120), "O'Neil & Söhne #1 + 100 %", "🎉 team", "\u{200f}شركة", " HR feed "] {
        let desired = checked(request(name, "2027-05-24", &good())).unwrap();
        let DesiredPrincipal::App(app) = desired.principal else { panic!("an app was asked for") };
        assert_eq!(app.name, name.trim());
    }
}

#[test]
fn the_last_day_lies_after_today_and_within_24_months() {
    for (day, words) in [
        ("", "Choose the secret's last day"),
        ("2026-11-23", "is past"),
        ("2026-11-24", "is today"),
        ("2028-11-25", "more than 24 months ahead. Choose a day up to 2028-11-24"),
        ("9999-12-31", "more than 24 months"),
        ("24.05.2027", "must be a date"),
        ("2027-02-30", "must be a date"),
        ("2027-5-24", "must be a date"),
        ("0", "must be a date"),
        ("+27-05-241", "must be a date"),
    ] {
        let found = faults(request("HR feed", day, &good()));
        assert_eq!(found.len(), 1, "{day}: {found:?}");
        assert_eq!(found[0].0, "secretExpires");
        assert!(found[0].1.contains(words), "{day}: {}", found[0].1);
    }
    for (day, end) in [
        ("2026-11-25", "2026-11-25T23:59:59Z"),
        ("2027-05-24", "2027-05-24T23:59:59Z"),
        // Never beyond 24 months from this very moment.
        ("2028-11-24", "2028-11-24T10:42:30Z"),
    ] {
        let desired = checked(request("HR feed", day, &good())).unwrap();
        let DesiredPrincipal::App(app) = desired.principal else { panic!("an app was asked for") };
        assert_eq!(app.secret_end.to_string(), end);
    }
}

#[test]
fn permissions_are_resolved_in_this_tenant() {
    for (values, words) in [
        (vec![], "at least one"),
        (vec!["Nonsense.Read.All"], "no application permission called \"Nonsense.Read.All\""),
        (vec!["auditlog.read.all"], "Did you mean AuditLog.Read.All?"),
        (vec!["Switched.Off"], "switched off"),
        (vec!["People.Only"], "cannot be given to an app"),
        (vec![requirements::UPLOAD, requirements::UPLOAD], "listed twice"),
        (vec![requirements::UPLOAD, requirements::UPLOAD, requirements::UPLOAD], "listed twice"),
    ] {
        let found = faults(request("HR feed", "2027-05-24", &values));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "permissions");
        assert!(found[0].1.contains(words), "{}", found[0].1);
    }
}

#[test]
fn an_identity_is_given_by_guid() {
    let ask = |id: &str| SetupRequest::ManagedIdentity {
        object_id: id.to_owned(),
        permissions: vec![requirements::UPLOAD.to_owned()],
        ask_consent: false,
    };
    let found = faults(ask("CSV2SCIMBulkUpload"));
    assert_eq!(found[0].0, "objectId");
    assert!(found[0].1.contains("\"CSV2SCIMBulkUpload\" is none"), "{}", found[0].1);
    assert!(checked(ask(" 0F5D2A11-3F7A-4B8F-9D9C-5C2B7C0B9E01 ")).is_ok());
}

fn any_request() -> impl Strategy<Value = SetupRequest> {
    let values = proptest::collection::vec(
        prop_oneof![
            Just(requirements::UPLOAD.to_owned()),
            Just(requirements::AUDIT_LOG.to_owned()),
            Just("Switched.Off".to_owned()),
            ".{0,40}",
        ],
        0..4,
    );
    let app = prop_oneof![
        Just(AppChoice::ByName),
        Just(AppChoice::Another),
        ".{0,40}".prop_map(|client_id| AppChoice::Existing { client_id }),
    ];
    let expires = prop_oneof![".{0,12}", "20[2-3][0-9]-[01][0-9]-[0-3][0-9]"];
    (".{0,130}", app, proptest::option::of(".{0,130}"), expires, values, any::<bool>(), ".{0,40}").prop_map(
        |(name, app, text, secret_expires, permissions, identity, object_id)| {
            if identity {
                SetupRequest::ManagedIdentity { object_id, permissions, ask_consent: false }
            } else {
                SetupRequest::AppRegistration {
                    name,
                    app,
                    note: text.clone(),
                    secret_description: text,
                    secret_expires,
                    permissions,
                    ask_consent: false,
                    secret_goes: SecretGoes::IntoKeychain,
                }
            }
        },
    )
}

proptest! {
    #[test]
    fn whatever_is_asked_either_passes_the_rules_or_names_its_fields(request in any_request()) {
        let now: Timestamp = NOW.parse().unwrap();
        match checked(request) {
            Ok(desired) => {
                prop_assert!(!desired.permissions.is_empty());
                let mut roles: Vec<AppRoleId> = desired.permissions.iter().map(|p| p.role).collect();
                roles.sort();
                roles.dedup();
                prop_assert_eq!(roles.len(), desired.permissions.len());
                if let DesiredPrincipal::App(app) = desired.principal {
                    prop_assert!(app.name.chars().count() <= 120 || app.target != AppTarget::ByName);
                    prop_assert!(app.secret_end > now);
                    let latest: Timestamp = "2028-11-24T10:42:31Z".parse().unwrap();
                    prop_assert!(app.secret_end < latest);
                    let text = app.secret_description.as_deref().unwrap_or_default();
                    prop_assert!(!text.chars().any(char::is_control) && text.chars().count() <= 120);
                }
            }
            Err(problem) => {
                prop_assert_eq!(problem.code, Code::InvalidInput);
                prop_assert!(!problem.fields.is_empty());
                for fault in &problem.fields {
                    let known = ["name", "note", "secretDescription", "secretExpires", "permissions", "objectId", "app.clientId"];
                    prop_assert!(known.contains(&fault.field.as_str()));
                    prop_assert!(!fault.message.chars().any(char::is_control), "{}", fault.message);
                }
            }
        }
    }
}
