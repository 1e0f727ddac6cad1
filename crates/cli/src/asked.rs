//! What the operator is asked while signing in, told on stderr.

use std::sync::Arc;

use inbound_connection::FrontDesk;
use inbound_connection::view::{AskedFor, Asking, SessionNews};
use serde::Serialize;

use crate::output::{remark, remark_json};

/// What `--json` says of it, one line of JSON on stderr.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    sign_in: &'a Asking,
    /// The page to open. It carries no secret.
    link: Option<String>,
}

/// From now on tells what is asked.
pub(crate) fn tell(desk: &FrontDesk, json: bool) {
    let asking = desk.clone();
    desk.listen(Arc::new(move |news| {
        let SessionNews::Asking { why, how } = news else { return };
        let link = asking.link().ok().map(|link| link.to_string());
        if json {
            remark_json(&Line { sign_in: &how, link });
        } else {
            remark(&words(&why, &how, link.as_deref()));
        }
    }));
}

fn words(why: &AskedFor, how: &Asking, link: Option<&str>) -> String {
    let reason = match why {
        AskedFor::Connect => String::new(),
        AskedFor::Challenge => "The tenant asks for a fresh proof of who you are.\n".to_owned(),
        AskedFor::Ended => "Your session has ended.\n".to_owned(),
        AskedFor::Scopes { scopes } => {
            format!("The next step needs further permissions of your sign-in: {}.\n", scopes.join(", "))
        }
    };
    let link = link.unwrap_or_default();
    let act = match how {
        Asking::Browser { not_opened: None } => format!("Sign in in your browser. If it does not open: {link}"),
        Asking::Browser { not_opened: Some(why) } => {
            format!("Your browser could not be opened ({why}). Open this page in one: {link}")
        }
        Asking::DeviceCode { user_code, url, .. } => format!(
            "Open {url} in a browser, on any device, and type the code {user_code}. Type it only if you began this \
             sign-in yourself."
        ),
        Asking::Tool { name } => format!("Asking {name} for a token…"),
    };
    format!("{reason}{act}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_says_what_to_do_and_a_code_what_is_approved() {
        let code = Asking::DeviceCode {
            user_code: "ABCD-1234".into(),
            url: "https://login.microsoftonline.com/device".into(),
            expires: String::new(),
        };
        let told = words(&AskedFor::Ended, &code, None);
        assert!(told.starts_with("Your session has ended.\n"), "{told}");
        assert!(told.contains("ABCD-1234") && told.contains("only if you began"), "{told}");
        let shut = Asking::Browser { not_opened: Some("xdg-open was not found".into()) };
        let told = words(&AskedFor::Connect, &shut, Some("https://login.example/x"));
        assert!(told.contains("xdg-open was not found") && told.ends_with("https://login.example/x"), "{told}");
    }
}
