//! A web page in place of an answer: a network that wants its guests to sign in, or a proxy's notice (security P53).

use ::http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use ::http::{HeaderMap, Method, StatusCode};

use super::Reply;

/// Whether a request awaits JSON, and may be said to have had no effect when a page comes instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    /// A read, or a form for the sign-in service. A page in place of the answer to a write of Graph's is a lost answer:
    /// whoever wrote the page may have passed the request on.
    without_effect: bool,
    for_json: bool,
}

impl Asked {
    pub(super) fn of(method: &Method, headers: &HeaderMap) -> Self {
        let says = |name, text| value(headers, &name).is_some_and(|value| value.starts_with(text));
        let is_form = says(CONTENT_TYPE, "application/x-www-form-urlencoded");
        Self {
            without_effect: *method == Method::GET || is_form,
            for_json: is_form || says(ACCEPT, "application/json"),
        }
    }

    /// Neither Graph nor the sign-in service answers data with a page, or sends a client elsewhere to a page, but when
    /// they have a fault: a status of 4xx or 5xx is judged by its own.
    pub(super) fn got_a_page(self, reply: &Reply) -> bool {
        let is_answer = reply.status.is_success()
            || reply.status == StatusCode::NETWORK_AUTHENTICATION_REQUIRED
            || (reply.status.is_redirection() && reply.headers.contains_key(LOCATION));
        self.without_effect && self.for_json && is_answer && is_page(reply)
    }
}

fn is_page(reply: &Reply) -> bool {
    match value(&reply.headers, &CONTENT_TYPE) {
        Some(kind) => kind.starts_with("text/html") || kind.starts_with("application/xhtml"),
        None => {
            let start = reply.body.iter().find(|byte| !byte.is_ascii_whitespace());
            start == Some(&b'<')
        }
    }
}

fn value(headers: &HeaderMap, name: &::http::HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.trim().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use ::http::HeaderValue;
    use zeroize::Zeroizing;

    use super::*;

    fn headers(pairs: &[(::http::HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    fn reply(status: u16, kind: Option<&'static str>, body: &str) -> Reply {
        let mut headers = headers(&[(LOCATION, "https://portal.example/")]);
        if let Some(kind) = kind {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        let status = StatusCode::from_u16(status).expect("a status");
        Reply { status, headers, body: Zeroizing::new(body.as_bytes().to_vec()) }
    }

    #[test]
    fn p53_a_page_where_data_was_awaited_is_no_answer() {
        let read = Asked::of(&Method::GET, &headers(&[(ACCEPT, "application/json")]));
        let form = Asked::of(&Method::POST, &headers(&[(CONTENT_TYPE, "application/x-www-form-urlencoded")]));
        let write =
            Asked::of(&Method::POST, &headers(&[(ACCEPT, "application/json"), (CONTENT_TYPE, "application/json")]));
        let html = Some("Text/HTML; charset=utf-8");
        for page in [
            reply(200, html, "<p>Welcome"),
            reply(302, html, ""),
            reply(307, html, "<a>"),
            reply(511, html, "<p>"),
            reply(200, None, " \n<!doctype html>"),
        ] {
            assert!(read.got_a_page(&page) && form.got_a_page(&page), "{}", page.status);
            assert!(!write.got_a_page(&page), "its outcome is not known: {}", page.status);
        }
        for other in [
            reply(200, Some("application/json"), "<"),
            reply(200, Some("application/json;odata.metadata=minimal"), "{}"),
            reply(204, None, ""),
            reply(302, None, ""),
            reply(403, html, "<p>Blocked"),
            reply(503, html, "<h2>Our services aren't available right now</h2>"),
        ] {
            assert!(!read.got_a_page(&other) && !form.got_a_page(&other), "{}", other.status);
        }
    }
}
