//! What an order holds while it is reviewed: goods, supplies to come, and credit.

use super::Story;
use ordain_domain::order::{Event as OrderEvent, Status};
use ordain_domain::promise::Promise;
use ordain_flow::run::Flow;

impl Story<'_> {
    /// Looks at the order once more before it moves on, and holds what backs it now. What is confirmed stands as it was
    /// confirmed.
    pub(super) fn look_again(&mut self) -> Promise {
        if self.is_confirmed() {
            return Promise::default();
        }
        let backing = self.check();
        // What its sender has to complete first holds nothing, though work beside it goes on.
        if self.case.order.status != Status::Incomplete && self.keeps() {
            self.hold_resources(backing.clone());
        }
        backing
    }

    /// Whether the order goes on holding what backs it: its flow reserves for all that is reviewed, or something made
    /// this order hold before.
    pub(super) fn keeps(&self) -> bool {
        let order = &self.case.order;
        order.is_changing()
            || order.credit_held.is_some()
            || order.reservation_expired_ms.is_some()
            || !(order.held.is_empty() && order.coming.is_empty())
            || self.flow().is_none_or(Flow::reserves)
    }

    pub(super) fn is_confirmed(&self) -> bool {
        let order = &self.case.order;
        let confirmed = matches!(order.status, Status::Confirmed | Status::InFulfilment | Status::Completed);
        confirmed && !order.is_changing()
    }

    /// Holds what backs the lines, and the credit, while the order is live.
    pub(super) fn hold_resources(&mut self, backing: Promise) {
        let Promise { held, coming } = backing;
        if held != self.case.order.held || coming != self.case.order.coming {
            self.order(OrderEvent::StockHeld { held, coming });
        }
        self.hold_credit();
    }

    pub(super) fn release_resources(&mut self) {
        let order = &self.case.order;
        let nothing = order.held.is_empty() && order.coming.is_empty() && order.broken.is_empty();
        if !nothing || order.reservation_expired_ms.is_some() {
            self.order(OrderEvent::StockReleased);
        }
        if self.case.order.credit_held.is_some() {
            self.order(OrderEvent::CreditReleased);
        }
    }
}
