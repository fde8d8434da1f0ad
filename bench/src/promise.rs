//! What promising costs: the balance of one product over time, a very large order, and many who ask for the same goods.

use crate::company::{self, ORG};
use ordain_app::app::App;
use ordain_app::case::decide::OrderCommand;
use ordain_app::query;
use ordain_domain::actor::Actor;
use ordain_domain::atp::{Flow, Supply, Timeline};
use ordain_domain::order::Status;
use ordain_store::{Changes, PurchaseLineRow, StockMovementRow};
use ordain_testkit::company::line;
use ordain_testkit::home::Home;
use std::time::{Duration, Instant};

/// Future movements of one product.
const MOVEMENTS: i64 = 10_000;
const LINES: u32 = 5_000;
const CLIENTS: usize = 16;
/// Pieces there are, and asked for, ten in an order.
const PIECES: i64 = 100_000;
const ASKED: i64 = 120_000;
const TIMES: usize = 21;

pub struct Promise {
    /// All answers of one product with ten thousand future movements, in memory and read from the database.
    pub atp: Duration,
    pub atp_read: Duration,
    /// An order of 5,000 lines: checked, priced, promised, confirmed, durable.
    pub large_order: Duration,
    pub contention: Contention,
}

pub struct Contention {
    pub promised: i64,
    pub short: i64,
    pub errors: usize,
    pub took: Duration,
}

pub fn measure(supply: &Home, scarce: &Home) -> Result<Promise, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let app = company::open_with(supply, &with_purchases()?)?;
    let house = app.gate.houses().get(ORG).ok_or("no house")?;
    let today = house.calendar.date_at(app.clock.now_ms());
    let atp_read = median(|| {
        let timeline = query::supply::timeline(&app.store, ORG, &house, ("P-0000", None), (today, None));
        timeline.map(|timeline| answer(&timeline, today)).map_err(|error| error.to_string())
    })?;
    let large_order = median_of(large_orders(&app, &runtime)?);
    let scarce = company::open_with(scarce, &few_pieces()?)?;
    let contention = runtime.block_on(contend(&scarce))?;
    let atp = median(|| {
        in_memory(today);
        Ok(())
    })?;
    Ok(Promise { atp, atp_read, large_order, contention })
}

fn answer(timeline: &Timeline, today: jiff::civil::Date) {
    std::hint::black_box(timeline.available_milli(today));
    let all = MOVEMENTS * 1_000 + 1_000_000_000_000;
    std::hint::black_box((timeline.earliest(all), timeline.backing(all, today), timeline.split(all, today)));
}

fn in_memory(today: jiff::civil::Date) {
    let flow = |n: i64| Flow {
        date: today.saturating_add(jiff::Span::new().days(n * 7 % 720)),
        qty_milli: if n % 3 == 0 { -1_000 } else { 1_000 },
        supply: (n % 3 != 0).then(|| Supply::Purchase { number: String::new(), line: n }),
    };
    let timeline = Timeline::new(today, vec![("SH".into(), 100_000)], (0..MOVEMENTS).map(flow).collect());
    answer(&timeline, today);
}

fn median(mut run: impl FnMut() -> Result<(), String>) -> Result<Duration, String> {
    let mut took = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let started = Instant::now();
        run()?;
        took.push(started.elapsed());
    }
    Ok(median_of(took))
}

fn median_of(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took.get(took.len() / 2).copied().unwrap_or_default()
}

fn with_purchases() -> Result<Changes, serde_json::Error> {
    let mut rows = company::company()?;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let purchase = |n: i64| PurchaseLineRow {
        org: ORG,
        number: format!("PO-{n:06}"),
        line: 1,
        state: "ordered".into(),
        supplier: None,
        product: "P-0000".into(),
        warehouse: None,
        qty_milli: 1_000,
        received_milli: 0,
        promised_milli: 0,
        due_date: Some(today.saturating_add(jiff::Span::new().days(n * 7 % 720)).to_string()),
        order_id: None,
        order_line: None,
        owner: None,
        answer_by_ms: None,
        updated_at_ms: 0,
    };
    rows.purchases = (0..MOVEMENTS).map(purchase).collect();
    Ok(rows)
}

fn large_orders(app: &App, runtime: &tokio::runtime::Runtime) -> Result<Vec<Duration>, String> {
    let mut took = Vec::new();
    for n in 0..5 {
        let product = |k: u32| format!("P-{:04}", k % 500);
        let lines = (1..=LINES).map(|k| line(k, &product(k), "2", "12.50")).collect();
        let command = company::place_content(company::order_of(n, lines));
        let started = Instant::now();
        let placed = runtime.block_on(app.order(ORG, Actor::system("bench"), None, command));
        took.push(started.elapsed());
        let case = placed.map_err(|error| error.to_string())?;
        if case.order.held.iter().map(|part| part.line).max() != Some(LINES) {
            return Err(format!("order {n} holds no goods: {:?}", case.order.status));
        }
    }
    Ok(took)
}

fn few_pieces() -> Result<Changes, serde_json::Error> {
    let mut rows = company::company()?;
    rows.stock_movements.retain(|row| row.product != "P-0000");
    let shelf = rows.stock.iter().find(|row| row.product == "P-0000").cloned();
    let opening = |mut row: ordain_store::StockRow| {
        row.on_hand_milli = PIECES * 1_000;
        StockMovementRow::opening(&row, 1_000_000)
    };
    rows.stock_movements.extend(shelf.map(opening));
    Ok(rows)
}

/// Ten pieces an order, from sixteen clients that each wait for their answer.
async fn contend(app: &App) -> Result<Contention, Box<dyn std::error::Error>> {
    let started = Instant::now();
    let each = ASKED / 10 / CLIENTS as i64;
    let client = |of: usize| {
        let app = app.clone();
        tokio::spawn(async move {
            let (mut promised, mut short, mut errors) = (0, 0, 0);
            for n in 0..each {
                let lines = vec![line(1, "P-0000", "10", "12.50")];
                let content = company::order_of(of * 1_000_000 + n as usize, lines);
                let command: OrderCommand = company::place_content(content);
                match app.order(ORG, Actor::system("bench"), None, command).await {
                    Ok(case) if case.order.status == Status::Confirmed => promised += 10,
                    Ok(case) if case.order.held.is_empty() => short += 10,
                    Ok(_) | Err(_) => errors += 1,
                }
            }
            (promised, short, errors)
        })
    };
    let clients: Vec<_> = (0..CLIENTS).map(client).collect();
    let mut sum = Contention { promised: 0, short: 0, errors: 0, took: Duration::ZERO };
    for client in clients {
        let (promised, short, errors) = client.await?;
        sum.promised += promised;
        sum.short += short;
        sum.errors += errors;
    }
    sum.took = started.elapsed();
    Ok(sum)
}
