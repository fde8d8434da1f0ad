//! One order as a row of a list, from the columns that lists read.

use super::route::{STAGES, state};
use crate::words::Text;
use ordain_app::case::world::House;
use ordain_app::query::sight::Sight;
use ordain_domain::decimal::{Currency, money_text};
use ordain_flow::run::Flow;
use ordain_store::OrderRow;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderRow)]
pub struct OrderRowView {
    pub id: String,
    pub number: String,
    pub revision: i64,
    pub status: String,
    pub flags: Vec<String>,
    pub customer_code: Option<String>,
    pub customer_name: Option<String>,
    pub customer_po: Option<String>,
    pub channel: String,
    pub total: Option<String>,
    pub currency: Option<String>,
    pub stage: String,
    /// The states of the five stages.
    pub stage_bar: Vec<&'static str>,
    pub waiting: Option<RowWaiting>,
    pub promise_date: Option<String>,
    pub requested_date: Option<String>,
    pub created_at: String,
    pub updated_at: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RowWaiting {
    pub node_name: Option<Text>,
    pub who: Option<Text>,
    pub since: String,
    pub due_at: Option<String>,
    pub overdue: bool,
}

/// Lists are of all flows, so `sight` is what the caller sees in any of them.
pub fn row(row: OrderRow, house: &House, sight: &Sight, now_ms: i64) -> OrderRowView {
    let at = |ms: i64| house.calendar.text(ms);
    let currency = row.currency.as_deref().and_then(Currency::parse).unwrap_or(house.rules.currency);
    let current = STAGES.iter().position(|stage| *stage == row.stage).unwrap_or(0);
    let failed = matches!(row.status.as_str(), "cancelled" | "rejected" | "expired");
    let over = row.status == "completed";
    let bar = (0..STAGES.len()).map(|index| state(index, current, failed, over)).collect();
    let waiting = waiting(&row, house, now_ms);
    let flags = row.flags.split(',').filter(|flag| !flag.is_empty()).map(str::to_owned);
    let mut flags: Vec<String> = flags.collect();
    if waiting.as_ref().is_some_and(|waiting| waiting.overdue) && !flags.iter().any(|flag| flag == "overdue")
    {
        flags.push("overdue".to_owned());
    }
    let live = !failed && row.total_minor.is_some();
    let requested = row.requested_date.filter(|_| sight.veil("requested_date").is_none());
    OrderRowView {
        id: Uuid::from_bytes(row.id).to_string(),
        number: row.number,
        revision: row.revision,
        flags,
        customer_name: sight.text("customer", row.customer_name.or_else(|| row.customer.clone())),
        customer_code: sight.text("customer", row.customer),
        customer_po: sight.text("customer_po", row.customer_po),
        channel: row.channel,
        total: row.total_minor.filter(|_| sight.money().is_none()).map(|minor| money_text(minor, currency)),
        currency: row.currency,
        stage: row.stage,
        stage_bar: bar,
        waiting,
        promise_date: requested.clone().filter(|_| live && row.status == "confirmed"),
        status: row.status,
        requested_date: requested,
        created_at: at(row.created_at_ms),
        updated_at: at(row.updated_at_ms),
    }
}

fn waiting(row: &OrderRow, house: &House, now_ms: i64) -> Option<RowWaiting> {
    let since = row.waiting_since_ms?;
    if !matches!(row.status.as_str(), "incomplete" | "in_review" | "awaiting_customer") {
        return None;
    }
    let node = row.waiting_node.as_deref();
    let name = node.and_then(|node| node_name(node, house));
    let who = row.waiting_who.as_deref().map(|who| who_name(who, house));
    let sender = row.status == "incomplete";
    Some(RowWaiting {
        node_name: if sender { Some(crate::words::named("status", "incomplete")) } else { name },
        who: who.or_else(|| sender.then(|| who_name("sales", house))),
        since: house.calendar.text(since),
        due_at: row.due_at_ms.map(|due| house.calendar.text(due)),
        overdue: row.due_at_ms.is_some_and(|due| due < now_ms),
    })
}

/// Lists do not say which version an order is pinned to; those in force name nearly all steps.
fn node_name(node: &str, house: &House) -> Option<Text> {
    let active = house.active_flows().map(|(_, flow)| flow);
    let find = |flow: &Arc<Flow>| flow.node(node).map(|node| Text::from(&node.name));
    active.chain(house.flows.values().rev()).find_map(find)
}

fn who_name(key: &str, house: &House) -> Text {
    if let Some((zh, en)) = house.people.departments.get(key) {
        return Text { zh: zh.clone(), en: en.clone() };
    }
    match house.people.by_login(key) {
        Some(user) => Text::plain(&user.name),
        None => super::roles::role_name(&house.people.own_roles, key),
    }
}
