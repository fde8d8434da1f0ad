//! Capable to promise: when a product that is not there can be made, out of what it is made of, level by level.
//!
//! Nothing is held here; each question is answered by itself, so two of them may count on the same parts.

use crate::atp::Timeline;
use crate::bom::Component;
use jiff::Span;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Deeper than any bill of material goes.
const LEVELS_MAX: usize = 20;

/// How a product is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    pub components: Vec<Component>,
    /// Days from the last part to the finished product.
    pub days: i64,
}

/// What there is, what comes, and what can be made, by product.
#[derive(Clone, Debug, Default)]
pub struct Means {
    pub timelines: BTreeMap<String, Timeline>,
    pub recipes: BTreeMap<String, Recipe>,
}

/// What making a quantity needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    pub parts: Vec<MaterialPart>,
    pub days: i64,
    /// When it can be made; none if some part is neither there nor coming.
    pub made: Option<Date>,
}

/// A component, at the first level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaterialPart {
    pub product: String,
    pub need_milli: i64,
    pub free_milli: i64,
    pub date: Option<Date>,
}

impl Means {
    /// What making a quantity of a product needs, its parts made from theirs where they are not there; nothing for one
    /// that is not made.
    pub fn material(&self, product: &str, qty_milli: i64, today: Date) -> Option<Material> {
        self.at_level(product, qty_milli, today, 0)
    }

    fn at_level(&self, product: &str, qty_milli: i64, today: Date, level: usize) -> Option<Material> {
        let recipe =
            self.recipes.get(product).filter(|of| level < LEVELS_MAX && !of.components.is_empty())?;
        let part = |component: &Component| {
            let need_milli = component.need_milli(qty_milli);
            let of = self.timelines.get(&component.product);
            let free_milli = of.map_or(0, |of| of.available_milli(today));
            let mut date = of.and_then(|of| of.earliest(need_milli));
            if date.is_none_or(|date| date > today) {
                let lacks = need_milli - free_milli;
                let made = self.at_level(&component.product, lacks, today, level + 1).and_then(|of| of.made);
                date = earlier(date, made);
            }
            MaterialPart { product: component.product.clone(), need_milli, free_milli, date }
        };
        let parts: Vec<MaterialPart> = recipe.components.iter().map(part).collect();
        let ready = parts.iter().map(|part| part.date).collect::<Option<Vec<Date>>>();
        let last = ready.and_then(|dates| dates.into_iter().max());
        let made = last.map(|date| date.saturating_add(Span::new().days(recipe.days)));
        Some(Material { parts, days: recipe.days, made })
    }
}

/// The earlier of two days, where there are two.
pub fn earlier(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atp::{Flow, Supply};
    use jiff::civil::date;

    const TODAY: Date = date(2026, 6, 1);

    type Row<'a> = (&'a str, i64, &'a [(&'a str, i64)]);

    fn means(rows: &[Row<'_>], stock: &[(&str, i64)]) -> Means {
        let component = |(product, qty_milli): &(&str, i64)| Component {
            product: (*product).to_owned(),
            qty_milli: *qty_milli,
        };
        let recipe = |(product, days, parts): &Row<'_>| {
            ((*product).to_owned(), Recipe { components: parts.iter().map(component).collect(), days: *days })
        };
        let shelf = |(product, free): &(&str, i64)| {
            ((*product).to_owned(), Timeline::new(TODAY, vec![("SH".into(), *free)], Vec::new()))
        };
        Means { timelines: stock.iter().map(shelf).collect(), recipes: rows.iter().map(recipe).collect() }
    }

    #[test]
    fn parts_that_are_not_there_are_made_from_theirs() {
        let rows: &[Row<'_>] =
            &[("pump", 4, &[("motor", 1_000), ("screw", 8_000)]), ("motor", 2, &[("coil", 2_000)])];
        let mut known = means(rows, &[("motor", 3_000), ("screw", 80_000), ("coil", 10_000)]);
        // 3 motors are there, 2 are made of 4 coils.
        let made = known.material("pump", 5_000, TODAY).unwrap();
        let told: Vec<(i64, Option<Date>)> =
            made.parts.iter().map(|part| (part.free_milli, part.date)).collect();
        assert_eq!(told, [(3_000, Some(date(2026, 6, 3))), (80_000, Some(TODAY))]);
        assert_eq!(made.made, Some(date(2026, 6, 7)));
        // No coils for more, but some motors come.
        assert_eq!(known.material("pump", 9_000, TODAY).unwrap().made, None);
        let supply = Some(Supply::Purchase { number: "PO-1".into(), line: 1 });
        let flow = Flow { date: date(2026, 6, 20), qty_milli: 9_000, supply };
        let line = Timeline::new(TODAY, vec![("SH".into(), 3_000)], vec![flow]);
        known.timelines.insert("motor".to_owned(), line);
        assert_eq!(known.material("pump", 9_000, TODAY).unwrap().made, Some(date(2026, 6, 24)));
        assert_eq!(known.material("coil", 1_000, TODAY), None);
    }

    #[test]
    fn a_circle_comes_to_no_end_and_to_no_date() {
        let known = means(&[("a", 1, &[("b", 1_000)]), ("b", 1, &[("a", 1_000)])], &[]);
        assert_eq!(known.material("a", 1_000, TODAY).unwrap().made, None);
    }
}
