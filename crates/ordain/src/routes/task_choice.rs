//! What a queue of tasks can be asked for, so that a page can offer it.

use super::narrow::askable;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::words::Text;
use axum::Json;
use ordain_app::case::world::House;
use ordain_app::query::sight::Sight;
use ordain_flow::doc::Node;
use ordain_store::{StepKey, WarehouseRow};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Steps of one name, in all flows that have one.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TaskStepChoice)]
pub struct StepChoiceView {
    /// What `step` is asked for.
    pub value: String,
    pub name: Text,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WarehouseChoice)]
pub struct PlaceChoiceView {
    pub code: String,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TaskChoices)]
pub struct TaskChoicesView {
    /// What the caller may ask for: `step`, `customer`, `amount`, `due` and `warehouse`, without what the flows keep
    /// from the caller.
    pub fields: Vec<&'static str>,
    /// The steps at which people work: those first at which tasks are open.
    pub steps: Vec<StepChoiceView>,
    pub warehouses: Vec<PlaceChoiceView>,
    /// Currencies of amounts, the company's own first.
    pub currencies: Vec<&'static str>,
}

/// Says what a queue of tasks can be asked for.
#[utoipa::path(get, path = "/tasks/choices", operation_id = "list_task_choices", tag = "tasks",
    responses((status = 200, description = "The choices of the filters", body = TaskChoicesView)))]
pub async fn list_task_choices(ctx: Ctx) -> Result<Json<TaskChoicesView>, Problem> {
    let org = ctx.org();
    let (open, warehouses) =
        ctx.read(move |store| Ok((store.open_steps(org)?, store.warehouses(org)?))).await?;
    let (house, sight) = (&ctx.house, Sight::in_lists(&ctx.house, &ctx.caller));
    let fields = askable(&sight);
    let place = |row: WarehouseRow| PlaceChoiceView { code: row.code, name: row.name };
    let places = warehouses.into_iter().filter(|_| fields.contains(&"warehouse")).map(place).collect();
    let home = house.rules.currency;
    let others = house.rates.0.keys().filter(|currency| **currency != home);
    let currencies = std::iter::once(&home).chain(others).map(|currency| currency.code()).collect();
    Ok(Json(TaskChoicesView { steps: choices(house, &open), warehouses: places, currencies, fields }))
}

/// By name: for whoever filters, the finance review of one flow is that of another.
fn choices(house: &House, open: &[StepKey]) -> Vec<StepChoiceView> {
    struct Named<'a> {
        node: &'a Node,
        keys: BTreeSet<String>,
        open: bool,
    }
    let mut found: Vec<Named<'_>> = Vec::new();
    let is_open = |flow: &str, node: &str| {
        open.iter().any(|key| key.node == node && key.flow.as_deref().is_none_or(|of| of == flow))
    };
    // The versions in force first, then the latest ones, of which only those that somebody still works by.
    let in_force = house.active_flows().map(|(pin, flow)| (pin.key, flow, false));
    let older = house.flows.iter().rev().map(|(pin, flow)| (pin.key.clone(), flow, true));
    for (key, flow, only_open) in in_force.chain(older) {
        for node in flow.nodes().filter(|node| node.person().is_some()) {
            let (value, open) = (format!("{key}:{}", node.id), is_open(&key, &node.id));
            if only_open && (!open || found.iter().any(|named| named.keys.contains(&value))) {
                continue;
            }
            match found.iter_mut().find(|named| named.node.name == node.name) {
                Some(named) => {
                    named.keys.insert(value);
                    named.open |= open;
                }
                None => found.push(Named { node, keys: BTreeSet::from([value]), open }),
            }
        }
    }
    found.sort_by_key(|named| !named.open);
    let view = |named: Named<'_>| StepChoiceView {
        value: named.keys.into_iter().collect::<Vec<_>>().join(","),
        name: Text::from(&named.node.name),
    };
    found.into_iter().map(view).collect()
}
