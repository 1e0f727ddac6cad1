//! A wire between client and tenant that can swallow what is said, and tells when something is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

pub struct Tunnel {
    pub port: u16,
    swallow: Arc<AtomicBool>,
    swallowed: Arc<Notify>,
}

impl Tunnel {
    pub async fn to(upstream: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (swallow, swallowed) = (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
        let tunnel = Self { port, swallow: Arc::clone(&swallow), swallowed: Arc::clone(&swallowed) };
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (swallow, swallowed) = (Arc::clone(&swallow), Arc::clone(&swallowed));
                tokio::spawn(async move {
                    let far = TcpStream::connect(("127.0.0.1", upstream)).await.unwrap();
                    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) =
                        (near.into_split(), far.into_split());
                    tokio::spawn(async move { tokio::io::copy(&mut far_in, &mut near_out).await });
                    let mut bytes = [0; 4096];
                    while let Ok(count @ 1..) = near_in.read(&mut bytes).await {
                        if swallow.load(Ordering::SeqCst) {
                            swallowed.notify_one();
                        } else if far_out.write_all(&bytes[..count]).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        tunnel
    }

    pub fn swallow(&self, on: bool) {
        self.swallow.store(on, Ordering::SeqCst);
    }

    /// Ends when something was said and swallowed.
    pub async fn swallowed(&self) {
        self.swallowed.notified().await;
    }
}
