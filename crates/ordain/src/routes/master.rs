//! Master data and people as they are looked up.

use super::cursor;
use super::task::case_of;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::wire::Page;
use crate::wire::master::{
    ColleagueView, CustomerView, DepartmentView, PriceView, ProductView, UserView, colleagues, customer,
    departments, price, product, user,
};
use axum::Json;
use ordain_app::case::range::may_choose;
use ordain_app::rights::Permission;
use ordain_flow::doc::{CHOOSING, TaskAction};
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
    pub(super) fn text(&self) -> String {
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

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ColleagueQuery {
    /// Id of one's own task: only those who may be chosen for it.
    pub task: Option<String>,
    /// What they are chosen for: `transfer`, `delegate` or `add_signer`.
    pub act: Option<String>,
}

/// Lists the active people by name, with whether they are on leave: whom work can be given to.
#[utoipa::path(get, path = "/colleagues", operation_id = "list_colleagues", tag = "people", params(ColleagueQuery),
    responses((status = 200, description = "All active people", body = Page<ColleagueView>)))]
pub async fn list_colleagues(
    ctx: Ctx,
    Query(asked): Query<ColleagueQuery>,
) -> Result<Json<Page<ColleagueView>>, Problem> {
    let (house, actor) = (&ctx.house, ctx.caller.user());
    let items = match asked.task.filter(|task| !task.is_empty()) {
        None => colleagues(house, ctx.now_ms, |_| true),
        Some(task) => {
            let name = asked.act.unwrap_or_else(|| TaskAction::Transfer.name().to_owned());
            let act = CHOOSING.into_iter().find(|act| act.name() == name);
            let act = act.ok_or_else(|| Problem::bad_query("act", &name))?;
            let (id, case) = case_of(&ctx, &task).await?;
            let (_, task) = case.task(id).ok_or_else(Problem::not_found)?;
            colleagues(house, ctx.now_ms, |user| may_choose((&case, house, task), act, actor, user))
        }
    };
    Ok(Json(Page { items, next_cursor: None }))
}
