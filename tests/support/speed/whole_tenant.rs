//! A tenant of a hundred thousand: who has access, and a search, beside a bare download of the same pages.
//!
//! The bare loop is what no client can beat: it asks for the same pages one after another, follows the links, and looks
//! at nothing else. It runs in turn with what is measured, so that both meet the same machine.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::report::{Report, best_and_median, given};
use crate::served::Served;
use crate::set_up::connect;

const SEED: &str = "large:100000";
const ROUNDS: usize = 3;
/// A word in the middle of many names, and one that begins few.
const SEARCHED: &str = "payroll";

pub async fn measure(report: &mut Report) {
    let served = Served::start(&["--seed", SEED]);
    let bare = Bare::signed_in(&served).await;
    let connected = connect(&served.url()).await;
    let grants = bare.grants().await;
    let principals = format!(
        "{}/v1.0/servicePrincipals?$select=id,appId,displayName,servicePrincipalType,accountEnabled,alternativeNames,\
         createdDateTime&$top=999",
        bare.graph
    );
    let (mut audits, mut loops, mut searches, mut downloads) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut rows, mut read, mut pages) = (0, 0, 0);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        pages = bare.download(&grants).await;
        loops.push(begun.elapsed());

        let begun = Instant::now();
        let found = connected.job.audit(&[], CancellationToken::new(), Arc::new(|_| {})).await.expect("an audit");
        audits.push(begun.elapsed());
        (rows, read) = (found.rows.len(), found.summary.grants_read);
        assert_eq!(usize::try_from(found.summary.pages).expect("few"), pages, "the same pages");

        let begun = Instant::now();
        bare.download(&principals).await;
        downloads.push(begun.elapsed());

        let begun = Instant::now();
        let found = connected.job.search_principals(SEARCHED).await.expect("a search");
        searches.push(begun.elapsed());
        assert!(!found.rows.is_empty(), "{SEARCHED} is in many names");
    }
    let best = |times: Vec<Duration>| best_and_median(times).0.as_secs_f64() * 1e3;
    let (audit, raw, search, download) = (best(audits), best(loops), best(searches), best(downloads));
    report.add("auditGrants", "Grants of Microsoft Graph in the tenant", f64::from(read), "");
    report.add("auditPages", "Pages of them", pages as f64, "");
    report.add("auditRows", "Rows of an audit of the job's permissions", rows as f64, "");
    report.add("auditMs", "Audit, best", audit, "ms");
    report.add("auditRawMs", "Bare download of the same pages, best", raw, "ms");
    report.add("auditOverRaw", "Audit over the bare download", audit / raw, "x");
    report.add("searchMs", "Search among 100,000 principals, best", search, "ms");
    report.add("searchRawMs", "Bare download of all principals, best", download, "ms");
    report.add("searchOverRaw", "Search over the bare download", search / download, "x");
    report.add(
        "auditPeakMb",
        "Peak memory of `audit --json` in the terminal",
        peak(&served, &["audit", "--json"]),
        "MB",
    );
    report.add(
        "whoamiPeakMb",
        "Peak memory of `whoami --json`, for comparison",
        peak(&served, &["whoami", "--json"]),
        "MB",
    );
    report.remark("The large tenant was served by a process of its own on the same machine, without latency.");
}

/// A client that knows nothing but HTTP.
struct Bare {
    http: reqwest::Client,
    graph: String,
    token: String,
}

/// Where a list goes on; the rows are not looked at.
#[derive(Deserialize)]
struct Page {
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
}

impl Bare {
    async fn signed_in(served: &Served) -> Self {
        let pem = std::fs::read(served.text("/ca")).expect("the authority's file");
        let authority = reqwest::Certificate::from_pem(&pem).expect("a certificate");
        let http = reqwest::Client::builder().tls_certs_only([authority]).no_proxy().build().expect("a client");
        let origin = |pointer: &str| served.text(pointer).trim_end_matches('/').to_owned();
        let graph = origin("/graph");
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &served.text("/automation/clientId"))
            .append_pair("client_secret", &served.text("/automation/clientSecret"))
            .append_pair("scope", &format!("{graph}/.default"))
            .finish();
        let answer = http
            .post(format!("{}/{}/oauth2/v2.0/token", origin("/login"), served.text("/tenant")))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .expect("an answer");
        let answer: Value = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
        let token = answer["access_token"].as_str().unwrap_or_else(|| panic!("no token: {answer}")).to_owned();
        Self { http, graph, token }
    }

    async fn get(&self, url: &str) -> Vec<u8> {
        let answer = self.http.get(url).bearer_auth(&self.token).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200, "{url}");
        answer.bytes().await.expect("a body").to_vec()
    }

    /// The list of all grants, as the app asks for it.
    async fn grants(&self) -> String {
        let path = "servicePrincipals(appId='00000003-0000-0000-c000-000000000000')?$select=id";
        let found: Value =
            serde_json::from_slice(&self.get(&format!("{}/v1.0/{path}", self.graph)).await).expect("JSON");
        format!(
            "{}/v1.0/servicePrincipals/{}/appRoleAssignedTo?$select=id,appRoleId,principalId,principalDisplayName,\
             principalType,resourceId,resourceDisplayName,createdDateTime&$top=999",
            self.graph,
            found["id"].as_str().expect("an id")
        )
    }

    /// Follows the list to its end; tells how many pages it has.
    async fn download(&self, first: &str) -> usize {
        let mut next = Some(first.to_owned());
        let mut pages = 0;
        while let Some(url) = next {
            let page: Page = serde_json::from_slice(&self.get(&url).await).expect("a page");
            pages += 1;
            next = page.next;
        }
        pages
    }
}

/// The most memory that a command had at once, in megabytes: `VmHWM` as long as it runs.
fn peak(served: &Served, arguments: &[&str]) -> f64 {
    let home = tempfile::tempdir().expect("a folder");
    let mut process = Command::new(given("BENCH_CLI"))
        .args(arguments)
        .args(["--practice-url", &served.url()])
        .env("INBOUND_ACCESS_HOME", home.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("scripts/bench has built it");
    let mut most = 0.0_f64;
    let ended = loop {
        let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap_or_default();
        let kilobytes = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
        most = most.max(kilobytes.unwrap_or_default() / 1024.0);
        if let Some(ended) = process.try_wait().expect("it can be waited for") {
            break ended;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(ended.success(), "{arguments:?}: {ended}");
    most
}
