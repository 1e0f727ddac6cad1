//! The one secret that may be looked at now: a picture under an address that nobody can guess, for some seconds.

use std::borrow::Cow;
use std::time::Duration;

use tauri::http::{Method, Request, Response, StatusCode, header};
use tokio::time::Instant;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::picture::Picture;
use crate::view::Revealed;

/// The scheme of the pictures' addresses; `tauri.conf.json` allows it for images only.
pub const SCHEME: &str = "reveal";
/// How long a secret can be looked at.
pub const SECONDS: u32 = 20;

/// At most one picture. It is wiped when it expires, is hidden, or another takes its place.
#[derive(Default)]
pub struct Shown {
    now: Option<OnePicture>,
}

struct OnePicture {
    token: String,
    png: Zeroizing<Vec<u8>>,
    until: Instant,
}

impl Shown {
    /// Shows `picture` from `now` on under a new address; the one shown before is gone.
    pub fn show(&mut self, picture: Picture, now: Instant) -> Revealed {
        let token = Uuid::new_v4().simple().to_string();
        let revealed =
            Revealed { image_url: address(&token), width: picture.width, height: picture.height, seconds: SECONDS };
        let until = now + Duration::from_secs(SECONDS.into());
        self.now = Some(OnePicture { token, png: picture.png, until });
        revealed
    }

    /// The picture under `token`, while it lasts.
    pub fn picture(&mut self, token: &str, now: Instant) -> Option<Zeroizing<Vec<u8>>> {
        self.expire(now);
        self.now.as_ref().filter(|shown| shown.token == token).map(|shown| shown.png.clone())
    }

    /// Ends what is shown.
    pub fn hide(&mut self) {
        self.now = None;
    }

    /// Ends what is shown if its time is over.
    pub fn expire(&mut self, now: Instant) {
        if self.now.as_ref().is_some_and(|shown| shown.until <= now) {
            self.now = None;
        }
    }
}

fn address(token: &str) -> String {
    // WebView2 knows custom schemes only as hosts under localhost.
    if cfg!(windows) { format!("http://{SCHEME}.localhost/{token}") } else { format!("{SCHEME}://localhost/{token}") }
}

/// The token that a request of the page's asks for; none when it is no such request.
pub fn token_asked<T>(request: &Request<T>) -> Option<String> {
    let token = request.uri().path().trim_matches('/');
    (request.method() == Method::GET && !token.is_empty()).then(|| token.to_owned())
}

/// The answer to it. Nothing keeps a copy of it.
pub fn answer(picture: Option<Zeroizing<Vec<u8>>>) -> Response<Cow<'static, [u8]>> {
    let (status, body) = match picture {
        // The web view takes the bytes for its own; from here on they are its to forget.
        Some(png) => (StatusCode::OK, Cow::Owned(png.to_vec())),
        None => (StatusCode::NOT_FOUND, Cow::Borrowed([].as_slice())),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("image/png"));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::draw;
    use secrecy::SecretString;

    fn picture(secret: &str) -> Picture {
        draw(&SecretString::from(secret), false).expect("a picture")
    }

    fn token(revealed: &Revealed) -> String {
        let request = Request::get(&revealed.image_url).body(()).expect("an address");
        token_asked(&request).expect("a token")
    }

    #[test]
    fn it_is_served_until_it_expires() {
        let mut shown = Shown::default();
        let start = Instant::now();
        let revealed = shown.show(picture("first"), start);
        let token = token(&revealed);
        assert!(shown.picture(&token, start + Duration::from_secs(19)).is_some());
        assert!(shown.picture(&token, start + Duration::from_secs(20)).is_none());
        assert!(shown.picture(&token, start).is_none(), "it is wiped, not only withheld");
    }

    #[test]
    fn each_reveal_has_an_address_of_its_own_and_ends_the_one_before() {
        let mut shown = Shown::default();
        let now = Instant::now();
        let first = shown.show(picture("first"), now);
        let second = shown.show(picture("first"), now);
        assert_ne!(first.image_url, second.image_url);
        assert!(shown.picture(&token(&first), now).is_none());
        assert!(shown.picture(&token(&second), now).is_some());
    }

    #[test]
    fn hidden_is_gone() {
        let mut shown = Shown::default();
        let now = Instant::now();
        let revealed = shown.show(picture("first"), now);
        shown.hide();
        assert!(shown.picture(&token(&revealed), now).is_none());
    }

    #[test]
    fn only_a_plain_get_of_an_address_asks_for_a_picture() {
        let request = |method, uri: &str| Request::builder().method(method).uri(uri).body(()).expect("a request");
        assert!(token_asked(&request(Method::POST, "reveal://localhost/abc")).is_none());
        assert!(token_asked(&request(Method::GET, "reveal://localhost/")).is_none());
        assert_eq!(token_asked(&request(Method::GET, "http://reveal.localhost/abc")).as_deref(), Some("abc"));
    }

    #[test]
    fn no_answer_may_be_stored() {
        for picture in [Some(Zeroizing::new(vec![1, 2, 3])), None] {
            let found = picture.is_some();
            let response = answer(picture);
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
            assert_eq!(response.status().is_success(), found);
            assert_eq!(response.body().is_empty(), !found);
        }
    }
}
