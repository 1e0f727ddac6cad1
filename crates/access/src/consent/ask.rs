//! Asking for consent: what a run leaves to another administrator, and what earlier runs have left already.

use inbound_entra::ids::AppRoleId;
use jiff::Timestamp;
use url::Url;

use crate::consent::file::{FORMAT, KIND, fitting};
use crate::consent::{ConsentPermission, ConsentPrincipal, ConsentRequest, ConsentState};
use crate::desired::checked::DesiredPermission;
use crate::job::JobParts;
use crate::principal::cards;
use crate::tenant::TenantFacts;

/// Something that an earlier run left to another administrator and that is not known to be granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AskedBefore {
    pub at: Timestamp,
    /// Object id of the principal.
    pub principal: String,
    /// Id of the app role.
    pub role: String,
    /// The permission's value.
    pub value: String,
}

impl AskedBefore {
    pub(crate) fn is_for(&self, principal: &str, role: AppRoleId) -> bool {
        self.principal == principal && self.role == role.to_string()
    }
}

/// What the runs of this tenant left to another administrator, the latest first.
pub(crate) fn open(parts: &JobParts) -> Vec<AskedBefore> {
    let tenant = parts.tenant.id.to_string();
    let runs = parts.runs.list().unwrap_or_default();
    let states = runs.into_iter().filter_map(|run| run.consent);
    states
        .filter(|state| state.request.tenant_id == tenant && state.request.cloud == parts.tenant.cloud_key)
        .flat_map(|ConsentState { request, granted, .. }| {
            let at = request.asked.parse().unwrap_or(Timestamp::MIN);
            let principal = request.principal.object_id;
            let missing = request.permissions.into_iter().zip(granted).filter(|(_, granted)| granted.is_none());
            let of = move |(permission, _): (ConsentPermission, _)| AskedBefore {
                at,
                principal: principal.clone(),
                role: permission.app_role_id,
                value: permission.value,
            };
            missing.map(of).collect::<Vec<_>>()
        })
        .collect()
}

/// Which run asks, and for whom.
pub(crate) struct Asking<'a> {
    pub run_id: String,
    pub at: Timestamp,
    pub name: &'a str,
    pub client_id: String,
    pub object_id: String,
    pub managed_identity: bool,
}

/// The request, with nothing of it granted yet.
pub(crate) fn state(parts: &JobParts, asking: Asking<'_>, permissions: &[DesiredPermission]) -> ConsentState {
    let Asking { run_id, at, name, client_id, object_id, managed_identity } = asking;
    let tenant = &parts.tenant;
    ConsentState {
        consent_url: (!managed_identity).then(|| consent_page(tenant, &client_id)),
        portal_url: cards::permissions_page(&tenant.portal, &object_id, &client_id),
        granted: vec![None; permissions.len()],
        checked: None,
        request: ConsentRequest {
            kind: KIND.to_owned(),
            format: FORMAT,
            run_id,
            asked: at.to_string(),
            asked_by: fitting(parts.operator.name()),
            cloud: tenant.cloud_key.clone(),
            tenant_id: tenant.id.to_string(),
            tenant_name: fitting(&tenant.name),
            principal: ConsentPrincipal { name: fitting(name), client_id, object_id, managed_identity },
            permissions: permissions
                .iter()
                .map(|permission| ConsentPermission {
                    value: permission.info.value.clone(),
                    title: fitting(&permission.info.title),
                    app_role_id: permission.role.to_string(),
                })
                .collect(),
        },
    }
}

/// Entra's own page for exactly this app, in its older form, which takes no reply address and no scope: it shows what the
/// registration requests. It replaces what was granted, where Inbound Access only adds (graph-facts 6, 11).
fn consent_page(tenant: &TenantFacts, client_id: &str) -> String {
    let mut page: Url = tenant.login.clone();
    page.set_path(&format!("/{}/adminconsent", tenant.id));
    page.set_query(None);
    page.query_pairs_mut().append_pair("client_id", client_id);
    page.to_string()
}
