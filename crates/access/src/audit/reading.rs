//! Reads every grant of Microsoft Graph and keeps those of the permissions that are looked for.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use inbound_entra::graph::{Call, GraphError, Wait};
use inbound_entra::ids::ObjectId;
use inbound_entra::model::AppRoleAssignment;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::audit::summary::sentence;
use crate::audit::wanted::Wanted;
use crate::audit::{Audit, AuditListener, AuditNews, AuditSummary, HolderRow};
use crate::job::JobParts;
use crate::observe;
use crate::problem::{Problem, trouble};

/// For one page, with its waits: Graph asks to wait five minutes at most at a time.
const PAGE_PATIENCE: Duration = Duration::from_secs(11 * 60);
/// Rows that go to the listener at once.
const CHUNK: usize = 500;

/// See [`Job::audit`](crate::Job::audit).
pub(super) async fn audit(
    parts: &JobParts,
    permissions: &[String],
    cancel: CancellationToken,
    listener: AuditListener,
) -> Result<Audit, Problem> {
    let checked_at = parts.clock.now().to_string();
    let call = call(cancel, Some(Arc::clone(&listener)));
    let graph = observe::graph_resource(parts, &call).await?;
    let wanted = Wanted::of(permissions, &graph)?;
    let mut reader = Reader::new(&wanted, graph.id, |news| listener(news));
    read(parts, &call, &mut reader).await.map_err(|error| trouble::graph(&error, "read who holds its permissions"))?;
    let Kept { rows, held, holders, grants_read, pages } = reader.kept();
    let all_apps = rows.iter().all(|row| row.principal_type == "ServicePrincipal");
    let mut summary = AuditSummary {
        id: Uuid::new_v4().to_string(),
        tenant_name: parts.tenant.name.clone(),
        tenant_id: parts.tenant.id.to_string(),
        checked_at,
        operator: parts.operator.name().to_owned(),
        sentence: sentence(&wanted.permissions, &held, holders, all_apps),
        permissions: wanted.permissions,
        holders,
        grants: count(rows.len()),
        grants_read,
        pages,
        changes: None,
    };
    let (rows, changes) = parts.history.note_audit(&summary, rows).await;
    summary.changes = changes;
    Ok(Audit { summary, rows })
}

/// Who holds a permission of the job, each once, in the order in which Graph lists them.
///
/// # Errors
/// `cancelled`, or that the tenant cannot be read to the end.
pub(crate) async fn holders(parts: &JobParts, cancel: &CancellationToken) -> Result<Vec<ObjectId>, Problem> {
    let call = call(cancel.clone(), None);
    let graph = observe::graph_resource(parts, &call).await?;
    let wanted = Wanted::of(&[], &graph)?;
    let mut seen = HashSet::new();
    let mut holders = Vec::new();
    let mut take = |page: Vec<AppRoleAssignment>| {
        let of_the_job = page.into_iter().filter(|grant| wanted.place(grant.app_role_id).is_some());
        holders.extend(of_the_job.map(|grant| grant.principal_id).filter(|id| seen.insert(*id)));
    };
    let read = parts.census.every_grant(&call, graph.id, &mut take).await;
    read.map_err(|error| trouble::graph(&error, "read who holds its permissions"))?;
    Ok(holders)
}

/// A call that may take long over each page, and tells its waits.
fn call(cancel: CancellationToken, listener: Option<AuditListener>) -> Call {
    let on_wait: Arc<dyn Fn(Wait) + Send + Sync> = match listener {
        // A turn behind others has no length that could be told.
        Some(listener) => Arc::new(move |wait| {
            if wait.seconds > 0 {
                listener(AuditNews::Waiting { seconds: wait.seconds });
            }
        }),
        None => Arc::new(|_| {}),
    };
    Call { cancel, deadline: PAGE_PATIENCE, on_wait, ..Call::default() }
}

async fn read<F: Fn(AuditNews) + Send + Sync>(
    parts: &JobParts,
    call: &Call,
    reader: &mut Reader<'_, F>,
) -> Result<(), GraphError> {
    let resource = reader.resource;
    parts.census.every_grant(call, resource, &mut |page| reader.take(page)).await
}

/// Takes pages and keeps what is looked for: nothing else of a page outlives it.
struct Reader<'a, F> {
    wanted: &'a Wanted,
    resource: ObjectId,
    tell: F,
    /// Ids of the rows: a list that changes while it is read may show one twice.
    ids: HashSet<Box<str>>,
    principals: HashSet<ObjectId>,
    kept: Kept,
}

/// What is kept.
struct Kept {
    rows: Vec<HolderRow>,
    /// For each permission, in how many rows it is.
    held: Vec<u32>,
    holders: u32,
    grants_read: u32,
    pages: u32,
}

impl<'a, F: Fn(AuditNews)> Reader<'a, F> {
    fn new(wanted: &'a Wanted, resource: ObjectId, tell: F) -> Self {
        let held = vec![0; wanted.permissions.len()];
        let kept = Kept { rows: Vec::new(), held, holders: 0, grants_read: 0, pages: 0 };
        Self { wanted, resource, tell, ids: HashSet::new(), principals: HashSet::new(), kept }
    }

    fn take(&mut self, page: Vec<AppRoleAssignment>) {
        let before = self.kept.rows.len();
        self.kept.pages = self.kept.pages.saturating_add(1);
        self.kept.grants_read = self.kept.grants_read.saturating_add(count(page.len()));
        for grant in page {
            let Some(place) = self.wanted.place(grant.app_role_id) else { continue };
            if !self.ids.insert(grant.id.as_str().into()) {
                continue;
            }
            if self.principals.insert(grant.principal_id) {
                self.kept.holders = self.kept.holders.saturating_add(1);
            }
            if let Some(held) = self.kept.held.get_mut(place) {
                *held = held.saturating_add(1);
            }
            let permission = self.wanted.permissions.get(place).map(|one| one.value.clone()).unwrap_or_default();
            self.kept.rows.push(row(grant, permission));
        }
        for chunk in self.kept.rows.get(before..).unwrap_or_default().chunks(CHUNK) {
            (self.tell)(AuditNews::Rows { rows: chunk.to_vec() });
        }
        (self.tell)(AuditNews::Progress { grants_read: self.kept.grants_read, pages: self.kept.pages });
    }

    fn kept(self) -> Kept {
        self.kept
    }
}

fn row(grant: AppRoleAssignment, permission: String) -> HolderRow {
    HolderRow {
        grant_id: grant.id,
        principal_id: grant.principal_id.to_string(),
        name: grant.principal_display_name.unwrap_or_default(),
        principal_type: grant.principal_type.unwrap_or_default(),
        permission,
        resource: grant.resource_display_name.unwrap_or_else(|| "Microsoft Graph".to_owned()),
        granted_at: grant.created_date_time.map(|at| at.to_string()),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use inbound_entra::ids::AppRoleId;
    use inbound_entra::model::{AppRole, GraphResource};

    use super::*;
    use crate::requirements::UPLOAD;

    fn grant(number: u128, role: u128) -> AppRoleAssignment {
        AppRoleAssignment {
            id: format!("g-{number}"),
            app_role_id: AppRoleId(Uuid::from_u128(role)),
            principal_id: ObjectId(Uuid::from_u128(number / 2)),
            resource_id: ObjectId(Uuid::from_u128(1)),
            principal_display_name: Some(format!("app {number}")),
            principal_type: Some("ServicePrincipal".to_owned()),
            resource_display_name: None,
            created_date_time: None,
        }
    }

    fn wanted() -> Wanted {
        let role = AppRole {
            id: AppRoleId(Uuid::from_u128(7)),
            value: Some(UPLOAD.to_owned()),
            display_name: None,
            allowed_member_types: vec!["Application".to_owned()],
            is_enabled: true,
        };
        let graph = GraphResource { id: ObjectId(Uuid::from_u128(1)), app_roles: vec![role] };
        Wanted::of(&[], &graph).expect("it is offered")
    }

    #[test]
    fn nothing_of_a_page_is_kept_but_the_rows_looked_for() {
        let wanted = wanted();
        let told = Mutex::new(Vec::new());
        let mut reader =
            Reader::new(&wanted, ObjectId(Uuid::from_u128(1)), |news| told.lock().expect("nobody panicked").push(news));
        for page in 0..100_u128 {
            // One in a hundred is of the role.
            reader.take((0..999).map(|n| grant(page * 999 + n, if n % 100 == 0 { 7 } else { 8 })).collect());
        }
        assert_eq!((reader.kept.rows.len(), reader.ids.len()), (1_000, 1_000), "of 99,900");
        let kept = reader.kept();
        assert_eq!((kept.grants_read, kept.pages, kept.held), (99_900, 100, vec![1_000]));
    }

    #[test]
    fn rows_are_told_in_chunks_and_one_that_is_listed_twice_counts_once() {
        let wanted = wanted();
        let told = Mutex::new(Vec::new());
        let mut reader =
            Reader::new(&wanted, ObjectId(Uuid::from_u128(1)), |news| told.lock().expect("nobody panicked").push(news));
        reader.take((0..999).map(|n| grant(n, 7)).collect());
        reader.take(Vec::new());
        reader.take((998..1_001).map(|n| grant(n, 7)).collect());
        let kept = reader.kept();
        assert_eq!((kept.rows.len(), kept.holders, kept.grants_read, kept.pages), (1_001, 501, 1_002, 3));
        let sizes: Vec<usize> = told
            .into_inner()
            .expect("nobody panicked")
            .iter()
            .map(|news| match news {
                AuditNews::Rows { rows } => rows.len(),
                AuditNews::Progress { .. } => 0,
                AuditNews::Waiting { .. } => usize::MAX,
            })
            .collect();
        assert_eq!(sizes, [500, 499, 0, 0, 2, 0]);
    }
}
