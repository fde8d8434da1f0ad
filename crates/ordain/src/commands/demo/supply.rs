//! What the demo company buys and makes: things with bills of material, work that planning has released, purchases of
//! which some are late, and one that became late when an order had been promised by it.

use super::data;
use super::dice::Dice;
use crate::commands::Failed;
use jiff::Span;
use jiff::civil::Date;
use ordain_app::admin::{
    AdminCommand, BomItem, ProductItem, PurchaseItem, ReceiptItem, StockItem, WorkCentreItem, WorkItem,
    recheck_waiting,
};
use ordain_app::app::App;
use ordain_app::gate::GateError;
use ordain_domain::actor::Actor;
use ordain_domain::decimal::qty_text;
use ordain_store::PurchaseLineRow;
use serde::Deserialize;

const SUPPLY: &str = include_str!("../../../../../examples/demo-data/supply.json");
/// Requests for goods that purchasing has taken up.
const BOUGHT: usize = 40;
const BOUGHT_A_DAY: usize = 9;
/// Purchases that are under way at the same time.
const ORDERED_MAX: usize = 1_000;
/// Requests for work that planning has released.
const RELEASED: usize = 10;
/// So many days after its time.
const LATE_DAYS: i64 = 12;

#[derive(Deserialize)]
struct Made {
    parts: Vec<ProductItem>,
    stock: Vec<StockItem>,
    centres: Vec<WorkCentreItem>,
    boms: Vec<BomItem>,
    /// The warehouse that parts are taken from and products go to.
    makes_at: String,
}

/// What is made, of what, and where.
pub(super) async fn equip(app: &App, org: i64) -> Result<(), Failed> {
    let made: Made = serde_json::from_str(SUPPLY)?;
    put(app, org, AdminCommand::PutProducts(made.parts)).await?;
    put(app, org, AdminCommand::FeedStock { as_of: None, items: made.stock }).await?;
    put(app, org, AdminCommand::PutWorkCentres(made.centres)).await?;
    put(app, org, AdminCommand::PutBoms(made.boms)).await
}

/// Purchasing and planning have taken up a part of what they were asked for.
pub(super) async fn run_on(app: &App, org: i64) -> Result<(), Failed> {
    let products = buy(app, org, BOUGHT).await?;
    recheck_waiting(app, org, &products, &[]).await?;
    end_up(app, org).await
}

/// What is made begins, and a promise breaks.
pub(super) async fn end_up(app: &App, org: i64) -> Result<(), Failed> {
    let products = make(app, org).await?;
    recheck_waiting(app, org, &products, &[]).await?;
    delay(app, org).await
}

/// A day of purchasing: what is due comes or is put off, and a little of what was asked for is ordered.
pub(super) async fn go_on(app: &App, org: i64, of: (Date, &Dice)) -> Result<(), Failed> {
    let mut products = receive(app, org, of).await?;
    products.extend(buy(app, org, BOUGHT_A_DAY).await?);
    recheck_waiting(app, org, &products, &[]).await?;
    Ok(())
}

/// One of five suppliers needs some days more.
async fn receive(app: &App, org: i64, (today, dice): (Date, &Dice)) -> Result<Vec<String>, Failed> {
    let made: Made = serde_json::from_str(SUPPLY)?;
    let (mut come, mut late, today) = (Vec::new(), Vec::new(), today.to_string());
    for row in app.store.list_purchases(org, ("", "ordered"), ("", 0), ORDERED_MAX)? {
        let Some(day) = row.due_date.as_deref().filter(|day| **day <= *today) else { continue };
        if dice.percent(&format!("{} {} {day}", row.number, row.line)) < 20 {
            late.push(due(&row, 3));
            continue;
        }
        come.push(ReceiptItem {
            number: row.number,
            line: Some(row.line),
            product: row.product,
            quantity: Some(qty_text(row.qty_milli - row.received_milli)),
            warehouse: Some(row.warehouse.unwrap_or_else(|| made.makes_at.clone())),
            ..ReceiptItem::default()
        });
    }
    let products = come.iter().map(|item| item.product.clone()).collect();
    put(app, org, AdminCommand::PutPurchases(late)).await?;
    put(app, org, AdminCommand::ReceivePurchases(come)).await?;
    Ok(products)
}

/// Every third supplier is late from the start.
async fn buy(app: &App, org: i64, most: usize) -> Result<Vec<String>, Failed> {
    let requests = app.store.list_purchases(org, ("", "requested"), ("", 0), most)?;
    let suppliers = data::suppliers()?;
    let item = |(n, row): (usize, &PurchaseLineRow)| {
        let late = if n % 3 == 2 { LATE_DAYS } else { -2 };
        PurchaseItem {
            state: Some("ordered".to_owned()),
            supplier: suppliers.get(n % suppliers.len().max(1)).cloned(),
            ..due(row, late)
        }
    };
    let items = requests.iter().enumerate().map(item).collect();
    put(app, org, AdminCommand::PutPurchases(items)).await?;
    Ok(requests.into_iter().map(|row| row.product).collect())
}

/// Every other request is released whose parts there are, on the day that the work centre can have it done.
async fn make(app: &App, org: i64) -> Result<Vec<String>, Failed> {
    let made: Made = serde_json::from_str(SUPPLY)?;
    let requests = app.store.list_work_orders(org, ("", "requested"), "", 2 * RELEASED)?;
    let mut products = Vec::new();
    for row in requests.into_iter().step_by(2) {
        let (state, warehouse) = (Some("released".to_owned()), Some(made.makes_at.clone()));
        let item = WorkItem { number: row.number, state, warehouse, ..WorkItem::default() };
        let released = app.admin(org, Actor::system("demo"), AdminCommand::PutWorkOrders(vec![item])).await;
        match released {
            Ok(_) => products.push(row.product),
            // Its parts are missing: planning sees to that first.
            Err(GateError::Invalid(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(products)
}

/// A supplier says that goods come later than an order was promised.
async fn delay(app: &App, org: i64) -> Result<(), Failed> {
    let ordered = app.store.list_purchases(org, ("", "ordered"), ("", 0), BOUGHT)?;
    let Some(row) = ordered.iter().find(|row| row.promised_milli > 0) else { return Ok(()) };
    put(app, org, AdminCommand::PutPurchases(vec![due(row, LATE_DAYS)])).await
}

fn due(row: &PurchaseLineRow, days: i64) -> PurchaseItem {
    let date: Option<Date> = row.due_date.as_deref().and_then(|date| date.parse().ok());
    PurchaseItem {
        number: row.number.clone(),
        line: Some(row.line),
        due_date: date.map(|date| date.saturating_add(Span::new().days(days)).to_string()),
        ..PurchaseItem::default()
    }
}

async fn put(app: &App, org: i64, command: AdminCommand) -> Result<(), Failed> {
    app.admin(org, Actor::system("demo"), command).await?;
    Ok(())
}
