//! Purchases as they are listed, put and received, and what a quantity would be backed by over time.

use ordain_domain::atp::{Backing, Supply};
use ordain_domain::decimal::qty_text;
use ordain_store::PurchaseLineRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PurchaseLine)]
pub struct PurchaseView {
    pub number: String,
    pub line: i64,
    /// `requested`, `ordered`, `received` or `cancelled`.
    pub state: String,
    pub supplier: Option<String>,
    pub product: String,
    pub warehouse: Option<String>,
    pub quantity: String,
    pub received: String,
    /// What is still to come.
    pub open: String,
    /// Of that, what orders were promised.
    pub promised: String,
    /// When it is expected; of a request, when it is needed.
    pub due_date: Option<String>,
    /// The order whose shortage asked for it, and its line.
    pub order_id: Option<String>,
    pub order_line: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PurchasesBody {
    pub items: Vec<PurchaseItemBody>,
}

/// What is left out stays as it is; an empty text clears it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PurchaseItemBody {
    pub number: String,
    pub line: Option<i64>,
    /// `requested`, `ordered` or `cancelled`; a new one is ordered.
    pub state: Option<String>,
    pub supplier: Option<String>,
    pub product: Option<String>,
    pub warehouse: Option<String>,
    pub quantity: Option<String>,
    pub due_date: Option<String>,
    /// Login of whoever sees to it.
    pub owner: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ReceiptsBody {
    pub items: Vec<ReceiptItemBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ReceiptItemBody {
    pub number: String,
    pub line: Option<i64>,
    /// Named once more, so that a wrong delivery is not booked as the right one.
    pub product: String,
    pub quantity: String,
    /// Where it went, if not where it was to go.
    pub warehouse: Option<String>,
    /// The delivery note.
    pub reference: Option<String>,
}

/// A part of a quantity and what stands behind it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SupplyPart)]
pub struct SupplyPartView {
    pub quantity: String,
    /// From when on it is there.
    pub date: String,
    /// `stock`, `purchase` or `work`.
    pub source: &'static str,
    pub warehouse: Option<String>,
    pub work: Option<String>,
    pub purchase: Option<String>,
    pub purchase_line: Option<i64>,
}

pub fn purchase(row: PurchaseLineRow) -> PurchaseView {
    PurchaseView {
        open: qty_text(open_milli(&row)),
        quantity: qty_text(row.qty_milli),
        received: qty_text(row.received_milli),
        promised: qty_text(row.promised_milli),
        order_id: row.order_id.map(|id| uuid::Uuid::from_bytes(id).to_string()),
        order_line: row.order_line.map(|line| line.to_string()),
        number: row.number,
        line: row.line,
        state: row.state,
        supplier: row.supplier,
        product: row.product,
        warehouse: row.warehouse,
        due_date: row.due_date,
    }
}

fn open_milli(row: &PurchaseLineRow) -> i64 {
    match row.state.as_str() {
        "requested" | "ordered" => (row.qty_milli - row.received_milli).max(0),
        _ => 0,
    }
}

pub fn part(backing: &Backing) -> SupplyPartView {
    let (source, warehouse, work, purchase) = match &backing.supply {
        Supply::Stock { warehouse } => ("stock", Some(warehouse.clone()), None, None),
        Supply::Purchase { number, line } => ("purchase", None, None, Some((number.clone(), *line))),
        Supply::Work { number } => ("work", None, Some(number.clone()), None),
    };
    SupplyPartView {
        quantity: qty_text(backing.qty_milli),
        date: backing.date.to_string(),
        source,
        warehouse,
        work,
        purchase_line: purchase.as_ref().map(|(_, line)| *line),
        purchase: purchase.map(|(number, _)| number),
    }
}
