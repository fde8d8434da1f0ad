//! Groups of customers that owe together, and the exchange rates by which their amounts are told in one currency.

use super::master_write::{put_bulk, read_items};
use crate::server::body::Raw;
use crate::server::context::Ctx;
use crate::server::problem::Problem;
use crate::wire::master::UpsertedView;
use crate::wire::reader::{Kind, Shape};
use axum::Json;
use axum::response::Response;
use ordain_app::admin::AdminCommand;
use ordain_domain::credit::CreditGroup;
use ordain_domain::decimal::{money_text, scaled_text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const GROUP: Shape = &[
    ("code", Kind::Text),
    ("name", Kind::Text),
    ("currency", Kind::Text),
    ("limit", Kind::Number),
    ("limit_until", Kind::Text),
    ("members", Kind::List(&Kind::Text)),
];
const GROUPS: Shape = &[("items", Kind::List(&Kind::Object(GROUP)))];
const RATE: Shape = &[("currency", Kind::Text), ("on", Kind::Text), ("rate", Kind::Number)];
const RATES: Shape = &[("items", Kind::List(&Kind::Object(RATE)))];

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CreditGroups)]
pub struct CreditGroupsView {
    pub items: Vec<CreditGroupView>,
}

/// What is left out stays as it is; `members` are all that are in the group from then on.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CreditGroup)]
pub struct CreditGroupView {
    pub code: String,
    pub name: Option<String>,
    /// That of the limit.
    pub currency: Option<String>,
    pub limit: Option<String>,
    /// Last day of the limit; after it nothing is given on credit.
    #[schema(format = Date)]
    pub limit_until: Option<String>,
    /// Codes of the customers.
    pub members: Option<Vec<String>>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Rates)]
pub struct RatesView {
    pub items: Vec<RateView>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Rate)]
pub struct RateView {
    pub currency: String,
    /// The day from which it holds, until the next one.
    #[schema(format = Date)]
    pub on: String,
    /// What a unit is worth in the company's currency, with up to eight decimals.
    pub rate: String,
}

/// Lists the groups of customers that owe together.
#[utoipa::path(get, path = "/credit-groups", operation_id = "list_credit_groups", tag = "master data",
    responses((status = 200, description = "The groups", body = CreditGroupsView)))]
pub async fn list_credit_groups(ctx: Ctx) -> Json<CreditGroupsView> {
    let view = |(code, group): (&String, &CreditGroup)| CreditGroupView {
        code: code.clone(),
        name: Some(group.name.clone()),
        currency: Some(group.currency.code().to_owned()),
        limit: Some(money_text(group.limit_minor, group.currency)),
        limit_until: group.limit_until.map(|day| day.to_string()),
        members: Some(group.members.iter().cloned().collect()),
    };
    Json(CreditGroupsView { items: ctx.house.credit_groups.0.iter().map(view).collect() })
}

/// Puts groups of customers and their common limits; orders that waited for credit are looked at again.
#[utoipa::path(put, path = "/credit-groups", operation_id = "put_credit_groups", tag = "master data",
    request_body = CreditGroupsView,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_credit_groups(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let items = read_items(&raw, GROUPS)?.sound()?;
    put_bulk(&ctx, &raw, AdminCommand::PutCreditGroups(items), Vec::new()).await
}

/// Lists the exchange rates, the latest day of each currency first.
#[utoipa::path(get, path = "/rates", operation_id = "list_rates", tag = "master data",
    responses((status = 200, description = "The rates", body = RatesView)))]
pub async fn list_rates(ctx: Ctx) -> Json<RatesView> {
    let mut items = Vec::new();
    for (currency, days) in &ctx.house.rates.0 {
        items.extend(days.iter().rev().map(|(on, rate)| RateView {
            currency: currency.code().to_owned(),
            on: on.to_string(),
            rate: scaled_text(*rate, 8, 0),
        }));
    }
    Json(RatesView { items })
}

/// Puts exchange rates; orders that waited for one are looked at again.
#[utoipa::path(put, path = "/rates", operation_id = "put_rates", tag = "master data", request_body = RatesView,
    responses((status = 200, description = "What was done", body = UpsertedView)))]
pub async fn put_rates(ctx: Ctx, raw: Raw) -> Result<Response, Problem> {
    let items = read_items(&raw, RATES)?.sound()?;
    put_bulk(&ctx, &raw, AdminCommand::PutRates(items), Vec::new()).await
}
