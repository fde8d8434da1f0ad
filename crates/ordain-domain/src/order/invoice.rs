//! Invoices of an order, and what was taken back of them. An invoice stays as it was issued: a correction is a record of
//! its own, with what tax law asks for it.

use super::fulfilment::Fulfilment;
use crate::actor::Actor;
use serde::{Deserialize, Serialize};

/// An invoice that is asked for, and issued once it has a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// From 1.
    pub id: u32,
    /// With tax, in minor units.
    pub minor: i64,
    pub requested_by: Actor,
    pub requested_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<Issued>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    pub number: String,
    pub by: Actor,
    pub at_ms: i64,
}

/// What is taken back of an invoice, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The invoice's number within the order.
    pub invoice: u32,
    pub minor: i64,
    pub kind: CorrectionKind,
    /// Of the red-letter invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    pub reason: String,
    pub by: Actor,
    pub at_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionKind {
    /// It was asked for and is not issued any more.
    Withdrawn,
    /// Void (作废): all of it, as if it had not been issued. Its number is never used again.
    Void,
    /// Taken back by an invoice with a minus (红字), which has a number of its own: all of it or a part.
    RedLetter,
}

impl CorrectionKind {
    pub const ALL: [CorrectionKind; 3] =
        [CorrectionKind::Withdrawn, CorrectionKind::Void, CorrectionKind::RedLetter];

    pub fn name(self) -> &'static str {
        match self {
            CorrectionKind::Withdrawn => "withdrawn",
            CorrectionKind::Void => "void",
            CorrectionKind::RedLetter => "red_letter",
        }
    }

    /// Whether it corrects an invoice that was issued, rather than one that was asked for.
    pub fn is_of_issued(self) -> bool {
        self != CorrectionKind::Withdrawn
    }
}

impl Fulfilment {
    /// What is left of an invoice.
    pub fn left_of_invoice(&self, invoice: &Invoice) -> i64 {
        let own = self.corrections.iter().filter(|correction| correction.invoice == invoice.id);
        invoice.minor - own.map(|correction| correction.minor).sum::<i64>()
    }

    /// `requested`, `issued`, or `corrected` where nothing of it is left.
    pub fn state_of(&self, invoice: &Invoice) -> &'static str {
        match &invoice.issued {
            _ if self.left_of_invoice(invoice) == 0 => "corrected",
            Some(_) => "issued",
            None => "requested",
        }
    }

    /// What invoices were issued for and still stands.
    pub fn billed_minor(&self) -> i64 {
        let issued = self.invoices.iter().filter(|invoice| invoice.issued.is_some());
        issued.map(|invoice| self.left_of_invoice(invoice)).sum()
    }

    /// What invoices were issued or asked for and still stands.
    pub fn invoiced_minor(&self) -> i64 {
        self.invoices.iter().map(|invoice| self.left_of_invoice(invoice)).sum()
    }

    /// Whether a number was given to an invoice of the order or to the correction of one.
    pub fn has_invoice_number(&self, number: &str) -> bool {
        let issued = self.invoices.iter().filter_map(|invoice| Some(&invoice.issued.as_ref()?.number));
        let corrected = self.corrections.iter().filter_map(|correction| correction.number.as_ref());
        issued.chain(corrected).any(|known| known == number)
    }
}
