//! Signing in as whoever is signed in to an Azure tool. The tool keeps the session; we only ask it for tokens.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, AzureDeveloperCliCredential, AzureDeveloperCliCredentialOptions,
    Executor,
};
use secrecy::SecretString;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::SignedIn;
use super::ask::Ask;
use super::claims::{token_account, token_scopes};
use super::error::{AuthError, tidy};
use super::explain::explain;
use super::held::{Held, Shelf};
use super::tool_process::Quietly;
use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::ids::TenantId;

/// A tool answers within seconds; one that asks its own user something never does.
const PATIENCE: Duration = Duration::from_secs(60);
/// Taken for the life of a token that has none left by this computer's clock, which may be wrong.
const SHORT_LIFE: Duration = Duration::from_secs(60);

/// An Azure tool that can be signed in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// `az`.
    AzureCli,
    /// `azd`.
    AzureDeveloperCli,
}

impl Tool {
    /// As users call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AzureCli => "the Azure CLI (az)",
            Self::AzureDeveloperCli => "the Azure Developer CLI (azd)",
        }
    }

    /// How one logs in to it.
    fn log_in(self, tenant: Option<&str>) -> String {
        let (command, option) = match self {
            Self::AzureCli => ("az login", "--tenant"),
            Self::AzureDeveloperCli => ("azd auth login", "--tenant-id"),
        };
        tenant.map_or_else(|| command.to_owned(), |tenant| format!("{command} {option} {tenant}"))
    }
}

/// Why a tool gave no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToolFault {
    /// It is not there.
    NotInstalled,
    /// Nobody is logged in to it, or not in this tenant, or no longer.
    NotLoggedIn {
        /// The tenant that was asked for.
        tenant: Option<String>,
    },
    /// It gave a token of another tenant.
    WrongTenant {
        /// The tenant that was asked for.
        asked: String,
        /// The token's.
        got: TenantId,
    },
    /// The tenant wants another proof of identity, which only a login can give.
    Challenged {
        /// The tenant that was asked for.
        tenant: Option<String>,
    },
    /// It did not answer within a minute.
    TimedOut,
    /// It said no, or something that makes no sense.
    Failed {
        /// Its first words, as data.
        words: String,
        /// The numbers after `AADSTS` in them.
        codes: Vec<u32>,
    },
}

impl ToolFault {
    pub(super) fn words(&self, tool: Tool) -> String {
        let name = tool.name();
        match self {
            Self::NotInstalled => {
                format!(
                    "{name} is not installed, or not where this app looks for programs; sign in by the browser, or install it and start the app anew"
                )
            }
            Self::NotLoggedIn { tenant } => {
                format!("{name} is not logged in there; run `{}`, then try again", tool.log_in(tenant.as_deref()))
            }
            Self::WrongTenant { asked, got } => {
                format!(
                    "{name} is logged in to tenant {got}, not to {asked}; run `{}`, then try again",
                    tool.log_in(Some(asked))
                )
            }
            Self::Challenged { tenant } => format!(
                "the tenant asks for another proof of identity, which {name} cannot give by itself; run `{}`, then try again",
                tool.log_in(tenant.as_deref())
            ),
            Self::TimedOut => {
                format!("{name} did not answer within a minute; run it in a terminal to see what it waits for")
            }
            Self::Failed { words, codes } => match explain(codes) {
                Some(known) => format!("{name} gave no token: {} ({})", known.what, known.advice),
                None => format!("{name} gave no token: \u{201c}{words}\u{201d}"),
            },
        }
    }

    /// What the tool's failure means. It has no codes, so its words must do; unknown ones are quoted.
    fn read(words: &str, tenant: Option<&str>) -> Self {
        let codes: Vec<u32> = words
            .split("AADSTS")
            .skip(1)
            .filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
            .collect();
        let lower = words.to_lowercase();
        if lower.contains("not found on path") || lower.contains("wasn't found") || lower.contains("is not recognized")
        {
            return Self::NotInstalled;
        }
        let says_log_in = ["az login", "azd auth login", "not logged in"].iter().any(|words| lower.contains(words));
        if codes.is_empty() && says_log_in {
            return Self::NotLoggedIn { tenant: tenant.map(str::to_owned) };
        }
        let words = words.split("\nTo troubleshoot").next().unwrap_or_default();
        let words = words.split_once("authentication failed.").map_or(words, |(_, rest)| rest);
        Self::Failed { words: tidy(words).chars().take(400).collect(), codes }
    }
}

/// Signs in as whoever is logged in to `tool`; `tenant` is an id or a domain, none takes the tool's own.
///
/// # Errors
/// As [`AuthError`] says.
pub async fn sign_in_with_tool(
    cloud: &Cloud,
    tenant: Option<&str>,
    tool: Tool,
    clock: Arc<dyn Clock>,
    cancel: CancellationToken,
) -> Result<SignedIn, AuthError> {
    sign_in_by(Arc::new(Quietly), PATIENCE, cloud, tenant, tool, clock, cancel).await
}

async fn sign_in_by(
    executor: Arc<dyn Executor>,
    patience: Duration,
    cloud: &Cloud,
    tenant: Option<&str>,
    tool: Tool,
    clock: Arc<dyn Clock>,
    cancel: CancellationToken,
) -> Result<SignedIn, AuthError> {
    let tenant = tenant.filter(|tenant| !["organizations", "common", ""].contains(tenant)).map(str::to_owned);
    let credential = ToolCredential::new(executor, patience, tool, tenant.clone(), clock)?;
    let scope = cloud.graph_default_scope();
    let (scopes, ask) = ([scope.as_str()], Ask::default());
    let token = tokio::select! {
        biased;
        () = cancel.cancelled() => return Err(AuthError::Cancelled),
        token = credential.token(&scopes, &ask) => token?,
    };
    let account = token_account(token.token.secret()).ok_or(AuthError::Unreadable { what: "the tool's token" })?;
    if let Some(asked) = tenant
        && asked.parse::<TenantId>().is_ok_and(|asked| asked != account.tenant)
    {
        return Err(credential.fault(ToolFault::WrongTenant { asked, got: account.tenant }));
    }
    let scopes = token_scopes(token.token.secret());
    Ok(SignedIn { credential: Arc::new(credential), account, scopes, session: None })
}

/// The credential of a tool: what the library knows of it, held in memory so that not every call runs a program.
struct ToolCredential {
    inner: Arc<dyn TokenCredential>,
    patience: Duration,
    tool: Tool,
    tenant: Option<String>,
    clock: Arc<dyn Clock>,
    shelf: Mutex<Shelf>,
}

impl fmt::Debug for ToolCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolCredential").field("tool", &self.tool).field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

impl ToolCredential {
    fn new(
        executor: Arc<dyn Executor>,
        patience: Duration,
        tool: Tool,
        tenant_id: Option<String>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AuthError> {
        let tenant = tenant_id.clone();
        // It becomes part of a command line.
        let is_plain = |tenant: &String| {
            tenant.starts_with(|c: char| c.is_ascii_alphanumeric())
                && tenant.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
        };
        if !tenant_id.as_ref().is_none_or(is_plain) {
            return Err(AuthError::Credential { words: "this is neither a tenant's id nor a domain".to_owned() });
        }
        let unusable = |error: azure_core::Error| AuthError::Credential { words: tidy(&error.to_string()) };
        let executor = Some(executor);
        let inner: Arc<dyn TokenCredential> = match tool {
            Tool::AzureCli => {
                let options = AzureCliCredentialOptions { tenant_id, executor, ..Default::default() };
                AzureCliCredential::new(Some(options)).map_err(unusable)?
            }
            Tool::AzureDeveloperCli => {
                let options = AzureDeveloperCliCredentialOptions { tenant_id, executor };
                AzureDeveloperCliCredential::new(Some(options)).map_err(unusable)?
            }
        };
        Ok(Self { inner, patience, tool, tenant, clock, shelf: Mutex::default() })
    }

    fn fault(&self, why: ToolFault) -> AuthError {
        AuthError::Tool { tool: self.tool, why }
    }

    async fn token(&self, scopes: &[&str], ask: &Ask) -> Result<AccessToken, AuthError> {
        if ask.claims.is_some() {
            return Err(self.fault(ToolFault::Challenged { tenant: self.tenant.clone() }));
        }
        let key = scopes.join(" ");
        let mut shelf = self.shelf.lock().await;
        if let Some(good) = shelf.good(&key, self.clock.now(), ask.refused.as_ref()) {
            return good.to_access_token();
        }
        let asking = tokio::time::timeout(self.patience, self.inner.get_token(scopes, None)).await;
        let token = asking
            .map_err(|_| self.fault(ToolFault::TimedOut))?
            .map_err(|error| self.fault(ToolFault::read(&error.to_string(), self.tenant.as_deref())))?;
        let now = self.clock.now();
        let left = token.expires_on.unix_timestamp().saturating_sub(now.as_second());
        let left = u64::try_from(left).map_or(SHORT_LIFE, |left| Duration::from_secs(left).max(SHORT_LIFE));
        shelf.put(key, Held::new(SecretString::from(token.token.secret()), left, now));
        Ok(token)
    }
}

#[async_trait]
impl TokenCredential for ToolCredential {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        self.token(scopes, &Ask::of(options.as_ref())).await.map_err(AuthError::into_azure)
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::io;
    use std::process::Output;
    use std::sync::Mutex as StdMutex;

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;
    use crate::clock::SystemClock;

    const TENANT: &str = "22222222-2222-4222-8222-222222222222";
    const OTHER: &str = "33333333-3333-4333-8333-333333333333";

    /// A tool that says what it is told to, or nothing at all.
    #[derive(Debug)]
    struct Said {
        answer: Option<(i32, String, String)>,
        commands: StdMutex<Vec<String>>,
    }

    #[async_trait]
    impl Executor for Said {
        async fn run(&self, _: &OsStr, args: &[&OsStr]) -> io::Result<Output> {
            let command = args.iter().map(|arg| arg.to_string_lossy()).collect::<Vec<_>>().join(" ");
            self.commands.lock().expect("unpoisoned").push(command);
            let Some((code, out, err)) = self.answer.clone() else { return std::future::pending().await };
            #[cfg(unix)]
            let status = std::os::unix::process::ExitStatusExt::from_raw(code << 8);
            #[cfg(windows)]
            let status = std::os::windows::process::ExitStatusExt::from_raw(code.unsigned_abs());
            Ok(Output { status, stdout: out.into_bytes(), stderr: err.into_bytes() })
        }
    }

    fn says(code: i32, out: &str, err: &str) -> Arc<Said> {
        Arc::new(Said { answer: Some((code, out.to_owned(), err.to_owned())), commands: StdMutex::default() })
    }

    fn token(tenant: &str) -> String {
        let claims = format!(
            r#"{{"tid":"{tenant}","oid":"{OTHER}","upn":"ada@contoso.example","name":"Ada","scp":"Application.ReadWrite.All User.Read.All"}}"#
        );
        format!("canary.{}.x", URL_SAFE_NO_PAD.encode(claims))
    }

    fn az(tenant: &str, expires: i64) -> String {
        let token = token(tenant);
        format!(r#"{{"accessToken":"{token}","expires_on":{expires},"tenant":"{tenant}","tokenType":"Bearer"}}"#)
    }

    async fn ask(said: &Arc<Said>, tool: Tool, tenant: Option<&str>) -> Result<SignedIn, AuthError> {
        let (executor, patience) = (Arc::clone(said) as Arc<dyn Executor>, Duration::from_millis(50));
        let (cloud, clock, cancel) = (Cloud::global(), Arc::new(SystemClock), CancellationToken::new());
        sign_in_by(executor, patience, &cloud, tenant, tool, clock, cancel).await
    }

    #[tokio::test]
    async fn whoever_is_logged_in_to_a_tool_is_signed_in_and_its_token_held() {
        let said = says(0, &az(TENANT, 4_000_000_000), "");
        let signed_in = ask(&said, Tool::AzureCli, Some(TENANT)).await.expect("signed in");
        assert_eq!(signed_in.account.user_name, "ada@contoso.example");
        assert_eq!(signed_in.scopes, ["Application.ReadWrite.All", "User.Read.All"], "what it carries is said");
        assert!(signed_in.session.is_none());
        let scope = Cloud::global().graph_default_scope();
        signed_in.credential.get_token(&[&scope], None).await.expect("a token");
        let commands = said.commands.lock().expect("unpoisoned").clone();
        assert_eq!(commands.len(), 1, "the token is held");
        let expected = format!("az account get-access-token -o json --scope {scope} --tenant {TENANT}");
        assert!(commands[0].ends_with(&expected), "{}", commands[0]);
        assert!(!format!("{signed_in:?} {:?}", signed_in.credential).contains("canary"));
    }

    #[tokio::test]
    async fn azd_is_asked_in_its_own_way() {
        let out = format!(r#"{{"token":"{}","expiresOn":"2090-01-01T00:00:00Z"}}"#, token(TENANT));
        let said = says(0, &out, "");
        ask(&said, Tool::AzureDeveloperCli, Some("contoso.example")).await.expect("signed in");
        let command = said.commands.lock().expect("unpoisoned").pop().expect("asked");
        assert!(command.contains("azd auth token") && command.contains("--tenant-id contoso.example"), "{command}");
    }

    #[tokio::test]
    async fn each_failure_says_what_to_run() {
        let az = Tool::AzureCli;
        let cases = [
            (says(127, "", "/bin/sh: 1: az: not found"), ToolFault::NotInstalled, "not installed"),
            (
                says(1, "", "ERROR: Please run 'az login' to setup account."),
                ToolFault::NotLoggedIn { tenant: Some(TENANT.to_owned()) },
                "az login --tenant 22222222",
            ),
            (
                says(0, &self::az(OTHER, 4_000_000_000), ""),
                ToolFault::WrongTenant { asked: TENANT.to_owned(), got: OTHER.parse().expect("an id") },
                "not to 22222222",
            ),
        ];
        for (said, fault, words) in cases {
            let error = ask(&said, az, Some(TENANT)).await.expect_err("refused");
            assert!(error.to_string().contains(words), "{error}");
            assert_eq!(error, AuthError::Tool { tool: az, why: fault });
        }
        let expired = "ERROR: AADSTS700082: The refresh token has expired due to inactivity. Please run: az login";
        let error = ask(&says(1, "", expired), az, None).await.expect_err("refused");
        assert!(error.to_string().contains("The session has ended"), "{error}");
        let odd = ask(&says(3, "", "ERROR: something\nodd"), az, None).await.expect_err("refused");
        assert!(odd.to_string().contains("\u{201c}ERROR: something odd\u{201d}"), "{odd}");
        let nonsense = ask(&says(0, "<html>", ""), az, None).await.expect_err("refused");
        assert!(matches!(nonsense, AuthError::Tool { .. }), "{nonsense:?}");
        assert!(matches!(ask(&says(0, "", ""), az, Some("a b; rm")).await, Err(AuthError::Credential { .. })));
    }

    #[tokio::test]
    async fn a_tool_that_never_answers_is_given_up_and_can_be_cancelled() {
        let silent = Arc::new(Said { answer: None, commands: StdMutex::default() });
        let error = ask(&silent, Tool::AzureCli, None).await.expect_err("given up");
        assert_eq!(error, AuthError::Tool { tool: Tool::AzureCli, why: ToolFault::TimedOut });
        let cancel = CancellationToken::new();
        cancel.cancel();
        let cloud = Cloud::global();
        let (clock, hour) = (Arc::new(SystemClock), Duration::from_secs(3_600));
        let asking = sign_in_by(silent, hour, &cloud, None, Tool::AzureCli, clock, cancel);
        assert_eq!(asking.await.err(), Some(AuthError::Cancelled));
    }

    #[tokio::test]
    async fn a_challenge_is_beyond_a_tool() {
        let said = says(0, &az(TENANT, 4_000_000_000), "");
        let credential = ToolCredential::new(said, PATIENCE, Tool::AzureCli, None, Arc::new(SystemClock)).expect("one");
        let ask = Ask { claims: Some("{}".to_owned()), ..Ask::default() };
        let error = credential.token(&["s"], &ask).await.expect_err("refused");
        assert!(error.to_string().contains("run `az login`"), "{error}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_is_run_without_a_terminal_and_ends_with_whoever_waits() {
        let run = |script: &'static str| async move {
            Quietly.run("/bin/sh".as_ref(), &["-c".as_ref(), script.as_ref()]).await
        };
        let output = run("cat; printf %s \"$NO_COLOR\"; exit 3").await.expect("run");
        assert_eq!(
            (output.status.code(), output.stdout.as_slice()),
            (Some(3), &b"1"[..]),
            "nothing to read, no colours"
        );
    }
}
