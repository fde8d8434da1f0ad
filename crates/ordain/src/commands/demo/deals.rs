//! What the demo company has agreed on and what became of some orders: standard clauses, prices by level and quantity,
//! customers that owe together, an order that finance has let go over its limit, one that was changed and one that
//! somebody wants changed.

use crate::commands::Failed;
use jiff::Span;
use ordain_app::admin::{AdminCommand, ClauseItem, CreditGroupItem, PriceItem, RateItem};
use ordain_app::app::App;
use ordain_app::case::Case;
use ordain_app::case::decide::{ChangeAsked, OrderCommand};
use ordain_app::gate::{Command, GateError};
use ordain_app::query::order::by_id;
use ordain_domain::actor::Actor;
use ordain_domain::decimal::{DecimalText, price_text, qty_text};
use ordain_domain::finding::Code;
use ordain_domain::order::{Origin, Status};
use ordain_flow::run::Decision;
use serde::Deserialize;
use std::collections::BTreeMap;

const DEALS: &str = include_str!("../../../../../examples/demo-data/deals.json");

#[derive(Deserialize)]
struct Deals {
    clauses: Vec<ClauseItem>,
    breaks: Vec<Break>,
    rates: Vec<RateItem>,
    group: CreditGroupItem,
    reasons: Reasons,
}

/// A part of the list price, from a quantity on.
#[derive(Deserialize)]
struct Break {
    min_quantity: String,
    percent: i64,
    level: Option<String>,
}

#[derive(Deserialize)]
struct Reasons {
    release: String,
    change: String,
    wish: String,
}

/// Master data that the source does not have.
pub(super) async fn agree(
    app: &App,
    org: i64,
    customers: &[String],
    products: &[String],
) -> Result<(), Failed> {
    let deals: Deals = serde_json::from_str(DEALS)?;
    let put = async |command| app.admin(org, Actor::system("demo"), command).await;
    put(AdminCommand::PutClauses(deals.clauses)).await?;
    let mut prices = Vec::new();
    for code in products {
        let Some(list) = app.store.product(org, code)?.and_then(|row| row.list_price_e4) else { continue };
        prices.extend(deals.breaks.iter().map(|of| PriceItem {
            product: code.clone(),
            level: of.level.clone(),
            min_quantity: Some(of.min_quantity.clone()),
            price: Some(price_text(list / 100 * of.percent)),
            ..PriceItem::default()
        }));
    }
    put(AdminCommand::PutPrices(prices)).await?;
    let house = app.gate.houses().get(org).ok_or(GateError::Bug("no house".to_owned()))?;
    let on = house.calendar.date_at(app.clock.now_ms()).saturating_sub(Span::new().days(30)).to_string();
    let rates = deals.rates.into_iter().map(|rate| RateItem { on: on.clone(), ..rate }).collect();
    put(AdminCommand::PutRates(rates)).await?;
    let group = CreditGroupItem { members: Some(customers.to_vec()), ..deals.group };
    put(AdminCommand::PutCreditGroups(vec![group])).await?;
    Ok(())
}

/// A special release, a change that is made, and one that waits for somebody to take it up.
pub(super) async fn happen(app: &App, org: i64, cases: &[Case]) -> Result<(), Failed> {
    let Reasons { release: released, change, wish } = serde_json::from_str::<Deals>(DEALS)?.reasons;
    let over = |case: &&Case| {
        case.order.open_findings().all(|finding| finding.code == Code::CreditExceeded)
            && case.open_tasks().any(|(_, task)| task.node == "finance_review")
    };
    if let Some(case) = cases.iter().rev().find(over) {
        release(app, org, &by_id(&app.store, org, case.order.id)?, &released).await?;
    }
    let confirmed = cases.iter().rev().filter(|case| case.order.status == Status::Confirmed);
    let changeable =
        confirmed.filter(|case| case.order.checked.lines.iter().any(|line| line.qty_milli > Some(2_000)));
    for (case, (login, reason)) in changeable.take(2).zip([("sales1", change), ("wh1", wish)]) {
        ask(app, org, case, login, reason).await?;
    }
    Ok(())
}

/// Finance lets an order go although its customer owes too much, and says why.
async fn release(app: &App, org: i64, case: &Case, reason: &str) -> Result<(), Failed> {
    let Some((_, task)) = case.open_tasks().find(|(_, task)| task.node == "finance_review") else {
        return Ok(());
    };
    let accept: BTreeMap<String, String> =
        case.order.open_findings().map(|finding| (finding.id(), reason.to_owned())).collect();
    let reason = Some(reason.to_owned());
    let command = OrderCommand::Decide { task: task.id, decision: Decision::Approve, reason, accept };
    send(app, org, case, "fin1", command).await
}

/// One piece less of the first line that has some: sales asks for it at once, others for sales to take up.
async fn ask(app: &App, org: i64, case: &Case, login: &str, reason: String) -> Result<(), Failed> {
    let mut content = case.order.content.clone();
    let some = case.order.checked.lines.iter().find(|line| line.qty_milli > Some(2_000));
    let Some((line, qty_milli)) = some.and_then(|line| Some((line.line, line.qty_milli?))) else {
        return Ok(());
    };
    for asked in content.lines.iter_mut().filter(|asked| asked.id == line) {
        asked.quantity = DecimalText::try_from(qty_text(qty_milli - 1_000)).ok();
    }
    let direct = login == "sales1";
    let origin = if direct { Origin::Customer } else { Origin::Warehouse };
    let asked = ChangeAsked { content, reason, origin, direct };
    send(app, org, case, login, OrderCommand::RequestChange(Box::new(asked))).await
}

async fn send(app: &App, org: i64, case: &Case, login: &str, command: OrderCommand) -> Result<(), Failed> {
    let house = app.gate.houses().get(org).ok_or(GateError::Bug("no house".to_owned()))?;
    let Some(user) = house.people.by_login(login) else { return Ok(()) };
    let actor = Actor::Person { id: user.id, name: user.name.clone() };
    let command = Command::Order { id: Some(case.order.id), expected: None, command };
    match app.gate.send(app.envelope(org, actor, command, None)).await {
        // What the rules do not allow, the demo does not show.
        Ok(_) | Err(GateError::Refused(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
