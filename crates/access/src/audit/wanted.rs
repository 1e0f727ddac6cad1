//! Which permissions an audit looks for, resolved in the tenant's own Microsoft Graph.

use std::collections::{HashMap, HashSet};

use inbound_entra::ids::AppRoleId;
use inbound_entra::model::GraphResource;

use crate::audit::AuditedPermission;
use crate::desired::checked::{excerpt, invalid_field};
use crate::privilege;
use crate::problem::Problem;
use crate::requirements::{self, AUDIT_LOG, PROVISIONING_LOG, UPLOAD, UPLOAD_OWNED};
use crate::words;

/// What the job is about: uploading users and reading what became of it.
const OF_THE_JOB: [&str; 4] = [UPLOAD, UPLOAD_OWNED, AUDIT_LOG, PROVISIONING_LOG];

/// The permissions that are looked for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// As asked for, each once.
    pub permissions: Vec<AuditedPermission>,
    /// Place in `permissions` by the id of the app role.
    roles: HashMap<AppRoleId, usize>,
}

impl Wanted {
    /// Resolves the values; none means those of the job that this tenant offers.
    ///
    /// # Errors
    /// `invalidInput` when one has no name, or when this tenant offers none of those that were named: "nobody holds it"
    /// would then be no answer but a typing error.
    pub(crate) fn of(values: &[String], graph: &GraphResource) -> Result<Self, Problem> {
        if values.iter().any(|value| value.trim().is_empty()) {
            let message = "A permission has no name. Give its value, e.g. AuditLog.Read.All.".to_owned();
            return Err(invalid_field("permissions", message));
        }
        let by_default = values.is_empty();
        let named: Vec<&str> =
            if by_default { OF_THE_JOB.to_vec() } else { values.iter().map(|value| value.trim()).collect() };
        let mut wanted = Self { permissions: Vec::new(), roles: HashMap::new() };
        let mut seen = HashSet::new();
        for value in named.into_iter().filter(|value| seen.insert(*value)) {
            let ids = roles_called(graph, value);
            if by_default && ids.is_empty() {
                continue;
            }
            wanted.roles.extend(ids.into_iter().map(|id| (id, wanted.permissions.len())));
            let info = requirements::describe(value, Some(graph));
            wanted.permissions.push(AuditedPermission {
                title: info.title,
                risk: privilege::level(value),
                explanation: info.explanation,
                offered: graph.application_permission(value).is_some(),
                value: info.value,
            });
        }
        if wanted.roles.is_empty() {
            let named: Vec<String> = wanted.permissions.iter().map(|one| excerpt(&one.value)).collect();
            let named = if by_default { OF_THE_JOB.map(str::to_owned).to_vec() } else { named };
            let message = format!(
                "This tenant's Microsoft Graph has no application permission called {}. Give the value as Microsoft writes \
                 it, e.g. AuditLog.Read.All.",
                words::any_of(&named)
            );
            return Err(invalid_field("permissions", message));
        }
        Ok(wanted)
    }

    /// Place of the permission that the role stands for, if it is looked for.
    pub(crate) fn place(&self, role: AppRoleId) -> Option<usize> {
        self.roles.get(&role).copied()
    }
}

/// Application permissions of this name, whether they can be granted now or not: what was granted before is held still.
fn roles_called(graph: &GraphResource, value: &str) -> Vec<AppRoleId> {
    let is_it = |role: &&inbound_entra::model::AppRole| {
        role.value.as_deref() == Some(value) && role.allowed_member_types.iter().any(|kind| kind == "Application")
    };
    graph.app_roles.iter().filter(is_it).map(|role| role.id).collect()
}

#[cfg(test)]
mod tests {
    use inbound_entra::ids::ObjectId;
    use inbound_entra::model::AppRole;
    use uuid::Uuid;

    use super::*;
    use crate::problem::Code;

    fn graph(roles: &[(&str, bool, &str)]) -> GraphResource {
        let role = |(n, (value, enabled, member)): (usize, &(&str, bool, &str))| AppRole {
            id: AppRoleId(Uuid::from_u128(n as u128 + 10)),
            value: Some((*value).to_owned()),
            display_name: None,
            allowed_member_types: vec![(*member).to_owned()],
            is_enabled: *enabled,
        };
        GraphResource { id: ObjectId(Uuid::from_u128(1)), app_roles: roles.iter().enumerate().map(role).collect() }
    }

    fn values(wanted: &Wanted) -> Vec<(&str, bool)> {
        wanted.permissions.iter().map(|one| (one.value.as_str(), one.offered)).collect()
    }

    #[test]
    fn without_a_name_those_of_the_job_are_meant_that_the_tenant_has() {
        let offered = [(UPLOAD, true, "User"), (UPLOAD, true, "Application"), (AUDIT_LOG, false, "Application")];
        let wanted = Wanted::of(&[], &graph(&offered)).expect("some are there");
        assert_eq!(
            values(&wanted),
            [(UPLOAD, true), (AUDIT_LOG, false)],
            "what cannot be granted any more may be held"
        );
        let place = |n| wanted.place(AppRoleId(Uuid::from_u128(n)));
        assert_eq!((place(10), place(11), place(12)), (None, Some(0), Some(1)), "not the delegated namesake");
    }

    #[test]
    fn a_name_that_nothing_bears_is_told_beside_others_and_refused_alone() {
        let graph = graph(&[(UPLOAD, true, "Application")]);
        let both = [format!(" {UPLOAD}"), "Made.Up".to_owned(), UPLOAD.to_owned()];
        assert_eq!(values(&Wanted::of(&both, &graph).expect("one is there")), [(UPLOAD, true), ("Made.Up", false)]);
        for wrong in ["Made.Up", " ", "synchronizationdata-user.upload"] {
            let problem = Wanted::of(&[wrong.to_owned()], &graph).expect_err(wrong);
            assert_eq!((problem.code, problem.fields[0].field.as_str()), (Code::InvalidInput, "permissions"));
        }
    }
}
