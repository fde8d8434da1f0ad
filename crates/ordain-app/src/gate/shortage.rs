//! Goods that an order is short of, as purchasing or production is asked for them: a request for each line, linked to it,
//! with quantity and need date. A request that nobody has ordered or planned yet follows the order; what is ordered is
//! purchasing's own, what is planned production's.

use super::low_stock;
use crate::case::Case;
use crate::case::decide::By;
use crate::case::world::{House, Procured};
use ordain_domain::finding::Code;
use ordain_domain::order::Status;
use ordain_domain::promise::BrokenPromise;
use ordain_store::{BomRow, NoticeRow, PurchaseLineRow, WorkOrderRow};
use serde_json::json;
use std::collections::BTreeMap;

/// Who sees to it that goods are bought and made.
pub const DEPARTMENT: &str = "planning";

/// Where the ids of these notices begin among those of a command.
const FIRST_ID: u16 = 0x8000;

/// A line whose goods are not there, or a part of what is to be made for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shortage {
    number: String,
    line: u32,
    pub product: String,
    warehouse: Option<String>,
    pub short_milli: i64,
    pub need_date: Option<String>,
}

impl Shortage {
    /// That the n-th part of what is to be made is missing.
    pub fn of_part(&self, n: usize, product: &str, short_milli: i64) -> Self {
        let number = format!("{}-{}.{n}", self.number, self.line);
        Self { number, product: product.to_owned(), short_milli, ..self.clone() }
    }
}

/// What an order lacks that is in review, or that was promised goods which do not come. One that is incomplete may yet
/// change.
pub(crate) fn of(case: &Case) -> Vec<Shortage> {
    let order = &case.order;
    if order.status.is_firm() {
        let bare = order.broken.iter().filter(|of| of.now.is_none() && of.instead.is_empty());
        return bare.map(|broken| lost(case, broken)).collect();
    }
    if !matches!(order.status, Status::InReview | Status::AwaitingCustomer) {
        return Vec::new();
    }
    let short = order.checked.findings.iter().filter(|finding| finding.code == Code::StockShort);
    let shortage = |path: &str| {
        let index = path.strip_prefix("lines[")?.split(']').next()?.parse::<usize>().ok()?;
        let asked = order.content.lines.get(index)?;
        let checked = order.checked.lines.get(index)?;
        let date = asked.requested_date.or(order.content.requested_date);
        Some(Shortage {
            number: number(&order.number),
            line: asked.id,
            product: asked.product.clone()?,
            warehouse: asked.warehouse.clone(),
            short_milli: checked.qty_milli? - checked.available_milli?,
            need_date: date.map(|date| date.to_string()),
        })
    };
    short.filter_map(|finding| shortage(&finding.path)).filter(|short| short.short_milli > 0).collect()
}

/// The number under which purchasing is asked for the goods of an order.
pub(crate) fn number(order: &str) -> String {
    format!("PR-{order}")
}

/// The numbers under which production is asked for the lines of an order.
pub(crate) fn work_numbers(case: &Case) -> impl Iterator<Item = String> {
    case.order.content.lines.iter().map(|line| work_number(&number(&case.order.number), line.id))
}

fn work_number(request: &str, line: u32) -> String {
    format!("WO-{}-{line}", request.trim_start_matches("PR-"))
}

/// What purchasing has ordered and production has made for each line of an order, out of the requests under its number.
pub(crate) fn procured<'a>(
    purchases: impl Iterator<Item = &'a PurchaseLineRow>,
    works: impl Iterator<Item = &'a WorkOrderRow>,
    case: &Case,
) -> Procured {
    let id = Some(case.order.id.into_bytes());
    let bought = purchases
        .filter(|row| row.order_id == id && !matches!(row.state.as_str(), "requested" | "cancelled"))
        .map(|row| (row.order_line, row.qty_milli));
    let made = works.filter(|row| row.order_id == id).map(|row| (row.order_line, row.finished_milli));
    Procured { bought_milli: by_line(bought), made_milli: by_line(made) }
}

fn by_line(rows: impl Iterator<Item = (Option<i64>, i64)>) -> BTreeMap<u32, i64> {
    let mut sums = BTreeMap::new();
    for (line, milli) in rows {
        let Some(line) = line.and_then(|line| u32::try_from(line).ok()) else { continue };
        *sums.entry(line).or_default() += milli;
    }
    sums
}

/// A number of its own: what was bought for the line before is another purchase.
fn lost(case: &Case, broken: &BrokenPromise) -> Shortage {
    let asked = case.order.content.lines.iter().find(|asked| asked.id == broken.line);
    Shortage {
        number: format!("{}-{}", number(&case.order.number), broken.source),
        line: broken.line,
        product: broken.product.clone(),
        warehouse: asked.and_then(|asked| asked.warehouse.clone()),
        short_milli: broken.qty_milli,
        need_date: Some(broken.promised.to_string()),
    }
}

/// Until when planning is to answer what is asked now, by its own working time.
pub(super) fn answer_by(house: &House, by: &By) -> Option<i64> {
    let minutes = u32::try_from(house.rules.shortage_answer_minutes?).ok()?;
    Some(house.calendars.of_department(DEPARTMENT).add_working_minutes(by.at_ms, minutes))
}

/// The requests of an order.
pub(crate) fn requests(
    org: i64,
    case: &Case,
    short: &[Shortage],
    answer_by_ms: Option<i64>,
) -> Vec<PurchaseLineRow> {
    let row = |short: &Shortage| PurchaseLineRow {
        org,
        number: short.number.clone(),
        line: i64::from(short.line),
        state: "requested".to_owned(),
        supplier: None,
        product: short.product.clone(),
        warehouse: short.warehouse.clone(),
        qty_milli: short.short_milli,
        received_milli: 0,
        promised_milli: 0,
        due_date: short.need_date.clone(),
        order_id: Some(case.order.id.into_bytes()),
        order_line: Some(i64::from(short.line)),
        owner: None,
        answer_by_ms,
        updated_at_ms: case.order.updated_ms,
    };
    short.iter().map(row).collect()
}

/// The work that an order asks for, of what is made.
pub(crate) fn work_requests(
    org: i64,
    (case, answer_by_ms): (&Case, Option<i64>),
    short: &[Shortage],
    boms: &BTreeMap<(i64, String), BomRow>,
) -> Vec<WorkOrderRow> {
    let row = |short: &Shortage| WorkOrderRow {
        org,
        number: work_number(&short.number, short.line),
        state: "requested".to_owned(),
        product: short.product.clone(),
        warehouse: short.warehouse.clone(),
        work_centre: boms.get(&(org, short.product.clone())).and_then(|bom| bom.work_centre.clone()),
        left_minutes: 0,
        qty_milli: short.short_milli,
        finished_milli: 0,
        scrapped_milli: 0,
        promised_milli: 0,
        due_date: short.need_date.clone(),
        order_id: Some(case.order.id.into_bytes()),
        order_line: Some(i64::from(short.line)),
        owner: None,
        answer_by_ms,
        updated_at_ms: case.order.updated_ms,
    };
    short.iter().map(row).collect()
}

/// Tells planning and purchasing of what they are asked for.
pub(super) fn notices(new: &[Shortage], case: &Case, house: &House, org: i64, by: &By) -> Vec<NoticeRow> {
    let bodies = new.iter().map(|short| {
        let quantity = ordain_domain::decimal::qty_text(short.short_milli);
        json!({
            "number": case.order.number, "product": short.product, "quantity": quantity,
            "date": short.need_date.clone().unwrap_or_else(|| "-".to_owned()),
        })
    });
    low_stock::notice_rows("purchase_requested", bodies.collect(), &[DEPARTMENT], house, (org, by, FIRST_ID))
}
