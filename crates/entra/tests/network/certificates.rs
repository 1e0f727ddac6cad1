//! Which servers are trusted, and that nothing can be set to trust others (security P44, P45).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use inbound_entra::cloud::Cloud;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::child;
use crate::stage::{Leaf, Server, Stage, me, serve, system, why_not};

/// A server for each way of being wrong, and one that is as it should be. All but the last two are by `stage`.
async fn servers(stage: &Stage) -> Vec<(&'static str, Server)> {
    let server = async |name, leaf| (name, serve(leaf, |_| me()).await);
    let other = Stage::new();
    vec![
        server("good", stage.leaf(&["localhost"], |_| {})).await,
        server("expired", stage.leaf(&["localhost"], |it| it.not_after = date_time_ymd(2020, 1, 1))).await,
        server("not yet valid", stage.leaf(&["localhost"], |it| it.not_before = date_time_ymd(2090, 1, 1))).await,
        server("another host", stage.leaf(&["elsewhere.example"], |_| {})).await,
        server("another authority", other.leaf(&["localhost"], |_| {})).await,
        server("self-signed", self_signed(IsCa::NoCa)).await,
        server("self-signed authority", self_signed(IsCa::Ca(BasicConstraints::Unconstrained))).await,
    ]
}

fn self_signed(is_ca: IsCa) -> Leaf {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.is_ca = is_ca;
    let key = KeyPair::generate().unwrap();
    let own = params.self_signed(&key).unwrap().der().clone();
    Leaf { chain: vec![own], key }
}

/// What each must end in, by words that no other reason has.
const VERDICTS: [(&str, &str); 7] = [
    ("good", "trusted"),
    ("expired", "the computer's clock may be wrong"),
    ("not yet valid", "the computer's clock may be wrong"),
    ("another host", "made out to another host"),
    ("another authority", "not trusted"),
    ("self-signed", "not trusted"),
    ("self-signed authority", "not trusted"),
];

/// Everything that switches checks off in some program or other.
const SWITCHES: [(&str, &str); 14] = [
    ("NODE_TLS_REJECT_UNAUTHORIZED", "0"),
    ("PYTHONHTTPSVERIFY", "0"),
    ("GIT_SSL_NO_VERIFY", "1"),
    ("GCM_ALLOW_UNSAFE_REMOTES", "1"),
    ("AZURE_CLI_DISABLE_CONNECTION_VERIFICATION", "1"),
    ("ADAL_PYTHON_SSL_NO_VERIFY", "1"),
    ("REQWEST_DANGER_ACCEPT_INVALID_CERTS", "1"),
    ("REQWEST_DANGER_ACCEPT_INVALID_HOSTNAMES", "1"),
    ("DANGER_ACCEPT_INVALID_CERTS", "true"),
    ("CARGO_HTTP_CHECK_REVOKE", "false"),
    ("CURL_HOME", "."),
    ("CURLOPT_SSL_VERIFYPEER", "0"),
    ("OPENSSL_CONF", "openssl.cnf"),
    ("INBOUND_ACCESS_INSECURE", "1"),
];

fn verdict(outcome: Option<inbound_entra::http::NoConnection>) -> String {
    outcome.map_or_else(|| "trusted".to_owned(), |why| why.to_string())
}

/// In a child: looks at the servers named in the role, `name=port` by line.
async fn look(role: &str) {
    let mut told = String::new();
    for (name, port) in role.lines().filter_map(|line| line.split_once('=')) {
        let outcome = verdict(why_not(&system("localhost", port.parse().unwrap())).await);
        told.push_str(&format!("{name}={outcome}\n"));
    }
    child::tell(&told);
}

fn as_role(servers: &[(&'static str, Server)]) -> String {
    servers.iter().map(|(name, server)| format!("{name}={}\n", server.port)).collect()
}

fn judge(told: &str, servers: &[(&'static str, Server)]) {
    let told: BTreeMap<_, _> = told.lines().filter_map(|line| line.split_once('=')).collect();
    for ((name, words), (_, server)) in VERDICTS.iter().zip(servers) {
        assert!(told[name].contains(words), "{name}: {}", told[name]);
        assert_eq!(server.seen().len(), usize::from(*name == "good"), "{name} was sent nothing");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p44_only_a_good_certificate_is_trusted_and_no_setting_changes_that() {
    if let Some(role) = child::role() {
        return look(&role).await;
    }
    let name = "certificates::p44_only_a_good_certificate_is_trusted_and_no_setting_changes_that";
    if !child::has_a_store_to_set(name) {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let stage = Stage::new();
    std::fs::write(home.path().join("ca.pem"), stage.pem()).unwrap();
    std::fs::write(home.path().join(".curlrc"), "insecure\n").unwrap();
    std::fs::write(home.path().join(".env"), "DANGER_ACCEPT_INVALID_CERTS=true\n").unwrap();
    let lax =
        "openssl_conf = x\n[x]\nssl_conf = y\n[y]\nsystem_default = z\n[z]\nMinProtocol = TLSv1\nVerifyMode = None\n";
    std::fs::write(home.path().join("openssl.cnf"), lax).unwrap();
    let store = ("SSL_CERT_FILE", "ca.pem");
    for switches in [&[][..], &SWITCHES[..]] {
        let servers = servers(&stage).await;
        let variables: Vec<_> = std::iter::once(store).chain(switches.iter().copied()).collect();
        judge(&child::run(name, &as_role(&servers), &variables, home.path()).await, &servers);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p44_the_practice_tenants_own_authority_is_held_to_the_same() {
    let stage = Stage::new();
    let servers = servers(&stage).await;
    let mut told = String::new();
    for (name, server) in &servers {
        told.push_str(&format!("{name}={}\n", verdict(why_not(&stage.practice(server.port)).await)));
    }
    judge(&told, &servers);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p44_tls_older_than_1_2_is_refused() {
    let stage = Stage::new();
    // Both ways of trusting: the pinned one, and the system's.
    let system_cloud: fn(&Stage, u16) -> Cloud = |_, port| system("localhost", port);
    let practice_cloud: fn(&Stage, u16) -> Cloud = |stage, port| stage.practice(port);
    for cloud in [system_cloud, practice_cloud] {
        for version in [0x00, 0x01, 0x02] {
            let (port, said) = answering_in(version).await;
            let outcome = why_not(&cloud(&stage, port)).await.expect("refused");
            assert!(outcome.to_string().contains("TLS 1.2 or later"), "3.{version}: {outcome}");
            let said = said.lock().unwrap().clone();
            let (hello, rest) = said.split_first().expect("a client hello");
            assert!(offers_only_modern(hello), "3.{version}");
            // An alert (21) at most, and no application data (23).
            assert!(rest.concat().first().is_none_or(|kind| *kind == 21), "3.{version}: {rest:?}");
        }
    }
}

/// A server that speaks TLS 1.0 to 1.1 (or SSL 3.0) only, and keeps what is said to it.
async fn answering_in(minor: u8) -> (u16, Arc<Mutex<Vec<Vec<u8>>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let said: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
    let kept = Arc::clone(&said);
    tokio::spawn(async move {
        while let Ok((mut wire, _)) = listener.accept().await {
            let mut bytes = vec![0; 16_384];
            let count = wire.read(&mut bytes).await.unwrap_or_default();
            kept.lock().unwrap().push(bytes[..count].to_vec());
            // ServerHello: version, 32 random bytes, no session, ECDHE_RSA with AES128-CBC-SHA, no compression.
            let mut hello = vec![3, minor];
            hello.extend([7; 32]);
            hello.extend([0, 0xc0, 0x13, 0]);
            let mut message = vec![2, 0, 0, u8::try_from(hello.len()).unwrap()];
            message.extend(hello);
            let mut record = vec![22, 3, minor, 0, u8::try_from(message.len()).unwrap()];
            record.extend(message);
            let _ = wire.write_all(&record).await;
            while let Ok(count @ 1..) = wire.read(&mut bytes).await {
                kept.lock().unwrap().push(bytes[..count].to_vec());
            }
        }
    });
    (port, said)
}

/// Whether the hello's `supported_versions` (43) hold 1.2 and 1.3 alone.
fn offers_only_modern(hello: &[u8]) -> bool {
    let both = [[0, 43, 0, 5, 4, 3, 4, 3, 3], [0, 43, 0, 5, 4, 3, 3, 3, 4]];
    hello.windows(9).any(|window| both.iter().any(|versions| window == versions))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p45_an_authority_that_is_added_to_the_trust_store_counts_and_an_empty_store_trusts_nobody() {
    if let Some(role) = child::role() {
        return look(&role).await;
    }
    let name =
        "certificates::p45_an_authority_that_is_added_to_the_trust_store_counts_and_an_empty_store_trusts_nobody";
    if !child::has_a_store_to_set(name) {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let stage = Stage::new();
    let certificates = home.path().join("certs");
    std::fs::create_dir(&certificates).unwrap();
    std::fs::write(certificates.join("5ad8a5d6.0"), stage.pem()).unwrap();
    std::fs::write(home.path().join("ca.pem"), stage.pem()).unwrap();
    std::fs::write(home.path().join("other.pem"), Stage::new().pem()).unwrap();
    std::fs::write(home.path().join("both.pem"), Stage::new().pem() + &stage.pem()).unwrap();
    std::fs::write(home.path().join("empty.pem"), "").unwrap();
    for (variables, trusted) in [
        (vec![("SSL_CERT_FILE", "ca.pem")], true),
        (vec![("SSL_CERT_FILE", "both.pem")], true),
        (vec![("SSL_CERT_DIR", "certs")], true),
        (vec![("SSL_CERT_FILE", "other.pem"), ("SSL_CERT_DIR", "certs")], true),
        (vec![("SSL_CERT_FILE", "other.pem")], false),
        (vec![("SSL_CERT_FILE", "empty.pem")], false),
        (vec![("SSL_CERT_FILE", "absent.pem")], false),
        // The system's own store: this authority is in nobody's.
        (vec![], false),
    ] {
        let server = stage.serve(|_| me()).await;
        let told = child::run(name, &format!("it={}\n", server.port), &variables, home.path()).await;
        assert_eq!(told.trim() == "it=trusted", trusted, "{variables:?}: {told}");
        assert_eq!(server.seen().len(), usize::from(trusted), "{variables:?}");
    }
}

/// reqwest and rustls have switches for it; no line of ours may touch them.
#[test]
fn p44_no_source_relaxes_tls() {
    fn each(folder: &std::path::Path, look: &mut dyn FnMut(&std::path::Path, &str)) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                each(&path, look);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                look(&path, &std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut dangerous = Vec::new();
    each(&crates.join("src"), &mut |path, text| {
        for word in ["danger_accept", "tls_danger", "dangerous()", "tls_sni(false", "no_certificate_verification"] {
            if text.contains(word) {
                dangerous.push(format!("{}: {word}", path.file_name().unwrap().to_string_lossy()));
            }
        }
    });
    // The pin of the practice tenant's authority, which checks chain, name, time and signatures itself.
    assert_eq!(dangerous, ["trust.rs: dangerous()"]);
}
