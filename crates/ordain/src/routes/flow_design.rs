//! What a designer needs while a flow is edited: the names and words it may use, what is said of a document that is not
//! saved yet, and where an order would go in it. Nothing is written here.

use super::flow::InLanguage;
use super::flow_draft::{draft_or_active, field, refused, sent_document};
use crate::server::body::{Raw, object, unreadable};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::wire::design::{
    Candidates, OverviewView, TriedView, VocabularyView, candidates, drafts, problems, releases, scopes,
    steps_told, under_way_views, vocabulary, ways_told,
};
use crate::wire::flow::{names, speaker};
use axum::Json;
use ordain_app::admin::{DraftText, inspect, read_flow};
use ordain_app::case::Case;
use ordain_app::case::facts::{self, SCHEMA};
use ordain_app::problem::Fault;
use ordain_app::query::flow::under_way;
use ordain_app::rights::Permission;
use ordain_flow::check::lower_texts;
use ordain_flow::doc::walk;
use ordain_flow::replay::{TestCase, trace};
use ordain_flow::rule::Facts;
use ordain_flow::run::Flow;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Says what a flow may name, in the words of a language: fields, checks, roles, departments, people, templates, and the
/// words for every setting.
#[utoipa::path(get, path = "/flow-vocabulary", operation_id = "read_flow_vocabulary", tag = "flows",
    params(InLanguage),
    responses((status = 200, description = "The names and words", body = VocabularyView)))]
pub async fn read_flow_vocabulary(
    ctx: Ctx,
    Query(language): Query<InLanguage>,
) -> Result<Json<VocabularyView>, Problem> {
    Ok(Json(vocabulary(&ctx.house, language.lang())))
}

/// Lists the drafts, the releases that wait, and how many orders are under way in each version of each flow.
#[utoipa::path(get, path = "/flow-overview", operation_id = "read_flow_overview", tag = "flows",
    responses((status = 200, description = "Drafts and orders under way", body = OverviewView)))]
pub async fn read_flow_overview(ctx: Ctx) -> Result<Json<OverviewView>, Problem> {
    let org = ctx.org();
    let read = ctx
        .read(move |store| Ok((store.flow_drafts(org)?, store.flow_pendings(org)?, under_way(store, org)?)));
    let (rows, pendings, counted) = read.await?;
    let (drafts, scopes) = (drafts(rows, &ctx.house), scopes(&ctx.house));
    let releases = releases(pendings, ctx.now_ms)?;
    Ok(Json(OverviewView { drafts, releases, under_way: under_way_views(counted), scopes }))
}

/// What is said of a document as it is edited.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlowInspection)]
pub struct InspectedView {
    pub may_be_published: bool,
    #[schema(value_type = Vec<Object>)]
    pub problems: Value,
    /// Each step in one sentence, by its id.
    pub sentences: BTreeMap<String, String>,
    /// Each lane's condition in words, by the ids of its block and itself with a slash between.
    pub conditions: BTreeMap<String, String>,
    /// Who is asked in each step of a person, where that does not depend on the order.
    pub candidates: BTreeMap<String, Candidates>,
}

/// The document of the body, else the draft, else the version in force; with its saved cases.
pub(super) async fn document(ctx: &Ctx, key: &str, raw: &Raw) -> Result<(DraftText, Value), Problem> {
    let body = if raw.size == 0 { Value::Null } else { object(raw)? };
    let Some(mut doc) = sent_document(ctx, &body).map_err(unreadable)? else {
        return Ok((draft_or_active(ctx, key).await?, body));
    };
    key.clone_into(&mut doc.key);
    lower_texts(&mut doc, &SCHEMA);
    Ok((DraftText { doc, cases: field(&body, "cases")?.unwrap_or_default() }, body))
}

/// Checks a document that need not be saved, and tells it in words.
#[utoipa::path(post, path = "/flows/{key}/inspect", operation_id = "inspect_flow", tag = "flows",
    request_body = serde_json::Value,
    params(InLanguage, ("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "Problems and sentences", body = InspectedView)))]
pub async fn inspect_flow(
    ctx: Ctx,
    Path(key): Path<String>,
    Query(language): Query<InLanguage>,
    raw: Raw,
) -> Result<Json<InspectedView>, Problem> {
    let (text, _) = document(&ctx, &key, &raw).await?;
    let (doc, lang) = (&text.doc, language.lang());
    let report = inspect(&ctx.house, &text, ctx.now_ms);
    let (schema, known) = (doc.schema(&SCHEMA), names(&ctx.house, lang));
    let steps = speaker(&known, lang, &schema).naming_steps(doc);
    let teller = speaker(&steps, lang, &schema);
    let places = walk(doc);
    let nodes = || places.iter().map(|place| place.node);
    let lanes = nodes().flat_map(|node| node.lanes().iter().map(move |lane| (node, lane)));
    Ok(Json(InspectedView {
        may_be_published: report.may_be_published(),
        problems: problems(report, doc, &teller, lang),
        sentences: nodes().map(|node| (node.id.clone(), teller.sentence(node))).collect(),
        conditions: lanes
            .filter_map(|(node, lane)| {
                Some((format!("{}/{}", node.id, lane.id), teller.condition(lane.when.as_ref()?)))
            })
            .collect(),
        candidates: nodes()
            .filter_map(|node| Some((node.id.clone(), candidates(node.person()?, &ctx.house))))
            .collect(),
    }))
}

/// The order of the body, if the caller may read it.
pub(super) async fn read_order(ctx: &Ctx, number: String) -> Result<Case, Problem> {
    if !ctx.caller.may(Permission::ReadOrders) {
        return Err(Problem::forbidden(Permission::ReadOrders, &ctx.house.people));
    }
    let org = ctx.org();
    let row = ctx.read(move |store| Ok(store.order_by_number(org, &number)?)).await?;
    let row = row.ok_or_else(|| unreadable(vec![Fault::new("unknown_order", "order")]))?;
    ctx.must_reach(Permission::ReadOrders, &[Uuid::from_bytes(row.id)]).await?;
    serde_json::from_str(&row.body).map_err(|error| Problem::bug(&error.to_string()))
}

/// The facts of a real order, or those that are given.
async fn facts_of(ctx: &Ctx, body: &Value, flow: &Flow) -> Result<Facts, Problem> {
    let Some(number) = field::<String>(body, "order")? else {
        let mut case =
            Map::from_iter([("name".to_owned(), "".into()), ("path".to_owned(), Value::Array(Vec::new()))]);
        for part in ["facts", "lines", "open", "today"] {
            case.extend(
                body.get(part).filter(|value| !value.is_null()).map(|value| (part.to_owned(), value.clone())),
            );
        }
        let case: TestCase = read_flow(&Value::Object(case), "").map_err(unreadable)?;
        let mut facts = case.read(flow.schema());
        let today = case.today.unwrap_or_else(|| ctx.house.calendar.date_at(ctx.now_ms));
        facts::look_up(&mut facts, flow, &ctx.house, today);
        return Ok(facts);
    };
    let case = read_order(ctx, number).await?;
    Ok(facts::as_received(&case, flow, &ctx.house))
}

/// Says where an order would go, real or thought out, if everybody approved. Nothing is written.
#[utoipa::path(post, path = "/flows/{key}/try", operation_id = "try_flow", tag = "flows",
    request_body = serde_json::Value,
    params(("key" = String, Path, description = "Key of the flow")),
    responses((status = 200, description = "The way, and why", body = TriedView),
        (status = 422, description = "The document cannot be run, or the order is not known")))]
pub async fn try_flow(ctx: Ctx, Path(key): Path<String>, raw: Raw) -> Result<Json<TriedView>, Problem> {
    let (text, body) = document(&ctx, &key, &raw).await?;
    let flow = Flow::compile(text.doc, &SCHEMA).map_err(refused)?;
    let facts = facts_of(&ctx, &body, &flow).await?;
    let (events, run) = trace(&flow, &facts);
    Ok(Json(TriedView {
        steps: steps_told(&events, &flow, &ctx.house),
        ways: ways_told(&flow, &facts, &events),
        outcome: run
            .outcome()
            .and_then(|outcome| Some(serde_json::to_value(outcome).ok()?.as_str()?.to_owned())),
        facts: flow
            .schema()
            .fields()
            .iter()
            .filter(|field| !field.line)
            .zip(&facts.fields)
            .map(|(field, value)| (field.name.clone(), value.to_string()))
            .collect(),
    }))
}
