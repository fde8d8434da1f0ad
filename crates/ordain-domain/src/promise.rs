//! What stands behind the lines of an order: goods on the shelf, and goods that are still to come.
//!
//! A promise names its sources, so that it can be found when one of them moves. Nothing is promised twice: of a supply
//! as of a shelf only what is left of it is given away.

use crate::stock::Allocation;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What goods come by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Purchase {
        number: String,
        line: i64,
    },
    Work {
        number: String,
    },
    /// Goods that lay in a warehouse until a count found fewer.
    Stock {
        warehouse: String,
    },
}

impl Source {
    pub fn kind(&self) -> &'static str {
        match self {
            Source::Purchase { .. } => "purchase",
            Source::Work { .. } => "work",
            Source::Stock { .. } => "stock",
        }
    }

    /// Of a purchase or work order; of stock the warehouse.
    pub fn number(&self) -> &str {
        match self {
            Source::Purchase { number, .. } | Source::Work { number } => number,
            Source::Stock { warehouse } => warehouse,
        }
    }

    /// Only a purchase has several lines.
    pub fn line(&self) -> i64 {
        match self {
            Source::Purchase { line, .. } => *line,
            Source::Work { .. } | Source::Stock { .. } => 1,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Purchase { number, line } => write!(f, "{number}/{line}"),
            Source::Work { number } => f.write_str(number),
            Source::Stock { warehouse } => f.write_str(warehouse),
        }
    }
}

/// Goods on their way, as far as nobody was promised them, in thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supply {
    pub source: Source,
    /// Where they go to; not yet known if absent.
    pub warehouse: Option<String>,
    /// Below zero where less comes than was promised.
    pub free_milli: i64,
    pub date: Date,
}

/// A quantity of a line that comes by a source, in thousandths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incoming {
    pub line: u32,
    pub product: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warehouse: Option<String>,
    pub qty_milli: i64,
    pub source: Source,
    pub date: Date,
}

/// What stands behind lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Promise {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Allocation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coming: Vec<Incoming>,
}

impl Promise {
    pub fn is_empty(&self) -> bool {
        self.held.is_empty() && self.coming.is_empty()
    }

    pub fn extend(&mut self, more: Promise) {
        self.held.extend(more.held);
        self.coming.extend(more.coming);
    }

    pub fn qty_of_line(&self, line: u32) -> i64 {
        let held = self.held.iter().filter(|part| part.line == line).map(|part| part.qty_milli);
        let coming = self.coming.iter().filter(|part| part.line == line).map(|part| part.qty_milli);
        held.chain(coming).sum()
    }

    /// The day on which the last of it is there; none if all of it lies on the shelf.
    pub fn date(&self) -> Option<Date> {
        self.coming.iter().map(|part| part.date).max()
    }

    /// Goods of a source that lie in a warehouse now, at most so many; gives how many.
    pub(crate) fn arrive(&mut self, source: &Source, warehouse: &str, qty_milli: i64) -> i64 {
        let came = take_of(&mut self.coming, source, qty_milli);
        let shelved: Vec<Allocation> = came.iter().map(|part| part.shelved(warehouse)).collect();
        put_in(&mut self.held, &shelved);
        came.iter().map(|part| part.qty_milli).sum()
    }
}

impl Incoming {
    fn shelved(&self, warehouse: &str) -> Allocation {
        Allocation {
            line: self.line,
            product: self.product.clone(),
            warehouse: warehouse.to_owned(),
            qty_milli: self.qty_milli,
        }
    }
}

/// A promise of a confirmed order that cannot be kept as it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenPromise {
    pub line: u32,
    pub product: String,
    pub source: Source,
    pub qty_milli: i64,
    /// The day for which it was made.
    pub promised: Date,
    /// When the goods come now; absent if they do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Date>,
    /// What could stand behind it instead: held for it until somebody decides.
    #[serde(default, skip_serializing_if = "Promise::is_empty")]
    pub instead: Promise,
    pub at_ms: i64,
}

/// A quantity of a line that is taken out of a pool.
pub(crate) trait Part: Clone {
    type Pool: Ord;
    fn line(&self) -> u32;
    fn pool(&self) -> Self::Pool;
    fn qty_milli(&self) -> i64;
    fn set_qty_milli(&mut self, qty_milli: i64);
}

impl Part for Allocation {
    type Pool = (String, String);

    fn line(&self) -> u32 {
        self.line
    }

    fn pool(&self) -> Self::Pool {
        (self.product.clone(), self.warehouse.clone())
    }

    fn qty_milli(&self) -> i64 {
        self.qty_milli
    }

    fn set_qty_milli(&mut self, qty_milli: i64) {
        self.qty_milli = qty_milli;
    }
}

impl Part for Incoming {
    type Pool = Source;

    fn line(&self) -> u32 {
        self.line
    }

    fn pool(&self) -> Source {
        self.source.clone()
    }

    fn qty_milli(&self) -> i64 {
        self.qty_milli
    }

    fn set_qty_milli(&mut self, qty_milli: i64) {
        self.qty_milli = qty_milli;
    }
}

fn same_place<P: Part>(one: &P, other: &P) -> bool {
    one.line() == other.line() && one.pool() == other.pool()
}

/// Takes parts out of what is held.
pub(crate) fn take_out<P: Part>(held: &mut Vec<P>, parts: &[P]) {
    for part in parts {
        let mut left = part.qty_milli();
        for of in held.iter_mut().filter(|of| same_place(*of, part)) {
            let taken = of.qty_milli().min(left);
            of.set_qty_milli(of.qty_milli() - taken);
            left -= taken;
        }
    }
    held.retain(|of| of.qty_milli() > 0);
}

/// Adds parts to others, one entry for each line and place.
pub(crate) fn put_in<P: Part>(into: &mut Vec<P>, parts: &[P]) {
    for part in parts {
        match into.iter_mut().find(|of| same_place(*of, part)) {
            Some(of) => of.set_qty_milli(of.qty_milli() + part.qty_milli()),
            None => into.push(part.clone()),
        }
    }
}

/// Of each pool the larger of what two revisions take, so that either can come true and nothing is taken twice.
pub(crate) fn larger<P: Part>(now: &[P], standing: &[P]) -> Vec<P> {
    let mut missing: BTreeMap<P::Pool, i64> = BTreeMap::new();
    for (part, sign) in standing.iter().map(|part| (part, 1)).chain(now.iter().map(|part| (part, -1))) {
        *missing.entry(part.pool()).or_default() += sign * part.qty_milli();
    }
    let mut taken = now.to_vec();
    for old in standing {
        let Some(left) = missing.get_mut(&old.pool()).filter(|left| **left > 0) else { continue };
        let own = taken.iter_mut().find(|part| same_place(*part, old));
        let has = own.as_ref().map_or(0, |part| part.qty_milli());
        let more = (*left).min(old.qty_milli() - has).max(0);
        *left -= more;
        match own {
            Some(part) => part.set_qty_milli(has + more),
            None if more > 0 => {
                let mut part = old.clone();
                part.set_qty_milli(more);
                taken.push(part);
            }
            None => {}
        }
    }
    taken
}

/// Takes at most so much of a source out of what comes, the first lines first; gives what was taken.
fn take_of(coming: &mut Vec<Incoming>, source: &Source, qty_milli: i64) -> Vec<Incoming> {
    let mut left = qty_milli;
    let mut taken = Vec::new();
    for part in coming.iter_mut().filter(|part| part.source == *source) {
        let qty_milli = part.qty_milli.min(left).max(0);
        part.qty_milli -= qty_milli;
        left -= qty_milli;
        if qty_milli > 0 {
            taken.push(Incoming { qty_milli, ..part.clone() });
        }
    }
    coming.retain(|part| part.qty_milli > 0);
    taken
}

/// Leaves at most so much of a source, to the first lines first; gives what is lost.
pub fn leave_of(coming: &mut Vec<Incoming>, source: &Source, left_milli: i64) -> Vec<Incoming> {
    let kept = take_of(coming, source, left_milli);
    let lost = take_of(coming, source, i64::MAX);
    put_in(coming, &kept);
    lost
}

/// Leaves at most so much of what is held of a product in a warehouse, to the first lines first; gives what is lost.
pub fn leave_at(
    held: &mut Vec<Allocation>,
    (product, warehouse): (&str, &str),
    left_milli: i64,
) -> Vec<Allocation> {
    let (mut left, mut lost) = (left_milli.max(0), Vec::new());
    let here = |part: &&mut Allocation| part.product == product && part.warehouse == warehouse;
    for part in held.iter_mut().filter(here) {
        let kept = part.qty_milli.min(left);
        left -= kept;
        if kept < part.qty_milli {
            lost.push(Allocation { qty_milli: part.qty_milli - kept, ..part.clone() });
            part.qty_milli = kept;
        }
    }
    held.retain(|part| part.qty_milli > 0);
    lost
}

/// How much is held of a product in a warehouse.
pub fn qty_at(held: &[Allocation], (product, warehouse): (&str, &str)) -> i64 {
    let here = held.iter().filter(|part| part.product == product && part.warehouse == warehouse);
    here.map(|part| part.qty_milli).sum()
}

/// How much of a source there is among what comes.
pub fn qty_of(coming: &[Incoming], source: &Source) -> i64 {
    coming.iter().filter(|part| part.source == *source).map(|part| part.qty_milli).sum()
}

/// What each of those who were promised a supply loses when no more than `open_milli` comes. `shares` stand in the order
/// in which they are served: whoever comes last loses first.
pub fn losses(shares: &[i64], open_milli: i64) -> Vec<i64> {
    let mut left = open_milli.max(0);
    let lost = |share: &i64| {
        let kept = left.min(*share);
        left -= kept;
        share - kept
    };
    shares.iter().map(lost).collect()
}
