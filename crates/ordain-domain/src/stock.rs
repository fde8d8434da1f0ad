//! Stock available to promise today, and which warehouse backs which line.

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

/// Free stock of the products of one order, warehouses in the company's order of preference.
///
/// Taking from it is how two lines of one order, and two orders of one batch, see each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Free {
    warehouses: Vec<String>,
    free_milli: BTreeMap<(String, String), i64>,
}

impl Free {
    /// `warehouses` in order of preference.
    pub fn new(warehouses: Vec<String>) -> Self {
        Self { warehouses, free_milli: BTreeMap::new() }
    }

    pub fn add(&mut self, product: &str, warehouse: &str, free_milli: i64) {
        *self.free_milli.entry((product.to_owned(), warehouse.to_owned())).or_default() += free_milli;
    }

    pub fn knows_warehouse(&self, warehouse: &str) -> bool {
        self.warehouses.iter().any(|w| w == warehouse)
    }

    fn at(&self, product: &str, warehouse: &str) -> i64 {
        self.free_milli.get(&(product.to_owned(), warehouse.to_owned())).copied().unwrap_or(0).max(0)
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
            let Some(free) = self.free_milli.get_mut(&(product.to_owned(), candidate.clone())) else {
                continue;
            };
            let part = left.min(*free);
            if part > 0 {
                *free -= part;
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
}
