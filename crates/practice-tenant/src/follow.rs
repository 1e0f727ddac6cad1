//! Stands in for the system browser: opens the sign-in page, chooses a person, carries the answer to the app.

use std::collections::HashMap;

use reqwest::Client;
use reqwest::redirect::Policy;
use url::Url;

use crate::persona::PersonaKey;
use crate::pin::pinned_client;

/// The sign-in page could not be followed.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The address is none.
    #[error("the sign-in address cannot be opened: {0}")]
    Address(#[from] url::ParseError),
    /// The TLS client could not be made.
    #[error("the browser stand-in could not be set up: {0}")]
    SetUp(String),
    /// The page or the app's listener could not be reached.
    #[error("the sign-in page or the app's listener could not be reached: {0}")]
    Unreachable(String),
    /// Entra showed a page that says why it goes no further.
    #[error("the sign-in page refused: {0}")]
    Refused(String),
    /// The page has no form for this person.
    #[error("the sign-in page offers no form for {0}")]
    NoForm(PersonaKey),
}

/// A form of a page: where it goes and what it sends.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

/// Opens `authorize_url`, trusting only the authority with this hex SHA-256, signs in as `persona` by the page's
/// form, and delivers the answer to the app's loopback redirect as a browser would.
///
/// # Errors
/// The page or the listener cannot be reached, or the page shows an error instead of its forms.
pub async fn follow_sign_in(
    authorize_url: &str,
    persona: PersonaKey,
    authority_sha256: &str,
) -> Result<(), FollowError> {
    let tls = pinned_client(authority_sha256).map_err(|error| FollowError::SetUp(error.to_string()))?;
    let browser = Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .map_err(|error| FollowError::SetUp(error.without_url().to_string()))?;
    let page_url = Url::parse(authorize_url)?;
    let first = browser.get(page_url.clone()).send().await.map_err(unreachable)?;
    if deliver(&browser, &first).await? {
        return Ok(());
    }
    let page = first.text().await.map_err(unreachable)?;
    // With auto-approval the first page may already carry the answer.
    if let Some(form) = answer_form(&page) {
        return send(&browser, &form, &page_url).await.map(|_| ());
    }
    let forms = forms(&page);
    if forms.is_empty() {
        return Err(FollowError::Refused(plain_text(&page)));
    }
    let is_theirs =
        |form: &&Form| form.fields.iter().any(|(name, value)| name == "persona" && value == persona.as_str());
    let form = forms.iter().find(is_theirs).ok_or(FollowError::NoForm(persona))?;
    let second = send(&browser, form, &page_url).await?;
    if deliver(&browser, &second).await? {
        return Ok(());
    }
    let page = second.text().await.map_err(unreachable)?;
    match answer_form(&page) {
        Some(form) => send(&browser, &form, &page_url).await.map(|_| ()),
        None => Err(FollowError::Refused(plain_text(&page))),
    }
}

fn unreachable(error: reqwest::Error) -> FollowError {
    // The address holds the state and the answer the code: neither belongs in an error.
    FollowError::Unreachable(error.without_url().to_string())
}

/// Follows a redirect to the app, if this is one.
async fn deliver(browser: &Client, answer: &reqwest::Response) -> Result<bool, FollowError> {
    let Some(location) = answer.headers().get("location").and_then(|value| value.to_str().ok()) else {
        return Ok(false);
    };
    browser.get(answer.url().join(location)?).send().await.map_err(unreachable)?;
    Ok(true)
}

async fn send(browser: &Client, form: &Form, base: &Url) -> Result<reqwest::Response, FollowError> {
    let action = base.join(&form.action)?;
    browser.post(action).form(&form.fields).send().await.map_err(unreachable)
}

/// The form by which `response_mode=form_post` sends the answer on.
fn answer_form(page: &str) -> Option<Form> {
    forms(page).into_iter().find(|form| form.fields.iter().any(|(name, _)| name == "code" || name == "error"))
}

/// The forms of a page of ours: tags with double-quoted attributes.
fn forms(page: &str) -> Vec<Form> {
    page.split("<form ")
        .skip(1)
        .filter_map(|rest| {
            let (tag, inside) = rest.split_once('>')?;
            let inside = inside.split("</form>").next().unwrap_or_default();
            let fields = inside
                .split("<input ")
                .skip(1)
                .filter_map(|rest| {
                    let mut attributes = attributes(rest.split('>').next()?);
                    Some((attributes.remove("name")?, attributes.remove("value")?))
                })
                .collect();
            Some(Form { action: attributes(tag).remove("action")?, fields })
        })
        .collect()
}

fn attributes(tag: &str) -> HashMap<String, String> {
    let mut out = HashMap::new();
    let mut rest = tag;
    while let Some((name, after)) = rest.split_once("=\"") {
        let Some((value, next)) = after.split_once('"') else { break };
        out.insert(name.trim().to_owned(), unescape(value));
        rest = next;
    }
    out
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// What a reader of the page sees, roughly.
fn plain_text(page: &str) -> String {
    let body = page.rsplit_once("<body>").map_or(page, |(_, body)| body);
    let text: String =
        body.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect::<Vec<_>>().join(" ");
    unescape(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_with_their_escapes() {
        let page = crate::login::page_for_test("http://localhost:1/?a=1&b=2", "c\"'<>&amp;d");
        let form = answer_form(&page).unwrap();
        assert_eq!(form.action, "http://localhost:1/?a=1&b=2");
        assert_eq!(form.fields, [("code".to_owned(), "c\"'<>&amp;d".to_owned())]);
    }
}
