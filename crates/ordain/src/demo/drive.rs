//! Drives the orders through the Gate in the order in which they came, each at its own time.

use super::{DemoError, Summary, source};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use ordain_app::app::App;
use ordain_app::case::decide::{OrderCommand, Place};
use ordain_app::gate::{Command, Done, GateError};
use ordain_domain::actor::Actor;
use ordain_store::{CustomerRow, ProductRow};
use source::SourceOrder;
use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;
use tokio::sync::oneshot;

/// Orders under way at once: enough to share commits, few enough to keep latencies honest.
const UNDER_WAY: usize = 32;
const MINUTE_MS: i64 = 60_000;

type Answer = oneshot::Receiver<Result<Done, GateError>>;

/// Places every order and counts what became of it. `last_ms` is when the last one comes in; the manual clock of `app`
/// is led from order to order, so that each lies as far back as in the source.
///
/// # Errors
/// If the built-in data or the database cannot be read, or the Gate stops.
pub async fn drive(
    app: &App,
    org: i64,
    last_ms: i64,
    mut progress: impl FnMut(usize, usize),
) -> Result<Summary, DemoError> {
    let orders = source::orders()?;
    let customers = customers(app, org)?;
    let products = products(app, org)?;
    let clerks = clerks(app, org);
    let mut summary = Summary::default();
    let mut under_way: VecDeque<(Instant, Answer)> = VecDeque::new();
    for (at, order) in orders.iter().enumerate() {
        if under_way.len() >= UNDER_WAY
            && let Some((started, answer)) = under_way.pop_front()
        {
            settle(&mut summary, started, answer).await?;
        }
        let at_ms = last_ms + order.minutes * MINUTE_MS;
        app.clock.set_ms(at_ms);
        let customer = order.customer.as_ref().and_then(|code| customers.get(code));
        let command = place(order, asked_for(at_ms, order.days_until_asked), customer, &products);
        let envelope = app.envelope(org, receiver(order, at, &clerks), command, None);
        under_way.push_back((Instant::now(), app.gate.submit(envelope)?));
        progress(at + 1, orders.len());
    }
    for (started, answer) in under_way {
        settle(&mut summary, started, answer).await?;
    }
    summary.finish();
    Ok(summary)
}

async fn settle(summary: &mut Summary, started: Instant, answer: Answer) -> Result<(), DemoError> {
    let gone = |_| GateError::Unavailable("the committer has stopped".to_owned());
    if let Done::Order(case) = answer.await.map_err(gone)?? {
        summary.count(&case, started.elapsed());
    }
    Ok(())
}

fn place(
    order: &SourceOrder,
    asked_for: Date,
    customer: Option<&CustomerRow>,
    products: &BTreeMap<String, ProductRow>,
) -> Command {
    let place = Place {
        channel: order.channel.clone(),
        source: Some(serde_json::json!({"kind": "demo", "name": order.invoice()})),
        content: order.content(asked_for, customer, products),
        submit: true,
        reasons: BTreeMap::new(),
    };
    Command::Order { id: None, expected: None, command: OrderCommand::Place(Box::new(place)) }
}

/// Orders by phone, mail and spreadsheet are entered by sales in turn; the others come in by themselves.
fn receiver(order: &SourceOrder, at: usize, clerks: &[Actor]) -> Actor {
    match order.channel.as_str() {
        "api" | "portal" => Actor::system(&order.channel),
        _ => clerks.get(at % clerks.len().max(1)).cloned().unwrap_or_else(|| Actor::system("demo")),
    }
}

fn asked_for(at_ms: i64, days: i64) -> Date {
    let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
    let date = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone).date();
    date.checked_add(days.days()).unwrap_or(date)
}

fn clerks(app: &App, org: i64) -> Vec<Actor> {
    let house = app.gate.houses().get(org);
    let users = house.iter().flat_map(|house| house.people.users.values());
    let sales = users.filter(|user| user.has_role("sales"));
    sales.map(|user| Actor::Person { id: user.id, name: user.name.clone() }).collect()
}

fn customers(app: &App, org: i64) -> Result<BTreeMap<String, CustomerRow>, DemoError> {
    let mut found = BTreeMap::new();
    let mut after = String::new();
    loop {
        let page = app.store.list_customers(org, "", &after, 200)?;
        let Some(last) = page.last() else { return Ok(found) };
        after.clone_from(&last.code);
        found.extend(page.into_iter().map(|row| (row.code.clone(), row)));
    }
}

fn products(app: &App, org: i64) -> Result<BTreeMap<String, ProductRow>, DemoError> {
    let mut found = BTreeMap::new();
    let mut after = String::new();
    loop {
        let page = app.store.list_products(org, "", &after, 200)?;
        let Some(last) = page.last() else { return Ok(found) };
        after.clone_from(&last.code);
        found.extend(page.into_iter().map(|row| (row.code.clone(), row)));
    }
}
