use inbound_entra::ids::TenantId;
use url::Url;

use super::*;
use crate::handover::{Snippet, scripts};

const GRAPH: &str = "https://graph.microsoft.com";

fn tenant(key: &str) -> TenantFacts {
    let url = Url::parse(GRAPH).expect("a url");
    TenantFacts {
        id: TenantId(Uuid::from_u128(9)),
        name: "Contoso".to_owned(),
        cloud_key: key.to_owned(),
        cloud_name: key.to_owned(),
        login: url.clone(),
        graph: url.clone(),
        portal: url,
    }
}

fn step(number: u32, kind: &str, term: Option<&str>, method: &str, path: &str, body: Option<Value>) -> Value {
    let headers = if path.contains("uniqueName") { vec!["Prefer: create-if-missing"] } else { Vec::new() };
    let body = body.map(|body| format!("{body:#}"));
    serde_json::json!({
        "number": number, "kind": kind, "title": format!("Step of {kind}"), "term": term, "effect": "willCreate", "note": null,
        "standing": null, "needs": [],
        "requests": [{ "method": method, "url": format!("{GRAPH}/v1.0{path}"), "headers": headers, "body": body }],
    })
}

#[expect(clippy::needless_pass_by_value, reason = "each caller makes the list for it")]
fn plan(name: &str, steps: Vec<Value>) -> PlanView {
    serde_json::from_value(serde_json::json!({
        "id": "plan", "tenantName": "Contoso", "tenantId": "9", "subject": format!("the app \"{name}\""), "steps": steps,
        "changes": 5, "warnings": [], "narrower": null, "consentOffer": null, "doing": "setUp", "runId": null, "kept": [],
    }))
    .expect("a plan")
}

/// As planning makes it (see its snapshots).
fn set_up(name: &str) -> PlanView {
    let access = serde_json::json!([{ "id": "00000000-0000-0000-0000-000000000201", "type": "Role" }]);
    let grant = |role: &str| {
        serde_json::json!({
            "principalId": "{object id of step 3}", "resourceId": "00000000-0000-0000-0000-000000000100", "appRoleId": role,
        })
    };
    let granted = "/servicePrincipals/00000000-0000-0000-0000-000000000100/appRoleAssignedTo";
    plan(
        name,
        vec![
            step(
                2,
                "registerApp",
                None,
                "PATCH",
                "/applications(uniqueName='inbound-access-87e4')",
                Some(serde_json::json!({
                    "displayName": name, "signInAudience": "AzureADMyOrg", "notes": name,
                    "requiredResourceAccess": [{ "resourceAppId": MICROSOFT_GRAPH, "resourceAccess": access }],
                })),
            ),
            step(
                3,
                "createServicePrincipal",
                None,
                "POST",
                "/servicePrincipals",
                Some(serde_json::json!({
                    "appId": "{client id of step 2}",
                })),
            ),
            step(4, "grant", Some("SynchronizationData-User.Upload"), "POST", granted, Some(grant("r-1"))),
            step(5, "grant", Some("AuditLog.Read.All"), "POST", granted, Some(grant("r-2"))),
            step(
                6,
                "createSecret",
                None,
                "POST",
                "/applications/{object id of step 2}/addPassword",
                Some(serde_json::json!({
                    "passwordCredential": { "displayName": format!("{name} (run {{run id}})"), "endDateTime": "2027-05-24T23:59:59Z" },
                })),
            ),
        ],
    )
}

fn texts(plan: &PlanView, key: &str) -> Vec<Snippet> {
    scripts::of(&of_plan(plan, &tenant(key)))
}

fn shown(texts: &[Snippet]) -> String {
    texts
        .iter()
        .map(|text| format!("==== {} {}\n{}\n\n{}", text.key, text.file_name, text.explanation, text.text))
        .collect()
}

#[test]
fn a_set_up_in_four_languages() {
    let texts = texts(&set_up("HR feed"), "global");
    assert_eq!(
        texts.iter().map(|text| text.key.as_str()).collect::<Vec<_>>(),
        ["powershell", "azRest", "http", "terraform"]
    );
    for text in &texts {
        assert!(!text.text.contains(" of step "), "no placeholder is left: {}", text.text);
        assert!(!text.text.contains("{run id}"), "{}", text.text);
    }
    insta::assert_snapshot!(shown(&texts));
}

#[test]
fn an_identity_by_data_source() {
    let body = serde_json::json!({ "principalId": "p-1", "resourceId": "g-1", "appRoleId": "r-1" });
    let plan = plan(
        "id",
        vec![step(
            1,
            "grant",
            Some("AuditLog.Read.All"),
            "POST",
            "/servicePrincipals/g-1/appRoleAssignedTo",
            Some(body),
        )],
    );
    let texts = texts(&plan, "usGovL4");
    let terraform = &texts[3].text;
    assert!(
        terraform.contains("data \"azuread_service_principal\" \"client\" {\n  object_id = \"p-1\"\n}"),
        "{terraform}"
    );
    assert!(terraform.contains("principal_object_id = data.azuread_service_principal.client.object_id"), "{terraform}");
    assert!(terraform.contains("environment = \"usgovernmentl4\""), "{terraform}");
    assert!(
        texts[0].text.contains("-Environment USGov -Scopes 'AppRoleAssignment.ReadWrite.All', 'Application.Read.All'")
    );
    assert!(texts[1].text.contains("az cloud set --name AzureUSGovernment"));
}

#[test]
fn what_is_taken_away_has_no_terraform_text_and_says_why() {
    let plan = plan(
        "x",
        vec![
            step(1, "revokeGrant", None, "DELETE", "/servicePrincipals/g-1/appRoleAssignedTo/a-1", None),
            step(
                2,
                "removeSecret",
                None,
                "POST",
                "/applications/o-1/removePassword",
                Some(serde_json::json!({ "keyId": "k-1" })),
            ),
        ],
    );
    let texts = texts(&plan, "global");
    assert_eq!(texts.iter().map(|text| text.key.as_str()).collect::<Vec<_>>(), ["powershell", "azRest", "http"]);
    assert!(texts[0].explanation.contains("There is no Terraform text"), "{}", texts[0].explanation);
    assert!(texts[0].text.contains(
        "-Method DELETE -Uri 'https://graph.microsoft.com/v1.0/servicePrincipals/g-1/appRoleAssignedTo/a-1'"
    ));
    assert!(texts[0].text.contains("-Scopes 'Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All'"));
}

#[test]
fn a_new_secret_is_proved_by_hand_and_no_token_for_graph_goes_elsewhere() {
    let made =
        serde_json::json!({ "passwordCredential": { "displayName": "x", "endDateTime": "2027-05-24T23:59:59Z" } });
    let old = serde_json::json!({ "keyId": "k-1" });
    let mut proof = step(3, "proveSecret", None, "POST", "/9/oauth2/v2.0/token", None);
    proof["requests"][0]["body"] = "grant_type=client_credentials&client_secret={secret of step 2}".into();
    let plan = plan(
        "x",
        vec![
            step(2, "createSecret", None, "POST", "/applications/o-1/addPassword", Some(made)),
            proof,
            step(4, "removeSecret", None, "POST", "/applications/o-1/removePassword", Some(old)),
        ],
    );
    for text in texts(&plan, "global") {
        let told: Vec<&str> = text.text.lines().filter(|line| line.contains("/oauth2/v2.0/token")).collect();
        assert_eq!(told.len(), usize::from(text.key != "terraform"), "{}", text.text);
        assert!(told.iter().all(|line| line.starts_with("# By hand: ask for a token")), "{}", text.text);
    }
}

#[test]
fn a_plan_that_changes_nothing_has_no_text() {
    assert!(texts(&plan("x", Vec::new()), "global").is_empty());
}

const ODD: [&str; 8] = [
    "O'Brien & \"Sons\" $(id) `id` ${HOME} %{ if x }",
    "{client id of step 2}",
    "{object id of step 3}",
    "{{token}} {{{x}}}",
    "\u{2019}; Remove-Item x; \u{2018}",
    "a\\\n### POST https://elsewhere.example/\nb",
    "${var.x}$${y}",
    "人事 🧑‍💼",
];

/// The first line, the headers and the body.
type Written = (String, Vec<(String, String)>, Option<Value>);

/// The requests of a `.http` text, by the rules of the REST Client.
fn requests(text: &str) -> Vec<Written> {
    let blocks = text.split("\n### ").skip(1);
    let request = |block: &str| {
        let mut lines = block.lines().skip(1).filter(|line| !line.starts_with("# "));
        let first = lines.next().expect("a request line").to_owned();
        let rest: Vec<&str> = lines.collect();
        let (head, body) = match rest.iter().position(|line| line.is_empty()) {
            Some(at) => (&rest[..at], rest[at + 1..].join("\n")),
            None => (&rest[..], String::new()),
        };
        let headers = head.iter().map(|line| line.split_once(": ").expect("a header"));
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let body = (!body.trim().is_empty())
            .then(|| serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}")));
        (first, headers, body)
    };
    blocks.map(request).collect()
}

#[test]
fn http_holds_every_name_as_it_is_and_takes_none_for_a_variable() {
    for name in ODD {
        let texts = texts(&set_up(name), "global");
        let requests = requests(&texts[2].text);
        let lines: Vec<&str> = requests.iter().map(|(line, ..)| line.split(' ').next().expect("a method")).collect();
        assert_eq!(lines, ["GET", "PATCH", "GET", "POST", "POST", "POST", "POST"], "{}", texts[2].text);
        for (line, headers, body) in &requests {
            assert!(
                line.starts_with("GET https://graph.microsoft.com/v1.0/")
                    || line.contains(" https://graph.microsoft.com/v1.0/")
            );
            assert!(headers.contains(&("Authorization".to_owned(), "Bearer {{token}}".to_owned())));
            assert_eq!(headers.iter().any(|(name, _)| name == "Content-Type"), body.is_some());
        }
        assert_eq!(requests[1].2.as_ref().expect("a body")["displayName"], name);
        assert_eq!(requests[3].2.as_ref().expect("a body")["appId"], "{{request2.response.body.$.appId}}");
        assert_eq!(requests[4].2.as_ref().expect("a body")["principalId"], "{{request3.response.body.$.id}}");
        assert_eq!(requests[4].2.as_ref().expect("a body")["resourceId"], "{{request0.response.body.$.id}}");
        assert!(requests[6].0.contains("/applications/{{request2.response.body.$.id}}/addPassword"));
    }
}

#[test]
fn powershell_commands_are_ascii_whatever_an_app_is_called() {
    for name in ODD {
        let texts = texts(&set_up(name), "global");
        let mut commands = texts[0].text.lines().filter(|line| !line.starts_with('#'));
        assert!(commands.all(str::is_ascii), "{}", texts[0].text);
    }
    // In Windows' code page the second byte of the first letter is an apostrophe.
    let texts = texts(&set_up("\u{D2} \u{4EBA}\u{1F9D1}"), "global");
    assert!(texts[0].text.contains(r#""displayName": "\u00d2 \u4eba\ud83e\uddd1""#), "{}", texts[0].text);
}

#[test]
fn terraform_parses_and_holds_every_name_as_it_is() {
    for name in ODD {
        let texts = texts(&set_up(name), "global");
        let text = &texts[3].text;
        let body: hcl::Body = hcl::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let resources: Vec<Vec<&str>> = body
            .blocks()
            .filter(|block| block.identifier() == "resource")
            .map(|block| block.labels().iter().map(hcl::BlockLabel::as_str).collect())
            .collect();
        assert_eq!(
            resources,
            [
                ["azuread_application", "client"],
                ["azuread_service_principal", "client"],
                ["azuread_app_role_assignment", "synchronizationdata_user_upload"],
                ["azuread_app_role_assignment", "auditlog_read_all"],
                ["azuread_application_password", "client"],
            ]
        );
    }
}

/// What `az` is called with, by a shell that really reads the text.
#[test]
fn a_shell_gives_az_exactly_the_planned_bodies() {
    for name in ODD {
        let texts = texts(&set_up(name), "global");
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("log");
        // In place of the Azure CLI: writes each call down, and answers with a word.
        let az = format!("az() {{ printf '%s\\0' \"$@\" END >> '{}'; printf 'answer\\n'; }}\n", log.display());
        let script = format!("{az}{}", texts[1].text);
        let output = match std::process::Command::new("sh").arg("-c").arg(&script).output() {
            Ok(output) => output,
            Err(error) => return eprintln!("skipped: a_shell_gives_az_exactly_the_planned_bodies: no sh: {error}"),
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(std::fs::read(&log).expect("calls")).expect("UTF-8");
        let words: Vec<&str> = said.split_terminator('\0').collect();
        let calls: Vec<&[&str]> =
            words.split(|word| *word == "END").filter(|call| call.first() == Some(&"rest")).collect();
        let body = |call: &[&str]| {
            let at = call.iter().position(|word| *word == "--body")?;
            Some(serde_json::from_str::<Value>(call[at + 1]).expect("JSON"))
        };
        let bodies: Vec<Value> = calls.iter().filter_map(|call| body(call)).collect();
        assert_eq!(bodies[0]["displayName"], name);
        assert_eq!(bodies[0]["notes"], name);
        assert_eq!(bodies[1]["appId"], "answer", "a variable that an earlier answer filled");
        assert_eq!(bodies[2]["principalId"], "answer");
        assert_eq!(bodies[4]["passwordCredential"]["displayName"], name);
        assert_eq!(calls.len(), 8, "the look behind the registration brings two ids: {said}");
    }
}
