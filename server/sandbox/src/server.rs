//! Puts the parts together and runs them on a port.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::any;
use tokio::net::TcpListener;

use crate::config::{Control, SandboxConfig, SandboxError};
use crate::cut::{CuttableListener, Scissors};
use crate::state::Shared;
use crate::{browser, control, pipeline};

/// How long open requests may last after the order to stop; one that hangs by order would last for ever.
const GRACE: Duration = Duration::from_secs(3);

/// The whole sandbox without a socket.
///
/// A reply that is to be dropped then ends in an error of the body instead of a closed connection.
///
/// # Errors
/// When the configuration is refused or the state cannot be opened.
pub async fn router(config: SandboxConfig) -> Result<Router, SandboxError> {
    Ok(build(Shared::open(config).await?))
}

/// Runs the sandbox until `shutdown` is ready, then lets open requests end for a few seconds.
///
/// # Errors
/// When the configuration is refused, the state cannot be opened, or the port cannot.
pub async fn serve(
    config: SandboxConfig,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), SandboxError> {
    Sandbox::bind(config).await?.run(shutdown).await
}

/// A sandbox that has its port but does not answer yet.
pub struct Sandbox {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Sandbox {
    /// Opens the state and the port.
    ///
    /// # Errors
    /// As [`serve`].
    pub async fn bind(config: SandboxConfig) -> Result<Self, SandboxError> {
        let shared = Shared::open(config).await?;
        let listener = TcpListener::bind(shared.config.bind).await?;
        let address = listener.local_addr()?;
        Ok(Self {
            listener,
            address,
            shared,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `shutdown` is ready.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), SandboxError> {
        let Self {
            listener,
            address,
            shared,
        } = self;
        tracing::info!(%address, "the payment sandbox listens");
        let pool = shared.pool.clone();
        let service = build(shared).into_make_service_with_connect_info::<Scissors>();
        let (told, stopping) = tokio::sync::oneshot::channel::<()>();
        let shutdown = async move {
            shutdown.await;
            // The other side is gone only when the server has already ended.
            let _ = told.send(());
        };
        let server = axum::serve(CuttableListener(listener), service)
            .with_graceful_shutdown(shutdown)
            .into_future();
        tokio::select! {
            result = server => result?,
            () = async { let _ = stopping.await; tokio::time::sleep(GRACE).await } => {}
        }
        pool.close().await;
        Ok(())
    }
}

fn build(shared: Arc<Shared>) -> Router {
    let mut router = Router::new()
        .route(
            "/v1/{*path}",
            any(pipeline::handle).layer(axum::middleware::from_fn_with_state(
                shared.clone(),
                browser::cors,
            )),
        )
        .merge(browser::routes(&shared.config))
        .fallback(pipeline::not_found);
    if shared.config.control == Control::Enabled {
        router = router.merge(control::routes());
    }
    router.with_state(shared)
}
