//! Stock available to promise, and which warehouse or supply backs which line.

use crate::atp::{self, Timeline};
use crate::promise::{Incoming, Promise, Source, Supply};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one warehouse holds of one product, in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    pub on_hand_milli: i64,
    pub reserved_milli: i64,
    pub frozen_milli: i64,
    pub safety_milli: i64,
}

impl Balance {
    /// What can leave: what is frozen stays where it lies. Safety stock may go to those who were promised it.
    pub fn deliverable_milli(&self) -> i64 {
        (self.on_hand_milli - self.frozen_milli).max(0)
    }

    /// What can still be promised. Negative when a stock count took away what was reserved: an order that adds its own
    /// part again must not find goods that are gone.
    pub fn free_milli(&self) -> i64 {
        self.on_hand_milli - self.frozen_milli - self.safety_milli - self.reserved_milli
    }
}

/// A quantity of a line, held in one warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    pub line: u32,
    pub product: String,
    pub warehouse: String,
    pub qty_milli: i64,
}

/// What leaves the warehouses for `asked` (line, quantity in thousandths), out of what an order holds. A line that
/// holds less than asked is named with what it holds, and then nothing leaves.
///
/// This is the way goods of an order go out: the parts go into [`crate::order::Event::GoodsShipped`], whose application
/// takes them out of what the order holds; the Gate makes of the difference, in the same commit, a movement of the
/// ledger, less on hand and less reserved.
///
/// # Errors
/// The lines that hold too little, each with what it holds.
pub fn pick(held: &[Allocation], asked: &[(u32, i64)]) -> Result<Vec<Allocation>, Vec<(u32, i64)>> {
    let mut wanted: BTreeMap<u32, i64> = BTreeMap::new();
    for (line, qty_milli) in asked {
        *wanted.entry(*line).or_default() += qty_milli.max(&0);
    }
    let mut picked = Vec::new();
    for part in held {
        let Some(left) = wanted.get_mut(&part.line).filter(|left| **left > 0) else { continue };
        let qty_milli = part.qty_milli.min(*left);
        *left -= qty_milli;
        picked.push(Allocation { qty_milli, ..part.clone() });
    }
    let holds = |line: u32| held.iter().filter(|part| part.line == line).map(|part| part.qty_milli).sum();
    let short: Vec<(u32, i64)> =
        wanted.iter().filter(|(_, left)| **left > 0).map(|(line, _)| (*line, holds(*line))).collect();
    if short.is_empty() { Ok(picked) } else { Err(short) }
}

/// Free stock of the products of one order, warehouses in the company's order of preference.
///
/// Taking from it is how two lines of one order, and two orders of one batch, see each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Free {
    warehouses: Vec<String>,
    /// By (product, warehouse).
    places: BTreeMap<(String, String), Place>,
    /// By product: what comes and nobody was promised, the first first.
    supplies: BTreeMap<String, Vec<Supply>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    free_milli: i64,
    on_hand_milli: i64,
    frozen_milli: i64,
    /// When the figure was counted, where that is known.
    as_of_ms: Option<i64>,
}

impl Free {
    /// `warehouses` in order of preference.
    pub fn new(warehouses: Vec<String>) -> Self {
        Self { warehouses, ..Self::default() }
    }

    pub fn add(&mut self, product: &str, warehouse: &str, free_milli: i64) {
        self.place(product, warehouse).free_milli += free_milli;
    }

    /// Enters goods of a product that are on their way.
    pub fn expect(&mut self, product: &str, supply: Supply) {
        let known = self.supplies.entry(product.to_owned()).or_default();
        let at = known.partition_point(|of| (of.date, &of.source) <= (supply.date, &supply.source));
        known.insert(at, supply);
    }

    /// Gives back goods that are to come, or takes them where the quantity is below zero.
    pub fn add_coming(&mut self, product: &str, source: &Source, free_milli: i64) {
        let known =
            self.supplies.get_mut(product).and_then(|of| of.iter_mut().find(|of| of.source == *source));
        if let Some(supply) = known {
            supply.free_milli += free_milli;
        }
    }

    /// Enters what a place holds, and when that was counted.
    pub fn count(&mut self, product: &str, warehouse: &str, balance: &Balance, as_of_ms: i64) {
        let place = self.place(product, warehouse);
        place.free_milli += balance.free_milli();
        place.on_hand_milli += balance.on_hand_milli;
        place.frozen_milli += balance.frozen_milli;
        place.as_of_ms = Some(as_of_ms);
    }

    /// Parts whose place can give less than leaves it: a count took goods away that were promised, or they are frozen.
    pub fn gone<'p>(&self, parts: &'p [Allocation]) -> Vec<&'p Allocation> {
        let mut leaving: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        for part in parts {
            *leaving.entry((&part.product, &part.warehouse)).or_default() += part.qty_milli;
        }
        let leaves = |part: &Allocation| leaving.get(&(&*part.product, &*part.warehouse)).copied();
        let is_gone = |part: &&Allocation| {
            leaves(part)
                .is_some_and(|qty| qty > self.lying(&part.product, &part.warehouse).deliverable_milli())
        };
        parts.iter().filter(is_gone).collect()
    }

    /// What lies in a place, promised or not, and what of it is frozen.
    pub fn lying(&self, product: &str, warehouse: &str) -> Balance {
        let place = self.places.get(&(product.to_owned(), warehouse.to_owned())).copied().unwrap_or_default();
        let Place { on_hand_milli, frozen_milli, .. } = place;
        Balance { on_hand_milli, frozen_milli, ..Balance::default() }
    }

    fn place(&mut self, product: &str, warehouse: &str) -> &mut Place {
        self.places.entry((product.to_owned(), warehouse.to_owned())).or_default()
    }

    pub fn knows_warehouse(&self, warehouse: &str) -> bool {
        self.warehouses.iter().any(|w| w == warehouse)
    }

    fn at(&self, product: &str, warehouse: &str) -> i64 {
        let place = self.places.get(&(product.to_owned(), warehouse.to_owned()));
        place.map_or(0, |place| place.free_milli.max(0))
    }

    /// When the oldest of the figures of a product was counted, in one warehouse or in all.
    pub fn as_of_ms(&self, product: &str, warehouse: Option<&str>) -> Option<i64> {
        let from = (product.to_owned(), String::new());
        let places = self.places.range(from..).take_while(|((of, _), _)| of == product);
        places
            .filter(|((_, at), _)| warehouse.is_none_or(|only| only == at))
            .filter_map(|(_, place)| place.as_of_ms)
            .min()
    }

    /// What is free of a product in one warehouse, or in all.
    pub fn available_milli(&self, product: &str, warehouse: Option<&str>) -> i64 {
        match warehouse {
            Some(warehouse) => self.at(product, warehouse),
            None => self.warehouses.iter().map(|w| self.at(product, w)).sum(),
        }
    }

    /// Takes the whole quantity for a line, or nothing: a line that cannot be served in full leaves the goods to
    /// orders that can.
    ///
    /// # Errors
    /// The quantity that was available.
    pub fn take(
        &mut self,
        line: u32,
        product: &str,
        warehouse: Option<&str>,
        qty_milli: i64,
    ) -> Result<Vec<Allocation>, i64> {
        let available = self.available_milli(product, warehouse);
        if available < qty_milli {
            return Err(available);
        }
        let mut left = qty_milli;
        let mut taken = Vec::new();
        for candidate in self.warehouses.iter().filter(|w| warehouse.is_none_or(|only| only == *w)) {
            let Some(place) = self.places.get_mut(&(product.to_owned(), candidate.clone())) else {
                continue;
            };
            let part = left.min(place.free_milli);
            if part > 0 {
                place.free_milli -= part;
                left -= part;
                let warehouse = candidate.clone();
                taken.push(Allocation { line, product: product.to_owned(), warehouse, qty_milli: part });
            }
            if left == 0 {
                break;
            }
        }
        Ok(taken)
    }
}

/// A quantity of a line that is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub line: u32,
    pub product: &'a str,
    /// The only one it may come from, if it says so.
    pub warehouse: Option<&'a str>,
    pub qty_milli: i64,
}

impl Free {
    fn coming<'f>(&'f self, wanted: &Wanted<'f>, by: Option<Date>) -> impl Iterator<Item = &'f Supply> {
        let (warehouse, known) = (wanted.warehouse, self.supplies.get(wanted.product));
        let fits = move |of: &&Supply| {
            let there = warehouse.is_none() || of.warehouse.is_none() || of.warehouse.as_deref() == warehouse;
            there && of.free_milli > 0 && by.is_none_or(|by| of.date <= by)
        };
        known.into_iter().flatten().filter(fits)
    }

    /// Keeps back what somebody else needs by a day: of what comes until then the last first, so that what is early stays
    /// free for who asks early, then of the shelf, each for the place first where it is needed; and what is missing still
    /// of what comes after.
    pub fn keep_back(&mut self, product: &str, place: Option<&str>, by: Date, qty_milli: i64) {
        let mut left = qty_milli;
        for only in place.map(Some).into_iter().chain([None]) {
            let supplies = self.supplies.get_mut(product).into_iter().flatten().rev();
            for of in supplies.skip_while(|of| of.date > by) {
                let there = only.is_none() || of.warehouse.is_none() || of.warehouse.as_deref() == only;
                if there {
                    left -= keep(&mut of.free_milli, left);
                }
                if left <= 0 {
                    return;
                }
            }
            for warehouse in self.warehouses.iter().filter(|code| only.is_none_or(|only| only == *code)) {
                let place = self.places.get_mut(&(product.to_owned(), warehouse.clone()));
                left -= place.map_or(0, |place| keep(&mut place.free_milli, left));
            }
        }
        let later = self.supplies.get_mut(product).into_iter().flatten();
        later.for_each(|of| left -= keep(&mut of.free_milli, left));
    }

    /// The same over time, as it is told.
    pub fn timeline(&self, product: &str, warehouse: Option<&str>, today: Date) -> Timeline {
        let here = self.warehouses.iter().filter(|code| warehouse.is_none_or(|only| only == *code));
        let stock = here.map(|code| (code.clone(), self.at(product, code))).collect();
        let wanted = Wanted { line: 0, product, warehouse, qty_milli: 0 };
        let flow = |of: &Supply| {
            let supply = Some(atp::Supply::from(&of.source));
            atp::Flow { date: of.date, qty_milli: of.free_milli, supply }
        };
        Timeline::new(today, stock, self.coming(&wanted, None).map(flow).collect())
    }

    /// What can be promised for a day: what is free in stock, and what comes until then.
    pub fn promisable_milli(&self, wanted: &Wanted<'_>, by: Option<Date>) -> i64 {
        let coming: i64 = self.coming(wanted, by).map(|of| of.free_milli).sum();
        self.available_milli(wanted.product, wanted.warehouse) + coming
    }

    /// Takes the whole quantity, or nothing: from stock, and what is missing there from what comes, the earliest first.
    ///
    /// # Errors
    /// The quantity that was available.
    pub fn cover(&mut self, wanted: &Wanted<'_>, by: Option<Date>) -> Result<Promise, i64> {
        let available = self.promisable_milli(wanted, by);
        if available < wanted.qty_milli {
            return Err(available);
        }
        let shelf = self.available_milli(wanted.product, wanted.warehouse).min(wanted.qty_milli);
        let held = self.take(wanted.line, wanted.product, wanted.warehouse, shelf)?;
        let mut left = wanted.qty_milli - shelf;
        let mut coming = Vec::new();
        for of in self.coming(wanted, by) {
            let qty_milli = left.min(of.free_milli);
            left -= qty_milli;
            if qty_milli > 0 {
                coming.push(Incoming {
                    line: wanted.line,
                    product: wanted.product.to_owned(),
                    warehouse: of.warehouse.clone().or_else(|| wanted.warehouse.map(str::to_owned)),
                    qty_milli,
                    source: of.source.clone(),
                    date: of.date,
                });
            }
        }
        coming.iter().for_each(|part| self.add_coming(&part.product, &part.source, -part.qty_milli));
        Ok(Promise { held, coming })
    }
}

/// Takes at most so much out of what is free; gives what was taken.
fn keep(free_milli: &mut i64, qty_milli: i64) -> i64 {
    let kept = qty_milli.min(*free_milli).max(0);
    *free_milli -= kept;
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_warehouses() -> Free {
        let mut free = Free::new(vec!["SH".into(), "NB".into()]);
        free.add("P", "SH", 3_000);
        free.add("P", "NB", 5_000);
        free
    }

    #[test]
    fn one_line_may_draw_on_several_warehouses_in_order() {
        let mut free = two_warehouses();
        let taken = free.take(1, "P", None, 4_000).unwrap();
        assert_eq!(
            taken.iter().map(|a| (a.warehouse.as_str(), a.qty_milli)).collect::<Vec<_>>(),
            [("SH", 3_000), ("NB", 1_000)]
        );
        assert_eq!(free.available_milli("P", None), 4_000);
    }

    #[test]
    fn a_line_is_served_whole_or_not_at_all() {
        let mut free = two_warehouses();
        assert_eq!(free.take(1, "P", None, 8_001), Err(8_000));
        assert_eq!(free.take(1, "P", Some("SH"), 3_001), Err(3_000));
        assert_eq!(free.available_milli("P", None), 8_000);
    }

    #[test]
    fn goods_leave_out_of_what_is_held_or_not_at_all() {
        let mut held = two_warehouses().take(1, "P", None, 4_000).unwrap();
        assert_eq!(pick(&held, &[(1, 4_001), (2, 1)]), Err(vec![(1, 4_000), (2, 0)]));
        let parts = pick(&held, &[(1, 3_500)]).unwrap();
        assert_eq!(parts.iter().map(|part| part.qty_milli).collect::<Vec<_>>(), [3_000, 500]);
        crate::promise::take_out(&mut held, &parts);
        assert_eq!(
            held.iter().map(|of| (of.warehouse.as_str(), of.qty_milli)).collect::<Vec<_>>(),
            [("NB", 500)]
        );
        let mut shipped = parts.clone();
        crate::promise::put_in(&mut shipped, &held);
        assert_eq!(shipped.iter().map(|part| part.qty_milli).collect::<Vec<_>>(), [3_000, 1_000]);
    }

    #[test]
    fn what_stock_lacks_is_taken_from_what_comes_first() {
        let mut free = two_warehouses();
        let supply = |number: &str, day: i8, warehouse: Option<&str>| Supply {
            source: Source::Purchase { number: number.into(), line: 1 },
            warehouse: warehouse.map(str::to_owned),
            free_milli: 4_000,
            date: jiff::civil::date(2026, 6, day),
        };
        free.expect("P", supply("PO-2", 20, None));
        free.expect("P", supply("PO-1", 15, Some("NB")));
        let asked = |qty_milli, warehouse| Wanted { line: 1, product: "P", warehouse, qty_milli };
        let by = |day| Some(jiff::civil::date(2026, 6, day));
        assert_eq!(free.promisable_milli(&asked(0, None), by(14)), 8_000);
        assert_eq!(free.cover(&asked(12_001, None), by(19)), Err(12_000));
        assert_eq!(free.cover(&asked(8_000, Some("SH")), None), Err(7_000));
        let promise = free.cover(&asked(13_000, None), None).unwrap();
        let coming: Vec<(String, i64)> =
            promise.coming.iter().map(|part| (part.source.to_string(), part.qty_milli)).collect();
        assert_eq!(promise.held.iter().map(|part| part.qty_milli).sum::<i64>(), 8_000);
        assert_eq!(coming, [("PO-1/1".to_owned(), 4_000), ("PO-2/1".to_owned(), 1_000)]);
        assert_eq!(promise.date(), by(20));
        assert_eq!(free.promisable_milli(&asked(0, None), None), 3_000);
    }

    #[test]
    fn a_count_below_the_reserved_quantity_frees_nothing() {
        let balance = Balance { on_hand_milli: 1_000, reserved_milli: 5_000, ..Balance::default() };
        let mut free = Free::new(vec!["SH".into(), "NB".into()]);
        free.add("P", "SH", balance.free_milli());
        free.add("P", "NB", 2_000);
        assert_eq!(free.available_milli("P", Some("SH")), 0);
        assert_eq!(free.take(1, "P", None, 2_001), Err(2_000));
        // An order that holds all five of the one that is left.
        free.add("P", "SH", 5_000);
        assert_eq!(free.available_milli("P", Some("SH")), 1_000);
    }

    #[test]
    fn frozen_goods_do_not_leave_and_safety_stock_does() {
        let balance = |frozen_milli, safety_milli| Balance {
            on_hand_milli: 5_000,
            reserved_milli: 5_000,
            frozen_milli,
            safety_milli,
        };
        let part = |qty_milli| Allocation { line: 1, product: "P".into(), warehouse: "SH".into(), qty_milli };
        let gone = |balance: &Balance, qty_milli| {
            let mut free = Free::new(vec!["SH".into()]);
            free.count("P", "SH", balance, 0);
            free.gone(&[part(qty_milli)]).len()
        };
        assert_eq!((gone(&balance(2_000, 0), 3_000), gone(&balance(2_000, 0), 3_001)), (0, 1));
        assert_eq!(gone(&balance(0, 5_000), 5_000), 0);
        assert_eq!(balance(9_000, 0).deliverable_milli(), 0);
    }

    #[test]
    fn what_is_needed_by_a_day_leaves_what_is_early_to_who_asks_early() {
        let day = |day: i8| jiff::civil::date(2026, 6, day);
        let supply = |number: &str, on: i8| Supply {
            source: Source::Purchase { number: number.into(), line: 1 },
            warehouse: None,
            free_milli: 4_000,
            date: day(on),
        };
        let with = |needs: &[(Option<&str>, i8, i64)]| {
            let mut free = two_warehouses();
            free.expect("P", supply("PO-1", 10));
            free.expect("P", supply("PO-2", 20));
            needs.iter().for_each(|(place, by, qty)| free.keep_back("P", *place, day(*by), *qty));
            let of = |by: i8| free.timeline("P", None, day(1)).available_milli(day(by));
            (free.available_milli("P", Some("SH")), free.available_milli("P", Some("NB")), of(10), of(20))
        };
        assert_eq!(with(&[]), (3_000, 5_000, 12_000, 16_000));
        // By what comes before, then by the shelf of its own place, then by the other.
        assert_eq!(with(&[(Some("NB"), 15, 4_000)]), (3_000, 5_000, 8_000, 12_000));
        assert_eq!(with(&[(Some("NB"), 15, 8_000)]), (3_000, 1_000, 4_000, 8_000));
        assert_eq!(with(&[(Some("NB"), 15, 11_000)]), (1_000, 0, 1_000, 5_000));
        // What nothing there is for takes what comes later.
        assert_eq!(with(&[(Some("NB"), 5, 10_000)]), (0, 0, 2_000, 6_000));
        assert_eq!(with(&[(None, 15, 2_000), (None, 25, 6_000)]), (3_000, 5_000, 8_000, 8_000));
    }
}
