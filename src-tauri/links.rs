//! Addresses that the app may hand to the system's browser (security P60).

use inbound_access_job::problem::{Code, Problem};
use tauri::Url;

/// Microsoft's portals in every cloud (graph-facts 12), and its documentation.
const HOSTS: &[&str] = &[
    "portal.azure.com",
    "portal.azure.us",
    "portal.azure.cn",
    "entra.microsoft.com",
    "entra.microsoft.us",
    "entra.microsoftonline.cn",
    "learn.microsoft.com",
];

/// `text` as an address that may be opened.
///
/// # Errors
/// When it is no https address of one of Microsoft's portals or of its documentation.
pub fn allowed(text: &str) -> Result<Url, Problem> {
    let refused = |why: &str| {
        Problem::new(Code::InvalidInput, format!("This link is not opened: {why}."))
            .exists("Nothing was opened.")
            .advice("Copy the address, look at it, and open it in a browser yourself if you trust it.")
    };
    let url = Url::parse(text).map_err(|_| refused("it is no web address"))?;
    if url.scheme() != "https" {
        return Err(refused("it does not begin with https"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.port().is_some() {
        return Err(refused("it carries a user name or a port"));
    }
    match url.host_str() {
        Some(host) if HOSTS.contains(&host) => Ok(url),
        _ => Err(refused("its host is none of Microsoft's portals")),
    }
}

/// `text` as an address of exactly this origin: a page of the sign-in service that was signed in to.
///
/// # Errors
/// When it is anywhere else.
pub fn of_origin(text: &str, origin: &Url) -> Result<Url, Problem> {
    let url = Url::parse(text).ok().filter(|url| url.origin() == origin.origin() && url.username().is_empty());
    url.filter(|url| url.scheme() == "https").ok_or_else(|| {
        Problem::new(Code::InvalidInput, "This link is not opened: it is no page of the sign-in service.")
            .exists("Nothing was opened.")
    })
}

/// Opens an allowed address in the system's browser.
///
/// # Errors
/// When the system has none or cannot start it.
pub async fn open(url: Url) -> Result<(), Problem> {
    let opened = tokio::task::spawn_blocking(move || tauri_plugin_opener::open_url(url, None::<&str>)).await;
    let why = match opened {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the opener failed".to_owned(),
    };
    Err(Problem::new(Code::Internal, format!("No browser could be opened: {why}."))
        .exists("Nothing was opened.")
        .advice("Copy the address and open it in a browser yourself."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portals_and_documentation_open() {
        for text in [
            "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/appId/7d1c",
            "https://portal.azure.us/",
            "https://entra.microsoftonline.cn/",
            "https://learn.microsoft.com/en-us/entra/identity/app-provisioning/inbound-provisioning-api-concepts",
            "HTTPS://PORTAL.AZURE.COM/x",
        ] {
            assert!(allowed(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn everything_else_stays_closed() {
        for text in [
            "",
            "entra.microsoft.com",
            "http://entra.microsoft.com/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "ms-settings:",
            "https://entra.microsoft.com.example.org/",
            "https://example.org/#entra.microsoft.com",
            "https://entra.microsoft.com@example.org/",
            "https://someone@entra.microsoft.com/",
            "https://entra.microsoft.com:8443/",
            "https://sub.entra.microsoft.com/",
            "https://localhost/",
            "https://еntra.microsoft.com/",
        ] {
            let problem = allowed(text).expect_err(text);
            assert_eq!(problem.code, Code::InvalidInput, "{text}");
        }
    }

    #[test]
    fn only_the_origin_that_was_signed_in_to_is_opened() {
        let login: Url = "https://login.microsoftonline.com/".parse().expect("a url");
        assert!(of_origin("https://login.microsoftonline.com/t/adminconsent?client_id=x", &login).is_ok());
        for text in [
            "",
            "http://login.microsoftonline.com/",
            "https://login.microsoftonline.us/",
            "https://login.microsoftonline.com:8443/",
            "https://a@login.microsoftonline.com/",
            "https://login.microsoftonline.com.evil.example/",
        ] {
            assert!(of_origin(text, &login).is_err(), "{text}");
        }
    }

    #[test]
    fn a_line_break_cannot_hide_the_host() {
        let url = allowed("https://entra.microsoft.com/\n\t--flag").expect("the parser takes breaks out");
        assert_eq!(url.as_str(), "https://entra.microsoft.com/--flag");
    }
}
