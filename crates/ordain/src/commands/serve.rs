//! Runs the product.

use super::open::{own_gate, read_only, secret, settings};
use super::{DatabaseArgs, Failed, Outcome, say};
use crate::server::connections::Limits;
use crate::server::run::{serve, wait_for_signal};
use crate::settings::{LogFormat, Settings};
use crate::words::Text;
use clap::Args;
use ordain_app::app::App;
use ordain_app::clock::IdSource;
use ordain_app::outbox::Carriers;
use ordain_connect::channel::Channel;
use ordain_connect::http::{HttpSink, PrivateHosts};
use ordain_connect::mail::SmtpChannel;
use ordain_connect::trace::Tracer;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

#[derive(Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    at: DatabaseArgs,
    /// Address and port, such as `127.0.0.1:8080`.
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Shows everything and changes nothing: on a disk that cannot be written, or beside a standby of PostgreSQL.
    #[arg(long)]
    read_only: bool,
    /// Shows the settings in force, secrets masked, and ends.
    #[arg(long)]
    print_config: bool,
}

pub(super) fn start_log(settings: &Settings) {
    let filter = EnvFilter::try_new(&settings.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber in one process (tests) is no harm.
    let _ = match settings.log_format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).try_init(),
    };
}

pub(super) fn channel(settings: &Settings) -> Result<Option<Arc<dyn Channel>>, Failed> {
    match &settings.smtp {
        None => Ok(None),
        Some(smtp) => Ok(Some(Arc::new(SmtpChannel::new(smtp)?))),
    }
}

/// What carries mail and calls out. The demo has a way of its own for mail.
pub(super) fn carriers(settings: &Settings, mail: Option<Arc<dyn Channel>>) -> Carriers {
    let hosts = PrivateHosts::new(settings.private_hosts.clone());
    Carriers { mail, calls: Some(Arc::new(HttpSink::new(hosts))) }
}

pub(super) async fn run(args: ServeArgs) -> Outcome {
    let settings = settings(args.at.database, args.listen)?;
    if args.print_config {
        super::out!("{}", serde_json::to_string_pretty(&settings.shown())?);
        return Ok(());
    }
    start_log(&settings);
    let listener = bind(&settings.listen).await?;
    let secret = secret()?;
    let address = listener.local_addr()?.to_string();
    let (app, _lock) = if args.read_only {
        (read_only(&settings)?, None)
    } else {
        own_gate(&settings, Some(address.clone()), &secret, IdSource::Real)?
    };
    if app.store.orgs()?.is_empty() {
        eprintln!("{}", say("no_company", &[]));
    }
    let serving = if args.read_only { "serving_read_only" } else { "serving" };
    eprintln!("{}", say(serving, &[("url", Text::plain(format!("http://{address}")))]));
    let carriers = carriers(&settings, channel(&settings)?);
    trace(&app, &settings)?;
    until_signal(listener, app, carriers, secret).await
}

/// Has the collector told of what is done, where there is one.
fn trace(app: &App, settings: &Settings) -> Outcome {
    let Some(address) = &settings.traces else { return Ok(()) };
    let tracer = Tracer::to(address).map_err(|error| {
        Failed(say(
            "no_collector",
            &[("address", Text::plain(address)), ("why", Text::plain(error.to_string()))],
        ))
    })?;
    // The gate is new: there is no other yet.
    let _ = app.gate.work().tracer.set(tracer);
    Ok(())
}

pub(super) async fn bind(address: &str) -> Result<TcpListener, Failed> {
    TcpListener::bind(address).await.map_err(|error| {
        let facts = [("address", Text::plain(address)), ("why", Text::plain(error.to_string()))];
        Failed(say("cannot_listen", &facts))
    })
}

/// Serves until the process is told to stop.
pub(super) async fn until_signal(
    listener: TcpListener,
    app: App,
    carriers: Carriers,
    secret: String,
) -> Outcome {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(wait_for_signal(stop));
    let gate = app.gate.clone();
    serve(listener, app, carriers, Limits::default(), Some(secret), stopped).await;
    let told = tokio::task::spawn_blocking(move || gate.work().tracer.get().map(Tracer::close));
    // A tracer that panics has nothing more to tell.
    let _ = told.await;
    Ok(())
}
