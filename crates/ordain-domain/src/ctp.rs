//! Capable to promise: when a product that is not there can be made, out of what it is made of, level by level, and by a
//! work centre behind all that is planned there.
//!
//! Nothing is held here; each question is answered by itself, so two of them may count on the same parts.

use crate::atp::Timeline;
use crate::bom::Component;
use crate::calendar::Calendar;
use jiff::Span;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Deeper than any bill of material goes.
const LEVELS_MAX: usize = 20;

/// How a product is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    pub components: Vec<Component>,
    /// Days from the last part, or from the work, to the finished product.
    pub days: i64,
    /// Where it is made, and how long one takes there, in thousandths of a minute.
    pub work: Option<(String, i64)>,
}

/// Where things are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Centre {
    /// Of a working day.
    pub daily_minutes: i64,
    /// What planned and released work takes.
    pub load_minutes: i64,
}

impl Centre {
    /// The day on which work is done whose parts are at hand on a day, behind all that is planned.
    pub fn done(&self, calendar: &Calendar, (today, ready): (Date, Date), minutes: i64) -> Option<Date> {
        let behind = calendar.working_day(today, self.days(self.load_minutes.saturating_add(minutes))?)?;
        let work = calendar.working_day(ready.max(today), self.days(minutes)?)?;
        Some(behind.max(work))
    }

    /// The last day that is taken by what is planned; none if nothing is, or it never ends.
    pub fn full_until(&self, calendar: &Calendar, today: Date) -> Option<Date> {
        let days = self.days(self.load_minutes).filter(|_| self.load_minutes > 0)?;
        calendar.working_day(today, days)
    }

    fn days(&self, minutes: i64) -> Option<i64> {
        (self.daily_minutes > 0).then(|| (minutes - 1).max(0) / self.daily_minutes + 1)
    }
}

/// What there is, what comes, and what can be made, by product.
#[derive(Clone, Debug, Default)]
pub struct Means {
    pub timelines: BTreeMap<String, Timeline>,
    pub recipes: BTreeMap<String, Recipe>,
    pub centres: BTreeMap<String, Centre>,
}

/// What making a quantity needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    pub parts: Vec<MaterialPart>,
    pub days: i64,
    /// When the last of the parts is there; none if one is neither there nor coming.
    pub ready: Option<Date>,
    /// The work that it takes, where a work centre makes it.
    pub work: Option<Work>,
    /// When it can be made; none if some part is neither there nor coming.
    pub made: Option<Date>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    pub centre: String,
    pub minutes: i64,
    /// What is planned there before it.
    pub load_minutes: i64,
    pub daily_minutes: i64,
    /// The last day that is taken by it; none if nothing is planned, or it never ends.
    pub full_until: Option<Date>,
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
    pub fn material(&self, product: &str, qty_milli: i64, on: (&Calendar, Date)) -> Option<Material> {
        self.at_level(product, qty_milli, on, 0)
    }

    fn at_level(
        &self,
        product: &str,
        qty_milli: i64,
        (calendar, today): (&Calendar, Date),
        level: usize,
    ) -> Option<Material> {
        let recipe =
            self.recipes.get(product).filter(|of| level < LEVELS_MAX && !of.components.is_empty())?;
        let part = |component: &Component| {
            let need_milli = component.need_milli(qty_milli);
            let of = self.timelines.get(&component.product);
            let free_milli = of.map_or(0, |of| of.available_milli(today));
            let mut date = of.and_then(|of| of.earliest(need_milli));
            if date.is_none_or(|date| date > today) {
                let lacks = need_milli - free_milli;
                let below = self.at_level(&component.product, lacks, (calendar, today), level + 1);
                let made = below.and_then(|of| of.made);
                date = earlier(date, made);
            }
            MaterialPart { product: component.product.clone(), need_milli, free_milli, date }
        };
        let parts: Vec<MaterialPart> = recipe.components.iter().map(part).collect();
        let ready = parts.iter().map(|part| part.date).collect::<Option<Vec<Date>>>();
        let ready = ready.and_then(|dates| dates.into_iter().max());
        let work = self.work(recipe, qty_milli, (calendar, today));
        let done = match &work {
            None => ready,
            Some((centre, work)) => ready.and_then(|day| centre.done(calendar, (today, day), work.minutes)),
        };
        let made = done.map(|date| date.saturating_add(Span::new().days(recipe.days)));
        Some(Material { parts, ready, days: recipe.days, work: work.map(|(_, work)| work), made })
    }

    fn work(
        &self,
        recipe: &Recipe,
        qty_milli: i64,
        (calendar, today): (&Calendar, Date),
    ) -> Option<(&Centre, Work)> {
        let (code, minutes_milli) = recipe.work.as_ref()?;
        let centre = self.centres.get(code)?;
        let minutes = work_minutes(qty_milli, *minutes_milli);
        let (load_minutes, daily_minutes) = (centre.load_minutes, centre.daily_minutes);
        let full_until = centre.full_until(calendar, today);
        Some((centre, Work { centre: code.clone(), minutes, load_minutes, daily_minutes, full_until }))
    }
}

/// What a quantity takes, in whole minutes, rounded up.
pub fn work_minutes(qty_milli: i64, minutes_milli: i64) -> i64 {
    let minutes = (i128::from(qty_milli) * i128::from(minutes_milli) + 999_999) / 1_000_000;
    i64::try_from(minutes).unwrap_or(i64::MAX)
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

    /// A Monday.
    const TODAY: Date = date(2026, 6, 1);

    fn calendar() -> Calendar {
        Calendar::new(crate::calendar::CalendarRules::default()).unwrap()
    }

    type Row<'a> = (&'a str, i64, &'a [(&'a str, i64)]);

    fn means(rows: &[Row<'_>], stock: &[(&str, i64)]) -> Means {
        let component = |(product, qty_milli): &(&str, i64)| Component {
            product: (*product).to_owned(),
            qty_milli: *qty_milli,
        };
        let recipe = |(product, days, parts): &Row<'_>| {
            (
                (*product).to_owned(),
                Recipe { components: parts.iter().map(component).collect(), days: *days, work: None },
            )
        };
        let shelf = |(product, free): &(&str, i64)| {
            ((*product).to_owned(), Timeline::new(TODAY, vec![("SH".into(), *free)], Vec::new()))
        };
        let (timelines, recipes) = (stock.iter().map(shelf).collect(), rows.iter().map(recipe).collect());
        Means { timelines, recipes, centres: BTreeMap::new() }
    }

    #[test]
    fn parts_that_are_not_there_are_made_from_theirs() {
        let rows: &[Row<'_>] =
            &[("pump", 4, &[("motor", 1_000), ("screw", 8_000)]), ("motor", 2, &[("coil", 2_000)])];
        let mut known = means(rows, &[("motor", 3_000), ("screw", 80_000), ("coil", 10_000)]);
        // 3 motors are there, 2 are made of 4 coils.
        let made = known.material("pump", 5_000, (&calendar(), TODAY)).unwrap();
        let told: Vec<(i64, Option<Date>)> =
            made.parts.iter().map(|part| (part.free_milli, part.date)).collect();
        assert_eq!(told, [(3_000, Some(date(2026, 6, 3))), (80_000, Some(TODAY))]);
        assert_eq!(made.made, Some(date(2026, 6, 7)));
        // No coils for more, but some motors come.
        assert_eq!(known.material("pump", 9_000, (&calendar(), TODAY)).unwrap().made, None);
        let supply = Some(Supply::Purchase { number: "PO-1".into(), line: 1 });
        let flow = Flow { date: date(2026, 6, 20), qty_milli: 9_000, supply };
        let line = Timeline::new(TODAY, vec![("SH".into(), 3_000)], vec![flow]);
        known.timelines.insert("motor".to_owned(), line);
        assert_eq!(
            known.material("pump", 9_000, (&calendar(), TODAY)).unwrap().made,
            Some(date(2026, 6, 24))
        );
        assert_eq!(known.material("coil", 1_000, (&calendar(), TODAY)), None);
    }

    #[test]
    fn a_work_centre_makes_it_behind_what_is_planned_there_on_working_days() {
        let mut known = means(&[("pump", 0, &[("screw", 1_000)])], &[("screw", 80_000)]);
        known.centres.insert("L1".to_owned(), Centre { daily_minutes: 480, load_minutes: 960 });
        known.recipes.get_mut("pump").unwrap().work = Some(("L1".to_owned(), 48_000));
        let made = |known: &Means, qty| known.material("pump", qty, (&calendar(), TODAY)).unwrap().made;
        // Two days are taken; ten pieces fill the third, eleven need the fourth, forty go beyond the weekend.
        assert_eq!(made(&known, 10_000), Some(date(2026, 6, 3)));
        assert_eq!(made(&known, 11_000), Some(date(2026, 6, 4)));
        assert_eq!(made(&known, 40_000), Some(date(2026, 6, 8)));
        assert_eq!(work_minutes(1, 1), 1);
        // Parts that come later than the centre is free decide.
        let supply = Some(Supply::Work { number: "WO-1".into() });
        let flow = Flow { date: date(2026, 6, 10), qty_milli: 90_000, supply };
        known.timelines.insert("screw".to_owned(), Timeline::new(TODAY, Vec::new(), vec![flow]));
        assert_eq!(made(&known, 11_000), Some(date(2026, 6, 11)));
    }

    #[test]
    fn a_circle_comes_to_no_end_and_to_no_date() {
        let known = means(&[("a", 1, &[("b", 1_000)]), ("b", 1, &[("a", 1_000)])], &[]);
        assert_eq!(known.material("a", 1_000, (&calendar(), TODAY)).unwrap().made, None);
    }
}
