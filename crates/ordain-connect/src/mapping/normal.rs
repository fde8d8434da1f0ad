//! Brings numbers and dates as people write them into one form, and says nothing where two readings are possible:
//! a wrong quantity or date is worse than one somebody has to look at.

use jiff::civil::Date;

/// Full-width ASCII and the wide blank of Chinese input methods, as their plain twins.
pub(super) fn half_width(character: char) -> char {
    match character {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        other => other,
    }
}

fn narrow(text: &str) -> String {
    text.chars().map(half_width).collect::<String>().trim().to_owned()
}

const CURRENCIES: [&str; 12] = ["RMB", "CNY", "USD", "EUR", "US$", "HK$", "￥", "¥", "$", "€", "£", "元"];
const MAX_DIGITS: usize = 30;

/// `￥1,200.50` is `1200.50`; `1.200,50` too. `10件`, `5%` and `1,5` have no certain value.
pub fn normal_number(text: &str) -> Option<String> {
    // The full-width yuan sign has no ASCII twin and narrows to itself.
    let text = narrow(text).to_uppercase();
    let mut text = text.as_str();
    let negative_in_brackets = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    let mut negative = negative_in_brackets.is_some();
    text = negative_in_brackets.unwrap_or(text);
    for currency in CURRENCIES {
        text = text.strip_prefix(currency).or_else(|| text.strip_suffix(currency)).unwrap_or(text).trim();
    }
    if let Some(rest) = text.strip_prefix(['-', '−']) {
        negative = !negative;
        text = rest.trim();
    } else if let Some(rest) = text.strip_prefix('+') {
        text = rest.trim();
    }
    for currency in CURRENCIES {
        text = text.strip_prefix(currency).unwrap_or(text).trim();
    }
    let (whole, fraction) = split_number(text)?;
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    if whole.len() + fraction.len() > MAX_DIGITS {
        return None;
    }
    let zero = whole == "0" && fraction.bytes().all(|digit| digit == b'0');
    let sign = if negative && !zero { "-" } else { "" };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// Whole and fractional digits, grouping removed.
fn split_number(text: &str) -> Option<(String, String)> {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction, group) = match (text.rfind('.'), text.rfind(',')) {
        (Some(point), Some(comma)) if comma > point => (text.get(..comma)?, text.get(comma + 1..)?, '.'),
        (Some(point), _) => (text.get(..point)?, text.get(point + 1..)?, ','),
        (None, _) => (text, "", ','),
    };
    if !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let mut groups = whole.split(group);
    let first = groups.next()?;
    let grouped = whole.contains(group);
    let right = groups.all(|part| part.len() == 3 && digits(part));
    if !digits(first) || !right || (grouped && !(1..=3).contains(&first.len())) {
        return None;
    }
    Some((whole.replace(group, ""), fraction.to_owned()))
}

const TIMES: [&str; 8] =
    ["", " %H:%M", " %H:%M:%S", " %H:%M:%S%.f", "T%H:%M", "T%H:%M:%S", "T%H:%M:%S%.f", "T%H:%M:%SZ"];
const YEAR_FIRST: [&str; 5] = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y年%m月%d"];
const DAY_FIRST: [&str; 3] = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"];
const MONTH_FIRST: [&str; 3] = ["%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y"];
const NAMED_MONTH: [&str; 6] = ["%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%b %d %Y"];
/// Years outside are typing errors, or two-digit years read as the first century.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// The date as `2026-12-01`, without its time of day. `12/01/2026` may be January or December and gives nothing.
pub fn normal_date(text: &str) -> Option<String> {
    let text = narrow(text);
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return written(Date::strptime("%Y%m%d", &text).ok()?);
    }
    if let Some(date) = first_fit(&text, &YEAR_FIRST).or_else(|| first_fit(&text, &NAMED_MONTH)) {
        return written(date);
    }
    match (first_fit(&text, &DAY_FIRST), first_fit(&text, &MONTH_FIRST)) {
        (Some(one), Some(other)) if one != other => None,
        (one, other) => written(one.or(other)?),
    }
}

fn first_fit(text: &str, formats: &[&str]) -> Option<Date> {
    formats
        .iter()
        .find_map(|day| TIMES.iter().find_map(|time| Date::strptime(format!("{day}{time}"), text).ok()))
}

fn written(date: Date) -> Option<String> {
    YEARS.contains(&date.year()).then(|| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_many_hands_have_one_form() {
        for (text, expected) in [
            ("1,200.50", Some("1200.50")),
            ("1.200,50", Some("1200.50")),
            ("1,234,567", Some("1234567")),
            ("￥12.50", Some("12.50")),
            ("12.50元", Some("12.50")),
            ("１２．５", Some("12.5")),
            ("-$3", Some("-3")),
            ("(12.00)", Some("-12.00")),
            ("-0.0", Some("0.0")),
            ("007", Some("7")),
            (".5", Some("0.5")),
            ("5.", Some("5")),
            ("USD 9", Some("9")),
            ("1,5", None),
            ("12,34,567", None),
            ("1.2.3", None),
            ("10件", None),
            ("5%", None),
            ("1e3", None),
            ("-", None),
            ("", None),
            (",", None),
            ("NaN", None),
        ] {
            assert_eq!(normal_number(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn dates_in_many_hands_have_one_form_or_none() {
        for (text, expected) in [
            ("2026/12/1", Some("2026-12-01")),
            ("2026-12-01", Some("2026-12-01")),
            ("2026.1.2", Some("2026-01-02")),
            ("2026年12月1日", Some("2026-12-01")),
            ("２０２６年１２月１日", Some("2026-12-01")),
            ("20261201", Some("2026-12-01")),
            ("2010-12-01 08:26:00", Some("2010-12-01")),
            ("2026-12-01T08:26:00", Some("2026-12-01")),
            ("13/01/2026", Some("2026-01-13")),
            ("01/13/2026 08:26", Some("2026-01-13")),
            ("05/05/2026", Some("2026-05-05")),
            ("24 October 2011", Some("2011-10-24")),
            ("12/01/2026 08:26", None),
            ("1/2/26", None),
            ("2026-02-30", None),
            ("0026-01-02", None),
            ("尽快", None),
            ("46357", None),
        ] {
            assert_eq!(normal_date(text).as_deref(), expected, "{text}");
        }
    }
}
