//! What moves the run of an order beside its tasks: the customer's answer, events, people chosen, and the process admin's
//! hand.

use super::order_act::order_id;
use crate::server::body::{Raw, shaped, unreadable};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write;
use crate::wire::body::{
    ANSWER, AnswerBody, EmptyBody, INTERVENTION, InterventionBody, NOTHING, PEOPLE, PeopleBody, SIGNAL,
    SignalBody,
};
use crate::wire::order::OrderView;
use crate::wire::reader::{boolean, integer, text};
use axum::http::StatusCode;
use axum::response::Response;
use ordain_app::case::decide::{Intervention, OrderCommand, ProofGiven};
use ordain_app::case::refusal::Refusal;
use ordain_app::gate::{Command, Done, Renderer};
use ordain_app::problem::Fault;
use ordain_app::query::order;
use ordain_flow::doc::Outcome;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// The number of a stay, where one is named.
fn stay(value: &Value) -> Result<Option<u32>, Problem> {
    let refused = |asked: i64| {
        let fault = Fault::new("out_of_range", "visit").with("found", asked.to_string());
        unreadable(vec![fault.with("max", u32::MAX.to_string())])
    };
    integer(value, "visit").map(|asked| u32::try_from(asked).map_err(|_| refused(asked))).transpose()
}

fn missing(name: &str) -> Problem {
    unreadable(vec![Fault::new("missing", name)])
}

/// Chooses who is to do steps to come, where the flow leaves that to people.
#[utoipa::path(post, path = "/orders/{id}/people", operation_id = "choose_people", tag = "orders",
    request_body = PeopleBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn choose_people(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, PEOPLE)?;
    let people = value.get("people").and_then(Value::as_object).ok_or_else(|| missing("people"))?;
    let logins = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let people: BTreeMap<String, Vec<String>> =
        people.iter().map(|(node, value)| (node.clone(), logins(value))).collect();
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::ChoosePeople { people }, 200).await
}

/// Records the customer's answer that came by phone, on paper or in another form.
#[utoipa::path(post, path = "/orders/{id}/answer", operation_id = "record_answer", tag = "orders",
    request_body = AnswerBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn record_answer(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, ANSWER)?;
    if value.get("accepted").is_none_or(Value::is_null) {
        return Err(missing("accepted"));
    }
    let (accepted, evidence) = (boolean(&value, "accepted"), text(&value, "evidence").unwrap_or_default());
    let id = order_id(&id)?;
    let proof = match text(&value, "code") {
        Some(code) => Some(ProofGiven::Code(right_code(&ctx, &raw, id, code.trim()).await?)),
        None => boolean(&value, "signed").then_some(ProofGiven::Signature),
    };
    write::order(&ctx, &raw, Some(id), OrderCommand::RecordAnswer { accepted, evidence, proof }, 200).await
}

/// The message whose code this is. A wrong one is counted.
async fn right_code(ctx: &Ctx, raw: &Raw, id: Uuid, code: &str) -> Result<Uuid, Problem> {
    let org = ctx.org();
    let case = ctx.read(move |store| Ok(order::by_id(store, org, id)?)).await?;
    let last = case.codes.last().ok_or(Refusal::CodeVoid)?;
    let known = ctx.server.app.codes.of(org, id, last.id);
    if bool::from(known.as_bytes().ct_eq(code.as_bytes())) {
        return Ok(last.id);
    }
    let command = OrderCommand::RefuseCode { sent: last.id };
    let left: Renderer = Arc::new(|done| match done {
        Done::Order(case) => (422, case.codes.last().map_or(0, |code| code.tries_left()).to_string()),
        _ => (422, String::new()),
    });
    let command = Command::Order { id: Some(id), expected: None, command };
    let answer = write::send(ctx, raw, command, left).await?;
    let left = match (answer.done, answer.replayed) {
        (Some(Done::Order(case)), _) => case.codes.last().map_or(0, |code| code.tries_left()).to_string(),
        (_, Some((_, left))) => left,
        _ => "0".to_owned(),
    };
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "code_wrong").with("left", left))
}

/// Sends the customer a code for one use, by another channel than the question went.
#[utoipa::path(post, path = "/orders/{id}/answer-code", operation_id = "send_answer_code", tag = "orders",
    request_body = EmptyBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn send_answer_code(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    shaped(&raw, NOTHING)?;
    write::order(&ctx, &raw, Some(order_id(&id)?), OrderCommand::SendCode, 200).await
}

/// Tells an order that something has happened which its flow may wait for.
#[utoipa::path(post, path = "/orders/{id}/signals", operation_id = "signal_event", tag = "orders",
    request_body = SignalBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn signal_event(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, SIGNAL)?;
    let event = text(&value, "event").ok_or_else(|| missing("event"))?;
    let command = OrderCommand::Signal { event, key: text(&value, "key") };
    write::order(&ctx, &raw, Some(order_id(&id)?), command, 200).await
}

/// Moves an order by hand, with a reason.
#[utoipa::path(post, path = "/orders/{id}/intervene", operation_id = "intervene", tag = "orders",
    request_body = InterventionBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn intervene(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, INTERVENTION)?;
    let id = order_id(&id)?;
    let needed = |name: &str| text(&value, name).ok_or_else(|| missing(name));
    let visit = stay(&value)?;
    let act = match text(&value, "act").as_deref() {
        Some("jump") => Intervention::Jump { to: needed("to")? },
        Some("skip") => Intervention::Skip { node: needed("node")?, visit },
        Some("rerun") => Intervention::RunAgain { node: needed("node")?, visit },
        Some("end") if needed("outcome")? == "rejected" => Intervention::End { outcome: Outcome::Rejected },
        Some("end") => Intervention::End { outcome: Outcome::Cancelled },
        Some("revive") => Intervention::Revive,
        Some("override") => Intervention::Override { finding: needed("finding_id")? },
        Some("take_over") => Intervention::TakeOver,
        Some("put_back") => Intervention::PutBack,
        Some("agree") => {
            let exception = needed("exception_id")?.parse().map_err(|_| Refusal::ExceptionNotFound)?;
            Intervention::Agree { exception }
        }
        _ => return Err(missing("act")),
    };
    let reason = text(&value, "reason").unwrap_or_default();
    write::order(&ctx, &raw, Some(id), OrderCommand::Intervene { act, reason }, 200).await
}
