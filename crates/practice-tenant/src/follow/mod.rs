//! Stands in for the system browser and for the person before it: opens the tenant's pages, chooses a person, consents
//! or declines, and carries the answer to the app.

mod forms;

use std::net::SocketAddr;

use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::{Host, Url};

use crate::follow::forms::{Form, answer_form, forms, plain_text};
use crate::persona::PersonaKey;
use crate::pin::pinned_client;

/// The most pages that a person walks through.
const MOST_PAGES: usize = 6;

/// The sign-in page could not be followed.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The address is none.
    #[error("the sign-in address cannot be opened: {0}")]
    Address(#[from] url::ParseError),
    /// The address is that of a real host, and nothing says where the practice tenant that plays it is.
    #[error("the host {0} is not the practice tenant's own and was not given an address")]
    NotPlayed(String),
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

/// What the person says when consent is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Consent {
    /// Accepts; who may not goes back to the app without.
    #[default]
    Accept,
    /// Cancels.
    Cancel,
}

/// What the person says to a device code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceAnswer {
    /// Signs in as this persona.
    Approve(PersonaKey),
    /// Declines.
    Decline,
}

/// A browser that trusts only the authority of one practice tenant, and the person who uses it.
#[derive(Debug, Clone)]
pub struct StandIn {
    authority_sha256: String,
    address: Option<SocketAddr>,
    consent: Consent,
}

impl StandIn {
    /// A browser that trusts only the authority with this hex SHA-256.
    #[must_use]
    pub fn new(authority_sha256: &str) -> Self {
        Self { authority_sha256: authority_sha256.to_owned(), address: None, consent: Consent::default() }
    }

    /// Finds real hosts at this address, where a practice tenant plays them. Without it a real host is never opened.
    #[must_use]
    pub const fn at(mut self, address: SocketAddr) -> Self {
        self.address = Some(address);
        self
    }

    /// What the person says when consent is asked for.
    #[must_use]
    pub const fn consent(mut self, consent: Consent) -> Self {
        self.consent = consent;
        self
    }

    /// Opens an authorize page, signs in as `persona`, and delivers the answer, be it a refusal, to the app's loopback
    /// redirect as a browser would.
    ///
    /// # Errors
    /// The page or the listener cannot be reached, or a page shows an error instead of its forms.
    pub async fn sign_in(&self, authorize_url: &str, persona: PersonaKey) -> Result<(), FollowError> {
        let url = Url::parse(authorize_url)?;
        let browser = self.browser(&url)?;
        let first = browser.get(url.clone()).send().await.map_err(unreachable)?;
        match self.walk(&browser, &url, first, Some(persona)).await? {
            End::Delivered => Ok(()),
            End::Page(text) => Err(FollowError::Refused(text)),
        }
    }

    /// Opens an administrators' consent page as `persona`. Gives the text of the page that it ends on; none when the
    /// answer went to the app's redirect.
    ///
    /// # Errors
    /// The page or the app cannot be reached.
    pub async fn admin_consent(&self, url: &str, persona: PersonaKey) -> Result<Option<String>, FollowError> {
        let url = Url::parse(url)?;
        let browser = self.browser(&url)?;
        let first = browser.get(url.clone()).send().await.map_err(unreachable)?;
        match self.walk(&browser, &url, first, Some(persona)).await? {
            End::Delivered => Ok(None),
            End::Page(text) => Ok(Some(text)),
        }
    }

    /// Types a device code into its page and answers it.
    ///
    /// # Errors
    /// The page cannot be reached, does not know the code, or refuses the person.
    pub async fn answer_device_code(
        &self,
        verification_uri: &str,
        user_code: &str,
        answer: DeviceAnswer,
    ) -> Result<(), FollowError> {
        let url = Url::parse(verification_uri)?;
        let browser = self.browser(&url)?;
        let page = browser.get(url.clone()).send().await.map_err(unreachable)?.text().await.map_err(unreachable)?;
        let form = forms(&page).into_iter().find(|form| form.names("otc"));
        let form = form.ok_or_else(|| FollowError::Refused(plain_text(&page)))?.with("otc", user_code);
        let next = send(&browser, &form, &url).await?;
        let persona = match answer {
            DeviceAnswer::Approve(persona) => Some(persona),
            DeviceAnswer::Decline => None,
        };
        match self.walk(&browser, &url, next, persona).await? {
            End::Page(text) if text.contains("You may now close this window") => Ok(()),
            End::Page(text) => Err(FollowError::Refused(text)),
            End::Delivered => Ok(()),
        }
    }

    fn browser(&self, url: &Url) -> Result<Client, FollowError> {
        let tls = pinned_client(&self.authority_sha256).map_err(|error| FollowError::SetUp(error.to_string()))?;
        let builder = Client::builder().tls_backend_preconfigured(tls).redirect(Policy::none()).no_proxy();
        let builder = match (url.host(), self.address) {
            (Some(Host::Domain(host)), Some(address)) if host != "localhost" => builder.resolve(host, address),
            (Some(Host::Domain(host)), None) if host != "localhost" => {
                return Err(FollowError::NotPlayed(host.to_owned()));
            }
            _ => builder,
        };
        builder.build().map_err(|error| FollowError::SetUp(error.without_url().to_string()))
    }

    /// Goes on from an answer, page by page, until the app has its answer or no form is left. Without a persona the
    /// person cancels.
    async fn walk(
        &self,
        browser: &Client,
        url: &Url,
        mut answer: Response,
        persona: Option<PersonaKey>,
    ) -> Result<End, FollowError> {
        for _ in 0..MOST_PAGES {
            if deliver(browser, &answer).await? {
                return Ok(End::Delivered);
            }
            let page = answer.text().await.map_err(unreachable)?;
            if let Some(form) = answer_form(&page) {
                return send(browser, &form, url).await.map(|_| End::Delivered);
            }
            let forms = forms(&page);
            if forms.is_empty() || forms.iter().any(|form| form.names("otc")) {
                return Ok(End::Page(plain_text(&page)));
            }
            let form = self.choose(&forms, persona)?;
            answer = send(browser, form, url).await?;
        }
        Err(FollowError::Refused("the pages do not end".to_owned()))
    }

    fn choose<'a>(&self, forms: &'a [Form], persona: Option<PersonaKey>) -> Result<&'a Form, FollowError> {
        let find = |name: &str, value: &str| forms.iter().find(|form| form.has(name, value));
        let consents = match self.consent {
            Consent::Accept => find("consent", "accept"),
            Consent::Cancel => find("consent", "cancel"),
        };
        if let Some(form) = consents.or_else(|| find("consent", "unable")) {
            return Ok(form);
        }
        match persona {
            Some(persona) => find("persona", persona.as_str()).ok_or(FollowError::NoForm(persona)),
            None => find("cancel", "1").ok_or_else(|| FollowError::Refused("the page cannot be cancelled".to_owned())),
        }
    }
}

/// How a walk through pages ends.
enum End {
    /// The app has its answer.
    Delivered,
    /// A page without a way on; its text.
    Page(String),
}

/// Opens `authorize_url`, trusting only the authority with this hex SHA-256, signs in as `persona` by the page's
/// form, consents where that is asked, and delivers the answer to the app's loopback redirect as a browser would.
///
/// # Errors
/// The page or the listener cannot be reached, or the page shows an error instead of its forms.
pub async fn follow_sign_in(
    authorize_url: &str,
    persona: PersonaKey,
    authority_sha256: &str,
) -> Result<(), FollowError> {
    StandIn::new(authority_sha256).sign_in(authorize_url, persona).await
}

/// Types `user_code` into the page at `verification_uri`, trusting only the authority with this hex SHA-256, and
/// approves it as a persona, consenting where that is asked, or declines it.
///
/// # Errors
/// The page cannot be reached, does not know the code, or refuses the person.
pub async fn answer_device_code(
    verification_uri: &str,
    user_code: &str,
    answer: DeviceAnswer,
    authority_sha256: &str,
) -> Result<(), FollowError> {
    StandIn::new(authority_sha256).answer_device_code(verification_uri, user_code, answer).await
}

fn unreachable(error: reqwest::Error) -> FollowError {
    // The address holds the state and the answer the code: neither belongs in an error.
    FollowError::Unreachable(error.without_url().to_string())
}

/// Follows a redirect to the app, if this is one.
async fn deliver(browser: &Client, answer: &Response) -> Result<bool, FollowError> {
    let Some(location) = answer.headers().get("location").and_then(|value| value.to_str().ok()) else {
        return Ok(false);
    };
    browser.get(answer.url().join(location)?).send().await.map_err(unreachable)?;
    Ok(true)
}

async fn send(browser: &Client, form: &Form, base: &Url) -> Result<Response, FollowError> {
    let action = base.join(&form.action)?;
    browser.post(action).form(&form.fields).send().await.map_err(unreachable)
}
