//! The tax number of a Chinese buyer: the unified social credit code of GB 32100-2015, or the older number of fifteen
//! characters that some profiles still carry.
//!
//! Only the form is judged. Whether the number was ever given out, and to whom, is known to the tax office alone.

/// Digits of a unified social credit code in the order of their values. I, O, S, V and Z are left out.
const DIGITS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// 3 to the power of the position, modulo 31.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// Digits of the region at the head of the older number.
const REGION: usize = 6;

/// What is wrong with a tax number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxNumberFault {
    /// Neither 18 nor 15 characters.
    Length,
    /// A character that no tax number has.
    Character,
    CheckDigit,
}

/// The first thing that is wrong with a tax number, if anything is.
pub fn fault(text: &str) -> Option<TaxNumberFault> {
    match text.chars().count() {
        18 => credit_code(text.as_bytes()),
        15 => older(text.as_bytes()),
        _ => Some(TaxNumberFault::Length),
    }
}

fn value(digit: u8) -> Option<usize> {
    DIGITS.iter().position(|known| *known == digit)
}

fn credit_code(text: &[u8]) -> Option<TaxNumberFault> {
    let values: Option<Vec<usize>> = text.iter().map(|digit| value(*digit)).collect();
    let Some(values) = values else { return Some(TaxNumberFault::Character) };
    let sum: usize = WEIGHTS.iter().zip(&values).map(|(weight, value)| weight * value).sum();
    let check = (31 - sum % 31) % 31;
    (values.last() != Some(&check)).then_some(TaxNumberFault::CheckDigit)
}

/// Six digits of the region, then the organisation code. It has no check digit of its own.
fn older(text: &[u8]) -> Option<TaxNumberFault> {
    let fits =
        |(at, byte): (usize, &u8)| byte.is_ascii_digit() || (at >= REGION && byte.is_ascii_uppercase());
    (!text.iter().enumerate().all(fits)).then_some(TaxNumberFault::Character)
}

#[cfg(test)]
mod tests {
    use super::*;
    use TaxNumberFault::{Character, CheckDigit, Length};

    /// The number of the standard's own annex, those of well-known companies, and what mistyping makes of them.
    #[test]
    fn s021_tax_numbers_are_judged_by_their_form() {
        let table = [
            ("91350100M000100Y43", None),
            ("91440300708461136T", None),
            ("914403001922038216", None),
            ("91330100799655058B", None),
            ("91110000802100433B", None),
            ("91350100M000100Y44", Some(CheckDigit)),
            ("91440300708461163T", Some(CheckDigit)),
            ("91440300708461136I", Some(Character)),
            ("91440300708461136t", Some(Character)),
            ("9144030070846113６T", Some(Character)),
            ("110108123456789", None),
            ("44030070846113X", None),
            ("4403AB708461136", Some(Character)),
            ("44030070846113x", Some(Character)),
            ("", Some(Length)),
            ("91440300", Some(Length)),
            ("9144030070846113", Some(Length)),
            ("91440300708461136T0", Some(Length)),
        ];
        for (text, expected) in table {
            assert_eq!(fault(text), expected, "{text}");
        }
    }

    /// Modulo 31 with these weights finds every single wrong character and every swap of neighbours.
    #[test]
    fn s021_every_single_slip_is_found() {
        let good = b"91350100M000100Y43";
        for at in 0..good.len() {
            for digit in DIGITS.iter().filter(|digit| **digit != good[at]) {
                let mut slip = *good;
                slip[at] = *digit;
                assert_eq!(credit_code(&slip), Some(CheckDigit), "{}", String::from_utf8_lossy(&slip));
            }
            let mut swapped = *good;
            if at > 0 && good[at - 1] != good[at] {
                swapped.swap(at - 1, at);
                assert_eq!(credit_code(&swapped), Some(CheckDigit), "{}", String::from_utf8_lossy(&swapped));
            }
        }
    }
}
