//! What a customer may owe and owes.

use super::master_write::put_bulk;
use crate::server::body::{Raw, shaped};
use crate::server::context::Ctx;
use crate::server::path::Path;
use crate::server::problem::Problem;
use crate::server::query::Query;
use crate::wire::master::UpsertedView;
use crate::wire::reader::{Kind, Shape, text};
use axum::Json;
use axum::response::Response;
use ordain_app::admin::{AdminCommand, LimitGrant};
use ordain_app::data_scope;
use ordain_app::query::credit::{Credit, Group, Waiting, credit};
use ordain_app::rights::Permission;
use ordain_domain::credit::Owed;
use ordain_domain::decimal::{DecimalText, money_text};
use ordain_domain::rate::NoRate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Largest payment that is asked about, in minor units.
const MONEY_MAX: i64 = 1_000_000_000_000_000;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CreditQuery {
    /// Which orders would go if so much came in: a decimal number in the customer's currency.
    pub payment: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CustomerCredit)]
pub struct CustomerCreditView {
    pub currency: String,
    /// The limit of today; null if credit is not checked.
    pub limit: Option<String>,
    #[schema(format = Date)]
    pub limit_until: Option<String>,
    pub temporary_limit: Option<String>,
    #[schema(format = Date)]
    pub temporary_limit_until: Option<String>,
    /// The sum of the three stages.
    pub exposure: String,
    pub left: Option<String>,
    /// Ordered and not shipped.
    pub ordered: String,
    /// Shipped and not billed.
    pub shipped: String,
    /// Billed and not paid.
    pub billed: String,
    /// Of all stages, what should have been paid by now.
    pub overdue: String,
    /// The customers that owe together with this one.
    pub group: Option<GroupCreditView>,
    /// Orders over the limit, the oldest first.
    pub waiting: Vec<WaitingForCreditView>,
}

/// What a group of customers owes; amounts are in its own currency.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GroupCredit)]
pub struct GroupCreditView {
    pub code: String,
    pub name: String,
    pub currency: String,
    /// The limit of today.
    pub limit: String,
    /// Null where a rate is missing.
    pub exposure: Option<String>,
    pub left: Option<String>,
    /// The currency that has no rate.
    pub rate_missing: Option<String>,
    pub members: Vec<GroupMemberView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GroupMember)]
pub struct GroupMemberView {
    pub code: String,
    pub currency: String,
    /// In the member's own currency.
    pub exposure: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WaitingForCredit)]
pub struct WaitingForCreditView {
    pub order: String,
    pub number: String,
    /// Code of the customer, or of another member of its group.
    pub customer: String,
    /// In the order's own currency.
    pub amount: String,
    pub currency: String,
    /// In the currency of the customer: the payment that lets this order go, and those that wait before it; null
    /// where no payment of the customer would, because a rate is missing or another member is over its own limit.
    pub payment_needed: Option<String>,
    /// Whether it would go with the payment asked about.
    pub goes: bool,
}

/// Says what a customer owes by stage, and which waiting orders a payment would let go.
#[utoipa::path(get, path = "/customers/{code}/credit", operation_id = "read_credit", tag = "master data",
    params(("code" = String, Path, description = "Code of the customer"), CreditQuery),
    responses((status = 200, description = "The customer's credit", body = CustomerCreditView)))]
pub async fn read_credit(
    ctx: Ctx,
    Path(code): Path<String>,
    Query(asked): Query<CreditQuery>,
) -> Result<Json<CustomerCreditView>, Problem> {
    let (org, house, reach) = (ctx.org(), ctx.house.clone(), ctx.reach(Permission::ReadReceivables));
    let today = house.calendar.date_at(ctx.now_ms);
    let text = asked.payment.filter(|text| !text.is_empty()).unwrap_or_else(|| "0".to_owned());
    let bad = || Problem::bad_query("payment", &text);
    let payment = DecimalText::try_from(text.clone()).map_err(|_| bad())?;
    // Judged in the smallest unit that any currency has.
    payment.scaled(2, MONEY_MAX).ok().filter(|minor| *minor >= 0).ok_or_else(bad)?;
    let found = ctx
        .read(move |store| {
            let places = store
                .customer(org, &code)?
                .and_then(|row| ordain_domain::decimal::Currency::parse(&row.currency));
            let places = places.unwrap_or(house.rules.currency).exponent();
            let minor = payment.scaled(places, MONEY_MAX).unwrap_or(0);
            let mut found = credit(store, org, &house, &code, today, minor)?;
            data_scope::retain((store, org), reach.as_ref(), &mut found.waiting, |waiting| waiting.id)?;
            Ok(found)
        })
        .await?;
    Ok(Json(view(&found)))
}

const GRANT: Shape = &[("limit", Kind::Decimal), ("until", Kind::Date), ("reason", Kind::Text)];

/// A limit for a time; without `limit` and `until` the one that there is ends.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LimitGrantBody {
    /// In the customer's currency.
    pub limit: Option<String>,
    /// Its last day.
    #[schema(format = Date)]
    pub until: Option<String>,
    pub reason: String,
}

/// Lets a customer owe more for a time, for a reason. Orders that waited for it are looked at again.
#[utoipa::path(put, path = "/customers/{code}/temporary-limit", operation_id = "grant_limit", tag = "master data",
    request_body = LimitGrantBody, params(("code" = String, Path, description = "Code of the customer")),
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn grant_limit(ctx: Ctx, Path(code): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let value = shaped(&raw, GRANT)?;
    let said = |name: &str| text(&value, name);
    let grant = LimitGrant {
        customer: code,
        limit: said("limit"),
        until: said("until"),
        reason: said("reason").unwrap_or_default(),
    };
    put_bulk(&ctx, &raw, AdminCommand::GrantLimit(grant), Vec::new()).await
}

fn view(credit: &Credit) -> CustomerCreditView {
    let money = |minor: i64| money_text(minor, credit.currency);
    let waiting = |waiting: &Waiting| WaitingForCreditView {
        order: waiting.id.to_string(),
        number: waiting.number.clone(),
        customer: waiting.customer.clone(),
        amount: money_text(waiting.minor, waiting.currency),
        currency: waiting.currency.code().to_owned(),
        payment_needed: waiting.needs_minor.map(money),
        goes: waiting.goes,
    };
    CustomerCreditView {
        currency: credit.currency.code().to_owned(),
        limit: credit.limit_minor.map(money),
        limit_until: credit.limit_until.map(|day| day.to_string()),
        temporary_limit: credit.temporary.map(|(limit, _)| money(limit)),
        temporary_limit_until: credit.temporary.map(|(_, day)| day.to_string()),
        exposure: money(credit.exposure_minor),
        left: credit.limit_minor.map(|limit| money(limit.saturating_sub(credit.exposure_minor))),
        ordered: money(credit.ordered_minor),
        shipped: money(credit.shipped_minor),
        billed: money(credit.billed_minor),
        overdue: money(credit.overdue_minor),
        group: credit.group.as_ref().map(group_view),
        waiting: credit.waiting.iter().map(waiting).collect(),
    }
}

fn group_view(of: &Group) -> GroupCreditView {
    let group = &of.credit.group;
    let money = |minor: i64| money_text(minor, group.currency);
    let member = |owed: &Owed| GroupMemberView {
        code: owed.customer.clone(),
        currency: owed.currency.code().to_owned(),
        exposure: money_text(owed.minor, owed.currency),
    };
    let exposure = of.exposure_minor.ok();
    GroupCreditView {
        code: of.credit.code.clone(),
        name: group.name.clone(),
        currency: group.currency.code().to_owned(),
        limit: money(of.limit_minor),
        exposure: exposure.map(money),
        left: exposure.map(|exposure| money(of.limit_minor.saturating_sub(exposure))),
        rate_missing: of.exposure_minor.err().map(|NoRate(currency)| currency.code().to_owned()),
        members: of.credit.owed.iter().map(member).collect(),
    }
}
