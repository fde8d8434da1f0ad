//! What boards show besides the figures of orders: tasks that are late, what was sent back, what happened to orders.
//! Every count has a list of exactly its rows.

use crate::wire::report::node_name;
use crate::words::{Text, named};
use ordain_app::case::world::House;
use ordain_app::figures::{Breach, Sent, Sort, Step};
use ordain_store::{FactTraits, HappeningRow, TaskFactRow};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;
use uuid::Uuid;

/// Tasks that were due at a step, and those of them that were late.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StepBreach)]
pub struct StepBreachView {
    /// The flow that the step belongs to, where that is known.
    pub flow: Option<String>,
    pub node_id: String,
    pub node_name: Text,
    pub due: i64,
    pub breached: i64,
}

/// The same of a department, which is empty where the work belongs to none.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DepartmentBreach)]
pub struct DepartmentBreachView {
    pub department: String,
    pub due: i64,
    pub breached: i64,
}

/// The same of somebody whose superior asks.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PersonBreach)]
pub struct PersonBreachView {
    pub login: String,
    pub name: String,
    pub due: i64,
    pub breached: i64,
}

/// Open tasks that are due on one of the days to come.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DueDay)]
pub struct DueDayView {
    pub day: String,
    pub works: bool,
    pub tasks: i64,
}

/// Open tasks that are late by so much working time of their department.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OverdueAge)]
pub struct OverdueAgeView {
    /// `0-4h`, `4-8h`, `1-3d` or `3d-`, of days of eight hours.
    pub age: &'static str,
    pub tasks: i64,
}

/// Work that was taken from a holder who was late.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Escalated)]
pub struct EscalatedView {
    /// To which it came; empty for none.
    pub department: String,
    pub hand_overs: i64,
}

/// Whether work is done in time. Days are from (inclusive) and to (exclusive).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SlaBoard)]
pub struct SlaBoardView {
    pub from: String,
    pub to: String,
    pub due: i64,
    pub breached: i64,
    /// Of as many days before.
    pub previous_due: i64,
    pub previous_breached: i64,
    /// Those with most that was late first; together they are all that were due.
    pub steps: Vec<StepBreachView>,
    pub departments: Vec<DepartmentBreachView>,
    /// Only of whoever the caller is the superior of.
    pub people: Vec<PersonBreachView>,
    /// Whether the caller is the superior of anybody.
    pub leads: bool,
    /// Today and the four days after it.
    pub calendar: Vec<DueDayView>,
    /// Together they are all that are late now.
    pub ages: Vec<OverdueAgeView>,
    pub opened: i64,
    /// Of those opened: somebody was urged.
    pub urged: i64,
    /// How often they were.
    pub urges: i64,
    pub escalated: Vec<EscalatedView>,
}

/// A task as boards count it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReportTask)]
pub struct TaskFactView {
    pub order_id: String,
    pub number: String,
    pub task_id: String,
    pub node_id: String,
    pub node_name: Text,
    pub department: Option<String>,
    /// Who decided it, or else with whom it lies; only if the caller is their superior.
    pub person: Option<String>,
    pub opened_at: String,
    pub due_at: Option<String>,
    pub ended_at: Option<String>,
    pub decision: Option<String>,
    pub reason: Option<String>,
    pub urges: i64,
    /// By how many working minutes of the department it is or was late.
    pub late_minutes: Option<i64>,
}

/// Decisions at a step, and those of them that sent the order back.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StepReturns)]
pub struct StepReturnsView {
    pub flow: Option<String>,
    pub node_id: String,
    pub node_name: Text,
    pub decided: i64,
    pub returned: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReasonReturns)]
pub struct ReasonReturnsView {
    /// In the words that were given; empty where nothing was said.
    pub reason: String,
    pub returned: i64,
}

/// What happened of one sort.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HappeningSort)]
pub struct SortView {
    pub about: String,
    pub name: Text,
    pub n: i64,
    /// Those that are over.
    pub ended: i64,
    /// In how many working minutes half of those were.
    pub minutes_p50: Option<i64>,
}

/// How well work is done. Orders are counted as `/reports/overview` does.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QualityBoard)]
pub struct QualityBoardView {
    pub from: String,
    pub to: String,
    pub received: i64,
    pub with_exception: i64,
    pub confirmed: i64,
    pub first_pass: i64,
    pub straight_through: i64,
    pub changed: i64,
    pub decided: i64,
    pub returned: i64,
    /// Steps that sent orders back; together they are all that were sent back.
    pub returns_by_step: Vec<StepReturnsView>,
    pub returns_by_reason: Vec<ReasonReturnsView>,
    /// Faults that kept orders with their senders until they were mended, by fault.
    pub catches: Vec<SortView>,
    /// By type of exception.
    pub exceptions: Vec<SortView>,
    /// By where changes came from.
    pub changes: Vec<SortView>,
    /// All of them.
    pub change: SortView,
    /// Lines whose promised day has come: all of them had left by then, or not.
    pub promises_kept: i64,
    pub promises_missed: i64,
    /// Approvals by people who had opened the task; those within five seconds of opening it.
    pub approved: i64,
    pub instant: i64,
}

/// Something that happened to an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Happening)]
pub struct HappeningView {
    pub order_id: String,
    pub number: String,
    /// `exception`, `change`, `promise`, `notice` or `catch`.
    pub kind: String,
    /// What tells it apart from others of its kind and order.
    pub subject: String,
    pub about: String,
    pub about_name: Text,
    pub state: String,
    pub state_name: Text,
    pub at: String,
    /// In how many working minutes it was over.
    pub minutes: Option<i64>,
}

/// Notices of one channel that were written in the period.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChannelDelivery)]
pub struct DeliveryView {
    pub channel: String,
    pub name: Text,
    pub all: i64,
    pub sent: i64,
    /// Given up.
    pub failed: i64,
}

/// How the program itself runs.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OperationsBoard)]
pub struct OperationsBoardView {
    pub from: String,
    pub to: String,
    pub channels: Vec<DeliveryView>,
    /// Calls of other systems that failed, by type of exception.
    pub failed_calls: Vec<SortView>,
    /// Messages that should be on their way by now, and for how many seconds the first of them has waited.
    pub behind: i64,
    pub lag_seconds: i64,
    /// Tasks decided in the period, by people and by the clock or a machine.
    pub by_people: i64,
    pub by_system: i64,
}

/// A value that boards can be narrowed to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BoardChoice)]
pub struct ChoiceView {
    pub value: String,
    pub name: Text,
}

/// To what boards can be narrowed: what orders of the period have.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BoardChoices)]
pub struct ChoicesView {
    pub channels: Vec<String>,
    pub flows: Vec<ChoiceView>,
    /// Of customers.
    pub levels: Vec<String>,
    /// Who answers for customers.
    pub owners: Vec<ChoiceView>,
}

pub fn choices(found: &[FactTraits], house: &House) -> ChoicesView {
    let each = |of: fn(&FactTraits) -> Option<&String>| {
        let values: BTreeSet<&String> = found.iter().filter_map(of).collect();
        values.into_iter().cloned()
    };
    let flow_name = |key: &str| {
        let flow = house.active_flows().find(|(pin, _)| pin.key == key);
        flow.map_or_else(|| Text::plain(key), |(_, flow)| Text::from(&flow.doc().name))
    };
    let person = |login: &str| house.people.by_login(login).map_or(login, |user| &user.name).to_owned();
    ChoicesView {
        channels: each(|of| of.channel.as_ref()).collect(),
        flows: each(|of| of.flow.as_ref())
            .map(|value| ChoiceView { name: flow_name(&value), value })
            .collect(),
        levels: each(|of| of.level.as_ref()).collect(),
        owners: each(|of| of.owner.as_ref())
            .map(|value| ChoiceView { name: Text::plain(person(&value)), value })
            .collect(),
    }
}

pub fn step_breach(((flow, node), found): (Step, Breach), house: &House) -> StepBreachView {
    let Breach { due, breached } = found;
    let name = node_name(house, flow.as_deref(), &node);
    StepBreachView { flow, node_id: node, node_name: name, due, breached }
}

pub fn step_returns(((flow, node), found): (Step, Sent), house: &House) -> StepReturnsView {
    let Sent { decided, returned } = found;
    let name = node_name(house, flow.as_deref(), &node);
    StepReturnsView { flow, node_id: node, node_name: name, decided, returned }
}

/// What a sort of a kind of happenings is called.
fn about_name(kind: &str, about: &str) -> Text {
    match kind {
        "exception" => named("exception", about),
        "change" => named("change_origin", about),
        "notice" => named("notice_channel", about),
        "catch" => named("catch", about),
        _ => Text::plain(about),
    }
}

pub fn sort(kind: &str, found: Sort) -> SortView {
    let Sort { about, n, ended, minutes_p50 } = found;
    SortView { name: about_name(kind, &about), about, n, ended, minutes_p50 }
}

pub fn task_fact(row: TaskFactRow, led: &[String], house: &House, now_ms: i64) -> TaskFactView {
    let at = |at_ms: i64| house.calendar.text(at_ms);
    let calendar = house.calendars.of_department(row.department.as_deref().unwrap_or_default());
    let until = row.ended_at_ms.unwrap_or(now_ms);
    let late = row.due_at_ms.filter(|due| *due < until);
    let person = row.person.as_ref().filter(|login| led.contains(login));
    let name = person.and_then(|login| house.people.by_login(login)).map(|user| user.name.clone());
    TaskFactView {
        order_id: Uuid::from_bytes(row.order_id).to_string(),
        number: row.number,
        task_id: Uuid::from_bytes(row.task_id).to_string(),
        node_name: node_name(house, row.flow.as_deref(), &row.node),
        node_id: row.node,
        person: name,
        opened_at: at(row.opened_at_ms),
        due_at: row.due_at_ms.map(at),
        ended_at: row.ended_at_ms.map(at),
        late_minutes: late.map(|due| calendar.working_ms_between(due, until) / 60_000),
        department: row.department,
        decision: row.decision,
        reason: row.reason,
        urges: row.urges,
    }
}

pub fn happening(row: HappeningRow, house: &House) -> HappeningView {
    HappeningView {
        order_id: Uuid::from_bytes(row.order_id).to_string(),
        number: row.number,
        about_name: about_name(&row.kind, &row.about),
        state_name: named("happening_state", &row.state),
        kind: row.kind,
        subject: row.subject,
        about: row.about,
        state: row.state,
        at: house.calendar.text(row.at_ms),
        minutes: row.minutes,
    }
}

/// Notices of one channel, of which none is counted yet.
pub fn no_delivery(channel: &str) -> DeliveryView {
    let name = about_name("notice", channel);
    DeliveryView { channel: channel.to_owned(), name, all: 0, sent: 0, failed: 0 }
}
