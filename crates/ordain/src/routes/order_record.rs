//! What was recorded of all orders: shipments, invoices, payments and complaints, the newest first.

use super::cursor;
use super::narrow::refuse_unseen;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::server::query::{BadValues, Query, some};
use crate::wire::Page;
use crate::wire::order_record::{ListedComplaint, ListedInvoice, ListedPayment, ListedShipment, Lists};
use axum::Json;
use jiff::civil::Date;
use ordain_app::query::sight::Sight;
use ordain_app::rights::Permission;
use ordain_store::{Id, OrderRecordRow, OrderTraits, RecordFilter, RecordKind, RecordPlace};
use serde::Deserialize;
use utoipa::IntoParams;

const INVOICE_STATES: &[&str] = &["requested", "issued", "corrected"];
const PAYMENT_STATES: &[&str] = &["received", "carried"];
const COMPLAINT_STATES: &[&str] = &["open", "answered", "closed"];

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecordQuery {
    /// A part of the order's number or of the record's own number or reference.
    pub q: Option<String>,
    /// Code of the customer.
    pub customer: Option<String>,
    /// The first day.
    #[param(format = Date)]
    pub from: Option<String>,
    /// The last day.
    #[param(format = Date)]
    pub to: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WarehouseQuery {
    /// Code of a warehouse that goods have left.
    pub warehouse: Option<String>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StateQuery {
    /// One of those that the list shows.
    pub state: Option<String>,
}

/// What a list is asked for beside what all are asked for.
#[derive(Default)]
struct Beside {
    warehouse: Option<String>,
    state: Option<String>,
    states: &'static [&'static str],
}

/// A page of records as it is read.
struct Found {
    rows: Vec<OrderRecordRow>,
    sight: Sight,
    next_cursor: Option<String>,
}

impl Found {
    fn page<T>(self, ctx: &Ctx, view: impl Fn(&Lists<'_>, OrderRecordRow) -> T) -> Json<Page<T>> {
        let lists = Lists { house: &ctx.house, sight: &self.sight };
        let items = self.rows.into_iter().map(|row| view(&lists, row)).collect();
        Json(Page { items, next_cursor: self.next_cursor })
    }
}

fn day(text: &str) -> Option<String> {
    Some(text.parse::<Date>().ok()?.to_string())
}

async fn find(
    ctx: &Ctx,
    (kind, right): (RecordKind, Permission),
    asked: RecordQuery,
    beside: Beside,
) -> Result<Found, Problem> {
    let mut bad = BadValues::default();
    let (limit, after) = cursor::page::<RecordPlace>(asked.limit, asked.cursor, &mut bad);
    let known = |code: &str| ctx.house.warehouses.iter().find(|known| *known == code).cloned();
    let state = |text: &str| beside.states.contains(&text).then(|| text.to_owned());
    let filter = RecordFilter {
        kind,
        q: some(asked.q),
        customer: some(asked.customer),
        state: bad.read("state", beside.state, state),
        warehouse: bad.read("warehouse", beside.warehouse, known),
        from: bad.read("from", asked.from, day),
        to: bad.read("to", asked.to, day),
        reach: ctx.reach(right),
    };
    bad.refuse()?;
    let sight = Sight::in_lists(&ctx.house, &ctx.caller);
    let (customer, warehouse) = (filter.customer.clone(), filter.warehouse.clone());
    refuse_unseen(&sight, &OrderTraits { customer, warehouse, ..OrderTraits::default() })?;
    let org = ctx.org();
    let rows = ctx.read(move |store| Ok(store.list_records(org, &filter, after, limit)?)).await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&row.place()));
    Ok(Found { rows, sight, next_cursor })
}

/// Lists what has left for orders.
#[utoipa::path(get, path = "/shipments", operation_id = "list_shipments", tag = "orders",
    params(RecordQuery, WarehouseQuery),
    responses((status = 200, description = "A page of shipments", body = Page<ListedShipment>)))]
pub async fn list_shipments(
    ctx: Ctx,
    Query(asked): Query<RecordQuery>,
    Query(of): Query<WarehouseQuery>,
) -> Result<Json<Page<ListedShipment>>, Problem> {
    let beside = Beside { warehouse: of.warehouse, ..Beside::default() };
    let found = find(&ctx, (RecordKind::Shipment, Permission::ReadOrders), asked, beside).await?;
    let seen = found.sight.held().is_none();
    let of: Vec<(Id, String)> =
        found.rows.iter().map(|row| (row.order_id, row.reference.clone().unwrap_or_default())).collect();
    let org = ctx.org();
    let from = ctx
        .read(move |store| {
            let of = of.iter().filter(|_| seen);
            Ok(of.map(|(order, of)| store.shipped_from(org, *order, of)).collect::<Result<Vec<_>, _>>()?)
        })
        .await?;
    let lists = Lists { house: &ctx.house, sight: &found.sight };
    let from = from.into_iter().chain(std::iter::repeat_with(Vec::new));
    let items = found.rows.into_iter().zip(from).map(|(row, from)| lists.shipment(row, from)).collect();
    Ok(Json(Page { items, next_cursor: found.next_cursor }))
}

/// Lists invoices that were asked for or issued.
#[utoipa::path(get, path = "/invoices", operation_id = "list_invoices", tag = "orders",
    params(RecordQuery, StateQuery),
    responses((status = 200, description = "A page of invoices", body = Page<ListedInvoice>)))]
pub async fn list_invoices(
    ctx: Ctx,
    Query(asked): Query<RecordQuery>,
    Query(of): Query<StateQuery>,
) -> Result<Json<Page<ListedInvoice>>, Problem> {
    let beside = Beside { state: of.state, states: INVOICE_STATES, ..Beside::default() };
    let found = find(&ctx, (RecordKind::Invoice, Permission::ReadReceivables), asked, beside).await?;
    Ok(found.page(&ctx, |lists, row| lists.invoice(row)))
}

/// Lists money that came in, by the day on which it did.
#[utoipa::path(get, path = "/payments", operation_id = "list_payments", tag = "orders",
    params(RecordQuery, StateQuery),
    responses((status = 200, description = "A page of payments", body = Page<ListedPayment>)))]
pub async fn list_payments(
    ctx: Ctx,
    Query(asked): Query<RecordQuery>,
    Query(of): Query<StateQuery>,
) -> Result<Json<Page<ListedPayment>>, Problem> {
    let beside = Beside { state: of.state, states: PAYMENT_STATES, ..Beside::default() };
    let found = find(&ctx, (RecordKind::Payment, Permission::ReadReceivables), asked, beside).await?;
    Ok(found.page(&ctx, |lists, row| lists.payment(row)))
}

/// Lists what customers have complained of.
#[utoipa::path(get, path = "/complaints", operation_id = "list_complaints", tag = "orders",
    params(RecordQuery, StateQuery),
    responses((status = 200, description = "A page of complaints", body = Page<ListedComplaint>)))]
pub async fn list_complaints(
    ctx: Ctx,
    Query(asked): Query<RecordQuery>,
    Query(of): Query<StateQuery>,
) -> Result<Json<Page<ListedComplaint>>, Problem> {
    let beside = Beside { state: of.state, states: COMPLAINT_STATES, ..Beside::default() };
    let found = find(&ctx, (RecordKind::Complaint, Permission::ReadOrders), asked, beside).await?;
    Ok(found.page(&ctx, |lists, row| lists.complaint(row)))
}
