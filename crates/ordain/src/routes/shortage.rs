//! The queue of purchasing and production: goods that orders are short of, as tasks with owner and deadline. Whoever
//! orders or plans what is asked for has done the task.

use super::cursor;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::wire::Page;
use crate::wire::person::{AssigneeView, assignee};
use axum::Json;
use ordain_app::gate::SHORTAGE_DEPARTMENT;
use ordain_app::query::shortage::{self, Place, Request};
use ordain_app::rights::Permission;
use ordain_domain::decimal::qty_text;
use ordain_flow::doc::Party;
use ordain_store::{Id, OrderRow, ProductRow};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ShortageQuery {
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

/// Goods that an order is short of, as a task of purchasing or production.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ShortageTask)]
pub struct ShortageTaskView {
    /// `purchase` or `work`.
    pub kind: &'static str,
    /// Of the purchase or work order that answers it.
    pub number: String,
    pub line: Option<i64>,
    pub product: String,
    pub product_name: Option<String>,
    pub unit: Option<String>,
    pub quantity: String,
    pub warehouse: Option<String>,
    pub work_centre: Option<String>,
    /// The day on which the goods are needed.
    pub need_date: Option<String>,
    /// The order that is short; none where somebody asked without one.
    pub order_id: Option<String>,
    pub order_number: Option<String>,
    pub order_line: Option<String>,
    /// Exactly one party at any time.
    pub owner: AssigneeView,
    /// Until when it is to be answered.
    pub answer_by: Option<String>,
    pub overdue: bool,
}

/// Lists the open shortages by deadline.
#[utoipa::path(get, path = "/tasks/shortages", operation_id = "list_shortages", tag = "tasks", params(ShortageQuery),
    responses((status = 200, description = "A page of shortages", body = Page<ShortageTaskView>)))]
pub async fn list_shortages(
    ctx: Ctx,
    Query(asked): Query<ShortageQuery>,
) -> Result<Json<Page<ShortageTaskView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: Place = cursor::read(asked.cursor.as_deref())?.unwrap_or_default();
    let (org, orders_too) = (ctx.org(), ctx.caller.may(Permission::ReadOrders));
    let reach = ctx.reach(Permission::ReadOrders);
    let (requests, known) = ctx
        .read(move |store| {
            let requests = shortage::open(store, org, &after, limit)?;
            let mut known = Known::default();
            for request in &requests {
                let product = product_of(request);
                if !known.products.contains_key(product) {
                    known.products.insert(product.to_owned(), store.product(org, product)?);
                }
                if let Some(id) = request.order_id().filter(|id| orders_too && !known.orders.contains_key(id))
                {
                    known.orders.insert(id, store.order_by_id(org, id)?);
                }
            }
            if let Some(reach) = &reach {
                let ids: Vec<Id> = known.orders.keys().copied().collect();
                let reached = store.orders_within(org, &ids, reach)?;
                known.orders.retain(|id, _| reached.contains(id));
            }
            Ok((requests, known))
        })
        .await?;
    let next_cursor = cursor::next(&requests, limit, |request| cursor::write(&request.place()));
    let items = requests.into_iter().map(|request| view(&ctx, request, &known)).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// What the requests of a page are about.
#[derive(Default)]
struct Known {
    products: BTreeMap<String, Option<ProductRow>>,
    orders: BTreeMap<Id, Option<OrderRow>>,
}

fn product_of(request: &Request) -> &str {
    match request {
        Request::Purchase(row) => &row.product,
        Request::Work(row) => &row.product,
    }
}

fn view(ctx: &Ctx, request: Request, known: &Known) -> ShortageTaskView {
    let product = known.products.get(product_of(&request)).cloned().flatten();
    let (product_name, unit) = product.map(|row| (row.name, row.unit)).unzip();
    let order = request.order_id().and_then(|id| known.orders.get(&id)?.as_ref());
    let order_number = order.map(|order| order.number.clone());
    let text = |id: Id| Uuid::from_bytes(id).to_string();
    let shared = |owner: Option<Id>, answer_by_ms: Option<i64>| {
        let owner = owner.and_then(|id| ctx.house.people.users.get(&Uuid::from_bytes(id)));
        // What somebody has left behind is the department's again.
        let owner = owner.filter(|user| !user.disabled).map(|user| Party::User(user.login.clone()));
        let party = owner.unwrap_or_else(|| Party::Department(SHORTAGE_DEPARTMENT.to_owned()));
        let answer_by = answer_by_ms.map(|ms| ctx.house.calendar.text(ms));
        (assignee(&ctx.house.people, &party), answer_by, answer_by_ms.is_some_and(|ms| ms < ctx.now_ms))
    };
    match request {
        Request::Purchase(row) => {
            let (owner, answer_by, overdue) = shared(row.owner, row.answer_by_ms);
            ShortageTaskView {
                kind: "purchase",
                number: row.number,
                line: Some(row.line),
                product: row.product,
                product_name,
                unit,
                quantity: qty_text(row.qty_milli),
                warehouse: row.warehouse,
                work_centre: None,
                need_date: row.due_date,
                order_id: row.order_id.map(text),
                order_number,
                order_line: row.order_line.map(|line| line.to_string()),
                owner,
                answer_by,
                overdue,
            }
        }
        Request::Work(row) => {
            let (owner, answer_by, overdue) = shared(row.owner, row.answer_by_ms);
            ShortageTaskView {
                kind: "work",
                number: row.number,
                line: None,
                product: row.product,
                product_name,
                unit,
                quantity: qty_text(row.qty_milli),
                warehouse: row.warehouse,
                work_centre: row.work_centre,
                need_date: row.due_date,
                order_id: row.order_id.map(text),
                order_number,
                order_line: row.order_line.map(|line| line.to_string()),
                owner,
                answer_by,
                overdue,
            }
        }
    }
}
