//! What an order was promised: what it takes of shelves and supplies, for what day each line is promised, and what
//! becomes of that when goods come, come later, or do not come.

use super::Order;
use crate::promise::{
    BrokenPromise, Incoming, Part, Promise, Source, larger, leave_at, leave_of, put_in, qty_at, qty_of,
};
use crate::stock::Allocation;
use jiff::civil::Date;
use std::borrow::Cow;

impl Order {
    /// What the order takes of the stock for its lines. While a change is reviewed, of each product in each warehouse the
    /// larger of what stands and what is asked for.
    pub fn stock_of_lines(&self) -> Cow<'_, [Allocation]> {
        match &self.standing {
            None => Cow::Borrowed(&self.held),
            Some(standing) => Cow::Owned(larger(&self.held, &standing.held)),
        }
    }

    /// The same of goods that are to come.
    pub fn coming_of_lines(&self) -> Cow<'_, [Incoming]> {
        match &self.standing {
            None => Cow::Borrowed(&self.coming),
            Some(standing) => Cow::Owned(larger(&self.coming, &standing.coming)),
        }
    }

    /// All that the order takes of the stock, what is held to mend a broken promise among it.
    pub fn stock_taken(&self) -> Cow<'_, [Allocation]> {
        with_instead(self.stock_of_lines(), self.broken.iter().map(|broken| &broken.instead.held))
    }

    /// All that the order takes of goods that are to come.
    pub fn coming_taken(&self) -> Cow<'_, [Incoming]> {
        with_instead(self.coming_of_lines(), self.broken.iter().map(|broken| &broken.instead.coming))
    }

    /// What stands behind a line.
    pub fn promise_of(&self, line: u32) -> Promise {
        let held = self.held.iter().filter(|part| part.line == line).cloned().collect();
        let coming = self.coming.iter().filter(|part| part.line == line).cloned().collect();
        Promise { held, coming }
    }

    /// The day for which a line was confirmed, or else is asked for.
    pub fn promised_on(&self, line: u32) -> Option<Date> {
        let asked = || self.content.lines.iter().find(|asked| asked.id == line)?.requested_date;
        self.promised.get(&line).copied().or_else(asked).or(self.content.requested_date)
    }

    /// When the goods of a line will be there as far as anybody knows: later than promised while the promise is broken, and
    /// unknown where nothing stands behind it.
    pub fn expected_on(&self, line: u32) -> Option<Date> {
        let mut broken = self.broken.iter().filter(|of| of.line == line).peekable();
        match broken.peek() {
            None => self.promised_on(line),
            Some(_) => broken.map(|of| of.now).collect::<Option<Vec<_>>>()?.into_iter().max(),
        }
    }

    /// Notes for what day lines are confirmed that wait for goods to come; what was broken before is made anew.
    pub(crate) fn promise_dates(&mut self) {
        self.broken.clear();
        self.promised.clear();
        for part in &self.coming {
            let line = self.content.lines.iter().find(|asked| asked.id == part.line);
            let asked = line.and_then(|line| line.requested_date).or(self.content.requested_date);
            let date = asked.map_or(part.date, |asked| asked.max(part.date));
            let known = self.promised.entry(part.line).or_insert(date);
            *known = date.max(*known);
        }
    }

    /// Goods of a source lie in a warehouse now.
    pub(crate) fn goods_arrive(&mut self, source: &Source, warehouse: &str, qty_milli: i64) {
        let mut came = 0;
        self.each_revision(|promise| came = promise.arrive(source, warehouse, qty_milli).max(came));
        let mut left = qty_milli - came;
        for broken in &mut self.broken {
            left -= broken.instead.arrive(source, warehouse, left);
        }
        self.waits_for_less(source);
    }

    /// What lines wait for no more is late no more; what is proposed for all of it does not fit a part.
    pub(super) fn waits_for_less(&mut self, source: &Source) {
        let waits = |line: u32| {
            let parts = self.coming.iter().filter(|part| part.line == line && part.source == *source);
            parts.map(|part| part.qty_milli).sum::<i64>()
        };
        for broken in self.broken.iter_mut().filter(|of| of.now.is_some() && of.source == *source) {
            let left = waits(broken.line);
            if left < broken.qty_milli {
                broken.qty_milli = left;
                broken.instead = Promise::default();
            }
        }
        self.broken.retain(|broken| broken.qty_milli > 0);
    }

    /// No more than `left_milli` of a source is left for the order, and it comes on `date`.
    pub(crate) fn supply_moves(&mut self, source: &Source, left_milli: i64, date: Option<Date>) {
        let mut kept = 0;
        self.each_revision(|promise| {
            leave_of(&mut promise.coming, source, left_milli);
            kept = qty_of(&promise.coming, source).max(kept);
            date_of(&mut promise.coming, source, date);
        });
        let mut left = left_milli - kept;
        for broken in &mut self.broken {
            let wants = qty_of(&broken.instead.coming, source);
            if wants > left {
                broken.instead = Promise::default();
            } else {
                left -= wants;
                date_of(&mut broken.instead.coming, source, date);
            }
        }
    }

    /// A count found fewer goods in a warehouse: no more than `left_milli` of them is left for the order.
    pub(crate) fn goods_gone(&mut self, place: (&str, &str), left_milli: i64) {
        let mut kept = 0;
        self.each_revision(|promise| {
            leave_at(&mut promise.held, place, left_milli);
            kept = qty_at(&promise.held, place).max(kept);
        });
        let mut left = left_milli - kept;
        for broken in &mut self.broken {
            let wants = qty_at(&broken.instead.held, place);
            if wants > left {
                broken.instead = Promise::default();
            } else {
                left -= wants;
            }
        }
    }

    fn each_revision(&mut self, mut act: impl FnMut(&mut Promise)) {
        let standing = self.standing.as_mut().map(|standing| (&mut standing.held, &mut standing.coming));
        for (held, coming) in std::iter::once((&mut self.held, &mut self.coming)).chain(standing) {
            let mut promise = Promise { held: std::mem::take(held), coming: std::mem::take(coming) };
            act(&mut promise);
            (*held, *coming) = (promise.held, promise.coming);
        }
    }

    /// Somebody has decided about the broken promises of a line: what was held instead stands behind it, or the new day.
    pub(crate) fn settle_promises(&mut self, line: u32, instead: bool) {
        let (settled, rest) = std::mem::take(&mut self.broken).into_iter().partition(|of| of.line == line);
        self.broken = rest;
        for broken in Vec::from_iter::<Vec<BrokenPromise>>(settled) {
            self.settle(broken, instead);
        }
    }

    fn settle(&mut self, broken: BrokenPromise, instead: bool) {
        let date = match (instead, broken.now) {
            (true, _) => broken.instead.date().map_or(broken.promised, |date| date.max(broken.promised)),
            (false, Some(now)) => now,
            (false, None) => return,
        };
        let (line, late) = (broken.line, broken.now.is_some());
        self.each_revision(|promise| {
            if instead && late {
                let waits = |part: &Incoming| part.line == line && part.source == broken.source;
                promise.coming.retain(|part| !waits(part));
            }
        });
        if instead {
            // What stands is what was promised; a revision under review is checked anew before it is confirmed.
            let standing = self.standing.as_mut().map(|standing| (&mut standing.held, &mut standing.coming));
            let (held, coming) = standing.unwrap_or((&mut self.held, &mut self.coming));
            put_in(held, &broken.instead.held);
            put_in(coming, &broken.instead.coming);
        }
        self.promised.insert(line, date);
    }
}

fn date_of(coming: &mut [Incoming], source: &Source, date: Option<Date>) {
    let Some(date) = date else { return };
    coming.iter_mut().filter(|part| part.source == *source).for_each(|part| part.date = date);
}

fn with_instead<'a, P: Part>(lines: Cow<'a, [P]>, instead: impl Iterator<Item = &'a Vec<P>>) -> Cow<'a, [P]> {
    let mut instead = instead.filter(|parts| !parts.is_empty()).peekable();
    if instead.peek().is_none() {
        return lines;
    }
    let mut taken = lines.into_owned();
    instead.for_each(|parts| put_in(&mut taken, parts));
    Cow::Owned(taken)
}
