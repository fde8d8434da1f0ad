//! What is to be prepared, as it is shown.

use ordain_app::query::sight::Sight;
use ordain_domain::decimal::qty_text;
use ordain_store::PreparationRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Goods of one line of a confirmed order at one place.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Preparation)]
pub struct PreparationView {
    pub order_id: String,
    pub number: String,
    pub customer_name: Option<String>,
    pub line: String,
    /// Null if the flow keeps it from the caller.
    pub product: Option<String>,
    pub warehouse: String,
    /// What has not left yet; null if the flow keeps it from the caller.
    pub quantity: Option<String>,
    pub requested_date: Option<String>,
}

pub fn preparation(row: PreparationRow, sight: &Sight) -> PreparationView {
    PreparationView {
        order_id: Uuid::from_bytes(row.order_id).to_string(),
        number: row.number,
        customer_name: sight.text("customer", row.customer_name),
        line: row.line.to_string(),
        product: sight.text("lines.product", Some(row.product)),
        warehouse: row.warehouse,
        quantity: sight.text("lines.quantity", Some(qty_text(row.qty_milli))),
        requested_date: sight
            .text("requested_date", Some(row.requested_date).filter(|date| !date.is_empty())),
    }
}
