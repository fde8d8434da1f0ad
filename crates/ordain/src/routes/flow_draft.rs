//! Drafts of flows: saving, checking, trying on past orders.

use crate::server::body::{Raw, object, object_or_yaml, unreadable};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::write;
use crate::wire::flow::DraftView;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ordain_app::admin::{
    AdminCommand, AdminDone, DraftText, IDLE_MS, SaveDraft, inspect, read_document, read_flow,
};
use ordain_app::case::facts::SCHEMA;
use ordain_app::gate::Done;
use ordain_app::problem::Fault;
use ordain_app::query::flow::replay;
use ordain_app::setup::TEMPLATES;
use ordain_flow::check::lower_texts;
use ordain_flow::doc::{FlowDoc, Part};
use ordain_flow::replay::TestCase;
use ordain_flow::run::Flow;
use ordain_store::FlowDraftRow;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::ToSchema;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Days of past orders that a check looks at.
const CHECK_DAYS: i64 = 30;
const REPLAY_DAYS_MAX: i64 = 400;

/// The draft as it is stored, if there is one.
pub async fn stored(ctx: &Ctx, key: &str) -> Result<Option<(FlowDraftRow, DraftText)>, Problem> {
    let (org, key) = (ctx.org(), key.to_owned());
    let row = ctx.read(move |store| Ok(store.flow_draft(org, &key)?)).await?;
    row.map(|row| {
        let text = DraftText { doc: parsed(&row.doc)?, cases: parsed(&row.cases)? };
        Ok((row, text))
    })
    .transpose()
}

fn parsed<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|error| Problem::bug(&error.to_string()))
}

/// The draft, or the version in force where there is none.
pub async fn draft_or_active(ctx: &Ctx, key: &str) -> Result<DraftText, Problem> {
    if let Some((_, text)) = stored(ctx, key).await? {
        return Ok(text);
    }
    let pin = ctx.house.active_flow(key);
    let flow = pin.and_then(|pin| ctx.house.flow(&pin)).ok_or_else(Problem::not_found)?;
    Ok(DraftText { doc: flow.doc().clone(), cases: Vec::new() })
}

fn tagged(view: &DraftView) -> Response {
    let mut response = Json(view).into_response();
    let tag = HeaderValue::from_str(&format!("\"{}\"", view.revision)).ok();
    response.headers_mut().extend(tag.map(|tag| (header::ETAG, tag)));
    response
}

/// Reads the draft of a flow; before there is one, what it would begin from, with revision 0.
#[utoipa::path(get, path = "/flows/{key}/draft", operation_id = "read_flow_draft", tag = "flows",
    params(("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "The draft", body = DraftView)))]
pub async fn read_flow_draft(ctx: Ctx, Path(key): Path<String>) -> Result<Response, Problem> {
    let view = match stored(&ctx, &key).await? {
        Some((row, _)) => DraftView {
            key,
            revision: row.revision,
            base_version: row.base_version,
            editor: Some(row.editor),
            edited_at: Some(ctx.house.calendar.text(row.edited_at_ms)),
            locked_until: Some(ctx.house.calendar.text(row.edited_at_ms + IDLE_MS)),
            doc: parsed(&row.doc)?,
            cases: parsed(&row.cases)?,
        },
        None => {
            let doc = draft_or_active(&ctx, &key).await?.doc;
            DraftView {
                base_version: ctx.house.active.get(&key).copied(),
                doc: serde_json::to_value(doc).map_err(|error| Problem::bug(&error.to_string()))?,
                cases: json!([]),
                key,
                revision: 0,
                editor: None,
                edited_at: None,
                locked_until: None,
            }
        }
    };
    Ok(tagged(&view))
}

pub fn field<T: Part>(value: &Value, name: &str) -> Result<Option<T>, Problem> {
    read_field(value, name).map_err(unreadable)
}

fn read_field<T: Part>(value: &Value, name: &str) -> Result<Option<T>, Vec<Fault>> {
    match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(found) => read_flow(found, name).map(Some),
    }
}

/// The document of a body, where there is one.
pub fn sent_document(ctx: &Ctx, body: &Value) -> Result<Option<FlowDoc>, Vec<Fault>> {
    let problems = |mut doc: FlowDoc| {
        lower_texts(&mut doc, &SCHEMA);
        inspect(&ctx.house, &DraftText { doc, cases: Vec::new() }, ctx.now_ms).problems
    };
    let sent = body.get("doc").filter(|sent| !sent.is_null());
    sent.map(|sent| read_document(sent, "doc", problems)).transpose()
}

/// The document and the saved cases of a body, every fault of both named at once.
fn sent(ctx: &Ctx, body: &Value) -> Result<DraftText, Problem> {
    let missing = || vec![Fault::new("missing", "doc")];
    let doc = sent_document(ctx, body).and_then(|doc| doc.ok_or_else(missing));
    let cases = read_field::<Vec<TestCase>>(body, "cases");
    match (doc, cases) {
        (Ok(doc), Ok(cases)) => Ok(DraftText { doc, cases: cases.unwrap_or_default() }),
        (doc, cases) => Err(unreadable([doc.err(), cases.err()].into_iter().flatten().flatten().collect())),
    }
}

/// Saves the draft of a flow: the document with its saved cases, or `{"template": key}` to begin from a shipped flow; as
/// JSON, or as YAML where the content type says so.
#[utoipa::path(put, path = "/flows/{key}/draft", operation_id = "save_flow_draft", tag = "flows",
    request_body = serde_json::Value, params(("key" = String, Path, description = "Key of the flow"),
        ("If-Match" = String, Header, description = "The revision that was read")),
    responses((status = 200, description = "The new revision", body = serde_json::Value),
        (status = 409, description = "Somebody else is editing it"),
        (status = 412, description = "It was saved since"), (status = 428, description = "If-Match is missing")))]
pub async fn save_flow_draft(ctx: Ctx, Path(key): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let missing = || Problem::new(StatusCode::PRECONDITION_REQUIRED, "precondition_required");
    let expected = ctx.expected()?.ok_or_else(missing)?;
    let body = object_or_yaml(&raw)?;
    let text = match field::<String>(&body, "template")? {
        Some(template) => {
            let found = TEMPLATES.iter().find(|(known, _)| *known == template);
            let (_, text) =
                found.ok_or_else(|| unreadable(vec![Fault::new("unknown_template", "template")]))?;
            let cases = field(&body, "cases")?.unwrap_or_default();
            DraftText { doc: parsed::<FlowDoc>(text)?, cases }
        }
        None => sent(&ctx, &body)?,
    };
    let command = AdminCommand::SaveDraft(Box::new(SaveDraft { key, expected, text }));
    let answer = write::admin(&ctx, &raw, command, 200, |done| match done {
        AdminDone::DraftSaved { revision } => json!({ "revision": revision }).to_string(),
        _ => "{}".to_owned(),
    })
    .await?;
    let mut response = answer.response;
    if let Some(Done::Admin(AdminDone::DraftSaved { revision })) = answer.done {
        let tag = HeaderValue::from_str(&format!("\"{revision}\"")).ok();
        response.headers_mut().extend(tag.map(|tag| (header::ETAG, tag)));
    }
    Ok(response)
}

/// What the checks say.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowCheck)]
pub struct CheckedView {
    pub may_be_published: bool,
    #[schema(value_type = Vec<Object>)]
    pub problems: Value,
    pub not_checked: Vec<String>,
    /// Past orders that no condition of a block was made for, by block.
    #[schema(value_type = Vec<Object>)]
    pub uncovered: Value,
    /// Past orders it would confirm without asking anybody.
    pub asks_nobody: usize,
    /// Past orders that were looked at.
    pub orders: usize,
}

/// Checks the draft, also against the orders of the last thirty days.
#[utoipa::path(post, path = "/flows/{key}/check", operation_id = "check_flow", tag = "flows",
    params(("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "What was found", body = CheckedView)))]
pub async fn check_flow(ctx: Ctx, Path(key): Path<String>) -> Result<Json<CheckedView>, Problem> {
    let text = draft_or_active(&ctx, &key).await?;
    let report = inspect(&ctx.house, &text, ctx.now_ms);
    let compared = match Flow::compile(text.doc, &SCHEMA) {
        Ok(flow) => Some(compare(&ctx, flow, CHECK_DAYS).await?),
        Err(_) => None,
    };
    let value = |value: serde_json::Result<Value>| value.map_err(|error| Problem::bug(&error.to_string()));
    let compared = compared.unwrap_or_default();
    Ok(Json(CheckedView {
        may_be_published: report.may_be_published(),
        problems: value(serde_json::to_value(&report.problems))?,
        not_checked: report.not_checked.iter().map(|code| (*code).to_owned()).collect(),
        uncovered: value(serde_json::to_value(&compared.uncovered))?,
        asks_nobody: compared.asks_nobody,
        orders: compared.orders,
    }))
}

async fn compare(ctx: &Ctx, flow: Flow, days: i64) -> Result<ordain_flow::replay::Comparison, Problem> {
    let (org, house, since_ms) = (ctx.org(), ctx.house.clone(), ctx.now_ms - days * DAY_MS);
    ctx.read(move |store| Ok(replay(store, &house, org, &flow, since_ms)?)).await
}

/// A document that cannot be run yet.
pub fn refused(problems: Vec<ordain_flow::check::Problem>) -> Problem {
    let fault =
        |problem: ordain_flow::check::Problem| Fault::new(problem.code, problem.node.unwrap_or_default());
    unreadable(problems.into_iter().map(fault).collect())
}

/// Sends past orders through the draft and says which would go another way. Nothing is written.
#[utoipa::path(post, path = "/flows/{key}/replay", operation_id = "replay_flow", tag = "flows",
    request_body = serde_json::Value, params(("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "The comparison, gathered by what changes", body = serde_json::Value)))]
pub async fn replay_flow(ctx: Ctx, Path(key): Path<String>, raw: Raw) -> Result<Json<Value>, Problem> {
    let days = if raw.size == 0 { None } else { field::<i64>(&object(&raw)?, "days")? };
    let days = days.unwrap_or(CHECK_DAYS).clamp(1, REPLAY_DAYS_MAX);
    let text = draft_or_active(&ctx, &key).await?;
    let flow = Flow::compile(text.doc, &SCHEMA).map_err(refused)?;
    let compared = compare(&ctx, flow, days).await?;
    serde_json::to_value(compared).map(Json).map_err(|error| Problem::bug(&error.to_string()))
}
