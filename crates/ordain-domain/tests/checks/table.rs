//! Every finding code, each by one minimal change of a clean order, with its path and facts.

use crate::clean::{Setting, clean, decimal, line, text};
use jiff::civil::date;
use ordain_domain::clause::{Clause, ClauseText, OrderClause};
use ordain_domain::credit::{CreditGroup, GroupCredit};
use ordain_domain::decimal::Currency;
use ordain_domain::finding::{Check, Code, Finding, Severity};
use ordain_domain::form::{FieldKind, FormField, OrderForm, Words};
use ordain_domain::master::{AgreedPrice, InvoiceProfile};
use ordain_domain::order::{Content, Line};
use ordain_domain::promise::{Source, Supply};
use ordain_domain::stock::Balance;
use std::collections::BTreeSet;

/// A clause that every order must have.
fn warranty() -> Clause {
    let text = ClauseText { zh: "保修一年".into(), en: "One year of warranty".into(), since_ms: 0 };
    Clause { required: true, versions: vec![text] }
}

/// A group of customers that owes nothing yet.
fn owing_together(currency: Currency, limit_minor: i64) -> GroupCredit {
    let (name, members) = ("Group One".into(), BTreeSet::from(["C001".into()]));
    let group = CreditGroup { name, currency, limit_minor, limit_until: None, members };
    GroupCredit { code: "G1".into(), group, owed: Vec::new() }
}

/// A form that asks every order for a project.
fn asking() -> OrderForm {
    let project = FormField {
        field: "project".into(),
        name: Words { zh: "项目".into(), en: "Project".into() },
        kind: FieldKind::Text,
        line: false,
        group: Words::default(),
        hint: Words::default(),
        required: Some(Vec::new()),
        default: None,
        formula: None,
        visible_to: Vec::new(),
        since_ms: 0,
    };
    OrderForm { fields: vec![project] }
}

/// A code, the change that brings it about, where it is found and which facts it names.
struct Row {
    code: Code,
    change: fn(&mut Content, &mut Setting),
    path: &'static str,
    facts: &'static [(&'static str, &'static str)],
}

const fn row(
    code: Code,
    change: fn(&mut Content, &mut Setting),
    path: &'static str,
    facts: &'static [(&'static str, &'static str)],
) -> Row {
    Row { code, change, path, facts }
}

const HEAD: &[Row] = &[
    row(Code::MissingField, |order, _| order.ship_to.phone = None, "ship_to.phone", &[]),
    row(
        Code::CustomMissing,
        |_, with| with.form = asking(),
        "extra.project",
        &[("name_zh", "项目"), ("name_en", "Project")],
    ),
    row(
        Code::CustomUnfit,
        |order, with| {
            with.form = asking();
            order.extra.insert("project".into(), serde_json::json!("x".repeat(501)));
        },
        "extra.project",
        &[
            ("name_zh", "项目"),
            ("name_en", "Project"),
            ("found", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
    ),
    row(Code::NoLines, |order, _| order.lines.clear(), "lines", &[]),
    row(Code::UnknownCustomer, |_, with| with.master.customer = None, "customer", &[("asked", "C001")]),
    row(Code::UnknownCurrency, |order, _| order.currency = text("ZZZ"), "currency", &[("asked", "ZZZ")]),
    row(
        Code::CurrencyDiffers,
        |_, with| with.customer().currency = Currency::Usd,
        "currency",
        &[("asked", "CNY"), ("agreed", "USD")],
    ),
    row(
        Code::DatePast,
        |order, _| order.requested_date = Some(date(2026, 11, 22)),
        "requested_date",
        &[("asked", "2026-11-22"), ("bound", "2026-11-23")],
    ),
    row(
        Code::DateTooFar,
        |order, _| order.requested_date = Some(date(2028, 11, 23)),
        "requested_date",
        &[("asked", "2028-11-23"), ("bound", "2028-11-22")],
    ),
    row(
        Code::UnknownPaymentTerms,
        |order, _| order.payment_terms = text("LATER"),
        "payment_terms",
        &[("asked", "LATER")],
    ),
    row(
        Code::TermsDiffer,
        |order, _| order.payment_terms = text("NET60"),
        "payment_terms",
        &[("asked", "NET60"), ("agreed", "NET30")],
    ),
    row(
        Code::UnknownIncoterm,
        |order, _| {
            order.delivery_terms.code = text("FOX");
            order.delivery_terms.place = text("Shanghai");
        },
        "delivery_terms.code",
        &[("asked", "FOX")],
    ),
    row(
        Code::UnknownPaymentMethod,
        |order, _| order.payment_method = text("barter"),
        "payment_method",
        &[("asked", "barter")],
    ),
    row(
        Code::PaymentMethodDiffers,
        |order, with| {
            order.payment_method = text("cash");
            with.customer().payment_method = text("bank_transfer");
        },
        "payment_method",
        &[("asked", "cash"), ("agreed", "bank_transfer")],
    ),
    row(
        Code::UnknownClause,
        |order, _| order.clauses.push(OrderClause { code: "WARRANTY".into(), ..OrderClause::default() }),
        "clauses[0].code",
        &[("asked", "WARRANTY")],
    ),
    row(
        Code::ClauseMissing,
        |_, with| drop(with.clauses.0.insert("WARRANTY".into(), warranty())),
        "clauses.WARRANTY",
        &[("clause", "WARRANTY")],
    ),
    row(
        Code::ClauseDeparts,
        |order, with| {
            with.clauses.0.insert("WARRANTY".into(), warranty());
            let (code, version) = ("WARRANTY".to_owned(), Some(1));
            order.clauses.push(OrderClause { code, version, text: text("for ever") });
        },
        "clauses[0].text",
        &[("clause", "WARRANTY"), ("version", "1"), ("asked", "for ever")],
    ),
    row(
        Code::UnknownInvoiceKind,
        |order, _| order.invoice.kind = text("receipt"),
        "invoice.kind",
        &[("asked", "receipt")],
    ),
    row(
        Code::TaxNoLength,
        |order, _| order.invoice.tax_no = text("91310000DEM"),
        "invoice.tax_no",
        &[("asked", "91310000DEM")],
    ),
    row(
        Code::TaxNoCharacter,
        |order, _| order.invoice.tax_no = text("91310000DEM00000IH"),
        "invoice.tax_no",
        &[("asked", "91310000DEM00000IH")],
    ),
    row(
        Code::TaxNoCheckDigit,
        |order, _| order.invoice.tax_no = text("91310000DEM000001A"),
        "invoice.tax_no",
        &[("asked", "91310000DEM000001A")],
    ),
    row(
        Code::BankAccountUnreadable,
        |order, _| {
            (order.invoice.bank_name, order.invoice.bank_account) = (text("ICBC"), text("12345"));
        },
        "invoice.bank_account",
        &[("asked", "12345")],
    ),
    row(
        Code::CreditExceeded,
        |_, with| with.customer().credit_limit_minor = Some(12_499),
        "totals.gross",
        &[("limit", "124.99"), ("exposure", "0.00"), ("order", "125.00"), ("over", "0.01")],
    ),
    row(
        Code::GroupCreditExceeded,
        |_, with| with.master.group = Some(owing_together(Currency::Cny, 12_499)),
        "totals.gross",
        &[
            ("group", "Group One"),
            ("currency", "CNY"),
            ("limit", "124.99"),
            ("exposure", "0.00"),
            ("order", "125.00"),
            ("over", "0.01"),
        ],
    ),
    row(
        Code::RateMissing,
        |_, with| with.master.group = Some(owing_together(Currency::Usd, 1_000_000)),
        "currency",
        &[("currency", "USD"), ("home", "CNY"), ("group", "Group One")],
    ),
    row(
        Code::DuplicateOrder,
        |_, with| with.twin = Some("SO-1"),
        "customer_po",
        &[("number", "SO-1"), ("asked", "PO-1")],
    ),
    row(
        Code::TextTooLong,
        |order, _| order.customer_po = Some("x".repeat(101)),
        "customer_po",
        &[("most", "100")],
    ),
    row(Code::BadCharacter, |order, _| order.customer_po = text("a\u{0}b"), "customer_po", &[]),
    row(
        Code::SpecialRequest,
        |order, _| order.special_requests = text("gift wrap"),
        "special_requests",
        &[("asked", "gift wrap")],
    ),
];

const LINE: &[Row] = &[
    row(
        Code::UnknownProduct,
        |order, _| order.lines[0].product = text("P-9"),
        "lines[0].product",
        &[("asked", "P-9")],
    ),
    row(
        Code::UnknownUnit,
        |order, _| order.lines[0].unit = text("box"),
        "lines[0].unit",
        &[("asked", "box"), ("known", "pcs")],
    ),
    row(
        Code::UnknownWarehouse,
        |order, _| order.lines[0].warehouse = text("XX"),
        "lines[0].warehouse",
        &[("asked", "XX")],
    ),
    row(
        Code::QuantityNotPositive,
        |order, _| order.lines[0].quantity = decimal("0"),
        "lines[0].quantity",
        &[("asked", "0")],
    ),
    row(
        Code::QuantityTooLarge,
        |order, _| order.lines[0].quantity = decimal("999999999999999999999999999999"),
        "lines[0].quantity",
        &[("asked", "999999999999999999999999999999")],
    ),
    row(
        Code::QuantityTooPrecise,
        |order, _| order.lines[0].quantity = decimal("1.0001"),
        "lines[0].quantity",
        &[("asked", "1.0001")],
    ),
    row(
        Code::PriceNegative,
        |order, _| order.lines[0].unit_price = decimal("-0.01"),
        "lines[0].unit_price",
        &[("asked", "-0.01")],
    ),
    row(
        Code::PriceTooLarge,
        |order, _| order.lines[0].unit_price = decimal("1000000000.0001"),
        "lines[0].unit_price",
        &[("asked", "1000000000.0001")],
    ),
    row(
        Code::PriceTooPrecise,
        |order, _| order.lines[0].unit_price = decimal("12.50001"),
        "lines[0].unit_price",
        &[("asked", "12.50001")],
    ),
    row(
        Code::TotalTooLarge,
        |order, with| {
            order.lines[0].quantity = decimal("1000000000");
            order.lines[0].unit_price = decimal("1000000000");
            with.product().list_price_e4 = Some(10_000_000_000_000);
            with.free.add("P-1", "SH", 1_000_000_000_000);
        },
        "lines",
        &[],
    ),
    row(
        Code::QuantityNotWhole,
        |order, with| {
            with.product().indivisible = true;
            order.lines[0].quantity = decimal("2.5");
        },
        "lines[0].quantity",
        &[("asked", "2.5"), ("unit", "pcs")],
    ),
    row(
        Code::DiscountOutOfRange,
        |order, _| order.lines[0].discount = decimal("100.01"),
        "lines[0].discount",
        &[("asked", "100.01")],
    ),
    row(
        Code::TaxRateOutOfRange,
        |order, _| order.lines[0].tax_rate = decimal("1.01"),
        "lines[0].tax_rate",
        &[("asked", "1.01")],
    ),
    row(
        Code::TaxDiffers,
        |order, _| order.lines[0].tax_rate = decimal("0.0900"),
        "lines[0].tax_rate",
        &[("asked", "9"), ("product", "13")],
    ),
    row(
        Code::BelowFloor,
        |_, with| with.product().floor_e4 = Some(125_001),
        "lines[0].unit_price",
        &[("asked", "12.50"), ("floor", "12.5001")],
    ),
    row(
        Code::FloorUnknown,
        |order, with| {
            with.product().floor_e4 = Some(1);
            with.customer().currency = Currency::Usd;
            let agreed =
                AgreedPrice { price_e4: 125_000, currency: Some(Currency::Usd), ..AgreedPrice::default() };
            with.master.prices.insert("P-1".into(), vec![agreed]);
            order.currency = text("USD");
        },
        "lines[0].unit_price",
        &[("currency", "USD"), ("home", "CNY")],
    ),
    row(
        Code::PriceDiffers,
        |order, _| order.lines[0].unit_price = decimal("11"),
        "lines[0].unit_price",
        &[("asked", "11.00"), ("agreed", "12.50"), ("source", "list"), ("tolerance_permille", "10")],
    ),
    row(
        Code::NoListPrice,
        |_, with| with.product().list_price_e4 = None,
        "lines[0].unit_price",
        &[("asked", "12.50")],
    ),
    row(
        Code::StockShort,
        |order, _| order.lines[0].quantity = decimal("150.001"),
        "lines[0].quantity",
        &[("product", "P-1"), ("asked", "150.001"), ("available", "150"), ("short", "0.001")],
    ),
    row(
        Code::StockStale,
        |_, with| {
            with.free.count("P-1", "SH", &Balance::default(), 0);
            with.fresh_since_ms = Some(1);
        },
        "lines[0].quantity",
        &[("product", "P-1"), ("warehouse", "SH"), ("as_of", "1970-01-01T08:00:00.000+08:00")],
    ),
    row(
        Code::PromisedLate,
        |order, with| {
            order.lines[0].quantity = decimal("151");
            order.requested_date = Some(date(2026, 12, 1));
            let source = Source::Purchase { number: "PO-31".into(), line: 2 };
            let date = date(2026, 12, 2);
            with.free.expect("P-1", Supply { source, warehouse: None, free_milli: 1_000, date });
        },
        "lines[0].quantity",
        &[("product", "P-1"), ("asked", "2026-12-01"), ("date", "2026-12-02"), ("from", "PO-31/2")],
    ),
];

fn found(row: &Row) -> (Content, Vec<Finding>) {
    let (mut order, mut with) = (clean(), Setting::new());
    (row.change)(&mut order, &mut with);
    let findings = with.check(&order).checked.findings;
    (order, findings)
}

#[test]
fn the_clean_order_is_clean() {
    let outcome = Setting::new().check(&clean());
    assert_eq!(outcome.checked.findings, []);
    assert_eq!(outcome.backing.held.iter().map(|part| part.qty_milli).sum::<i64>(), 10_000);
    assert_eq!(outcome.checked.totals.unwrap().gross, 12_500);
}

#[test]
fn every_code_has_one_smallest_cause() {
    for row in HEAD.iter().chain(LINE) {
        let (_, findings) = found(row);
        let facts: Vec<(&str, &str)> = row.facts.to_vec();
        let expected = facts.iter().fold(Finding::new(row.code, row.path), |f, (k, v)| f.with(k, *v));
        assert_eq!(findings, [expected], "{:?}", row.code);
    }
}

#[test]
fn no_code_is_left_out_of_the_table() {
    let tested: BTreeSet<Code> = HEAD.iter().chain(LINE).map(|row| row.code).collect();
    let missing: Vec<&Code> = Code::ALL.iter().filter(|code| !tested.contains(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_required_field_is_named_when_it_alone_is_absent() {
    type Omission = (&'static str, fn(&mut Content));
    let rows: &[Omission] = &[
        ("customer", |order| order.customer = None),
        ("currency", |order| order.currency = None),
        ("payment_terms", |order| order.payment_terms = None),
        ("ship_to.name", |order| order.ship_to.name = None),
        ("ship_to.phone", |order| order.ship_to.phone = None),
        ("ship_to.address", |order| order.ship_to.address = None),
        ("invoice.kind", |order| order.invoice.kind = None),
        ("invoice.title", |order| order.invoice.title = None),
        ("invoice.tax_no", |order| order.invoice.tax_no = None),
        ("requested_date", |order| order.requested_date = None),
        ("lines[0].product", |order| order.lines[0].product = None),
        ("lines[0].quantity", |order| order.lines[0].quantity = None),
        ("lines[0].unit", |order| order.lines[0].unit = None),
        ("lines[0].unit_price", |order| order.lines[0].unit_price = None),
    ];
    for (path, change) in rows {
        let (mut order, mut with) = (clean(), Setting::new());
        change(&mut order);
        if *path == "customer" {
            with.master.customer = None;
        }
        let findings = with.check(&order).checked.findings;
        assert_eq!(findings, [Finding::new(Code::MissingField, *path)], "{path}");
    }
}

#[test]
fn s011_an_empty_order_names_everything_at_once() {
    let mut with = Setting::new();
    with.master.customer = None;
    let order = Content { lines: vec![Line { id: 1, ..Line::default() }], ..Content::default() };
    let found: Vec<(Code, String)> =
        with.check(&order).checked.findings.into_iter().map(|f| (f.code, f.path)).collect();
    let paths = "customer currency payment_terms ship_to.name ship_to.phone ship_to.address invoice.kind \
        invoice.title invoice.tax_no requested_date lines[0].product lines[0].quantity lines[0].unit \
        lines[0].unit_price";
    let expected: Vec<(Code, String)> =
        paths.split_whitespace().map(|path| (Code::MissingField, path.to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn s011_faults_of_several_lines_are_all_named() {
    let mut order = clean();
    order.lines = vec![line(1, "P-9", "1", "1"), line(2, "P-1", "-1", "12.50"), line(3, "P-1", "1", "99")];
    let found = Setting::new().check(&order).checked.findings;
    let found: Vec<(Code, &str)> = found.iter().map(|f| (f.code, f.path.as_str())).collect();
    let expected = [
        (Code::UnknownProduct, "lines[0].product"),
        (Code::QuantityNotPositive, "lines[1].quantity"),
        (Code::PriceDiffers, "lines[2].unit_price"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn s021_wrong_invoice_data_is_named_with_its_reason() {
    type Slip = (fn(&mut InvoiceProfile), &'static [(Code, &'static str)]);
    let rows: &[Slip] = &[
        (|invoice| invoice.tax_no = text("91310000DEM000001A"), &[(Code::TaxNoCheckDigit, "invoice.tax_no")]),
        (|invoice| invoice.tax_no = text("91310000DEM00000IH"), &[(Code::TaxNoCharacter, "invoice.tax_no")]),
        (|invoice| invoice.tax_no = text("91310000DEM"), &[(Code::TaxNoLength, "invoice.tax_no")]),
        (|invoice| invoice.tax_no = text("310000123456789"), &[]),
        (|invoice| invoice.bank_name = text("工商银行"), &[(Code::MissingField, "invoice.bank_account")]),
        (
            |invoice| invoice.bank_account = text("1001 2345 6789 0123"),
            &[(Code::MissingField, "invoice.bank_name")],
        ),
        (
            |invoice| {
                (invoice.bank_name, invoice.bank_account) = (text("工商银行"), text("一二三四五六七"));
                invoice.title = None;
            },
            &[(Code::MissingField, "invoice.title"), (Code::BankAccountUnreadable, "invoice.bank_account")],
        ),
        (
            |invoice| {
                (invoice.kind, invoice.tax_no) = (text("none"), text("91310000DEM"));
            },
            &[],
        ),
    ];
    for (slip, expected) in rows {
        let mut order = clean();
        slip(&mut order.invoice);
        let found = Setting::new().check(&order).checked.findings;
        let found: Vec<(Code, &str)> = found.iter().map(|f| (f.code, f.path.as_str())).collect();
        assert_eq!(found, *expected, "{:?}", order.invoice);
    }
}

#[test]
fn only_warnings_can_be_accepted_and_missing_goods_never() {
    for code in Code::ALL {
        let expected = code.severity() == Severity::Warning && *code != Code::StockShort;
        assert_eq!(code.acceptable(), expected, "{code:?}");
    }
    assert!(Code::ALL.iter().any(|code| code.acceptable()));
}

#[test]
fn names_are_distinct_and_ids_tell_findings_apart() {
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(names.len(), Code::ALL.len());
    let checks: BTreeSet<&str> = Check::ALL.iter().map(|check| check.name()).collect();
    assert_eq!(checks.len(), Check::ALL.len());
    let used: BTreeSet<Check> = Code::ALL.iter().map(|code| code.check()).collect();
    assert_eq!(used.len(), Check::ALL.len(), "every check finds something");
    for code in Code::ALL {
        let written = serde_json::to_value(code).unwrap();
        assert_eq!(written, code.name(), "the name in JSON is the name");
    }
    assert_eq!(Finding::new(Code::DatePast, "requested_date").id(), "date_past:requested_date");
}
