//! A tenant in bulk: lists that are as long as the tenant is large, page by page, and many objects by their ids.
//!
//! What is read here decides who has access, so a page or a row that cannot be read is an error, never a gap.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use futures::{StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;
use url::Url;

use super::call::Call;
use super::client::Graph;
use super::error::{GraphError, Unreadable};
use super::paging::{Document, follow};
use super::request::{self, MOST_IN_FILTER, Request};
use crate::http::BODY_CAP;
use crate::ids::{AppId, ObjectId};
use crate::model::{AppRoleAssignment, Application, PrincipalInBulk};

/// A hundred million rows in full pages. No tenant has them; it only bounds a server that never ends.
const MOST_PAGES: usize = 100_000;
/// Pages may be empty, but not so many one after another.
const MOST_EMPTY_PAGES: usize = 1_000;
/// Requests by ids that are on their way together: few enough that other calls get a turn.
const AT_ONCE: usize = 8;

impl Graph {
    /// Gives every grant of the API `resource` to `take`, page by page, empty pages among them; nothing is kept. The
    /// call's deadline counts for each page alone, since nobody knows how many there are.
    ///
    /// # Errors
    /// As [`GraphError`] says, also when a single row cannot be read or is of another API. What `take` has had by then
    /// is not all.
    pub async fn every_grant(
        &self,
        call: &Call,
        resource: ObjectId,
        take: &mut (dyn FnMut(Vec<AppRoleAssignment>) + Send),
    ) -> Result<(), GraphError> {
        let request = request::every_grant(resource);
        let mut url = request.url(&self.inner.cloud);
        // Their hashes: the links of a hundred thousand pages would be what fills the memory.
        let mut seen = HashSet::new();
        let mut empty = 0;
        for _ in 0..MOST_PAGES {
            seen.insert(hash(&url));
            let received = self.send(&mut self.pace(call), &request, url, BODY_CAP).await?;
            let Document { value, next_link } = received.read::<Document<AppRoleAssignment>>()?;
            if value.iter().any(|row| row.resource_id != resource) {
                return Err(received.unreadable(Unreadable::WrongShape));
            }
            empty = if value.is_empty() { empty + 1 } else { 0 };
            if empty > MOST_EMPTY_PAGES {
                return Err(received.unreadable(Unreadable::TooLarge));
            }
            // Before the rows are given away: a link that leads elsewhere makes the whole answer doubtful.
            let next = next_link.map(|link| follow(&link, &received, &self.inner.cloud)).transpose()?;
            if next.as_ref().is_some_and(|next| seen.contains(&hash(next))) {
                return Err(received.unreadable(Unreadable::WrongShape));
            }
            drop(received);
            take(value);
            let Some(next) = next else { return Ok(()) };
            url = next;
        }
        Err(GraphError::Unreadable {
            why: Unreadable::TooLarge,
            status: 200,
            request_id: None,
            client_request_id: String::new(),
        })
    }

    /// Those of these service principals that are there, in any order: fifteen a request, several requests side by side.
    ///
    /// # Errors
    /// As [`GraphError`] says; the call's deadline counts for each request alone.
    pub async fn principals_in_bulk(&self, call: &Call, ids: &[ObjectId]) -> Result<Vec<PrincipalInBulk>, GraphError> {
        self.among(call, ids.chunks(MOST_IN_FILTER).map(request::service_principals_among).collect()).await
    }

    /// Those of these app registrations that are in this tenant, with their credentials; as
    /// [`principals_in_bulk`](Self::principals_in_bulk).
    ///
    /// # Errors
    /// As there.
    pub async fn applications_in_bulk(&self, call: &Call, ids: &[AppId]) -> Result<Vec<Application>, GraphError> {
        self.among(call, ids.chunks(MOST_IN_FILTER).map(request::applications_among).collect()).await
    }

    async fn among<T: DeserializeOwned + Send>(
        &self,
        call: &Call,
        requests: Vec<Request>,
    ) -> Result<Vec<T>, GraphError> {
        let lists = futures::stream::iter(requests)
            .map(|request| async move { self.list_strictly::<T>(call, &request).await })
            .buffered(AT_ONCE);
        lists.try_concat().await
    }
}

fn hash(url: &Url) -> u64 {
    let mut hasher = DefaultHasher::new();
    url.hash(&mut hasher);
    hasher.finish()
}
