//! Listening, and stopping without cutting anyone off.

use crate::desk::Desk;
use crate::http::router;
use crate::people::accounts;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal;
use tower::Service as _;

/// Why the desk could not be served.
#[derive(Debug)]
pub struct ServeError(String);

impl std::fmt::Display for ServeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ServeError {}

/// A head that has not come in this time will not come; so is a connection that asks nothing more.
const HEAD: Duration = Duration::from_secs(10);

/// Takes the address that the configuration names.
///
/// # Errors
/// If the address cannot be listened on.
pub async fn listen(desk: &Desk) -> Result<TcpListener, ServeError> {
    let listen = &desk.config.listen;
    let remedy = "name another with --listen, or end what uses it";
    TcpListener::bind(listen).await.map_err(|error| ServeError(format!("{listen} cannot be listened on: {error}; {remedy}")))
}

/// Releases an account that wrong passwords locked, for those who have the machine but nobody who can log in. Whether there is such an account.
///
/// # Errors
/// If the record cannot be written.
pub async fn release(desk: &Desk, login: &str) -> Result<bool, ServeError> {
    let wrong = |failure: crate::http::failure::Failure| ServeError(failure.title);
    let Some(account) = accounts::find_by_login(&desk.record, &login.to_lowercase()).await.map_err(wrong)? else { return Ok(false) };
    let released = async {
        let mut tx = desk.record.begin().await?;
        accounts::release(&mut tx, &account.id).await?;
        accounts::noted(&mut tx, "host", &account.id, "release").await?;
        Ok(tx.commit().await?)
    };
    released.await.map_err(wrong)?;
    Ok(true)
}

/// Serves the desk until the program is told to stop (SIGTERM, SIGINT); requests under way are answered first.
pub async fn serve(desk: Arc<Desk>, listener: TcpListener) {
    let watch = tokio::spawn(crate::review::watch::watch(desk.clone()));
    let mut service = router(desk.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let open = GracefulShutdown::new();
    let mut stop = pin!(stopped());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Most likely too many open files: what is open has to end first.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Ok(service) = service.call(peer).await;
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)));
        tokio::spawn(async move {
            // A peer that goes away, or is too slow, is no failure of the desk.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    open.shutdown().await;
    watch.abort();
    desk.close().await;
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
