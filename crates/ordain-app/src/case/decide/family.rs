//! One order becomes two, or two become one. Both are changes like any other: each goes through the checks and asks
//! whoever such a change concerns. What is split off is made by the Gate in the same commit; so is the end of an order
//! whose lines were taken over.

use super::examine::examine_beside;
use super::{ChangeAsked, Place, Story};
use crate::case::refusal::Refusal;
use crate::clock::Ids;
use crate::problem::Fault;
use ordain_domain::decimal::{DecimalText, QTY_MILLI_MAX, money_text, qty_text};
use ordain_domain::order::content::LINES_MAX;
use ordain_domain::order::family::{Family, Part, merged};
use ordain_domain::order::fulfilment::Payment;
use ordain_domain::order::{Content, Event as OrderEvent, Line, Order, Origin, Status};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Why an order ended whose lines were taken over.
pub const MERGED: &str = "merged";
/// Where the ids of the other order begin among those of a command.
pub(crate) const OTHER_IDS: u16 = 0x4000;

/// What of a line goes into an order of its own; all of it where no quantity is said.
#[derive(Clone, Debug, Default)]
pub struct SplitLine {
    pub line: Option<u32>,
    pub quantity: Option<DecimalText>,
}

/// What an order has from the one that it was split off.
#[derive(Clone, Debug)]
pub struct PartOf {
    pub family: Family,
    /// The money that went with it.
    pub paid: Option<Payment>,
    /// People who entered what the whole held.
    pub authors: BTreeSet<Uuid>,
}

impl PartOf {
    /// `paid_minor` of what was paid for `whole` goes with the part, as money that came in with the last payment.
    pub(crate) fn of(whole: &Order, number: &str, family: Family, paid_minor: i64) -> Self {
        let last = whole.fulfilment.payments.last().filter(|_| paid_minor > 0);
        let paid = last.map(|last| Payment {
            reference: format!("{} > {number}", whole.number),
            minor: paid_minor,
            ..last.clone()
        });
        Self { family, paid, authors: whole.authors().collect() }
    }
}

impl Story<'_> {
    pub(super) fn split(&mut self, lines: &[SplitLine], reason: &str) -> Result<(), Refusal> {
        self.must_be_under_way()?;
        if self.case.order.is_changing() {
            return Err(Refusal::ChangeUnderReview);
        }
        let (rest, part) = parted(&self.case.order.content, lines).map_err(Refusal::Invalid)?;
        let minor = self.same_in_all(&rest, &part)?;
        let asked =
            ChangeAsked { content: rest, reason: reason.to_owned(), origin: Origin::Sales, direct: true };
        self.ask_for(&asked, Some(Part { content: part, minor }))
    }

    /// What the part comes to; both together come to what the whole came to, or nothing is split.
    fn same_in_all(&self, rest: &Content, part: &Content) -> Result<i64, Refusal> {
        let of = |content: &Content| {
            let checked = examine_beside(content, None, &self.own, self.world, self.by).checked;
            checked.totals.map(|totals| totals.gross)
        };
        let whole = self.case.order.checked.totals.as_ref();
        let Some((whole, (rest, part))) = whole.zip(of(rest).zip(of(part))) else {
            return Err(Refusal::WrongStatus(self.case.order.status));
        };
        if rest + part == whole.gross {
            return Ok(part);
        }
        let fault = Fault::new("split_changes_total", "lines");
        let fault = fault.with("before", money_text(whole.gross, whole.currency));
        Err(Refusal::Invalid(vec![fault.with("after", money_text(rest + part, whole.currency))]))
    }

    /// Notes what becomes an order of its own in this commit.
    pub(super) fn split_off(&mut self, part: Part) {
        let Part { content, minor } = part;
        let id = Ids::from(self.by.id, OTHER_IDS).mint();
        let family = self.case.order.family_of_part(self.case.order.total_minor());
        let (number, content) = (self.world.next_number.clone(), Box::new(content));
        let paid_minor = self.case.order.paid_with_part(minor);
        self.order(OrderEvent::SplitOff { id, number, content, minor, family, paid_minor });
        if paid_minor > 0 {
            self.hold_credit();
        }
    }

    pub(super) fn merge(&mut self, from: Uuid, reason: &str) -> Result<(), Refusal> {
        let Some(other) = self.world.other.as_ref().filter(|other| other.id == from) else {
            return Err(Refusal::NotFound);
        };
        let order = &self.case.order;
        for order in [order, other] {
            must_be_open(order)?;
        }
        let whole =
            merged(&order.content, &other.content, order.content.last_line()).map_err(Refusal::NotAlike)?;
        if other.id == order.id {
            return Err(Refusal::NotAlike(vec!["lines".to_owned()]));
        }
        if whole.lines.len() > LINES_MAX {
            let fault = Fault::new("too_many_items", "lines").with("most", LINES_MAX.to_string());
            return Err(Refusal::Invalid(vec![fault]));
        }
        let authors = other.authors().collect();
        self.order(OrderEvent::MergedIn { id: from, number: other.number.clone(), authors });
        if self.case.order.status.is_editable() {
            return self.edit(&whole, false, &BTreeMap::new());
        }
        let asked =
            ChangeAsked { content: whole, reason: reason.to_owned(), origin: Origin::Sales, direct: true };
        self.request_change(&asked)
    }
}

/// Orders are merged before they are confirmed: what was confirmed, the customer has in writing.
pub(in crate::case) fn is_mergeable(status: Status) -> bool {
    matches!(status, Status::Draft | Status::Incomplete | Status::InReview | Status::AwaitingCustomer)
}

fn must_be_open(order: &Order) -> Result<(), Refusal> {
    if !is_mergeable(order.status) {
        Err(Refusal::WrongStatus(order.status))
    } else if order.on_hold {
        Err(Refusal::OnHold)
    } else if order.fulfilment.is_empty() {
        Ok(())
    } else {
        Err(Refusal::NotAlike(vec!["fulfilment".to_owned()]))
    }
}

/// The new order that a part becomes. It came by the way of the whole, so that the same flow takes it.
pub(crate) fn place_of(whole: &Order, content: &Content) -> Place {
    Place {
        channel: whole.channel.clone(),
        source: Some(serde_json::json!({ "kind": "split", "name": whole.number })),
        content: content.clone(),
        submit: true,
        reasons: BTreeMap::new(),
        entered_later: whole.entered_later.clone(),
    }
}

/// What stays and what goes, or every fault of what is asked for.
fn parted(whole: &Content, lines: &[SplitLine]) -> Result<(Content, Content), Vec<Fault>> {
    let (mut rest, mut part) = (whole.clone(), Content { lines: Vec::new(), ..whole.clone() });
    let (mut faults, mut seen) = (Vec::new(), BTreeSet::new());
    if lines.is_empty() {
        faults.push(Fault::new("missing_field", "lines"));
    }
    for (index, of) in lines.iter().enumerate() {
        let at = |field: &str| format!("lines[{index}].{field}");
        let known = of.line.and_then(|line| rest.lines.iter().position(|known| known.id == line));
        let Some((line, place)) = of.line.zip(known) else {
            let code = match of.line {
                None => "missing_field",
                Some(line) if seen.contains(&line) => "line_id_twice",
                Some(_) => "unknown_line",
            };
            faults.push(Fault::new(code, at("line")));
            continue;
        };
        if !seen.insert(line) {
            faults.push(Fault::new("line_id_twice", at("line")));
            continue;
        }
        match moved(rest.lines.get(place), of.quantity.as_ref()) {
            Some((moved, None)) => {
                part.lines.push(moved);
                rest.lines.remove(place);
            }
            Some((moved, Some(left))) => {
                part.lines.push(moved);
                rest.lines.get_mut(place).into_iter().for_each(|line| *line = left.clone());
            }
            None => {
                let found = of.quantity.as_ref().map_or("", DecimalText::as_str);
                faults.push(Fault::new("more_than_line", at("quantity")).with("found", found));
            }
        }
    }
    if faults.is_empty() && rest.lines.is_empty() {
        faults.push(Fault::new("nothing_stays", "lines"));
    }
    if faults.is_empty() { Ok((rest, part)) } else { Err(faults) }
}

/// A line as it goes, and what of it stays.
fn moved(line: Option<&Line>, quantity: Option<&DecimalText>) -> Option<(Line, Option<Line>)> {
    let line = line?;
    let Some(quantity) = quantity else { return Some((line.clone(), None)) };
    let whole = line.quantity.as_ref()?.scaled(3, QTY_MILLI_MAX).ok()?;
    let moved = quantity.scaled(3, QTY_MILLI_MAX).ok().filter(|moved| *moved > 0 && *moved <= whole)?;
    let of =
        |milli: i64| Some(Line { quantity: DecimalText::try_from(qty_text(milli)).ok(), ..line.clone() });
    let left = (moved < whole).then(|| of(whole - moved)).flatten();
    Some((of(moved)?, left))
}
