//! The way of an order in words, and the bar of five stages.

use super::flow::speaker;
use super::person::{AssigneeView, PersonView, actor, assignee};
use crate::words::{Lang, Text, list, named, text};
use ordain_app::case::facts::SCHEMA;
use ordain_app::case::world::House;
use ordain_app::case::{Case, Task, TaskState};
use ordain_app::gate::stage;
use ordain_app::query::route::{RouteStep, StepState, route};
use ordain_app::query::sight::Sight;
use ordain_domain::order::Status;
use ordain_flow::doc::{NodeKind, Stage};
use ordain_flow::rule::{FactSchema, FieldDef, RowExplained};
use ordain_flow::run::Flow;
use ordain_flow::text::from_cel;
use ordain_flow::words::{Names, type_key};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RouteStep)]
pub struct RouteStepView {
    pub node_id: String,
    pub name: Text,
    /// What customers are told it is, where that is not its name.
    pub customer_name: Option<Text>,
    pub tags: Vec<String>,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub department: Option<String>,
    /// `waiting`, `open`, `done`, `skipped` or `closed`.
    pub state: &'static str,
    pub by: Option<PersonView>,
    pub by_rule: bool,
    pub since: Option<String>,
    pub due_at: Option<String>,
    pub lane: Option<Text>,
    pub because: Option<Text>,
    pub who: Option<AssigneeView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StageBar)]
pub struct StageBarView {
    pub current: &'static str,
    pub stages: Vec<StageView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StageOfBar)]
pub struct StageView {
    pub key: &'static str,
    /// `done`, `current`, `waiting`, `failed` or `skipped`.
    pub state: &'static str,
    pub entered_at: Option<String>,
    pub left_at: Option<String>,
}

pub const STAGES: [&str; 5] = ["receive", "check", "review", "customer", "execute"];

pub fn stage_index(stage: Stage) -> usize {
    match stage {
        Stage::Receive => 0,
        Stage::Check => 1,
        Stage::Review => 2,
        Stage::Customer => 3,
        Stage::Execute => 4,
    }
}

/// One row of a condition with the value it saw.
pub fn row(row: &RowExplained, schema: &FactSchema) -> Text {
    let value = match row.value.as_deref() {
        None => named("value", "empty"),
        Some(value @ ("true" | "false")) => named("value", value),
        Some(value) => Text::plain(value),
    };
    let boolean = matches!(row.value.as_deref(), Some("true" | "false"));
    let key = if boolean { "why.condition_plain" } else { "why.condition" };
    let field = label(&row.field, schema);
    text(key, &[("field", field), ("value", value), ("rule", asked(&row.text, schema))])
}

/// A custom field is called as its flow calls it.
pub fn label(field: &str, schema: &FactSchema) -> Text {
    let custom = |def: &&FieldDef| def.name == field && SCHEMA.order_index(field).is_none();
    match schema.fields().iter().find(custom) {
        Some(def) => Text { zh: def.zh.clone(), en: def.en.clone() },
        None => named("field", field),
    }
}

/// What a row asked, in words. A rule of an older form, which is no condition any more, is shown as it was written.
fn asked(rule: &str, schema: &FactSchema) -> Text {
    let Ok(condition) = from_cel(rule, schema) else { return Text::plain(rule) };
    let say = |lang: Lang| speaker(&Names::new(), lang, schema).condition(&condition);
    Text { zh: say(Lang::Zh), en: say(Lang::En) }
}

/// The rows that made a condition come out as it did; without one that held, all of them.
pub fn rows(rows: &[RowExplained], sight: &Sight, schema: &FactSchema) -> Option<Text> {
    let rows: Vec<&RowExplained> = rows.iter().filter(|row| sight.tells(row)).collect();
    if rows.is_empty() {
        return None;
    }
    let holding: Vec<Text> =
        rows.iter().filter(|found| found.holds).map(|found| row(found, schema)).collect();
    let all = || rows.iter().map(|found| row(found, schema)).collect();
    let shown = if holding.is_empty() { all() } else { holding };
    Some(list(&shown))
}

/// `case` is the whole of it: the way follows from all fields, and only what is told of them is cut.
pub fn steps(case: &Case, flow: &Flow, house: &House, sight: &Sight) -> Vec<RouteStepView> {
    route(case, flow, house).iter().map(|found| step(found, case, flow, house, sight)).collect()
}

fn step(step: &RouteStep<'_>, case: &Case, flow: &Flow, house: &House, sight: &Sight) -> RouteStepView {
    let at = |ms: i64| house.calendar.text(ms);
    let holder = match (step.task, step.node.person()) {
        (Some(task), _) => Some(task.holder.clone()),
        (None, Some(settings)) => Some(house.people.holder(settings)),
        (None, None) => None,
    };
    RouteStepView {
        node_id: step.node.id.clone(),
        name: Text::from(&step.node.name),
        customer_name: Some(&step.node.customer_name).filter(|name| !name.is_blank()).map(Text::from),
        tags: step.node.tags.clone(),
        kind: type_key(&step.node.kind),
        department: step.node.department.clone(),
        state: step.state.name(),
        by: decider(step.task, house),
        by_rule: step.by_rule,
        since: since(step, case).map(at),
        due_at: step.task.filter(|task| task.is_open()).and_then(|task| task.due_ms).map(at),
        lane: step.lane.map(|lane| Text::from(&lane.name)),
        because: because(step, flow, sight),
        who: holder.map(|party| assignee(&house.people, &party)),
    }
}

fn decider(task: Option<&Task>, house: &House) -> Option<PersonView> {
    match task.map(|task| &task.state) {
        Some(TaskState::Done { by, .. }) => Some(actor(&house.people, by)),
        _ => None,
    }
}

fn since(step: &RouteStep<'_>, case: &Case) -> Option<i64> {
    match (&step.node.kind, step.state) {
        (_, StepState::Waiting | StepState::Skipped) => None,
        (NodeKind::Start(_), _) => Some(case.order.created_ms),
        (NodeKind::AutoCheck { .. }, StepState::Open) => case.incomplete_since_ms,
        (NodeKind::AutoCheck { .. }, _) => case.order.submitted_ms,
        (NodeKind::End { .. }, StepState::Done) => case.order.confirmed_ms.or(Some(case.order.updated_ms)),
        _ => match step.task.map(|task| &task.state) {
            Some(TaskState::Done { at_ms, .. } | TaskState::Closed { at_ms, .. }) => Some(*at_ms),
            Some(TaskState::Open) => step.task.map(|task| task.opened_ms),
            None => None,
        },
    }
}

fn because(step: &RouteStep<'_>, flow: &Flow, sight: &Sight) -> Option<Text> {
    if step.by_rule {
        let why = step.spared.map_or("by_rule".to_owned(), |why| format!("spared.{}", why.name()));
        return Some(text(&format!("why.{why}"), &[]));
    }
    rows(&step.because, sight, flow.schema())
}

pub fn bar(case: &Case, house: &House) -> StageBarView {
    let current = stage_index(stage(case, house));
    let order = &case.order;
    let failed = matches!(order.status, Status::Rejected | Status::Cancelled | Status::Expired);
    let over = matches!(order.status, Status::Completed);
    let entered = [
        Some(order.created_ms),
        Some(order.created_ms),
        order.submitted_ms,
        order.confirmed_ms,
        order.confirmed_ms,
    ];
    let left = [Some(order.created_ms), order.submitted_ms, order.confirmed_ms, order.confirmed_ms, None];
    let at = |ms: Option<i64>| ms.map(|ms| house.calendar.text(ms));
    let mut stages = Vec::with_capacity(STAGES.len());
    for (index, key) in STAGES.iter().enumerate() {
        let state = state(index, current, failed, over);
        let entered = entered.get(index).copied().flatten().filter(|_| state != "waiting");
        let left = left.get(index).copied().flatten().filter(|_| state == "done");
        stages.push(StageView { key, state, entered_at: at(entered), left_at: at(left) });
    }
    StageBarView { current: STAGES.get(current).copied().unwrap_or("receive"), stages }
}

/// The state of each stage when the order is in the stage `current`.
pub fn state(index: usize, current: usize, failed: bool, over: bool) -> &'static str {
    match index.cmp(&current) {
        std::cmp::Ordering::Less => "done",
        std::cmp::Ordering::Equal if failed => "failed",
        std::cmp::Ordering::Equal if over => "done",
        std::cmp::Ordering::Equal => "current",
        std::cmp::Ordering::Greater if failed => "skipped",
        std::cmp::Ordering::Greater => "waiting",
    }
}
