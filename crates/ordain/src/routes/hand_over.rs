//! How work went from hand to hand: figures of departments, and the hand-overs behind each of them.

use super::cursor;
use super::report::{Period, PeriodQuery, TraitsQuery, csv_file, every_page, plain};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::wire::Page;
use crate::wire::report::{HandOverView, HandOversView, hand_over, handed, node_name};
use crate::words::{Lang, word};
use axum::Json;
use axum::response::Response;
use ordain_app::figures::handed as of_departments;
use ordain_store::{HandOverFactRow, HandOverSet, Id, Store};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HandOverQuery {
    pub from: Option<String>,
    pub to: Option<String>,
    /// `sent`, `received`, `waiting` or `escalated`.
    pub set: String,
    /// Of this department, of none if it is empty; of all if nothing is said.
    pub department: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

fn set(asked: &HandOverQuery) -> Result<HandOverSet, Problem> {
    let found = HandOverSet::ALL.into_iter().find(|set| set.name() == asked.set);
    found.ok_or_else(|| Problem::bad_query("set", &asked.set))
}

/// Shows how long work that was handed over in a period lay before it was opened and taken on.
#[utoipa::path(get, path = "/reports/hand-overs", operation_id = "read_hand_overs", tag = "reports", params(PeriodQuery, TraitsQuery),
    responses((status = 200, description = "Departments", body = HandOversView)))]
pub async fn read_hand_overs(
    ctx: Ctx,
    Query(asked): Query<PeriodQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Json<HandOversView>, Problem> {
    let period = Period::asked(&ctx, asked.from.as_deref(), asked.to.as_deref())?;
    let (org, instants, of) = (ctx.org(), period.instants(&ctx.house), of.traits());
    let rows = ctx.read(move |store| Ok(store.hand_overs(org, &of, instants)?)).await?;
    let departments = of_departments(&rows, &ctx.house).into_iter().map(handed).collect();
    Ok(Json(HandOversView { from: period.0.to_string(), to: period.1.to_string(), departments }))
}

/// Lists the hand-overs that a figure counts.
#[utoipa::path(get, path = "/reports/hand-over-list", operation_id = "list_hand_overs", tag = "reports", params(HandOverQuery, TraitsQuery),
    responses((status = 200, description = "A page of hand-overs", body = Page<HandOverView>)))]
pub async fn list_hand_overs(
    ctx: Ctx,
    Query(asked): Query<HandOverQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Json<Page<HandOverView>>, Problem> {
    let period = Period::asked(&ctx, asked.from.as_deref(), asked.to.as_deref())?;
    let (set, limit) = (set(&asked)?, cursor::limit(asked.limit.as_deref())?);
    let after: Option<(i64, Id, i64)> = cursor::read(asked.cursor.as_deref())?;
    let (org, instants, of) = (ctx.org(), period.instants(&ctx.house), of.traits());
    let department = asked.department;
    let rows = ctx
        .read(move |store| {
            Ok(store.hand_over_page(org, (set, &of, department.as_deref()), instants, after, limit)?)
        })
        .await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&(row.sent_at_ms, row.task_id, row.n)));
    let items = rows.into_iter().map(|row| view(row, &ctx)).collect();
    Ok(Json(Page { items, next_cursor }))
}

fn view(row: HandOverFactRow, ctx: &Ctx) -> HandOverView {
    let name = node_name(&ctx.house, None, &row.node);
    hand_over(row, name, &ctx.house)
}

/// The same hand-overs as a file of comma-separated values, all of them.
#[utoipa::path(get, path = "/reports/hand-over-list.csv", operation_id = "export_hand_overs", tag = "reports", params(HandOverQuery, TraitsQuery),
    responses((status = 200, description = "A row for each hand-over", content_type = "text/csv", body = String)))]
pub async fn export_hand_overs(
    ctx: Ctx,
    Query(asked): Query<HandOverQuery>,
    Query(of): Query<TraitsQuery>,
) -> Result<Response, Problem> {
    let period = Period::asked(&ctx, asked.from.as_deref(), asked.to.as_deref())?;
    let (set, org, instants) = (set(&asked)?, ctx.org(), period.instants(&ctx.house));
    let (department, of) = (asked.department, of.traits());
    let page = move |store: &Store, last: Option<&HandOverFactRow>, limit| {
        let after = last.map(|row| (row.sent_at_ms, row.task_id, row.n));
        store.hand_over_page(org, (set, &of, department.as_deref()), instants, after, limit)
    };
    let rows = ctx.read(move |store| Ok(every_page(|last, limit| page(store, last, limit))?)).await?;
    let name = format!("hand-overs-{}-{}-{}.csv", set.name(), period.0, period.1);
    csv_file(&ctx, &name, |writer, lang| table(writer, lang, rows.into_iter().map(|row| view(row, &ctx))))
}

const COLUMNS: [&str; 7] = ["number", "node", "department", "why", "sent_at", "received_at", "taken_at"];

fn table(
    writer: &mut csv::Writer<Vec<u8>>,
    lang: Lang,
    rows: impl Iterator<Item = HandOverView>,
) -> Result<(), csv::Error> {
    writer.write_record(COLUMNS.map(|name| word(&format!("passage.{name}")).of(lang).to_owned()))?;
    for row in rows {
        writer.write_record([
            plain(&row.number),
            plain(row.node_name.of(lang)),
            row.department.unwrap_or_default(),
            row.why.unwrap_or_default(),
            row.sent_at,
            row.received_at.unwrap_or_default(),
            row.taken_at.unwrap_or_default(),
        ])?;
    }
    Ok(())
}
