//! The log for the tools of process mining, sent as it is read.

use super::report::{Period, PeriodQuery};
use crate::server::context::Ctx;
use crate::server::download::{Out, download};
use crate::server::problem::Problem;
use crate::server::query::Query;
use axum::response::Response;
use ordain_app::case::world::House;
use ordain_app::event_log::{EventLogError, Span, tell_masters, tell_orders};
use ordain_connect::event_log::{OcelWriter, XesWriter};
use ordain_store::Store;
use std::sync::Arc;

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
    let name = format!("event-log-{}-{}.{ending}", period.0, period.1);
    Ok(download(media_type, &name, move |out| write(&source, out)))
}
