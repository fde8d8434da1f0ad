//! Promises when the goods behind them move: they come, they come later, or they do not come. A broken promise of a
//! confirmed order has an owner, a proposal that is held for it, and is settled by a person.

use super::Story;
use crate::case::ExceptionKind;
use crate::case::refusal::Refusal;
use jiff::civil::Date;
use ordain_domain::decimal::qty_text;
use ordain_domain::order::{Event as OrderEvent, Order, exchange::Share};
use ordain_domain::promise::{BrokenPromise, Incoming, Promise, Source, leave_at, leave_of, qty_at, qty_of};
use ordain_domain::stock::{Free, Wanted};
use ordain_flow::doc::Party;
use uuid::Uuid;

/// Who sees to it that goods come.
const PLANNING: &str = "planning";

/// Something that concerns what an order was promised.
#[derive(Clone, Debug)]
pub enum PromiseStep {
    /// So much of what comes by a source lies in a warehouse now.
    Arrived { source: Source, warehouse: String, qty_milli: i64 },
    /// So much of what was to come by a source is lost to the order, and what is left comes on a day.
    Moved { source: Source, lost_milli: i64, date: Option<Date> },
    /// A count found fewer goods in a warehouse: so much of what is held there is lost to the order.
    Gone { product: String, warehouse: String, lost_milli: i64 },
}

/// What a person settles the broken promises of a line by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// What is held for it instead.
    Instead,
    /// The day on which the goods come now.
    NewDate,
    /// Goods of another order that needs them no sooner.
    Exchange { with: Uuid },
}

impl Story<'_> {
    pub(super) fn promise(&mut self, step: &PromiseStep) {
        match step {
            PromiseStep::Arrived { source, warehouse, qty_milli } => {
                let (source, warehouse, qty_milli) = (source.clone(), warehouse.clone(), *qty_milli);
                self.order(OrderEvent::GoodsArrived { source, warehouse, qty_milli });
                self.hear();
            }
            PromiseStep::Moved { source, lost_milli, date } => {
                self.supply_moved(source, *lost_milli, *date);
            }
            PromiseStep::Gone { product, warehouse, lost_milli } => {
                self.goods_gone(product, warehouse, *lost_milli);
            }
        }
    }

    pub(super) fn settle_promise(&mut self, line: u32, by: Settlement) -> Result<(), Refusal> {
        if self.case.order.broken.iter().all(|of| of.line != line) {
            return Err(Refusal::PromiseNotBroken);
        }
        match by {
            Settlement::Instead => self.settle_by_offer(line, true),
            Settlement::NewDate => self.settle_by_offer(line, false),
            Settlement::Exchange { with } => self.exchange(line, with),
        }
    }

    /// The other side of an exchange: the order whose goods another one takes.
    pub(super) fn give_for_exchange(&mut self, with: &str, share: &Share) {
        let Share { gives, takes } = share.clone();
        self.order(OrderEvent::PromiseExchanged { with: with.to_owned(), gives, takes });
        self.tell_owners("promise_exchanged");
    }

    /// What is not there cannot stay promised, whatever else there is to say of the order: this is never refused.
    fn supply_moved(&mut self, source: &Source, lost_milli: i64, date: Option<Date>) {
        let order = &self.case.order;
        let left_milli = qty_of(&order.coming_taken(), source) - lost_milli;
        let stands = order.as_it_stands();
        let mut coming = stands.coming.clone();
        let lost = leave_of(&mut coming, source, left_milli);
        // Nobody outside has been told yet of what is only reviewed.
        let firm = order.status.is_firm();
        let broken = lost.iter().filter(|_| firm).map(|part| self.break_promise(part, None));
        let mut broken: Vec<BrokenPromise> = broken.collect();
        for part in coming.iter().filter(|part| firm && part.source == *source) {
            let late = date.filter(|date| self.promised_on(&stands, part) < *date);
            broken.extend(late.map(|date| self.break_promise(part, Some(date))));
        }
        let mut free = self.world.free.clone();
        for old in order.broken.iter().filter(|of| of.now.is_some() && of.source == *source) {
            give_back(&mut free, &old.instead);
        }
        broken.iter_mut().for_each(|of| of.instead = self.instead_of(of, &mut free).unwrap_or_default());
        let evidence = broken.first().map(|of| evidence(of, broken.len()));
        let source = source.clone();
        self.order(OrderEvent::SupplyMoved { source, left_milli, date, broken });
        self.tell_of_broken(evidence);
        // What is reviewed is looked at with what is left of it; it goes on when those who wait are looked at again.
        self.look_again();
    }

    /// Its day has passed and nothing has come: it comes today at the earliest, so whatever was wanted before is broken.
    pub(super) fn supply_is_late(&mut self, key: &str) {
        let source = self.case.order.coming.iter().map(|part| &part.source).find(|of| of.to_string() == key);
        if let Some(source) = source.cloned() {
            let today = self.today();
            self.supply_moved(&source, 0, Some(today));
        }
    }

    /// As of a supply, what is not there cannot stay promised.
    fn goods_gone(&mut self, product: &str, warehouse: &str, lost_milli: i64) {
        let (order, place) = (&self.case.order, (product, warehouse));
        let left_milli = qty_at(&order.stock_taken(), place) - lost_milli;
        let stands = order.as_it_stands();
        let lost = leave_at(&mut stands.held.clone(), place, left_milli);
        let firm = order.status.is_firm();
        let broken = lost.into_iter().filter(|_| firm).map(|part| {
            let source = Source::Stock { warehouse: part.warehouse };
            BrokenPromise {
                line: part.line,
                promised: order.promised_on(part.line).unwrap_or_else(|| self.today()),
                product: part.product,
                source,
                qty_milli: part.qty_milli,
                now: None,
                instead: Promise::default(),
                at_ms: self.by.at_ms,
            }
        });
        let (mut broken, mut free) = (Vec::from_iter(broken), self.world.free.clone());
        broken.iter_mut().for_each(|of| of.instead = self.instead_of(of, &mut free).unwrap_or_default());
        let evidence = broken.first().map(|of| evidence(of, broken.len()));
        let (product, warehouse) = (product.to_owned(), warehouse.to_owned());
        self.order(OrderEvent::GoodsGone { product, warehouse, left_milli, broken });
        self.tell_of_broken(evidence);
        self.look_again();
    }

    fn tell_of_broken(&mut self, evidence: Option<Vec<(&'static str, String)>>) {
        let Some(evidence) = evidence else { return };
        let planning = Party::Department(PLANNING.to_owned());
        self.raise_for(ExceptionKind::PromiseBroken, &planning, &evidence);
        self.tell_owners("promise_broken");
    }

    fn promised_on(&self, order: &Order, part: &Incoming) -> Date {
        order.promised_on(part.line).unwrap_or(part.date)
    }

    fn break_promise(&self, part: &Incoming, now: Option<Date>) -> BrokenPromise {
        BrokenPromise {
            line: part.line,
            product: part.product.clone(),
            source: part.source.clone(),
            qty_milli: part.qty_milli,
            promised: self.promised_on(&self.case.order.as_it_stands(), part),
            now,
            instead: Promise::default(),
            at_ms: self.by.at_ms,
        }
    }

    /// What could stand behind a broken promise: in time if that can be, else as soon as it can, and in any case before
    /// the goods would come by themselves.
    fn instead_of(&self, broken: &BrokenPromise, free: &mut Free) -> Option<Promise> {
        let order = self.case.order.as_it_stands();
        let asked = order.content.lines.iter().find(|asked| asked.id == broken.line)?;
        let wanted = Wanted {
            line: broken.line,
            product: &broken.product,
            warehouse: asked.warehouse.as_deref(),
            qty_milli: broken.qty_milli,
        };
        let before = broken.now.and_then(|now| now.yesterday().ok());
        free.cover(&wanted, Some(broken.promised)).or_else(|_| free.cover(&wanted, before)).ok()
    }

    /// Looks again for what could stand behind broken promises that nothing was found for.
    pub(super) fn propose_again(&mut self) {
        let mut free = self.world.free.clone();
        let bare: Vec<BrokenPromise> =
            self.case.order.broken.iter().filter(|of| of.instead.is_empty()).cloned().collect();
        for broken in bare {
            let Some(instead) = self.instead_of(&broken, &mut free) else { continue };
            let (line, source) = (broken.line, broken.source);
            self.order(OrderEvent::PromiseProposed { line, source, instead });
            self.tell_party("promise_proposed", &Party::Department(PLANNING.to_owned()));
        }
    }

    fn settle_by_offer(&mut self, line: u32, instead: bool) -> Result<(), Refusal> {
        let mut of_line = self.case.order.broken.iter().filter(|of| of.line == line);
        let offered = |of: &BrokenPromise| if instead { !of.instead.is_empty() } else { of.now.is_some() };
        if !of_line.all(offered) {
            return Err(Refusal::NothingInstead);
        }
        self.order(OrderEvent::PromiseSettled { line, instead });
        self.look_again();
        Ok(())
    }

    fn exchange(&mut self, line: u32, with: Uuid) -> Result<(), Refusal> {
        let Some(other) = self.world.other.as_ref().filter(|other| other.id == with) else {
            return Err(Refusal::NotFound);
        };
        let Some(found) = self.case.order.exchange(line, other) else {
            return Err(Refusal::NothingToExchange { with: other.number.clone() });
        };
        let (with, Share { gives, takes }) = (other.number.clone(), found.waiting);
        self.order(OrderEvent::PromiseExchanged { with, gives, takes });
        self.look_again();
        Ok(())
    }
}

fn give_back(free: &mut Free, promise: &Promise) {
    promise.held.iter().for_each(|part| free.add(&part.product, &part.warehouse, part.qty_milli));
    promise.coming.iter().for_each(|part| free.add_coming(&part.product, &part.source, part.qty_milli));
}

/// What the exception tells of the first of them.
fn evidence(broken: &BrokenPromise, count: usize) -> Vec<(&'static str, String)> {
    let mut told = vec![
        ("line", broken.line.to_string()),
        ("product", broken.product.clone()),
        ("quantity", qty_text(broken.qty_milli)),
        ("from", broken.source.to_string()),
        ("promised", broken.promised.to_string()),
        ("broken", count.to_string()),
    ];
    told.extend(broken.now.map(|now| ("now", now.to_string())));
    told
}
