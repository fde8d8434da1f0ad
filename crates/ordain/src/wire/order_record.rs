//! Shipments, invoices, payments and complaints as rows of lists over the whole company. What the caller does not see of
//! orders in lists is not told here either.

use super::person::{PersonView, actor};
use ordain_app::case::world::House;
use ordain_app::query::sight::Sight;
use ordain_domain::actor::Actor;
use ordain_domain::decimal::{Currency, money_text};
use ordain_store::OrderRecordRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What every list says of a record.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RecordHead)]
pub struct RecordHead {
    pub order: String,
    /// Of the order.
    pub number: String,
    pub customer: Option<String>,
    pub customer_name: Option<String>,
    /// The day by which the list is sorted.
    #[schema(format = Date)]
    pub date: String,
    /// When it was recorded.
    pub at: String,
    pub by: PersonView,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ListedShipment)]
pub struct ListedShipment {
    #[serde(flatten)]
    pub head: RecordHead,
    /// The order's number and the shipment's own behind it, as the movements of its goods name it.
    pub reference: String,
    /// From which its goods left; none where the caller does not see it.
    pub warehouses: Vec<String>,
    pub carrier: Option<String>,
    /// The beginning of it.
    pub note: Option<String>,
    pub currency: String,
    /// What the goods cost the customer.
    pub value: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ListedInvoice)]
pub struct ListedInvoice {
    #[serde(flatten)]
    pub head: RecordHead,
    /// Among those of its order.
    pub id: String,
    /// Number of the invoice, once it is issued.
    pub reference: Option<String>,
    /// `requested`, `issued`, or `corrected` where nothing of it is left.
    pub state: String,
    pub currency: String,
    pub amount: Option<String>,
    /// What of it was not taken back.
    pub left: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ListedPayment)]
pub struct ListedPayment {
    #[serde(flatten)]
    pub head: RecordHead,
    /// Among those of its order: a reference that was given back can be there twice.
    pub id: String,
    pub reference: String,
    pub method: Option<String>,
    /// `received`, or `carried`: it came in for the order that this one was split off, where it is listed, too.
    pub state: String,
    pub currency: String,
    pub amount: Option<String>,
    /// What of it was taken out of the books again, and what was not.
    pub reversed: Option<String>,
    pub left: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ListedComplaint)]
pub struct ListedComplaint {
    #[serde(flatten)]
    pub head: RecordHead,
    /// Among those of its order.
    pub id: String,
    pub kind: String,
    /// `open`, `answered` or `closed`.
    pub state: String,
    /// The beginning of it.
    pub text: String,
}

/// Makes views of the rows of one list.
pub struct Lists<'a> {
    pub house: &'a House,
    pub sight: &'a Sight,
}

impl Lists<'_> {
    fn head(&self, row: &OrderRecordRow) -> RecordHead {
        let by: Option<Actor> = serde_json::from_str(&row.actor).ok();
        let system = || Actor::system("unknown");
        let code = Some(row.customer.clone()).filter(|code| !code.is_empty());
        RecordHead {
            order: Uuid::from_bytes(row.order_id).to_string(),
            number: row.number.clone(),
            customer_name: self.sight.text("customer", row.customer_name.clone().or_else(|| code.clone())),
            customer: self.sight.text("customer", code),
            date: row.day.clone(),
            at: self.house.calendar.text(row.at_ms),
            by: actor(&self.house.people, &by.unwrap_or_else(system)),
        }
    }

    fn currency(&self, row: &OrderRecordRow) -> Currency {
        Currency::parse(&row.currency).unwrap_or(self.house.rules.currency)
    }

    fn money(&self, row: &OrderRecordRow, minor: Option<i64>) -> Option<String> {
        let seen = minor.filter(|_| self.sight.money().is_none());
        seen.map(|minor| money_text(minor, self.currency(row)))
    }

    pub fn shipment(&self, row: OrderRecordRow, warehouses: Vec<String>) -> ListedShipment {
        ListedShipment {
            head: self.head(&row),
            currency: self.currency(&row).code().to_owned(),
            value: self.money(&row, row.minor),
            reference: row.reference.unwrap_or_default(),
            warehouses,
            carrier: row.about,
            note: row.said,
        }
    }

    pub fn invoice(&self, row: OrderRecordRow) -> ListedInvoice {
        ListedInvoice {
            head: self.head(&row),
            id: row.n.to_string(),
            currency: self.currency(&row).code().to_owned(),
            amount: self.money(&row, row.minor),
            left: self.money(&row, row.left_minor),
            reference: row.reference,
            state: row.state,
        }
    }

    pub fn payment(&self, row: OrderRecordRow) -> ListedPayment {
        let reversed = row.minor.zip(row.left_minor).map(|(minor, left)| minor - left);
        ListedPayment {
            head: self.head(&row),
            id: row.n.to_string(),
            currency: self.currency(&row).code().to_owned(),
            amount: self.money(&row, row.minor),
            reversed: self.money(&row, reversed),
            left: self.money(&row, row.left_minor),
            reference: row.reference.unwrap_or_default(),
            method: row.about,
            state: row.state,
        }
    }

    pub fn complaint(&self, row: OrderRecordRow) -> ListedComplaint {
        ListedComplaint {
            head: self.head(&row),
            id: row.n.to_string(),
            kind: row.about.unwrap_or_default(),
            state: row.state,
            text: row.said.unwrap_or_default(),
        }
    }
}
