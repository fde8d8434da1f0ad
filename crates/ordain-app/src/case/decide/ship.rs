//! Goods leave: only of what was confirmed last, once the deposit is there and the invoice can be made out, and never
//! more of them than was promised and has not left yet.

use super::Story;
use super::fulfil::{said, ships};
use crate::case::refusal::Refusal;
use crate::problem::Fault;
use ordain_domain::check::invoice_faults;
use ordain_domain::decimal::{DecimalText, QTY_MILLI_MAX, qty_text};
use ordain_domain::master::UNIT_MILLI;
use ordain_domain::order::fulfilment::{ReleaseObstacle, Shipment, ShippedLine};
use ordain_domain::order::{Event as OrderEvent, Order};
use ordain_domain::promise::Source;
use ordain_domain::stock::{Allocation, pick};
use std::collections::BTreeMap;

/// A quantity of a line that leaves; without a warehouse from wherever it is held.
#[derive(Clone, Debug, Default)]
pub struct ShipLine {
    pub line: Option<u32>,
    pub quantity: Option<DecimalText>,
    pub warehouse: Option<String>,
}

/// Everything that keeps the goods of a confirmed order in the warehouse.
pub fn release_obstacles(order: &Order) -> Vec<ReleaseObstacle> {
    let invoice = invoice_faults(&order.content.invoice);
    let wrong = invoice.into_iter().map(|finding| ReleaseObstacle::InvoiceData(finding.path));
    order.deposit_obstacle().into_iter().chain(wrong).collect()
}

impl Story<'_> {
    pub(super) fn ship(
        &mut self,
        revision: u32,
        lines: &[ShipLine],
        carrier: Option<&str>,
        note: Option<&str>,
    ) -> Result<(), Refusal> {
        let order = &self.case.order;
        if revision != order.revision {
            return Err(Refusal::RevisionSuperseded { asked: revision, current: order.revision });
        }
        self.must_be(ships)?;
        self.must_not_be_on_hold()?;
        if order.is_changing() {
            return Err(Refusal::ChangeUnderReview);
        }
        let obstacles = release_obstacles(order);
        if !obstacles.is_empty() {
            return Err(Refusal::NotReleased { obstacles, currency: self.currency() });
        }
        let (shipped, parts) = self.picked(lines)?;
        let id = u32::try_from(order.fulfilment.shipments.len()).unwrap_or(u32::MAX).saturating_add(1);
        let reference = format!("{}/{id}", order.number);
        // The last goods take what rounding, or a change since, has left.
        let value_minor = if self.is_last(&shipped) {
            order.total_minor() - order.fulfilment.shipped_minor()
        } else {
            shipped.iter().map(|line| order.value_minor(line.line, line.qty_milli)).sum()
        };
        let shipment = Shipment {
            id,
            revision,
            value_minor,
            lines: shipped,
            carrier: said(carrier),
            note: said(note),
            on: self.today(),
            by: self.by.actor.clone(),
            at_ms: self.by.at_ms,
        };
        self.order(OrderEvent::Shipped { shipment: Box::new(shipment) });
        self.order(OrderEvent::GoodsShipped { reference, parts });
        if self.case.order.is_shipped() {
            self.order(OrderEvent::Completed);
        }
        Ok(())
    }

    /// Whether nothing is left of the order once these have gone.
    fn is_last(&self, shipped: &[ShippedLine]) -> bool {
        let mut left = self.case.order.unshipped_milli();
        for line in shipped {
            left.entry(line.line).and_modify(|left| *left -= line.qty_milli);
        }
        left.values().all(|left| *left == 0)
    }

    /// The lines that leave and from where, or every fault of them.
    fn picked(&self, lines: &[ShipLine]) -> Result<(Vec<ShippedLine>, Vec<Allocation>), Refusal> {
        let (mut faults, mut asked) = (Vec::new(), BTreeMap::new());
        let left = self.case.order.unshipped_milli();
        if lines.is_empty() {
            faults.push(Fault::new("missing_field", "lines"));
        }
        for (index, of) in lines.iter().enumerate() {
            let at = |field: &str| format!("lines[{index}].{field}");
            let qty_milli = quantity(of.quantity.as_ref(), at("quantity"), &mut faults);
            let Some((line, open)) = of.line.and_then(|line| Some((line, *left.get(&line)?))) else {
                let code = if of.line.is_some() { "unknown_line" } else { "missing_field" };
                faults.push(Fault::new(code, at("line")));
                continue;
            };
            match qty_milli {
                Some(qty_milli) if qty_milli > open => faults.push(more_than(open, qty_milli, index)),
                Some(qty_milli) if self.splits_a_piece(line, qty_milli) => {
                    faults.push(Fault::new("not_whole", at("quantity")).with("found", qty_text(qty_milli)));
                }
                Some(qty_milli) => {
                    let twice = asked.insert(line, (index, qty_milli, of.warehouse.as_deref())).is_some();
                    faults.extend(twice.then(|| Fault::new("line_id_twice", at("line"))));
                }
                None => {}
            }
        }
        let fits = |part: &&Allocation| {
            let wanted = asked.get(&part.line).and_then(|(_, _, warehouse)| *warehouse);
            wanted.is_none_or(|warehouse| warehouse == part.warehouse)
        };
        let held: Vec<Allocation> = self.case.order.held.iter().filter(fits).cloned().collect();
        let wanted: Vec<(u32, i64)> =
            asked.iter().map(|(line, (_, qty_milli, _))| (*line, *qty_milli)).collect();
        let picked = pick(&held, &wanted).unwrap_or_else(|short| {
            let fault = |(line, there): (u32, i64)| {
                let (index, qty_milli, _) = asked.get(&line).copied()?;
                Some(self.frozen(line, index).unwrap_or_else(|| more_than(there, qty_milli, index)))
            };
            faults.extend(short.into_iter().filter_map(fault));
            Vec::new()
        });
        for part in self.world.free.gone(&picked) {
            let Some((index, _, _)) = asked.get(&part.line) else { continue };
            let on_hand = self.world.free.lying(&part.product, &part.warehouse).on_hand_milli;
            let fault = Fault::new("not_on_hand", format!("lines[{index}].quantity"));
            let fault = fault.with("warehouse", &part.warehouse).with("on_hand", qty_text(on_hand));
            faults.push(self.frozen(part.line, *index).unwrap_or(fault));
        }
        if !faults.is_empty() {
            return Err(Refusal::Invalid(faults));
        }
        let shipped = |(line, qty_milli)| ShippedLine { line, qty_milli, late_days: self.late_days(line) };
        Ok((wanted.into_iter().map(shipped).collect(), picked))
    }

    /// Whether less than a whole one would leave of goods that only go whole.
    fn splits_a_piece(&self, line: u32, qty_milli: i64) -> bool {
        let lines = &self.case.order.content.lines;
        let product = lines.iter().find(|asked| asked.id == line).and_then(|asked| asked.product.as_ref());
        let product = product.and_then(|code| self.world.master.products.get(code));
        qty_milli % UNIT_MILLI != 0 && product.is_some_and(|product| product.indivisible)
    }

    /// That goods of a line lie where they were promised and are frozen.
    fn frozen(&self, line: u32, index: usize) -> Option<Fault> {
        let order = &self.case.order;
        let lost = order.broken.iter().filter(|of| of.line == line).filter_map(|of| match &of.source {
            Source::Stock { warehouse } => Some((&of.product, warehouse)),
            _ => None,
        });
        let held = order.held.iter().filter(|part| part.line == line);
        let mut places = held.map(|part| (&part.product, &part.warehouse)).chain(lost);
        places.find_map(|(product, warehouse)| {
            let there = self.world.free.lying(product, warehouse);
            let fault = Fault::new("goods_frozen", format!("lines[{index}].quantity"));
            let fault = fault.with("warehouse", warehouse).with("on_hand", qty_text(there.on_hand_milli));
            (there.frozen_milli > 0).then(|| fault.with("frozen", qty_text(there.frozen_milli)))
        })
    }

    /// Days after the day for which the line was promised.
    fn late_days(&self, line: u32) -> Option<u32> {
        let days = (self.today() - self.case.order.promised_on(line)?).get_days();
        u32::try_from(days).ok().filter(|days| *days > 0)
    }
}

fn quantity(text: Option<&DecimalText>, path: String, faults: &mut Vec<Fault>) -> Option<i64> {
    let Some(text) = text else {
        faults.push(Fault::new("missing_field", path));
        return None;
    };
    let qty = text.scaled(3, QTY_MILLI_MAX).ok().filter(|qty| *qty > 0);
    if qty.is_none() {
        faults.push(Fault::new("not_positive", path).with("found", text.as_str()));
    }
    qty
}

fn more_than(left: i64, asked: i64, index: usize) -> Fault {
    let fault = Fault::new("more_than_promised", format!("lines[{index}].quantity"));
    fault.with("left", qty_text(left)).with("asked", qty_text(asked))
}
