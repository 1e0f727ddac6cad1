//! Proxies: of the environment, with their exceptions, and never for this computer itself (security P45).

use std::path::Path;

use inbound_entra::cloud::Cloud;
use inbound_entra::http::network;

use crate::child;
use crate::pages::signed_in;
use crate::proxy::Proxy;
use crate::stage::{Server, Stage, TOKEN, me, serve, system, why_not};

const AUTH: &str = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n";
const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<p>Blocked by policy";

/// In a child: reads `GET /me` in the cloud that the role names, and tells the outcome and what was found.
async fn act(role: &str) {
    let (kind, rest) = role.split_once(' ').unwrap();
    let cloud = match kind {
        // The only child that may be pointed at Microsoft's own name: its proxy leads it here.
        "global" => Cloud::global(),
        "system" => system("localhost", rest.parse().unwrap()),
        "practice" => Cloud::practice(rest).unwrap(),
        "played" => Cloud::us_gov_l5().played_by(&Cloud::practice(rest).unwrap()),
        other => panic!("{other}"),
    };
    let outcome = why_not(&cloud).await.map_or_else(|| "answered".to_owned(), |why| why.to_string());
    let found = network::as_found();
    let shown = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    child::tell(&format!("{outcome}\n{}\n{}\n{}\n", shown(found.proxy), shown(found.source), shown(found.no_proxy)));
}

struct Told {
    outcome: String,
    proxy: String,
    source: String,
    no_proxy: String,
}

struct House {
    stage: Stage,
    home: tempfile::TempDir,
}

impl House {
    /// None where a child cannot be given an authority to trust.
    fn new() -> Option<Self> {
        if !child::has_a_store_to_set("proxies") {
            return None;
        }
        let (stage, home) = (Stage::new(), tempfile::tempdir().unwrap());
        std::fs::write(home.path().join("ca.pem"), stage.pem()).unwrap();
        Some(Self { stage, home })
    }

    /// As Graph of the global cloud, and as this computer.
    async fn server(&self) -> Server {
        let names = ["graph.microsoft.com", "login.microsoftonline.com", "dod-graph.microsoft.us", "localhost"];
        serve(self.stage.leaf(&names, |_| {}), |_| me()).await
    }

    async fn run(&self, name: &str, role: &str, variables: &[(&str, &str)]) -> Told {
        run(name, role, variables, self.home.path()).await
    }
}

async fn run(name: &str, role: &str, variables: &[(&str, &str)], home: &Path) -> Told {
    let variables: Vec<_> = [("SSL_CERT_FILE", "ca.pem")].into_iter().chain(variables.iter().copied()).collect();
    let told = child::run(&format!("proxies::{name}"), role, &variables, home).await;
    let mut lines = told.lines().map(str::to_owned);
    let mut next = || lines.next().unwrap();
    Told { outcome: next(), proxy: next(), source: next(), no_proxy: next() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p45_a_proxy_of_the_environment_is_gone_through_and_shown_without_its_password() {
    if let Some(role) = child::role() {
        return act(&role).await;
    }
    let name = "p45_a_proxy_of_the_environment_is_gone_through_and_shown_without_its_password";
    let Some(house) = House::new() else { return };
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let server = house.server().await;
        let proxy = Proxy::start(server.port, None).await;
        let address = format!("http://user:canary-password@127.0.0.1:{}/", proxy.port);
        let told = house.run(name, "global ", &[(variable, &address)]).await;
        assert_eq!(told.outcome, "answered", "{variable}");
        assert_eq!(told.proxy, format!("http://127.0.0.1:{}", proxy.port));
        assert_eq!((told.source.as_str(), told.no_proxy.as_str()), (variable, "-"));
        let asked = proxy.asked();
        assert_eq!(asked.len(), 1, "{variable}: {asked:?}");
        assert!(asked[0].starts_with("CONNECT graph.microsoft.com:443 HTTP/1.1\r\n"), "{}", asked[0]);
        assert!(asked[0].contains("uthorization: Basic dXNlcjpjYW5hcnktcGFzc3dvcmQ=\r\n"), "{}", asked[0]);
        assert!(!asked[0].contains(TOKEN), "the proxy sees no token");
        let seen = server.seen();
        assert_eq!((seen.len(), seen[0].host.as_str()), (1, "graph.microsoft.com"));
        assert_eq!(seen[0].authorization.as_deref(), Some(format!("Bearer {TOKEN}").as_str()));
    }
    // The one for https counts before the one for all.
    let server = house.server().await;
    let (right, wrong) = (Proxy::start(server.port, None).await, Proxy::start(server.port, None).await);
    let (right_url, wrong_url) =
        (format!("http://127.0.0.1:{}", right.port), format!("http://127.0.0.1:{}", wrong.port));
    let both = [("ALL_PROXY", wrong_url.as_str()), ("HTTP_PROXY", wrong_url.as_str()), ("HTTPS_PROXY", &right_url)];
    let told = house.run(name, "global ", &both).await;
    assert_eq!((told.outcome.as_str(), told.source.as_str()), ("answered", "HTTPS_PROXY"));
    assert_eq!((right.asked().len(), wrong.asked().len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p45_a_socks_proxy_is_asked_for_the_host_by_name() {
    if let Some(role) = child::role() {
        return act(&role).await;
    }
    let Some(house) = House::new() else { return };
    let server = house.server().await;
    let proxy = Proxy::socks(server.port).await;
    let address = format!("socks5h://127.0.0.1:{}", proxy.port);
    let name = "p45_a_socks_proxy_is_asked_for_the_host_by_name";
    let told = house.run(name, "global ", &[("ALL_PROXY", &address)]).await;
    assert_eq!((told.outcome.as_str(), told.proxy.as_str()), ("answered", address.as_str()));
    assert_eq!(proxy.asked(), ["graph.microsoft.com:443"]);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p45_exceptions_are_reached_without_the_proxy() {
    if let Some(role) = child::role() {
        return act(&role).await;
    }
    let name = "p45_exceptions_are_reached_without_the_proxy";
    let Some(house) = House::new() else { return };
    for (list, direct) in [
        ("localhost", true),
        (".example.org, localhost", true),
        ("*", true),
        ("example.org", false),
        ("host", false),
        ("", false),
    ] {
        let server = house.server().await;
        let proxy = Proxy::start(server.port, None).await;
        let address = format!("http://127.0.0.1:{}", proxy.port);
        let role = format!("system {}", server.port);
        let told = house.run(name, &role, &[("HTTPS_PROXY", &address), ("NO_PROXY", list)]).await;
        assert_eq!(told.outcome, "answered", "{list}");
        assert_eq!(proxy.asked().len(), usize::from(!direct), "{list}");
        assert_eq!(server.seen().len(), 1, "{list}");
        assert_eq!(told.no_proxy, if list.is_empty() { "-" } else { list });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p45_the_practice_tenant_is_reached_without_a_proxy_whatever_is_set() {
    if let Some(role) = child::role() {
        return act(&role).await;
    }
    let name = "p45_the_practice_tenant_is_reached_without_a_proxy_whatever_is_set";
    let Some(house) = House::new() else { return };
    for kind in ["practice", "played"] {
        let server = house.server().await;
        let proxy = Proxy::start(server.port, None).await;
        let address = format!("http://127.0.0.1:{}", proxy.port);
        let Some(fingerprint) = house.stage.practice(1).trust.fingerprint() else { panic!("pinned") };
        let role = format!("{kind} https://localhost:{}/#sha256={fingerprint}", server.port);
        let told = house.run(name, &role, &[("HTTPS_PROXY", &address), ("ALL_PROXY", &address)]).await;
        assert_eq!(told.outcome, "answered", "{kind}");
        assert!(proxy.asked().is_empty(), "{kind}");
        let host =
            if kind == "played" { "dod-graph.microsoft.us".to_owned() } else { format!("localhost:{}", server.port) };
        assert_eq!(server.seen()[0].host, host, "as Graph of that cloud");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p45_a_proxy_in_the_way_is_said_in_words_and_by_name() {
    if let Some(role) = child::role() {
        return act(&role).await;
    }
    let name = "p45_a_proxy_in_the_way_is_said_in_words_and_by_name";
    let Some(house) = House::new() else { return };
    let server = house.server().await;
    for (refusal, words) in [
        (Some(AUTH), "asks for a user name and password"),
        (Some(FORBIDDEN), "made no connection"),
        (Some("HTTP/1.1 502 Bad Gateway\r\n\r\n"), "made no connection"),
        (Some("nonsense\r\n\r\n"), "made no connection"),
        (Some(""), "made no connection"),
        (Some("HTTP/1.1 200 OK\r\n\r\n"), "made no connection"),
        (None, "does not answer"),
    ] {
        let port = match refusal {
            Some(_) => Proxy::start(server.port, refusal).await.port,
            // Nobody listens there any more.
            None => std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port(),
        };
        let address = format!("http://user:canary-password@127.0.0.1:{port}");
        let told = house.run(name, "global ", &[("HTTPS_PROXY", &address)]).await;
        let named = format!("the proxy http://127.0.0.1:{port}");
        assert!(told.outcome.starts_with(&named) && told.outcome.contains(words), "{refusal:?}: {}", told.outcome);
        assert!(!told.outcome.contains("canary"), "{}", told.outcome);
    }
    let dead = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let told = house.run(name, "global ", &[("ALL_PROXY", &format!("socks5h://127.0.0.1:{dead}"))]).await;
    assert!(told.outcome.starts_with(&format!("the proxy socks5h://127.0.0.1:{dead}, which")), "{}", told.outcome);
    let told = house.run(name, "global ", &[("HTTPS_PROXY", "http://proxy.nowhere.invalid:3128")]).await;
    let named = "the proxy http://proxy.nowhere.invalid:3128, which this computer is set to use, does not answer";
    assert!(told.outcome.starts_with(named), "it is the proxy that is not found: {}", told.outcome);
    assert!(server.seen().is_empty(), "nothing came through");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p45_without_a_proxy_none_is_shown() {
    if child::role().is_some() {
        let found = network::as_found();
        return child::tell(&format!("{:?}", (found.proxy, found.source, found.no_proxy)));
    }
    let name = "proxies::p45_without_a_proxy_none_is_shown";
    let home = tempfile::tempdir().unwrap();
    if cfg!(target_os = "linux") {
        let none = "(None, None, None)";
        assert_eq!(child::run(name, "x", &[], home.path()).await, none);
        assert_eq!(child::run(name, "x", &[("HTTPS_PROXY", "ftp://x"), ("NO_PROXY", " ")], home.path()).await, none);
        // What cannot be read is passed over for what can.
        let two = [("HTTPS_PROXY", "ftp://x"), ("ALL_PROXY", "socks5h://user:canary@10.0.0.1:1080")];
        let told = child::run(name, "x", &two, home.path()).await;
        assert_eq!(told, r#"(Some("socks5h://10.0.0.1:1080"), Some("ALL_PROXY"), None)"#);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f50_proxy_407_or_dead_is_said_by_the_sign_in_too_and_learns_no_secret() {
    if child::role().is_some() {
        return child::tell(&signed_in(&Cloud::global()).await.to_string());
    }
    let name = "proxies::f50_proxy_407_or_dead_is_said_by_the_sign_in_too_and_learns_no_secret";
    let Some(house) = House::new() else { return };
    let server = house.server().await;
    let proxy = Proxy::start(server.port, Some(AUTH)).await;
    let dead = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    for (port, words) in [(proxy.port, "asks for a user name and password"), (dead, "does not answer")] {
        let address = format!("http://127.0.0.1:{port}");
        let told = child::run(name, "x", &[("HTTPS_PROXY", &address)], house.home.path()).await;
        assert!(told.contains(&format!("the proxy http://127.0.0.1:{port}")) && told.contains(words), "{told}");
    }
    let asked = proxy.asked();
    assert!(!asked.is_empty());
    for head in asked {
        assert!(head.starts_with("CONNECT login.microsoftonline.com:443 "), "{head}");
        assert!(!head.contains("canary"), "{head}");
    }
    assert!(server.seen().is_empty(), "nothing came through");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f51_tls_intercept_is_refused_without_the_ca_installed_and_works_with_it() {
    if let Some(role) = child::role() {
        return act(&role).await;
    }
    let name = "f51_tls_intercept_is_refused_without_the_ca_installed_and_works_with_it";
    let Some(house) = House::new() else { return };
    std::fs::write(house.home.path().join("others.pem"), Stage::new().pem()).unwrap();
    for (store, installed) in [("ca.pem", true), ("others.pem", false)] {
        // The proxy ends TLS itself: whoever comes through it meets a certificate of the organisation's own.
        let server = house.server().await;
        let proxy = Proxy::start(server.port, None).await;
        let address = format!("http://127.0.0.1:{}", proxy.port);
        let told = house.run(name, "global ", &[("HTTPS_PROXY", &address), ("SSL_CERT_FILE", store)]).await;
        assert_eq!(told.outcome == "answered", installed, "{store}: {}", told.outcome);
        if !installed {
            assert!(told.outcome.contains("not trusted"), "{}", told.outcome);
        }
        assert_eq!(server.seen().len(), usize::from(installed), "{store}: no token without trust");
        assert!(!proxy.asked().is_empty(), "{store}");
    }
}
