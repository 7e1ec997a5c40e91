//! Listening, and stopping without cutting anyone off.

use crate::desk::Desk;
use crate::http::router;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal;

/// Why the desk could not be served.
#[derive(Debug)]
pub struct ServeError(pub String);

impl std::fmt::Display for ServeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ServeError {}

/// Serves the desk until the program is told to stop (SIGTERM, SIGINT); requests under way are answered first. `ready` is told the address.
///
/// # Errors
/// If the address cannot be listened on.
pub async fn serve(desk: Arc<Desk>, ready: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let listen = desk.config.listen.clone();
    let remedy = "name another with --listen, or end what uses it";
    let listener =
        TcpListener::bind(&listen).await.map_err(|error| ServeError(format!("{listen} cannot be listened on: {error}; {remedy}")))?;
    let address = listener.local_addr().map_err(|error| ServeError(format!("{listen}: {error}")))?;
    ready(address);
    let watch = tokio::spawn(crate::review::watch::watch(desk.clone()));
    let service = router(desk.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stopped()).await;
    watch.abort();
    desk.close().await;
    served.map_err(|error| ServeError(error.to_string()))
}

async fn stopped() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => _ = signal.recv().await,
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
    tracing::info!("stopping: no new requests; those under way are answered");
}
