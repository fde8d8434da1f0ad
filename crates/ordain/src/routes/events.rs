//! The live feed: what is committed, as it is committed.
//!
//! Ids are numbers of the log. Whoever comes back with the last id gets what was missed from the log first; whoever
//! falls behind is disconnected and comes back that way.

use crate::server::Shared;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream, StreamExt};
use ordain_app::gate::Committed;
use ordain_app::rights::{Caller, Permission};
use ordain_store::LogRow;
use serde::Serialize;
use std::convert::Infallible;
use std::time::Duration;
use tokio_stream::wrappers::BroadcastStream;
use utoipa::ToSchema;
use uuid::Uuid;

const HEARTBEAT: Duration = Duration::from_secs(15);
/// Entries that are caught up with; whoever missed more is told to read everything again.
const CATCH_UP: usize = 1_000;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LiveEvent)]
pub struct LiveView {
    pub seq: i64,
    /// `order`, `task`, `stock`, `notice` or `master`. An event named `resync` says: read everything again.
    pub kind: &'static str,
    pub order_id: Option<String>,
    pub number: Option<String>,
    pub status: Option<String>,
    pub departments: Vec<String>,
}

fn kind(command: &str, order: bool) -> &'static str {
    match command {
        "claim_task" | "decide_task" | "transfer_task" | "add_signer" | "remove_signer" | "urge_task"
        | "reassign_task" => "task",
        "fire_timer" | "record_delivery" => "notice",
        "feed_stock" => "stock",
        _ if order => "order",
        _ => "master",
    }
}

/// What of an entry the caller may see.
fn visible(caller: &Caller, order: bool) -> bool {
    caller.may(if order { Permission::ReadOrders } else { Permission::ReadMaster })
}

/// `all`: the caller reaches every order. Others hear that something has changed, and read what they reach of it.
fn of_commit(committed: &Committed, caller: &Caller, all: bool) -> Option<LiveView> {
    let order = committed.order.as_ref();
    let fits = committed.org == caller.org && visible(caller, order.is_some());
    let told = order.filter(|_| all);
    fits.then(|| LiveView {
        seq: committed.seq,
        kind: kind(&committed.command, order.is_some()),
        order_id: order.map(|order| order.id.to_string()),
        number: told.map(|order| order.number.clone()),
        status: told.map(|order| order.status.clone().into_owned()),
        departments: told.map(|order| order.departments.clone()).unwrap_or_default(),
    })
}

fn of_row(row: &LogRow, caller: &Caller) -> Option<LiveView> {
    visible(caller, row.order_id.is_some()).then(|| LiveView {
        seq: row.seq,
        kind: kind(&row.command, row.order_id.is_some()),
        order_id: row.order_id.map(|id| Uuid::from_bytes(id).to_string()),
        number: None,
        status: None,
        departments: Vec::new(),
    })
}

fn event(view: &LiveView, resync: bool) -> Event {
    let data = serde_json::to_string(view).unwrap_or_default();
    let event = Event::default().id(view.seq.to_string()).data(data);
    if resync { event.event("resync") } else { event }
}

/// Counts open streams.
struct Open(Shared);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.metrics.streams.dec();
    }
}

/// Streams what is committed (server-sent events). `Last-Event-ID` catches up.
#[utoipa::path(get, path = "/events", operation_id = "watch_events", tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "The last id that was received")),
    responses((status = 200, description = "A stream of events", body = LiveView, content_type = "text/event-stream")))]
pub async fn watch_events(ctx: Ctx) -> Result<Response, Problem> {
    // Listening begins before the log is read, so that nothing falls between.
    let live = ctx.server.app.gate.listen();
    let last = ctx.headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    let (missed, resync) = missed(&ctx, last).await?;
    let from = missed.iter().map(|view| view.seq).chain(last).max().unwrap_or(0);
    ctx.server.metrics.streams.inc();
    let (open, caller) = (Open(ctx.server.clone()), ctx.caller.clone());
    let all = ctx.reach(Permission::ReadOrders).is_none();
    // A listener that fell behind ends here and comes back with its last id.
    let live = BroadcastStream::new(live).take_while(|next| futures::future::ready(next.is_ok()));
    let live = live.filter_map(move |next| {
        let _ = &open;
        let view = next.ok().and_then(|committed| of_commit(&committed, &caller, all));
        futures::future::ready(view.filter(|view| view.seq > from))
    });
    let missed = stream::iter(missed).map(move |view| event(&view, resync));
    let events = missed.chain(live.map(|view| event(&view, false))).map(Ok::<Event, Infallible>);
    let stream = until_shutdown(events, ctx.server.clone());
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("beat")).into_response())
}

fn until_shutdown<T>(events: impl Stream<Item = T>, server: Shared) -> impl Stream<Item = T> {
    let mut shutdown = server.shutdown.clone();
    events.take_until(async move {
        // A sender that is gone is a server that is gone.
        let _ = shutdown.wait_for(|down| *down).await;
    })
}

/// What was committed since, or the one event that says it was too much.
async fn missed(ctx: &Ctx, last: Option<i64>) -> Result<(Vec<LiveView>, bool), Problem> {
    let Some(last) = last else { return Ok((Vec::new(), false)) };
    let org = ctx.org();
    let rows = ctx.read(move |store| Ok(store.log_range(org, last, CATCH_UP)?)).await?;
    let seq = rows.last().map_or(last, |row| row.seq);
    if rows.len() == CATCH_UP {
        let resync = LiveView {
            seq,
            kind: "order",
            order_id: None,
            number: None,
            status: None,
            departments: Vec::new(),
        };
        return Ok((vec![resync], true));
    }
    Ok((rows.iter().filter_map(|row| of_row(row, &ctx.caller)).collect(), false))
}
