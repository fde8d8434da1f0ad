//! Payment terms as companies write them: `NET30`, `PREPAID`, `COD`, `EOM45`, `DEPOSIT30`.

use jiff::ToSpan;
use jiff::civil::Date;

/// Whether the text is a payment term that Ordain knows how to follow up.
pub fn is_payment_term(text: &str) -> bool {
    let days = |prefix: &str, least: u32, most: u32| {
        text.strip_prefix(prefix)
            .filter(|rest| !rest.is_empty() && rest.len() <= 3 && rest.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|rest| rest.parse::<u32>().ok())
            .is_some_and(|n| (least..=most).contains(&n))
    };
    matches!(text, "PREPAID" | "COD") || days("NET", 0, 365) || days("EOM", 0, 365) || days("DEPOSIT", 1, 99)
}

/// How a customer may pay.
pub const PAYMENT_METHODS: [&str; 8] = [
    "bank_transfer",
    "acceptance_bill",
    "letter_of_credit",
    "cheque",
    "cash",
    "card",
    "alipay",
    "wechat_pay",
];

/// Incoterms 2020.
pub const INCOTERMS: [&str; 11] =
    ["EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP", "FAS", "FOB", "CFR", "CIF"];

fn number_after(text: &str, prefix: &str) -> Option<i64> {
    text.strip_prefix(prefix)?.parse().ok()
}

/// What must arrive before goods leave, in minor units, rounded half away from zero: all of it when paid in advance,
/// `30` percent with `DEPOSIT30`.
pub fn upfront_minor(terms: &str, total_minor: i64) -> i64 {
    let percent = if terms == "PREPAID" { 100 } else { number_after(terms, "DEPOSIT").unwrap_or(0) };
    let share = (i128::from(total_minor) * i128::from(percent) + 50) / 100;
    i64::try_from(share).unwrap_or(total_minor)
}

/// The day on which goods that left on `shipped` are to be paid: `NET30` 30 days later, `EOM30` 30 days after the end
/// of that month, all others at once.
pub fn due_after(terms: &str, shipped: Date) -> Date {
    let later = |from: Date, days: i64| from.checked_add(days.days()).unwrap_or(Date::MAX);
    if let Some(days) = number_after(terms, "NET") {
        return later(shipped, days);
    }
    match number_after(terms, "EOM") {
        Some(days) => later(shipped.last_of_month(), days),
        None => shipped,
    }
}

/// Invoice kinds: special and ordinary VAT invoice, or none asked for.
pub const INVOICE_KINDS: [&str; 3] = ["vat_special", "vat_normal", "none"];

#[cfg(test)]
mod tests {
    use super::{due_after, is_payment_term, upfront_minor};
    use jiff::civil::date;

    #[test]
    fn known_terms_only() {
        for good in ["NET30", "NET0", "PREPAID", "COD", "EOM45", "DEPOSIT30"] {
            assert!(is_payment_term(good), "{good}");
        }
        for bad in ["", "NET", "NET-3", "NET9999", "net30", "DEPOSIT0", "DEPOSIT100", "月结30天"] {
            assert!(!is_payment_term(bad), "{bad}");
        }
    }

    #[test]
    fn s021_what_must_arrive_first_is_rounded_to_the_cent() {
        let table = [
            ("PREPAID", 10_001, 10_001),
            ("DEPOSIT30", 10_001, 3_000),
            ("DEPOSIT30", 10_002, 3_001),
            ("DEPOSIT1", 50, 1),
            ("DEPOSIT99", i64::MAX / 200, 45_655_691_582_431_140),
            ("NET30", 10_001, 0),
            ("COD", 10_001, 0),
        ];
        for (terms, total, expected) in table {
            assert_eq!(upfront_minor(terms, total), expected, "{terms} of {total}");
        }
    }

    #[test]
    fn s063_goods_are_to_be_paid_as_the_terms_say() {
        let shipped = date(2026, 1, 30);
        assert_eq!(due_after("NET30", shipped), date(2026, 3, 1));
        assert_eq!(due_after("NET0", shipped), shipped);
        assert_eq!(due_after("EOM45", shipped), date(2026, 3, 17));
        assert_eq!(due_after("COD", shipped), shipped);
        assert_eq!(due_after("DEPOSIT30", shipped), shipped);
    }
}
