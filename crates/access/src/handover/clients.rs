//! Text with which an API client can begin at once. Each signs in, sends one user if it is told to, and reads the log.

use serde_json::json;

use crate::evidence::slug;
use crate::handover::Snippet;
use crate::handover::fill::fill;
use crate::handover::packet::{Client, Credential};
use crate::handover::quote::{Language, comment, literal};
use crate::principal::PrincipalKind;
use crate::road::Direction;

/// A text in a language, with the part that gets the token: by secret, by managed identity.
struct Text {
    key: &'static str,
    title: &'static str,
    ending: &'static str,
    language: Language,
    whole: &'static str,
    by_secret: &'static str,
    by_identity: &'static str,
    needs: &'static str,
}

/// A text whose parts lie in `texts/` under its ending.
macro_rules! text {
    ($key:literal, $title:literal, $ending:literal, $language:expr, $needs:literal) => {
        Text {
            key: $key,
            title: $title,
            ending: $ending,
            language: $language,
            whole: include_str!(concat!("texts/client.", $ending)),
            by_secret: include_str!(concat!("texts/token-secret.", $ending)),
            by_identity: include_str!(concat!("texts/token-identity.", $ending)),
            needs: $needs,
        }
    };
}

const TEXTS: [Text; 4] = [
    text!("curl", "cURL", "sh", Language::Shell, "A shell script for curl 7.76 or newer."),
    text!(
        "powershell",
        "PowerShell",
        "ps1",
        Language::PowerShell,
        "For Windows PowerShell 5.1 and PowerShell 7, without modules."
    ),
    text!("python", "Python", "py", Language::Python, "For Python 3.8 or newer, without packages."),
    text!("csharp", "C#", "cs", Language::CSharp, "The Program.cs of a console project, for .NET 8 or newer."),
];

/// All of them, in the order in which they are offered.
pub(super) fn snippets(client: &Client<'_>) -> Vec<Snippet> {
    let mut all: Vec<Snippet> = TEXTS.iter().map(|text| of(client, text)).collect();
    all.insert(1, postman(client));
    if !client.is_identity() {
        all.push(csv2scim(client));
        all.push(web_wizard(client));
    }
    all
}

fn of(client: &Client<'_>, text: &Text) -> Snippet {
    let quoted = |value: &str| literal(value, text.language);
    let identity = client.is_identity();
    let part = if identity { text.by_identity } else { text.by_secret };
    let resource = client.tenant.graph.origin().ascii_serialization();
    let token = fill(
        part,
        &[
            ("token_address", quoted(&client.tenant.token_url())),
            ("scope", quoted(&client.tenant.scope())),
            ("scope_field", quoted(&format!("scope={}", client.tenant.scope()))),
            ("resource", quoted(&resource)),
            ("resource_field", quoted(&format!("resource={resource}"))),
            ("which_identity", which_identity(client, text.language)),
        ],
    );
    let azure = "Needs the package Azure.Identity.";
    let (runtime, using) = match (text.language, identity) {
        (Language::CSharp, true) => {
            (format!("For .NET 8 or newer. {azure}"), "using Azure.Core;\nusing Azure.Identity;\n".to_owned())
        }
        _ => ("For .NET 8 or newer; needs no package.".to_owned(), String::new()),
    };
    let filled = fill(
        text.whole,
        &[
            ("name", comment(&client.card.name)),
            ("tenant", comment(&client.tenant.name)),
            ("credential", comment(&client.credential_words())),
            ("client_id", quoted(&client.card.client_id)),
            ("upload_address", quoted(&client.upload_address())),
            ("log_address", quoted(&client.log_address())),
            ("runtime", runtime),
            ("using", using),
            ("token", token),
        ],
    );
    let secret = if identity {
        "Runs only in Azure, as the identity."
    } else {
        "The secret is left out: put it into the variable CLIENT_SECRET."
    };
    let azure = if identity && text.language == Language::CSharp { format!(" {azure}") } else { String::new() };
    Snippet {
        id: String::new(),
        key: text.key.to_owned(),
        title: text.title.to_owned(),
        explanation: format!(
            "{}{azure} Gets a token and reads the log; sends one user only if SAMPLE_USER is set, and that is a real user. {secret}",
            text.needs
        ),
        text: filled,
        file_name: file_name(client, text.ending),
    }
}

/// Tells a user-assigned identity from others of the same resource; a system-assigned one needs no word.
fn which_identity(client: &Client<'_>, language: Language) -> String {
    let named = client.card.kind == PrincipalKind::UserAssigned;
    match (language, named) {
        (Language::CSharp, true) => "ManagedIdentityId.FromUserAssignedClientId(clientId)".to_owned(),
        (Language::CSharp, false) => "ManagedIdentityId.SystemAssigned".to_owned(),
        (Language::Shell, true) => " \\\n        --data-urlencode \"client_id=$CLIENT_ID\"".to_owned(),
        (Language::PowerShell, true) => " + '&client_id=' + [uri]::EscapeDataString($clientId)".to_owned(),
        (Language::Python, true) => ", \"client_id\": CLIENT_ID".to_owned(),
        _ => String::new(),
    }
}

/// An environment for Postman, under the names that Microsoft's own collection uses.
fn postman(client: &Client<'_>) -> Snippet {
    let value =
        |key: &str, value: &str, kind: &str| json!({ "key": key, "value": value, "type": kind, "enabled": true });
    let job = client.job.map_or("", |job| job.id.as_str());
    let mut values = vec![
        value("tenant_id", &client.tenant.id.to_string(), "default"),
        value("client_id", &client.card.client_id, "default"),
    ];
    if client.is_identity() {
        values.push(value("access_token", "", "secret"));
    } else {
        values.push(value("client_secret", "", "secret"));
        values.push(value("token_endpoint", &client.tenant.token_url(), "default"));
    }
    values.extend([
        value("scope", &client.tenant.scope(), "default"),
        value("jobId", job, "default"),
        value("bulk_upload_endpoint", &client.upload_address(), "default"),
        value("provisioning_log", &client.log_address(), "default"),
        value("ms_graph_resource_id", "00000003-0000-0000-c000-000000000000", "default"),
    ]);
    // One environment for a client of a tenant: importing it again replaces it.
    let own = format!("{}/{}/{job}", client.tenant.id, client.card.client_id);
    let environment = json!({
        "id": name_based_id(&own),
        "name": format!("Inbound provisioning: {}", client.card.name),
        "values": values,
        "_postman_variable_scope": "environment",
        "_postman_exported_using": concat!("Inbound Access/", env!("CARGO_PKG_VERSION")),
    });
    let fill_in = if client.is_identity() {
        "Only Azure can issue the identity's token: put one into access_token."
    } else {
        "The secret is left out: type it as the current value of client_secret, which Postman does not share."
    };
    Snippet {
        id: String::new(),
        key: "postman".to_owned(),
        title: "Postman environment".to_owned(),
        explanation: format!("To be imported into Postman, for Microsoft's own collection among others. {fill_in}"),
        text: format!("{environment:#}\n"),
        file_name: file_name(client, "postman_environment.json"),
    }
}

/// The same GUID for the same text.
fn name_based_id(text: &str) -> String {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(text.as_bytes());
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(hash) {
        *byte = from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

fn csv2scim(client: &Client<'_>) -> Snippet {
    let quoted = |value: &str| literal(value, Language::PowerShell);
    let app = client.job.map_or("OBJECT ID OF THE PROVISIONING APP", |job| job.app_object_id.as_str());
    Snippet {
        id: String::new(),
        key: "csv2scim".to_owned(),
        title: "CSV2SCIM".to_owned(),
        explanation: "Settings of Microsoft's PowerShell script. It signs in by a certificate only: a client secret cannot drive \
                      it. It sends every user of the file."
            .to_owned(),
        text: fill(
            include_str!("texts/csv2scim.ps1"),
            &[
                ("name", comment(&client.card.name)),
                ("tenant", comment(&client.tenant.name)),
                ("tenant_id", quoted(&client.tenant.id.to_string())),
                ("app_object_id", quoted(app)),
                ("client_id", quoted(&client.card.client_id)),
            ],
        ),
        file_name: format!("csv2scim-{}", file_name(client, "ps1")),
    }
}

fn web_wizard(client: &Client<'_>) -> Snippet {
    let secret = match client.credential {
        Credential::Kept(place) => format!("the administrator's keychain, {} / {}", place.service, place.account),
        Credential::Elsewhere(description) => format!("\"{description}\" in Entra"),
        Credential::None | Credential::Azure => "there is none yet".to_owned(),
    };
    let target = match client.job.map(|job| job.direction) {
        Some(Direction::ToActiveDirectory) => "On-premises Active Directory",
        _ => "Microsoft Entra ID",
    };
    let elsewhere = if client.tenant.cloud_key == "global" {
        ""
    } else {
        " It asks for tokens of the worldwide cloud only, so it does not work in this one."
    };
    Snippet {
        id: String::new(),
        key: "webWizard".to_owned(),
        title: "Web wizard".to_owned(),
        explanation: format!("What to type into Microsoft's web wizard; the secret is left out and named.{elsewhere}"),
        text: fill(
            include_str!("texts/web-wizard.txt"),
            &[
                ("name", comment(&client.card.name)),
                ("tenant", comment(&client.tenant.name)),
                ("target", target.to_owned()),
                ("tenant_id", client.tenant.id.to_string()),
                ("client_id", comment(&client.card.client_id)),
                ("secret", comment(&secret)),
                ("upload_address", comment(&client.upload_address())),
            ],
        ),
        file_name: format!("web-wizard-{}", file_name(client, "txt")),
    }
}

fn file_name(client: &Client<'_>, ending: &str) -> String {
    let own = match slug(&client.card.name) {
        own if own.is_empty() => slug(&client.card.client_id),
        own => own,
    };
    let own = if own.is_empty() { "client".to_owned() } else { own };
    format!("{own}.{ending}")
}
