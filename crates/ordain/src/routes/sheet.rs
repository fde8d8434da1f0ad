//! Sheets of paper, to be printed before or while the system is away.

use super::flow::InLanguage;
use crate::paper::Printer;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::Query;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use ordain_app::query::order::under_way;
use ordain_app::rights::Permission;
use ordain_connect::template::TemplateError;
use ordain_store::Store;
use std::ops::ControlFlow;

/// Orders on one sheet; all of them are printed from the command line.
const ORDERS_MAX: usize = 500;

impl From<TemplateError> for Problem {
    fn from(error: TemplateError) -> Self {
        Problem::bug(&error.to_string())
    }
}

fn page(html: String) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

/// Does the work with a printer for whoever asks.
async fn printed(
    ctx: Ctx,
    language: InLanguage,
    work: impl FnOnce(&Store, &Printer<'_>) -> Result<String, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let (org, house, caller, now_ms) = (ctx.org(), ctx.house.clone(), ctx.caller.clone(), ctx.now_ms);
    let html = ctx
        .read(move |store| {
            let company = store.orgs()?.into_iter().find(|row| row.org == org).map(|row| row.name);
            let company = company.unwrap_or_default();
            let lang = language.lang();
            work(store, &Printer { house: &house, caller: &caller, company: &company, lang, now_ms })
        })
        .await?;
    Ok(page(html))
}

/// Prints the orders under way, each with what it waits for and room to write on.
#[utoipa::path(get, path = "/sheets/open-orders", operation_id = "print_open_orders", tag = "orders", params(InLanguage),
    responses((status = 200, description = "A page to print", body = String, content_type = "text/html")))]
pub async fn print_open_orders(ctx: Ctx, Query(language): Query<InLanguage>) -> Result<Response, Problem> {
    let (org, reach) = (ctx.org(), ctx.reach(Permission::ReadOrders));
    printed(ctx, language, move |store, printer| {
        let (mut html, mut orders, mut more) = (printer.begin_open_orders()?, 0, false);
        under_way(store, org, reach.as_ref(), |case| -> Result<_, Problem> {
            if orders == ORDERS_MAX {
                more = true;
                return Ok(ControlFlow::Break(()));
            }
            orders += 1;
            html.push_str(&printer.open_order(case)?);
            Ok(ControlFlow::Continue(()))
        })?;
        html.push_str(&printer.end_open_orders(orders, more)?);
        Ok(html)
    })
    .await
}

/// Prints a blank order, to take one on paper.
#[utoipa::path(get, path = "/sheets/blank-order", operation_id = "print_blank_order", tag = "orders", params(InLanguage),
    responses((status = 200, description = "A page to print", body = String, content_type = "text/html")))]
pub async fn print_blank_order(ctx: Ctx, Query(language): Query<InLanguage>) -> Result<Response, Problem> {
    printed(ctx, language, |_, printer| Ok(printer.blank_orders(1)?)).await
}
