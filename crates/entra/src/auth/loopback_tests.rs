//! Strangers at the loopback listener (security P02, P06 to P09, F43).

use std::net::SocketAddr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::error::AuthError;
use super::loopback::{Callback, Loopback, Mode};

const STATE: &str = "right-state-0123456789";
const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

struct Listening {
    port: u16,
    outcome: JoinHandle<Result<Callback, AuthError>>,
}

async fn listen(mode: Mode) -> Listening {
    let loopback = Loopback::open().await.expect("a port");
    let port = loopback.redirect_uri().rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    Listening { port, outcome: tokio::spawn(loopback.wait(mode, SecretString::from(STATE))) }
}

async fn send(port: u16, request: &str) -> String {
    send_to(SocketAddr::from(([127, 0, 0, 1], port)), request).await.expect("an answer")
}

async fn send_to(address: SocketAddr, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    // A refused body may be followed by a reset; what came before it is the answer.
    let _ = stream.read_to_end(&mut answer).await;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn post(path: &str, headers: &str, body: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("nothing")
}

fn code(outcome: Result<Callback, AuthError>) -> String {
    match outcome {
        Ok(Callback::Code(code)) => code.expose_secret().to_owned(),
        Ok(Callback::Refused(error)) => panic!("refused: {error}"),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn p02_p07_strangers_are_sent_away_and_the_wait_goes_on() {
    let Listening { port, outcome } = listen(Mode::FormPost).await;
    let right = format!("code=c&state={STATE}");
    let huge = format!("code={}&state={STATE}", "c".repeat(9_000));
    let cases = [
        (get("/"), "405"),
        (get("/favicon.ico"), "404"),
        (get(&format!("/?code=stolen&state={STATE}")), "405"),
        (get("/?code=x&state=wrong"), "405"),
        ("OPTIONS / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(), "405"),
        ("DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(), "405"),
        (post("/other", FORM, &right), "404"),
        (post("/", "", &right), "415"),
        (post("/", "Content-Type: text/plain\r\n", &right), "415"),
        (post("/", "Content-Type: application/json\r\n", "{}"), "415"),
        (post("/", FORM, &huge), "413"),
        (post("/", FORM, "code=c"), "404"),
        (post("/", FORM, "code=c&state=wrong"), "404"),
        (post("/", FORM, "code=c&state="), "404"),
        (post("/", FORM, &format!("code=c&state={}", STATE.to_uppercase())), "404"),
        (post("/", FORM, &format!("code=c&state={}", &STATE[1..])), "404"),
        (post("/", FORM, &format!("code=c&state={STATE}&state={STATE}")), "404"),
        (post("/", FORM, &format!("code=c&code=d&state={STATE}")), "404"),
        (post("/", FORM, &format!("state={STATE}")), "404"),
        (post("/", FORM, &format!("code=&state={STATE}")), "404"),
        (post("/", FORM, "%%%\u{0}&&&==="), "404"),
        ("nonsense\r\n\r\n".to_owned(), "400"),
    ];
    for (request, expected) in cases {
        let answer = send(port, &request).await;
        assert_eq!(status(&answer), expected, "{}", &request[..request.len().min(120)]);
        assert!(!answer.contains("stolen"), "nothing of a request is echoed");
    }
    assert!(!outcome.is_finished());
    let answer = send(port, &post("/", FORM, &right)).await;
    assert_eq!(status(&answer), "200");
    assert_eq!(code(outcome.await.expect("no panic")), "c");
}

#[tokio::test]
async fn p07_floods_idle_sockets_and_slow_visitors_keep_nobody_waiting() {
    let Listening { port, outcome } = listen(Mode::FormPost).await;
    let connect = || async { TcpStream::connect(("127.0.0.1", port)).await.expect("connected") };
    let mut idle = Vec::new();
    for _ in 0..100 {
        idle.push(connect().await);
    }
    // Half a request line, and half a form: both stay open while the real answer comes.
    let mut half_line = connect().await;
    half_line.write_all(b"POST / HT").await.expect("sent");
    let mut half_form = connect().await;
    half_form.write_all(post("/", FORM, "code=").replace("Length: 5", "Length: 50").as_bytes()).await.expect("sent");
    // One byte at a time, as long as it is let.
    let mut drip = connect().await;
    let dripping = tokio::spawn(async move {
        let request = post("/", FORM, &"c".repeat(8_000));
        for byte in request.as_bytes().chunks(1) {
            if drip.write_all(byte).await.is_err() {
                return;
            }
            tokio::task::yield_now().await;
        }
    });
    let chunk = format!("{:x}\r\n{}\r\n", 9_000, "c".repeat(9_000));
    let flood = format!("POST / HTTP/1.1\r\nHost: localhost\r\n{FORM}Transfer-Encoding: chunked\r\n\r\n{chunk}");
    assert_eq!(status(&send(port, &flood).await), "413");
    // Ten megabytes are refused by their announced length, before they are read.
    let head = format!("POST / HTTP/1.1\r\nHost: localhost\r\n{FORM}Content-Length: 10485760\r\n\r\n");
    assert_eq!(status(&send(port, &head).await), "413");
    assert_eq!(status(&send(port, &post("/", FORM, &format!("code=c&state={STATE}"))).await), "200");
    assert_eq!(code(outcome.await.expect("no panic")), "c");
    // And they are cut off once it is over.
    let mut rest = Vec::new();
    for stream in [&mut half_line, &mut half_form].into_iter().chain(&mut idle) {
        let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "a connection was left open");
    }
    assert!(tokio::time::timeout(Duration::from_secs(5), dripping).await.is_ok());
}

#[tokio::test]
async fn p02_only_the_very_state_counts_and_only_once() {
    let Listening { port, outcome } = listen(Mode::FormPost).await;
    let with = |state: &str| post("/", FORM, &format!("code=c&state={state}"));
    for at in 0..STATE.len() {
        let mut other = STATE.as_bytes().to_vec();
        other[at] ^= 1;
        let other = String::from_utf8(other).expect("text");
        assert_eq!(
            status(
                &send(port, &with(&url::form_urlencoded::byte_serialize(other.as_bytes()).collect::<String>())).await
            ),
            "404",
            "one bit off"
        );
    }
    assert_eq!(status(&send(port, &with(STATE)).await), "200");
    assert_eq!(code(outcome.await.expect("no panic")), "c");
    let again = send_to(SocketAddr::from(([127, 0, 0, 1], port)), &with(STATE)).await;
    assert!(again.is_err(), "nobody listens for a second one");
}

/// Addresses on which this process listens at `port`, as the system tells them.
#[cfg(target_os = "linux")]
fn listening_at(port: u16) -> Vec<String> {
    let mut out = Vec::new();
    for file in ["/proc/self/net/tcp", "/proc/self/net/tcp6"] {
        let table = std::fs::read_to_string(file).unwrap_or_default();
        for row in table.lines().skip(1) {
            let fields: Vec<_> = row.split_whitespace().collect();
            let (Some(local), Some(state)) = (fields.get(1), fields.get(3)) else { continue };
            if *state == "0A" && local.ends_with(&format!(":{port:04X}")) {
                out.push(local.split(':').next().unwrap_or_default().to_owned());
            }
        }
    }
    out
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn p06_it_listens_on_loopback_and_nowhere_else_and_the_port_is_taken() {
    let Listening { port, outcome } = listen(Mode::FormPost).await;
    let addresses = listening_at(port);
    // 127.0.0.1 and ::1, as the kernel writes them.
    let loopback = ["0100007F", "00000000000000000000000001000000"];
    assert!(!addresses.is_empty() && addresses.iter().all(|it| loopback.contains(&it.as_str())), "{addresses:?}");
    assert!(std::net::TcpListener::bind(("127.0.0.1", port)).is_err(), "nobody else gets this port");
    outcome.abort();
}

#[tokio::test]
async fn p06_p08_both_address_families_answer_on_the_same_port_and_close_with_the_answer() {
    let Listening { port, outcome } = listen(Mode::FormPost).await;
    let six = SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], port));
    let has_six = match send_to(six, &get("/")).await {
        Ok(answer) => status(&answer) == "405",
        Err(_) => {
            eprintln!("skipped: the ::1 half: this computer has no IPv6 loopback");
            false
        }
    };
    let right = post("/", FORM, &format!("code=c&state={STATE}"));
    let via = if has_six { six } else { SocketAddr::from(([127, 0, 0, 1], port)) };
    assert_eq!(status(&send_to(via, &right).await.expect("an answer")), "200");
    assert_eq!(code(outcome.await.expect("no panic")), "c");
    for address in [SocketAddr::from(([127, 0, 0, 1], port)), six] {
        assert!(send_to(address, &right).await.is_err(), "{address} is still open");
    }
}

#[tokio::test]
async fn p09_the_page_is_static_and_tells_browsers_to_keep_nothing() {
    let Listening { port, outcome } = listen(Mode::FormPost).await;
    let body = format!("error=access_denied&error_description=AADSTS65004%3A+%3Cscript%3E&state={STATE}");
    let answer = send(port, &post("/", FORM, &body)).await.to_lowercase();
    for header in [
        "content-security-policy: default-src 'none'",
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "x-content-type-options: nosniff",
        "connection: close",
    ] {
        assert!(answer.contains(header), "{header} in {answer}");
    }
    assert!(!answer.contains("<script") && !answer.contains("access_denied") && !answer.contains("http://"));
    let Ok(Callback::Refused(AuthError::Refused { error, codes, .. })) = outcome.await.expect("no panic") else {
        panic!("a refusal")
    };
    assert_eq!((error.as_str(), codes.as_slice()), ("access_denied", &[65004][..]));
    // Every byte of the page is known: nothing of the request can be in it.
    let page = answer.split_once("\r\n\r\n").map(|(_, page)| page).unwrap_or_default();
    let expected = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>sign-in not completed</title>\
        <h1>sign-in not completed</h1><p>you can close this tab and go back to inbound access, which says why.</p></html>";
    assert_eq!(page, expected);
}

#[tokio::test]
async fn in_query_mode_the_address_brings_the_code_and_a_form_does_not() {
    let Listening { port, outcome } = listen(Mode::Query).await;
    assert_eq!(status(&send(port, &post("/", FORM, &format!("code=c&state={STATE}"))).await), "405");
    assert_eq!(status(&send(port, &get("/?code=c&state=wrong")).await), "404");
    assert_eq!(status(&send(port, &get(&format!("/?code=c%2Fd&state={STATE}"))).await), "200");
    assert_eq!(code(outcome.await.expect("no panic")), "c/d");
}

#[tokio::test]
async fn a_refusal_by_address_is_heard_though_a_form_was_asked_for() {
    let Listening { port, outcome } = listen(Mode::FormPost).await;
    assert_eq!(status(&send(port, &get(&format!("/?error=invalid_request&state={STATE}"))).await), "200");
    assert!(matches!(outcome.await.expect("no panic"), Ok(Callback::Refused(_))));
}

#[tokio::test]
async fn p08_giving_up_closes_the_listener() {
    let Listening { port, outcome } = listen(Mode::FormPost).await;
    assert_eq!(status(&send(port, &get("/")).await), "405");
    outcome.abort();
    assert!(outcome.await.is_err_and(|error| error.is_cancelled()));
    // The servers end on their own tasks.
    let closed = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(5), closed).await.is_ok(), "still listening");
}
