//! Totals against an independent computation with `Decimal`, and properties of what the checks give back.

use crate::clean::{Setting, clean, decimal, line, text};
use ordain_domain::decimal::{Currency, price_text, qty_text, scaled_text};
use ordain_domain::finding::Code;
use ordain_domain::order::{Content, Line};
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

const CURRENCIES: [&str; 4] = ["CNY", "USD", "JPY", "KRW"];

/// Quantity in thousandths, price in ten-thousandths, discount in hundredths of a percent, and whether tax is added.
type Asked = (i64, i64, i64, bool);

/// Gross and tax of one line in minor units, the way a person with a pocket calculator finds them.
fn by_hand((quantity, price, discount, tax_excluded): Asked, rate: i64, places: u32) -> (Decimal, Decimal) {
    let away = |value: Decimal| value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    let full = Decimal::new(quantity, 3) * Decimal::new(price, 4);
    let gross = away(full - full * Decimal::new(discount, 4));
    let rate = Decimal::new(rate, 4);
    if tax_excluded {
        let tax = away(gross * rate);
        return (gross + tax, tax);
    }
    // Divided last, so that the only rounding is the last one.
    let tax = away(gross * rate / (Decimal::ONE + rate));
    (gross, tax)
}

fn with_lines(currency: &str, lines: &[Asked]) -> Content {
    let mut order = clean();
    order.currency = text(currency);
    order.lines = (1..)
        .zip(lines)
        .map(|(id, (quantity, price, discount, tax_excluded))| Line {
            discount: decimal(&scaled_text(*discount, 2, 0)).filter(|_| *discount > 0),
            tax_excluded: *tax_excluded,
            ..line(id, "P-1", &qty_text(*quantity), &price_text(*price))
        })
        .collect();
    order
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn totals_are_exact(
        lines in prop::collection::vec(
            (1i64..10_000_000, 0i64..1_000_000_000, prop_oneof![Just(0i64), 0i64..=10_000], any::<bool>()), 1..6),
        rate in prop::sample::select(vec![0i64, 100, 300, 600, 900, 1_300, 1_700, 9_999]),
        currency in prop::sample::select(CURRENCIES.to_vec()),
        of_lines in any::<bool>(),
    ) {
        let mut with = Setting::new();
        let mut order = with_lines(currency, &lines);
        if of_lines {
            order.lines.iter_mut().for_each(|line| line.tax_rate = decimal(&scaled_text(rate, 4, 0)));
        } else {
            with.product().tax_rate_e4 = rate;
        }
        let checked = with.check(&order).checked;
        let totals = checked.totals.expect("everything can be priced");
        let places = Currency::parse(currency).unwrap().exponent();
        let by_hand: Vec<_> = lines.iter().map(|line| by_hand(*line, rate, places)).collect();
        let gross: Decimal = by_hand.iter().map(|(gross, _)| gross).sum();
        let tax: Decimal = by_hand.iter().map(|(_, tax)| tax).sum();
        prop_assert_eq!(Decimal::new(totals.gross, places), gross);
        prop_assert_eq!(Decimal::new(totals.tax, places), tax);
        prop_assert_eq!(totals.net + totals.tax, totals.gross);
        let amounts: i64 = checked.lines.iter().filter_map(|line| line.amount_minor).sum();
        prop_assert_eq!(amounts, totals.gross);
        let taxes: i64 = checked.lines.iter().filter_map(|line| line.tax_minor).sum();
        prop_assert_eq!(taxes, totals.tax);
    }

    /// A line in another unit comes to what its words say, and takes exactly as much of the product's own unit; a quantity
    /// that this unit cannot say is refused.
    #[test]
    fn s007_a_line_in_another_unit_is_counted_exactly(
        quantity in 1i64..100_000,
        price in 0i64..100_000_000,
        per in prop_oneof![Just(12_000i64), Just(1_000), Just(453), Just(500), 1i64..2_000_000],
        whole in any::<bool>(),
    ) {
        let mut with = Setting::new();
        with.product().units.insert("box".to_owned(), per);
        with.product().indivisible = whole;
        let mut order = with_lines("CNY", &[(quantity, price, 0, false)]);
        order.lines[0].unit = Some("box".to_owned());
        let found = with.check(&order);
        let exact = Decimal::new(quantity, 3) * Decimal::new(per, 3);
        let fits = exact.scale() <= 3 || exact.normalize().scale() <= 3;
        let fits = fits && (!whole || exact.fract().is_zero());
        let line = &found.checked.lines[0];
        prop_assert_eq!(line.qty_milli, fits.then(|| i64::try_from(exact.round_dp(3).mantissa() * 10_i128.pow(3 - exact.round_dp(3).scale())).unwrap()));
        prop_assert_eq!(found.checked.totals.is_some(), fits);
        if let Some(totals) = found.checked.totals {
            let (gross, _) = by_hand((quantity, price, 0, false), 1_300, 2);
            prop_assert_eq!(Decimal::new(totals.gross, 2), gross);
        }
    }

    /// What backs a line is the line's quantity or nothing, never more than there is, and short lines say so.
    #[test]
    fn a_line_is_backed_in_full_or_reported_short(
        stock in prop::collection::vec(0i64..60_000, 2),
        lines in prop::collection::vec((1i64..50_000, prop::option::of(0usize..2)), 1..8),
    ) {
        let mut with = Setting::new();
        with.free = ordain_domain::stock::Free::new(vec!["SH".into(), "NB".into()]);
        let names = ["SH", "NB"];
        for (name, milli) in names.iter().zip(&stock) {
            with.free.add("P-1", name, *milli);
        }
        let mut order = with_lines("CNY", &lines.iter().map(|(q, _)| (*q, 125_000, 0, false)).collect::<Vec<_>>());
        for (asked, (_, named)) in order.lines.iter_mut().zip(&lines) {
            asked.warehouse = named.map(|at| names[at].to_owned());
        }
        let outcome = with.check(&order);
        for (name, milli) in names.iter().zip(&stock) {
            let taken: i64 =
                outcome.backing.held.iter().filter(|a| a.warehouse == *name).map(|a| a.qty_milli).sum();
            prop_assert!(taken <= *milli, "{name}: {taken} of {milli}");
        }
        for (index, (quantity, named)) in lines.iter().enumerate() {
            let id = u32::try_from(index).unwrap() + 1;
            let parts: Vec<_> = outcome.backing.held.iter().filter(|part| part.line == id).collect();
            let held: i64 = parts.iter().map(|part| part.qty_milli).sum();
            let path = format!("lines[{index}].quantity");
            let short =
                outcome.checked.findings.iter().any(|f| f.code == Code::StockShort && f.path == path);
            prop_assert_eq!(held, if short { 0 } else { *quantity });
            if let Some(at) = named {
                prop_assert!(parts.iter().all(|part| part.warehouse == names[*at]));
            }
        }
    }

    /// Whatever is left out or garbled, the checks answer, name each fault once, and answer the same again.
    #[test]
    fn findings_are_distinct_and_repeatable(
        holes in prop::collection::vec(any::<bool>(), 9),
        quantities in prop::collection::vec("-?[0-9]{1,30}(\\.[0-9]{1,6})?", 0..4),
    ) {
        let mut order = clean();
        order.lines = (1..)
            .zip(&quantities)
            .map(|(id, quantity)| Line {
                quantity: decimal(quantity),
                unit_price: decimal(quantity),
                ..line(id, if holes[0] { "P-1" } else { "P-9" }, "1", "1")
            })
            .collect();
        let fields = [
            &mut order.customer, &mut order.currency, &mut order.payment_terms, &mut order.ship_to.name,
            &mut order.ship_to.phone, &mut order.ship_to.address, &mut order.invoice.kind,
            &mut order.invoice.title,
        ];
        for (field, hole) in fields.into_iter().zip(&holes[1..]) {
            if *hole {
                *field = None;
            }
        }
        let with = Setting::new();
        let outcome = with.check(&order);
        let ids: std::collections::BTreeSet<String> =
            outcome.checked.findings.iter().map(|finding| finding.id()).collect();
        prop_assert_eq!(ids.len(), outcome.checked.findings.len());
        prop_assert_eq!(&outcome, &with.check(&order));
        let absent = holes[1..].iter().filter(|hole| **hole).count();
        prop_assert!(outcome.checked.findings.len() >= absent.saturating_sub(usize::from(holes[7])));
    }
}
