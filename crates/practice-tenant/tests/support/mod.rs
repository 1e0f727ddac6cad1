//! A client of the practice tenant, over real TLS, that trusts only its authority.
#![allow(dead_code, reason = "each test file uses a part")]

use std::time::Duration;

use practice_tenant::{Options, PersonaKey, PracticeTenant, VirtualClock};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

pub const GRAPH_APP_ID: &str = "00000003-0000-0000-c000-000000000000";
pub const UPLOAD: &str = "db31e92a-b9ea-4d87-bf6a-75a37a9ca35a";
pub const AUDIT: &str = "b0afded3-3588-46d8-8b3d-9842eff778da";
pub const SCOPES: &str =
    "openid profile offline_access User.Read Application.ReadWrite.All AppRoleAssignment.ReadWrite.All";
pub const VERIFIER: &str = "a-verifier-that-is-long-enough-for-pkce-0123456789";
/// SHA-256 of `VERIFIER`, base64url.
pub const REDIRECT: &str = "http://localhost:4711";

pub struct Tenant {
    pub inner: PracticeTenant,
    pub http: Client,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Reply {
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }
    pub fn id(&self) -> String {
        self.body["id"].as_str().expect("an id").to_owned()
    }
    pub fn names(&self) -> Vec<&str> {
        self.body["value"].as_array().expect("a list").iter().filter_map(|it| it["displayName"].as_str()).collect()
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
    }
}

pub fn frozen() -> Options {
    Options { clock: VirtualClock::frozen("2026-06-01T09:00:00Z".parse().unwrap()), ..Options::default() }
}

pub async fn start() -> Tenant {
    start_with(frozen()).await
}

pub async fn start_with(options: Options) -> Tenant {
    let inner = PracticeTenant::start(options).await.unwrap();
    let authority = reqwest::Certificate::from_pem(inner.authority_pem().as_bytes()).unwrap();
    let http = Client::builder()
        .tls_certs_only([authority])
        .redirect(Policy::none())
        .no_proxy()
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap();
    Tenant { inner, http }
}

pub fn challenge() -> String {
    use base64::Engine;
    use sha2::Digest;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(VERIFIER))
}

pub fn claims(token: &str) -> Value {
    use base64::Engine;
    let part = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

async fn reply(response: Response) -> Reply {
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Reply { status, headers, body }
}

impl Tenant {
    pub fn login(&self, path: &str) -> String {
        format!("{}/{}{path}", self.inner.origin(), self.inner.tenant_id())
    }

    pub fn authorize_parameters(&self, scope: &str) -> Vec<(&'static str, String)> {
        vec![
            ("client_id", self.inner.public_client_id().to_string()),
            ("response_type", "code".into()),
            ("redirect_uri", REDIRECT.into()),
            ("response_mode", "query".into()),
            ("scope", scope.into()),
            ("state", "st&te=1".into()),
            ("nonce", "n0nce".into()),
            ("code_challenge", challenge()),
            ("code_challenge_method", "S256".into()),
        ]
    }

    /// Signs in through the page's form; returns the query of the redirect.
    pub async fn code(&self, persona: PersonaKey, scope: &str) -> Vec<(String, String)> {
        let page = self.http.get(self.login("/oauth2/v2.0/authorize")).query(&self.authorize_parameters(scope));
        let page = page.send().await.unwrap().text().await.unwrap();
        let request = page.split("name=\"request\" value=\"").nth(1).expect("a form").split('"').next().unwrap();
        let form = [("request", request.to_owned()), ("persona", persona.to_string())];
        let answer = self.http.post(self.login("/oauth2/v2.0/authorize/answer")).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 302, "the form is answered by a redirect");
        let location = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        location.query_pairs().into_owned().collect()
    }

    pub async fn token(&self, form: &[(&str, &str)]) -> Reply {
        reply(self.http.post(self.login("/oauth2/v2.0/token")).form(form).send().await.unwrap()).await
    }

    pub async fn redeem(&self, code: &str) -> Reply {
        let client = self.inner.public_client_id().to_string();
        self.token(&[
            ("grant_type", "authorization_code"),
            ("client_id", &client),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ])
        .await
    }

    pub async fn sign_in(&self, persona: PersonaKey) -> String {
        self.sign_in_with(persona, SCOPES).await
    }

    pub async fn sign_in_with(&self, persona: PersonaKey, scope: &str) -> String {
        let answer = self.code(persona, scope).await;
        let code = &answer.iter().find(|(name, _)| name == "code").expect("a code").1;
        let tokens = self.redeem(code).await;
        tokens.body["access_token"].as_str().expect("a token").to_owned()
    }

    pub async fn app_token(&self) -> Reply {
        use secrecy::ExposeSecret;
        let automation = self.inner.automation();
        self.secret_token(&automation.client_id.to_string(), automation.client_secret.expose_secret()).await
    }

    pub async fn secret_token(&self, client: &str, secret: &str) -> Reply {
        self.token(&[
            ("grant_type", "client_credentials"),
            ("client_id", client),
            ("client_secret", secret),
            ("scope", "https://graph.microsoft.com/.default"),
        ])
        .await
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}/v1.0{path}", self.inner.origin())
    }

    pub async fn send(&self, method: Method, path: &str, token: &str, body: Option<Value>) -> Reply {
        self.send_with(method, path, token, body, &[]).await
    }

    pub async fn send_with(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let url = if path.starts_with("https://") { path.to_owned() } else { self.url(path) };
        let mut request = self.http.request(method, url).bearer_auth(token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        reply(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str, token: &str) -> Reply {
        self.send(Method::GET, path, token, None).await
    }

    pub async fn post(&self, path: &str, token: &str, body: Value) -> Reply {
        self.send(Method::POST, path, token, Some(body)).await
    }

    pub async fn get_eventual(&self, path: &str, token: &str) -> Reply {
        self.send_with(Method::GET, path, token, None, &[("ConsistencyLevel", "eventual")]).await
    }

    pub async fn graph_id(&self, token: &str) -> String {
        self.get(&format!("/servicePrincipals(appId='{GRAPH_APP_ID}')?$select=id"), token).await.id()
    }

    /// The object id of the only service principal called `name`.
    pub async fn principal_called(&self, name: &str, token: &str) -> String {
        let filter: String = url::form_urlencoded::byte_serialize(name.replace('\'', "''").as_bytes()).collect();
        let found =
            self.get(&format!("/servicePrincipals?$filter=displayName%20eq%20'{filter}'&$select=id"), token).await;
        found.body["value"][0]["id"].as_str().unwrap_or_else(|| panic!("nobody is called {name}")).to_owned()
    }

    pub async fn grant(&self, token: &str, principal: &str, role: &str) -> Reply {
        let graph = self.graph_id(token).await;
        let body = json!({ "principalId": principal, "resourceId": graph, "appRoleId": role });
        self.post(&format!("/servicePrincipals/{graph}/appRoleAssignedTo"), token, body).await
    }

    pub async fn new_application(&self, token: &str, name: &str) -> (String, String) {
        let made = self.post("/applications", token, json!({ "displayName": name })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        (made.id(), made.body["appId"].as_str().unwrap().to_owned())
    }
}
