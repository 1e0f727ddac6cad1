//! The server: from the wire to the tenant and back, with latency, faults and the recorder on the way.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use axum::{Extension, Router};
use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use http::{HeaderName, HeaderValue, StatusCode};
use secrecy::SecretString;
use serde_json::Value;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::clock::{VirtualClock, http_date};
use crate::dials::Dials;
use crate::directory::replication::Replica;
use crate::directory::store::{Store, StoreError};
use crate::faults::Fault;
use crate::graph;
use crate::ids::TENANT;
use crate::login::{self, sessions::Sessions};
use crate::message::{Answer, Incoming};
use crate::options::{Options, Seed};
use crate::persona::personas;
use crate::ready::{Automation, Ready, ReadyAutomation, ReadyJob, ReadyWorkload, Workload};
use crate::recorder::{Recorder, Told};
use crate::seed::{self, small};
use crate::switch::{Switch, SwitchAcceptor};
use crate::tenant::Tenant;
use crate::tls::{Authority, TlsError};

/// The largest body of a request.
const LARGEST_BODY: usize = 4 * 1024 * 1024;

/// The tenant could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken or not ours to use.
    #[error("the practice tenant could not listen on 127.0.0.1:{port}: {source}. Choose another port or leave it open")]
    Listen {
        /// Which; 0 when any was free to choose.
        port: u16,
        /// Why.
        source: io::Error,
    },
    /// The state file could not be read or written.
    #[error("{0}")]
    State(String),
    /// The authority or its certificate could not be made.
    #[error("{0}")]
    Tls(String),
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::State(error.to_string())
    }
}

impl From<TlsError> for StartError {
    fn from(error: TlsError) -> Self {
        Self::Tls(error.to_string())
    }
}

/// A running practice tenant. It stops when it is dropped or [`stop`](Self::stop)ped.
pub struct PracticeTenant {
    tenant: Arc<Tenant>,
    seed: Seed,
    port: u16,
    authority_pem: String,
    authority_sha256: String,
    handles: Vec<Handle<SocketAddr>>,
    tasks: Vec<JoinHandle<io::Result<()>>>,
}

impl std::fmt::Debug for PracticeTenant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PracticeTenant").field("origin", &self.origin()).finish_non_exhaustive()
    }
}

impl PracticeTenant {
    /// Starts a tenant on loopback.
    ///
    /// # Errors
    /// The port is taken, the state file is unreadable or damaged, or no certificate could be made.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let (seed, clock) = (options.seed, options.clock.clone());
        let begin = clock.now();
        // Keys and a large seed take long enough to hold up other tasks of the runtime.
        let opened = tokio::task::spawn_blocking(move || {
            let store = Store::open(options.state_file, || seed::directory(seed, begin))?;
            Ok::<_, StartError>((store, Authority::new()?))
        });
        let (store, authority) = opened.await.map_err(|error| StartError::State(error.to_string()))??;
        let recording = options.dials.recording;
        let tenant = Arc::new(Tenant {
            store,
            dials: Dials::new(options.dials, clock.clone()),
            clock,
            home: options.home_cloud,
            federated_issuer: options.federated_issuer,
            recorder: Recorder::new(recording),
            sessions: Mutex::default(),
            auto_approve: options.auto_approve,
        });
        let mut running = Self {
            tenant,
            seed,
            port: 0,
            authority_pem: authority.pem,
            authority_sha256: authority.sha256,
            handles: Vec::new(),
            tasks: Vec::new(),
        };
        let wanted = options.port.unwrap_or(0);
        let failed = |source| StartError::Listen { port: wanted, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, wanted)).map_err(failed)?;
        running.port = listener.local_addr().map_err(failed)?.port();
        let tls = RustlsConfig::from_config(authority.server);
        running.serve(listener, &tls).map_err(failed)?;
        // "localhost" may resolve to ::1 first; where IPv6 is off, IPv4 alone will do.
        if let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, running.port)) {
            running.serve(listener, &tls).map_err(failed)?;
        }
        Ok(running)
    }

    fn serve(&mut self, listener: TcpListener, tls: &RustlsConfig) -> io::Result<()> {
        let router = Router::new().fallback(entry).with_state(Arc::clone(&self.tenant));
        let handle = Handle::new();
        let acceptor = RustlsAcceptor::new(tls.clone()).acceptor(SwitchAcceptor);
        let server = axum_server::from_tcp(listener)?.acceptor(acceptor).handle(handle.clone());
        self.tasks.push(tokio::spawn(server.serve(router.into_make_service())));
        self.handles.push(handle);
        Ok(())
    }

    /// `https://localhost:PORT/#sha256=<hex SHA-256 of the authority's certificate>`: given as it is to
    /// `--practice-url`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/#sha256={}", self.origin(), self.authority_sha256)
    }

    /// `https://localhost:PORT`: login is `{origin}/{tenant}/oauth2/v2.0/…`, Graph is `{origin}/v1.0/…`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// Where the tenant listens: every host that it plays is to be looked for there.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), self.port)
    }

    /// The authority's certificate.
    #[must_use]
    pub fn authority_pem(&self) -> &str {
        &self.authority_pem
    }

    /// Hex SHA-256 of the authority's certificate (DER), as it stands in [`url`](Self::url).
    #[must_use]
    pub fn authority_sha256(&self) -> &str {
        &self.authority_sha256
    }

    /// The tenant's id, the same for every practice tenant.
    #[must_use]
    pub fn tenant_id(&self) -> Uuid {
        TENANT
    }

    /// The seeded public client with the redirect URI `http://localhost`.
    #[must_use]
    pub fn public_client_id(&self) -> Uuid {
        small::public_client_id()
    }

    /// A seeded public client, with the redirect URI `http://localhost`, that nobody has consented to yet.
    #[must_use]
    pub fn operator_client_id(&self) -> Uuid {
        small::operator_client_id()
    }

    /// A seeded client that is registered as a web app, not as a public client (7000218).
    #[must_use]
    pub fn web_client_id(&self) -> Uuid {
        small::web_client_id()
    }

    /// A seeded public client whose only redirect URI is not `http://localhost` (50011).
    #[must_use]
    pub fn elsewhere_client_id(&self) -> Uuid {
        small::elsewhere_client_id()
    }

    /// The federated credential of the automation, with a workload token that it accepts, good for a day.
    #[must_use]
    pub fn workload(&self) -> Workload {
        self.tenant.workload()
    }

    /// The seeded client that signs in with a secret.
    #[must_use]
    pub fn automation(&self) -> Automation {
        Automation {
            client_id: small::automation_id(),
            client_secret: SecretString::from(small::AUTOMATION_SECRET.to_owned()),
        }
    }

    /// What `practice serve` prints; `ca_file` is where the caller has put [`authority_pem`](Self::authority_pem).
    #[must_use]
    pub fn ready(&self, ca_file: &Path) -> Ready {
        let jobs = self.tenant.store.read(|directory| {
            let name = |id| directory.principal(id).map(|it| it.display_name().to_owned()).unwrap_or_default();
            let ready = |job: &crate::directory::provisioning::ProvisioningJob| ReadyJob {
                id: job.id.clone(),
                service_principal_id: job.service_principal_id,
                display_name: name(job.service_principal_id),
                status: job.status.clone(),
            };
            directory.jobs.iter().map(ready).collect()
        });
        Ready {
            url: self.url(),
            login: self.origin(),
            graph: self.origin(),
            ca: ca_file.display().to_string(),
            tenant: TENANT,
            personas: personas(),
            public_client_id: self.public_client_id(),
            automation: ReadyAutomation {
                client_id: small::automation_id(),
                client_secret: small::AUTOMATION_SECRET.to_owned(),
            },
            jobs,
            home_cloud: self.tenant.home,
            operator_client_id: small::operator_client_id(),
            workload: ReadyWorkload::from(&self.workload()),
        }
    }

    /// The tenant's time.
    #[must_use]
    pub fn clock(&self) -> &VirtualClock {
        &self.tenant.clock
    }

    /// The tenant's dials.
    #[must_use]
    pub fn dials(&self) -> &Dials {
        &self.tenant.dials
    }

    /// What was asked and answered.
    #[must_use]
    pub fn recorder(&self) -> &Recorder {
        &self.tenant.recorder
    }

    /// The whole directory in stable order, for comparison. Secrets are in it as hashes only.
    #[must_use]
    pub fn snapshot(&self) -> Value {
        let mut directory = self.tenant.store.read(Clone::clone);
        // As the primary knows it, whatever replicas still show.
        directory.forget(&Replica::primary(self.tenant.clock.now()));
        serde_json::to_value(directory).unwrap_or_default()
    }

    /// Back to the seed. Tokens that were issued stay valid as long as they live.
    pub fn reset(&self) {
        let fresh = seed::directory(self.seed, self.tenant.clock.now());
        let replaced: Result<(), Infallible> = self.tenant.store.write(|directory| {
            *directory = fresh;
            Ok(())
        });
        let Ok(()) = replaced;
        *self.tenant.sessions.lock().unwrap_or_else(PoisonError::into_inner) = Sessions::default();
    }

    /// Stops listening and cuts what is open.
    pub async fn stop(mut self) {
        self.shut_down();
        for task in std::mem::take(&mut self.tasks) {
            // A server that failed has stopped as well.
            drop(task.await);
        }
    }

    fn shut_down(&self) {
        for handle in &self.handles {
            handle.shutdown();
        }
    }
}

impl Drop for PracticeTenant {
    fn drop(&mut self) {
        self.shut_down();
    }
}

/// Every request comes through here.
async fn entry(State(tenant): State<Arc<Tenant>>, Extension(switch): Extension<Switch>, request: Request) -> Response {
    let (incoming, whole) = read(request).await;
    let _under_way = incoming.is_for_graph().then(|| tenant.recorder.begin());
    let latency = tenant.dials.latency();
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let fault = tenant.dials.befall(incoming.method.as_str(), &incoming.path);
    if let Some(Fault::Delay { milliseconds }) = &fault {
        tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
    }
    let applies = fault.as_ref().is_none_or(Fault::applies);
    let answer = match (whole, applies) {
        (false, _) if incoming.is_for_graph() => graph::too_large(&tenant, &incoming),
        (false, _) => login::too_large(&tenant, &incoming),
        (true, true) => tenant.answer(&incoming),
        (true, false) => Answer::empty(204),
    };
    if !answer.late.is_zero() {
        tokio::time::sleep(answer.late).await;
    }
    let lateness = match &fault {
        Some(Fault::LateAnswer { milliseconds }) => Duration::from_millis(*milliseconds),
        _ => Duration::ZERO,
    };
    let response = finish(&tenant, &switch, &incoming, answer, fault);
    if !lateness.is_zero() {
        tokio::time::sleep(lateness).await;
    }
    response
}

async fn read(request: Request) -> (Incoming, bool) {
    let (parts, body) = request.into_parts();
    let host = parts
        .headers
        .get("host")
        .and_then(|host| host.to_str().ok())
        .or_else(|| parts.uri.authority().map(http::uri::Authority::as_str))
        .unwrap_or("localhost");
    let origin = format!("https://{host}");
    let (body, whole) = match axum::body::to_bytes(body, LARGEST_BODY).await {
        Ok(body) => (body, true),
        Err(_) => (Bytes::new(), false),
    };
    let incoming = Incoming {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers,
        body,
        origin,
    };
    (incoming, whole)
}

fn finish(tenant: &Tenant, switch: &Switch, incoming: &Incoming, answer: Answer, fault: Option<Fault>) -> Response {
    let answer = match &fault {
        Some(fault) => crate::sabotage::replace(tenant, incoming, answer, fault),
        None => answer,
    };
    let (bytes, sent) = (answer.body(), answer.sent_headers());
    let mut builder = Response::builder().status(StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK));
    if let Some(headers) = builder.headers_mut() {
        for (name, value) in &sent {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.append(HeaderName::from_static(name), value);
            }
        }
        // By the tenant's clock, as every other time in its answers: a client measures `Retry-After` dates against it.
        if let Ok(now) = HeaderValue::from_str(&http_date(tenant.clock.now())) {
            headers.entry("date").or_insert(now);
        }
    }
    let is_head = incoming.method == http::Method::HEAD;
    let response = builder.body(Body::from(if is_head { Bytes::new() } else { bytes.clone() })).unwrap_or_default();
    let told = Told {
        at: tenant.clock.now(),
        status: response.status().as_u16(),
        headers: &sent,
        body: &bytes,
        fault: fault.as_ref(),
        in_batch: false,
    };
    tenant.recorder.note(incoming, told);
    match fault {
        Some(fault) => crate::sabotage::deliver(response, &bytes, switch, &fault),
        None => response,
    }
}
