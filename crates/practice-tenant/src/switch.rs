//! A connection that the fault script can cut, as a network would.

use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::Extension;
use axum::middleware::AddExtension;
use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tower::Layer;

/// Cuts the connection that a request came by. Every request carries one as an extension.
#[derive(Debug, Clone, Default)]
pub(crate) struct Switch {
    cut: Arc<AtomicBool>,
}

impl Switch {
    /// From now on nothing passes; what the peer waits for never comes.
    pub fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
    }

    fn is_cut(&self) -> bool {
        self.cut.load(Ordering::SeqCst)
    }
}

/// Gives each accepted connection its [`Switch`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct SwitchAcceptor;

impl<S> Accept<TcpStream, S> for SwitchAcceptor {
    type Stream = Switched;
    type Service = AddExtension<S, Switch>;
    type Future = Ready<io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let switch = Switch::default();
        let service = Extension(switch.clone()).layer(service);
        ready(stream.set_nodelay(true).map(|()| (Switched { stream, switch }, service)))
    }
}

/// A TCP stream with a [`Switch`].
#[derive(Debug)]
pub(crate) struct Switched {
    stream: TcpStream,
    switch: Switch,
}

impl Switched {
    fn check(&self) -> io::Result<()> {
        if !self.switch.is_cut() {
            return Ok(());
        }
        // The peer sees a reset, not an orderly end.
        self.stream.set_zero_linger()?;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    }
}

impl AsyncRead for Switched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Switched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
