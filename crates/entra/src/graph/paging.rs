//! Lists: every page to the end, from this cloud's Graph only (graph-facts 4, security P47).

use std::collections::HashSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

use super::attempt::{Received, host_of};
use super::call::{Call, Page};
use super::client::Graph;
use super::error::{GraphError, Unreadable};
use super::request::Request;
use crate::cloud::Cloud;
use crate::http::BODY_CAP;

/// Pages may be short or empty, but not for ever.
const MOST_PAGES: usize = 2_000;
/// No list that the job reads is longer in a real tenant; more would only fill the memory.
const MOST_ROWS: usize = 200_000;

/// Real links have some hundred characters; what is much longer is no link, and no server would take it.
const LONGEST_LINK: usize = 16 * 1024;

/// A page, as it is answered.
#[derive(Deserialize)]
pub(super) struct Document<T> {
    pub(super) value: Vec<T>,
    #[serde(rename = "@odata.nextLink")]
    pub(super) next_link: Option<String>,
}

/// A row that may be odd: none where it cannot be read.
pub(super) struct Row<T>(Option<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Row<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(serde_json::from_value(Value::deserialize(deserializer)?).ok()))
    }
}

impl Graph {
    /// All rows of a list that can be read: one odd object must not hide all others.
    pub(super) async fn list<T: DeserializeOwned>(&self, call: &Call, request: &Request) -> Result<Vec<T>, GraphError> {
        Ok(self.list_up_to(call, request, usize::MAX).await?.rows)
    }

    /// All rows of a list; none at all when one cannot be read. For what must not be overlooked.
    pub(super) async fn list_strictly<T: DeserializeOwned>(
        &self,
        call: &Call,
        request: &Request,
    ) -> Result<Vec<T>, GraphError> {
        Ok(self.pages(call, request, usize::MAX).await?.rows)
    }

    /// Those of the first `limit` rows that can be read, and whether there are more.
    pub(super) async fn list_up_to<T: DeserializeOwned>(
        &self,
        call: &Call,
        request: &Request,
        limit: usize,
    ) -> Result<Page<T>, GraphError> {
        let page = self.pages::<Row<T>>(call, request, limit).await?;
        let all = page.rows.len();
        let rows: Vec<T> = page.rows.into_iter().filter_map(|row| row.0).collect();
        if rows.len() < all {
            tracing::warn!(count = all - rows.len(), "rows of a list could not be read and are left out");
        }
        Ok(Page { rows, more: page.more })
    }

    /// The first `limit` rows of a list, and whether there are more. A page may be empty and yet not the last.
    async fn pages<T: DeserializeOwned>(
        &self,
        call: &Call,
        request: &Request,
        limit: usize,
    ) -> Result<Page<T>, GraphError> {
        let mut pace = self.pace(call);
        let mut rows = Vec::new();
        let mut seen = HashSet::new();
        let mut url = request.url(&self.inner.cloud);
        for _ in 0..MOST_PAGES {
            // The request's headers go with every page: without ConsistencyLevel the next one would be refused.
            let received = self.send(&mut pace, request, url.clone(), BODY_CAP).await?;
            let document: Document<T> = received.read()?;
            rows.extend(document.value);
            if rows.len() > MOST_ROWS {
                return Err(received.unreadable(Unreadable::TooLarge));
            }
            let Some(link) = document.next_link else {
                let more = rows.len() > limit;
                rows.truncate(limit);
                return Ok(Page { rows, more });
            };
            if rows.len() > limit {
                rows.truncate(limit);
                return Ok(Page { rows, more: true });
            }
            seen.insert(url);
            url = follow(&link, &received, &self.inner.cloud)?;
            if seen.contains(&url) {
                return Err(received.unreadable(Unreadable::WrongShape));
            }
        }
        Err(GraphError::Unreadable {
            why: Unreadable::TooLarge,
            status: 200,
            request_id: None,
            client_request_id: String::new(),
        })
    }
}

/// Where the list goes on, by the link of a page that was received.
pub(super) fn follow(link: &str, received: &Received, cloud: &Cloud) -> Result<Url, GraphError> {
    if link.len() > LONGEST_LINK {
        return Err(received.unreadable(Unreadable::TooLarge));
    }
    pinned(link, cloud)
}

/// The link as a URL, if it leads to the API root of this cloud's Graph: only there may the token go.
fn pinned(link: &str, cloud: &Cloud) -> Result<Url, GraphError> {
    let foreign = |host: String| GraphError::ForeignHost { host };
    if link.chars().any(char::is_control) {
        return Err(foreign("an address with control characters".to_owned()));
    }
    let url = Url::parse(link).map_err(|_| foreign("an unreadable address".to_owned()))?;
    if cloud.is_graph(&url) { Ok(url) } else { Err(foreign(host_of(&url))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p46_the_token_goes_to_the_clouds_own_graph_only() {
        let global = Cloud::global();
        let good = [
            "https://graph.microsoft.com/v1.0/servicePrincipals?$skiptoken=RFNwdAIAAQ",
            "https://graph.microsoft.com:443/v1.0/applications?$skip=999",
            "https://GRAPH.microsoft.COM/v1.0/applications",
            "https://graph.microsoft.com/v1.0/servicePrincipals?x=https://evil.example/",
        ];
        for link in good {
            assert!(pinned(link, &global).is_ok(), "{link}");
        }
        let bad = [
            "https://evil.example/v1.0/servicePrincipals",
            "https://graph.microsoft.com.evil.example/v1.0/x",
            "https://evilgraph.microsoft.com/v1.0/x",
            "https://graph-microsoft.com/v1.0/x",
            "https://graph.microsoft.co/v1.0/x",
            "https://microsoft.com/v1.0/x",
            "https://graph.microsoft.us/v1.0/x",
            "https://dod-graph.microsoft.us/v1.0/x",
            "https://microsoftgraph.chinacloudapi.cn/v1.0/x",
            "https://login.microsoftonline.com/v1.0/x",
            "https://graph.windows.net/v1.0/x",
            "http://graph.microsoft.com/v1.0/x",
            "ftp://graph.microsoft.com/v1.0/x",
            "file:///v1.0/x",
            "javascript:alert(1)",
            "data:application/json,{}",
            "https://graph.microsoft.com:8443/v1.0/x",
            "https://graph.microsoft.com:80/v1.0/x",
            "https://graph.microsoft.com@evil.example/v1.0/x",
            "https://graph.microsoft.com%40evil.example/v1.0/x",
            "https://user@graph.microsoft.com/v1.0/x",
            "https://user:pw@graph.microsoft.com/v1.0/x",
            "https://graph.microsoft.com\\@evil.example/v1.0/x",
            "https://graph.microsoft.com\\.evil.example/v1.0/x",
            "https://graph.microsoft.com#@evil.example/v1.0/x",
            "https://graph.microsoft.com?@evil.example/v1.0/x",
            "https://graph.microsoft.com./v1.0/x",
            "https://graph.microsoft.com/beta/x",
            "https://graph.microsoft.com/v1.0",
            "https://graph.microsoft.com/v1.00/x",
            "https://graph.microsoft.com/v1.0/../beta/x",
            "https://graph.microsoft.com/v1.0/%2e%2e/beta/x",
            "https://graph.microsoft.com/V1.0/x",
            "https://graph.microsoft.com//v1.0/x",
            "https://20.190.128.1/v1.0/x",
            "https://[::1]/v1.0/x",
            "https://localhost/v1.0/x",
            "https://gr\u{0430}ph.microsoft.com/v1.0/x",
            "https://graph.microsoft.com\u{2024}evil.example/v1.0/x",
            "https://graph.micro\tsoft.com/v1.0/x",
            "https://graph.microsoft.com/v1.0/x\r\nHost: evil.example",
            "//graph.microsoft.com/v1.0/x",
            "/v1.0/x",
            "",
        ];
        for link in bad {
            assert!(matches!(pinned(link, &global), Err(GraphError::ForeignHost { .. })), "{link}");
        }
    }

    #[test]
    fn p46_the_port_of_a_practice_tenant_counts() {
        let practice = Cloud::practice(&format!("https://localhost:5443/#sha256={}", "0".repeat(64))).expect("valid");
        assert!(pinned("https://localhost:5443/v1.0/x", &practice).is_ok());
        for link in ["https://localhost:5444/v1.0/x", "https://localhost/v1.0/x", "https://127.0.0.1:5443/v1.0/x"] {
            assert!(pinned(link, &practice).is_err(), "{link}");
        }
    }
}
