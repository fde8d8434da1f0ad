//! The log, searched and verified.

use super::cursor;
use crate::server::body::{Raw, shaped};
use crate::server::context::Ctx;
use crate::server::download::download;
use crate::server::problem::Problem;
use crate::server::query::{Query, listed, some};
use crate::server::write;
use crate::wire::Page;
use crate::wire::audit::{AuditReportView, AuditRowView, damage, row};
use crate::wire::body::NOTHING;
use axum::Json;
use axum::response::Response;
use jiff::Timestamp;
use ordain_app::admin::AdminCommand;
use ordain_app::audit::{verify, write_evidence};
use ordain_app::query;
use ordain_store::AuditFilter;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Id or number of an order.
    pub order: Option<String>,
    /// A part of the actor's name or id.
    pub actor: Option<String>,
    /// The name of a command, such as `decide_task`.
    pub action: Option<String>,
    /// Names of commands whose entries are left out, with commas, such as `record_delivery`: messages leave more often
    /// than anything else happens.
    pub without: Option<String>,
    /// From this instant on.
    pub from: Option<String>,
    /// Before this instant.
    pub to: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

fn instant(name: &'static str, text: Option<&str>) -> Result<Option<i64>, Problem> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let at: Timestamp = text.parse().map_err(|_| Problem::bad_query(name, text))?;
    Ok(Some(at.as_millisecond()))
}

/// Searches the log, the latest first.
#[utoipa::path(get, path = "/audit", operation_id = "search_audit", tag = "audit", params(AuditQuery),
    responses((status = 200, description = "A page of log entries", body = Page<AuditRowView>)))]
pub async fn search_audit(
    ctx: Ctx,
    Query(asked): Query<AuditQuery>,
) -> Result<Json<Page<AuditRowView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let before: Option<(i64, i64)> = cursor::read(asked.cursor.as_deref())?;
    let mut filter = AuditFilter {
        order_id: None,
        actor: some(asked.actor),
        command: some(asked.action),
        commands_left_out: listed(asked.without.as_deref()),
        from_ms: instant("from", asked.from.as_deref())?,
        to_ms: instant("to", asked.to.as_deref())?,
    };
    let (org, order) = (ctx.org(), some(asked.order));
    let rows = ctx
        .read(move |store| {
            if let Some(order) = order {
                filter.order_id = Some(query::order::named(store, org, &order)?.order.id.into_bytes());
            }
            Ok(store.search_log(org, &filter, before, limit)?)
        })
        .await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&(row.at_ms, row.seq)));
    let items = rows.into_iter().map(|found| row(found, &ctx.house)).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// Verifies the whole log: hashes, seals, and every order's state against its entries.
#[utoipa::path(post, path = "/audit/verify", operation_id = "verify_audit", tag = "audit",
    request_body = crate::wire::body::EmptyBody,
    responses((status = 200, description = "The result", body = AuditReportView)))]
pub async fn verify_audit(ctx: Ctx, raw: Raw) -> Result<Json<AuditReportView>, Problem> {
    shaped(&raw, NOTHING)?;
    let org = ctx.org();
    let (report, around) = ctx
        .read(move |store| {
            let report = verify(store, org, false, None, &mut |_| {})?;
            let around = match &report.first_problem {
                Some(problem) => store.log_range(org, problem.seq.saturating_sub(2), 3)?,
                None => Vec::new(),
            };
            Ok((report, around))
        })
        .await?;
    let problem = report.first_problem.map(|problem| damage(problem, around, &ctx.house));
    Ok(Json(AuditReportView {
        ok: problem.is_none(),
        entries: report.entries,
        sealed: report.sealed,
        unsealed: report.unsealed,
        first_problem: problem,
    }))
}

/// Takes the log out as a file that proves itself (`ordain audit verify --evidence FILE`); that it was taken stands in it.
#[utoipa::path(post, path = "/audit/evidence", operation_id = "take_evidence", tag = "audit",
    request_body = crate::wire::body::EmptyBody,
    responses((status = 200, description = "The file, JSON lines under gzip", content_type = "application/gzip", body = String)))]
pub async fn take_evidence(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    shaped(&raw, NOTHING)?;
    write::admin(&ctx, &raw, AdminCommand::TakeEvidence, 200, |_| String::new()).await?;
    let (store, org, now_ms) = (ctx.server.app.store.clone(), ctx.org(), ctx.now_ms);
    let name = format!("evidence-{}.jsonl.gz", ctx.house.calendar.date_at(now_ms));
    Ok(download("application/gzip", &name, move |out| write_evidence(&store, org, now_ms, out)))
}
