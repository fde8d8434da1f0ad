//! A flow played before anybody works by it: an order is sent through the document, people act, time passes. Nothing is
//! stored, and nothing leaves.

use super::flow_design::{document, read_order};
use super::flow_draft::{field, refused};
use crate::server::body::{Raw, unreadable};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::{FaultView, Problem};
use crate::wire::play::{Look, PlayedView, Scene, Told, told};
use axum::Json;
use axum::http::StatusCode;
use ordain_app::case::Case;
use ordain_app::case::facts::SCHEMA;
use ordain_app::case::world::House;
use ordain_app::play::{
    ACTS_MAX, Act, DAYS_MAX, Play, Stage, Stopped, Thought, house_with, of_order, open_to_all, thought_out,
};
use ordain_app::problem::Fault;
use ordain_app::query::flow::usual_minutes;
use ordain_app::query::sight::Sight;
use ordain_app::query::world;
use ordain_flow::doc::Purpose;
use ordain_flow::run::Flow;
use ordain_store::Store;
use serde_json::Value;
use std::sync::Arc;

/// Days of the past that say how long steps usually take.
const USUAL_DAYS: i64 = 30;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Sends an order, real or thought out, through the document of the body, and plays the acts one after the other: who has
/// it then and why, what each may do and see, which timers would fire next and what they would do, what people and the
/// customer would have read. The whole play is sent each time. Nothing is written, and nothing leaves.
#[utoipa::path(post, path = "/flows/{key}/play", operation_id = "play_flow", tag = "flows",
    request_body = serde_json::Value,
    params(("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "Where the order is after the last act", body = PlayedView),
        (status = 403, description = "Somebody acts on what is not theirs"),
        (status = 409, description = "An act is refused, as it would be of a real order; a fault names its place"),
        (status = 422, description = "The document cannot be run, the order is not known, or there are too many acts")))]
pub async fn play_flow(ctx: Ctx, Path(key): Path<String>, raw: Raw) -> Result<Json<PlayedView>, Problem> {
    let (text, body) = document(&ctx, &key, &raw).await?;
    let (acts, look) = (acts(&body)?, look(&body)?);
    if text.doc.purpose != Purpose::Confirmation {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "purpose_not_played"));
    }
    let flow = Arc::new(Flow::compile(open_to_all(text.doc), &SCHEMA).map_err(refused)?);
    let case = match field::<String>(&body, "order")? {
        Some(number) => Some(read_order(&ctx, number).await?),
        None => None,
    };
    let thought =
        Thought { facts: body.get("facts").and_then(Value::as_object).cloned().unwrap_or_default() };
    let (org, caller, house, now_ms) = (ctx.org(), ctx.caller.clone(), ctx.house.clone(), ctx.now_ms);
    let view = ctx.read(move |store| {
        let sight = case.as_ref().map(|case| Sight::of_case(case, &house, &caller)).unwrap_or_default();
        let played_house = house_with(&house, flow.clone());
        let stage = match &case {
            None => thought_out(&thought, flow.doc(), played_house, now_ms),
            Some(case) => around(store, org, case, played_house)?,
        };
        let usual = usual_minutes(store, &house, org, now_ms - USUAL_DAYS * DAY_MS)?;
        let mut seen = Told::new(store, org, &sight);
        let play = Play::run(stage, &acts, |entry, case, house| seen.note(entry, case, house));
        let play = play.map_err(stopped)?;
        let scene =
            Scene { play: &play, flow: &flow, sight: &sight, org, look: look.as_ref(), usual: &usual };
        Ok(told(&scene, seen))
    });
    Ok(Json(view.await?))
}

fn around(store: &Store, org: i64, case: &Case, house: House) -> Result<Stage, Problem> {
    let order = &case.order;
    let own = (Some(order.id), order.created_ms);
    Ok(of_order(case, world::load(store, org, &Arc::new(house), &order.content, own)?))
}

fn acts(body: &Value) -> Result<Vec<Act>, Problem> {
    let sent = match body.get("acts") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(sent)) => sent,
        Some(_) => return Err(unreadable(vec![Fault::new("act_unreadable", "acts")])),
    };
    if sent.len() > ACTS_MAX {
        let fault = Fault::new("too_many_items", "acts").with("most", ACTS_MAX.to_string());
        return Err(unreadable(vec![fault]));
    }
    let mut faults = Vec::new();
    let mut read = Vec::with_capacity(sent.len());
    for (at, act) in sent.iter().enumerate() {
        match serde_json::from_value(act.clone()) {
            Ok(act) => read.push(act),
            Err(_) => faults.push(Fault::new("act_unreadable", place(at))),
        }
    }
    if faults.is_empty() { Ok(read) } else { Err(unreadable(faults)) }
}

fn look(body: &Value) -> Result<Option<Look>, Problem> {
    let Some(look) = body.get("look").filter(|look| !look.is_null()) else { return Ok(None) };
    let read = serde_json::from_value(look.clone());
    read.map(Some).map_err(|_| unreadable(vec![Fault::new("act_unreadable", "look")]))
}

fn place(act: usize) -> String {
    format!("acts[{act}]")
}

/// What the engine said, with the act that it said it of.
fn stopped(stopped: Stopped) -> Problem {
    let wrong = |code: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code);
    let (mut problem, at) = match stopped {
        Stopped::Start(refusal) => return Problem::from(refusal),
        Stopped::Act(at, refusal) => (Problem::from(refusal), at),
        Stopped::Time(at) => (wrong("play_time").with("days", DAYS_MAX.to_string()), at),
        Stopped::Endless(at) => (wrong("play_endless"), at),
    };
    let fault = Fault::new("act_refused", place(at)).with("n", (at + 1).to_string());
    problem.faults.push(FaultView::from(fault));
    problem
}
