//! Why an order was lost, put right once by somebody who knows.

use super::Story;
use crate::case::event::Event;
use crate::case::loss::{explains, has_ended, lost_reason};
use crate::case::refusal::Refusal;

impl Story<'_> {
    pub(super) fn explain_loss(&mut self, reason: &str) -> Result<(), Refusal> {
        if !has_ended(&self.case) {
            return Err(Refusal::NotLost);
        }
        if self.case.loss.is_some() {
            return Err(Refusal::LossExplained);
        }
        if !explains(reason) {
            return Err(Refusal::UnknownCancelReason(reason.to_owned()));
        }
        let proposed = lost_reason(&self.case).map(str::to_owned);
        let (reason, by) = (reason.to_owned(), self.by.actor.clone());
        self.emit(Event::LossExplained { reason, proposed, by });
        Ok(())
    }
}
