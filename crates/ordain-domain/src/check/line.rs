//! One line: product, quantity, price and the stock that would back it.

use super::price::{AskedPrice, Lookup};
use super::{Against, BaseUnit, CheckedLine, Totals};
use crate::decimal::{
    Currency, OutOfRange, PRICE_E4_MAX, QTY_MILLI_MAX, RATE_ONE_E4, divide_half_away, line_amount,
    price_text, qty_text, scaled_text, tax_in_gross, tax_on_net,
};
use crate::finding::{Code, Finding};
use crate::master::{Master, Product, UNIT_MILLI};
use crate::order::{Content, Line};
use crate::promise::Promise;
use crate::rate::NoRate;
use crate::stock::{Allocation, Wanted};
use jiff::civil::Date;

/// Largest sum of an order in minor units; far above any order and far below overflow.
const TOTAL_MINOR_MAX: i64 = 1_000_000_000_000_000;

pub(super) fn check(
    (index, asked): (usize, &Line),
    content: &Content,
    currency: Option<Currency>,
    against: &mut Against<'_>,
    findings: &mut Vec<Finding>,
    backing: &mut Promise,
) -> CheckedLine {
    let at = |field: &str| format!("lines[{index}].{field}");
    let missing = [
        ("product", asked.product.is_some()),
        ("quantity", asked.quantity.is_some()),
        ("unit", asked.unit.is_some()),
        ("unit_price", asked.unit_price.is_some()),
    ];
    for (field, _) in missing.iter().filter(|(_, present)| !present) {
        findings.push(Finding::new(Code::MissingField, at(field)));
    }
    if let Some(date) = asked.requested_date {
        super::form::date_in_reach(&at("requested_date"), date, against, findings);
    }
    let qty_milli = quantity(asked, &at("quantity"), findings);
    let price_e4 = price(asked, &at("unit_price"), findings);
    if let Some(text) = asked.discount.as_ref().filter(|_| discount(asked).is_none()) {
        findings.push(Finding::new(Code::DiscountOutOfRange, at("discount")).with("asked", text.as_str()));
    }
    if let Some(text) = asked.tax_rate.as_ref().filter(|_| tax_rate(asked, 0).is_none()) {
        findings.push(Finding::new(Code::TaxRateOutOfRange, at("tax_rate")).with("asked", text.as_str()));
    }
    let mut checked = CheckedLine { line: asked.id, qty_milli, price_e4, ..CheckedLine::default() };
    let Some(code) = asked.product.as_deref() else { return checked };
    let Some(product) = against.master.products.get(code) else {
        findings.push(Finding::new(Code::UnknownProduct, at("product")).with("asked", code));
        return checked;
    };
    checked.name = Some(product.name.clone());
    in_own_unit(&mut checked, asked, product, at, findings);
    compare_tax(asked, product, &at("tax_rate"), findings);
    checked.category.clone_from(&product.line);
    compare_price(&mut checked, asked, product, currency, against, &at("unit_price"), findings);
    let by = asked.requested_date.or(content.requested_date);
    back(&mut checked, asked, (index, by), against, findings, backing);
    checked
}

/// Counts the line in the product's own unit, in which stock is kept.
fn in_own_unit(
    checked: &mut CheckedLine,
    asked: &Line,
    product: &Product,
    at: impl Fn(&str) -> String,
    findings: &mut Vec<Finding>,
) {
    if let Some(unit) = asked.unit.as_deref() {
        match product.base_per(unit) {
            Some(_) if unit == product.unit => {}
            Some(per_milli) => checked.base = Some(BaseUnit { unit: product.unit.clone(), per_milli }),
            None => {
                let known: Vec<&str> =
                    std::iter::once(&product.unit).chain(product.units.keys()).map(String::as_str).collect();
                let finding = Finding::new(Code::UnknownUnit, at("unit")).with("asked", unit);
                findings.push(finding.with("known", known.join(", ")));
            }
        }
    }
    let Some(asked_milli) = checked.qty_milli else { return };
    let text = asked.quantity.as_ref().map_or("", |text| text.as_str());
    let refuse = |code| Finding::new(code, at("quantity")).with("asked", text).with("unit", &product.unit);
    let code = match checked.base_milli(asked_milli) {
        None => Code::QuantityTooPrecise,
        Some(base) if base > QTY_MILLI_MAX => Code::QuantityTooLarge,
        Some(base) if product.indivisible && base % UNIT_MILLI != 0 => Code::QuantityNotWhole,
        Some(base) => {
            checked.qty_milli = Some(base);
            return;
        }
    };
    checked.qty_milli = None;
    findings.push(refuse(code));
}

fn quantity(asked: &Line, path: &str, findings: &mut Vec<Finding>) -> Option<i64> {
    let text = asked.quantity.as_ref()?;
    let refused = match text.scaled(3, QTY_MILLI_MAX) {
        Ok(qty) if qty > 0 => return Some(qty),
        Ok(_) => Code::QuantityNotPositive,
        Err(OutOfRange::TooLarge) if text.as_str().starts_with('-') => Code::QuantityNotPositive,
        Err(OutOfRange::TooLarge) => Code::QuantityTooLarge,
        Err(OutOfRange::TooPrecise) => Code::QuantityTooPrecise,
    };
    findings.push(Finding::new(refused, path).with("asked", text.as_str()));
    None
}

fn price(asked: &Line, path: &str, findings: &mut Vec<Finding>) -> Option<i64> {
    let text = asked.unit_price.as_ref()?;
    let refused = match text.scaled(4, PRICE_E4_MAX) {
        Ok(price) if price >= 0 => return Some(price),
        Ok(_) => Code::PriceNegative,
        Err(OutOfRange::TooLarge) if text.as_str().starts_with('-') => Code::PriceNegative,
        Err(OutOfRange::TooLarge) => Code::PriceTooLarge,
        Err(OutOfRange::TooPrecise) => Code::PriceTooPrecise,
    };
    findings.push(Finding::new(refused, path).with("asked", text.as_str()));
    None
}

/// The discount in 1/10,000: none if the line has none, and not known if what it says cannot be one.
fn discount(asked: &Line) -> Option<i64> {
    let Some(text) = &asked.discount else { return Some(0) };
    text.scaled(2, RATE_ONE_E4).ok().filter(|discount| *discount >= 0)
}

/// The rate of tax in 1/10,000: that of the product if the line has none, and not known if what it says cannot be one.
fn tax_rate(asked: &Line, of_product_e4: i64) -> Option<i64> {
    let Some(text) = &asked.tax_rate else { return Some(of_product_e4) };
    text.scaled(4, RATE_ONE_E4).ok().filter(|rate| *rate >= 0)
}

fn compare_tax(asked: &Line, product: &Product, path: &str, findings: &mut Vec<Finding>) {
    if let Some(rate) = tax_rate(asked, product.tax_rate_e4).filter(|rate| *rate != product.tax_rate_e4) {
        let finding = Finding::new(Code::TaxDiffers, path).with("asked", scaled_text(rate, 2, 0));
        findings.push(finding.with("product", scaled_text(product.tax_rate_e4, 2, 0)));
    }
}

fn compare_price(
    checked: &mut CheckedLine,
    line: &Line,
    product: &Product,
    currency: Option<Currency>,
    against: &Against<'_>,
    path: &str,
    findings: &mut Vec<Finding>,
) {
    let rules = against.rules;
    let (home, on) = (rules.currency, against.asked_on);
    let lookup = Lookup { master: against.master, rates: against.rates, home, currency, on };
    let agreed = lookup.agreed(product, checked.qty_milli.unwrap_or(UNIT_MILLI));
    // Prices are kept for the product's own unit and asked for that of the line.
    let per = i128::from(checked.base_per());
    let of_unit = |price: i64| {
        let price = divide_half_away(i128::from(price) * per, i128::from(UNIT_MILLI));
        i64::try_from(price).unwrap_or(i64::MAX)
    };
    let agreed = agreed.map(|(price, source)| (of_unit(price), source));
    checked.agreed_e4 = agreed.map(|(price, _)| price);
    checked.agreed_from = agreed.map(|(_, source)| source);
    let (Some(price), Some(discount), Some(rate)) =
        (checked.price_e4, discount(line), tax_rate(line, product.tax_rate_e4))
    else {
        return;
    };
    let tax = if line.tax_excluded { rate } else { 0 };
    let asked = AskedPrice::new(price, discount, tax);
    let shown = price_text(asked.shown_e4());
    let tolerance = rules.price_tolerance_permille;
    match agreed {
        None => findings.push(Finding::new(Code::NoListPrice, path).with("asked", &shown)),
        Some((agreed, source)) if asked.differs(agreed, tolerance) => findings.push(
            Finding::new(Code::PriceDiffers, path)
                .with("asked", &shown)
                .with("agreed", price_text(agreed))
                .with("source", source.name())
                .with("tolerance_permille", tolerance.to_string()),
        ),
        Some(_) => {}
    }
    match lookup.floor(product) {
        Ok(Some(floor)) if asked.is_below(of_unit(floor)) => {
            let floor = of_unit(floor);
            let finding = Finding::new(Code::BelowFloor, path).with("asked", shown);
            findings.push(finding.with("floor", price_text(floor)));
        }
        Ok(_) => {}
        Err(NoRate(missing)) => {
            let finding = Finding::new(Code::FloorUnknown, path).with("currency", missing.code());
            findings.push(finding.with("home", home.code()));
        }
    }
}

fn back(
    checked: &mut CheckedLine,
    asked: &Line,
    (index, by): (usize, Option<Date>),
    against: &mut Against<'_>,
    findings: &mut Vec<Finding>,
    backing: &mut Promise,
) {
    let (product, warehouse) = (asked.product.as_deref().unwrap_or_default(), asked.warehouse.as_deref());
    if let Some(unknown) = warehouse.filter(|warehouse| !against.free.knows_warehouse(warehouse)) {
        let path = format!("lines[{index}].warehouse");
        findings.push(Finding::new(Code::UnknownWarehouse, path).with("asked", unknown));
        return;
    }
    let shipped = against.shipped_milli.get(&asked.id).copied().unwrap_or(0);
    let qty = checked.qty_milli.map(|qty| qty - shipped).filter(|qty| *qty > 0);
    let wanted = Wanted { line: asked.id, product, warehouse, qty_milli: qty.unwrap_or(0) };
    let available = against.free.promisable_milli(&wanted, by);
    checked.available_milli = Some(available);
    let Some(qty) = qty else { return };
    let at = format!("lines[{index}].quantity");
    match against.free.cover(&wanted, None) {
        Ok(promise) => {
            findings.extend(stale(&promise.held, product, against, index));
            findings.extend(late(&promise, by, product, at));
            checked.later = !promise.coming.is_empty();
            backing.extend(promise);
        }
        Err(_) => findings.push(
            Finding::new(Code::StockShort, at)
                .with("product", product)
                .with("asked", qty_text(qty))
                .with("available", qty_text(available))
                .with("short", qty_text(qty - available)),
        ),
    }
}

/// Goods can be promised, but not for the day that was asked for.
fn late(promise: &Promise, by: Option<Date>, product: &str, path: String) -> Option<Finding> {
    let (date, by) = promise.date().zip(by).filter(|(date, by)| date > by)?;
    let sources: Vec<String> = promise.coming.iter().map(|part| part.source.to_string()).collect();
    let finding = Finding::new(Code::PromisedLate, path).with("product", product);
    let finding = finding.with("asked", by.to_string()).with("date", date.to_string());
    Some(finding.with("from", sources.join(", ")))
}

/// What is promised by a figure that nobody has counted for long. The age is told by its instant, so that a reason given
/// for it holds until the figure changes.
fn stale(taken: &[Allocation], product: &str, against: &Against<'_>, index: usize) -> Option<Finding> {
    let fresh = against.fresh?;
    let of = |part: &Allocation| against.free.as_of_ms(product, Some(&part.warehouse));
    let oldest = taken.iter().filter_map(of).min().filter(|as_of_ms| *as_of_ms < fresh.since_ms)?;
    let warehouses: Vec<&str> = taken.iter().map(|part| part.warehouse.as_str()).collect();
    let finding = Finding::new(Code::StockStale, format!("lines[{index}].quantity"));
    let finding = finding.with("product", product).with("warehouse", warehouses.join(", "));
    Some(finding.with("as_of", fresh.calendar.text(oldest)))
}

/// Adds up an order, line by line; one line that cannot be priced leaves the order without totals.
pub(super) struct Sums {
    currency: Option<Currency>,
    totals: Option<Totals>,
    too_large: bool,
}

impl Sums {
    pub(super) fn new(currency: Option<Currency>) -> Self {
        let totals = currency.map(|currency| Totals { currency, net: 0, tax: 0, gross: 0 });
        Self { currency, totals, too_large: false }
    }

    pub(super) fn add(&mut self, asked: &Line, mut checked: CheckedLine, master: &Master) -> CheckedLine {
        let product = asked.product.as_ref().and_then(|code| master.products.get(code));
        let asks = discount(asked).filter(|_| tax_rate(asked, 0).is_some());
        let (Some(qty), Some(price), Some(discount), Some(currency), Some(product)) =
            (checked.qty_milli, checked.price_e4, asks, self.currency, product)
        else {
            self.totals = None;
            return checked;
        };
        // It was counted in the product's own unit without a rest.
        let qty = checked.asked_milli(qty).unwrap_or(qty);
        let amount = line_amount(qty, price, discount, currency).filter(|amount| *amount <= TOTAL_MINOR_MAX);
        let tax_of = if asked.tax_excluded { tax_on_net } else { tax_in_gross };
        let tax =
            amount.zip(tax_rate(asked, product.tax_rate_e4)).and_then(|(amount, rate)| tax_of(amount, rate));
        match (amount, tax) {
            (Some(amount), Some(tax)) => {
                let gross = if asked.tax_excluded { amount + tax } else { amount };
                (checked.amount_minor, checked.tax_minor) = (Some(gross), Some(tax));
                self.grow(gross, tax);
            }
            _ => self.overflow(),
        }
        checked
    }

    fn grow(&mut self, amount: i64, tax: i64) {
        let Some(totals) = &mut self.totals else { return };
        totals.gross += amount;
        totals.tax += tax;
        totals.net += amount - tax;
        if totals.gross > TOTAL_MINOR_MAX {
            self.overflow();
        }
    }

    fn overflow(&mut self) {
        self.totals = None;
        self.too_large = true;
    }

    pub(super) fn finish(self, findings: &mut Vec<Finding>) -> Option<Totals> {
        if self.too_large {
            findings.push(Finding::new(Code::TotalTooLarge, "lines"));
        }
        self.totals
    }
}
