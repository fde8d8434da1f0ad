//! Payment terms as companies write them: `NET30`, `PREPAID`, `COD`, `EOM45`, `DEPOSIT30`.

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

/// Invoice kinds: special and ordinary VAT invoice, or none asked for.
pub const INVOICE_KINDS: [&str; 3] = ["vat_special", "vat_normal", "none"];

#[cfg(test)]
mod tests {
    use super::is_payment_term;

    #[test]
    fn known_terms_only() {
        for good in ["NET30", "NET0", "PREPAID", "COD", "EOM45", "DEPOSIT30"] {
            assert!(is_payment_term(good), "{good}");
        }
        for bad in ["", "NET", "NET-3", "NET9999", "net30", "DEPOSIT0", "DEPOSIT100", "月结30天"] {
            assert!(!is_payment_term(bad), "{bad}");
        }
    }
}
