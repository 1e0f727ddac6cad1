//! Service principals, managed identities among them (graph-facts 3 to 5).

use std::collections::HashSet;
use std::hash::Hash;

use serde::de::DeserializeOwned;

use super::call::{Answer, Call, Page};
use super::client::Graph;
use super::error::{GraphError, Unreadable};
use super::request::{self, Request};
use crate::ids::{AppId, ObjectId};
use crate::model::{ServicePrincipal, ServicePrincipalType};

impl Graph {
    /// By object id.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn service_principal(&self, call: &Call, id: ObjectId) -> Result<Option<ServicePrincipal>, GraphError> {
        self.find(call, &request::service_principal(id)).await
    }

    /// By client id.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn service_principal_by_app_id(
        &self,
        call: &Call,
        id: AppId,
    ) -> Result<Option<ServicePrincipal>, GraphError> {
        self.find(call, &request::service_principal_by_app_id(id)).await
    }

    /// Makes the service principal of an application of this tenant.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn create_service_principal(
        &self,
        call: &Call,
        id: AppId,
    ) -> Result<Answer<ServicePrincipal>, GraphError> {
        let received = self.write(call, &request::create_service_principal(id)).await?;
        let made: ServicePrincipal = received.read()?;
        // An answer of another application's principal must not be granted anything.
        if made.app_id != id {
            return Err(received.unreadable(Unreadable::WrongShape));
        }
        Ok(received.answer(made))
    }

    /// Lets a service principal sign in, or blocks it. Managed identities cannot be changed so (graph-facts 5).
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn set_sign_in(&self, call: &Call, id: ObjectId, enabled: bool) -> Result<Answer<()>, GraphError> {
        self.write_only(call, &request::set_sign_in(id, enabled)).await
    }

    /// Deletes a service principal; it can be restored for 30 days.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn delete_service_principal(&self, call: &Call, id: ObjectId) -> Result<Answer<()>, GraphError> {
        self.write_only(call, &request::delete_service_principal(id)).await
    }

    /// Those whose name begins with `text`, with any characters in it, then those with a word that does; at most
    /// `limit`. All of `kind` when `text` is empty.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn search_service_principals(
        &self,
        call: &Call,
        text: &str,
        kind: Option<ServicePrincipalType>,
        limit: usize,
    ) -> Result<Page<ServicePrincipal>, GraphError> {
        let text = text.trim();
        let top = limit.saturating_add(1);
        let begins = request::service_principals_starting_with(text, kind.as_ref(), top);
        let searched = (!text.is_empty()).then(|| request::service_principals_searched(text, kind.as_ref(), top));
        self.search_both(call, &begins, searched.as_ref(), limit, |row: &ServicePrincipal| row.id).await
    }

    /// All of exactly this display name, which is not unique.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn service_principals_named(
        &self,
        call: &Call,
        name: &str,
        kind: Option<ServicePrincipalType>,
    ) -> Result<Vec<ServicePrincipal>, GraphError> {
        self.list(call, &request::service_principals_named(name, kind.as_ref())).await
    }

    /// The managed identities of an Azure resource, by its full resource id in any letter case.
    ///
    /// Graph compares `alternativeNames` as it likes, so an empty answer is made sure of: first by the resource's own
    /// name, then by reading every managed identity.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn managed_identities_by_resource_id(
        &self,
        call: &Call,
        resource_id: &str,
    ) -> Result<Vec<ServicePrincipal>, GraphError> {
        let pace = self.pace(call);
        let resource_id = resource_id.trim().trim_end_matches('/');
        let is_it = |row: &ServicePrincipal| {
            row.service_principal_type == ServicePrincipalType::ManagedIdentity
                && row.alternative_names.iter().any(|name| same_resource(name, resource_id))
        };
        let name = resource_id.rsplit('/').next().unwrap_or_default();
        let kind = ServicePrincipalType::ManagedIdentity;
        let by_name = request::service_principals_named(name, Some(&kind));
        let by_resource = request::managed_identities_with_alternative_name(resource_id);
        let (by_name, by_resource) = futures::try_join!(
            self.list::<ServicePrincipal>(call, &by_name),
            self.list::<ServicePrincipal>(call, &by_resource),
        )?;
        let mut seen = HashSet::new();
        let found: Vec<_> =
            by_resource.into_iter().chain(by_name).filter(|row| is_it(row) && seen.insert(row.id)).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let every = request::service_principals_starting_with("", Some(&kind), request::LARGEST_PAGE);
        // One deadline for both rounds.
        let rest = Call { deadline: pace.remaining(), ..call.clone() };
        Ok(self.list::<ServicePrincipal>(&rest, &every).await?.into_iter().filter(is_it).collect())
    }

    /// Names that begin so (exact about every character) before names that contain such a word (`$search` splits words
    /// and drops signs). Both are asked at once; a tenant that refuses the search still gives the first.
    pub(super) async fn search_both<T, K>(
        &self,
        call: &Call,
        begins: &Request,
        searched: Option<&Request>,
        limit: usize,
        id: impl Fn(&T) -> K,
    ) -> Result<Page<T>, GraphError>
    where
        T: DeserializeOwned,
        K: Eq + Hash,
    {
        let words = async {
            let Some(request) = searched else { return Ok(Page { rows: Vec::new(), more: false }) };
            match self.list_up_to::<T>(call, request, limit).await {
                Err(GraphError::Refused(refusal)) if refusal.status == 400 => {
                    Ok(Page { rows: Vec::new(), more: false })
                }
                other => other,
            }
        };
        let (begins, words) = futures::try_join!(self.list_up_to::<T>(call, begins, limit), words)?;
        let mut more = begins.more || words.more;
        let mut seen = HashSet::new();
        let mut rows: Vec<T> = begins.rows.into_iter().chain(words.rows).filter(|row| seen.insert(id(row))).collect();
        more |= rows.len() > limit;
        rows.truncate(limit);
        Ok(Page { rows, more })
    }
}

/// Azure resource ids are equal in any letter case.
fn same_resource(one: &str, other: &str) -> bool {
    one.trim_end_matches('/').to_lowercase() == other.to_lowercase()
}
