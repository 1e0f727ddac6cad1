//! Who has access: everyone in the tenant who holds certain application permissions of Microsoft Graph, read once from the
//! Graph principal's `appRoleAssignedTo` (graph-facts 6).

pub(crate) mod details;
pub(crate) mod reading;
mod summary;
pub(crate) mod wanted;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::history::Changes;
use crate::job::Job;
use crate::principal::PrincipalKind;
use crate::problem::Problem;

/// Hears how an audit goes on.
pub type AuditListener = Arc<dyn Fn(AuditNews) + Send + Sync>;

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Audit {
    /// The sum of it.
    pub summary: AuditSummary,
    /// Every grant of the permissions asked for, as Graph lists them.
    pub rows: Vec<HolderRow>,
}

/// The sum of an audit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditSummary {
    /// Handle for its evidence and for details.
    pub id: String,
    /// The tenant's name.
    pub tenant_name: String,
    /// The tenant's id.
    pub tenant_id: String,
    /// When reading began, RFC 3339.
    pub checked_at: String,
    /// Sign-in name of who looked.
    pub operator: String,
    /// In a sentence: how many hold what.
    pub sentence: String,
    /// The permissions that were looked for.
    pub permissions: Vec<AuditedPermission>,
    /// Principals among the rows, each counted once.
    pub holders: u32,
    /// Rows.
    pub grants: u32,
    /// All grants of Microsoft Graph that were read.
    pub grants_read: u32,
    /// In so many pages.
    pub pages: u32,
    /// What is different from the last audit of the same permissions; none when there was none.
    pub changes: Option<Changes>,
}

/// A permission that was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditedPermission {
    /// Its value.
    pub value: String,
    /// What it lets a client do.
    pub title: String,
    /// 1 (low) to 5 (high) by Microsoft's rating; none where unrated.
    pub risk: Option<u8>,
    /// What it allows, in a sentence.
    pub explanation: String,
    /// False when this tenant's Microsoft Graph does not offer it.
    pub offered: bool,
}

/// Someone who holds a permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HolderRow {
    /// The assignment's id.
    pub grant_id: String,
    /// Object id of who holds it.
    pub principal_id: String,
    /// Display name, exactly as the tenant has it.
    pub name: String,
    /// `ServicePrincipal`, `User`, `Group`, as Graph has it.
    pub principal_type: String,
    /// The permission's value.
    pub permission: String,
    /// The API's name.
    pub resource: String,
    /// When it was granted, RFC 3339.
    pub granted_at: Option<String>,
}

/// More about one who holds a permission; read for the rows in sight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HolderDetails {
    /// Object id of who holds it.
    pub principal_id: String,
    /// Client id; none when the principal is gone or may not be read.
    pub client_id: Option<String>,
    /// What it is.
    pub kind: Option<PrincipalKind>,
    /// False when sign-in is blocked.
    pub enabled: Option<bool>,
    /// When it was made, RFC 3339.
    pub created: Option<String>,
    /// Id of the tenant where its app is registered, when that is another one.
    pub home_tenant: Option<String>,
    /// When its last credential ends, RFC 3339; none where it has none or they are kept in another tenant.
    pub credential_ends: Option<String>,
    /// Whole days until then; negative when it has ended.
    pub days_left: Option<i32>,
    /// How many secrets and certificates it has; none where they may not be read.
    pub credentials: Option<u32>,
    /// When it signed in last, RFC 3339, where Graph tells. Graph v1.0 does not tell it of service principals (decision
    /// 19), so it is none.
    pub last_sign_in: Option<String>,
}

/// What an audit tells while it goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum AuditNews {
    /// More rows, in the order in which Graph lists them.
    Rows {
        /// The rows.
        rows: Vec<HolderRow>,
    },
    /// So many grants of Microsoft Graph were read so far.
    Progress {
        /// Grants.
        grants_read: u32,
        /// Pages.
        pages: u32,
    },
    /// The service asked to wait.
    Waiting {
        /// Seconds.
        seconds: u32,
    },
}

impl Job {
    /// Reads who holds the permissions, by value; none means those of the job: uploading and reading the logs. Rows go to
    /// `listener` as they are read.
    ///
    /// # Errors
    /// `invalidInput` for a permission, `cancelled`, or that the tenant cannot be read to the end: half an audit is none.
    pub async fn audit(
        &self,
        permissions: &[String],
        cancel: CancellationToken,
        listener: AuditListener,
    ) -> Result<Audit, Problem> {
        Box::pin(reading::audit(&self.parts, permissions, cancel, listener)).await
    }

    /// More about some of them, by object id, in the order asked for; at most 200 at once.
    ///
    /// # Errors
    /// `invalidInput` for ids, or that the tenant cannot be read.
    pub async fn holder_details(&self, principals: &[String]) -> Result<Vec<HolderDetails>, Problem> {
        Box::pin(details::of(&self.parts, principals)).await
    }
}
