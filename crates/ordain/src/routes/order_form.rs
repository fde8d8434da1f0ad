//! What orders are asked for beside their own fields.

use crate::server::body::{Raw, item};
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::write::{self, TaggedView, tagged};
use crate::wire::order_form::{ORDER_FORM, OrderFormBody, OrderFormView, json_schema, order_form};
use axum::Json;
use axum::response::Response;
use ordain_app::admin::{AdminCommand, FormFieldItem};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Items {
    #[serde(default)]
    items: Vec<FormFieldItem>,
}

/// Shows the order form: the fields that orders and lines have beside their own.
#[utoipa::path(get, path = "/order-form", operation_id = "read_order_form", tag = "orders",
    responses((status = 200, description = "The form", body = OrderFormView)))]
pub async fn read_order_form(ctx: Ctx) -> Result<Response, Problem> {
    let form = &ctx.house.form;
    Ok(tagged(form, &order_form(form)))
}

/// Shows the fields of the order form as JSON Schema, for programs that send orders.
#[utoipa::path(get, path = "/order-form/schema", operation_id = "read_order_form_schema", tag = "orders",
    responses((status = 200, description = "A JSON Schema (2020-12) of `extra` and `lines[].extra`", body = Value)))]
pub async fn read_order_form_schema(ctx: Ctx) -> Json<Value> {
    Json(json_schema(&ctx.house.form))
}

/// Replaces the order form. A field is asked of orders that are handed in from now on.
#[utoipa::path(put, path = "/order-form", operation_id = "put_order_form", tag = "orders",
    request_body = OrderFormBody,
    params(("If-Match" = String, Header, description = "The entity tag that was read")),
    responses((status = 200, description = "The tag it has now", body = TaggedView)))]
pub async fn put_order_form(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let expected = Some(ctx.required()?);
    let Items { items } = item(&raw, ORDER_FORM)?;
    write::document(&ctx, &raw, AdminCommand::PutOrderForm { items, expected }).await
}
