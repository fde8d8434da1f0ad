//! What a change cannot go below: goods that have left, goods that were bought or made for the order, and what invoices
//! were made out for. Each line stands by itself, so an order of which a part has left can still be changed in the rest.

use crate::case::world::Procured;
use crate::problem::Fault;
use ordain_domain::check::Checked;
use ordain_domain::decimal::{QTY_MILLI_MAX, money_text, qty_text};
use ordain_domain::order::{Content, Line, Order};
use std::collections::BTreeMap;

/// Every place in which a content falls below what has happened.
pub(super) fn below(order: &Order, content: &Content, procured: &Procured) -> Vec<Fault> {
    let shipped = order.fulfilment.shipped_milli();
    let stands = order.as_it_stands();
    let mut faults = Vec::new();
    for (index, before) in stands.content.lines.iter().enumerate() {
        let of = |known: &BTreeMap<u32, i64>| known.get(&before.id).copied().unwrap_or(0);
        let shipped = of(&shipped);
        let floors = [
            ("below_bought", of(&procured.bought_milli)),
            ("below_made", of(&procured.made_milli)),
            ("below_shipped", shipped),
        ];
        // Of equal ones the last: what has left says most.
        let (code, least) = floors.into_iter().max_by_key(|(_, least)| *least).unwrap_or(("", 0));
        if least == 0 {
            continue;
        }
        let after = content.lines.iter().enumerate().find(|(_, line)| line.id == before.id);
        let Some((index, after)) = after else {
            faults.push(Fault::new(code, format!("lines[{index}]")).with("least", qty_text(least)));
            continue;
        };
        let checked = stands.checked.lines.iter().find(|checked| checked.line == before.id);
        let in_own_unit = |milli: i64| checked.map_or(Some(milli), |checked| checked.base_milli(milli));
        let asked = after.quantity.as_ref().and_then(|text| text.scaled(3, QTY_MILLI_MAX).ok());
        let asked = asked.and_then(in_own_unit);
        if let Some(asked) = asked.filter(|asked| *asked < least) {
            let fault = Fault::new(code, format!("lines[{index}].quantity")).with("least", qty_text(least));
            faults.push(fault.with("asked", qty_text(asked)));
        }
        let settled = settled(before, after, shipped > 0);
        faults.extend(settled.map(|field| Fault::new("line_settled", format!("lines[{index}].{field}"))));
    }
    faults
}

/// What differs although goods have been bought for the line, or have left for that price.
fn settled(before: &Line, after: &Line, shipped: bool) -> impl Iterator<Item = &'static str> {
    let fields = [
        ("product", before.product != after.product),
        ("unit", before.unit != after.unit),
        ("unit_price", shipped && before.unit_price != after.unit_price),
        ("discount", shipped && before.discount != after.discount),
        ("tax_rate", shipped && before.tax_rate != after.tax_rate),
        ("tax_included", shipped && before.tax_excluded != after.tax_excluded),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field)
}

/// An order cannot come to less than invoices were asked for.
pub(super) fn below_billed(order: &Order, checked: &Checked) -> Option<Fault> {
    let (totals, billed) = (checked.totals.as_ref()?, order.fulfilment.invoiced_minor());
    let fault = || {
        Fault::new("below_billed", "totals.gross")
            .with("least", money_text(billed, totals.currency))
            .with("asked", money_text(totals.gross, totals.currency))
    };
    (totals.gross < billed).then(fault)
}
