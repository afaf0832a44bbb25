//! `quittance serve`: the portal with its worker, and the sandbox beside it.

use super::{Failure, open, sandbox};
use crate::{config::Config, router::router, worker};
use leptos::config::get_configuration;
use std::{net::SocketAddr, time::Duration};
use tokio::sync::watch;

/// How long requests in flight may take after the signal to stop.
const DRAIN: Duration = Duration::from_secs(25);

/// Runs until it is told to stop, then lets what is in flight end.
///
/// # Errors
/// When the database, a port or the sandbox's file cannot be opened.
pub async fn run(config: Config) -> Result<(), Failure> {
    let backend = open(&config).await?;
    let listener = tokio::net::TcpListener::bind(config.server.listen).await?;
    if config.database.url.starts_with("sqlite:") {
        // Nobody else works on this file, so what a killed process had begun need not wait for its leases to run out.
        backend::jobs::release_all(&backend).await?;
    }
    let (stop, stopping) = watch::channel(false);
    tokio::spawn(async move {
        stopped().await;
        let _ = stop.send(true);
    });

    let sandbox = config.sandbox.enabled.then(|| {
        let settings = sandbox::settings(&config);
        let stopping = stopping.clone();
        tokio::spawn(async move { ::sandbox::serve(settings, until(stopping)).await })
    });
    let worker = tokio::spawn(worker::run(
        backend.clone(),
        config.payments.patience(),
        stopping.clone(),
    ));

    let mut options = get_configuration(Some("Leptos.toml"))
        .or_else(|_| get_configuration(None))?
        .leptos_options;
    options.site_addr = config.server.listen;
    let app = router(&config, options, backend.clone());
    tracing::info!(address = %config.server.listen, "quittance serves");
    let server = axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(until(stopping.clone()));
    let drained = async {
        until(stopping).await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        done = server => done?,
        () = drained => tracing::warn!("requests were still running at the end"),
    }
    worker.await?;
    if let Some(sandbox) = sandbox {
        sandbox.await??;
    }
    backend.close().await?;
    Ok(())
}

/// Resolves at SIGINT or SIGTERM.
pub async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        },
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}

async fn until(mut stopping: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is the end as well.
    let _ = stopping.wait_for(|stop| *stop).await;
}
