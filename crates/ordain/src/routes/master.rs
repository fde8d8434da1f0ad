//! Master data, stock and people as they are looked up.

use super::cursor;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::wire::Page;
use crate::wire::line::BackingView;
use crate::wire::master::{
    AtpView, CustomerView, DepartmentView, PriceView, ProductView, StockView, UserView, customer,
    departments, free_milli, price, product, stock, user,
};
use axum::Json;
use axum::extract::Query;
use jiff::civil::Date;
use ordain_app::rights::Permission;
use ordain_domain::decimal::{DecimalText, QTY_MILLI_MAX, qty_text};
use ordain_domain::stock::Free;
use ordain_store::PricePlace;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FindQuery {
    /// A part of code or name.
    pub q: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

impl FindQuery {
    fn text(&self) -> String {
        self.q.as_deref().unwrap_or_default().trim().to_owned()
    }
}

/// Lists customers by code.
#[utoipa::path(get, path = "/customers", operation_id = "list_customers", tag = "master data",
    params(FindQuery), responses((status = 200, description = "A page of customers", body = Page<CustomerView>)))]
pub async fn list_customers(
    ctx: Ctx,
    Query(asked): Query<FindQuery>,
) -> Result<Json<Page<CustomerView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: String = cursor::read(asked.cursor.as_deref())?.unwrap_or_default();
    let org = ctx.org();
    let rows = ctx.read(move |store| Ok(store.list_customers(org, &asked.text(), &after, limit)?)).await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&row.code));
    let items = rows.into_iter().map(|row| customer(row, &ctx.house)).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// Lists products by code.
#[utoipa::path(get, path = "/products", operation_id = "list_products", tag = "master data",
    params(FindQuery), responses((status = 200, description = "A page of products", body = Page<ProductView>)))]
pub async fn list_products(
    ctx: Ctx,
    Query(asked): Query<FindQuery>,
) -> Result<Json<Page<ProductView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: String = cursor::read(asked.cursor.as_deref())?.unwrap_or_default();
    let org = ctx.org();
    let rows = ctx.read(move |store| Ok(store.list_products(org, &asked.text(), &after, limit)?)).await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&row.code));
    let costs = ctx.caller.may(Permission::ReadCosts);
    let items = rows.into_iter().map(|row| product(row, &ctx.house, costs)).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// Lists agreed prices.
#[utoipa::path(get, path = "/prices", operation_id = "list_prices", tag = "master data",
    params(FindQuery), responses((status = 200, description = "A page of prices", body = Page<PriceView>)))]
pub async fn list_prices(ctx: Ctx, Query(asked): Query<FindQuery>) -> Result<Json<Page<PriceView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: Option<PricePlace> = cursor::read(asked.cursor.as_deref())?;
    let org = ctx.org();
    let rows =
        ctx.read(move |store| Ok(store.list_prices(org, &asked.text(), after.as_ref(), limit)?)).await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&row.place()));
    Ok(Json(Page { items: rows.into_iter().map(price).collect(), next_cursor }))
}

/// Lists stock by product and warehouse.
#[utoipa::path(get, path = "/stock", operation_id = "list_stock", tag = "stock",
    params(FindQuery), responses((status = 200, description = "A page of stock", body = Page<StockView>)))]
pub async fn list_stock(ctx: Ctx, Query(asked): Query<FindQuery>) -> Result<Json<Page<StockView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: (String, String) = cursor::read(asked.cursor.as_deref())?.unwrap_or_default();
    let org = ctx.org();
    let rows =
        ctx.read(move |store| Ok(store.list_stock(org, &asked.text(), (&after.0, &after.1), limit)?)).await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&(&row.product, &row.warehouse)));
    let items = rows.into_iter().map(|row| stock(row, &ctx.house)).collect();
    Ok(Json(Page { items, next_cursor }))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AtpQuery {
    pub product: Option<String>,
    /// A decimal number.
    pub quantity: Option<String>,
    pub date: Option<String>,
}

/// Says whether a quantity can be promised, and holds nothing.
#[utoipa::path(get, path = "/atp", operation_id = "read_atp", tag = "stock", params(AtpQuery),
    responses((status = 200, description = "What can be promised", body = AtpView)))]
pub async fn read_atp(ctx: Ctx, Query(asked): Query<AtpQuery>) -> Result<Json<AtpView>, Problem> {
    let wanted = asked.quantity.clone().unwrap_or_else(|| "1".to_owned());
    let qty = DecimalText::try_from(wanted.clone()).ok().and_then(|text| text.scaled(3, QTY_MILLI_MAX).ok());
    let qty = qty.filter(|qty| *qty > 0).ok_or_else(|| Problem::bad_query("quantity", &wanted))?;
    let date = match asked.date.as_deref().filter(|date| !date.is_empty()) {
        None => None,
        Some(text) => Some(text.parse::<Date>().map_err(|_| Problem::bad_query("date", text))?),
    };
    let code = asked.product.unwrap_or_default();
    let (org, house) = (ctx.org(), ctx.house.clone());
    let view = ctx
        .read(move |store| {
            store.product(org, &code)?.ok_or_else(Problem::not_found)?;
            let mut free = Free::new(house.warehouses.clone());
            for row in store.stock_of_product(org, &code)? {
                free.add(&code, &row.warehouse, free_milli(&row));
            }
            let available = free.available_milli(&code, None);
            let (from, short) = match free.take(1, &code, None, qty) {
                Ok(taken) => (taken, 0),
                Err(available) => (Vec::new(), qty - available),
            };
            let part = |part: ordain_domain::stock::Allocation| BackingView {
                warehouse: part.warehouse,
                quantity: qty_text(part.qty_milli),
            };
            Ok(AtpView {
                product: code,
                quantity: qty_text(qty),
                date: date.map(|date| date.to_string()),
                state: if short == 0 { "backed" } else { "short" },
                available: qty_text(available),
                short: qty_text(short),
                from: from.into_iter().map(part).collect(),
            })
        })
        .await?;
    Ok(Json(view))
}

/// Lists the people of the company.
#[utoipa::path(get, path = "/users", operation_id = "list_users", tag = "people",
    responses((status = 200, description = "All users by login", body = Page<UserView>)))]
pub async fn list_users(ctx: Ctx) -> Result<Json<Page<UserView>>, Problem> {
    let mut items: Vec<UserView> = ctx.house.people.users.values().map(user).collect();
    items.sort_by(|a, b| a.login.cmp(&b.login));
    Ok(Json(Page { items, next_cursor: None }))
}

/// Lists the departments.
#[utoipa::path(get, path = "/departments", operation_id = "list_departments", tag = "people",
    responses((status = 200, description = "All departments", body = Page<DepartmentView>)))]
pub async fn list_departments(ctx: Ctx) -> Result<Json<Page<DepartmentView>>, Problem> {
    Ok(Json(Page { items: departments(&ctx.house), next_cursor: None }))
}
