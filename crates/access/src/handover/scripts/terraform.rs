//! What is to be, for Terraform's provider azuread. Only what is made has a form there.

use std::collections::BTreeMap;

use serde_json::Value;

use super::preamble;
use crate::evidence::slug;
use crate::handover::quote::{Language, comment, literal};
use crate::handover::script::{Call, Kind, Script, Step};

/// The whole text; none where nothing is made.
pub(super) fn text(script: &Script) -> Option<String> {
    let mut blocks = Blocks { text: String::new(), data: BTreeMap::new(), labels: Vec::new(), registers: false };
    for step in &script.steps {
        for call in &step.calls {
            blocks.call(step, call);
        }
    }
    if blocks.text.is_empty() {
        return None;
    }
    let mut text = String::new();
    for line in preamble(script) {
        text.push_str(&format!("# {line}\n"));
    }
    let environment = match script.cloud_key.as_str() {
        "usGovL4" => "  environment = \"usgovernmentl4\"\n",
        "usGovL5" => "  environment = \"usgovernmentl5\"\n",
        "china" => "  environment = \"china\"\n",
        _ => "",
    };
    text.push_str(&format!(
        "terraform {{\n  required_providers {{\n    azuread = {{\n      source  = \"hashicorp/azuread\"\n      version = \"~> 3.0\"\n    \
         }}\n  }}\n}}\n\nprovider \"azuread\" {{\n  tenant_id = {}\n{environment}}}\n",
        quoted(&script.tenant_id)
    ));
    text.push_str(
        "\ndata \"azuread_application_published_app_ids\" \"well_known\" {}\n\ndata \"azuread_service_principal\" \"msgraph\" {\n  \
         client_id = data.azuread_application_published_app_ids.well_known.result[\"MicrosoftGraph\"]\n}\n",
    );
    for block in blocks.data.values() {
        text.push_str(block);
    }
    text.push_str(&blocks.text);
    Some(text)
}

struct Blocks {
    text: String,
    /// What exists already, by its id.
    data: BTreeMap<String, String>,
    labels: Vec<String>,
    registers: bool,
}

impl Blocks {
    fn call(&mut self, step: &Step, call: &Call) {
        let body = call.body.as_ref();
        let block = match (call.kind, body) {
            (Kind::Register, Some(body)) => {
                self.registers = true;
                application(body)
            }
            (Kind::Request, Some(body)) if body.get("requiredResourceAccess").is_some() => self.access(call, body),
            (Kind::MakePrincipal, Some(body)) => self.principal(body),
            (Kind::Grant, Some(body)) => self.grant(step, body),
            (Kind::MakeSecret, Some(body)) => self.secret(call, body),
            _ => return,
        };
        self.text.push_str(&format!("\n# {}. {}\n{block}", step.number, comment(&step.title)));
    }

    /// The permissions that a registration requests which exists already.
    fn access(&mut self, call: &Call, body: &Value) -> String {
        let application = self.application_of(call);
        let apis = body.get("requiredResourceAccess").and_then(Value::as_array).cloned().unwrap_or_default();
        let blocks = apis.iter().enumerate().map(|(at, api)| {
            let list = |kind: &str, name: &str| {
                let access = api.get("resourceAccess").and_then(Value::as_array).cloned().unwrap_or_default();
                let ids: Vec<String> = access
                    .iter()
                    .filter(|one| one.get("type").and_then(Value::as_str) == Some(kind))
                    .filter_map(|one| one.get("id").and_then(Value::as_str).map(quoted))
                    .collect();
                if ids.is_empty() { String::new() } else { format!("  {name} = [{}]\n", ids.join(", ")) }
            };
            format!(
                "resource \"azuread_application_api_access\" \"requested_{}\" {{\n  application_id = {application}\n  api_client_id  \
                 = {}\n{}{}}}\n",
                at + 1,
                quoted(text_of(api, "resourceAppId")),
                list("Role", "role_ids"),
                list("Scope", "scope_ids"),
            )
        });
        blocks.collect::<Vec<_>>().join("\n")
    }

    fn principal(&mut self, body: &Value) -> String {
        let client = if self.registers {
            "azuread_application.client.client_id".to_owned()
        } else {
            quoted(text_of(body, "appId"))
        };
        format!("resource \"azuread_service_principal\" \"client\" {{\n  client_id = {client}\n}}\n")
    }

    fn grant(&mut self, step: &Step, body: &Value) -> String {
        let principal = text_of(body, "principalId");
        let principal = if principal.starts_with('{') {
            "azuread_service_principal.client.object_id".to_owned()
        } else {
            self.existing_principal(principal)
        };
        let (label, role) = match &step.term {
            Some(value) => (
                slug(value).replace('-', "_"),
                format!("data.azuread_service_principal.msgraph.app_role_ids[{}]", quoted(value)),
            ),
            None => ("grant".to_owned(), quoted(text_of(body, "appRoleId"))),
        };
        let label = self.label(label);
        format!(
            "resource \"azuread_app_role_assignment\" \"{label}\" {{\n  app_role_id         = {role}\n  principal_object_id = \
             {principal}\n  resource_object_id  = data.azuread_service_principal.msgraph.object_id\n}}\n"
        )
    }

    fn secret(&mut self, call: &Call, body: &Value) -> String {
        let application = self.application_of(call);
        let credential = body.get("passwordCredential").unwrap_or(&Value::Null);
        let end = match text_of(credential, "endDateTime") {
            "" => String::new(),
            end => format!("  end_date       = {}\n", quoted(end)),
        };
        let label = self.label("client".to_owned());
        format!(
            "resource \"azuread_application_password\" \"{label}\" {{\n  application_id = {application}\n  display_name   = \
             {}\n{end}}}\n",
            quoted(text_of(credential, "displayName"))
        )
    }

    /// The registration that a call is about: the new one, or one that is there.
    fn application_of(&mut self, call: &Call) -> String {
        if self.registers {
            return "azuread_application.client.id".to_owned();
        }
        let url: String = call
            .url
            .iter()
            .map(|piece| match piece {
                crate::handover::script::Piece::Text(text) => text.clone(),
                crate::handover::script::Piece::Variable(name) => format!("{{{name}}}"),
            })
            .collect();
        let id = url.split("/applications/").nth(1).unwrap_or_default();
        let id = id.split(['/', '?']).next().unwrap_or_default();
        self.data.insert(
            "application".to_owned(),
            format!("\ndata \"azuread_application\" \"client\" {{\n  object_id = {}\n}}\n", quoted(id)),
        );
        "data.azuread_application.client.id".to_owned()
    }

    fn existing_principal(&mut self, id: &str) -> String {
        let known = self.data.len();
        let label = match self.data.get(id) {
            Some(block) => block.split('"').nth(3).unwrap_or("client").to_owned(),
            None if known == 0 => "client".to_owned(),
            None => format!("client_{}", known + 1),
        };
        let block = format!("\ndata \"azuread_service_principal\" \"{label}\" {{\n  object_id = {}\n}}\n", quoted(id));
        self.data.entry(id.to_owned()).or_insert(block);
        format!("data.azuread_service_principal.{label}.object_id")
    }

    /// A label that no other block bears.
    fn label(&mut self, wanted: String) -> String {
        let wanted =
            if wanted.starts_with(|c: char| c.is_ascii_lowercase()) { wanted } else { format!("grant_{wanted}") };
        let taken = self.labels.iter().filter(|label| **label == wanted).count();
        self.labels.push(wanted.clone());
        if taken == 0 { wanted } else { format!("{wanted}_{}", taken + 1) }
    }
}

fn application(body: &Value) -> String {
    let mut text = format!(
        "resource \"azuread_application\" \"client\" {{\n  display_name     = {}\n  sign_in_audience = {}\n",
        quoted(text_of(body, "displayName")),
        quoted(text_of(body, "signInAudience"))
    );
    if let Some(notes) = body.get("notes").and_then(Value::as_str) {
        text.push_str(&format!("  notes            = {}\n", quoted(notes)));
    }
    for api in body.get("requiredResourceAccess").and_then(Value::as_array).into_iter().flatten() {
        text.push_str(&format!(
            "\n  required_resource_access {{\n    resource_app_id = {}\n",
            quoted(text_of(api, "resourceAppId"))
        ));
        for one in api.get("resourceAccess").and_then(Value::as_array).into_iter().flatten() {
            text.push_str(&format!(
                "\n    resource_access {{\n      id   = {}\n      type = {}\n    }}\n",
                quoted(text_of(one, "id")),
                quoted(text_of(one, "type"))
            ));
        }
        text.push_str("  }\n");
    }
    text.push_str("}\n");
    text
}

fn text_of<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn quoted(text: &str) -> String {
    literal(text, Language::Terraform)
}
