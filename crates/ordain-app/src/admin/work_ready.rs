//! Whether work can be released: what is released is promised to customers, so its parts have to be there, or come, by
//! the day on which it is to be done. Work that is released in the same request takes its parts first.

use super::items::WorkItem;
use super::reading::shortened;
use crate::case::decide::By;
use crate::case::world::House;
use crate::gate::Batch;
use crate::gate::free::{Asking, free, needed_by, needed_milli};
use crate::problem::Fault;
use jiff::civil::Date;
use ordain_domain::atp::Timeline;
use ordain_domain::decimal::qty_text;
use ordain_store::{WorkOrderRow, WorkPartRow};
use std::collections::BTreeSet;

/// Whether a work order is released now, or asks for more than what was released before.
pub(super) fn is_raised(row: &WorkOrderRow, stored: Option<&WorkOrderRow>) -> bool {
    let before = stored.filter(|stored| stored.state == "released" && stored.product == row.product);
    let more = |old: &WorkOrderRow| {
        let (plan, was) = ((&row.work_centre, &row.due_date), (&old.work_centre, &old.due_date));
        row.qty_milli > old.qty_milli || (plan != was && (plan.0 != was.0 || plan.1 < was.1))
    };
    row.state == "released" && before.is_none_or(more)
}

/// What there is and what comes of parts, for one request.
pub(super) struct Ready<'a> {
    batch: &'a Batch<'a>,
    org: i64,
    house: &'a House,
    today: Date,
    /// Each is looked at here, as the request leaves it.
    numbers: BTreeSet<String>,
    taken: Vec<(WorkOrderRow, WorkPartRow)>,
}

impl<'a> Ready<'a> {
    pub fn of(batch: &'a Batch<'a>, (org, house): (i64, &'a House), items: &[WorkItem], by: &By) -> Self {
        let numbers = items.iter().map(|item| item.number.trim().to_owned()).collect();
        Self { batch, org, house, today: house.calendar.date_at(by.at_ms), numbers, taken: Vec::new() }
    }

    /// The day on which all parts are there; none if one is neither there nor coming.
    pub fn parts_by(&self, row: &WorkOrderRow, parts: &[WorkPartRow]) -> Option<Date> {
        let of = |part: &WorkPartRow| self.timeline(row, part).earliest(part.left_milli(row));
        parts.iter().map(of).try_fold(self.today, |last, date| Some(last.max(date?)))
    }

    /// The parts that do not suffice for what is still to be made.
    pub fn short_of(&self, row: &WorkOrderRow, parts: &[WorkPartRow], path: String) -> Vec<Fault> {
        let by = needed_by(row, self.today);
        let short = |part: &WorkPartRow| {
            let available = self.timeline(row, part).available_milli(by);
            let needed = part.left_milli(row);
            let fault = || {
                let fault = Fault::new("parts_short", path.clone()).with("product", shortened(&part.product));
                let fault = fault.with("needed", qty_text(needed)).with("available", qty_text(available));
                fault.with("date", by.to_string())
            };
            (available < needed).then(fault)
        };
        parts.iter().filter_map(short).collect()
    }

    /// What is released takes its parts before those that follow.
    pub fn take(&mut self, row: &WorkOrderRow, parts: &[WorkPartRow]) {
        let needed = parts.iter().filter(|part| needed_milli(part, row) > 0);
        self.taken.extend(needed.map(|part| (row.clone(), part.clone())));
    }

    fn timeline(&self, row: &WorkOrderRow, part: &WorkPartRow) -> Timeline {
        let products = BTreeSet::from([&part.product]);
        let asking = Asking { but: &self.numbers, ..Asking::by(row.order_id, self.today, true) };
        let place = (self.org, self.house.warehouses.as_slice());
        let mut free = free(&self.batch.slice, place, &products, &asking);
        for (of, taken) in self.taken.iter().filter(|(_, taken)| taken.product == part.product) {
            let by = needed_by(of, self.today);
            free.keep_back(&part.product, of.warehouse.as_deref(), by, needed_milli(taken, of));
        }
        free.timeline(&part.product, None, self.today)
    }
}
