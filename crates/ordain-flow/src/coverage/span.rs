//! Sets of values: stretches of a line for numbers and dates, lists of words for choices.

use crate::rule::Operand;
use jiff::{Span as JiffSpan, ToSpan};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// A set of values of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// Disjoint stretches from low to high.
    Line(Vec<Span>),
    These(BTreeSet<String>),
    AllBut(BTreeSet<String>),
}

/// A stretch of the line, or one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Span {
    Between { low: Option<Bound>, high: Option<Bound> },
    Word(String),
}

/// A value and whether it belongs to the stretch that it bounds. Between two days lies nothing, so a day always
/// belongs: after the 29th is from the 30th on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    value: Operand,
    included: bool,
}

impl Share {
    pub fn nothing() -> Self {
        Self::Line(Vec::new())
    }

    pub fn above(value: Operand, included: bool) -> Self {
        Self::Line(vec![Span::Between { low: Some(Bound::low(value, included)), high: None }])
    }

    pub fn below(value: Operand, included: bool) -> Self {
        Self::Line(vec![Span::Between { low: None, high: Some(Bound::high(value, included)) }])
    }

    pub fn point(value: Operand) -> Self {
        let bound = Bound { value, included: true };
        Self::Line(vec![Span::Between { low: Some(bound.clone()), high: Some(bound) }])
    }

    pub fn these(words: BTreeSet<String>) -> Self {
        Self::These(words)
    }

    pub fn all_but(words: BTreeSet<String>) -> Self {
        Self::AllBut(words)
    }

    fn is_nothing(&self) -> bool {
        matches!(self, Self::Line(spans) if spans.is_empty())
    }

    pub fn complement(&self) -> Self {
        match self {
            Self::These(words) => Self::AllBut(words.clone()),
            Self::AllBut(words) => Self::These(words.clone()),
            Self::Line(spans) => {
                let mut rest = Vec::new();
                let mut low: Option<Bound> = None;
                let mut open = true;
                for span in spans {
                    let Span::Between { low: from, high: to } = span else { continue };
                    if let Some(from) = from {
                        let high = Some(Bound::high(from.value.clone(), !from.included));
                        rest.extend(proper(low.take(), high));
                    }
                    low = to.as_ref().map(|to| Bound::low(to.value.clone(), !to.included));
                    open = to.is_some();
                }
                if open {
                    rest.push(Span::Between { low, high: None });
                }
                Self::Line(rest)
            }
        }
    }

    pub fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Line(left), Self::Line(right)) => {
                let pairs = left.iter().flat_map(|one| right.iter().map(move |two| (one, two)));
                Self::Line(pairs.filter_map(|(one, two)| one.and(two)).collect())
            }
            (Self::These(left), Self::These(right)) => Self::These(left & right),
            (Self::These(these), Self::AllBut(out)) | (Self::AllBut(out), Self::These(these)) => {
                Self::These(these - out)
            }
            (Self::AllBut(left), Self::AllBut(right)) => Self::AllBut(left | right),
            _ => Self::nothing(),
        }
    }

    /// Both together: what is outside neither.
    pub fn or(&self, other: &Self) -> Self {
        match (self.is_nothing(), other.is_nothing()) {
            (true, _) => other.clone(),
            (_, true) => self.clone(),
            _ => self.complement().and(&other.complement()).complement(),
        }
    }

    pub fn spans(&self) -> Vec<Span> {
        match self {
            Self::Line(spans) => spans.clone(),
            Self::These(words) => words.iter().cloned().map(Span::Word).collect(),
            // Of an open set nothing can be shown; that both lanes want everything else is no news.
            Self::AllBut(_) => Vec::new(),
        }
    }

    /// What is left over: of a line every stretch, of a choice the options that are known.
    pub fn rest(&self, options: &Option<Vec<String>>) -> Vec<Span> {
        match options {
            None => self.complement().spans(),
            Some(options) => {
                let known = Self::These(options.iter().cloned().collect());
                known.and(&self.complement()).spans()
            }
        }
    }
}

impl Bound {
    fn low(value: Operand, included: bool) -> Self {
        Self::by_days(value, included, 1.day())
    }

    fn high(value: Operand, included: bool) -> Self {
        Self::by_days(value, included, -(1.day()))
    }

    /// The bound as it is, or for a day outside of it the next one inside.
    fn by_days(value: Operand, included: bool, inward: JiffSpan) -> Self {
        match &value {
            Operand::Date(date) if !included => match date.checked_add(inward) {
                Ok(next) => Self { value: Operand::Date(next), included: true },
                Err(_) => Self { value, included },
            },
            _ => Self { value, included },
        }
    }
}

/// The stretch between two bounds, if anything lies in it.
fn proper(low: Option<Bound>, high: Option<Bound>) -> Option<Span> {
    if let (Some(from), Some(to)) = (&low, &high) {
        let empty = from.value > to.value || (from.value == to.value && !(from.included && to.included));
        if empty {
            return None;
        }
    }
    Some(Span::Between { low, high })
}

impl Span {
    fn and(&self, other: &Self) -> Option<Self> {
        let (Self::Between { low: a, high: b }, Self::Between { low: c, high: d }) = (self, other) else {
            return None;
        };
        let tighter = |one: &Option<Bound>, two: &Option<Bound>, up: bool| match (one, two) {
            (None, bound) | (bound, None) => bound.clone(),
            (Some(one), Some(two)) if one.value == two.value => {
                Some(Bound { value: one.value.clone(), included: one.included && two.included })
            }
            (Some(one), Some(two)) => {
                Some(if (one.value > two.value) == up { one.clone() } else { two.clone() })
            }
        };
        proper(tighter(a, c, true), tighter(b, d, false))
    }

    /// In signs that need no language.
    pub fn text(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Between { low: Some(low), high: Some(high) } if low.value == high.value => show(&low.value),
            Self::Between { low: Some(low), high: Some(high) } => {
                let (open, close) =
                    (if low.included { '[' } else { '(' }, if high.included { ']' } else { ')' });
                format!("{open}{}, {}{close}", show(&low.value), show(&high.value))
            }
            Self::Between { low: Some(low), high: None } => {
                format!("{} {}", if low.included { '≥' } else { '>' }, show(&low.value))
            }
            Self::Between { low: None, high: Some(high) } => {
                format!("{} {}", if high.included { '≤' } else { '<' }, show(&high.value))
            }
            Self::Between { low: None, high: None } => "…".to_owned(),
        }
    }

    /// A value that lies in the stretch.
    pub fn example(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Between { low, high } => match (low, high) {
                (Some(low), _) if low.included => show(&low.value),
                (_, Some(high)) if high.included => show(&high.value),
                (Some(low), Some(high)) => midway(&low.value, &high.value),
                (Some(low), None) => stepped(&low.value, true),
                (None, Some(high)) => stepped(&high.value, false),
                (None, None) => "0".to_owned(),
            },
        }
    }
}

fn midway(low: &Operand, high: &Operand) -> String {
    match (low, high) {
        (Operand::Number(low), Operand::Number(high)) => {
            let half = high.checked_sub(*low).map(|width| width / Decimal::TWO);
            half.and_then(|half| low.checked_add(half)).unwrap_or(*low).normalize().to_string()
        }
        _ => stepped(low, true),
    }
}

fn stepped(value: &Operand, up: bool) -> String {
    match value {
        Operand::Number(number) => {
            let step = if up { Decimal::ONE } else { -Decimal::ONE };
            number.checked_add(step).unwrap_or(*number).normalize().to_string()
        }
        Operand::Date(date) => {
            let step = if up { 1.day() } else { -(1.day()) };
            date.checked_add(step).unwrap_or(*date).to_string()
        }
        other => show(other),
    }
}

fn show(value: &Operand) -> String {
    match value {
        Operand::Number(number) => number.normalize().to_string(),
        Operand::Date(date) => date.to_string(),
        Operand::Text(text) => text.clone(),
        Operand::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}
