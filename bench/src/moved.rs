//! What it costs when a supply moves: all who were promised something of it hear of it, nobody else is looked at.

use crate::company::{self, ORG};
use ordain_app::admin::{AdminCommand, PurchaseItem};
use ordain_app::app::App;
use ordain_domain::actor::Actor;
use ordain_domain::order::Status;
use ordain_store::{Changes, PurchaseLineRow};
use ordain_testkit::company::line;
use ordain_testkit::home::Home;
use std::time::{Duration, Instant};

const ORDERS: usize = 1_000;
const LINES: u32 = 100;
/// Every so manieth order has a line that waits for the purchase.
const WAITS: usize = 10;
const TIMES: usize = 7;
const NUMBER: &str = "PO-1";

pub struct Moved {
    /// Open lines of confirmed orders.
    pub lines: usize,
    /// Orders that were promised something of the purchase.
    pub holders: usize,
    /// One move of its day, with word to all of them, durable.
    pub took: Duration,
}

pub fn measure(home: &Home) -> Result<Moved, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let app = company::open_with(home, &waiting()?)?;
    runtime.block_on(fill(&app))?;
    let mut took = Vec::with_capacity(TIMES);
    for n in 0..TIMES {
        let item =
            PurchaseItem { number: NUMBER.into(), due_date: Some(day(20 + n as i64)), ..Default::default() };
        let started = Instant::now();
        runtime.block_on(app.admin(ORG, Actor::system("bench"), AdminCommand::PutPurchases(vec![item])))?;
        took.push(started.elapsed());
    }
    took.sort_unstable();
    let took = took.get(TIMES / 2).copied().unwrap_or_default();
    Ok(Moved { lines: ORDERS * LINES as usize, holders: ORDERS / WAITS, took })
}

async fn fill(app: &App) -> Result<(), Box<dyn std::error::Error>> {
    for n in 0..ORDERS {
        let waits = n % WAITS == 0;
        let product = |k: u32| match k {
            1 if waits => "P-0000".to_owned(),
            _ => format!("P-{:04}", 1 + (n as u32 * LINES + k) % 499),
        };
        let lines = (1..=LINES).map(|k| line(k, &product(k), "2", "12.50")).collect();
        let command = company::place_content(company::order_of(n, lines));
        let case = app.order(ORG, Actor::system("bench"), None, command).await?;
        if case.order.status != Status::Confirmed || case.order.coming.is_empty() == waits {
            return Err(format!("order {n} is not promised as it should be: {:?}", case.order.status).into());
        }
    }
    Ok(())
}

fn day(n: i64) -> String {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    today.saturating_add(jiff::Span::new().days(n)).to_string()
}

/// Nothing of the product lies there; all of it is to come.
fn waiting() -> Result<Changes, serde_json::Error> {
    let mut rows = company::company()?;
    rows.stock_movements.retain(|row| row.product != "P-0000");
    rows.purchases = vec![PurchaseLineRow {
        org: ORG,
        number: NUMBER.into(),
        line: 1,
        state: "ordered".into(),
        supplier: None,
        product: "P-0000".into(),
        warehouse: None,
        qty_milli: 1_000_000,
        received_milli: 0,
        promised_milli: 0,
        due_date: Some(day(7)),
        order_id: None,
        order_line: None,
        owner: None,
        answer_by_ms: None,
        updated_at_ms: 0,
    }];
    Ok(rows)
}
