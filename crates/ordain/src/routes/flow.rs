//! Published flows: their versions, and what people read of them.

use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::wire::flow::{FlowView, names, rollback, speaker};
use crate::words::{Lang, Text};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ordain_app::case::FlowPin;
use ordain_app::case::facts::SCHEMA;
use ordain_app::case::world::House;
use ordain_flow::doc::FlowDoc;
use ordain_flow::run::Flow;
use ordain_flow::words::Speaker;
use ordain_flow::{bpmn, diff, picture, sop};
use ordain_store::{FlowReleaseRow, FlowRow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// The language of a document.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct InLanguage {
    /// `zh` or `en`.
    pub lang: Option<String>,
}

impl InLanguage {
    pub fn lang(&self) -> Lang {
        self.lang.as_deref().and_then(Lang::parse).unwrap_or_default()
    }
}

/// Lists the published versions of all flows.
#[utoipa::path(get, path = "/flows", operation_id = "list_flows", tag = "flows",
    responses((status = 200, description = "All versions, newest first within a flow", body = [FlowView])))]
pub async fn list_flows(ctx: Ctx) -> Result<Json<Vec<FlowView>>, Problem> {
    let org = ctx.org();
    let (rows, told) = ctx.read(move |store| Ok((store.flows(org)?, store.flow_releases(org)?))).await?;
    let told: BTreeMap<(String, i64), FlowReleaseRow> =
        told.into_iter().map(|row| ((row.key.clone(), row.version), row)).collect();
    let view = |row: FlowRow| {
        let pin = FlowPin { key: row.key.clone(), version: row.version };
        let told = told.get(&(row.key.clone(), row.version));
        let acknowledged = told.and_then(|told| serde_json::from_str(&told.acknowledged).ok());
        FlowView {
            name: ctx.house.flow(&pin).map(|flow| Text::from(&flow.doc().name)).unwrap_or_default(),
            rollback: rollback(&row, &ctx.house, ctx.now_ms),
            key: row.key,
            version: row.version,
            state: row.state,
            published_at: ctx.house.calendar.text(row.published_at_ms),
            published_by: row.published_by,
            note: told.map(|told| told.note.clone()).unwrap_or_default(),
            acknowledged: acknowledged.unwrap_or_default(),
        }
    };
    Ok(Json(rows.into_iter().map(view).collect()))
}

/// Reads the flow document in force.
#[utoipa::path(get, path = "/flows/{key}", operation_id = "read_flow", tag = "flows",
    params(("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "The document; its schema is at /api/v1/schemas/flow.json", body = serde_json::Value)))]
pub async fn read_flow(ctx: Ctx, Path(key): Path<String>) -> Result<Json<Value>, Problem> {
    let pin = ctx.house.active_flow(&key).ok_or_else(Problem::not_found)?;
    document(version(&ctx.house, pin)?.doc()).map(Json)
}

/// The house holds every version, compiled from what is stored: what is drawn is what runs.
fn version(house: &House, pin: FlowPin) -> Result<&Arc<Flow>, Problem> {
    house.flow(&pin).ok_or_else(Problem::not_found)
}

fn document(doc: &FlowDoc) -> Result<Value, Problem> {
    serde_json::to_value(doc).map_err(|error| Problem::bug(&error.to_string()))
}

/// Reads one version of a flow.
#[utoipa::path(get, path = "/flows/{key}/versions/{version}", operation_id = "read_flow_version", tag = "flows",
    params(("key" = String, Path, description = "Key of the flow"), ("version" = i64, Path, description = "Its number")),
    responses((status = 200, description = "The document", body = serde_json::Value)))]
pub async fn read_flow_version(
    ctx: Ctx,
    Path((key, number)): Path<(String, i64)>,
) -> Result<Json<Value>, Problem> {
    document(version(&ctx.house, FlowPin { key, version: number })?.doc()).map(Json)
}

fn typed(kind: &'static str, body: String) -> Response {
    (StatusCode::OK, [(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response()
}

/// Tells one version of a flow in the words of a language.
fn told(
    ctx: &Ctx,
    key: String,
    number: i64,
    language: &InLanguage,
    tell: impl FnOnce(&FlowDoc, &Speaker<'_>) -> String,
) -> Result<String, Problem> {
    let flow = version(&ctx.house, FlowPin { key, version: number })?;
    let names = names(&ctx.house, language.lang());
    Ok(tell(flow.doc(), &speaker(&names, language.lang(), flow.schema())))
}

/// Draws one version of a flow.
#[utoipa::path(get, path = "/flows/{key}/versions/{version}/picture.svg", operation_id = "draw_flow", tag = "flows",
    params(InLanguage, ("key" = String, Path, description = "Key of the flow"), ("version" = i64, Path, description = "Its number")),
    responses((status = 200, description = "The picture", body = String, content_type = "image/svg+xml")))]
pub async fn draw_flow(
    ctx: Ctx,
    Path((key, number)): Path<(String, i64)>,
    Query(language): Query<InLanguage>,
) -> Result<Response, Problem> {
    let drawn =
        told(&ctx, key, number, &language, |doc, speaker| picture::svg(doc, speaker, &BTreeMap::new()))?;
    Ok(typed("image/svg+xml", drawn))
}

/// Writes one version of a flow out as an operating procedure.
#[utoipa::path(get, path = "/flows/{key}/versions/{version}/sop", operation_id = "write_flow_sop", tag = "flows",
    params(InLanguage, ("key" = String, Path, description = "Key of the flow"), ("version" = i64, Path, description = "Its number")),
    responses((status = 200, description = "The procedure as Markdown", body = String, content_type = "text/markdown")))]
pub async fn write_flow_sop(
    ctx: Ctx,
    Path((key, number)): Path<(String, i64)>,
    Query(language): Query<InLanguage>,
) -> Result<Response, Problem> {
    let version = u32::try_from(number).ok();
    let written = told(&ctx, key, number, &language, |doc, speaker| sop::sop(doc, version, speaker))?;
    Ok(typed("text/markdown; charset=utf-8", written))
}

/// Writes one version of a flow as BPMN 2.0 with its diagram.
#[utoipa::path(get, path = "/flows/{key}/versions/{version}/bpmn", operation_id = "write_flow_bpmn", tag = "flows",
    params(InLanguage, ("key" = String, Path, description = "Key of the flow"), ("version" = i64, Path, description = "Its number")),
    responses((status = 200, description = "The BPMN document", body = String, content_type = "application/xml")))]
pub async fn write_flow_bpmn(
    ctx: Ctx,
    Path((key, number)): Path<(String, i64)>,
    Query(language): Query<InLanguage>,
) -> Result<Response, Problem> {
    Ok(typed("application/xml", told(&ctx, key, number, &language, bpmn::bpmn)?))
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct Between {
    pub from: i64,
    /// Without it the draft.
    pub to: Option<i64>,
    /// The release that waits, in place of the draft.
    pub release: Option<bool>,
    /// `zh` or `en`.
    pub lang: Option<String>,
}

/// What changed between two versions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowDiff)]
pub struct DiffView {
    #[schema(value_type = Vec<Object>)]
    pub changes: Value,
    /// The same, one sentence each.
    #[schema(value_type = Vec<Object>)]
    pub sentences: Value,
}

/// Compares two versions of a flow, or a version with the draft.
#[utoipa::path(get, path = "/flows/{key}/diff", operation_id = "compare_flows", tag = "flows",
    params(Between, ("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "The changes", body = DiffView)))]
pub async fn compare_flows(
    ctx: Ctx,
    Path(key): Path<String>,
    Query(between): Query<Between>,
) -> Result<Json<DiffView>, Problem> {
    let before = version(&ctx.house, FlowPin { key: key.clone(), version: between.from })?.doc().clone();
    let after = match between.to {
        Some(number) => version(&ctx.house, FlowPin { key, version: number })?.doc().clone(),
        None if between.release == Some(true) => super::flow_release::waiting(&ctx, key).await?,
        None => super::flow_draft::stored(&ctx, &key).await?.ok_or_else(Problem::not_found)?.1.doc,
    };
    let lang = InLanguage { lang: between.lang }.lang();
    let names = names(&ctx.house, lang);
    let value = |value: serde_json::Result<Value>| value.map_err(|error| Problem::bug(&error.to_string()));
    // What only the older of both knew is told by its key.
    let (schema, names) = (after.schema(&SCHEMA), &names);
    let speaker = speaker(names, lang, &schema);
    Ok(Json(DiffView {
        changes: value(serde_json::to_value(diff::diff(&before, &after)))?,
        sentences: value(serde_json::to_value(diff::sentences(&before, &after, &speaker)))?,
    }))
}
