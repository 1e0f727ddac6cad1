//! From a request to the handler of its resource, and from whatever that says to an answer with Graph's headers.

use http::Method;

use crate::graph::authorise::{Caller, authenticate, authorise};
use crate::graph::call::Call;
use crate::graph::cost;
use crate::graph::error::{Refusal, RequestIds};
use crate::graph::odata::query::Options;
use crate::graph::rules::Rule;
use crate::graph::{
    application_templates, applications, assignments, batch, bulk_upload, deleted_items, directory_objects, federated,
    me, organization, owners, passwords, path, permission_grants, policies, provisioning_log, roles,
    service_principals, synchronization,
};
use crate::message::{Answer, Incoming, Payload};
use crate::tenant::Tenant;
use crate::throttle::{SHARE, Share};

/// Answers a call, or refuses it.
pub(crate) type Handler = fn(&Call<'_>) -> Result<Answer, Refusal>;

/// A method on a form of path, who may use it, and what answers it.
pub(crate) struct Route {
    pub method: Method,
    pub template: &'static str,
    pub rule: &'static Rule,
    pub handler: Handler,
}

impl Route {
    pub const fn new(method: Method, template: &'static str, rule: &'static Rule, handler: Handler) -> Self {
        Self { method, template, rule, handler }
    }
}

/// Every resource. A new one adds its file and a line here.
const RESOURCES: [&[Route]; 17] = [
    applications::ROUTES,
    passwords::ROUTES,
    service_principals::ROUTES,
    assignments::ROUTES,
    deleted_items::ROUTES,
    me::ROUTES,
    organization::ROUTES,
    policies::ROUTES,
    roles::ROUTES,
    federated::ROUTES,
    owners::ROUTES,
    synchronization::ROUTES,
    bulk_upload::ROUTES,
    provisioning_log::ROUTES,
    application_templates::ROUTES,
    permission_grants::ROUTES,
    directory_objects::ROUTES,
];

/// Whether a path belongs to Graph: its first segment is a version.
pub(crate) fn owns(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    ["v1.0", "beta"].contains(&first)
}

/// Answers a request for Graph.
pub(crate) fn answer(tenant: &Tenant, incoming: &Incoming) -> Answer {
    let ids = RequestIds::new(incoming.header("client-request-id"));
    let answer =
        respond(tenant, incoming, &ids).unwrap_or_else(|refusal| refusal.into_answer(&ids, tenant.clock.now()));
    with_headers(answer, &ids)
}

fn with_headers(mut answer: Answer, ids: &RequestIds) -> Answer {
    if matches!(answer.payload, Payload::Json(_)) && !answer.has("content-type") {
        let kind = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
        answer = answer.with("content-type", kind);
    }
    answer
        .with("cache-control", "no-cache")
        .with("odata-version", "4.0")
        .with("request-id", ids.request.clone())
        .with("client-request-id", ids.client.clone())
        .with(
            "x-ms-ags-diagnostic",
            r#"{"ServerInfo":{"DataCenter":"Practice","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"PRACTICE"}}"#,
        )
}

fn respond(tenant: &Tenant, incoming: &Incoming, ids: &RequestIds) -> Result<Answer, Refusal> {
    let rest = incoming.path.strip_prefix("/v1.0").ok_or_else(|| {
        let version = incoming.path.trim_start_matches('/').split('/').next().unwrap_or_default();
        Refusal::unreadable(format!("Invalid version: {version}. The practice tenant offers v1.0."))
    })?;
    if batch::is_batch(rest) {
        authenticate(tenant, incoming)?;
        return batch::answer(tenant, incoming, ids);
    }
    let caller = authenticate(tenant, incoming)?;
    let share = tenant.dials.throttle(caller.client(), tenant.clock.now()).map_err(Refusal::throttled)?;
    headed(route(tenant, incoming, rest, &caller), SHARE, share.and_then(Share::header))
}

/// The same with one more header, whatever came of the call.
fn headed(outcome: Result<Answer, Refusal>, name: &'static str, value: Option<String>) -> Result<Answer, Refusal> {
    let Some(value) = value else { return outcome };
    match outcome {
        Ok(answer) => Ok(answer.with(name, value)),
        Err(refusal) => Err(refusal.with_header(name, value)),
    }
}

/// Answers a call of a caller that is known and not throttled; `rest` is the path after the version.
fn route(tenant: &Tenant, incoming: &Incoming, rest: &str, caller: &Caller) -> Result<Answer, Refusal> {
    let pieces = path::parse(rest).ok_or_else(|| {
        Refusal::unreadable("The path holds a key that is not well formed: quote it, double its quotes.")
    })?;

    let mut allowed = Vec::new();
    for route in RESOURCES.into_iter().flatten() {
        let Some(keys) = path::matches(route.template, &pieces) else { continue };
        if route.method != incoming.method {
            allowed.push(route.method.as_str());
            continue;
        }
        let permit = authorise(route.rule, caller)?;
        // What is wrong with an upload is said by the upload (graph-facts 9).
        if route.template != bulk_upload::TEMPLATE {
            check_payload(incoming)?;
        }
        let options = Options::parse(incoming)?;
        let units = cost::units(&route.method, route.template, &options).to_string();
        let now = tenant.clock.now();
        let replica = tenant.dials.replica(incoming, now);
        let call = Call { tenant, incoming, caller, permit, keys, options, replica, now };
        return headed((route.handler)(&call), "x-ms-resource-unit", Some(units));
    }
    if allowed.is_empty() {
        let segment = rest.trim_matches('/').split('/').next_back().unwrap_or_default();
        let message = format!("Resource not found for the segment '{segment}'.");
        return Err(Refusal::new(404, "ResourceNotFound", message));
    }
    let message = format!("The method {} is not allowed for this resource.", incoming.method);
    Err(Refusal::new(405, "Request_MethodNotAllowed", message).with_header("allow", allowed.join(", ")))
}

/// A body must say that it is JSON, and be it.
pub(crate) fn check_payload(incoming: &Incoming) -> Result<(), Refusal> {
    if incoming.body.is_empty() || [Method::GET, Method::DELETE].contains(&incoming.method) {
        return Ok(());
    }
    if incoming.content_type().as_deref() != Some("application/json") {
        let message = "A supported MIME type could not be found that matches the content type of the request. The \
                       supported type is application/json.";
        return Err(Refusal::new(415, "RequestUnsupportedMediaType", message));
    }
    serde_json::from_slice::<serde::de::IgnoredAny>(&incoming.body).map(|_| ()).map_err(|_| {
        Refusal::unreadable(
            "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid \
             JSON format.",
        )
    })
}

/// The refusal of a body that is too large to read.
pub(crate) fn too_large(tenant: &Tenant, incoming: &Incoming) -> Answer {
    let ids = RequestIds::new(incoming.header("client-request-id"));
    let refusal = Refusal::new(413, "RequestEntityTooLarge", "The request body is larger than 4 MB.");
    with_headers(refusal.into_answer(&ids, tenant.clock.now()), &ids)
}

/// A refusal that the fault script asks for, in Graph's shape.
pub(crate) fn refused_by_script(tenant: &Tenant, incoming: &Incoming, refusal: Refusal) -> Answer {
    let ids = RequestIds::new(incoming.header("client-request-id"));
    with_headers(refusal.into_answer(&ids, tenant.clock.now()), &ids)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use serde_json::Value;

    use super::*;

    /// The path of the metadata that a template stands for, keys aside.
    fn shape(path: &str) -> String {
        path.split('/')
            .map(|segment| if segment.starts_with('{') { "{}" } else { segment })
            .map(|segment| segment.replace("(on='{on}')", "/{}"))
            .collect::<Vec<_>>()
            .join("/")
    }

    /// Graph-facts 12: the permissions of Microsoft's metadata, for every route that it lists.
    #[test]
    fn every_rule_asks_for_permissions_that_microsoft_lists() {
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contract/graph-openapi-subset.json");
        let Ok(text) = std::fs::read_to_string(file) else {
            eprintln!("skipped: every_rule_asks_for_permissions_that_microsoft_lists: ../shared/contract is absent");
            return;
        };
        let contract: Value = serde_json::from_str(&text).unwrap();
        let mut checked = 0;
        for route in RESOURCES.into_iter().flatten() {
            let paths = contract["paths"].as_object().unwrap();
            let Some((_, path)) = paths.iter().find(|(path, _)| shape(path) == shape(route.template)) else { continue };
            let permissions = &path[route.method.as_str().to_ascii_lowercase()]["x-permissions"];
            // Users' permissions stand where those of applications would; the reference names another (graph-facts 7).
            // Of the organization the metadata lists other scopes by id than in the list.
            if route.template.contains("deletedItems") || route.template == "/organization/{id}" {
                continue;
            }
            for (scheme, rows) in [("DelegatedWork", route.rule.delegated), ("Application", route.rule.application)] {
                let Some(listed) = permissions[scheme]["all"].as_array() else { continue };
                for row in rows {
                    for value in *row {
                        let known = listed.iter().any(|it| it == value);
                        assert!(known, "{} {}: {scheme} {value}", route.method, route.template);
                        checked += 1;
                    }
                }
            }
        }
        assert!(checked > 80, "{checked}");
    }
}
