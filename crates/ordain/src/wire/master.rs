//! Customers, products, prices, people and departments: as they are listed and as they are put.

use super::order::{InvoiceView, ShipToView};
use crate::words::Text;
use ordain_app::case::people::User;
use ordain_app::case::world::House;
use ordain_app::gate::{CustomerBody, ProductBody};
use ordain_domain::decimal::{Currency, money_text, price_text, qty_text, scaled_text};
use ordain_store::{CustomerRow, PriceRow, ProductRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Customer)]
pub struct CustomerView {
    pub code: String,
    pub name: String,
    pub level: Option<String>,
    pub credit_limit: Option<String>,
    /// What its live orders hold of the credit.
    pub exposure: String,
    pub currency: String,
    pub payment_terms: Option<String>,
    pub payment_method: Option<String>,
    pub ship_to: Vec<ShipToView>,
    pub invoice: InvoiceView,
    pub contacts: Vec<ContactView>,
    /// Login of the salesperson who answers for the customer.
    pub owner: Option<String>,
    pub updated_at: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Contact)]
pub struct ContactView {
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// What they answer for, in the company's words; steps of flows write to people of a role.
    pub role: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Product)]
pub struct ProductView {
    pub code: String,
    pub name: String,
    pub unit: String,
    /// Other units that it is sold in.
    pub units: Vec<UnitView>,
    /// Sold in whole units of its own only.
    pub indivisible: bool,
    pub tax_rate: Option<String>,
    pub list_price: Option<String>,
    /// The product line.
    pub line: Option<String>,
    /// Floor, cost and least margin are shown to those who may see costs.
    pub floor_price: Option<String>,
    pub cost_price: Option<String>,
    pub min_margin: Option<String>,
    /// What could be sold in its place, the preferred first.
    pub substitutes: Vec<SubstituteView>,
    pub updated_at: String,
}

/// A product that may replace another.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Substitute)]
pub struct SubstituteView {
    pub product: String,
    /// How much of it, in its own unit, replaces one of the other; absent where it is written: as much.
    pub ratio: Option<String>,
}

/// A unit beside the product's own.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Unit)]
pub struct UnitView {
    pub unit: String,
    /// How much of the product's own unit it is: 12 where a box holds twelve pieces.
    pub contains: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Price)]
pub struct PriceView {
    pub product: String,
    pub customer: Option<String>,
    pub level: Option<String>,
    /// Absent: the customer's, or the company's.
    pub currency: Option<String>,
    /// `agreed` or `quotation`.
    pub kind: String,
    #[schema(format = Date)]
    pub valid_from: Option<String>,
    #[schema(format = Date)]
    pub valid_to: Option<String>,
    pub min_quantity: String,
    pub price: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserView {
    pub id: String,
    pub login: String,
    pub name: String,
    pub department: Option<String>,
    pub roles: Vec<String>,
    pub email: Option<String>,
    pub lang: String,
    pub disabled: bool,
}

/// A person as everybody in the house may see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Colleague)]
pub struct ColleagueView {
    pub login: String,
    pub name: String,
    pub department: Option<String>,
    /// On leave now.
    pub away: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Department)]
pub struct DepartmentView {
    pub code: String,
    pub name: Text,
    pub members: usize,
}

/// What a bulk write did.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Upserted)]
pub struct UpsertedView {
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    /// Items that were left out, and why.
    pub findings: Vec<crate::server::problem::FaultView>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct CustomersBody {
    pub items: Vec<CustomerItemBody>,
}

/// What is left out stays as it is; an empty text clears it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CustomerItemBody {
    pub code: String,
    pub name: Option<String>,
    pub level: Option<String>,
    pub credit_limit: Option<String>,
    /// Last day of the limit; after it nothing is given on credit.
    #[schema(format = Date)]
    pub credit_limit_until: Option<String>,
    /// A higher limit until a day.
    pub temporary_limit: Option<String>,
    #[schema(format = Date)]
    pub temporary_limit_until: Option<String>,
    pub currency: Option<String>,
    pub payment_terms: Option<String>,
    pub payment_method: Option<String>,
    pub ship_to: Option<Vec<super::order_body::ShipToBody>>,
    pub invoice: Option<super::order_body::InvoiceBody>,
    pub contacts: Option<Vec<ContactView>>,
    /// Login of the salesperson who answers for the customer.
    pub owner: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ProductsBody {
    pub items: Vec<ProductItemBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ProductItemBody {
    pub code: String,
    pub name: Option<String>,
    pub unit: Option<String>,
    /// All other units that it is sold in.
    pub units: Option<Vec<UnitView>>,
    /// Sold in whole units of its own only.
    pub indivisible: Option<bool>,
    /// A fraction, such as `0.13`.
    pub tax_rate: Option<String>,
    pub list_price: Option<String>,
    /// The product line, for which somebody may answer.
    pub line: Option<String>,
    /// The least price with tax, in the company's currency.
    pub floor_price: Option<String>,
    /// Without tax.
    pub cost_price: Option<String>,
    /// A fraction of the price without tax, such as `0.15`.
    pub min_margin: Option<String>,
    /// All that could be sold in its place, the preferred first.
    pub substitutes: Option<Vec<SubstituteView>>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PricesBody {
    pub items: Vec<PriceItemBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PriceItemBody {
    pub product: String,
    /// Absent: for everybody.
    pub customer: Option<String>,
    /// Absent: for customers of every level. Not beside a customer.
    pub level: Option<String>,
    /// Absent: the customer's, or the company's.
    pub currency: Option<String>,
    /// `agreed`, or `quotation` for what was offered to a customer.
    pub kind: Option<String>,
    /// First and last day on which it holds.
    #[schema(format = Date)]
    pub valid_from: Option<String>,
    #[schema(format = Date)]
    pub valid_to: Option<String>,
    /// With tax.
    pub price: String,
    pub min_quantity: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct FeedBody {
    pub as_of: Option<String>,
    pub items: Vec<StockItemBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct StockItemBody {
    pub product: String,
    pub warehouse: String,
    pub on_hand: String,
    pub as_of: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct UsersBody {
    pub items: Vec<UserItemBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct UserItemBody {
    pub login: String,
    pub name: Option<String>,
    pub department: Option<String>,
    pub roles: Option<Vec<String>>,
    pub email: Option<String>,
    pub lang: Option<String>,
    pub disabled: Option<bool>,
    pub password: Option<String>,
    /// The password is for the first sign-in only: its owner has to choose another then.
    pub password_once: Option<bool>,
}

pub fn customer(row: CustomerRow, house: &House) -> CustomerView {
    let body: CustomerBody = serde_json::from_str(&row.body).unwrap_or_default();
    let currency = Currency::parse(&row.currency).unwrap_or(house.rules.currency);
    let contact = |contact: &ordain_domain::master::Contact| ContactView {
        name: contact.name.clone(),
        email: contact.email.clone(),
        phone: contact.phone.clone(),
        role: contact.role.clone(),
    };
    CustomerView {
        code: row.code,
        name: row.name,
        level: row.level,
        credit_limit: row.credit_limit_minor.map(|minor| money_text(minor, currency)),
        exposure: money_text(row.exposure_minor, currency),
        currency: row.currency,
        payment_terms: Some(row.payment_terms).filter(|terms| !terms.is_empty()),
        payment_method: body.payment_method.clone(),
        ship_to: body.ship_to.iter().map(ShipToView::from).collect(),
        invoice: InvoiceView::from(&body.invoice),
        contacts: body.contacts.iter().map(contact).collect(),
        owner: body.owner,
        updated_at: house.calendar.text(row.updated_at_ms),
    }
}

pub fn product(row: ProductRow, house: &House, costs: bool) -> ProductView {
    let body: ProductBody = serde_json::from_str(&row.body).unwrap_or_default();
    let shown = |price: Option<i64>| price.filter(|_| costs);
    ProductView {
        line: body.line,
        units: body
            .units
            .into_iter()
            .map(|(unit, milli)| UnitView { unit, contains: qty_text(milli) })
            .collect(),
        indivisible: body.indivisible,
        substitutes: body
            .substitutes
            .into_iter()
            .map(|of| SubstituteView { product: of.product, ratio: Some(qty_text(of.ratio_milli)) })
            .collect(),
        code: row.code,
        name: row.name,
        unit: row.unit,
        tax_rate: row.tax_rate_e4.map(|rate| scaled_text(rate, 4, 2)),
        list_price: row.list_price_e4.map(price_text),
        floor_price: shown(body.floor_e4).map(price_text),
        cost_price: shown(body.cost_e4).map(price_text),
        min_margin: shown(body.min_margin_e4).map(|margin| scaled_text(margin, 4, 2)),
        updated_at: house.calendar.text(row.updated_at_ms),
    }
}

pub fn price(row: PriceRow) -> PriceView {
    let said = |text: String| Some(text).filter(|text| !text.is_empty());
    PriceView {
        product: row.product,
        customer: said(row.customer),
        level: said(row.level),
        currency: said(row.currency),
        kind: row.kind,
        valid_from: said(row.valid_from),
        valid_to: said(row.valid_to),
        min_quantity: qty_text(row.min_qty_milli),
        price: price_text(row.price_e4),
    }
}

pub fn user(user: &User) -> UserView {
    UserView {
        id: user.id.to_string(),
        login: user.login.clone(),
        name: user.name.clone(),
        department: user.department.clone(),
        roles: user.roles.clone(),
        email: user.email.clone(),
        lang: user.lang.clone(),
        disabled: user.disabled,
    }
}

/// Those of the active people who fit.
pub fn colleagues(house: &House, now_ms: i64, fits: impl Fn(&User) -> bool) -> Vec<ColleagueView> {
    let active = house.people.users.values().filter(|user| !user.disabled && fits(user));
    let mut active: Vec<&User> = active.collect();
    active.sort_by(|a, b| a.login.cmp(&b.login));
    let view = |user: &User| ColleagueView {
        login: user.login.clone(),
        name: user.name.clone(),
        department: user.department.clone(),
        away: house.absences.is_absent(&user.login, now_ms),
    };
    active.into_iter().map(view).collect()
}

pub fn departments(house: &House) -> Vec<DepartmentView> {
    let members = |code: &str| {
        let of = |user: &&User| !user.disabled && user.department.as_deref() == Some(code);
        house.people.users.values().filter(of).count()
    };
    let view = |(code, (zh, en)): (&String, &(String, String))| DepartmentView {
        code: code.clone(),
        name: Text { zh: zh.clone(), en: en.clone() },
        members: members(code),
    };
    house.people.departments.iter().map(view).collect()
}
