//! How this computer reaches the network: the proxy of the environment, or else of the operating system.
//!
//! It is what reqwest uses by itself, read by the same code, so that what is shown is what is done: `HTTPS_PROXY`, else
//! `ALL_PROXY`, else (Windows, macOS) the system's setting; `NO_PROXY` names the exceptions. Both spellings, the upper
//! case first, as curl has it. Automatic configuration scripts (PAC) are not read, and of the ways in which a proxy may
//! ask who comes, only name and password are answered. The practice tenant and the listener of a sign-in are on this
//! computer and reached without any proxy.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use ::http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

/// A host that no list of exceptions names.
const ANY_HOST: &str = "https://any-host.invalid/";
/// Those that may name the proxy for https, the first that is set counts.
const VARIABLES: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];
/// What the operating system's own setting is called.
const SYSTEM: &str = "the operating system's settings";
/// More of a list of exceptions is not shown, in characters.
const LONGEST_LIST: usize = 1_000;

/// How this computer reaches the network, for a person to read. No credentials.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The proxy for https, e.g. `http://proxy.example:3128`; none when there is none.
    pub proxy: Option<String>,
    /// Where it is set: the variable's name, or the operating system's settings.
    pub source: Option<String>,
    /// Hosts that are reached without it, as they are set.
    pub no_proxy: Option<String>,
}

/// What is set for this process now.
#[must_use]
pub fn as_found() -> Found {
    let variable =
        |names: [&'static str; 2]| names.into_iter().find_map(|name| Some((name, std::env::var(name).ok()?)));
    let of_environment = proxy_of(&Matcher::from_env());
    let source = if of_environment.is_some() {
        // A value that cannot be read is passed over, as reqwest does.
        let read = |value: &str| proxy_of(&Matcher::builder().https(value.to_owned()).build()) == of_environment;
        VARIABLES.into_iter().filter_map(variable).find(|(_, value)| read(value)).map(|(name, _)| name)
    } else {
        Some(SYSTEM)
    };
    let proxy = of_environment.or_else(|| proxy_of(&Matcher::from_system()));
    let exceptions = variable(EXCEPTIONS).map(|(_, list)| list.trim().to_owned()).filter(|list| !list.is_empty());
    Found {
        source: proxy.is_some().then_some(source).flatten().map(str::to_owned),
        no_proxy: exceptions.map(|list| list.chars().filter(|c| !c.is_control()).take(LONGEST_LIST).collect()),
        proxy,
    }
}

fn proxy_of(matcher: &Matcher) -> Option<String> {
    matcher.intercept(&Uri::from_static(ANY_HOST)).map(|found| named(found.uri()))
}

/// Scheme, host and port; the matcher has put the credentials aside.
fn named(proxy: &Uri) -> String {
    let host = proxy.authority().map_or("", ::http::uri::Authority::as_str);
    format!("{}://{host}", proxy.scheme_str().unwrap_or("http"))
}

/// Which requests go through which proxy.
#[derive(Debug)]
pub(super) struct Proxies(Matcher);

impl Proxies {
    /// As it is set for this process now: what a reqwest client that is built now goes by.
    pub(super) fn as_set() -> Self {
        Self(Matcher::from_system())
    }

    /// The proxy on the way to `url`.
    pub(super) fn to(&self, url: &Url) -> Option<ProxyName> {
        let destination: Uri = url.as_str().parse().ok()?;
        self.0.intercept(&destination).map(|found| ProxyName::of(&named(found.uri())))
    }
}

/// A proxy's address without credentials, e.g. `http://proxy.example:3128`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProxyName(&'static str);

impl ProxyName {
    /// Kept for the life of the process, so that errors that name a proxy can be copied: a computer has few proxies.
    pub(super) fn of(name: &str) -> Self {
        static NAMES: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
        let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = names.iter().find(|known| **known == name) {
            return Self(known);
        }
        let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
        names.push(kept);
        Self(kept)
    }
}

impl fmt::Display for ProxyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_named_without_its_credentials() {
        for (set, shown) in [
            ("http://proxy.example:3128", Some("http://proxy.example:3128")),
            ("proxy.example:3128", Some("http://proxy.example:3128")),
            ("http://user:canary@proxy.example:3128/path", Some("http://proxy.example:3128")),
            ("https://us%40er:can%3Aary@proxy.example", Some("https://proxy.example")),
            ("socks5h://user:canary@127.0.0.1:1080", Some("socks5h://127.0.0.1:1080")),
            ("ftp://proxy.example", None),
            ("", None),
        ] {
            let found = proxy_of(&Matcher::builder().https(set.to_owned()).build());
            assert_eq!(found.as_deref(), shown, "{set}");
        }
    }

    #[test]
    fn a_name_is_kept_once() {
        let (one, same, other) =
            (ProxyName::of("http://a:1"), ProxyName::of("http://a:1"), ProxyName::of("http://b:1"));
        assert!(std::ptr::eq(one.0, same.0) && one == same && one != other);
        assert_eq!(other.to_string(), "http://b:1");
    }
}
