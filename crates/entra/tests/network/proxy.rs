//! A proxy that keeps what it was asked, and connects to one place whatever it was asked for.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub struct Proxy {
    pub port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Makes a connection to `to` for whoever asks; answers `refusal` where there is one.
    pub async fn start(to: u16, refusal: Option<&'static str>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(serve(near, to, refusal, Arc::clone(&kept)));
            }
        });
        Self { port, asked }
    }

    /// A SOCKS5 proxy that connects to `to`.
    pub async fn socks(to: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(serve_socks(near, to, Arc::clone(&kept)));
            }
        });
        Self { port, asked }
    }

    /// The heads of all requests; of a SOCKS proxy, `host:port`.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(mut near: TcpStream, to: u16, refusal: Option<&'static str>, asked: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match near.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    asked.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
    if let Some(refusal) = refusal {
        let _ = near.write_all(refusal.as_bytes()).await;
        return;
    }
    let mut far = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
    near.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
    let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
}

/// RFC 1928, as far as a client without a password that asks for a name needs it.
async fn serve_socks(mut near: TcpStream, to: u16, asked: Arc<Mutex<Vec<String>>>) {
    let take = async |near: &mut TcpStream, count: usize| {
        let mut bytes = vec![0; count];
        near.read_exact(&mut bytes).await.unwrap();
        bytes
    };
    let greeting = take(&mut near, 2).await;
    take(&mut near, greeting[1].into()).await;
    near.write_all(&[5, 0]).await.unwrap();
    let request = take(&mut near, 5).await;
    assert_eq!(request[..4], [5, 1, 0, 3], "connect, by name");
    let host = String::from_utf8(take(&mut near, request[4].into()).await).unwrap();
    let port = near.read_u16().await.unwrap();
    asked.lock().unwrap().push(format!("{host}:{port}"));
    let mut far = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
    near.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).await.unwrap();
    let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
}
