//! The gallery, as far as inbound provisioning goes: the two API-driven apps (graph-facts 9).

use http::Method;
use serde_json::{Map, Value, json};

use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::odata::list::{self, Rows};
use crate::graph::odata::schema::object;
use crate::graph::odata::schema_provisioning::APPLICATION_TEMPLATE;
use crate::graph::router::Route;
use crate::graph::rules::READ_APPLICATIONS;
use crate::message::Answer;
use crate::seed::provisioning::{GALLERY, Gallery, gallery_template};

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/applicationTemplates", &READ_APPLICATIONS, list_all),
    Route::new(Method::GET, "/applicationTemplates/{id}", &READ_APPLICATIONS, get),
];

fn show(it: &Gallery) -> Map<String, Value> {
    object(json!({
        "id": it.id(),
        "displayName": it.name,
        "homePageUrl": null,
        "supportedSingleSignOnModes": [],
        "supportedProvisioningTypes": ["sync"],
        "logoUrl": null,
        "categories": ["humanResources"],
        "publisher": "Microsoft Corporation",
        "description": it.description,
    }))
}

fn list_all(call: &Call<'_>) -> Result<Answer, Refusal> {
    let rows = GALLERY.iter().map(show).collect();
    list::list(call, Rows { kind: &APPLICATION_TEMPLATE, set: "applicationTemplates", rows })
}

fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.plain_key(0)?;
    let found = gallery_template(id).ok_or_else(|| Refusal::not_found(id))?;
    list::single(call, &APPLICATION_TEMPLATE, "applicationTemplates", show(found))
}
