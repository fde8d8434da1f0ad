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
use ordain_app::case::world::House;
use ordain_app::data_scope::reach;
use ordain_app::gate::Committed;
use ordain_app::rights::{Caller, Permission};
use ordain_store::LogRow;
use serde::Serialize;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
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

/// Who listens. What they may see is looked up anew for each event: roles change while a stream lasts.
struct Listener {
    server: Shared,
    org: i64,
    known: Mutex<(Arc<House>, Arc<Caller>)>,
}

impl Listener {
    fn of(ctx: &Ctx) -> Self {
        let known = Mutex::new((ctx.house.clone(), Arc::new(ctx.caller.clone())));
        Self { server: ctx.server.clone(), org: ctx.org(), known }
    }

    /// Nothing once they have left.
    fn now(&self) -> Option<(Arc<House>, Arc<Caller>)> {
        let house = self.server.app.gate.houses().get(self.org)?;
        let mut known = self.known.lock().ok()?;
        if !Arc::ptr_eq(&known.0, &house) {
            if let Some(user) = known.1.user() {
                let user = house.people.users.get(&user.id).filter(|user| !user.disabled)?;
                let caller = Caller::person(self.org, user.clone(), &house.people.own_roles);
                known.1 = Arc::new(caller);
            }
            known.0 = house;
        }
        Some(known.clone())
    }

    /// Whether an event is told, and whether with its order: that something has changed is told of any order, what it is of those
    /// that are reached.
    async fn hears(&self, order: Option<Uuid>) -> Option<bool> {
        let (house, caller) = self.now()?;
        let right = if order.is_some() { Permission::ReadOrders } else { Permission::ReadMaster };
        if !caller.may(right) {
            return None;
        }
        let (store, now_ms) = (self.server.app.store.clone(), self.server.app.clock.now_ms());
        let Some((order, reach)) = order.zip(reach(&caller, right, &house, now_ms)) else {
            return Some(true);
        };
        let within = move || store.orders_within(caller.org, &[order.into_bytes()], &reach);
        // What cannot be looked up is not told.
        let within = tokio::task::spawn_blocking(within).await.ok()?.ok()?;
        Some(!within.is_empty())
    }
}

async fn of_commit(committed: &Committed, listener: &Listener) -> Option<LiveView> {
    let order = committed.order.as_ref();
    if committed.org != listener.org {
        return None;
    }
    let whole = listener.hears(order.map(|order| order.id)).await?;
    let told = order.filter(|_| whole);
    Some(LiveView {
        seq: committed.seq,
        kind: kind(&committed.command, order.is_some()),
        order_id: told.map(|order| order.id.to_string()),
        number: told.map(|order| order.number.clone()),
        status: told.map(|order| order.status.clone().into_owned()),
        departments: told.map(|order| order.departments.clone()).unwrap_or_default(),
    })
}

async fn of_row(row: &LogRow, listener: &Listener) -> Option<LiveView> {
    let order = row.order_id.map(Uuid::from_bytes);
    let whole = listener.hears(order).await?;
    Some(LiveView {
        seq: row.seq,
        kind: kind(&row.command, order.is_some()),
        order_id: order.filter(|_| whole).map(|id| id.to_string()),
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
    let listener = Arc::new(Listener::of(&ctx));
    let (missed, resync) = missed(&ctx, &listener, last).await?;
    let from = missed.iter().map(|view| view.seq).chain(last).max().unwrap_or(0);
    ctx.server.metrics.streams.inc();
    let open = Open(ctx.server.clone());
    // A listener that fell behind ends here and comes back with its last id.
    let live = BroadcastStream::new(live).take_while(|next| futures::future::ready(next.is_ok()));
    let live = live.filter_map(move |next| {
        let (_, listener) = (&open, listener.clone());
        async move {
            let view = of_commit(&next.ok()?, &listener).await;
            view.filter(|view| view.seq > from)
        }
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
async fn missed(ctx: &Ctx, listener: &Listener, last: Option<i64>) -> Result<(Vec<LiveView>, bool), Problem> {
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
    let told = stream::iter(&rows).filter_map(|row| of_row(row, listener));
    Ok((told.collect().await, false))
}
