use inbound_entra::ids::TenantId;
use proptest::prelude::*;
use url::Url;

use super::*;
use crate::principal::PrincipalKind;
use crate::road::JobHealth;

const HOSTS: [(&str, &str, &str); 4] = [
    ("global", "login.microsoftonline.com", "graph.microsoft.com"),
    ("usGovL4", "login.microsoftonline.us", "graph.microsoft.us"),
    ("usGovL5", "login.microsoftonline.us", "dod-graph.microsoft.us"),
    ("china", "login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn"),
];

fn tenant(name: &str, (key, login, graph): (&str, &str, &str)) -> TenantFacts {
    let url = |host: &str| Url::parse(&format!("https://{host}")).expect("a url");
    TenantFacts {
        id: TenantId(uuid::Uuid::from_u128(9)),
        name: name.to_owned(),
        cloud_key: key.to_owned(),
        cloud_name: key.to_owned(),
        login: url(login),
        graph: url(graph),
        portal: url("entra.microsoft.com"),
    }
}

fn card(name: &str, kind: PrincipalKind) -> PrincipalCard {
    PrincipalCard {
        name: name.to_owned(),
        kind,
        object_id: Some("00000000-0000-0000-0000-00000000000b".to_owned()),
        client_id: "00000000-0000-0000-0000-00000000000c".to_owned(),
        application_object_id: None,
        enabled: Some(true),
        created: None,
        azure: None,
        portal_url: "https://entra.microsoft.com".to_owned(),
    }
}

fn provisioning(id: &str, graph: &str) -> ProvisioningJob {
    let app = "00000000-0000-0000-0000-00000000000a";
    ProvisioningJob {
        id: id.to_owned(),
        app_name: "Staff".to_owned(),
        app_object_id: app.to_owned(),
        app_client_id: "00000000-0000-0000-0000-00000000000d".to_owned(),
        direction: Direction::ToEntra,
        health: JobHealth::Running,
        sentence: "It takes users.".to_owned(),
        advice: None,
        schedule: None,
        last_run: None,
        quarantine: None,
        notifies: Some(true),
        upload_address: format!("https://{graph}/v1.0/servicePrincipals/{app}/synchronization/jobs/{id}/bulkUpload"),
        portal_url: "https://entra.microsoft.com".to_owned(),
    }
}

fn kept(description: &str) -> Credential {
    Credential::Kept(Box::new(SecretPlace {
        keychain: "Secret Service keyring".to_owned(),
        service: "inbound-access".to_owned(),
        account: "global/9/c/k".to_owned(),
        description: description.to_owned(),
        expires: "2027-05-24T23:59:59Z".to_owned(),
        key_id: "k".to_owned(),
        client_id: "c".to_owned(),
    }))
}

fn texts(name: &str, job: &str, kind: PrincipalKind, cloud: (&str, &str, &str)) -> Vec<crate::handover::Snippet> {
    let (tenant, card, job) = (tenant(name, cloud), card(name, kind), provisioning(job, cloud.2));
    let credential = if kind == PrincipalKind::AppRegistration { kept(name) } else { Credential::Azure };
    clients::snippets(&Client { tenant: &tenant, card: &card, job: Some(&job), credential: &credential })
}

fn keys(texts: &[crate::handover::Snippet]) -> Vec<&str> {
    texts.iter().map(|text| text.key.as_str()).collect()
}

const JOB: &str = "API2AAD.00000000000000000000000000000009.00000000-0000-0000-0000-00000000000e";

#[test]
fn every_text_of_an_app_names_the_right_ids_and_no_secret() {
    let texts = texts("HR feed", JOB, PrincipalKind::AppRegistration, HOSTS[0]);
    assert_eq!(keys(&texts), ["curl", "postman", "powershell", "python", "csharp", "csv2scim", "webWizard"]);
    for text in &texts {
        assert!(text.text.contains("00000000-0000-0000-0000-00000000000c"), "the client id, in {}", text.key);
        assert!(!text.text.contains("00000000-0000-0000-0000-00000000000b"), "no client is told it: {}", text.key);
        assert!(!text.text.contains("<<") || text.key == "curl", "{}", text.text);
    }
    let csv2scim = &texts[5].text;
    assert!(csv2scim.contains("ServicePrincipalId = '00000000-0000-0000-0000-00000000000a'"), "{csv2scim}");
    assert!(csv2scim.contains("knows no client secret"), "{csv2scim}");
    for key in ["curl", "powershell", "python", "csharp"] {
        let text = &texts.iter().find(|text| text.key == key).expect("there").text;
        for wanted in
            ["CLIENT_SECRET", "SAMPLE_USER", "application/scim+json", "50", "40", "Retry-After", "bulkUpload", "jobid"]
        {
            assert!(text.contains(wanted) || (key == "csharp" && wanted == "Retry-After"), "{wanted} in {key}");
        }
    }
    insta::assert_snapshot!(
        texts
            .iter()
            .map(|text| format!("==== {} {}\n{}\n\n{}", text.key, text.file_name, text.explanation, text.text))
            .collect::<String>()
    );
}

#[test]
fn an_identity_gets_its_token_from_azure_and_has_no_secret() {
    for (kind, named) in [(PrincipalKind::UserAssigned, true), (PrincipalKind::SystemAssigned, false)] {
        let texts = texts("id-reporting", JOB, kind, HOSTS[0]);
        assert_eq!(keys(&texts), ["curl", "postman", "powershell", "python", "csharp"]);
        for text in &texts {
            assert!(!text.text.to_lowercase().contains("client_secret"), "{}", text.text);
        }
        for (at, name) in [
            (0, "\"client_id=$CLIENT_ID\""),
            (2, "'&client_id='"),
            (3, "\"client_id\": CLIENT_ID"),
            (4, "FromUserAssigned"),
        ] {
            assert_eq!(texts[at].text.contains(name), named, "{name}");
        }
        assert!(texts[0].text.contains("IDENTITY_ENDPOINT") && texts[0].text.contains("169.254.169.254"));
        assert!(texts[4].text.contains("using Azure.Identity;"));
    }
}

#[test]
fn national_clouds_have_their_own_hosts_in_every_text() {
    for cloud in &HOSTS[1..] {
        for text in texts("HR feed", JOB, PrincipalKind::AppRegistration, *cloud) {
            let foreign = ["graph.microsoft.com", "login.microsoftonline.com"];
            assert!(!foreign.iter().any(|host| text.text.contains(host)), "{} in {}", text.key, cloud.0);
            if !["csv2scim", "webWizard"].contains(&text.key.as_str()) {
                assert!(text.text.contains(cloud.1) && text.text.contains(cloud.2), "{} in {}", text.key, cloud.0);
                assert!(text.text.contains(&format!("https://{}/.default", cloud.2)), "{} in {}", text.key, cloud.0);
            }
            assert_eq!(text.explanation.contains("worldwide cloud only"), text.key == "webWizard");
        }
    }
}

#[test]
fn without_a_job_the_address_has_places_to_fill() {
    let (tenant, card, credential) =
        (tenant("Contoso", HOSTS[0]), card("HR feed", PrincipalKind::AppRegistration), Credential::None);
    let client = Client { tenant: &tenant, card: &card, job: None, credential: &credential };
    assert!(client.upload_address().contains("{job id}"));
    assert_eq!(client.log_address(), "https://graph.microsoft.com/v1.0/auditLogs/provisioning?$top=50");
    assert!(client.credential_words().contains("have one made"));
    assert!(!facts(&client, None).iter().any(|fact| fact.label == "Upload address"));
}

#[test]
fn the_log_is_asked_for_one_job() {
    let (tenant, card, credential) =
        (tenant("Contoso", HOSTS[0]), card("x", PrincipalKind::AppRegistration), Credential::None);
    let job = provisioning("API2AAD.it's&$top=1", "graph.microsoft.com");
    let client = Client { tenant: &tenant, card: &card, job: Some(&job), credential: &credential };
    let address = Url::parse(&client.log_address()).expect("a url");
    let pairs: Vec<_> = address.query_pairs().into_owned().collect();
    assert_eq!(
        pairs,
        [("$filter".to_owned(), "jobid eq 'API2AAD.it''s&$top=1'".to_owned()), ("$top".to_owned(), "50".to_owned()),]
    );
}

#[test]
fn postman_reads_the_environment() {
    let texts = texts("O'Brien \"HR\" {{x}}", JOB, PrincipalKind::AppRegistration, HOSTS[0]);
    let environment: serde_json::Value = serde_json::from_str(&texts[1].text).expect("JSON");
    assert_eq!(environment["_postman_variable_scope"], "environment");
    assert!(environment["id"].as_str().is_some_and(|id| uuid::Uuid::parse_str(id).is_ok()));
    assert_eq!(environment["name"], "Inbound provisioning: O'Brien \"HR\" {{x}}");
    let values = environment["values"].as_array().expect("values");
    for value in values {
        assert!(value["key"].is_string() && value["value"].is_string() && value["enabled"] == true, "{value}");
        assert!(["default", "secret"].contains(&value["type"].as_str().unwrap_or_default()), "{value}");
    }
    let secret = values.iter().find(|value| value["key"] == "client_secret").expect("there");
    assert_eq!((&secret["value"], &secret["type"]), (&"".into(), &"secret".into()));
    // What Microsoft's own collection asks for by name.
    for key in ["client_id", "token_endpoint", "jobId", "bulk_upload_endpoint", "ms_graph_resource_id"] {
        assert!(values.iter().any(|value| value["key"] == key && value["value"] != ""), "{key}");
    }
}

/// What is code of a text, its lines of comment left out.
fn code(text: &str, mark: &str) -> Vec<String> {
    text.lines().filter(|line| !line.trim_start().starts_with(mark)).map(str::to_owned).collect()
}

proptest! {
    #[test]
    fn no_name_changes_what_a_text_does(name in "(?s)[$`'\"\\\\<>#{};\n\ra-z\u{2028}\u{2019}]{0,30}") {
        let (plain, odd) = (
            texts("plain", JOB, PrincipalKind::AppRegistration, HOSTS[0]),
            texts(&name, JOB, PrincipalKind::AppRegistration, HOSTS[0]),
        );
        for (key, mark) in [("curl", "#"), ("powershell", "#"), ("python", "#"), ("csharp", "//"), ("csv2scim", "#")] {
            let of = |texts: &[crate::handover::Snippet]| {
                texts.iter().find(|text| text.key == key).map(|text| code(&text.text, mark))
            };
            prop_assert_eq!(of(&plain), of(&odd), "{}", key);
        }
    }
}
