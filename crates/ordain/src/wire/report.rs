//! Figures as they are shown. Every count has a list of exactly its orders: `GET /reports/orders?set=…`.

use super::cancel::{CancelReasonView, cancel_reason};
use crate::words::Text;
use ordain_app::case::world::House;
use ordain_app::figures::{CycleSpan, DayFigures, Figures, Handed, LostReason, Speed};
use ordain_domain::decimal::money_text;
use ordain_domain::master::FigureTargets;
use ordain_store::{CyclePart, HandOverFactRow, OrderFactRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Times are working minutes from receipt to confirmation; nothing where nothing was confirmed. Amounts are in the
/// company's currency.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Figures)]
pub struct FiguresView {
    pub received: i64,
    /// Of those received.
    pub with_exception: i64,
    /// Of those received: ended before they were confirmed, for another reason than that they were no orders.
    pub lost: i64,
    pub lost_amount: String,
    /// Of those received: nobody has brought them forward for so long that they may be lost.
    pub suspected: i64,
    /// Of those received: thought lost once, and brought forward since.
    pub recovered: i64,
    pub confirmed: i64,
    pub cycle_mean: Option<i64>,
    pub cycle_p50: Option<i64>,
    pub cycle_p90: Option<i64>,
    /// Of those confirmed: never sent back, and without an exception.
    pub first_pass: i64,
    /// Of those confirmed: nobody was asked.
    pub straight_through: i64,
    pub returned: i64,
    pub changed: i64,
    /// Of those confirmed: with a complaint.
    pub complained: i64,
    /// Complaints, several of one order included.
    pub complaints: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DayFigures)]
pub struct DayFiguresView {
    pub day: String,
    pub received: i64,
    pub confirmed: i64,
    pub lost: i64,
    pub cycle_p50: Option<i64>,
}

/// Orders that were confirmed in so many working minutes: from (inclusive) and to (exclusive).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CycleSpan)]
pub struct CycleSpanView {
    pub from_minutes: i64,
    /// Nothing for the last.
    pub to_minutes: Option<i64>,
    pub orders: i64,
}

pub fn cycle_part(found: CyclePart) -> CyclePartView {
    let CyclePart { part, orders, minutes } = found;
    CyclePartView { part, orders, minutes }
}

pub fn cycle_span(found: &CycleSpan) -> CycleSpanView {
    CycleSpanView { from_minutes: found.from, to_minutes: found.to, orders: found.orders }
}

/// What the figures are measured by.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = FigureTargets)]
pub struct FigureTargetsView {
    /// Working minutes in which an order is to be confirmed.
    pub cycle_minutes: i64,
    /// The same as it was before.
    pub cycle_minutes_before: Option<i64>,
    /// Complaints of a thousand confirmed orders as they were before.
    pub complaints_permille_before: Option<i64>,
    /// By how much they are to fall, in percent.
    pub complaints_less_percent: i64,
    /// Working minutes in which whoever is handed work has to have opened it; 480 if nothing is said, 0 for ever.
    pub unreceived_minutes: i64,
    /// Working minutes without progress after which an order may be lost; 480 if nothing is said, 0 for never.
    pub stall_minutes: i64,
}

impl From<&FigureTargets> for FigureTargetsView {
    fn from(targets: &FigureTargets) -> Self {
        let FigureTargets {
            cycle_minutes,
            cycle_minutes_before,
            complaints_permille_before,
            complaints_less_percent,
            unreceived_minutes,
            stall_minutes,
        } = *targets;
        Self {
            cycle_minutes,
            cycle_minutes_before,
            complaints_permille_before,
            complaints_less_percent,
            unreceived_minutes,
            stall_minutes,
        }
    }
}

/// Orders that came at least so far; `GET /reports/orders?set=received&reached=…` lists them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FunnelStage)]
pub struct FunnelStageView {
    /// `received`, `checked`, `reviewed` or `confirmed`.
    pub stage: &'static str,
    pub orders: i64,
}

/// The stages of the funnel by how many orders stopped in each.
pub fn funnel(reached: &[(i64, i64)]) -> Vec<FunnelStageView> {
    let at_least =
        |n: i64| reached.iter().filter(|(reached, _)| *reached >= n).map(|(_, orders)| orders).sum();
    let stages = (0..).zip(["received", "checked", "reviewed", "confirmed"]);
    stages.map(|(n, stage)| FunnelStageView { stage, orders: at_least(n) }).collect()
}

/// Whom orders waited for on their way to confirmation, in working minutes of the company.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CyclePart)]
pub struct CyclePartView {
    /// A department, or `@sender`, `@customer`, `@waiting` or `@system`.
    pub part: String,
    pub orders: i64,
    pub minutes: i64,
}

/// Days are from (inclusive) and to (exclusive).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Overview)]
pub struct OverviewView {
    pub from: String,
    pub to: String,
    pub currency: String,
    pub figures: FiguresView,
    /// Of as many days before.
    pub previous: FiguresView,
    /// A day on which nothing happened is absent.
    pub days: Vec<DayFiguresView>,
    /// In how much time orders were confirmed; together they are all that were.
    pub cycles: Vec<CycleSpanView>,
    /// How far the orders that were received have come, the first stage being all of them.
    pub funnel: Vec<FunnelStageView>,
    pub targets: FigureTargetsView,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LostReason)]
pub struct LostReasonView {
    pub reason: CancelReasonView,
    pub orders: i64,
    pub amount: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LostStep)]
pub struct LostStepView {
    /// Where the orders stopped; nothing for those that nobody was asked about.
    pub node_id: Option<String>,
    pub node_name: Option<Text>,
    pub orders: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LostOrders)]
pub struct LostOrdersView {
    pub from: String,
    pub to: String,
    pub currency: String,
    pub lost: i64,
    pub amount: String,
    pub received: i64,
    pub previous_lost: i64,
    pub previous_received: i64,
    /// The most frequent first; together they are all that were lost.
    pub reasons: Vec<LostReasonView>,
    pub steps: Vec<LostStepView>,
}

/// One step of one department. Times are working minutes of the department, from the opening of a task to its decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Speed)]
pub struct SpeedView {
    pub department: String,
    pub node_id: String,
    pub node_name: Text,
    pub decided: i64,
    pub late: i64,
    pub mean: Option<i64>,
    pub p50: Option<i64>,
    pub p90: Option<i64>,
    /// Part of all the time that tasks took in the period, in 1/1,000.
    pub share_permille: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Backlog)]
pub struct BacklogView {
    pub department: String,
    pub open: i64,
    pub overdue: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Speeds)]
pub struct SpeedsView {
    pub from: String,
    pub to: String,
    /// Those that took most of the time first: the first is the bottleneck.
    pub steps: Vec<SpeedView>,
    /// What the time to confirmation consisted of; together exactly `cycle_minutes`.
    pub parts: Vec<CyclePartView>,
    pub confirmed: i64,
    /// Of all that were confirmed.
    pub cycle_minutes: i64,
    /// What lies with each department now.
    pub backlog: Vec<BacklogView>,
}

/// An order as the figures count it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReportOrder)]
pub struct OrderFactView {
    pub order_id: String,
    pub number: String,
    pub customer: Option<String>,
    pub customer_name: Option<String>,
    pub channel: String,
    pub status: String,
    pub received_at: String,
    pub confirmed_at: Option<String>,
    pub cycle_minutes: Option<i64>,
    pub lost_on: Option<String>,
    pub lost_reason: Option<CancelReasonView>,
    /// Who put the reason right, where somebody did.
    pub lost_by: Option<String>,
    /// In the company's currency.
    pub amount: Option<String>,
    pub tasks: i64,
    pub returns: i64,
    pub exceptions: i64,
    pub changes: i64,
    pub complaints: i64,
    /// `open` while the order is thought lost, `recovered` once somebody has brought it forward.
    pub suspicion: Option<String>,
}

/// What was handed to one department. Times are working minutes of the department.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Handed)]
pub struct HandedView {
    /// Empty where the work belongs to none.
    pub department: String,
    pub sent: i64,
    pub received: i64,
    pub taken: i64,
    /// Neither opened nor over.
    pub waiting: i64,
    /// From sent to received.
    pub receive_p50: Option<i64>,
    pub receive_p90: Option<i64>,
    /// From received to taken on.
    pub take_p50: Option<i64>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HandOvers)]
pub struct HandOversView {
    pub from: String,
    pub to: String,
    /// Those where most waits first.
    pub departments: Vec<HandedView>,
}

/// Work that came to somebody.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HandOver)]
pub struct HandOverView {
    pub order_id: String,
    pub number: String,
    pub node_id: String,
    pub node_name: Text,
    pub department: Option<String>,
    /// Why it did not stay with whoever had it before; nothing where the flow asked.
    pub why: Option<String>,
    pub sent_at: String,
    pub received_at: Option<String>,
    pub taken_at: Option<String>,
}

pub fn handed(found: Handed) -> HandedView {
    let Handed { department, sent, received, taken, waiting, receive_p50, receive_p90, take_p50 } = found;
    HandedView { department, sent, received, taken, waiting, receive_p50, receive_p90, take_p50 }
}

pub fn hand_over(row: HandOverFactRow, node_name: Text, house: &House) -> HandOverView {
    let at = |at_ms: i64| house.calendar.text(at_ms);
    HandOverView {
        order_id: Uuid::from_bytes(row.order_id).to_string(),
        number: row.number,
        node_id: row.node,
        node_name,
        department: row.department,
        why: row.why,
        sent_at: at(row.sent_at_ms),
        received_at: row.received_at_ms.map(at),
        taken_at: row.taken_at_ms.map(at),
    }
}

/// The name of a step in its flow, or in whichever flow has it.
pub fn node_name(house: &House, flow: Option<&str>, node: &str) -> Text {
    let mut flows = house.active_flows().filter(|(pin, _)| flow.is_none_or(|key| pin.key == key));
    let name = flows.find_map(|(_, flow)| flow.node(node).map(|node| Text::from(&node.name)));
    name.unwrap_or_else(|| Text::plain(node))
}

pub fn figures(found: &Figures, house: &House) -> FiguresView {
    FiguresView {
        received: found.received,
        with_exception: found.with_exception,
        lost: found.lost,
        lost_amount: money_text(found.lost_minor, house.rules.currency),
        suspected: found.suspected,
        recovered: found.recovered,
        confirmed: found.confirmed,
        cycle_mean: found.cycle_mean,
        cycle_p50: found.cycle_p50,
        cycle_p90: found.cycle_p90,
        first_pass: found.first_pass,
        straight_through: found.straight_through,
        returned: found.returned,
        changed: found.changed,
        complained: found.complained,
        complaints: found.complaints,
    }
}

pub fn day(on: &str, found: &DayFigures) -> DayFiguresView {
    let DayFigures { received, confirmed, lost, cycle_p50 } = *found;
    DayFiguresView { day: on.to_owned(), received, confirmed, lost, cycle_p50 }
}

pub fn lost_reason(found: &LostReason, house: &House) -> LostReasonView {
    LostReasonView {
        reason: cancel_reason(&found.reason, house),
        orders: found.orders,
        amount: money_text(found.minor, house.rules.currency),
    }
}

pub fn speed(found: Speed, node_name: Text) -> SpeedView {
    let Speed { department, node, decided, late, mean, p50, p90, share_permille } = found;
    SpeedView { department, node_id: node, node_name, decided, late, mean, p50, p90, share_permille }
}

pub fn order_fact(row: OrderFactRow, house: &House) -> OrderFactView {
    let at = |at_ms: i64| house.calendar.text(at_ms);
    OrderFactView {
        order_id: Uuid::from_bytes(row.order_id).to_string(),
        number: row.number,
        customer: row.customer,
        customer_name: row.customer_name,
        channel: row.channel,
        status: row.status,
        received_at: at(row.received_at_ms),
        confirmed_at: row.confirmed_at_ms.map(at),
        cycle_minutes: row.cycle_minutes,
        lost_on: row.lost_on,
        lost_reason: row.lost_reason.as_deref().map(|code| cancel_reason(code, house)),
        lost_by: row.lost_by,
        amount: row.minor.map(|minor| money_text(minor, house.rules.currency)),
        tasks: row.tasks,
        returns: row.returns,
        exceptions: row.exceptions,
        changes: row.changes,
        complaints: row.complaints,
        suspicion: row.suspicion,
    }
}
