//! Running orders and a new version of their flow: the plan, the move, and the way back.

use super::order_act::order_id;
use crate::server::body::{Raw, object, unreadable};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::server::write;
use crate::wire::order::OrderView;
use axum::Json;
use axum::response::Response;
use ordain_app::case::FlowPin;
use ordain_app::case::decide::{MoveChoice, OrderCommand};
use ordain_app::gate::{Command, Done};
use ordain_app::problem::Fault;
use ordain_app::query::flow::migration_plan;
use ordain_flow::doc::NodeKind;
use ordain_flow::migrate::Class;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Debug, Deserialize, IntoParams)]
pub struct Target {
    /// Without it the version in force.
    pub version: Option<i64>,
}

fn target(ctx: &Ctx, key: String, version: Option<i64>) -> Result<FlowPin, Problem> {
    let pin = match version {
        Some(version) => FlowPin { key, version },
        None => ctx.house.active_flow(&key).ok_or_else(Problem::not_found)?,
    };
    ctx.house.flow(&pin).ok_or_else(Problem::not_found)?;
    Ok(pin)
}

/// Says what moving the running orders of a flow to a version would mean: how many of each class, and where they stand.
#[utoipa::path(get, path = "/flows/{key}/migrate", operation_id = "plan_migration", tag = "flows",
    params(Target, ("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "One plan for each version that orders are in", body = serde_json::Value)))]
pub async fn plan_migration(
    ctx: Ctx,
    Path(key): Path<String>,
    Query(to): Query<Target>,
) -> Result<Json<Value>, Problem> {
    let (pin, org, house) = (target(&ctx, key, to.version)?, ctx.org(), ctx.house.clone());
    let plans = ctx.read(move |store| Ok(migration_plan(store, &house, org, &pin)?)).await?;
    serde_json::to_value(plans).map(Json).map_err(|error| Problem::bug(&error.to_string()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MigrateBody {
    /// Without it the version in force.
    pub version: Option<i64>,
    /// Classes that are moved, for instance `["A", "B"]`.
    pub classes: Vec<String>,
    /// Where orders go on whose step is gone, by that step.
    #[serde(default)]
    pub mapping: BTreeMap<String, String>,
    /// What becomes of open tasks whose step asks otherwise now: `keep`, the default, or `reassign`.
    #[serde(default)]
    pub tasks: TasksOf,
    /// What becomes of their deadlines: `keep`, the default, or `recompute`.
    #[serde(default)]
    pub deadlines: DeadlinesOf,
    /// Stands in the story of each order.
    pub reason: Option<String>,
    /// Ids of orders; without them all that run.
    #[schema(value_type = Option<Vec<String>>)]
    pub orders: Option<Vec<Uuid>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TasksOf {
    #[default]
    Keep,
    Reassign,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeadlinesOf {
    #[default]
    Keep,
    Recompute,
}

/// What became of one order.
#[derive(Debug, Serialize, ToSchema)]
pub struct MigratedView {
    #[schema(value_type = String)]
    pub id: Uuid,
    pub number: String,
    pub class: String,
    pub moved: bool,
    /// Why it was not, and stays in its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<String>,
}

fn classes(names: &[String]) -> Result<Vec<Class>, Problem> {
    let class = |name: &String| match name.as_str() {
        "A" => Ok(Class::A),
        "B" => Ok(Class::B),
        "C" => Ok(Class::C),
        _ => Err(unreadable(vec![Fault::new("unknown_class", "classes")])),
    };
    names.iter().map(class).collect()
}

/// Names every step of the mapping that is none, or where nobody can be asked, and a request that would move nothing.
fn must_be_sound(ctx: &Ctx, body: &MigrateBody, to: &FlowPin) -> Result<(), Problem> {
    let mut faults = Vec::new();
    if body.classes.is_empty() {
        faults.push(Fault::new("missing", "classes"));
    }
    let flow = ctx.house.flow(to).ok_or_else(Problem::not_found)?;
    for (from, target) in &body.mapping {
        let at = format!("mapping.{from}");
        match flow.node(target).map(|node| &node.kind) {
            None => faults.push(Fault::new("unknown_step", at).with("asked", target)),
            Some(NodeKind::Start(_) | NodeKind::End { .. }) => {
                faults.push(Fault::new("step_not_enterable", at).with("asked", target));
            }
            Some(_) => {}
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(unreadable(faults)) }
}

/// Moves running orders to another version of their flow, each by a command of its own.
#[utoipa::path(post, path = "/flows/{key}/migrate", operation_id = "migrate_flow", tag = "flows",
    request_body = MigrateBody, params(("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "What became of each order", body = [MigratedView])))]
pub async fn migrate_flow(
    ctx: Ctx,
    Path(key): Path<String>,
    raw: Raw,
) -> Result<Json<Vec<MigratedView>>, Problem> {
    let body: MigrateBody = serde_json::from_value(object(&raw)?)
        .map_err(|error| unreadable(vec![Fault::new("bad_item", "").with("why", error.to_string())]))?;
    let (pin, org, house) = (target(&ctx, key, body.version)?, ctx.org(), ctx.house.clone());
    must_be_sound(&ctx, &body, &pin)?;
    let (to, wanted) = (pin.clone(), classes(&body.classes)?);
    let choice = MoveChoice {
        reassign: body.tasks == TasksOf::Reassign,
        recompute: body.deadlines == DeadlinesOf::Recompute,
    };
    let plans = ctx.read(move |store| Ok(migration_plan(store, &house, org, &to)?)).await?;
    let only: Option<BTreeSet<Uuid>> = body.orders.map(|ids| ids.into_iter().collect());
    // An order that stands in several steps is as hard to move as its hardest.
    let mut orders: BTreeMap<Uuid, (String, Class)> = BTreeMap::new();
    for group in plans.into_iter().flat_map(|plan| plan.plan.groups) {
        for order in group.orders {
            let known = orders.entry(order.id).or_insert((order.number, group.class));
            known.1 = known.1.max(group.class);
        }
    }
    // It may have come to its end since it was asked for, or never have been in this flow.
    let absent = |id: &Uuid| MigratedView {
        id: *id,
        number: String::new(),
        class: "X".to_owned(),
        moved: false,
        reason_code: Some("not_running".to_owned()),
    };
    let mut views: Vec<MigratedView> =
        only.iter().flatten().filter(|id| !orders.contains_key(id)).map(absent).collect();
    orders.retain(|id, _| only.as_ref().is_none_or(|only| only.contains(id)));
    for (id, (number, class)) in orders {
        let command = OrderCommand::MigrateRun {
            version: pin.version,
            mapping: body.mapping.clone(),
            classes: wanted.clone(),
            choice,
            reason: body.reason.clone(),
        };
        let reason_code = refused(&ctx, id, command).await;
        // Of a class that was asked for, and not left out for want of an answer.
        if let Some(why) = reason_code.clone().filter(|why| wanted.contains(&class) && why != "not_movable") {
            refused(&ctx, id, OrderCommand::MigrationFailed { version: pin.version, why }).await;
        }
        let class = format!("{class:?}");
        views.push(MigratedView { id, number, class, moved: reason_code.is_none(), reason_code });
    }
    Ok(Json(views))
}

/// Does something with one of the orders; gives the code of the problem where that is refused.
async fn refused(ctx: &Ctx, id: Uuid, command: OrderCommand) -> Option<String> {
    let command = Command::Order { id: Some(id), expected: None, command };
    let envelope = ctx.server.app.envelope(ctx.org(), ctx.caller.actor(), command, None);
    match ctx.server.app.gate.send(envelope).await {
        Ok(Done::Order(_)) => None,
        Ok(_) => Some("defect".to_owned()),
        Err(error) => Some(Problem::from(error).code),
    }
}

/// Puts an order back into the version it was moved from, as long as nobody has acted and for a day at the most.
#[utoipa::path(post, path = "/orders/{id}/undo-migration", operation_id = "undo_migration", tag = "flows",
    params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn undo_migration(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::UndoMigration, 200).await
}
