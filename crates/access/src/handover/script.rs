//! What is done in a tenant, as a list of calls whose ids come from earlier answers. Languages are written from it.

mod from_run;

use serde_json::Value;
use uuid::Uuid;

use crate::plan::{PlanView, RequestPreview, StepEffect, StepKind, StepView};
use crate::tenant::TenantFacts;

pub(super) use from_run::of_run;

/// The id by which every tenant knows Microsoft Graph.
const MICROSOFT_GRAPH: &str = "00000003-0000-0000-c000-000000000000";
/// The object id that Microsoft Graph has in a tenant differs in each, so a script looks it up.
const GRAPH_ID: &str = "object id of Microsoft Graph";
/// In a planned secret's description: a run's own mark, which a repetition has not.
const RUN_MARK: &str = " (run {run id})";
/// Properties that hold ids. Others, names among them, are never taken for a variable.
const ID_PROPERTIES: [&str; 4] = ["appId", "principalId", "resourceId", "keyId"];

/// The calls in order.
pub(super) struct Script {
    /// In words: `the app "HR feed"`.
    pub subject: String,
    pub tenant_name: String,
    pub tenant_id: String,
    pub cloud_key: String,
    /// Origin of Microsoft Graph.
    pub graph: String,
    pub steps: Vec<Step>,
    /// It tells of a run, not of a plan.
    pub is_of_run: bool,
}

/// Calls under a title.
pub(super) struct Step {
    pub number: u32,
    pub title: String,
    /// A permission's value.
    pub term: Option<String>,
    /// Comments.
    pub notes: Vec<String>,
    pub calls: Vec<Call>,
}

/// A call.
pub(super) struct Call {
    pub kind: Kind,
    pub method: String,
    pub url: Vec<Piece>,
    /// Without the content type, which follows from the body.
    pub headers: Vec<(String, String)>,
    /// Placeholders stand in it as in [`RequestPreview`].
    pub body: Option<Value>,
    /// What of the answer is needed later.
    pub captures: Vec<Capture>,
}

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Look,
    Register,
    Request,
    MakePrincipal,
    Grant,
    MakeSecret,
    Remove,
    Other,
}

/// A property of an answer, kept in a variable.
#[derive(Clone)]
pub(super) struct Capture {
    pub variable: String,
    pub property: &'static str,
}

/// Text, or a variable by its name in words: `client id of step 2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Variable(String),
}

impl Script {
    /// The variables that some call fills.
    pub(super) fn variables(&self) -> Vec<&str> {
        let calls = self.steps.iter().flat_map(|step| &step.calls);
        calls.flat_map(|call| &call.captures).map(|capture| capture.variable.as_str()).collect()
    }

    /// A call's body, indented, its variables told from its text.
    pub(super) fn body(&self, call: &Call) -> Option<Vec<Piece>> {
        let mut body = call.body.clone()?;
        // Stands for a variable while the body is written as JSON; nothing in it can be the same by chance or intent.
        let mark = Uuid::new_v4().simple().to_string();
        let variables = self.variables();
        put_marks(&mut body, &variables, &mark);
        let text = format!("{body:#}");
        let pieces = text.split(mark.as_str()).enumerate().filter_map(|(at, part)| {
            let is_variable = at % 2 == 1;
            match is_variable {
                true => variables.get(part.parse::<usize>().ok()?).map(|name| Piece::Variable((*name).to_owned())),
                false => Some(Piece::Text(part.to_owned())),
            }
        });
        Some(pieces.collect())
    }

    fn new(subject: &str, tenant: &TenantFacts, steps: Vec<Step>, is_of_run: bool) -> Self {
        let mut script = Self {
            subject: subject.to_owned(),
            tenant_name: tenant.name.clone(),
            tenant_id: tenant.id.to_string(),
            cloud_key: tenant.cloud_key.clone(),
            graph: tenant.graph.origin().ascii_serialization(),
            steps,
            is_of_run,
        };
        script.look_graph_up();
        script.leave_unknown();
        script.keep_what_is_used();
        script
    }

    /// Puts the variable of Microsoft Graph's object id in place of the id in every grant.
    fn look_graph_up(&mut self) {
        let mut found = false;
        for call in self.steps.iter_mut().flat_map(|step| &mut step.calls).filter(|call| call.kind == Kind::Grant) {
            let Some(resource) = call.body.as_mut().and_then(|body| body.get_mut("resourceId")) else { continue };
            let Some(id) = resource.as_str().map(str::to_owned).filter(|id| !id.is_empty()) else { continue };
            *resource = Value::String(format!("{{{GRAPH_ID}}}"));
            call.url = call.url.iter().flat_map(|piece| split_at(piece, &id, GRAPH_ID)).collect();
            found = true;
        }
        if !found {
            return;
        }
        let url = format!("{}/v1.0/servicePrincipals(appId='{MICROSOFT_GRAPH}')?$select=id", self.graph);
        let capture = Capture { variable: GRAPH_ID.to_owned(), property: "id" };
        let look = Call { captures: vec![capture], ..Call::look(url) };
        let title = "Find Microsoft Graph in this tenant".to_owned();
        self.steps.insert(0, Step { number: 0, title, term: None, notes: Vec::new(), calls: vec![look] });
    }

    /// What no call fills is text.
    fn leave_unknown(&mut self) {
        let known: Vec<String> = self.variables().into_iter().map(str::to_owned).collect();
        for piece in self.steps.iter_mut().flat_map(|step| &mut step.calls).flat_map(|call| &mut call.url) {
            if let Piece::Variable(name) = piece
                && !known.contains(name)
            {
                *piece = Piece::Text(format!("{{{name}}}"));
            }
        }
    }

    /// Drops the captures that no later call needs.
    fn keep_what_is_used(&mut self) {
        let mut used: Vec<String> = Vec::new();
        for call in self.steps.iter().flat_map(|step| &step.calls) {
            let in_url = call.url.iter().cloned();
            let in_body = self.body(call).unwrap_or_default();
            for piece in in_url.chain(in_body) {
                if let Piece::Variable(name) = piece {
                    used.push(name);
                }
            }
        }
        for call in self.steps.iter_mut().flat_map(|step| &mut step.calls) {
            call.captures.retain(|capture| used.contains(&capture.variable));
        }
        // A look that nobody needs is none of the work.
        for step in &mut self.steps {
            let is_of_use =
                |call: &Call| call.kind != Kind::Look || !call.captures.is_empty() || !step.notes.is_empty();
            let kept = std::mem::take(&mut step.calls).into_iter().filter(is_of_use).collect();
            step.calls = kept;
        }
    }
}

impl Call {
    fn look(url: String) -> Self {
        Self {
            kind: Kind::Look,
            method: "GET".to_owned(),
            url: vec![Piece::Text(url)],
            headers: Vec::new(),
            body: None,
            captures: Vec::new(),
        }
    }
}

/// A plan's requests, those of steps that are already true left out: they have none.
pub(super) fn of_plan(plan: &PlanView, tenant: &TenantFacts) -> Script {
    let steps = plan.steps.iter().filter_map(|step| {
        let by_hand = by_hand(step);
        let is_by_hand = by_hand.is_some();
        let requests = step.requests.iter().filter(|_| !is_by_hand);
        let calls: Vec<Call> = requests.flat_map(|request| calls_of(request, step.number)).collect();
        let notes: Vec<String> = by_hand.into_iter().collect();
        (is_by_hand || !calls.is_empty()).then(|| Step {
            number: step.number,
            title: step.title.clone(),
            term: step.term.clone(),
            notes,
            calls,
        })
    });
    Script::new(&plan.subject, tenant, steps.collect(), false)
}

/// What a person does in place of a call, where a step has one.
fn by_hand(step: &StepView) -> Option<String> {
    if step.effect == StepEffect::WillAskConsent {
        return Some("Left to another administrator.".to_owned());
    }
    // Not of Microsoft Graph, and sent by the client, whom no administrator's sign-in stands for.
    let proof = step.requests.first().filter(|_| step.kind == StepKind::ProveSecret)?;
    Some(format!(
        "By hand: ask for a token with the new secret ({} {}). Go on when one is issued.",
        proof.method, proof.url
    ))
}

/// The call of a request, and a look behind it where its answer may hold nothing.
fn calls_of(request: &RequestPreview, step: u32) -> Vec<Call> {
    let headers = request.headers.iter().filter_map(|header| header.split_once(": "));
    let headers = headers.filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
    let kind = kind_of(&request.method, &request.url);
    let mut body = request.body.as_deref().and_then(|body| serde_json::from_str::<Value>(body).ok());
    if let Some(description) = body.as_mut().and_then(|body| body.pointer_mut("/passwordCredential/displayName")) {
        *description = Value::String(description.as_str().unwrap_or_default().replace(RUN_MARK, ""));
    }
    let capture = |id: &str, property| Capture { variable: format!("{id} of step {step}"), property };
    let captures = match kind {
        Kind::MakePrincipal => vec![capture("object id", "id")],
        Kind::Grant => vec![capture("grant id", "id")],
        Kind::MakeSecret => vec![capture("key id", "keyId")],
        _ => Vec::new(),
    };
    let call = Call {
        kind,
        method: request.method.clone(),
        url: pieces(&request.url),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        body,
        captures,
    };
    if kind != Kind::Register {
        return vec![call];
    }
    // Where the registration is there already the answer is empty (204).
    let look = Call {
        captures: vec![capture("object id", "id"), capture("client id", "appId")],
        ..Call::look(format!("{}?$select=id,appId", request.url))
    };
    vec![call, look]
}

fn kind_of(method: &str, url: &str) -> Kind {
    let path = url.split('?').next().unwrap_or_default();
    match method {
        "GET" => Kind::Look,
        "DELETE" => Kind::Remove,
        "PATCH" if path.contains("/applications(uniqueName=") => Kind::Register,
        "PATCH" if path.contains("/applications/") => Kind::Request,
        "POST" if path.ends_with("/servicePrincipals") => Kind::MakePrincipal,
        "POST" if path.ends_with("/appRoleAssignedTo") => Kind::Grant,
        "POST" if path.ends_with("/addPassword") => Kind::MakeSecret,
        "POST" if path.ends_with("/removePassword") => Kind::Remove,
        _ => Kind::Other,
    }
}

/// Text with `{client id of step 2}` told from the rest.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, then)) = after.split_once('}').filter(|(name, _)| name.contains(" of ")) else { break };
        pieces.push(Piece::Text(before.to_owned()));
        pieces.push(Piece::Variable(name.to_owned()));
        rest = then;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces.retain(|piece| *piece != Piece::Text(String::new()));
    pieces
}

/// A piece with the variable in place of an id.
fn split_at(piece: &Piece, id: &str, variable: &str) -> Vec<Piece> {
    let Piece::Text(text) = piece else { return vec![piece.clone()] };
    let mut out = Vec::new();
    for (at, part) in text.split(id).enumerate() {
        if at > 0 {
            out.push(Piece::Variable(variable.to_owned()));
        }
        if !part.is_empty() {
            out.push(Piece::Text(part.to_owned()));
        }
    }
    out
}

/// Puts a mark, the variable's number and a mark in place of each variable.
fn put_marks(value: &mut Value, variables: &[&str], mark: &str) {
    match value {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                let name = value.as_str().and_then(|text| text.strip_prefix('{')?.strip_suffix('}'));
                let known = name.and_then(|name| variables.iter().position(|known| *known == name));
                match known.filter(|_| ID_PROPERTIES.contains(&key.as_str())) {
                    Some(at) => *value = Value::String(format!("{mark}{at}{mark}")),
                    None => put_marks(value, variables, mark),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| put_marks(value, variables, mark)),
        _ => {}
    }
}

#[cfg(test)]
#[path = "script/tests.rs"]
mod tests;
