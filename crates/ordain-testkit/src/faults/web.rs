//! A node that is asked over HTTP: the program's own server and all that works beside it, with less patience than it
//! has in a company, so that a bar need not wait for minutes.

use super::postman;
use ordain::server::connections::Limits;
use ordain::server::run;
use ordain_app::app::App;
use ordain_app::outbox::Carriers;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long whoever asks may take for a head, and for a body.
pub(super) const LIMIT: Duration = Duration::from_secs(2);

/// Serves until the process is killed. The first line on stdout is the port. Mail leaves over the port of an SMTP server;
/// 0 is none.
///
/// # Panics
/// If no runtime or port is to be had.
pub(super) fn serve(app: App, smtp: u16) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        println!("{}", listener.local_addr().expect("a bound port").port());
        let carriers = Carriers { mail: (smtp > 0).then(|| postman::channel(smtp)), calls: None };
        let (_up, down) = watch::channel(false);
        run::serve(listener, app, carriers, Limits { head: LIMIT, body: LIMIT }, None, down).await;
    });
}
