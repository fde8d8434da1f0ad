//! The log for the tools of process mining, sent as it is read.

use super::report::{Period, PeriodQuery};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::Query;
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use ordain_app::case::world::House;
use ordain_app::event_log::{EventLogError, Span, tell_masters, tell_orders};
use ordain_connect::event_log::{OcelWriter, XesWriter};
use ordain_store::Store;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

/// Bytes of a piece, and pieces that wait for a slow reader.
const PIECE: usize = 64 * 1024;
const PIECES: usize = 4;

/// An event log in the form of XES (IEEE 1849): a trace for each order received in the period.
#[utoipa::path(get, path = "/reports/event-log.xes", operation_id = "export_xes", tag = "reports", params(PeriodQuery),
    responses((status = 200, description = "The log", content_type = "application/xml", body = String)))]
pub async fn export_xes(ctx: Ctx, Query(asked): Query<PeriodQuery>) -> Result<Response, Problem> {
    send(&ctx, &asked, ("application/xml", "xes"), |source, out| {
        let mut writer = XesWriter::begin(out)?;
        tell_orders(&source.store, &source.house, source.org, source.span, |trace| Ok(writer.trace(trace)?))?;
        Ok(writer.finish()?)
    })
    .await
}

/// An event log in the form of OCEL 2.0: the orders received in the period, their tasks, and all customers and products.
#[utoipa::path(get, path = "/reports/event-log.json", operation_id = "export_ocel", tag = "reports", params(PeriodQuery),
    responses((status = 200, description = "The log", content_type = "application/json", body = String)))]
pub async fn export_ocel(ctx: Ctx, Query(asked): Query<PeriodQuery>) -> Result<Response, Problem> {
    send(&ctx, &asked, ("application/json", "json"), |Source { store, house, org, span }, out| {
        let mut writer = OcelWriter::begin(out)?;
        tell_orders(store, house, *org, *span, |trace| Ok(writer.objects(trace)?))?;
        tell_masters(store, *org, |object| Ok(writer.object(object)?))?;
        writer.begin_events()?;
        tell_orders(store, house, *org, *span, |trace| Ok(writer.events(trace)?))?;
        Ok(writer.finish()?)
    })
    .await
}

struct Source {
    store: Store,
    house: Arc<House>,
    org: i64,
    span: Span,
}

type Out = BufWriter<Pieces>;

/// A log that breaks off is no log: the connection is cut, so that nobody takes the half for the whole.
async fn send(
    ctx: &Ctx,
    asked: &PeriodQuery,
    (media_type, ending): (&'static str, &str),
    write: impl FnOnce(&Source, Out) -> Result<(), EventLogError> + Send + 'static,
) -> Result<Response, Problem> {
    let period = Period::asked(ctx, asked.from.as_deref(), asked.to.as_deref())?;
    let (org, house, instants) = (ctx.org(), ctx.house.clone(), period.instants(&ctx.house));
    let span = ctx
        .read(move |store| Span::now(store, org, instants).map_err(|error| Problem::bug(&error.to_string())));
    let source = Source { store: ctx.server.app.store.clone(), house, org, span: span.await? };
    let (to, pieces): (Sender<io::Result<Bytes>>, Receiver<_>) = channel(PIECES);
    tokio::task::spawn_blocking(move || {
        let out = BufWriter::with_capacity(PIECE, Pieces(to.clone()));
        if let Err(error) = write(&source, out) {
            tracing::warn!(%error, "event log broken off");
            // Nobody is left to be told if the reader has gone.
            let _ = to.blocking_send(Err(io::Error::other(error.to_string())));
        }
    });
    let name = format!("attachment; filename=\"event-log-{}-{}.{ending}\"", period.0, period.1);
    let headers = [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(ReceiverStream::new(pieces))).into_response())
}

/// Hands pieces to whoever reads, and waits where that is slow.
struct Pieces(Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.0.blocking_send(Ok(Bytes::copy_from_slice(piece))).map_err(gone)?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
