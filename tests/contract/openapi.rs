//! Microsoft's published OpenAPI for what the app calls, as rules that an exchange can be held against.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jsonschema::{Draft, Registry, Validator};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value, json};

/// Where the document stands for references between its parts.
const BASE: &str = "urn:graph";
/// What the pointers of the contract have that a URI's fragment may not.
const NOT_IN_FRAGMENTS: &AsciiSet = &CONTROLS.add(b'{').add(b'}').add(b' ');
/// Below `additionalProperties: true` a schema says nothing of names; deeper than this no answer goes.
const DEEPEST: usize = 24;

/// The contract.
pub struct Contract {
    document: Value,
    registry: Registry<'static>,
    operations: Vec<Operation>,
    validators: BTreeMap<String, Validator>,
}

/// One operation of the contract.
#[derive(Debug, Clone)]
pub struct Operation {
    /// In capitals.
    pub method: String,
    /// E.g. `/servicePrincipals/{servicePrincipal-id}`.
    pub template: String,
    segments: Vec<String>,
    pointer: String,
}

impl Operation {
    /// Method and template, for messages and counts.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.template)
    }
}

/// The contract's file, or none where the folder beside the project is absent.
pub fn contract_file() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/contract/graph-openapi-subset.json");
    path.exists().then_some(path)
}

impl Contract {
    /// Reads the contract, or says by name that `test` is skipped.
    pub fn for_test(test: &str) -> Option<Self> {
        let Some(path) = contract_file() else {
            eprintln!("skipped: {test}: ../shared/contract is absent");
            return None;
        };
        let text = std::fs::read_to_string(path).expect("the contract can be read");
        Some(Self::new(serde_json::from_str(&text).expect("the contract is JSON")))
    }

    fn new(mut document: Value) -> Self {
        add_what_the_metadata_lacks(&mut document);
        nullable_to_json_schema(&mut document);
        let mut operations = Vec::new();
        for (template, item) in members(&document, "/paths") {
            for method in ["get", "post", "patch", "put", "delete"] {
                if item.get(method).is_some() {
                    let pointer = format!("/paths/{}/{method}", escaped(template));
                    let segments = template.trim_start_matches('/').split('/').map(str::to_owned).collect();
                    operations.push(Operation {
                        method: method.to_uppercase(),
                        template: template.clone(),
                        segments,
                        pointer,
                    });
                }
            }
        }
        // A literal segment is meant before a variable one: `/servicePrincipals/$count` is no id.
        operations.sort_by_key(|operation| operation.segments.iter().filter(|one| one.starts_with('{')).count());
        let registry = Registry::new()
            .draft(Draft::Draft202012)
            .add(BASE, document.clone())
            .and_then(|registry| registry.prepare())
            .expect("the contract's references lead somewhere");
        Self { document, registry, operations, validators: BTreeMap::new() }
    }

    /// All operations.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation that a request means. `path`: from below `/v1.0`, as sent.
    pub fn operation(&self, method: &str, path: &str) -> Option<Operation> {
        let decoded = percent_decode_str(path).decode_utf8().ok()?;
        let segments: Vec<&str> = decoded.trim_matches('/').split('/').collect();
        let found = |segments: &[&str]| {
            self.operations
                .iter()
                .find(|operation| {
                    operation.method == method
                        && operation.segments.len() == segments.len()
                        && operation.segments.iter().zip(segments).all(|(template, given)| fits(template, given))
                })
                .cloned()
        };
        found(&segments).or_else(|| {
            // graph-facts 2 and 3: an object's parts can be addressed by its appId too; the metadata names them by id only.
            let (first, rest) = segments.split_first()?;
            let collection = first.strip_suffix("')")?.split_once("(appId='")?.0;
            let by_id: Vec<&str> = [collection, "any-id"].into_iter().chain(rest.iter().copied()).collect();
            (!rest.is_empty()).then(|| found(&by_id)).flatten()
        })
    }

    /// A part of an operation's description.
    pub fn part(&self, operation: &Operation, pointer: &str) -> Option<&Value> {
        self.follow(self.document.pointer(&format!("{}{pointer}", operation.pointer))?)
    }

    /// The names of the operation's parameters of one kind (`query`, `header`).
    pub fn parameters(&self, operation: &Operation, kind: &str) -> BTreeSet<String> {
        let declared = self.part(operation, "/parameters").and_then(Value::as_array).cloned().unwrap_or_default();
        declared
            .iter()
            .filter_map(|parameter| self.follow(parameter))
            .filter(|parameter| parameter.get("in").and_then(Value::as_str) == Some(kind))
            .filter_map(|parameter| parameter.get("name").and_then(Value::as_str).map(str::to_owned))
            .collect()
    }

    /// The schema of the request's body and its media type; none when it has no body.
    pub fn request_schema(&self, operation: &Operation) -> Option<(String, String)> {
        self.content_schema(&format!("{}/requestBody", operation.pointer))
    }

    /// The schema of an answer with this status.
    pub fn answer_schema(&self, operation: &Operation, status: u16) -> Option<(String, String)> {
        let wide = format!("{}XX", status / 100);
        let key = [status.to_string(), wide, "default".to_owned()]
            .into_iter()
            .find(|key| self.document.pointer(&format!("{}/responses/{key}", operation.pointer)).is_some())?;
        self.content_schema(&format!("{}/responses/{key}", operation.pointer))
    }

    fn content_schema(&self, pointer: &str) -> Option<(String, String)> {
        let place = self.resolved(pointer)?;
        let content = self.document.pointer(&place)?.get("content")?.as_object()?;
        let media = content.keys().next()?.clone();
        let schema = format!("{place}/content/{}/schema", escaped(&media));
        Some((media, schema))
    }

    /// What of `instance` the schema at `pointer` does not allow: wrong values and names that it does not have.
    pub fn faults(&mut self, pointer: &str, instance: &Value) -> Vec<String> {
        if !self.validators.contains_key(pointer) {
            let validator = jsonschema::options()
                .with_draft(Draft::Draft202012)
                .should_validate_formats(true)
                .with_registry(&self.registry)
                .build(&json!({ "$ref": format!("{BASE}#{}", utf8_percent_encode(pointer, NOT_IN_FRAGMENTS)) }))
                .unwrap_or_else(|error| panic!("the contract's schema {pointer} is unusable: {error}"));
            self.validators.insert(pointer.to_owned(), validator);
        }
        let mut faults: Vec<String> = self.validators.get(pointer).map_or_else(Vec::new, |validator| {
            validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
        });
        let schema = self.document.pointer(pointer).cloned().unwrap_or_default();
        self.unknown_names(&schema, instance, "", DEEPEST, &mut faults);
        faults
    }

    /// Every schema allows any further name, which would let a misspelt one pass.
    fn unknown_names(&self, schema: &Value, instance: &Value, place: &str, depth: usize, faults: &mut Vec<String>) {
        if depth == 0 {
            return;
        }
        match instance {
            Value::Object(members) => {
                let typed = members.get("@odata.type").and_then(Value::as_str).map(|kind| kind.trim_start_matches('#'));
                let of_type = typed.and_then(|kind| self.document.pointer(&format!("/components/schemas/{kind}")));
                // Of a type that the contract does not describe, e.g. a group among the memberships, nothing is known.
                if typed.is_some() && of_type.is_none() {
                    return;
                }
                let mut properties = BTreeMap::new();
                self.properties(of_type.unwrap_or(schema), &mut properties, DEEPEST);
                // A schema without any names is a free-form object.
                if properties.is_empty() {
                    return;
                }
                for (name, value) in members {
                    match properties.get(name) {
                        Some(property) => {
                            self.unknown_names(property, value, &format!("{place}/{name}"), depth - 1, faults);
                        }
                        None if name.contains("@odata.") => {}
                        None => faults.push(format!("{place}: the contract has no property {name:?} here")),
                    }
                }
            }
            Value::Array(values) => {
                let mut item = None;
                self.items(schema, &mut item, DEEPEST);
                for (index, value) in values.iter().enumerate() {
                    if let Some(item) = &item {
                        self.unknown_names(item, value, &format!("{place}/{index}"), depth - 1, faults);
                    }
                }
            }
            _ => {}
        }
    }

    /// The names of properties that an object of this schema may have.
    pub fn property_names(&self, pointer: &str) -> BTreeSet<String> {
        let mut properties = BTreeMap::new();
        if let Some(schema) = self.document.pointer(pointer) {
            self.properties(schema, &mut properties, DEEPEST);
            let mut item = None;
            if let Some(value) = properties.get("value") {
                self.items(value, &mut item, DEEPEST);
            }
            if let Some(item) = item {
                properties.clear();
                self.properties(&item, &mut properties, DEEPEST);
            }
        }
        properties.into_keys().collect()
    }

    fn properties(&self, schema: &Value, into: &mut BTreeMap<String, Value>, depth: usize) {
        let Some(schema) = self.follow(schema).filter(|_| depth > 0) else { return };
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            into.insert(name.clone(), property.clone());
        }
        for part in parts(schema) {
            self.properties(part, into, depth - 1);
        }
    }

    fn items(&self, schema: &Value, into: &mut Option<Value>, depth: usize) {
        let Some(schema) = self.follow(schema).filter(|_| depth > 0) else { return };
        if let Some(items) = schema.get("items") {
            *into = Some(items.clone());
        }
        for part in parts(schema) {
            self.items(part, into, depth - 1);
        }
    }

    fn follow<'a>(&'a self, mut value: &'a Value) -> Option<&'a Value> {
        while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            value = self.document.pointer(reference.trim_start_matches('#'))?;
        }
        Some(value)
    }

    fn resolved(&self, pointer: &str) -> Option<String> {
        let mut place = pointer.to_owned();
        while let Some(reference) = self.document.pointer(&place)?.get("$ref").and_then(Value::as_str) {
            reference.trim_start_matches('#').clone_into(&mut place);
        }
        Some(place)
    }
}

fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| schema.get(key)?.as_array()).flatten()
}

fn members<'a>(document: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    document.pointer(pointer).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Whether a segment is of this template: `{id}`, `applications(appId='{appId}')` or literal.
fn fits(template: &str, given: &str) -> bool {
    match (template.find('{'), template.rfind('}')) {
        (Some(open), Some(close)) => {
            let (before, after) = (&template[..open], &template[close + 1..]);
            let Some(value) = given.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)) else {
                return false;
            };
            let bare = before.is_empty();
            !value.is_empty() && (!bare || !value.contains(['(', '\'', '$']))
        }
        _ => template == given,
    }
}

/// Graph v1.0 answers a service principal's `createdDateTime` and takes it in `$select`, though neither its OpenAPI nor
/// its CSDL names it (microsoftgraph/msgraph-sdk-java issue 2246; the printed answers of `az ad sp show`).
fn add_what_the_metadata_lacks(document: &mut Value) {
    let place = "/components/schemas/microsoft.graph.servicePrincipal/allOf/1/properties";
    let properties = document.pointer_mut(place).and_then(Value::as_object_mut).expect("the contract has the type");
    let a_date = json!({ "type": "string", "format": "date-time", "nullable": true });
    assert!(
        properties.insert("createdDateTime".to_owned(), a_date).is_none(),
        "the contract names it now: this addition can go"
    );
}

/// OpenAPI 3.0 says `nullable: true`; JSON Schema says it in the type.
fn nullable_to_json_schema(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("nullable") == Some(&Value::Bool(true)) {
                if let Some(kind) = members.get("type").and_then(Value::as_str).map(str::to_owned) {
                    members.insert("type".to_owned(), json!([kind, "null"]));
                }
                if let Some(choices) = members.get_mut("enum").and_then(Value::as_array_mut)
                    && !choices.contains(&Value::Null)
                {
                    choices.push(Value::Null);
                }
            }
            members.values_mut().for_each(nullable_to_json_schema);
        }
        Value::Array(values) => values.iter_mut().for_each(nullable_to_json_schema),
        _ => {}
    }
}
