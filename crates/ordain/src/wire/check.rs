//! What a content would come to: findings, sums, stock and the expected way, with nothing written.

use super::finding::{FindingView, findings};
use super::line::{PromiseView, TotalsView, promise, totals};
use super::order::{InvoiceView, ShipToView};
use super::route::{RouteStepView, steps};
use ordain_app::case::Case;
use ordain_app::case::world::World;
use ordain_app::gate::CustomerBody;
use ordain_app::query::sight::Sight;
use ordain_app::rights::Caller;
use ordain_domain::check::PriceSource;
use ordain_domain::decimal::{Currency, money_text, price_text, qty_text};
use ordain_domain::finding::Severity;
use ordain_domain::master::Product;
use ordain_domain::promise::Promise;
use ordain_flow::run::Flow;
use ordain_store::CustomerRow;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CheckAnswer)]
pub struct CheckView {
    pub findings: Vec<FindingView>,
    pub totals: Option<TotalsView>,
    pub lines: Vec<CheckLineView>,
    pub route: Vec<RouteStepView>,
    pub customer: Option<CheckCustomerView>,
    pub submit_allowed: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CheckLine)]
pub struct CheckLineView {
    pub product_name: Option<String>,
    pub unit: Option<String>,
    /// Units that the product is sold in, its own first.
    pub units: Vec<String>,
    pub list_price: Option<String>,
    pub price_source: Option<&'static str>,
    pub amount: Option<String>,
    pub tax: Option<String>,
    pub available: Option<String>,
    /// When the oldest figure of the product's stock was counted.
    pub stock_as_of: Option<String>,
    pub atp: Option<PromiseView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CheckCustomer)]
pub struct CheckCustomerView {
    pub matched: bool,
    pub name: Option<String>,
    pub defaults: Option<DefaultsView>,
    pub credit: Option<CreditView>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CustomerDefaults)]
pub struct DefaultsView {
    pub ship_to: Option<ShipToView>,
    pub invoice: Option<InvoiceView>,
    pub payment_terms: Option<String>,
    pub currency: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Credit)]
pub struct CreditView {
    pub limit: String,
    pub exposure: String,
    pub left: String,
}

/// `case` is the order as it would be; `backing` what would be held for it.
pub fn check(
    whole: &Case,
    backing: &Promise,
    world: &World,
    row: Option<&CustomerRow>,
    flow: Option<&Flow>,
    (caller, sight): (&Caller, &Sight),
) -> CheckView {
    let house = &world.house;
    let shown = sight.cut(whole);
    let case: &Case = &shown;
    let backing = if sight.veil("lines.quantity").is_some() { &Promise::default() } else { backing };
    let found = findings(case, house, caller);
    let blocked = case.order.checked.findings.iter().any(|f| f.code.severity() == Severity::Blocker);
    CheckView {
        findings: found,
        totals: case.order.checked.totals.as_ref().map(totals),
        lines: lines(case, backing, world),
        route: flow.map(|flow| steps(whole, flow, house, sight)).unwrap_or_default(),
        customer: case.order.content.customer.as_ref().map(|_| customer(row, world, sight)),
        submit_allowed: !blocked,
    }
}

fn units(product: &Product) -> Vec<String> {
    std::iter::once(&product.unit).chain(product.units.keys()).cloned().collect()
}

fn lines(case: &Case, backing: &Promise, world: &World) -> Vec<CheckLineView> {
    let content = &case.order.content;
    let currency =
        content.currency.as_deref().and_then(Currency::parse).unwrap_or(world.house.rules.currency);
    let line = |asked: &ordain_domain::order::Line| {
        let checked = case.order.checked.lines.iter().find(|checked| checked.line == asked.id);
        let product = asked.product.as_ref().and_then(|code| world.master.products.get(code));
        let date = asked.requested_date.or(content.requested_date);
        CheckLineView {
            product_name: product.map(|product| product.name.clone()),
            unit: product.map(|product| product.unit.clone()),
            units: product.map(units).unwrap_or_default(),
            list_price: checked.and_then(|checked| checked.agreed_e4).map(price_text),
            price_source: checked.and_then(|checked| checked.agreed_from).map(PriceSource::name),
            amount: checked.and_then(|checked| checked.amount_minor).map(|minor| money_text(minor, currency)),
            tax: checked.and_then(|checked| checked.tax_minor).map(|minor| money_text(minor, currency)),
            available: checked.and_then(|checked| checked.available_milli).map(qty_text),
            stock_as_of: asked
                .product
                .as_ref()
                .and_then(|code| world.free.as_of_ms(code, asked.warehouse.as_deref()))
                .map(|as_of_ms| world.house.calendar.text(as_of_ms)),
            atp: product.map(|_| promise(checked, asked.id, backing, date)),
        }
    };
    content.lines.iter().map(line).collect()
}

fn customer(row: Option<&CustomerRow>, world: &World, sight: &Sight) -> CheckCustomerView {
    let found = row.zip(world.master.customer.as_ref()).filter(|_| sight.veil("customer").is_none());
    let Some((row, known)) = found else {
        return CheckCustomerView { matched: false, name: None, defaults: None, credit: None };
    };
    let body: CustomerBody = serde_json::from_str(&row.body).unwrap_or_default();
    let money = |minor: i64| money_text(minor, known.currency);
    let open = |field: &str| !sight.keeps_back_within(field);
    CheckCustomerView {
        matched: true,
        name: Some(known.name.clone()),
        defaults: Some(DefaultsView {
            ship_to: body.ship_to.first().filter(|_| open("ship_to")).map(ShipToView::from),
            invoice: Some(InvoiceView::from(&body.invoice)).filter(|_| open("invoice")),
            payment_terms: sight.text("payment_terms", known.payment_terms.clone()),
            currency: Some(known.currency.code().to_owned()),
        }),
        credit: known.credit_limit_minor.filter(|_| sight.money().is_none()).map(|limit| CreditView {
            limit: money(limit),
            exposure: money(known.exposure_minor),
            left: money(limit.saturating_sub(known.exposure_minor)),
        }),
    }
}
