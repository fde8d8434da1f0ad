//! Where a limit bites and where it does not yet: prices, credit, dates, quantities, warehouses.

use crate::clean::{Setting, clean, line, text};
use jiff::civil::{Date, date};
use ordain_domain::check::PriceSource;
use ordain_domain::decimal::Currency;
use ordain_domain::finding::Code;
use ordain_domain::master::AgreedPrice;
use ordain_domain::order::Content;

fn priced(price: &str, quantity: &str) -> Content {
    let mut order = clean();
    order.lines = vec![line(1, "P-1", quantity, price)];
    order
}

fn agreed(customer: Option<&str>, min_qty_milli: i64, price_e4: i64) -> AgreedPrice {
    AgreedPrice { customer: customer.map(str::to_owned), min_qty_milli, price_e4, ..AgreedPrice::default() }
}

#[test]
fn contract_goes_before_break_and_break_before_list() {
    let rows = [
        agreed(Some("C001"), 0, 100_000),
        agreed(Some("C001"), 20_000, 90_000),
        agreed(Some("C002"), 0, 10_000),
        agreed(None, 5_000, 110_000),
        agreed(None, 50_000, 80_000),
    ];
    // Which rows are there, quantity, and the price that is compared with.
    let table: &[(&[usize], &str, i64, PriceSource)] = &[
        (&[], "10", 125_000, PriceSource::List),
        (&[2], "10", 125_000, PriceSource::List),
        (&[3], "4.999", 125_000, PriceSource::List),
        (&[3], "5", 110_000, PriceSource::QuantityBreak),
        (&[3, 4], "49.999", 110_000, PriceSource::QuantityBreak),
        (&[3, 4], "50", 80_000, PriceSource::QuantityBreak),
        (&[4, 3], "50", 80_000, PriceSource::QuantityBreak),
        (&[0, 3, 4], "50", 100_000, PriceSource::Contract),
        (&[0, 1, 4], "19.999", 100_000, PriceSource::Contract),
        (&[1, 0, 4], "20", 90_000, PriceSource::Contract),
        (&[1, 3], "10", 110_000, PriceSource::QuantityBreak),
    ];
    for (picked, quantity, price, source) in table {
        let mut with = Setting::new();
        let prices = picked.iter().map(|at| rows[*at].clone()).collect();
        with.master.prices.insert("P-1".into(), prices);
        let checked = with.check(&priced("12.50", quantity)).checked;
        let line = &checked.lines[0];
        assert_eq!(
            (line.agreed_e4, line.agreed_from),
            (Some(*price), Some(*source)),
            "{picked:?} {quantity}"
        );
        let differs = checked.findings.iter().any(|finding| finding.code == Code::PriceDiffers);
        assert_eq!(differs, *price != 125_000, "{picked:?} {quantity}");
    }
}

#[test]
fn a_price_without_any_agreement_is_named_and_never_taken_for_agreed() {
    let mut with = Setting::new();
    with.product().list_price_e4 = None;
    assert_eq!(with.codes(&priced("0", "1")), [Code::NoListPrice]);
    with.master.prices.insert("P-1".into(), vec![agreed(Some("C001"), 0, 0)]);
    assert_eq!(with.codes(&priced("0", "1")), []);
    assert_eq!(with.codes(&priced("0.0001", "1")), [Code::PriceDiffers]);
}

#[test]
fn the_tolerance_ends_exactly_at_one_percent() {
    // List price 12.50: one percent is 0.125.
    let table = [("12.625", true), ("12.6251", false), ("12.375", true), ("12.3749", false), ("12.50", true)];
    for (price, tolerated) in table {
        let codes = Setting::new().codes(&priced(price, "1"));
        let expected: &[Code] = if tolerated { &[] } else { &[Code::PriceDiffers] };
        assert_eq!(codes, expected, "{price}");
    }
    let mut exact = Setting::new();
    exact.rules.price_tolerance_permille = 0;
    assert_eq!(exact.codes(&priced("12.50", "1")), []);
    assert_eq!(exact.codes(&priced("12.5001", "1")), [Code::PriceDiffers]);
}

#[test]
fn credit_may_be_used_up_to_the_last_cent() {
    // The order is 125.00. Limit, exposure of everybody, own part of it, whether that is too much.
    let table = [
        (Some(12_500), 0, 0, false),
        (Some(12_499), 0, 0, true),
        (Some(20_000), 7_500, 0, false),
        (Some(20_000), 7_501, 0, true),
        (Some(12_500), 12_500, 12_500, false),
        (Some(20_000), 20_000, 12_499, true),
        (Some(0), 0, 0, true),
        (Some(12_500), i64::MAX, 0, true),
        (Some(i64::MIN), i64::MAX, 0, true),
        (None, i64::MAX, 0, false),
    ];
    for (limit, exposure, own, exceeded) in table {
        let mut with = Setting::new();
        with.customer().credit_limit_minor = limit;
        with.customer().exposure_minor = exposure;
        with.own_credit_minor = own;
        let expected: &[Code] = if exceeded { &[Code::CreditExceeded] } else { &[] };
        assert_eq!(with.codes(&clean()), expected, "{limit:?} {exposure} {own}");
    }
}

#[test]
fn credit_in_another_currency_is_not_compared() {
    let mut with = Setting::new();
    with.customer().currency = Currency::Jpy;
    with.customer().credit_limit_minor = Some(0);
    assert_eq!(with.codes(&clean()), [Code::CurrencyDiffers]);
}

#[test]
fn a_twin_is_a_warning_with_its_number() {
    let mut with = Setting::new();
    with.twin = Some("SO-20261122-000007");
    let found = with.check(&clean()).checked.findings;
    assert_eq!(found[0].facts["number"], "SO-20261122-000007");
    assert!(found[0].code.acceptable());
}

#[test]
fn today_is_in_time_and_so_is_the_last_day_of_the_horizon() {
    let table: &[(Date, Option<Code>)] = &[
        (date(2026, 11, 22), Some(Code::DatePast)),
        (date(2026, 11, 23), None),
        (date(2028, 11, 22), None),
        (date(2028, 11, 23), Some(Code::DateTooFar)),
        (Date::MIN, Some(Code::DatePast)),
        (Date::MAX, Some(Code::DateTooFar)),
    ];
    for (asked, code) in table {
        let mut order = clean();
        order.requested_date = Some(*asked);
        let expected: Vec<Code> = code.iter().copied().collect();
        assert_eq!(Setting::new().codes(&order), expected, "{asked}");
        // A line's own date is judged alike and makes the head's unnecessary.
        let mut order = clean();
        order.requested_date = None;
        order.lines[0].requested_date = Some(*asked);
        assert_eq!(Setting::new().codes(&order), expected, "line {asked}");
    }
}

#[test]
fn the_horizon_stops_at_the_end_of_the_calendar() {
    let mut with = Setting::new();
    with.rules.horizon_days = 4_000_000;
    let mut order = clean();
    order.requested_date = Some(Date::MAX);
    assert_eq!(with.codes(&order), []);
}

#[test]
fn a_date_is_needed_unless_every_line_has_one() {
    let mut order = clean();
    order.requested_date = None;
    order.lines.push(line(2, "P-1", "1", "12.50"));
    order.lines[0].requested_date = Some(date(2026, 12, 1));
    assert_eq!(Setting::new().codes(&order), [Code::MissingField]);
    order.lines[1].requested_date = Some(date(2026, 12, 2));
    assert_eq!(Setting::new().codes(&order), []);
}

#[test]
fn quantities_and_prices_are_judged_by_size_and_places_and_never_lost() {
    let table = [
        ("0.001", None),
        ("150.000", None),
        ("1.0000000", None),
        ("1000000000.001", Some(Code::QuantityTooLarge)),
        ("999999999999999999999999999999", Some(Code::QuantityTooLarge)),
        ("-999999999999999999999999999999", Some(Code::QuantityNotPositive)),
        ("0.0001", Some(Code::QuantityTooPrecise)),
        ("0.000", Some(Code::QuantityNotPositive)),
        ("-0", Some(Code::QuantityNotPositive)),
        ("-1", Some(Code::QuantityNotPositive)),
    ];
    for (quantity, code) in table {
        let order = priced("12.50", quantity);
        let checked = Setting::new().check(&order).checked;
        let codes: Vec<Code> = checked.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, code.iter().copied().collect::<Vec<_>>(), "{quantity}");
        assert_eq!(checked.totals.is_some(), code.is_none(), "{quantity}");
        if code.is_some() {
            assert_eq!(checked.findings[0].facts["asked"], quantity, "as the sender wrote it");
        }
    }
}

#[test]
fn no_invoice_needs_no_title_and_no_tax_number() {
    let mut order = clean();
    (order.invoice.title, order.invoice.tax_no) = (None, None);
    order.invoice.kind = text("none");
    assert_eq!(Setting::new().codes(&order), []);
    order.invoice.kind = text("vat_normal");
    assert_eq!(Setting::new().codes(&order), [Code::MissingField, Code::MissingField]);
}

#[test]
fn terms_differ_only_where_both_sides_have_named_some() {
    let mut with = Setting::new();
    with.customer().payment_terms = None;
    let mut order = clean();
    order.payment_terms = text("NET60");
    assert_eq!(with.codes(&order), []);
    order.payment_terms = text("NET9999");
    assert_eq!(with.codes(&order), [Code::UnknownPaymentTerms]);
}

#[test]
fn goods_come_from_several_warehouses_but_a_named_one_alone() {
    // SH has 100, NB has 50. Quantity, warehouse asked for, and what is taken from where.
    type Taken = &'static [(&'static str, i64)];
    let table: &[(&str, Option<&str>, Option<Taken>)] = &[
        ("100", None, Some(&[("SH", 100_000)])),
        ("100.001", None, Some(&[("SH", 100_000), ("NB", 1)])),
        ("150", None, Some(&[("SH", 100_000), ("NB", 50_000)])),
        ("150.001", None, None),
        ("50", Some("NB"), Some(&[("NB", 50_000)])),
        ("50.001", Some("NB"), None),
        ("100", Some("SH"), Some(&[("SH", 100_000)])),
    ];
    for (quantity, warehouse, taken) in table {
        let mut order = priced("12.50", quantity);
        order.lines[0].warehouse = warehouse.map(str::to_owned);
        let mut with = Setting::new();
        with.customer().credit_limit_minor = None;
        let outcome = with.check(&order);
        let got: Vec<(&str, i64)> =
            outcome.backing.held.iter().map(|part| (part.warehouse.as_str(), part.qty_milli)).collect();
        assert_eq!(got, taken.unwrap_or_default(), "{quantity} {warehouse:?}");
        let short = outcome.checked.findings.iter().any(|finding| finding.code == Code::StockShort);
        assert_eq!(short, taken.is_none(), "{quantity} {warehouse:?}");
    }
}

#[test]
fn lines_of_one_order_do_not_take_the_same_goods_twice() {
    let mut order = clean();
    order.lines =
        vec![line(1, "P-1", "100", "12.50"), line(2, "P-1", "51", "12.50"), line(3, "P-1", "50", "12.50")];
    let outcome = Setting::new().check(&order);
    let short: Vec<&str> = outcome.checked.findings.iter().map(|finding| finding.path.as_str()).collect();
    assert_eq!(short, ["lines[1].quantity"], "a short line leaves the goods to the next one");
    assert_eq!(outcome.backing.held.iter().map(|part| part.qty_milli).sum::<i64>(), 150_000);
    assert!(outcome.backing.held.iter().all(|part| part.line != 2));
}
