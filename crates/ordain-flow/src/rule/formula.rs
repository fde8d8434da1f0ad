//! Values that a row works out from another field: a multiple of it with something added, and how far a field is from it.

use super::condition::exact;
use crate::doc::DecimalText;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `field × times + plus`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Formula {
    pub field: String,
    #[serde(with = "exact", default = "one", skip_serializing_if = "is_one")]
    #[schemars(with = "DecimalText")]
    pub times: Decimal,
    #[serde(with = "exact", default, skip_serializing_if = "Decimal::is_zero")]
    #[schemars(with = "DecimalText")]
    pub plus: Decimal,
}

/// At least this far from the base, up or down, in percent of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    pub from: String,
    #[serde(with = "exact")]
    #[schemars(with = "DecimalText")]
    pub percent: Decimal,
}

fn one() -> Decimal {
    Decimal::ONE
}

fn is_one(value: &Decimal) -> bool {
    *value == Decimal::ONE
}

impl Formula {
    pub fn new(field: String) -> Self {
        Self { field, times: Decimal::ONE, plus: Decimal::ZERO }
    }

    /// Whether it is nothing but the field.
    pub(super) fn is_plain(&self) -> bool {
        is_one(&self.times) && self.plus.is_zero()
    }

    pub(super) fn normal(self) -> Self {
        Self { field: self.field, times: self.times.normalize(), plus: self.plus.normalize() }
    }
}

/// None where the number would be larger than a decimal can be.
pub(super) fn worked_out(base: Decimal, times: Decimal, plus: Decimal) -> Option<Decimal> {
    base.checked_mul(times)?.checked_add(plus)
}

/// Whether a value is at least so many percent away from its base. None where there is nothing to be away from.
pub(super) fn deviates(value: Decimal, base: Decimal, percent: Decimal) -> Option<bool> {
    if base.is_zero() {
        return None;
    }
    let away = value.checked_sub(base)?.abs().checked_mul(Decimal::ONE_HUNDRED)?;
    Some(away >= base.abs().checked_mul(percent)?)
}
