//! What is compared: the tenant as a whole, what a run added to it in a form that every undisturbed run shares, the
//! keychain, and the promise that no secret is lost.

use std::collections::BTreeMap;

use inbound_access_job::run::RunView;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::stage::Stage;

const LISTS: [&str; 3] = ["applications", "servicePrincipals", "assignments"];

/// The tenant without what lies in its recycle bin, as text; and the ids of what lies there.
pub fn live(snapshot: &Value) -> (String, Vec<String>) {
    let mut snapshot = snapshot.clone();
    let mut deleted = Vec::new();
    for list in LISTS {
        let objects = snapshot[list].as_object_mut().unwrap();
        objects.retain(|id, object| {
            let is_live = object.get("deleted").is_none();
            if !is_live {
                deleted.push(id.clone());
            }
            is_live
        });
        for object in objects.values_mut().filter_map(Value::as_object_mut) {
            // From when on replicas know of the last change: the practice tenant's own, no part of what Graph tells.
            object.remove("changed");
            // An empty list is what Graph tells where nothing was ever set.
            if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
                properties.retain(|_, value| !value.as_array().is_some_and(Vec::is_empty));
            }
        }
    }
    (serde_json::to_string_pretty(&snapshot).unwrap(), deleted)
}

/// What the run changed in the tenant and in the keychain, with names in place of what differs from run to run.
pub fn end_state(stage: &Stage) -> String {
    let after = stage.bench.tenant.snapshot();
    let mut names = Names(BTreeMap::new());
    let mut changed = Map::new();
    for list in LISTS {
        let before = stage.before[list].as_object().unwrap();
        let mut rows: Vec<Value> = Vec::new();
        for (id, object) in after[list].as_object().unwrap() {
            if before.get(id) != Some(object) {
                names.learn(list, object);
                rows.push(object.clone());
            }
        }
        let gone = before.keys().filter(|id| after[list].get(id.as_str()).is_none()).count();
        changed.insert(format!("{list} gone"), json!(gone));
        changed.insert(list.to_owned(), Value::Array(rows));
    }
    for (key, value) in after.as_object().unwrap().iter().filter(|(key, _)| !LISTS.contains(&key.as_str())) {
        assert_eq!(Some(value), stage.before.get(key), "{key}");
    }
    let kept: Vec<Value> = stage.keychain().items().into_keys().map(Value::String).collect();
    changed.insert("keychain".to_owned(), Value::Array(kept));
    let mut changed = names.put(&Value::Object(changed));
    // Grants have no order of their own.
    if let Some(rows) = changed["assignments"].as_array_mut() {
        rows.sort_by_key(|row| row["appRoleId"].to_string());
    }
    serde_json::to_string_pretty(&changed).unwrap()
}

/// Names for the ids of what a run made.
struct Names(BTreeMap<String, String>);

impl Names {
    fn learn(&mut self, list: &str, object: &Value) {
        let mut name = |value: &Value, name: &str| {
            if let Some(id) = value.as_str() {
                self.0.entry(id.to_owned()).or_insert_with(|| format!("<{name}>"));
            }
        };
        name(&object["id"], list);
        name(&object["app_id"], "client id");
        name(&object["properties"]["uniqueName"], "unique name");
        for secret in object["secrets"].as_object().into_iter().flatten() {
            name(&Value::String(secret.0.clone()), "key id");
        }
    }

    fn put(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => Value::Array(items.iter().map(|item| self.put(item)).collect()),
            Value::Object(fields) => Value::Object(
                fields
                    .iter()
                    .map(|(key, value)| match key.as_str() {
                        "sha256" | "hint" => (key.clone(), json!("<of the secret>")),
                        _ => (self.text(key), self.put(value)),
                    })
                    .collect(),
            ),
            other => other.clone(),
        }
    }

    fn text(&self, text: &str) -> String {
        if text.parse::<jiff::Timestamp>().is_ok() {
            return "<time>".to_owned();
        }
        let mut text = text.to_owned();
        for (id, name) in &self.0 {
            text = text.replace(id, name);
        }
        match text.rsplit_once(" (run ") {
            Some((description, _)) => format!("{description} <mark>"),
            None => text,
        }
    }
}

/// A secret of an app, as the tenant knows it.
struct Password {
    key: String,
    description: String,
    sha256: String,
}

fn passwords_of(stage: &Stage, run: &RunView) -> Vec<Password> {
    let snapshot = stage.bench.tenant.snapshot();
    let mark = format!("(run {}", run.id.chars().take(8).collect::<String>());
    let mut found = Vec::new();
    for app in snapshot["applications"].as_object().unwrap().values().filter(|app| app.get("deleted").is_none()) {
        for one in app["properties"]["passwordCredentials"].as_array().into_iter().flatten() {
            let description = one["displayName"].as_str().unwrap_or_default().to_owned();
            if description.contains(&mark) {
                let key = one["keyId"].as_str().unwrap().to_owned();
                let sha256 = app["secrets"][&key]["sha256"].as_str().unwrap().to_owned();
                found.push(Password { key, description, sha256 });
            }
        }
    }
    found
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Promise P31: every secret of the run that is in Entra is in the keychain or named by the run.
pub fn no_secret_is_lost(stage: &Stage, run: &RunView) {
    let items = stage.keychain().items();
    for Password { key, description, sha256 } in passwords_of(stage, run) {
        let kept = items.iter().any(|(account, secret)| account.ends_with(&key) && hash(secret) == sha256);
        let owed = run
            .debts
            .iter()
            .any(|debt| debt.description == description && debt.key_id.as_ref().is_none_or(|id| *id == key));
        assert!(kept || owed, "the secret \"{description}\" ({key}) is lost: {run:#?}");
    }
}

/// No file of a run holds a secret.
pub fn no_secret_is_written(stage: &Stage) {
    let exchanges = stage.bench.tenant.recorder().exchanges();
    let bodies = exchanges.iter().filter_map(|exchange| exchange.response_body.as_ref());
    let fields = bodies.flat_map(|body| ["secretText", "access_token", "refresh_token"].map(|name| &body[name]));
    let secrets: Vec<&str> = fields.filter_map(Value::as_str).collect();
    assert!(!secrets.is_empty());
    for file in std::fs::read_dir(stage.bench.folder.path().join("runs")).unwrap() {
        let text = String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()).into_owned();
        assert!(!secrets.iter().any(|secret| text.contains(secret)), "{text}");
    }
}

/// The tenant is as it was before the run, byte for byte; what it made lies in the recycle bin, and nothing of others
/// does; and the keychain is as it was (promise P38).
pub fn is_as_before(stage: &Stage) {
    let (before, deleted_before) = live(&stage.before);
    let (after, deleted) = live(&stage.bench.tenant.snapshot());
    if after != before {
        let differs = before.lines().zip(after.lines()).find(|(was, is)| was != is);
        panic!("the tenant is not as before, first at {differs:?}:\n{after}");
    }
    let of_others: Vec<&String> = deleted
        .iter()
        .filter(|id| LISTS.iter().any(|list| stage.before[list].get(id.as_str()).is_some()))
        .filter(|id| !deleted_before.contains(id))
        .collect();
    assert!(of_others.is_empty(), "objects of others were deleted: {of_others:?}");
    assert!(stage.keychain().items().is_empty(), "{:?}", stage.keychain().items().keys());
}

/// What the run says that it made: the same for every run of a scene.
pub fn listed(run: &RunView) -> Vec<String> {
    let mut listed: Vec<String> = run.made.iter().map(|made| format!("{}: {}", made.what, made.id_name)).collect();
    listed.sort();
    listed
}
