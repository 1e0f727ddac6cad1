//! A file comes back as it was written, and no other file is believed.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

pub(crate) fn request() -> ConsentRequest {
    ConsentRequest {
        kind: KIND.to_owned(),
        format: FORMAT,
        run_id: Uuid::from_u128(1).to_string(),
        asked: "2026-11-12T10:40:00Z".to_owned(),
        asked_by: "aaliyah.okonjo@brightwater.example".to_owned(),
        cloud: "usGovL4".to_owned(),
        tenant_id: Uuid::from_u128(2).to_string(),
        tenant_name: "Brightwater Foods".to_owned(),
        principal: ConsentPrincipal {
            name: "HR feed (人事)".to_owned(),
            client_id: Uuid::from_u128(3).to_string(),
            object_id: Uuid::from_u128(4).to_string(),
            managed_identity: false,
        },
        permissions: vec![ConsentPermission {
            value: "SynchronizationData-User.Upload".to_owned(),
            title: "Upload users".to_owned(),
            app_role_id: Uuid::from_u128(5).to_string(),
        }],
    }
}

fn changed(path: &str, value: Value) -> Vec<u8> {
    let mut document = serde_json::to_value(request()).unwrap();
    *document.pointer_mut(path).unwrap() = value;
    document.to_string().into_bytes()
}

#[test]
fn a_file_comes_back_as_it_was_written_also_through_an_editor_that_marks_it() {
    let file = to_file(&request());
    assert_eq!(from_file(&file).unwrap(), request());
    assert_eq!(from_file(&[b"\xEF\xBB\xBF".as_slice(), &file].concat()).unwrap(), request());
    let spelt = |id: &str| changed("/tenantId", json!(id));
    let read = from_file(&spelt("ABCDEF00-0000-4000-8000-00000000000A")).unwrap();
    assert_eq!(read.tenant_id, "abcdef00-0000-4000-8000-00000000000a", "as ids are spelt here");
}

#[test]
fn whatever_was_altered_is_refused() {
    let permission = serde_json::to_value(&request().permissions[0]).unwrap();
    let many: Vec<Value> = (0..21_u128)
        .map(|n| json!({ "value": format!("A{n}"), "title": "t", "appRoleId": Uuid::from_u128(100 + n) }))
        .collect();
    for (path, value) in [
        ("/kind", json!("inbound-access/run")),
        ("/format", json!(2)),
        ("/format", json!("1")),
        ("/runId", json!("../../etc/passwd")),
        ("/asked", json!("yesterday")),
        ("/askedBy", json!("a\u{1b}[2J")),
        ("/askedBy", json!("x".repeat(257))),
        ("/cloud", json!("")),
        ("/cloud", json!("us gov")),
        ("/tenantId", json!("contoso.example")),
        ("/tenantId", json!(format!(" {}", request().tenant_id))),
        ("/tenantName", json!(null)),
        ("/principal/name", json!("a\nb")),
        ("/principal/objectId", json!("{00000000-0000-0000-0000-000000000004}")),
        ("/principal/clientId", json!("00000000000000000000000000000004")),
        ("/principal/managedIdentity", json!("no")),
        ("/permissions", json!([])),
        ("/permissions", json!([permission, permission])),
        ("/permissions", json!(many)),
        ("/permissions/0/value", json!("Application.Read.All' or 1 eq 1")),
        ("/permissions/0/value", json!("")),
        ("/permissions/0/value", json!(".x")),
        ("/permissions/0/appRoleId", json!("x")),
        ("/permissions/0", json!({ "value": "A.B", "title": "t", "appRoleId": Uuid::nil(), "scope": "x" })),
    ] {
        let problem = from_file(&changed(path, value.clone())).unwrap_err();
        assert_eq!(problem.code, Code::InvalidInput, "{path} {value}");
        assert!(problem.advice.is_some());
    }
}

#[test]
fn what_is_added_doubled_or_left_out_is_refused() {
    let mut more = serde_json::to_value(request()).unwrap();
    more.as_object_mut().unwrap().insert("approved".to_owned(), json!(true));
    assert!(from_file(more.to_string().as_bytes()).is_err());
    let mut less = serde_json::to_value(request()).unwrap();
    less.as_object_mut().unwrap().remove("tenantId");
    assert!(from_file(less.to_string().as_bytes()).is_err());
    let text = String::from_utf8(to_file(&request())).unwrap();
    let doubled = text.replacen("\"kind\"", "\"tenantId\": \"00000000-0000-0000-0000-000000000009\", \"kind\"", 1);
    assert!(from_file(doubled.as_bytes()).is_err());
    let large = [to_file(&request()), vec![b' '; 64 * 1024]].concat();
    assert!(from_file(&large).unwrap_err().message.contains("larger"));
    let newer = from_file(&changed("/format", json!(2))).unwrap_err();
    assert!(newer.message.contains("newer version"), "{}", newer.message);
    for other in ["", "{}", "[]", "null", "<html>", "{\"kind\":\"inbound-access/consent-request\"}"] {
        assert!(from_file(other.as_bytes()).is_err(), "{other}");
    }
}

#[test]
fn names_of_any_tenant_fit_into_a_file() {
    let odd = format!("a\u{7}{}", "é".repeat(400));
    let fitted = fitting(&odd);
    let request = ConsentRequest { tenant_name: fitted.clone(), ..request() };
    assert_eq!(from_file(&to_file(&request)).unwrap().tenant_name, fitted);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = from_file(&bytes);
    }

    #[test]
    fn no_change_of_one_byte_makes_it_panic_or_gives_what_cannot_be_written_again(
        at in 0_usize..800,
        byte in any::<u8>(),
    ) {
        let mut file = to_file(&request());
        if let Some(place) = file.get_mut(at) {
            *place = byte;
        }
        if let Ok(read) = from_file(&file) {
            prop_assert_eq!(from_file(&to_file(&read)).unwrap(), read);
        }
    }

    #[test]
    fn any_name_that_is_read_is_written_again(name in "\\PC{0,256}") {
        let mut request = request();
        request.principal.name = name;
        prop_assert_eq!(from_file(&to_file(&request)).unwrap(), request);
    }
}
