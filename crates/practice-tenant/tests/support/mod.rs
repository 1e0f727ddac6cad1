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

/// Every real host that the tenant plays.
pub const HOSTS: [&str; 8] = [
    "login.microsoftonline.com",
    "graph.microsoft.com",
    "login.microsoftonline.us",
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "login.partner.microsoftonline.cn",
    "login.chinacloudapi.cn",
    "microsoftgraph.chinacloudapi.cn",
];

/// The value of a field of a form or of a query.
pub fn field<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// The query of a redirect.
pub fn query_of(answer: &Response) -> Vec<(String, String)> {
    assert_eq!(answer.status(), 302, "a redirect");
    let location = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    location.query_pairs().into_owned().collect()
}

/// The key of a page's forms.
pub fn key_of(page: &str) -> String {
    page.split("name=\"request\" value=\"").nth(1).expect("a form").split('"').next().unwrap().to_owned()
}

pub async fn reply(response: Response) -> Reply {
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Reply { status, headers, body }
}

impl Tenant {
    /// The same tenant for a client that finds every real host at the tenant's address.
    pub fn played(&self) -> Client {
        let authority = reqwest::Certificate::from_pem(self.inner.authority_pem().as_bytes()).unwrap();
        let builder = Client::builder().tls_certs_only([authority]).redirect(Policy::none()).no_proxy();
        let address = self.inner.address();
        HOSTS.iter().fold(builder, |builder, host| builder.resolve(host, address)).build().unwrap()
    }

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
        self.code_with(persona, &self.authorize_parameters(scope)).await
    }

    pub async fn code_with(&self, persona: PersonaKey, parameters: &[(&'static str, String)]) -> Vec<(String, String)> {
        query_of(&self.choose(persona, parameters).await)
    }

    /// Chooses a persona on the page of an authorize request; returns what comes then.
    pub async fn choose(&self, persona: PersonaKey, parameters: &[(&'static str, String)]) -> Response {
        let page = self.http.get(self.login("/oauth2/v2.0/authorize")).query(parameters).send().await.unwrap();
        let page = page.text().await.unwrap();
        self.send_form("/oauth2/v2.0/authorize/answer", &page, "persona", persona.as_str()).await
    }

    /// Sends one of a page's forms.
    pub async fn send_form(&self, path: &str, page: &str, name: &str, value: &str) -> Response {
        let form = [("request", key_of(page)), (name, value.to_owned())];
        self.http.post(self.login(path)).form(&form).send().await.unwrap()
    }

    /// Signs in by a request with these `claims`; returns the tokens.
    pub async fn tokens_with_claims(&self, persona: PersonaKey, scope: &str, asked: &str) -> Reply {
        let mut parameters = self.authorize_parameters(scope);
        parameters.push(("claims", asked.to_owned()));
        let answer = self.code_with(persona, &parameters).await;
        self.redeem(field(&answer, "code")).await
    }

    /// The answer to a refresh token of the public client; `more` are further fields.
    pub async fn renew(&self, refresh: &str, more: &[(&str, &str)]) -> Reply {
        let client = self.inner.public_client_id().to_string();
        let mut form = vec![("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", refresh)];
        form.extend_from_slice(more);
        self.token(&form).await
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
