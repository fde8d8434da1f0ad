//! What is recorded of an order after its confirmation, and what customers owe.

use super::cursor;
use super::order_act::order_id;
use crate::server::body::{Raw, shaped};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::server::write;
use crate::wire::Page;
use crate::wire::order::OrderView;
use crate::wire::reader::{Kind, Shape, date, decimal, integer, items, text};
use axum::Json;
use axum::response::Response;
use ordain_app::admin::recheck_credit;
use ordain_app::case::decide::{Fulfil, OrderCommand, ShipLine};
use ordain_app::rights::Permission;
use ordain_domain::decimal::{Currency, money_text};
use ordain_store::{Id, ReceivableFilter, ReceivableRow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const SHIP_LINE: Shape = &[("line", Kind::Integer), ("quantity", Kind::Decimal), ("warehouse", Kind::Text)];
const SHIPMENT: Shape = &[
    ("revision", Kind::Integer),
    ("lines", Kind::List(&Kind::Object(SHIP_LINE))),
    ("carrier", Kind::Text),
    ("note", Kind::Words),
];
const PAYMENT: Shape =
    &[("reference", Kind::Text), ("amount", Kind::Decimal), ("date", Kind::Date), ("method", Kind::Text)];
const REVERSAL: Shape = &[
    ("reference", Kind::Text),
    ("amount", Kind::Decimal),
    ("kind", Kind::Text),
    ("reason", Kind::Text),
    ("date", Kind::Date),
];
const INVOICE: Shape = &[("number", Kind::Text), ("amount", Kind::Decimal)];
const CORRECTION: Shape =
    &[("kind", Kind::Text), ("amount", Kind::Decimal), ("number", Kind::Text), ("reason", Kind::Text)];
const COMPLAINT: Shape = &[("kind", Kind::Text), ("text", Kind::Words), ("from", Kind::Text)];
const ANSWER: Shape = &[("answer", Kind::Words)];
const OUTCOME: Shape = &[("outcome", Kind::Text)];

#[derive(Debug, Deserialize, ToSchema)]
pub struct ShipmentBody {
    /// The revision whose goods leave: only the one confirmed last can be shipped.
    pub revision: u32,
    pub lines: Vec<ShipLineBody>,
    pub carrier: Option<String>,
    pub note: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ShipLineBody {
    /// Id of the order's line.
    pub line: String,
    /// A decimal number as text, at most what was promised and has not left.
    pub quantity: String,
    /// Without one, from wherever the line's goods are held.
    pub warehouse: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PaymentBody {
    /// The bank's or the customer's: no two payments have the same.
    pub reference: String,
    /// In the order's currency, a decimal number as text.
    pub amount: String,
    /// The day on which it came in; without it today.
    #[schema(format = Date)]
    pub date: Option<String>,
    /// `bank_transfer` (without it), `acceptance_bill`, `letter_of_credit`, `cheque`, `cash`, `card`, `alipay` or
    /// `wechat_pay`.
    pub method: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ReversalBody {
    /// Of the payment.
    pub reference: String,
    /// At most what is left of the payment; without it all of that.
    pub amount: Option<String>,
    /// `refunded`: the customer has it back. `entered_wrong`: it never came in for this order; where nothing is left of the
    /// payment, its reference can be recorded anew, for another order, too.
    pub kind: String,
    pub reason: String,
    /// The day on which it was paid back or found to be wrong; without it today.
    #[schema(format = Date)]
    pub date: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct InvoiceRecordBody {
    /// With a number the invoice is issued: the one asked for with the same amount, if there is one.
    pub number: Option<String>,
    /// With tax; without it all that is not invoiced yet.
    pub amount: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct InvoiceCorrectionBody {
    /// `withdrawn`: it was asked for and is not issued any more. `void`: all of an issued one, as if it had not been.
    /// `red_letter`: an issued one is taken back by an invoice with a minus, all of it or a part.
    pub kind: String,
    /// At most what is left of the invoice; without it all of that. Only a red-letter invoice takes back a part.
    pub amount: Option<String>,
    /// Of the red-letter invoice: no two invoices have the same.
    pub number: Option<String>,
    pub reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ComplaintBody {
    /// `late_delivery`, `wrong_goods`, `short_delivery`, `quality`, `damage`, `invoice` or `other`.
    pub kind: String,
    pub text: String,
    /// Who at the customer complains.
    pub from: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ComplaintAnswerBody {
    pub answer: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ComplaintOutcomeBody {
    pub outcome: String,
}

async fn fulfil(ctx: &Ctx, raw: &Raw, id: &str, act: Fulfil, status: u16) -> Result<Response, Problem> {
    write::order(ctx, raw, Some(order_id(id)?), OrderCommand::Fulfil(Box::new(act)), status).await
}

fn number(id: &str) -> Result<u32, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

/// Records goods of a confirmed order that leave, all or in part; what is on hand and what the order holds shrink with it.
#[utoipa::path(post, path = "/orders/{id}/shipments", operation_id = "ship_order", tag = "orders",
    request_body = ShipmentBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 201, description = "The order", body = OrderView)))]
pub async fn ship_order(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, SHIPMENT)?;
    let small = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
    let line = |line: &Value| ShipLine {
        line: small(integer(line, "line")),
        quantity: decimal(line, "quantity"),
        warehouse: text(line, "warehouse"),
    };
    let act = Fulfil::Ship {
        revision: small(integer(&value, "revision")).unwrap_or(0),
        lines: items(&value, "lines").iter().map(line).collect(),
        carrier: text(&value, "carrier"),
        note: text(&value, "note"),
    };
    fulfil(&ctx, &raw, &id, act, 201).await
}

/// Takes money out of the books again: a record of its own beside the payment. What the customer owes grows by it.
#[utoipa::path(post, path = "/orders/{id}/payment-reversals", operation_id = "reverse_payment", tag = "orders",
    request_body = ReversalBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 201, description = "The order", body = OrderView)))]
pub async fn reverse_payment(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, REVERSAL)?;
    let said = |name: &str| text(&value, name).unwrap_or_default();
    let act = Fulfil::ReversePayment {
        reference: said("reference"),
        amount: decimal(&value, "amount"),
        kind: said("kind"),
        reason: said("reason"),
        on: date(&value, "date"),
    };
    fulfil(&ctx, &raw, &id, act, 201).await
}

/// Records money that came in for an order. A reference that was recorded before is refused with the order it was for.
#[utoipa::path(post, path = "/orders/{id}/payments", operation_id = "record_payment", tag = "orders",
    request_body = PaymentBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 201, description = "The order", body = OrderView)))]
pub async fn record_payment(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, PAYMENT)?;
    let act = Fulfil::Pay {
        reference: text(&value, "reference").unwrap_or_default(),
        amount: decimal(&value, "amount"),
        on: date(&value, "date"),
        method: text(&value, "method"),
    };
    let response = fulfil(&ctx, &raw, &id, act, 201).await?;
    // What was paid may let other orders of the customer go.
    let org = ctx.org();
    let paid = order_id(&id)?;
    let customer = ctx
        .read(move |store| Ok(store.order_by_id(org, paid.into_bytes())?.and_then(|row| row.customer)))
        .await?;
    if let Some(customer) = customer {
        recheck_credit(&ctx.server.app, org, &customer).await?;
    }
    Ok(response)
}

/// Asks for an invoice, or records one that was issued. All invoices together are never more than the order.
#[utoipa::path(post, path = "/orders/{id}/invoices", operation_id = "record_invoice", tag = "orders",
    request_body = InvoiceRecordBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 201, description = "The order", body = OrderView)))]
pub async fn record_invoice(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, INVOICE)?;
    let act = Fulfil::Invoice { number: text(&value, "number"), amount: decimal(&value, "amount") };
    fulfil(&ctx, &raw, &id, act, 201).await
}

/// Takes an invoice back: a record of its own beside it. What is taken back can be billed anew.
#[utoipa::path(post, path = "/orders/{id}/invoices/{iid}/corrections", operation_id = "correct_invoice", tag = "orders",
    request_body = InvoiceCorrectionBody, params(("id" = String, Path, description = "Id of the order"),
        ("iid" = String, Path, description = "Number of the invoice within the order")),
    responses((status = 201, description = "The order", body = OrderView)))]
pub async fn correct_invoice(
    ctx: Ctx,
    Path((id, invoice)): Path<(String, String)>,
    raw: Raw,
) -> Result<Response, Problem> {
    let value = shaped(&raw, CORRECTION)?;
    let act = Fulfil::CorrectInvoice {
        id: number(&invoice)?,
        kind: text(&value, "kind").unwrap_or_default(),
        amount: decimal(&value, "amount"),
        number: text(&value, "number"),
        reason: text(&value, "reason").unwrap_or_default(),
    };
    fulfil(&ctx, &raw, &id, act, 201).await
}

/// Records a complaint of the customer.
#[utoipa::path(post, path = "/orders/{id}/complaints", operation_id = "record_complaint", tag = "orders",
    request_body = ComplaintBody, params(("id" = String, Path, description = "Id of the order")),
    responses((status = 201, description = "The order", body = OrderView)))]
pub async fn record_complaint(ctx: Ctx, Path(id): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, COMPLAINT)?;
    let act = Fulfil::Complain {
        kind: text(&value, "kind").unwrap_or_default(),
        text: text(&value, "text").unwrap_or_default(),
        from: text(&value, "from"),
    };
    fulfil(&ctx, &raw, &id, act, 201).await
}

/// Records what the customer was told about a complaint.
#[utoipa::path(post, path = "/orders/{id}/complaints/{qid}/answer", operation_id = "answer_complaint", tag = "orders",
    request_body = ComplaintAnswerBody, params(("id" = String, Path, description = "Id of the order"),
        ("qid" = String, Path, description = "Number of the complaint")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn answer_complaint(
    ctx: Ctx,
    Path((id, complaint)): Path<(String, String)>,
    raw: Raw,
) -> Result<Response, Problem> {
    let answer = text(&shaped(&raw, ANSWER)?, "answer").unwrap_or_default();
    fulfil(&ctx, &raw, &id, Fulfil::AnswerComplaint { id: number(&complaint)?, answer }, 200).await
}

/// Closes a complaint, with what became of it.
#[utoipa::path(post, path = "/orders/{id}/complaints/{qid}/close", operation_id = "close_complaint", tag = "orders",
    request_body = ComplaintOutcomeBody, params(("id" = String, Path, description = "Id of the order"),
        ("qid" = String, Path, description = "Number of the complaint")),
    responses((status = 200, description = "The order", body = OrderView)))]
pub async fn close_complaint(
    ctx: Ctx,
    Path((id, complaint)): Path<(String, String)>,
    raw: Raw,
) -> Result<Response, Problem> {
    let outcome = text(&shaped(&raw, OUTCOME)?, "outcome").unwrap_or_default();
    fulfil(&ctx, &raw, &id, Fulfil::CloseComplaint { id: number(&complaint)?, outcome }, 200).await
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReceivableQuery {
    pub customer: Option<String>,
    /// `true`: only what should be there already.
    pub overdue: Option<String>,
    pub limit: Option<String>,
    pub cursor: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Receivable)]
pub struct ReceivableView {
    pub order: String,
    pub number: String,
    pub customer: String,
    pub currency: String,
    pub amount: String,
    #[schema(format = Date)]
    pub due_on: String,
    pub overdue: bool,
}

/// Lists what customers owe and have not paid, the oldest first.
#[utoipa::path(get, path = "/receivables", operation_id = "list_receivables", tag = "orders",
    params(ReceivableQuery), responses((status = 200, description = "A page of receivables", body = Page<ReceivableView>)))]
pub async fn list_receivables(
    ctx: Ctx,
    Query(asked): Query<ReceivableQuery>,
) -> Result<Json<Page<ReceivableView>>, Problem> {
    let limit = cursor::limit(asked.limit.as_deref())?;
    let after: Option<(String, Id)> = cursor::read(asked.cursor.as_deref())?;
    let (org, today) = (ctx.org(), ctx.house.calendar.date_at(ctx.now_ms).to_string());
    let before = match asked.overdue.as_deref() {
        None | Some("" | "false") => None,
        Some("true") => Some(today.clone()),
        Some(other) => return Err(Problem::bad_query("overdue", other)),
    };
    let reach = ctx.reach(Permission::ReadReceivables);
    let customer = asked.customer.filter(|code| !code.is_empty());
    let filter = ReceivableFilter { customer, before, reach };
    let rows = ctx
        .read(move |store| {
            let after = after.as_ref().map(|(day, order)| (day.as_str(), *order));
            Ok(store.list_receivables(org, &filter, after, limit)?)
        })
        .await?;
    let next_cursor = cursor::next(&rows, limit, |row| cursor::write(&(&row.due_on, row.order_id)));
    let view = |row: ReceivableRow| ReceivableView {
        order: Uuid::from_bytes(row.order_id).to_string(),
        number: row.number,
        customer: row.customer,
        amount: money_text(row.minor, Currency::parse(&row.currency).unwrap_or(ctx.house.rules.currency)),
        currency: row.currency,
        overdue: row.due_on < today,
        due_on: row.due_on,
    };
    Ok(Json(Page { items: rows.into_iter().map(view).collect(), next_cursor }))
}
