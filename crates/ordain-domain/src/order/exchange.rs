//! Two orders exchange what stands behind a product: one was promised goods that come too late for it, the other holds
//! goods on the shelf that it needs no sooner than those come. Shelf and supply hold as much afterwards as before.

use super::Order;
use crate::promise::{Incoming, Promise, put_in, take_out};
use crate::stock::Allocation;
use jiff::civil::Date;

/// What an order gives up, and what it gets for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub gives: Promise,
    pub takes: Promise,
}

/// What two orders exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    /// Of the order that waits for goods that are late.
    pub waiting: Share,
    /// Of the order that has goods to spare until then.
    pub giver: Share,
}

impl Exchange {
    /// How much of a product goes over, in thousandths.
    pub fn qty_milli(&self) -> i64 {
        self.waiting.takes.held.iter().map(|part| part.qty_milli).sum()
    }

    fn add(&mut self, late: &Incoming, spare: &Allocation, qty_milli: i64) {
        let shelf = |line| Allocation { line, qty_milli, ..spare.clone() };
        let supply = |line| Incoming { line, qty_milli, ..late.clone() };
        put_in(&mut self.waiting.gives.coming, &[supply(late.line)]);
        put_in(&mut self.waiting.takes.held, &[shelf(late.line)]);
        put_in(&mut self.giver.gives.held, &[shelf(spare.line)]);
        put_in(&mut self.giver.takes.coming, &[supply(spare.line)]);
    }
}

impl Order {
    /// What this order would exchange with another so that a line whose goods come too late has them in time; none if the
    /// other has nothing that it can spare until then.
    pub fn exchange(&self, line: u32, giver: &Order) -> Option<Exchange> {
        if self.id == giver.id || !self.can_exchange() || !giver.can_exchange() {
            return None;
        }
        let place = self.content.lines.iter().find(|asked| asked.id == line)?.warehouse.as_deref();
        let mut found = Exchange::default();
        for broken in self.broken.iter().filter(|of| of.line == line) {
            let Some(now) = broken.now else { continue };
            let mut spare = giver.spare(&broken.product, place, now);
            take_out(&mut spare, &found.giver.gives.held);
            let waits = |part: &&Incoming| part.line == line && part.source == broken.source;
            for late in self.coming.iter().filter(waits) {
                let mut left = late.qty_milli;
                for part in spare.iter_mut().filter(|part| giver.takes_goods_of(part.line, late)) {
                    let qty_milli = part.qty_milli.min(left);
                    if qty_milli > 0 {
                        found.add(late, part, qty_milli);
                        part.qty_milli -= qty_milli;
                        left -= qty_milli;
                    }
                }
            }
        }
        (found.qty_milli() > 0).then_some(found)
    }

    /// Only what is confirmed, and not being changed, has promises of which a part can go to somebody else.
    fn can_exchange(&self) -> bool {
        self.status.is_firm() && self.standing.is_none()
    }

    /// What is held of a product on shelves, in a warehouse where one is asked for, for lines that are promised for no
    /// earlier day and are not broken themselves; what is needed last comes first.
    fn spare(&self, product: &str, place: Option<&str>, from: Date) -> Vec<Allocation> {
        let fits = |part: &&Allocation| {
            let whole = self.broken.iter().all(|of| of.line != part.line);
            whole && part.product == product && place.is_none_or(|place| place == part.warehouse)
        };
        let day = |part: &Allocation| self.promised_on(part.line).filter(|day| *day >= from);
        let of_day = self.held.iter().filter(fits).filter_map(|part| Some((day(part)?, part.clone())));
        let mut spare: Vec<(Date, Allocation)> = of_day.collect();
        spare.sort_by_key(|(day, _)| std::cmp::Reverse(*day));
        spare.into_iter().map(|(_, part)| part).collect()
    }

    /// Whether goods to come go to the warehouse that a line asks for, as far as either is known.
    fn takes_goods_of(&self, line: u32, coming: &Incoming) -> bool {
        let asked = self.content.lines.iter().find(|asked| asked.id == line);
        let place = asked.and_then(|asked| asked.warehouse.as_deref());
        place.is_none() || coming.warehouse.is_none() || place == coming.warehouse.as_deref()
    }

    /// The exchange has been made. The day for which a line is promised stays.
    pub(crate) fn exchanged(&mut self, gives: &Promise, takes: &Promise) {
        for part in &takes.coming {
            if let Some(day) = self.promised_on(part.line) {
                self.promised.insert(part.line, day);
            }
        }
        take_out(&mut self.held, &gives.held);
        take_out(&mut self.coming, &gives.coming);
        put_in(&mut self.held, &takes.held);
        put_in(&mut self.coming, &takes.coming);
        gives.coming.iter().for_each(|part| self.waits_for_less(&part.source));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Actor;
    use crate::order::event::Received;
    use crate::order::{Content, Line, Status};
    use crate::promise::{BrokenPromise, Source, qty_at, qty_of};
    use proptest::prelude::*;
    use uuid::Uuid;

    const PLACES: [&str; 2] = ["SH", "NB"];

    fn source() -> Source {
        Source::Purchase { number: "PO-31".into(), line: 1 }
    }

    fn day(n: i8) -> Date {
        Date::constant(2026, 12, n)
    }

    /// A confirmed order of one product, with lines for a day and a warehouse.
    fn order(id: u128, lines: &[(i8, Option<usize>)]) -> Order {
        let line = |(at, (on, place)): (usize, &(i8, Option<usize>))| Line {
            id: u32::try_from(at).unwrap() + 1,
            product: Some("P".into()),
            requested_date: Some(day(*on)),
            warehouse: place.map(|place| PLACES[place].to_owned()),
            ..Line::default()
        };
        let content = Content { lines: lines.iter().enumerate().map(line).collect(), ..Content::default() };
        let received = Received {
            id: Uuid::from_u128(id),
            number: format!("SO-{id}"),
            channel: "form".into(),
            source: None,
            receiver: Actor::system("test"),
            content,
            family: Default::default(),
            entered_later: None,
            editors: Default::default(),
        };
        Order { status: Status::Confirmed, ..received.order(0) }
    }

    fn shelf(line: u32, place: usize, qty_milli: i64) -> Allocation {
        Allocation { line, product: "P".into(), warehouse: PLACES[place].into(), qty_milli }
    }

    fn late(order: &mut Order, line: u32, qty_milli: i64, now: i8) {
        let product = "P".to_owned();
        order.coming.push(Incoming {
            line,
            product: product.clone(),
            warehouse: Some("SH".into()),
            qty_milli,
            source: source(),
            date: day(now),
        });
        let (promised, instead, source) = (day(5), Promise::default(), source());
        let now = Some(day(now));
        order.broken.push(BrokenPromise {
            line,
            product,
            source,
            qty_milli,
            promised,
            now,
            instead,
            at_ms: 0,
        });
    }

    fn after(order: &Order, share: &Share) -> Order {
        let mut order = order.clone();
        order.exchanged(&share.gives, &share.takes);
        order
    }

    fn of_line(order: &Order, line: u32) -> i64 {
        order.promise_of(line).qty_of_line(line)
    }

    proptest! {
        #[test]
        fn an_exchange_takes_nothing_from_shelf_or_supply_and_keeps_every_line_whole(
            waits in 1_i64..50, now in 6_i8..20, place in proptest::option::of(0_usize..2),
            lines in proptest::collection::vec((1_i8..28, proptest::option::of(0_usize..2), 0_i64..30, 0_usize..2), 1..5),
        ) {
            let mut waiting = order(1, &[(5, place)]);
            late(&mut waiting, 1, waits, now);
            let asked: Vec<_> = lines.iter().map(|(on, place, ..)| (*on, *place)).collect();
            let mut giver = order(2, &asked);
            let held = (1_u32..).zip(&lines).filter(|(_, (_, _, qty, _))| *qty > 0);
            giver.held = held.map(|(line, (_, _, qty, at))| shelf(line, *at, *qty)).collect();
            let Some(found) = waiting.exchange(1, &giver) else {
                let can_give = |(on, own, qty, at): &(i8, Option<usize>, i64, usize)| {
                    *qty > 0 && *on >= now && own.is_none_or(|own| own == 0) && place.is_none_or(|place| place == *at)
                };
                prop_assert!(!lines.iter().any(can_give), "somebody could have given");
                return Ok(());
            };
            let (got, gave) = (after(&waiting, &found.waiting), after(&giver, &found.giver));
            for at in PLACES {
                let held = |order: &Order| qty_at(&order.stock_taken(), ("P", at));
                prop_assert_eq!(held(&waiting) + held(&giver), held(&got) + held(&gave));
            }
            let comes = |order: &Order| qty_of(&order.coming_taken(), &source());
            prop_assert_eq!(comes(&waiting) + comes(&giver), comes(&got) + comes(&gave));
            prop_assert_eq!(of_line(&waiting, 1), of_line(&got, 1));
            for line in 1..=u32::try_from(lines.len()).unwrap() {
                prop_assert_eq!(of_line(&giver, line), of_line(&gave, line));
                prop_assert_eq!(giver.promised_on(line), gave.promised_on(line));
                let waits_in_vain = gave.coming.iter().any(|part| part.line == line && Some(part.date) > gave.promised_on(line));
                prop_assert!(!waits_in_vain);
            }
            prop_assert_eq!(got.broken.iter().map(|of| of.qty_milli).sum::<i64>(), waits - found.qty_milli());
            prop_assert!(got.held.iter().all(|part| place.is_none_or(|place| PLACES[place] == part.warehouse)));
        }
    }

    #[test]
    fn what_is_changed_broken_itself_or_not_confirmed_gives_nothing() {
        let mut waiting = order(1, &[(5, None)]);
        late(&mut waiting, 1, 10, 9);
        let mut giver = order(2, &[(9, None)]);
        giver.held = vec![shelf(1, 0, 10)];
        assert_eq!(waiting.exchange(1, &giver).map(|found| found.qty_milli()), Some(10));
        let with = |change: fn(&mut Order)| {
            let mut giver = giver.clone();
            change(&mut giver);
            waiting.exchange(1, &giver)
        };
        assert_eq!(with(|giver| giver.status = Status::InReview), None);
        assert_eq!(with(|giver| giver.content.lines[0].requested_date = Some(day(8))), None);
        assert_eq!(with(|giver| late(giver, 1, 1, 9)), None);
        assert_eq!(with(|giver| giver.id = Uuid::from_u128(1)), None);
        let mut gone = waiting.clone();
        gone.broken[0].now = None;
        assert_eq!(gone.exchange(1, &giver), None, "there is nothing to give for it");
        assert_eq!(waiting.exchange(2, &giver), None, "no such line");
    }
}
