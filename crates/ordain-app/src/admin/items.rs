//! Items of bulk commands, as doors hand them in.
//!
//! Numbers are text so that a bad one is named with its place instead of losing the whole request. What an item
//! leaves out stays as it is stored; an empty text clears it.

use crate::password::Password;
use ordain_domain::master::{Contact, InvoiceProfile, ShipTo};
use serde::{Deserialize, Deserializer, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CustomerItem {
    pub code: String,
    pub name: Option<String>,
    pub level: Option<String>,
    #[serde(deserialize_with = "number")]
    pub credit_limit: Option<String>,
    /// Last day of the limit.
    pub credit_limit_until: Option<String>,
    /// A higher limit for a time, and its last day.
    #[serde(deserialize_with = "number")]
    pub temporary_limit: Option<String>,
    pub temporary_limit_until: Option<String>,
    pub currency: Option<String>,
    pub payment_terms: Option<String>,
    pub ship_to: Option<Vec<ShipTo>>,
    pub invoice: Option<InvoiceProfile>,
    pub contacts: Option<Vec<Contact>>,
    /// One of the methods that `ordain-domain` knows.
    pub payment_method: Option<String>,
    /// Login of the salesperson who answers for the customer.
    pub owner: Option<String>,
}

/// A unit that a product is sold in beside its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UnitItem {
    pub unit: String,
    /// How much of the product's own unit it is: 12 where a box holds twelve pieces.
    #[serde(deserialize_with = "number")]
    pub contains: Option<String>,
}

/// A higher limit for a time, or its end where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitGrant {
    /// Code of the customer.
    pub customer: String,
    pub limit: Option<String>,
    /// Its last day.
    pub until: Option<String>,
    pub reason: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProductItem {
    pub code: String,
    pub name: Option<String>,
    pub unit: Option<String>,
    /// All other units that it is sold in.
    pub units: Option<Vec<UnitItem>>,
    /// Sold in whole units of its own only.
    pub indivisible: Option<bool>,
    /// A fraction: `0.13`.
    #[serde(deserialize_with = "number")]
    pub tax_rate: Option<String>,
    #[serde(deserialize_with = "number")]
    pub list_price: Option<String>,
    /// The product line, for which somebody may answer.
    pub line: Option<String>,
    /// The least price with tax.
    #[serde(deserialize_with = "number")]
    pub floor_price: Option<String>,
    /// Without tax.
    #[serde(deserialize_with = "number")]
    pub cost_price: Option<String>,
    /// A fraction of the price without tax: `0.15`.
    #[serde(deserialize_with = "number")]
    pub min_margin: Option<String>,
    /// All that could be sold in its place, the preferred first.
    pub substitutes: Option<Vec<SubstituteItem>>,
}

/// A product that may replace another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SubstituteItem {
    pub product: String,
    /// How much of it replaces one; absent: as much.
    #[serde(deserialize_with = "number")]
    pub ratio: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PriceItem {
    pub product: String,
    /// Absent: for everybody.
    pub customer: Option<String>,
    /// Absent: for customers of every level.
    pub level: Option<String>,
    /// Absent: the customer's, or the company's.
    pub currency: Option<String>,
    /// `agreed`, or `quotation` for what was offered to a customer.
    pub kind: Option<String>,
    /// First and last day; absent: for ever.
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    #[serde(deserialize_with = "number")]
    pub min_quantity: Option<String>,
    #[serde(deserialize_with = "number")]
    pub price: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StockItem {
    pub product: String,
    pub warehouse: String,
    #[serde(deserialize_with = "number")]
    pub on_hand: Option<String>,
    /// When this row was counted, if not when the rest was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
}

/// Goods that came, went, turned out to be more or fewer, or changed place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MovementItem {
    /// `in`, `out`, `adjust` or `transfer`.
    pub kind: String,
    pub product: String,
    pub warehouse: String,
    /// Where a transfer goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_warehouse: Option<String>,
    /// Above zero; only an adjustment may take away.
    #[serde(deserialize_with = "number")]
    pub quantity: Option<String>,
    pub reason: Option<String>,
    /// The document behind it: a delivery note, a count sheet.
    pub reference: Option<String>,
}

/// What a product is made of, replaced as a whole; without components it is not made any more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BomItem {
    pub product: String,
    /// How many days making it takes once the parts are there.
    pub days: Option<i64>,
    /// Where it is made, and how many minutes one takes there.
    pub work_centre: Option<String>,
    #[serde(deserialize_with = "number")]
    pub minutes: Option<String>,
    pub components: Vec<ComponentItem>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ComponentItem {
    pub product: String,
    /// For one of the product.
    #[serde(deserialize_with = "number")]
    pub quantity: Option<String>,
}

/// Where goods lie. What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WarehouseItem {
    pub code: String,
    pub name: Option<String>,
    /// The lowest is tried first; a new one comes last.
    pub rank: Option<i64>,
}

/// Where things are made. What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkCentreItem {
    pub code: String,
    pub name: Option<String>,
    /// Of a working day.
    pub daily_minutes: Option<i64>,
}

/// Something to be made. What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkItem {
    pub number: String,
    /// `requested`, `planned`, `released` or `cancelled`.
    pub state: Option<String>,
    pub product: Option<String>,
    /// Where its parts are taken from and where it goes to.
    pub warehouse: Option<String>,
    /// Absent: as the bill of material says.
    pub work_centre: Option<String>,
    #[serde(deserialize_with = "number")]
    pub quantity: Option<String>,
    /// Absent: when the work centre can have it done.
    pub due_date: Option<String>,
    /// Login of whoever sees to it.
    pub owner: Option<String>,
}

/// What was made of a work order. The product is named so that another is not booked as this one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FinishItem {
    pub number: String,
    pub product: String,
    #[serde(deserialize_with = "number")]
    pub quantity: Option<String>,
    /// What was made and is no good.
    #[serde(deserialize_with = "number")]
    pub scrapped: Option<String>,
    pub reference: Option<String>,
}

/// A line of a purchase. What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PurchaseItem {
    pub number: String,
    /// Of several lines under one number; the first without it.
    pub line: Option<i64>,
    /// `requested`, `ordered` or `cancelled`.
    pub state: Option<String>,
    pub supplier: Option<String>,
    pub product: Option<String>,
    /// Where the goods are to go.
    pub warehouse: Option<String>,
    #[serde(deserialize_with = "number")]
    pub quantity: Option<String>,
    /// When the goods are expected.
    pub due_date: Option<String>,
    /// Login of whoever sees to it.
    pub owner: Option<String>,
}

/// Goods that came on a line of a purchase. The product is named so that a wrong delivery is not booked as the right one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReceiptItem {
    pub number: String,
    pub line: Option<i64>,
    pub product: String,
    #[serde(deserialize_with = "number")]
    pub quantity: Option<String>,
    /// Where they went, if not where they were to go.
    pub warehouse: Option<String>,
    /// The delivery note.
    pub reference: Option<String>,
}

/// What of the stock at a place is kept back, and below what people are told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StockLevelItem {
    pub product: String,
    pub warehouse: String,
    #[serde(deserialize_with = "number")]
    pub frozen: Option<String>,
    #[serde(deserialize_with = "number")]
    pub safety: Option<String>,
    #[serde(deserialize_with = "number")]
    pub reorder: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserItem {
    pub login: String,
    pub name: Option<String>,
    pub department: Option<String>,
    pub roles: Option<Vec<String>>,
    pub email: Option<String>,
    pub lang: Option<String>,
    pub disabled: Option<bool>,
    /// Taken out and hashed by [`super::put_users`] before the item goes through the Gate.
    pub password: Option<Password>,
    #[serde(skip)]
    pub password_hash: Option<String>,
    /// The password is for the first sign-in only.
    pub password_once: Option<bool>,
}

/// A decimal as text or as a JSON number.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Number(serde_json::Number),
    }
    Ok(Option::<Written>::deserialize(deserializer)?.map(|written| match written {
        Written::Text(text) => text,
        Written::Number(number) => number.to_string(),
    }))
}
