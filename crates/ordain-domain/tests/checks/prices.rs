//! Which agreed price a line is compared with, how discount and tax enter the comparison, and the floor beneath it.

use crate::clean::{Setting, clean, decimal, line, text};
use jiff::civil::date;
use ordain_domain::check::PriceSource;
use ordain_domain::decimal::Currency;
use ordain_domain::finding::{Code, Finding};
use ordain_domain::master::{AgreedPrice, PriceKind};
use ordain_domain::order::Content;

fn asked(price: &str, discount: Option<&str>, tax_excluded: bool) -> Content {
    let mut order = clean();
    order.lines = vec![line(1, "P-1", "10", price)];
    order.lines[0].discount = discount.and_then(decimal);
    order.lines[0].tax_excluded = tax_excluded;
    order
}

fn of(change: impl FnOnce(&mut AgreedPrice)) -> AgreedPrice {
    let mut price = AgreedPrice { price_e4: 100_000, ..AgreedPrice::default() };
    change(&mut price);
    price
}

fn found(with: &Setting, order: &Content) -> Option<(i64, PriceSource)> {
    let checked = with.check(order).checked;
    checked.lines[0].agreed_e4.zip(checked.lines[0].agreed_from)
}

#[test]
fn s019_s043_the_nearest_agreement_counts() {
    let own = || Some("C001".to_owned());
    let contract = of(|price| (price.customer, price.price_e4) = (own(), 90_000));
    let quotation =
        of(|price| (price.customer, price.kind, price.price_e4) = (own(), PriceKind::Quotation, 80_000));
    let tier = of(|price| (price.level, price.price_e4) = (text("A"), 70_000));
    let other_tier = of(|price| (price.level, price.price_e4) = (text("B"), 10_000));
    let quantity = of(|price| (price.min_qty_milli, price.price_e4) = (10_000, 60_000));
    let all = [quantity, other_tier, tier, quotation, contract];
    let expected = [
        (60_000, PriceSource::QuantityBreak),
        (60_000, PriceSource::QuantityBreak),
        (70_000, PriceSource::Tier),
        (80_000, PriceSource::Quotation),
        (90_000, PriceSource::Contract),
    ];
    for (count, expected) in (1..).zip(expected) {
        let mut with = Setting::new();
        with.master.prices.insert("P-1".into(), all[..count].to_vec());
        assert_eq!(found(&with, &asked("12.50", None, false)), Some(expected), "{count} agreements");
        let checked = with.check(&asked("12.50", None, false)).checked;
        let differs = checked.findings.iter().find(|finding| finding.code == Code::PriceDiffers);
        assert_eq!(differs.map(|finding| finding.facts["source"].as_str()), Some(expected.1.name()));
    }
}

#[test]
fn s043_a_price_holds_in_its_time_and_currency_only() {
    type Row = (fn(&mut AgreedPrice), bool);
    // The order is checked on 2026-11-23, in CNY.
    let rows: &[Row] = &[
        (|price| price.valid_from = Some(date(2026, 11, 23)), true),
        (|price| price.valid_from = Some(date(2026, 11, 24)), false),
        (|price| price.valid_to = Some(date(2026, 11, 23)), true),
        (|price| price.valid_to = Some(date(2026, 11, 22)), false),
        (|price| price.currency = Some(Currency::Cny), true),
        (|price| price.currency = Some(Currency::Usd), false),
        (|price| price.min_qty_milli = 10_001, false),
    ];
    for (at, (change, holds)) in rows.iter().enumerate() {
        let mut with = Setting::new();
        with.master.prices.insert("P-1".into(), vec![of(*change)]);
        let expected =
            if *holds { (100_000, PriceSource::QuantityBreak) } else { (125_000, PriceSource::List) };
        assert_eq!(found(&with, &asked("12.50", None, false)), Some(expected), "row {at}");
    }
}

#[test]
fn of_two_prices_the_one_that_came_later_counts() {
    let mut with = Setting::new();
    let old = of(|price| price.valid_from = Some(date(2026, 1, 1)));
    let new = of(|price| (price.valid_from, price.price_e4) = (Some(date(2026, 11, 1)), 50_000));
    with.master.prices.insert("P-1".into(), vec![new, old]);
    assert_eq!(found(&with, &asked("5", None, false)), Some((50_000, PriceSource::QuantityBreak)));
}

#[test]
fn the_list_is_in_the_companys_currency() {
    let mut with = Setting::new();
    with.customer().currency = Currency::Usd;
    let mut order = asked("12.50", None, false);
    order.currency = text("USD");
    assert_eq!(with.codes(&order), [Code::NoListPrice]);
    with.master.prices.insert("P-1".into(), vec![of(|price| price.currency = Some(Currency::Usd))]);
    assert_eq!(found(&with, &order), Some((100_000, PriceSource::QuantityBreak)));
}

#[test]
fn discount_and_tax_are_taken_into_account_before_prices_are_compared() {
    // List price 12.50 with tax at 13 %, tolerance 1 %: price, discount, without tax, whether it differs.
    let table = [
        ("25", Some("50"), false, false),
        ("12.50", Some("1"), false, false),
        ("12.50", Some("1.01"), false, true),
        ("12.50", None, true, true),
        ("11.0619", None, true, false),
        ("12.50", Some("100"), false, true),
    ];
    for (price, discount, tax_excluded, differs) in table {
        let codes = Setting::new().codes(&asked(price, discount, tax_excluded));
        let expected = if differs { vec![Code::PriceDiffers] } else { Vec::new() };
        assert_eq!(codes, expected, "{price} {discount:?} {tax_excluded}");
    }
    for bad in ["-1", "100.01", "1.005", "999"] {
        assert!(Setting::new().codes(&asked("12.50", Some(bad), false)).contains(&Code::DiscountOutOfRange));
        let checked = Setting::new().check(&asked("12.50", Some(bad), false)).checked;
        assert_eq!(checked.totals, None, "what a line costs is not known");
    }
}

#[test]
fn below_the_floor_or_the_margin_nothing_goes_unseen() {
    let floor = |with: &Setting, price: &str, discount| {
        let found = with.check(&asked(price, discount, false)).checked.findings;
        found.into_iter().find(|finding| finding.code == Code::BelowFloor)
    };
    let mut with = Setting::new();
    with.product().floor_e4 = Some(124_000);
    assert_eq!(floor(&with, "12.40", None), None);
    let expected = Finding::new(Code::BelowFloor, "lines[0].unit_price");
    let expected = expected.with("asked", "12.375").with("floor", "12.40");
    assert_eq!(floor(&with, "12.50", Some("1")), Some(expected));
    // A cost of 8.00 and a margin of 20 % need 10.00 without tax, 11.30 with it.
    with.product().floor_e4 = None;
    (with.product().cost_e4, with.product().min_margin_e4) = (Some(80_000), Some(2_000));
    assert_eq!(floor(&with, "11.30", None), None);
    assert!(floor(&with, "11.2999", None).is_some());
    // The higher of the two counts.
    with.product().floor_e4 = Some(120_000);
    assert!(floor(&with, "11.99", None).is_some());
    // In another currency it is what the rate of the day makes of it; without a rate nobody can say.
    with.customer().currency = Currency::Usd;
    let of = |with: &Setting, price: &str| {
        let mut order = asked(price, None, false);
        order.currency = text("USD");
        with.codes(&order)
    };
    assert_eq!(of(&with, "1"), [Code::NoListPrice, Code::FloorUnknown]);
    with.rates.0.entry(Currency::Usd).or_default().insert(jiff::civil::date(2020, 1, 1), 800_000_000);
    assert_eq!(of(&with, "1.50"), [Code::NoListPrice]);
    assert_eq!(of(&with, "1.4999"), [Code::NoListPrice, Code::BelowFloor]);
}
