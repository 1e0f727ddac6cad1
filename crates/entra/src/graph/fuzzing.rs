//! Doors for `fuzz/`: what a server may say, led through the very functions that the client reads it with. Behind the
//! feature `fuzzing`, which no face switches on.
#![allow(clippy::panic, reason = "a promise that is broken must be seen")]

use ::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::attempt::{Attempt, Next, Received};
use super::call::Call;
use super::error::GraphError;
use super::pacer::{PUBLISHED, Pacer};
use super::paging::{self, Document, Row};
use super::request::{self, NewApplication, Request};
use super::retry::Pace;
use crate::auth::PersonTime;
use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::http::Reply;
use crate::model::{
    AppManagementPolicy, AppRole, AppRoleAssignment, Application, ApplicationInUse, AuthorizationPolicy, DeletedObject,
    DirectoryRole, FederatedCredential, Me, Organization, Owner, PasswordCredential, PrincipalInBulk,
    ProvisioningLogEntry, RoleEligibility, ServicePrincipal, SynchronizationJob,
};

/// No message about an answer is longer, in characters: a code, a text and an id of Graph's are quoted in it at most.
const LONGEST_MESSAGE: usize = 6_500;

#[derive(Debug)]
struct Still;

#[async_trait::async_trait]
impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    async fn sleep(&self, _: std::time::Duration) {}
}

/// `body` as the good answer to every kind of request that is sent.
pub fn answer(body: &[u8]) {
    let request = request::me();
    match judged(&request, 200, HeaderMap::new(), body) {
        Next::Done(received) => {
            objects(&received);
            list::<Application>(&received);
            list::<ServicePrincipal>(&received);
            list::<AppRoleAssignment>(&received);
            list::<PrincipalInBulk>(&received);
            list::<SynchronizationJob>(&received);
            list::<ProvisioningLogEntry>(&received);
            list::<DirectoryRole>(&received);
            list::<RoleEligibility>(&received);
            list::<AppRole>(&received);
            list::<Organization>(&received);
            list::<Owner>(&received);
            list::<FederatedCredential>(&received);
        }
        Next::Fail(_) | Next::Again { .. } | Next::Renew | Next::Challenge(_) => panic!("a good answer is no failure"),
    }
}

/// A whole answer, as text: the status, lines of headers, an empty line, the body. To a read, an upsert and a write.
pub fn refusal(text: &[u8]) {
    let Some((status, headers, body)) = parted(text) else { return };
    let new = NewApplication::new("x", None, Vec::new());
    for request in [request::me(), request::upsert_application("x", &new), request::grant("a", "b", "c")] {
        match judged(&request, status, headers.clone(), body) {
            Next::Fail(error) => told(&error),
            Next::Again { after, otherwise, .. } => {
                if let Some(after) = after {
                    assert!((1..=300).contains(&after.as_secs()), "{after:?}");
                }
                told(&otherwise);
            }
            Next::Challenge(claims) => assert!(claims.trim_start().starts_with('{'), "{claims}"),
            Next::Done(_) => assert!((200..300).contains(&status), "{status}"),
            Next::Renew => assert_eq!(status, 401),
        }
    }
    let pacer = Pacer::new(PUBLISHED);
    let url = request::me().url(&Cloud::global());
    let place = pacer.place(Timestamp::UNIX_EPOCH, &::http::Method::GET, &url);
    pacer.heard(place, &headers);
    let next = pacer.place(Timestamp::UNIX_EPOCH, &::http::Method::GET, &url);
    assert!(next.wait.as_secs() <= 15, "{:?}", next.wait);
}

fn judged(request: &Request, status: u16, headers: HeaderMap, body: &[u8]) -> Next {
    let (call, person) = (Call::default(), PersonTime::default());
    let pace = Pace::new(&call, &Still, &person);
    let url = request.url(&Cloud::global());
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    Attempt::new(request, &url).judge(Ok(Reply { status, headers, body: Zeroizing::new(body.to_vec()) }), &pace)
}

fn objects(received: &Received) {
    object::<Me>(received);
    object::<Application>(received);
    object::<ApplicationInUse>(received);
    object::<DeletedObject>(received);
    object::<ServicePrincipal>(received);
    object::<AppRoleAssignment>(received);
    object::<PasswordCredential>(received);
    object::<Organization>(received);
    object::<AppManagementPolicy>(received);
    object::<AuthorizationPolicy>(received);
}

fn object<T: DeserializeOwned>(received: &Received) {
    if let Err(error) = received.read::<T>() {
        told(&error);
    }
}

fn list<T: DeserializeOwned>(received: &Received) {
    let document: Document<Row<T>> = match received.read() {
        Ok(document) => document,
        Err(error) => return told(&error),
    };
    let Some(link) = document.next_link else { return };
    match paging::follow(&link, received, &Cloud::global()) {
        Ok(url) => {
            assert_eq!(
                (url.scheme(), url.host_str(), url.port()),
                ("https", Some("graph.microsoft.com"), None),
                "{link}"
            );
            assert!(url.path().starts_with("/v1.0/") && url.username().is_empty(), "{link}");
        }
        Err(error) => told(&error),
    }
}

/// Whatever is shown of it is short, and nothing panics on the way.
fn told(error: &GraphError) {
    let text = error.to_string();
    assert!(text.chars().count() <= LONGEST_MESSAGE, "{} characters", text.chars().count());
    let _ = (error.request_id(), error.client_request_id());
    if let Some(refusal) = error.refusal() {
        let _ = (refusal.is_not_found(), refusal.is_duplicate_grant(), refusal.is_already_there());
        let _ = (refusal.is_replicating(), refusal.is_transient(), refusal.policy());
    }
}

fn parted(text: &[u8]) -> Option<(u16, HeaderMap, &[u8])> {
    let at = text.windows(2).position(|two| two == b"\n\n")?;
    let (head, body) = text.split_at_checked(at)?;
    let mut lines = head.split(|byte| *byte == b'\n');
    let status = std::str::from_utf8(lines.next()?).ok()?.trim().parse().ok()?;
    let status = StatusCode::from_u16(status).ok()?.as_u16();
    let mut headers = HeaderMap::new();
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = line.split_at_checked(colon)?;
        let value = value.get(1..)?.trim_ascii();
        headers.append(HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?);
    }
    Some((status, headers, body.get(2..)?))
}
