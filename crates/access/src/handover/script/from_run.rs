//! What a run did, from its journal: each thing that it made by the request that makes it, each that it took away by the
//! request that was sent.

use std::collections::HashSet;

use inbound_entra::graph::request::{self, NewApplication, Request};
use inbound_entra::ids::{AppRoleId, MICROSOFT_GRAPH};
use inbound_entra::model::{RequiredResourceAccess, ResourceAccess};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Call, Script, Step, calls_of, split_at};
use crate::desired::SetupRequest;
use crate::fix::Fix;
use crate::plan::preview;
use crate::plan::work::Origin;
use crate::plan::{RequestPreview, StepKind};
use crate::run::document::{Document, Entry};
use crate::run::fact::{Aim, Fact, Made};
use crate::run::{RunStep, StepState};
use crate::tenant::TenantFacts;
use crate::words;

/// The calls of a run's record.
pub(in crate::handover) fn of_run(document: &Document, tenant: &TenantFacts) -> Script {
    let mut told = Told { document, tenant, steps: Vec::new(), known: Vec::new() };
    for (at, entry) in document.entries.iter().enumerate() {
        told.entry(at, entry);
    }
    Script::new(&document.run.subject, tenant, told.steps, true)
}

struct Told<'a> {
    document: &'a Document,
    tenant: &'a TenantFacts,
    steps: Vec<Step>,
    /// Ids that the run got, with the variable that stands for each in a repetition.
    known: Vec<(String, String)>,
}

impl Told<'_> {
    fn entry(&mut self, at: usize, entry: &Entry) {
        match &entry.fact {
            Fact::Made { object, .. } => self.made(entry, object),
            Fact::Removed { id } => self.removed(at, entry, id),
            // Most of what is settled was made or removed, which an entry of its own says.
            Fact::Settled { .. } if !self.has_own(entry) => self.settled(at, entry),
            _ => {}
        }
    }

    fn made(&mut self, entry: &Entry, object: &Made) {
        let number = self.next();
        let variable = |id: &str| format!("{id} of step {number}");
        let mut notes = vec![self.when(entry)];
        for one in object.objects(entry.step) {
            notes.push(format!("{}: {} {}", one.what, one.id_name, one.id));
        }
        let request = match object {
            Made::Application { application, client, unique_name, name } => {
                self.known.push((application.to_string(), variable("object id")));
                self.known.push((client.to_string(), variable("client id")));
                request::upsert_application(unique_name, &self.application(name))
            }
            Made::ServicePrincipal { principal, client, .. } => {
                self.known.push((principal.to_string(), variable("object id")));
                request::create_service_principal(client)
            }
            Made::Grant { id, principal, resource, role, .. } => {
                self.known.push((id.clone(), variable("grant id")));
                request::grant(resource, principal, role)
            }
            Made::SignIn { principal, .. } => request::set_sign_in(principal, true),
            Made::Secret { application, key, description, .. } => {
                self.known.push((key.to_string(), variable("key id")));
                let (description, end) = (without_mark(description), self.end_of(&key.to_string()));
                request::add_password(application, description, end.unwrap_or(entry.at))
            }
            Made::Requested { application, roles } => {
                let roles: Vec<String> = roles.iter().map(ToString::to_string).collect();
                notes.push(format!(
                    "It added the app roles {} of Microsoft Graph to requiredResourceAccess. A PATCH replaces the whole list: \
                     read it first, and send it with these added.",
                    words::list(&roles)
                ));
                let url = self.preview(&request::application(application)).url;
                let look = Call::look(
                    url.split('?').next().unwrap_or_default().to_owned() + "?$select=requiredResourceAccess",
                );
                return self.push(entry, number, notes, vec![look]);
            }
        };
        let calls = calls_of(&self.preview(&request), number);
        self.push(entry, number, notes, calls);
    }

    /// By the request that was sent for it.
    fn removed(&mut self, at: usize, entry: &Entry, id: &str) {
        let Some((method, path)) = self.sent(at, entry) else { return };
        let number = self.next();
        let notes = vec![self.when(entry), format!("Id: {id}")];
        let body = (method == "POST").then(|| json!({ "keyId": id }));
        let calls = calls_of(&self.raw(&method, &path, body), number);
        self.push(entry, number, notes, calls);
    }

    fn settled(&mut self, at: usize, entry: &Entry) {
        let Some((method, path)) = self.sent(at, entry) else { return };
        let number = self.next();
        let mut notes = vec![self.when(entry)];
        let enables = self.step(entry).and_then(|step| match step.kind {
            StepKind::EnableSignIn => Some(true),
            StepKind::BlockSignIn => Some(false),
            _ => None,
        });
        let calls = match (method.as_str(), enables) {
            ("PATCH", Some(enabled)) => {
                calls_of(&self.raw(&method, &path, Some(json!({ "accountEnabled": enabled }))), number)
            }
            ("DELETE", _) => calls_of(&self.raw(&method, &path, None), number),
            _ => {
                notes.push(format!("Sent: {method} {path}. Its body is not in the run's record."));
                Vec::new()
            }
        };
        self.push(entry, number, notes, calls);
    }

    fn push(&mut self, entry: &Entry, number: u32, notes: Vec<String>, mut calls: Vec<Call>) {
        for call in &mut calls {
            for (id, variable) in &self.known {
                // What it makes itself is not known yet while it is made.
                if variable.ends_with(&format!(" of step {number}")) {
                    continue;
                }
                call.url = call.url.iter().flat_map(|piece| split_at(piece, id, variable)).collect();
                if let Some(body) = &mut call.body {
                    name_ids(body, id, variable);
                }
            }
        }
        let step = self.step(entry);
        let title = step.map_or_else(|| format!("Step {}", entry.step), |step| step.title.clone());
        let term = step.and_then(|step| step.term.clone());
        self.steps.push(Step { number, title, term, notes, calls });
    }

    fn next(&self) -> u32 {
        u32::try_from(self.steps.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    fn when(&self, entry: &Entry) -> String {
        let request = self.step(entry).and_then(|step| match &step.state {
            StepState::Done { request_id: Some(id), .. } => Some(format!(", request-id {id}")),
            _ => None,
        });
        format!("Done {}{}", words::moment(entry.at), request.unwrap_or_default())
    }

    fn step(&self, entry: &Entry) -> Option<&RunStep> {
        let run = &self.document.run;
        let before = usize::try_from(entry.attempt).ok()?.checked_sub(1)?;
        let steps = run.earlier.get(before).map_or(&run.steps, |attempt| &attempt.steps);
        steps.iter().find(|step| step.number == entry.step)
    }

    /// The last request that was sent for a step before an entry: method and path.
    fn sent(&self, before: usize, entry: &Entry) -> Option<(String, String)> {
        let earlier = self.document.entries.get(..before)?.iter().rev();
        let own = earlier.filter(|one| (one.attempt, one.step) == (entry.attempt, entry.step));
        own.filter_map(|one| match &one.fact {
            Fact::Intended { request, .. } => request.split_once(' '),
            _ => None,
        })
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .next()
    }

    /// Whether an entry says what a step made or removed.
    fn has_own(&self, entry: &Entry) -> bool {
        self.document.entries.iter().any(|one| {
            (one.attempt, one.step) == (entry.attempt, entry.step)
                && matches!(one.fact, Fact::Made { .. } | Fact::Removed { .. } | Fact::SecretIntended { .. })
        })
    }

    fn preview(&self, request: &Request) -> RequestPreview {
        preview::of(request, &self.tenant.graph)
    }

    fn raw(&self, method: &str, path: &str, body: Option<Value>) -> RequestPreview {
        RequestPreview {
            method: method.to_owned(),
            url: format!("{}{path}", self.tenant.graph.origin().ascii_serialization()),
            headers: Vec::new(),
            body: body.map(|body| body.to_string()),
        }
    }

    /// As it was registered: with everything that the run granted or left to another.
    fn application(&self, name: &str) -> NewApplication {
        // In the order in which they were planned.
        let mut roles: Vec<String> = Vec::new();
        for entry in &self.document.entries {
            match &entry.fact {
                Fact::Made { object: Made::Grant { role, .. }, .. }
                | Fact::Intended { aim: Some(Aim::Grant { role, .. }), .. } => {
                    roles.push(role.to_string());
                }
                _ => {}
            }
        }
        let asked = self.document.run.consent.iter().flat_map(|state| &state.request.permissions);
        roles.extend(asked.map(|permission| permission.app_role_id.clone()));
        let mut seen = HashSet::new();
        roles.retain(|role| seen.insert(role.clone()));
        let access = roles.iter().filter_map(|role| role.parse::<AppRoleId>().ok());
        let access: Vec<ResourceAccess> = access.map(|id| ResourceAccess { id, kind: "Role".to_owned() }).collect();
        let note = match &self.document.origin {
            Some(Origin::SetUp { request: SetupRequest::AppRegistration { note, .. }, .. }) => note.clone(),
            _ => None,
        };
        let requested = RequiredResourceAccess { resource_app_id: MICROSOFT_GRAPH, resource_access: access };
        NewApplication::new(name, note, vec![requested])
    }

    /// When a secret of the run ends.
    fn end_of(&self, key: &str) -> Option<Timestamp> {
        let hand_over = self.document.run.hand_over.as_ref();
        let kept = hand_over.and_then(|one| one.secret.as_ref()).filter(|one| one.key_id == key);
        let shown = hand_over.and_then(|one| one.shown.as_ref()).filter(|one| one.key_id == key);
        let asked = match &self.document.origin {
            Some(
                Origin::SetUp { request: SetupRequest::AppRegistration { secret_expires: day, .. }, .. }
                | Origin::Fix { fix: Fix::RotateSecret { expires: day, .. } },
            ) => Some(format!("{day}T23:59:59Z")),
            _ => None,
        };
        let found = kept.map(|one| one.expires.clone()).or_else(|| shown.map(|one| one.expires.clone())).or(asked);
        found.and_then(|end| end.parse().ok())
    }
}

/// A secret's description without the run's own mark.
fn without_mark(description: &str) -> &str {
    match description.rsplit_once(" (run ") {
        Some((before, mark)) if mark.ends_with(')') && mark.len() <= 37 => before,
        _ => description,
    }
}

/// Puts a variable in place of an id wherever it is a whole value.
fn name_ids(value: &mut Value, id: &str, variable: &str) {
    match value {
        Value::String(text) if text == id => *text = format!("{{{variable}}}"),
        Value::Object(object) => object.iter_mut().for_each(|(_, value)| name_ids(value, id, variable)),
        Value::Array(list) => list.iter_mut().for_each(|value| name_ids(value, id, variable)),
        _ => {}
    }
}
