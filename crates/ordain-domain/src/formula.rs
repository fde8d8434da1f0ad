//! Fields that the order form works out by itself: sums of products, written as people write them
//! (`length * width * 0.001 + 5`).
//!
//! Numbers are exact. Where a part is missing nothing comes of it: a number that was guessed would be believed.

use crate::decimal::DecimalText;
use crate::order::{Content, Line};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Most characters of a formula.
pub const FORMULA_MAX: usize = 300;
/// What a line says of itself that a formula may count with.
pub const OF_LINE: [&str; 2] = ["quantity", "unit_price"];
/// Before a field that all lines have: the sum of what they say.
pub const OF_LINES: &str = "lines.";

/// A sum of products. Keeps the text that it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Formula {
    text: String,
    sum: Vec<Product>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Product {
    minus: bool,
    factors: Vec<Factor>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Factor {
    Number(Decimal),
    /// A field of the line, or of the order; of all lines with [`OF_LINES`] before it.
    Field(String),
}

/// The part of the text that is neither a number nor a field, or stands where something else is expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a formula at {0:?}")]
pub struct NotAFormula(pub String);

impl TryFrom<String> for Formula {
    type Error = NotAFormula;

    fn try_from(text: String) -> Result<Self, NotAFormula> {
        if text.chars().nth(FORMULA_MAX).is_some() {
            return Err(NotAFormula(text.chars().take(FORMULA_MAX).collect()));
        }
        let (mut sum, mut minus, mut part) = (Vec::new(), false, String::new());
        // One more sign ends what stands before it.
        for c in text.chars().chain(['+']) {
            match c {
                '+' | '-' if part.trim().is_empty() && sum.is_empty() && !minus && c == '-' => minus = true,
                '+' | '-' => {
                    let factors = part.split(['*', '×']).map(factor).collect::<Result<_, _>>()?;
                    sum.push(Product { minus, factors });
                    (minus, part) = (c == '-', String::new());
                }
                c => part.push(c),
            }
        }
        Ok(Self { text, sum })
    }
}

impl From<Formula> for String {
    fn from(formula: Formula) -> String {
        formula.text
    }
}

fn factor(text: &str) -> Result<Factor, NotAFormula> {
    let text = text.trim();
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        let known = DecimalText::try_from(text.to_owned()).ok();
        let number = known.and_then(|number| number.as_str().parse().ok());
        return number.map(Factor::Number).ok_or_else(|| NotAFormula(text.to_owned()));
    }
    let name = text.strip_prefix(OF_LINES).unwrap_or(text);
    let named = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if named { Ok(Factor::Field(text.to_owned())) } else { Err(NotAFormula(text.to_owned())) }
}

impl Formula {
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The fields that it counts with.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.sum.iter().flat_map(|product| &product.factors).filter_map(|factor| match factor {
            Factor::Field(field) => Some(field.as_str()),
            Factor::Number(_) => None,
        })
    }

    /// What it comes to for the order, with so many digits behind the point.
    pub fn of_order(&self, content: &Content, digits: u32) -> Option<Value> {
        self.worked_out(digits, |field| match field.strip_prefix(OF_LINES) {
            None => number(content.extra.get(field)?),
            Some(_) if content.lines.is_empty() => None,
            Some(field) => content
                .lines
                .iter()
                .try_fold(Decimal::ZERO, |sum, line| sum.checked_add(of_line(line, field)?)),
        })
    }

    /// What it comes to for one line.
    pub fn of_line(&self, line: &Line, digits: u32) -> Option<Value> {
        self.worked_out(digits, |field| of_line(line, field))
    }

    fn worked_out(&self, digits: u32, known: impl Fn(&str) -> Option<Decimal>) -> Option<Value> {
        let mut sum = Decimal::ZERO;
        for Product { minus, factors } in &self.sum {
            let mut product = if *minus { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
            for factor in factors {
                product = product.checked_mul(match factor {
                    Factor::Number(number) => *number,
                    Factor::Field(field) => known(field)?,
                })?;
            }
            sum = sum.checked_add(product)?;
        }
        let rounded = sum.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
        Some(Value::String(rounded.normalize().to_string()))
    }
}

fn of_line(line: &Line, field: &str) -> Option<Decimal> {
    let said = |text: &Option<DecimalText>| text.as_ref().and_then(|text| text.as_str().parse().ok());
    match field {
        "quantity" => said(&line.quantity),
        "unit_price" => said(&line.unit_price),
        custom => number(line.extra.get(custom)?),
    }
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn read(text: &str) -> Result<Formula, NotAFormula> {
        Formula::try_from(text.to_owned())
    }

    fn line(quantity: &str, extra: &[(&str, Value)]) -> Line {
        let extra = extra.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let quantity = DecimalText::try_from(quantity.to_owned()).ok();
        Line { quantity, extra, ..Line::default() }
    }

    #[test]
    fn what_is_written_is_worked_out_exactly_and_rounded_once() {
        let of = |text: &str| {
            let held = [("length", json!("1.005")), ("width", json!(3)), ("note", json!("x"))];
            read(text).unwrap().of_line(&line("10", &held), 2)
        };
        assert_eq!(of("length"), Some(json!("1.01")));
        assert_eq!(of("quantity × length * width"), Some(json!("30.15")));
        assert_eq!(of("-length + width - 0.5"), Some(json!("1.5")));
        assert_eq!(of("2 * 3 - 6"), Some(json!("0")));
        for missing in ["height", "unit_price * 2", "note"] {
            assert_eq!(of(missing), None, "{missing}");
        }
        let huge = ["9999999999999999"; 4].join(" * ");
        assert_eq!(of(&huge), None, "too large for anybody");
    }

    #[test]
    fn an_order_sums_up_its_lines_if_all_of_them_say_something() {
        let weighing = read("lines.weight + pallet").unwrap();
        assert_eq!(weighing.fields().collect::<Vec<_>>(), ["lines.weight", "pallet"]);
        let line = |weight: &str| line("1", &[("weight", json!(weight))]);
        let mut content = Content {
            lines: vec![line("2.5"), line("4")],
            extra: BTreeMap::from([("pallet".to_owned(), json!("20"))]),
            ..Content::default()
        };
        assert_eq!(weighing.of_order(&content, 6), Some(json!("26.5")));
        content.lines.push(Line::default());
        assert_eq!(weighing.of_order(&content, 6), None);
        content.lines.clear();
        assert_eq!(weighing.of_order(&content, 6), None);
    }

    #[test]
    fn what_is_no_formula_is_named() {
        let wrong = [
            ("", ""),
            ("a +", ""),
            ("a * ", ""),
            ("a + + b", ""),
            ("--a", ""),
            ("A", "A"),
            ("a b", "a b"),
            ("1.2.3", "1.2.3"),
            ("a / b", "a / b"),
            ("(a)", "(a)"),
            ("lines.", "lines."),
        ];
        for (text, at) in wrong {
            assert_eq!(read(text), Err(NotAFormula(at.to_owned())), "{text}");
        }
        assert!(read(&"a+".repeat(200)).is_err());
    }
}
